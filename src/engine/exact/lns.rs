//! Large neighbourhood search: a good tree, set free piece by piece.
//!
//! In: the problem before fixing, what fixing left of it, and the incumbent. Out: better incumbents.
//! Pieces are chosen at random from a seed and solved by the same branch and bound, with little work.
//! Where pieces help no longer, one piece of the incumbent is made anew for distorted costs and prizes,
//! and the search climbs from there (iterated local search: Lourenço, Martin and Stützle 2003).

use super::Incumbent;
use super::neighbourhood::{cut_out, nodes_of, region};
use super::settings::SearchSettings;
use super::state::Search;
use crate::engine::Goal;
use crate::engine::bound::Price;
use crate::engine::heuristic::{cut_to_size, refine};
use crate::engine::rooted::{Restriction, Rooted, Tree};
use crate::random::Random;

/// What large neighbourhoods need from one call to the next.
pub(super) struct Lns {
    /// The problem before anything was fixed.
    problem: Rooted,
    random: Random,
    /// Nodes in a neighbourhood.
    size: usize,
    /// Work allowed on one.
    pub effort: u64,
    /// Where the last call stopped, and the value of the incumbent then.
    climb: Option<(Climb, Option<i64>)>,
}

/// A tree that is improved piece by piece.
struct Climb {
    /// Names of its edges.
    edges: Vec<u32>,
    /// Neighbourhoods searched in vain since it was improved.
    futile: usize,
}

impl Lns {
    pub fn new(problem: Rooted, seed: u64) -> Self {
        let random = Random::new(seed);
        Self { problem, random, size: 400, effort: 1_500_000, climb: None }
    }

    /// The climb to go on with: the last one, or one from an incumbent that is new.
    fn take_climb(&mut self, incumbent: &Incumbent) -> Option<Climb> {
        match self.climb.take() {
            Some((climb, value)) if value == incumbent.value() => Some(climb),
            _ => {
                let edges = incumbent.best.as_ref()?.edges.clone();
                Some(Climb { edges, futile: 0 })
            }
        }
    }

    /// The narrow problem together with all that the trees hold: no improvement is lost, and the trees
    /// are not either.
    fn with_trees(&self, narrow: &Rooted, trees: [&[u32]; 2]) -> Option<Rooted> {
        let mut held = vec![false; self.problem.nodes()];
        let mut kept = vec![false; self.problem.edges()];
        for &name in trees.into_iter().flatten() {
            let edge = self.problem.edge_named(name)? as usize;
            kept[edge] = true;
            for end in self.problem.ends[edge] {
                held[end as usize] = true;
            }
        }
        held[self.problem.root as usize] = true;
        let name = |node: u32| self.problem.node_name[node as usize];
        self.problem.restrict(&Restriction {
            drop_node: &|node| !held[node as usize] && narrow.node_named(name(node)).is_none(),
            drop_edge: &|edge| {
                let name = self.problem.edge_name[edge as usize];
                !kept[edge as usize] && narrow.edge_named(name).is_none()
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

    /// After how many vain neighbourhoods a climb ends.
    fn patience(&self, problem: &Rooted) -> usize {
        20 + 4 * problem.nodes() / self.size
    }
}

fn edges_named(problem: &Rooted, names: &[u32]) -> Option<Vec<u32>> {
    names.iter().map(|&name| problem.edge_named(name)).collect()
}

fn names_of(problem: &Rooted, edges: &[u32]) -> Vec<u32> {
    let mut names: Vec<u32> = edges.iter().map(|&edge| problem.edge_name[edge as usize]).collect();
    names.sort_unstable();
    names
}

impl Search<'_, '_> {
    /// Searches large neighbourhoods of good trees for about `work`; returns the work done.
    pub(super) fn search_neighbourhoods(
        &mut self,
        lns: &mut Lns,
        narrow: &Rooted,
        bound: i64,
        ratio: f64,
        work: u64,
    ) -> u64 {
        let begun = self.watch.work();
        let Some(mut climb) = lns.take_climb(&self.incumbent) else { return 0 };
        let best = self.incumbent.best.as_ref().map_or(&[][..], |best| &best.edges);
        let Some(problem) = lns.with_trees(narrow, [best, &climb.edges]) else { return 0 };
        let Some(edges) = edges_named(&problem, &climb.edges) else { return 0 };
        // A neighbourhood that is everything is what the search itself looks at.
        if problem.nodes() < 150 {
            return 0;
        }
        let mut tree = problem.tree(edges);
        while self.watch.work() < begun + work && !self.done(bound) {
            if climb.futile > lns.patience(&problem) {
                let best = self.incumbent.edges_in(&problem).map_or(tree, |it| problem.tree(it));
                tree = self.perturbed(lns, &problem, &best, ratio).unwrap_or(best);
                climb.futile = 0;
                continue;
            }
            climb.futile += 1;
            if let Some(better) = self.search_neighbourhood(lns, &problem, &tree, ratio) {
                tree = better;
                climb.futile = 0;
                if self.incumbent.offer(&problem, &tree) {
                    self.watch.progress(self.incumbent.value(), bound);
                }
            }
        }
        climb.edges = names_of(&problem, &tree.edges);
        lns.climb = Some((climb, self.incumbent.value()));
        self.watch.work() - begun
    }

    /// Searches one neighbourhood of a tree for a better one.
    fn search_neighbourhood(
        &mut self,
        lns: &mut Lns,
        problem: &Rooted,
        tree: &Tree,
        ratio: f64,
    ) -> Option<Tree> {
        let centres = 1 + lns.random.place(2);
        let better = self.change(lns, problem, problem, tree, centres, ratio)?;
        if !problem.prefers(&better, tree) {
            return None;
        }
        let refined = refine(problem, &better.edges, self.watch);
        Some(refined.filter(|refined| problem.prefers(refined, &better)).unwrap_or(better))
    }

    /// Frees a piece of a tree and finds the best in it under the costs, prizes and goal of `other`,
    /// a problem of the same nodes and edges.
    fn change(
        &mut self,
        lns: &mut Lns,
        problem: &Rooted,
        other: &Rooted,
        tree: &Tree,
        centres: usize,
        ratio: f64,
    ) -> Option<Tree> {
        let mut scans = problem.nodes() as u64;
        let size = lns.size.min(problem.nodes());
        let nodes = nodes_of(problem, &tree.edges);
        let inside = region(problem, &nodes, size, centres, &mut lns.random, &mut scans);
        let part = cut_out(other, &tree.edges, &inside);
        self.watch.spend(scans);
        let part = part?;
        let before = self.watch.work();
        let until = self.watch.narrow(lns.effort);
        let settings = SearchSettings::part(other.goal, ratio);
        let incumbent = part.incumbent.clone();
        let found =
            (self.solve_part)(part.problem.clone(), incumbent, Vec::new(), settings, self.watch);
        let cut_short = self.watch.left() == 0;
        self.watch.widen(until);
        lns.learn(cut_short, self.watch.work() - before);
        part.whole_tree(problem, &found.incumbent)
    }

    /// A tree with a piece made anew for distorted costs and prizes, at a ratio a little off.
    fn perturbed(
        &mut self,
        lns: &mut Lns,
        problem: &Rooted,
        tree: &Tree,
        ratio: f64,
    ) -> Option<Tree> {
        let off = [0.7, 0.8, 0.9, 1.1, 1.25, 1.5][lns.random.place(6)];
        let least_loss = problem.goal == Goal::LeastLoss;
        let price = Price::of_ratio(problem, if least_loss { 1.0 } else { ratio * off });
        let mut other = problem.priced(price);
        let mut distort = |value: &mut i64| *value = *value / 100 * lns.random.between(60, 100);
        other.cost.iter_mut().for_each(&mut distort);
        other.prize.iter_mut().for_each(&mut distort);
        let tree = self.change(lns, problem, &other, tree, 1, ratio)?;
        cut_to_size(problem, price, &tree.edges, self.watch)
    }
}
