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

use crate::error::Error;
use crate::model::{NetworkSource, Scenario};

/// Builds the route network of a scenario.
///
/// # Errors
///
/// All faults of a scenario that has any; an internal error if the triangulation of the positions fails, which
/// finite positions exclude.
pub fn prepare(scenario: &Scenario) -> Result<Prepared, Error> {
    scenario.judged()?;
    let mut prepared = match scenario.network.from {
        NetworkSource::Waypoints | NetworkSource::Sites => proximity::prepare(scenario)?,
        NetworkSource::Spans => spans::prepare(scenario),
    };
    crossings::find(&mut prepared);
    Ok(prepared)
}
