//! Carrying on with a smaller problem: what fixing left, reduced again.
//!
//! In: what is left of a problem at the root. Out: what the search of the reduced problem finds and
//! proves, in the terms of the problem it came from. Fixing cuts side streets off, and what is left
//! are long paths that reductions make single edges of.

use super::Incumbent;
use super::found::Found;
use super::node::BoundedNode;
use super::settings::SearchSettings;
use super::state::Search;
use crate::engine::reduce::{Reduced, reduce};
use crate::engine::rooted::{Rooted, Tree};
use crate::engine::stop::Watch;
use crate::engine::{Goal, Instance, Solution};

/// A reduced problem.
pub(super) struct Smaller {
    reduced: Reduced,
    /// `None` when reducing shows that there is no tree at all.
    problem: Option<Rooted>,
    original: Instance,
}

impl Smaller {
    /// The problem reduced, where that drops at least a fifth of it.
    pub fn of(problem: &Rooted, watch: &Watch<'_>) -> Option<Self> {
        let original = problem.to_instance();
        let reduced = reduce(&original, watch)?;
        let size = |nodes: usize, edges: usize| nodes + edges;
        let now = size(reduced.instance.nodes(), reduced.instance.edges.len());
        if 5 * now > 4 * size(problem.nodes(), problem.edges()) {
            return None;
        }
        let smaller = Rooted::new(&reduced.instance, reduced.instance.root?);
        Some(Self { reduced, problem: smaller, original })
    }

    /// The edges of the smaller problem, by name, that a tree of the problem becomes.
    fn projected(&self, problem: &Rooted, edges: &[u32]) -> Option<Vec<u32>> {
        let tree = self.reduced.project(&self.original, &solution(problem, edges))?;
        let mut names = tree.edges;
        names.sort_unstable();
        Some(names)
    }

    /// The incumbent as the smaller problem sees it: its tree where that is left, its value always.
    fn incumbent(&self, problem: &Rooted, incumbent: &Incumbent, offset: i64) -> Incumbent {
        let mut seen = Incumbent::default();
        if let (Some(edges), Some(smaller)) = (incumbent.edges_in(problem), &self.problem)
            && let Some(names) = self.projected(problem, &edges)
            && let Some(edges) = names.iter().map(|&edge| smaller.edge_named(edge)).collect()
        {
            let tree = smaller.tree(edges);
            if smaller.allows(&tree) {
                seen.offer(smaller, &tree);
            }
        }
        let value = incumbent.value().map(|value| value - offset);
        seen.cutoff = value.filter(|&value| seen.value().is_none_or(|own| own != value));
        seen
    }

    /// The tree of the problem that a tree of the smaller one stands for.
    fn restored(&self, problem: &Rooted, found: &Incumbent) -> Option<Tree> {
        let best = found.best.as_ref()?;
        let ends =
            best.edges.iter().flat_map(|&edge| self.reduced.instance.edges[edge as usize].ends);
        let mut nodes: Vec<u32> = ends.chain(best.root).collect();
        nodes.sort_unstable();
        nodes.dedup();
        let small = Solution { nodes, edges: best.edges.clone() };
        let whole = self.reduced.restore(&self.original, &small);
        Some(problem.tree(whole.edges))
    }
}

fn solution(problem: &Rooted, edges: &[u32]) -> Solution {
    let mut edges = edges.to_vec();
    edges.sort_unstable();
    Solution { nodes: super::neighbourhood::nodes_of(problem, &edges), edges }
}

impl Search<'_, '_> {
    /// Searches the smaller problem and takes over what it finds; returns the bound it proves.
    pub(super) fn search_smaller(
        &mut self,
        bounded: &BoundedNode,
        smaller: &Smaller,
        found: &mut Found,
    ) -> Option<i64> {
        let BoundedNode { problem, start, .. } = bounded;
        let Some(inner) = &smaller.problem else { return self.incumbent.value() };
        // Only least loss counts what was dropped before.
        let missed = if problem.goal == Goal::LeastLoss { problem.missed } else { 0 };
        let offset = missed + smaller.reduced.offset;
        let incumbent = smaller.incumbent(problem, &self.incumbent, offset);
        let meaning = self.watch.read_values_by(1, offset);
        let guide: Option<Vec<u32>> =
            start.guide.iter().map(|&name| problem.edge_named(name)).collect();
        let guide = guide.and_then(|edges| smaller.projected(problem, &edges)).unwrap_or_default();
        let settings = SearchSettings { ratio: Some(start.price.ratio()), ..self.settings };
        let result = (self.solve_part)(inner.clone(), incumbent, guide, settings, self.watch);
        self.watch.read_again(meaning);
        found.branch_nodes += result.branch_nodes;
        found.reduced = result.reduced;
        if let Some(tree) = smaller.restored(problem, &result.incumbent)
            && problem.allows(&tree)
        {
            self.incumbent.offer(problem, &tree);
        }
        let proven = result.bound.map(|inner| inner + offset);
        let value = self.incumbent.value();
        let proven = match (proven, value) {
            // The smaller problem holds every improvement, but not the incumbent.
            (Some(proven), Some(value)) if problem.beats(value, proven) => Some(value),
            (proven, value) => proven.or(value),
        };
        // A bound that holds already is not given up.
        let known = start.bound;
        proven.map(|proven| if problem.beats(proven, known) { known } else { proven })
    }
}
