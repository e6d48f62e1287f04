//! What was judged and looked at, in brief: an input without faults, a plan, a network.

use serde::Serialize;

use crate::model::Scenario;
use crate::network::Prepared;
use crate::plan::Violation;
use crate::report::NetworkSummary;

/// An input without faults in brief.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct CheckedSummary {
    /// Name of the scenario.
    pub scenario: String,
    /// `Checked`.
    pub status: &'static str,
    /// Sites of the scenario.
    pub sites: usize,
    /// Buildings that they are in.
    pub buildings: usize,
    /// Buildings that are joined to the network.
    pub buildings_joined: usize,
    /// Exchanges.
    pub exchanges: usize,
    /// Junctions of the route network.
    pub network_nodes: usize,
    /// Spans of the route network.
    pub network_edges: usize,
}

impl CheckedSummary {
    /// A scenario with its network in brief.
    #[must_use]
    pub fn of(scenario: &Scenario, prepared: &Prepared) -> Self {
        let buildings = prepared.buildings();
        Self {
            scenario: scenario.name.clone(),
            status: "Checked",
            sites: scenario.tables.sites.rows.len(),
            buildings: buildings.len(),
            buildings_joined: buildings.iter().filter(|own| own.junction.is_some()).count(),
            exchanges: scenario.tables.exchanges.rows.len(),
            network_nodes: prepared.junctions().len(),
            network_edges: prepared.spans().len(),
        }
    }
}

/// The result of judging a plan, in brief.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct JudgedSummary {
    /// Name of the scenario.
    pub scenario: String,
    /// What is wrong with the plan.
    pub violations: Vec<ViolationSummary>,
    /// What cannot be judged from the scenario alone.
    pub unverified: Vec<String>,
    /// What was assumed where the plan names no payments.
    pub payments: Option<String>,
}

/// Something wrong with a plan, in brief.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct ViolationSummary {
    /// Stable code, V200 to V299.
    pub code: String,
    /// What it concerns.
    pub subject: String,
    /// What is wrong, with the numbers.
    pub cause: String,
}

impl From<&Violation> for ViolationSummary {
    fn from(violation: &Violation) -> Self {
        Self {
            code: violation.code.0.to_owned(),
            subject: violation.subject.clone(),
            cause: violation.cause.clone(),
        }
    }
}

impl JudgedSummary {
    /// A plan of a scenario with its violations, what is not verified, and what was assumed of payments.
    #[must_use]
    pub fn of(
        scenario: &Scenario,
        violations: &[Violation],
        unverified: Vec<String>,
        payments: Option<String>,
    ) -> Self {
        Self {
            scenario: scenario.name.clone(),
            violations: violations.iter().map(ViolationSummary::from).collect(),
            unverified,
            payments,
        }
    }
}

/// A route network in brief, and what building it took.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct NetworkRunSummary {
    /// Name of the scenario.
    pub scenario: String,
    /// The network.
    pub network: NetworkSummary,
    /// Seconds by phase.
    pub seconds: serde_json::Map<String, serde_json::Value>,
    /// The most memory held, in bytes, where the system tells.
    pub peak_memory_bytes: Option<u64>,
}

impl NetworkRunSummary {
    /// The network of a scenario with the seconds of each phase and the most memory held.
    #[must_use]
    pub fn of(
        scenario: &Scenario,
        network: NetworkSummary,
        seconds: &[(&'static str, f64)],
        peak_memory_bytes: Option<u64>,
    ) -> Self {
        let seconds = super::amounts::by_phase(seconds);
        Self { scenario: scenario.name.clone(), network, seconds, peak_memory_bytes }
    }
}
