//! Where spans meet: marks along spans, and which of them are one junction.
//!
//! Ends always meet where they are within the joining distance. Further noding adds marks where the
//! end of a span lies on another (`touches`), and where spans of one level cross or share a point
//! (`crossings`). All tests are exact on whole millimetres.

use petgraph::unionfind::UnionFind;

use crate::geometry::{Plane, Point, Stretch, crossing, near_segment, square_distance};
use crate::ids::JunctionIx;
use crate::model::{InputSpan, NetworkSettings, Noding};
use crate::network::snap::{SegmentAt, SpanTree};
use crate::units::Millimetres;

/// Spans looked at between two looks at the clock.
const PATIENCE: usize = 1024;

/// A place along a span where it may be cut.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Ord, PartialOrd)]
pub(super) struct Mark {
    /// Place of the input span.
    pub span: u32,
    /// Distance along it, in its stated length.
    pub along: Millimetres,
    /// The node it is.
    pub node: u32,
}

/// Points that will be junctions, marks that stand on them, and which points are the same.
#[derive(Debug, Default)]
pub(super) struct Nodes {
    points: Vec<Point>,
    same: Vec<[u32; 2]>,
    marks: Vec<Mark>,
}

/// The junctions that nodes became.
pub(super) struct Settled {
    /// Position of the junction of each node.
    pub positions: Vec<Point>,
    /// Marks, sorted by span and distance, one for each distance.
    pub marks: Vec<Mark>,
}

impl Nodes {
    /// The ends of the spans at the given places, those within `join` of each other being one.
    pub(super) fn of_ends(spans: &[InputSpan], usable: &[u32], join: Millimetres) -> Self {
        let mut nodes = Self::default();
        for &span in usable {
            let input = &spans[span as usize];
            if let [first, .., last] = input.line[..] {
                nodes.mark(span, Millimetres::ZERO, first);
                nodes.mark(span, input.length, last);
            }
        }
        nodes.join_near(join);
        nodes
    }

    /// Marks a span at a point and returns the node.
    pub(super) fn mark(&mut self, span: u32, along: Millimetres, at: Point) -> u32 {
        let node = JunctionIx::new(self.points.len()).0;
        self.points.push(at);
        self.marks.push(Mark { span, along, node });
        node
    }

    /// Adds the marks that the settings ask for beyond the ends, as far as it comes until it is to stop.
    pub(super) fn meet(
        &mut self,
        plane: Plane,
        settings: &NetworkSettings,
        spans: &[InputSpan],
        usable: &[u32],
        tree: &SpanTree<'_>,
        stops: &dyn Fn() -> bool,
    ) {
        let going = |usable: &&[u32]| !usable.is_empty() && !stops();
        let parts = || usable.chunks(PATIENCE).take_while(going);
        let mut found = match settings.noding {
            Noding::Ends | Noding::Nodes => return,
            Noding::Touches => parts()
                .flat_map(|part| touches(spans, part, tree, settings.join, ends_of))
                .collect(),
            Noding::Crossings => {
                let every = |input: &InputSpan| (0..input.line.len()).collect();
                let mut found: Vec<Meeting> = parts()
                    .flat_map(|part| touches(spans, part, tree, settings.join, every))
                    .collect();
                found.retain(|meeting| {
                    let [a, b] = meeting.sides.map(|side| spans[side.span as usize].level);
                    a == b
                });
                found.extend(parts().flat_map(|part| crossings(spans, part, tree)));
                found
            }
        };
        found.sort_unstable();
        found.dedup();
        self.add(plane, spans, &found);
    }

    /// Turns meetings into marks, on both spans, of one node.
    fn add(&mut self, plane: Plane, spans: &[InputSpan], found: &[Meeting]) {
        let first = self.points.len();
        self.points.extend(found.iter().map(|meeting| meeting.at));
        // By span, so that each is measured once.
        let mut sides: Vec<(SegmentAt, usize)> = found
            .iter()
            .enumerate()
            .flat_map(|(meeting, found)| found.sides.map(|side| (side, meeting)))
            .collect();
        sides.sort_unstable();
        for group in sides.chunk_by(|a, b| a.0.span == b.0.span) {
            let input = &spans[group[0].0.span as usize];
            let Some(stretch) = Stretch::new(plane, &input.line, input.length) else { continue };
            self.marks.extend(group.iter().map(|&(SegmentAt { span, place }, meeting)| Mark {
                span,
                along: stretch.foot_on_segment(place as usize, found[meeting].at),
                node: JunctionIx::new(first + meeting).0,
            }));
        }
    }

    /// Makes all nodes within `join` of each other, directly or through others, the same.
    fn join_near(&mut self, join: Millimetres) {
        let mut order: Vec<(Point, u32)> = self.points.iter().copied().zip(0..).collect();
        order.sort_unstable();
        order.dedup_by_key(|(point, _)| *point);
        let reach = i128::from(join.get());
        for (place, &(here, node)) in order.iter().enumerate() {
            // Sorted by x, so only the following points within reach eastward can be close.
            for &(there, other) in &order[place + 1..] {
                if i128::from(there.x - here.x) > reach {
                    break;
                }
                if square_distance(here, there) <= reach * reach {
                    self.same.push([node, other]);
                }
            }
        }
    }

    /// Decides the junctions: nodes at one point are one, and so are marks at one distance along a
    /// span. A junction lies at the least point among its nodes.
    pub(super) fn settle(mut self) -> Settled {
        self.marks.sort_unstable();
        let mut union = UnionFind::<u32>::new(self.points.len());
        for [a, b] in self.same {
            union.union(a, b);
        }
        for pair in self.marks.windows(2) {
            if (pair[0].span, pair[0].along) == (pair[1].span, pair[1].along) {
                union.union(pair[0].node, pair[1].node);
            }
        }
        self.marks.dedup_by_key(|mark| (mark.span, mark.along));
        let mut order: Vec<(Point, u32)> = self.points.iter().copied().zip(0..).collect();
        order.sort_unstable();
        for pair in order.windows(2) {
            if pair[0].0 == pair[1].0 {
                union.union(pair[0].1, pair[1].1);
            }
        }
        let labels = union.into_labeling();
        let mut least: Vec<Option<Point>> = vec![None; labels.len()];
        for (point, node) in order {
            least[labels[node as usize] as usize].get_or_insert(point);
        }
        let positions = labels
            .iter()
            .zip(&self.points)
            .map(|(&label, &own)| least[label as usize].unwrap_or(own))
            .collect();
        Settled { positions, marks: self.marks }
    }
}

/// Two segments of spans that meet at a point.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Ord, PartialOrd)]
struct Meeting {
    at: Point,
    sides: [SegmentAt; 2],
}

fn ends_of(input: &InputSpan) -> Vec<usize> {
    vec![0, input.line.len() - 1]
}

/// Points of spans, chosen by `which`, that lie within `join` of other segments.
fn touches(
    spans: &[InputSpan],
    usable: &[u32],
    tree: &SpanTree<'_>,
    join: Millimetres,
    which: impl Fn(&InputSpan) -> Vec<usize>,
) -> Vec<Meeting> {
    let mut found = Vec::new();
    for &span in usable {
        let input = &spans[span as usize];
        for place in which(input) {
            let at = input.line[place];
            // The point is on the segment that ends there; the first has only the one after it.
            let last = u32::try_from(place.max(1)).unwrap_or(u32::MAX);
            let own = SegmentAt { span, place: last };
            for other in tree.around([at, at], join.get()) {
                let next_to =
                    other.span == span && (other.place == last || other.place == last + 1);
                if !next_to && near_segment(other.ends(spans), at, join) {
                    found.push(Meeting { at, sides: [own, other] });
                }
            }
        }
    }
    found
}

/// Proper crossings of segments of one level.
fn crossings(spans: &[InputSpan], usable: &[u32], tree: &SpanTree<'_>) -> Vec<Meeting> {
    let mut found = Vec::new();
    for &span in usable {
        let input = &spans[span as usize];
        for place in (1_u32..).take(input.line.len().saturating_sub(1)) {
            let own = SegmentAt { span, place };
            for other in tree.around(own.ends(spans), 0) {
                let same_level = spans[other.span as usize].level == input.level;
                if other > own && same_level {
                    let at = crossing(own.ends(spans), other.ends(spans));
                    let sides = [own, other];
                    found.extend(at.map(|at| Meeting { at, sides }));
                }
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::SpanIx;
    use crate::model::NetworkSource;
    use crate::network::testing::{at, mm, scenario, span};
    use crate::network::{Prepared, prepare};
    use proptest::prelude::*;

    fn noded(noding: Noding, spans: &[InputSpan]) -> Prepared {
        let mut scenario = scenario(NetworkSource::Spans, vec![], vec![], &[], spans.to_vec());
        scenario.network.noding = noding;
        prepare(&scenario).unwrap()
    }

    fn ids(prepared: &Prepared) -> Vec<String> {
        (0..prepared.spans().len()).map(|span| prepared.span_id(SpanIx::new(span))).collect()
    }

    #[test]
    fn a_side_road_meets_the_middle_of_a_road_only_when_touching_counts() {
        let spans =
            [span("main", &[at(0, 0), at(900, 300)]), span("side", &[at(300, 101), at(300, 900)])];
        assert_eq!(ids(&noded(Noding::Ends, &spans)), ["main", "side"]);
        // A millimetre off is on the road.
        for noding in [Noding::Touches, Noding::Crossings] {
            let prepared = noded(noding, &spans);
            assert_eq!(ids(&prepared), ["main[0-317]", "main[317-949]", "side"]);
            assert_eq!(prepared.report().components.len(), 1);
        }
    }

    #[test]
    fn roads_cross_on_one_level_only() {
        let mut spans =
            [span("a", &[at(0, 0), at(1_000, 1_000)]), span("b", &[at(0, 1_000), at(1_000, 0)])];
        assert_eq!(ids(&noded(Noding::Touches, &spans)), ["a", "b"]);
        let crossed = noded(Noding::Crossings, &spans);
        assert_eq!(ids(&crossed), ["a[0-707]", "a[707-1414]", "b[0-707]", "b[707-1414]"]);
        assert!(crossed.junction_at(at(500, 500)).is_some());
        spans[0].level = 1;
        assert_eq!(ids(&noded(Noding::Crossings, &spans)), ["a", "b"]);
    }

    #[test]
    fn shared_points_between_ends_are_crossings() {
        let spans = [
            span("a", &[at(0, 0), at(500, 500), at(0, 1_000)]),
            span("b", &[at(1_000, 0), at(500, 500), at(1_000, 1_000)]),
        ];
        assert_eq!(noded(Noding::Crossings, &spans).spans().len(), 4);
        assert_eq!(noded(Noding::Touches, &spans).spans().len(), 2);
    }

    #[test]
    fn a_span_may_cross_itself_and_overlap_others() {
        let eight = span("e", &[at(0, 0), at(1_000, 1_000), at(1_000, 0), at(0, 1_000)]);
        assert_eq!(ids(&noded(Noding::Crossings, &[eight])), ["e[0-707]", "e[3121-3828]"]);
        let spans = [span("a", &[at(0, 0), at(600, 0)]), span("b", &[at(400, 0), at(900, 0)])];
        let overlapped = noded(Noding::Crossings, &spans);
        assert_eq!(ids(&overlapped), ["a[0-400]", "a[400-600]", "b[0-200]", "b[200-500]"]);
        assert_eq!(overlapped.report().parallel, 1);
    }

    /// Whether two segments share a point, ends included; exact.
    fn share_a_point(one: [Point; 2], two: [Point; 2]) -> bool {
        let on = |segment: [Point; 2], point: Point| near_segment(segment, point, mm(0));
        crossing(one, two).is_some()
            || two.iter().any(|&end| on(one, end))
            || one.iter().any(|&end| on(two, end))
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(1_000))]

        /// Far apart lattice points, so that rounding to millimetres brings nothing together.
        #[test]
        fn crossing_spans_are_connected_and_no_others(
            lines in prop::collection::vec(
                (prop::collection::vec((0_i64..6, 0_i64..6), 2..4), 0..2_i32), 1..7,
            ),
        ) {
            let spans: Vec<InputSpan> = lines
                .iter()
                .enumerate()
                .map(|(id, (line, level))| {
                    let line: Vec<Point> =
                        line.iter().map(|&(x, y)| at(x * 1_000_000, y * 1_000_000)).collect();
                    InputSpan { level: *level, ..span(&format!("s{id}"), &line) }
                })
                .filter(|span| span.length > mm(0))
                .collect();
            prop_assume!(!spans.is_empty());
            let mut oracle = UnionFind::<u32>::new(spans.len());
            for (a, one) in (0_u32..).zip(&spans) {
                for (b, two) in (0_u32..).zip(&spans) {
                    let segments = |span: &InputSpan| {
                        span.line.windows(2).map(|ends| [ends[0], ends[1]]).collect::<Vec<_>>()
                    };
                    let ends = |span: &InputSpan| [span.line[0], span.line[span.line.len() - 1]];
                    let crossed = one.level == two.level && segments(one).iter().any(|&s| {
                        segments(two).iter().any(|&t| share_a_point(s, t))
                    });
                    let joined = ends(one).iter().any(|end| ends(two).contains(end));
                    if crossed || joined {
                        oracle.union(a, b);
                    }
                }
            }
            let mut groups = oracle.into_labeling();
            groups.sort_unstable();
            groups.dedup();
            let prepared = noded(Noding::Crossings, &spans);
            // Two levels may put junctions of their own at one point, which joins them: that can
            // only connect more.
            let levels = spans.iter().any(|span| span.level != spans[0].level);
            let parts = prepared.report().components.len();
            prop_assert!(parts == groups.len() || (levels && parts < groups.len()));
        }
    }
}
