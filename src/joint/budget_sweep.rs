//! Many budgets over one problem: each plan begins with that of the budget before.
//!
//! In: a problem, and for each budget, least first, an oracle and the engine's tree. Out: a payable forest for
//! each. A plan for less money is one for more, so that what is found never falls.

use super::construct::fill::{fill, pair_up};
use super::construct::paths::InsertionPaths;
use super::forest::Forest;
use super::funding_oracle::FundingOracle;
use super::improve::{Improving, improve, work_per_round};
use super::problem::JointProblem;
use super::progress::{SearchProgress, Shown};
use super::repair::funding::repair_funding;
use crate::effort::Effort;
use crate::engine::{Demand, Solution};
use crate::observe::Observer;

/// Rounds of improvement at each budget, by building.
const ROUNDS_PER_BUILDING: u64 = 2;

/// Improves a payable forest within an effort.
pub fn polish(
    problem: &JointProblem<'_>,
    oracle: &FundingOracle,
    forest: Forest,
    effort: &Effort,
    observer: &mut dyn Observer,
) -> Forest {
    let work_per_round = work_per_round(problem);
    let rounds = ROUNDS_PER_BUILDING * problem.buildings().count() as u64;
    let limits = Improving {
        rounds: rounds.min(effort.work.unwrap_or(u64::MAX) / work_per_round),
        work_per_round,
        seed: effort.seed,
        ceiling: i64::MAX,
    };
    let progress = SearchProgress::new(effort.start(), observer, Shown::Nothing);
    improve(problem, oracle, forest, &limits, &progress)
}

/// A sweep over budgets from least to most.
pub struct BudgetSweep {
    best: Option<Forest>,
    nested: bool,
    seed: u64,
}

/// How hard to try at one budget.
pub struct SweepPoint<'a> {
    /// The engine's tree for the merged pot.
    pub tree: Option<&'a Solution>,
    /// Prize that cannot be beaten, and one that is near enough.
    pub ceiling: i64,
    pub enough: i64,
    /// How long to improve.
    pub effort: Effort,
}

impl BudgetSweep {
    /// Begins with no plan. `nested`: each plan keeps all that the one before connects and builds.
    pub fn new(nested: bool, seed: u64) -> Self {
        Self { best: None, nested, seed }
    }

    /// A payable forest for the problem's budget, which is no less than at the call before.
    pub fn next(
        &mut self,
        problem: &JointProblem<'_>,
        oracle: &FundingOracle,
        swept: &SweepPoint<'_>,
        observer: &mut dyn Observer,
    ) -> Option<&Forest> {
        let progress = SearchProgress::new(swept.effort.start(), observer, Shown::Nothing)
            .within_work(swept.effort.work);
        let before = self.best.take().filter(|forest| oracle.affords(problem, forest));
        let mut found = before.clone();
        let mut paths = InsertionPaths::new(problem.instance.nodes());
        if let Some(forest) = &mut found {
            let prize = |leaf: u32| problem.instance.prizes[leaf as usize];
            fill(problem, oracle, forest, &mut paths, &mut { prize }, &progress);
            pair_up(problem, oracle, forest, &progress);
        }
        if !self.nested || found.is_none() {
            let mended =
                swept.tree.and_then(|tree| repair_funding(problem, oracle, tree, &progress));
            found = [found, mended].into_iter().flatten().max_by_key(|forest| forest.rank(problem));
        }
        if let Some(forest) = found.take_if(|forest| forest.prize < swept.enough) {
            let kept = before.filter(|_| self.nested);
            found = Some(self.improved(problem, oracle, forest, kept.as_ref(), swept, &progress));
        }
        self.best = found;
        self.best.as_ref()
    }

    /// Takes a better forest for the budget of the last call, found elsewhere.
    pub fn take(&mut self, forest: Forest) {
        if !self.nested && self.best.as_ref().is_none_or(|best| forest.prize > best.prize) {
            self.best = Some(forest);
        }
    }

    fn improved(
        &mut self,
        problem: &JointProblem<'_>,
        oracle: &FundingOracle,
        forest: Forest,
        kept: Option<&Forest>,
        swept: &SweepPoint<'_>,
        progress: &SearchProgress<'_>,
    ) -> Forest {
        let work_per_round = work_per_round(problem);
        let rounds = ROUNDS_PER_BUILDING * problem.buildings().count() as u64;
        self.seed = self.seed.wrapping_add(1);
        let limits = Improving {
            rounds: rounds.min(swept.effort.work.unwrap_or(u64::MAX) / work_per_round),
            work_per_round,
            seed: self.seed,
            ceiling: swept.ceiling.min(swept.enough),
        };
        let Some(kept) = kept else {
            return improve(problem, oracle, forest, &limits, progress);
        };
        // What the plan before connects stays: it is required of the instance that is searched.
        let mut instance = problem.instance.clone();
        for &leaf in &kept.held {
            instance.demands[leaf as usize] = Demand::Required;
        }
        let problem = problem.over(&instance);
        improve(&problem, oracle, forest, &limits, progress)
    }
}
