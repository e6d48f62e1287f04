//! The nearest usable span of a position.
//!
//! A tree over segments finds candidates by floating-point distance; which of them is nearest is
//! decided on whole millimetres, ties by the order of span ids. Logarithmic in the segments.

use rstar::primitives::{GeomWithData, Line};
use rstar::{AABB, RTree};

use crate::geometry::{Foot, Plane, Point, Stretch};
use crate::model::InputSpan;
use crate::network::Prepared;
use crate::network::barriers::Barriers;
use crate::units::Millimetres;

/// Feet are whole millimetres along a span and on the plane; each rounding moves them by less than
/// one, so a segment this much farther than the best foot cannot hold a better one.
const ROUNDING_MM: f64 = 3.0;

/// A segment of a span, by places.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Ord, PartialOrd)]
pub(super) struct SegmentAt {
    /// Place of the span.
    pub(super) span: u32,
    /// Place of the segment's last point on its line.
    pub(super) place: u32,
}

impl SegmentAt {
    /// Its ends.
    pub(super) fn ends(self, spans: &[InputSpan]) -> [Point; 2] {
        let line = &spans[self.span as usize].line;
        [line[self.place as usize - 1], line[self.place as usize]]
    }
}

type Segment = GeomWithData<Line<[f64; 2]>, SegmentAt>;

/// The segments of the usable spans, to be asked for what lies near.
pub(super) struct SpanTree<'a> {
    plane: Plane,
    spans: &'a [InputSpan],
    tree: RTree<Segment>,
}

/// A length on a local plane is at most this many times that on the ground, within 3,000 km of its middle.
const PLANE_OVER_GROUND: f64 = 1.15;

/// The span that a position is nearest to.
pub(super) struct Nearest {
    /// Place of the span.
    pub(super) span: u32,
    /// The foot on it.
    pub(super) foot: Foot,
    /// Straight distance to the foot.
    pub(super) distance: Millimetres,
    /// It is near enough, and no barrier is between.
    pub(super) joins: bool,
    /// Its node, when it lies within the snap limit.
    pub(super) node: Option<u32>,
}

/// The span that a position joins, or the nearest one where it joins none.
pub(super) fn nearest(
    prepared: &Prepared,
    tree: &SpanTree<'_>,
    barriers: &Barriers<'_>,
    at: Point,
) -> Option<Nearest> {
    let (plane, limit) = (prepared.plane(), prepared.settings.snap_limit);
    let nearest = |(span, foot): (u32, Foot), clear: bool| {
        let distance = plane.length(at, foot.at);
        Nearest { span, foot, distance, joins: clear && distance <= limit, node: None }
    };
    let first = tree.nearest(at)?;
    let may = |foot: Foot| !barriers.crosses([at, foot.at]);
    let first_joins = barriers.is_empty() || nearest(first, true).distance > limit;
    if first_joins || (may(first.1) && !barriers.hold(at)) {
        return Some(nearest(first, true));
    }
    #[allow(clippy::cast_precision_loss)] // a limit of kilometres is exact
    let within = limit.get() as f64 * PLANE_OVER_GROUND;
    let other = if barriers.hold(at) { None } else { tree.nearest_of(at, within, may) };
    let other = other.map(|other| nearest(other, true)).filter(|other| other.joins);
    Some(other.unwrap_or_else(|| nearest(first, false)))
}

impl<'a> SpanTree<'a> {
    /// Indexes the spans at the given places.
    pub(super) fn new(plane: Plane, spans: &'a [InputSpan], usable: &[u32]) -> Self {
        let mut segments = Vec::new();
        for &span in usable {
            let line = &spans[span as usize].line;
            for (place, ends) in (1_u32..).zip(line.windows(2)) {
                let line = Line::new(float_point(ends[0]), float_point(ends[1]));
                segments.push(Segment::new(line, SegmentAt { span, place }));
            }
        }
        Self { plane, spans, tree: RTree::bulk_load(segments) }
    }

    /// The place of the nearest span on level 0 and the foot on it; among equally near spans the first. Bridges
    /// and tunnels are no way in.
    pub(super) fn nearest(&self, point: Point) -> Option<(u32, Foot)> {
        self.nearest_of(point, f64::INFINITY, |_| true)
    }

    /// The same of those spans within a distance on the plane, or little beyond it, whose feet may be
    /// joined.
    pub(super) fn nearest_of(
        &self,
        point: Point,
        within_mm: f64,
        may: impl Fn(Foot) -> bool,
    ) -> Option<(u32, Foot)> {
        let mut best: Option<(u32, Foot)> = None;
        let mut tried: Vec<u32> = Vec::new();
        for (segment, square) in self.tree.nearest_neighbor_iter_with_distance_2(float_point(point))
        {
            let reach = best.map_or(within_mm, |(_, foot)| root(foot.square).min(within_mm));
            if square.sqrt() > reach + ROUNDING_MM {
                break;
            }
            let span = segment.data.span;
            if tried.contains(&span) || self.spans[span as usize].level != 0 {
                continue;
            }
            tried.push(span);
            let Some(foot) = self.foot(span, point) else { continue };
            let nearer =
                best.is_none_or(|(first, best)| (foot.square, span) < (best.square, first));
            if nearer && may(foot) {
                best = Some((span, foot));
            }
        }
        best
    }

    /// Segments whose boxes come within `margin` of the box of two points, sorted.
    pub(super) fn around(&self, corners: [Point; 2], margin: u64) -> Vec<SegmentAt> {
        let [p, q] = corners.map(float_point);
        #[allow(clippy::cast_precision_loss)] // a margin of kilometres is exact
        let margin = margin as f64;
        let low = [p[0].min(q[0]) - margin, p[1].min(q[1]) - margin];
        let high = [p[0].max(q[0]) + margin, p[1].max(q[1]) + margin];
        let around = AABB::from_corners(low, high);
        let mut found: Vec<SegmentAt> =
            self.tree.locate_in_envelope_intersecting(around).map(|segment| segment.data).collect();
        found.sort_unstable();
        found
    }

    fn foot(&self, span: u32, point: Point) -> Option<Foot> {
        let input = &self.spans[span as usize];
        Stretch::new(self.plane, &input.line, input.length).map(|stretch| stretch.foot(point))
    }
}

#[allow(clippy::cast_precision_loss)] // coordinates stay far below 2^53 mm
fn float_point(point: Point) -> [f64; 2] {
    [point.x as f64, point.y as f64]
}

/// A root that is too large rather than too small, which only tries more segments.
#[allow(clippy::cast_precision_loss)] // the millimetre of rounding covers it
fn root(square: i128) -> f64 {
    (square as f64).sqrt() + 1.0
}
