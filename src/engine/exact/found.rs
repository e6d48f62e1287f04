//! What a search found and proved, at whatever moment it was stopped.

use super::Incumbent;
use crate::engine::Size;

/// What a search found and proved.
#[derive(Clone, Debug)]
pub(crate) struct Found {
    /// The best tree, by name.
    pub incumbent: Incumbent,
    /// No tree is better than this; `None` when there is no tree at all.
    pub bound: Option<i64>,
    /// The bound before branching.
    pub root_bound: Option<i64>,
    /// Nodes and edges after the first node's fixing.
    pub reduced: Size,
    /// Nodes of the search looked at.
    pub branch_nodes: u64,
    /// Where the root is artificial: a node that every improvement holds, once one is known. The search
    /// ends there, because a root that is real serves better.
    pub forced_real_node: Option<u32>,
}

impl Found {
    /// Nothing found beyond what was known, and nothing to be found.
    pub fn nothing(incumbent: Incumbent) -> Self {
        Self {
            bound: incumbent.value(),
            root_bound: incumbent.value(),
            incumbent,
            reduced: Size::default(),
            branch_nodes: 0,
            forced_real_node: None,
        }
    }
}
