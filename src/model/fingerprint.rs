//! A hash of the whole question, the same however the scenario was made.

use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::files::hexadecimal;
use crate::geometry::{Plane, Point};
use crate::model::{
    NetworkSettings, Objective, Programme, RateCard, Rules, Scenario, ScheduleRules, Tables,
    WeightColumn,
};
use crate::units::Year;

/// The settings that are part of the question; name and title are not.
#[derive(Serialize)]
struct Question<'a> {
    years: &'a [Year],
    network: &'a NetworkSettings,
    rate_card: &'a RateCard,
    weights: &'a [WeightColumn],
    objective: &'a Objective,
    programmes: &'a [Programme],
    rules: &'a Rules,
    #[serde(skip_serializing_if = "ScheduleRules::is_empty")]
    schedule: &'a ScheduleRules,
}

/// SHA-256 over the canonical scenario: its settings and its checked, sorted tables.
///
/// Comments, the order of rows, file names and paths change nothing; every value that can reach an
/// answer or a results table does. A scenario built in Rust has one too. The hashes of the files
/// themselves are in [`Tables::inputs`].
#[must_use]
pub fn fingerprint(scenario: &Scenario) -> String {
    let question = Question {
        years: &scenario.years,
        network: &scenario.network,
        rate_card: &scenario.rate_card,
        weights: &scenario.weights,
        objective: &scenario.objective,
        programmes: &scenario.programmes,
        rules: &scenario.rules,
        schedule: &scenario.schedule,
    };
    let mut text = Canon(Sha256::new());
    text.part("fibreplan-scenario-1");
    // Plain data with text keys: it cannot fail to serialise.
    text.part(&serde_json::to_string(&question).unwrap_or_default());
    write_tables(&mut text, &scenario.tables);
    hexadecimal(&text.0.finalize())
}

/// Feeds a hash with parts, each led by its length, so that no two lists of parts look alike.
struct Canon(Sha256);

impl Canon {
    fn part(&mut self, text: &str) {
        self.0.update((text.len() as u64).to_be_bytes());
        self.0.update(text.as_bytes());
    }

    fn number(&mut self, number: i64) {
        self.0.update(number.to_be_bytes());
    }

    fn count(&mut self, count: usize) {
        self.0.update((count as u64).to_be_bytes());
    }

    fn point(&mut self, point: Point) {
        self.number(point.x);
        self.number(point.y);
    }

    fn option(&mut self, text: Option<&str>) {
        self.count(usize::from(text.is_some()));
        self.part(text.unwrap_or_default());
    }
}

fn write_tables(canon: &mut Canon, tables: &Tables) {
    match tables.plane {
        Plane::BritishGrid => canon.part("grid"),
        Plane::Local { middle } => {
            canon.part("local");
            canon.part(&format!("{} {}", middle.lon, middle.lat));
        }
    }
    canon.count(tables.sites.columns.len());
    tables.sites.columns.iter().for_each(|column| canon.part(column));
    canon.count(tables.sites.missing.len());
    tables.sites.missing.iter().for_each(|text| canon.part(text));
    canon.count(tables.sites.rows.len());
    for site in &tables.sites.rows {
        canon.part(&site.id);
        canon.part(&site.name);
        canon.part(&site.kind);
        canon.point(site.at);
        canon.option(site.rurality_class.as_deref());
        canon.part(&format!("{:?}", site.rurality));
        canon.option(site.region.as_deref());
        canon.option(site.drop.map(|drop| drop.to_string()).as_deref());
        canon.option(site.building_id.as_deref());
        canon.count(usize::from(site.already_connected));
        site.cells.iter().for_each(|cell| canon.part(cell));
    }
    canon.count(tables.exchanges.rows.len());
    for exchange in &tables.exchanges.rows {
        canon.part(&exchange.id);
        canon.part(&exchange.name);
        canon.point(exchange.at);
        canon.number(exchange.enable.get());
        canon.option(exchange.ports.map(|ports| ports.to_string()).as_deref());
        canon.option(exchange.region.as_deref());
    }
    canon.count(tables.waypoints.len());
    for waypoint in &tables.waypoints {
        canon.point(waypoint.at);
        canon.number(i64::from(waypoint.premises_passed));
    }
    canon.count(tables.spans.len());
    for span in &tables.spans {
        canon.part(&span.id);
        canon.part(&span.method);
        canon.count(span.line.len());
        span.line.iter().for_each(|&point| canon.point(point));
        canon.part(&span.length.get().to_string());
        canon.option(span.cost.map(|cost| cost.to_string()).as_deref());
        canon.number(i64::from(span.level));
        canon.number(i64::from(span.premises_passed));
        canon.count(usize::from(span.existing) + 2 * usize::from(span.barrier));
    }
    // A scenario without barriers has the hash it had before there were any.
    for barrier in &tables.barriers {
        canon.part(if barrier.area { "area" } else { "lines" });
        canon.count(barrier.lines.len());
        for line in &barrier.lines {
            canon.count(line.len());
            for &point in line {
                canon.point(point);
            }
        }
    }
    // Nor has one without lines to cross another hash.
    for segment in &tables.crossings.segments {
        canon.part("crossing");
        canon.part(&tables.crossings.kinds[segment.kind as usize]);
        canon.number(i64::from(segment.level));
        segment.ends.into_iter().for_each(|end| canon.point(end));
    }
}
