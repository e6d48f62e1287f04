//! The whole method on one screen: prepare, question, engine, pots, fund, plan, check.
//!
//! What for: a [`Scenario`] and how much effort to spend. Out: an [`Outcome`]: a plan that the
//! independent checker passes, and a bound that is proven. It reads and writes no files, prints nothing
//! and knows nothing of how any stage works inside.

mod list;
mod outcome;
mod sweep;

pub use crate::effort::SolveOptions;
pub use sweep::{SweepOptions, sweep};

use std::time::{Duration, Instant};

use crate::check::check;
use crate::error::{Error, ErrorKind};
use crate::explain::{left_out, mend};
use crate::funding::fund;
use crate::joint::{self, Found, Purse as _};
use crate::model::{Objective, Scenario};
use crate::network::{Prepared, prepare};
use crate::observe::{Event, Observer, Silent};
use crate::plan::{Outcome, Plan};
use crate::question::{Question, assemble, question, rules, tree_of};

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
    let start = Instant::now();
    let prepared = prepare(scenario)?;
    let network_seconds = start.elapsed().as_secs_f64();
    let mut outcome = solve_prepared(&prepared, scenario, options, &mut Silent)?;
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
    if !list::is_list(scenario) {
        return solve_once(prepared, scenario, None, options, observer);
    }
    let outcome = match list::before_premises(scenario) {
        None => {
            let outcome = solve_once(prepared, scenario, None, &options.part(2), observer)?;
            list::next(prepared, scenario, options, observer, outcome)?
        }
        Some(earlier) => list::with_premises(prepared, scenario, &earlier, options, observer)?,
    };
    let provenance = outcome::provenance(scenario, options);
    Ok(Outcome { provenance, ..outcome })
}

/// Plans a scenario for all its objectives at once, beginning with a plan where one is known.
fn solve_once(
    prepared: &Prepared,
    scenario: &Scenario,
    known: Option<&Plan>,
    options: &SolveOptions,
    observer: &mut dyn Observer,
) -> Result<Outcome, Error> {
    let mut clock = Clock::start();
    if !prepared.fits(scenario) {
        let message = "the network was prepared for other tables or network settings";
        return Err(Error::new(ErrorKind::Usage, message));
    }
    let question = question(prepared, scenario)?;
    clock.phase("question");

    let Some(purse) = joint::PotsPurse::new(prepared, scenario, &question) else {
        return Err(rules::too_many_programmes());
    };
    let terrain = question.terrain();
    let mut found = if let Some(least) = target(scenario, &question) {
        joint::least_cost(&question, &terrain, &purse, (least, options), observer)?
    } else {
        let tree = known.map(|plan| tree_of(prepared, scenario, &question, plan));
        let start = tree.transpose()?.map(|tree| joint::Forest::of(&terrain, &tree));
        let start = start.filter(|forest| purse.affords(&terrain, forest));
        // A gap that is reached at once ends the search: what comes after the first objective is seen to here.
        let effort = (options.work.unwrap_or(u64::MAX), options.deadline());
        let start = start.map(|own| joint::polish(&terrain, &purse, own, effort, options.seed));
        joint::search_from(&question, &terrain, &purse, start, options, observer)?
    };
    let search = mend::Search {
        prepared,
        scenario,
        question: &question,
        terrain: &terrain,
        purse: &purse,
        options,
    };
    let raises = mend::look_again(&search, &mut found, observer)?;
    clock.phase("search");
    let tools = (prepared, scenario, &question, &terrain);
    let _ = observer.on(&Event::Phase { name: "fund" });
    let outcome = finish(tools, &purse, options, &found, clock.seconds)?;
    Ok(Outcome { mend: raises, ..outcome })
}

/// A scenario, its network and its question.
type Tools<'a> = (&'a Prepared, &'a Scenario, &'a Question, &'a joint::Terrain<'a>);

/// The outcome of what was found: the plan with its payments, checked.
fn finish(
    (prepared, scenario, question, terrain): Tools<'_>,
    purse: &dyn joint::Purse,
    options: &SolveOptions,
    found: &Found,
    seconds: Vec<(&'static str, f64)>,
) -> Result<Outcome, Error> {
    let mut clock = Clock { seconds, ..Clock::start() };
    let Some(solution) = &found.solution else {
        return Ok(outcome::without_plan(prepared, scenario, options, found, clock.seconds));
    };
    let mut plan = assemble(prepared, scenario, question, solution)?;
    plan.payments = payments(scenario, &plan)?;
    plan.left_out = left_out(prepared, scenario, question, terrain, purse, solution);
    clock.phase("fund");
    let violations = check(scenario, &plan);
    if let Some(first) = violations.first() {
        let count = violations.len();
        let message = format!("the plan breaks {count} rules of its own check, first {first}");
        return Err(Error::new(ErrorKind::Internal, message));
    }
    clock.phase("check");
    let effort = (options, &question.scale);
    Ok(outcome::with_plan(prepared, scenario, effort, found, plan, clock.seconds))
}

/// The prize that a scenario of least cost asks for.
fn target(scenario: &Scenario, question: &Question) -> Option<i64> {
    match &scenario.objective {
        Objective::MinimiseCostFor { at_least, .. } => Some(at_least.thousandths()),
        Objective::Maximise(_) | Objective::MaximiseNetBenefit { .. } => None,
    }
    .map(|least| least.min(question.instance.prizes.iter().sum::<i64>().saturating_add(1)))
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
    options: &SolveOptions,
    observer: &mut dyn Observer,
) -> Result<Found, Error> {
    let Some(purse) = joint::PotsPurse::new(prepared, scenario, question) else {
        return Err(rules::too_many_programmes());
    };
    joint::search(question, &question.terrain(), &purse, options, observer)
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
struct Clock {
    last: Instant,
    seconds: Vec<(&'static str, f64)>,
}

impl Clock {
    fn start() -> Self {
        Self { last: Instant::now(), seconds: Vec::new() }
    }

    fn phase(&mut self, name: &'static str) {
        let now = Instant::now();
        let spent: Duration = now - self.last;
        self.seconds.push((name, spent.as_secs_f64()));
        self.last = now;
    }
}
