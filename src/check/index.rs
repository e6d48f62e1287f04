//! Where the positions of the input are and where its spans run, made when first asked.
//!
//! In: a scenario. Out: whether a point is an input position, whether a proximity link is empty, and
//! the feet of a point on the spans nearest to it. Trees find candidates; integers decide.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use rstar::primitives::{GeomWithData, Line};
use rstar::{AABB, PointDistance, RTree};

use crate::geometry::{Foot, Point, Stretch, gabriel_blocked, segments_meet};
use crate::model::{Building, InputSpan, NetworkSource, Noding, Scenario, is_usable};

/// A junction lies so near to where the input says that it is, in millimetres: a place on a line is rounded to the
/// millimetre along it and again on the plane, which moves it by less than 2, and two places that are less than a
/// millimetre apart along one span, which may lie 3 apart on the plane, are one junction.
pub(super) const JUNCTION_MM: i128 = 5;

/// Feet are rounded to the millimetre, so a segment this much farther than another's foot cannot
/// hold a nearer one.
const ROUNDING_MM: f64 = 4.0;

type Segment = GeomWithData<Line<[f64; 2]>, usize>;

/// A segment of a barrier, with the barrier's place.
type Wall = GeomWithData<Line<[f64; 2]>, (usize, [Point; 2])>;

/// The input as places.
pub(super) struct Index<'a> {
    scenario: &'a Scenario,
    /// Sorted by id; made when first asked, like all that follows.
    buildings: OnceLock<Vec<Building>>,
    positions: OnceLock<Vec<Point>>,
    position_tree: OnceLock<RTree<[f64; 2]>>,
    segments: OnceLock<RTree<Segment>>,
    feet: OnceLock<Vec<(usize, Point)>>,
    walls: OnceLock<RTree<Wall>>,
    vertices: OnceLock<RTree<[f64; 2]>>,
}

impl<'a> Index<'a> {
    pub(super) fn new(scenario: &'a Scenario) -> Self {
        Self {
            scenario,
            buildings: OnceLock::new(),
            positions: OnceLock::new(),
            position_tree: OnceLock::new(),
            segments: OnceLock::new(),
            feet: OnceLock::new(),
            walls: OnceLock::new(),
            vertices: OnceLock::new(),
        }
    }

    /// The buildings of the input, sorted by id.
    pub(super) fn buildings(&self) -> &[Building] {
        self.buildings.get_or_init(|| self.scenario.buildings())
    }

    /// The position of what a lead-in serves: `building:<id>` or `exchange:<id>`.
    pub(super) fn served_position(&self, source_id: &str) -> Option<Point> {
        match source_id.split_once(':')? {
            ("building", id) => {
                let buildings = self.buildings();
                let place = buildings.binary_search_by(|building| building.id.as_str().cmp(id));
                Some(buildings.get(place.ok()?)?.at)
            }
            ("exchange", id) => {
                let tables = &self.scenario.tables;
                Some(tables.exchange(tables.exchange_by_id(id)?).at)
            }
            _ => None,
        }
    }

    /// Positions of buildings and exchanges, and of waypoints where the network has them; sorted.
    fn positions(&self) -> &[Point] {
        self.positions.get_or_init(|| {
            let mut positions = self.served();
            if self.scenario.network.from == NetworkSource::Waypoints {
                let waypoints = &self.scenario.tables.waypoints;
                positions.extend(waypoints.iter().map(|waypoint| waypoint.at));
            }
            // Waypoints are sorted already, which this sort makes use of.
            positions.sort();
            positions.dedup();
            positions
        })
    }

    /// Positions of buildings and exchanges.
    fn served(&self) -> Vec<Point> {
        let exchanges = self.scenario.tables.exchanges.rows.iter().map(|exchange| exchange.at);
        self.buildings().iter().map(|building| building.at).chain(exchanges).collect()
    }

    fn position_tree(&self) -> &RTree<[f64; 2]> {
        self.position_tree.get_or_init(|| {
            RTree::bulk_load(self.positions().iter().map(|&point| floats(point)).collect())
        })
    }

    /// Makes what any plan of the scenario is looked up in, which takes longest.
    pub(super) fn look_around(&self) {
        if self.scenario.network.from == NetworkSource::Waypoints {
            self.position_tree();
        }
    }

    pub(super) fn is_position(&self, point: Point) -> bool {
        self.positions().binary_search(&point).is_ok()
    }

    /// An input position, other than its ends, in the closed disc on the diameter from `p` to `q`.
    pub(super) fn blocks_link(&self, p: Point, q: Point) -> Option<Point> {
        let tree = self.position_tree();
        let ([px, py], [qx, qy]) = (floats(p), floats(q));
        let middle = [px.midpoint(qx), py.midpoint(qy)];
        let radius = (px - qx).hypot(py - qy) / 2.0 + ROUNDING_MM;
        let near = tree.locate_within_distance(middle, radius * radius);
        let mut blocking: Vec<Point> = near
            .map(|&[x, y]| whole(x, y))
            .filter(|&r| r != p && r != q && gabriel_blocked(p, q, r))
            .collect();
        blocking.sort_unstable();
        blocking.first().copied()
    }

    /// Whether a barrier lies across a straight link, or holds it in its area.
    pub(super) fn is_barred(&self, [p, q]: [Point; 2]) -> bool {
        let barriers = &self.scenario.tables.barriers;
        if barriers.is_empty() {
            return false;
        }
        let walls = self.walls.get_or_init(|| {
            let all = barriers.iter().enumerate().flat_map(|(place, barrier)| {
                barrier.segments().map(move |ends| {
                    Wall::new(Line::new(floats(ends[0]), floats(ends[1])), (place, ends))
                })
            });
            RTree::bulk_load(all.collect())
        });
        let box_of = AABB::from_corners(floats(p), floats(q));
        if walls
            .locate_in_envelope_intersecting(box_of)
            .any(|wall| segments_meet(wall.data.1, [p, q]))
        {
            return true;
        }
        // Inside an area a way straight north out of all areas crosses an odd number of its walls.
        let [x, y] = floats(p);
        let northward = AABB::from_corners([x, y], [x, f64::MAX]);
        let mut crossed: BTreeMap<usize, usize> = BTreeMap::new();
        for wall in walls.locate_in_envelope_intersecting(northward) {
            let (place, [from, to]) = wall.data;
            let (west, east) = if from.x <= to.x { (from, to) } else { (to, from) };
            let wide = |a: i64, b: i64| i128::from(b) - i128::from(a);
            let above =
                wide(west.x, east.x) * wide(west.y, p.y) < wide(west.x, p.x) * wide(west.y, east.y);
            if barriers[place].area && west.x <= p.x && p.x < east.x && above {
                *crossed.entry(place).or_default() += 1;
            }
        }
        crossed.values().any(|count| count % 2 == 1)
    }

    /// The feet of a point on the usable spans of level 0 nearest to it, all equally near ones; where there are
    /// barriers, of those that lie within the snap limit and have none between.
    pub(super) fn feet(&self, point: Point) -> Vec<(usize, Foot)> {
        let tables = &self.scenario.tables;
        let tree = self.segments.get_or_init(|| {
            let usable = tables.spans.iter().enumerate();
            let usable = usable.filter(|(_, span)| is_usable(span) && span.level == 0);
            let segments = usable.flat_map(|(place, span)| {
                span.line.windows(2).map(move |ends| {
                    Segment::new(Line::new(floats(ends[0]), floats(ends[1])), place)
                })
            });
            RTree::bulk_load(segments.collect())
        });
        let mut best: Vec<(usize, Foot)> = Vec::new();
        let mut tried = Vec::new();
        let limit = self.scenario.network.snap_limit;
        let walled = !tables.barriers.is_empty();
        for segment in tree.nearest_neighbor_iter(floats(point)) {
            let distance = segment.geom().distance_2(&floats(point)).sqrt();
            let reach = best.first().map_or(f64::INFINITY, |(_, foot)| root(foot.square));
            if distance > reach + ROUNDING_MM {
                break;
            }
            if tried.contains(&segment.data) {
                continue;
            }
            tried.push(segment.data);
            let span = &tables.spans[segment.data];
            let stretch = Stretch::new(tables.plane, &span.line, span.length);
            let Some(foot) = stretch.map(|stretch| stretch.foot(point)) else { continue };
            if walled && tables.plane.length(point, foot.at) > limit {
                // On a local plane the next may be nearer on the ground, but not by this much.
                if distance > 2.0 * root(i128::from(limit.get()).pow(2)) {
                    break;
                }
                continue;
            }
            if walled && self.is_barred([point, foot.at]) {
                continue;
            }
            let least = best.first().map_or(i128::MAX, |(_, foot)| foot.square);
            if foot.square < least {
                best.clear();
            }
            if foot.square <= least {
                best.push((segment.data, foot));
            }
        }
        best
    }

    /// Whether a building or exchange has its foot on a span, within the snap limit, at a point.
    pub(super) fn is_foot(&self, span: usize, at: Point) -> bool {
        let limit = self.scenario.network.snap_limit;
        let feet = self.feet.get_or_init(|| {
            let plane = self.scenario.tables.plane;
            let mut feet = Vec::new();
            for position in self.served() {
                let nearest = self.feet(position).into_iter();
                let near = nearest.filter(|(_, foot)| plane.length(position, foot.at) <= limit);
                feet.extend(near.map(|(span, foot)| (span, foot.at)));
            }
            feet.sort_unstable();
            feet
        });
        let start = feet.partition_point(|foot| foot.0 < span);
        let on_span = feet[start..].iter().take_while(|foot| foot.0 == span);
        on_span.into_iter().any(|&(_, foot)| is_near(foot, at, JUNCTION_MM))
    }

    /// Whether a building or exchange stands on a span, so that it needs no lead-in.
    pub(super) fn stands_on_span(&self, position: Point) -> bool {
        self.scenario.network.from == NetworkSource::Spans
            && self.feet(position).first().is_some_and(|(_, foot)| foot.at == position)
    }

    /// The first junction that a place on a span may have become: one within [`JUNCTION_MM`] and `slack`, or one
    /// to which points of the input's lines lead that lie within the joining distance of each other, each of the
    /// next. `junctions` gives those near a point, in order.
    pub(super) fn joined(
        &self,
        place: Point,
        slack: i128,
        junctions: impl Fn(Point, i128) -> Option<Point>,
    ) -> Option<Point> {
        if let Some(junction) = junctions(place, JUNCTION_MM + slack) {
            return Some(junction);
        }
        let hop = i128::from(self.scenario.network.join.get()) + JUNCTION_MM;
        let mut seen = BTreeSet::from([place]);
        let mut front = vec![place];
        while let Some(here) = front.pop() {
            for next in self.vertices_near(here, hop) {
                if !seen.insert(next) {
                    continue;
                }
                if let Some(junction) = junctions(next, JUNCTION_MM) {
                    return Some(junction);
                }
                front.push(next);
            }
        }
        None
    }

    /// Whether some other span meets a span at a point of it, by the noding: it may be no part of the plan.
    pub(super) fn is_met(&self, span: usize, at: Point) -> bool {
        let tables = &self.scenario.tables;
        let noding = self.scenario.network.noding;
        let reach = i128::from(self.scenario.network.join.get()) + JUNCTION_MM;
        let meets = |(place, other): (usize, &InputSpan)| {
            let ends = [other.line.first(), other.line.last()];
            let ends_there = || ends.iter().flatten().any(|end| is_near(**end, at, reach));
            let passes = || {
                let stretch = Stretch::new(tables.plane, &other.line, other.length);
                stretch.is_some_and(|stretch| stretch.foot(at).square <= reach * reach)
            };
            place != span
                && is_usable(other)
                && match noding {
                    Noding::Ends | Noding::Nodes => false,
                    Noding::Touches => ends_there(),
                    Noding::Crossings => other.level == tables.spans[span].level && passes(),
                }
        };
        tables.spans.iter().enumerate().any(meets)
    }

    /// Whether ends of spans are one junction: points of lines lead from one to the other, each within the
    /// joining distance of the next.
    pub(super) fn are_joined(&self, one: Point, other: Point) -> bool {
        let hop = i128::from(self.scenario.network.join.get());
        let mut seen = BTreeSet::from([one]);
        let mut front = vec![one];
        while let Some(here) = front.pop() {
            if here == other || is_near(here, other, hop) {
                return true;
            }
            for next in self.vertices_near(here, hop) {
                if seen.insert(next) {
                    front.push(next);
                }
            }
        }
        false
    }

    /// Points of lines that may be joined to others, within a distance of a point, sorted: ends, and with more
    /// noding every point.
    fn vertices_near(&self, at: Point, distance: i128) -> Vec<Point> {
        let tree = self.vertices.get_or_init(|| {
            let only_ends = matches!(self.scenario.network.noding, Noding::Ends | Noding::Nodes);
            let usable = self.scenario.tables.spans.iter().filter(|span| is_usable(span));
            let points = usable.flat_map(|span| {
                let last = span.line.len() - 1;
                let points = span.line.iter().enumerate();
                points.filter(move |(place, _)| !only_ends || *place == 0 || *place == last)
            });
            RTree::bulk_load(points.map(|(_, &point)| floats(point)).collect())
        });
        let reach = root(distance * distance);
        let near = tree.locate_within_distance(floats(at), reach * reach);
        let near = near.map(|&[x, y]| whole(x, y)).filter(|&point| is_near(point, at, distance));
        let mut near: Vec<Point> = near.collect();
        near.sort_unstable();
        near.dedup();
        near
    }
}

/// Whether two points lie within a distance of each other.
pub(super) fn is_near(p: Point, q: Point, distance: i128) -> bool {
    // Far-off points of a hand-made plan must not overflow.
    let apart = |a: i64, b: i64| (i128::from(a) - i128::from(b)).abs();
    let (x, y) = (apart(p.x, q.x), apart(p.y, q.y));
    x <= distance && y <= distance && x * x + y * y <= distance * distance
}

#[allow(clippy::cast_precision_loss)] // coordinates of the input stay far below 2^53 mm
fn floats(point: Point) -> [f64; 2] {
    [point.x as f64, point.y as f64]
}

#[allow(clippy::cast_possible_truncation)] // made from whole numbers by `floats`
fn whole(x: f64, y: f64) -> Point {
    Point { x: x as i64, y: y as i64 }
}

/// A root that is rather too large, which only tries more segments.
#[allow(clippy::cast_precision_loss)] // the millimetre of rounding covers it
fn root(square: i128) -> f64 {
    (square as f64).sqrt() + 1.0
}
