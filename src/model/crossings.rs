//! Lines that cost something to cross, as directed segments.
//!
//! What for: a railway, river or major road is crossed once, however its file cuts it up, which way it is drawn,
//! and in whatever order. In: lines with a kind. Out: [`CrossingLines`]: the segments of each kind, doubles as
//! one, directed so that those which meet end to end run on.

use std::collections::BTreeSet;

use crate::geometry::Point;

/// A segment of a line that costs something to cross.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Ord, PartialOrd)]
pub struct CrossingSegment {
    /// Place of its kind in [`CrossingLines::kinds`].
    pub kind: u32,
    /// Its ends; where just two segments of a kind meet, one begins where the other ends.
    pub ends: [Point; 2],
    /// The level it runs on.
    pub level: i32,
}

/// Lines that cost something to cross.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct CrossingLines {
    /// Names of the kinds of line, sorted.
    pub kinds: Vec<String>,
    /// Their segments, sorted; no two of a kind have the same ends.
    pub segments: Vec<CrossingSegment>,
}

impl CrossingLines {
    /// Lines with a kind and a level, as segments.
    #[must_use]
    pub fn new(lines: &[(&str, i32, Vec<Point>)]) -> Self {
        let kinds: BTreeSet<&str> = lines.iter().map(|(kind, ..)| *kind).collect();
        let kinds: Vec<String> = kinds.into_iter().map(str::to_owned).collect();
        let mut segments: Vec<CrossingSegment> = Vec::new();
        for (kind, level, line) in lines {
            let kind = kinds.partition_point(|name| name.as_str() < *kind);
            let kind = u32::try_from(kind).unwrap_or(u32::MAX);
            let steps = line.windows(2).filter(|ends| ends[0] != ends[1]);
            segments.extend(steps.map(|ends| {
                let ends = [ends[0].min(ends[1]), ends[0].max(ends[1])];
                CrossingSegment { kind, ends, level: *level }
            }));
        }
        segments.sort_unstable();
        segments.dedup_by_key(|segment| (segment.kind, segment.ends));
        segments.chunk_by_mut(|a, b| a.kind == b.kind).for_each(direct);
        segments.sort_unstable();
        Self { kinds, segments }
    }

    /// How many segments are of a kind.
    #[must_use]
    pub fn count(&self, kind: &str) -> usize {
        let Ok(kind) = self.kinds.binary_search_by(|name| name.as_str().cmp(kind)) else {
            return 0;
        };
        self.segments.iter().filter(|segment| segment.kind as usize == kind).count()
    }
}

/// Turns the segments of a kind so that they run on where just two meet; each chain from its lesser end.
fn direct(segments: &mut [CrossingSegment]) {
    let mut at: Vec<(Point, usize)> = segments
        .iter()
        .enumerate()
        .flat_map(|(place, segment)| segment.ends.map(|end| (end, place)))
        .collect();
    at.sort_unstable();
    let here = |point: Point| {
        let first = at.partition_point(|(end, _)| *end < point);
        let beyond = at.partition_point(|(end, _)| *end <= point);
        &at[first..beyond]
    };
    let mut done = vec![false; segments.len()];
    let mut walk = |start: usize, from: Point, segments: &mut [CrossingSegment]| {
        let (mut next, mut from) = (Some(start), from);
        while let Some(place) = next.filter(|&place| !done[place]) {
            done[place] = true;
            let segment = &mut segments[place];
            if segment.ends[0] != from {
                segment.ends.reverse();
            }
            from = segment.ends[1];
            next = match here(from) {
                [one, other] => Some(if one.1 == place { other.1 } else { one.1 }),
                _ => None,
            };
        }
    };
    // Chains first, from where no two segments meet; what is left are rings.
    for ends in at.chunk_by(|a, b| a.0 == b.0).filter(|ends| ends.len() != 2) {
        for &(from, start) in ends {
            walk(start, from, segments);
        }
    }
    for start in 0..segments.len() {
        let from = segments[start].ends[0];
        walk(start, from, segments);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    fn at(x: i64, y: i64) -> Point {
        Point { x, y }
    }

    #[test]
    fn a_line_in_parts_drawn_both_ways_runs_on() {
        let parts = [
            ("railway", 0, vec![at(5, 0), at(9, 0), at(9, 4)]),
            ("railway", 1, vec![at(5, 0), at(0, 0)]),
            ("railway", 0, vec![at(9, 4), at(9, 0)]),
            ("river", 0, vec![at(3, 3), at(2, 2), at(2, 2), at(3, 1), at(3, 3)]),
        ];
        let lines = CrossingLines::new(&parts);
        assert_eq!(lines.kinds, ["railway", "river"]);
        let ends: Vec<_> =
            lines.segments.iter().map(|segment| (segment.level, segment.ends)).collect();
        assert_eq!(
            ends,
            [
                (1, [at(0, 0), at(5, 0)]),
                (0, [at(5, 0), at(9, 0)]),
                (0, [at(9, 0), at(9, 4)]),
                // A ring, from its least point to the lesser of its neighbours.
                (0, [at(2, 2), at(3, 1)]),
                (0, [at(3, 1), at(3, 3)]),
                (0, [at(3, 3), at(2, 2)]),
            ]
        );
        assert_eq!((lines.count("railway"), lines.count("road")), (3, 0));
    }

    proptest! {
        #[test]
        fn the_order_and_direction_of_lines_change_nothing(
            lines in prop::collection::vec(
                (prop::collection::vec((0_i64..5, 0_i64..5), 2..6), any::<bool>()), 1..6,
            ),
        ) {
            let drawn = |turned: bool| -> Vec<(&str, i32, Vec<Point>)> {
                let line = |(line, turn): &(Vec<(i64, i64)>, bool)| {
                    let mut line: Vec<Point> = line.iter().map(|&(x, y)| at(x, y)).collect();
                    if turned && *turn {
                        line.reverse();
                    }
                    ("river", 0, line)
                };
                let mut lines: Vec<_> = lines.iter().map(line).collect();
                if turned {
                    lines.reverse();
                }
                lines
            };
            let made = CrossingLines::new(&drawn(false));
            prop_assert_eq!(&made, &CrossingLines::new(&drawn(true)));
            // Where just two segments meet, one begins and the other ends.
            let mut at: BTreeMap<Point, [usize; 2]> = BTreeMap::new();
            for segment in &made.segments {
                at.entry(segment.ends[0]).or_default()[0] += 1;
                at.entry(segment.ends[1]).or_default()[1] += 1;
            }
            prop_assert!(at.values().all(|ends| ends[0] + ends[1] != 2 || ends[0] == 1));
        }
    }
}
