//! A first plan at once: buildings by the ratio of prize to the cost of the way in, each looked at once.
//!
//! What for: something to show, and to keep, from the first moment on. In: a terrain and a purse. Out: a
//! payable forest, where one is found this way: required buildings first, then whoever can be paid. It takes
//! one shortest-path search, continued as routes are built, and one look at each building.

use super::insertion::{Reach, better};
use crate::engine::Demand;
use crate::joint::forest::Forest;
use crate::joint::funding_oracle::Purse;
use crate::joint::improve::required;
use crate::joint::problem::Terrain;
use crate::joint::progress::Listener;
use crate::joint::repair::rules::{cost, join, part, settle};

/// Buildings that are looked at whatever the time, so that the first plan is more than nothing.
const ALWAYS: usize = 200;

/// A payable forest that holds what is required; `None` where this way of building finds none.
pub fn first_forest(
    terrain: &Terrain<'_>,
    purse: &dyn Purse,
    listener: &Listener<'_>,
) -> Option<Forest> {
    let rules = purse.rules();
    let mut forest = Forest::empty(terrain);
    let mut reach = Reach::new(terrain.instance.nodes());
    reach.start(terrain, &forest, terrain.budget());
    let demanded: Vec<u32> =
        terrain.buildings().filter(|&building| required(terrain, building).is_some()).collect();
    for building in demanded {
        if forest.holds(building) {
            continue;
        }
        if listener.is_halted() || !join(terrain, rules, &mut forest, &reach, building) {
            return None;
        }
        take_in(terrain, purse, &mut reach, &forest, building);
    }
    settle(terrain, purse, &mut forest);
    if !holds_required(terrain, &forest) || !purse.affords(terrain, &forest) {
        return None;
    }
    reach.start(terrain, &forest, terrain.budget() - forest.cost);
    let value = |building: u32| -> i64 {
        let bundle = rules.bundle(&building).iter();
        bundle.map(|&leaf| terrain.instance.prizes[leaf as usize]).sum()
    };
    let first = |building: &u32| rules.bundle(building)[0] == *building;
    let mut order: Vec<(i64, i64, u32)> = terrain
        .buildings()
        .filter(|building| first(building) && !forest.holds(*building))
        .filter_map(|building| Some((value(building), cost(rules, &reach, building)?, building)))
        .filter(|&(prize, _, _)| prize > 0)
        .collect();
    order.sort_unstable_by(|&a, &b| better(a, b));
    for (place, (_, _, building)) in order.into_iter().enumerate() {
        if listener.is_halted() || place >= ALWAYS && listener.is_over() {
            break;
        }
        let free = terrain.budget() - forest.cost;
        let fits = cost(rules, &reach, building).is_some_and(|cost| cost <= free);
        if !fits || forest.holds(building) {
            continue;
        }
        let before = terrain.worth(&forest);
        if !join(terrain, rules, &mut forest, &reach, building) {
            continue;
        }
        if terrain.worth(&forest) > before && purse.affords(terrain, &forest) {
            take_in(terrain, purse, &mut reach, &forest, building);
        } else {
            part(terrain, rules, &mut forest, building);
        }
    }
    Some(forest)
}

/// Whether a forest holds every required node, also one that nobody may pay for.
fn holds_required(terrain: &Terrain<'_>, forest: &Forest) -> bool {
    let mut demands = (0_u32..).zip(&terrain.instance.demands);
    demands.all(|(node, &demand)| demand != Demand::Required || forest.holds(node))
}

/// Measures ways from the routes that were just built too.
fn take_in(
    terrain: &Terrain<'_>,
    purse: &dyn Purse,
    reach: &mut Reach,
    forest: &Forest,
    building: u32,
) {
    for &leaf in purse.rules().bundle(&building) {
        reach.extend(terrain, forest, leaf);
    }
}
