//! The junctions of a plan as numbers.
//!
//! In: a plan, whose spans name their ends, and other places of interest. Out: every place once, in the order of
//! places, and the spans at each. Nothing is judged: a span whose ends are not named `x,y` stands nowhere.

use crate::geometry::Point;
use crate::plan::{Plan, junction_point};

/// The places at which spans of a plan end, and others that were asked for.
#[derive(Clone, Debug, Default)]
pub struct Junctions {
    points: Vec<Point>,
    /// By span of the plan: the places of its ends.
    ends: Vec<Option<[usize; 2]>>,
    /// By junction: where its spans begin in `spans`; one more at the end.
    first: Vec<usize>,
    spans: Vec<usize>,
}

impl Junctions {
    /// Those of a plan, with some other places. About `n log n` steps.
    #[must_use]
    pub fn of(plan: &Plan, others: impl IntoIterator<Item = Point>) -> Self {
        let named: Vec<Option<[Point; 2]>> = plan
            .spans
            .iter()
            .map(|span| Some([junction_point(&span.ends[0])?, junction_point(&span.ends[1])?]))
            .collect();
        let mut points: Vec<Point> = named.iter().flatten().flatten().copied().collect();
        points.extend(others);
        points.sort_unstable();
        points.dedup();
        let place = |at: &Point| points.binary_search(at).unwrap_or_else(|place| place);
        let ends: Vec<Option<[usize; 2]>> =
            named.iter().map(|ends| ends.map(|[a, b]| [place(&a), place(&b)])).collect();
        let mut first = vec![0; points.len() + 1];
        for &place in ends.iter().flatten().flatten() {
            first[place + 1] += 1;
        }
        for place in 0..points.len() {
            first[place + 1] += first[place];
        }
        let mut next = first.clone();
        let mut spans = vec![0; first[points.len()]];
        for (span, ends) in ends.iter().enumerate() {
            for &place in ends.iter().flatten() {
                spans[next[place]] = span;
                next[place] += 1;
            }
        }
        Self { points, ends, first, spans }
    }

    /// All places, sorted.
    #[must_use]
    pub fn points(&self) -> &[Point] {
        &self.points
    }

    /// The number of the junction at a place.
    #[must_use]
    pub fn at(&self, place: Point) -> Option<usize> {
        self.points.binary_search(&place).ok()
    }

    /// The junctions that a span of the plan joins.
    #[must_use]
    pub fn ends(&self, span: usize) -> Option<[usize; 2]> {
        self.ends[span]
    }

    /// The spans that end at a junction, in the order of the plan; one that ends where it begins stands twice.
    #[must_use]
    pub fn spans(&self, junction: usize) -> &[usize] {
        &self.spans[self.first[junction]..self.first[junction + 1]]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::{Origin, PlanSpan};
    use crate::units::{Millimetres, Pence};

    fn span(ends: [&str; 2]) -> PlanSpan {
        PlanSpan {
            id: ends.concat(),
            origin: Origin::Proximity,
            source_id: None,
            from: None,
            to: None,
            ends: ends.map(str::to_owned),
            geometry: Vec::new(),
            method: String::new(),
            length: Millimetres::ZERO,
            cost: Pence::ZERO,
            year: None,
        }
    }

    #[test]
    fn places_are_numbered_in_their_order_and_hold_their_spans() {
        let spans = vec![span(["5,0", "0,0"]), span(["0,0", "9,1"]), span(["here", "0,0"])];
        let plan = Plan { spans, ..Plan::default() };
        let far = Point { x: 7, y: 7 };
        let junctions = Junctions::of(&plan, [far, Point { x: 0, y: 0 }]);
        let places: Vec<i64> = junctions.points().iter().map(|at| at.x).collect();
        assert_eq!(places, [0, 5, 7, 9]);
        assert_eq!(junctions.at(far), Some(2));
        assert_eq!(junctions.at(Point { x: 1, y: 1 }), None);
        assert_eq!([0, 1, 2].map(|span| junctions.ends(span)), [Some([1, 0]), Some([0, 3]), None]);
        assert_eq!(junctions.spans(0), [0, 1]);
        assert_eq!(junctions.spans(2), [] as [usize; 0]);
        assert_eq!(junctions.spans(3), [1]);
    }
}
