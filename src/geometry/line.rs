//! Points and lines on the plane, in integers: exact tests, the foot of a point, cutting.
//!
//! Everything is decided in whole millimetres, so two callers (the network and the independent
//! check) reach the same foot and the same tie.

use geo::SimplifyIdx;

use crate::geometry::{Plane, Point};
use crate::units::Millimetres;

/// The squared distance of two points on the plane, in square millimetres.
#[must_use]
pub fn square_distance(p: Point, q: Point) -> i128 {
    let (dx, dy) = (i128::from(p.x - q.x), i128::from(p.y - q.y));
    dx * dx + dy * dy
}

/// Whether `r` lies in the closed disc on the diameter from `p` to `q`, so that `p` and `q` are not
/// Gabriel neighbours; exact.
#[must_use]
pub fn gabriel_blocked(p: Point, q: Point, r: Point) -> bool {
    dot(r, p, q) <= 0
}

/// Whether a point lies within `reach` of a segment; exact.
#[must_use]
pub fn near_segment([p, q]: [Point; 2], point: Point, reach: Millimetres) -> bool {
    let square = i128::from(reach.get()).pow(2);
    let whole = square_distance(p, q);
    let part = dot(p, q, point);
    if part <= 0 {
        square_distance(p, point) <= square
    } else if part >= whole {
        square_distance(q, point) <= square
    } else {
        // The distance is the cross product over the length; both sides are compared as integers.
        cross(p, q, point).abs() <= (square * whole).isqrt()
    }
}

/// The least whole number of millimetres within which a point lies of a segment, as [`near_segment`] has it.
#[must_use]
pub fn distance_to_segment([p, q]: [Point; 2], point: Point) -> Millimetres {
    let whole = square_distance(p, q);
    let part = dot(p, q, point);
    let square = if part <= 0 {
        square_distance(p, point)
    } else if part >= whole {
        square_distance(q, point)
    } else {
        cross(p, q, point).pow(2) / whole
    };
    // The root is rounded down, and may fall short by the rounding of the bounds that it is compared with.
    let mut reach = Millimetres::new(u64::try_from(square.isqrt()).unwrap_or(u64::MAX));
    while !near_segment([p, q], point, reach) {
        reach = Millimetres::new(reach.get() + 1);
    }
    reach
}

/// Where the insides of two segments cross, to the nearest millimetre; `None` where they do not, or
/// only touch.
#[must_use]
pub fn crossing([p, q]: [Point; 2], [r, s]: [Point; 2]) -> Option<Point> {
    let opposite = |a: i128, b: i128| a.signum() * b.signum() < 0;
    let (from_p, from_q) = (cross(r, s, p), cross(r, s, q));
    if !opposite(cross(p, q, r), cross(p, q, s)) || !opposite(from_p, from_q) {
        return None;
    }
    // The distances of `p` and `q` from the other line divide the segment.
    let (part, whole) = (from_p.abs(), from_p.abs() + from_q.abs());
    let between = |from: i64, to: i64| {
        from + i64::try_from(share(i128::from(to - from), part, whole)).unwrap_or(0)
    };
    Some(Point { x: between(p.x, q.x), y: between(p.y, q.y) })
}

/// A line with fewer points that stays within a tolerance of the given one (Douglas and Peucker 1973); the
/// points left are points of it, the ends among them.
#[must_use]
pub fn simplified(line: &[Point], tolerance: Millimetres) -> Vec<Point> {
    if line.len() <= 2 {
        return line.to_vec();
    }
    #[allow(clippy::cast_precision_loss)] // coordinates and tolerances stay far below 2^53 mm
    let (coordinates, tolerance): (Vec<(f64, f64)>, f64) =
        (line.iter().map(|at| (at.x as f64, at.y as f64)).collect(), tolerance.get() as f64);
    let kept = geo::LineString::from(coordinates).simplify_idx(tolerance);
    kept.into_iter().filter_map(|place| line.get(place).copied()).collect()
}

/// Twice the signed area of a triangle; positive when it turns left.
fn cross(p: Point, q: Point, r: Point) -> i128 {
    i128::from(q.x - p.x) * i128::from(r.y - p.y) - i128::from(q.y - p.y) * i128::from(r.x - p.x)
}

/// The scalar product of the vectors from `origin` to `p` and to `q`.
fn dot(origin: Point, p: Point, q: Point) -> i128 {
    i128::from(p.x - origin.x) * i128::from(q.x - origin.x)
        + i128::from(p.y - origin.y) * i128::from(q.y - origin.y)
}

/// `value * numerator / denominator` rounded half up; zero when the denominator is.
fn share(value: i128, numerator: i128, denominator: i128) -> i128 {
    if denominator == 0 {
        return 0;
    }
    (2 * value * numerator + denominator).div_euclid(2 * denominator)
}

/// The point of a stretch nearest to some other point.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Foot {
    /// How far along the stretch it lies, in the stretch's stated length.
    pub along: Millimetres,
    /// Where that is, to the millimetre.
    pub at: Point,
    /// Squared distance on the plane between the other point and the line, in square millimetres.
    pub square: i128,
}

/// A line of the plane that is said to have some length, measured once.
///
/// Distances along it count in the stated length; where that is not the length of the line, they are
/// in proportion.
#[derive(Clone, Debug)]
pub struct Stretch<'a> {
    line: &'a [Point],
    /// For each point, the length of the line before it; as long as `line`.
    before: Vec<u64>,
    stated: u64,
}

impl<'a> Stretch<'a> {
    /// Measures a line of a stated length; `None` for a line without points.
    #[must_use]
    pub fn new(plane: Plane, line: &'a [Point], stated: Millimetres) -> Option<Self> {
        let mut before = Vec::with_capacity(line.len());
        before.push(0);
        let mut sum = 0;
        for segment in line.windows(2) {
            sum += plane.length(segment[0], segment[1]).get();
            before.push(sum);
        }
        (!line.is_empty()).then_some(Self { line, before, stated: stated.get() })
    }

    /// The point at a distance along the stretch, to the millimetre; beyond the end it is the end.
    #[must_use]
    pub fn at(&self, along: Millimetres) -> Point {
        self.on_line(rescaled(along.get(), self.stated, self.measured()))
    }

    /// The foot of a point: the nearest whole millimetre of the line, the first among equally near
    /// ones, and the whole millimetre of the stated length that stands for it.
    #[must_use]
    pub fn foot(&self, point: Point) -> Foot {
        let candidates = (1..self.line.len()).map(|place| self.nearest_on_segment(place, point));
        let nearest = candidates
            .map(|along| (square_distance(point, self.on_line(along)), along))
            .min()
            .unwrap_or_else(|| (square_distance(point, self.line[0]), 0));
        let along = self.stated_along(nearest.1);
        Foot { along, at: self.at(along), square: nearest.0 }
    }

    /// How far along the stretch the foot of a point on one segment lies; segment `place` ends at
    /// point `place` of the line, counted from zero.
    #[must_use]
    pub fn foot_on_segment(&self, place: usize, point: Point) -> Millimetres {
        self.stated_along(self.nearest_on_segment(place, point))
    }

    /// How far along the stretch a share of one segment lies, counted as in [`foot_on_segment`](Self::foot_on_segment).
    #[must_use]
    pub fn along_segment(&self, place: usize, [part, whole]: [i128; 2]) -> Millimetres {
        let length = self.before[place] - self.before[place - 1];
        let within = whole_number(share(i128::from(length), part, whole));
        self.stated_along(self.before[place - 1] + within)
    }

    /// The same, in the length of the line itself.
    fn nearest_on_segment(&self, place: usize, point: Point) -> u64 {
        let (from, to) = (self.line[place - 1], self.line[place]);
        let whole = square_distance(from, to);
        let part = dot(from, to, point).clamp(0, whole);
        let length = self.before[place] - self.before[place - 1];
        self.before[place - 1] + whole_number(share(i128::from(length), part, whole))
    }

    fn stated_along(&self, along_line: u64) -> Millimetres {
        Millimetres::new(rescaled(along_line, self.measured(), self.stated))
    }

    /// How much farther than a millimetre apart two neighbouring whole millimetres of the stated length can lie,
    /// in millimetres: none where the stated length is that of the line or more.
    #[must_use]
    pub fn coarseness(&self) -> u64 {
        self.measured().checked_div(self.stated).unwrap_or(0).saturating_sub(1)
            + u64::from(self.measured() > self.stated)
    }

    /// The part from one distance along the stretch to another, with the line's own points in
    /// between; at least two points.
    #[must_use]
    pub fn cut(&self, from: Millimetres, to: Millimetres) -> Vec<Point> {
        let [first, last] =
            [from, to].map(|along| rescaled(along.get(), self.stated, self.measured()));
        let after = self.before.partition_point(|&before| before <= first);
        let until = self.before.partition_point(|&before| before < last).max(after);
        let mut piece = vec![self.at(from)];
        piece.extend_from_slice(&self.line[after..until]);
        piece.push(self.at(to));
        piece
    }

    /// The length of the line itself.
    fn measured(&self) -> u64 {
        self.before[self.before.len() - 1]
    }

    /// The point at a distance along the line itself.
    fn on_line(&self, along: u64) -> Point {
        let next = self.before.partition_point(|&before| before <= along);
        if next == self.line.len() {
            return self.line[next - 1];
        }
        let (begin, end) = (self.before[next - 1], self.before[next]);
        between(self.line[next - 1], self.line[next], along - begin, end - begin)
    }
}

/// A distance along something `whole` long as the same share of something `new_whole` long.
fn rescaled(along: u64, whole: u64, new_whole: u64) -> u64 {
    if whole == new_whole {
        return along;
    }
    whole_number(share(i128::from(along), i128::from(new_whole), i128::from(whole)))
}

fn whole_number(value: i128) -> u64 {
    u64::try_from(value).unwrap_or(0)
}

fn between(from: Point, to: Point, part: u64, whole: u64) -> Point {
    let step = |from: i64, to: i64| {
        let part = share(i128::from(to - from), i128::from(part), i128::from(whole));
        // Between two coordinates, so it fits.
        from + i64::try_from(part).unwrap_or(0)
    };
    Point { x: step(from.x, to.x), y: step(from.y, to.y) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const GRID: Plane = Plane::BritishGrid;

    fn at(x: i64, y: i64) -> Point {
        Point { x, y }
    }

    fn mm(length: u64) -> Millimetres {
        Millimetres::new(length)
    }

    fn measured(line: &[Point]) -> Stretch<'_> {
        Stretch::new(GRID, line, GRID.line_length(line)).unwrap()
    }

    #[test]
    fn the_closed_disc_holds_its_circle() {
        let (p, q) = (at(0, 0), at(10, 0));
        assert!(gabriel_blocked(p, q, at(5, 5)));
        assert!(gabriel_blocked(p, q, at(5, 0)));
        assert!(!gabriel_blocked(p, q, at(5, 6)));
        assert!(!gabriel_blocked(p, q, at(11, 0)));
        // Far from the origin a square millimetre still decides.
        let far = 1_300_000_000;
        let (p, q) = (at(-far, -far), at(far, far));
        assert!(gabriel_blocked(p, q, at(-far, far)));
        assert!(!gabriel_blocked(p, q, at(-far, far + 1)));
    }

    #[test]
    fn near_a_segment_and_crossing_it() {
        let segment = [at(0, 0), at(900, 300)];
        assert!(near_segment(segment, at(300, 101), mm(1)));
        assert!(!near_segment(segment, at(300, 102), mm(1)));
        assert!(
            near_segment(segment, at(-3, -4), mm(5)) && !near_segment(segment, at(-3, -4), mm(4))
        );
        assert!(near_segment(segment, at(903, 304), mm(5)));
        assert!(near_segment([at(1, 1), at(1, 1)], at(1, 1), mm(0)));
        assert_eq!(crossing(segment, [at(300, 0), at(300, 300)]), Some(at(300, 100)));
        assert_eq!(crossing([at(300, 300), at(300, 0)], segment), Some(at(300, 100)));
        assert_eq!(crossing(segment, [at(300, 100), at(300, 300)]), None);
        assert_eq!(crossing(segment, [at(1_000, 0), at(1_000, 900)]), None);
    }

    #[test]
    fn distances_to_a_segment_are_the_least_within_which_it_is_near() {
        for segment in [[at(0, 0), at(900, 300)], [at(5, -5), at(5, -5)], [at(-7, 3), at(8, 3)]] {
            for point in [at(300, 101), at(-3, -4), at(903, 304), at(450, 150), at(17, -90)] {
                let least = distance_to_segment(segment, point);
                assert!(near_segment(segment, point, least));
                let less = least.get().checked_sub(1).map(mm);
                assert!(!less.is_some_and(|less| near_segment(segment, point, less)));
            }
        }
    }

    #[test]
    fn feet_on_segments_ends_and_corners() {
        let line = [at(0, 0), at(1_000, 0), at(1_000, 1_000)];
        let stretch = measured(&line);
        let foot = |point| stretch.foot(point);
        assert_eq!(foot(at(400, 30)), Foot { along: mm(400), at: at(400, 0), square: 900 });
        assert_eq!(foot(at(-30, -40)), Foot { along: mm(0), at: at(0, 0), square: 2_500 });
        assert_eq!(foot(at(1_200, -100)).along, mm(1_000));
        assert_eq!(foot(at(990, 1_500)).at, at(1_000, 1_000));
        // Equally near to both arms: the first along the line.
        assert_eq!(foot(at(900, 100)).along, mm(900));
        assert!(Stretch::new(GRID, &[], mm(0)).is_none());
        assert_eq!(measured(&[at(3, 4)]).foot(at(0, 0)).square, 25);
    }

    #[test]
    fn a_stated_length_scales_distances() {
        let line = [at(0, 0), at(1_000, 0)];
        let double = Stretch::new(GRID, &line, mm(2_000)).unwrap();
        let foot = double.foot(at(250, 10));
        assert_eq!((foot.along, foot.at), (mm(500), at(250, 0)));
        assert_eq!(double.at(mm(1_000)), at(500, 0));
        assert_eq!(double.at(mm(9_000)), at(1_000, 0));
        assert_eq!(Stretch::new(GRID, &line, mm(0)).unwrap().at(mm(0)), at(0, 0));
    }

    #[test]
    fn pieces_keep_the_corners_between_them() {
        let line = [at(0, 0), at(1_000, 0), at(1_000, 1_000)];
        let stretch = measured(&line);
        let cut = |from, to| stretch.cut(mm(from), mm(to));
        assert_eq!(cut(0, 2_000), line);
        assert_eq!(cut(0, 1_000), [at(0, 0), at(1_000, 0)]);
        assert_eq!(cut(1_000, 2_000), [at(1_000, 0), at(1_000, 1_000)]);
        assert_eq!(cut(500, 1_500), [at(500, 0), at(1_000, 0), at(1_000, 500)]);
    }

    fn small_points(count: std::ops::Range<usize>) -> impl Strategy<Value = Vec<Point>> {
        prop::collection::vec((-60_i64..60, -60_i64..60), count)
            .prop_map(|points| points.into_iter().map(|(x, y)| at(x, y)).collect())
    }

    proptest! {
        #[test]
        fn no_whole_millimetre_of_the_line_is_much_nearer(
            line in small_points(2..6), point in (-80_i64..80, -80_i64..80),
        ) {
            let point = at(point.0, point.1);
            let length = GRID.line_length(&line);
            let stretch = measured(&line);
            let foot = stretch.foot(point);
            prop_assert!(foot.along <= length);
            prop_assert_eq!(foot.at, stretch.at(foot.along));
            let nearest = (0..=length.get())
                .map(|along| square_distance(stretch.at(mm(along)), point))
                .min()
                .unwrap();
            // Rounding to whole millimetres moves a point by at most about one and a half.
            prop_assert!(foot.square.isqrt() <= nearest.isqrt() + 2);
        }

        #[test]
        fn pieces_join_into_the_line(line in small_points(2..6), thousandths in 0..=1_000_u64) {
            let length = GRID.line_length(&line);
            let middle = mm(length.get() * thousandths / 1_000);
            let stretch = measured(&line);
            let first = stretch.cut(mm(0), middle);
            let second = stretch.cut(middle, length);
            prop_assert_eq!(first[0], line[0]);
            prop_assert_eq!(first.last(), second.first());
            prop_assert_eq!(second.last(), line.last());
        }
    }
}
