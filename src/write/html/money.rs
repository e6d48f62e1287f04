//! What the programmes spend, in which year, and on which methods.

use crate::model::Scenario;
use crate::plan::Outcome;
use crate::report::{Report, YearSpending, spend_by_year};
use crate::units::{Pence, Year};
use crate::write::html::chart::{Bar, bars};
use crate::write::html::frame::pair;
use crate::write::html::markup::Html;
use crate::write::html::table::{Cell, Table, heads};
use crate::write::html::words::{short_gbp, tick, titled};
use crate::write::summary::words::singular;
use crate::write::text::one_line;

/// The section on money.
pub(super) fn money(html: &mut Html, scenario: &Scenario, outcome: &Outcome, report: &Report) {
    let years = Spent::of(scenario, outcome);
    let rows: Vec<Bar> = report
        .by_programme
        .iter()
        .enumerate()
        .map(|(place, line)| Bar {
            label: one_line(&line.name),
            says: format!("{} of {}", short_gbp(line.spent), short_gbp(line.available)),
            track: line.available.get(),
            parts: match years.parts(&line.id) {
                parts if parts.is_empty() => vec![(line.spent.get(), place + 1)],
                parts => parts,
            },
        })
        .collect();
    let words: Vec<String> = rows.iter().map(|row| format!("{} {}", row.label, row.says)).collect();
    let says = format!("Money spent by programme: {}.", words.join("; "));
    let picture = bars(&says, &rows, |pence| tick(&short_gbp(Pence::new(pence))));
    let caption = if years.years.is_empty() {
        "What each programme has, and what the plan spends of it.".to_owned()
    } else {
        let years: Vec<String> = years.years.iter().map(ToString::to_string).collect();
        format!(
            "What each programme has, and what the plan spends of it, from left to right in {}.",
            years.join(", ")
        )
    };
    pair(html, &picture, &caption, |beside| {
        programmes(beside, report);
        years.table(beside, report);
    });
    html.element("h3", &[], "By method");
    methods(html, report);
}

/// Payments by year.
struct Spent {
    years: Vec<Year>,
    lines: Vec<YearSpending>,
}

impl Spent {
    fn of(scenario: &Scenario, outcome: &Outcome) -> Self {
        let plan = outcome.plan.as_ref();
        let lines = plan.map_or_else(Vec::new, |plan| spend_by_year(scenario, plan));
        // By year already.
        let mut years: Vec<Year> = lines.iter().filter_map(|line| line.year).collect();
        years.dedup();
        Self { years, lines }
    }

    fn sum(&self, programme: &str, year: Year) -> Pence {
        let own =
            self.lines.iter().filter(|own| own.programme == programme && own.year == Some(year));
        own.map(|line| line.paid).sum()
    }

    /// What a programme spends in each year, with the tone of the year; nothing where there are no years.
    fn parts(&self, programme: &str) -> Vec<(i64, usize)> {
        let years = self.years.iter().enumerate();
        years.map(|(place, &year)| (self.sum(programme, year).get(), place + 1)).collect()
    }

    fn table(&self, html: &mut Html, report: &Report) {
        if self.years.is_empty() {
            return;
        }
        let rows = self.years.iter().flat_map(|&year| {
            report.by_programme.iter().map(move |line| {
                vec![
                    Cell::text(&year.to_string()),
                    Cell::text(&one_line(&line.name)),
                    Cell::money(self.sum(&line.id, year)),
                ]
            })
        });
        Table {
            name: "spending_by_year",
            caption: "Spending by year, in £",
            heads: heads(["Year", "Programme", "#Spent"]),
            rows: rows.collect(),
            foot: Vec::new(),
        }
        .write(html);
    }
}

fn programmes(html: &mut Html, report: &Report) {
    let unit = format!("#£ per {}", singular(&report.weight).replace('_', " "));
    let rows = report.by_programme.iter().map(|line| {
        let name = if line.name == line.id {
            one_line(&line.id)
        } else {
            format!("{} ({})", one_line(&line.name), one_line(&line.id))
        };
        vec![
            Cell::text(&name),
            Cell::money(line.available),
            Cell::money(line.spent),
            Cell::money(line.left()),
            Cell::count(line.sites),
            Cell::weight(line.coverage.recorded + line.coverage.assumed),
            Cell::maybe(line.cost_per_unit(), Cell::money),
        ]
    });
    let covers = format!("#{}", titled(&report.weight));
    Table {
        name: "programmes",
        caption: "Programmes, in £; a site may count under several",
        heads: heads(["Programme", "#Available", "#Spent", "#Left", "#Sites", &covers, &unit]),
        rows: rows.collect(),
        foot: Vec::new(),
    }
    .write(html);
}

fn methods(html: &mut Html, report: &Report) {
    let rows = report.by_method.iter().map(|line| {
        let name = if line.method.is_empty() { "none given" } else { &line.method };
        vec![
            Cell::text(&one_line(name).replace('_', " ")),
            Cell::count(line.spans),
            Cell::metres(line.length),
            Cell::money(line.cost),
        ]
    });
    Table {
        name: "methods",
        caption: "Spans built, by method",
        heads: heads(["Method", "#Spans", "#Metres", "#£"]),
        rows: rows.collect(),
        foot: Vec::new(),
    }
    .write(html);
}
