//! The later objectives of a list, once the first is proven.
//!
//! In: an outcome whose first objective is proven best and a later one is not. Out: the plan of most of the
//! next objective among those that have as much of the first, planned for as a floor under it: prizes moved
//! towards that floor give a tighter bound than one prize for all does.

use super::method::{cheapened, solve_once};
use super::outcome;
use crate::effort::Effort;
use crate::error::Error;
use crate::model::{COST, Clause, Limit, Objective, PREMISES, Quantity, Scenario};
use crate::network::Prepared;
use crate::observe::Observer;
use crate::plan::{ObjectiveResult, Outcome};
use crate::status::Status;
use crate::units::{Amount, Weight};

/// Plans a scenario within an effort: all objectives at once, then one after the other where it lists several.
///
/// # Errors
///
/// As [`super::solve_prepared`].
pub fn solve(
    prepared: &Prepared,
    scenario: &Scenario,
    effort: &Effort,
    observer: &mut dyn Observer,
) -> Result<Outcome, Error> {
    if !is_list(scenario) {
        return solve_once(prepared, scenario, None, effort, observer);
    }
    // Shares are those of the time that is left.
    let asked = effort;
    let effort = &effort.left();
    let outcome = match before_premises(scenario) {
        None => {
            let outcome = solve_once(prepared, scenario, None, &effort.part(2), observer)?;
            next(prepared, scenario, effort, observer, outcome)?
        }
        Some(earlier) => with_premises(prepared, scenario, &earlier, effort, observer)?,
    };
    let outcome = with_least_cost(prepared, scenario, effort, observer, outcome)?;
    let provenance = outcome::provenance(scenario, asked);
    Ok(Outcome { provenance, ..outcome })
}

/// The outcome at the least cost found, where all that comes before is proven best, by several searches together.
fn with_least_cost(
    prepared: &Prepared,
    scenario: &Scenario,
    effort: &Effort,
    observer: &mut dyn Observer,
    outcome: Outcome,
) -> Result<Outcome, Error> {
    let Some((cost, earlier)) = outcome.objectives.split_last() else { return Ok(outcome) };
    if cost.bound.is_some() || earlier.iter().any(|own| own.status != Status::Optimal) {
        return Ok(outcome);
    }
    let Some(plan) = &outcome.plan else { return Ok(outcome) };
    let Some(other) = cheapened(prepared, scenario, plan, effort, observer)? else {
        return Ok(outcome);
    };
    let cost = other.objectives.into_iter().last();
    let objectives = earlier.iter().cloned().chain(cost).collect();
    let mut seconds = outcome.seconds;
    seconds.extend(other.seconds);
    let (plan, cost, by_programme) = (other.plan, other.cost, other.by_programme);
    Ok(Outcome { plan, objectives, cost, by_programme, seconds, ..outcome })
}

/// Whether a scenario asks for several objectives, one after the other.
fn is_list(scenario: &Scenario) -> bool {
    scenario.objective.list().is_some_and(|names| names.len() > 1)
}

/// The scenario without premises and what comes after them in its list, where something comes before them.
fn before_premises(scenario: &Scenario) -> Option<Scenario> {
    let names = scenario.objective.list()?;
    let place = names.iter().position(|name| name == PREMISES).filter(|&place| place > 0)?;
    let names = names[..place].to_vec();
    Some(scenario.altered(|earlier| earlier.objective = Objective::Maximise(names)))
}

/// The outcome of a list with premises in it: first without them, for what sites bring is far easier to
/// prove, then with them from that plan on.
///
/// # Errors
///
/// As [`super::solve_prepared`].
fn with_premises(
    prepared: &Prepared,
    scenario: &Scenario,
    earlier: &Scenario,
    effort: &Effort,
    observer: &mut dyn Observer,
) -> Result<Outcome, Error> {
    let first = solve(prepared, earlier, &effort.part(2), observer)?;
    if first.plan.is_none() {
        return Ok(first);
    }
    let part = effort.part(4);
    let mut outcome = solve_once(prepared, scenario, first.plan.as_ref(), &part, observer)?;
    outcome.seconds.splice(0..0, first.seconds.iter().copied());
    // What bounds all plans bounds these; of a later objective only where those before are proven.
    let known = first.objectives.iter().filter(|known| known.name != COST);
    for (own, known) in outcome.objectives.iter_mut().zip(known) {
        *own = own.clone().bounded(nearest(own, known));
        if !own.is_settled() {
            break;
        }
        own.status = Status::Optimal;
    }
    outcome.status = outcome.objectives.first().map_or(outcome.status, |first| first.status);
    next(prepared, scenario, &effort.part(2), observer, outcome)
}

/// The outcome with its second objective planned for under the first as a floor, where the first is proven
/// and the second is not.
///
/// # Errors
///
/// As [`super::solve_prepared`].
fn next(
    prepared: &Prepared,
    scenario: &Scenario,
    effort: &Effort,
    observer: &mut dyn Observer,
    mut outcome: Outcome,
) -> Result<Outcome, Error> {
    let Some(names) = scenario.objective.list() else { return Ok(outcome) };
    let [first, second, ..] = &outcome.objectives[..] else { return Ok(outcome) };
    // Premises are passed by routes, and floors count sites.
    if names.len() < 2
        || names[0] == PREMISES
        || first.status != Status::Optimal
        || second.status == Status::Optimal
    {
        return Ok(outcome);
    }
    let floor = Limit {
        clause: Clause::All(Vec::new()),
        quantity: Quantity::Weight(names[0].clone()),
        at_least: Some(Weight::from_thousandths(first.achieved.raw())),
        at_most: None,
    };
    let narrower = scenario.altered(|narrower| {
        narrower.objective = Objective::Maximise(names[1..].to_vec());
        narrower.rules.limits.push(floor);
    });
    // A plan that brings as much of the first is one to begin with; routes are all there is to better.
    let known = outcome.plan.as_ref().filter(|_| names[1] == PREMISES);
    let part = effort.part(2);
    let other = if is_list(&narrower) {
        solve(prepared, &narrower, &part, observer)?
    } else {
        solve_once(prepared, &narrower, known, &part, observer)?
    };
    let Some(found) = other.objectives.first().filter(|_| other.plan.is_some()) else {
        return Ok(outcome);
    };
    outcome.seconds.extend(other.seconds.iter().copied());
    if found.achieved.raw() >= second.achieved.raw() {
        let first = first.clone();
        outcome.objectives = std::iter::once(first).chain(other.objectives).collect();
        outcome.plan = other.plan;
        outcome.cost = other.cost;
        outcome.by_programme = other.by_programme;
        return Ok(outcome);
    }
    let mut nearer = second.clone().bounded(nearest(second, found));
    if nearer.is_settled() {
        nearer.status = Status::Optimal;
    }
    outcome.objectives[1] = nearer;
    Ok(outcome)
}

/// The nearer of what is proven of one objective by two searches.
fn nearest(one: &ObjectiveResult, other: &ObjectiveResult) -> Option<i64> {
    one.bound.into_iter().chain(other.bound).map(Amount::raw).min()
}
