//! The years that the items of a plan state.

use std::collections::HashMap;

use crate::plan::{Item, Plan};
use crate::units::Year;

/// By item: the year in which it is built, where it states one.
pub(super) struct YearsOfItems(HashMap<Item, Year>);

impl YearsOfItems {
    pub(super) fn of(plan: &Plan) -> Self {
        let spans =
            plan.spans.iter().filter_map(|own| Some((Item::Span(own.id.clone()), own.year?)));
        let drops = plan.drops.iter();
        let drops = drops.filter_map(|own| Some((Item::Drop(own.building.clone()), own.year?)));
        let exchanges = plan.exchanges.iter();
        let exchanges =
            exchanges.filter_map(|own| Some((Item::Exchange(own.id.clone()), own.year?)));
        Self(spans.chain(drops).chain(exchanges).collect())
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn get(&self, item: &Item) -> Option<Year> {
        self.0.get(item).copied()
    }
}
