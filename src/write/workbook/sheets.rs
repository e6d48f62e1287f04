//! The tables of the workbook.

use crate::error::Fault;
use crate::model::Scenario;
use crate::plan::{Outcome, Plan};
use crate::report::Report;
use crate::units::{Pence, Weight};
use crate::write::grid_table::GridTable;
use crate::write::schedule::schedule_table;
use crate::write::summary::assumptions::{assumptions as assumption_lines, key_assumptions};
use crate::write::summary::connected;
use crate::write::summary::proofs::proofs;
use crate::write::tables::{PLAN_COLUMNS, build_list_table, funding_table, sites_table};
use crate::write::workbook::columns::{Sort, sort_of, sort_of_users};
use crate::write::workbook::sheet::Sheet;

/// All sheets of a plan, in their order.
pub(super) fn sheets(
    scenario: &Scenario,
    outcome: &Outcome,
    plan: &Plan,
    report: &Report,
    notices: &[Fault],
) -> Vec<Sheet> {
    let mut sheets = vec![
        sites(scenario, plan, report),
        ours("build list", build_list_table(scenario, plan, &report.forest, &report.priority)),
        ours("funding", funding_table(plan, &report.ledger)),
        ours("programmes", programmes(scenario, report)),
    ];
    if !report.years.is_empty() {
        sheets.push(ours("years", schedule_table(&report.years)));
    }
    sheets.push(ours("assumptions", assumptions(scenario, outcome, report, notices)));
    sheets
}

/// A sheet whose columns are all ours.
fn ours(name: &'static str, table: GridTable) -> Sheet {
    let sorts = table.header.iter().map(|column| sort_of(column)).collect();
    Sheet { name, table, sorts }
}

fn sites(scenario: &Scenario, plan: &Plan, report: &Report) -> Sheet {
    let table = sites_table(scenario, plan, &report.shares, &report.priority);
    let missing = &scenario.tables.sites.missing;
    let own = table.header.len().saturating_sub(PLAN_COLUMNS.len());
    let sort = |(place, name): (usize, &String)| match place {
        _ if place >= own => sort_of(name),
        _ => sort_of_users(&table, place, missing),
    };
    let mut sorts: Vec<Sort> = table.header.iter().enumerate().map(sort).collect();
    // An id is a name, even where all ids are numbers.
    if let Some(first) = table.rows.first().zip(scenario.tables.sites.rows.first())
        && let Some(place) = first.0.iter().take(own).position(|cell| *cell == first.1.id)
    {
        sorts[place] = Sort::Text;
    }
    Sheet { name: "sites", table, sorts }
}

fn programmes(scenario: &Scenario, report: &Report) -> GridTable {
    let mut table = GridTable::new([
        "programme",
        "name",
        "budget_gbp",
        "available_gbp",
        "spent_gbp",
        "left_gbp",
        "sites",
        "coverage_recorded",
        "coverage_assumed",
        "gbp_per_unit",
        "items_over_twice_share",
    ]);
    for (line, programme) in report.by_programme.iter().zip(&scenario.programmes) {
        let per_unit =
            line.cost_per_unit().map_or_else(String::new, |cost: Pence| cost.to_string());
        let weight = |weight: Weight| weight.to_string();
        table.rows.push(vec![
            line.id.clone(),
            line.name.clone(),
            programme.budget.total().to_string(),
            line.available.to_string(),
            line.spent.to_string(),
            line.left().to_string(),
            line.sites.to_string(),
            weight(line.coverage.recorded),
            weight(line.coverage.assumed),
            per_unit,
            line.over_twice.to_string(),
        ]);
    }
    table
}

fn assumptions(
    scenario: &Scenario,
    outcome: &Outcome,
    report: &Report,
    notices: &[Fault],
) -> GridTable {
    let mut table = GridTable::new(["about", "text"]);
    let mut add = |about: &str, lines: Vec<String>| {
        table.rows.extend(lines.into_iter().map(|line| vec![about.to_owned(), line]));
    };
    let title = if scenario.title.is_empty() { &scenario.name } else { &scenario.title };
    add("scenario", vec![title.clone()]);
    match outcome.plan {
        Some(_) => add("result", vec![connected(scenario, report)]),
        None => add("no plan", outcome.reasons.clone()),
    }
    add("what this rests on", key_assumptions(scenario, report));
    add("what is proven", proofs(scenario, outcome));
    let notices = [notices, &outcome.network_notices].concat();
    add("assumptions and remarks", assumption_lines(scenario, &notices));
    let provenance = &outcome.provenance;
    let made = format!(
        "fibreplan {}; scenario {} with SHA-256 {}; gap {}, seed {}",
        provenance.fibreplan,
        provenance.scenario,
        provenance.scenario_sha256,
        provenance.options.gap,
        provenance.options.seed
    );
    add("made by", vec![made]);
    let input = provenance.inputs.iter().map(|input| {
        format!(
            "{}: {}, SHA-256 {}, {} rows read, {} used",
            input.role, input.file, input.sha256, input.rows_read, input.rows_used
        )
    });
    add("input", input.collect());
    table
}
