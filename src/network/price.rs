//! What the spans and drops of a prepared network cost under a rate card.

use crate::error::{Error, Fault};
use crate::ids::{BuildingIx, SpanIx};
use crate::model::{Price, RateCard, drop_price, price_piece};
use crate::network::{Prepared, SpanSource};
use crate::units::{Millimetres, Pence};

impl Prepared {
    /// The rate-card method of a span; empty where the rate card names none for lead-ins.
    #[must_use]
    pub fn method<'a>(&'a self, span: SpanIx, card: &'a RateCard) -> &'a str {
        match self.span(span).source {
            SpanSource::Proximity => &self.settings.method,
            SpanSource::Piece(_) => self.piece(span).map_or("", |(input, _)| &input.method),
            SpanSource::BuildingLeadIn(_) | SpanSource::ExchangeLeadIn(_) => {
                card.lead_in_method.as_deref().unwrap_or("")
            }
        }
    }

    /// The price of a span, with what it pays for crossing railways, rivers and major roads.
    ///
    /// # Errors
    ///
    /// A fault N170 when the rate card lacks the span's method.
    pub fn price(&self, span: SpanIx, card: &RateCard) -> Result<Pence, Error> {
        if let Some((input, piece)) = self.piece(span) {
            let price = Price::of(input, card).ok_or_else(|| unknown(&input.method))?;
            let laid = price_piece(price, piece.from, piece.to);
            return Ok(card.level.of(laid + self.surcharge(span, card)));
        }
        let method = self.method(span, card);
        let rate = card.methods.get(method).ok_or_else(|| unknown(method))?.rate;
        let length = price_piece(Price::PerMetre(rate), Millimetres::ZERO, self.span(span).length);
        Ok(card.level.of(length + self.surcharge(span, card)))
    }

    /// The prices of all spans, in their order.
    ///
    /// # Errors
    ///
    /// As [`price`](Self::price).
    pub fn prices(&self, card: &RateCard) -> Result<Vec<Pence>, Error> {
        (0..self.spans.len()).map(|place| self.price(SpanIx::new(place), card)).collect()
    }

    /// The price of the drop of a building.
    #[must_use]
    pub fn drop_price(&self, building: BuildingIx, card: &RateCard) -> Pence {
        drop_price(&self.tables, &self.buildings[building.at()].sites, card)
    }
}

fn unknown(method: &str) -> Error {
    let cause = "the rate card has no method of this name";
    let remedy = "add it to [rate_card.methods], or name another method";
    Error::from_faults(vec![Fault::new("N170", cause, remedy).value(method)])
}
