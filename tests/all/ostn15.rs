//! The library's table of OSTN15 against the published one, and its way between the planes against
//! another library's.
//!
//! `FIBREPLAN_BLESS=1 cargo test --test all ostn15` writes the table anew.

use std::fs;
use std::io::{Read, Write};

use fibreplan::geometry::{LonLat, Plane, Position, etrs89_to_osgb36, osgb36_to_etrs89};
use fibreplan::internals::random::Random;
use flate2::Compression;
use flate2::read::ZlibDecoder;
use flate2::write::ZlibEncoder;

const COLUMNS: usize = 701;
const ROWS: usize = 1251;

/// The published shifts of a point east and north, in whole millimetres.
fn published(place: usize) -> [i64; 2] {
    let key = i32::try_from(place).unwrap() + 1;
    let (east, north, _height) = ostn15_phf::ostn15_lookup(&key).expect("a point of the table");
    [east, north].map(|metres| {
        let millimetres = (metres * 1000.0).round();
        assert!((millimetres - metres * 1000.0).abs() < 1e-6, "{metres} is no whole millimetre");
        #[allow(clippy::cast_possible_truncation)]
        let whole = millimetres as i64;
        whole
    })
}

/// The table as `src/geometry/ostn15.rs` describes it, before it is packed.
fn table() -> Vec<u8> {
    let shifts: Vec<[i64; 2]> = (0..COLUMNS * ROWS).map(published).collect();
    let mut bytes = Vec::new();
    for axis in 0..2 {
        for (place, shift) in shifts.iter().enumerate() {
            let (west, south) = (place % COLUMNS > 0, place >= COLUMNS);
            let at = |there: bool, back: usize| if there { shifts[place - back][axis] } else { 0 };
            let foretold = at(west, 1) + at(south, COLUMNS) - at(west && south, COLUMNS + 1);
            let difference = shift[axis] - foretold;
            let mut folded = if difference < 0 { -2 * difference - 1 } else { 2 * difference };
            while folded >= 0x80 {
                bytes.push(u8::try_from(folded % 0x80).unwrap() + 0x80);
                folded /= 0x80;
            }
            bytes.push(u8::try_from(folded).unwrap());
        }
    }
    bytes
}

#[test]
fn the_table_of_ostn15_holds_the_published_figures() {
    let path = crate::project("src/geometry/ostn15.zlib");
    let table = table();
    if std::env::var_os("FIBREPLAN_BLESS").is_some_and(|value| value == "1") {
        let mut packed = ZlibEncoder::new(Vec::new(), Compression::best());
        packed.write_all(&table).unwrap();
        fs::write(&path, packed.finish().unwrap()).unwrap();
    }
    let mut stored = Vec::new();
    ZlibDecoder::new(fs::File::open(path).unwrap()).read_to_end(&mut stored).unwrap();
    assert!(stored == table, "the table is not the published one");
}

#[test]
fn ostn15_leads_forth_and_back_as_another_library_does() {
    let mut random = Random::new(15);
    for _ in 0..200_000 {
        let place = [random.between(0, 699_999_999), random.between(0, 1_249_999_999)];
        let place = place.map(|mm| f64::from(i32::try_from(mm).unwrap()) / 1000.0);
        let (east, north) = lonlat_bng::convert_etrs89_to_osgb36(place[0], place[1]).unwrap();
        assert_eq!(etrs89_to_osgb36(place), Some([east, north]), "{place:?}");
        if let Ok((east, north)) = lonlat_bng::convert_osgb36_to_etrs89(place[0], place[1]) {
            let bits = |both: [f64; 2]| both.map(f64::to_bits);
            assert_eq!(bits(osgb36_to_etrs89(place)), bits([east, north]), "{place:?}");
        }
    }
}

#[test]
fn degrees_agree_with_another_library_south_of_its_limit_too() {
    let plane = Plane::BritishGrid;
    // St Agnes in Scilly, the Lizard, Leeds, Shetland.
    for [lon, lat] in
        [[-6.347, 49.8952], [-5.203_046, 49.960_061], [-1.663_792, 53.8002], [-2.0738, 60.1331]]
    {
        let point = plane.point(Position::lon_lat(lon, lat)).unwrap();
        let [east, north] =
            [point.x, point.y].map(|mm| f64::from(i32::try_from(mm).unwrap()) / 1e3);
        let (their_lon, their_lat) = lonlat_bng::convert_osgb36_to_ll(east, north).unwrap();
        let LonLat { lon: our_lon, lat: our_lat } = plane.lon_lat(point);
        assert!((their_lon - our_lon).abs() < 1e-7 && (their_lat - our_lat).abs() < 1e-7);
        assert!((lon - our_lon).abs() < 2e-8 && (lat - our_lat).abs() < 1e-8, "{lon} {lat}");
    }
}
