//! The later objectives of a list, once the first is proven.
//!
//! In: an outcome whose first objective is proven best and a later one is not. Out: the plan of most of the
//! next objective among those that have as much of the first, planned for as a floor under it: prizes bent
//! towards that floor give a nearer bound than one prize for all does.

use super::{SolveOptions, solve_prepared};
use crate::error::Error;
use crate::model::{Clause, Limit, Objective, PREMISES, Quantity, Scenario};
use crate::network::Prepared;
use crate::observe::Observer;
use crate::plan::Outcome;
use crate::status::{Status, gap};
use crate::units::Weight;

/// Whether a scenario asks for several objectives, one after the other.
pub fn is_list(scenario: &Scenario) -> bool {
    matches!(&scenario.objective, Objective::Maximise(names) if names.len() > 1)
}

/// The outcome with its second objective planned for under the first as a floor, where the first is proven
/// and the second is not.
///
/// # Errors
///
/// As [`solve_prepared`].
pub fn next(
    prepared: &Prepared,
    scenario: &Scenario,
    options: &SolveOptions,
    observer: &mut dyn Observer,
    mut outcome: Outcome,
) -> Result<Outcome, Error> {
    let Objective::Maximise(names) = &scenario.objective else { return Ok(outcome) };
    let [first, second, ..] = &outcome.objectives[..] else { return Ok(outcome) };
    // Premises are passed by routes, and floors count sites.
    if names.len() < 2
        || names[0] == PREMISES
        || first.status != Status::Optimal
        || second.status == Status::Optimal
    {
        return Ok(outcome);
    }
    let mut narrower = scenario.clone();
    narrower.objective = Objective::Maximise(names[1..].to_vec());
    narrower.rules.limits.push(Limit {
        clause: Clause::All(Vec::new()),
        quantity: Quantity::Weight(names[0].clone()),
        at_least: Some(Weight::from_thousandths(first.achieved)),
        at_most: None,
    });
    let other = solve_prepared(prepared, &narrower, &options.part(2), observer)?;
    let Some(found) = other.objectives.first().filter(|_| other.plan.is_some()) else {
        return Ok(outcome);
    };
    outcome.seconds.extend(other.seconds.iter().copied());
    if found.achieved >= second.achieved {
        let first = first.clone();
        outcome.objectives = std::iter::once(first).chain(other.objectives).collect();
        outcome.plan = other.plan;
        outcome.cost = other.cost;
        outcome.by_programme = other.by_programme;
        return Ok(outcome);
    }
    let bound = second.bound.into_iter().chain(found.bound).min();
    let second = &mut outcome.objectives[1];
    second.bound = bound;
    second.gap = bound.map(|bound| gap(second.achieved, bound));
    if bound == Some(second.achieved) {
        second.status = Status::Optimal;
    }
    Ok(outcome)
}
