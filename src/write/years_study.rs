//! A study of years as tables: for people, and as CSV.

use crate::model::Scenario;
use crate::study::years::{YearsRow, YearsStudy};
use crate::units::{Amount, Weight};
use crate::write::cells::CsvText;
use crate::write::text::{amount, or_dash, paragraph, table, weight};

/// The table of ways and that of what more money would buy.
#[must_use]
pub fn years_text(scenario: &Scenario, study: &YearsStudy) -> String {
    let years: Vec<String> = study.years.iter().map(ToString::to_string).collect();
    let mut header = vec!["way"];
    header.extend(years.iter().map(String::as_str));
    header.extend(["all years", "at most", "below best %"]);
    let best = study.rows.first().and_then(YearsRow::bound_over_all_years);
    let row = |row: &YearsRow| {
        let mut cells = vec![row.way.meaning().to_owned()];
        cells.extend(
            (0..years.len()).map(|place| or_dash(row.by_year.get(place).copied().map(weight))),
        );
        cells.push(or_dash(row.over_all_years().map(weight)));
        cells.push(or_dash(row.bound_over_all_years().map(weight)));
        let own = row.bound_over_all_years().or(best);
        cells.push(or_dash(row.over_all_years().zip(own).map(below)));
        cells
    };
    let rows: Vec<Vec<String>> = study.rows.iter().map(row).collect();
    let mut text = table(&header, &rows);
    let name = scenario.site_weight();
    text += &paragraph(
        "  ",
        &format!(
            "{name} connected by the end of each year, and their sum over all years; `at most` is proven. Rules \
             are held against what is proven of the scenario as it is."
        ),
    );
    for row in study.rows.iter().filter(|row| row.by_year.is_empty()) {
        let why = row.outcome.as_ref().and_then(|own| own.reasons.first().cloned());
        let why =
            why.unwrap_or_else(|| "rules of the whole plan cannot be kept year by year".to_owned());
        text += &paragraph("  - ", &format!("{}: no plan ({why}).", row.way.meaning()));
    }
    if !study.worth.is_empty() {
        let rows: Vec<Vec<String>> = study
            .worth
            .iter()
            .map(|own| {
                let won = weight(own.won);
                vec![own.programme.clone(), own.year.to_string(), amount(own.more), won]
            })
            .collect();
        text += "\n";
        text += &table(&["programme", "year", "more £", "won over all years"], &rows);
        text += &paragraph(
            "  ",
            &format!(
                "What more money in one year wins in {name} over all years, on what the plan builds."
            ),
        );
    }
    text
}

/// How far below the best possible, in per cent with two decimals.
fn below((own, best): (Weight, Weight)) -> String {
    let gap = crate::status::gap(own.thousandths(), best.thousandths());
    format!("{:.2}", (gap * 10_000.0).ceil() / 100.0)
}

/// One row a way and year.
pub(super) fn years_csv(study: &YearsStudy) -> Vec<u8> {
    let mut text =
        CsvText::with_header(["way", "year", "coverage", "coverage_bound", "coverage_years"]);
    for row in &study.rows {
        let mut sum = Weight::ZERO;
        for (place, year) in study.years.iter().enumerate() {
            let own = row.by_year.get(place).copied();
            sum += own.unwrap_or_default();
            let so_far = own.map(|_| sum);
            text.row([
                row.way.word().to_owned(),
                year.to_string(),
                own.map(|own| own.to_string()).unwrap_or_default(),
                row.bounds.get(place).map(ToString::to_string).unwrap_or_default(),
                so_far.map(|own| own.to_string()).unwrap_or_default(),
            ]);
        }
    }
    text.into_bytes()
}

/// One row a programme and year.
pub(super) fn year_worth_csv(study: &YearsStudy) -> Vec<u8> {
    let mut text = CsvText::with_header(["programme", "year", "more_gbp", "coverage_years_won"]);
    for own in &study.worth {
        let (year, more, won) = (own.year.to_string(), own.more.to_string(), own.won.to_string());
        text.row([own.programme.clone(), year, more, won]);
    }
    text.into_bytes()
}

/// What stands at the end of a year, in words.
#[must_use]
pub fn standing_text(
    scenario: &Scenario,
    plan: &crate::plan::Plan,
    year: crate::units::Year,
) -> String {
    let sites = |id: &String| {
        let site = scenario.tables.site_by_id(id).map(|site| scenario.tables.site(site))?;
        let own = scenario.weight(scenario.site_weight(), site);
        let weight_of = own.map_or(Weight::ZERO, |own| own.weight);
        let drop = plan.drops.iter().find(|drop| drop.sites.contains(id));
        let built =
            drop.and_then(|drop| drop.year).map_or_else(String::new, |year| year.to_string());
        Some(vec![site.id.clone(), site.name.clone(), built, weight(weight_of)])
    };
    let rows: Vec<Vec<String>> = plan.connected.iter().filter_map(sites).collect();
    let head = format!(
        "By the end of {year}: {} sites connected over {} spans for {}.",
        Amount::count(plan.connected.len()),
        Amount::count(plan.spans.len()),
        Amount::Money(plan.cost())
    );
    paragraph("", &head) + &table(&["site", "name", "year", scenario.site_weight()], &rows)
}
