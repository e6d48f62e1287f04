//! Where each year builds: sites connected from each exchange in each year.

use crate::model::Scenario;
use crate::plan::Plan;
use crate::report::Forest;
use crate::units::{Weight, Year};

/// What is connected from one exchange, by year.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ExchangeYears {
    /// Id of the exchange.
    pub exchange: String,
    /// Its name.
    pub name: String,
    /// Sites connected in each year, in the order of the scenario's years.
    pub sites: Vec<usize>,
    /// Their coverage under the first weight of the objective that sites carry.
    pub coverage: Vec<Weight>,
}

impl ExchangeYears {
    /// Sites of all years.
    #[must_use]
    pub fn all_sites(&self) -> usize {
        self.sites.iter().sum()
    }

    /// Coverage of all years.
    #[must_use]
    pub fn all_coverage(&self) -> Weight {
        self.coverage.iter().copied().sum()
    }
}

/// A line for each exchange of a plan with years, the one with the most coverage first, then by id. Drops without a
/// year, or outside every tree, are in no line.
#[must_use]
pub fn exchange_years(scenario: &Scenario, plan: &Plan, forest: &Forest) -> Vec<ExchangeYears> {
    let years: &[Year] = &scenario.years;
    let mut lines: Vec<ExchangeYears> = forest
        .roots
        .iter()
        .map(|root| {
            let exchange = plan.exchanges[root.exchange].id.clone();
            let known = scenario.tables.exchange_by_id(&exchange);
            let name = known.map(|place| scenario.tables.exchange(place).name.clone());
            let name = name.unwrap_or_else(|| exchange.clone());
            let (sites, coverage) = (vec![0; years.len()], vec![Weight::ZERO; years.len()]);
            ExchangeYears { exchange, name, sites, coverage }
        })
        .collect();
    for served in &forest.drops {
        let drop = &plan.drops[served.drop];
        let place = years.iter().position(|year| Some(*year) == drop.year);
        if let Some(place) = place {
            lines[served.root].sites[place] += drop.sites.len();
            lines[served.root].coverage[place] += served.weight;
        }
    }
    lines.retain(|line| line.all_sites() > 0);
    lines.sort_by(|a, b| {
        let most = b.all_coverage().cmp(&a.all_coverage());
        most.then_with(|| a.exchange.cmp(&b.exchange))
    });
    lines
}
