//! The layout of `plan.json`: what a writer fills and a reader takes back.

use serde::{Deserialize, Serialize};

use crate::plan::{
    InputRecord, LeftOut, ObjectiveResult, Outcome, Payment, Plan, PlanDrop, PlanExchange,
    PlanSpan, ProgrammeResult, RunOptions, YearResult,
};
use crate::status::Status;
use crate::units::Pence;

/// The version of the layout of `plan.json`.
pub const PLAN_FORMAT: u32 = 1;

/// What `plan.json` calls itself.
pub const PLAN_KIND: &str = "fibreplan-plan";

/// The JSON schema (draft 2020-12) of `plan.json`.
#[doc = concat!("```json\n", include_str!("plan.schema.json"), "\n```")]
pub const PLAN_SCHEMA: &str = include_str!("plan.schema.json");

/// The contents of `plan.json`, keys in the order of the file.
///
/// A hand-made plan needs only `format`, `exchanges`, `spans` and `connected`. An unknown key at the
/// top level is refused, so that a misspelt list is not taken for an empty one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlanFile {
    /// Version of the layout, [`PLAN_FORMAT`].
    pub format: u32,
    /// [`PLAN_KIND`].
    #[serde(default = "plan_kind")]
    pub kind: String,
    /// The scenario it answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scenario: Option<ScenarioMark>,
    /// Library version, inputs and effort.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub provenance: Option<PlanProvenance>,
    /// What was achieved and proven.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub result: Option<PlanResult>,
    /// Exchanges used, sorted by id.
    pub exchanges: Vec<PlanExchange>,
    /// Spans built, sorted by id.
    pub spans: Vec<PlanSpan>,
    /// Drops built, sorted by building.
    #[serde(default)]
    pub drops: Vec<PlanDrop>,
    /// Ids of the sites connected, sorted.
    pub connected: Vec<String>,
    /// Sites not connected and why, sorted by id.
    #[serde(default)]
    pub left_out: Vec<LeftOut>,
    /// Who pays for what.
    #[serde(default)]
    pub payments: Vec<Payment>,
}

/// Which scenario a plan answers.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ScenarioMark {
    /// Its name.
    pub name: String,
    /// Hash over its inputs and settings, in hexadecimal.
    pub sha256: String,
}

/// Where a plan comes from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlanProvenance {
    /// Version of the library.
    pub fibreplan: String,
    /// Input files.
    pub inputs: Vec<InputRecord>,
    /// Effort that was asked for.
    pub options: RunOptions,
}

/// What a plan achieves and what is proven about it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlanResult {
    /// How far the first objective is proven.
    pub status: Status,
    /// One entry an objective; weights in thousandths, costs in pence.
    pub objectives: Vec<ObjectiveResult>,
    /// Price of everything.
    pub cost_pence: Pence,
    /// One entry a programme, in the order of the scenario.
    pub by_programme: Vec<ProgrammeResult>,
    /// What is connected by the end of each year; not written where plans have no years.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub years: Vec<YearResult>,
    /// Why there is no plan; not written when there is one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reasons: Vec<String>,
}

fn plan_kind() -> String {
    PLAN_KIND.to_owned()
}

impl PlanFile {
    /// The file that holds an outcome; its lists are empty when there is no plan.
    #[must_use]
    pub fn of(outcome: &Outcome) -> Self {
        let plan = outcome.plan.clone().unwrap_or_default();
        Self {
            exchanges: plan.exchanges,
            spans: plan.spans,
            drops: plan.drops,
            connected: plan.connected,
            left_out: plan.left_out,
            payments: plan.payments,
            ..Self::without_lists(outcome)
        }
    }

    /// The same with empty lists, for whoever has those of the plan itself.
    #[must_use]
    pub fn without_lists(outcome: &Outcome) -> Self {
        let from = &outcome.provenance;
        Self {
            format: PLAN_FORMAT,
            kind: plan_kind(),
            scenario: Some(ScenarioMark {
                name: from.scenario.clone(),
                sha256: from.scenario_sha256.clone(),
            }),
            provenance: Some(PlanProvenance {
                fibreplan: from.fibreplan.clone(),
                inputs: from.inputs.clone(),
                options: from.options.clone(),
            }),
            result: Some(PlanResult {
                status: outcome.status,
                objectives: outcome.objectives.clone(),
                cost_pence: outcome.cost,
                by_programme: outcome.by_programme.clone(),
                years: outcome.years.clone(),
                reasons: outcome.reasons.clone(),
            }),
            exchanges: Vec::new(),
            spans: Vec::new(),
            drops: Vec::new(),
            connected: Vec::new(),
            left_out: Vec::new(),
            payments: Vec::new(),
        }
    }

    /// The plan alone.
    #[must_use]
    pub fn into_plan(self) -> Plan {
        Plan {
            exchanges: self.exchanges,
            spans: self.spans,
            drops: self.drops,
            connected: self.connected,
            left_out: self.left_out,
            payments: self.payments,
        }
    }
}
