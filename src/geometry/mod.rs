//! Positions, the working plane and lengths: the one home of projections.
//!
//! A position is given in a named reference system; a scenario works on one plane, in whole
//! millimetres, so that topology is decided by integers. Lengths are on the national grid or
//! geodesic, never on the plane of a web map. Out: points, lengths, feet on lines, exact predicates.
//! It reads no files and knows no networks.

mod area;
mod crossings;
mod gabriel;
mod grid;
mod line;
mod mercator;
mod ostn15;
mod plane;

pub use area::{is_east_of, segments_meet};
pub use crossings::{LineCrossing, line_crossings};
pub use gabriel::gabriel_links;
pub use line::{
    Foot, Stretch, crossing, distance_to_segment, gabriel_blocked, near_segment, simplified,
    square_distance,
};
pub use ostn15::{etrs89_to_osgb36, osgb36_to_etrs89};
pub use plane::GeometryError;

use serde::{Deserialize, Serialize};

/// The reference system of a table's coordinates. It is always named in the input, never guessed.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Hash, Serialize, Deserialize)]
pub enum Crs {
    /// WGS 84: x is the longitude, y the latitude, in degrees.
    #[serde(rename = "EPSG:4326")]
    Wgs84,
    /// The British National Grid: x is the easting, y the northing, in metres.
    #[serde(rename = "EPSG:27700")]
    BritishGrid,
}

/// A position as a table gives it.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Position {
    /// Reference system of the two numbers.
    pub crs: Crs,
    /// Longitude in degrees, or easting in metres.
    pub x: f64,
    /// Latitude in degrees, or northing in metres.
    pub y: f64,
}

impl Position {
    /// Degrees of longitude and latitude (WGS 84).
    #[must_use]
    pub const fn lon_lat(lon: f64, lat: f64) -> Self {
        Self { crs: Crs::Wgs84, x: lon, y: lat }
    }

    /// Metres of easting and northing on the British National Grid.
    #[must_use]
    pub const fn grid(easting: f64, northing: f64) -> Self {
        Self { crs: Crs::BritishGrid, x: easting, y: northing }
    }
}

/// A point of the working plane, in whole millimetres.
#[derive(
    Clone, Copy, Debug, Default, Eq, PartialEq, Ord, PartialOrd, Hash, Serialize, Deserialize,
)]
#[serde(from = "[i64; 2]", into = "[i64; 2]")]
pub struct Point {
    /// Eastward, in millimetres.
    pub x: i64,
    /// Northward, in millimetres.
    pub y: i64,
}

impl From<[i64; 2]> for Point {
    fn from([x, y]: [i64; 2]) -> Self {
        Self { x, y }
    }
}

impl From<Point> for [i64; 2] {
    fn from(point: Point) -> Self {
        [point.x, point.y]
    }
}

/// A position in degrees of longitude and latitude (WGS 84).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LonLat {
    /// Longitude in degrees, east positive.
    pub lon: f64,
    /// Latitude in degrees, north positive.
    pub lat: f64,
}

/// The plane a scenario works on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Plane {
    /// The British National Grid; lengths are grid lengths.
    BritishGrid,
    /// A transverse Mercator plane about a middle; used for topology only, lengths are geodesic.
    Local {
        /// The middle: scale 1, coordinates (0, 0).
        middle: LonLat,
    },
}
