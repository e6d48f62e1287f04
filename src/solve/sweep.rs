//! One question for many budgets: plans with bounds, each plan checked.
//!
//! In: scenarios that differ in the money of their programmes only, over one prepared network. Out: an
//! outcome for each. One sweep of the engine gives a tree and a bound for every sum of money; the pots are
//! then planned from the least to the most, each beginning with the plan before; what stays too far from
//! its bound is planned by itself.

use std::time::Instant;

use super::SolveOptions;
use super::least_cost::spend_least;
use super::method::finish;
use super::outcome::without_plan;
use super::phases::Phases;
use super::years::undated;
use crate::check::Checker;
use crate::effort::{Effort, Interrupt, LATE};
use crate::engine;
use crate::error::{Error, ErrorKind};
use crate::joint::{self, BudgetSweep, Found, FundingOracle, NoPlan, SweepPoint};
use crate::model::{Programme, Scenario};
use crate::network::Prepared;
use crate::observe::{Event, Hearing, Muted, Observer};
use crate::plan::Outcome;
use crate::question::{Question, Task, funding_oracle, objective, question};
use crate::status::{Status, gap};
use crate::units::{Amount, Pence, Weight};

/// How a sweep is made, besides the effort.
#[derive(Clone, Copy, Debug, Default)]
pub struct SweepOptions {
    /// Each plan keeps all that the plan for less money connects and builds; none is then made by itself.
    pub nested: bool,
}

/// Parts of the work: that of the engine's sweep, of each plan's improvement, and of each plan that is made
/// by itself.
const ENGINE: u64 = 1;
const IMPROVING: u64 = 40;
const ALONE: u64 = 8;
/// Part of the time for the engine's sweep; the plans share what is left, half of a turn for improvement.
const ENGINE_TIME: u64 = 3;
const TURN: u64 = 2;

/// Plans for each of some scenarios that differ in budgets only. The work of `options` is that of one
/// plan; all together take a few times as much at most. The seconds are those of all together: what there is
/// no time to finish has no plan, and says so. A gap of 0 asks for no more than what one sweep finds; a larger
/// one is sought for each point.
///
/// # Errors
///
/// As [`solve_prepared`](super::solve_prepared); also when the scenarios differ in more than budgets or
/// ask for least cost.
pub fn sweep(
    prepared: &Prepared,
    scenarios: &[Scenario],
    options: &SolveOptions,
    how: SweepOptions,
    observer: &mut dyn Observer,
) -> Result<Vec<Outcome>, Error> {
    let money = |scenario: &Scenario| -> Pence {
        scenario.programmes.iter().map(Programme::available).sum()
    };
    let Some(richest) = scenarios.iter().max_by_key(|scenario| money(scenario)) else {
        return Ok(Vec::new());
    };
    for scenario in scenarios {
        scenario.judged()?;
    }
    if scenarios.iter().any(|scenario| scenario.has_schedule()) {
        // What budgets are worth is asked of the whole.
        let whole: Vec<Scenario> = scenarios.iter().map(undated).collect();
        return sweep(prepared, &whole, options, how, observer);
    }
    refuse_others(prepared, scenarios)?;
    let begun = Instant::now();
    let question = question(prepared, richest)?;
    let budgets: Vec<i64> = scenarios.iter().map(|scenario| money(scenario).get()).collect();
    let effort = &options.effort.started();
    let clock = effort.start();
    let hearing = &mut Hearing::new(observer);
    let share = effort.left().part(ENGINE_TIME).with_work(effort.part(ENGINE).work);
    let of_engine = share.with_gap(effort.gap / 2.0);
    let muted = &mut Muted(hearing);
    let points = engine::frontier(&question.instance, &budgets, &of_engine, muted)?;
    let mut problem = question.problem();
    let mut sweep = BudgetSweep::new(how.nested, effort.seed);
    let mut order: Vec<usize> = (0..scenarios.len()).collect();
    order.sort_by_key(|&place| budgets[place]);
    let mut outcomes: Vec<Option<Outcome>> = vec![None; scenarios.len()];
    for (number, place) in (1..).zip(order) {
        let (scenario, point) = (&scenarios[place], &points[place]);
        let name = format!("£{}", Amount::Count(money(scenario).get() / 100));
        hearing.begins(&name, number, scenarios.len());
        let oracle = funding_oracle(prepared, scenario, &question)?;
        problem.set_budget(point.budget);
        let task = Task {
            prepared,
            scenario,
            question: &question,
            problem: &problem,
            oracle: &oracle,
            effort,
        };
        if effort.is_late() || hearing.is_halted_for(LATE) {
            let found = not_looked_for(point.bound);
            outcomes[place] = Some(without_plan(&task, &found, Vec::new()));
            continue;
        }
        let turn = effort.turn(scenarios.len() + 1 - number).part(TURN);
        let swept = SweepPoint {
            tree: point.solution.as_ref(),
            ceiling: point.bound,
            enough: enough(point.bound, effort.gap),
            effort: turn.clone().with_work(effort.part(IMPROVING).work),
        };
        let forest = sweep.next(&problem, &oracle, &swept, &mut Muted(hearing));
        let mut found = found(forest.map(|forest| (forest.prize, forest.solution())), point.bound);
        let is_halted = hearing.on(&progress(&found, &question)).is_break();
        if !how.nested && !is_halted && !clock.is_over() && !is_close(&found, &question, effort.gap)
        {
            let muted = &mut Muted(hearing);
            let part = turn.clone().with_work(effort.part(ALONE).work);
            alone(&question, &oracle, point.budget, &part, &mut found, muted)?;
            if let Some(tree) = &found.solution {
                sweep.take(joint::Forest::of(&problem, tree));
            }
        }
        close(&mut found, &question, effort.gap);
        if !how.nested && !hearing.is_halted() && !clock.is_over() {
            let part = turn.part(TURN).with_work(effort.part(IMPROVING).work);
            spend_least(&task, &mut found, &part, &mut Muted(hearing))?;
        }
        let mut phases = Phases::start();
        phases.seconds.push(("search", begun.elapsed().as_secs_f64()));
        let interrupt = Interrupt::new(clock, hearing);
        let checker = &Checker::new(scenario);
        outcomes[place] = Some(finish(&task, &found, checker, phases, &interrupt)?);
    }
    Ok(outcomes.into_iter().flatten().collect())
}

/// What is known about a budget that there was no time for.
fn not_looked_for(bound: i64) -> Found {
    Found::nothing(Status::Unknown, bound, NoPlan::NotLookedFor)
}

fn refuse_others(prepared: &Prepared, scenarios: &[Scenario]) -> Result<(), Error> {
    let usage = |message: &str| Err(Error::new(ErrorKind::Usage, message));
    let Some(first) = scenarios.first() else { return Ok(()) };
    if !scenarios.iter().all(|scenario| prepared.fits(scenario)) {
        return usage("the network was prepared for other tables or network settings");
    }
    if !objective::model_of(&first.objective).is_coverage() {
        return usage("a sweep over budgets asks what they cover: state objective.maximise");
    }
    let with_the_money_of_the_first = |scenario: &Scenario| {
        scenario.altered(|other| {
            for (programme, model) in other.programmes.iter_mut().zip(&first.programmes) {
                programme.budget.clone_from(&model.budget);
            }
        })
    };
    if scenarios.iter().all(|scenario| with_the_money_of_the_first(scenario) == *first) {
        return Ok(());
    }
    usage("the scenarios of a sweep differ in more than budgets")
}

/// The least prize within the gap of a bound.
#[allow(clippy::cast_possible_truncation, clippy::cast_precision_loss)] // when to stop, no proof
fn enough(bound: i64, close: f64) -> i64 {
    (bound as f64 * (1.0 - close.clamp(0.0, 1.0))).ceil() as i64
}

fn found(best: Option<(i64, engine::Solution)>, bound: i64) -> Found {
    match best {
        Some((prize, tree)) if prize == bound => Found::tree(Status::Optimal, tree, bound),
        Some((_, tree)) => Found::tree(Status::LimitReached, tree, bound),
        None => Found::nothing(Status::Unknown, bound, NoPlan::NotFound),
    }
}

fn prize(found: &Found, question: &Question) -> Option<i64> {
    found.solution.as_ref().map(|tree| tree.prize(&question.instance))
}

/// What is known about a budget, in the objective's own units.
fn progress(found: &Found, question: &Question) -> Event<'static> {
    let units = |prize: i64| Weight::from_thousandths(question.scale.first(prize)).units();
    let objective = prize(found, question).map(units);
    Event::Progress { objective, bound: units(found.bound), work: 0 }
}

fn is_close(found: &Found, question: &Question, close: f64) -> bool {
    prize(found, question).is_some_and(|prize| gap(prize, found.bound) <= close)
}

/// Notes where the gap asked for is reached.
fn close(found: &mut Found, question: &Question, close: f64) {
    if found.status == Status::LimitReached && is_close(found, question, close) {
        found.status = Status::GapReached;
    }
}

/// Plans one budget by itself, and keeps the better plan and the better bound.
fn alone(
    question: &Question,
    oracle: &FundingOracle,
    money: i64,
    effort: &Effort,
    found: &mut Found,
    observer: &mut dyn Observer,
) -> Result<(), Error> {
    let mut question = question.clone();
    question.instance.goal = engine::Goal::MostPrize { budget: money };
    let problem = question.problem();
    let own = joint::search(&problem, oracle, effort, observer)?;
    let bound = own.bound.min(found.bound);
    let better = match (prize(&own, &question), prize(found, &question)) {
        (Some(own), Some(known)) => own > known,
        (own, _) => own.is_some() || own.is_none() && found.solution.is_none(),
    };
    if better {
        *found = own;
    }
    found.bound = bound;
    if prize(found, &question) == Some(bound) {
        found.status = Status::Optimal;
    }
    Ok(())
}
