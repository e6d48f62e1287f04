//! `schedule.csv`: the years of a plan, each with a row for each programme and one for all together.

use std::collections::BTreeSet;

use crate::report::{YearLine, YearMoneyLine};
use crate::units::Pence;
use crate::write::grid_table::GridTable;

/// The columns of `schedule.csv` before those of the methods, each `metres_` and its name.
pub const SCHEDULE_COLUMNS: [&str; 16] = [
    "year",
    "programme",
    "open",
    "budget_gbp",
    "brought_gbp",
    "available_gbp",
    "spent_gbp",
    "moves_on_gbp",
    "lapses_gbp",
    "cost_gbp",
    "buildings",
    "sites",
    "coverage",
    "sites_so_far",
    "coverage_so_far",
    "coverage_bound",
];

/// The bytes of `schedule.csv`; rows of programmes add up to the row `all` of their year.
#[must_use]
pub fn schedule_csv(years: &[YearLine]) -> Vec<u8> {
    schedule_table(years).csv()
}

/// Header and rows of `schedule.csv`.
pub(super) fn schedule_table(years: &[YearLine]) -> GridTable {
    let methods: BTreeSet<&String> = years.iter().flat_map(|year| year.methods.keys()).collect();
    let of_methods = methods.iter().map(|method| format!("metres_{method}"));
    let header: Vec<String> =
        SCHEDULE_COLUMNS.iter().map(ToString::to_string).chain(of_methods).collect();
    let mut table = GridTable::new(&header);
    for year in years {
        for line in &year.money {
            let open = if line.open { "yes" } else { "no" };
            let mut row = vec![year.year.to_string(), line.programme.clone(), open.to_owned()];
            row.extend(money(line).map(|pence| pence.to_string()));
            row.resize(header.len(), String::new());
            table.rows.push(row);
        }
        table.rows.push(all(year, &methods));
    }
    table
}

fn money(line: &YearMoneyLine) -> [Pence; 6] {
    [line.own, line.brought, line.available(), line.spent, line.moves_on, line.lapses]
}

fn all(year: &YearLine, methods: &BTreeSet<&String>) -> Vec<String> {
    let mut sums = [Pence::ZERO; 6];
    for line in &year.money {
        sums.iter_mut().zip(money(line)).for_each(|(sum, own)| *sum += own);
    }
    let mut row = vec![year.year.to_string(), "all".to_owned(), String::new()];
    row.extend(sums.map(|pence| pence.to_string()));
    row.push(year.cost.to_string());
    row.extend([year.buildings, year.sites].map(|count| count.to_string()));
    row.push(year.coverage.to_string());
    row.push(year.sites_so_far.to_string());
    row.push(year.coverage_so_far.to_string());
    row.push(year.bound.map_or_else(String::new, |bound| bound.to_string()));
    for method in methods {
        let length = year.methods.get(*method).map(|own| own.1).unwrap_or_default();
        row.push(length.to_string());
    }
    row
}
