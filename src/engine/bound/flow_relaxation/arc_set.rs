//! Sets of arcs.

/// A set of arcs: edges, by their place in the first part, in one direction.
#[derive(Clone, Debug)]
pub struct ArcSet {
    words: Vec<u64>,
}

impl ArcSet {
    /// No arc of so many edges.
    pub fn new(edges: usize) -> Self {
        Self { words: vec![0; (2 * edges).div_ceil(64)] }
    }

    /// Whether it holds an arc.
    pub fn holds(&self, arc: usize) -> bool {
        self.words[arc / 64] >> (arc % 64) & 1 == 1
    }

    /// Takes in an arc.
    pub fn insert(&mut self, arc: usize) {
        self.words[arc / 64] |= 1 << (arc % 64);
    }
}
