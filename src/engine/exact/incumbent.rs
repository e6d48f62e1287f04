//! The best tree found so far, in the names of the problem the search began with.
//!
//! The problem shrinks while the search goes on; the names stay, so the best tree survives even when
//! parts of it are proven useless for anything better.

use crate::engine::Goal;
use crate::engine::bound::NOBODY;
use crate::engine::heuristic::Oriented;
use crate::engine::rooted::{Rooted, Tree};

/// The best tree so far.
#[derive(Clone, Debug, Default)]
pub(crate) struct Incumbent {
    /// The best tree at hand; `None` before the first.
    pub best: Option<Best>,
    /// The value of a better tree that somebody else holds, where there is one: only what beats it
    /// is of use.
    pub cutoff: Option<i64>,
}

/// A tree by name.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Best {
    /// Names of its edges, sorted.
    pub edges: Vec<u32>,
    /// Name of its root, which is all it holds when it has no edges; `None` for the empty tree.
    pub root: Option<u32>,
    /// Its cost.
    pub cost: i64,
    /// Its value in terms of the goal.
    pub value: i64,
}

impl Incumbent {
    /// Takes a tree if it is better than the best so far, by value, then by cost; says whether it did.
    /// Of a tree at an artificial root, its best branch is taken.
    pub fn offer(&mut self, problem: &Rooted, tree: &Tree) -> bool {
        if problem.has_artificial_root {
            best_branch(problem, tree).is_some_and(|branch| self.take(problem, &branch))
        } else {
            self.take(problem, tree)
        }
    }

    fn take(&mut self, problem: &Rooted, tree: &Tree) -> bool {
        let value = problem.value(tree);
        let better = self.best.as_ref().is_none_or(|best| problem.beats(value, best.value));
        let cheaper =
            self.best.as_ref().is_some_and(|best| value == best.value && tree.cost < best.cost);
        if better || cheaper {
            let mut edges: Vec<u32> =
                tree.edges.iter().map(|&edge| problem.edge_name[edge as usize]).collect();
            edges.sort_unstable();
            let root = Some(problem.node_name[problem.root as usize]);
            self.cutoff = self.cutoff.filter(|&cutoff| problem.beats(cutoff, value));
            self.best = Some(Best { edges, root, cost: tree.cost, value });
            return true;
        }
        false
    }

    /// The value that an improvement must beat.
    pub fn value(&self) -> Option<i64> {
        self.cutoff.or(self.best.as_ref().map(|best| best.value))
    }

    /// Whether an edge of that name is in the best tree.
    pub fn holds(&self, name: u32) -> bool {
        self.best.as_ref().is_some_and(|best| best.edges.binary_search(&name).is_ok())
    }

    /// The best tree's edges in a problem that has them all.
    pub fn edges_in(&self, problem: &Rooted) -> Option<Vec<u32>> {
        self.best.as_ref()?.edges.iter().map(|&name| problem.edge_named(name)).collect()
    }
}

/// The best of the trees that a tree falls into when its root goes, each with its edge to the root.
fn best_branch(problem: &Rooted, tree: &Tree) -> Option<Tree> {
    let oriented = Oriented::new(problem, &tree.edges);
    let mut branches: Vec<Vec<u32>> = Vec::new();
    let mut branch_of = vec![0; oriented.nodes.len()];
    for place in 1..oriented.nodes.len() {
        let parent = oriented.parent[place];
        if parent == 0 {
            branch_of[place] = branches.len();
            branches.push(Vec::new());
        } else {
            branch_of[place] = branch_of[parent];
        }
        branches[branch_of[place]].push(oriented.edge[place]);
    }
    let trees = branches.into_iter().map(|edges| problem.tree(edges));
    trees.reduce(|best, tree| {
        if problem.beats(problem.value(&tree), problem.value(&best)) { tree } else { best }
    })
}

/// For each node of a problem its parent in a tree given by the names of its edges, as far as that is
/// left there, or [`NOBODY`].
pub(crate) fn parents_by_name(problem: &Rooted, names: &[u32]) -> Vec<u32> {
    let edges: Vec<u32> = names.iter().filter_map(|&name| problem.edge_named(name)).collect();
    let oriented = Oriented::new(problem, &edges);
    let mut parents = vec![NOBODY; problem.nodes()];
    for (place, &node) in oriented.nodes.iter().enumerate().skip(1) {
        parents[node as usize] = oriented.nodes[oriented.parent[place]];
    }
    parents
}

/// Whether nothing under this bound beats the incumbent.
pub(crate) fn is_fathomed(incumbent: &Incumbent, goal: Goal, bound: i64) -> bool {
    incumbent.value().is_some_and(|value| !goal.beats(bound, value))
}
