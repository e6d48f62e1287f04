//! What is asked of the years of a plan: when things may be built, how much a year can build, and what is
//! wanted early.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::model::{Clause, Existing, Limit, PriceLevel};
use crate::units::{Millimetres, Pence, Share, Year};

/// Rules of a schedule. By default there are none, and the most coverage at the end comes first.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct ScheduleRules {
    /// Whether the end of each year is a plan in its own right: only sites connected by the year of an item
    /// make programmes eligible to pay for it.
    pub nested: bool,
    /// What coverage by the end of each year counts, where that comes first.
    pub earliest: Option<Earliness>,
    /// The most that can be built in a year.
    pub limits: Vec<YearLimit>,
    /// Floors that hold from the end of a year on.
    pub floors: Vec<YearFloor>,
    /// Column of the sites that holds the first year in which each can be connected.
    pub not_before_column: Option<String>,
    /// Column of the sites that holds the last year.
    pub by_column: Option<String>,
    /// By id of a site: the first year in which it can be connected.
    pub not_before: BTreeMap<String, Year>,
    /// By id of a site: the last year.
    pub by: BTreeMap<String, Year>,
    /// By id of an exchange: the first year in which it is ready.
    pub exchange_ready: BTreeMap<String, Year>,
    /// What things cost in a year over what the rate card says; a year that is not named has the prices of the last
    /// before it that is, and those of the rate card before any.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub price_index: BTreeMap<Year, PriceLevel>,
    /// What stands already, by the end of a year.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub existing: Option<Existing>,
}

/// What coverage by the end of each year counts.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Earliness {
    /// Each year counts less than the one before by this rate a year: `1 / (1 + rate)`.
    Discount(Share),
    /// The weight of each year, in millionths.
    Weights(BTreeMap<Year, Share>),
}

/// What a year can build.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct YearLimit {
    /// The year; every year where none is stated.
    pub year: Option<Year>,
    /// The buildings it counts, and the spans and exchanges that any of them uses.
    #[serde(rename = "where")]
    pub clause: Clause,
    /// The most of it.
    pub at_most: YearAmount,
}

/// An amount of work.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum YearAmount {
    /// Length of spans.
    Metres(Millimetres),
    /// Price of spans, exchanges and drops.
    Pounds(Pence),
    /// Buildings connected.
    Buildings(u32),
}

/// A floor that holds from the end of a year on.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct YearFloor {
    /// By the end of this year.
    pub by: Year,
    /// This share of what the clause's sites without fibre have, rounded up, in place of an amount.
    pub share: Option<Share>,
    /// What must be connected.
    pub limit: Limit,
}

impl ScheduleRules {
    /// Whether nothing is asked.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// One in millionths: the unit of the weights of years.
pub const YEAR_WEIGHT_UNIT: i64 = 1_000_000;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Budget, CarryOver, Programme};

    fn year(start: u16) -> Year {
        Year { start, financial: true }
    }

    #[test]
    fn the_money_of_years_adds_up_after_overhead_and_moves_on_as_far_as_it_may() {
        let mut own = Programme::new("p", Pence::ZERO);
        own.overhead = Share::from_text("0.1").unwrap();
        let by_year = [(year(2019), Pence::new(101)), (year(2020), Pence::new(55))].into();
        own.budget = Budget::ByYear { by_year, carry_over: CarryOver::Share(own.overhead) };
        let years = [year(2019), year(2020), year(2021)];
        let found = own.available_by_year(&years).unwrap();
        let sum: Pence = found.iter().map(|(money, _)| *money).sum();
        assert_eq!(sum, own.available());
        assert_eq!(found[0], (Pence::new(90), Some(Pence::new(9))));
        assert_eq!(found[2].0, Pence::ZERO);
    }
}
