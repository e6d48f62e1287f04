//! The open nodes of a branch and bound search, best first.
//!
//! In: nodes with a promise, which is how good their bound still looks. Out: the node of the largest
//! promise; of equal promise the deepest, then the youngest. The order depends on nothing else, so a search
//! takes the same way every time.

use std::cmp::Ordering;
use std::collections::BinaryHeap;

/// Open nodes, the most promising first.
pub struct NodeQueue<N> {
    heap: BinaryHeap<Ranked<N>>,
    added: u64,
}

/// A node and its place in the order.
struct Ranked<N> {
    promise: i64,
    depth: usize,
    number: u64,
    node: N,
}

impl<N> Default for NodeQueue<N> {
    fn default() -> Self {
        Self { heap: BinaryHeap::new(), added: 0 }
    }
}

impl<N> NodeQueue<N> {
    /// No nodes.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a node. The larger its promise, the sooner it is looked at.
    pub fn add(&mut self, promise: i64, depth: usize, node: N) {
        self.heap.push(Ranked { promise, depth, number: self.added, node });
        self.added += 1;
    }

    /// The node to look at next, which stays.
    pub fn first(&self) -> Option<&N> {
        self.heap.peek().map(|ranked| &ranked.node)
    }

    /// Takes out the node to look at next.
    pub fn pop(&mut self) -> Option<N> {
        self.heap.pop().map(|ranked| ranked.node)
    }

    /// Drops all nodes.
    pub fn clear(&mut self) {
        self.heap.clear();
    }
}

impl<N> Ranked<N> {
    fn rank(&self) -> (i64, usize, u64) {
        (self.promise, self.depth, self.number)
    }
}

impl<N> Ord for Ranked<N> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.rank().cmp(&other.rank())
    }
}

impl<N> PartialOrd for Ranked<N> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<N> PartialEq for Ranked<N> {
    fn eq(&self, other: &Self) -> bool {
        self.rank() == other.rank()
    }
}

impl<N> Eq for Ranked<N> {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nodes_come_by_promise_then_depth_then_youth() {
        let mut queue = NodeQueue::new();
        for (name, promise, depth) in
            [("a", 1, 9), ("b", 7, 0), ("c", 7, 2), ("d", 7, 2), ("e", -3, 5)]
        {
            queue.add(promise, depth, name);
        }
        assert_eq!(queue.first(), Some(&"d"));
        let order: Vec<&str> = std::iter::from_fn(|| queue.pop()).collect();
        assert_eq!(order, ["d", "c", "b", "a", "e"]);
        queue.add(0, 0, "f");
        queue.clear();
        assert!(queue.first().is_none() && queue.pop().is_none());
    }
}
