//! What the input says that spans of a plan cost.
//!
//! In: a scenario. Out: the price of any span of a plan, whatever the plan says of it: its length at the rate of
//! its method, with what it pays for the railways, rivers and major roads it crosses.

use std::sync::OnceLock;

use crate::check::references::{ends_of, piece_of, source};
use crate::geometry::Point;
use crate::model::{
    Crossed, CrossingIndex, InputSpan, ItemSort, Price, Scenario, price_piece, surcharges,
    surcharges_of_piece,
};
use crate::plan::{Origin, PlanSpan};
use crate::units::{Millimetres, Pence};

/// Prices of the spans of plans.
#[derive(Debug)]
pub struct SpanPrices<'a> {
    scenario: &'a Scenario,
    crossings: OnceLock<CrossingIndex<'a>>,
}

impl<'a> SpanPrices<'a> {
    /// The prices of a scenario; the first that is asked for takes `n log n` steps in the lines to cross.
    #[must_use]
    pub fn new(scenario: &'a Scenario) -> Self {
        Self { scenario, crossings: OnceLock::new() }
    }

    fn crossings(&self) -> &CrossingIndex<'a> {
        self.crossings.get_or_init(|| CrossingIndex::new(&self.scenario.tables))
    }

    /// The price that the rate card gives a span of a plan; `None` where the input does not know it.
    #[must_use]
    pub fn of(&self, span: &PlanSpan) -> Option<Pence> {
        let ends = ends_of(span)?;
        let (settings, card) = (&self.scenario.network, &self.scenario.rate_card);
        let straight = self.scenario.tables.plane.length(ends[0], ends[1]);
        match span.origin {
            Origin::Input => {
                let (_, input) = source(self.scenario, span)?;
                self.piece(input, piece_of(span, input)?)
            }
            Origin::Proximity => {
                self.straight(&settings.method, settings.link_length(straight), ends)
            }
            Origin::LeadIn => self.straight(card.lead_in_method.as_deref()?, straight, ends),
        }
    }

    /// The price of a span of a plan in its own year.
    #[must_use]
    pub fn in_its_year(&self, span: &PlanSpan) -> Option<Pence> {
        let scenario = self.scenario;
        self.of(span).map(|price| scenario.item_price(ItemSort::Span, &span.id, span.year, price))
    }

    /// The price of a piece of an input span; `None` when the rate card lacks its method.
    pub(super) fn piece(&self, input: &InputSpan, [from, to]: [Millimetres; 2]) -> Option<Pence> {
        let price = price_piece(Price::of(input, &self.scenario.rate_card)?, from, to);
        let crossed = self.crossings().of_span(input);
        let crossing = self.surcharge(Some(input), &crossed, &input.method, [from, to]);
        Some(self.scenario.rate_card.level.of(price + crossing))
    }

    /// The price of a straight link of a length laid by a method; `None` when the rate card lacks it.
    pub(super) fn straight(
        &self,
        method: &str,
        length: Millimetres,
        ends: [Point; 2],
    ) -> Option<Pence> {
        let rate = self.scenario.rate_card.methods.get(method)?.rate;
        let price = price_piece(Price::PerMetre(rate), Millimetres::ZERO, length);
        let crossed = self.crossings().of_link(ends);
        let whole = [Millimetres::ZERO, Millimetres::new(u64::MAX)];
        Some(
            self.scenario.rate_card.level.of(price + self.surcharge(None, &crossed, method, whole)),
        )
    }

    fn surcharge(
        &self,
        input: Option<&InputSpan>,
        crossed: &[Crossed],
        method: &str,
        [from, to]: [Millimetres; 2],
    ) -> Pence {
        let scenario = self.scenario;
        let all = surcharges(&scenario.tables.crossings, crossed, &scenario.rate_card, method);
        surcharges_of_piece(input, &all, from, to).iter().map(|one| one.price).sum()
    }
}
