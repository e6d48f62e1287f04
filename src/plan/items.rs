//! What a plan builds, item by item, and the year of each.

use std::collections::BTreeSet;

use crate::plan::{Item, Plan};
use crate::units::Year;

impl Plan {
    /// Everything it builds, with its year where it states one: exchanges, spans, drops.
    pub fn items(&self) -> impl Iterator<Item = (Item, Option<Year>)> + '_ {
        let exchanges = self.exchanges.iter().map(|own| (Item::Exchange(own.id.clone()), own.year));
        let spans = self.spans.iter().map(|own| (Item::Span(own.id.clone()), own.year));
        let drops = self.drops.iter().map(|own| (Item::Drop(own.building.clone()), own.year));
        exchanges.chain(spans).chain(drops)
    }

    /// The same plan with other years on what it builds; payments keep theirs.
    #[must_use]
    pub fn in_years(mut self, year: impl Fn(Item) -> Option<Year>) -> Self {
        for own in &mut self.exchanges {
            own.year = year(Item::Exchange(own.id.clone()));
        }
        for own in &mut self.spans {
            own.year = year(Item::Span(own.id.clone()));
        }
        for own in &mut self.drops {
            own.year = year(Item::Drop(own.building.clone()));
        }
        self
    }

    /// What it builds in some years: what these connect, and the ports that this takes. Payments stay as they are.
    #[must_use]
    pub fn built_in(mut self, counts: impl Fn(Option<Year>) -> bool) -> Self {
        self.exchanges.retain(|own| counts(own.year));
        self.spans.retain(|own| counts(own.year));
        self.drops.retain(|own| counts(own.year));
        for exchange in &mut self.exchanges {
            let served = self.drops.iter().filter(|drop| drop.exchange == exchange.id).count();
            exchange.ports_used = u32::try_from(served).unwrap_or(u32::MAX);
        }
        let connected: BTreeSet<&String> = self.drops.iter().flat_map(|own| &own.sites).collect();
        self.connected.retain(|id| connected.contains(id));
        self
    }
}
