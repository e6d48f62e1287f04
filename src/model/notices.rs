//! What is worth knowing about a scenario that can be solved as it stands.

use std::collections::{BTreeMap, BTreeSet};

use crate::error::{Fault, Subject};
use crate::model::faults::{clause_number_columns, table_name};
use crate::model::found::Found;
use crate::model::idle_clauses::idle_clauses;
use crate::model::{KNOWN_KINDS, Scenario};
use crate::units::{Amount, Number, Pence};

/// Buildings by `building_id` whose sites lie further apart than this are remarked on, in millimetres.
const WIDE_BUILDING: u64 = 500_000;

/// All notices of a scenario: assumptions and oddities that stop nothing.
#[must_use]
pub fn notices(scenario: &Scenario) -> Vec<Fault> {
    let mut found = Found::default();
    empty_tables(scenario, &mut found);
    kinds(scenario, &mut found);
    wide_buildings(scenario, &mut found);
    numbers(scenario, &mut found);
    idle_clauses(scenario, &mut found);
    for (name, method) in &scenario.rate_card.methods {
        if method.source.is_none() {
            let notice = Fault::notice(
                "R120",
                "the price has no source and is reported as an assumption",
                "say where it comes from: source = \"...\"",
            );
            found.add(&format!("rate_card.methods.{name}"), notice.value(name));
        }
    }
    crossings(scenario, &mut found);
    found.0
}

/// Prices of crossings without a source, and those that nothing asks for.
fn crossings(scenario: &Scenario, found: &mut Found) {
    let lines = &scenario.tables.crossings;
    for (kind, price) in &scenario.rate_card.crossings {
        let path = format!("rate_card.crossings.{kind}");
        if lines.kinds.binary_search(kind).is_err() {
            let notice = Fault::notice(
                "R121",
                "there is no line of this kind to cross",
                "check whether network.crossings has such lines, by this name",
            );
            found.add(&path, notice.value(kind));
        } else if price.source.is_none() && price.price > Pence::ZERO {
            let notice = Fault::notice(
                "R120",
                "the price has no source and is reported as an assumption",
                "say where it comes from: source = \"...\"",
            );
            found.add(&path, notice.value(kind));
        }
    }
}

fn empty_tables(scenario: &Scenario, found: &mut Found) {
    let tables = &scenario.tables;
    if tables.sites.rows.is_empty() {
        let notice = Fault::notice("S160", "there is no site to connect", "add sites");
        found.0.push(notice.at(table_name(&tables.sites.file, "sites"), None, ""));
    }
    if tables.exchanges.rows.is_empty() {
        let notice = Fault::notice("X160", "there is no exchange to start from", "add exchanges");
        found.0.push(notice.at(table_name(&tables.exchanges.file, "exchanges"), None, ""));
    }
}

/// One notice for each kind that reports do not know.
fn kinds(scenario: &Scenario, found: &mut Found) {
    let sites = &scenario.tables.sites;
    let mut unknown: BTreeMap<&str, usize> = BTreeMap::new();
    for site in &sites.rows {
        if !KNOWN_KINDS.contains(&site.kind.as_str()) {
            *unknown.entry(&site.kind).or_default() += 1;
        }
    }
    for (kind, count) in unknown {
        let noun = if count == 1 { "site is" } else { "sites are" };
        let notice = Fault::notice(
            "S161",
            format!("{} {noun} of a kind that is not in the list", Amount::count(count)),
            format!("no action is needed; the known kinds are {}", KNOWN_KINDS.join(", ")),
        );
        found.0.push(notice.value(kind).at(table_name(&sites.file, "sites"), None, "kind"));
    }
}

/// The notice on numbers of a column that were rounded, or else written with separators or a pound sign.
pub(crate) fn number_notice(rounded: bool, count: usize, first_row: usize) -> Fault {
    let (noun, verb) = if count == 1 { ("number", "was") } else { ("numbers", "were") };
    let count = Amount::count(count);
    if rounded {
        let cause = format!(
            "{count} {noun} with more decimals than are kept {verb} rounded half up, the first in row {first_row}"
        );
        return Fault::notice("F118", cause, "no action is needed").about(Subject::Numbers);
    }
    let cause = format!(
        "{count} {noun} with separated thousands or a pound sign {verb} read, the first in row {first_row}"
    );
    let remedy = "no action is needed; check that commas separate thousands, not decimals";
    Fault::notice("F119", cause, remedy).about(Subject::Numbers)
}

/// Numbers of the sites that were rounded or undressed: one notice a column.
fn numbers(scenario: &Scenario, found: &mut Found) {
    let tables = &scenario.tables;
    let mut columns = clause_number_columns(scenario);
    let rounded: BTreeSet<&String> = scenario.weights.iter().map(|weight| &weight.column).collect();
    columns.extend(rounded.iter().copied().cloned());
    for column in &columns {
        // Clauses compare exactly; weights are whole thousandths.
        let places = rounded.contains(column).then_some(3);
        let mut seen = [false, true].map(|rounded| (rounded, 0, None::<(usize, &str)>));
        for site in &tables.sites.rows {
            let cell = tables.site_cell(site, column).unwrap_or_default().trim();
            let Ok(number) = Number::read(cell) else { continue };
            let cut = places.is_some_and(|places| number.scaled(places).is_ok_and(|read| read.1));
            for (rounded, count, first) in &mut seen {
                if if *rounded { cut } else { number.dressed } {
                    *count += 1;
                    let this = (site.row, cell);
                    *first = Some(first.map_or(this, |known| known.min(this)));
                }
            }
        }
        let file = table_name(&tables.sites.file, "sites");
        for (rounded, count, first) in seen {
            if let Some((row, value)) = first {
                let notice = number_notice(rounded, count, row).value(value);
                found.0.push(notice.at(file, None, column));
            }
        }
    }
}

fn wide_buildings(scenario: &Scenario, found: &mut Found) {
    let tables = &scenario.tables;
    for building in scenario.buildings() {
        let sites = building.sites.iter().map(|&site| tables.site(site));
        let named = sites.clone().filter(|site| site.building_id.is_some());
        let farthest = named.map(|site| tables.plane.length(building.at, site.at)).max();
        if farthest.is_some_and(|farthest| farthest.get() > WIDE_BUILDING) {
            let notice = Fault::notice(
                "S162",
                "the sites of the building lie more than 500 m apart",
                "check whether they share one drop",
            );
            let file = table_name(&tables.sites.file, "sites");
            found.0.push(notice.value(&building.id).at(file, None, "building_id"));
        }
    }
}
