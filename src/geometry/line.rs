//! Points and lines on the plane, in integers: exact tests, the foot of a point, cutting.
//!
//! Everything is decided in whole millimetres, so two callers (the network and the independent
//! check) reach the same foot and the same tie.

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
    /// Where it lies, to the millimetre.
    pub at: Point,
    /// Squared distance on the plane between the other point and `at`, in square millimetres.
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

    /// The foot of a point: a whole number of millimetres along the stretch, the first such among
    /// equally near ones.
    #[must_use]
    pub fn foot(&self, point: Point) -> Foot {
        let foot_at = |along: u64| {
            let along = Millimetres::new(along);
            let at = self.at(along);
            Foot { along, at, square: square_distance(point, at) }
        };
        let mut best = foot_at(0);
        for place in 1..self.line.len() {
            let foot = foot_at(self.foot_on_segment(place, point));
            if foot.square < best.square {
                best = foot;
            }
        }
        best
    }

    /// How far along the stretch the foot of a point on one segment lies; segment `place` ends at
    /// point `place` of the line.
    #[must_use]
    pub fn foot_on_segment(&self, place: usize, point: Point) -> u64 {
        let (from, to) = (self.line[place - 1], self.line[place]);
        let whole = square_distance(from, to);
        let part = dot(from, to, point).clamp(0, whole);
        let length = self.before[place] - self.before[place - 1];
        let along = self.before[place - 1] + whole_number(share(i128::from(length), part, whole));
        rescaled(along, self.measured(), self.stated)
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
