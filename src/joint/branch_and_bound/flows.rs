//! Nodes bounded by the flow relaxation, where the network is small enough for it.
//!
//! Its multipliers come from the node looked at before; a node is iterated on until its bound stalls. What
//! it builds in fractions chooses what to branch on, and guides trees.

use std::collections::BTreeSet;

use super::{BoundedNode, BranchAndBound, Branching, Warm};
use crate::engine::Solution;
use crate::engine::bound::{ArcSet, FlowRelaxation};
use crate::engine::heuristic::Growing;
use crate::engine::rooted::{Restriction, Rooted};
use crate::joint::forest::Forest;
use crate::joint::improve::{Improving, improve, work_per_round};
use crate::joint::repair::funding::repair_funding;

/// Iterations between two bounds.
const ITERATIONS: usize = 150;
/// Flows that an iteration handles in the time of one look at an arc.
const FLOWS_PER_LOOK: usize = 4;

/// How long a node is iterated on.
#[derive(Clone, Copy)]
struct Patience {
    /// Bounds at most.
    rounds: usize,
    /// A bound is better if it closes so much of what lies between it and the best forest.
    gain: f64,
    /// Bounds in a row that are not better.
    stalled: usize,
}

const AT_ROOT: Patience = Patience { rounds: 24, gain: 0.02, stalled: 4 };
const AT_NODES: Patience = Patience { rounds: 16, gain: 0.05, stalled: 2 };

/// A building whose decision is so clear is left until edges that are not are decided.
const CLEAR: f32 = 0.02;
/// So that of clear decisions the largest comes first.
const TOKEN: f32 = 1e-6;
/// Buildings of which so much is built are joined in trees that are tried.
const GUIDES: [f32; 3] = [0.7, 0.5, 0.3];
/// A forest is improved where it is less than one part in this many worse than the best, in this many rounds.
const NEARLY: i64 = 20;
const IMPROVING_ROUNDS: u64 = 10;

impl BranchAndBound<'_, '_, '_, '_, '_, '_> {
    /// Sets up the relaxation for a part of the network, unless rules speak of what it does not know or it
    /// would take too long.
    pub(super) fn relax_flows(&mut self, part: &Rooted) {
        if !self.oracle.constraints().is_empty() {
            return;
        }
        let buildings = self.problem.buildings().filter(|&name| part.node_named(name).is_some());
        let charge = self.problem.charge().saturating_mul(self.unit);
        let flows = FlowRelaxation::new(part, buildings.collect(), charge);
        self.flows = flows;
        for place in 0..self.sets.len() {
            self.limit_flows(place);
        }
    }

    /// Lets the relaxation know of a set of pots.
    pub(super) fn limit_flows(&mut self, place: usize) {
        if let Some(flows) = &mut self.flows {
            flows.add_side(self.sets[place].1.clone());
        }
    }

    /// Bounds a node, dropping what is useless; `None` when nothing in it is better than the best forest.
    pub(super) fn examine_by_flows(
        &mut self,
        mut part: Rooted,
        mut barred: ArcSet,
        kept: &BTreeSet<u32>,
        mut bound: i64,
        is_root: bool,
    ) -> Option<BoundedNode> {
        let patience = if is_root { AT_ROOT } else { AT_NODES };
        let before = bound;
        let (mut lowest, mut stalled) = (i64::MAX, 0);
        for round in 1..=patience.rounds {
            let flows = self.flows.as_mut()?;
            let mut program = if round == 1 {
                flows.program_anew(&part, &barred, kept)?
            } else {
                flows.program(&part, &barred, kept)?
            };
            let watch = self.watch;
            let begun = program.values();
            program.iterate(ITERATIONS, &|| watch.is_interrupted());
            watch.spend((ITERATIONS * program.flows() / FLOWS_PER_LOOK) as u64);
            flows.remember(&program);
            let proven = program.bound()?;
            let here = proven.bound();
            bound = bound.min(here);
            let runs_away = here > before && round > 1;
            if runs_away && program.bound_along(&begun)?.bound() < self.target() {
                self.restart_flows();
                return None;
            }
            if bound < self.target() {
                return None;
            }
            let better = self.is_better(here, lowest, patience);
            stalled = if better { 0 } else { stalled + 1 };
            lowest = lowest.min(here);
            let last = round == patience.rounds || stalled >= patience.stalled || self.over();
            let built = program.built();
            if last || round.is_multiple_of(patience.stalled) {
                self.guide(&part, &built);
            }
            let target = self.target();
            for arc in (0..program.arcs()).filter(|&arc| proven.is_barred(arc, target)) {
                barred.insert(program.arc_name(arc));
            }
            let demanded = |node: u32| {
                let is_building = self.problem.is_building(part.node_name[node as usize]);
                is_building && proven.is_demanded(node, target)
            };
            let left = program.edges_outside(&barred);
            let worth_of_cost = program.worth_of_cost();
            let smaller = part.restrict(&Restriction {
                drop_node: &|_| false,
                drop_edge: &|edge| !left[edge as usize],
                require: &demanded,
            })?;
            if last {
                let (ascended, scans) =
                    program.bound_by_ascent(&|| watch.is_interrupted(), &mut self.scratch);
                self.watch.spend(scans);
                bound = bound.min(ascended?);
                if bound < self.target() {
                    return None;
                }
                if is_root {
                    self.flows.as_mut()?.keep();
                } else if lowest > before.saturating_add((before - self.target()) / 2) {
                    self.restart_flows();
                }
                let fractions = Fractions { part: &part, built: &built, worth_of_cost };
                let branching = self.most_open(&fractions, &smaller, kept);
                return Some(BoundedNode {
                    part: smaller,
                    bound,
                    warm: Warm::Flows(barred),
                    branching,
                });
            }
            part = smaller;
        }
        None
    }

    /// Goes back to the prices of the root, for those of late are of no use.
    fn restart_flows(&mut self) {
        if let Some(flows) = &mut self.flows {
            flows.restart();
        }
    }

    /// Whether a bound is notably better than the lowest before.
    #[allow(clippy::cast_precision_loss)] // a choice, not a proof
    fn is_better(&self, here: i64, lowest: i64, patience: Patience) -> bool {
        let open = lowest.saturating_sub(self.target()).max(0) as f64;
        (lowest.saturating_sub(here)) as f64 > patience.gain * open
    }

    /// Tries trees that keep near to what is built in fractions.
    #[allow(clippy::cast_possible_truncation, clippy::cast_precision_loss)] // costs are lowered, to choose a tree
    fn guide(&mut self, part: &Rooted, built: &[f32]) {
        let mut priced = part.clone();
        for (cost, &built) in priced.cost.iter_mut().zip(built) {
            let open = f64::from(1.0 - built.clamp(0.0, 1.0));
            *cost = (*cost as f64 * open).round() as i64;
        }
        for most in GUIDES {
            let mut wanted = part.required.clone();
            for (&[u, v], &built) in part.ends.iter().zip(built) {
                for end in [u, v] {
                    let is_building = self.problem.is_building(part.node_name[end as usize]);
                    wanted[end as usize] |= is_building && built >= most;
                }
            }
            if self.over() {
                return;
            }
            let mut growing = Growing::new(&priced, &[]);
            growing.join_all(&wanted, &|_| true, self.watch);
            let edges = growing.into_tree().edges;
            let edges: Vec<u32> = edges.iter().map(|&edge| part.edge_name[edge as usize]).collect();
            if !self.guided.insert(edges.clone()) {
                continue;
            }
            self.mend_and_improve(&Solution { nodes: Vec::new(), edges });
        }
    }

    /// Makes a tree payable and, where that is nearly as good as the best forest, betters it.
    fn mend_and_improve(&mut self, tree: &Solution) {
        let (problem, oracle) = (self.problem, self.oracle);
        let forest = Forest::of(problem, tree);
        if let Some(set) = oracle.tightest(&forest) {
            self.take_in(set);
        }
        self.watch.spend(8 * forest.parent.len() as u64);
        let Some(mended) = repair_funding(problem, oracle, tree, self.progress) else { return };
        let value = self.best.as_ref().map_or(0, |best| best.worth(problem));
        if mended.worth(problem) < value - value.abs() / NEARLY {
            return;
        }
        let work_per_round = work_per_round(problem);
        self.watch.spend(IMPROVING_ROUNDS * work_per_round);
        let improving = Improving {
            rounds: IMPROVING_ROUNDS,
            work_per_round,
            seed: self.seed.wrapping_add(self.guided.iter().map(|_| 1).sum()),
            ceiling: self.bound,
        };
        let better = improve(problem, oracle, mended, &improving, self.progress);
        if better.worth(problem) > self.value() {
            self.take(better);
        }
    }

    /// What to branch on: a building whose decision is least clear, weighed by its prize; an edge, weighed by
    /// what its cost is worth, where the buildings are clear.
    #[allow(clippy::cast_precision_loss)] // a choice, not a proof
    fn most_open(
        &self,
        fractions: &Fractions<'_>,
        smaller: &Rooted,
        kept: &BTreeSet<u32>,
    ) -> Branching {
        let Fractions { part, built, worth_of_cost } = *fractions;
        let (mut building, mut other) = (None, None);
        for (edge, &[u, v]) in part.ends.iter().enumerate() {
            let name = part.edge_name[edge];
            if smaller.edge_named(name).is_none() {
                continue;
            }
            let open = openness(built[edge]);
            let leaf = [u, v]
                .into_iter()
                .find(|&end| self.problem.is_building(part.node_name[end as usize]));
            let (best, score, name) = if let Some(leaf) = leaf {
                let name = part.node_name[leaf as usize];
                let undecided =
                    smaller.node_named(name).is_some_and(|node| !smaller.required[node as usize]);
                if !undecided {
                    continue;
                }
                (&mut building, part.prize[leaf as usize] as f32, name)
            } else if kept.contains(&name) || open < CLEAR {
                continue;
            } else {
                (&mut other, part.cost[edge] as f32 * worth_of_cost, name)
            };
            let own = MostOpen { score: (open + TOKEN) * score, built: built[edge], name };
            if best.as_ref().is_none_or(|best: &MostOpen| own.score > best.score) {
                *best = Some(own);
            }
        }
        let on_building = |own: MostOpen| Branching::Building(own.name);
        let on_edge = |own: MostOpen| Branching::Edge(own.name);
        match (building, other) {
            (Some(building), Some(other))
                if building.open() < CLEAR && building.score < other.score =>
            {
                on_edge(other)
            }
            (Some(building), _) => on_building(building),
            (None, Some(other)) => on_edge(other),
            (None, None) => Branching::Trees,
        }
    }
}

/// What is built of a part in fractions.
struct Fractions<'a> {
    part: &'a Rooted,
    built: &'a [f32],
    worth_of_cost: f32,
}

/// The least clear decision so far.
struct MostOpen {
    score: f32,
    built: f32,
    name: u32,
}

impl MostOpen {
    fn open(&self) -> f32 {
        openness(self.built)
    }
}

/// How far a fraction is from a whole number.
fn openness(built: f32) -> f32 {
    built.min(1.0 - built).max(0.0)
}
