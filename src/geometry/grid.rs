//! The British National Grid: longitude and latitude to and from easting and northing.
//!
//! The projection is ours, so that it holds south of 49.922 N too (the south of Scilly lies there), with
//! Ordnance Survey's shifts between ETRS89 and OSGB36. WGS 84 and ETRS89 are treated as one, which is right
//! to better than a metre.

use std::sync::LazyLock;

use crate::geometry::LonLat;
use crate::geometry::mercator::TransverseMercator;
use crate::geometry::ostn15::{etrs89_to_osgb36, osgb36_to_etrs89};

/// Eastings of the grid, in metres.
pub(super) const EASTINGS: std::ops::RangeInclusive<f64> = 0.0..=700_000.0;
/// Northings of the grid, in metres.
pub(super) const NORTHINGS: std::ops::RangeInclusive<f64> = 0.0..=1_250_000.0;

static PROJECTION: LazyLock<TransverseMercator> = LazyLock::new(|| {
    let grs80 = [6_378_137.0, 6_356_752.314_1];
    let origin = LonLat { lon: -2.0, lat: 49.0 };
    TransverseMercator::new(grs80, 0.999_601_271_7, origin, [400_000.0, -100_000.0])
});

/// Easting and northing in metres, rounded to the millimetre; `None` outside the grid.
pub(super) fn to_grid(at: LonLat) -> Option<[f64; 2]> {
    // The projection is meaningless on the far side of the world, where it could fold onto the grid.
    if !(-12.0..=6.0).contains(&at.lon) || !(48.0..=62.0).contains(&at.lat) {
        return None;
    }
    let [east, north] = etrs89_to_osgb36(PROJECTION.forward(at))?;
    (EASTINGS.contains(&east) && NORTHINGS.contains(&north)).then_some([east, north])
}

/// Longitude and latitude of an easting and northing in metres.
pub(super) fn from_grid(place: [f64; 2]) -> LonLat {
    PROJECTION.inverse(osgb36_to_etrs89(place))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Points of Ordnance Survey's published test file for OSTN15: latitude, longitude, easting,
    /// northing; Scilly, the Lizard, North Foreland, Lambeth, Leeds, Inverness-shire, St Kilda, Shetland.
    const PUBLISHED: [[f64; 4]; 8] = [
        [49.922_263_937_30, -6.299_777_520_14, 91_492.146, 11_318.804],
        [49.960_061_378_20, -5.203_046_099_98, 170_370.718, 11_572.405],
        [51.374_470_255_50, 1.444_547_304_09, 639_821.835, 169_565.858],
        [51.489_365_649_50, -0.119_925_571_80, 530_624.974, 178_388.464],
        [53.800_215_196_30, -1.663_791_682_42, 422_242.186, 433_818.701],
        [57.486_250_007_20, -4.219_263_985_55, 267_056.768, 846_176.972],
        [57.813_518_384_10, -8.578_544_560_76, 9_587.909, 899_448.996],
        [60.133_080_916_60, -2.073_828_227_98, 395_999.668, 1_138_728.951],
    ];

    #[test]
    fn published_points_agree_to_the_millimetre() {
        for [lat, lon, east, north] in PUBLISHED {
            let [e, n] = to_grid(LonLat { lon, lat }).expect("on the grid");
            // St Kilda is published as Ordnance Survey's shorter series has it, 3.0 mm off.
            let allowed = if east < 10_000.0 { 0.004 } else { 0.001_01 };
            assert!((e - east).abs() < allowed && (n - north).abs() < allowed, "{lat} {e} {n}");
            let back = from_grid([east, north]);
            assert!((back.lon - lon).abs() < 8e-8 && (back.lat - lat).abs() < 4e-8, "{back:?}");
        }
    }

    #[test]
    fn st_agnes_in_scilly_is_on_the_grid_and_comes_back() {
        let at = LonLat { lon: -6.3470, lat: 49.8952 };
        let grid = to_grid(at).expect("on the grid");
        assert!(grid[0] > 87_000.0 && grid[0] < 89_000.0 && grid[1] > 8_000.0 && grid[1] < 9_000.0);
        let back = from_grid(grid);
        assert!((back.lon - at.lon).abs() < 2e-8 && (back.lat - at.lat).abs() < 1e-8, "{back:?}");
    }

    #[test]
    fn the_whole_grid_comes_back() {
        for east in (1_000..700_000).step_by(23_456) {
            for north in (1_000..1_249_000).step_by(34_567) {
                let grid = [f64::from(east), f64::from(north)];
                if let Some([e, n]) = to_grid(from_grid(grid)) {
                    assert!((e - grid[0]).abs() < 0.0021 && (n - grid[1]).abs() < 0.0021);
                }
            }
        }
    }
}
