//! The least cost for a target, under the pots.
//!
//! In: a question whose prizes are what the target counts, and the target; perhaps a forest that reaches it.
//! Out: the cheapest payable forest found that reaches it, and a bound below which none is. The merged pot gives
//! both where its tree can be paid; otherwise the cost is closed in on with less and less money: by branching for
//! whatever reaches the target, then by planning for the most prize. What reaches the target is a cheaper plan,
//! what is proven not to is a higher bound.

use super::branch_and_bound::{Known, branch};
use super::construct::greedy::first_forest;
use super::construct::widen::routes_of;
use super::driver::{self, AT_ONCE, is_too_late};
use super::effort_split::EffortSplit;
use super::forest::Forest;
use super::funding_oracle::FundingOracle;
use super::problem::JointProblem;
use super::progress::{RunShows, SearchProgress, Shown};
use super::repair::funding::repair_funding;
use super::repair::spare::{spare, spare_idle};
use super::{CostProof, Found, NoPlan};
use crate::effort::Effort;
use crate::engine::{self, Goal, Instance, Solution};
use crate::error::Error;
use crate::observe::Observer;
use crate::status::{Status, gap};

/// Share of the effort for the merged pot, in hundredths, where its tree may not be payable.
const MERGED: u32 = 50;
/// Parts of the effort: an amount of money gets one, and more where that decides nothing. First for branching,
/// then for whole plans.
const BRANCHING: [u64; 2] = [16, 4];
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
    from_known(problem, oracle, at_least, None, effort, observer)
}

/// The cheapest tree found that is worth as much as one that the pots can pay, and what is proven of its cost.
///
/// # Errors
///
/// As [`least_cost`].
pub fn cheapest(
    problem: &JointProblem<'_>,
    oracle: &FundingOracle,
    known: &Solution,
    effort: &Effort,
    observer: &mut dyn Observer,
) -> Result<(Solution, CostProof), Error> {
    let forest = Forest::of(problem, known);
    let found = from_known(problem, oracle, forest.prize, Some(forest), effort, observer)?;
    let proof = CostProof { bound: found.bound, status: found.status };
    Ok((found.solution.unwrap_or_else(|| known.clone()), proof))
}

/// A tree that the pots can pay, without the buildings that bring nothing and let nobody else be paid for.
pub fn without_idle(
    problem: &JointProblem<'_>,
    oracle: &FundingOracle,
    known: &Solution,
    effort: &Effort,
    observer: &mut dyn Observer,
) -> Solution {
    let mut forest = Forest::of(problem, known);
    let progress =
        SearchProgress::new(effort.start(), observer, Shown::Nothing).within_work(effort.work);
    spare_idle(problem, oracle, &mut forest, &progress);
    forest.solution()
}

/// The cheapest forest that reaches a target, beginning with one that does where it is known.
fn from_known(
    problem: &JointProblem<'_>,
    oracle: &FundingOracle,
    at_least: i64,
    known: Option<Forest>,
    effort: &Effort,
    observer: &mut dyn Observer,
) -> Result<Found, Error> {
    let split = EffortSplit::start(effort);
    let progress =
        SearchProgress::new(split.whole(), observer, Shown::Cost).within_work(effort.work);
    progress.proven(0, 0);
    progress.progress(0);
    let is_begun = !is_too_late(problem, &progress);
    let share = if oracle.is_plain(problem) { 100 } else { MERGED };
    let mut instance = problem.instance.clone();
    instance.goal = Goal::LeastCost { at_least };
    let part = split.until(share, share);
    let mut hearing = progress.during(RunShows::Nothing);
    let merged = engine::solve(&instance, &part, &mut hearing)?;
    let nothing = |status: Status, bound: i64, why: NoPlan| Ok(Found::nothing(status, bound, why));
    let least = match merged.status {
        Status::Infeasible => return nothing(Status::Infeasible, 0, NoPlan::BelowTarget),
        _ => merged.bound,
    };
    if least > problem.budget() {
        return nothing(Status::Infeasible, least, NoPlan::TargetBeyondAllMoney(least));
    }
    progress.proven(-least, merged.work);
    let mut target_cost = TargetCost {
        problem,
        oracle,
        at_least,
        best: None,
        bound: least,
        routes: None,
        progress: &progress,
    };
    target_cost.take(known);
    if let Some(tree) = &merged.solution {
        target_cost.routes = Some(routes_of(problem, tree));
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
    Ok(Found { work: progress.work(), ..Found::tree(status, best.solution(), bound) })
}

struct TargetCost<'a, 'o> {
    progress: &'a SearchProgress<'o>,
    problem: &'a JointProblem<'a>,
    oracle: &'a FundingOracle,
    at_least: i64,
    best: Option<Forest>,
    bound: i64,
    /// Those of the cheapest tree of the merged pot, where one is known.
    routes: Option<Forest>,
}

/// What became of an amount of money.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Amount {
    /// It is enough: there is a cheaper plan.
    Enough,
    /// It is proven not to be.
    TooLittle,
    Undecided,
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
        let (mut branching, mut planning) = (&BRANCHING[..], &PARTS[..]);
        let mut last = Amount::TooLittle;
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
            let middle = i64::midpoint(self.bound, high);
            if let (Some(_), [parts, larger @ ..]) = (&self.best, branching) {
                // A penny less may settle it; where that is enough, much less is tried.
                let money = if last == Amount::Enough { middle } else { high };
                last = self.branch_within(money, *parts, split);
                if last == Amount::Undecided {
                    branching = larger;
                }
                continue;
            }
            // Without a plan, all the money comes first.
            let money = if self.best.is_none() { high } else { middle };
            let [parts, larger @ ..] = planning else { return Ok(false) };
            if self.within(money, *parts, split)? == Amount::Undecided {
                planning = larger;
            }
        }
        Ok(false)
    }

    /// The instance with so much money.
    fn with_money(&self, money: i64) -> Instance {
        let goal = Goal::MostPrize { budget: money };
        Instance { goal, ..self.problem.instance.clone() }
    }

    /// Branches for any forest within so much money that reaches the target, beginning with a stand-in for one
    /// that just misses it.
    fn branch_within(&mut self, money: i64, parts: u64, split: &EffortSplit<'_>) -> Amount {
        let Some(best) = &self.best else { return Amount::Undecided };
        let part = split.one_of(parts).without_gap();
        let instance = self.with_money(money);
        let mut problem = self.problem.over(&instance);
        problem.set_budget(money);
        let mut missing = best.clone();
        missing.prize = self.at_least - 1;
        let merged = self.routes.clone().unwrap_or_else(|| best.clone());
        let known = Known {
            short: self.oracle.tightest(&merged),
            merged: &merged,
            best: Some(missing),
            bound: self.at_least,
        };
        let mut hearing = self.progress.during(RunShows::Nothing);
        let quiet =
            SearchProgress::new(part.start(), &mut hearing, Shown::Nothing).within_work(part.work);
        let branched = branch(&problem, self.oracle, known, &part, &quiet);
        self.progress.spent(branched.work);
        let found = branched.best.filter(|forest| forest.prize >= self.at_least);
        if found.is_none() && (branched.exhausted || branched.bound < self.at_least) {
            return self.too_little(money);
        }
        self.taken(found)
    }

    /// Plans for the most within so much money.
    fn within(&mut self, money: i64, parts: u64, split: &EffortSplit<'_>) -> Result<Amount, Error> {
        let part = split.one_of(parts).without_gap();
        let instance = self.with_money(money);
        let mut problem = self.problem.over(&instance);
        problem.set_budget(money);
        let mut hearing = self.progress.during(RunShows::Nothing);
        let found = driver::search(&problem, self.oracle, &part, &mut hearing)?;
        let forest = found.solution.as_ref().map(|tree| Forest::of(self.problem, tree));
        self.progress.spent(found.work);
        let taken = self.taken(forest);
        if taken == Amount::Undecided
            && (found.status == Status::Infeasible || found.bound < self.at_least)
        {
            return Ok(self.too_little(money));
        }
        Ok(taken)
    }

    /// Takes what an amount of money was enough for.
    fn taken(&mut self, found: Option<Forest>) -> Amount {
        let before = self.best.as_ref().map(|best| best.cost);
        self.take(found);
        let is_cheaper = self.best.as_ref().map(|best| best.cost) != before;
        if is_cheaper { Amount::Enough } else { Amount::Undecided }
    }

    fn too_little(&mut self, money: i64) -> Amount {
        self.bound = self.bound.max(money.saturating_add(1));
        self.progress.proven(-self.bound, 0);
        Amount::TooLittle
    }
}
