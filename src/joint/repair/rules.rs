//! From any forest to one that keeps the rules beyond money.
//!
//! In: a forest, perhaps a tree of the engine, which knows no floors, quotas, groups or limits on routes.
//! Out: the forest with what offends taken out and what is lacking joined, so far as that goes; what it
//! costs is looked at later. What is required goes only where no way to it is short enough.

use crate::joint::constraints::{Limit, Rulebook};
use crate::joint::construct::insertion::{Reach, better};
use crate::joint::forest::Forest;
use crate::joint::funding_oracle::Purse;
use crate::joint::improve::required;
use crate::joint::problem::Terrain;

/// Farther than any route costs.
const ANYWHERE: i64 = 1 << 60;

/// Joins a building and all that go with it, by the cheapest ways in; by a shorter way where the
/// cheapest is longer than the rules allow. False, with nothing changed, where one has no way in.
pub fn join(
    terrain: &Terrain<'_>,
    rules: &Rulebook,
    forest: &mut Forest,
    reach: &Reach,
    building: u32,
) -> bool {
    let mut joined = Vec::new();
    for &leaf in rules.bundle(&building) {
        if forest.holds(leaf) {
            continue;
        }
        if !join_one(terrain, rules, forest, reach, leaf) {
            for leaf in joined {
                forest.detach(terrain, leaf);
            }
            return false;
        }
        joined.push(leaf);
    }
    true
}

fn join_one(
    terrain: &Terrain<'_>,
    rules: &Rulebook,
    forest: &mut Forest,
    reach: &Reach,
    leaf: u32,
) -> bool {
    if reach.cost(leaf).is_some() {
        forest.attach(terrain, leaf, &|node| reach.step(node));
        if !rules.too_far(forest).contains(&leaf) {
            return true;
        }
        forest.detach(terrain, leaf);
    }
    let Some(way) = rules.short_way(terrain, forest, leaf) else { return false };
    forest.attach(terrain, leaf, &|node| way.get(&node).copied());
    true
}

/// Takes out a building and all that go with it.
pub fn part(terrain: &Terrain<'_>, rules: &Rulebook, forest: &mut Forest, building: u32) {
    for &leaf in rules.bundle(&building) {
        forest.detach(terrain, leaf);
    }
}

/// What joining a building and all that go with it costs at most; `None` where one is out of reach.
pub fn cost(rules: &Rulebook, reach: &Reach, building: u32) -> Option<i64> {
    rules.bundle(&building).iter().map(|&leaf| reach.cost(leaf)).sum()
}

/// Makes a forest keep the rules, so far as that goes without looking at money.
pub fn settle(terrain: &Terrain<'_>, purse: &dyn Purse, forest: &mut Forest) {
    let rules = purse.rules();
    if rules.is_empty() || rules.allows(terrain, forest) {
        return;
    }
    let mut reach = Reach::new(terrain.instance.nodes());
    for leaf in rules.too_far(forest) {
        forest.detach(terrain, leaf);
        reach.start(terrain, forest, ANYWHERE);
        if !join_one(terrain, rules, forest, &reach, leaf) {
            part(terrain, rules, forest, leaf);
        }
    }
    for leaf in forest.held.clone() {
        let whole = rules.bundle(&leaf).iter().all(|&other| forest.holds(other));
        if !whole && forest.holds(leaf) {
            reach.start(terrain, forest, ANYWHERE);
            if !join(terrain, rules, forest, &reach, leaf) {
                part(terrain, rules, forest, leaf);
            }
        }
    }
    for limit in &rules.limits {
        shrink(terrain, rules, forest, limit);
    }
    for limit in &rules.limits {
        grow(terrain, rules, forest, limit, &mut reach);
    }
    free_ports(terrain, rules, forest);
}

/// Takes out what counts towards a quota, least prize for what it counts first.
fn shrink(terrain: &Terrain<'_>, rules: &Rulebook, forest: &mut Forest, limit: &Limit) {
    while limit.exceeds(terrain, forest) > 0 {
        let Some(building) = worst(terrain, rules, forest, |leaf| limit.own(leaf)) else { return };
        part(terrain, rules, forest, building);
    }
}

/// Joins what counts towards a floor, most of it for its cost first, where no quota is exceeded.
fn grow(
    terrain: &Terrain<'_>,
    rules: &Rulebook,
    forest: &mut Forest,
    limit: &Limit,
    reach: &mut Reach,
) {
    let mut refused = Vec::new();
    while limit.lacks(terrain, forest) > 0 {
        reach.start(terrain, forest, ANYWHERE);
        let lack = limit.lacks(terrain, forest);
        // What goes beyond the floor counts for nothing.
        let counted = |own: i64| i64::try_from(lack).map_or(own, |lack| own.min(lack));
        let mut helpers: Vec<(i64, i64, u32)> = terrain
            .buildings()
            .filter(|building| {
                !forest.holds(*building) && limit.own(*building) > 0 && !refused.contains(building)
            })
            .filter_map(|b| Some((counted(limit.own(b)), cost(rules, reach, b)?, b)))
            .collect();
        helpers.sort_unstable_by(|&a, &b| better(a, b));
        let joined = helpers.into_iter().any(|(_, _, building)| {
            let exceeds = |forest: &Forest| -> i128 {
                rules.limits.iter().map(|limit| limit.exceeds(terrain, forest)).sum()
            };
            let before = exceeds(forest);
            let joined = join(terrain, rules, forest, reach, building);
            if joined && exceeds(forest) > before {
                part(terrain, rules, forest, building);
            } else if joined {
                return true;
            }
            refused.push(building);
            false
        });
        if !joined {
            return;
        }
    }
}

/// Takes out what gives least for what it saves, until every exchange has ports enough.
fn free_ports(terrain: &Terrain<'_>, rules: &Rulebook, forest: &mut Forest) {
    while let Some(full) = rules.overfull(forest) {
        let on_it = |leaf: u32| i64::from(forest.exchange_of(leaf) == Some(full));
        let Some(building) = worst(terrain, rules, forest, on_it) else { return };
        part(terrain, rules, forest, building);
    }
}

/// Of the buildings that count, may go and leave every floor met, the one that gives least prize for what
/// it counts.
fn worst(
    terrain: &Terrain<'_>,
    rules: &Rulebook,
    forest: &Forest,
    counts: impl Fn(u32) -> i64,
) -> Option<u32> {
    let free = |leaf: &u32| {
        counts(*leaf) > 0
            && rules.bundle(leaf).iter().all(|&other| required(terrain, other).is_none())
            && rules.spares(terrain, forest, *leaf)
    };
    let of = |leaf: u32| (forest.brings(terrain, leaf), counts(leaf), leaf);
    forest.held.iter().copied().filter(free).max_by(|&a, &b| better(of(a), of(b)))
}
