//! A plan at the prices of its years.
//!
//! In: a scenario whose prices change by year, and a plan. Out: the plan with everything at the price of its year, as
//! the check has it: that of the rate card at the level of the year, rounded once.

use std::collections::BTreeMap;

use crate::check::SpanPrices;
use crate::model::{ItemSort, Scenario};
use crate::plan::Plan;
use crate::units::Pence;

/// The plan at the prices of the years that it states, and of the rate card where it states none. What the input does
/// not know keeps its price. What
/// stands already keeps what was paid for it. Nothing changes where neither is stated.
pub fn priced(scenario: &Scenario, mut plan: Plan) -> Plan {
    let schedule = &scenario.schedule;
    if schedule.price_index.is_empty() && schedule.existing.is_none() {
        return plan;
    }
    let prices = SpanPrices::new(scenario);
    for span in &mut plan.spans {
        span.cost = prices.in_its_year(span).unwrap_or(span.cost);
    }
    for used in &mut plan.exchanges {
        if let Some(known) = scenario.tables.exchange_by_id(&used.id) {
            let price = scenario.enable_price(scenario.tables.exchange(known));
            used.cost = scenario.item_price(ItemSort::Exchange, &used.id, used.year, price);
        }
    }
    let buildings: BTreeMap<String, Pence> =
        scenario.buildings().into_iter().map(|own| (own.id, own.drop)).collect();
    for drop in &mut plan.drops {
        let price = buildings.get(&drop.building);
        let of_year =
            |&price| scenario.item_price(ItemSort::Drop, &drop.building, drop.year, price);
        drop.cost = price.map_or(drop.cost, of_year);
    }
    plan
}
