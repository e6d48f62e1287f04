//! What one complete question is made of.

use std::sync::Arc;

use serde::Serialize;

use crate::model::objective::{PREMISES, SITES};
use crate::model::{
    Building, Exchange, Limit, NetworkSettings, Objective, Programme, RateCard, ScheduleRules,
    Site, Tables, Truth, Weighed, WeightColumn, buildings,
};
use crate::units::{Pence, Weight, Year};

/// Rules beyond the budgets.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Rules {
    /// Ids of sites that must be connected.
    pub required: Vec<String>,
    /// Ids of sites that must not be.
    pub forbidden: Vec<String>,
    /// Groups of ids, each connected whole or not at all.
    pub groups: Vec<Vec<String>>,
    /// Floors and quotas.
    pub limits: Vec<Limit>,
    /// Longest route from a building to its exchange, in millimetres.
    pub max_reach_mm: Option<u64>,
    /// Most spans on a route.
    pub max_hops: Option<u32>,
}

/// What a scenario is made of: tables, prices, programmes, objective and rules.
///
/// Any value may stand in any field. A [`Scenario`](crate::model::Scenario) is made of it, reads like it and is judged before anything
/// is planned with it.
#[derive(Clone, Debug, PartialEq)]
pub struct ScenarioParts {
    /// Short name (`a-z 0-9 -`); names the default output folder.
    pub name: String,
    /// Title for reports.
    pub title: String,
    /// Years, in order; empty is one undated year.
    pub years: Vec<Year>,
    /// Sites, exchanges, waypoints and spans.
    pub tables: Arc<Tables>,
    /// How the route network is made.
    pub network: NetworkSettings,
    /// Prices.
    pub rate_card: RateCard,
    /// Weights besides `sites`.
    pub weights: Vec<WeightColumn>,
    /// What is asked.
    pub objective: Objective,
    /// Pots of money, in the order of the scenario.
    pub programmes: Vec<Programme>,
    /// Further rules.
    pub rules: Rules,
    /// What is asked of the years.
    pub schedule: ScheduleRules,
}

impl ScenarioParts {
    /// The price of enabling an exchange, on the rate card.
    #[must_use]
    pub fn enable_price(&self, exchange: &Exchange) -> Pence {
        self.rate_card.level.of(exchange.enable)
    }

    /// The weight of a site under a name, recorded or assumed.
    ///
    /// `None` when there is no such weight, or the site has no value and no default is stated. Premises are
    /// passed by routes: no site has any.
    #[must_use]
    pub fn weight(&self, name: &str, site: &Site) -> Option<Weighed> {
        if name == SITES {
            return Some(Weighed { weight: Weight::ONE, assumed: false });
        }
        if name == PREMISES {
            return Some(Weighed { weight: Weight::ZERO, assumed: false });
        }
        let weight = self.weights.iter().find(|weight| weight.name == name)?;
        let cell = self.tables.site_cell(site, &weight.column).unwrap_or("");
        if self.tables.is_missing(cell) {
            let weight = weight.missing.of(&site.kind)?;
            return Some(Weighed { weight, assumed: true });
        }
        let weight = Weight::from_table(cell).ok()?.value;
        Some(Weighed { weight, assumed: false })
    }

    /// The weights the objective names, first first.
    #[must_use]
    pub fn objective_weights(&self) -> Vec<&str> {
        self.objective.weights()
    }

    /// The first weight of the objective that sites carry; `sites` where it names none.
    #[must_use]
    pub fn site_weight(&self) -> &str {
        self.objective_weights().into_iter().find(|&name| name != PREMISES).unwrap_or(SITES)
    }

    /// Whether a programme may pay for a site, as far as its eligibility goes.
    #[must_use]
    pub fn eligible(&self, programme: &Programme, site: &Site) -> Truth {
        programme.eligible.judge(&self.tables, site)
    }

    /// The buildings of the scenario, sorted by id (see [`buildings`]).
    #[must_use]
    pub fn buildings(&self) -> Vec<Building> {
        buildings(&self.tables, &self.rate_card, self.network.same_building)
    }

    /// Whether the rules forbid a site.
    #[must_use]
    pub fn forbids(&self, site: &Site) -> bool {
        self.rules.forbidden.contains(&site.id)
    }
}
