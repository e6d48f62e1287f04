//! Looking at one node of the search: bounds, trees, and what they allow to drop.
//!
//! In: both graphs of a node. Out: that nothing in it beats the incumbent, or what is left of it, with
//! its bound and what to branch on.

use std::cmp::Reverse;

use super::grow::{best_part, from_flat, span_saturated};
use super::layered::{Layered, SINK};
use super::pair::{Pair, Verdicts};
use super::starts::{STARTS, Start};
use super::state::{HopSearch, NO_SLACK};
use crate::engine::Goal;
use crate::engine::bound::{Ascent, AscentSettings, Fixing, Price, fix};
use crate::engine::exact::Ratios;
use crate::engine::heuristic;
use crate::engine::rooted::{Rooted, Tree};

/// What to branch on: the node of that name, at one layer or (as a sink) at any.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct BranchOn {
    pub name: u32,
    pub layer: u32,
}

/// The outcome of looking at one node of the search.
pub(super) enum Examined {
    /// Nothing in it beats the incumbent.
    Closed,
    /// What is left of it, its bound, its best price, and what to branch on.
    Open { pair: Box<Pair>, bound: i64, price: Price, branch: Option<BranchOn> },
}

/// How many prices to try, and how hard to look for trees at each.
#[derive(Clone, Copy)]
pub(super) struct Rounds {
    most: usize,
    thorough: bool,
    /// How far apart the first ratios are.
    step: f64,
}

impl Rounds {
    /// At the root: everything at each price.
    pub fn root(most: usize) -> Self {
        Self { most, thorough: true, step: 1.5 }
    }

    /// In a neighbourhood, where the best price is less well known.
    pub fn neighbourhood(most: usize) -> Self {
        Self { most, thorough: false, step: 1.5 }
    }

    /// Elsewhere: a tree at the last price only.
    pub fn later(most: usize) -> Self {
        Self { most, thorough: false, step: 1.06 }
    }
}

impl HopSearch<'_, '_, '_> {
    /// Bounds a node by up to `rounds` prices, offering trees and dropping what is useless.
    pub(super) fn examine(
        &mut self,
        mut pair: Pair,
        first: Price,
        known: i64,
        rounds: Rounds,
    ) -> Examined {
        let goal = self.base.goal;
        let (mut bound, mut best_price) = (known, first);
        let mut ratios = Ratios::new(first.ratio(), rounds.step);
        let mut branch = None;
        for round in 0..rounds.most {
            let price = if goal == Goal::LeastLoss {
                Price::PLAIN
            } else {
                // The base has the larger sums a price must leave room for, and each edge only once.
                Price::of_ratio(self.base, ratios.next)
            };
            let Some((ascent, smaller)) = self.rise(pair, price, rounds.thorough) else {
                return Examined::Closed;
            };
            pair = smaller;
            let problem = &pair.layered.problem;
            let here = price.bound(problem, ascent.lower);
            if round == 0 || problem.beats(bound, here) {
                best_price = price;
            }
            if problem.beats(bound, here) {
                bound = here;
            }
            let mut scans = 0;
            let spanned = span_saturated(self.limited(), &pair.layered, &ascent, &mut scans);
            let pruned = spanned.pruned(self.base, price);
            let done =
                !ratios.learn(goal, pruned.cost, pruned.prize, terminals(self.base, &pruned))
                    || round + 1 == rounds.most
                    || self.watch.over();
            if (rounds.thorough || done)
                && let Some(tree) =
                    best_part(self.limited(), &pair.layered, &spanned, price, &mut scans)
            {
                self.offer(&tree);
            }
            self.watch.spend(scans);
            if rounds.thorough {
                self.remember(terminals(self.base, &pruned));
                self.watch.progress(self.incumbent.value(), bound);
            }
            let slack = self.slack(problem, price, ascent.lower);
            if slack < 0 || self.is_fathomed(bound) {
                return Examined::Closed;
            }
            let fixing = fix(problem, &ascent, slack.min(NO_SLACK));
            self.watch.spend(fixing.scans);
            if done {
                branch = choose(&pair.layered, &ascent, &fixing, &ratios.oscillating());
            }
            match pair.restrict_layered(&Verdicts::of_fixing(fixing)) {
                Some(smaller) => pair = smaller,
                None => return Examined::Closed,
            }
            if done {
                break;
            }
        }
        Examined::Open { pair: Box::new(pair), bound, price: best_price, branch }
    }

    /// Raises duals on the flat graph, drops what that proves useless, and raises them further on the
    /// layered graph. `None` when nothing in the pair beats the incumbent.
    pub(super) fn rise(
        &mut self,
        mut pair: Pair,
        price: Price,
        thorough: bool,
    ) -> Option<(Ascent, Pair)> {
        for pass in 0.. {
            let watch = self.watch;
            let settings = AscentSettings {
                scans: self.watch.left(),
                stop: &|| watch.is_interrupted(),
                ..AscentSettings::default()
            };
            let flat = Ascent::run(&pair.flat, price, settings, &mut self.scratch);
            self.watch.spend(flat.scans);
            if thorough {
                self.try_flat(&pair, &flat);
            }
            let slack = self.slack(&pair.flat, price, flat.lower);
            if !flat.feasible || slack < 0 {
                return None;
            }
            let fixing = fix(&pair.flat, &flat, slack.min(NO_SLACK));
            self.watch.spend(fixing.scans);
            let of = pair.flat.clone();
            pair = pair.restrict_flat(&fixing)?;
            // Where much was lost, the flat ascent is cheap to do again, and better.
            if 10 * pair.flat.nodes() < 9 * of.nodes() && pass < 3 {
                continue;
            }
            let ascent = self.rise_layered(&pair, &of, &flat, thorough);
            return ascent.feasible.then_some((ascent, pair));
        }
        None
    }

    /// The best ascent on the layered graph: of all starts when `thorough`, else of the one that was best
    /// most often.
    fn rise_layered(&mut self, pair: &Pair, of: &Rooted, flat: &Ascent, thorough: bool) -> Ascent {
        let mut best = self.rise_from(self.starts.ranked(0), pair, of, flat);
        if thorough {
            let mut winner = self.starts.ranked(0);
            for rank in 1..STARTS.len() {
                let start = self.starts.ranked(rank);
                let ascent = self.rise_from(start, pair, of, flat);
                if !ascent.feasible || ascent.lower > best.lower {
                    (best, winner) = (ascent, start);
                }
            }
            self.starts.wins[winner as usize] += 1;
        }
        best
    }

    fn rise_from(&mut self, start: Start, pair: &Pair, of: &Rooted, flat: &Ascent) -> Ascent {
        let problem = &pair.layered.problem;
        let mut ascent = match start {
            Start::Lifted => pair.lift(of, flat),
            Start::Small | Start::Large => pair.layered.ascent(flat.price),
        };
        let watch = self.watch;
        let settings = AscentSettings {
            scans: self.watch.left(),
            stop: &|| watch.is_interrupted(),
            growth: start.growth(),
            ..AscentSettings::default()
        };
        ascent.rise(problem, settings, &mut self.scratch);
        self.watch.spend(ascent.scans + problem.rows.places() as u64);
        ascent
    }

    /// Offers the tree that an ascent without layers leads to, cut to the hop limit.
    fn try_flat(&mut self, pair: &Pair, flat: &Ascent) {
        let mut scans = 0;
        let (tree, pruned) = heuristic::from_saturated(&pair.flat, flat, self.watch);
        self.remember(self.terminals_of_flat(pair, &pruned));
        if let Some(tree) = tree {
            self.remember(self.terminals_of_flat(pair, &tree));
            let names: Vec<u32> =
                tree.edges.iter().map(|&edge| pair.flat.edge_name[edge as usize]).collect();
            let found = from_flat(self.limited(), &pair.layered, &names, flat.price, &mut scans);
            if let Some(found) = found {
                self.offer(&found);
            }
        }
        self.watch.spend(scans);
    }

    fn terminals_of_flat(&self, pair: &Pair, tree: &Tree) -> Vec<u32> {
        let names = tree.edges.iter().map(|&edge| pair.flat.edge_name[edge as usize]);
        terminals(self.base, &Tree { edges: names.collect(), cost: 0, prize: 0 })
    }

    /// How much reduced cost an improvement can bear; negative when there is none.
    pub(super) fn slack(&self, problem: &Rooted, price: Price, lower: i64) -> i64 {
        // Every tree holds what is required, whatever the incumbent.
        let required = problem.prize.iter().zip(&problem.required);
        let all: i64 = required.filter(|&(_, &required)| required).map(|(&prize, _)| prize).sum();
        let least = |value: i64| match problem.goal {
            Goal::MostPrize { .. } => price.slack(problem, lower, value),
            Goal::LeastCost { .. } | Goal::LeastLoss => i64::MAX,
        };
        let target = match (self.incumbent.value(), problem.goal) {
            (None, _) => return least(all),
            (Some(value), Goal::MostPrize { .. }) => (value + 1).max(all),
            (Some(value), Goal::LeastCost { .. } | Goal::LeastLoss) => value - 1,
        };
        price.slack(problem, lower, target)
    }
}

/// The terminals a tree of the base holds, sorted.
fn terminals(base: &Rooted, tree: &Tree) -> Vec<u32> {
    let ends = tree.edges.iter().flat_map(|&edge| base.ends[edge as usize]);
    let mut held: Vec<u32> = ends.filter(|&node| base.prize[node as usize] > 0).collect();
    held.sort_unstable();
    held.dedup();
    held
}

/// What to branch on: the largest of the terminals between which the budget or quota lies; without
/// such, a terminal on the brink between in and out, with a large prize; where every terminal is
/// demanded, the copy with most saturated arcs. `None` when every copy is demanded.
fn choose(
    layered: &Layered,
    ascent: &Ascent,
    fixing: &Fixing,
    oscillating: &[u32],
) -> Option<BranchOn> {
    let problem = &layered.problem;
    let stays = |node: &u32| {
        !fixing.drop_node[*node as usize]
            && !problem.required[*node as usize]
            && !fixing.require[*node as usize]
    };
    let is_sink = |node: u32| layered.layer[node as usize] == SINK;
    let score = |node: u32| {
        let worth = i128::from(ascent.price.prize) * i128::from(problem.prize[node as usize]);
        let out = i128::from(ascent.left[node as usize]);
        let inside = i128::from(fixing.from_root[node as usize].min(NO_SLACK));
        worth - 4 * (out + inside)
    };
    let sinks = || problem.all_nodes().filter(stays).filter(|&node| is_sink(node));
    let is_oscillating = |node: &u32| oscillating.contains(&problem.node_name[*node as usize]);
    let sink = sinks()
        .filter(is_oscillating)
        .max_by_key(|&node| (problem.prize[node as usize], Reverse(node)))
        .or_else(|| sinks().max_by_key(|&node| (score(node), Reverse(node))));
    let saturated =
        |node: u32| problem.rows.row(node).filter(|&place| ascent.reduced[place] == 0).count();
    sink.or_else(|| {
        problem
            .all_nodes()
            .filter(stays)
            .filter(|&node| !is_sink(node))
            .max_by_key(|&node| (saturated(node), Reverse(node)))
    })
    .map(|node| BranchOn {
        name: problem.node_name[node as usize],
        layer: layered.layer[node as usize],
    })
}
