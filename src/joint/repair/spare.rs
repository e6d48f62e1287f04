//! Taking out what a forest is better without.

use crate::joint::construct::insertion::remove;
use crate::joint::forest::Forest;
use crate::joint::funding_oracle::FundingOracle;
use crate::joint::problem::JointProblem;
use crate::joint::progress::SearchProgress;

/// Takes out what the forest is better without, dearest first; `better` compares it without and with.
pub fn spare(
    problem: &JointProblem<'_>,
    oracle: &FundingOracle,
    forest: &mut Forest,
    better: &dyn Fn(&Forest, &Forest) -> bool,
    progress: &SearchProgress<'_>,
) {
    let mut order: Vec<(i64, u32)> =
        forest.held.iter().map(|&leaf| (-forest.saving(problem, leaf), leaf)).collect();
    order.sort_unstable();
    for (_, leaf) in order {
        if progress.is_over() {
            break;
        }
        if !forest.holds(leaf) || !oracle.constraints().is_free(problem, leaf) {
            continue;
        }
        progress.look(problem.nodes() as u64);
        let mut less = forest.clone();
        remove(problem, oracle.constraints(), &mut less, leaf);
        if better(&less, forest) {
            *forest = less;
        }
    }
}

/// Takes out what costs something and brings nothing, where all else can be paid without it.
pub fn spare_idle(
    problem: &JointProblem<'_>,
    oracle: &FundingOracle,
    forest: &mut Forest,
    progress: &SearchProgress<'_>,
) {
    let is_idle = |forest: &Forest, leaf: u32| {
        forest.brings(problem, leaf) == 0 && forest.saving(problem, leaf) > 0
    };
    let idle: Vec<u32> =
        forest.held.iter().copied().filter(|&leaf| is_idle(forest, leaf)).collect();
    for leaf in idle {
        if progress.is_over() {
            break;
        }
        if !is_idle(forest, leaf) || !oracle.constraints().is_free(problem, leaf) {
            continue;
        }
        progress.look(problem.nodes() as u64);
        let mut less = forest.clone();
        remove(problem, oracle.constraints(), &mut less, leaf);
        if less.prize == forest.prize && oracle.affords(problem, &less) {
            *forest = less;
        }
    }
}

/// Takes out what brings less than it is charged for.
pub fn spare_at_a_loss(
    problem: &JointProblem<'_>,
    oracle: &FundingOracle,
    forest: &mut Forest,
    progress: &SearchProgress<'_>,
) {
    spare(
        problem,
        oracle,
        forest,
        &|less, forest| {
            less.worth(problem) > forest.worth(problem) && oracle.affords(problem, less)
        },
        progress,
    );
}
