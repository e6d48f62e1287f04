//! The outcome that a plan from a file stands for, once it has been judged.

use crate::check::{achieved, check, check_claims};
use crate::error::{Error, ErrorKind, Fault};
use crate::funding::fund;
use crate::model::{Scenario, fingerprint};
use crate::plan::{Claims, Outcome, Plan, PlanProvenance, Provenance, RunOptions, Violation};
use crate::solve::outcome::by_programme;
use crate::status::Status;

/// A plan from a file, with what is to be told of it.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Stated {
    /// The plan with what it says of itself. What is proven is what the file states: no plan can show that no other
    /// is better.
    pub outcome: Outcome,
    /// What was checked, what is only stated, and what was worked out.
    pub remarks: Vec<String>,
}

/// The outcome of a plan that was read from a file, ours or made by hand. Who pays is worked out where the plan
/// does not say.
///
/// # Errors
///
/// All violations as faults, where the plan or what it says of itself breaks a rule; a usage error where it
/// connects sites and lists no drops.
pub fn stated(scenario: &Scenario, plan: Plan, claims: &Claims) -> Result<Stated, Error> {
    scenario.judged()?;
    let mut plan = plan;
    let mut remarks = Vec::new();
    let mut violations = check_claims(scenario, &plan, claims);
    if plan.payments.is_empty() && plan.cost().get() > 0 {
        match fund(scenario, &plan) {
            Ok(funding) => {
                plan.payments = funding.payments;
                remarks.push("The plan names no payments; those shown are worked out.".to_owned());
            }
            Err(reason) => {
                let message = format!("the plan names no payments, and none can be made: {reason}");
                return Err(Error::new(ErrorKind::Usage, message));
            }
        }
    }
    violations.extend(check(scenario, &plan));
    if !violations.is_empty() {
        let fault = |own: &Violation| Fault {
            code: own.code,
            ..Fault::new("V290", own.cause.clone(), "mend the plan; check_plan shows the same")
                .value(&own.subject)
        };
        return Err(Error::from_faults(violations.iter().map(fault).collect()));
    }
    if plan.drops.is_empty() && !plan.connected.is_empty() {
        let message = "the plan lists no drops, and without them it is not known what a site costs";
        return Err(Error::new(ErrorKind::Usage, message));
    }
    remarks.insert(
        0,
        "The plan was read from a file and keeps every rule: that was checked.".to_owned(),
    );
    remarks.push(match &claims.result {
        Some(_) => "Status and bounds are those that the file states.".to_owned(),
        None => "The file states nothing that is proven.".to_owned(),
    });
    Ok(Stated { outcome: outcome(scenario, plan, claims), remarks })
}

fn outcome(scenario: &Scenario, plan: Plan, claims: &Claims) -> Outcome {
    let PlanProvenance { fibreplan, inputs, options } =
        claims.provenance.clone().unwrap_or_else(|| {
            let options = RunOptions::default();
            let fibreplan = "nobody knows which version, or by hand".to_owned();
            PlanProvenance { fibreplan, inputs: Vec::new(), options }
        });
    let provenance = Provenance {
        fibreplan,
        scenario: scenario.name.clone(),
        scenario_sha256: fingerprint(scenario),
        inputs,
        options,
    };
    let mut outcome = Outcome::new(Status::LimitReached, provenance);
    outcome.cost = plan.cost();
    outcome.by_programme = by_programme(scenario, &plan);
    outcome.objectives = achieved(scenario, &plan);
    if let Some(result) = &claims.result {
        outcome.status = result.status;
        outcome.objectives.clone_from(&result.objectives);
    }
    outcome.plan = Some(plan);
    outcome
}
