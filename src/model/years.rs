//! What the rules of a schedule mean for a scenario: whether plans have years, what each year counts, and when each
//! site can be connected.

use std::collections::BTreeMap;

use crate::model::{
    Budget, Earliness, PriceLevel, Programme, Quantity, ScenarioParts, Site, Truth,
    YEAR_WEIGHT_UNIT, YearFloor,
};
use crate::units::{Pence, Weight, Year};

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

    /// The prices of a year over those of the rate card: as stated, or as in the last year before it that is.
    #[must_use]
    pub fn price_level(&self, year: Year) -> PriceLevel {
        let until = self.schedule.price_index.range(..=year);
        until.last().map_or(PriceLevel::ONE, |(_, &level)| level)
    }

    /// What something costs in a year that costs so much on the rate card; without a year, as on the rate card.
    #[must_use]
    pub fn price_in(&self, year: Option<Year>, price: Pence) -> Pence {
        year.map_or(price, |year| self.price_level(year).of(price))
    }

    /// The lowest prices of any year that is not over.
    #[must_use]
    pub fn lowest_price_level(&self) -> PriceLevel {
        let to_come = self.years.iter().filter(|&&year| !self.is_over(year));
        to_come.map(|&year| self.price_level(year)).min().unwrap_or(PriceLevel::ONE)
    }

    /// Whether things cost more in some years than in others.
    #[must_use]
    pub fn has_price_years(&self) -> bool {
        let lowest = self.lowest_price_level();
        let mut to_come = self.years.iter().filter(|&&year| !self.is_over(year));
        to_come.any(|&year| self.price_level(year) != lowest)
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
