//! What is proven of a plan, in plain words.

use crate::model::{COST, COVERAGE_YEARS, NET_BENEFIT, PREMISES, Scenario};
use crate::plan::{ObjectiveResult, Outcome};
use crate::status::{Status, gap};
use crate::units::{Amount, Pence, Weight};
use crate::write::text::{gbp, one_line, weight};

/// The status in words, then a sentence for each objective.
pub(in crate::write) fn proofs(scenario: &Scenario, outcome: &Outcome) -> Vec<String> {
    let status = match outcome.status {
        Status::Optimal => "the plan is proven best",
        Status::GapReached => "the search stopped within the gap that was asked for",
        Status::LimitReached => {
            "a limit ended the search before it could prove the best: the plan keeps every rule and can be paid \
             for, and a longer search may find a better one, within the bound below"
        }
        Status::Infeasible => "it is proven that no plan meets the rules",
        Status::Unknown => "the search ended before it found a plan or proved that there is none",
    };
    let mut lines = vec![format!("Status {}: {status}.", outcome.status)];
    lines.extend(outcome.objectives.iter().map(|objective| proof(scenario, objective)));
    lines
}

/// What is proven of one objective, in plain words.
fn proof(scenario: &Scenario, objective: &ObjectiveResult) -> String {
    match objective.name.as_str() {
        COST => return proof_of_cost(scenario, objective),
        NET_BENEFIT => return proof_of_net_benefit(scenario, objective),
        COVERAGE_YEARS => return proof_of_years(scenario, objective),
        _ => {}
    }
    let show = |value: Amount| weight(Weight::from_thousandths(value.raw()));
    let name = one_line(&objective.name);
    let covers = match name.as_str() {
        PREMISES => format!("The plan passes {} premises", show(objective.achieved)),
        _ => format!("The plan covers {} {name}", show(objective.achieved)),
    };
    match proven(objective) {
        Proven::Nothing => format!("{covers}; how much more is possible is not proven."),
        Proven::Best => format!("{covers}; no plan within the budgets and rules covers more."),
        Proven::Bound(bound, gap) => format!(
            "{covers}; no plan within the budgets and rules can cover more than {}: it is at most {gap} \
             below the best possible.",
            show(bound)
        ),
    }
}

fn proof_of_years(scenario: &Scenario, objective: &ObjectiveResult) -> String {
    let show = |value: Amount| weight(Weight::from_thousandths(value.raw()));
    let counted = match scenario.schedule.earliest {
        None => "Summed over the ends of all years",
        Some(_) => "Summed over the ends of all years, each as it counts,",
    };
    let name = one_line(scenario.site_weight());
    let covers = format!("{counted} the plan covers {} {name}", show(objective.achieved));
    match proven(objective) {
        Proven::Nothing => format!("{covers}; how much more is possible is not proven."),
        Proven::Best => format!("{covers}; no schedule has more."),
        Proven::Bound(bound, gap) => {
            let bound = show(bound);
            format!(
                "{covers}; no schedule can have more than {bound}: it is at most {gap} below the best possible."
            )
        }
    }
}

fn proof_of_cost(scenario: &Scenario, objective: &ObjectiveResult) -> String {
    let is_target = scenario.objective.target().is_some();
    let as_much = if is_target { "reaches the target" } else { "covers as much" };
    let costs = format!("The plan costs {}", gbp(Pence::new(objective.achieved.raw())));
    match proven(objective) {
        Proven::Nothing => format!("{costs}; whether less would do is not proven."),
        Proven::Best => format!("{costs}; no plan that {as_much} costs less."),
        Proven::Bound(bound, gap) => format!(
            "{costs}; no plan that {as_much} can cost less than {}: at most {gap} of it could be saved.",
            gbp(Pence::new(bound.raw()))
        ),
    }
}

fn proof_of_net_benefit(scenario: &Scenario, objective: &ObjectiveResult) -> String {
    let Some(per_unit) = scenario.objective.worths() else { return String::new() };
    let each =
        |(name, each): (&String, &Pence)| format!("{} a unit of {}", gbp(*each), one_line(name));
    let worths: Vec<String> = per_unit.iter().map(each).collect();
    let nets = format!(
        "At {} what the plan reaches is worth {} more than it costs",
        worths.join(", "),
        gbp(Pence::new(objective.achieved.raw()))
    );
    match proven(objective) {
        Proven::Nothing => format!("{nets}; how much better is possible is not proven."),
        Proven::Best => {
            format!("{nets}; no plan within the budgets and rules has more net benefit.")
        }
        Proven::Bound(bound, gap) => format!(
            "{nets}; no plan within the budgets and rules can have a net benefit of more than {}: it is at \
             most {gap} below the best possible.",
            gbp(Pence::new(bound.raw()))
        ),
    }
}

enum Proven {
    Nothing,
    Best,
    /// The bound, and the gap in words.
    Bound(Amount, String),
}

fn proven(objective: &ObjectiveResult) -> Proven {
    match objective.bound {
        _ if objective.status == Status::Optimal => Proven::Best,
        None => Proven::Nothing,
        Some(bound) if bound == objective.achieved => Proven::Best,
        Some(bound) => {
            let gap = objective.gap.unwrap_or_else(|| gap(objective.achieved.raw(), bound.raw()));
            Proven::Bound(bound, gap_words(gap))
        }
    }
}

/// A gap as per cent with two decimals, rounded up so that it is never understated.
pub(in crate::write) fn gap_words(gap: f64) -> String {
    format!("{:.2} %", (gap * 10_000.0).ceil() / 100.0)
}
