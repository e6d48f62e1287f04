//! A node of the search, before and after it is looked at.
//!
//! What for: examining, branching and reducing again hand nodes to each other. Plain data: problem, bound,
//! price, guide and the node of the graph to branch on.

use crate::engine::bound::Price;
use crate::engine::rooted::Rooted;

/// What is known about a node before it is looked at.
#[derive(Clone, Debug)]
pub(super) struct Start {
    /// A bound that holds already.
    pub bound: i64,
    /// The price to begin with: that of the best bound.
    pub price: Price,
    /// Names of the edges of the best tree at about that price, sorted.
    pub guide: Vec<u32>,
}

/// What is left of a node.
pub(super) struct BoundedNode {
    /// The problem without what no improvement holds.
    pub problem: Rooted,
    /// What is known about it.
    pub start: Start,
    /// The node to branch on, by name; `None` when every node of the problem is required.
    pub branch: Option<u32>,
}

/// The outcome of looking at one node of the search.
pub(super) enum Examined {
    /// Nothing in it beats the incumbent.
    Closed,
    /// Something in it might.
    Open(Box<BoundedNode>),
}
