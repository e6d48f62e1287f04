//! Places on a page: longitude and latitude in whole hundred-thousandths of a degree, about a metre.

use serde::Serialize;

use crate::geometry::{Plane, Point};

/// So many units are a degree.
pub const UNITS_PER_DEGREE: f64 = 100_000.0;

/// A place: longitude, then latitude, in units of which [`UNITS_PER_DEGREE`] are a degree.
#[derive(Clone, Copy, Debug, Default, Eq, Ord, PartialEq, PartialOrd, Hash, Serialize)]
pub struct At(pub i32, pub i32);

impl At {
    /// Where a point of the working plane lies.
    #[must_use]
    pub fn of(plane: &Plane, point: Point) -> Self {
        let at = plane.lon_lat(point);
        // Degrees are at most 180, so units fit.
        #[expect(clippy::cast_possible_truncation)]
        let units = |degrees: f64| (degrees * UNITS_PER_DEGREE).round() as i32;
        Self(units(at.lon), units(at.lat))
    }
}
