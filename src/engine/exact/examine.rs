//! One node of the search: its bound, its trees, and what they allow to drop.

use super::branching::choose;
use super::incumbent::{is_fathomed, parents_by_name};
use super::node::{BoundedNode, Examined, Start};
use super::ratios::{Ratios, terminals};
use super::settings::COARSE;
use super::state::Search;
use super::styles::STYLES;
use crate::engine::bound::{Ascent, AscentSettings, Fixing, Price, fix_unless};
use crate::engine::heuristic::{Oriented, from_saturated};
use crate::engine::instance::LARGE;
use crate::engine::rooted::{Restriction, Rooted, Tree};
use crate::engine::{Goal, Size};

/// In a large graph fixing is tried where the slack, in prizes, is half of one such part of the first bound.
const HOPEFUL: i64 = 50;

impl Search<'_, '_> {
    /// Bounds a node by up to `rounds` prices from `first` on, offering trees and dropping what is
    /// useless.
    pub(super) fn examine(&mut self, mut problem: Rooted, start: Start, rounds: usize) -> Examined {
        if problem.goal == Goal::LeastLoss {
            return self.examine_loss(problem, start, rounds);
        }
        let Start { price: first, bound: known, guide: given } = start;
        let mut guide = given.clone();
        let mut bound = known;
        let mut best_price = first;
        let at_root = rounds > self.settings.rounds.later;
        let is_large = problem.nodes() > LARGE;
        let mut fixed_at = is_large.then_some(bound / HOPEFUL);
        let step = match (at_root, guide.is_empty()) {
            (true, true) if is_large => 1.25,
            (true, true) => 1.5,
            (true, false) => 1.02,
            (false, _) => 1.06,
        };
        let mut ratios = Ratios::new(first.ratio(), step);
        let mut branch = None;
        let mut last = rounds == 1;
        for round in 1.. {
            let ratio = if last && at_root { best_price.ratio() } else { ratios.next };
            let price = Price::of_ratio(&problem, ratio);
            let growth = match (at_root, last) {
                (true, true) => self.settings.growth.root,
                (true, false) => COARSE,
                (false, _) => self.settings.growth.later,
            };
            let steps = match (at_root, last) {
                (true, true) => self.settings.steps.root,
                (true, false) => 0,
                (false, _) => self.settings.steps.later,
            };
            let step = price.step(&problem, steps);
            let Some(ascent) = self.ascend(
                &problem,
                price,
                &guide,
                growth,
                step,
                at_root && !is_large && (round % 4 == 1 || last),
            ) else {
                return Examined::Closed;
            };
            let here = price.bound(&problem, ascent.lower);
            if round == 1 || problem.beats(bound, here) {
                best_price = price;
            }
            if problem.beats(bound, here) {
                bound = here;
            }
            if is_fathomed(&self.incumbent, problem.goal, bound) {
                return Examined::Closed;
            }
            let (tree, pruned) = from_saturated(&problem, &ascent, self.watch);
            if let Some(tree) = &tree {
                self.incumbent.offer(&problem, tree);
            }
            if at_root && self.settings.neighbourhoods.is_some() {
                self.watch.progress(self.incumbent.value(), bound);
            }
            guide = best_guide(&problem, price, &[&given, &guide], &pruned);
            let held = terminals(&problem, &pruned);
            let done = last || self.watch.over();
            let Some(fixing) = self.fixing(&problem, &ascent, &mut fixed_at) else {
                return Examined::Closed;
            };
            last =
                !ratios.learn(problem.goal, pruned.cost, pruned.prize, held) || round + 1 >= rounds;
            if done {
                branch = choose(&problem, &ascent, &fixing, &ratios.oscillating());
            }
            if worth_dropping(&problem, &fixing) || done && branch.is_none() {
                match drop_fixed(&problem, &fixing) {
                    Some(smaller) => problem = smaller,
                    None => return Examined::Closed,
                }
            }
            if done {
                break;
            }
        }
        let start = Start { price: best_price, bound, guide };
        Examined::Open(Box::new(BoundedNode { problem, start, branch }))
    }

    /// A dual ascent in the style that has served best so far or, to find out, in every style; `None`
    /// when the problem has no tree.
    fn ascend(
        &mut self,
        problem: &Rooted,
        price: Price,
        guide: &[u32],
        growth: usize,
        step: i64,
        compare: bool,
    ) -> Option<Ascent> {
        let mut best: Option<(Ascent, usize)> = None;
        for style in 0..STYLES {
            if !compare && style != self.styles.favourite() {
                continue;
            }
            let parents = match style {
                0 => None,
                1 => Some(parents_by_name(problem, guide)),
                _ => self.incumbent.best.as_ref().map(|best| parents_by_name(problem, &best.edges)),
            };
            if style > 0 && parents.is_none() && compare {
                continue;
            }
            if best.is_some() && self.watch.over() {
                break;
            }
            let watch = self.watch;
            let settings = AscentSettings {
                growth,
                step,
                scans: watch.left(),
                stop: &|| watch.is_interrupted(),
                guide: parents.as_deref(),
            };
            let ascent = Ascent::run(problem, price, settings, &mut self.scratch);
            self.watch.spend(ascent.scans);
            if !ascent.feasible {
                return None;
            }
            if best.as_ref().is_none_or(|(best, _)| ascent.lower > best.lower) {
                best = Some((ascent, style));
            }
        }
        let (ascent, style) = best?;
        if compare {
            self.styles.note(style);
        }
        Some(ascent)
    }

    /// What reduced costs fix; `None` when they rule out every improvement. In a large graph that is looked for
    /// only where the slack, in prizes, is no more than half of that at which it was looked for before.
    pub(super) fn fixing(
        &mut self,
        problem: &Rooted,
        ascent: &Ascent,
        before: &mut Option<i64>,
    ) -> Option<Fixing> {
        let slack = match self.incumbent.value() {
            Some(value) => {
                let target = match problem.goal {
                    Goal::MostPrize { .. } => value + 1,
                    Goal::LeastCost { .. } | Goal::LeastLoss => value - 1,
                };
                ascent.price.slack(problem, ascent.lower, target)
            }
            None => i64::MAX - 1,
        };
        if slack < 0 {
            return None;
        }
        if problem.nodes() > LARGE {
            let gain = slack / ascent.price.prize;
            if before.is_some_and(|before| gain > before / 2) {
                return Some(Fixing::nothing(problem));
            }
            *before = Some(gain);
        }
        let watch = self.watch;
        let fixing = fix_unless(problem, ascent, slack, &|| watch.is_interrupted());
        self.watch.spend(fixing.scans);
        Some(fixing)
    }
}

/// The names of the edges, sorted, of the best tree at a price: the one given, or what is left of the
/// named ones, pruned.
fn best_guide(problem: &Rooted, price: Price, trees: &[&[u32]], tree: &Tree) -> Vec<u32> {
    let loss = |tree: &Tree| {
        i128::from(price.cost) * i128::from(tree.cost)
            - i128::from(price.prize) * i128::from(tree.prize)
    };
    let mut best = tree.clone();
    for &left in trees {
        let edges: Vec<u32> = left.iter().filter_map(|&name| problem.edge_named(name)).collect();
        let pruned = Oriented::new(problem, &edges).pruned(problem, price);
        if loss(&pruned) < loss(&best) {
            best = pruned;
        }
    }
    let mut names: Vec<u32> =
        best.edges.iter().map(|&edge| problem.edge_name[edge as usize]).collect();
    names.sort_unstable();
    names
}

pub(super) fn worth_dropping(problem: &Rooted, fixing: &Fixing) -> bool {
    let Size { nodes, edges } = fixing.dropped;
    10 * (nodes + edges) > problem.nodes() + problem.edges() || fixing.newly_required > 0
}

/// Drops what is fixed out and demands what is fixed in.
pub(super) fn drop_fixed(problem: &Rooted, fixing: &Fixing) -> Option<Rooted> {
    problem.restrict(&Restriction {
        drop_node: &|node| fixing.drop_node[node as usize],
        drop_edge: &|edge| fixing.drop_edge[edge as usize],
        require: &|node| fixing.require[node as usize],
    })
}

/// The part of a problem in which a node is held or is not.
pub(super) fn decide(problem: &Rooted, name: u32, held: bool) -> Option<Rooted> {
    let chosen = problem.node_named(name);
    if chosen.is_none() && held {
        return None;
    }
    problem.restrict(&Restriction {
        drop_node: &|node| !held && Some(node) == chosen,
        drop_edge: &|_| false,
        require: &|node| held && Some(node) == chosen,
    })
}
