//! Plans with years: the best final plan and plans that grow year by year, each scheduled; the best kept.
//!
//! In: a scenario with years, and an effort. Out: an outcome whose plan says in which year everything is built and
//! paid, with bounds on what is connected by the end of each year and on all years together.

mod bounds;
mod growth;
mod past;
mod problem;
mod regrow;
mod rules;
mod undated;

use std::collections::{BTreeMap, BTreeSet};

pub use rules::{in_order_of_ratio, one_year_at_a_time, worth_of_more};

use bounds::coverage_bounds;
use growth::grown;
use past::Past;
use problem::problem_of;
use regrow::regrown;
pub use undated::undated;
use undated::{lowest_prices_bound, undated_at, usual_level, with_floors};

use super::{list, outcome};
use crate::check::Checker;
use crate::effort::{Clock, Effort, Interrupt, LATE};
use crate::error::{Error, ErrorKind};
use crate::funding::fund;
use crate::model::{COVERAGE_YEARS, Objective, Scenario, YEAR_WEIGHT_UNIT};
use crate::network::Prepared;
use crate::observe::{Event, Hearing, Observer};
use crate::plan::{
    LaterReason, LeftOut, LeftOutReason, ObjectiveResult, Outcome, Parts, Plan, YearResult,
};
use crate::schedule::{Score, best_years, dated, later, thinned};
use crate::status::Status;
use crate::units::{Pence, Weight};

/// Parts of the effort: that of the final plan, of the bounds by year, of growing year by year; the rest is for
/// schedules.
const FINAL: u64 = 3;
const BOUNDS: u64 = 6;
const GROWING: u64 = 6;
/// What a schedule and its later years anew have of what is left then.
const REGROWING: u64 = 2;

/// Work units of a round of scheduling, for each item of the forest.
const WORK_OF_A_ROUND: u64 = 40_000;
/// Rounds without a limit on work.
const ROUNDS: u32 = 400;

/// Plans a scenario with years.
///
/// # Errors
///
/// As [`super::solve_prepared`].
pub fn solve(
    prepared: &Prepared,
    scenario: &Scenario,
    asked: &Effort,
    observer: &mut dyn Observer,
) -> Result<Outcome, Error> {
    let hearing = &mut Hearing::new(observer);
    let effort = &asked.left();
    let whole = with_floors(scenario, &undated(scenario));
    let past = &Past::of(prepared, scenario)?;
    let provenance = outcome::provenance(scenario, asked);
    let own = effort.part(FINAL);
    let known = provenance.clone();
    let mut outcome = if past.is_empty() {
        let outcome = list::solve(prepared, &whole, &own, hearing)?;
        Outcome { provenance, ..outcome }
    } else {
        past.planned(prepared, scenario, provenance, &own, hearing)?
    };
    if !lowest_prices_bound(scenario) {
        unproven(&mut outcome);
    }
    let Some(last) = outcome.plan.take() else { return Ok(outcome) };

    let _ = hearing.on(&Event::Phase { name: "years" });
    let own = effort.part(BOUNDS);
    let mut bounds = coverage_bounds(prepared, scenario, past, &own, hearing)?;
    tighten(scenario, &mut outcome, &mut bounds);
    let usual = usual_level(scenario);
    let is_dearer = past.is_empty()
        && usual != whole.rate_card.level
        && !effort.is_late()
        && !hearing.is_halted();
    // At the prices of most money: less of it has to be left out once years are found.
    let at_usual = if is_dearer {
        let at_usual = with_floors(scenario, &undated_at(scenario, usual));
        list::solve(prepared, &at_usual, &effort.part(GROWING), hearing)?.plan
    } else {
        None
    };
    let own = effort.part(GROWING);
    let is_late = effort.is_late() || hearing.is_halted();
    let by_growth = if is_late {
        None
    } else if scenario.objective.target().is_some() {
        most_for_a_target(prepared, scenario, past, &own, hearing)?
    } else {
        grown(prepared, scenario, past, &own, hearing)?
    };

    let _ = hearing.on(&Event::Phase { name: "schedule" });
    let clock = effort.start();
    let mut best: Option<Candidate> = None;
    let ground = Ground { scenario, last: &last, checker: Checker::new(scenario) };
    let forests: Vec<&Plan> =
        [Some(&last), at_usual.as_ref(), by_growth.as_ref()].into_iter().flatten().collect();
    for (place, &plan) in forests.iter().enumerate() {
        let share = effort.left().part(REGROWING).turn(forests.len() - place);
        try_forest(&ground, plan, &share, clock, hearing, &mut best)?;
    }
    // Later years anew, as long as that is better.
    let mut better = best.is_some();
    while better && !effort.is_late() && !hearing.is_halted() {
        better = false;
        for open in (past.open.max(1)..scenario.years.len()).rev() {
            let Some(own) = best.as_ref().filter(|_| !effort.is_late() && !clock.is_over()) else {
                break;
            };
            let (plan, score) = (own.plan.clone(), own.score);
            let share = effort.turn(open + 1 - past.open.max(1));
            let plans = regrown(prepared, scenario, &plan, open, &known, &share.part(2), hearing)?;
            for plan in &plans {
                try_forest(&ground, plan, &share.part(4), clock, hearing, &mut best)?;
            }
            better |= best.as_ref().is_some_and(|own| own.score > score);
        }
    }
    let Some(best) = best else {
        outcome.status = Status::Unknown;
        outcome.objectives.clear();
        outcome.cost = Pence::ZERO;
        outcome.by_programme.clear();
        outcome.reasons = vec![NO_SCHEDULE.to_owned()];
        return Ok(outcome);
    };
    finish(scenario, outcome, best, &bounds)
}

/// A schedule that passes its check; nothing where it leaves something out that rules of the whole plan need.
fn sound(checker: &Checker<'_>, own: Candidate) -> Result<Option<Candidate>, Error> {
    let violations = checker.check(&own.plan);
    let Some(first) = violations.iter().find(|found| found.code.0 != "V250") else {
        return Ok(violations.is_empty().then_some(own));
    };
    let count = violations.len();
    let message = format!("the schedule breaks {count} rules of its own check, first {first}");
    Err(Error::new(ErrorKind::Internal, message))
}

/// Takes back what is proven of plans at the lowest prices, where it holds of no schedule.
fn unproven(outcome: &mut Outcome) {
    if outcome.status == Status::Infeasible {
        outcome.status = Status::Unknown;
        outcome.reasons = vec![NO_SCHEDULE.to_owned()];
        outcome.mend.clear();
    }
    for own in &mut outcome.objectives {
        *own = ObjectiveResult { status: Status::LimitReached, ..own.clone().bounded(None) };
    }
}

/// What there is to say where no schedule was found.
const NO_SCHEDULE: &str = "I430: no schedule was found that keeps what is asked of the years; \
                           without that there is a plan";

/// More than a target asks for, where its cheapest plan may be beyond the money of years: what is too much is left
/// out once there are years.
fn most_for_a_target(
    prepared: &Prepared,
    scenario: &Scenario,
    past: &Past,
    effort: &Effort,
    observer: &mut dyn Observer,
) -> Result<Option<Plan>, Error> {
    let most = scenario.altered(|other| {
        other.objective = Objective::Maximise(vec![scenario.site_weight().to_owned()]);
    });
    let by_growth = grown(prepared, &most, past, &effort.part(2), observer)?;
    if by_growth.is_some() || !past.is_empty() {
        return Ok(by_growth);
    }
    let whole = with_floors(&most, &undated(&most));
    Ok(list::solve(prepared, &whole, &effort.left(), observer)?.plan)
}

/// A plan with years that its programmes can pay.
struct Candidate {
    score: Score,
    plan: Plan,
    coverage: Vec<i64>,
}

impl Candidate {
    /// The same, which says of every site that it leaves out why.
    fn explained(mut self, scenario: &Scenario, last: &Plan) -> Self {
        self.plan.left_out = left_out(scenario, last, &self.plan);
        self
    }
}

/// What schedules are judged by.
struct Ground<'a> {
    scenario: &'a Scenario,
    /// The plan without years, which says why sites are left out.
    last: &'a Plan,
    checker: Checker<'a>,
}

/// Schedules what a plan builds, and keeps it where it is the best so far.
fn try_forest(
    ground: &Ground<'_>,
    plan: &Plan,
    effort: &Effort,
    clock: Clock,
    hearing: &mut Hearing<'_>,
    best: &mut Option<Candidate>,
) -> Result<(), Error> {
    let interrupt = Interrupt::new(effort.start().until(clock.end()), hearing);
    let late = || interrupt.is_due_after(LATE);
    let found = scheduled(ground.scenario, plan, effort, &|| interrupt.is_due(), &late)?;
    let Some(found) = found.map(|own| own.explained(ground.scenario, ground.last)) else {
        return Ok(());
    };
    let is_better = best.as_ref().is_none_or(|known| found.score > known.score);
    if let Some(found) = sound(&ground.checker, found)?.filter(|_| is_better) {
        *best = Some(found);
    }
    Ok(())
}

/// The best schedule found for what a plan builds, paid.
fn scheduled(
    scenario: &Scenario,
    plan: &Plan,
    effort: &Effort,
    is_due: &dyn Fn() -> bool,
    is_late: &dyn Fn() -> bool,
) -> Result<Option<Candidate>, Error> {
    let problem = problem_of(scenario, plan)?;
    let items = u64::try_from(problem.items()).unwrap_or(u64::MAX).max(1);
    let rounds = effort.work.map_or(ROUNDS, |work| {
        let rounds = work / items.saturating_mul(WORK_OF_A_ROUND);
        u32::try_from(rounds).unwrap_or(ROUNDS).min(ROUNDS)
    });
    let own = problem.stated(scenario, plan);
    let Some(schedule) = best_years(&problem, own, effort.seed, rounds, is_due) else {
        return Ok(None);
    };
    let schedule =
        if problem.is_cheapest_first() { thinned(&problem, schedule, is_due) } else { schedule };
    let mut plan = dated(scenario, plan, &problem, &schedule);
    match fund(scenario, &plan) {
        Ok(funding) => plan.payments = funding.payments,
        Err(_) => return Ok(None),
    }
    let reasons: BTreeMap<String, LaterReason> =
        later(&problem, &schedule, is_late).into_iter().collect();
    for drop in &mut plan.drops {
        drop.later = reasons.get(&drop.building).copied();
    }
    let (score, coverage) = (problem.score(&schedule), problem.coverage(&schedule));
    Ok(Some(Candidate { score, plan, coverage }))
}

/// What is proven of the final coverage bounds the last year, and with it all others;
/// and the other way round where nothing is.
fn tighten(scenario: &Scenario, outcome: &mut Outcome, bounds: &mut [i64]) {
    let first = outcome.objectives.first_mut().filter(|own| own.name == scenario.site_weight());
    match first {
        Some(first) if first.bound.is_none() => {
            *first = first.clone().bounded(bounds.last().copied());
        }
        Some(ObjectiveResult { bound: Some(known), .. }) => {
            for own in bounds.iter_mut() {
                *own = (*own).min(known.raw());
            }
        }
        _ => {}
    }
}

/// The outcome of the best schedule, which has passed its check.
fn finish(
    scenario: &Scenario,
    whole: Outcome,
    best: Candidate,
    bounds: &[i64],
) -> Result<Outcome, Error> {
    let weights = scenario.year_weights();
    let sum = |own: &[i64]| -> i128 {
        own.iter().zip(&weights).map(|(&own, &weight)| i128::from(own) * i128::from(weight)).sum()
    };
    let unit = i128::from(YEAR_WEIGHT_UNIT);
    let (achieved, bound) = (sum(&best.coverage) / unit, (sum(bounds) + unit - 1) / unit);
    let narrow = |amount: i128| {
        let message = "coverage over all years is more than can be counted";
        i64::try_from(amount).map_err(|_| Error::new(ErrorKind::Usage, message))
    };
    let (achieved, bound) = (narrow(achieved)?, narrow(bound)?);
    let early = ObjectiveResult::unproven(COVERAGE_YEARS, achieved, Parts::default());
    let early = early.bounded(Some(bound));
    let gap = whole.provenance.options.gap;
    outcome::of_schedule(scenario, whole, best.plan, early, gap).map(|outcome| {
        let years = scenario.years.iter().zip(best.coverage.iter().zip(bounds));
        let years = years.map(|(&year, (&coverage, &bound))| YearResult {
            year,
            coverage: Weight::from_thousandths(coverage),
            bound: Weight::from_thousandths(bound),
        });
        Outcome { years: years.collect(), ..outcome }
    })
}

/// Why sites are left out: as in the plan without years, or for want of a year.
fn left_out(scenario: &Scenario, last: &Plan, plan: &Plan) -> Vec<LeftOut> {
    let connected: BTreeSet<&str> = plan.connected.iter().map(String::as_str).collect();
    let known: BTreeMap<&str, &LeftOut> =
        last.left_out.iter().map(|left| (left.id.as_str(), left)).collect();
    let rows = scenario.tables.sites.rows.iter();
    let left = rows.filter(|site| !connected.contains(site.id.as_str())).map(|site| {
        let known = known.get(site.id.as_str()).map(|left| (*left).clone());
        known.unwrap_or_else(|| LeftOut::new(&site.id, LeftOutReason::NoYear))
    });
    let mut left: Vec<LeftOut> = left.collect();
    left.sort_by(|a, b| a.id.cmp(&b.id));
    left
}
