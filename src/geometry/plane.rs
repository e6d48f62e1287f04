//! The working plane: positions onto it and back, lengths on it, and what is wrong with a position.

use geo::{Distance, Geodesic};

use crate::geometry::mercator::TransverseMercator;
use crate::geometry::{Crs, LonLat, Plane, Point, Position, grid};
use crate::units::Millimetres;

/// Farthest that a position may lie from the middle of a local plane, in metres.
const LOCAL_REACH: f64 = 3_000_000.0;

/// Semi-axes of WGS 84 in metres.
const WGS84: [f64; 2] = [6_378_137.0, 6_356_752.314_245];

/// What is wrong with a position.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum GeometryError {
    /// A coordinate is infinite or not a number.
    #[error("a coordinate is not a finite number")]
    NotFinite,
    /// The two numbers make sense the other way round.
    #[error("the coordinates look swapped")]
    LooksSwapped,
    /// Grid coordinates as small as degrees.
    #[error("degrees where metres are expected")]
    LooksLikeDegrees,
    /// Degrees as large as grid coordinates.
    #[error("metres where degrees are expected")]
    LooksLikeMetres,
    /// The position lies outside the area of the reference system.
    #[error("outside the area of the reference system")]
    OutOfArea,
    /// The position lies thousands of kilometres from the middle of the scenario.
    #[error("more than 3,000 km from the middle of the scenario")]
    FarAway,
}

impl GeometryError {
    /// What to do about it, as an instruction.
    #[must_use]
    pub const fn remedy(self) -> &'static str {
        match self {
            Self::NotFinite => "give both coordinates as plain numbers",
            Self::LooksSwapped => {
                "exchange x and y in `position`: x is the longitude or easting, y the latitude or northing"
            }
            Self::LooksLikeDegrees => {
                "name crs = \"EPSG:4326\", or give easting and northing in metres"
            }
            Self::LooksLikeMetres => "name crs = \"EPSG:27700\", or give degrees",
            Self::OutOfArea | Self::FarAway => {
                "correct the position, name the reference system it is in, or leave the row out with `exclude`"
            }
        }
    }
}

impl Plane {
    /// The plane of a scenario whose tables are in these reference systems: the national grid when
    /// any table uses it, else a local plane about `middle`.
    #[must_use]
    pub fn for_tables(crs: impl IntoIterator<Item = Crs>, middle: LonLat) -> Self {
        if crs.into_iter().any(|crs| crs == Crs::BritishGrid) {
            Self::BritishGrid
        } else {
            Self::Local { middle }
        }
    }

    /// The point of the plane, to the nearest millimetre, at a position.
    ///
    /// # Errors
    ///
    /// [`GeometryError`] when the position is not finite, outside the area, or plainly mistaken
    /// (swapped, degrees for metres, metres for degrees). A local plane takes degrees only.
    pub fn point(&self, position: Position) -> Result<Point, GeometryError> {
        let Position { crs, x, y } = position;
        if !x.is_finite() || !y.is_finite() {
            return Err(GeometryError::NotFinite);
        }
        match (self, crs) {
            (Self::BritishGrid, Crs::BritishGrid) => grid_point(x, y),
            (Self::BritishGrid, Crs::Wgs84) => degrees_on_grid(x, y),
            (Self::Local { middle }, Crs::Wgs84) => local_point(*middle, x, y),
            (Self::Local { .. }, Crs::BritishGrid) => Err(GeometryError::OutOfArea),
        }
    }

    /// Longitude and latitude of a point of the plane.
    #[must_use]
    pub fn lon_lat(&self, point: Point) -> LonLat {
        match self {
            Self::BritishGrid => grid::from_grid(metres(point)),
            Self::Local { middle } => local(*middle).inverse(metres(point)),
        }
    }

    /// The straight length between two points: on the grid, exact and rounded to the nearest
    /// millimetre; on a local plane, geodesic.
    #[must_use]
    pub fn length(&self, from: Point, to: Point) -> Millimetres {
        match self {
            Self::BritishGrid => Millimetres::new(grid_length(from, to)),
            Self::Local { .. } if from == to => Millimetres::ZERO,
            Self::Local { middle } => {
                // The points in order, so that the length is the same both ways to the last bit.
                let plane = local(*middle);
                let [from, to] = [from.min(to), from.max(to)].map(|end| plane.inverse(metres(end)));
                let [from, to] = [from, to].map(|end| geo::Point::new(end.lon, end.lat));
                Millimetres::from_metres(Geodesic.distance(from, to))
            }
        }
    }

    /// The length of a line: the sum of the lengths of its segments.
    #[must_use]
    pub fn line_length(&self, line: &[Point]) -> Millimetres {
        line.windows(2).map(|segment| self.length(segment[0], segment[1])).sum()
    }
}

fn local(middle: LonLat) -> TransverseMercator {
    TransverseMercator::new(WGS84, 1.0, middle, [0.0, 0.0])
}

#[allow(clippy::cast_precision_loss)] // coordinates stay far below 2^53 mm
fn metres(point: Point) -> [f64; 2] {
    [point.x as f64 / 1000.0, point.y as f64 / 1000.0]
}

#[allow(clippy::cast_possible_truncation)] // both callers bound the coordinates first
fn rounded(east: f64, north: f64) -> Point {
    Point { x: (east * 1000.0).round() as i64, y: (north * 1000.0).round() as i64 }
}

fn grid_point(x: f64, y: f64) -> Result<Point, GeometryError> {
    let on_grid = |x: f64, y: f64| grid::EASTINGS.contains(&x) && grid::NORTHINGS.contains(&y);
    // No place of Great Britain has both coordinates below 180 m; a pair of degrees always has.
    if x.abs() <= 180.0 && y.abs() <= 180.0 {
        Err(GeometryError::LooksLikeDegrees)
    } else if on_grid(x, y) {
        Ok(rounded(x, y))
    } else if on_grid(y, x) {
        Err(GeometryError::LooksSwapped)
    } else {
        Err(GeometryError::OutOfArea)
    }
}

fn degrees_on_grid(x: f64, y: f64) -> Result<Point, GeometryError> {
    let on_grid = |lon: f64, lat: f64| {
        if are_degrees(lon, lat) { grid::to_grid(LonLat { lon, lat }) } else { None }
    };
    match on_grid(x, y) {
        Some([east, north]) => Ok(rounded(east, north)),
        None if on_grid(y, x).is_some() => Err(GeometryError::LooksSwapped),
        None => Err(no_place(x, y, GeometryError::OutOfArea)),
    }
}

fn local_point(middle: LonLat, x: f64, y: f64) -> Result<Point, GeometryError> {
    let within = |lon: f64, lat: f64| {
        let middle_point = geo::Point::new(middle.lon, middle.lat);
        are_degrees(lon, lat)
            && (near(middle, lon, lat)
                || Geodesic.distance(middle_point, geo::Point::new(lon, lat)) <= LOCAL_REACH)
    };
    if within(x, y) {
        let [east, north] = local(middle).forward(LonLat { lon: x, lat: y });
        Ok(rounded(east, north))
    } else if within(y, x) {
        Err(GeometryError::LooksSwapped)
    } else {
        Err(no_place(x, y, GeometryError::FarAway))
    }
}

/// Whether a position is surely within reach of the middle, told without a geodesic.
fn near(middle: LonLat, lon: f64, lat: f64) -> bool {
    (lon - middle.lon).abs() < 10.0 && (lat - middle.lat).abs() < 10.0
}

fn are_degrees(lon: f64, lat: f64) -> bool {
    lon.abs() <= 180.0 && lat.abs() <= 90.0
}

/// What is wrong with a position in degrees that is no place of the plane: `elsewhere` where it is one at all.
fn no_place(lon: f64, lat: f64, elsewhere: GeometryError) -> GeometryError {
    if are_degrees(lon, lat) {
        elsewhere
    } else if lon.abs() > 360.0 || lat.abs() > 360.0 {
        GeometryError::LooksLikeMetres
    } else {
        GeometryError::OutOfArea
    }
}

/// The root of the squared distance, rounded to the nearest integer.
fn grid_length(from: Point, to: Point) -> u64 {
    let dx = u128::from(from.x.abs_diff(to.x));
    let dy = u128::from(from.y.abs_diff(to.y));
    let square = dx * dx + dy * dy;
    let root = match u64::try_from(square) {
        Ok(square) => u128::from(square.isqrt()),
        Err(_) => square.isqrt(),
    };
    // Above (root + 1/2)^2 = root^2 + root + 1/4 the next integer is nearer.
    let nearest = if square - root * root > root { root + 1 } else { root };
    u64::try_from(nearest).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const DEVON: LonLat = LonLat { lon: -3.8, lat: 50.7 };

    fn wgs84(x: f64, y: f64) -> Position {
        Position { crs: Crs::Wgs84, x, y }
    }

    fn national(x: f64, y: f64) -> Position {
        Position { crs: Crs::BritishGrid, x, y }
    }

    #[test]
    fn one_grid_table_puts_the_scenario_on_the_grid() {
        let local = Plane::for_tables([Crs::Wgs84, Crs::Wgs84], DEVON);
        assert_eq!(local, Plane::Local { middle: DEVON });
        assert_eq!(Plane::for_tables([Crs::Wgs84, Crs::BritishGrid], DEVON), Plane::BritishGrid);
    }

    #[test]
    fn mistaken_positions_are_told_apart() {
        use GeometryError as E;
        let grid = Plane::BritishGrid;
        let local = Plane::Local { middle: DEVON };
        assert_eq!(grid.point(wgs84(f64::NAN, 50.0)), Err(E::NotFinite));
        assert_eq!(grid.point(wgs84(50.5, -4.2)), Err(E::LooksSwapped));
        assert_eq!(grid.point(wgs84(2.35, 48.85)), Err(E::OutOfArea));
        assert_eq!(grid.point(wgs84(0.0, 0.0)), Err(E::OutOfArea));
        assert_eq!(grid.point(wgs84(292_184.0, 168_003.0)), Err(E::LooksLikeMetres));
        assert_eq!(grid.point(national(-4.2, 50.5)), Err(E::LooksLikeDegrees));
        assert_eq!(grid.point(national(900_000.0, 300_000.0)), Err(E::LooksSwapped));
        assert_eq!(grid.point(national(-5.0, 300_000.0)), Err(E::OutOfArea));
        assert_eq!(local.point(wgs84(50.5, -4.2)), Err(E::LooksSwapped));
        assert_eq!(local.point(wgs84(-50.5, -34.2)), Err(E::FarAway));
        assert_eq!(local.point(wgs84(1.0, 91.0)), Err(E::OutOfArea));
        assert_eq!(local.point(national(292_184.0, 168_003.0)), Err(E::OutOfArea));
        assert!(E::LooksSwapped.remedy().contains("exchange x and y"));
    }

    #[test]
    fn grid_positions_are_taken_as_they_are() {
        let point = Plane::BritishGrid.point(national(292_184.870, 168_003.465)).unwrap();
        assert_eq!(point, Point { x: 292_184_870, y: 168_003_465 });
    }

    #[test]
    fn local_points_come_back_and_their_lengths_are_geodesic() {
        let plane = Plane::Local { middle: DEVON };
        let from = plane.point(wgs84(-4.1427, 50.3755)).unwrap();
        let to = plane.point(wgs84(-3.5339, 50.7184)).unwrap();
        let back = plane.lon_lat(from);
        assert!((back.lon + 4.1427).abs() < 1e-8 && (back.lat - 50.3755).abs() < 1e-8);
        let direct =
            Geodesic.distance(geo::Point::new(-4.1427, 50.3755), geo::Point::new(-3.5339, 50.7184));
        assert!((plane.length(from, to).metres() - direct).abs() < 0.002);
        assert_eq!(plane.length(from, to), plane.length(to, from));
        assert_eq!(plane.length(from, from), Millimetres::ZERO);
    }

    #[test]
    fn a_line_is_as_long_as_its_segments() {
        let line =
            [Point { x: 0, y: 0 }, Point { x: 3_000, y: 4_000 }, Point { x: 3_000, y: 5_000 }];
        assert_eq!(Plane::BritishGrid.line_length(&line), Millimetres::new(6_000));
        assert_eq!(Plane::BritishGrid.line_length(&line[..1]), Millimetres::ZERO);
    }

    proptest! {
        #[test]
        fn grid_lengths_are_the_nearest_integers(
            x in -1_300_000_000_i64..1_300_000_000, y in -1_300_000_000_i64..1_300_000_000,
        ) {
            let length = i128::from(grid_length(Point { x: 7, y: -9 }, Point { x: x + 7, y: y - 9 }));
            let square = 4 * (i128::from(x).pow(2) + i128::from(y).pow(2));
            // (2 length - 1)^2 <= 4 square <= (2 length + 1)^2
            prop_assert!((2 * length + 1).pow(2) >= square);
            prop_assert!(length == 0 || (2 * length - 1).pow(2) <= square);
        }

        #[test]
        fn degrees_onto_the_grid_and_back(lon in -6.4_f64..1.0, lat in 49.86_f64..58.0) {
            let point = Plane::BritishGrid.point(wgs84(lon, lat));
            if let Ok(point) = point {
                let back = Plane::BritishGrid.lon_lat(point);
                prop_assert!((back.lon - lon).abs() < 5e-8 && (back.lat - lat).abs() < 5e-8);
            }
        }
    }
}
