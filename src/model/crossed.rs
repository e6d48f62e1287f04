//! What a span pays for the railways, rivers and major roads it crosses.
//!
//! What for: surcharges belong to places along a span, so that pieces of it always add up to the whole. In: lines
//! to cross, a span or a straight link, a rate card. Out: the places where it crosses, and what each costs. The
//! network and the independent check both ask here.

use std::collections::BTreeMap;

use rstar::primitives::{GeomWithData, Line};
use rstar::{AABB, RTree};

use crate::geometry::{Plane, Point, Stretch, line_crossings};
use crate::model::{CrossingLines, CrossingPrice, InputSpan, RateCard, Tables};
use crate::units::{Millimetres, Pence};

/// A place along a span where it crosses lines of a kind.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Ord, PartialOrd)]
pub struct Crossed {
    /// Distance along the span in its stated length; less than the whole of it.
    pub along: Millimetres,
    /// Place of the kind in [`CrossingLines::kinds`].
    pub kind: u32,
    /// The span is on another level than the line: it crosses by a bridge or a tunnel.
    pub bridged: bool,
}

/// A surcharge at a place along a span.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Ord, PartialOrd)]
pub struct Surcharge {
    /// Distance along the span; that of the first crossing where several count as one.
    pub along: Millimetres,
    /// Place of the kind in [`CrossingLines::kinds`].
    pub kind: u32,
    /// Its price.
    pub price: Pence,
}

/// A segment that can be crossed, with its place.
type Segment = GeomWithData<Line<[f64; 2]>, u32>;

/// The lines of a scenario, to be asked what crosses them.
#[derive(Debug)]
pub struct CrossingIndex<'a> {
    plane: Plane,
    lines: &'a CrossingLines,
    tree: RTree<Segment>,
}

impl<'a> CrossingIndex<'a> {
    /// Indexes the lines of a scenario: O(n log n).
    #[must_use]
    pub fn new(tables: &'a Tables) -> Self {
        let lines = &tables.crossings;
        let segments = (0_u32..).zip(&lines.segments).map(|(place, segment)| {
            Segment::new(Line::new(floats(segment.ends[0]), floats(segment.ends[1])), place)
        });
        Self { plane: tables.plane, lines, tree: RTree::bulk_load(segments.collect()) }
    }

    /// Where an input span crosses, in order; whatever it costs.
    #[must_use]
    pub fn of_span(&self, span: &InputSpan) -> Vec<Crossed> {
        self.of_line(&span.line, span.length, span.level)
    }

    /// Where a straight link crosses, in order: it runs on level 0.
    #[must_use]
    pub fn of_link(&self, ends: [Point; 2]) -> Vec<Crossed> {
        self.of_line(&ends, self.plane.length(ends[0], ends[1]), 0)
    }

    fn of_line(&self, line: &[Point], length: Millimetres, level: i32) -> Vec<Crossed> {
        let near = |ends: [Point; 2]| {
            let around = AABB::from_corners(floats(ends[0]), floats(ends[1]));
            let found = self.tree.locate_in_envelope_intersecting(around);
            let mut near: Vec<u32> = found.map(|segment| segment.data).collect();
            near.sort_unstable();
            near
        };
        let segment = |place: u32| &self.lines.segments[place as usize];
        let of_steps = line.windows(2).flat_map(|ends| near([ends[0], ends[1]]));
        let mut all: Vec<u32> = of_steps.collect();
        if all.is_empty() {
            return Vec::new();
        }
        all.sort_unstable();
        all.dedup();
        let Some(stretch) = Stretch::new(self.plane, line, length) else { return Vec::new() };
        let last = Millimetres::new(length.get().saturating_sub(1));
        let mut crossed = Vec::new();
        // Segments are sorted by kind, each of which is judged by itself.
        for of_kind in all.chunk_by(|&one, &other| segment(one).kind == segment(other).kind) {
            let ends: Vec<[Point; 2]> = of_kind.iter().map(|&place| segment(place).ends).collect();
            let near = |ends: [Point; 2]| {
                near(ends).iter().filter_map(|place| of_kind.binary_search(place).ok()).collect()
            };
            crossed.extend(line_crossings(line, &ends, near).into_iter().map(|found| {
                let by = segment(of_kind[found.by]);
                Crossed {
                    along: stretch.along_segment(found.place, found.share).min(last),
                    kind: by.kind,
                    bridged: by.level != level,
                }
            }));
        }
        crossed.sort_unstable();
        crossed
    }
}

/// The surcharges of a whole span laid by a method, in order; `crossed` is where it crosses, in order.
///
/// Those of a kind that follow each other within the distance the rate card states count as one, at the place of
/// the first and at the highest price among them.
#[must_use]
pub fn surcharges(
    lines: &CrossingLines,
    crossed: &[Crossed],
    card: &RateCard,
    method: &str,
) -> Vec<Surcharge> {
    let mut found: Vec<Surcharge> = Vec::with_capacity(crossed.len());
    // For each kind, its last surcharge and where its last crossing was.
    let mut open: BTreeMap<u32, (usize, Millimetres)> = BTreeMap::new();
    for &Crossed { along, kind, bridged } in crossed {
        let name = lines.kinds.get(kind as usize).map_or("", String::as_str);
        let Some(price) = card.crossings.get(name) else { continue };
        if price.not_for.contains(method) {
            continue;
        }
        let pays = price.of(bridged);
        let near = |before: Millimetres| along.get() - before.get() <= price.together.get();
        let last = open.get_mut(&kind).filter(|_| price.together > Millimetres::ZERO);
        if let Some((first, before)) = last.filter(|(_, before)| near(*before)) {
            *before = along;
            found[*first].price = found[*first].price.max(pays);
            continue;
        }
        open.insert(kind, (found.len(), along));
        found.push(Surcharge { along, kind, price: pays });
    }
    found
}

/// The surcharges of an input span in its piece from `from` to before `to`, or of a link where there is none; none
/// for a span with fibre, or with a cost of its own, which holds everything.
///
/// ```
/// # use fibreplan::model::{Surcharge, surcharges_of_piece};
/// # use fibreplan::units::{Millimetres, Pence};
/// let mm = Millimetres::new;
/// let all = [Surcharge { along: mm(700), kind: 0, price: Pence::new(150_000) }];
/// assert_eq!(surcharges_of_piece(None, &all, mm(0), mm(700)).len(), 0);
/// assert_eq!(surcharges_of_piece(None, &all, mm(700), mm(900)).len(), 1);
/// ```
#[must_use]
pub fn surcharges_of_piece<'s>(
    span: Option<&InputSpan>,
    all: &'s [Surcharge],
    from: Millimetres,
    to: Millimetres,
) -> &'s [Surcharge] {
    if span.is_some_and(|span| span.existing || span.cost.is_some()) {
        return &[];
    }
    let place = |limit: Millimetres| all.partition_point(|one| one.along < limit);
    &all[place(from)..place(to).max(place(from))]
}

impl CrossingPrice {
    /// What a crossing costs, by a bridge or tunnel or not.
    #[must_use]
    pub fn of(&self, bridged: bool) -> Pence {
        self.bridged.filter(|_| bridged).unwrap_or(self.price)
    }
}

#[allow(clippy::cast_precision_loss)] // coordinates stay far below 2^53 mm
fn floats(point: Point) -> [f64; 2] {
    [point.x as f64, point.y as f64]
}
