//! The least cost for a target, under the pots.
//!
//! In: a question whose prizes are what the target counts, and the target. Out: the cheapest payable forest
//! found that reaches it, and a bound below which none is. The merged pot gives both where its tree can be
//! paid; otherwise the cost is closed in on by planning for the most prize within less and less money:
//! what reaches the target is a cheaper plan, what is proven not to is a higher bound.

use super::construct::greedy::first_forest;
use super::driver::{self, AT_ONCE, is_too_late};
use super::effort_split::EffortSplit;
use super::forest::Forest;
use super::funding_oracle::FundingOracle;
use super::problem::JointProblem;
use super::progress::{RunShows, SearchProgress, Shown};
use super::repair::funding::repair_funding;
use super::repair::spare::spare;
use super::{Found, NoPlan};
use crate::effort::Effort;
use crate::engine::{self, Goal};
use crate::error::Error;
use crate::observe::Observer;
use crate::status::{Status, gap};

/// Share of the effort for the merged pot, in hundredths, where its tree may not be payable.
const MERGED: u32 = 50;
/// Parts of the effort: an amount of money gets one, and more where that decides nothing.
const PARTS: [u64; 3] = [24, 8, 3];
/// Amounts tried, at most; small questions are decided long before.
const MOST_AMOUNTS: u32 = 64;

/// The cheapest forest found that the pots can pay and that reaches the target; its bound is one on the
/// cost in pence.
///
/// # Errors
///
/// Those of the engine: an instance that is not valid.
pub fn least_cost(
    problem: &JointProblem<'_>,
    oracle: &FundingOracle,
    at_least: i64,
    effort: &Effort,
    observer: &mut dyn Observer,
) -> Result<Found, Error> {
    let split = EffortSplit::start(effort);
    let progress = SearchProgress::new(split.whole(), observer, Shown::Cost);
    progress.proven(0, 0);
    progress.progress(0);
    let is_begun = !is_too_late(problem, &progress);
    let share = if oracle.is_plain(problem) { 100 } else { MERGED };
    let mut instance = problem.instance.clone();
    instance.goal = Goal::LeastCost { at_least };
    let part = split.until(share, share);
    let mut hearing = progress.during(RunShows::Nothing);
    let merged = engine::solve(&instance, &part, &mut hearing)?;
    let nothing = |status: Status, bound: i64, reason: NoPlan| {
        Ok(Found { status, solution: None, bound, no_plan: Some(reason) })
    };
    let least = match merged.status {
        Status::Infeasible => return nothing(Status::Infeasible, 0, NoPlan::BelowTarget),
        _ => merged.bound,
    };
    if least > problem.budget() {
        return nothing(Status::Infeasible, least, NoPlan::TargetBeyondAllMoney(least));
    }
    progress.proven(-least, merged.work);
    let mut target_cost =
        TargetCost { problem, oracle, at_least, best: None, bound: least, progress: &progress };
    if let Some(tree) = &merged.solution {
        target_cost.take(Some(Forest::of(problem, tree)));
        target_cost.take(repair_funding(problem, oracle, tree, &progress));
    }
    let decided = target_cost.close_in(&split)?;
    if target_cost.best.is_none() && !decided && is_begun {
        // What can be had at once is better than nothing.
        progress.phase("start");
        let end = progress.grant(AT_ONCE);
        target_cost.take(first_forest(problem, oracle, &progress));
        progress.end_at(end);
    }
    let TargetCost { best, bound, .. } = target_cost;
    let Some(best) = best else {
        return if decided {
            nothing(Status::Infeasible, bound, NoPlan::BeyondThePots)
        } else {
            let reason = if is_begun { NoPlan::NotFound } else { NoPlan::NotLookedFor };
            nothing(Status::Unknown, bound, reason)
        };
    };
    let status = if best.cost == bound {
        Status::Optimal
    } else if gap(best.cost, bound) <= effort.gap {
        Status::GapReached
    } else {
        Status::LimitReached
    };
    Ok(Found { status, solution: Some(best.solution()), bound, no_plan: None })
}

struct TargetCost<'a, 'o> {
    progress: &'a SearchProgress<'o>,
    problem: &'a JointProblem<'a>,
    oracle: &'a FundingOracle,
    at_least: i64,
    best: Option<Forest>,
    bound: i64,
}

impl TargetCost<'_, '_> {
    /// Takes a forest that reaches the target and can be paid, without what it can do without.
    fn take(&mut self, found: Option<Forest>) {
        let affords = |forest: &Forest| {
            forest.prize >= self.at_least && self.oracle.affords(self.problem, forest)
        };
        let Some(mut forest) = found.filter(|forest| affords(forest)) else { return };
        spare(
            self.problem,
            self.oracle,
            &mut forest,
            &|less, forest| less.cost < forest.cost && affords(less),
            self.progress,
        );
        if self.best.as_ref().is_none_or(|best| forest.cost < best.cost) {
            self.progress.note(Some(-forest.cost));
            self.best = Some(forest);
        }
    }

    /// Tries amounts of money between the bound and the best plan; true when nothing is left between.
    fn close_in(&mut self, split: &EffortSplit<'_>) -> Result<bool, Error> {
        let mut parts = PARTS.iter();
        let mut part = parts.next();
        for _ in 0..MOST_AMOUNTS {
            let high = self.best.as_ref().map_or(self.problem.budget(), |best| best.cost - 1);
            let enough = split.effort.gap;
            let close = self
                .best
                .as_ref()
                .is_some_and(|best| enough > 0.0 && gap(best.cost, self.bound) <= enough);
            if self.bound > high || close {
                return Ok(self.bound > high);
            }
            if self.progress.is_over() {
                return Ok(false);
            }
            // Without a plan, all the money comes first.
            let money = if self.best.is_none() { high } else { i64::midpoint(self.bound, high) };
            let Some(&share) = part else { return Ok(false) };
            if !self.within(money, share, split)? {
                part = parts.next();
            }
        }
        Ok(false)
    }

    /// Plans for the most within so much money; false when that decided nothing.
    fn within(&mut self, money: i64, parts: u64, split: &EffortSplit<'_>) -> Result<bool, Error> {
        let part = split.one_of(parts).without_gap();
        let mut instance = self.problem.instance.clone();
        instance.goal = Goal::MostPrize { budget: money };
        let mut problem = self.problem.over(&instance);
        problem.set_budget(money);
        let mut hearing = self.progress.during(RunShows::Nothing);
        let found = driver::search(&problem, self.oracle, &part, &mut hearing)?;
        let before = self.best.as_ref().map(|best| best.cost);
        if let Some(tree) = &found.solution {
            self.take(Some(Forest::of(self.problem, tree)));
        }
        if self.best.as_ref().map(|best| best.cost) != before {
            return Ok(true);
        }
        if found.status == Status::Infeasible || found.bound < self.at_least {
            self.bound = self.bound.max(money.saturating_add(1));
            self.progress.proven(-self.bound, 0);
            return Ok(true);
        }
        Ok(false)
    }
}
