//! Where the position of a row lies on the working plane.
//!
//! In: a position as written. Out: its point, or the fault that keeps it off: none, swapped, outside. The codes
//! of these faults are the table's.

use crate::error::{Fault, Subject};
use crate::geometry::{Crs, GeometryError, Plane, Point, Position};

/// The codes of the three faults of a position, by table.
pub(super) struct PositionCodes {
    pub(super) none: &'static str,
    pub(super) outside: &'static str,
    pub(super) swapped: &'static str,
    /// Positions stand in lines, not in two columns.
    pub(super) of_lines: bool,
}

/// What to do about swapped positions that stand in no columns.
pub(crate) const SWAPPED_LINES: &str =
    "write each position of the file as [x, y]: longitude or easting first";

/// What a position that is none stands for; directories of postcodes write such.
pub(super) fn stands_for(position: Position) -> Option<&'static str> {
    let is = |x: f64, y: f64| (position.x - x).abs() < 1e-7 && (position.y - y).abs() < 1e-7;
    if position.x == 0.0 && position.y == 0.0 {
        Some("0, 0 stands for no position")
    } else if is(0.0, 99.999_999) || is(99.999_999, 0.0) {
        Some("99.999999 stands for no grid reference")
    } else {
        None
    }
}

/// The point of a row's position on the plane, or the fault that keeps it off.
pub(super) fn place(
    position: Option<Position>,
    plane: &Plane,
    codes: &PositionCodes,
) -> Result<Point, Box<Fault>> {
    let remedy = "give it coordinates, or leave the row out";
    let Some(position) = position else {
        return Err(Box::new(Fault::new(codes.none, "there is no position", remedy)));
    };
    let written = || format!("{}, {}", position.x, position.y);
    if let Some(cause) = stands_for(position) {
        return Err(Box::new(Fault::new(codes.none, cause, remedy).value(written())));
    }
    let placed = if swapped_in_the_isles(position) {
        Err(GeometryError::LooksSwapped)
    } else {
        plane.point(position)
    };
    placed.map_err(|error| {
        let fault = match (error, codes.of_lines) {
            (GeometryError::LooksSwapped, of_lines) => {
                let remedy = if of_lines { SWAPPED_LINES } else { error.remedy() };
                let fault = Fault::new(codes.swapped, error.to_string(), remedy);
                fault.about(Subject::SwappedPosition)
            }
            _ => Fault::new(codes.outside, error.to_string(), error.remedy()),
        };
        Box::new(fault.value(written()))
    })
}

/// Both orders of two degrees can be possible; only one of them lies in or about the British Isles.
pub(super) fn swapped_in_the_isles(position: Position) -> bool {
    position.crs == Crs::Wgs84
        && (-12.0..=3.0).contains(&position.y)
        && (49.0..=62.0).contains(&position.x)
}
