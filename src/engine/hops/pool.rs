//! Good trees that are kept to be merged.
//!
//! In: trees as they are met. Out: the best of them, each once. How they are merged is described elsewhere.

use crate::engine::rooted::{Rooted, Tree};

/// How many trees are kept to be merged.
const POOL: usize = 20;

/// The best trees met so far, to be merged: value and sorted edges of each, the best first.
#[derive(Clone, Debug, Default)]
pub(super) struct Pool {
    pub trees: Vec<(i64, Vec<u32>)>,
}

impl Pool {
    /// Keeps a tree that is new and among the best.
    pub fn add(&mut self, base: &Rooted, tree: &Tree) {
        let value = base.value(tree);
        let at = self.trees.partition_point(|&(kept, _)| !base.beats(value, kept));
        let mut edges = tree.edges.clone();
        edges.sort_unstable();
        if at < POOL && !self.trees.iter().any(|(_, kept)| *kept == edges) {
            self.trees.insert(at, (value, edges));
            self.trees.truncate(POOL);
        }
    }
}
