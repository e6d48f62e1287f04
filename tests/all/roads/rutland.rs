//! A whole county of OpenStreetMap, where `FIBREPLAN_DATA` names the folder that holds it.

use std::fs;
use std::sync::Arc;

use fibreplan::check::check;
use fibreplan::model::{Noding, Tables};
use fibreplan::network::prepare;
use fibreplan::read::{ReadOptions, read_scenario, read_variants};
use fibreplan::report::SpanCrossings;
use fibreplan::solve::{SolveOptions, solve};

use super::{read, scenario_with, told};
use crate::reading::{balanced, shipped};
use crate::real_data::real_data;

#[test]
fn a_real_extract_cut_short_is_a_fault() {
    let Some(data) = real_data("a_real_extract_cut_short_is_a_fault") else { return };
    let bytes = fs::read(data.join("rutland-2018.osm.pbf")).unwrap();
    let scratch = scenario_with("file = \"cut.osm.pbf\"", &[]);
    for part in [1, 7, 30, 60, 99] {
        fs::write(scratch.path().join("cut.osm.pbf"), &bytes[..bytes.len() * part / 100]).unwrap();
        let told = told(read(&scratch));
        assert!(told[0].starts_with("F140 cut.osm.pbf: "), "{part}: {told:?}");
    }
}

#[test]
fn crossings_of_rutland_are_paid_and_dear_ones_are_gone_round() {
    let Some(data) = real_data("crossings_of_rutland_are_paid_and_dear_ones_are_gone_round") else {
        return;
    };
    let folder = shipped("rutland");
    let options = ReadOptions::new().data_dir(data);
    let reading = read_variants(&folder, &folder.join("variants.toml"), &options).unwrap();
    let mut solving = SolveOptions::default();
    solving.effort.gap = 0.01;
    let mut railways = Vec::new();
    for variant in &reading.variants {
        let scenario = variant.variant.scenario.as_ref().unwrap();
        let counts = prepare(scenario).unwrap().crossing_counts();
        assert!(
            ["railway", "river", "major_road"].iter().all(|kind| counts[*kind] > 10),
            "{counts:?}"
        );
        let plan = solve(scenario, &solving).unwrap().plan.expect("a plan");
        assert_eq!(check(scenario, &plan), vec![]);
        let crossings = SpanCrossings::new(scenario).of_plan(&plan);
        assert!(!crossings.is_empty());
        railways.push(crossings.0.get("railway").map_or(0, |(count, _)| *count));
    }
    assert!(railways[1] <= railways[0], "{railways:?}");
}

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
    options.effort.gap = 0.01;
    let outcome = solve(&reading.scenario, &options).expect("an outcome");
    let plan = outcome.plan.expect("a plan");
    assert!(!plan.spans.is_empty());
    assert_eq!(check(&reading.scenario, &plan), vec![]);

    // Where lines also meet without sharing a node, no part is cut off, and plans still pass.
    for noding in [Noding::Touches, Noding::Crossings] {
        let mut scenario = reading.scenario.clone();
        scenario.network.noding = noding;
        let lines = prepare(&scenario).unwrap().line_counts();
        assert!(lines.components <= 70 && lines.junctions >= 5_300, "{lines:?}");
        let plan = solve(&scenario, &options).unwrap().plan.expect("a plan");
        assert_eq!(check(&scenario, &plan), vec![]);
    }

    // The order of spans changes nothing.
    let mut tables = Tables::clone(&reading.scenario.tables);
    tables.spans.rotate_left(1_000);
    tables.spans.sort_by(|a, b| a.id.cmp(&b.id));
    let mut turned = reading.scenario.clone();
    turned.tables = Arc::new(tables);
    assert_eq!(prepare(&turned).unwrap(), prepared);
}
