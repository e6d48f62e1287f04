//! The tables of the summary: money and coverage by programme, kind, region, method and reason.

use crate::model::Scenario;
use crate::report::{GroupLine, Report, Running, SiteLine, meaning};
use crate::units::Pence;
use crate::write::crossings;
use crate::write::summary::words::{named, per_cent, singular, with_name};
use crate::write::text::{
    amount, count, counted, gbp, metres, one_line, or_dash, paragraph, table, weight,
};

/// Sites by id and name, each with what it counts.
pub(super) fn sites(lines: &[SiteLine]) -> String {
    let one =
        |line: &SiteLine| format!("{} ({})", with_name(&line.id, &line.name), weight(line.weight));
    lines.iter().map(one).collect::<Vec<_>>().join(", ")
}

pub(super) fn programmes(report: &Report) -> String {
    let unit = format!("£/{}", singular(&report.weight));
    let header = ["programme", "available", "spent", "left", "sites", "recorded", "assumed", &unit];
    let rows: Vec<Vec<String>> = report
        .by_programme
        .iter()
        .map(|line| {
            vec![
                line.id.clone(),
                amount(line.available),
                amount(line.spent),
                amount(line.left()),
                count(line.sites),
                weight(line.coverage.recorded),
                weight(line.coverage.assumed),
                or_dash(line.cost_per_unit().map(amount)),
            ]
        })
        .collect();
    let note = format!(
        "Money in £; recorded and assumed are {}. Sites are the connected ones that a programme may \
         pay for and that use something it pays for: one site can count under several programmes.",
        one_line(&report.weight)
    );
    table(&header, &rows) + &paragraph("  ", &note) + &over_twice(report)
}

/// For how many items a programme pays much more than its sites' share; nothing where none does.
fn over_twice(report: &Report) -> String {
    let lines = report.by_programme.iter().filter(|line| line.over_twice > 0);
    let words = lines.map(|line| {
        let words = format!(
            "{} pays more than twice its per-site share of {}: over_twice_share in funding.csv.",
            one_line(&line.id),
            counted(line.over_twice, "item")
        );
        paragraph("  ", &words)
    });
    words.collect()
}

/// The sums that must agree, with every difference.
pub(super) fn audit(report: &Report) -> String {
    let audit = &report.ledger.audit;
    let mut text = paragraph(
        "- ",
        &format!(
            "{} that cost anything come to {}; {} come to {}.",
            counted(audit.items, "item"),
            gbp(audit.cost),
            counted(audit.payments, "payment"),
            gbp(audit.paid)
        ),
    );
    for (programme, paid, brought) in &audit.by_programme {
        let words = format!(
            "{} pays {}; its sites brought {}.",
            one_line(programme),
            gbp(*paid),
            gbp(*brought)
        );
        text += &paragraph("- ", &words);
    }
    for (item, difference) in &audit.differences {
        let words = format!(
            "{}: payments less cost are {}.",
            one_line(&item.to_string()),
            gbp(*difference)
        );
        text += &paragraph("- ", &words);
    }
    let verdict = if audit.adds_up() { "Everything adds up." } else { "This does not add up." };
    text + &paragraph("- ", verdict)
}

pub(super) fn groups(report: &Report, label: &str, lines: &[GroupLine]) -> String {
    let unit = format!("£/{}", singular(&report.weight));
    let header = [label, "sites", "of", "recorded", "assumed", "£", &unit, "rural"];
    let mut rows: Vec<Vec<String>> = lines.iter().map(|line| group(line, &line.label)).collect();
    if report.shares.unused != Pence::ZERO {
        let unused = GroupLine { cost: report.shares.unused, ..GroupLine::default() };
        rows.push(group(&unused, "(built for no site)"));
    }
    rows.push(group(&report.total, "all"));
    table(&header, &rows)
}

fn group(line: &GroupLine, label: &str) -> Vec<String> {
    vec![
        if label.is_empty() { "(none given)" } else { label }.to_owned(),
        count(line.sites),
        count(line.of_sites),
        weight(line.coverage.recorded),
        weight(line.coverage.assumed),
        amount(line.cost),
        or_dash(line.cost_per_unit().map(amount)),
        or_dash(line.rural_per_mille().map(per_cent)),
    ]
}

pub(super) fn methods(report: &Report) -> String {
    let rows: Vec<Vec<String>> = report
        .by_method
        .iter()
        .map(|line| {
            let method = if line.method.is_empty() { "(none given)" } else { &line.method };
            vec![method.to_owned(), count(line.spans), metres(line.length), amount(line.cost)]
        })
        .collect();
    let Running { per_year, capitalised } = report.running;
    let mut text = table(&["method", "spans", "metres", "£"], &rows);
    if per_year > Pence::ZERO {
        let capital = Pence::new(report.total.cost.get() - capitalised.get());
        text += &paragraph(
            "",
            &format!(
                "To run, the plan costs {} of rent a year. Of its cost {} is what the rents are worth today; \
                 {} is capital.",
                gbp(per_year),
                gbp(capitalised),
                gbp(capital)
            ),
        );
    }
    text + &crossings::built(report)
}

pub(super) fn site_costs(scenario: &Scenario, report: &Report) -> String {
    let mut text = String::new();
    if let (Some(median), Some((id, largest))) = (report.median_site_cost, &report.dearest_site) {
        let words =
            format!("Median {}; largest {} ({}).", gbp(median), gbp(*largest), named(scenario, id));
        text += &paragraph("  ", &words);
    }
    text + &paragraph(
        "  ",
        "A site's cost is its share: every exchange, span and drop is shared equally by the buildings \
         that use it, a building by its connected sites; the shares add up to the cost of the plan.",
    )
}

pub(super) fn left_out(report: &Report) -> String {
    if report.left_out.is_empty() {
        return paragraph("  ", "No site is left out.");
    }
    let rows: Vec<Vec<String>> = report
        .left_out
        .iter()
        .map(|line| {
            vec![
                if line.code.is_empty() { "(no code)" } else { &line.code }.to_owned(),
                count(line.sites),
                weight(line.coverage.recorded),
                weight(line.coverage.assumed),
            ]
        })
        .collect();
    let mut text = table(&["code", "sites", "recorded", "assumed"], &rows);
    for line in report.left_out.iter().filter(|line| !line.code.is_empty()) {
        let others = line.sites - line.largest.len();
        let others =
            if others == 0 { String::new() } else { format!(", and {} more", count(others)) };
        let words =
            format!("{}: {}. {}{others}.", line.code, meaning(&line.code), sites(&line.largest));
        text += &paragraph("  ", &words);
    }
    text
}
