//! Rules in use, to be held against schedules; and what more money in a year would buy.

use super::growth::grown;
use super::past::Past;
use super::problem::problem_of;
use crate::effort::Effort;
use crate::error::Error;
use crate::model::{Budget, Scenario};
use crate::network::Prepared;
use crate::observe::Observer;
use crate::plan::Plan;
use crate::schedule::{Ahead, Problem, Schedule, best_years, fill};
use crate::units::{Pence, Weight, Year};

fn coverage(problem: &Problem, schedule: &Schedule) -> Vec<Weight> {
    problem.coverage(schedule).into_iter().map(Weight::from_thousandths).collect()
}

/// What is connected by the end of each year where the sites of a plan come in the order of what each brings for
/// the cost of its own way, and each year takes them until its money is used up.
///
/// # Errors
///
/// An internal error where the plan is no forest.
pub fn in_order_of_ratio(scenario: &Scenario, plan: &Plan) -> Result<Vec<Weight>, Error> {
    let problem = problem_of(scenario, plan)?;
    let costs = problem.costs();
    let mut drops: Vec<usize> = (0..problem.drops().len()).collect();
    let ratio = |drop: usize| {
        let own = &problem.drops()[drop];
        let cost: i128 = problem.path(own.item).map(|item| i128::from(costs[item])).sum();
        (i128::from(own.weight), cost.max(1))
    };
    drops.sort_by(|&one, &other| {
        let ((weight, cost), (others, dear)) = (ratio(one), ratio(other));
        (others * cost).cmp(&(weight * dear)).then(one.cmp(&other))
    });
    let order: Vec<u32> = drops
        .into_iter()
        .filter_map(|drop| u32::try_from(problem.drops()[drop].item).ok())
        .collect();
    Ok(coverage(&problem, &fill(&problem, &order, Ahead::AtTheEnd, &|| false)))
}

/// What is connected by the end of each year where each is planned for itself; nothing where rules hold of the whole
/// plan, which no year can see to.
///
/// # Errors
///
/// As [`super::solve`].
pub fn one_year_at_a_time(
    prepared: &Prepared,
    scenario: &Scenario,
    effort: &Effort,
    observer: &mut dyn Observer,
) -> Result<Vec<Weight>, Error> {
    let past = Past::of(prepared, scenario)?;
    let Some(plan) = grown(prepared, scenario, &past, effort, observer)? else {
        return Ok(Vec::new());
    };
    let problem = problem_of(scenario, &plan)?;
    let stated = problem.stated(scenario, &plan);
    Ok(stated.map(|own| coverage(&problem, &own)).unwrap_or_default())
}

/// Rounds of scheduling for each raise.
const ROUNDS: u32 = 40;

/// By programme and year with money of its own: so much more of it, and the coverage over all years that this wins on
/// what a plan builds.
///
/// # Errors
///
/// An internal error where the plan is no forest.
pub fn worth_of_more(
    scenario: &Scenario,
    plan: &Plan,
    months: u32,
) -> Result<Vec<(String, Year, Pence, Weight)>, Error> {
    let problem = problem_of(scenario, plan)?;
    let over_all =
        |problem: &Problem, own: &Schedule| -> i64 { problem.coverage(own).iter().sum() };
    let Some(stated) = problem.stated(scenario, plan) else { return Ok(Vec::new()) };
    let now = over_all(&problem, &stated);
    let mut found = Vec::new();
    for (place, programme) in scenario.programmes.iter().enumerate() {
        let Budget::ByYear { by_year, .. } = &programme.budget else { continue };
        for (&year, &money) in by_year {
            let more = Pence::new(money.get() / 12 * i64::from(months));
            let richer = scenario.altered(|other| {
                if let Budget::ByYear { by_year, .. } = &mut other.programmes[place].budget {
                    by_year.insert(year, money + more);
                }
            });
            let problem = problem_of(&richer, plan)?;
            let best = best_years(&problem, Some(stated.clone()), 0, ROUNDS, &|| false);
            let won = best.map_or(0, |own| (over_all(&problem, &own) - now).max(0));
            found.push((programme.id.clone(), year, more, Weight::from_thousandths(won)));
        }
    }
    Ok(found)
}
