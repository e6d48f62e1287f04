//! What is asked of the years of a plan: when things may be built, how much a year can build, and what is
//! wanted early.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::model::{Budget, Clause, Limit, Programme, Quantity, ScenarioParts, Site, Truth};
use crate::units::{Millimetres, Pence, Share, Weight, Year};

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

impl YearFloor {
    /// How much must be connected by then.
    #[must_use]
    pub fn at_least(&self, scenario: &ScenarioParts) -> Weight {
        let Some(share) = self.share else { return self.limit.at_least.unwrap_or_default() };
        let all = scenario.tables.sites.rows.iter().filter(|site| !site.already_connected);
        let all: i64 =
            all.filter_map(|site| self.counts(scenario, site)).map(Weight::thousandths).sum();
        let part = i128::from(all) * i128::from(share.millionths());
        // A share of an amount is no more than the amount.
        Weight::from_thousandths(i64::try_from((part + 999_999) / 1_000_000).unwrap_or(all))
    }

    /// What a site counts; nothing where the clause does not hold it.
    #[must_use]
    pub fn counts(&self, scenario: &ScenarioParts, site: &Site) -> Option<Weight> {
        let holds = self.limit.clause.judge(&scenario.tables, site) == Truth::Yes;
        let Quantity::Weight(name) = &self.limit.quantity else { return None };
        scenario.weight(name, site).filter(|_| holds).map(|own| own.weight)
    }
}

/// One in millionths: the unit of the weights of years.
pub const YEAR_WEIGHT_UNIT: i64 = 1_000_000;

impl ScenarioParts {
    /// Whether plans have years: there are years, and something that depends on them.
    #[must_use]
    pub fn has_schedule(&self) -> bool {
        let is_dated = |programme: &Programme| {
            programme.window.is_some() || matches!(programme.budget, Budget::ByYear { .. })
        };
        !self.years.is_empty()
            && (!self.schedule.is_empty() || self.programmes.iter().any(is_dated))
    }

    /// What a unit of coverage at the end of each year counts, in millionths.
    ///
    /// Without a stated preference every year counts alike.
    #[must_use]
    pub fn year_weights(&self) -> Vec<i64> {
        match &self.schedule.earliest {
            None => vec![YEAR_WEIGHT_UNIT; self.years.len()],
            Some(Earliness::Weights(weights)) => {
                let of =
                    |year: &Year| weights.get(year).map_or(0, |own| i64::from(own.millionths()));
                self.years.iter().map(of).collect()
            }
            Some(Earliness::Discount(rate)) => {
                // Twelve places while it is divided, six in the end.
                const PLACES: i128 = 1_000_000;
                let by = PLACES + i128::from(rate.millionths());
                let mut now = PLACES * PLACES;
                let next = |_: &Year| {
                    let own = (now + PLACES / 2) / PLACES;
                    now = (now * PLACES + by / 2) / by;
                    // Never more than one.
                    i64::try_from(own).unwrap_or(YEAR_WEIGHT_UNIT)
                };
                self.years.iter().map(next).collect()
            }
        }
    }

    /// The first year in which a site can be connected; `None` is any.
    #[must_use]
    pub fn not_before(&self, site: &Site) -> Option<Year> {
        let rules = &self.schedule;
        self.year_of(site, &rules.not_before, rules.not_before_column.as_deref())
    }

    /// The last year in which a site can be connected; `None` is any.
    #[must_use]
    pub fn due_by(&self, site: &Site) -> Option<Year> {
        let rules = &self.schedule;
        self.year_of(site, &rules.by, rules.by_column.as_deref())
    }

    fn year_of(
        &self,
        site: &Site,
        by_id: &BTreeMap<String, Year>,
        column: Option<&str>,
    ) -> Option<Year> {
        if let Some(&year) = by_id.get(&site.id) {
            return Some(year);
        }
        let cell = self.tables.site_cell(site, column?)?;
        if self.tables.is_missing(cell) { None } else { Year::from_text(cell.trim()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::CarryOver;

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
