//! The plan that stands at the end of a year.

use std::collections::BTreeSet;

use crate::plan::{Item, Plan};
use crate::units::Year;

/// What a plan has built by the end of a year, with what was paid for it; why other sites are not connected is for
/// the whole plan to say.
#[must_use]
pub fn plan_until(plan: &Plan, year: Year) -> Plan {
    let by = |own: Option<Year>| own.is_some_and(|own| own <= year);
    let mut standing = plan.clone();
    standing.left_out.clear();
    standing.exchanges.retain(|own| by(own.year));
    standing.spans.retain(|own| by(own.year));
    standing.drops.retain(|own| by(own.year));
    for exchange in &mut standing.exchanges {
        let served = standing.drops.iter().filter(|drop| drop.exchange == exchange.id).count();
        exchange.ports_used = u32::try_from(served).unwrap_or(u32::MAX);
    }
    let connected: BTreeSet<&String> = standing.drops.iter().flat_map(|own| &own.sites).collect();
    standing.connected.retain(|id| connected.contains(id));
    let built: BTreeSet<Item> = standing
        .exchanges
        .iter()
        .map(|own| Item::Exchange(own.id.clone()))
        .chain(standing.spans.iter().map(|own| Item::Span(own.id.clone())))
        .chain(standing.drops.iter().map(|own| Item::Drop(own.building.clone())))
        .collect();
    standing.payments.retain(|own| built.contains(&own.item));
    standing
}
