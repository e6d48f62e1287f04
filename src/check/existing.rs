//! What stands already: it is in the plan as it was built and paid, and nothing else is of its years.
//!
//! In: a scenario with something existing, and a plan. Out: violations V279.

use std::collections::BTreeMap;

use crate::model::{Existing, ItemSort, Scenario};
use crate::plan::{Item, Plan, Violation};
use crate::units::{Amount, Pence, Year};

/// The kind of an item, and its id.
pub(super) fn sorted(item: &Item) -> (ItemSort, &str) {
    match item {
        Item::Exchange(id) => (ItemSort::Exchange, id),
        Item::Span(id) => (ItemSort::Span, id),
        Item::Drop(id) => (ItemSort::Drop, id),
    }
}

/// Whether an item stands already.
pub(super) fn stands(scenario: &Scenario, item: &Item) -> bool {
    let (sort, id) = sorted(item);
    scenario.standing(sort, id).is_some()
}

/// Judges a plan against what stands.
pub(super) fn judge(scenario: &Scenario, plan: &Plan, found: &mut Vec<Violation>) {
    let Some(existing) = &scenario.schedule.existing else { return };
    let items: BTreeMap<Item, Option<Year>> = plan.items().collect();
    for (item, year) in &items {
        let Some(year) = year.filter(|&year| year <= existing.through) else { continue };
        if !stands(scenario, item) {
            let cause =
                format!("it is built in {year}, and that is over with {}", existing.through);
            found.push(Violation::new("V279", item, cause));
        }
    }
    let mut paid: BTreeMap<&Item, BTreeMap<&str, Pence>> = BTreeMap::new();
    for payment in plan.payments.iter().filter(|own| stands(scenario, &own.item)) {
        *paid.entry(&payment.item).or_default().entry(&payment.programme).or_default() +=
            payment.pence;
    }
    let before = paid_before(existing);
    let named = [
        (&existing.exchanges, Item::Exchange as fn(String) -> Item),
        (&existing.spans, Item::Span),
        (&existing.drops, Item::Drop),
    ];
    for (standing, name) in named {
        for (id, own) in standing {
            let item = name(id.clone());
            let cause = match items.get(&item) {
                None => format!("it stands since {}, and the plan does not hold it", own.year),
                Some(year) if *year != Some(own.year) => {
                    let year = year.map_or("no year".to_owned(), |year| year.to_string());
                    format!("it stands since {}, and the plan says {year}", own.year)
                }
                Some(_) => continue,
            };
            found.push(Violation::new("V279", &item, cause));
        }
    }
    if plan.payments.is_empty() {
        return;
    }
    for item in before.keys().chain(paid.keys().copied().filter(|own| !before.contains_key(*own))) {
        let none = BTreeMap::new();
        let (was, says) = (before.get(item).unwrap_or(&none), paid.get(item).unwrap_or(&none));
        for programme in was.keys().chain(says.keys().filter(|own| !was.contains_key(*own))) {
            let of = |all: &BTreeMap<&str, Pence>| all.get(programme).copied().unwrap_or_default();
            if of(was) != of(says) {
                let [was, says] = [of(was), of(says)].map(Amount::Money);
                let cause = format!("{programme} has paid {was} for it, and the plan says {says}");
                found.push(Violation::new("V279", item, cause));
            }
        }
    }
}

fn paid_before(existing: &Existing) -> BTreeMap<Item, BTreeMap<&str, Pence>> {
    let mut paid: BTreeMap<Item, BTreeMap<&str, Pence>> = BTreeMap::new();
    for own in &existing.payments {
        let id = own.id.clone();
        let item = match own.sort {
            ItemSort::Exchange => Item::Exchange(id),
            ItemSort::Span => Item::Span(id),
            ItemSort::Drop => Item::Drop(id),
        };
        *paid.entry(item).or_default().entry(&own.programme).or_default() += own.pence;
    }
    paid
}
