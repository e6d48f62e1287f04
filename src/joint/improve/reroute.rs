//! Routes that pass more: a forest widened to what a tree of the engine leads past, and detours.
//!
//! What for: where premises passed are a prize, the engine's tree may end where no building is, and the
//! cheapest way in is seldom the one that passes most. In: a tree or a payable forest. Out: a forest whose
//! every branch ends in a building; a payable one that passes more for the money that is left.

use std::cmp::Ordering;
use std::collections::BTreeSet;

use crate::engine::Solution;
use crate::joint::forest::Forest;
use crate::joint::funding_oracle::FundingOracle;
use crate::joint::gain::{Gain, GoingRate};
use crate::joint::links::Link;
use crate::joint::problem::JointProblem;
use crate::joint::progress::SearchProgress;

/// Nodes off the forest that a detour passes at most, and edges of the forest that it stands for.
const LONGEST: usize = 5;
const STRETCH: usize = 5;
/// How many times all detours are looked for again.
const PASSES: usize = 12;
/// Ways looked at from each node at most.
const WAYS: u32 = 400;

/// A stretch of a forest's route and another way for it.
struct Detour {
    /// Edges of the stretch.
    stretch: Vec<u32>,
    /// Edges and inner nodes of the other way.
    edges: Vec<u32>,
    nodes: Vec<u32>,
    gain: i64,
    cost: i64,
}

impl Detour {
    fn gain_at(&self, place: u32) -> Gain {
        Gain { prize: self.gain, cost: self.cost, place }
    }
}

/// How prize and cost are weighed against each other.
#[derive(Clone, Copy)]
pub enum Rate {
    /// So much cost is worth so much prize: whatever is better by that.
    Of(GoingRate),
    /// More prize for whatever money is left, the best ratio first.
    Any,
}

impl Rate {
    /// The rate at which a problem charges for cost; where it does not, any.
    pub fn of_terrain(problem: &JointProblem<'_>) -> Self {
        match problem.charge() {
            0 => Self::Any,
            prize => Self::Of(GoingRate { cost: 1, prize }),
        }
    }

    /// Whether a change is for the better.
    fn gains(self, gain: i64, cost: i64) -> bool {
        match self {
            Self::Of(..) => self.net(gain, cost) > 0,
            Self::Any => gain > 0 || gain == 0 && cost < 0,
        }
    }

    fn net(self, gain: i64, cost: i64) -> i128 {
        match self {
            Self::Of(rate) => rate.net(gain, cost),
            Self::Any => i128::from(gain),
        }
    }

    /// Orders two changes, the better first.
    fn order(self, one: Gain, other: Gain) -> Ordering {
        match self {
            Self::Any => {
                let no_less = |gain: Gain| Gain { cost: gain.cost.max(0), ..gain };
                no_less(one).order(no_less(other))
            }
            Self::Of(rate) => rate
                .net(other.prize, other.cost)
                .cmp(&rate.net(one.prize, one.cost))
                .then(one.place.cmp(&other.place)),
        }
    }
}

/// Lets routes of a payable forest take other ways that are better at a rate, as far as there is money.
pub fn take_detours(
    problem: &JointProblem<'_>,
    oracle: &FundingOracle,
    forest: &mut Forest,
    rate: Rate,
    progress: &SearchProgress<'_>,
) {
    for _ in 0..PASSES {
        if progress.is_over() {
            return;
        }
        let mut chosen = choose(problem, forest, rate);
        let mut found = None;
        // Pots or rules may stand against some of them.
        while !chosen.is_empty() && found.is_none() {
            let other = rerouted(problem, forest, &chosen);
            found = Some(other).filter(|other| {
                rate.gains(other.prize - forest.prize, other.cost - forest.cost)
                    && other.held == forest.held
                    && oracle.affords(problem, other)
            });
            chosen.truncate(chosen.len() / 2);
        }
        let Some(found) = found else { return };
        *forest = found;
    }
}

/// Detours that do not meet each other and can be had for the money left.
fn choose(problem: &JointProblem<'_>, forest: &Forest, rate: Rate) -> Vec<Detour> {
    let mut ways = Ways { problem, forest, rate, stops: Vec::new(), best: None, left: 0 };
    let starts = forest.items(problem).into_iter().map(|item| item.0);
    let mut all: Vec<Detour> = starts.filter_map(|node| ways.from(node)).collect();
    let of = |detour: &Detour| detour.gain_at(detour.stretch[0]);
    all.sort_by(|a, b| rate.order(of(a), of(b)));
    let mut free = problem.budget() - forest.cost;
    let (mut met, mut left) = (BTreeSet::new(), BTreeSet::new());
    all.retain(|detour| {
        let fits = detour.cost <= free
            && detour.nodes.iter().all(|node| !met.contains(node))
            && detour.stretch.iter().all(|edge| !left.contains(edge));
        if fits {
            free -= detour.cost;
            met.extend(detour.nodes.iter().copied());
            left.extend(detour.stretch.iter().copied());
        }
        fits
    });
    all
}

fn cost(problem: &JointProblem<'_>, edge: u32) -> i64 {
    problem.instance.edges[edge as usize].cost
}

fn rerouted(problem: &JointProblem<'_>, forest: &Forest, detours: &[Detour]) -> Forest {
    let mut edges: BTreeSet<u32> = forest.solution().edges.into_iter().collect();
    for detour in detours {
        for edge in &detour.stretch {
            edges.remove(edge);
        }
    }
    edges.extend(detours.iter().flat_map(|detour| &detour.edges));
    Forest::of(problem, &Solution { nodes: Vec::new(), edges: edges.into_iter().collect() })
}

/// What a way passes and costs so far.
#[derive(Clone, Copy, Default)]
struct Toll {
    passed: i64,
    spent: i64,
}

/// A node above another on a route, with the edges up to it and what they pass and cost.
struct Stop {
    node: u32,
    edges: Vec<u32>,
    toll: Toll,
}

/// Ways from a node of a forest, over nodes off it, to the nodes above it.
struct Ways<'a> {
    problem: &'a JointProblem<'a>,
    forest: &'a Forest,
    rate: Rate,
    /// The nodes above, nearest first.
    stops: Vec<Stop>,
    best: Option<Detour>,
    /// Steps that may still be looked at.
    left: u32,
}

impl Ways<'_> {
    /// The best other way for the route above a node; `None` where none is better.
    fn from(&mut self, node: u32) -> Option<Detour> {
        let (problem, forest) = (self.problem, self.forest);
        if problem.is_building(node) {
            return None;
        }
        self.stops.clear();
        let (mut edges, mut toll) = (Vec::new(), Toll::default());
        let mut at = node;
        while self.stops.len() < STRETCH {
            let above = forest.parent[at as usize];
            if Some(above) == problem.instance.root {
                break;
            }
            edges.push(forest.parent_edge[at as usize]);
            toll.spent += cost(problem, edges[edges.len() - 1]);
            self.stops.push(Stop { node: above, edges: edges.clone(), toll });
            if !forest.is_passed_by_one(problem, above) {
                break;
            }
            toll.passed += problem.passed(above);
            at = above;
        }
        self.best = None;
        self.left = WAYS;
        if !self.stops.is_empty() {
            self.walk(node, &mut Vec::new(), &mut Vec::new(), Toll::default());
        }
        self.best.take()
    }

    fn walk(&mut self, node: u32, nodes: &mut Vec<u32>, edges: &mut Vec<u32>, toll: Toll) {
        let problem = self.problem;
        for &Link { edge, other, cost } in problem.links(node) {
            let Some(left) = self.left.checked_sub(1) else { return };
            self.left = left;
            let arrived = Toll { spent: toll.spent + cost, ..toll };
            edges.push(edge);
            if self.forest.holds(other) {
                self.arrive(other, nodes, edges, arrived);
            } else if !problem.is_building(other)
                && nodes.len() < LONGEST
                && !nodes.contains(&other)
            {
                nodes.push(other);
                let passed = toll.passed + problem.passed(other);
                self.walk(other, nodes, edges, Toll { passed, ..arrived });
                nodes.pop();
            }
            edges.pop();
        }
    }

    /// Takes in a way to a node of the forest.
    fn arrive(&mut self, at: u32, nodes: &[u32], edges: &[u32], toll: Toll) {
        let Some(stop) = self.stops.iter().find(|stop| stop.node == at) else { return };
        let (gain, cost) = (toll.passed - stop.toll.passed, toll.spent - stop.toll.spent);
        let own = Gain { prize: gain, cost, place: 0 };
        let beats = |best: &Detour| self.rate.order(own, best.gain_at(0)).is_lt();
        if self.rate.gains(gain, cost) && self.best.as_ref().is_none_or(beats) {
            let (stretch, edges, nodes) = (stop.edges.clone(), edges.to_vec(), nodes.to_vec());
            self.best = Some(Detour { stretch, edges, nodes, gain, cost });
        }
    }
}
