//! What an objective has to say about itself, and what is common to their results.

use crate::error::{Error, ErrorKind};
use crate::joint::{CostProof, Found};
use crate::model::{COST, NET_BENEFIT, Objective, PREMISES, Scenario};
use crate::plan::{ObjectiveResult, Parts, Plan, premises_passed};
use crate::question::scale::Scale;
use crate::status::Status;
use crate::units::{Pence, Weight};

/// The amount of a weight that a plan must bring, at the least cost.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Target<'a> {
    /// The weight.
    pub weight: &'a str,
    /// How much of it.
    pub at_least: Weight,
}

/// What an objective makes of a question.
pub trait ObjectiveModel {
    /// How prizes are made of what is brought of each weight, one list a weight; `None` where they would be
    /// more than can be counted.
    fn scale(&self, lists: &[Vec<i64>]) -> Option<Scale>;

    /// What must be reached at the least cost, where that is what is asked.
    fn target(&self) -> Option<Target<'_>> {
        None
    }

    /// Whether more money is asked for nothing but more coverage, so that one sweep answers many budgets.
    fn is_coverage(&self) -> bool {
        false
    }

    /// The objective under which it is easiest to tell whether there is any plan at all.
    fn for_any_plan(&self) -> Objective;

    /// What a plan achieves, the objective first, with what is proven about it.
    ///
    /// # Errors
    ///
    /// An internal error when it cannot be counted.
    fn results(&self, answer: &Answer<'_>) -> Result<Vec<ObjectiveResult>, Error>;
}

/// A plan with what was found for its question.
pub struct Answer<'a> {
    /// The scenario.
    pub scenario: &'a Scenario,
    /// The plan.
    pub plan: &'a Plan,
    /// How prizes were made.
    pub scale: &'a Scale,
    /// What is proven.
    pub found: &'a Found,
}

impl Answer<'_> {
    /// The cost, with what is proven of it among plans that achieve as much, where that was asked.
    pub fn cost(&self) -> ObjectiveResult {
        let cost = money_result(COST, self.plan.cost());
        match self.found.least_cost {
            Some(CostProof { bound, status }) => proven(cost.bounded(Some(bound)), status),
            None => cost,
        }
    }

    /// What the plan brings of a weight, of which nothing is proven.
    pub fn weight(&self, name: &str) -> ObjectiveResult {
        weight(self.scenario, self.plan, name)
    }
}

/// What a plan brings of a weight, of which nothing is proven.
fn weight(scenario: &Scenario, plan: &Plan, name: &str) -> ObjectiveResult {
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
    ObjectiveResult::unproven(name, (parts.recorded + parts.assumed).thousandths(), parts)
}

/// What a plan achieves of an entry of its results, by name; of another plan, nothing is proven of it.
///
/// # Errors
///
/// An internal error when it cannot be counted.
pub fn achieved(scenario: &Scenario, plan: &Plan, name: &str) -> Result<ObjectiveResult, Error> {
    if name == COST {
        return Ok(money_result(COST, plan.cost()));
    }
    if name != NET_BENEFIT {
        return Ok(weight(scenario, plan, name));
    }
    let weights = scenario.objective_weights();
    let reached: Vec<i64> =
        weights.iter().map(|name| weight(scenario, plan, name).achieved.raw()).collect();
    let net = scenario.objective.net_benefit(&reached, plan.cost()).ok_or_else(|| {
        Error::new(ErrorKind::Internal, "the objective does not say what coverage is worth")
    })?;
    Ok(money_result(NET_BENEFIT, net))
}

/// An amount of money, of which nothing is proven.
pub fn money_result(name: &str, achieved: Pence) -> ObjectiveResult {
    ObjectiveResult::unproven(name, achieved.get(), Parts::default())
}

/// A first objective with the status of the search; where its bound is reached, the best.
pub fn proven(result: ObjectiveResult, status: Status) -> ObjectiveResult {
    let status = if result.is_settled() { Status::Optimal } else { status };
    ObjectiveResult { status, ..result }
}
