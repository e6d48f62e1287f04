//! The path of one solve: reduce, choose a root, search, and carry the answer back.
//!
//! In: a valid instance. Out: an [`Outcome`] in its terms. Where there is no root, every terminal in
//! turn is taken as the root while the ones before it are barred: a tree worth having holds one.

use super::exact::{self, Best, Found, Incumbent, Plan};
use super::hops;
use super::reduce;
use super::rooted::Rooted;
use super::stop::Watch;
use super::{Demand, Goal, Instance, Outcome, Solution};
use crate::status::Status;

/// Solves a valid instance.
pub(super) fn answer(instance: &Instance, seed: u64, watch: &mut Watch<'_>) -> Outcome {
    if matches!(instance.goal, Goal::MostPrize { budget } if budget < 0) && !instance.may_be_empty()
    {
        return Outcome::infeasible(watch);
    }
    watch.phase("reduce");
    let Some(reduced) = reduce::reduce(instance) else { return Outcome::infeasible(watch) };
    let (small, units) = Units::taken_out(&reduced.instance);
    watch.phase("search");
    let meaning = watch.read_values_by(units.value, reduced.offset);
    let found = search(&small, seed, watch);
    watch.read_again(meaning);
    let size = (reduced.instance.nodes(), reduced.instance.edges.len());
    let solution = found
        .incumbent
        .best
        .as_ref()
        .map(|best| reduced.restore(instance, &tree_of(&small, best)))
        .into_iter()
        .chain(reduced.aside(instance))
        .reduce(|one, other| if better(instance, &other, &one) { other } else { one });
    let aside = reduced.aside(instance).map(|aside| instance.objective(&aside));
    let original = |bound: i64| {
        let bound = units.bound(bound).saturating_add(reduced.offset);
        aside.map_or(bound, |aside| tighter_of(instance.goal, aside, bound))
    };
    let objective = solution.as_ref().map(|solution| instance.objective(solution));
    let Some(bound) = found.bound.map(original).or(aside) else {
        return Outcome::infeasible(watch);
    };
    let status = match objective {
        None => Status::Unknown,
        Some(value) if value == bound => Status::Optimal,
        Some(value) if watch.close_enough(value, bound) => Status::GapReached,
        Some(_) => Status::LimitReached,
    };
    Outcome {
        status,
        solution,
        objective,
        bound,
        root_bound: found.root_bound.map_or(bound, original),
        reduced: (found.reduced.0.min(size.0), found.reduced.1.min(size.1)),
        branch_nodes: found.branch_nodes,
        work: watch.work(),
    }
}

impl Outcome {
    fn infeasible(watch: &Watch<'_>) -> Self {
        Self {
            status: Status::Infeasible,
            solution: None,
            objective: None,
            bound: 0,
            root_bound: 0,
            reduced: (0, 0),
            branch_nodes: 0,
            work: watch.work(),
        }
    }
}

fn better(instance: &Instance, one: &Solution, other: &Solution) -> bool {
    let (one, other) = (instance.objective(one), instance.objective(other));
    instance.goal.beats(one, other)
}

/// The bound of "this tree, or one within that bound": the weaker claim of the two.
fn tighter_of(goal: Goal, value: i64, bound: i64) -> i64 {
    if goal.beats(value, bound) { value } else { bound }
}

/// The nodes and edges of a tree by name.
fn tree_of(instance: &Instance, best: &Best) -> Solution {
    let ends = best.edges.iter().flat_map(|&edge| instance.edges[edge as usize].ends);
    let mut nodes: Vec<u32> = ends.chain(best.root).collect();
    nodes.sort_unstable();
    nodes.dedup();
    Solution { nodes, edges: best.edges.clone() }
}

/// What one unit of the searched instance stands for.
#[derive(Clone, Copy, Debug)]
struct Units {
    goal: Goal,
    value: i64,
}

impl Units {
    /// Divides costs and prizes by what divides them all: bounds are whole numbers, so larger units
    /// make them tighter.
    fn taken_out(instance: &Instance) -> (Instance, Self) {
        let costs = instance.edges.iter().map(|edge| edge.cost).fold(0, divisor).max(1);
        let prizes = instance.prizes.iter().copied().fold(0, divisor).max(1);
        let (costs, prizes) = match instance.goal {
            Goal::LeastLoss => (divisor(costs, prizes), divisor(costs, prizes)),
            Goal::MostPrize { .. } | Goal::LeastCost { .. } => (costs, prizes),
        };
        let mut small = instance.clone();
        for edge in &mut small.edges {
            edge.cost /= costs;
        }
        for prize in &mut small.prizes {
            *prize /= prizes;
        }
        let (goal, value) = match instance.goal {
            Goal::MostPrize { budget } => {
                (Goal::MostPrize { budget: budget.div_euclid(costs) }, prizes)
            }
            Goal::LeastCost { at_least } => {
                let at_least = -(-at_least).div_euclid(prizes);
                (Goal::LeastCost { at_least }, costs)
            }
            Goal::LeastLoss => (Goal::LeastLoss, costs),
        };
        small.goal = goal;
        (small, Self { goal, value })
    }

    /// A bound in the units of the instance they were taken out of.
    fn bound(self, bound: i64) -> i64 {
        let whole = i128::from(bound) * i128::from(self.value);
        i64::try_from(whole).unwrap_or(match self.goal {
            Goal::MostPrize { .. } => i64::MAX,
            Goal::LeastCost { .. } | Goal::LeastLoss => 0,
        })
    }
}

/// The greatest number that divides both; zero divides into everything.
fn divisor(one: i64, other: i64) -> i64 {
    if other == 0 { one } else { divisor(other, one % other) }
}

/// Searches an instance as it is, without reductions.
pub(super) fn search(instance: &Instance, seed: u64, watch: &mut Watch<'_>) -> Found {
    let plan = Plan::whole(instance.goal, seed);
    let root = instance.root.or_else(|| {
        let required = instance.demands.iter().position(|&demand| demand == Demand::Required)?;
        u32::try_from(required).ok()
    });
    match root {
        Some(root) => search_from(instance, root, Incumbent::default(), plan, watch),
        None => search_from_all(instance, &plan, watch),
    }
}

fn search_from(
    instance: &Instance,
    root: u32,
    incumbent: Incumbent,
    plan: Plan,
    watch: &mut Watch<'_>,
) -> Found {
    match (Rooted::new(instance, root), instance.max_hops) {
        (None, _) => Found::nothing(incumbent),
        (Some(problem), Some(hops)) => {
            hops::search(&problem, hops, plan.neighbourhoods.unwrap_or(0), watch)
        }
        (Some(problem), None) => exact::search(problem, incumbent, Vec::new(), plan, watch),
    }
}

/// The bound on all trees that hold none of the terminals barred so far, from their prizes alone;
/// `None` when there is no such tree.
fn bound_without(instance: &Instance, total: i64, barred: i64) -> Option<i64> {
    match instance.goal {
        Goal::MostPrize { .. } => Some(total - barred),
        Goal::LeastCost { at_least } if total - barred < at_least => None,
        Goal::LeastCost { .. } => Some(0),
        Goal::LeastLoss => Some(barred),
    }
}

/// Takes each terminal as the root, dearest first, and bars it afterwards.
fn search_from_all(instance: &Instance, plan: &Plan, watch: &mut Watch<'_>) -> Found {
    let mut instance = instance.clone();
    let goal = instance.goal;
    let mut terminals: Vec<u32> = (0..)
        .zip(instance.prizes.iter().zip(&instance.demands))
        .filter(|&(_, (&prize, &demand))| prize > 0 && demand != Demand::Forbidden)
        .map(|(node, _)| node)
        .collect();
    terminals.sort_by_key(|&node| std::cmp::Reverse(instance.prizes[node as usize]));
    let total: i64 = instance.prizes.iter().sum();
    let open: i64 = terminals.iter().map(|&node| instance.prizes[node as usize]).sum();
    let mut found = Found::nothing(empty_tree(&instance, total));
    found.bound = found.incumbent.value();
    let mut barred = total - open;
    for node in terminals {
        let Some(rest) = bound_without(&instance, total, barred) else { break };
        if exact::hopeless(&found.incumbent, goal, rest) {
            break;
        }
        if watch.over() {
            found.bound = weaker(goal, found.bound, Some(rest));
            found.root_bound = weaker(goal, found.root_bound, Some(rest));
            return found;
        }
        let incumbent = std::mem::take(&mut found.incumbent);
        let part = search_from(&instance, node, incumbent, *plan, watch);
        found.bound = weaker(goal, found.bound, part.bound);
        found.root_bound = weaker(goal, found.root_bound, part.root_bound);
        if found.branch_nodes == 0 {
            found.reduced = part.reduced;
        }
        found.branch_nodes += part.branch_nodes;
        found.incumbent = part.incumbent;
        instance.demands[node as usize] = Demand::Forbidden;
        barred += instance.prizes[node as usize];
    }
    // Parts that were closed claim the incumbent of their time; only the last one counts.
    if let (Some(value), Some(bound)) = (found.incumbent.value(), found.bound)
        && goal.beats(value, bound)
    {
        found.bound = Some(value);
    }
    found
}

/// The empty tree, where it is an answer.
fn empty_tree(instance: &Instance, total: i64) -> Incumbent {
    let value = match instance.goal {
        Goal::MostPrize { budget } => (budget >= 0).then_some(0),
        Goal::LeastCost { at_least } => (at_least <= 0).then_some(0),
        Goal::LeastLoss => Some(total),
    };
    let best = value.map(|value| Best { edges: Vec::new(), root: None, cost: 0, value });
    Incumbent { best, cutoff: None }
}

/// The bound that holds for both parts.
fn weaker(goal: Goal, one: Option<i64>, other: Option<i64>) -> Option<i64> {
    match (one, other) {
        (Some(one), Some(other)) => Some(if goal.beats(one, other) { one } else { other }),
        (one, other) => one.or(other),
    }
}
