//! What a plan says of itself, besides what to build.

use crate::plan::{Outcome, PlanFile, PlanProvenance, PlanResult, ScenarioMark};

/// What a `plan.json` says besides the plan: which scenario it answers, where it comes from, what it achieves
/// and what is proven about it. All of it may be missing.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Claims {
    /// The scenario it answers.
    pub scenario: Option<ScenarioMark>,
    /// Library version, inputs and effort.
    pub provenance: Option<PlanProvenance>,
    /// What was achieved and proven.
    pub result: Option<PlanResult>,
}

impl Claims {
    /// What an outcome says of its plan.
    #[must_use]
    pub fn of(outcome: &Outcome) -> Self {
        let PlanFile { scenario, provenance, result, .. } = PlanFile::of(outcome);
        Self { scenario, provenance, result }
    }
}
