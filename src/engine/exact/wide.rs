//! Large neighbourhood search: the best tree, set free piece by piece.
//!
//! In: the problem before fixing, what fixing left of it, and the incumbent. Out: better incumbents.
//! Pieces are chosen at random from a seed and solved by the same branch and bound, with little work.

use super::Incumbent;
use super::neighbourhood::{cut_out, nodes_of, region};
use super::search::{Plan, Search, search};
use crate::engine::heuristic::refine;
use crate::engine::rooted::{Restriction, Rooted};
use crate::random::Random;

/// What large neighbourhoods need from one call to the next.
pub(super) struct Wide {
    /// The problem before anything was fixed.
    problem: Rooted,
    random: Random,
    /// Nodes in a neighbourhood.
    size: usize,
    /// Work allowed on one.
    pub effort: u64,
}

impl Wide {
    pub fn new(problem: Rooted, seed: u64) -> Self {
        Self { problem, random: Random::new(seed), size: 400, effort: 1_500_000 }
    }

    /// The narrow problem together with all that the incumbent holds: no improvement is lost, and the
    /// incumbent is not either.
    fn with_incumbent(&self, narrow: &Rooted, incumbent: &Incumbent) -> Option<Rooted> {
        let edges = incumbent.edges_in(&self.problem)?;
        let mut held = vec![false; self.problem.nodes()];
        for node in nodes_of(&self.problem, &edges) {
            held[node as usize] = true;
        }
        let name = |node: u32| self.problem.node_name[node as usize];
        self.problem.restrict(&Restriction {
            drop_node: &|node| !held[node as usize] && narrow.node_named(name(node)).is_none(),
            drop_edge: &|edge| {
                let name = self.problem.edge_name[edge as usize];
                narrow.edge_named(name).is_none() && !incumbent.holds(name)
            },
            require: &|_| false,
        })
    }

    /// Neighbourhoods grow while they are solved with ease, and shrink when they are not.
    fn learn(&mut self, cut_short: bool, work: u64) {
        if cut_short {
            self.size = (self.size * 9 / 10).max(100);
        } else if work < self.effort / 2 {
            self.size = self.size * 21 / 20 + 1;
        }
    }
}

impl Search<'_, '_> {
    /// Searches large neighbourhoods of the incumbent for about `work`; returns the work done.
    pub(super) fn search_neighbourhoods(
        &mut self,
        wide: &mut Wide,
        narrow: &Rooted,
        bound: i64,
        ratio: f64,
        work: u64,
    ) -> u64 {
        let begun = self.watch.work();
        let Some(problem) = wide.with_incumbent(narrow, &self.incumbent) else { return 0 };
        let Some(mut edges) = self.incumbent.edges_in(&problem) else { return 0 };
        // A neighbourhood that is everything is what the search itself looks at.
        if problem.nodes() < 150 {
            return 0;
        }
        let mut nodes = nodes_of(&problem, &edges);
        while self.watch.work() < begun + work && !self.done(bound) {
            let mut scans = problem.nodes() as u64;
            let size = wide.size.min(problem.nodes());
            let centres = 1 + wide.random.place(2);
            let inside = region(&problem, &nodes, size, centres, &mut wide.random, &mut scans);
            let part = cut_out(&problem, &edges, &inside);
            self.watch.spend(scans);
            let Some(part) = part else { continue };
            let before = self.watch.work();
            let until = self.watch.narrow(wide.effort);
            let plan = Plan::part(problem.goal, ratio);
            let found =
                search(part.problem.clone(), part.incumbent.clone(), Vec::new(), plan, self.watch);
            let cut_short = self.watch.left() == 0;
            self.watch.widen(until);
            wide.learn(cut_short, self.watch.work() - before);
            let better = part
                .whole_tree(&problem, &found.incumbent)
                .is_some_and(|tree| self.incumbent.offer(&problem, &tree));
            if better {
                let mut scans = 0;
                if let Some(now) = self.incumbent.edges_in(&problem)
                    && let Some(tree) = refine(&problem, &now, &mut scans)
                {
                    self.incumbent.offer(&problem, &tree);
                }
                self.watch.spend(scans);
                self.watch.progress(self.incumbent.value(), bound);
                let Some(now) = self.incumbent.edges_in(&problem) else { break };
                edges = now;
                nodes = nodes_of(&problem, &edges);
            }
        }
        self.watch.work() - begun
    }
}
