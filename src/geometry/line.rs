//! Points and lines on the plane, in integers: exact tests, the foot of a point, cutting.
//!
//! Everything is decided in whole millimetres, so two callers (the network and the independent
//! check) reach the same foot and the same tie. Complexity is linear in the points of the line.

use crate::geometry::{Plane, Point};
use crate::units::Millimetres;

/// The point of a line nearest to some other point.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Foot {
    /// How far along the stretch it lies, in the stretch's own length.
    pub along: Millimetres,
    /// Where it lies, to the millimetre.
    pub at: Point,
    /// Squared distance on the plane between the point and `at`, in square millimetres.
    pub square: i128,
}

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

fn scaled(value: Millimetres, whole: Millimetres, new_whole: Millimetres) -> Millimetres {
    if whole == new_whole {
        return value;
    }
    let [value, whole, new_whole] = [value, whole, new_whole].map(|mm| i128::from(mm.get()));
    millimetres(share(value, new_whole, whole))
}

fn millimetres(value: i128) -> Millimetres {
    Millimetres::new(u64::try_from(value).unwrap_or(0))
}

fn between(from: Point, to: Point, part: u64, whole: u64) -> Point {
    let step = |from: i64, to: i64| {
        let part = share(i128::from(to - from), i128::from(part), i128::from(whole));
        // Between two coordinates, so it fits.
        from + i64::try_from(part).unwrap_or(0)
    };
    Point { x: step(from.x, to.x), y: step(from.y, to.y) }
}

/// The point at a distance along a stretch that is said to be `length` long.
///
/// The stretch follows `line`; where its stated length is not that of the line, distances are scaled
/// in proportion. Beyond the end it is the end. `None` for a line without points.
#[must_use]
pub fn line_point(
    plane: Plane,
    line: &[Point],
    length: Millimetres,
    along: Millimetres,
) -> Option<Point> {
    let mut rest = scaled(along, length, plane.line_length(line)).get();
    for segment in line.windows(2) {
        let here = plane.length(segment[0], segment[1]).get();
        if rest < here {
            return Some(between(segment[0], segment[1], rest, here));
        }
        rest -= here;
    }
    line.last().copied()
}

/// The foot of a point on a stretch that is said to be `length` long (see [`line_point`]).
///
/// The foot is a whole number of millimetres along the stretch, and its position is that of
/// [`line_point`] there. Among equally near feet it is the first along the stretch. `None` for a line
/// without points.
#[must_use]
pub fn nearest_on_line(
    plane: Plane,
    line: &[Point],
    length: Millimetres,
    point: Point,
) -> Option<Foot> {
    let whole = plane.line_length(line);
    let mut best: Option<Foot> = None;
    let mut before = 0;
    for segment in line.windows(2) {
        let here = plane.length(segment[0], segment[1]).get();
        let along_line = Millimetres::new(before + foot_on_segment(segment, here, point));
        let along = scaled(along_line, whole, length);
        let at = line_point(plane, line, length, along)?;
        let foot = Foot { along, at, square: square_distance(point, at) };
        if best.is_none_or(|best| foot.square < best.square) {
            best = Some(foot);
        }
        before += here;
    }
    best.or_else(|| {
        let at = *line.first()?;
        Some(Foot { along: Millimetres::ZERO, at, square: square_distance(point, at) })
    })
}

/// How far along a segment of a given length the foot of a point lies.
fn foot_on_segment(segment: &[Point], length: u64, point: Point) -> u64 {
    let (from, to) = (segment[0], segment[1]);
    let whole = square_distance(from, to);
    let part = dot(from, to, point).clamp(0, whole);
    u64::try_from(share(i128::from(length), part, whole)).unwrap_or(0)
}

/// The part of a stretch from one distance along it to another (see [`line_point`]), with the
/// stretch's own points in between; at least two points.
#[must_use]
pub fn cut_line(
    plane: Plane,
    line: &[Point],
    length: Millimetres,
    from: Millimetres,
    to: Millimetres,
) -> Vec<Point> {
    let whole = plane.line_length(line);
    let (first, last) = (scaled(from, length, whole).get(), scaled(to, length, whole).get());
    let mut piece: Vec<Point> = line_point(plane, line, length, from).into_iter().collect();
    let mut before = 0;
    for segment in line.windows(2) {
        before += plane.length(segment[0], segment[1]).get();
        if before > first && before < last {
            piece.push(segment[1]);
        }
    }
    piece.extend(line_point(plane, line, length, to));
    piece
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
        let length = GRID.line_length(&line);
        let foot = |point| nearest_on_line(GRID, &line, length, point).unwrap();
        assert_eq!(foot(at(400, 30)), Foot { along: mm(400), at: at(400, 0), square: 900 });
        assert_eq!(foot(at(-30, -40)), Foot { along: mm(0), at: at(0, 0), square: 2_500 });
        assert_eq!(foot(at(1_200, -100)).along, mm(1_000));
        assert_eq!(foot(at(990, 1_500)).at, at(1_000, 1_000));
        // Equally near to both arms: the first along the line.
        assert_eq!(foot(at(900, 100)).along, mm(900));
        assert_eq!(nearest_on_line(GRID, &[], mm(0), at(0, 0)), None);
        assert_eq!(nearest_on_line(GRID, &[at(3, 4)], mm(0), at(0, 0)).unwrap().square, 25);
    }

    #[test]
    fn a_stated_length_scales_distances() {
        let line = [at(0, 0), at(1_000, 0)];
        let foot = nearest_on_line(GRID, &line, mm(2_000), at(250, 10)).unwrap();
        assert_eq!((foot.along, foot.at), (mm(500), at(250, 0)));
        assert_eq!(line_point(GRID, &line, mm(2_000), mm(1_000)), Some(at(500, 0)));
        assert_eq!(line_point(GRID, &line, mm(0), mm(0)), Some(at(0, 0)));
    }

    #[test]
    fn pieces_keep_the_corners_between_them() {
        let line = [at(0, 0), at(1_000, 0), at(1_000, 1_000)];
        let cut = |from, to| cut_line(GRID, &line, mm(2_000), mm(from), mm(to));
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
            let foot = nearest_on_line(GRID, &line, length, point).unwrap();
            prop_assert!(foot.along <= length);
            prop_assert_eq!(Some(foot.at), line_point(GRID, &line, length, foot.along));
            let nearest = (0..=length.get())
                .filter_map(|along| line_point(GRID, &line, length, mm(along)))
                .map(|at| square_distance(at, point))
                .min()
                .unwrap();
            // Rounding to whole millimetres moves a point by at most about one and a half.
            prop_assert!(foot.square.isqrt() <= nearest.isqrt() + 2);
        }

        #[test]
        fn pieces_join_into_the_line(line in small_points(2..6), thousandths in 0..=1_000_u64) {
            let length = GRID.line_length(&line);
            let middle = mm(length.get() * thousandths / 1_000);
            let first = cut_line(GRID, &line, length, mm(0), middle);
            let second = cut_line(GRID, &line, length, middle, length);
            prop_assert_eq!(first[0], line[0]);
            prop_assert_eq!(first.last(), second.first());
            prop_assert_eq!(second.last(), line.last());
        }
    }
}
