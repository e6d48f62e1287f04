//! `summary.txt`: one page in plain words, at most 100 columns wide.

pub(super) mod assumptions;
pub(super) mod proofs;
mod tables;
pub(super) mod words;
mod years;

use crate::error::Fault;
use crate::model::Scenario;
use crate::plan::{Origin, Outcome, Parts, Plan, PlanSpan};
use crate::report::{BuildRow, BuildStep, Report, first_steps};
use crate::text::page;
use crate::units::Weight;
use crate::write::text::{count, counted, gbp, metres, one_line, paragraph, weight};
use assumptions::{assumptions, key_assumptions};
use proofs::proofs;
use tables::{audit, groups, left_out, methods, programmes, site_costs, sites};
use words::{per_cent, singular, with_name};

/// Steps of the build list that the page shows.
const STEPS: usize = 8;

/// The text of `summary.txt`.
#[must_use]
pub fn summary(
    scenario: &Scenario,
    outcome: &Outcome,
    report: &Report,
    notices: &[Fault],
) -> String {
    let title = if scenario.title.is_empty() { &scenario.name } else { &scenario.title };
    let mut sections = vec![paragraph("", title) + &headline(scenario, outcome, report)];
    sections.push(section("What this rests on", &list(&key_assumptions(scenario, report))));
    sections.push(section("What is proven", &list(&proofs(scenario, outcome))));
    if let Some(plan) = &outcome.plan {
        sections.push(section("Built first", &built_first(scenario, plan, report)));
    }
    sections.push(section("By programme", &programmes(report)));
    if !report.years.is_empty() {
        sections.push(section("By year", &years::years(report)));
    }
    if outcome.plan.is_some() {
        sections.push(section("By kind", &groups(report, "kind", &report.by_kind)));
        sections.push(section("By region", &groups(report, "region", &report.by_region)));
        sections.push(section("By method", &methods(report)));
        sections.push(section("Cost of a site", &site_costs(scenario, report)));
        sections.push(section("Audit", &audit(report)));
        sections.push(section("Left out", &left_out(report)));
    }
    sections.push(section("Doing nothing", &doing_nothing(report)));
    let notices = [notices, &outcome.network_notices].concat();
    sections.push(section("Assumptions and remarks", &list(&assumptions(scenario, &notices))));
    page(&sections.join("\n")).into_owned()
}

fn section(title: &str, body: &str) -> String {
    format!("{title}\n{body}")
}

fn list(lines: &[String]) -> String {
    lines.iter().map(|line| paragraph("- ", line)).collect()
}

fn headline(scenario: &Scenario, outcome: &Outcome, report: &Report) -> String {
    if outcome.plan.is_none() {
        let mut text = paragraph("", &format!("There is no plan ({}).", outcome.status));
        for reason in &outcome.reasons {
            text += &paragraph("- ", reason);
        }
        return text;
    }
    paragraph("", &connected(scenario, report))
}

/// What a plan connects and costs, in one paragraph.
pub(super) fn connected(scenario: &Scenario, report: &Report) -> String {
    let total = &report.total;
    let mut words = format!(
        "{} of {} are connected for {}.",
        count(total.sites),
        counted(total.of_sites, "site"),
        gbp(total.cost)
    );
    if report.weight != "sites" {
        words = format!(
            "{words} Coverage: {} {}{}.",
            weight(total.weight()),
            report.weight,
            parts(total.coverage)
        );
    }
    if let Some(cost) = total.cost_per_unit() {
        words = format!("{words} That is {} per {}.", gbp(cost), singular(&report.weight));
    }
    if let Some(passed) = report.premises_passed {
        words = format!("{words} What is built passes {} premises.", weight(passed));
    }
    if let Some(share) = total.rural_per_mille() {
        words = format!("{words} Rural: {} of those known to be rural or urban.", per_cent(share));
    }
    let years: Vec<String> = scenario.years.iter().map(ToString::to_string).collect();
    if !years.is_empty() {
        words = format!("{words} Years: {}.", years.join(", "));
    }
    if let Some(early) = years::early(report) {
        words = format!("{words} {early}");
    }
    words
}

/// ` (90 recorded, 10 assumed)`, nothing where all is recorded.
fn parts(coverage: Parts) -> String {
    if coverage.assumed == Weight::ZERO {
        return String::new();
    }
    format!(" ({} recorded, {} assumed)", weight(coverage.recorded), weight(coverage.assumed))
}

/// The first steps of the build list, what brings half of the coverage, and the largest sites connected.
fn built_first(scenario: &Scenario, plan: &Plan, report: &Report) -> String {
    let steps = first_steps(scenario, plan, &report.forest, &report.priority, STEPS);
    if steps.is_empty() {
        return paragraph("  ", "Nothing is built.");
    }
    let mut text = String::new();
    for (place, row) in steps.iter().enumerate() {
        text += &paragraph(&format!("{:>3}. ", place + 1), &step(scenario, plan, row));
    }
    let all = plan.exchanges.len() + plan.spans.len() + plan.drops.len();
    if let Some(more) = all.checked_sub(STEPS).filter(|&more| more > 0) {
        text +=
            &paragraph("     ", &format!("{} follow in build_list.csv.", counted(more, "step")));
    }
    text += &half_of_it(report);
    if !report.largest.is_empty() {
        let others = report.total.sites - report.largest.len();
        let others =
            if others == 0 { String::new() } else { format!(", and {} more", count(others)) };
        text += &paragraph("  ", &format!("Connected: {}{others}.", sites(&report.largest)));
    }
    text
}

/// How soon half of the coverage is there, where it takes several buildings to have it all.
fn half_of_it(report: &Report) -> String {
    let buildings = &report.priority.buildings;
    let Some(half) = report.priority.half().filter(|&half| half < buildings.len()) else {
        return String::new();
    };
    let words = format!(
        "{} of {} in priority.csv bring{} at least half of the coverage, for {} of {}.",
        if half == 1 { "The first".to_owned() } else { format!("The first {}", count(half)) },
        counted(buildings.len(), "building"),
        if half == 1 { "s" } else { "" },
        gbp(buildings[half - 1].cost_so_far),
        gbp(report.total.cost)
    );
    paragraph("  ", &words)
}

/// A step of the build list in words.
fn step(scenario: &Scenario, plan: &Plan, row: &BuildRow) -> String {
    let what = match row.kind {
        BuildStep::Exchange => format!("exchange {}", with_name(&row.id, &row.name)),
        BuildStep::Drop => {
            let tables = &scenario.tables;
            let only =
                tables.site_by_id(&row.id).is_some_and(|site| tables.site(site).name == row.name);
            let into = if only || row.name.is_empty() {
                with_name(&row.id, &row.name)
            } else {
                format!("building {} ({})", one_line(&row.id), one_line(&row.name))
            };
            format!("drop into {into}")
        }
        _ => {
            let length = row.length.map(metres).unwrap_or_default();
            let method = one_line(&row.method);
            let span = plan.spans.iter().find(|span| span.id == row.id);
            format!("{length} m of {method} {}", span.map_or_else(String::new, along))
        }
    };
    let year = row.year.map_or_else(String::new, |year| format!(", in {year}"));
    format!("{what}: {}, for {}{year}", gbp(row.cost), counted(row.sites, "site"))
}

/// Where a span lies, in words.
fn along(span: &PlanSpan) -> String {
    let source = span.source_id.as_deref().unwrap_or(&span.id);
    match span.origin {
        Origin::Input => {
            let piece = span.from.zip(span.to).filter(|_| source != span.id);
            let part = piece.map_or_else(String::new, |(from, to)| {
                format!(" from {} m to {} m", metres(from), metres(to))
            });
            format!("along {}{part}", one_line(source))
        }
        Origin::Proximity => "between two points".to_owned(),
        Origin::LeadIn => {
            let to = source.strip_prefix("lead-in:").unwrap_or(source);
            format!("as lead-in to {}", one_line(&to.replacen(':', " ", 1)))
        }
    }
}

fn doing_nothing(report: &Report) -> String {
    let nothing = &report.doing_nothing;
    let all = counted(nothing.of_sites, "site");
    if nothing.sites == 0 {
        return paragraph(
            "  ",
            &format!("Without a plan nothing is spent; none of {all} has fibre."),
        );
    }
    let covered = if report.weight == "sites" {
        String::new()
    } else {
        let coverage = nothing.coverage.recorded + nothing.coverage.assumed;
        format!(" ({} {})", weight(coverage), report.weight)
    };
    let words = format!(
        "Without a plan nothing is spent. Of {all}, {} with fibre already{covered}; no figure above \
         counts them.",
        count(nothing.sites)
    );
    paragraph("  ", &words)
}
