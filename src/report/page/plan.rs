//! The figures of one plan.

use serde::Serialize;

use crate::model::Scenario;
use crate::network::Prepared;
use crate::plan::{Outcome, Plan};
use crate::report::Report;
use crate::report::page::network::{NetworkLevel, network_levels};
use crate::report::page::sites::{self, PageExchange, PageSite};
use crate::report::page::spans::{self, PageSpan};
use crate::units::{Pence, Weight};

/// What a page draws and lists of one plan.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[non_exhaustive]
pub struct PlanPage {
    /// The first weight of the objective that sites carry.
    pub weight: String,
    /// Ids of the programmes, in the order of the scenario.
    pub programmes: Vec<String>,
    /// All sites, by id.
    pub sites: Vec<PageSite>,
    /// All exchanges, by id.
    pub exchanges: Vec<PageExchange>,
    /// Spans built: exchange by exchange, each after the one that feeds it; what no exchange reaches last.
    pub spans: Vec<PageSpan>,
    /// What could be built, from coarse to fine; empty where the network is not at hand.
    pub network: Vec<NetworkLevel>,
    /// What the plan covers for its first pounds, in the order of priority, from nothing on; empty where no order
    /// is known.
    pub cumulative: Vec<CoveredFor>,
}

/// How much is covered once so much is spent.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, Serialize)]
pub struct CoveredFor {
    /// Money spent so far.
    pub cost: Pence,
    /// Coverage so far.
    pub coverage: Weight,
}

impl PlanPage {
    /// The figures of an outcome; without a plan nothing is connected or built.
    #[must_use]
    pub fn of(
        scenario: &Scenario,
        outcome: &Outcome,
        report: &Report,
        prepared: Option<&Prepared>,
    ) -> Self {
        let nothing = Plan::default();
        let plan = outcome.plan.as_ref().unwrap_or(&nothing);
        Self {
            weight: report.weight.clone(),
            programmes: scenario.programmes.iter().map(|programme| programme.id.clone()).collect(),
            sites: sites::sites(scenario, plan, report),
            exchanges: sites::exchanges(scenario, plan, report),
            spans: spans::spans(scenario, plan, report),
            network: prepared.map(network_levels).unwrap_or_default(),
            cumulative: cumulative(report),
        }
    }
}

/// What is covered once each building is connected, from nothing on.
fn cumulative(report: &Report) -> Vec<CoveredFor> {
    let buildings = report.priority.buildings.iter();
    let points = buildings
        .map(|own| CoveredFor { cost: own.cost_so_far, coverage: own.weight_so_far })
        .collect::<Vec<_>>();
    if points.is_empty() { points } else { [vec![CoveredFor::default()], points].concat() }
}
