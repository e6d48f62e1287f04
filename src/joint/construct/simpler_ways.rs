//! What planners do without a search, as forests to begin with.
//!
//! What for: the search is never behind a way that takes no time. In: a problem and an oracle. Out: payable
//! forests: buildings by their prize, by ratio priced again after each, and the least tree to all of them cut
//! down to what the pots can pay. The order fixed once by ratio is [`first_forest`](super::greedy::first_forest).

use super::fill::{fill, pair_up};
use super::greedy::{Ranking, ranked_forest};
use super::paths::InsertionPaths;
use crate::joint::forest::Forest;
use crate::joint::funding_oracle::FundingOracle;
use crate::joint::problem::JointProblem;
use crate::joint::progress::SearchProgress;
use crate::joint::repair::funding::repair_funding;

/// Nodes times buildings up to which these ways take next to no time.
const MOST: usize = 100_000_000;

/// The forests of all these ways, as far as there is time; none for very large problems.
pub fn simpler_ways(
    problem: &JointProblem<'_>,
    oracle: &FundingOracle,
    progress: &SearchProgress<'_>,
) -> Vec<Forest> {
    let buildings = problem.buildings().count();
    if problem.nodes().saturating_mul(buildings) > MOST || progress.is_over() {
        return Vec::new();
    }
    let ways = [
        ranked_forest(problem, oracle, Ranking::Prize, progress),
        by_changing_ratio(problem, oracle, progress),
        repair_funding(problem, oracle, &least_tree(problem, progress).solution(), progress),
    ];
    ways.into_iter().flatten().collect()
}

/// What is worth most for its cost, priced again after each; nothing where something is required.
fn by_changing_ratio(
    problem: &JointProblem<'_>,
    oracle: &FundingOracle,
    progress: &SearchProgress<'_>,
) -> Option<Forest> {
    let mut forest = Forest::empty(problem);
    if problem.required().next().is_some() || !oracle.affords(problem, &forest) {
        return None;
    }
    let mut paths = InsertionPaths::new(problem.nodes());
    fill(problem, oracle, &mut forest, &mut paths, &mut |leaf| problem.prize(leaf), progress);
    pair_up(problem, oracle, &mut forest, progress);
    Some(forest)
}

/// A short tree to every building with a prize or a claim, whatever the money: the nearest joins next.
fn least_tree(problem: &JointProblem<'_>, progress: &SearchProgress<'_>) -> Forest {
    let mut forest = Forest::empty(problem);
    let mut paths = InsertionPaths::new(problem.nodes());
    paths.start_unless(problem, &forest, i64::MAX - 1, &|| progress.is_over());
    let wanted = |&leaf: &u32| problem.prize(leaf) > 0 || problem.requires(leaf);
    let mut open: Vec<u32> = problem.buildings().filter(wanted).collect();
    while !progress.is_over() {
        progress.look(paths.looked() + open.len() as u64);
        let near = open.iter().filter_map(|&leaf| Some((paths.cost(leaf)?, leaf))).min();
        let Some((_, leaf)) = near else { break };
        forest.attach(problem, leaf, &|node| paths.step(node));
        paths.extend_unless(problem, &forest, leaf, &|| progress.is_over());
        open.retain(|&other| other != leaf);
    }
    forest
}
