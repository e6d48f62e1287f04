//! Arcs of the layered graph that only walks use which meet a node twice.
//!
//! What for: a walk in the layered graph may come back to a node at a deeper layer; a tree never does.
//! In: a layered graph. Out: which of its arcs no tree needs. Of each copy it is known which nodes stand
//! on every way from the root to it, and which on every way from it to a terminal; where both sets of the
//! two ends of an arc share a node, no path of a tree uses that arc.

use super::layered::{Keep, Layered, NO_EDGE};

/// A set of base nodes for each node of a layered graph.
struct Sets {
    words: usize,
    bits: Vec<u64>,
}

impl Sets {
    /// All sets full.
    fn full(count: usize, names: usize) -> Self {
        let words = names.div_ceil(64);
        Self { words, bits: vec![u64::MAX; count * words] }
    }

    fn row(&self, node: u32) -> std::ops::Range<usize> {
        node as usize * self.words..(node as usize + 1) * self.words
    }

    fn empty(&mut self, node: u32) {
        let row = self.row(node);
        self.bits[row].fill(0);
    }

    fn insert(&mut self, node: u32, name: u32) {
        let start = node as usize * self.words;
        self.bits[start + name as usize / 64] |= 1 << (name % 64);
    }

    /// Keeps in the set of `node` what the set of `other` holds too.
    fn intersect(&mut self, node: u32, other: u32) {
        let (row, from) = (self.row(node), self.row(other).start);
        for (word, place) in row.enumerate() {
            self.bits[place] &= self.bits[from + word];
        }
    }
}

/// By arc: whether no tree in which every leaf is a terminal uses it. O(arcs * base nodes / 64).
pub(super) fn detours(layered: &Layered) -> Vec<bool> {
    let problem = &layered.problem;
    let names = problem.node_name.iter().max().map_or(0, |&most| most as usize + 1);
    let name = |node: u32| problem.node_name[node as usize];
    let mut before = Sets::full(problem.nodes(), names);
    let mut after = Sets::full(problem.nodes(), names);
    // Arcs stand in an order in which all arcs into a node come before all arcs out of it, so a set is
    // complete, but for the node itself, when it is first asked for.
    before.empty(problem.root);
    before.insert(problem.root, name(problem.root));
    let mut last = problem.root;
    for (arc, &[from, to]) in problem.ends.iter().enumerate() {
        if from != last {
            before.insert(from, name(from));
            last = from;
        }
        if problem.edge_name[arc] != NO_EDGE {
            before.intersect(to, from);
        }
    }
    for (arc, &[from, to]) in problem.ends.iter().enumerate().rev() {
        if problem.edge_name[arc] == NO_EDGE {
            after.empty(from);
        } else {
            after.insert(to, name(to));
            after.intersect(from, to);
        }
    }
    let shares = |from: u32, to: u32| {
        let (one, other) = (before.row(from), after.row(to));
        before.bits[one].iter().zip(&after.bits[other]).any(|(&one, &other)| one & other != 0)
    };
    (problem.ends.iter().zip(&problem.edge_name))
        .map(|(&[from, to], &edge)| edge != NO_EDGE && shares(from, to))
        .collect()
}

impl Layered {
    /// The graph without detours. `None` when a required sink is lost.
    pub fn without_detours(self) -> Option<Self> {
        let detour = detours(&self);
        if !detour.contains(&true) {
            return Some(self);
        }
        self.restrict(&Keep {
            node: &|_| true,
            arc: &|arc| !detour[arc as usize],
            require: &|_| false,
        })
    }
}
