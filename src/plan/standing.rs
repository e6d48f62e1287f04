//! What stands of a plan by the end of a year.

use std::collections::BTreeMap;

use crate::model::{Existing, ItemSort, PaidBefore, Standing};
use crate::plan::{Item, Plan};
use crate::units::{Pence, Year};

/// What a plan with years has built and paid by the end of one; things without a year are no part of it.
#[must_use]
pub fn standing(plan: &Plan, through: Year) -> Existing {
    let standing = |year: Option<Year>, cost| {
        year.filter(|&year| year <= through).map(|year| Standing { year, cost })
    };
    let mut existing = Existing::nothing(through);
    let own = plan.exchanges.iter();
    existing.exchanges =
        own.filter_map(|own| Some((own.id.clone(), standing(own.year, own.cost)?))).collect();
    let own = plan.spans.iter();
    existing.spans =
        own.filter_map(|own| Some((own.id.clone(), standing(own.year, own.cost)?))).collect();
    let own = plan.drops.iter();
    existing.drops =
        own.filter_map(|own| Some((own.building.clone(), standing(own.year, own.cost)?))).collect();
    let mut paid: BTreeMap<(ItemSort, &String, &String), Pence> = BTreeMap::new();
    for payment in &plan.payments {
        let (sort, id) = match &payment.item {
            Item::Exchange(id) => (ItemSort::Exchange, id),
            Item::Span(id) => (ItemSort::Span, id),
            Item::Drop(id) => (ItemSort::Drop, id),
        };
        if existing.of(sort).contains_key(id) {
            *paid.entry((sort, id, &payment.programme)).or_default() += payment.pence;
        }
    }
    let of = |((sort, id, programme), pence): ((ItemSort, &String, &String), Pence)| PaidBefore {
        sort,
        id: id.clone(),
        programme: programme.clone(),
        pence,
    };
    existing.payments = paid.into_iter().map(of).collect();
    existing
}
