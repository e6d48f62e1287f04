//! What each year of a plan with years brings: how early it is, where it builds, and what its money does.

use crate::model::Scenario;
use crate::plan::{Outcome, Plan};
use crate::report::{ExchangeYears, Report, YearLine, exchange_years};
use crate::status::gap;
use crate::units::{Pence, Weight};
use crate::write::html::chart::{Level, levels};
use crate::write::html::frame::{Section, pair};
use crate::write::html::markup::Html;
use crate::write::html::table::{Cell, Table, heads};
use crate::write::html::words::{short_weight, tick, titled};
use crate::write::summary::proofs::gap_words;
use crate::write::text::{counted, one_line, weight};

/// The section on years; nothing where the plan has none.
pub(super) fn years(scenario: &Scenario, outcome: &Outcome, report: &Report) -> Option<Section> {
    let plan = outcome.plan.as_ref().filter(|_| !report.years.is_empty())?;
    Some(Section::new("years", "Year by year", |html| {
        how_early(html, report);
        where_built(html, scenario, plan, report);
        money_of_years(html, scenario, report);
    }))
}

/// Coverage by the end of each year, beside what is proven that no schedule can exceed.
fn how_early(html: &mut Html, report: &Report) {
    let name = titled(&report.weight);
    let level = |line: &YearLine| Level {
        label: line.year.to_string(),
        before: (line.coverage_so_far - line.coverage).thousandths(),
        reached: line.coverage_so_far.thousandths(),
        ceiling: line.bound.map(Weight::thousandths),
    };
    let rows: Vec<Level> = report.years.iter().map(level).collect();
    let said = report.years.iter().map(|line| {
        let most =
            line.bound.map_or_else(String::new, |most| format!(" of at most {}", weight(most)));
        format!("{} {}{most}", line.year, weight(line.coverage_so_far))
    });
    let says =
        format!("{name} covered by the end of each year: {}.", said.collect::<Vec<_>>().join("; "));
    let figure = |raw: i64| tick(&short_weight(Weight::from_thousandths(raw)));
    let picture = levels(&says, &name, &rows, figure);
    let proven = report.years.iter().any(|line| line.bound.is_some());
    let caption = if proven {
        "Covered by the end of each year, the year's own part in the stronger colour; no schedule can lie above a \
         dashed line at the end of its year: that is proven."
    } else {
        "Covered by the end of each year, the year's own part in the stronger colour."
    };
    pair(html, &picture, caption, |beside| {
        let row = |line: &YearLine| {
            let below = line.bound.filter(|most| *most > Weight::ZERO).map(|most| {
                let own = gap(line.coverage_so_far.thousandths(), most.thousandths());
                Cell::share(gap_words(own), own)
            });
            let metres = line.methods.values().map(|own| own.1).sum();
            vec![
                Cell::text(&line.year.to_string()),
                Cell::count(line.sites),
                Cell::count(line.sites_so_far),
                Cell::weight(line.coverage_so_far),
                Cell::maybe(line.bound, Cell::weight),
                Cell::maybe(below, |cell| cell),
                Cell::metres(metres),
                Cell::money(line.cost),
            ]
        };
        Table {
            name: "years",
            caption: "What is connected and built in each year",
            heads: heads([
                "Year",
                "#Sites",
                "#so far",
                &format!("#{name} so far"),
                "#at most",
                "#below",
                "#Metres",
                "#£ built",
            ]),
            rows: report.years.iter().map(row).collect(),
            foot: Vec::new(),
        }
        .write(beside);
    });
}

/// Sites connected from each exchange in each year.
fn where_built(html: &mut Html, scenario: &Scenario, plan: &Plan, report: &Report) {
    let lines = exchange_years(scenario, plan, &report.forest);
    if lines.is_empty() {
        return;
    }
    html.element("h3", &[], "Where each year builds");
    let count = |sites: usize| if sites == 0 { Cell::none() } else { Cell::count(sites) };
    let row = |line: &ExchangeYears| {
        let mut cells = vec![Cell::text(&one_line(&line.name))];
        cells.extend(line.sites.iter().map(|&sites| count(sites)));
        cells.push(Cell::count(line.all_sites()));
        cells.push(Cell::weight(line.all_coverage()));
        cells
    };
    let years = scenario.years.iter().map(|year| format!("#{year}"));
    let ends = ["#All years".to_owned(), format!("#{}", titled(&report.weight))];
    let names = std::iter::once("Exchange".to_owned()).chain(years).chain(ends);
    let caption = format!("Sites connected from {} by year", counted(lines.len(), "exchange"));
    Table {
        name: "exchanges_by_year",
        caption: &caption,
        heads: heads(names),
        rows: lines.iter().map(row).collect(),
        foot: Vec::new(),
    }
    .write(html);
}

/// What each programme has, spends and keeps in each year.
fn money_of_years(html: &mut Html, scenario: &Scenario, report: &Report) {
    html.element("h3", &[], "Money by year");
    let name = |id: &str| {
        let own = scenario.programmes.iter().find(|own| own.id == id);
        one_line(own.map_or(id, |own| &own.name))
    };
    let rows = report.years.iter().flat_map(|line| {
        line.money.iter().map(|money| {
            let closed = !money.open && money.available() == Pence::ZERO;
            let amount = |pence: Pence| if closed { Cell::none() } else { Cell::money(pence) };
            vec![
                Cell::text(&line.year.to_string()),
                Cell::text(&name(&money.programme)),
                amount(money.own),
                amount(money.brought),
                amount(money.spent),
                amount(money.moves_on),
                amount(money.lapses),
            ]
        })
    });
    Table {
        name: "money_by_year",
        caption: "What each programme has, spends and keeps in each year, in £; what lapses is lost",
        heads: heads(["Year", "Programme", "#Own", "#Brought", "#Spent", "#Moves on", "#Lapses"]),
        rows: rows.collect(),
        foot: Vec::new(),
    }
    .write(html);
}
