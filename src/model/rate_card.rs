//! What things cost: the rate card and the one function that prices a piece of a span.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::model::{InputSpan, PriceLevel, Rent, Uplift};
use crate::units::{Millimetres, Pence, Rate};

/// A way of laying cable and its price.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct Method {
    /// Price a metre, with what the rent is worth today.
    pub rate: Rate,
    /// Where the price comes from; missing sources are listed as assumptions.
    pub source: Option<String>,
    /// Rent of ducts or poles that the price includes at its worth today.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rent: Option<Rent>,
}

impl Method {
    /// A method that costs so much a metre to build, and a rent; the price is both together.
    #[must_use]
    pub fn rented(capital: Rate, rent: Rent) -> Self {
        let both = capital.ten_thousandths().saturating_add(rent.capitalised().ten_thousandths());
        Self { rate: Rate::from_ten_thousandths(both), source: None, rent: Some(rent) }
    }
}

/// What crossing a line of some kind costs, besides the price of the metres.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct CrossingPrice {
    /// Price of each crossing.
    pub price: Pence,
    /// Price of a crossing by a bridge or tunnel, where it differs.
    pub bridged: Option<Pence>,
    /// Crossings no farther apart along a span are one: the tracks of a railway, say. Zero: each by itself.
    pub together: Millimetres,
    /// Methods that cross for nothing: an existing duct lies under the railway already.
    pub not_for: BTreeSet<String>,
    /// Where the price comes from; missing sources are listed as assumptions.
    pub source: Option<String>,
}

impl CrossingPrice {
    /// A price for every crossing, by whatever method.
    #[must_use]
    pub fn new(price: Pence) -> Self {
        let (bridged, source) = (None, None);
        Self { price, bridged, together: Millimetres::ZERO, not_for: BTreeSet::new(), source }
    }
}

/// Prices of a scenario.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct RateCard {
    /// The year the prices are of, as the scenario names it.
    pub price_year: String,
    /// Price of a drop where a site names none.
    pub drop: Pence,
    /// Method that prices a straight lead-in from a building or exchange to the nearest span.
    pub lead_in_method: Option<String>,
    /// Methods by name.
    pub methods: BTreeMap<String, Method>,
    /// Prices of crossing lines, by their kind.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub crossings: BTreeMap<String, CrossingPrice>,
    /// By what the prices here, and those that rows state themselves, have been raised already.
    #[serde(skip_serializing_if = "Uplift::is_none")]
    pub uplift: Uplift,
    /// What every price is multiplied by once it is made, as a year's level of prices has it.
    #[serde(skip_serializing_if = "PriceLevel::is_one")]
    pub level: PriceLevel,
}

impl RateCard {
    /// A rate card of a price year with the price of a drop, without methods.
    #[must_use]
    pub fn new(price_year: &str, drop: Pence) -> Self {
        Self {
            price_year: price_year.to_owned(),
            drop,
            lead_in_method: None,
            methods: BTreeMap::new(),
            crossings: BTreeMap::new(),
            uplift: Uplift::default(),
            level: PriceLevel::ONE,
        }
    }

    /// The same rate card with a method, its price and where that comes from.
    #[must_use]
    pub fn method(mut self, name: &str, rate: Rate, source: &str) -> Self {
        let source = Some(source.to_owned()).filter(|source| !source.is_empty());
        self.methods.insert(name.to_owned(), Method { rate, source, rent: None });
        self
    }
}

/// Price of the piece from `from` to `to` of a stretch with a rate, or with a cost for its whole length.
///
/// `P(x)`, the price of the first `x` millimetres, is exact and rounded half up to a penny, and the
/// piece costs `P(to) - P(from)`: so pieces add up to the whole however often a span is split.
///
/// ```
/// use fibreplan::model::{Price, price_piece};
/// use fibreplan::units::{Millimetres, Pence, Rate};
/// let price = Price::PerMetre(Rate::from_pounds_per_metre("25").unwrap());
/// let mm = Millimetres::new;
/// assert_eq!(price_piece(price, mm(0), mm(1_000)), Pence::new(2_500));
/// ```
#[must_use]
pub fn price_piece(price: Price, from: Millimetres, to: Millimetres) -> Pence {
    Pence::new(price_to(price, to) - price_to(price, from))
}

/// Rent a year of the piece from `from` to `to` of an input span, or of a link when there is none, laid by a
/// method; and the part of its price that stands for all rents. Both are rounded as prices are, so pieces add
/// up to the whole. A span with a cost of its own, or with fibre, has no rent.
#[must_use]
pub fn rent_of_piece(
    span: Option<&InputSpan>,
    method: &Method,
    from: Millimetres,
    to: Millimetres,
) -> [Pence; 2] {
    let bought = span.is_some_and(|span| span.existing || span.cost.is_some());
    let Some(rent) = method.rent.filter(|_| !bought) else { return [Pence::ZERO; 2] };
    let capital = method.rate.ten_thousandths() - rent.capitalised().ten_thousandths();
    let piece = |rate: Rate| price_piece(Price::PerMetre(rate), from, to);
    let capital = piece(Rate::from_ten_thousandths(capital.max(0)));
    [piece(rent.per_year), Pence::new(piece(method.rate).get() - capital.get())]
}

/// How a stretch is priced.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Price {
    /// So much a metre.
    PerMetre(Rate),
    /// So much for the whole, of the given length.
    Whole {
        /// Cost of the whole stretch.
        cost: Pence,
        /// Length of the whole stretch.
        length: Millimetres,
    },
    /// Nothing: fibre is there already.
    Free,
}

impl Price {
    /// How the rate card prices an input span; `None` when it does not name the span's method.
    #[must_use]
    pub fn of(span: &InputSpan, card: &RateCard) -> Option<Self> {
        let method = card.methods.get(&span.method)?;
        Some(match span.cost {
            _ if span.existing => Self::Free,
            Some(cost) => Self::Whole { cost, length: span.length },
            None => Self::PerMetre(method.rate),
        })
    }
}

fn price_to(price: Price, x: Millimetres) -> i64 {
    let x = i128::from(x.get());
    let (numerator, denominator) = match price {
        Price::Free => return 0,
        // Ten-thousandths of a pound a metre times millimetres: 10^-5 pence.
        Price::PerMetre(rate) => (i128::from(rate.ten_thousandths()) * x, 100_000),
        Price::Whole { cost, length } if length == Millimetres::ZERO => {
            // A span without length is one point; its whole cost falls on its end.
            return if x > 0 { cost.get() } else { 0 };
        }
        Price::Whole { cost, length } => (i128::from(cost.get()) * x, i128::from(length.get())),
    };
    let rounded = (2 * numerator + denominator).div_euclid(2 * denominator);
    i64::try_from(rounded).unwrap_or(i64::MAX)
}
