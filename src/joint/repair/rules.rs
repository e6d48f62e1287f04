//! From any forest to one that keeps the rules beyond money.
//!
//! In: a forest, perhaps a tree of the engine, which knows no floors, quotas, groups or limits on routes.
//! Out: the forest with what offends taken out and what is lacking joined, so far as that goes; what it
//! costs is looked at later. What is required goes only where no way to it is short enough.

use crate::joint::gain::Gain;
use std::collections::BTreeSet;

use crate::joint::constraints::{Constraints, Limit};
use crate::joint::construct::insertion::{cost, insert, insert_one, remove};
use crate::joint::construct::paths::InsertionPaths;
use crate::joint::forest::Forest;
use crate::joint::funding_oracle::FundingOracle;
use crate::joint::problem::JointProblem;
use crate::joint::progress::SearchProgress;

/// Farther than any route costs.
const ANYWHERE: i64 = 1 << 60;

/// Makes a forest keep the rules, so far as that goes without looking at money, and as far as there is time.
pub fn rule_repair(
    problem: &JointProblem<'_>,
    oracle: &FundingOracle,
    forest: &mut Forest,
    progress: &SearchProgress<'_>,
) {
    let rules = oracle.constraints();
    if rules.is_empty() || rules.allows(problem, forest) {
        return;
    }
    let mut paths = InsertionPaths::new(problem.instance.nodes());
    for leaf in rules.too_far(forest) {
        if progress.is_over() {
            return;
        }
        forest.detach(problem, leaf);
        paths.start(problem, forest, ANYWHERE);
        if !insert_one(problem, rules, forest, &paths, leaf) {
            remove(problem, rules, forest, leaf);
        }
    }
    for leaf in forest.held.clone() {
        if progress.is_over() {
            return;
        }
        let whole = rules.bundle(&leaf).iter().all(|&other| forest.holds(other));
        if !whole && forest.holds(leaf) {
            paths.start(problem, forest, ANYWHERE);
            if !insert(problem, rules, forest, &paths, leaf) {
                remove(problem, rules, forest, leaf);
            }
        }
    }
    for limit in &rules.limits {
        shrink(problem, rules, forest, limit, progress);
    }
    for limit in &rules.limits {
        grow(problem, rules, forest, limit, &mut paths, progress);
    }
    free_ports(problem, rules, forest, progress);
}

/// Takes out what counts towards a quota, least prize for what it counts first.
fn shrink(
    problem: &JointProblem<'_>,
    rules: &Constraints,
    forest: &mut Forest,
    limit: &Limit,
    progress: &SearchProgress<'_>,
) {
    while limit.exceeds(problem, forest) > 0 && !progress.is_over() {
        let Some(building) = worst(problem, rules, forest, |leaf| limit.own(leaf)) else { return };
        remove(problem, rules, forest, building);
    }
}

/// Joins what counts towards a floor, most of it for its cost first, where no quota is exceeded.
fn grow(
    problem: &JointProblem<'_>,
    rules: &Constraints,
    forest: &mut Forest,
    limit: &Limit,
    paths: &mut InsertionPaths,
    progress: &SearchProgress<'_>,
) {
    let mut refused = BTreeSet::new();
    while limit.lacks(problem, forest) > 0 && !progress.is_over() {
        paths.start(problem, forest, ANYWHERE);
        let lack = limit.lacks(problem, forest);
        // What goes beyond the floor counts for nothing.
        let counted = |own: i64| i64::try_from(lack).map_or(own, |lack| own.min(lack));
        let mut helpers: Vec<Gain> = problem
            .buildings()
            .filter(|building| {
                !forest.holds(*building) && limit.own(*building) > 0 && !refused.contains(building)
            })
            .filter_map(|building| {
                let cost = cost(rules, paths, building)?;
                Some(Gain { prize: counted(limit.own(building)), cost, place: building })
            })
            .collect();
        helpers.sort_unstable_by(|a, b| a.order(*b));
        let joined = helpers.into_iter().any(|Gain { place: building, .. }| {
            let exceeds = |forest: &Forest| -> i128 {
                rules.limits.iter().map(|limit| limit.exceeds(problem, forest)).sum()
            };
            let before = exceeds(forest);
            let joined = insert(problem, rules, forest, paths, building);
            if joined && exceeds(forest) > before {
                remove(problem, rules, forest, building);
            } else if joined {
                return true;
            }
            refused.insert(building);
            false
        });
        if !joined {
            return;
        }
    }
}

/// Takes out what gives least for what it saves, until every exchange has ports enough.
fn free_ports(
    problem: &JointProblem<'_>,
    rules: &Constraints,
    forest: &mut Forest,
    progress: &SearchProgress<'_>,
) {
    while let Some(full) = rules.overfull(forest).filter(|_| !progress.is_over()) {
        let on_it = |leaf: u32| i64::from(forest.exchange_of(leaf) == Some(full));
        let Some(building) = worst(problem, rules, forest, on_it) else { return };
        remove(problem, rules, forest, building);
    }
}

/// Of the buildings that count, may go and leave every floor met, the one that gives least prize for what
/// it counts.
fn worst(
    problem: &JointProblem<'_>,
    rules: &Constraints,
    forest: &Forest,
    counts: impl Fn(u32) -> i64,
) -> Option<u32> {
    let free = |leaf: &u32| {
        counts(*leaf) > 0
            && rules.bundle(leaf).iter().all(|&other| !problem.requires(other))
            && rules.spares(problem, forest, *leaf)
    };
    let of =
        |leaf: u32| Gain { prize: forest.brings(problem, leaf), cost: counts(leaf), place: leaf };
    forest.held.iter().copied().filter(free).max_by(|&a, &b| of(a).order(of(b)))
}
