//! Year after year: what each adds on its own money to what is built.
//!
//! In: a scenario with years. Out: a plan in which each year builds what is best for its own money, and what moves
//! on to the next. It looks no further than a year, and so it spends what would be lost; a schedule of the
//! best final plan looks at the end alone. Which of the two is better depends on the scenario.

use std::collections::BTreeMap;

use super::past::Past;
use super::undated::undated;
use crate::effort::Effort;
use crate::error::Error;
use crate::model::{Programme, Scenario};
use crate::network::Prepared;
use crate::observe::{Muted, Observer};
use crate::plan::{Item, Plan};
use crate::solve::on_top::OnTop;
use crate::units::{Pence, Year};

/// The plan that grows year by year; nothing where rules hold of the whole plan only, which no year can see to. What
/// is required is connected as soon as a year's money reaches that far.
///
/// # Errors
///
/// As [`OnTop::add`].
pub fn grown(
    prepared: &Prepared,
    scenario: &Scenario,
    past: &Past,
    effort: &Effort,
    observer: &mut dyn Observer,
) -> Result<Option<Plan>, Error> {
    let rules = &scenario.rules;
    let of_the_whole = !rules.groups.is_empty();
    let of_many = scenario.programmes.iter().any(|own| own.min_sites > 0);
    if of_the_whole || of_many || !rules.limits.is_empty() {
        return Ok(None);
    }
    let ground = OnTop::new(prepared, &undated(scenario))?;
    let mut built = past.built.clone();
    let mut years: BTreeMap<Item, Year> = BTreeMap::new();
    for (item, year) in past.plan.items() {
        years.extend(year.map(|year| (item, year)));
    }
    let mut brought = past.brought.clone();
    for (place, &year) in scenario.years.iter().enumerate().skip(past.open) {
        let share = effort.turn(scenario.years.len() - place);
        let of_year = money(scenario, place, &brought);
        let before = spent(scenario, &ground.built(&built)?);
        let turn = past.turn(scenario, year, &of_year);
        let without = turn.altered(|other| other.rules.required.clear());
        let missing: Vec<String> = missing(scenario, &ground.built(&built)?);
        let known = built.clone();
        if !missing.is_empty() {
            let with = turn.altered(|other| other.rules.required = missing);
            built = ground.add(&with, built, &share.part(2), &mut Muted(observer))?;
        }
        if built == known {
            built = ground.add(&without, built, &share.left(), &mut Muted(observer))?;
        }
        let plan = ground.built(&built)?;
        for (item, _) in plan.items() {
            years.entry(item).or_insert(year);
        }
        let after = spent(scenario, &plan);
        for (own, programme) in scenario.programmes.iter().enumerate() {
            let left = of_year[own] - (after[own] - before[own]);
            let most = programme.available_by_year(&scenario.years).map(|years| years[place].1);
            brought[own] = match most {
                // One sum for the whole time.
                None | Some(None) => left,
                Some(Some(most)) => left.min(most),
            };
        }
    }
    let plan = past.with(ground.built(&built)?);
    Ok(Some(plan.in_years(|item| years.get(&item).copied())))
}

/// The required sites that a plan does not connect.
fn missing(scenario: &Scenario, plan: &Plan) -> Vec<String> {
    let is_missing = |id: &&String| plan.connected.binary_search(id).is_err();
    scenario.rules.required.iter().filter(is_missing).cloned().collect()
}

/// What each programme has in a year, with what has moved on.
fn money(scenario: &Scenario, place: usize, brought: &[Pence]) -> Vec<Pence> {
    let of = |(own, &brought): (&Programme, &Pence)| match own.available_by_year(&scenario.years) {
        None if place == 0 => own.available(),
        None => brought,
        Some(years) => years[place].0 + brought,
    };
    scenario.programmes.iter().zip(brought).map(of).collect()
}

fn spent(scenario: &Scenario, plan: &Plan) -> Vec<Pence> {
    let of = |own: &Programme| {
        let paid = plan.payments.iter().filter(|paid| paid.programme == own.id);
        paid.map(|paid| paid.pence).sum()
    };
    scenario.programmes.iter().map(of).collect()
}
