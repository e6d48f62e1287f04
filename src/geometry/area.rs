//! Whether segments meet and what lies inside an area, in exact integers.

use crate::geometry::Point;

/// Twice the signed area of a triangle; positive when it turns left.
fn turn(p: Point, q: Point, r: Point) -> i128 {
    let side = |from: i64, to: i64| i128::from(to) - i128::from(from);
    side(p.x, q.x) * side(p.y, r.y) - side(p.y, q.y) * side(p.x, r.x)
}

/// Whether a point that is in line with a segment lies on it.
fn within([p, q]: [Point; 2], r: Point) -> bool {
    let between = |a: i64, b: i64, c: i64| (a.min(b)..=a.max(b)).contains(&c);
    between(p.x, q.x, r.x) && between(p.y, q.y, r.y)
}

/// Whether two segments have a point in common, ends included.
#[must_use]
pub fn segments_meet(one: [Point; 2], two: [Point; 2]) -> bool {
    let sides = |[p, q]: [Point; 2], other: [Point; 2]| other.map(|r| turn(p, q, r).signum());
    let (a, b) = (sides(one, two), sides(two, one));
    if a[0] * a[1] < 0 && b[0] * b[1] < 0 {
        return true;
    }
    let touches = |segment: [Point; 2], other: [Point; 2], sides: [i128; 2]| {
        other.iter().zip(sides).any(|(&end, side)| side == 0 && within(segment, end))
    };
    touches(one, two, a) || touches(two, one, b)
}

/// Whether the segment from `p` to `q` lies to the east of a point at its height: an odd number of the
/// segments of closed rings do exactly when the point is inside them. A point on a ring may count either way.
#[must_use]
pub fn is_east_of(point: Point, [p, q]: [Point; 2]) -> bool {
    // Half open, so that an end shared by two segments counts once.
    let (low, high) = if p.y <= q.y { (p, q) } else { (q, p) };
    low.y <= point.y && point.y < high.y && turn(low, high, point) > 0
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn at(x: i64, y: i64) -> Point {
        Point { x, y }
    }

    #[test]
    fn crossing_touching_overlapping_and_apart() {
        let base = [at(0, 0), at(10, 0)];
        for (other, expected) in [
            ([at(5, -5), at(5, 5)], true),
            ([at(5, 0), at(5, 5)], true),
            ([at(10, 0), at(20, 7)], true),
            ([at(4, 0), at(6, 0)], true),
            ([at(10, 0), at(12, 0)], true),
            ([at(11, 0), at(12, 0)], false),
            ([at(5, 1), at(5, 5)], false),
            ([at(0, 1), at(10, 1)], false),
            ([at(3, 0), at(3, 0)], true),
        ] {
            assert_eq!(segments_meet(base, other), expected, "{other:?}");
            assert_eq!(segments_meet(other, base), expected, "{other:?}");
        }
    }

    proptest! {
        /// On a small lattice scaled by 12, two segments share a point of the fine lattice's hundredths
        /// rarely; the oracle solves for the common point in fractions.
        #[test]
        fn segments_meet_as_fractions_say(
            points in prop::array::uniform4((-4_i64..5, -4_i64..5)),
        ) {
            let [a, b, c, d] = points.map(|(x, y)| at(x, y));
            let (r, s) = (at(b.x - a.x, b.y - a.y), at(d.x - c.x, d.y - c.y));
            let cross = |u: Point, v: Point| u.x * v.y - u.y * v.x;
            let w = at(c.x - a.x, c.y - a.y);
            let whole = cross(r, s);
            let expected = if whole == 0 {
                let on = |p: Point, q: Point, e: Point| {
                    cross(at(q.x - p.x, q.y - p.y), at(e.x - p.x, e.y - p.y)) == 0
                        && (p.x.min(q.x)..=p.x.max(q.x)).contains(&e.x)
                        && (p.y.min(q.y)..=p.y.max(q.y)).contains(&e.y)
                };
                on(a, b, c) || on(a, b, d) || on(c, d, a) || on(c, d, b)
            } else {
                let (t, u) = (cross(w, s) * whole.signum(), cross(w, r) * whole.signum());
                (0..=whole.abs()).contains(&t) && (0..=whole.abs()).contains(&u)
            };
            prop_assert_eq!(segments_meet([a, b], [c, d]), expected);
        }

        #[test]
        fn a_point_off_the_ring_of_a_rectangle_is_inside_or_not(
            (x, y) in (-3_i64..13, -3_i64..13), turned in any::<bool>(),
        ) {
            let mut ring = [at(0, 0), at(10, 0), at(10, 10), at(0, 10), at(0, 0)];
            if turned {
                ring.reverse();
            }
            let point = at(x, y);
            let on_ring = ring.windows(2).any(|ends| segments_meet([ends[0], ends[1]], [point, point]));
            prop_assume!(!on_ring);
            let odd = ring.windows(2).filter(|ends| is_east_of(point, [ends[0], ends[1]])).count() % 2;
            prop_assert_eq!(odd == 1, (0..10).contains(&x) && (0..10).contains(&y));
        }
    }
}
