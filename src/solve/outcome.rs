//! The outcome: what was achieved, what is proven, who spends what, where it comes from.

use crate::effort::Effort;
use crate::joint::Found;
use crate::model::{COST, NET_BENEFIT, Objective, PREMISES, Scenario, Truth, fingerprint};
use crate::network::Prepared;
use crate::plan::{
    InputRecord, ObjectiveResult, Outcome, Parts, Plan, ProgrammeResult, Provenance, RunOptions,
    premises_passed,
};
use crate::question::Scale;
use crate::status::{Status, gap};
use crate::units::Pence;

/// The outcome of a search that found a plan.
pub fn with_plan(
    prepared: &Prepared,
    scenario: &Scenario,
    (effort, scale): (&Effort, &Scale),
    found: &Found,
    plan: Plan,
    seconds: Vec<(&'static str, f64)>,
) -> Outcome {
    let mut outcome = without_plan(prepared, scenario, effort, found, seconds);
    outcome.cost = plan.cost();
    outcome.objectives = match scenario.objective {
        Objective::Maximise(_) => most(scenario, &plan, scale, found),
        Objective::MinimiseCostFor { .. } => least(scenario, &plan, found),
        Objective::MaximiseNetBenefit { .. } => net(scenario, &plan, scale, found),
    };
    outcome.status = outcome.objectives.first().map_or(found.status, |first| first.status);
    outcome.by_programme = by_programme(scenario, &plan);
    outcome.plan = Some(plan);
    outcome
}

/// The outcome of a search that found none.
pub fn without_plan(
    prepared: &Prepared,
    scenario: &Scenario,
    effort: &Effort,
    found: &Found,
    seconds: Vec<(&'static str, f64)>,
) -> Outcome {
    Outcome {
        status: found.status,
        plan: None,
        objectives: Vec::new(),
        cost: Pence::ZERO,
        by_programme: Vec::new(),
        reasons: found.reasons.clone(),
        mend: Vec::new(),
        provenance: provenance(scenario, effort),
        seconds,
        network_size: (prepared.junctions().len(), prepared.spans().len()),
        network_notices: prepared.notices().to_vec(),
    }
}

/// Every weight of the list, with what is proven of it, then the cost. A later weight is proven of where
/// all before it are proven best.
fn most(scenario: &Scenario, plan: &Plan, scale: &Scale, found: &Found) -> Vec<ObjectiveResult> {
    let bounds = scale.all(found.bound);
    let mut settled = true;
    let mut results = Vec::new();
    for (place, name) in scenario.objective_weights().into_iter().enumerate() {
        let mut result = weight_result(scenario, plan, name);
        if let Some(&bound) = bounds.get(place).filter(|_| settled) {
            result.bound = Some(bound);
            result.gap = Some(gap(result.achieved, bound));
            settled = result.achieved == bound;
            result.status = match found.status {
                _ if settled => Status::Optimal,
                Status::Optimal => Status::LimitReached,
                other => other,
            };
        }
        results.push(result);
    }
    results.push(cost_result(plan));
    results
}

/// The cost, with what is proven of it, then the weight of the target.
fn least(scenario: &Scenario, plan: &Plan, found: &Found) -> Vec<ObjectiveResult> {
    let cost = cost_result(plan);
    let proven = ObjectiveResult {
        bound: Some(found.bound),
        gap: Some(gap(cost.achieved, found.bound)),
        status: found.status,
        ..cost
    };
    let names = scenario.objective_weights();
    let weights = names.iter().map(|name| weight_result(scenario, plan, name));
    std::iter::once(proven).chain(weights).collect()
}

/// The net benefit, with what is proven of it, then the weights that it counts and the cost.
fn net(scenario: &Scenario, plan: &Plan, scale: &Scale, found: &Found) -> Vec<ObjectiveResult> {
    let names = scenario.objective_weights();
    let weights: Vec<ObjectiveResult> =
        names.iter().map(|name| weight_result(scenario, plan, name)).collect();
    let reached: Vec<i64> = weights.iter().map(|weight| weight.achieved).collect();
    let achieved = scenario.objective.net_benefit(&reached, plan.cost()).unwrap_or(Pence::ZERO);
    let mut net = money_result(NET_BENEFIT, achieved);
    net.bound = scale.net_pence(found.bound);
    net.gap = net.bound.map(|bound| gap(net.achieved, bound));
    net.status = found.status;
    let weights = weights.into_iter().chain([cost_result(plan)]);
    std::iter::once(net).chain(weights).collect()
}

fn cost_result(plan: &Plan) -> ObjectiveResult {
    money_result(COST, plan.cost())
}

fn money_result(name: &str, achieved: Pence) -> ObjectiveResult {
    ObjectiveResult {
        name: name.to_owned(),
        achieved: achieved.get(),
        bound: None,
        gap: None,
        status: Status::LimitReached,
        parts: Parts::default(),
    }
}

/// What the plan achieves of a weight.
fn weight_result(scenario: &Scenario, plan: &Plan, name: &str) -> ObjectiveResult {
    let mut parts = Parts::default();
    if name == PREMISES {
        parts.recorded = premises_passed(scenario, plan);
    }
    for id in &plan.connected {
        let site = scenario.tables.site_by_id(id).map(|site| scenario.tables.site(site));
        if let Some(weighed) = site.and_then(|site| scenario.weight(name, site)) {
            let part = if weighed.assumed { &mut parts.assumed } else { &mut parts.recorded };
            *part += weighed.weight;
        }
    }
    ObjectiveResult {
        name: name.to_owned(),
        achieved: (parts.recorded + parts.assumed).thousandths(),
        bound: None,
        gap: None,
        status: Status::LimitReached,
        parts,
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
