//! The method: question, joint planning, mend, fund, plan, check.

use super::outcome;
use super::phases::Phases;
use crate::check::check;
use crate::effort::Effort;
use crate::error::{Error, ErrorKind};
use crate::explain::{left_out, mend};
use crate::funding::fund;
use crate::joint::{self, Found};
use crate::model::Scenario;
use crate::network::Prepared;
use crate::observe::{Event, Muted, Observer};
use crate::plan::{Outcome, Plan};
use crate::question::{Question, Task, assemble, funding_oracle, objective, question, tree_of};

/// How many times as long as stating the question it takes to fund, explain and check the plan.
const AFTERWARDS: u32 = 2;

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
    let (mut phases, clock) = (Phases::start(), effort.start());
    if !prepared.fits(scenario) {
        let message = "the network was prepared for other tables or network settings";
        return Err(Error::new(ErrorKind::Usage, message));
    }
    let question = question(prepared, scenario)?;
    phases.end("question");

    let oracle = funding_oracle(prepared, scenario, &question)?;
    let problem = question.problem();
    // What comes after the search takes a few times as long as what came before it.
    let clock = clock.sooner(AFTERWARDS * clock.elapsed());
    let mut found = if let Some(least) = target(scenario, &question) {
        joint::least_cost(&problem, &oracle, least, &effort.within(clock), observer)?
    } else {
        let tree = known.map(|plan| tree_of(prepared, scenario, &question, plan));
        let start = tree.transpose()?.map(|tree| joint::Forest::of(&problem, &tree));
        let start = start.filter(|forest| oracle.affords(&problem, forest));
        // A gap that is reached at once ends the search: what comes after the first objective is seen to here.
        let share = effort.within(clock.until(clock.moment(POLISHING)));
        let polished =
            |own| joint::polish(&problem, &oracle, own, &share, &mut Muted(&mut *observer));
        let start = start.map(polished);
        let rest = effort.within(clock);
        joint::search_from(&problem, &oracle, start, &rest, observer)?
    };
    let task = Task {
        prepared,
        scenario,
        question: &question,
        problem: &problem,
        oracle: &oracle,
        effort,
    };
    let explained = mend::look_again(&task, &mut found, observer)?;
    phases.end("search");
    let _ = observer.on(&Event::Phase { name: "fund" });
    let outcome = finish(&task, &found, phases)?;
    let Some(explained) = explained else { return Ok(outcome) };
    Ok(Outcome { reasons: explained.reasons, mend: explained.raises, ..outcome })
}

/// The outcome of what was found: the plan with its payments, checked.
///
/// # Errors
///
/// An internal error where the plan cannot be paid or does not pass its own check.
pub fn finish(task: &Task<'_>, found: &Found, mut phases: Phases) -> Result<Outcome, Error> {
    let Task { prepared, scenario, question, .. } = *task;
    let Some(solution) = &found.solution else {
        return Ok(outcome::without_plan(task, found, phases.seconds));
    };
    let mut plan = assemble(prepared, scenario, question, solution)?;
    plan.payments = payments(scenario, &plan)?;
    plan.left_out = left_out(task, solution);
    phases.end("fund");
    let violations = check(scenario, &plan);
    if let Some(first) = violations.first() {
        let count = violations.len();
        let message = format!("the plan breaks {count} rules of its own check, first {first}");
        return Err(Error::new(ErrorKind::Internal, message));
    }
    phases.end("check");
    outcome::with_plan(task, found, plan, phases.seconds)
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
