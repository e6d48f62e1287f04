//! The path of one solve: reduce, choose a root, search, and carry the answer back.
//!
//! In: a valid instance. Out: an [`Outcome`] in its terms. How trees are sought and bounded is described
//! elsewhere; what to do without a root, too.

use super::exact::{Best, Found, Incumbent, SearchSettings};
use super::from_root::{is_too_late, search_from, trivial_bound, unsearched};
use super::instance::LARGE;
use super::reduce;
use super::rootless;
use super::stop::Watch;
use super::{Demand, Goal, Instance, Outcome, Size, Solution};
use crate::status::Status;

/// Solves a valid instance.
pub(super) fn answer(instance: &Instance, seed: u64, watch: &Watch<'_>) -> Outcome {
    if matches!(instance.goal, Goal::MostPrize { budget } if budget < 0) && !instance.may_be_empty()
    {
        return Outcome::infeasible(watch);
    }
    if is_too_late(instance, watch) {
        return Outcome::without_tree(Status::Unknown, trivial_bound(instance), watch);
    }
    watch.phase("reduce");
    let reduced = if instance.nodes() > LARGE {
        reduce::reduce_lightly(instance, watch)
    } else {
        reduce::reduce(instance, watch)
    };
    let Some(reduced) = reduced else { return Outcome::infeasible(watch) };
    let (small, units) = Units::taken_out(&reduced.instance);
    watch.phase("search");
    let meaning = watch.read_values_by(units.value, reduced.offset);
    let found = search(&small, seed, watch);
    watch.read_again(meaning);
    let size = Size { nodes: reduced.instance.nodes(), edges: reduced.instance.edges.len() };
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
        reduced: Size {
            nodes: found.reduced.nodes.min(size.nodes),
            edges: found.reduced.edges.min(size.edges),
        },
        branch_nodes: found.branch_nodes,
        work: watch.work(),
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
#[must_use]
pub fn divisor(one: i64, other: i64) -> i64 {
    if other == 0 { one } else { divisor(other, one % other) }
}

/// Searches an instance as it is, without reductions.
pub(super) fn search(instance: &Instance, seed: u64, watch: &Watch<'_>) -> Found {
    if is_too_late(instance, watch) {
        return unsearched(instance, Incumbent::default());
    }
    let settings = SearchSettings::whole(instance.goal, seed);
    let root = instance.root.or_else(|| {
        let required = instance.demands.iter().position(|&demand| demand == Demand::Required)?;
        u32::try_from(required).ok()
    });
    match root {
        Some(root) => search_from(instance, root, Incumbent::default(), settings, watch),
        None => rootless::search(instance, &settings, watch),
    }
}
