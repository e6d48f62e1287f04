//! Which straight links a scenario's barriers bar.
//!
//! In: barriers, and links between points. Out: whether a link shares a point with a barrier's line or lies in
//! an area. A tree over the segments finds candidates; exact integers decide.

use petgraph::unionfind::UnionFind;
use rayon::prelude::*;
use rstar::primitives::{GeomWithData, Line};
use rstar::{AABB, RTree};

use crate::geometry::{Point, is_east_of, segments_meet};
use crate::model::Barrier;
use crate::network::RouteSpan;

type Segment = GeomWithData<Line<[f64; 2]>, (u32, [Point; 2])>;

/// Barriers, to be asked what they bar.
pub(super) struct Barriers<'a> {
    barriers: &'a [Barrier],
    tree: RTree<Segment>,
}

impl<'a> Barriers<'a> {
    pub(super) fn new(barriers: &'a [Barrier]) -> Self {
        let segments = (0_u32..).zip(barriers).flat_map(|(place, barrier)| {
            barrier.segments().map(move |ends| {
                Segment::new(Line::new(floats(ends[0]), floats(ends[1])), (place, ends))
            })
        });
        Self { barriers, tree: RTree::bulk_load(segments.collect()) }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.barriers.is_empty()
    }

    /// Whether a link shares a point with the line of a barrier or the ring of an area.
    pub(super) fn crosses(&self, link: [Point; 2]) -> bool {
        let around = AABB::from_corners(floats(link[0]), floats(link[1]));
        let mut near = self.tree.locate_in_envelope_intersecting(around);
        near.any(|segment| segments_meet(segment.data.1, link))
    }

    /// Whether a point lies in an area.
    pub(super) fn hold(&self, point: Point) -> bool {
        let [x, y] = floats(point);
        let eastward = AABB::from_corners([x, y], [f64::MAX, y]);
        let beside =
            self.tree.locate_in_envelope_intersecting(eastward).map(|segment| segment.data);
        let mut areas: Vec<u32> = beside
            .filter(|&(place, ends)| self.barriers[place as usize].area && is_east_of(point, ends))
            .map(|(place, _)| place)
            .collect();
        areas.sort_unstable();
        areas.chunk_by(|a, b| a == b).any(|same| same.len() % 2 == 1)
    }

    /// The links that are not barred.
    ///
    /// Links that cross nothing and hang together lie on one side of every ring, so one of their points
    /// tells for all whether they are in an area.
    pub(super) fn clear(&self, links: Vec<RouteSpan>, points: &[Point]) -> Vec<RouteSpan> {
        if self.is_empty() {
            return links;
        }
        let line = |link: &RouteSpan| link.ends.map(|end| points[end.at()]);
        let open: Vec<RouteSpan> =
            links.into_par_iter().filter(|link| !self.crosses(line(link))).collect();
        let mut union = UnionFind::<u32>::new(points.len());
        for link in &open {
            union.union(link.ends[0].0, link.ends[1].0);
        }
        let labels = union.into_labeling();
        let part = |link: &RouteSpan| labels[link.ends[0].at()];
        let mut parts: Vec<(u32, Point)> =
            open.iter().map(|link| (part(link), line(link)[0])).collect();
        parts.sort_unstable();
        parts.dedup_by_key(|(part, _)| *part);
        let inside: Vec<u32> = parts
            .into_par_iter()
            .filter(|&(_, point)| self.hold(point))
            .map(|(part, _)| part)
            .collect();
        open.into_iter().filter(|link| inside.binary_search(&part(link)).is_err()).collect()
    }
}

#[allow(clippy::cast_precision_loss)] // coordinates stay far below 2^53 mm
fn floats(point: Point) -> [f64; 2] {
    [point.x as f64, point.y as f64]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::JunctionIx;
    use crate::model::{NetworkSource, Scenario, Tables};
    use crate::network::testing::{at, exchange, mm, scenario, site, span};
    use crate::network::{SpanSource, prepare};
    use proptest::prelude::*;
    use std::sync::Arc;

    fn barred(scenario: Scenario, barriers: Vec<Barrier>) -> Scenario {
        let mut tables = Tables::clone(&scenario.tables);
        tables.barriers = barriers;
        let mut barred = scenario;
        barred.tables = Arc::new(tables);
        barred
    }

    fn river(line: &[Point]) -> Barrier {
        Barrier { lines: vec![line.to_vec()], area: false, row: 0 }
    }

    #[test]
    fn no_link_leads_over_a_river_or_through_a_lake() {
        let points = [at(0, 0), at(100_000, 0), at(200_000, 0), at(300_000, 0)];
        let exchanges = vec![exchange("x", at(0, 0))];
        let plain = scenario(
            NetworkSource::Waypoints,
            vec![site("s", at(300_000, 0))],
            exchanges,
            &points,
            vec![],
        );
        assert_eq!(prepare(&plain).unwrap().spans().len(), 3);
        let over = barred(plain.clone(), vec![river(&[at(150_000, -9), at(150_000, 9)])]);
        let prepared = prepare(&over).unwrap();
        assert_eq!((prepared.spans().len(), prepared.report().barred), (2, 1));
        assert!(!prepared.fits(&plain));
        let ring = vec![
            at(90_000, -1_000),
            at(210_000, -1_000),
            at(210_000, 1_000),
            at(90_000, 1_000),
            at(90_000, -1_000),
        ];
        let hole = vec![at(180_000, -10), at(190_000, -10), at(190_000, 10), at(180_000, -10)];
        let lake = Barrier { lines: vec![ring.clone(), hole], area: true, row: 0 };
        // Two links cross the shore; the one between is under water, also off its island.
        assert_eq!(prepare(&barred(plain.clone(), vec![lake])).unwrap().spans().len(), 0);
        let shore = Barrier { lines: vec![ring], area: false, row: 0 };
        assert_eq!(prepare(&barred(plain, vec![shore])).unwrap().spans().len(), 1);
    }

    #[test]
    fn a_building_joins_the_road_on_its_side_of_the_river() {
        let roads = vec![
            span("far", &[at(0, 30_000), at(100_000, 30_000)]),
            span("near", &[at(0, -10_000), at(100_000, -10_000)]),
        ];
        let sites = vec![site("s", at(50_000, 0)), site("t", at(50_000, -20_000))];
        let exchanges = vec![exchange("x", at(0, 30_000))];
        let plain = scenario(NetworkSource::Spans, sites, exchanges, &[], roads);
        let bank = at(-50_000, -5_000);
        let over = barred(plain.clone(), vec![river(&[bank, at(150_000, -5_000)])]);
        let prepared = prepare(&over).unwrap();
        assert_eq!(prepared.buildings()[0].distance, Some(mm(30_000)));
        assert!(prepared.buildings()[0].junction.is_some());
        assert_eq!(prepared.buildings()[1].distance, Some(mm(10_000)));
        let mut short = over;
        short.network.snap_limit = mm(20_000);
        let prepared = prepare(&short).unwrap();
        let building = &prepared.buildings()[0];
        assert_eq!((building.junction, building.distance), (None, Some(mm(10_000))));
        assert_eq!(
            prepared.report().notices[0].to_string(),
            "N163 building \"s\": a barrier lies between the building and every span within 20.000 m, the \
             nearest 10.000 m off; check the barrier, or raise network.snap_limit_m"
        );
        assert_eq!(
            crate::network::Prepared::from_bytes(&prepared.to_bytes(), &short).unwrap(),
            prepared
        );
    }

    proptest! {
        /// Links on a lattice, barriers on it too, so that all sorts of touching happen.
        #[test]
        fn links_are_barred_as_by_trying_every_segment(
            points in prop::collection::vec((0_i64..7, 0_i64..7), 2..12),
            shapes in prop::collection::vec(
                (prop::collection::vec((0_i64..7, 0_i64..7), 3..5), any::<bool>()), 0..4,
            ),
        ) {
            let mut points: Vec<Point> = points.into_iter().map(|(x, y)| at(x, y)).collect();
            points.sort_unstable();
            points.dedup();
            let barriers: Vec<Barrier> = shapes
                .into_iter()
                .map(|(line, area)| {
                    let mut line: Vec<Point> = line.into_iter().map(|(x, y)| at(x, y)).collect();
                    if area {
                        line.push(line[0]);
                    }
                    Barrier { lines: vec![line], area, row: 0 }
                })
                .collect();
            let mut links = Vec::new();
            for from in 0..points.len() {
                for to in from + 1..points.len() {
                    let ends = [from, to].map(JunctionIx::new);
                    links.push(RouteSpan { ends, length: mm(1), source: SpanSource::Proximity });
                }
            }
            let expected: Vec<RouteSpan> = links
                .iter()
                .copied()
                .filter(|link| {
                    let [p, q] = link.ends.map(|end| points[end.at()]);
                    !barriers.iter().any(|barrier| {
                        let east = barrier.segments().filter(|&ends| is_east_of(p, ends)).count();
                        barrier.segments().any(|ends| segments_meet(ends, [p, q]))
                            || (barrier.area && east % 2 == 1)
                    })
                })
                .collect();
            prop_assert_eq!(Barriers::new(&barriers).clear(links, &points), expected);
        }
    }
}
