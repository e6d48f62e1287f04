//! Faulty rows set aside: counted, kept with their cells and reasons, and the rest goes on.

use std::collections::BTreeMap;
use std::fs;

use fibreplan::model::Role;
use fibreplan::read::{ReadOptions, read_scenario};

use crate::reading::balanced;
use crate::real_data::real_data;
use crate::scratch::Scratch;

fn spoilt() -> Scratch {
    let scratch = Scratch::base("waypoints");
    let path = |name: &str| scratch.path().join(name);
    let sites = fs::read_to_string(path("sites.csv")).unwrap();
    let sites = sites.replace("-3.505,50.855", ",").replace("8,,,active", "fast,,,closed")
        + "H2,\"Late, Hospital\",hospital,-3.5,50.8,4,Z9,,,,,,\nshort,row\nH3,No Weight,library,-3.5,50.8,,,,,,,,\n";
    fs::write(path("sites.csv"), sites).unwrap();
    let exchanges = fs::read_to_string(path("exchanges.csv")).unwrap() + "X2,Twice,-3.4,50.8,,,\n";
    fs::write(path("exchanges.csv"), exchanges).unwrap();
    let waypoints = fs::read_to_string(path("waypoints.csv")).unwrap() + "1,2,3\n";
    fs::write(path("waypoints.csv"), waypoints).unwrap();
    scratch
}

#[test]
fn faulty_rows_are_set_aside_with_every_reason() {
    let scratch = spoilt();
    let strict = read_scenario(scratch.path(), &ReadOptions::new()).unwrap_err();
    let reading = read_scenario(scratch.path(), &ReadOptions::new().quarantine(true)).unwrap();
    let told: Vec<(Role, usize, Vec<&str>)> = reading
        .set_aside
        .iter()
        .map(|row| (row.role, row.row, row.faults.iter().map(|fault| fault.code.0).collect()))
        .collect();
    assert_eq!(
        told,
        [
            (Role::Sites, 3, vec!["S143", "S110", "S120"]),
            (Role::Sites, 6, vec!["S140"]),
            (Role::Sites, 7, vec!["F125"]),
            (Role::Sites, 8, vec!["S130"]),
            (Role::Exchanges, 3, vec!["X103"]),
            (Role::Exchanges, 4, vec!["X103"]),
            (Role::Network, 5, vec!["W111"]),
        ]
    );
    let all: usize = told.iter().map(|(_, _, codes)| codes.len()).sum();
    assert_eq!(strict.faults().len(), all, "strict reading reports the same faults");
    assert_eq!(reading.set_aside[1].cells[1], "Late, Hospital");
    assert_eq!(reading.set_aside[1].columns[0], "id");
    assert_eq!(reading.scenario.tables.sites.rows.len(), 3);
    assert_eq!(reading.scenario.tables.exchanges.rows.len(), 1);
    assert!(balanced(&reading));
    let sites = &reading.scenario.tables.inputs[1];
    assert_eq!((sites.rows_read, sites.rows_used, sites.rows_set_aside), (7, 3, 4));
}

#[test]
fn a_rule_cannot_lose_its_site_to_quarantine() {
    let scratch = Scratch::base("waypoints");
    let path = scratch.path().join("sites.csv");
    let sites = fs::read_to_string(&path).unwrap().replace("-3.530,50.720", ",");
    fs::write(path, sites).unwrap();
    let strict = read_scenario(scratch.path(), &ReadOptions::new()).unwrap_err();
    assert_eq!(strict.faults().len(), 1, "{strict}");
    let error = read_scenario(scratch.path(), &ReadOptions::new().quarantine(true)).unwrap_err();
    assert!(
        error.to_string().contains("O120 scenario.toml row 51, rules.required \"A1\""),
        "{error}"
    );
}

#[test]
fn rows_left_out_by_a_clause_or_by_id_have_no_faults() {
    let scratch = spoilt();
    let path = scratch.path().join("scenario.toml");
    let scenario = fs::read_to_string(&path).unwrap().replace(
        "exclude = []",
        "exclude = [\"H2\"]\nkeep = { not = { any = [{ kind = \"library\" }, { column = \"status\", is = \"closed\", missing = \"eligible\" }] } }",
    );
    fs::write(path, scenario).unwrap();
    let error = read_scenario(scratch.path(), &ReadOptions::new()).unwrap_err();
    let codes: Vec<&str> = error.faults().iter().map(|fault| fault.code.0).collect();
    // A missing status counts as closed here, so only the sites that say active are left.
    assert_eq!(codes, ["F125", "X103", "X103", "W111"], "{error}");
}

#[test]
fn a_feature_is_set_aside_whole() {
    let scratch = Scratch::base("spans");
    let path = scratch.path().join("spans.geojson");
    let spans = fs::read_to_string(&path).unwrap().replace("6200.5", "-1");
    fs::write(path, spans).unwrap();
    let reading = read_scenario(scratch.path(), &ReadOptions::new().quarantine(true)).unwrap();
    assert_eq!(reading.scenario.tables.spans.len(), 2);
    assert!(balanced(&reading));
    assert_eq!(reading.set_aside[0].columns, ["feature"]);
    assert!(reading.set_aside[0].cells[0].contains("\"R2\""));
}

#[test]
fn the_messy_real_table_gives_all_its_faults() {
    let Some(data) = real_data("the_messy_real_table_gives_all_its_faults") else { return };
    let scratch = Scratch::empty();
    let shipped = crate::project("data/devon-cornwall");
    let scenario = fs::read_to_string(shipped.join("scenario.toml")).unwrap();
    let scenario = scenario.replace("devon_cornwall_sites.csv", "messy_sites.csv");
    fs::write(scratch.path().join("scenario.toml"), scenario).unwrap();
    let options = ReadOptions::new().data_dir(data);
    let error = read_scenario(scratch.path(), &options).unwrap_err();
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for fault in error.faults() {
        *counts.entry(fault.code.0).or_default() += 1;
    }
    println!("{counts:?}");
    assert_eq!(counts["S110"], 156);
    assert_eq!(counts["S120"], 114);
    let reading = read_scenario(scratch.path(), &options.quarantine(true)).unwrap();
    assert!(balanced(&reading));
    let sites = &reading.scenario.tables.inputs[1];
    assert_eq!(sites.rows_read, 563);
    println!("{} used, {} set aside", sites.rows_used, sites.rows_set_aside);
    assert!(sites.rows_used > 0);
}
