//! Scenarios from files: the shipped ones, and real tables where they are at hand.

use std::path::PathBuf;

use crate::real_data::real_data;

use fibreplan::model::fingerprint;
use fibreplan::read::{ReadOptions, Reading, read_scenario};

pub fn shipped(name: &str) -> PathBuf {
    crate::project("data").join(name)
}

pub fn balanced(reading: &Reading) -> bool {
    reading.scenario.tables.inputs.iter().all(|input| {
        input.rows_read == input.rows_used + input.rows_set_aside + input.rows_excluded
    })
}

#[test]
fn the_market_town_reads_whole() {
    let reading = read_scenario(&shipped("market-town"), &ReadOptions::new()).unwrap();
    let tables = &reading.scenario.tables;
    assert_eq!(tables.sites.rows.len(), 23);
    assert_eq!(tables.exchanges.rows.len(), 3);
    assert_eq!(tables.spans.len(), 37);
    assert_eq!(reading.scenario.buildings().len(), 21, "two share a building, one is connected");
    assert!(balanced(&reading));
    assert_eq!(reading.notices, []);
    assert_eq!(fingerprint(&reading.scenario).len(), 64);
}

#[test]
fn devon_and_cornwall_reads_unedited_tables() {
    let Some(data) = real_data("devon_and_cornwall_reads_unedited_tables") else { return };
    let options = ReadOptions::new().data_dir(data);
    let reading = read_scenario(&shipped("devon-cornwall"), &options).unwrap();
    let tables = &reading.scenario.tables;
    assert_eq!(tables.sites.rows.len(), 463);
    assert_eq!(tables.exchanges.rows.len(), 266);
    assert_eq!(tables.inputs[3].rows_read, 63_409);
    assert_eq!(reading.scenario.buildings().len(), 395);
    assert!(balanced(&reading));
}
