//! Branch and bound over dual ascent bounds, with a tree sought at every node.
//!
//! In: a rooted problem. Out: the best tree found and a valid bound, at whatever moment the search is
//! stopped. Each node of the search demands or bars some nodes of the graph; its bound comes from a
//! few dual ascents under different multipliers, its trees from their saturated arcs. The node of
//! worst bound is looked at first.

use std::cmp::Ordering;
use std::collections::BinaryHeap;

use super::Incumbent;
use super::neighbourhood::{cut_out, nodes_of, region};
use crate::engine::Goal;
use crate::engine::bound::{Ascent, AscentScratch, Effort, Fixing, Price, fix};
use crate::engine::heuristic::{from_nothing, from_saturated, refine};
use crate::engine::random::Random;
use crate::engine::rooted::{Restriction, Rooted};
use crate::engine::stop::Watch;

/// What a search found and proved.
#[derive(Clone, Debug)]
pub(crate) struct Found {
    /// The best tree, by name.
    pub incumbent: Incumbent,
    /// No tree is better than this; `None` when there is no tree at all.
    pub bound: Option<i64>,
    /// The bound before branching.
    pub root_bound: Option<i64>,
    /// Nodes and edges after the first node's fixing.
    pub reduced: (usize, usize),
    /// Nodes of the search looked at.
    pub branch_nodes: u64,
}

/// A node of the search: decisions by name, and what is known of it.
#[derive(Clone, Debug, Eq, PartialEq)]
struct Open {
    /// How good its bound still looks: larger is looked at first.
    hope: i64,
    bound: i64,
    ratio: Price,
    decisions: Vec<(u32, bool)>,
    number: u64,
}

impl Ord for Open {
    fn cmp(&self, other: &Self) -> Ordering {
        (self.hope, self.decisions.len(), self.number).cmp(&(
            other.hope,
            other.decisions.len(),
            other.number,
        ))
    }
}

impl PartialOrd for Open {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// The outcome of looking at one node of the search.
enum Examined {
    /// Nothing in it beats the incumbent.
    Closed,
    /// What is left of it, its bound, its best price, and the node to branch on.
    Open { problem: Box<Rooted>, bound: i64, price: Price, branch: Option<u32> },
}

/// How a search is to be done.
#[derive(Clone, Debug)]
pub(crate) struct Plan {
    /// Units of cost for one unit of prize to begin with; without one, a first tree is grown to tell.
    pub ratio: Option<f64>,
    /// Prices tried at the root and at later nodes.
    pub rounds: (usize, usize),
    /// The seed of large neighbourhoods, where they are to be searched.
    pub neighbourhoods: Option<u64>,
}

impl Plan {
    /// The plan for a whole problem.
    pub fn whole(goal: Goal, seed: u64) -> Self {
        let rounds = if goal == Goal::LeastLoss { (1, 1) } else { (12, 3) };
        Self { ratio: None, rounds, neighbourhoods: Some(seed) }
    }

    fn part(goal: Goal, ratio: f64) -> Self {
        let rounds = if goal == Goal::LeastLoss { (1, 1) } else { (5, 2) };
        Self { ratio: Some(ratio), rounds, neighbourhoods: None }
    }
}

struct Search<'w, 'o> {
    watch: &'w mut Watch<'o>,
    plan: Plan,
    incumbent: Incumbent,
    scratch: AscentScratch,
}

/// Searches a rooted problem from an incumbent, or from nothing.
pub(crate) fn search(
    problem: Rooted,
    incumbent: Incumbent,
    plan: Plan,
    watch: &mut Watch<'_>,
) -> Found {
    let mut search = Search { watch, plan, incumbent, scratch: AscentScratch::default() };
    search.whole(problem)
}

impl Search<'_, '_> {
    fn whole(&mut self, problem: Rooted) -> Found {
        let mut found = Found {
            incumbent: Incumbent::default(),
            bound: None,
            root_bound: None,
            reduced: (problem.nodes(), problem.edges()),
            branch_nodes: 1,
        };
        let mut whole = self.plan.neighbourhoods.map(|seed| Wide::new(problem.clone(), seed));
        let first = match self.plan.ratio {
            Some(ratio) => Price::of_ratio(&problem, ratio),
            None => self.first_tree(&problem),
        };
        let trivial = trivial_bound(&problem);
        let mut looked = self.examine(problem, first, trivial, self.plan.rounds.0);
        if let Some(wide) = &mut whole {
            looked = self.improve_root(wide, looked);
        }
        match looked {
            Examined::Closed => {
                found.bound = self.incumbent.value();
                found.root_bound = found.bound;
            }
            Examined::Open { problem, bound, price, branch } => {
                found.root_bound = Some(bound);
                found.reduced = (problem.nodes(), problem.edges());
                self.branch(*problem, bound, price, branch, &mut whole, &mut found);
            }
        }
        found.incumbent = std::mem::take(&mut self.incumbent);
        found
    }

    /// Alternates between large neighbourhoods and bounds at the root while both gain.
    fn improve_root(&mut self, wide: &mut Wide, mut looked: Examined) -> Examined {
        for _ in 0..6 {
            let Examined::Open { problem, bound, price, .. } = &looked else { break };
            if problem.goal == Goal::LeastLoss || self.done(*bound) {
                break;
            }
            let before = self.incumbent.value();
            let share = 5 * self.watch.work() / 10;
            self.search_neighbourhoods(wide, problem, *bound, price.ratio(), share);
            if self.incumbent.value() == before {
                break;
            }
            let Examined::Open { problem, bound, price, .. } = looked else { break };
            looked = self.examine(*problem, price, bound, self.plan.rounds.0 / 2);
        }
        looked
    }

    /// Whether a bound is close enough to the incumbent, or the watch says to stop.
    fn done(&mut self, bound: i64) -> bool {
        self.incumbent.value().is_some_and(|value| self.watch.close_enough(value, bound))
            || self.watch.over()
    }

    /// Searches large neighbourhoods of the incumbent for about `work`; returns the work done.
    fn search_neighbourhoods(
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
        let mut nodes = nodes_of(&problem, &edges);
        while self.watch.work() < begun + work && !self.done(bound) {
            let mut scans = problem.nodes() as u64;
            let size = wide.size.min(problem.nodes());
            let centres = 1 + wide.random.below(2);
            let inside = region(&problem, &nodes, size, centres, &mut wide.random, &mut scans);
            let part = cut_out(&problem, &edges, &inside);
            self.watch.spend(scans);
            let Some(part) = part else { continue };
            let before = self.watch.work();
            let until = self.watch.narrow(wide.effort);
            let plan = Plan::part(problem.goal, ratio);
            let found = search(part.problem.clone(), part.incumbent.clone(), plan, self.watch);
            let cut_short = self.watch.left() == 0;
            self.watch.widen(until);
            wide.learn(cut_short, self.watch.work() - before);
            let old = self.incumbent.best.as_ref().map(|best| (best.value, best.cost));
            if let Some(tree) = part.whole_tree(&problem, &found.incumbent) {
                self.incumbent.offer(&problem, &tree);
            }
            let new = self.incumbent.best.as_ref().map(|best| (best.value, best.cost));
            if new != old {
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

    /// A first tree, and the price to begin with.
    #[allow(clippy::cast_precision_loss)] // a choice, not a proof
    fn first_tree(&mut self, problem: &Rooted) -> Price {
        let mut scans = 0;
        let tree = from_nothing(problem, &mut scans);
        self.watch.spend(scans);
        if let Some(tree) = &tree {
            self.incumbent.offer(problem, tree);
        }
        if problem.goal == Goal::LeastLoss {
            return Price::PLAIN;
        }
        let (cost, prize) = tree.map_or_else(
            || (problem.cost.iter().sum::<i64>(), problem.open_prize()),
            |tree| (tree.cost, tree.prize),
        );
        Price::of_ratio(problem, 1.5 * cost.max(1) as f64 / prize.max(1) as f64)
    }

    /// Bounds a node by up to `rounds` prices, offering trees and dropping what is useless.
    fn examine(
        &mut self,
        mut problem: Rooted,
        first: Price,
        known: i64,
        rounds: usize,
    ) -> Examined {
        let mut bound = known;
        let mut best_price = first;
        let mut ratios = Ratios::new(first.ratio());
        let mut branch = None;
        for round in 0..rounds {
            let price = if problem.goal == Goal::LeastLoss {
                Price::PLAIN
            } else {
                Price::of_ratio(&problem, ratios.next)
            };
            let effort = Effort { scans: self.watch.left(), ..Effort::default() };
            let ascent = Ascent::run(&problem, price, effort, &mut self.scratch);
            self.watch.spend(ascent.scans);
            if !ascent.feasible {
                return Examined::Closed;
            }
            let here = price.bound(&problem, ascent.lower);
            if round == 0 || problem.beats(bound, here) {
                best_price = price;
            }
            if problem.beats(bound, here) {
                bound = here;
            }
            let mut scans = 0;
            let (tree, pruned) = from_saturated(&problem, &ascent, &mut scans);
            self.watch.spend(scans);
            if let Some(tree) = tree {
                self.incumbent.offer(&problem, &tree);
            }
            if rounds > self.plan.rounds.1 && self.plan.neighbourhoods.is_some() {
                self.watch.progress(self.incumbent.value(), bound);
            }
            if rounds > 4 {
                eprintln!(
                    "    ratio {:.4} lower {} here {} n {} m {} scans {} pruned cost {} prize {} of {:?} inc {:?} work {}",
                    price.ratio(),
                    ascent.lower,
                    here,
                    problem.nodes(),
                    problem.edges(),
                    ascent.scans,
                    pruned.cost,
                    pruned.prize,
                    problem.goal,
                    self.incumbent.value(),
                    self.watch.work()
                );
            } // DEBUG
            if self.hopeless(&problem, bound) {
                return Examined::Closed;
            }
            let fixing = match self.incumbent.value() {
                Some(value) => {
                    let slack = price.slack(&problem, ascent.lower, target(problem.goal, value));
                    if slack < 0 {
                        return Examined::Closed;
                    }
                    fix(&problem, &ascent, slack)
                }
                None => fix(&problem, &ascent, i64::MAX - 1),
            };
            self.watch.spend(fixing.scans);
            let done = !ratios.learn(&problem, pruned.cost, pruned.prize)
                || round + 1 == rounds
                || self.watch.over();
            if done {
                branch = choose(&problem, &ascent, &fixing);
            }
            if worth_dropping(&problem, &fixing) {
                match self.shrink(&problem, &fixing) {
                    Some(smaller) => problem = smaller,
                    None => return Examined::Closed,
                }
            }
            if done {
                break;
            }
        }
        Examined::Open { problem: Box::new(problem), bound, price: best_price, branch }
    }

    /// Whether nothing under this bound beats the incumbent.
    fn hopeless(&self, problem: &Rooted, bound: i64) -> bool {
        self.incumbent.value().is_some_and(|value| !problem.beats(bound, value))
    }

    /// Drops what is fixed out, except what the incumbent holds, and demands what is fixed in.
    fn shrink(&self, problem: &Rooted, fixing: &Fixing) -> Option<Rooted> {
        problem.restrict(&Restriction {
            drop_node: &|node| fixing.drop_node[node as usize],
            drop_edge: &|edge| fixing.drop_edge[edge as usize],
            require: &|node| fixing.require[node as usize],
        })
    }

    fn branch(
        &mut self,
        mut problem: Rooted,
        bound: i64,
        price: Price,
        branch: Option<u32>,
        wide: &mut Option<Wide>,
        found: &mut Found,
    ) {
        let goal = problem.goal;
        let (mut branching, mut improving) = (0, 0);
        let hope = |bound: i64| match goal {
            Goal::MostPrize { .. } => bound,
            Goal::LeastCost { .. } | Goal::LeastLoss => -bound,
        };
        let mut open: BinaryHeap<Open> = BinaryHeap::new();
        let mut number = 0;
        let mut push = |open: &mut BinaryHeap<Open>, bound: i64, price, decisions| {
            number += 1;
            open.push(Open { hope: hope(bound), bound, ratio: price, decisions, number });
        };
        match branch {
            Some(name) => {
                for held in [false, true] {
                    push(&mut open, bound, price, vec![(name, held)]);
                }
            }
            None => self.close_by_spanning(&problem),
        }
        while let Some(node) = open.pop() {
            if self.hopeless(&problem, node.bound) {
                open.clear();
                break;
            }
            let value = self.incumbent.value();
            let near = value.is_some_and(|value| self.watch.close_enough(value, node.bound));
            if near || self.watch.over() {
                open.push(node);
                break;
            }
            found.branch_nodes += 1;
            let begun = self.watch.work();
            let Some(part) = decide(&problem, &node.decisions) else { continue };
            if let Examined::Open { problem: part, bound, price, branch } =
                self.examine(part, node.ratio, node.bound, self.plan.rounds.1)
            {
                match branch {
                    Some(name) => {
                        for held in [false, true] {
                            let mut decisions = node.decisions.clone();
                            decisions.push((name, held));
                            push(&mut open, bound, price, decisions);
                        }
                    }
                    None => self.close_by_spanning(&part),
                }
            }
            let worst = open.peek().map_or(node.bound, |worst| worst.bound);
            if wide.is_some() {
                self.watch.progress(self.incumbent.value(), worst);
            }
            branching += self.watch.work() - begun;
            if let Some(wide) = wide
                && goal != Goal::LeastLoss
                && improving + wide.effort < branching
            {
                let ratio = node.ratio.ratio();
                improving +=
                    self.search_neighbourhoods(wide, &problem, worst, ratio, 4 * wide.effort);
            }
        }
        let worst = open.peek().map(|worst| worst.bound);
        found.bound = match (worst, self.incumbent.value()) {
            (Some(bound), Some(value)) if problem.beats(value, bound) => Some(value),
            (Some(bound), _) => Some(bound),
            (None, value) => value,
        };
    }

    /// Every node is demanded: the best tree is a least spanning tree.
    fn close_by_spanning(&mut self, problem: &Rooted) {
        let mut scans = 0;
        if let Some(tree) = from_nothing(problem, &mut scans)
            .and_then(|tree| refine(problem, &tree.edges, &mut scans))
        {
            self.incumbent.offer(problem, &tree);
        }
        self.watch.spend(scans);
    }
}

/// The bound that holds without any work.
fn trivial_bound(problem: &Rooted) -> i64 {
    match problem.goal {
        Goal::MostPrize { .. } => problem.open_prize(),
        Goal::LeastCost { .. } => 0,
        Goal::LeastLoss => problem.missed,
    }
}

/// The value an improvement must reach.
fn target(goal: Goal, value: i64) -> i64 {
    match goal {
        Goal::MostPrize { .. } => value + 1,
        Goal::LeastCost { .. } | Goal::LeastLoss => value - 1,
    }
}

fn worth_dropping(problem: &Rooted, fixing: &Fixing) -> bool {
    let (nodes, edges) = fixing.dropped;
    10 * (nodes + edges) > problem.nodes() + problem.edges() || fixing.newly_required > 0
}

fn decide(problem: &Rooted, decisions: &[(u32, bool)]) -> Option<Rooted> {
    let mut barred = vec![false; problem.nodes()];
    let mut demanded = vec![false; problem.nodes()];
    for &(name, held) in decisions {
        match (problem.node_named(name), held) {
            (Some(node), true) => demanded[node as usize] = true,
            (Some(node), false) => barred[node as usize] = true,
            (None, true) => return None,
            (None, false) => {}
        }
    }
    problem.restrict(&Restriction {
        drop_node: &|node| barred[node as usize],
        drop_edge: &|_| false,
        require: &|node| demanded[node as usize],
    })
}

/// The node to branch on, by name: a terminal on the brink between in and out, with a large prize;
/// where every terminal is demanded, a node with many saturated arcs. `None` when every node is
/// demanded.
fn choose(problem: &Rooted, ascent: &Ascent, fixing: &Fixing) -> Option<u32> {
    let undecided = |node: &u32| {
        let node = *node as usize;
        !problem.required[node] && !fixing.drop_node[node] && !fixing.require[node]
    };
    let score = |node: u32| {
        let worth = i128::from(ascent.price.prize) * i128::from(problem.prize[node as usize]);
        let out = i128::from(ascent.left[node as usize]);
        let inside = i128::from(fixing.from_root[node as usize].min(i64::MAX / 4));
        worth - 4 * (out + inside)
    };
    let terminal = problem
        .all_nodes()
        .filter(undecided)
        .filter(|&node| problem.prize[node as usize] > 0)
        .max_by_key(|&node| (score(node), std::cmp::Reverse(node)));
    let saturated = |node: u32| {
        problem.rows.row(node).filter(|&place| ascent.reduced[place] == 0).count()
            + problem
                .rows
                .row(node)
                .filter(|&place| ascent.reduced[problem.rows.twin(place)] == 0)
                .count()
    };
    terminal
        .or_else(|| {
            problem
                .all_nodes()
                .filter(undecided)
                .max_by_key(|&node| (saturated(node), std::cmp::Reverse(node)))
        })
        .map(|node| problem.node_name[node as usize])
}

/// What large neighbourhoods need from one call to the next.
struct Wide {
    /// The problem before anything was fixed.
    problem: Rooted,
    random: Random,
    /// Nodes in a neighbourhood.
    size: usize,
    /// Work allowed on one.
    effort: u64,
}

impl Wide {
    fn new(problem: Rooted, seed: u64) -> Self {
        Self { problem, random: Random::new(seed), size: 400, effort: 1_500_000 }
    }

    /// The narrow problem together with all that the incumbent holds.
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
    pub fn learn(&mut self, cut_short: bool, work: u64) {
        if cut_short {
            self.size = (self.size * 9 / 10).max(100);
        } else if work < self.effort / 2 {
            self.size = self.size * 21 / 20 + 1;
        }
    }
}

/// The search for the best ratio of prices: a bracket, narrowed by where the pruned trees lie.
pub(crate) struct Ratios {
    low: Option<f64>,
    high: Option<f64>,
    /// The ratio to try next.
    pub next: f64,
}

impl Ratios {
    /// Begins with a first guess.
    pub fn new(first: f64) -> Self {
        Self { low: None, high: None, next: first }
    }

    /// Notes whether the tree at the ratio just tried holds too much, and sets the next ratio. False
    /// when there is nothing more to learn.
    pub fn learn(&mut self, problem: &Rooted, cost: i64, prize: i64) -> bool {
        let too_much = match problem.goal {
            Goal::MostPrize { budget } => cost > budget,
            Goal::LeastCost { at_least } => prize >= at_least,
            Goal::LeastLoss => return false,
        };
        if too_much {
            self.high = Some(self.next);
        } else {
            self.low = Some(self.next);
        }
        self.next = match (self.low, self.high) {
            (Some(low), Some(high)) => (low * high).sqrt(),
            (Some(low), None) => low * 1.5,
            (None, Some(high)) => high / 1.5,
            (None, None) => self.next,
        };
        match (self.low, self.high) {
            (Some(low), Some(high)) => high / low > 1.005,
            _ => true,
        }
    }
}
