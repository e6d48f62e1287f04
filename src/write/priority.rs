//! `priority.csv`: building by building in order of priority, the curve of cost and coverage.

use crate::model::Scenario;
use crate::plan::Plan;
use crate::report::{Priority, RankedBuilding};
use crate::units::{Pence, Weight};
use crate::write::cells::CsvText;

/// The bytes of `priority.csv`: one row a building that an exchange reaches, in order of priority; then one without
/// rank and building for the cost of what no building uses, where there is such a thing.
#[must_use]
pub fn priority_csv(scenario: &Scenario, plan: &Plan, priority: &Priority) -> Vec<u8> {
    let mut text = CsvText::with_header([
        "rank",
        "building",
        "sites",
        "names",
        "exchange",
        "year",
        "block",
        "step",
        "cost_gbp",
        "cumulative_cost_gbp",
        "coverage",
        "cumulative_coverage",
        "cumulative_share",
        "gbp_per_unit",
        "cumulative_premises_passed",
    ]);
    for (rank, building) in (1_usize..).zip(&priority.buildings) {
        text.row(row(scenario, plan, priority, rank, building));
    }
    if priority.unused != Pence::ZERO {
        let mut cells: [String; 15] = Default::default();
        cells[8] = priority.unused.to_string();
        cells[9] = plan.cost().to_string();
        text.row(cells);
    }
    text.into_bytes()
}

fn row(
    scenario: &Scenario,
    plan: &Plan,
    priority: &Priority,
    rank: usize,
    building: &RankedBuilding,
) -> [String; 15] {
    let drop = &plan.drops[building.drop];
    let tables = &scenario.tables;
    let sites = drop.sites.iter().filter_map(|id| tables.site_by_id(id));
    let names: Vec<&str> = sites.map(|site| tables.site(site).name.as_str()).collect();
    let all = priority.buildings.last().map_or(Weight::ZERO, |last| last.weight_so_far);
    let shown = |pence: Option<Pence>| pence.map_or_else(String::new, |pence| pence.to_string());
    let premises = building.premises_so_far;
    [
        rank.to_string(),
        drop.building.clone(),
        drop.sites.join("; "),
        names.join("; "),
        drop.exchange.clone(),
        drop.year.map_or_else(String::new, |year| year.to_string()),
        building.block.to_string(),
        building.step.to_string(),
        building.cost.to_string(),
        building.cost_so_far.to_string(),
        building.weight.to_string(),
        building.weight_so_far.to_string(),
        share(building.weight_so_far, all),
        shown(building.cost_per_unit()),
        if priority.counts_premises { premises.to_string() } else { String::new() },
    ]
}

/// A part of the whole with four decimals, rounded down so that only all of it is 1; empty where the whole is
/// nothing.
fn share(part: Weight, all: Weight) -> String {
    let all = i128::from(all.thousandths());
    if all == 0 {
        return String::new();
    }
    let share = i128::from(part.thousandths()) * 10_000 / all;
    format!("{}.{:04}", share / 10_000, share % 10_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_whole_is_one() {
        let weight = Weight::from_thousandths;
        assert_eq!(share(weight(99_999), weight(100_000)), "0.9999");
        assert_eq!(share(weight(100_000), weight(100_000)), "1.0000");
        assert_eq!(share(weight(1), weight(3)), "0.3333");
        assert_eq!(share(weight(0), weight(0)), "");
    }
}
