//! What is wrong with what a scenario asks of its years.

use std::collections::BTreeMap;

use crate::error::{Fault, Subject};
use crate::model::clause_faults::clause_faults;
use crate::model::existing_faults::existing_faults;
use crate::model::found::Found;
use crate::model::objective::PREMISES;
use crate::model::programme_faults::known_year;
use crate::model::suggestion::{nearest, suggestion};
use crate::model::{Budget, CapScope, Earliness, PriceLevel, Quantity, ScenarioParts, Tables};
use crate::units::Year;

/// In longer lists no similar names are looked for.
const MOST_HINTS: usize = 100;

/// The most years a scenario may have: their money is counted through in every plan.
pub(crate) const MOST_YEARS: usize = 32;

/// Adds the faults of the schedule, and those of programmes that have money by year.
pub(crate) fn schedule_faults(scenario: &ScenarioParts, found: &mut Found) {
    let rules = &scenario.schedule;
    if scenario.years.len() > MOST_YEARS {
        let cause = format!("there are more than {MOST_YEARS} years");
        found.add("years", Fault::new("P153", cause, "list fewer"));
    }
    if scenario.years.is_empty() && !rules.is_empty() {
        let fault =
            Fault::new("P154", "the scenario has no years", "list them: years = [\"2019-20\"]");
        found.add("schedule", fault);
        return;
    }
    for (place, programme) in scenario.programmes.iter().enumerate() {
        let by_year = matches!(programme.budget, Budget::ByYear { .. });
        if by_year && !programme.cap.is_none() && programme.cap_scope != CapScope::Programme {
            let fault = Fault::new(
                "P155",
                "a cap by site or group and money by year cannot both be kept",
                "state cap_scope = \"programme\", or budget_gbp with a window",
            );
            found.add(&format!("programmes[{}].budget_by_year_gbp", place + 1), fault);
        }
    }
    earliness(scenario, found);
    for (place, limit) in rules.limits.iter().enumerate() {
        let path = format!("schedule.limits[{}]", place + 1);
        clause_faults(&limit.clause, &scenario.tables, &format!("{path}.where"), found);
        if let Some(year) = limit.year {
            known_year(scenario, year, &format!("{path}.year"), found);
        }
    }
    for (place, floor) in rules.floors.iter().enumerate() {
        let path = format!("schedule.floors[{}]", place + 1);
        clause_faults(&floor.limit.clause, &scenario.tables, &format!("{path}.where"), found);
        known_year(scenario, floor.by, &format!("{path}.by"), found);
        weight_name(scenario, &floor.limit.quantity, &format!("{path}.weight"), found);
    }
    for (&year, &level) in &rules.price_index {
        let path = format!("schedule.price_index.{year}");
        known_year(scenario, year, &path, found);
        if level.millionths() == 0 || level > PriceLevel::HIGHEST {
            let cause = "the prices of the year are out of range";
            let remedy = "state its prices over those of the rate card, above 0 and at most 10, such as 1.03";
            found.add(&path, Fault::new("P160", cause, remedy).value(level.to_string()));
        }
    }
    existing_faults(scenario, found);
    sites(scenario, found);
    let exchanges = &scenario.tables.exchanges.rows;
    for (id, &year) in &rules.exchange_ready {
        let path = format!("schedule.exchange_ready.{id}");
        known_year(scenario, year, &path, found);
        if scenario.tables.exchange_by_id(id).is_none() {
            let remedy = suggestion(id, exchanges.iter().map(|own| own.id.as_str()));
            let fault = Fault::new("P156", "there is no such exchange", remedy);
            found.add(&path, fault.value(id));
        }
    }
}

fn earliness(scenario: &ScenarioParts, found: &mut Found) {
    let Some(Earliness::Weights(weights)) = &scenario.schedule.earliest else { return };
    for &year in weights.keys() {
        known_year(scenario, year, "schedule.earliest.weights", found);
    }
    if weights.values().all(|weight| weight.millionths() == 0) {
        let fault = Fault::new("P157", "no year counts", "give at least one a weight above 0");
        found.add("schedule.earliest.weights", fault);
    }
}

fn weight_name(scenario: &ScenarioParts, quantity: &Quantity, path: &str, found: &mut Found) {
    let Quantity::Weight(name) = quantity else { return };
    if name == PREMISES {
        let cause = "premises are passed by routes, not by the sites of a clause";
        let fault = Fault::new("O110", cause, "name another weight").value(name);
        found.add(path, fault);
    } else if name != crate::model::SITES && !scenario.weights.iter().any(|own| own.name == *name) {
        let known = scenario.weights.iter().map(|own| own.name.as_str());
        let remedy = suggestion(name, known.chain([crate::model::SITES]));
        found.add(path, Fault::new("O103", "there is no such weight", remedy).value(name));
    }
}

/// Years of sites: known sites, known years, and the first no later than the last.
fn sites(scenario: &ScenarioParts, found: &mut Found) {
    let rules = &scenario.schedule;
    let tables = &scenario.tables;
    let lists: [(&str, &BTreeMap<String, Year>); 2] =
        [("schedule.not_before", &rules.not_before), ("schedule.by", &rules.by)];
    for (path, years) in lists {
        for (id, &year) in years {
            let path = format!("{path}.{id}");
            known_year(scenario, year, &path, found);
            if tables.site_by_id(id).is_none() {
                // Where a long list is of other sites, looking for a near one each time would take forever.
                let asked = if years.len() <= MOST_HINTS { &tables.sites.rows[..] } else { &[] };
                let ids = asked.iter().map(|site| site.id.as_str());
                let near = nearest(id, ids).map(|near| format!("; did you mean {near}?"));
                let remedy = format!("take it off the list{}", near.unwrap_or_default());
                let fault = Fault::new("O120", "there is no such site", remedy);
                found.add(&path, fault.value(id).about(Subject::NamedSite));
            }
        }
    }
    let columns = [
        ("schedule.not_before_column", rules.not_before_column.as_ref()),
        ("schedule.by_column", rules.by_column.as_ref()),
    ];
    for (path, column) in columns {
        let Some(column) = column else { continue };
        let known = &tables.sites.columns;
        if known.contains(column) {
            cells(scenario, path, column, found);
        } else {
            let remedy = suggestion(column, known.iter().map(String::as_str));
            let fault = Fault::new("P110", "the table has no such column", remedy);
            found.add(path, fault.about(Subject::SiteTable).value(column));
        }
    }
    let rows = tables.sites.rows.iter();
    for site in rows.filter(|_| !rules.is_empty()) {
        let (first, last) = (scenario.not_before(site), scenario.due_by(site));
        if let Some((first, last)) = first.zip(last).filter(|(first, last)| first > last) {
            let cause = format!("it can be connected from {first} and is due by {last}");
            let fault = Fault::new("P158", cause, "exchange the two years, or leave one out");
            found.add("schedule", fault.value(&site.id).about(Subject::SiteTable));
        }
    }
}

/// Every cell of a column of years is one of the scenario's, or missing.
fn cells(scenario: &ScenarioParts, path: &str, column: &str, found: &mut Found) {
    let tables: &Tables = &scenario.tables;
    let (mut wrong, mut first) = (0_usize, None);
    for site in &tables.sites.rows {
        let cell = tables.site_cell(site, column).unwrap_or("");
        let year = Year::from_text(cell.trim());
        let known = year.is_some_and(|year| scenario.years.contains(&year));
        if !known && !tables.is_missing(cell) {
            wrong += 1;
            first = first.or(Some((site.id.clone(), cell.to_owned())));
        }
    }
    let Some((id, cell)) = first else { return };
    let cells = if wrong == 1 { "cell" } else { "cells" };
    let cause =
        format!("{wrong} {cells} of {column:?} hold no year of the scenario, first that of {id}");
    let years: Vec<String> = scenario.years.iter().map(Year::to_string).collect();
    let remedy = format!("leave them empty, or use one of: {}", years.join(", "));
    found.add(path, Fault::new("P159", cause, remedy).value(cell).about(Subject::SiteTable));
}
