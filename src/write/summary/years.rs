//! The table of years in the summary.

use crate::report::{Report, YearLine};
use crate::write::summary::words::per_cent;
use crate::write::text::{amount, count, one_line, paragraph, table, weight};

/// One row a year; then what each programme has, spends and loses.
pub(super) fn years(report: &Report) -> String {
    let header = ["year", "£ built", "sites", "so far", "coverage", "so far", "at most"];
    let row = |line: &YearLine| {
        vec![
            line.year.to_string(),
            amount(line.cost),
            count(line.sites),
            count(line.sites_so_far),
            weight(line.coverage),
            weight(line.coverage_so_far),
            line.bound.map_or_else(|| "-".to_owned(), weight),
        ]
    };
    let rows: Vec<Vec<String>> = report.years.iter().map(row).collect();
    let note = format!(
        "Coverage is {}. No schedule has more than `at most` by the end of a year.",
        one_line(&report.weight)
    );
    table(&header, &rows) + &paragraph("  ", &note) + &money(report)
}

fn money(report: &Report) -> String {
    let header = ["programme", "year", "has", "of it brought", "spends", "moves on", "lapses"];
    let programmes = report.years.first().map_or(0, |year| year.money.len());
    let mut rows = Vec::new();
    for place in 0..programmes {
        for year in &report.years {
            let line = &year.money[place];
            rows.push(vec![
                one_line(&line.programme),
                year.year.to_string(),
                amount(line.available()),
                amount(line.brought),
                if line.open { amount(line.spent) } else { "closed".to_owned() },
                amount(line.moves_on),
                amount(line.lapses),
            ]);
        }
    }
    table(&header, &rows) + &paragraph("  ", "Money in £.")
}

/// How much of the last year's coverage is there by the end of the first, in words.
pub(super) fn early(report: &Report) -> Option<String> {
    let [first, .., last] = &report.years[..] else { return None };
    let (early, all) = (first.coverage_so_far.thousandths(), last.coverage_so_far.thousandths());
    if all <= 0 {
        return None;
    }
    let per_mille =
        usize::try_from((2000 * i128::from(early) + i128::from(all)) / (2 * i128::from(all)));
    Some(format!(
        "{} of its coverage is there by the end of {}.",
        per_cent(per_mille.ok()?),
        first.year
    ))
}
