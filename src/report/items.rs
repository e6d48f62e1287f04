//! The items of a plan as numbers, so that tables of them need no names.

use std::collections::HashMap;

use crate::plan::{Item, Plan};

/// Exchanges, spans and drops of a plan by number; those of one id have one number.
pub(super) struct Items<'a> {
    plan: &'a Plan,
    exchanges: HashMap<&'a str, usize>,
    spans: HashMap<&'a str, usize>,
    drops: HashMap<&'a str, usize>,
}

impl<'a> Items<'a> {
    pub(super) fn of(plan: &'a Plan) -> Self {
        let exchanges = plan.exchanges.iter().map(|own| own.id.as_str());
        let spans = plan.spans.iter().map(|own| own.id.as_str());
        let drops = plan.drops.iter().map(|own| own.building.as_str());
        let first_span = plan.exchanges.len();
        let first_drop = first_span + plan.spans.len();
        Self {
            plan,
            exchanges: exchanges.zip(0..).collect(),
            spans: spans.zip(first_span..).collect(),
            drops: drops.zip(first_drop..).collect(),
        }
    }

    pub(super) fn len(&self) -> usize {
        self.plan.exchanges.len() + self.plan.spans.len() + self.plan.drops.len()
    }

    /// The number of an item; nothing where the plan does not hold it.
    pub(super) fn find(&self, item: &Item) -> Option<usize> {
        let (of_kind, id) = match item {
            Item::Exchange(id) => (&self.exchanges, id),
            Item::Span(id) => (&self.spans, id),
            Item::Drop(id) => (&self.drops, id),
        };
        of_kind.get(id.as_str()).copied()
    }

    /// The number of an exchange by its place in the plan.
    pub(super) fn exchange(&self, place: usize) -> usize {
        self.exchanges[self.plan.exchanges[place].id.as_str()]
    }

    /// The number of a span by its place in the plan.
    pub(super) fn span(&self, place: usize) -> usize {
        self.spans[self.plan.spans[place].id.as_str()]
    }

    /// The number of a drop by its place in the plan.
    pub(super) fn drop(&self, place: usize) -> usize {
        self.drops[self.plan.drops[place].building.as_str()]
    }
}
