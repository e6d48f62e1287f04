//! Branch and bound on the layered graph.
//!
//! In: a rooted problem and the most hops. Out: the best tree found and a valid bound, at whatever
//! moment the search is stopped. Terminals are branched on first, then copies of nodes; the node of
//! worst bound is looked at first.

use std::cmp::{Ordering, Reverse};
use std::collections::BinaryHeap;
use std::rc::Rc;

use super::grow::{Limited, from_nothing, from_saturated};
use super::layered::{Layered, NO_EDGE, SINK};
use super::pair::{Pair, Verdicts};
use super::tree::HopTree;
use crate::engine::Goal;
use crate::engine::bound::{Ascent, AscentScratch, Effort, Fixing, Price, fix};
use crate::engine::exact::{Found, Incumbent, Ratios};
use crate::engine::rooted::{Rooted, Tree};
use crate::engine::stop::Watch;

/// Slack that fixes nothing but what cannot be reached at all; below what stands for endless.
const NO_SLACK: i64 = i64::MAX / 8;
/// Open nodes keep their own graph while all of them together have no more arcs than this.
const MOST_KEPT_ARCS: usize = 8_000_000;

/// A choice: the node of that name, at one layer or (as a sink) at any, is held or not.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
struct Decision {
    name: u32,
    layer: u32,
    held: bool,
}

/// An open node of the search.
struct Open {
    /// How good its bound still looks: larger is looked at first.
    hope: i64,
    bound: i64,
    price: Price,
    decisions: Vec<Decision>,
    /// The graph in which the decisions after the first `decided` are still to be made.
    graph: Option<Rc<Pair>>,
    decided: usize,
    number: u64,
}

impl Open {
    fn rank(&self) -> (i64, usize, u64) {
        (self.hope, self.decisions.len(), self.number)
    }
}

impl PartialEq for Open {
    fn eq(&self, other: &Self) -> bool {
        self.rank() == other.rank()
    }
}

impl Eq for Open {}

impl Ord for Open {
    fn cmp(&self, other: &Self) -> Ordering {
        self.rank().cmp(&other.rank())
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
    /// What is left of it, its bound, its best price, and what to branch on.
    Open { pair: Box<Pair>, bound: i64, price: Price, branch: Option<(u32, u32)> },
}

struct Search<'a, 'w, 'o> {
    base: &'a Rooted,
    hops: u32,
    watch: &'w mut Watch<'o>,
    incumbent: Incumbent,
    scratch: AscentScratch,
}

/// Searches a rooted problem with a hop limit.
pub(crate) fn search(base: &Rooted, hops: u32, watch: &mut Watch<'_>) -> Found {
    let mut search = Search {
        base,
        hops,
        watch,
        incumbent: Incumbent::default(),
        scratch: AscentScratch::default(),
    };
    let mut found = Found {
        incumbent: Incumbent::default(),
        bound: None,
        root_bound: None,
        reduced: (base.nodes(), base.edges()),
        branch_nodes: 1,
    };
    if let Some(pair) = Pair::new(base, hops) {
        search.whole(pair, &mut found);
    }
    found.incumbent = search.incumbent;
    found
}

impl Search<'_, '_, '_> {
    fn limited(&self) -> Limited<'_> {
        Limited { base: self.base, hops: self.hops }
    }

    fn whole(&mut self, pair: Pair, found: &mut Found) {
        let first = self.first_tree(&pair.layered);
        let trivial = match self.base.goal {
            Goal::MostPrize { .. } => pair.flat.open_prize(),
            Goal::LeastCost { .. } => 0,
            Goal::LeastLoss => pair.flat.missed,
        };
        let rounds = if self.base.goal == Goal::LeastLoss { 2 } else { 12 };
        match self.examine(pair, first, trivial, rounds) {
            Examined::Closed => {
                found.bound = self.incumbent.value();
                found.root_bound = found.bound;
            }
            Examined::Open { pair, bound, price, branch } => {
                found.root_bound = Some(bound);
                found.reduced = (pair.flat.nodes(), pair.flat.edges());
                self.branch(*pair, bound, price, branch, found);
            }
        }
    }

    /// A first tree, and the price to begin with.
    #[allow(clippy::cast_precision_loss)] // a choice, not a proof
    fn first_tree(&mut self, layered: &Layered) -> Price {
        let mut scans = 0;
        let tree = from_nothing(self.limited(), layered, &mut scans);
        self.watch.spend(scans);
        if let Some(tree) = &tree {
            self.incumbent.offer(self.base, tree);
        }
        if self.base.goal == Goal::LeastLoss {
            return Price::PLAIN;
        }
        let (cost, prize) = tree.map_or_else(
            || (self.base.cost.iter().sum::<i64>(), self.base.open_prize()),
            |tree| (tree.cost, tree.prize),
        );
        Price::of_ratio(self.base, 1.5 * cost.max(1) as f64 / prize.max(1) as f64)
    }

    /// Bounds a node by up to `rounds` prices, offering trees and dropping what is useless.
    fn examine(&mut self, mut pair: Pair, first: Price, known: i64, rounds: usize) -> Examined {
        let goal = self.base.goal;
        let (mut bound, mut best_price) = (known, first);
        let mut ratios = Ratios::new(first.ratio(), 1.5);
        let mut branch = None;
        for round in 0..rounds {
            let price = if goal == Goal::LeastLoss {
                Price::PLAIN
            } else {
                // The base has the larger sums a price must leave room for, and each edge only once.
                Price::of_ratio(self.base, ratios.next)
            };
            let Some((ascent, smaller)) = self.rise(pair, price) else { return Examined::Closed };
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
            let (tree, pruned) = from_saturated(self.limited(), &pair.layered, &ascent, &mut scans);
            self.watch.spend(scans);
            if let Some(tree) = tree {
                self.incumbent.offer(self.base, &tree);
            }
            self.watch.progress(self.incumbent.value(), bound);
            let slack = self.slack(problem, price, ascent.lower);
            if slack < 0 || self.hopeless(bound) {
                return Examined::Closed;
            }
            let fixing = fix(problem, &ascent, slack.min(NO_SLACK));
            self.watch.spend(fixing.scans);
            let done =
                !ratios.learn(goal, pruned.cost, pruned.prize, terminals(self.base, &pruned))
                    || round + 1 == rounds
                    || self.watch.over();
            if done {
                branch = choose(&pair.layered, &ascent, &fixing, &ratios.torn());
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
    fn rise(&mut self, mut pair: Pair, price: Price) -> Option<(Ascent, Pair)> {
        for pass in 0.. {
            let effort = Effort { scans: self.watch.left(), ..Effort::default() };
            let flat = Ascent::run(&pair.flat, price, effort, &mut self.scratch);
            self.watch.spend(flat.scans);
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
            let mut ascent = pair.lift(&of, &flat);
            let problem = &pair.layered.problem;
            let effort = Effort { scans: self.watch.left(), ..Effort::default() };
            ascent.rise(problem, effort, &mut self.scratch);
            self.watch.spend(ascent.scans + problem.rows.places() as u64);
            return ascent.feasible.then_some((ascent, pair));
        }
        None
    }

    /// How much reduced cost an improvement can bear; negative when there is none.
    fn slack(&self, problem: &Rooted, price: Price, lower: i64) -> i64 {
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

    /// Whether nothing under this bound beats the incumbent.
    fn hopeless(&self, bound: i64) -> bool {
        self.incumbent.value().is_some_and(|value| !self.base.beats(bound, value))
    }

    fn branch(
        &mut self,
        pair: Pair,
        bound: i64,
        price: Price,
        branch: Option<(u32, u32)>,
        found: &mut Found,
    ) {
        let mut queue =
            Queue { goal: self.base.goal, open: BinaryHeap::new(), number: 0, kept_arcs: 0 };
        let root = Rc::new(pair);
        match branch {
            Some(on) => queue.push_pair(&root, 0, &[], bound, price, on),
            None => self.close_exactly(&root.layered),
        }
        while let Some(node) = queue.pop() {
            if self.hopeless(node.bound) {
                queue.open.clear();
                break;
            }
            let value = self.incumbent.value();
            let near = value.is_some_and(|value| self.watch.close_enough(value, node.bound));
            if near || self.watch.over() {
                queue.open.push(node);
                break;
            }
            found.branch_nodes += 1;
            let (graph, from) = match &node.graph {
                Some(graph) => (graph, node.decided),
                None => (&root, 0),
            };
            let Some(part) = decide(graph, &node.decisions[from..]) else { continue };
            let rounds = if self.base.goal == Goal::LeastLoss { 1 } else { 3 };
            if let Examined::Open { pair, bound, price, branch } =
                self.examine(part, node.price, node.bound, rounds)
            {
                let graph = Rc::new(*pair);
                match branch {
                    Some(on) => {
                        let decided = node.decisions.len();
                        queue.push_pair(&graph, decided, &node.decisions, bound, price, on);
                    }
                    None => self.close_exactly(&graph.layered),
                }
            }
            let worst = queue.open.peek().map_or(node.bound, |worst| worst.bound);
            self.watch.progress(self.incumbent.value(), worst);
        }
        let worst = queue.open.peek().map(|worst| worst.bound);
        found.bound = match (worst, self.incumbent.value()) {
            (Some(bound), Some(value)) if self.base.beats(value, bound) => Some(value),
            (Some(bound), _) => Some(bound),
            (None, value) => value,
        };
    }

    /// Every copy left is demanded and no node has two: the cheapest arc into each makes the best tree.
    fn close_exactly(&mut self, layered: &Layered) {
        let problem = &layered.problem;
        let mut cheapest: Vec<Option<(i64, u32)>> = vec![None; problem.nodes()];
        for (arc, &[_, to]) in problem.ends.iter().enumerate() {
            let name = problem.edge_name[arc];
            if name != NO_EDGE {
                let entry = &mut cheapest[to as usize];
                let this = (problem.cost[arc], name);
                *entry = Some(entry.map_or(this, |best| best.min(this)));
            }
        }
        let edges: Vec<u32> = cheapest.into_iter().flatten().map(|(_, name)| name).collect();
        let tree = HopTree::of_edges(self.base, &edges);
        let found = tree.tree(self.base);
        if super::grow::is_answer(self.base, &tree, &found) {
            self.incumbent.offer(self.base, &found);
        }
    }
}

/// Open nodes, worst bound first.
struct Queue {
    goal: Goal,
    open: BinaryHeap<Open>,
    number: u64,
    kept_arcs: usize,
}

impl Queue {
    fn push_pair(
        &mut self,
        graph: &Rc<Pair>,
        decided: usize,
        decisions: &[Decision],
        bound: i64,
        price: Price,
        (name, layer): (u32, u32),
    ) {
        let hope = match self.goal {
            Goal::MostPrize { .. } => bound,
            Goal::LeastCost { .. } | Goal::LeastLoss => -bound,
        };
        for held in [false, true] {
            self.number += 1;
            let mut decisions = decisions.to_vec();
            decisions.push(Decision { name, layer, held });
            let arcs = graph.layered.problem.edges();
            let keep = self.kept_arcs + arcs <= MOST_KEPT_ARCS;
            self.kept_arcs += if keep { arcs } else { 0 };
            let graph = keep.then(|| Rc::clone(graph));
            let number = self.number;
            self.open.push(Open { hope, bound, price, decisions, graph, decided, number });
        }
    }

    fn pop(&mut self) -> Option<Open> {
        let node = self.open.pop()?;
        if let Some(graph) = &node.graph {
            self.kept_arcs -= graph.layered.problem.edges();
        }
        Some(node)
    }
}

/// The graphs after some decisions; `None` when they leave no tree.
fn decide(pair: &Pair, decisions: &[Decision]) -> Option<Pair> {
    let layered = &pair.layered;
    let problem = &layered.problem;
    let mut verdicts = Verdicts::none(layered);
    for decision in decisions {
        let mut met = false;
        for node in problem.all_nodes() {
            if problem.node_name[node as usize] != decision.name {
                continue;
            }
            let layer = layered.layer[node as usize];
            let (require, drop) =
                (&mut verdicts.require[node as usize], &mut verdicts.drop_node[node as usize]);
            match (decision.held, decision.layer) {
                (true, SINK) => *require |= layer == SINK,
                (false, SINK) => *drop = true,
                (true, at) if layer == at => *require = true,
                (true, _) => *drop |= layer != SINK,
                (false, at) => *drop |= layer == at,
            }
            met |= layer == decision.layer;
        }
        if decision.held && !met {
            return None;
        }
    }
    pair.restrict_layered(&verdicts)
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
fn choose(layered: &Layered, ascent: &Ascent, fixing: &Fixing, torn: &[u32]) -> Option<(u32, u32)> {
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
    let is_torn = |node: &u32| torn.contains(&problem.node_name[*node as usize]);
    let sink = sinks()
        .filter(is_torn)
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
    .map(|node| (problem.node_name[node as usize], layered.layer[node as usize]))
}
