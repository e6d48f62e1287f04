//! Geometry as GeoPackages hold it: a short head, and well-known binary.

use crate::geometry::{Plane, Point};

/// The reference system of the layers.
pub(super) enum System {
    /// Eastings and northings in metres.
    BritishGrid,
    /// Longitude and latitude in degrees, from a plane of the scenario's own.
    Degrees(Plane),
}

/// The rectangle around positions: least x and y, greatest x and y; nothing around none.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Extent(pub(super) Option<[f64; 4]>);

/// A geometry in its form of a column, and the rectangle around it.
pub(super) struct Shape {
    pub(super) blob: Vec<u8>,
    pub(super) extent: Extent,
}

impl Extent {
    pub(super) fn take_in(&mut self, [x, y]: [f64; 2]) {
        let [min_x, min_y, max_x, max_y] = self.0.unwrap_or([x, y, x, y]);
        self.0 = Some([min_x.min(x), min_y.min(y), max_x.max(x), max_y.max(y)]);
    }
}

impl System {
    pub(super) fn of(plane: &Plane) -> Self {
        match plane {
            Plane::BritishGrid => Self::BritishGrid,
            Plane::Local { .. } => Self::Degrees(*plane),
        }
    }

    /// Its number, in EPSG's list too.
    pub(super) const fn id(&self) -> i32 {
        match self {
            Self::BritishGrid => 27_700,
            Self::Degrees(_) => 4_326,
        }
    }

    fn position(&self, at: Point) -> [f64; 2] {
        match self {
            Self::BritishGrid => [at.x, at.y].map(metres),
            Self::Degrees(plane) => {
                let at = plane.lon_lat(at);
                [at.lon, at.lat]
            }
        }
    }

    /// A point or a line; nothing where there are too few positions for it.
    pub(super) fn shape(&self, line: &[Point], shape: &str) -> Option<Shape> {
        let is_point = shape == "POINT";
        if line.len() < if is_point { 1 } else { 2 } {
            return None;
        }
        let positions: Vec<[f64; 2]> = line.iter().map(|&at| self.position(at)).collect();
        let mut extent = Extent::default();
        for &position in &positions {
            extent.take_in(position);
        }
        // Version 0, little-endian; a line has its rectangle in the head.
        let mut blob = vec![b'G', b'P', 0, if is_point { 1 } else { 3 }];
        blob.extend(self.id().to_le_bytes());
        let mut put = |number: f64| blob.extend(number.to_le_bytes());
        if let (false, Some([min_x, min_y, max_x, max_y])) = (is_point, extent.0) {
            [min_x, max_x, min_y, max_y].into_iter().for_each(&mut put);
        }
        blob.push(1);
        blob.extend(if is_point { 1_u32 } else { 2 }.to_le_bytes());
        if !is_point {
            // A line of more positions than that does not fit into memory.
            blob.extend(u32::try_from(positions.len()).ok()?.to_le_bytes());
        }
        for number in positions.into_iter().flatten() {
            blob.extend(number.to_le_bytes());
        }
        Some(Shape { blob, extent })
    }
}

#[allow(clippy::cast_precision_loss)] // coordinates stay far below 2^53 mm
fn metres(millimetres: i64) -> f64 {
    millimetres as f64 / 1000.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_and_lines_have_the_bytes_of_the_standard() {
        let line = [Point { x: 1_500, y: -2_000 }, Point { x: 1_000, y: 3_000 }];
        let point = System::BritishGrid.shape(&line[..1], "POINT").unwrap();
        assert_eq!(point.blob.len(), 8 + 5 + 16);
        assert_eq!(point.blob[..8], [b'G', b'P', 0, 1, 0x34, 0x6c, 0, 0]);
        assert_eq!(point.blob[8..13], [1, 1, 0, 0, 0]);
        assert_eq!(point.blob[13..21], 1.5_f64.to_le_bytes());
        let shape = System::BritishGrid.shape(&line, "LINESTRING").unwrap();
        assert_eq!(shape.extent, Extent(Some([1.0, -2.0, 1.5, 3.0])));
        assert_eq!(shape.blob.len(), 8 + 32 + 9 + 32);
        assert_eq!(shape.blob[3], 3);
        assert_eq!(shape.blob[16..24], 1.5_f64.to_le_bytes(), "the greatest x follows the least");
        assert!(System::BritishGrid.shape(&line[..1], "LINESTRING").is_none());
    }
}
