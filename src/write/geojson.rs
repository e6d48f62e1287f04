//! `spans.geojson`: the plan as a map that opens anywhere (RFC 7946, so always longitude and latitude).
//!
//! Lines are the spans built, points the exchanges and all sites, told apart by the property `kind`. A point
//! has the very position of the lines that end at it.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use rayon::prelude::*;

use crate::geometry::{Point, simplified};
use crate::model::{Exchange, Scenario, Site};
use crate::plan::{LeftOut, Plan, PlanDrop, PlanSpan, junction_point};
use crate::report::{BuiltSpan, CostShares, Forest, Root, SpanCrossings, reason};
use crate::units::{Millimetres, Weight};
use crate::write::plan_json::{SIDE_BY_SIDE, json};

/// Lines on the map stay this close to what is built; `plan.json` has every point of them.
pub const MAP_TOLERANCE: Millimetres = Millimetres::new(500);

/// Name and JSON text of each property: pounds and metres stand as exact decimals, never as binary fractions.
type Properties = Vec<(&'static str, String)>;

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
    for feature in map.exchanges().chain(map.sites()) {
        features.push_str(&feature);
        features.push_str(",\n");
    }
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
                text.push_str(&feature(&id, &self.line(span), &properties));
                text.push_str(",\n");
            }
            text
        };
        let spans = self.plan.spans.par_chunks(SIDE_BY_SIDE);
        let parts: Vec<String> = spans.zip(built.par_chunks(SIDE_BY_SIDE)).map(part).collect();
        parts.concat()
    }

    fn exchanges(&self) -> impl Iterator<Item = String> + '_ {
        let roots: BTreeMap<&str, &Root> = self
            .forest
            .roots
            .iter()
            .map(|root| (self.plan.exchanges[root.exchange].id.as_str(), root))
            .collect();
        self.scenario.tables.exchanges.rows.iter().map(move |exchange| {
            let id = format!("exchange:{}", exchange.id);
            let root = roots.get(exchange.id.as_str()).copied();
            feature(&id, &self.point(exchange.at), &self.exchange(exchange, root))
        })
    }

    fn sites(&self) -> impl Iterator<Item = String> + '_ {
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
        tables.sites.rows.iter().map(move |site| {
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
            keys.extend(left.get(id).into_iter().flat_map(|left| why(left)));
            keys.extend(building.map(|building| ("building", json(building))));
            if let Some(drop) = drops.get(id) {
                keys.push(("exchange", json(&drop.exchange)));
                keys.push(("route_m", drop.route.to_string()));
                keys.push(("cost_share_gbp", self.shares.site(id).to_string()));
                keys.extend(drop.year.map(|year| ("year", json(&year))));
            }
            feature(&format!("site:{id}"), &self.point(at), &keys)
        })
    }

    fn span(
        &self,
        span: &PlanSpan,
        crossings: &SpanCrossings<'_>,
        built: Option<&BuiltSpan>,
    ) -> Properties {
        let mut keys =
            vec![("kind", json("span")), ("id", json(&span.id)), ("origin", json(&span.origin))];
        let source = span.source_id.as_ref().map(|id| ("source_id", json(id)));
        let from = span.from.map(|from| ("from_m", from.to_string()));
        let to = span.to.map(|to| ("to_m", to.to_string()));
        keys.extend([source, from, to].into_iter().flatten());
        keys.extend([
            ("ends", json(&span.ends)),
            ("method", json(&span.method)),
            ("length_m", span.length.to_string()),
            ("cost_gbp", span.cost.to_string()),
        ]);
        let crossings = crossings.of_span(span);
        if !crossings.is_empty() {
            let counts: BTreeMap<&String, usize> =
                crossings.0.iter().map(|(kind, (count, _))| (kind, *count)).collect();
            keys.push(("crossings", json(&counts)));
            keys.push(("crossings_gbp", crossings.cost().to_string()));
        }
        keys.extend(span.year.map(|year| ("year", json(&year))));
        if let Some(built) = built {
            let root = &self.forest.roots[built.root];
            keys.push(("exchange", json(&self.plan.exchanges[root.exchange].id)));
            keys.extend(serves(built.buildings, built.sites, built.weight));
        }
        keys
    }

    fn exchange(&self, exchange: &Exchange, root: Option<&Root>) -> Properties {
        let used = root.map(|root| &self.plan.exchanges[root.exchange]);
        let mut keys = vec![
            ("kind", json("exchange")),
            ("id", json(&exchange.id)),
            ("name", json(&exchange.name)),
            ("state", json(if used.is_some() { "used" } else { "not_used" })),
        ];
        if let (Some(root), Some(used)) = (root, used) {
            keys.push(("cost_gbp", used.cost.to_string()));
            keys.extend(serves(root.buildings, root.sites, root.weight));
        }
        keys
    }

    fn site(&self, site: &Site, state: &str) -> Properties {
        let weight = self.scenario.weight(self.scenario.site_weight(), site);
        vec![
            ("kind", json("site")),
            ("id", json(&site.id)),
            ("name", json(&site.name)),
            ("site_kind", json(&site.kind)),
            ("state", json(state)),
            ("coverage", weight.map_or(Weight::ZERO, |weighed| weighed.weight).to_string()),
        ]
    }

    fn line(&self, span: &PlanSpan) -> String {
        let mut line: Vec<Point> = span.geometry.clone();
        if line.len() < 2 {
            // A hand-made plan may give the ends alone.
            line = span.ends.iter().filter_map(|end| junction_point(end)).collect();
        }
        if line.len() < 2 {
            return "null".to_owned();
        }
        let line = simplified(&line, MAP_TOLERANCE);
        let points: Vec<String> = line.into_iter().map(|point| self.position(point)).collect();
        format!("{{\"type\":\"LineString\",\"coordinates\":[{}]}}", points.join(","))
    }

    fn point(&self, at: Point) -> String {
        format!("{{\"type\":\"Point\",\"coordinates\":{}}}", self.position(at))
    }

    fn position(&self, at: Point) -> String {
        let at = self.scenario.tables.plane.lon_lat(at);
        format!("[{:.7},{:.7}]", at.lon, at.lat)
    }
}

/// What hangs on a span or an exchange.
fn serves(buildings: usize, sites: usize, weight: Weight) -> Properties {
    vec![
        ("buildings", buildings.to_string()),
        ("sites", sites.to_string()),
        ("coverage", weight.to_string()),
    ]
}

fn why(left: &LeftOut) -> Properties {
    vec![("code", json(left.code().0)), ("reason", json(&reason(left)))]
}

fn feature(id: &str, geometry: &str, properties: &Properties) -> String {
    let mut text = format!(
        "{{\"type\":\"Feature\",\"id\":{},\"geometry\":{geometry},\"properties\":{{",
        json(id)
    );
    for (place, (key, value)) in properties.iter().enumerate() {
        let comma = if place == 0 { "" } else { "," };
        // Writing into a String cannot fail.
        let _ = write!(text, "{comma}\"{key}\":{value}");
    }
    text + "}}"
}
