//! Networks of proximity links over waypoints, buildings and exchanges.
//!
//! Two positions are linked when no third lies in the closed disc on the straight line between them
//! (Gabriel and Sokal 1969). That is decided in exact integers, so it is unique: no tie between
//! diagonals depends on the order of rows. The candidates are the edges of a Delaunay triangulation,
//! O(n log n).

use rayon::prelude::*;
use spade::handles::FixedUndirectedEdgeHandle;
use spade::{DelaunayTriangulation, HasPosition, Point2, Triangulation};

use crate::effort::Interrupt;
use crate::error::{Error, ErrorKind};
use crate::geometry::{Point, gabriel_blocked};
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

/// A point that knows its place.
struct Vertex {
    position: Point2<f64>,
    place: u32,
}

impl HasPosition for Vertex {
    type Scalar = f64;
    fn position(&self) -> Point2<f64> {
        self.position
    }
}

/// All pairs of places of Gabriel neighbours among distinct points, lesser place first, sorted.
///
/// A Gabriel link is an edge of *every* Delaunay triangulation, also where co-circular points admit
/// several: the centre of its empty closed disc is nearer to its two ends than to any other point,
/// and stays so along the bisector a little both ways, so the two Voronoi cells share an edge of
/// positive length. And a Delaunay edge is a Gabriel link unless the third corner of one of its
/// triangles is in the closed disc: where that corner is outside, the half of the disc on its side
/// lies within the circle through all three, which is empty; a side without a triangle is outside
/// the hull. Coordinates are integers below 2^53, hence exact as `f64`, and the triangulation decides by
/// exact predicates (Shewchuk 1997).
fn gabriel_links(points: &[Point]) -> Result<Vec<[u32; 2]>, Error> {
    let vertices: Vec<Vertex> = points
        .iter()
        .enumerate()
        .map(|(place, point)| Vertex {
            position: float_point(*point),
            place: JunctionIx::new(place).0,
        })
        .collect();
    let triangulation = DelaunayTriangulation::<Vertex>::bulk_load(vertices)
        .map_err(|error| Error::new(ErrorKind::Internal, format!("triangulation: {error}")))?;
    // Corners lie all over the memory: waiting for them is shared.
    let edges: Vec<FixedUndirectedEdgeHandle> = triangulation.fixed_undirected_edges().collect();
    let mut links: Vec<[u32; 2]> = edges
        .into_par_iter()
        .filter_map(|edge| {
            let edge = triangulation.undirected_edge(edge).as_directed();
            let ends = [edge.from().data().place, edge.to().data().place];
            let [p, q] = ends.map(|end| points[end as usize]);
            let corners = [edge.opposite_vertex(), edge.rev().opposite_vertex()];
            let blocked = corners
                .iter()
                .flatten()
                .any(|corner| gabriel_blocked(p, q, points[corner.data().place as usize]));
            (!blocked).then(|| [ends[0].min(ends[1]), ends[0].max(ends[1])])
        })
        .collect();
    links.sort_unstable();
    Ok(links)
}

#[allow(clippy::cast_precision_loss)] // coordinates stay far below 2^53 mm
fn float_point(point: Point) -> Point2<f64> {
    Point2::new(point.x as f64, point.y as f64)
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
    use petgraph::unionfind::UnionFind;
    use proptest::prelude::*;

    /// The definition, word for word.
    fn brute_force(points: &[Point]) -> Vec<[u32; 2]> {
        let count = u32::try_from(points.len()).unwrap();
        let point = |place: u32| points[place as usize];
        let mut links = Vec::new();
        for p in 0..count {
            for q in p + 1..count {
                let free = |r| r == p || r == q || !gabriel_blocked(point(p), point(q), point(r));
                if (0..count).all(free) {
                    links.push([p, q]);
                }
            }
        }
        links
    }

    fn points(spread: i64, count: usize) -> impl Strategy<Value = Vec<Point>> {
        prop::collection::vec((-spread..=spread, -spread..=spread), 0..count)
            .prop_map(|points| distinct(points.into_iter().map(|(x, y)| at(x, y)).collect()))
    }

    fn distinct(mut points: Vec<Point>) -> Vec<Point> {
        points.sort_unstable();
        points.dedup();
        points
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(3_000))]

        #[test]
        fn links_are_those_of_the_definition(
            tight in points(4, 30), loose in points(1_000_000_000, 25), line in points(40, 12),
            step in (1_i64..3, -3_i64..3),
        ) {
            prop_assert_eq!(gabriel_links(&tight).unwrap(), brute_force(&tight));
            prop_assert_eq!(gabriel_links(&loose).unwrap(), brute_force(&loose));
            let collinear = line.iter().map(|p| at(p.x * step.0, p.x * step.1)).collect();
            let collinear = distinct(collinear);
            prop_assert_eq!(gabriel_links(&collinear).unwrap(), brute_force(&collinear));
        }

        #[test]
        fn links_connect_everything(points in points(12, 60)) {
            let mut union = UnionFind::<u32>::new(points.len());
            for [p, q] in gabriel_links(&points).unwrap() {
                union.union(p, q);
            }
            let labels = union.into_labeling();
            prop_assert!(labels.windows(2).all(|pair| pair[0] == pair[1]));
        }

        #[test]
        fn the_nearest_waypoint_is_nearest(points in points(20, 40), from in (-25_i64..25, -25_i64..25)) {
            use crate::geometry::square_distance;
            let from = at(from.0, from.1);
            let waypoints: Vec<Waypoint> =
                points.iter().map(|&at| Waypoint { at, premises_passed: 0 }).collect();
            let oracle = points.iter().copied().min_by_key(|&at| (square_distance(at, from), at));
            prop_assert_eq!(nearest_waypoint(&waypoints, from), oracle);
        }
    }

    #[test]
    fn whole_grids_have_their_sides_and_no_diagonals() {
        for side in [2, 5, 17] {
            let lattice: Vec<Point> =
                (0..side).flat_map(|x| (0..side).map(move |y| at(x * 1_000, y * 1_000))).collect();
            let links = gabriel_links(&lattice).unwrap();
            let expected = 2 * side * (side - 1);
            assert_eq!(i64::try_from(links.len()).unwrap(), expected);
            assert_eq!(links, brute_force(&lattice));
        }
        // A circle of many integer points: 5^2 * 13^2 * 17^2 has 108 representations as two squares.
        let radius = 5 * 13 * 17;
        let circle: Vec<Point> = (-radius..=radius)
            .flat_map(|x: i64| (-radius..=radius).map(move |y| at(x, y)))
            .filter(|point| point.x * point.x + point.y * point.y == radius * radius)
            .collect();
        assert_eq!(circle.len(), 108);
        assert_eq!(gabriel_links(&circle).unwrap(), brute_force(&circle));
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
