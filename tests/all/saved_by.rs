//! Tables as spreadsheets and download pages save them: handled, or a fault that says what to do.

use std::fs;
use std::io::Write as _;

use fibreplan::read::{ReadOptions, Reading, read_scenario};

use crate::scratch::Scratch;

type Change = fn(Vec<u8>) -> Vec<u8>;

const TABLES: [&str; 3] = ["sites.csv", "exchanges.csv", "waypoints.csv"];

/// The base scenario with the bytes of one table, or of all, changed.
fn changed(table: Option<&str>, change: impl Fn(Vec<u8>) -> Vec<u8>) -> Scratch {
    let scratch = Scratch::base("waypoints");
    for name in TABLES.into_iter().filter(|name| table.is_none_or(|table| table == *name)) {
        let path = scratch.path().join(name);
        fs::write(&path, change(fs::read(&path).unwrap())).unwrap();
    }
    scratch
}

fn read(scratch: &Scratch) -> Result<Reading, String> {
    read_scenario(scratch.path(), &ReadOptions::new()).map_err(|error| error.to_string())
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    packed.write_all(bytes).unwrap();
    packed.finish().unwrap()
}

fn quoted(bytes: &[u8]) -> Vec<u8> {
    let mut writer =
        csv::WriterBuilder::new().quote_style(csv::QuoteStyle::Always).from_writer(Vec::new());
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(bytes);
    for record in reader.records() {
        writer.write_record(&record.unwrap()).unwrap();
    }
    writer.into_inner().unwrap()
}

#[test]
fn marks_line_ends_quotes_spaces_and_packing_change_nothing() {
    let plain = read(&changed(None, |bytes| bytes)).unwrap();
    let changes: [(&str, Change); 7] = [
        ("byte order mark", |bytes| [b"\xef\xbb\xbf".to_vec(), bytes].concat()),
        ("Windows line ends", |bytes| text(&bytes).replace('\n', "\r\n").into_bytes()),
        ("no last line end", |bytes| text(&bytes).trim_end().as_bytes().to_vec()),
        ("blank lines", |bytes| text(&bytes).replace('\n', "\n\n").into_bytes()),
        ("quotes", |bytes| quoted(&bytes)),
        ("spaces", |bytes| text(&bytes).replace(',', " ,\u{a0}").into_bytes()),
        ("gzip", |bytes| gzip(&bytes)),
    ];
    for (name, change) in changes {
        let reading =
            read(&changed(None, change)).unwrap_or_else(|error| panic!("{name}: {error}"));
        let (before, after) = (&plain.scenario.tables, &reading.scenario.tables);
        assert_eq!(after.waypoints, before.waypoints, "{name}");
        let sites = |reading: &Reading| -> Vec<_> {
            let rows = &reading.scenario.tables.sites.rows;
            rows.iter().map(|site| (site.id.clone(), site.at, site.rurality)).collect()
        };
        assert_eq!(sites(&reading), sites(&plain), "{name}");
        let exchanges = |reading: &Reading| -> Vec<_> {
            let rows = &reading.scenario.tables.exchanges.rows;
            rows.iter()
                .map(|exchange| (exchange.id.clone(), exchange.at, exchange.enable))
                .collect()
        };
        assert_eq!(exchanges(&reading), exchanges(&plain), "{name}");
        assert_eq!(reading.notices.len(), plain.notices.len(), "{name}");
    }
}

#[test]
fn lines_are_told_as_an_editor_shows_them() {
    let spoil = |bytes: Vec<u8>| text(&bytes).replace("H1,", ",").replace("S1,", ",");
    let rows = |scratch: &Scratch| -> Vec<Option<usize>> {
        let error = read_scenario(scratch.path(), &ReadOptions::new()).unwrap_err();
        error.faults().iter().map(|fault| fault.place.row).collect()
    };
    let unix = changed(Some("sites.csv"), |bytes| spoil(bytes).into_bytes());
    assert_eq!(rows(&unix), [Some(4), Some(5)]);
    let windows =
        changed(Some("sites.csv"), |bytes| spoil(bytes).replace('\n', "\r\n").into_bytes());
    assert_eq!(rows(&windows), [Some(4), Some(5)]);
    let apart = changed(Some("sites.csv"), |bytes| spoil(bytes).replace('\n', "\n\n").into_bytes());
    assert_eq!(rows(&apart), [Some(7), Some(9)]);
}

#[test]
fn what_cannot_be_read_says_how_to_save_it() {
    let sites = "sites.csv";
    let utf16 = |bytes: Vec<u8>| {
        let units = text(&bytes).encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
        [vec![0xff, 0xfe], units].concat()
    };
    let told =
        |change: &dyn Fn(Vec<u8>) -> Vec<u8>| read(&changed(Some(sites), change)).unwrap_err();
    for (change, expected) in [
        (
            &utf16 as &dyn Fn(Vec<u8>) -> Vec<u8>,
            "F120 sites.csv: the text is UTF-16, not UTF-8; save the file as UTF-8 (in a spreadsheet: CSV UTF-8)",
        ),
        (
            &|_| b"PK\x03\x04rest".to_vec(),
            "F127 sites.csv: this is a ZIP archive; unpack it, and name the file inside",
        ),
        (
            &|_| b"\xd0\xcf\x11\xe0rest".to_vec(),
            "F127 sites.csv: this is a workbook, not a table of text; save its sheet as CSV UTF-8",
        ),
        (
            &|_| b"SQLite format 3\0rest".to_vec(),
            "F127 sites.csv: this is a GeoPackage or another database; give it a name that ends in .gpkg",
        ),
        (
            &|_| b"\0\0\x27\x0arest".to_vec(),
            "F127 sites.csv: this is a shapefile; export it as GeoJSON, roads as a GeoPackage (.gpkg)",
        ),
        (
            &|bytes| gzip(&bytes)[..60].to_vec(),
            "F127 sites.csv: the gzip file is damaged or not whole; download or pack it again",
        ),
        (
            &|bytes| text(&bytes).replace("Abbey", "Abb\u{e9}y").chars().map(|c| c as u8).collect(),
            "F120 sites.csv row 2: the text is not UTF-8 at byte 111; save the file as UTF-8",
        ),
        (
            &|bytes| text(&bytes).replace(',', "¬").into_bytes(),
            "F128 sites.csv row 1: the cells are separated by '¬', not by ','; name the separator (`delimiter`), or save the file as CSV with commas",
        ),
        (
            &|bytes| text(&bytes).replace(',', ";").replace("lon;", "longitude;").into_bytes(),
            "F128 sites.csv row 1: the cells are separated by ';', not by ','; name the separator (`delimiter`), or save the file as CSV with commas",
        ),
        (
            &|bytes| text(&bytes).replace("lon,lat", "Lon,lat").into_bytes(),
            "F122 sites.csv row 1, lon \"lon\": the file has no such column; map it under `position`; did you mean Lon?",
        ),
        (
            &|bytes| text(&bytes).replace("5200", "\"5,20\"").into_bytes(),
            "S131 sites.csv row 2, patients \"5,20\"",
        ),
        (
            &|bytes| text(&bytes).replace("-3.530", "\"-3,530\"").into_bytes(),
            "S113 sites.csv row 2, lon, lat \"-3,530\": the coordinate is not a number (a comma that does not separate thousands; the decimal point is a full stop); write plain digits with a decimal point",
        ),
        (
            &|bytes| text(&bytes).replace("2500.00", "2500 £").into_bytes(),
            "S142 sites.csv row 4, drop_gbp \"2500 £\"",
        ),
    ] {
        let error = told(change);
        assert!(error.contains(expected), "{error}\nwanted {expected}");
        assert!(error.starts_with("1 fault"), "{error}");
    }
}

#[test]
fn mistaken_positions_are_told_with_a_hint() {
    for (from, to, expected) in [
        (
            "-3.530,50.720",
            "50.720,-3.530",
            "S112 sites.csv row 2, lon, lat \"50.72, -3.53\": the coordinates look swapped; exchange x and y",
        ),
        (
            "-3.530,50.720",
            "292184,92003",
            "S111 sites.csv row 2, lon, lat \"292184, 92003\": metres where degrees are expected; name crs = \"EPSG:27700\"",
        ),
        (
            "-3.530,50.720",
            "2.35,48.85",
            "S111 sites.csv row 2, lon, lat \"2.35, 48.85\": outside the area of the reference system; correct the position",
        ),
        (
            "-3.530,50.720",
            "0,0",
            "S110 sites.csv row 2, lon, lat \"0, 0\": 0, 0 stands for no position",
        ),
        ("-3.530,50.720", "-3.530,", "S110 sites.csv row 2, lon, lat: there is no position"),
    ] {
        let scratch =
            changed(Some("sites.csv"), |bytes| text(&bytes).replace(from, to).into_bytes());
        let error = read(&scratch).unwrap_err();
        assert!(error.contains(expected), "{error}\nwanted {expected}");
    }
    let waypoints = String::from_utf8(
        fs::read(Scratch::base("waypoints").path().join("waypoints.csv")).unwrap(),
    )
    .unwrap();
    let first = waypoints.lines().nth(1).unwrap().to_owned();
    let rest = first.splitn(3, ',').nth(2).map(|rest| format!(",{rest}")).unwrap_or_default();
    for (to, expected) in [
        (
            format!("50.72,-3.53{rest}"),
            "W111 waypoints.csv row 2, easting, northing \"50.72, -3.53\": degrees where metres are expected; name crs = \"EPSG:4326\"",
        ),
        (
            format!("900000,300000{rest}"),
            "W112 waypoints.csv row 2, easting, northing \"900000, 300000\": the coordinates look swapped",
        ),
        (
            format!("-90000,2300000{rest}"),
            "W111 waypoints.csv row 2, easting, northing \"-90000, 2300000\": outside the area",
        ),
    ] {
        let scratch = changed(Some("waypoints.csv"), |bytes| {
            text(&bytes).replacen(&first, &to, 1).into_bytes()
        });
        let error = read(&scratch).unwrap_err();
        assert!(error.contains(expected), "{error}\nwanted {expected}");
    }
}
