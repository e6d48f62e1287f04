//! GeoPackages in the layout of OS Open Roads, written here.

use std::fs;
use std::path::Path;

use fibreplan::network::prepare;
use fibreplan::solve::{SolveOptions, solve};
use rusqlite::Connection;

use super::{read, scenario_with, told};
use crate::scratch::Scratch;

const NETWORK: &str = "file = \"oproad.gpkg\"\nsnap_limit_m = 100000";

/// A geometry blob on the national grid: a GeoPackage header, then a line with heights.
fn blob(line: &[[f64; 2]]) -> Vec<u8> {
    let mut bytes = b"GP\0\x01".to_vec();
    bytes.extend(27_700_i32.to_le_bytes());
    bytes.push(1);
    bytes.extend((if line.len() == 1 { 1001_u32 } else { 1002 }).to_le_bytes());
    if line.len() > 1 {
        bytes.extend(u32::try_from(line.len()).unwrap().to_le_bytes());
    }
    for [x, y] in line {
        bytes.extend([*x, *y, 0.0].iter().flat_map(|value| value.to_le_bytes()));
    }
    bytes
}

/// Links: id, class, form, start, end, line.
type Link<'a> = (&'a str, &'a str, &'a str, &'a str, &'a str, &'a [[f64; 2]]);

const A: [f64; 2] = [292_000.0, 93_000.0];
const B: [f64; 2] = [292_400.0, 93_000.0];
const C: [f64; 2] = [292_200.0, 92_800.0];
const D: [f64; 2] = [292_200.0, 93_200.0];
const MIDDLE: [f64; 2] = [292_200.0, 93_000.0];

/// A road from a to b; a bridge from c to d over its middle, with a vertex there; a slip from b to d whose
/// line ends beside the node; a motorway; a link without geometry.
const LINKS: &[Link] = &[
    ("road", "A Road", "Single Carriageway", "a", "b", &[A, MIDDLE, B]),
    ("bridge", "B Road", "Dual Carriageway", "c", "d", &[C, MIDDLE, D]),
    ("slip", "Unclassified", "Slip Road", "b", "d", &[B, [292_203.0, 93_200.0]]),
    ("m5", "Motorway", "Dual Carriageway", "a", "c", &[A, C]),
    ("lost", "A Road", "Roundabout", "a", "d", &[]),
];

fn write(path: &Path, links: &[Link], columns: &str) {
    let package = Connection::open(path).unwrap();
    let tables = format!(
        "CREATE TABLE gpkg_spatial_ref_sys (srs_name TEXT, srs_id INTEGER, organization TEXT,
           organization_coordsys_id INTEGER, definition TEXT);
         INSERT INTO gpkg_spatial_ref_sys VALUES ('grid', 27700, 'EPSG', 27700, ''),
           ('web', 3857, 'EPSG', 3857, '');
         CREATE TABLE gpkg_geometry_columns (table_name TEXT, column_name TEXT,
           geometry_type_name TEXT, srs_id INTEGER, z INTEGER, m INTEGER);
         INSERT INTO gpkg_geometry_columns VALUES ('road_link', 'geometry', 'LINESTRING', 27700, 2, 0),
           ('road_node', 'geometry', 'POINT', 27700, 2, 0);
         CREATE TABLE road_link (fid INTEGER, geometry BLOB, fictitious TEXT, {columns});
         CREATE TABLE road_node (fid INTEGER, geometry BLOB, identifier TEXT, form TEXT);"
    );
    package.execute_batch(&tables).unwrap();
    for (id, class, form, start, end, line) in links {
        let geometry = if line.is_empty() { b"no line".to_vec() } else { blob(line) };
        let sql = "INSERT INTO road_link VALUES (1, ?1, 'false', ?2, ?3, ?4, ?5, ?6)";
        package.execute(sql, (geometry, id, class, form, start, end)).unwrap();
    }
    for (id, at) in [("a", A), ("b", B), ("c", C), ("d", D)] {
        let sql = "INSERT INTO road_node VALUES (1, ?1, ?2, 'junction')";
        package.execute(sql, (blob(&[at]), id)).unwrap();
    }
}

const COLUMNS: &str = "identifier TEXT, class TEXT, form TEXT, start_node TEXT, end_node TEXT";

fn package(network: &str, links: &[Link], columns: &str) -> Scratch {
    let scratch = scenario_with(network, &[]);
    write(&scratch.path().join("oproad.gpkg"), links, columns);
    scratch
}

/// The package that a title of `fault_page/roads.txt` describes.
pub fn described(title: &str) -> Option<Scratch> {
    Some(match title {
        "a GeoPackage that is cut short" => {
            let scratch = package(NETWORK, LINKS, COLUMNS);
            let path = scratch.path().join("oproad.gpkg");
            let bytes = fs::read(&path).unwrap();
            fs::write(&path, &bytes[..bytes.len() / 2]).unwrap();
            scratch
        }
        "a GeoPackage without the layer that `link_layer` names" => {
            package(&format!("{NETWORK}\nlink_layer = \"RoadLinks\""), LINKS, COLUMNS)
        }
        "a GeoPackage with a road whose line ends 3 m from its node" => {
            package(NETWORK, LINKS, COLUMNS)
        }
        _ => return None,
    })
}

#[test]
fn links_become_spans_that_meet_at_their_nodes() {
    let reading = read(&package(NETWORK, LINKS, COLUMNS)).unwrap();
    let spans = &reading.scenario.tables.spans;
    let ids: Vec<&str> = spans.iter().map(|span| span.id.as_str()).collect();
    assert_eq!(ids, ["bridge", "road", "slip"]);
    assert!(spans.iter().all(|span| span.method == "carriageway"));
    // The slip ends at its node.
    assert_eq!((spans[2].line[1].x, spans[2].line[1].y), (292_200_000, 93_200_000));
    let told: Vec<&str> = reading.notices.iter().map(|notice| notice.code.0).collect();
    assert_eq!(told, ["N144", "N146", "N142"]);
    let counts = prepare(&reading.scenario).unwrap().line_counts();
    // The bridge and the road share a vertex but no node.
    assert_eq!((counts.junctions, counts.spans, counts.components), (4, 3, 1));
    let mut turned = LINKS.to_vec();
    turned.reverse();
    let again = read(&package(NETWORK, &turned, COLUMNS)).unwrap();
    assert_eq!(again.scenario.tables.spans, reading.scenario.tables.spans);
}

#[test]
fn other_releases_and_the_table_of_ways() {
    let columns =
        "id TEXT, road_classification TEXT, form_of_way TEXT, startNode TEXT, endNode TEXT";
    let ways = "\nways = [{ class = [\"motorway\"], method = \"verge\" }, { form = [\"slip road\"], \
                leave_out = true }]";
    let reading = read(&package(&format!("{NETWORK}{ways}"), LINKS, columns)).unwrap();
    let spans = &reading.scenario.tables.spans;
    let laid: Vec<(&str, &str)> =
        spans.iter().map(|span| (span.id.as_str(), span.method.as_str())).collect();
    assert_eq!(laid, [("bridge", "carriageway"), ("m5", "verge"), ("road", "carriageway")]);
}

#[test]
fn wrong_layers_columns_and_systems_are_told() {
    let layer = package(&format!("{NETWORK}\nlink_layer = \"RoadLinks\""), LINKS, COLUMNS);
    assert_eq!(
        told(read(&layer)),
        [
            "F142 oproad.gpkg \"RoadLinks\": the GeoPackage has no such layer; did you mean road_link?"
        ]
    );
    let column = package(NETWORK, LINKS, &COLUMNS.replace("start_node", "begin"));
    assert_eq!(
        told(read(&column)),
        [
            "F142 oproad.gpkg \"start_node\": the layer road_link has no column for start_node; name it in \
          network.columns.start_node; there are: fid, geometry, fictitious, identifier, class, form, \
          begin, end_node; or name the layer as network.layer, if it is one of lines with a method"
        ]
    );
    let named = package(
        &format!("{NETWORK}\ncolumns = {{ start_node = \"begin\" }}"),
        LINKS,
        &COLUMNS.replace("start_node", "begin"),
    );
    assert_eq!(read(&named).unwrap().scenario.tables.spans.len(), 3);
    let degrees = format!("{NETWORK}\nposition = {{ crs = \"EPSG:4326\" }}");
    let codes = told(read(&package(&degrees, LINKS, COLUMNS)));
    assert!(codes[0].starts_with("N148 oproad.gpkg: the file is in EPSG:27700"), "{codes:?}");
    let web = package(NETWORK, LINKS, COLUMNS);
    let open = Connection::open(web.path().join("oproad.gpkg")).unwrap();
    open.execute("UPDATE gpkg_geometry_columns SET srs_id = 3857", ()).unwrap();
    drop(open);
    assert!(told(read(&web))[0].starts_with("N149 oproad.gpkg \"EPSG:3857\""));
}

#[test]
fn damage_is_a_fault_and_never_a_panic() {
    let whole = package(NETWORK, LINKS, COLUMNS);
    let path = whole.path().join("oproad.gpkg");
    let bytes = fs::read(&path).unwrap();
    for cut in [0, 1, 50, 100, 5_000, bytes.len() / 2] {
        fs::write(&path, &bytes[..cut]).unwrap();
        let told = told(read(&whole));
        assert!(told[0].starts_with("F141 oproad.gpkg: "), "{cut}: {told:?}");
    }
    for place in (0..bytes.len()).step_by(97) {
        let mut damaged = bytes.clone();
        damaged[place] ^= 0x55;
        fs::write(&path, &damaged).unwrap();
        if let Err(error) = read(&whole) {
            assert!(!error.faults().is_empty(), "{place}: {error}");
        }
    }
}

#[test]
fn bridges_and_tunnels_are_on_levels_of_their_own() {
    let scratch = package(NETWORK, LINKS, COLUMNS);
    let package = Connection::open(scratch.path().join("oproad.gpkg")).unwrap();
    package
        .execute_batch(
            "ALTER TABLE road_link ADD COLUMN road_structure TEXT;
             UPDATE road_link SET road_structure = 'Road On Bridge' WHERE identifier = 'bridge';
             UPDATE road_link SET road_structure = 'Road In Tunnel' WHERE identifier = 'slip';",
        )
        .unwrap();
    let reading = read(&scratch).unwrap();
    let levels: Vec<i32> = reading.scenario.tables.spans.iter().map(|span| span.level).collect();
    assert_eq!(levels, [1, 0, -1]);
}

/// Layers of points and lines that any program may have saved: lanes with a class, clinics, cabinets.
fn layers(path: &Path) {
    let package = Connection::open(path).unwrap();
    let tables = "CREATE TABLE gpkg_spatial_ref_sys (srs_name TEXT, srs_id INTEGER, organization TEXT,
           organization_coordsys_id INTEGER, definition TEXT);
         INSERT INTO gpkg_spatial_ref_sys VALUES ('grid', 27700, 'EPSG', 27700, '');
         CREATE TABLE gpkg_geometry_columns (table_name TEXT, column_name TEXT,
           geometry_type_name TEXT, srs_id INTEGER, z INTEGER, m INTEGER);
         INSERT INTO gpkg_geometry_columns VALUES ('lanes', 'geom', 'LINESTRING', 27700, 2, 0),
           ('clinics', 'geom', 'POINT', 27700, 2, 0), ('cabinets', 'geom', 'POINT', 27700, 2, 0);
         CREATE TABLE lanes (fid INTEGER PRIMARY KEY, geom BLOB, ref TEXT, class TEXT, metres REAL);
         CREATE TABLE clinics (fid INTEGER PRIMARY KEY, geom BLOB, code TEXT, sort TEXT, patients REAL);
         CREATE TABLE cabinets (fid INTEGER PRIMARY KEY, geom BLOB, code TEXT);";
    package.execute_batch(tables).unwrap();
    let lane = "INSERT INTO lanes (geom, ref, class, metres) VALUES (?1, ?2, ?3, ?4)";
    package.execute(lane, (blob(&[A, B]), "main", "lane", None::<f64>)).unwrap();
    package.execute(lane, (blob(&[MIDDLE, D]), "side", None::<&str>, 250.0)).unwrap();
    let clinic = "INSERT INTO clinics (geom, code, sort, patients) VALUES (?1, ?2, ?3, ?4)";
    package.execute(clinic, (blob(&[B]), "B1", "surgery", 1200.0)).unwrap();
    package.execute(clinic, (blob(&[D]), "D1", "surgery", 300.5)).unwrap();
    package.execute("INSERT INTO cabinets (geom, code) VALUES (?1, 'A')", [blob(&[A])]).unwrap();
}

/// A scenario all of whose tables are layers of one package.
fn of_layers(scenario: &str) -> Scratch {
    let scratch = Scratch::empty();
    layers(&scratch.path().join("all.gpkg"));
    fs::write(scratch.path().join("scenario.toml"), scenario).unwrap();
    scratch
}

const LAYERED: &str = "format = 1
name = \"layered\"
[sites]
file = \"all.gpkg\"
layer = \"clinics\"
columns = { id = \"code\", kind = \"sort\" }
values.kind = { surgery = \"gp_practice\" }
[exchanges]
file = \"all.gpkg\"
layer = \"cabinets\"
columns = { id = \"code\" }
default_enable_gbp = 100
[network]
from = \"spans\"
file = \"all.gpkg\"
layer = \"lanes\"
columns = { id = \"ref\", method = \"class\", length_m = \"metres\" }
values.method = { lane = \"verge\", \"\" = \"path\" }
noding = \"touches\"
[rate_card]
price_year = \"2019\"
drop_gbp = 10
lead_in_method = \"verge\"
methods.verge = { gbp_per_m = 1.00, source = \"made up\" }
methods.path = { gbp_per_m = 2.00, source = \"made up\" }
[weights.patients]
column = \"patients\"
[objective]
maximise = [\"patients\"]
[[programmes]]
id = \"one\"
budget_gbp = 10000
eligible = {}
";

#[test]
fn every_table_may_be_a_layer_of_any_package() {
    let scratch = of_layers(LAYERED);
    let reading = read(&scratch).unwrap();
    assert_eq!(reading.notices, []);
    let tables = &reading.scenario.tables;
    let laid: Vec<(&str, &str, u64)> = tables
        .spans
        .iter()
        .map(|span| (span.id.as_str(), span.method.as_str(), span.length.get()))
        .collect();
    assert_eq!(laid, [("main", "verge", 400_000), ("side", "path", 250_000)]);
    assert_eq!(
        tables.sites.columns,
        ["fid", "code", "sort", "patients", "geometry_x", "geometry_y"]
    );
    assert_eq!(tables.sites.rows[1].cells, ["2", "D1", "surgery", "300.5", "292200", "93200"]);
    let outcome = solve(&reading.scenario, &SolveOptions::default()).unwrap();
    let plan = outcome.plan.unwrap();
    assert_eq!(plan.connected, ["B1", "D1"]);
    // 400 m of lane, 250 m of path, two drops and the exchange.
    assert_eq!(outcome.cost.to_string(), "1020.00");
}

#[test]
fn a_layer_must_be_named_where_there_are_several_and_be_in_the_system_that_is() {
    let unnamed = of_layers(&LAYERED.replace("layer = \"clinics\"\n", ""));
    assert_eq!(
        told(read(&unnamed)),
        [
            "F142 all.gpkg: the GeoPackage has 3 layers, and `layer` names none; name the layer: layer = \
             \"...\"; there are: cabinets, clinics, lanes"
        ]
    );
    let other = LAYERED.replace("layer = \"cabinets\"", "layer = \"cabinet\"");
    let other =
        other.replace("layer = \"lanes\"", "layer = \"lanes\"\nposition = { crs = \"EPSG:4326\" }");
    let told = told(read(&of_layers(&other)));
    assert_eq!(
        told[0],
        "F142 all.gpkg \"cabinet\": the GeoPackage has no such layer; did you mean cabinets?"
    );
    assert!(told[1].starts_with("N148 all.gpkg: the file is in EPSG:27700"), "{told:?}");
    let points = LAYERED.replace("layer = \"lanes\"", "layer = \"cabinets\"");
    let points = points.replace(
        "columns = { id = \"ref\", method = \"class\", length_m = \"metres\" }",
        "method = \"path\"",
    );
    let told = self::told(read(&of_layers(&points)));
    assert!(told[0].starts_with("N113 all.gpkg row 1, geometry: "), "{told:?}");
}
