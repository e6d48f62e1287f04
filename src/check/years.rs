//! The years that a plan states: those of the scenario, of its items, payments and users; and the money of each.
//!
//! In: a plan and its forest. Out: violations V270 to V275. Where a scenario has no schedule, a plan without years
//! is judged as one without: nothing here concerns it.

use std::collections::BTreeMap;

use crate::check::existing::stands;
use crate::check::forest::Forest;
use crate::check::service::Served;
use crate::check::year_of::YearsOfItems;
use crate::model::{Programme, Scenario};
use crate::plan::{Item, Plan, Violation};
use crate::units::{Amount, Pence, Year};

/// Judges stated years against the scenario, and items against payments and users.
pub(super) fn judge(
    scenario: &Scenario,
    plan: &Plan,
    forest: &Forest,
    served: &Served,
    found: &mut Vec<Violation>,
) {
    let of_items = YearsOfItems::of(plan);
    whole(scenario, plan, &of_items, found);
    payments(scenario, plan, &of_items, found);
    order(forest, served, &of_items, found);
    money(scenario, plan, found);
}

/// Every item states a year of the scenario, or none does and the scenario asks for none.
fn whole(scenario: &Scenario, plan: &Plan, of_items: &YearsOfItems, found: &mut Vec<Violation>) {
    let paid = plan.payments.iter().map(|own| (own.item.clone(), own.year));
    let (mut without, mut first) = (0_usize, None);
    for (item, year) in plan.items().chain(paid) {
        if let Some(year) = year {
            known(scenario, &item, year, found);
        } else {
            without += 1;
            first = first.or(Some(item));
        }
    }
    let Some(item) = first else { return };
    if !of_items.is_empty() {
        let (without, have) = (Amount::count(without), if without == 1 { "has" } else { "have" });
        let cause =
            format!("{without} of the items and payments {have} no year, and others have one");
        found.push(Violation::new("V274", &item, cause));
    } else if scenario.has_schedule() {
        let cause = "nothing in it has a year, and the scenario has a schedule";
        found.push(Violation::new("V274", "plan", cause.to_owned()));
    }
}

fn known(scenario: &Scenario, item: &Item, year: Year, found: &mut Vec<Violation>) {
    if !scenario.years.contains(&year) {
        let cause = format!("the scenario has no year {year}");
        found.push(Violation::new("V270", item, cause));
    }
}

/// Money comes in the year of its item, and in the window of its programme.
fn payments(scenario: &Scenario, plan: &Plan, of_items: &YearsOfItems, found: &mut Vec<Violation>) {
    for payment in &plan.payments {
        let Some(year) = payment.year else { continue };
        let by = &payment.programme;
        if let Some(own) = of_items.get(&payment.item).filter(|&own| own != year) {
            let cause = format!("{by} pays in {year} for what is built in {own}");
            found.push(Violation::new("V271", &payment.item, cause));
        }
        if stands(scenario, &payment.item) {
            continue;
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
fn order(forest: &Forest, served: &Served, of_items: &YearsOfItems, found: &mut Vec<Violation>) {
    if of_items.is_empty() {
        return;
    }
    for connected in &served.buildings {
        let Some(year) = of_items.get(&connected.item()) else { continue };
        let mut node = connected.node.map(|node| &forest.nodes[node]);
        while let Some(own) = node {
            if let Some(built) = of_items.get(&own.item).filter(|&built| built > year) {
                let id = &connected.building.id;
                let cause =
                    format!("it is built in {built}, and building {id:?} uses it in {year}");
                found.push(Violation::new("V273", &own.item, cause));
            }
            node = own.parent.map(|parent| &forest.nodes[parent]);
        }
    }
}

/// No programme spends more by a year than it has by then, after what may not move on.
fn money(scenario: &Scenario, plan: &Plan, found: &mut Vec<Violation>) {
    if plan.payments.iter().all(|payment| payment.year.is_none()) {
        return;
    }
    for programme in &scenario.programmes {
        let Some(of_years) = programme.available_by_year(&scenario.years) else { continue };
        let spent = spent_by_year(plan, programme);
        let mut brought = Pence::ZERO;
        for (&year, (own, most)) in scenario.years.iter().zip(of_years) {
            let (has, spends) = (own + brought, spent.get(&year).copied().unwrap_or_default());
            if spends > has && !scenario.is_over(year) {
                let [spends, has] = [spends, has].map(Amount::Money);
                let cause = format!("in {year} it spends {spends} and has {has}");
                found.push(Violation::new(
                    "V275",
                    format_args!("programme:{}", programme.id),
                    cause,
                ));
            }
            let left = (has - spends).max(Pence::ZERO);
            brought = most.map_or(left, |most| left.min(most));
        }
    }
}

fn spent_by_year(plan: &Plan, programme: &Programme) -> BTreeMap<Year, Pence> {
    let mut spent: BTreeMap<Year, i64> = BTreeMap::new();
    for payment in plan.payments.iter().filter(|own| own.programme == programme.id) {
        let Some(year) = payment.year else { continue };
        let sum = spent.entry(year).or_default();
        *sum = sum.saturating_add(payment.pence.get().max(0));
    }
    spent.into_iter().map(|(year, pence)| (year, Pence::new(pence))).collect()
}
