//! `spans.geojson`: the spans built, for a map (RFC 7946, so always longitude and latitude).

use std::collections::BTreeMap;
use std::fmt::Write;

use crate::geometry::{Point, simplified};
use crate::model::Scenario;
use crate::plan::{Plan, PlanSpan, junction_point};
use crate::report::{BuiltSpan, Crossings, Forest, SpanCrossings};
use crate::units::Millimetres;
use crate::write::plan_json::json;

/// Lines on the map stay this close to what is built; `plan.json` has every point of them.
pub const MAP_TOLERANCE: Millimetres = Millimetres::new(500);

/// The text of `spans.geojson`: a feature a span, in the order of the plan, positions with seven
/// decimals (a centimetre) and simplified to [`MAP_TOLERANCE`], properties as in `plan.json` but in pounds and metres, with the exchange
/// that feeds the span and what hangs on it.
#[must_use]
pub fn spans_geojson(scenario: &Scenario, plan: &Plan, forest: &Forest) -> String {
    let mut built: Vec<Option<&BuiltSpan>> = vec![None; plan.spans.len()];
    for span in &forest.spans {
        built[span.span] = Some(span);
    }
    let crossings = SpanCrossings::new(scenario);
    let features: Vec<String> = plan
        .spans
        .iter()
        .zip(built)
        .map(|(span, built)| {
            let exchange = built.map(|built| &plan.exchanges[forest.roots[built.root].exchange].id);
            format!(
                "{{\"type\":\"Feature\",\"id\":{},\"geometry\":{},\"properties\":{}}}",
                json(&span.id),
                geometry(scenario, span),
                properties(span, &crossings.of_span(span), exchange.map(String::as_str), built)
            )
        })
        .collect();
    let features =
        if features.is_empty() { String::new() } else { format!("\n{}\n", features.join(",\n")) };
    format!("{{\"type\":\"FeatureCollection\",\"features\":[{features}]}}\n")
}

fn geometry(scenario: &Scenario, span: &PlanSpan) -> String {
    let mut line: Vec<Point> = span.geometry.clone();
    if line.len() < 2 {
        // A hand-made plan may give the ends alone.
        line = span.ends.iter().filter_map(|end| junction_point(end)).collect();
    }
    if line.len() < 2 {
        return "null".to_owned();
    }
    let points: Vec<String> = simplified(&line, MAP_TOLERANCE)
        .into_iter()
        .map(|point| {
            let at = scenario.tables.plane.lon_lat(point);
            format!("[{:.7},{:.7}]", at.lon, at.lat)
        })
        .collect();
    format!("{{\"type\":\"LineString\",\"coordinates\":[{}]}}", points.join(","))
}

/// The properties as JSON text: pounds and metres stand as exact decimals, never as binary fractions.
fn properties(
    span: &PlanSpan,
    crossings: &Crossings,
    exchange: Option<&str>,
    built: Option<&BuiltSpan>,
) -> String {
    let mut keys = vec![("id", json(&span.id)), ("origin", json(&span.origin))];
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
    if !crossings.is_empty() {
        let counts: BTreeMap<&String, usize> =
            crossings.0.iter().map(|(kind, (count, _))| (kind, *count)).collect();
        keys.push(("crossings", json(&counts)));
        keys.push(("crossings_gbp", crossings.cost().to_string()));
    }
    keys.extend(span.year.map(|year| ("year", json(&year))));
    keys.extend(exchange.map(|id| ("exchange", json(id))));
    if let Some(built) = built {
        keys.push(("buildings", built.buildings.to_string()));
        keys.push(("sites", built.sites.to_string()));
        keys.push(("coverage", built.weight.to_string()));
    }
    let mut text = String::from("{");
    for (place, (key, value)) in keys.iter().enumerate() {
        let comma = if place == 0 { "" } else { "," };
        // Writing into a String cannot fail.
        let _ = write!(text, "{comma}\"{key}\":{value}");
    }
    text + "}"
}
