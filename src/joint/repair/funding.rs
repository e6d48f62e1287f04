//! From a tree of the merged pot to one the pots can pay.
//!
//! In: a tree that costs no more than all money, of which some set of pots must pay too much alone. Out:
//! a payable forest near to it. First buildings join that bring other payers to dear trunks; then those
//! go that give least for what they save; then whatever can still be paid joins.

use super::rules::rule_repair;
use super::spare::spare_at_a_loss;
use crate::engine::{LARGE, Solution};
use crate::joint::construct::fill::{fill, pair_up, relief_above};
use crate::joint::construct::insertion::{cost, insert, remove};
use crate::joint::construct::paths::InsertionPaths;
use crate::joint::construct::widen::widened;
use crate::joint::forest::Forest;
use crate::joint::funding_oracle::FundingOracle;
use crate::joint::gain::Gain;
use crate::joint::problem::JointProblem;
use crate::joint::progress::SearchProgress;

/// In a large problem, as much of what is short as is saved before the shortfall is looked at again: one part in so
/// many.
const PATIENCE: i64 = 4;

/// Makes a tree of the merged pot payable, with and without buildings that bring payers; the better
/// forest is returned, `None` when what is required cannot be paid.
pub fn repair_funding(
    problem: &JointProblem<'_>,
    oracle: &FundingOracle,
    solution: &Solution,
    progress: &SearchProgress<'_>,
) -> Option<Forest> {
    let found = payable(problem, oracle, Forest::of(problem, solution), progress);
    if !problem.passes() {
        return found;
    }
    let wide = payable(problem, oracle, widened(problem, solution), progress);
    [found, wide].into_iter().flatten().max_by_key(|forest| forest.rank(problem))
}

fn payable(
    problem: &JointProblem<'_>,
    oracle: &FundingOracle,
    merged: Forest,
    progress: &SearchProgress<'_>,
) -> Option<Forest> {
    let whole = |forest: &Forest| {
        let mut demanded = problem.required();
        demanded.all(|building| forest.holds(building))
    };
    let Some((_, short)) = oracle.shortfall(&merged) else {
        let forests = [
            drop_until_fundable(problem, oracle, merged, progress),
            construct(problem, oracle, progress),
        ];
        let forests = forests.into_iter().flatten().filter(whole);
        return forests.max_by_key(|forest| forest.rank(problem));
    };
    let plain = drop_until_fundable(problem, oracle, merged.clone(), progress);
    let kept = plain.as_ref().map_or(0, |plain| plain.prize);
    // What a penny that the set falls short of costs in prize.
    let worth = ratio(merged.prize - kept, short);
    // Each of those who might join takes a look at everything.
    let helped = (problem.nodes() <= LARGE)
        .then(|| bring_payers(problem, oracle, merged, worth, progress))
        .flatten()
        .and_then(|forest| drop_until_fundable(problem, oracle, forest, progress));
    let forests =
        [plain, helped, construct(problem, oracle, progress)].into_iter().flatten().filter(whole);
    forests.max_by_key(|forest| forest.rank(problem))
}

/// A payable forest grown from what is required, where rules may make the merged tree a poor start.
fn construct(
    problem: &JointProblem<'_>,
    oracle: &FundingOracle,
    progress: &SearchProgress<'_>,
) -> Option<Forest> {
    if oracle.constraints().is_empty() {
        return None;
    }
    let mut forest = Forest::empty(problem);
    let mut paths = InsertionPaths::new(problem.instance.nodes());
    for building in problem.buildings().filter(|&b| problem.requires(b)) {
        if progress.is_over() {
            return None;
        }
        paths.start(problem, &forest, problem.budget());
        progress.look(paths.looked());
        insert(problem, oracle.constraints(), &mut forest, &paths, building);
    }
    drop_until_fundable(problem, oracle, forest, progress)
}

/// Joins buildings that another pot may pay for where they relieve a set of pots that falls short of
/// more than they cost, at so much prize a penny. The money of all pots together is not kept to. `None`
/// when no building helps.
fn bring_payers(
    problem: &JointProblem<'_>,
    oracle: &FundingOracle,
    mut forest: Forest,
    worth: f64,
    progress: &SearchProgress<'_>,
) -> Option<Forest> {
    let mut paths = InsertionPaths::new(problem.instance.nodes());
    if !paths.start_unless(problem, &forest, problem.budget(), &|| progress.is_over()) {
        return None;
    }
    let marginal = least_worth(problem, &forest);
    let begun = forest.held.len();
    while let Some((set, short)) = oracle.shortfall(&forest) {
        if progress.is_over() {
            return None;
        }
        progress.look(paths.looked() + problem.nodes() as u64);
        let relief = relief_above(problem, &forest, set);
        let gain = |building: u32| -> Option<(f64, u32)> {
            let cost = cost(oracle.constraints(), &paths, building)?;
            let mut node = building;
            while !forest.holds(node) {
                node = paths.step(node)?.1;
            }
            let relieved = ratio(relief[node as usize].min(short), 1) * worth;
            let prize = paths.passed(problem, &forest, building);
            let prize = ratio(problem.instance.prizes[building as usize] + prize, 1);
            let gain = prize + relieved - ratio(cost, 1) * marginal;
            (gain > 0.0 && relieved > 0.0).then_some((gain, building))
        };
        let helpers = problem.buildings().filter(|&building| {
            !problem.payers(building).minus(set).is_empty() && !forest.holds(building)
        });
        let best = helpers.filter_map(gain).max_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(&a.1)));
        let Some((_, building)) = best else { break };
        if !insert(problem, oracle.constraints(), &mut forest, &paths, building) {
            break;
        }
        for &leaf in oracle.constraints().bundle(&building) {
            paths.extend_unless(problem, &forest, leaf, &|| progress.is_over());
        }
    }
    (forest.held.len() > begun).then_some(forest)
}

/// The least prize that a penny is spent for: by the building most easily spared.
fn least_worth(problem: &JointProblem<'_>, forest: &Forest) -> f64 {
    let worth = |building: u32| {
        let saving = forest.saving(problem, building);
        (saving > 0).then(|| ratio(forest.brings(problem, building), saving))
    };
    forest.held.iter().filter_map(|&building| worth(building)).fold(f64::INFINITY, f64::min)
}

#[allow(clippy::cast_precision_loss)] // a choice, not a proof
fn ratio(one: i64, other: i64) -> f64 {
    one as f64 / other.max(1) as f64
}

/// Leaves out the buildings of the tightest pots that give least for what they save, then fills up with
/// what can be paid.
fn drop_until_fundable(
    problem: &JointProblem<'_>,
    oracle: &FundingOracle,
    mut forest: Forest,
    progress: &SearchProgress<'_>,
) -> Option<Forest> {
    rule_repair(problem, oracle, &mut forest, progress);
    while !oracle.affords(problem, &forest) {
        if progress.is_over() {
            return None;
        }
        progress.look(forest.held.len() as u64);
        let short = oracle.shortfall(&forest);
        // Payers within the tight pots first; where that names nobody (a rule beyond the set
        // condition), everybody.
        let tight = |building: u32| {
            short.is_some_and(|(set, _)| problem.payers(building).minus(set).is_empty())
        };
        let worst = [true, false]
            .into_iter()
            .find_map(|only_tight| worst_of(problem, oracle, &forest, |b| !only_tight || tight(b)));
        let building = worst?;
        remove(problem, oracle.constraints(), &mut forest, building);
        if problem.nodes() > LARGE
            && let Some((_, short)) = short
        {
            drop_many(problem, oracle, &mut forest, short / PATIENCE, tight);
        }
    }
    let mut paths = InsertionPaths::new(problem.instance.nodes());
    let prize = |building: u32| problem.instance.prizes[building as usize];
    if problem.charge() > 0 {
        spare_at_a_loss(problem, oracle, &mut forest, progress);
    }
    fill(problem, oracle, &mut forest, &mut paths, &mut { prize }, progress);
    pair_up(problem, oracle, &mut forest, progress);
    Some(forest)
}

/// Leaves out those, among some, that give least for what they save, as one look ranks them, until they save so
/// much: in a large problem each look takes long.
fn drop_many(
    problem: &JointProblem<'_>,
    oracle: &FundingOracle,
    forest: &mut Forest,
    saving: i64,
    among: impl Fn(u32) -> bool,
) {
    let mut ranked: Vec<Gain> = removable(problem, oracle, forest, among)
        .map(|building| gain_of(problem, forest, building))
        .collect();
    ranked.sort_unstable_by(|a, b| b.order(*a));
    let before = forest.cost;
    for Gain { place, .. } in ranked {
        if before - forest.cost >= saving {
            break;
        }
        if forest.holds(place) && oracle.constraints().spares(problem, forest, place) {
            remove(problem, oracle.constraints(), forest, place);
        }
    }
}

/// The buildings, among some, that may go.
fn removable(
    problem: &JointProblem<'_>,
    oracle: &FundingOracle,
    forest: &Forest,
    among: impl Fn(u32) -> bool,
) -> impl Iterator<Item = u32> {
    (forest.held.iter().copied())
        .filter(move |&building| among(building))
        .filter(|&building| oracle.constraints().is_free(problem, building))
        .filter(|&building| oracle.constraints().spares(problem, forest, building))
}

/// What a building brings, and what is saved without it.
fn gain_of(problem: &JointProblem<'_>, forest: &Forest, building: u32) -> Gain {
    let (prize, cost) = (forest.brings(problem, building), forest.saving(problem, building));
    Gain { prize, cost, place: building }
}

/// The building, among some, that gives least for what it saves.
fn worst_of(
    problem: &JointProblem<'_>,
    oracle: &FundingOracle,
    forest: &Forest,
    among: impl Fn(u32) -> bool,
) -> Option<u32> {
    let of = |building: u32| gain_of(problem, forest, building);
    removable(problem, oracle, forest, among).max_by(|&a, &b| of(a).order(of(b)))
}
