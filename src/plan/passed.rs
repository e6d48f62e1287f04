//! Premises that what a plan builds passes, from the plan and the scenario alone.
//!
//! In: any plan, also a hand-made one. Out: premises at the waypoints that it holds, each counted once, and
//! along the pieces of input spans that it builds. It judges nothing: what is no part of the input counts
//! nothing.

use std::collections::BTreeSet;

use crate::geometry::Point;
use crate::model::{NetworkSource, Scenario, premises_of_piece};
use crate::plan::{Origin, Plan, PlanExchange, PlanSpan, junction_point};
use crate::units::{Millimetres, Weight};

/// Premises passed by what a plan builds. `n log n` in the plan and the table of waypoints or spans.
#[must_use]
pub fn premises_passed(scenario: &Scenario, plan: &Plan) -> Weight {
    let mut passed = PassedSoFar::new(scenario);
    plan.exchanges.iter().for_each(|own| passed.add_exchange(own));
    plan.spans.iter().for_each(|own| passed.add_span(own));
    passed.premises()
}

/// Premises counted one built thing after the other, those of a waypoint once.
#[derive(Clone, Debug)]
pub struct PassedSoFar<'a> {
    scenario: &'a Scenario,
    held: BTreeSet<Point>,
    premises: u64,
}

impl<'a> PassedSoFar<'a> {
    /// Nothing is built yet.
    #[must_use]
    pub const fn new(scenario: &'a Scenario) -> Self {
        Self { scenario, held: BTreeSet::new(), premises: 0 }
    }

    /// Counts the waypoint where an exchange stands that is used.
    pub fn add_exchange(&mut self, exchange: &PlanExchange) {
        let tables = &self.scenario.tables;
        let at = tables.exchange_by_id(&exchange.id).map(|ix| tables.exchange(ix).at);
        if let (NetworkSource::Waypoints, Some(at)) = (self.scenario.network.from, at) {
            self.hold(at);
        }
    }

    /// Counts the waypoints where a span ends that is built, or what lies along it.
    pub fn add_span(&mut self, span: &PlanSpan) {
        match self.scenario.network.from {
            NetworkSource::Waypoints => {
                span.ends
                    .iter()
                    .filter_map(|name| junction_point(name))
                    .for_each(|at| self.hold(at));
            }
            NetworkSource::Spans => self.premises += along(self.scenario, span),
            NetworkSource::Sites => {}
        }
    }

    /// All that is passed so far.
    #[must_use]
    pub fn premises(&self) -> Weight {
        let premises = i64::try_from(self.premises).unwrap_or(i64::MAX);
        Weight::from_thousandths(premises.saturating_mul(1000))
    }

    fn hold(&mut self, at: Point) {
        if self.held.insert(at) {
            let waypoints = &self.scenario.tables.waypoints;
            let found = waypoints.binary_search_by_key(&at, |waypoint| waypoint.at);
            self.premises += found.map_or(0, |place| u64::from(waypoints[place].premises_passed));
        }
    }
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
