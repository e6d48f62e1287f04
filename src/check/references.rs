//! What a span of a plan names: its two junctions, the input span it is a piece of, and which piece.
//!
//! In: a span as the plan writes it. Out: positions and places, or `None` where it names what no input can
//! hold. Nothing is judged here.

use crate::geometry::Point;
use crate::model::{InputSpan, Scenario};
use crate::plan::{PlanSpan, junction_point};
use crate::units::Millimetres;

/// No coordinate of a working plane is larger; sums and squares of such coordinates fit.
const FARTHEST_MM: i64 = 100_000_000_000;

/// The points of its ends; `None` for names that are none, or of points no input can hold.
pub(super) fn ends_of(span: &PlanSpan) -> Option<[Point; 2]> {
    let point = |name: &str| {
        let point = junction_point(name)?;
        let on_earth = |coordinate: i64| (-FARTHEST_MM..=FARTHEST_MM).contains(&coordinate);
        (on_earth(point.x) && on_earth(point.y)).then_some(point)
    };
    Some([point(&span.ends[0])?, point(&span.ends[1])?])
}

/// The input span that a span of the plan is a piece of, with its place.
pub(super) fn source<'a>(
    scenario: &'a Scenario,
    span: &PlanSpan,
) -> Option<(usize, &'a InputSpan)> {
    let id = span.source_id.as_deref()?;
    let spans = &scenario.tables.spans;
    let place = spans.binary_search_by(|input| input.id.as_str().cmp(id)).ok()?;
    Some((place, &spans[place]))
}

/// From where to where a piece runs; the whole span where the plan does not say.
pub(super) fn piece_of(span: &PlanSpan, input: &InputSpan) -> Option<[Millimetres; 2]> {
    let from = span.from.unwrap_or(Millimetres::ZERO);
    let to = span.to.unwrap_or(input.length);
    (from < to && to <= input.length).then_some([from, to])
}
