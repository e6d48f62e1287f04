//! A plan in brief.

use serde::Serialize;

use super::amounts::{by_phase, own_unit, pounds};
use crate::model::{COST, Scenario};
use crate::plan::Outcome;
use crate::status::Status;

/// A plan in brief.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct PlanSummary {
    /// Name of the scenario.
    pub scenario: String,
    /// How far the plan is proven.
    pub status: Status,
    /// Name of the first objective; `None` without a plan.
    pub objective_name: Option<String>,
    /// What the plan reaches of it.
    pub objective: Option<f64>,
    /// What is proven of it.
    pub bound: Option<f64>,
    /// Relative gap between the two.
    pub gap: Option<f64>,
    /// What the plan costs.
    pub cost_gbp: Option<f64>,
    /// What is proven that no plan which achieves as much costs less than; `None` where nothing is.
    pub cost_bound_gbp: Option<f64>,
    /// How far the cost is proven least; `None` without a plan.
    pub cost_status: Option<Status>,
    /// Sites of the scenario.
    pub sites: usize,
    /// Sites that the plan connects.
    pub connected: Option<usize>,
    /// Junctions of the route network.
    pub network_nodes: usize,
    /// Spans of the route network.
    pub network_edges: usize,
    /// Seconds by phase.
    pub seconds: serde_json::Map<String, serde_json::Value>,
    /// Why there is no plan; empty where there is one.
    pub reasons: Vec<String>,
}

impl PlanSummary {
    /// The outcome of a scenario in short; `before` are phases outside the solve, such as reading.
    #[must_use]
    pub fn of(scenario: &Scenario, outcome: &Outcome, before: &[(&'static str, f64)]) -> Self {
        let first = outcome.objectives.first();
        let cost = outcome.objectives.iter().find(|own| own.name == COST);
        let phases = before.iter().chain(&outcome.seconds);
        Self {
            scenario: scenario.name.clone(),
            status: outcome.status,
            objective_name: first.map(|first| first.name.clone()),
            objective: first.map(|first| own_unit(first.achieved)),
            bound: first.and_then(|first| first.bound).map(own_unit),
            gap: first.and_then(|first| first.gap),
            cost_gbp: outcome.plan.as_ref().map(|plan| pounds(plan.cost())),
            cost_bound_gbp: cost.and_then(|cost| cost.bound).map(own_unit),
            cost_status: cost.map(|cost| cost.status),
            sites: scenario.tables.sites.rows.len(),
            connected: outcome.plan.as_ref().map(|plan| plan.connected.len()),
            network_nodes: outcome.network_size.junctions,
            network_edges: outcome.network_size.spans,
            seconds: by_phase(phases),
            reasons: outcome.reasons.clone(),
        }
    }
}

/// A page in short.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct PageSummary {
    /// Name of the scenario.
    pub scenario: String,
    /// What it is on: `plan`, `frontier` or `comparison`.
    pub page: &'static str,
    /// Its size.
    pub bytes: usize,
}

impl PageSummary {
    /// A page on a plan, a frontier or a comparison of a scenario.
    #[must_use]
    pub fn of(scenario: &Scenario, page: &'static str, text: &str) -> Self {
        Self { scenario: scenario.name.clone(), page, bytes: text.len() }
    }
}
