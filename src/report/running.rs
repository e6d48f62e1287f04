//! Rents: what a plan costs to run, apart from what it costs to build.

use crate::model::{Scenario, rent_of_piece};
use crate::plan::{Origin, Plan, PlanSpan};
use crate::units::{Millimetres, Pence};

/// Rents of spans, in whole pence.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Running {
    /// Rent a year.
    pub per_year: Pence,
    /// The part of the price that stands for the rents of all years counted.
    pub capitalised: Pence,
}

impl Running {
    /// The rents of one span of a plan.
    #[must_use]
    pub fn of_span(scenario: &Scenario, span: &PlanSpan) -> Self {
        let card = &scenario.rate_card;
        let spans = &scenario.tables.spans;
        let input = span.source_id.as_deref().filter(|_| span.origin == Origin::Input);
        let input = input.and_then(|id| {
            let place = spans.binary_search_by(|span| span.id.as_str().cmp(id)).ok()?;
            spans.get(place)
        });
        let Some(method) = card.methods.get(&span.method) else { return Self::default() };
        let (from, to) = match input {
            Some(input) => (span.from.unwrap_or_default(), span.to.unwrap_or(input.length)),
            None => (Millimetres::ZERO, span.length),
        };
        let [per_year, capitalised] = rent_of_piece(input, method, from, to);
        Self { per_year, capitalised }
    }

    /// The rents of all spans of a plan.
    #[must_use]
    pub fn of_plan(scenario: &Scenario, plan: &Plan) -> Self {
        plan.spans.iter().map(|span| Self::of_span(scenario, span)).fold(
            Self::default(),
            |sum, span| Self {
                per_year: sum.per_year + span.per_year,
                capitalised: sum.capitalised + span.capitalised,
            },
        )
    }
}
