//! Whether what an outcome says of its plan adds up.
//!
//! In: a scenario and an outcome. Out: violations V260 of costs, objectives and programmes, beside
//! those of the plan itself, which [`check`](crate::check::check) finds.

use crate::ids::SiteIx;
use crate::model::{COST, NET_BENEFIT, PREMISES, Scenario, Truth};
use crate::plan::{Outcome, Plan, Violation, premises_passed};
use crate::units::Pence;

/// Everything in which the totals of an outcome differ from its plan; an outcome without a plan has
/// nothing to add up.
#[must_use]
pub fn check_totals(scenario: &Scenario, outcome: &Outcome) -> Vec<Violation> {
    let mut found = Vec::new();
    let Some(plan) = &outcome.plan else { return found };
    let mut report = |subject: &str, cause| found.push(Violation::new("V260", subject, cause));
    if outcome.cost != plan.cost() {
        report("plan", format!("it costs {} GBP, not {} GBP", plan.cost(), outcome.cost));
    }
    for objective in &outcome.objectives {
        let achieved = match objective.name.as_str() {
            COST => plan.cost().get(),
            NET_BENEFIT => net_benefit(scenario, plan),
            weight => achieved(scenario, plan, weight),
        };
        if objective.achieved != achieved {
            let cause = format!("{} is {achieved}, not {}", objective.name, objective.achieved);
            report("plan", cause);
        }
        let parts = objective.parts;
        let sum = parts.recorded + parts.assumed;
        if !objective.is_money() && sum.thousandths() != achieved {
            let cause = format!("{} recorded and assumed add up to {sum}", objective.name);
            report("plan", cause);
        }
    }
    for result in &outcome.by_programme {
        let subject = format!("programme:{}", result.id);
        let own = plan.payments.iter().filter(|payment| payment.programme == result.id);
        let spent: Pence = own.map(|payment| payment.pence).sum();
        if spent != result.spent {
            report(&subject, format!("it spends {spent} GBP, not {} GBP", result.spent));
        }
        let known = scenario.programmes.iter().find(|programme| programme.id == result.id);
        let Some(programme) = known else {
            report(&subject, "the scenario has no such programme".to_owned());
            continue;
        };
        if programme.available() != result.available {
            let available = programme.available();
            report(&subject, format!("it has {available} GBP, not {} GBP", result.available));
        }
        let eligible =
            |site: &SiteIx| scenario.eligible(programme, scenario.tables.site(*site)) == Truth::Yes;
        let eligible = bought(scenario, plan).filter(eligible).count();
        if eligible != result.eligible_sites {
            let cause = format!(
                "{eligible} of its eligible sites are connected, not {}",
                result.eligible_sites
            );
            report(&subject, cause);
        }
    }
    found
}

fn bought<'a>(scenario: &'a Scenario, plan: &'a Plan) -> impl Iterator<Item = SiteIx> + 'a {
    plan.connected.iter().filter_map(|id| scenario.tables.site_by_id(id))
}

/// What the weights of the objective are worth in the plan, less its cost, in pence; without that
/// objective, nothing.
fn net_benefit(scenario: &Scenario, plan: &Plan) -> i64 {
    let weights = scenario.objective.weights();
    let reached: Vec<i64> =
        weights.into_iter().map(|weight| achieved(scenario, plan, weight)).collect();
    scenario.objective.net_benefit(&reached, plan.cost()).map_or(0, Pence::get)
}

fn achieved(scenario: &Scenario, plan: &Plan, weight: &str) -> i64 {
    if weight == PREMISES {
        return premises_passed(scenario, plan).thousandths();
    }
    let weights = bought(scenario, plan)
        .filter_map(|site| scenario.weight(weight, scenario.tables.site(site)));
    weights.fold(0, |sum: i64, weighed| sum.saturating_add(weighed.weight.thousandths()))
}
