//! Real tables, where `FIBREPLAN_DATA` names the folder that holds them; each test says when it is
//! skipped.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use fibreplan::check::check;
use fibreplan::geometry::{Plane, Position};
use fibreplan::network::{Prepared, prepare};
use fibreplan::read::{ReadOptions, read_scenario};
use fibreplan::solve::{SolveOptions, solve};

use crate::scratch::Scratch;

/// The folder of real tables; tests that need it say so when they skip.
pub fn real_data(test: &str) -> Option<PathBuf> {
    let folder = crate::outside("FIBREPLAN_DATA");
    if folder.is_none() {
        println!("{test}: skipped, FIBREPLAN_DATA names no folder with the real tables");
    }
    folder.map(|folder| folder.join("uk"))
}

#[test]
fn devon_and_cornwall_is_planned_with_a_small_gap() {
    let Some(data) = real_data("devon_and_cornwall_is_planned_with_a_small_gap") else { return };
    let folder = crate::project("data/devon-cornwall");
    let reading = read_scenario(&folder, &ReadOptions::new().data_dir(data)).expect("no faults");
    let mut options = SolveOptions::default();
    options.effort.gap = 0.05;
    let outcome = solve(&reading.scenario, &options).expect("an outcome");
    let plan = outcome.plan.as_ref().expect("a plan");
    assert_eq!(check(&reading.scenario, plan), vec![]);
    let gap = outcome.objectives[0].gap.expect("a bound");
    assert!(gap <= 0.05, "gap {gap}");

    // The seven sites of Scilly lie beyond the longest link from the mainland.
    let unreachable: Vec<&str> = plan
        .left_out
        .iter()
        .filter(|out| out.code().0 == "U310")
        .map(|out| out.id.as_str())
        .collect();
    let tables = &reading.scenario.tables;
    let scilly: Vec<&str> = tables
        .sites
        .rows
        .iter()
        .filter(|site| tables.site_cell(site, "lad") == Some("E06000053"))
        .map(|site| site.id.as_str())
        .collect();
    assert_eq!(scilly.len(), 7);
    assert_eq!(unreachable, scilly);
    let buildings = reading.scenario.buildings();
    let on_scilly = |building: &&fibreplan::model::Building| {
        building.sites.iter().any(|&site| scilly.contains(&tables.site(site).id.as_str()))
    };
    assert_eq!(buildings.iter().filter(on_scilly).count(), 6);
}

/// The scenario of Devon and Cornwall over the tables of Great Britain, its postcodes gzipped.
fn great_britain() -> Scratch {
    let shipped = crate::project("data/devon-cornwall/scenario.toml");
    let text = fs::read_to_string(shipped)
        .expect("the shipped scenario")
        .replace("devon_cornwall_sites", "england_sites")
        .replace("devon_cornwall_exchanges_synthetic", "exchanges_synthetic_gb")
        .replace("codepoint_open_devon_cornwall.csv", "codepoint_open_gb.csv.gz");
    let scratch = Scratch::empty();
    fs::write(scratch.path().join("scenario.toml"), text).expect("a scenario");
    scratch
}

#[test]
fn no_command_reads_on_for_long_once_time_is_up() {
    let Some(data) = real_data("no_command_reads_on_for_long_once_time_is_up") else { return };
    let Some(mut plan) = crate::commands::example("plan") else { return };
    let scratch = great_britain();
    let out = scratch.path().join("out");
    plan.arg(scratch.path()).arg("--data").arg(data).args(["--seconds", "0", "--out"]).arg(&out);
    let ended = plan.output().unwrap();
    // Nothing but the time limit ends a command with this code.
    assert_eq!(ended.status.code(), Some(124), "{ended:?}");
    let said = String::from_utf8_lossy(&ended.stderr).into_owned();
    assert!(said.contains("I404: time was up") && said.contains("allow more seconds"), "{said}");
    assert!(ended.stdout.is_empty() && !out.exists(), "{ended:?}");
}

#[test]
fn great_britain_is_prepared_saved_and_loaded() {
    let Some(data) = real_data("great_britain_is_prepared_saved_and_loaded") else { return };
    let scratch = great_britain();
    let options = ReadOptions::new().data_dir(data);
    let scenario = read_scenario(scratch.path(), &options).expect("no faults").scenario;
    let inputs: Vec<usize> = scenario.tables.inputs.iter().map(|input| input.rows_read).collect();
    assert_eq!(inputs[1..], [11_866, 6_004, 1_742_638]);
    let prepared = prepare(&scenario).expect("a network");
    assert_eq!((prepared.junctions().len(), prepared.spans().len()), (1_699_058, 3_354_844));
    assert_eq!(prepared.report().components.len(), 183);
    let bytes = prepared.to_bytes();
    assert_eq!(Prepared::from_bytes(&bytes, &scenario).expect("the same"), prepared);
    let code = |bytes: &[u8]| {
        let error = Prepared::from_bytes(bytes, &scenario).expect_err("no network");
        error.faults()[0].code.0
    };
    assert_eq!(code(&bytes[..bytes.len() / 2]), "N180");
}

/// Sites were given the longitude and latitude of their postcodes by a coarser transformation (seven
/// parameters, good to some metres): none may lie farther off than that allows, on Scilly neither.
#[test]
fn degrees_of_all_sites_are_the_grid_positions_of_their_postcodes() {
    let name = "degrees_of_all_sites_are_the_grid_positions_of_their_postcodes";
    let Some(data) = real_data(name) else { return };
    let packed = fs::File::open(data.join("codepoint_open_gb.csv.gz")).expect("the postcodes");
    let mut reader = csv::Reader::from_reader(flate2::read::MultiGzDecoder::new(packed));
    let postcodes: BTreeMap<String, [f64; 2]> = reader
        .records()
        .map(|record| {
            let record = record.expect("a record");
            let metres = [1, 2].map(|place| record[place].parse::<f64>().expect("metres"));
            (record[0].replace(' ', ""), metres)
        })
        .collect();
    let mut reader = csv::Reader::from_path(data.join("england_sites.csv")).expect("the sites");
    let header = reader.headers().expect("a header").clone();
    let (mut compared, mut scilly, mut farthest) = (0, 0, 0.0_f64);
    for record in reader.records() {
        let record = record.expect("a record");
        let cell = |name: &str| &record[header.iter().position(|column| column == name).unwrap()];
        let Some(&[east, north]) = postcodes.get(&cell("postcode").replace(' ', "")) else {
            continue;
        };
        if cell("geo_source") != "cpo2025" {
            continue;
        }
        let [lon, lat] = ["lon", "lat"].map(|name| cell(name).parse::<f64>().expect("degrees"));
        let grid = Plane::BritishGrid;
        let ours = grid.point(Position::lon_lat(lon, lat)).expect("on the grid");
        let theirs = grid.point(Position::grid(east, north)).expect("on the grid");
        let apart = grid.length(ours, theirs).metres();
        farthest = apart.max(farthest);
        compared += 1;
        scilly += usize::from(cell("lad") == "E06000053");
    }
    println!("{compared} sites compared, {scilly} of them on Scilly, at most {farthest:.2} m off");
    assert!(compared > 11_000 && scilly == 7 && farthest < 5.0);
}
