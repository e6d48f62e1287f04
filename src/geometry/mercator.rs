//! The transverse Mercator projection of the ellipsoid.
//!
//! Krüger's series to the fourth order, as in Karney, "Transverse Mercator with an accuracy of a few
//! nanometers", Journal of Geodesy 85 (2011): far below a millimetre within 3,000 km of the central
//! meridian. In and out: degrees and metres. It knows no datum shifts.

use crate::geometry::LonLat;

/// An ellipsoid with a central meridian, a scale on it, and a point that gets given coordinates.
#[derive(Clone, Copy, Debug)]
pub(super) struct TransverseMercator {
    central_lon: f64,
    /// First eccentricity.
    e: f64,
    /// Radius of the rectifying sphere times the scale, in metres.
    radius: f64,
    alpha: [f64; 4],
    beta: [f64; 4],
    east_shift: f64,
    north_shift: f64,
}

impl TransverseMercator {
    /// The projection that takes `origin` to `(east, north)` metres.
    pub(super) fn new(axes: [f64; 2], scale: f64, origin: LonLat, [east, north]: [f64; 2]) -> Self {
        let [a, b] = axes;
        let n = (a - b) / (a + b);
        let (n2, n3, n4) = (n * n, n * n * n, n * n * n * n);
        let mut projection = Self {
            central_lon: origin.lon,
            e: ((a * a - b * b) / (a * a)).sqrt(),
            radius: scale * a / (1.0 + n) * (1.0 + n2 / 4.0 + n4 / 64.0),
            alpha: [
                n / 2.0 - n2 * 2.0 / 3.0 + n3 * 5.0 / 16.0 + n4 * 41.0 / 180.0,
                n2 * 13.0 / 48.0 - n3 * 3.0 / 5.0 + n4 * 557.0 / 1440.0,
                n3 * 61.0 / 240.0 - n4 * 103.0 / 140.0,
                n4 * 49561.0 / 161_280.0,
            ],
            beta: [
                n / 2.0 - n2 * 2.0 / 3.0 + n3 * 37.0 / 96.0 - n4 / 360.0,
                n2 / 48.0 + n3 / 15.0 - n4 * 437.0 / 1440.0,
                n3 * 17.0 / 480.0 - n4 * 37.0 / 840.0,
                n4 * 4397.0 / 161_280.0,
            ],
            east_shift: 0.0,
            north_shift: 0.0,
        };
        let [east_of_origin, north_of_origin] = projection.forward(origin);
        projection.east_shift = east - east_of_origin;
        projection.north_shift = north - north_of_origin;
        projection
    }

    /// Easting and northing in metres.
    pub(super) fn forward(&self, at: LonLat) -> [f64; 2] {
        let lambda = (at.lon - self.central_lon).to_radians();
        let tau = self.conformal(at.lat.to_radians().tan());
        let xi_sphere = tau.atan2(lambda.cos());
        let eta_sphere = (lambda.sin() / tau.hypot(lambda.cos())).asinh();
        let (mut xi, mut eta) = (xi_sphere, eta_sphere);
        for (twice, alpha) in (2_u8..).step_by(2).map(f64::from).zip(self.alpha) {
            xi += alpha * (twice * xi_sphere).sin() * (twice * eta_sphere).cosh();
            eta += alpha * (twice * xi_sphere).cos() * (twice * eta_sphere).sinh();
        }
        [self.radius.mul_add(eta, self.east_shift), self.radius.mul_add(xi, self.north_shift)]
    }

    /// Longitude and latitude of an easting and northing in metres.
    pub(super) fn inverse(&self, [east, north]: [f64; 2]) -> LonLat {
        let xi = (north - self.north_shift) / self.radius;
        let eta = (east - self.east_shift) / self.radius;
        let (mut xi_sphere, mut eta_sphere) = (xi, eta);
        for (twice, beta) in (2_u8..).step_by(2).map(f64::from).zip(self.beta) {
            xi_sphere -= beta * (twice * xi).sin() * (twice * eta).cosh();
            eta_sphere -= beta * (twice * xi).cos() * (twice * eta).sinh();
        }
        let tau_conformal = xi_sphere.sin() / eta_sphere.sinh().hypot(xi_sphere.cos());
        let lambda = eta_sphere.sinh().atan2(xi_sphere.cos());
        LonLat {
            lon: self.central_lon + lambda.to_degrees(),
            lat: self.geodetic(tau_conformal).atan().to_degrees(),
        }
    }

    /// Tangent of the conformal latitude from that of the geodetic latitude (Karney, eq. 7 to 9).
    fn conformal(&self, tau: f64) -> f64 {
        let secant = tau.hypot(1.0);
        let sigma = (self.e * (self.e * tau / secant).atanh()).sinh();
        tau * sigma.hypot(1.0) - sigma * secant
    }

    /// The inverse of [`conformal`](Self::conformal), by Newton's method (Karney, eq. 19 to 21).
    fn geodetic(&self, conformal: f64) -> f64 {
        let rest = 1.0 - self.e * self.e;
        let mut tau = conformal / rest;
        // Three steps reach machine precision from this start for every latitude; one more is cheap.
        for _ in 0..4 {
            let reached = self.conformal(tau);
            let slope = (1.0 + rest * tau * tau) / (rest * tau.hypot(1.0) * reached.hypot(1.0));
            tau += (conformal - reached) * slope;
        }
        tau
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WGS84: [f64; 2] = [6_378_137.0, 6_356_752.314_245];

    #[test]
    fn there_and_back_is_the_same_place() {
        for middle in [(-4.0, 50.5), (25.0, -60.0), (179.9, 0.0)] {
            let middle = LonLat { lon: middle.0, lat: middle.1 };
            let projection = TransverseMercator::new(WGS84, 1.0, middle, [0.0, 0.0]);
            for (dlon, dlat) in [(0.0, 0.0), (1.5, -2.0), (-9.0, 6.0), (0.001, 12.0)] {
                let at = LonLat { lon: middle.lon + dlon, lat: middle.lat + dlat };
                let back = projection.inverse(projection.forward(at));
                assert!((back.lon - at.lon).abs() < 1e-10, "{at:?} {back:?}");
                assert!((back.lat - at.lat).abs() < 1e-10, "{at:?} {back:?}");
            }
        }
    }

    #[test]
    fn the_origin_gets_its_coordinates_and_the_meridian_its_scale() {
        let origin = LonLat { lon: 10.0, lat: 40.0 };
        let projection = TransverseMercator::new(WGS84, 1.0, origin, [5.0, 7.0]);
        let [east, north] = projection.forward(origin);
        assert!((east - 5.0).abs() < 1e-9 && (north - 7.0).abs() < 1e-9);
        // The meridian quadrant of WGS 84 is 10,001,965.729 m long.
        let equator = TransverseMercator::new(WGS84, 1.0, LonLat { lon: 0.0, lat: 0.0 }, [0.0; 2]);
        let [_, pole] = equator.forward(LonLat { lon: 0.0, lat: 89.999_999_999 });
        assert!((pole - 10_001_965.729).abs() < 1e-2, "{pole}");
    }
}
