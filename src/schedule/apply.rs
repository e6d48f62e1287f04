//! A schedule laid over its plan.

use std::collections::HashMap;

use super::problem::{Problem, Schedule};
use crate::model::Scenario;
use crate::plan::{Item, Plan};
use crate::units::Year;

/// The plan with a year on everything, without what the schedule leaves out; its payments and the reasons for
/// what is left out are for others to make.
pub fn dated(scenario: &Scenario, plan: &Plan, problem: &Problem, schedule: &Schedule) -> Plan {
    let years: HashMap<&Item, Year> = problem
        .names()
        .iter()
        .zip(schedule)
        .filter_map(|(name, year)| Some((name, scenario.years[usize::from((*year)?)])))
        .collect();
    let mut dated = Plan { payments: Vec::new(), left_out: Vec::new(), ..plan.clone() };
    let year = |item: Item| years.get(&item).copied();
    for drop in &mut dated.drops {
        drop.year = year(Item::Drop(drop.building.clone()));
    }
    dated.drops.retain(|drop| drop.year.is_some());
    for span in &mut dated.spans {
        span.year = year(Item::Span(span.id.clone()));
    }
    dated.spans.retain(|span| span.year.is_some());
    for exchange in &mut dated.exchanges {
        exchange.year = year(Item::Exchange(exchange.id.clone()));
        let served = dated.drops.iter().filter(|drop| drop.exchange == exchange.id).count();
        exchange.ports_used = u32::try_from(served).unwrap_or(u32::MAX);
    }
    dated.exchanges.retain(|exchange| exchange.year.is_some());
    dated.connected = dated.drops.iter().flat_map(|drop| drop.sites.iter().cloned()).collect();
    dated.connected.sort_unstable();
    dated
}
