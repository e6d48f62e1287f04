//! What a year can build, what sites and exchanges must wait for, and floors by year.
//!
//! In: a plan with years and its forest. Out: violations V276 to V278.

use std::collections::BTreeMap;

use crate::check::existing::stands;
use crate::check::forest::Forest;
use crate::check::service::{Connected, Served};
use crate::check::year_of::YearsOfItems;
use crate::model::{Scenario, Truth, YearAmount, YearLimit};
use crate::plan::{Item, Plan, Violation};
use crate::units::{Amount, Year};

/// Judges the rules of a schedule that are not about money.
pub(super) fn judge(
    scenario: &Scenario,
    plan: &Plan,
    forest: &Forest,
    served: &Served,
    found: &mut Vec<Violation>,
) {
    let years = YearsOfItems::of(plan);
    if years.is_empty() {
        return;
    }
    for (place, limit) in scenario.schedule.limits.iter().enumerate() {
        year_limit(scenario, plan, forest, served, (place, limit), &years, found);
    }
    sites(scenario, served, &years, found);
    for (id, &ready) in &scenario.schedule.exchange_ready {
        let item = Item::Exchange(id.clone());
        let year = years.get(&item).filter(|_| !stands(scenario, &item));
        if let Some(year) = year.filter(|&year| year < ready) {
            let cause = format!("it is enabled in {year}, and is ready only from {ready}");
            found.push(Violation::new("V277", &item, cause));
        }
    }
    floors(scenario, served, &years, found);
}

/// Whether any connected site of a building is one that a clause holds.
fn is_counted(scenario: &Scenario, limit: &YearLimit, connected: &Connected<'_>) -> bool {
    let mut sites = connected.sites.iter().map(|&site| scenario.tables.site(site));
    sites.any(|site| limit.clause.judge(&scenario.tables, site) == Truth::Yes)
}

/// Adds up what the limit counts by year.
fn year_limit(
    scenario: &Scenario,
    plan: &Plan,
    forest: &Forest,
    served: &Served,
    (place, limit): (usize, &YearLimit),
    years: &YearsOfItems,
    found: &mut Vec<Violation>,
) {
    let lengths: BTreeMap<&str, u64> =
        plan.spans.iter().map(|span| (span.id.as_str(), span.length.get())).collect();
    let mut counts = vec![false; forest.nodes.len()];
    let mut built: BTreeMap<Year, i128> = BTreeMap::new();
    let mut add = |item: &Item, much: i128| {
        if let Some(year) = years.get(item) {
            *built.entry(year).or_default() += much;
        }
    };
    for connected in served.buildings.iter().filter(|own| is_counted(scenario, limit, own)) {
        match limit.at_most {
            YearAmount::Buildings(_) => add(&connected.item(), 1),
            YearAmount::Pounds(_) => {
                add(&connected.item(), i128::from(connected.cost.get()));
            }
            YearAmount::Metres(_) => {}
        }
        let mut node = connected.node;
        while let Some(here) = node.filter(|&here| !counts[here]) {
            counts[here] = true;
            node = forest.nodes[here].parent;
        }
    }
    for (node, _) in forest.nodes.iter().zip(&counts).filter(|(_, counts)| **counts) {
        match (limit.at_most, &node.item) {
            (YearAmount::Pounds(_), item) => add(item, i128::from(node.cost.get())),
            (YearAmount::Metres(_), item @ Item::Span(id)) => {
                add(item, i128::from(lengths.get(id.as_str()).copied().unwrap_or(0)));
            }
            _ => {}
        }
    }
    let most = match limit.at_most {
        YearAmount::Buildings(most) => i128::from(most),
        YearAmount::Pounds(most) => i128::from(most.get()),
        YearAmount::Metres(most) => i128::from(most.get()),
    };
    let of_years = built.into_iter().filter(|(year, _)| limit.year.is_none_or(|own| own == *year));
    let of_years = of_years.filter(|(year, _)| !scenario.is_over(*year));
    for (year, much) in of_years.filter(|(_, much)| *much > most) {
        let shown = |amount: i128| match limit.at_most {
            YearAmount::Buildings(_) if amount == 1 => "1 building".to_owned(),
            YearAmount::Buildings(_) => format!("{amount} buildings"),
            YearAmount::Pounds(_) => {
                Amount::Money(crate::units::Pence::new(i64::try_from(amount).unwrap_or(i64::MAX)))
                    .to_string()
            }
            YearAmount::Metres(_) => format!("{} m", amount / 1000),
        };
        let cause = format!("{year} builds {}, and can build at most {}", shown(much), shown(most));
        found.push(Violation::new("V276", format_args!("year_limit:{}", place + 1), cause));
    }
}

/// No site is connected before it can be, or after it is due.
fn sites(scenario: &Scenario, served: &Served, years: &YearsOfItems, found: &mut Vec<Violation>) {
    for connected in &served.buildings {
        let item = connected.item();
        if stands(scenario, &item) {
            continue;
        }
        let Some(year) = years.get(&item) else { continue };
        for site in connected.sites.iter().map(|&site| scenario.tables.site(site)) {
            let id = &site.id;
            if let Some(first) = scenario.not_before(site).filter(|&first| year < first) {
                let cause =
                    format!("site {id:?} is connected in {year}, and can be only from {first}");
                found.push(Violation::new("V277", &item, cause));
            }
            if let Some(last) = scenario.due_by(site).filter(|&last| year > last) {
                let cause = format!("site {id:?} is connected in {year}, and is due by {last}");
                found.push(Violation::new("V277", &item, cause));
            }
        }
    }
}

fn floors(scenario: &Scenario, served: &Served, years: &YearsOfItems, found: &mut Vec<Violation>) {
    let floors = scenario.schedule.floors.iter().enumerate();
    for (place, floor) in floors.filter(|(_, floor)| !scenario.is_over(floor.by)) {
        let by = |connected: &&Connected<'_>| {
            years.get(&connected.item()).is_some_and(|year| year <= floor.by)
        };
        let sites = served.buildings.iter().filter(by).flat_map(|own| &own.sites);
        let counted = sites.filter_map(|&site| floor.counts(scenario, scenario.tables.site(site)));
        let held = counted.fold(0_i64, |sum, own| sum.saturating_add(own.thousandths()));
        let least = floor.at_least(scenario);
        if held < least.thousandths() {
            let [held, least] =
                [crate::units::Weight::from_thousandths(held), least].map(Amount::Weight);
            let cause = format!("{held} by the end of {} is below the floor of {least}", floor.by);
            found.push(Violation::new("V278", format_args!("floor:{}", place + 1), cause));
        }
    }
}
