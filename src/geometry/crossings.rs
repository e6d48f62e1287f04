//! Where a line crosses others, decided in exact integers.
//!
//! What for: a crossing is paid once, however lines are cut into segments and wherever their vertices lie. In: a
//! line of the plane, and directed segments. Out: each crossing, with its share of the line's segment. A point on
//! a line counts as on its left; touching a line without passing it, or running along it, is no crossing.

use std::cmp::Ordering;

use crate::geometry::Point;

/// A crossing of a line.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct LineCrossing {
    /// Place, in the line, of the last point of the segment that is crossed.
    pub place: usize,
    /// Share of that segment before the crossing: numerator and denominator.
    pub share: [i128; 2],
    /// Place of the segment that crosses, the first where several do at one point.
    pub by: usize,
}

/// The crossings of a line with directed segments, those that meet end to end being one line; in no order.
///
/// The segments' directions must run on where just two of them meet. Where the line goes through a point of the
/// others, it crosses there if it leaves into another sector between them than it came from. Where it begins,
/// ends, or goes on along one of them, it crosses if its other side is not the sector on the left: so a path in
/// several parts crosses once in all, and the total does not depend on where it is cut. A line that ends on it
/// does not cross. However many cross at one point, that is one crossing; where three or more meet, the sector
/// about due east counts as the left.
///
/// `near` gives the places of the segments whose boxes meet that of a segment of the line, at least; linear in
/// the points of the line times how many these are, as long as few are crossed.
#[must_use]
pub fn line_crossings(
    line: &[Point],
    segments: &[[Point; 2]],
    mut near: impl FnMut([Point; 2]) -> Vec<usize>,
) -> Vec<LineCrossing> {
    let mut found = Vec::new();
    let mut here: Vec<Near> = Vec::new();
    let mut before: Option<Point> = None;
    let mut last: Option<(usize, [Point; 2])> = None;
    for place in (1..line.len()).filter(|&place| line[place - 1] != line[place]) {
        let step = [line[place - 1], line[place]];
        here.clear();
        here.extend(near(step).into_iter().map(|by| (by, segments[by])));
        inside(step, place, &here, &mut found);
        let at_start = Visit { at: step[0], rays: [before, Some(step[1])] };
        let start = |by| LineCrossing { place, share: [0, 1], by };
        found.extend(at_start.crossed(&here).map(start));
        before = Some(step[0]);
        last = Some((place, step));
    }
    if let Some((place, step)) = last {
        let at_end = Visit { at: step[1], rays: [Some(step[0]), None] };
        let end = |by| LineCrossing { place, share: [1, 1], by };
        found.extend(at_end.crossed(&here).map(end));
    }
    found
}

/// A segment with its place.
type Near = (usize, [Point; 2]);

/// The crossings within a step of the line, its ends left out; all at one point are one.
fn inside([a, b]: [Point; 2], place: usize, near: &[Near], found: &mut Vec<LineCrossing>) {
    let mut touched: Vec<Point> = Vec::new();
    let mut crossed: Vec<(LineCrossing, [Point; 2])> = Vec::new();
    for &(by, [c, d]) in near {
        let sides = [turn(a, b, c), turn(a, b, d)];
        for (end, side) in [c, d].into_iter().zip(sides) {
            if side == 0 && is_within([a, b], end) {
                touched.push(end);
            }
        }
        let [from_a, from_b] = [turn(c, d, a), turn(c, d, b)];
        let opposite = |one: i128, other: i128| one.signum() * other.signum() < 0;
        if opposite(sides[0], sides[1]) && opposite(from_a, from_b) {
            let share = [from_a.abs(), from_a.abs() + from_b.abs()];
            if !crossed.iter().any(|(other, _)| is_same(other.share, share)) {
                crossed.push((LineCrossing { place, share, by }, [c, d]));
            }
        }
    }
    touched.sort_unstable();
    touched.dedup();
    for at in touched {
        crossed.retain(|(_, [c, d])| turn(*c, *d, at) != 0);
        let visit = Visit { at, rays: [Some(a), Some(b)] };
        let part = |to: Point| i128::from((to.x - a.x).abs()) + i128::from((to.y - a.y).abs());
        let share = [part(at), part(b)];
        found.extend(visit.crossed(near).map(|by| LineCrossing { place, share, by }));
    }
    found.extend(crossed.into_iter().map(|(crossing, _)| crossing));
}

/// Whether two shares are equal; those whose terms are too large to tell count as different.
fn is_same(one: [i128; 2], other: [i128; 2]) -> bool {
    let (left, right) = (one[0].checked_mul(other[1]), other[0].checked_mul(one[1]));
    left.is_some() && left == right
}

/// A point of the line, and where the line goes from there, before and after.
struct Visit {
    at: Point,
    rays: [Option<Point>; 2],
}

/// A direction from a point along a segment.
struct Direction {
    to: [i128; 2],
    /// The segment runs that way.
    onward: bool,
}

impl Visit {
    /// The first segment here, if the line crosses here.
    fn crossed(&self, near: &[Near]) -> Option<usize> {
        let mut first = None;
        let mut fan: Vec<Direction> = Vec::new();
        for &(by, [c, d]) in near {
            let on = c == self.at || d == self.at;
            if c == d || !(on || (turn(c, d, self.at) == 0 && is_within([c, d], self.at))) {
                continue;
            }
            first.get_or_insert(by);
            for (end, onward) in [(c, false), (d, true)] {
                if end != self.at {
                    fan.push(Direction { to: vector(self.at, end), onward });
                }
            }
        }
        fan.sort_by(|one, other| angle(one.to, other.to).then(other.onward.cmp(&one.onward)));
        fan.dedup_by(|later, kept| angle(later.to, kept.to) == Ordering::Equal);
        let sectors = self.rays.map(|ray| sector(&fan, vector(self.at, ray?)));
        let crossed = match sectors {
            [Some(one), Some(other)] => one != other,
            [Some(one), None] | [None, Some(one)] => one != left(&fan),
            [None, None] => false,
        };
        first.filter(|_| crossed)
    }
}

/// The sector on the left of the line that the directions of a point are.
fn left(fan: &[Direction]) -> usize {
    match fan {
        [one, other] if one.onward != other.onward => usize::from(one.onward),
        _ => 0,
    }
}

/// The number of the sector in which a direction lies, that before the first being 0; `None` when it is one of
/// those between the sectors.
fn sector(fan: &[Direction], ray: [i128; 2]) -> Option<usize> {
    let before = fan.partition_point(|one| angle(one.to, ray) == Ordering::Less);
    let along = fan.get(before).is_some_and(|one| angle(one.to, ray) == Ordering::Equal);
    (!along && !fan.is_empty()).then(|| before % fan.len())
}

fn vector(from: Point, to: Point) -> [i128; 2] {
    [i128::from(to.x) - i128::from(from.x), i128::from(to.y) - i128::from(from.y)]
}

/// Compares directions by their angle from due east, anticlockwise.
fn angle(one: [i128; 2], other: [i128; 2]) -> Ordering {
    let lower = |[x, y]: [i128; 2]| y < 0 || (y == 0 && x < 0);
    lower(one).cmp(&lower(other)).then_with(|| {
        let cross = one[0] * other[1] - one[1] * other[0];
        0.cmp(&cross)
    })
}

/// Twice the signed area of a triangle; positive when it turns left.
fn turn(p: Point, q: Point, r: Point) -> i128 {
    let (to_q, to_r) = (vector(p, q), vector(p, r));
    to_q[0] * to_r[1] - to_q[1] * to_r[0]
}

/// Whether a point in line with a segment lies inside it, not at its ends.
fn is_within([p, q]: [Point; 2], r: Point) -> bool {
    let between = |a: i64, b: i64, c: i64| (a.min(b)..=a.max(b)).contains(&c);
    r != p && r != q && between(p.x, q.x, r.x) && between(p.y, q.y, r.y)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn at(x: i64, y: i64) -> Point {
        Point { x, y }
    }

    fn points(line: &[(i64, i64)]) -> Vec<Point> {
        line.iter().map(|&(x, y)| at(x, y)).collect()
    }

    fn segments(line: &[Point]) -> Vec<[Point; 2]> {
        let steps = line.windows(2).map(|ends| [ends[0], ends[1]]);
        steps.filter(|ends| ends[0] != ends[1]).collect()
    }

    fn crossings(line: &[Point], walls: &[[Point; 2]]) -> Vec<LineCrossing> {
        line_crossings(line, walls, |_| (0..walls.len()).collect())
    }

    fn count(line: &[(i64, i64)], other: &[(i64, i64)]) -> usize {
        crossings(&points(line), &segments(&points(other))).len()
    }

    #[test]
    fn crossing_touching_running_along_and_ending() {
        let north = [(0, -10), (0, 0), (0, 10)];
        for (line, expected) in [
            (vec![(-5, 3), (5, 3)], 1),
            // Through a vertex of the line, and of both.
            (vec![(-5, 0), (5, 0)], 1),
            (vec![(-5, 0), (0, 0), (5, 0)], 1),
            (vec![(-5, 0), (0, 3), (5, 0)], 1),
            // West is the left: what ends on the line has crossed from the east only.
            (vec![(-5, 0), (0, 0)], 0),
            (vec![(5, 0), (0, 0)], 1),
            (vec![(0, 3), (-5, 3)], 0),
            (vec![(0, 3), (5, 3)], 1),
            // Touching from either side.
            (vec![(-5, 0), (0, 3), (-5, 6)], 0),
            (vec![(5, 0), (0, 0), (5, 6)], 0),
            // Along the line and off on the other side, on the same, or not at all.
            (vec![(-5, 0), (0, 0), (0, 7), (5, 7)], 1),
            (vec![(5, 0), (0, 0), (0, 7), (-5, 7)], 1),
            (vec![(-5, 0), (0, 0), (0, 7), (-5, 7)], 0),
            (vec![(0, -3), (0, 7)], 0),
            (vec![(0, -30), (0, 30)], 0),
            // Beyond its end, and through it.
            (vec![(-5, 11), (5, 11)], 0),
            (vec![(-5, 10), (5, 10)], 0),
            (vec![(-5, 3), (5, 3), (5, 4), (-5, 4)], 2),
            (vec![(3, 3), (3, 3)], 0),
            (vec![(-5, 3), (-5, 3), (5, 3), (5, 3)], 1),
        ] {
            assert_eq!(count(&line, &north), expected, "{line:?}");
            let turned: Vec<(i64, i64)> = line.iter().rev().copied().collect();
            assert_eq!(count(&turned, &north), expected, "{line:?} turned");
        }
    }

    #[test]
    fn the_share_says_where() {
        let wall = [[at(4, -1), at(4, 1)], [at(6, 0), at(6, 5)], [at(6, 0), at(6, -5)]];
        let wall = [wall[0], [wall[2][1], wall[2][0]], wall[1]];
        let found = crossings(&points(&[(0, 0), (8, 0), (8, 9)]), &wall);
        let shares: Vec<_> = found.iter().map(|one| (one.place, one.share, one.by)).collect();
        assert_eq!(shares, [(1, [6, 8], 1), (1, [8, 16], 0)]);
    }

    #[test]
    fn where_three_lines_meet_a_path_through_crosses_once() {
        let star = [[at(0, 0), at(10, 0)], [at(0, 0), at(-10, 10)], [at(0, 0), at(-10, -10)]];
        for path in
            [[(5, 5), (0, 0), (5, -5)], [(5, 5), (0, 0), (-9, 0)], [(-9, 0), (0, 0), (5, -5)]]
        {
            assert_eq!(crossings(&points(&path), &star).len(), 1, "{path:?}");
        }
        assert_eq!(crossings(&points(&[(0, 0), (10, 0)]), &star), []);
    }

    fn line(count: std::ops::Range<usize>) -> impl Strategy<Value = Vec<Point>> {
        prop::collection::vec((-4_i64..5, -4_i64..5).prop_map(|(x, y)| at(60 * x, 60 * y)), count)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(4_000))]

        /// A lattice of 60 has whole points on most segments between its points.
        #[test]
        fn further_vertices_change_nothing(
            line in line(2..6), other in line(2..7), parts in prop::sample::select(vec![2_i64, 3, 4, 5, 6]),
        ) {
            let finer = |line: &[Point]| -> Vec<Point> {
                let between = |ends: &[Point], part: i64| at(
                    ends[0].x + (ends[1].x - ends[0].x) * part / parts,
                    ends[0].y + (ends[1].y - ends[0].y) * part / parts,
                );
                let steps = line.windows(2).flat_map(|ends| (0..parts).map(move |part| between(ends, part)));
                steps.chain(line.last().copied()).collect()
            };
            let walls = segments(&other);
            // Crossing one line while running along another is left to itself.
            let along = |[c, d]: &[Point; 2]| line.windows(2).any(|ends| {
                turn(*c, *d, ends[0]) == 0 && turn(*c, *d, ends[1]) == 0
            });
            prop_assume!(!walls.iter().any(along));
            let whole = crossings(&line, &walls).len();
            prop_assert_eq!(crossings(&finer(&line), &walls).len(), whole);
            prop_assert_eq!(crossings(&line, &segments(&finer(&other))).len(), whole);
        }

        /// A path from one side of a line through the whole plane to the other crosses it an odd number of
        /// times, one that comes back an even number, in however many parts; and as often as it crosses the
        /// same line moved a little to its right, where it is in as many parts as it has segments.
        #[test]
        fn parts_add_up(path in line(2..7), vertical in any::<bool>(), turned in any::<bool>()) {
            let far = 100_000;
            let mut wall = if vertical { [at(0, -far), at(0, far)] } else { [at(-far, -far), at(far, far)] };
            if turned {
                wall.reverse();
            }
            let on_right = |point: Point| turn(wall[0], wall[1], point) < 0;
            let parts: usize =
                path.windows(2).map(|part| crossings(part, &[wall]).len()).sum();
            let expected = path.windows(2).filter(|ends| on_right(ends[0]) != on_right(ends[1])).count();
            prop_assert_eq!(parts, expected);
            let whole = crossings(&path, &[wall]).len();
            prop_assert!(whole <= parts && (parts - whole).is_multiple_of(2));
            // No touching, no difference.
            if path.iter().all(|&point| turn(wall[0], wall[1], point) != 0) {
                prop_assert_eq!(whole, parts);
            }
        }
    }
}
