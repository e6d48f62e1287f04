//! The whole method on one screen: prepare, question, joint planning, fund, plan, check (see `method`).
//!
//! What for: a [`Scenario`] and how much effort to spend. Out: an [`Outcome`]: a plan that the
//! independent checker passes, and a bound that is proven. It reads and writes no files, prints nothing
//! and knows nothing of how any stage works inside.

mod least_cost;
mod list;
mod method;
mod on_top;
mod outcome;
mod payable;
mod phases;
mod reserve;
mod stated;
mod sweep;
mod years;

pub(crate) use on_top::{Built, OnTop};
pub use stated::{Stated, stated};
pub use sweep::{SweepOptions, sweep};
pub(crate) use years::{in_order_of_ratio, one_year_at_a_time, undated, worth_of_more};

use std::time::Instant;

use crate::effort::Effort;
use crate::error::Error;
use crate::model::Scenario;
use crate::network::{Prepared, prepare_within};
use crate::observe::{Observer, Silent};
use crate::plan::Outcome;

/// How to solve. This is not part of the question.
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
/// if let Some(first) = outcome.first() {
///     println!("{}: {} {}", outcome.status, first.achieved, first.name);
/// }
/// # Ok(())
/// # }
/// ```
///
/// # Errors
///
/// When the settings have faults, or there are too many programmes; `Interrupted` when time was well over before the
/// network was ready (I404); an internal error if the plan does not pass the independent
/// [`check`](crate::check::check()). Infeasible is an answer, not an error.
pub fn solve(scenario: &Scenario, options: &SolveOptions) -> Result<Outcome, Error> {
    let start = Instant::now();
    let options = SolveOptions { effort: options.effort.started() };
    let prepared = prepare_within(scenario, &options.effort.late(), &mut Silent)?;
    let network_seconds = start.elapsed().as_secs_f64();
    let mut outcome = solve_prepared(&prepared, scenario, &options, &mut Silent)?;
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
    scenario.judged()?;
    let effort = &options.effort.started();
    if scenario.has_schedule() {
        return years::solve(prepared, scenario, effort, observer);
    }
    list::solve(prepared, scenario, effort, observer)
}
