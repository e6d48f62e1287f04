//! The whole method on one screen: prepare, question, engine, pots, fund, plan, check.
//!
//! What for: a [`Scenario`] and how much effort to spend. Out: an [`Outcome`]: a plan that the
//! independent checker passes, and a bound that is proven. It reads and writes no files, prints nothing
//! and knows nothing of how any stage works inside.

mod list;
mod outcome;
mod sweep;

pub use sweep::{SweepOptions, sweep};

use std::time::{Duration, Instant};

use crate::check::check;
use crate::effort::Effort;
use crate::error::{Error, ErrorKind};
use crate::explain::{left_out, mend};
use crate::funding::fund;
use crate::joint::{self, Found, FundingOracle};
use crate::model::Scenario;
use crate::network::{Prepared, prepare};
use crate::observe::{Event, Muted, Observer, Silent};
use crate::plan::{Outcome, Plan};
use crate::question::{Question, assemble, funding_oracle, objective, question, tree_of};

/// How to solve. It is no part of the question.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct SolveOptions {
    /// How much effort to spend. Default: at most [`SolveOptions::DEFAULT_WORK`].
    pub effort: Effort,
}

impl SolveOptions {
    /// Work units of the default: about half a minute of one core.
    pub const DEFAULT_WORK: u64 = 2_000_000_000;
}

impl Default for SolveOptions {
    fn default() -> Self {
        Self { effort: Effort::of_work(Self::DEFAULT_WORK) }
    }
}

impl From<Effort> for SolveOptions {
    fn from(effort: Effort) -> Self {
        Self { effort }
    }
}

/// Plans a scenario: the most coverage found within the budgets, with a proven bound.
///
/// ```no_run
/// use fibreplan::read::{ReadOptions, read_scenario};
/// use fibreplan::solve::{SolveOptions, solve};
/// # fn main() -> Result<(), fibreplan::error::Error> {
/// let reading = read_scenario("data/market-town".as_ref(), &ReadOptions::default())?;
/// let outcome = solve(&reading.scenario, &SolveOptions::default())?;
/// println!("{} with a gap of {:?}", outcome.status, outcome.objectives[0].gap);
/// # Ok(())
/// # }
/// ```
///
/// # Errors
///
/// When the settings have faults, or there are too many programmes; an internal error if the plan does not pass the independent [`check`]. Infeasible is an answer, not an error.
pub fn solve(scenario: &Scenario, options: &SolveOptions) -> Result<Outcome, Error> {
    let (start, clock) = (Instant::now(), options.effort.start());
    let prepared = prepare(scenario)?;
    let network_seconds = start.elapsed().as_secs_f64();
    let rest = SolveOptions { effort: options.effort.within(clock) };
    let mut outcome = solve_prepared(&prepared, scenario, &rest, &mut Silent)?;
    outcome.provenance.options.seconds = options.effort.seconds;
    outcome.seconds.insert(0, ("network", network_seconds));
    Ok(outcome)
}

/// Plans a scenario over a network prepared before, shared by all variants with the same tables and
/// network settings.
///
/// # Errors
///
/// As [`solve`]; also when the network was prepared for other tables or settings.
pub fn solve_prepared(
    prepared: &Prepared,
    scenario: &Scenario,
    options: &SolveOptions,
    observer: &mut dyn Observer,
) -> Result<Outcome, Error> {
    solve_within(prepared, scenario, &options.effort, observer)
}

/// Plans a scenario within an effort.
fn solve_within(
    prepared: &Prepared,
    scenario: &Scenario,
    effort: &Effort,
    observer: &mut dyn Observer,
) -> Result<Outcome, Error> {
    if !list::is_list(scenario) {
        return solve_once(prepared, scenario, None, effort, observer);
    }
    let outcome = match list::before_premises(scenario) {
        None => {
            let outcome = solve_once(prepared, scenario, None, &effort.part(2), observer)?;
            list::next(prepared, scenario, effort, observer, outcome)?
        }
        Some(earlier) => list::with_premises(prepared, scenario, &earlier, effort, observer)?,
    };
    let provenance = outcome::provenance(scenario, effort);
    Ok(Outcome { provenance, ..outcome })
}

/// How many times as long as stating the question it takes to fund, explain and check the plan.
const AFTERWARDS: u32 = 2;

/// Hundredths of the time that improving a known plan may take before the search begins.
const POLISHING: u32 = 25;

/// Plans a scenario for all its objectives at once, beginning with a plan where one is known.
fn solve_once(
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
        joint::least_cost(&problem, &oracle, (least, &effort.within(clock)), observer)?
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
    let search = mend::Search {
        prepared,
        scenario,
        question: &question,
        problem: &problem,
        oracle: &oracle,
        effort,
    };
    let explained = mend::look_again(&search, &mut found, observer)?;
    phases.end("search");
    let tools = (prepared, scenario, &question, &problem);
    let _ = observer.on(&Event::Phase { name: "fund" });
    let outcome = finish(tools, &oracle, effort, &found, phases.seconds)?;
    let Some(explained) = explained else { return Ok(outcome) };
    Ok(Outcome { reasons: explained.reasons, mend: explained.raises, ..outcome })
}

/// A scenario, its network and its question.
type Tools<'a> = (&'a Prepared, &'a Scenario, &'a Question, &'a joint::JointProblem<'a>);

/// The outcome of what was found: the plan with its payments, checked.
fn finish(
    (prepared, scenario, question, problem): Tools<'_>,
    oracle: &FundingOracle,
    effort: &Effort,
    found: &Found,
    seconds: Vec<(&'static str, f64)>,
) -> Result<Outcome, Error> {
    let mut phases = Phases { seconds, ..Phases::start() };
    let Some(solution) = &found.solution else {
        return Ok(outcome::without_plan(prepared, scenario, effort, found, phases.seconds));
    };
    let mut plan = assemble(prepared, scenario, question, solution)?;
    plan.payments = payments(scenario, &plan)?;
    plan.left_out = left_out(prepared, scenario, question, problem, oracle, solution);
    phases.end("fund");
    let violations = check(scenario, &plan);
    if let Some(first) = violations.first() {
        let count = violations.len();
        let message = format!("the plan breaks {count} rules of its own check, first {first}");
        return Err(Error::new(ErrorKind::Internal, message));
    }
    phases.end("check");
    let asked = (effort, &question.scale);
    outcome::with_plan(prepared, scenario, asked, found, plan, phases.seconds)
}

/// The prize that a scenario of least cost asks for; where it asks for more than there is, just more.
fn target(scenario: &Scenario, question: &Question) -> Option<i64> {
    let all: i64 = question.instance.prizes.iter().sum();
    let asked = objective::model_of(&scenario.objective).target()?.at_least;
    Some(asked.thousandths().min(all + 1))
}

/// The best payable tree of a question that others have changed, under a scenario's programmes.
///
/// # Errors
///
/// As [`solve`].
pub(crate) fn search(
    prepared: &Prepared,
    scenario: &Scenario,
    question: &Question,
    effort: &Effort,
    observer: &mut dyn Observer,
) -> Result<Found, Error> {
    let oracle = funding_oracle(prepared, scenario, question)?;
    joint::search(&question.problem(), &oracle, effort, observer)
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

/// Seconds by phase.
struct Phases {
    last: Instant,
    seconds: Vec<(&'static str, f64)>,
}

impl Phases {
    fn start() -> Self {
        Self { last: Instant::now(), seconds: Vec::new() }
    }

    fn end(&mut self, name: &'static str) {
        let now = Instant::now();
        let spent: Duration = now - self.last;
        self.seconds.push((name, spent.as_secs_f64()));
        self.last = now;
    }
}
