//! Model into a route network: snapping, noding, proximity links.
//!
//! What for: the graph that plans are made on, built once and shared by all variants of a scenario
//! that keep its tables and network settings. In: a [`Scenario`]. Out: [`Prepared`]: junctions, spans
//! with lengths, where buildings and exchanges stand, and a report. It decides nothing and prices
//! only on request, since variants differ in their rates.

mod analyst;
mod barriers;
mod clean_up;
mod components;
mod crossed;
mod crossings;
mod lines;
mod misses;
mod noding;
mod notices;
mod origin;
mod packed;
mod prepared;
mod price;
mod proximity;
mod report;
mod save;
mod snap;
mod spans;
#[cfg(test)]
mod testing;
mod unmet;

pub use analyst::{AnalystJunction, AnalystSpan};
pub use clean_up::{Chain, CleanUp, Skeleton, StepReport, USUAL_CLEAN_UP};
pub use lines::LineCounts;
pub use misses::{Misses, Unmet};
pub use prepared::{Piece, Prepared, PreparedBuilding, PreparedExchange, RouteSpan, SpanSource};
pub use report::{Component, NetworkReport};

use crate::effort::{Effort, Interrupt};
use crate::error::Error;
use crate::model::{NetworkSource, Scenario};
use crate::observe::{Event, Observer, Silent};

/// Builds the route network of a scenario.
///
/// # Errors
///
/// All faults of a scenario that has any; an internal error if the triangulation of the positions fails, which
/// finite positions exclude.
pub fn prepare(scenario: &Scenario) -> Result<Prepared, Error> {
    prepare_within(scenario, &Effort::default(), &mut Silent)
}

/// Builds the route network of a scenario within the seconds of an effort, or until the observer wants to stop.
/// Both are looked at between the stages and inside the long ones, but for the triangulation of positions, which
/// takes about half of the time.
///
/// # Errors
///
/// As [`prepare`]; `Interrupted` when time was up before the network was ready (I404).
pub fn prepare_within(
    scenario: &Scenario,
    effort: &Effort,
    observer: &mut dyn Observer,
) -> Result<Prepared, Error> {
    let interrupt = Interrupt::new(effort.start(), observer);
    scenario.judged()?;
    interrupt.while_there_is_time()?;
    interrupt.tell(&Event::Phase { name: "network" });
    let mut prepared = match scenario.network.from {
        NetworkSource::Waypoints | NetworkSource::Sites => {
            proximity::prepare(scenario, &interrupt)?
        }
        NetworkSource::Spans => spans::prepare(scenario, &interrupt)?,
    };
    interrupt.while_there_is_time()?;
    crossings::find(&mut prepared, &interrupt)?;
    Ok(prepared)
}
