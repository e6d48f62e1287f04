//! From a tree of the merged pot to one the pots can pay.
//!
//! In: a tree that costs no more than all money, of which some set of pots must pay too much alone. Out:
//! a payable forest near to it. First buildings join that bring other payers to dear trunks; then those
//! go that give least for what they save; then whatever can still be paid joins.

use super::rules::{cost, join, part, settle};
use crate::engine::Solution;
use crate::joint::construct::insertion::{Reach, better};
use crate::joint::forest::Forest;
use crate::joint::funding_oracle::Purse;
use crate::joint::improve::reroute::widened;
use crate::joint::improve::{fill, is_free, pair_up, relief_above, required, spare_at_a_loss};
use crate::joint::problem::Terrain;
use crate::joint::progress::Listener;

/// Makes a tree of the merged pot payable, with and without buildings that bring payers; the better
/// forest is returned, `None` when what is required cannot be paid.
pub fn lean(
    terrain: &Terrain<'_>,
    purse: &dyn Purse,
    solution: &Solution,
    listener: &Listener<'_>,
) -> Option<Forest> {
    let found = payable(terrain, purse, Forest::of(terrain, solution), listener);
    if !terrain.passes() {
        return found;
    }
    let wide = payable(terrain, purse, widened(terrain, solution), listener);
    [found, wide].into_iter().flatten().max_by_key(|forest| terrain.rank(forest))
}

fn payable(
    terrain: &Terrain<'_>,
    purse: &dyn Purse,
    merged: Forest,
    listener: &Listener<'_>,
) -> Option<Forest> {
    let whole = |forest: &Forest| {
        let mut demanded = terrain.buildings().filter(|&b| required(terrain, b).is_some());
        demanded.all(|building| forest.holds(building))
    };
    let Some((_, short)) = purse.shortfall(&merged) else {
        let forests = [shed(terrain, purse, merged, listener), anew(terrain, purse, listener)];
        let forests = forests.into_iter().flatten().filter(whole);
        return forests.max_by_key(|forest| terrain.rank(forest));
    };
    let plain = shed(terrain, purse, merged.clone(), listener);
    let kept = plain.as_ref().map_or(0, |plain| plain.prize);
    // What a penny that the set falls short of costs in prize.
    let worth = ratio(merged.prize - kept, short);
    let helped = bring_payers(terrain, purse, merged, worth, listener)
        .and_then(|forest| shed(terrain, purse, forest, listener));
    let forests =
        [plain, helped, anew(terrain, purse, listener)].into_iter().flatten().filter(whole);
    forests.max_by_key(|forest| terrain.rank(forest))
}

/// A payable forest grown from what is required, where rules may make the merged tree a poor start.
fn anew(terrain: &Terrain<'_>, purse: &dyn Purse, listener: &Listener<'_>) -> Option<Forest> {
    if purse.rules().is_empty() {
        return None;
    }
    let mut forest = Forest::empty(terrain);
    let mut reach = Reach::new(terrain.instance.nodes());
    for building in terrain.buildings().filter(|&b| required(terrain, b).is_some()) {
        reach.start(terrain, &forest, terrain.budget());
        join(terrain, purse.rules(), &mut forest, &reach, building);
    }
    shed(terrain, purse, forest, listener)
}

/// Joins buildings that another pot may pay for where they relieve a set of pots that falls short of
/// more than they cost, at so much prize a penny. The money of all pots together is not kept to. `None`
/// when no building helps.
fn bring_payers(
    terrain: &Terrain<'_>,
    purse: &dyn Purse,
    mut forest: Forest,
    worth: f64,
    listener: &Listener<'_>,
) -> Option<Forest> {
    let mut reach = Reach::new(terrain.instance.nodes());
    reach.start(terrain, &forest, terrain.budget());
    let marginal = least_worth(terrain, &forest);
    let begun = forest.held.len();
    while let Some((set, short)) = purse.shortfall(&forest) {
        if listener.is_over() {
            return None;
        }
        let relief = relief_above(terrain, &forest, set);
        let gain = |building: u32| -> Option<(f64, u32)> {
            let cost = cost(purse.rules(), &reach, building)?;
            let mut node = building;
            while !forest.holds(node) {
                node = reach.step(node)?.1;
            }
            let relieved = ratio(relief[node as usize].min(short), 1) * worth;
            let prize = reach.passed(terrain, &forest, building);
            let prize = ratio(terrain.instance.prizes[building as usize] + prize, 1);
            let gain = prize + relieved - ratio(cost, 1) * marginal;
            (gain > 0.0 && relieved > 0.0).then_some((gain, building))
        };
        let helpers = terrain.buildings().filter(|&building| {
            !terrain.payers(building).minus(set).is_empty() && !forest.holds(building)
        });
        let best = helpers.filter_map(gain).max_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(&a.1)));
        let Some((_, building)) = best else { break };
        if !join(terrain, purse.rules(), &mut forest, &reach, building) {
            break;
        }
        for &leaf in purse.rules().bundle(&building) {
            reach.extend(terrain, &forest, leaf);
        }
    }
    (forest.held.len() > begun).then_some(forest)
}

/// The least prize that a penny is spent for: by the building most easily spared.
fn least_worth(terrain: &Terrain<'_>, forest: &Forest) -> f64 {
    let worth = |building: u32| {
        let saving = forest.saving(terrain, building);
        (saving > 0).then(|| ratio(forest.brings(terrain, building), saving))
    };
    forest.held.iter().filter_map(|&building| worth(building)).fold(f64::INFINITY, f64::min)
}

#[allow(clippy::cast_precision_loss)] // a choice, not a proof
fn ratio(one: i64, other: i64) -> f64 {
    one as f64 / other.max(1) as f64
}

/// Leaves out the buildings of the tightest pots that give least for what they save, then fills up with
/// what can be paid.
fn shed(
    terrain: &Terrain<'_>,
    purse: &dyn Purse,
    mut forest: Forest,
    listener: &Listener<'_>,
) -> Option<Forest> {
    settle(terrain, purse, &mut forest);
    while !purse.affords(terrain, &forest) {
        if listener.is_over() {
            return None;
        }
        let short = purse.shortfall(&forest);
        // Payers within the tight pots first; where that names nobody (a rule beyond the set
        // condition), everybody.
        let tight = |building: u32| {
            short.is_some_and(|(set, _)| terrain.payers(building).minus(set).is_empty())
        };
        let worst = [true, false]
            .into_iter()
            .find_map(|only_tight| worst_of(terrain, purse, &forest, |b| !only_tight || tight(b)));
        let building = worst?;
        part(terrain, purse.rules(), &mut forest, building);
    }
    let mut reach = Reach::new(terrain.instance.nodes());
    let prize = |building: u32| terrain.instance.prizes[building as usize];
    if terrain.charge() > 0 {
        spare_at_a_loss(terrain, purse, &mut forest, listener);
    }
    fill(terrain, purse, &mut forest, &mut reach, &mut { prize }, listener);
    pair_up(terrain, purse, &mut forest, listener);
    Some(forest)
}

/// The building, among some, that gives least for what it saves.
fn worst_of(
    terrain: &Terrain<'_>,
    purse: &dyn Purse,
    forest: &Forest,
    among: impl Fn(u32) -> bool,
) -> Option<u32> {
    let removable = forest
        .held
        .iter()
        .copied()
        .filter(|&building| among(building) && is_free(terrain, purse, building))
        .filter(|&building| purse.rules().spares(terrain, forest, building));
    removable.max_by(|&a, &b| {
        let of = |b: u32| (forest.brings(terrain, b), forest.saving(terrain, b), b);
        better(of(a), of(b))
    })
}
