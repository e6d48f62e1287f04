//! `spans.geojson`: the plan as a map that opens anywhere (RFC 7946, so always longitude and latitude).
//!
//! Lines are the spans built, points the exchanges and all sites, told apart by the property `kind`. A point
//! has the very position of the lines that end at it.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::{Display, Write};

use rayon::prelude::*;
use serde::Serialize;

use crate::geometry::{Point, simplified};
use crate::model::{Exchange, Scenario, Site};
use crate::plan::{LeftOut, Plan, PlanDrop, PlanSpan, junction_point};
use crate::report::{BuiltSpan, CostShares, Forest, Root, SpanCrossings, reason};
use crate::units::{Millimetres, Weight, Year};
use crate::write::plan_json::{SIDE_BY_SIDE, json};

/// Lines on the map stay this close to what is built; `plan.json` has every point of them.
pub const MAP_TOLERANCE: Millimetres = Millimetres::new(500);

/// The properties of a feature as JSON text: pounds and metres stand as exact decimals, never as binary fractions.
#[derive(Default)]
struct Properties(String);

impl Properties {
    /// Adds a number.
    fn number(&mut self, key: &str, value: impl Display) {
        self.key(key);
        // Writing into a String cannot fail.
        let _ = write!(self.0, "{value}");
    }

    /// Adds a text.
    fn text(&mut self, key: &str, value: &str) {
        self.key(key);
        push_text(&mut self.0, value);
    }

    /// Adds a value of any other kind.
    fn value(&mut self, key: &str, value: &impl Serialize) {
        self.key(key);
        self.0.push_str(&json(value));
    }

    /// Adds what hangs on a span or an exchange.
    fn serves(&mut self, buildings: usize, sites: usize, weight: Weight) {
        self.number("buildings", buildings);
        self.number("sites", sites);
        self.number("coverage", weight);
    }

    /// Adds the year in which something is built, where that is planned.
    fn year(&mut self, year: Option<Year>) {
        if let Some(year) = year {
            self.value("year", &year);
        }
    }

    fn key(&mut self, key: &str) {
        if !self.0.is_empty() {
            self.0.push(',');
        }
        self.0.extend(["\"", key, "\":"]);
    }
}

/// Adds a text as JSON. Nearly all are ids, in which nothing needs an escape.
fn push_text(json_text: &mut String, value: &str) {
    if value.bytes().all(|byte| matches!(byte, b' '..=b'~') && byte != b'"' && byte != b'\\') {
        json_text.extend(["\"", value, "\""]);
    } else {
        json_text.push_str(&json(value));
    }
}

/// The text of `spans.geojson`: spans in the order of the plan, then exchanges and sites in that of their
/// ids. Positions have seven decimals (a centimetre), lines are simplified to [`MAP_TOLERANCE`]; properties are
/// as in `plan.json` but in pounds and metres.
#[must_use]
pub fn spans_geojson(
    scenario: &Scenario,
    plan: &Plan,
    forest: &Forest,
    shares: &CostShares,
) -> String {
    let map = Map { scenario, plan, forest, shares };
    let mut features = map.spans();
    map.exchanges(&mut features);
    map.sites(&mut features);
    let mut text = "{\"type\":\"FeatureCollection\",\"features\":[".to_owned();
    if let Some(features) = features.strip_suffix(",\n") {
        text.reserve(features.len() + 8);
        text.push('\n');
        text.push_str(features);
        text.push('\n');
    }
    text.push_str("]}\n");
    text
}

struct Map<'a> {
    scenario: &'a Scenario,
    plan: &'a Plan,
    forest: &'a Forest,
    shares: &'a CostShares,
}

impl Map<'_> {
    /// All spans, each with a comma and a line break; parts of them are written side by side.
    fn spans(&self) -> String {
        let mut built: Vec<Option<&BuiltSpan>> = vec![None; self.plan.spans.len()];
        for span in &self.forest.spans {
            built[span.span] = Some(span);
        }
        let crossings = SpanCrossings::new(self.scenario);
        let part = |(spans, built): (&[PlanSpan], &[Option<&BuiltSpan>])| {
            let mut text = String::new();
            for (span, built) in spans.iter().zip(built) {
                let id = format!("span:{}", span.id);
                let properties = self.span(span, &crossings, *built);
                push_feature(&mut text, &id, |text| self.line(text, span), &properties);
            }
            text
        };
        let spans = self.plan.spans.par_chunks(SIDE_BY_SIDE);
        let parts: Vec<String> = spans.zip(built.par_chunks(SIDE_BY_SIDE)).map(part).collect();
        parts.concat()
    }

    fn exchanges(&self, text: &mut String) {
        let roots: BTreeMap<&str, &Root> = self
            .forest
            .roots
            .iter()
            .map(|root| (self.plan.exchanges[root.exchange].id.as_str(), root))
            .collect();
        for exchange in &self.scenario.tables.exchanges.rows {
            let id = format!("exchange:{}", exchange.id);
            let root = roots.get(exchange.id.as_str()).copied();
            let properties = self.exchange(exchange, root);
            push_feature(text, &id, |text| self.point(text, exchange.at), &properties);
        }
    }

    fn sites(&self, text: &mut String) {
        let tables = &self.scenario.tables;
        let mut buildings: BTreeMap<&str, (String, Point)> = BTreeMap::new();
        for building in self.scenario.buildings() {
            for site in &building.sites {
                let id = tables.site(*site).id.as_str();
                buildings.insert(id, (building.id.clone(), building.at));
            }
        }
        let plan = self.plan;
        let mut drops: BTreeMap<&str, &PlanDrop> = BTreeMap::new();
        for drop in &plan.drops {
            drops.extend(drop.sites.iter().map(|site| (site.as_str(), drop)));
        }
        let connected: BTreeSet<&str> = plan.connected.iter().map(String::as_str).collect();
        let left: BTreeMap<&str, &LeftOut> =
            plan.left_out.iter().map(|left| (left.id.as_str(), left)).collect();
        for site in &tables.sites.rows {
            let id = site.id.as_str();
            let state = match (connected.contains(id), site.already_connected) {
                (true, _) => "connected",
                (false, true) => "has_fibre",
                (false, false) => "left_out",
            };
            // A line ends where the building is, of which a site is a part.
            let (building, at) = match buildings.get(id) {
                Some((building, at)) => (Some(building.as_str()), *at),
                None => (None, site.at),
            };
            let mut keys = self.site(site, state);
            if let Some(left) = left.get(id) {
                keys.text("code", left.code().0);
                keys.text("reason", &reason(left));
            }
            if let Some(building) = building {
                keys.text("building", building);
            }
            if let Some(drop) = drops.get(id) {
                keys.text("exchange", &drop.exchange);
                keys.number("route_m", drop.route);
                keys.number("cost_share_gbp", self.shares.site(id));
                keys.year(drop.year);
            }
            push_feature(text, &format!("site:{id}"), |text| self.point(text, at), &keys);
        }
    }

    fn span(
        &self,
        span: &PlanSpan,
        crossings: &SpanCrossings<'_>,
        built: Option<&BuiltSpan>,
    ) -> Properties {
        let mut keys = Properties::default();
        keys.text("kind", "span");
        keys.text("id", &span.id);
        keys.value("origin", &span.origin);
        if let Some(id) = &span.source_id {
            keys.text("source_id", id);
        }
        for (key, along) in [("from_m", span.from), ("to_m", span.to)] {
            if let Some(along) = along {
                keys.number(key, along);
            }
        }
        keys.value("ends", &span.ends);
        keys.text("method", &span.method);
        keys.number("length_m", span.length);
        keys.number("cost_gbp", span.cost);
        let crossings = crossings.of_span(span);
        if !crossings.is_empty() {
            let counts: BTreeMap<&String, usize> =
                crossings.0.iter().map(|(kind, (count, _))| (kind, *count)).collect();
            keys.value("crossings", &counts);
            keys.number("crossings_gbp", crossings.cost());
        }
        keys.year(span.year);
        if let Some(built) = built {
            let root = &self.forest.roots[built.root];
            keys.text("exchange", &self.plan.exchanges[root.exchange].id);
            keys.serves(built.buildings, built.sites, built.weight);
        }
        keys
    }

    fn exchange(&self, exchange: &Exchange, root: Option<&Root>) -> Properties {
        let used = root.map(|root| &self.plan.exchanges[root.exchange]);
        let mut keys = Properties::default();
        keys.text("kind", "exchange");
        keys.text("id", &exchange.id);
        keys.text("name", &exchange.name);
        keys.text("state", if used.is_some() { "used" } else { "not_used" });
        if let (Some(root), Some(used)) = (root, used) {
            keys.number("cost_gbp", used.cost);
            keys.serves(root.buildings, root.sites, root.weight);
        }
        keys
    }

    fn site(&self, site: &Site, state: &str) -> Properties {
        let weight = self.scenario.weight(self.scenario.site_weight(), site);
        let mut keys = Properties::default();
        keys.text("kind", "site");
        keys.text("id", &site.id);
        keys.text("name", &site.name);
        keys.text("site_kind", &site.kind);
        keys.text("state", state);
        keys.number("coverage", weight.map_or(Weight::ZERO, |weighed| weighed.weight));
        keys
    }

    fn line(&self, text: &mut String, span: &PlanSpan) {
        let mut line: Vec<Point> = span.geometry.clone();
        if line.len() < 2 {
            // A hand-made plan may give the ends alone.
            line = span.ends.iter().filter_map(|end| junction_point(end)).collect();
        }
        if line.len() < 2 {
            text.push_str("null");
            return;
        }
        text.push_str("{\"type\":\"LineString\",\"coordinates\":[");
        for (place, point) in simplified(&line, MAP_TOLERANCE).into_iter().enumerate() {
            if place > 0 {
                text.push(',');
            }
            self.position(text, point);
        }
        text.push_str("]}");
    }

    fn point(&self, text: &mut String, at: Point) {
        text.push_str("{\"type\":\"Point\",\"coordinates\":");
        self.position(text, at);
        text.push('}');
    }

    fn position(&self, text: &mut String, at: Point) {
        let at = self.scenario.tables.plane.lon_lat(at);
        let _ = write!(text, "[{:.7},{:.7}]", at.lon, at.lat);
    }
}

/// Adds a feature, with a comma and a line break.
fn push_feature(
    text: &mut String,
    id: &str,
    geometry: impl FnOnce(&mut String),
    properties: &Properties,
) {
    text.push_str("{\"type\":\"Feature\",\"id\":");
    push_text(text, id);
    text.push_str(",\"geometry\":");
    geometry(text);
    text.extend([",\"properties\":{", &properties.0, "}},\n"]);
}
