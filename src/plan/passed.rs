//! Premises that what a plan builds passes, from the plan and the scenario alone.
//!
//! In: any plan, also a hand-made one. Out: premises at the waypoints that it holds, each counted once, and
//! along the pieces of input spans that it builds. It judges nothing: what is no part of the input counts
//! nothing.

use std::collections::BTreeSet;

use crate::geometry::Point;
use crate::model::{NetworkSource, Scenario, premises_of_piece};
use crate::plan::{Origin, Plan, PlanSpan, junction_point};
use crate::units::{Millimetres, Weight};

/// Premises passed by what a plan builds. `n log n` in the plan and the table of waypoints or spans.
#[must_use]
pub fn premises_passed(scenario: &Scenario, plan: &Plan) -> Weight {
    let premises: u64 = match scenario.network.from {
        NetworkSource::Waypoints => at_waypoints(scenario, plan),
        NetworkSource::Spans => plan.spans.iter().map(|span| along(scenario, span)).sum(),
        NetworkSource::Sites => 0,
    };
    Weight::from_thousandths(i64::try_from(premises).unwrap_or(i64::MAX).saturating_mul(1000))
}

/// Waypoints where a span ends, or an exchange stands that the plan uses.
fn at_waypoints(scenario: &Scenario, plan: &Plan) -> u64 {
    let tables = &scenario.tables;
    let ends =
        plan.spans.iter().flat_map(|span| &span.ends).filter_map(|name| junction_point(name));
    let exchanges = plan.exchanges.iter().filter_map(|own| tables.exchange_by_id(&own.id));
    let held: BTreeSet<Point> = ends.chain(exchanges.map(|ix| tables.exchange(ix).at)).collect();
    let premises = held.iter().filter_map(|point| {
        let place = tables.waypoints.binary_search_by_key(point, |waypoint| waypoint.at).ok()?;
        Some(u64::from(tables.waypoints[place].premises_passed))
    });
    premises.sum()
}

fn along(scenario: &Scenario, span: &PlanSpan) -> u64 {
    let spans = &scenario.tables.spans;
    let Some(id) = span.source_id.as_deref() else { return 0 };
    let found = spans.binary_search_by(|input| input.id.as_str().cmp(id));
    let Some(input) = found.ok().map(|place| &spans[place]) else { return 0 };
    if span.origin != Origin::Input || input.barrier {
        return 0;
    }
    let from = span.from.unwrap_or(Millimetres::ZERO);
    let to = span.to.unwrap_or(input.length).min(input.length);
    u64::from(premises_of_piece(input, from, to))
}
