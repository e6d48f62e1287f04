//! What a network was made from, as a hash: a saved one is refused where this has changed.
//!
//! In: tables and settings. Out: SHA-256 over everything that a network depends on, and nothing else.

use sha2::{Digest, Sha256};

use crate::geometry::Plane;
use crate::model::{NetworkSettings, Tables};
use crate::network::packed::Output;

/// Bytes of a SHA-256.
pub(super) const HASH: usize = 32;

/// SHA-256 over everything a network depends on: no prices, no programmes.
pub(super) fn made_from(tables: &Tables, settings: &NetworkSettings) -> [u8; HASH] {
    let mut out = Output(Vec::new());
    // Plain data: it cannot fail to serialise.
    out.text(&serde_json::to_string(settings).unwrap_or_default());
    match tables.plane {
        Plane::BritishGrid => out.text("grid"),
        Plane::Local { middle } => out.text(&format!("local {} {}", middle.lon, middle.lat)),
    }
    out.count(tables.sites.rows.len());
    for site in &tables.sites.rows {
        out.text(&site.id);
        out.point(site.at);
        out.text(site.building_id.as_deref().unwrap_or(""));
        out.option(site.building_id.as_ref().map(|_| 0));
        out.count(usize::from(site.already_connected));
    }
    out.count(tables.exchanges.rows.len());
    for exchange in &tables.exchanges.rows {
        out.text(&exchange.id);
        out.point(exchange.at);
    }
    out.count(tables.waypoints.len());
    tables.waypoints.iter().for_each(|waypoint| out.point(waypoint.at));
    out.count(tables.spans.len());
    for span in &tables.spans {
        out.text(&span.id);
        out.count(span.line.len());
        span.line.iter().for_each(|&point| out.point(point));
        out.number(span.length.get());
        out.signed(i64::from(span.level));
        out.count(usize::from(span.barrier));
    }
    out.count(tables.barriers.len());
    for barrier in &tables.barriers {
        out.count(usize::from(barrier.area));
        out.count(barrier.lines.len());
        for line in &barrier.lines {
            out.count(line.len());
            for &point in line {
                out.point(point);
            }
        }
    }
    let crossings = &tables.crossings;
    out.count(crossings.kinds.len());
    crossings.kinds.iter().for_each(|kind| out.text(kind));
    out.count(crossings.segments.len());
    for segment in &crossings.segments {
        out.number(u64::from(segment.kind));
        out.signed(i64::from(segment.level));
        segment.ends.into_iter().for_each(|end| out.point(end));
    }
    Sha256::digest(&out.0).into()
}
