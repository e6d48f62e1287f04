//! Money that is gone: what programmes have paid for what stands.

use std::collections::BTreeSet;

use crate::funding::{PlanForest, Pot, YearlyPot};
use crate::model::{Existing, ItemSort, Programme, Scenario};
use crate::plan::{Item, Payment};
use crate::units::{Pence, Year};

/// An item of some kind.
pub fn item_of(sort: ItemSort, id: &str) -> Item {
    match sort {
        ItemSort::Exchange => Item::Exchange(id.to_owned()),
        ItemSort::Span => Item::Span(id.to_owned()),
        ItemSort::Drop => Item::Drop(id.to_owned()),
    }
}

/// When an item was built, where it stands already.
pub fn standing_year(scenario: &Scenario, item: &Item) -> Option<Year> {
    let (sort, id) = match item {
        Item::Exchange(id) => (ItemSort::Exchange, id),
        Item::Span(id) => (ItemSort::Span, id),
        Item::Drop(id) => (ItemSort::Drop, id),
    };
    scenario.standing(sort, id).map(|own| own.year)
}

/// Takes what stands out of what is to be paid: it costs nothing more.
pub fn pay_nothing_more(scenario: &Scenario, forest: &mut PlanForest) {
    if scenario.schedule.existing.is_none() {
        return;
    }
    for (item, name) in forest.items.iter_mut().zip(&forest.names) {
        if standing_year(scenario, name).is_some() {
            item.cost = Pence::ZERO;
        }
    }
}

/// What is left to each programme: all of it, and by year.
pub fn money_left(scenario: &Scenario, pots: &mut [Pot], yearly: &mut [YearlyPot]) {
    let Some(existing) = &scenario.schedule.existing else { return };
    for (programme, (pot, own)) in scenario.programmes.iter().zip(pots.iter_mut().zip(yearly)) {
        let paid = |year: &Year| existing.paid(&programme.id, *year);
        let all: Pence = scenario.years.iter().map(paid).sum();
        pot.available = (pot.available - all).max(Pence::ZERO);
        for (year, (money, _)) in scenario.years.iter().zip(own.money.iter_mut().flatten()) {
            *money = (*money - paid(year)).max(Pence::ZERO);
        }
    }
}

/// What has moved on to the first year that is not over, by programme: of one sum for the whole time, what is left.
pub fn brought_on(scenario: &Scenario) -> Vec<Pence> {
    let Some(existing) = &scenario.schedule.existing else {
        return vec![Pence::ZERO; scenario.programmes.len()];
    };
    let over = scenario.years.iter().filter(|&&year| year <= existing.through);
    let over: Vec<Year> = over.copied().collect();
    let of = |programme: &Programme| {
        let paid = |year: Year| existing.paid(&programme.id, year);
        let Some(of_years) = programme.available_by_year(&scenario.years) else {
            let all: Pence = over.iter().map(|&year| paid(year)).sum();
            return (programme.available() - all).max(Pence::ZERO);
        };
        let mut brought = Pence::ZERO;
        for (&year, (own, most)) in over.iter().zip(of_years) {
            let left = (own + brought - paid(year)).max(Pence::ZERO);
            brought = most.map_or(left, |most| left.min(most));
        }
        brought
    };
    scenario.programmes.iter().map(of).collect()
}

/// Payments for what stands, of the things that a plan names.
pub fn paid_before<'a>(existing: &Existing, names: impl Iterator<Item = &'a Item>) -> Vec<Payment> {
    let known: BTreeSet<&Item> = names.collect();
    let payment = |own: &crate::model::PaidBefore| {
        let item = item_of(own.sort, &own.id);
        known.get(&item)?;
        let year = existing.of(own.sort).get(&own.id).map(|standing| standing.year);
        let programme = own.programme.clone();
        Some(Payment { item, programme, building: None, pence: own.pence, year })
    };
    existing.payments.iter().filter_map(payment).collect()
}
