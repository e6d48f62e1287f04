//! A whole county of OpenStreetMap, where `FIBREPLAN_DATA` names the folder that holds it.

use std::sync::Arc;

use fibreplan::check::check;
use fibreplan::model::Tables;
use fibreplan::network::prepare;
use fibreplan::read::{ReadOptions, read_scenario};
use fibreplan::solve::{SolveOptions, solve};

use crate::reading::{balanced, shipped};
use crate::real_data::real_data;

#[test]
fn rutland_is_read_noded_and_planned() {
    let Some(data) = real_data("rutland_is_read_noded_and_planned") else { return };
    let options = ReadOptions::new().data_dir(data);
    let reading = read_scenario(&shipped("rutland"), &options).expect("no faults");
    assert!(balanced(&reading));
    // What is known of the extract, counted before anything is joined to its lines.
    let prepared = prepare(&reading.scenario).unwrap();
    let lines = prepared.line_counts();
    assert_eq!((lines.junctions, lines.spans), (5_300, 6_006));
    assert_eq!((lines.components, lines.self_loops, lines.parallel), (70, 27, 77));
    assert!(prepared.buildings().iter().all(|building| building.junction.is_some()));

    let mut options = SolveOptions::default();
    options.gap = 0.01;
    let outcome = solve(&reading.scenario, &options).expect("an outcome");
    let plan = outcome.plan.expect("a plan");
    assert!(!plan.spans.is_empty());
    assert_eq!(check(&reading.scenario, &plan), vec![]);

    // The order of spans changes nothing.
    let mut tables = Tables::clone(&reading.scenario.tables);
    tables.spans.rotate_left(1_000);
    tables.spans.sort_by(|a, b| a.id.cmp(&b.id));
    let mut turned = reading.scenario.clone();
    turned.tables = Arc::new(tables);
    assert_eq!(prepare(&turned).unwrap(), prepared);
}
