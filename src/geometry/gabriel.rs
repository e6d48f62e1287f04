//! Gabriel neighbours: which positions are linked where there are no lines to follow.
//!
//! Two positions are linked when no third lies in the closed disc on the straight line between them
//! (Gabriel and Sokal 1969). That is decided in exact integers, so it is unique: no tie between
//! diagonals depends on the order of rows. The candidates are the edges of a Delaunay triangulation,
//! O(n log n).

use rayon::prelude::*;
use spade::handles::FixedUndirectedEdgeHandle;
use spade::{DelaunayTriangulation, HasPosition, Point2, Triangulation};

use crate::error::{Error, ErrorKind};
use crate::geometry::{Point, gabriel_blocked};

/// A point that knows its place.
struct Vertex {
    position: Point2<f64>,
    place: u32,
}

impl HasPosition for Vertex {
    type Scalar = f64;
    fn position(&self) -> Point2<f64> {
        self.position
    }
}

/// All pairs of places of Gabriel neighbours among distinct points, lesser place first, sorted.
///
/// A Gabriel link is an edge of *every* Delaunay triangulation, also where co-circular points admit
/// several: the centre of its empty closed disc is nearer to its two ends than to any other point,
/// and stays so along the bisector a little both ways, so the two Voronoi cells share an edge of
/// positive length. And a Delaunay edge is a Gabriel link unless the third corner of one of its
/// triangles is in the closed disc: where that corner is outside, the half of the disc on its side
/// lies within the circle through all three, which is empty; a side without a triangle is outside
/// the hull. Coordinates are integers below 2^53, hence exact as `f64`, and the triangulation decides by
/// exact predicates (Shewchuk 1997).
///
/// # Errors
///
/// A usage error for more positions than 32 bits can number; an internal one should the triangulation refuse them.
pub fn gabriel_links(points: &[Point]) -> Result<Vec<[u32; 2]>, Error> {
    let count = u32::try_from(points.len()).map_err(|_| too_many(points.len()))?;
    let vertices: Vec<Vertex> = (0..count)
        .zip(points)
        .map(|(place, point)| Vertex { position: float_point(*point), place })
        .collect();
    let triangulation = DelaunayTriangulation::<Vertex>::bulk_load(vertices)
        .map_err(|error| Error::new(ErrorKind::Internal, format!("triangulation: {error}")))?;
    // Corners lie all over the memory: waiting for them is shared.
    let edges: Vec<FixedUndirectedEdgeHandle> = triangulation.fixed_undirected_edges().collect();
    let mut links: Vec<[u32; 2]> = edges
        .into_par_iter()
        .filter_map(|edge| {
            let edge = triangulation.undirected_edge(edge).as_directed();
            let ends = [edge.from().data().place, edge.to().data().place];
            let [p, q] = ends.map(|end| points[end as usize]);
            let corners = [edge.opposite_vertex(), edge.rev().opposite_vertex()];
            let blocked = corners
                .iter()
                .flatten()
                .any(|corner| gabriel_blocked(p, q, points[corner.data().place as usize]));
            (!blocked).then(|| [ends[0].min(ends[1]), ends[0].max(ends[1])])
        })
        .collect();
    links.sort_unstable();
    Ok(links)
}

fn too_many(points: usize) -> Error {
    Error::new(ErrorKind::Usage, format!("{points} positions are more than 32 bits can number"))
}

#[allow(clippy::cast_precision_loss)] // coordinates stay far below 2^53 mm
fn float_point(point: Point) -> Point2<f64> {
    Point2::new(point.x as f64, point.y as f64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use petgraph::unionfind::UnionFind;
    use proptest::prelude::*;

    fn at(x: i64, y: i64) -> Point {
        Point { x, y }
    }

    /// The definition, word for word.
    fn brute_force(points: &[Point]) -> Vec<[u32; 2]> {
        let count = u32::try_from(points.len()).unwrap();
        let point = |place: u32| points[place as usize];
        let mut links = Vec::new();
        for p in 0..count {
            for q in p + 1..count {
                let free = |r| r == p || r == q || !gabriel_blocked(point(p), point(q), point(r));
                if (0..count).all(free) {
                    links.push([p, q]);
                }
            }
        }
        links
    }

    fn points(spread: i64, count: usize) -> impl Strategy<Value = Vec<Point>> {
        prop::collection::vec((-spread..=spread, -spread..=spread), 0..count)
            .prop_map(|points| distinct(points.into_iter().map(|(x, y)| at(x, y)).collect()))
    }

    fn distinct(mut points: Vec<Point>) -> Vec<Point> {
        points.sort_unstable();
        points.dedup();
        points
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(3_000))]

        #[test]
        fn links_are_those_of_the_definition(
            tight in points(4, 30), loose in points(1_000_000_000, 25), line in points(40, 12),
            step in (1_i64..3, -3_i64..3),
        ) {
            prop_assert_eq!(gabriel_links(&tight).unwrap(), brute_force(&tight));
            prop_assert_eq!(gabriel_links(&loose).unwrap(), brute_force(&loose));
            let collinear = line.iter().map(|p| at(p.x * step.0, p.x * step.1)).collect();
            let collinear = distinct(collinear);
            prop_assert_eq!(gabriel_links(&collinear).unwrap(), brute_force(&collinear));
        }

        #[test]
        fn links_connect_everything(points in points(12, 60)) {
            let mut union = UnionFind::<u32>::new(points.len());
            for [p, q] in gabriel_links(&points).unwrap() {
                union.union(p, q);
            }
            let labels = union.into_labeling();
            prop_assert!(labels.windows(2).all(|pair| pair[0] == pair[1]));
        }
    }

    #[test]
    fn whole_grids_have_their_sides_and_no_diagonals() {
        for side in [2, 5, 17] {
            let lattice: Vec<Point> =
                (0..side).flat_map(|x| (0..side).map(move |y| at(x * 1_000, y * 1_000))).collect();
            let links = gabriel_links(&lattice).unwrap();
            let expected = 2 * side * (side - 1);
            assert_eq!(i64::try_from(links.len()).unwrap(), expected);
            assert_eq!(links, brute_force(&lattice));
        }
        // A circle of many integer points: 5^2 * 13^2 * 17^2 has 108 representations as two squares.
        let radius = 5 * 13 * 17;
        let circle: Vec<Point> = (-radius..=radius)
            .flat_map(|x: i64| (-radius..=radius).map(move |y| at(x, y)))
            .filter(|point| point.x * point.x + point.y * point.y == radius * radius)
            .collect();
        assert_eq!(circle.len(), 108);
        assert_eq!(gabriel_links(&circle).unwrap(), brute_force(&circle));
    }
}
