//! A floor or quota: at least or at most a stated amount among the sites of a clause.

use serde::Serialize;

use crate::model::Clause;
use crate::units::{Amount, Pence, Weight};

/// What a rule counts.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Quantity {
    /// A named weight (`sites` counts sites).
    Weight(String),
    /// Pounds: the cost of the drops and of each item's share that these sites use.
    Pounds,
}

/// At least or at most a stated amount among the sites of a clause.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct Limit {
    /// The sites it counts.
    #[serde(rename = "where")]
    pub clause: Clause,
    /// What it counts.
    pub quantity: Quantity,
    /// Inclusive lower limit.
    pub at_least: Option<Weight>,
    /// Inclusive upper limit.
    pub at_most: Option<Weight>,
}

impl Limit {
    /// So much of what it counts, to be told to people.
    #[must_use]
    pub fn amount(&self, quantity: Weight) -> Amount {
        match self.quantity {
            // Thousandths of a pound are tenths of a penny.
            Quantity::Pounds if quantity.thousandths() % 10 == 0 => {
                Amount::Money(Pence::new(quantity.thousandths() / 10))
            }
            Quantity::Pounds | Quantity::Weight(_) => Amount::Weight(quantity),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_are_told_in_their_own_unit_with_thousands_apart() {
        let of = |quantity| Limit {
            clause: Clause::All(Vec::new()),
            quantity,
            at_least: None,
            at_most: None,
        };
        let much = Weight::from_thousandths(1_234_567_500);
        assert_eq!(of(Quantity::Weight("patients".into())).amount(much).to_string(), "1,234,567.5");
        assert_eq!(of(Quantity::Pounds).amount(much).to_string(), "£1,234,567.50");
    }
}
