//! The years that a plan states, where it states any.
//!
//! In: a plan and its forest. Out: violations V270 to V273. A plan without years is judged as one without a
//! schedule: nothing here concerns it.

use std::collections::BTreeMap;

use crate::check::forest::Forest;
use crate::check::service::Served;
use crate::model::Scenario;
use crate::plan::{Item, Plan, Violation};
use crate::units::Year;

/// Judges stated years against the scenario, and items against payments and users.
pub(super) fn judge(
    scenario: &Scenario,
    plan: &Plan,
    forest: &Forest,
    served: &Served,
    found: &mut Vec<Violation>,
) {
    let of_items = years(plan);
    for (item, year) in &of_items {
        known(scenario, item, *year, found);
    }
    payments(scenario, plan, &of_items, found);
    order(forest, served, &of_items, found);
}

/// The years that items state.
fn years(plan: &Plan) -> BTreeMap<Item, Year> {
    let spans =
        plan.spans.iter().filter_map(|span| Some((Item::Span(span.id.clone()), span.year?)));
    let drops = plan.drops.iter();
    let drops = drops.filter_map(|drop| Some((Item::Drop(drop.building.clone()), drop.year?)));
    spans.chain(drops).collect()
}

fn known(scenario: &Scenario, item: &Item, year: Year, found: &mut Vec<Violation>) {
    if !scenario.years.contains(&year) {
        let cause = format!("the scenario has no year {year}");
        found.push(Violation::new("V270", item, cause));
    }
}

/// Money comes in the year of its item, and in the window of its programme.
fn payments(
    scenario: &Scenario,
    plan: &Plan,
    of_items: &BTreeMap<Item, Year>,
    found: &mut Vec<Violation>,
) {
    for payment in &plan.payments {
        let Some(year) = payment.year else { continue };
        known(scenario, &payment.item, year, found);
        let by = &payment.programme;
        if let Some(own) = of_items.get(&payment.item).filter(|own| **own != year) {
            let cause = format!("{by} pays in {year} for what is built in {own}");
            found.push(Violation::new("V271", &payment.item, cause));
        }
        let programme = scenario.programmes.iter().find(|programme| programme.id == *by);
        let window = programme.and_then(|programme| programme.window);
        if let Some((first, last)) = window.filter(|&(first, last)| year < first || year > last) {
            let cause = format!("{by} pays in {year} and may pay from {first} to {last}");
            found.push(Violation::new("V272", &payment.item, cause));
        }
    }
}

/// What a building uses is there when it is connected.
fn order(
    forest: &Forest,
    served: &Served,
    of_items: &BTreeMap<Item, Year>,
    found: &mut Vec<Violation>,
) {
    if of_items.is_empty() {
        return;
    }
    for connected in &served.buildings {
        let Some(&year) = of_items.get(&connected.item()) else { continue };
        let mut node = connected.node.map(|node| &forest.nodes[node]);
        while let Some(own) = node {
            if let Some(built) = of_items.get(&own.item).filter(|built| **built > year) {
                let id = &connected.building.id;
                let cause =
                    format!("it is built in {built}, and building {id:?} uses it in {year}");
                found.push(Violation::new("V273", &own.item, cause));
            }
            node = own.parent.map(|parent| &forest.nodes[parent]);
        }
    }
}
