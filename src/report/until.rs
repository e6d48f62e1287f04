//! The plan that stands at the end of a year.

use std::collections::BTreeSet;

use crate::plan::{Item, Plan};
use crate::units::Year;

/// What a plan has built by the end of a year, with what was paid for it; why other sites are not connected is for
/// the whole plan to say.
#[must_use]
pub fn plan_until(plan: &Plan, year: Year) -> Plan {
    let whole = Plan { left_out: Vec::new(), ..plan.clone() };
    let mut standing = whole.built_in(|own| own.is_some_and(|own| own <= year));
    let built: BTreeSet<Item> = standing.items().map(|(item, _)| item).collect();
    standing.payments.retain(|own| built.contains(&own.item));
    standing
}
