//! The outcome: what was achieved, what is proven, who spends what, where it comes from.

use crate::effort::Effort;
use crate::error::Error;
use crate::explain;
use crate::joint::Found;
use crate::model::{Scenario, Truth, fingerprint};
use crate::plan::{
    InputRecord, NetworkSize, Outcome, Plan, ProgrammeResult, Provenance, RunOptions,
};
use crate::question::Task;
use crate::question::objective::{self, Answer};
use crate::units::Pence;

/// The outcome of a search that found a plan.
///
/// # Errors
///
/// An internal error when what the plan achieves cannot be counted.
pub fn with_plan(
    task: &Task<'_>,
    found: &Found,
    plan: Plan,
    provenance: Provenance,
    seconds: Vec<(&'static str, f64)>,
) -> Result<Outcome, Error> {
    let mut outcome = from(task, found, provenance, seconds);
    let Task { scenario, question, .. } = *task;
    outcome.cost = plan.cost();
    let answer = Answer { scenario, plan: &plan, scale: &question.scale, found };
    outcome.objectives = objective::model_of(&scenario.objective).results(&answer)?;
    outcome.status = outcome.objectives.first().map_or(found.status, |first| first.status);
    outcome.by_programme = by_programme(scenario, &plan);
    outcome.plan = Some(plan);
    Ok(outcome)
}

/// The outcome of a search that found none.
pub fn without_plan(task: &Task<'_>, found: &Found, seconds: Vec<(&'static str, f64)>) -> Outcome {
    from(task, found, provenance(task.scenario, task.effort), seconds)
}

fn from(
    task: &Task<'_>,
    found: &Found,
    provenance: Provenance,
    seconds: Vec<(&'static str, f64)>,
) -> Outcome {
    let Task { prepared, scenario, .. } = *task;
    Outcome {
        status: found.status,
        plan: None,
        objectives: Vec::new(),
        cost: Pence::ZERO,
        by_programme: Vec::new(),
        reasons: explain::in_words(scenario, found.no_plan),
        mend: Vec::new(),
        provenance,
        seconds,
        network_size: NetworkSize {
            junctions: prepared.junctions().len(),
            spans: prepared.spans().len(),
        },
        network_notices: prepared.notices().to_vec(),
    }
}

fn by_programme(scenario: &Scenario, plan: &Plan) -> Vec<ProgrammeResult> {
    let connected: Vec<_> =
        plan.connected.iter().filter_map(|id| scenario.tables.site_by_id(id)).collect();
    let result = |programme: &crate::model::Programme| {
        let eligible = connected.iter().filter(|&&site| {
            scenario.eligible(programme, scenario.tables.site(site)) == Truth::Yes
        });
        let payments = plan.payments.iter().filter(|payment| payment.programme == programme.id);
        ProgrammeResult {
            id: programme.id.clone(),
            available: programme.available(),
            spent: payments.map(|payment| payment.pence).sum(),
            eligible_sites: eligible.count(),
        }
    };
    scenario.programmes.iter().map(result).collect()
}

/// Where an outcome comes from.
pub fn provenance(scenario: &Scenario, effort: &Effort) -> Provenance {
    let inputs = scenario.tables.inputs.iter().map(|input| InputRecord {
        role: input.role.clone(),
        file: input.file.clone(),
        sha256: input.sha256.clone(),
        rows_read: input.rows_read,
        rows_used: input.rows_used,
        rows_set_aside: input.rows_set_aside,
        rows_excluded: input.rows_excluded,
    });
    Provenance {
        fibreplan: env!("CARGO_PKG_VERSION").to_owned(),
        scenario: scenario.name.clone(),
        scenario_sha256: fingerprint(scenario),
        inputs: inputs.collect(),
        options: RunOptions {
            gap: effort.gap,
            work: effort.work,
            seconds: effort.seconds,
            seed: effort.seed,
        },
    }
}
