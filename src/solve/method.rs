//! The method: question, joint planning, mend, fund, plan, check.

use std::time::{Duration, Instant};

use super::least_cost::{self, spend_least};
use super::outcome;
use super::phases::Phases;
use super::reserve::Reserve;
use crate::check::Checker;
use crate::effort::{Clock, Effort, Interrupt};
use crate::error::{Error, ErrorKind};
use crate::explain::{left_out, mend};
use crate::funding::fund;
use crate::joint::{self, Found};
use crate::model::Scenario;
use crate::network::Prepared;
use crate::observe::{Event, Muted, Observer};
use crate::plan::{Outcome, Plan};
use crate::question::{Question, Task, assemble, funding_oracle, objective, question, tree_of};
use crate::status::Status;

/// Time that explanations may take beyond their limit, and once the caller asks to stop.
pub const GRACE: Duration = Duration::from_millis(400);

/// Hundredths of the time that improving a known plan may take before the search begins.
const POLISHING: u32 = 25;

/// Plans a scenario for all its objectives at once, beginning with a plan where one is known.
///
/// # Errors
///
/// As [`solve_prepared`](super::solve_prepared).
pub fn solve_once(
    prepared: &Prepared,
    scenario: &Scenario,
    known: Option<&Plan>,
    effort: &Effort,
    observer: &mut dyn Observer,
) -> Result<Outcome, Error> {
    let effort = &effort.started();
    let (mut phases, clock) = (Phases::start(), effort.start());
    if !prepared.fits(scenario) {
        let message = "the network was prepared for other tables or network settings";
        return Err(Error::new(ErrorKind::Usage, message));
    }
    let _ = observer.on(&Event::Phase { name: "question" });
    let question = question(prepared, scenario)?;
    let oracle = funding_oracle(prepared, scenario, &question)?;
    let problem = question.problem();
    let task = Task {
        prepared,
        scenario,
        question: &question,
        problem: &problem,
        oracle: &oracle,
        effort,
    };
    let tree = known.map(|plan| tree_of(prepared, scenario, &question, plan)).transpose()?;
    let known = tree.map(|tree| joint::Forest::of(&problem, &tree));
    let known = known.filter(|forest| oracle.affords(&problem, forest));
    phases.end("question");

    let checker = &Checker::new(scenario);
    rayon::in_place_scope(|scope| {
        // Beside the search, while there is no plan to judge yet.
        scope.spawn(|_| checker.look_around());
        searched(&task, checker, known, clock, phases, observer)
    })
}

/// The outcome of a search, which may begin with a forest that is known.
fn searched(
    task: &Task<'_>,
    checker: &Checker<'_>,
    known: Option<joint::Forest>,
    clock: Clock,
    mut phases: Phases,
    observer: &mut dyn Observer,
) -> Result<Outcome, Error> {
    let Task { scenario, question, problem, oracle, effort, .. } = *task;
    let (first, reserve) = begin(task, checker, clock, observer)?;
    let searching = effort.within(clock.sooner(reserve.all()));
    let mut found = if let Some(least) = target(scenario, question) {
        joint::least_cost(problem, oracle, least, &searching, observer)?
    } else {
        // A gap that is reached at once ends the search: what comes after the first objective is seen to here.
        let end = searching.start();
        let share = searching.within(end.until(end.moment(POLISHING)));
        let polished =
            |own| joint::polish(problem, oracle, own, &share, &mut Muted(&mut *observer));
        let start = joint::Begun { known: known.map(polished), first };
        joint::search_from(problem, oracle, start, &searching, observer)?
    };
    let explained = mend::look_again(task, &mut found, observer)?;
    phases.end("search");
    let part = least_cost::after(&searching, found.work);
    if spend_least(task, &mut found, &part, observer)? {
        phases.end("least cost");
    }
    let interrupt = Interrupt::new(clock.sooner(reserve.settling), observer);
    let outcome = finish(task, &found, checker, phases, &interrupt)?;
    let Some(explained) = explained else { return Ok(outcome) };
    Ok(Outcome { reasons: explained.reasons, mend: explained.raises, ..outcome })
}

/// The outcome of the cheapest plan that covers as much as one that is proven to cover most; nothing where there
/// is none to look for, or no time.
///
/// # Errors
///
/// As [`solve_once`].
pub fn cheapened(
    prepared: &Prepared,
    scenario: &Scenario,
    plan: &Plan,
    effort: &Effort,
    observer: &mut dyn Observer,
) -> Result<Option<Outcome>, Error> {
    let (mut phases, clock) = (Phases::start(), effort.start());
    let question = question(prepared, scenario)?;
    let oracle = funding_oracle(prepared, scenario, &question)?;
    let problem = question.problem();
    let tree = tree_of(prepared, scenario, &question, plan)?;
    let forest = joint::Forest::of(&problem, &tree);
    if !oracle.affords(&problem, &forest) {
        return Ok(None);
    }
    let mut found = Found::tree(Status::Optimal, tree, forest.prize);
    let (question, problem, oracle) = (&question, &problem, &oracle);
    let task = Task { prepared, scenario, question, problem, oracle, effort };
    if !spend_least(&task, &mut found, &least_cost::after(effort, 0), observer)? {
        return Ok(None);
    }
    phases.end("least cost");
    let interrupt = Interrupt::new(clock, observer);
    finish(&task, &found, &Checker::new(scenario), phases, &interrupt).map(Some)
}

/// A plan that can be had at once, and the time to set aside for what comes after the search; neither where
/// time is not limited: the search then begins with the same plan by itself, and takes what time it needs.
fn begin(
    task: &Task<'_>,
    checker: &Checker<'_>,
    clock: Clock,
    observer: &mut dyn Observer,
) -> Result<(Option<joint::Forest>, Reserve), Error> {
    if clock.end().is_none() {
        return Ok((None, Reserve::default()));
    }
    let began = Instant::now();
    let first = joint::first(task.problem, task.oracle, task.effort, observer);
    let finding = began.elapsed();
    let Some(forest) = first.as_ref().filter(|_| !clock.is_over()) else {
        return Ok((first, Reserve::default()));
    };
    let reserve = Reserve::measured(task, checker, forest, finding, clock, observer)?;
    Ok((first, reserve.within(clock.left())))
}

/// The outcome of what was found: the plan with its payments, checked. Explanations end where the interrupt
/// says so.
///
/// # Errors
///
/// An internal error where the plan cannot be paid or does not pass its own check.
pub fn finish(
    task: &Task<'_>,
    found: &Found,
    checker: &Checker<'_>,
    mut phases: Phases,
    interrupt: &Interrupt<'_>,
) -> Result<Outcome, Error> {
    let Task { prepared, scenario, question, .. } = *task;
    let Some(solution) = &found.solution else {
        return Ok(outcome::without_plan(task, found, phases.seconds));
    };
    interrupt.tell(&Event::Phase { name: "fund" });
    let mut plan = assemble(prepared, scenario, question, solution)?;
    phases.end("assemble");
    interrupt.tell(&Event::Phase { name: "explain" });
    // Neither needs the other.
    let (paid, left_out) = beside(
        || payments(scenario, &plan),
        || left_out(task, solution, &|| interrupt.is_due_after(GRACE)),
    );
    (plan.payments, plan.left_out) = (paid?, left_out);
    phases.end("fund");
    interrupt.tell(&Event::Phase { name: "check" });
    let (violations, provenance) =
        rayon::join(|| checker.check(&plan), || outcome::provenance(scenario, task.effort));
    if let Some(first) = violations.first() {
        let count = violations.len();
        let message = format!("the plan breaks {count} rules of its own check, first {first}");
        return Err(Error::new(ErrorKind::Internal, message));
    }
    phases.end("check");
    outcome::with_plan(task, found, plan, provenance, phases.seconds)
}

/// The results of two tasks, of which the first may be done by another thread.
fn beside<A: Send, B>(first: impl FnOnce() -> A + Send, second: impl FnOnce() -> B) -> (A, B) {
    let mut done = None;
    let other = rayon::in_place_scope(|scope| {
        let done = &mut done;
        scope.spawn(move |_| *done = Some(first()));
        second()
    });
    (done.expect("a scope ends when what it spawned has ended"), other)
}

/// The prize that a scenario of least cost asks for; where it asks for more than there is, just more.
fn target(scenario: &Scenario, question: &Question) -> Option<i64> {
    let all: i64 = question.instance.prizes.iter().sum();
    let asked = objective::model_of(&scenario.objective).target()?.at_least;
    Some(asked.thousandths().min(all + 1))
}

fn payments(scenario: &Scenario, plan: &Plan) -> Result<Vec<crate::plan::Payment>, Error> {
    match fund(scenario, plan) {
        Ok(funding) => Ok(funding.payments),
        Err(unfundable) => {
            let message = format!("the plan found cannot be paid: {unfundable}");
            Err(Error::new(ErrorKind::Internal, message))
        }
    }
}
