//! Questions that take many solves: strategies side by side, frontier, comparison.
//!
//! Each study is a function of a prepared network, a scenario, its options (which hold the effort) and an
//! observer. Every row that it returns says how far it is proven; what is not known is `None`, never 0. A
//! caller who asks to stop gets what was found by then, and so does one whose time is up: parts not begun are
//! left out or say so. The work of an effort is that of each plan of a study; its seconds are those of the
//! whole study, and each plan in turn gets an equal share of what is left of them.

pub mod compare;
pub mod frontier;
pub mod programmes;
pub mod strategies;
mod turns;
pub mod why_not;
pub mod years;

use std::borrow::Cow;

use crate::effort::Effort;
use crate::error::{Error, ErrorKind};
use crate::model::Scenario;
use crate::observe::Hearing;
use crate::plan::Outcome;
use crate::solve::{SolveOptions, undated};
use crate::units::Weight;
use turns::Turns;

/// The scenario as studies of the whole ask about it: without years, all money there at once. What years cost is a
/// study of its own ([`years`]).
///
/// # Errors
///
/// All faults of the scenario.
fn without_years(scenario: &Scenario) -> Result<Cow<'_, Scenario>, Error> {
    scenario.judged()?;
    if scenario.has_schedule() {
        return Ok(Cow::Owned(undated(scenario)));
    }
    Ok(Cow::Borrowed(scenario))
}

/// The effort where nothing else is asked for.
fn usual_effort() -> Effort {
    SolveOptions::default().effort
}

/// What an outcome's plan covers of the first weight; `None` without a plan.
fn covered(outcome: &Outcome) -> Option<Weight> {
    outcome.coverage().map(|first| Weight::from_thousandths(first.achieved.raw()))
}

/// What is proven of the first weight; `None` where nothing is.
fn bound(outcome: &Outcome) -> Option<Weight> {
    outcome.coverage()?.bound.map(|own| Weight::from_thousandths(own.raw()))
}

/// By how much the second covers more; never less than nothing.
fn more(than: Weight, other: Weight) -> Weight {
    Weight::from_thousandths((other.thousandths() - than.thousandths()).max(0))
}

/// Refuses a scenario that asks for least cost or net benefit where ways of planning are compared by what
/// they cover.
fn compares_coverage(scenario: &Scenario) -> Result<(), Error> {
    if scenario.objective.list().is_some() {
        return Ok(());
    }
    let message = "plans are compared by what they cover: state objective.maximise";
    Err(Error::new(ErrorKind::Usage, message))
}
