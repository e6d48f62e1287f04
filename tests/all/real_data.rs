//! Real tables, where `FIBREPLAN_DATA` names the folder that holds them; each test says when it is
//! skipped.

use std::path::{Path, PathBuf};

use fibreplan::check::check;
use fibreplan::read::{ReadOptions, read_scenario};
use fibreplan::solve::{SolveOptions, solve};

/// The folder of real tables; tests that need it say so when they skip.
pub fn real_data(test: &str) -> Option<PathBuf> {
    let folder = std::env::var_os("FIBREPLAN_DATA").map(PathBuf::from);
    if folder.is_none() {
        println!("{test}: skipped, FIBREPLAN_DATA names no folder with the real tables");
    }
    folder.map(|folder| folder.join("uk"))
}

#[test]
fn devon_and_cornwall_is_planned_with_a_small_gap() {
    let Some(data) = real_data("devon_and_cornwall_is_planned_with_a_small_gap") else { return };
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/devon-cornwall");
    let reading = read_scenario(&folder, &ReadOptions::new().data_dir(data)).expect("no faults");
    let mut options = SolveOptions::default();
    options.gap = 0.05;
    let outcome = solve(&reading.scenario, &options).expect("an outcome");
    let plan = outcome.plan.as_ref().expect("a plan");
    assert_eq!(check(&reading.scenario, plan), vec![]);
    let gap = outcome.objectives[0].gap.expect("a bound");
    assert!(gap <= 0.05, "gap {gap}");

    // The seven sites of Scilly lie beyond the longest link from the mainland.
    let unreachable: Vec<&str> =
        plan.left_out.iter().filter(|out| out.code == "U310").map(|out| out.id.as_str()).collect();
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
