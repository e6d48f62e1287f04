//! Networks of proximity links over waypoints, buildings and exchanges.
//!
//! Which positions are linked is a matter of geometry ([`gabriel_links`]); what is too long, or cut off by a barrier,
//! is left out here.

use rayon::prelude::*;

use crate::effort::Interrupt;
use crate::error::Error;
use crate::geometry::{Point, gabriel_links};
use crate::ids::JunctionIx;
use crate::model::{NetworkSource, Scenario, Waypoint};
use crate::network::barriers::Barriers;
use crate::network::{Prepared, RouteSpan, SpanSource, components};
use crate::units::Millimetres;

/// Builds the network of a scenario from waypoints, or from its sites alone.
pub(super) fn prepare(scenario: &Scenario, interrupt: &Interrupt<'_>) -> Result<Prepared, Error> {
    let mut prepared = Prepared::started(scenario);
    let tables = &scenario.tables;
    let waypoints: &[Waypoint] = match scenario.network.from {
        NetworkSource::Waypoints => &tables.waypoints,
        NetworkSource::Sites | NetworkSource::Spans => &[],
    };
    let mut points: Vec<Point> = waypoints.iter().map(|waypoint| waypoint.at).collect();
    points.extend(prepared.buildings.iter().map(|building| building.at));
    points.extend(tables.exchanges.rows.iter().map(|exchange| exchange.at));
    let positions = points.len();
    points.sort_unstable();
    points.dedup();
    prepared.report.merged = positions - points.len();
    interrupt.while_there_is_time()?;
    let links = links(scenario, &points, &mut prepared.report.too_long)?;
    interrupt.while_there_is_time()?;
    let made = links.len();
    prepared.spans = Barriers::new(&tables.barriers).clear(links, &points);
    prepared.report.barred = made - prepared.spans.len();
    prepared.junctions = points;
    interrupt.while_there_is_time()?;
    stand(&mut prepared, waypoints);
    components::describe(&mut prepared);
    Ok(prepared)
}

/// The proximity links that are short enough, sorted by their ends.
fn links(
    scenario: &Scenario,
    points: &[Point],
    too_long: &mut usize,
) -> Result<Vec<RouteSpan>, Error> {
    let (plane, settings) = (scenario.tables.plane, &scenario.network);
    let candidates = gabriel_links(points)?;
    let spans: Vec<RouteSpan> = candidates
        .par_iter()
        .filter_map(|&[from, to]| {
            let straight = plane.length(points[from as usize], points[to as usize]);
            (straight <= settings.max_link).then(|| RouteSpan {
                ends: [JunctionIx(from), JunctionIx(to)],
                length: settings.link_length(straight),
                source: SpanSource::Proximity,
            })
        })
        .collect();
    *too_long = candidates.len() - spans.len();
    Ok(spans)
}

/// Notes where buildings and exchanges stand: at their own positions, which are junctions.
fn stand(prepared: &mut Prepared, waypoints: &[Waypoint]) {
    let junction = |junctions: &[Point], at| junctions.binary_search(&at).ok().map(JunctionIx::new);
    for building in &mut prepared.buildings {
        building.junction = junction(&prepared.junctions, building.at);
        building.distance = Some(Millimetres::ZERO);
    }
    for (row, place) in prepared.tables.exchanges.rows.iter().zip(&mut prepared.exchanges) {
        place.junction = junction(&prepared.junctions, row.at);
        let Some(nearest) = nearest_waypoint(waypoints, row.at) else { continue };
        place.distance = Some(prepared.tables.plane.length(row.at, nearest));
    }
}

/// The nearest waypoint on the plane, the first among equals.
///
/// Waypoints are sorted by x: those on both sides are tried until the x alone is too far.
fn nearest_waypoint(waypoints: &[Waypoint], at: Point) -> Option<Point> {
    let start = waypoints.partition_point(|waypoint| waypoint.at < at);
    let mut best: Option<(i128, Point)> = None;
    let mut try_all = |candidates: &mut dyn Iterator<Item = &Waypoint>| {
        for waypoint in candidates {
            let (dx, dy) = (i128::from(waypoint.at.x - at.x), i128::from(waypoint.at.y - at.y));
            if best.is_some_and(|(square, _)| dx * dx > square) {
                break;
            }
            let found = (dx * dx + dy * dy, waypoint.at);
            if best.is_none_or(|best| found < best) {
                best = Some(found);
            }
        }
    };
    try_all(&mut waypoints[start..].iter());
    try_all(&mut waypoints[..start].iter().rev());
    best.map(|(_, at)| at)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::SpanIx;
    use crate::network::testing::{at, exchange, mm, scenario, site};
    use crate::plan::Origin;
    use crate::units::Pence;
    use proptest::prelude::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(3_000))]

        #[test]
        fn the_nearest_waypoint_is_nearest(
            points in prop::collection::btree_set((-20_i64..=20, -20_i64..=20), 0..40),
            from in (-25_i64..25, -25_i64..25),
        ) {
            use crate::geometry::square_distance;
            let from = at(from.0, from.1);
            let waypoint = |(x, y)| Waypoint { at: at(x, y), premises_passed: 0 };
            let waypoints: Vec<Waypoint> = points.into_iter().map(waypoint).collect();
            let places = waypoints.iter().map(|own| own.at);
            let oracle = places.min_by_key(|&at| (square_distance(at, from), at));
            prop_assert_eq!(nearest_waypoint(&waypoints, from), oracle);
        }
    }

    /// Two waypoints, a building on one of them, an exchange beside the other, a far waypoint.
    fn small() -> Scenario {
        let waypoints = [at(0, 0), at(600_000, 0), at(5_000_000, 0)];
        let sites = vec![site("b", at(0, 0)), site("a", at(0, 0))];
        let exchanges = vec![exchange("x", at(600_000, 300_000)), exchange("y", at(0, 1_200_001))];
        scenario(NetworkSource::Waypoints, sites, exchanges, &waypoints, vec![])
    }

    #[test]
    fn a_small_network_reads_as_expected() {
        let scenario = small();
        let prepared = crate::network::prepare(&scenario).unwrap();
        let ids: Vec<String> =
            (0..prepared.spans().len()).map(|span| prepared.span_id(SpanIx::new(span))).collect();
        assert_eq!(ids, ["0,0~600000,0", "600000,0~600000,300000"]);
        let first = SpanIx(0);
        assert_eq!(prepared.span(first).length, mm(780_000));
        assert_eq!(prepared.price(first, &scenario.rate_card).unwrap(), Pence::new(1_989_000));
        assert_eq!(prepared.origin(first), Origin::Proximity);
        assert_eq!(prepared.geometry(first), [at(0, 0), at(600_000, 0)]);
        assert_eq!(prepared.premises_at(JunctionIx(0)), 1);
        let buildings = prepared.buildings();
        assert_eq!((buildings.len(), buildings[0].sites.len()), (1, 2));
        assert_eq!(buildings[0].junction, prepared.junction_at(at(0, 0)));
        let report = prepared.report();
        assert_eq!((report.merged, report.too_long), (1, 3));
        let sizes: Vec<usize> = report.components.iter().map(|part| part.junctions).collect();
        assert_eq!(sizes, [3, 1, 1]);
        assert_eq!(report.notices.len(), 1);
        assert_eq!(
            report.notices[0].to_string(),
            "N160 id \"y\": the exchange lies 1200.001 m from the nearest waypoint; \
             check its position, or leave it out with `exclude`"
        );
        let graph = prepared.to_petgraph(&scenario.rate_card).unwrap();
        assert_eq!((graph.node_count(), graph.edge_count()), (5, 2));
        assert_eq!(graph.node_weights().map(|node| node.exchanges.len()).sum::<usize>(), 2);
    }

    #[test]
    fn sites_alone_make_a_network_and_settings_tell_networks_apart() {
        let mut scenario = small();
        let prepared = crate::network::prepare(&scenario).unwrap();
        assert!(prepared.fits(&scenario));
        let mut dearer = scenario.clone();
        dearer.rate_card.drop = Pence::new(1);
        assert!(prepared.fits(&dearer));
        assert_eq!(prepared.drop_price(crate::ids::BuildingIx(0), &dearer.rate_card).get(), 1);
        scenario.network.from = NetworkSource::Sites;
        assert!(!prepared.fits(&scenario));
        let alone = crate::network::prepare(&scenario).unwrap();
        assert_eq!((alone.junctions().len(), alone.exchanges()[0].distance), (3, None));
    }

    #[test]
    fn a_missing_method_is_named() {
        let mut scenario = small();
        let prepared = crate::network::prepare(&scenario).unwrap();
        scenario.rate_card.methods.remove("verge");
        let error = prepared.prices(&scenario.rate_card).unwrap_err();
        assert_eq!(error.faults()[0].code.0, "N170");
        assert_eq!(error.faults()[0].value, "verge");
    }

    #[test]
    fn empty_tables_make_an_empty_network() {
        let empty = scenario(NetworkSource::Waypoints, vec![], vec![], &[], vec![]);
        let prepared = crate::network::prepare(&empty).unwrap();
        assert!(prepared.junctions().is_empty() && prepared.spans().is_empty());
    }
}
