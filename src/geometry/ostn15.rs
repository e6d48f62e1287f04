//! OSTN15: Ordnance Survey's shifts between ETRS89 and OSGB36, at every kilometre of the grid.
//!
//! What for: the step between satellite positions and the National Grid. In: easting and northing on one
//! of the two, in metres. Out: on the other, as Ordnance Survey's guide says: shifts interpolated between
//! the four corners of a square kilometre, the way back by repetition. It knows no degrees.
//!
//! `ostn15.zlib` holds whole millimetres, the shifts east of all points and then those north, row by row from
//! the south-west. Each number is the difference from what the neighbours west, south and south-west foretell
//! (west + south - south-west, 0 beyond the edge), folded into a natural number (0, -1, 1, -2, ...) and
//! written in sevens of bits, least first. The figures are Ordnance Survey's, under the terms of
//! `OSTN15_LICENCE.txt`. `FIBREPLAN_BLESS=1 cargo test --test all ostn15` makes the file again from the
//! published table; without the variable that test holds the two against each other.

use std::io::Read;
use std::sync::LazyLock;

use flate2::read::ZlibDecoder;

/// Points of a row: eastings 0 to 700 km.
const COLUMNS: usize = 701;
/// Rows: northings 0 to 1,250 km.
const ROWS: usize = 1251;

/// Shifts that differ by less than this, in metres, end the way back.
const SETTLED_M: f64 = 0.000_1;
/// The way back settles in three or four rounds.
const MOST_ROUNDS: usize = 10;

/// By point: the shifts east and north, in millimetres.
static SHIFTS: LazyLock<Vec<[i32; 2]>> = LazyLock::new(|| {
    let mut bytes = Vec::new();
    let read = ZlibDecoder::new(include_bytes!("ostn15.zlib").as_slice()).read_to_end(&mut bytes);
    read.expect("the table is part of the library, and a test reads it");
    let mut bytes = bytes.into_iter();
    let mut shifts = vec![[0; 2]; COLUMNS * ROWS];
    for axis in 0..2 {
        for place in 0..shifts.len() {
            let (column, row) = (place % COLUMNS, place / COLUMNS);
            let at = |there: bool, back: usize| if there { shifts[place - back][axis] } else { 0 };
            let (west, south) = (column > 0, row > 0);
            let foretold = at(west, 1) + at(south, COLUMNS) - at(west && south, COLUMNS + 1);
            shifts[place][axis] = foretold + difference(&mut bytes);
        }
    }
    shifts
});

/// The next number of the table.
fn difference(bytes: &mut impl Iterator<Item = u8>) -> i32 {
    let (mut folded, mut bits) = (0, 0);
    for byte in bytes.by_ref() {
        folded |= i32::from(byte & 0x7F) << bits;
        bits += 7;
        if byte < 0x80 {
            break;
        }
    }
    if folded % 2 == 0 { folded / 2 } else { -(folded / 2) - 1 }
}

/// The corner south-west of a coordinate, in kilometres, and how far it lies beyond, in thousandths.
///
/// Beyond the edge of the table the last square is continued.
fn square(metres: f64, points: usize) -> (usize, f64) {
    let last = f64::from(u32::try_from(points - 2).unwrap_or(0));
    let kilometre = (metres / 1000.0).trunc().clamp(0.0, last);
    // Not negative and at most 1,249, so nothing is cut off.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let corner = kilometre as usize;
    (corner, (metres - kilometre * 1000.0) / 1000.0)
}

/// The shifts east and north at a place, in metres.
fn shift([east, north]: [f64; 2]) -> [f64; 2] {
    let ((column, t), (row, u)) = (square(east, COLUMNS), square(north, ROWS));
    let place = row * COLUMNS + column;
    let corners = [place, place + 1, place + COLUMNS, place + COLUMNS + 1];
    let shares = [(1.0 - t) * (1.0 - u), t * (1.0 - u), (1.0 - t) * u, t * u];
    [0, 1].map(|axis| {
        let metres = |corner: usize| f64::from(SHIFTS[corner][axis]) / 1000.0;
        let parts = corners.into_iter().zip(shares);
        parts.fold(0.0, |sum, (corner, share)| sum + share * metres(corner))
    })
}

/// Easting and northing on OSGB36, the National Grid, of a place on ETRS89; in metres, rounded to the
/// millimetre.
///
/// `None` off the table, which spans 700 km east and 1,250 km north.
#[must_use]
pub fn etrs89_to_osgb36(place: [f64; 2]) -> Option<[f64; 2]> {
    let [east, north] = place;
    if !(0.0..=700_000.0).contains(&east) || !(0.0..=1_250_000.0).contains(&north) {
        return None;
    }
    let [by_east, by_north] = shift(place);
    Some([east + by_east, north + by_north].map(|metres| (metres * 1000.0).round() / 1000.0))
}

/// Easting and northing on ETRS89 of a place on OSGB36, the National Grid; in metres.
///
/// Beyond the edge of the table its last square is continued.
#[must_use]
pub fn osgb36_to_etrs89(place: [f64; 2]) -> [f64; 2] {
    let back = |[by_east, by_north]: [f64; 2]| [place[0] - by_east, place[1] - by_north];
    let mut last = shift(place);
    for _ in 0..MOST_ROUNDS {
        let next = shift(back(last));
        let settled = last.into_iter().zip(next).all(|(a, b)| (a - b).abs() <= SETTLED_M);
        last = next;
        if settled {
            break;
        }
    }
    back(last)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_point_of_the_table_and_the_worked_example_of_the_guide_agree() {
        assert_eq!(SHIFTS[313 * COLUMNS + 651], [102_787, -78_242]);
        assert_eq!(etrs89_to_osgb36([651_307.003, 313_255.686]), Some([651_409.804, 313_177.450]));
    }

    #[test]
    fn the_table_is_read_to_its_end() {
        assert_eq!(SHIFTS[0], [90_750, -82_020]);
        assert_eq!(SHIFTS[COLUMNS * ROWS - 1], [109_209, -53_064]);
    }

    #[test]
    fn off_the_table_there_is_no_way_forth_but_one_back() {
        assert_eq!(etrs89_to_osgb36([-0.001, 10.0]), None);
        assert_eq!(etrs89_to_osgb36([10.0, 1_250_000.001]), None);
        let [east, north] = osgb36_to_etrs89([0.0, 1_250_000.0]);
        assert!((-120.0..-70.0).contains(&east) && (1_250_040.0..1_250_090.0).contains(&north));
    }
}
