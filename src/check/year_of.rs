//! The years that the items of a plan state.

use std::collections::HashMap;

use crate::plan::{Item, Plan};
use crate::units::Year;

/// By item: the year in which it is built, where it states one.
pub(super) struct YearsOfItems(HashMap<Item, Year>);

impl YearsOfItems {
    pub(super) fn of(plan: &Plan) -> Self {
        Self(plan.items().filter_map(|(item, year)| Some((item, year?))).collect())
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn get(&self, item: &Item) -> Option<Year> {
        self.0.get(item).copied()
    }
}
