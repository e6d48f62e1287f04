//! The GeoPackage reads back: its sums are those of the plan, its texts are texts, and its bytes the same again.
//! Where Debian's `gdal-bin` is installed, its tools read it too.

use std::path::Path;
use std::process::Command;

use fibreplan::error::ErrorKind;
use fibreplan::model::Scenario;
use fibreplan::plan::Outcome;
use fibreplan::prelude::{ReadOptions, SolveOptions, read_scenario, solve};
use fibreplan::report::Report;
use fibreplan::text::{is_hidden, plain};
use fibreplan::write::{Replace, geopackage, geopackage_file};
use rusqlite::Connection;

use crate::scratch::Scratch;
use crate::{hostile, town};

fn bytes(scenario: &Scenario, outcome: &Outcome) -> Vec<u8> {
    geopackage(scenario, outcome, &Report::of(scenario, outcome)).unwrap()
}

fn written(folder: &Path, scenario: &Scenario, outcome: &Outcome) -> Connection {
    let file = folder.join("plan.gpkg");
    geopackage_file(&file, Replace::Same).write(bytes(scenario, outcome)).unwrap();
    Connection::open(file).unwrap()
}

fn number(package: &Connection, query: &str) -> i64 {
    package.query_row(query, [], |row| row.get(0)).unwrap()
}

fn texts(package: &Connection, query: &str) -> Vec<String> {
    let mut query = package.prepare(query).unwrap();
    let rows = query.query_map([], |row| row.get::<_, Option<String>>(0)).unwrap();
    rows.map(|text| text.unwrap().unwrap_or_default()).collect()
}

fn hold_sums(package: &Connection, outcome: &Outcome) {
    let plan = outcome.plan.as_ref().unwrap();
    let pence = |layer: &str, column: &str| {
        let query =
            format!("SELECT COALESCE(SUM(CAST(ROUND({column} * 100) AS INTEGER)), 0) FROM {layer}");
        number(package, &query)
    };
    let layers = ["spans", "exchanges", "drops"].map(|layer| pence(layer, "cost_gbp"));
    assert_eq!(layers.iter().sum::<i64>(), plan.cost().get());
    assert_eq!(pence("sites", "cost_share_gbp"), plan.cost().get());
    assert_eq!(
        number(package, "SELECT COUNT(*) FROM spans"),
        i64::try_from(plan.spans.len()).unwrap()
    );
    assert_eq!(
        number(package, "SELECT COUNT(*) FROM drops"),
        i64::try_from(plan.drops.len()).unwrap()
    );
    let connected = "SELECT COUNT(*) FROM sites WHERE state = 'connected'";
    assert_eq!(number(package, connected), i64::try_from(plan.connected.len()).unwrap());
    for layer in ["sites", "spans", "exchanges", "drops"] {
        let with_geometry = number(package, &format!("SELECT COUNT(geom) FROM {layer}"));
        let indexed = number(package, &format!("SELECT COUNT(*) FROM rtree_{layer}_geom"));
        assert_eq!(with_geometry, indexed, "{layer}");
    }
    assert_eq!(texts(package, "PRAGMA integrity_check"), ["ok"]);
    assert_eq!(texts(package, "PRAGMA foreign_key_check"), Vec::<String>::new());
}

#[test]
fn sums_are_those_of_the_plan_and_bytes_the_same_again() {
    let (scenario, outcome) = (town::scenario(), town::outcome());
    assert_eq!(bytes(&scenario, &outcome), bytes(&scenario, &outcome));
    let scratch = Scratch::empty();
    let package = written(scratch.path(), &scenario, &outcome);
    hold_sums(&package, &outcome);
    assert_eq!(number(&package, "PRAGMA application_id"), 0x4750_4b47);
    assert_eq!(number(&package, "SELECT COUNT(*) FROM gpkg_contents WHERE srs_id = 27700"), 4);
    let name = texts(&package, "SELECT name FROM sites WHERE id = 'B1'");
    assert_eq!(name, ["=HYPERLINK(\"x\")"]);
    assert!(texts(&package, "SELECT year FROM spans").iter().any(|year| year == "2019-20"));
    let paid = texts(&package, "SELECT programmes FROM spans");
    assert!(paid.iter().any(|ids| !ids.is_empty()), "{paid:?}");
    let sealed = texts(&package, "SELECT value FROM provenance WHERE about = 'seal'");
    assert!(!sealed[0].ends_with("00000000"), "{sealed:?}");
}

#[test]
fn a_scenario_in_degrees_has_layers_in_degrees() {
    let reading =
        read_scenario(&crate::project("data/market-town"), &ReadOptions::default()).unwrap();
    let outcome = solve(&reading.scenario, &SolveOptions::default()).unwrap();
    let scratch = Scratch::empty();
    let package = written(scratch.path(), &reading.scenario, &outcome);
    hold_sums(&package, &outcome);
    assert_eq!(number(&package, "SELECT COUNT(*) FROM gpkg_contents WHERE srs_id = 4326"), 4);
    let inside = "SELECT COUNT(*) FROM gpkg_contents WHERE min_x > -9 AND max_x < 3 AND min_y > 49 AND max_y < 62";
    assert_eq!(number(&package, inside), 4);
}

#[test]
fn hostile_text_is_text() {
    let scratch = Scratch::empty();
    hostile::scenario(scratch.path());
    let mut options = ReadOptions::default();
    options.quarantine = true;
    let reading = read_scenario(scratch.path(), &options).unwrap();
    let outcome = solve(&reading.scenario, &SolveOptions::default()).unwrap();
    let package = written(scratch.path(), &reading.scenario, &outcome);
    hold_sums(&package, &outcome);
    let names = texts(&package, "SELECT name FROM sites");
    for text in hostile::HOSTILE {
        // Names are trimmed and made one line when they are read.
        assert!(names.contains(&plain(text.trim()).into_owned()), "{text:?} of {names:?}");
    }
    for (layer, columns) in
        [("sites", "id || name || kind"), ("spans", "id || method"), ("exchanges", "id || name")]
    {
        let all = texts(&package, &format!("SELECT {columns} FROM {layer}")).concat();
        assert!(
            !all.contains(|letter| !matches!(letter, '\n' | '\t') && is_hidden(letter)),
            "{all:?}"
        );
    }
}

#[test]
fn a_package_that_somebody_worked_in_is_not_replaced() {
    let scratch = Scratch::empty();
    let (scenario, outcome) = (town::scenario(), town::outcome());
    let package = written(scratch.path(), &scenario, &outcome);
    drop(package);
    let package = written(scratch.path(), &scenario, &outcome);
    package.execute("UPDATE provenance SET value = 'mine' WHERE about = 'status'", []).unwrap();
    drop(package);
    let file = scratch.path().join("plan.gpkg");
    let again = geopackage_file(&file, Replace::Same).write(bytes(&scenario, &outcome));
    assert_eq!(again.unwrap_err().kind(), ErrorKind::Usage);
    geopackage_file(&file, Replace::Any).write(bytes(&scenario, &outcome)).unwrap();
}

/// What a tool of `gdal-bin` says; nothing where it is not installed.
fn tool(name: &str, arguments: &[&str]) -> Option<String> {
    let Ok(done) = Command::new(name).args(arguments).output() else {
        eprintln!("skipped: {name} is not installed; it is in Debian's gdal-bin");
        return None;
    };
    let said = String::from_utf8(done.stdout).unwrap() + &String::from_utf8(done.stderr).unwrap();
    assert!(done.status.success(), "{said}");
    assert!(!said.contains("ERROR") && !said.contains("Warning"), "{said}");
    Some(said)
}

#[test]
fn gdal_opens_every_layer() {
    let scratch = Scratch::empty();
    let (scenario, outcome) = (town::scenario(), town::outcome());
    drop(written(scratch.path(), &scenario, &outcome));
    let file = scratch.path().join("plan.gpkg");
    let file = file.to_str().unwrap();
    let Some(said) = tool("ogrinfo", &["-al", "-so", file]) else { return };
    for layer in ["sites", "spans", "exchanges", "drops", "provenance"] {
        assert!(said.contains(&format!("Layer name: {layer}\n")), "{said}");
    }
    for part in [
        "Geometry: Line String",
        "Geometry: Point",
        "ID[\"EPSG\",27700]",
        "cost_gbp: Real",
        "Extent: (",
    ] {
        assert!(said.contains(part), "{part}: {said}");
    }
    let near = ["-al", "-so", "-spat", "292000", "92000", "292001", "92001", file];
    assert!(tool("ogrinfo", &near).unwrap().contains("Feature Count: "));
    let map = scratch.path().join("spans.geojson");
    tool("ogr2ogr", &["-f", "GeoJSON", map.to_str().unwrap(), file, "spans"]).unwrap();
    let map: serde_json::Value = serde_json::from_slice(&std::fs::read(map).unwrap()).unwrap();
    let plan = outcome.plan.as_ref().unwrap();
    assert_eq!(map["features"].as_array().unwrap().len(), plan.spans.len());
    // What people do next: add a feature, which the index follows.
    let added = "INSERT INTO drops (geom, building) SELECT geom, 'new' FROM drops LIMIT 1";
    if tool("ogrinfo", &[file, "-sql", added]).is_some() {
        let package = Connection::open(file).unwrap();
        assert_eq!(
            number(&package, "SELECT COUNT(*) FROM drops"),
            number(&package, "SELECT COUNT(*) FROM rtree_drops_geom")
        );
    }
}
