//! The route network as a background: all that could be built, coarser the farther one stands away.
//!
//! Of the points in one cell of a grid one stands for all, and stretches that then coincide are drawn once. The
//! finest level has every point where that leaves few enough stretches to draw, else a grid of its own.

use rayon::prelude::*;
use serde::Serialize;

use crate::ids::SpanIx;
use crate::network::{Prepared, SpanSource};
use crate::report::page::place::{At, UNITS_PER_DEGREE};

/// The most stretches of a level, from the finest on.
const MOST: [usize; 4] = [600_000, 120_000, 30_000, 8_000];

/// The narrowest grid beside that of one unit: points are rarely nearer to each other.
const NARROW: i32 = 16;

/// A network with one point for each cell of a grid.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct NetworkLevel {
    /// How wide a cell of the grid is, in units (see [`At`]): to the north; eastward the same on the ground,
    /// roughly.
    pub grid: i32,
    /// Its points, from south to north, then west to east.
    pub points: Vec<At>,
    /// Stretches between two of them, by place, the lower first; sorted.
    pub stretches: Vec<[u32; 2]>,
}

/// The levels of a network, from coarse to fine. `O(n log n)` in the points of its lines, a few times over.
#[must_use]
pub fn network_levels(prepared: &Prepared) -> Vec<NetworkLevel> {
    let mut stretches = all(prepared);
    let mut levels: Vec<NetworkLevel> = Vec::new();
    let mut grid = 1;
    for most in MOST {
        while stretches.len() > most {
            grid = (2 * grid).max(NARROW);
            stretches = on_grid(&stretches, grid);
        }
        if levels.last().is_none_or(|finer| finer.grid < grid) && !stretches.is_empty() {
            levels.push(level(grid, &stretches));
        }
    }
    levels.reverse();
    levels
}

/// A stretch: its ends, the lower first, each latitude first so that they sort from south to north.
type Stretch = [(i32, i32); 2];

/// Every stretch of every line, once.
fn all(prepared: &Prepared) -> Vec<Stretch> {
    let plane = prepared.plane();
    let unit = |point| {
        let At(lon, lat) = At::of(&plane, point);
        (lat, lon)
    };
    let junctions: Vec<(i32, i32)> =
        prepared.junctions().par_iter().map(|&point| unit(point)).collect();
    let spans = prepared.spans().par_iter().enumerate();
    let stretches = spans.flat_map_iter(|(place, span)| {
        let line: Vec<(i32, i32)> = match span.source {
            SpanSource::Piece(_) => {
                prepared.geometry(SpanIx::new(place)).into_iter().map(unit).collect()
            }
            _ => span.ends.iter().map(|end| junctions[end.at()]).collect(),
        };
        let pairs: Vec<Stretch> =
            line.windows(2).filter_map(|ends| between(ends[0], ends[1])).collect();
        pairs
    });
    sorted(stretches.collect())
}

fn between(one: (i32, i32), other: (i32, i32)) -> Option<Stretch> {
    (one != other).then(|| [one.min(other), one.max(other)])
}

fn sorted(mut stretches: Vec<Stretch>) -> Vec<Stretch> {
    stretches.par_sort_unstable();
    stretches.dedup();
    stretches
}

/// The same with one point for each cell of a grid: the middle one of those in it, from south to north.
fn on_grid(stretches: &[Stretch], grid: i32) -> Vec<Stretch> {
    let points = ends(stretches);
    let middle = points.get(points.len() / 2).map_or(0, |point| point.0);
    let wide = eastward(grid, middle);
    let mut cells: Vec<((i32, i32), u32)> = points
        .par_iter()
        .zip(0_u32..u32::MAX)
        .map(|(&(lat, lon), place)| ((lat.div_euclid(grid), lon.div_euclid(wide)), place))
        .collect();
    cells.par_sort_unstable();
    let mut stands_for = points.clone();
    for cell in cells.chunk_by(|one, other| one.0 == other.0) {
        let own = points[cell[cell.len() / 2].1 as usize];
        for &(_, place) in cell {
            stands_for[place as usize] = own;
        }
    }
    let moved =
        |point: &(i32, i32)| points.binary_search(point).map_or(*point, |at| stands_for[at]);
    let kept = stretches.par_iter().filter_map(|[one, other]| between(moved(one), moved(other)));
    sorted(kept.collect())
}

/// The ends of all stretches, each once, from south to north.
fn ends(stretches: &[Stretch]) -> Vec<(i32, i32)> {
    let mut points: Vec<(i32, i32)> = stretches.iter().flatten().copied().collect();
    points.par_sort_unstable();
    points.dedup();
    points
}

/// As many units eastward as are about as far on the ground as `grid` units northward, at a latitude in units.
fn eastward(grid: i32, latitude: i32) -> i32 {
    let cosine = (f64::from(latitude) / UNITS_PER_DEGREE).to_radians().cos().max(0.05);
    // At most twenty times a grid that is itself far below a degree.
    #[expect(clippy::cast_possible_truncation)]
    let wide = (f64::from(grid) / cosine).round() as i32;
    wide.max(1)
}

fn level(grid: i32, stretches: &[Stretch]) -> NetworkLevel {
    let points = ends(stretches);
    // Every end is among the points, of which there are at most twice as many as stretches.
    let place = |end: &(i32, i32)| {
        points.binary_search(end).ok().and_then(|place| u32::try_from(place).ok()).unwrap_or(0)
    };
    let mut pairs: Vec<[u32; 2]> =
        stretches.iter().map(|[one, other]| [place(one), place(other)]).collect();
    pairs.sort_unstable();
    let points = points.into_iter().map(|(lat, lon)| At(lon, lat)).collect();
    NetworkLevel { grid, points, stretches: pairs }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn coarser_grids_keep_what_is_far_apart_and_merge_what_is_near() {
        let stretches =
            sorted(vec![[(0, 0), (0, 7)], [(0, 1), (1, 7)], [(0, 0), (1, 1)], [(0, 7), (90, 80)]]);
        let coarse = on_grid(&stretches, 4);
        // (0, 0) and (0, 1) and (1, 1) share a cell, (0, 7) and (1, 7) another.
        assert_eq!(coarse, [[(0, 1), (1, 7)], [(1, 7), (90, 80)]]);
        let level = level(4, &coarse);
        assert_eq!(level.points, [At(1, 0), At(7, 1), At(80, 90)]);
        assert_eq!(level.stretches, [[0, 1], [1, 2]]);
        assert_eq!(eastward(100, 6_000_000), 200);
    }
}
