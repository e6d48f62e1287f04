//! The outcome: what was achieved, what is proven, who spends what, where it comes from.

use crate::effort::Effort;
use crate::error::Error;
use crate::explain;
use crate::joint::Found;
use crate::model::{COST, Scenario, Truth, fingerprint};
use crate::plan::{
    InputRecord, NetworkSize, ObjectiveResult, Outcome, Plan, ProgrammeResult, Provenance,
    RunOptions,
};
use crate::question::Task;
use crate::question::objective::{self, Answer};
use crate::status::Status;
use crate::units::{Amount, Pence};

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
        years: Vec::new(),
        seconds,
        network_size: NetworkSize {
            junctions: prepared.junctions().len(),
            spans: prepared.spans().len(),
        },
        network_notices: prepared.notices().to_vec(),
    }
}

/// What each programme has and spends in a plan, in the order of the scenario.
pub fn by_programme(scenario: &Scenario, plan: &Plan) -> Vec<ProgrammeResult> {
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

/// The outcome of a plan with years, from that of the plan without them, whose bounds hold for it too. `early` is
/// its coverage over all years, with a bound; `close` is the gap asked for.
///
/// # Errors
///
/// An internal error when what the plan achieves cannot be counted.
pub fn of_schedule(
    scenario: &Scenario,
    whole: Outcome,
    plan: Plan,
    early: ObjectiveResult,
    close: f64,
) -> Result<Outcome, Error> {
    let cost = plan.cost();
    let judged = |own: ObjectiveResult| {
        let status = match own.gap {
            _ if own.is_settled() => Status::Optimal,
            Some(gap) if gap <= close => Status::GapReached,
            _ => Status::LimitReached,
        };
        ObjectiveResult { status, ..own }
    };
    let early_first = scenario.schedule.earliest.is_some();
    let mut objectives = Vec::with_capacity(whole.objectives.len() + 1);
    let mut settled = true;
    if early_first {
        objectives.push(judged(early.clone()));
        settled = early.is_settled();
    }
    let costs_last = whole.objectives.last().is_some_and(|last| last.name == COST);
    let early_at = whole.objectives.len() - usize::from(costs_last);
    for (place, known) in whole.objectives.iter().enumerate() {
        if place == early_at && !early_first {
            objectives.push(judged(early.clone()));
            settled &= early.is_settled();
        }
        let achieved = objective::achieved(scenario, &plan, &known.name)?;
        // A later bound speaks of plans that are best in all before; and of the cost of such plans without years.
        let keeps = settled && place < early_at;
        let own = achieved.bounded(known.bound.filter(|_| keeps).map(Amount::raw));
        settled &= own.is_settled();
        objectives.push(judged(own));
    }
    if early_at == whole.objectives.len() && !early_first {
        objectives.push(judged(early));
    }
    let status = objectives.first().map_or(whole.status, |first| first.status);
    let by_programme = by_programme(scenario, &plan);
    Ok(Outcome { status, objectives, cost, by_programme, plan: Some(plan), ..whole })
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
