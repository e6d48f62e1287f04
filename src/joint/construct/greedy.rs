//! A first plan at once: buildings by the ratio of prize to the cost of the way in, each looked at once.
//!
//! What for: something to show, and to keep, from the first moment on. In: a problem and an oracle. Out: a
//! payable forest, where one is found this way: required buildings first, then whoever can be paid. It takes
//! one shortest-path search, continued as routes are built, and one look at each building.

use crate::joint::gain::Gain;
use std::time::Duration;

use super::insertion::{cost, insert, remove};
use super::paths::InsertionPaths;
use crate::joint::forest::Forest;
use crate::joint::funding_oracle::FundingOracle;
use crate::joint::problem::JointProblem;
use crate::joint::progress::SearchProgress;
use crate::joint::repair::rules::rule_repair;

/// Buildings that are looked at whatever the time, so that the first plan is more than nothing.
const ALWAYS: usize = 20;
/// Time in which what is required is still joined once the caller has asked to stop.
const GRACE: Duration = Duration::from_millis(400);

/// Which buildings come first.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Ranking {
    /// Those of most prize for what the way in costs.
    Ratio,
    /// Those of most prize.
    Prize,
}

/// A payable forest that holds what is required, then whoever can be paid, most prize for the cost first;
/// `None` where this way of building finds none.
pub fn first_forest(
    problem: &JointProblem<'_>,
    oracle: &FundingOracle,
    progress: &SearchProgress<'_>,
) -> Option<Forest> {
    ranked_forest(problem, oracle, Ranking::Ratio, progress)
}

/// The same, by some ranking.
pub fn ranked_forest(
    problem: &JointProblem<'_>,
    oracle: &FundingOracle,
    ranking: Ranking,
    progress: &SearchProgress<'_>,
) -> Option<Forest> {
    let rules = oracle.constraints();
    let mut forest = Forest::empty(problem);
    let mut paths = InsertionPaths::new(problem.instance.nodes());
    let demanded: Vec<u32> = problem.required().collect();
    // What is required may be anywhere; for the rest whatever is found in time will do.
    let stops = || {
        let is_over = progress.is_over();
        progress.is_halted_for(GRACE) || demanded.is_empty() && is_over
    };
    paths.start_unless(problem, &forest, problem.budget(), &stops);
    for &building in &demanded {
        if forest.holds(building) {
            continue;
        }
        if progress.is_halted_for(GRACE) || !insert(problem, rules, &mut forest, &paths, building) {
            return None;
        }
        take_in(problem, oracle, &mut paths, &forest, building, &stops);
    }
    rule_repair(problem, oracle, &mut forest, progress);
    // Keeping the rules may have cost what is required.
    let is_whole = demanded.iter().all(|&building| forest.holds(building));
    if !is_whole || !oracle.affords(problem, &forest) {
        return None;
    }
    if !forest.held.is_empty() {
        let free = problem.budget() - forest.cost;
        paths.start_unless(problem, &forest, free, &|| progress.is_over());
    }
    let value = |building: u32| -> i64 {
        let bundle = rules.bundle(&building).iter();
        bundle.map(|&leaf| problem.instance.prizes[leaf as usize]).sum()
    };
    let first = |building: &u32| rules.bundle(building)[0] == *building;
    let mut order: Vec<Gain> = problem
        .buildings()
        .filter(|building| first(building) && !forest.holds(*building))
        .filter_map(|building| {
            let cost = match (cost(rules, &paths, building)?, ranking) {
                (cost, Ranking::Ratio) => cost,
                (_, Ranking::Prize) => 1,
            };
            Some(Gain { prize: value(building), cost, place: building })
        })
        .filter(|gain| gain.prize > 0)
        .collect();
    order.sort_unstable_by(|a, b| a.order(*b));
    for (place, Gain { place: building, .. }) in order.into_iter().enumerate() {
        if progress.is_halted_for(GRACE) || place >= ALWAYS && progress.is_over() {
            break;
        }
        progress.look(paths.looked());
        let free = problem.budget() - forest.cost;
        let fits = cost(rules, &paths, building).is_some_and(|cost| cost <= free);
        if !fits || forest.holds(building) {
            continue;
        }
        let before = forest.worth(problem);
        if !insert(problem, rules, &mut forest, &paths, building) {
            continue;
        }
        if forest.worth(problem) > before && oracle.affords(problem, &forest) {
            take_in(problem, oracle, &mut paths, &forest, building, &stops);
        } else {
            remove(problem, rules, &mut forest, building);
        }
    }
    Some(forest)
}

/// Measures ways from the routes that were just built too, as far as there is time.
fn take_in(
    problem: &JointProblem<'_>,
    oracle: &FundingOracle,
    paths: &mut InsertionPaths,
    forest: &Forest,
    building: u32,
    stops: &dyn Fn() -> bool,
) {
    for &leaf in oracle.constraints().bundle(&building) {
        paths.extend_unless(problem, forest, leaf, stops);
    }
}
