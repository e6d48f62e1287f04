//! Ends and crossings of input spans that look as if they met, and do not.
//!
//! What for: a gap of two centimetres, or a side road that was never noded, parts a network in silence. In: the
//! usable spans and the junctions they made. Out: how many ends lie near another span that they do not meet, how
//! near, and at how many points spans cross without a junction. It joins nothing: settings do. O(n log n).

use rayon::prelude::*;

use crate::geometry::{Point, crossing, distance_to_segment, near_segment, square_distance};
use crate::model::{InputSpan, NetworkSettings, Noding};
use crate::network::misses::{Misses, Unmet};
use crate::network::noding::Settled;
use crate::network::snap::{SegmentAt, SpanTree};
use crate::units::Millimetres;

/// Anything further off than this is not taken for a gap.
const NEAR: Millimetres = Millimetres::new(1_000);

/// Looks for spans that nearly meet; a file with nodes of its own has said what meets.
pub(super) fn unmet(
    settings: &NetworkSettings,
    spans: &[InputSpan],
    usable: &[u32],
    tree: &SpanTree<'_>,
    settled: &Settled,
) -> Unmet {
    if settings.noding == Noding::Nodes {
        return Unmet::default();
    }
    let look = Look { join: settings.join, spans, tree, settled };
    let misses: Vec<Miss> = usable.par_iter().flat_map_iter(|&span| look.ends_of(span)).collect();
    let of = |wanted: bool| {
        let chosen = misses.iter().filter(|miss| miss.at_end == wanted);
        Misses::of(chosen.map(|miss| (miss.distance, miss.span)).collect())
    };
    let crossings = match settings.noding {
        Noding::Crossings => Misses::default(),
        _ => look.crossings(usable),
    };
    Unmet { ends: of(true), sides: of(false), crossings }
}

/// An end that does not meet a span near it.
struct Miss {
    span: u32,
    distance: Millimetres,
    /// The other span's end is what is near.
    at_end: bool,
}

struct Look<'a> {
    join: Millimetres,
    spans: &'a [InputSpan],
    tree: &'a SpanTree<'a>,
    settled: &'a Settled,
}

impl Look<'_> {
    /// Positions of the junctions on a span.
    fn junctions(&self, span: u32) -> impl Iterator<Item = Point> {
        let marks = &self.settled.marks;
        let from = marks.partition_point(|mark| mark.span < span);
        let of_span = marks[from..].iter().take_while(move |mark| mark.span == span);
        of_span.map(|mark| self.settled.positions[mark.node as usize])
    }

    /// Whether two spans share a junction about a point, so that nothing is missing there.
    fn meet(&self, one: u32, other: u32, about: Point) -> bool {
        let reach = i128::from(2 * NEAR.get().max(self.join.get())).pow(2);
        self.junctions(one).any(|junction| {
            square_distance(junction, about) <= reach
                && self.junctions(other).any(|own| own == junction)
        })
    }

    /// The ends of a span that miss another, each with the nearest that it misses.
    fn ends_of(&self, span: u32) -> Vec<Miss> {
        let line = &self.spans[span as usize].line;
        let [first, .., last] = line[..] else { return Vec::new() };
        [first, last].into_iter().filter_map(|end| self.miss(span, end)).collect()
    }

    fn miss(&self, span: u32, end: Point) -> Option<Miss> {
        let mut nearest: Option<Miss> = None;
        for other in self.tree.around([end, end], NEAR.get()) {
            let (input, own) = (&self.spans[other.span as usize], &self.spans[span as usize]);
            if other.span == span || input.level != own.level || self.meet(span, other.span, end) {
                continue;
            }
            let [first, .., last] = input.line[..] else { continue };
            let to_end = [first, last].map(|tip| distance_to_segment([tip, tip], end));
            let to_end = to_end[0].min(to_end[1]);
            let beside = distance_to_segment(other.ends(self.spans), end);
            let at_end = to_end <= NEAR;
            let distance = if at_end { to_end } else { beside };
            let nearer = nearest
                .as_ref()
                .is_none_or(|miss| (distance, !at_end) < (miss.distance, !miss.at_end));
            if distance <= NEAR && nearer {
                nearest = Some(Miss { span, distance, at_end });
            }
        }
        nearest
    }

    /// Points between the ends of two spans of one level where they cross or touch.
    fn crossings(&self, usable: &[u32]) -> Misses {
        let mut found: Vec<(Point, u32)> =
            usable.par_iter().flat_map_iter(|&span| self.crossings_of(span)).collect();
        found.sort_unstable();
        found.dedup_by_key(|(at, _)| *at);
        Misses::of(found.into_iter().map(|(_, span)| (Millimetres::ZERO, span)).collect())
    }

    fn crossings_of(&self, span: u32) -> Vec<(Point, u32)> {
        let input = &self.spans[span as usize];
        let mut found = Vec::new();
        for place in (1_u32..).take(input.line.len().saturating_sub(1)) {
            let own = SegmentAt { span, place };
            let ends = own.ends(self.spans);
            let inside = place as usize + 1 < input.line.len();
            for other in self.tree.around(ends, self.join.get()) {
                let theirs = &self.spans[other.span as usize];
                if other.span == span || theirs.level != input.level {
                    continue;
                }
                let across = other.ends(self.spans);
                // A point of the line, other than its ends, may lie on the other span.
                let touch = (inside && near_segment(across, ends[1], self.join)).then_some(ends[1]);
                let crossed = if other.span > span { crossing(ends, across) } else { None };
                let points = [touch, crossed].into_iter().flatten();
                found.extend(
                    points
                        .filter(|&at| !self.is_end(theirs, at) && !self.meet(span, other.span, at))
                        .map(|at| (at, span.min(other.span))),
                );
            }
        }
        found
    }

    /// Whether a point is an end of a span, which is counted as an end.
    fn is_end(&self, input: &InputSpan, at: Point) -> bool {
        let [first, .., last] = input.line[..] else { return false };
        [first, last].iter().any(|&end| near_segment([end, end], at, self.join))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::NetworkSource;
    use crate::network::prepare;
    use crate::network::testing::{at, mm, scenario, span};

    fn noticed(noding: Noding, join: u64, spans: &[InputSpan]) -> Vec<String> {
        let mut scenario = scenario(NetworkSource::Spans, vec![], vec![], &[], spans.to_vec());
        scenario.network.noding = noding;
        scenario.network.join = mm(join);
        let prepared = prepare(&scenario).unwrap();
        prepared.notices().iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_gap_between_ends_is_measured_and_the_setting_that_closes_it_does() {
        let spans = [
            span("a", &[at(0, 0), at(100_000, 0)]),
            span("b", &[at(100_003, 4), at(200_000, 0)]),
            span("c", &[at(200_000, 600), at(300_000, 0)]),
        ];
        assert_eq!(
            noticed(Noding::Ends, 1, &spans),
            [
                "N151 network.join_m \"a, b, c\": 4 ends of spans lie up to 0.600 m from the end of another \
              span and do not meet it, half of them within 0.005 m; network.join_m = 0.600 would join them all"
            ]
        );
        assert_eq!(noticed(Noding::Ends, 600, &spans), Vec::<String>::new());
        // A centimetre more than a metre is no gap.
        let far = [spans[0].clone(), span("b", &[at(101_010, 0), at(200_000, 0)])];
        assert_eq!(noticed(Noding::Ends, 1, &far), Vec::<String>::new());
    }

    #[test]
    fn a_side_road_that_is_not_noded_is_noticed_until_touching_counts() {
        let spans = [
            span("main", &[at(0, 0), at(100_000, 0)]),
            span("side", &[at(50_000, 40), at(50_000, 9_000)]),
        ];
        assert_eq!(
            noticed(Noding::Ends, 1, &spans),
            [
                "N152 network.noding \"side\": 1 end of a span lies up to 0.040 m beside another span and does \
              not meet it; network.noding = \"touches\" with network.join_m = 0.040 would join it"
            ]
        );
        assert_eq!(
            noticed(Noding::Touches, 1, &spans),
            [
                "N152 network.noding \"side\": 1 end of a span lies up to 0.040 m beside another span and does \
              not meet it; network.join_m = 0.040 would join it"
            ]
        );
        assert_eq!(noticed(Noding::Touches, 40, &spans), Vec::<String>::new());
        let mut bridge = spans.clone();
        bridge[1].level = 1;
        assert_eq!(noticed(Noding::Ends, 1, &bridge), Vec::<String>::new());
    }

    #[test]
    fn spans_that_cross_or_share_a_corner_are_noticed_until_crossings_count() {
        let spans = [
            span("a", &[at(0, 0), at(9_000, 9_000)]),
            span("b", &[at(0, 9_000), at(9_000, 0)]),
            span("c", &[at(20_000, 0), at(29_000, 500), at(20_000, 900)]),
            span("d", &[at(38_000, 0), at(29_000, 500), at(38_000, 900)]),
        ];
        assert_eq!(
            noticed(Noding::Ends, 1, &spans),
            [
                "N153 network.noding \"a, c\": spans cross or touch at 2 points between their ends and do not \
              meet there; network.noding = \"crossings\" would join them; a bridge or tunnel needs another \
              `level` then"
            ]
        );
        assert_eq!(noticed(Noding::Crossings, 1, &spans), Vec::<String>::new());
    }

    #[test]
    fn spans_that_meet_are_not_told_of_again() {
        // Short spans lie near what they are joined to.
        let spans = [
            span("a", &[at(0, 0), at(9_000, 0)]),
            span("b", &[at(9_000, 0), at(9_000, 300)]),
            span("c", &[at(9_000, 0), at(18_000, 500)]),
        ];
        for noding in [Noding::Ends, Noding::Touches, Noding::Crossings, Noding::Nodes] {
            assert_eq!(noticed(noding, 1, &spans), Vec::<String>::new());
        }
    }
}
