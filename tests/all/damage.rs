//! Damaged and shuffled input: nothing panics, nothing is lost, and the order of rows changes nothing.

use std::fs;

use fibreplan::model::fingerprint;
use fibreplan::plan::{Claims, Plan};
use fibreplan::read::{ReadOptions, TEMPLATE, read_plan, read_scenario, write_template};
use fibreplan::write::Replace;
use proptest::prelude::*;

use crate::reading::balanced;
use crate::scratch::{Scratch, base_files};

/// Changes to a file: where (as a share of its length), what is put there, and how much is cut out.
pub fn damage() -> impl Strategy<Value = Vec<(f64, Vec<u8>, usize)>> {
    let token = prop_oneof![
        any::<u8>().prop_map(|byte| vec![byte]),
        prop::sample::select(vec![
            "\"",
            "'",
            "[",
            "]",
            "{",
            "}",
            "=",
            ",",
            "\n",
            "\r\n",
            "-",
            "1e9",
            "nan",
            "null",
            "\u{feff}",
            "9999999999999999999999",
            "0.0000001",
            "[[programmes]]\n",
            "a.b.c = 1\n",
            "2019-20",
            "[schedule]\nnested = true\n",
            "é",
        ])
        .prop_map(|text| text.as_bytes().to_vec()),
    ];
    prop::collection::vec((0.0..1.0_f64, token, 0..12_usize), 1..6)
}

#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss)]
pub fn apply(bytes: &mut Vec<u8>, changes: &[(f64, Vec<u8>, usize)]) {
    for (share, token, cut) in changes {
        let place = (share * bytes.len() as f64) as usize;
        let end = (place + cut).min(bytes.len());
        bytes.splice(place..end, token.iter().copied());
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(700))]

    #[test]
    fn damaged_files_are_read_or_refused(
        spans in any::<bool>(),
        file in 0..5_usize,
        changes in damage(),
        quarantine in any::<bool>(),
    ) {
        let network = if spans { "spans" } else { "waypoints" };
        let scratch = Scratch::empty();
        for (place, (name, mut bytes)) in base_files(network).into_iter().enumerate() {
            if place == file {
                apply(&mut bytes, &changes);
            }
            fs::write(scratch.path().join(name), bytes).unwrap();
        }
        match read_scenario(scratch.path(), &ReadOptions::new().quarantine(quarantine)) {
            Ok(reading) => {
                prop_assert!(balanced(&reading));
                prop_assert!(quarantine || reading.set_aside.is_empty());
                prop_assert_eq!(fibreplan::model::faults(&reading.scenario), []);
            }
            Err(error) => prop_assert!(!error.faults().is_empty(), "{error}"),
        }
    }

    #[test]
    fn damaged_schedules_are_read_or_refused(changes in damage()) {
        let scratch = Scratch::base("spans");
        let path = scratch.path().join("scenario.toml");
        let sound = fs::read_to_string(&path).unwrap();
        let (mut years, last) = (SCHEDULE.as_bytes().to_vec(), "\n[rules]");
        apply(&mut years, &changes);
        let bytes = [sound.split(last).next().unwrap().as_bytes(), b"\n", &years].concat();
        fs::write(&path, bytes).unwrap();
        match read_scenario(scratch.path(), &ReadOptions::new()) {
            Ok(reading) => {
                prop_assert_eq!(fibreplan::model::faults(&reading.scenario), []);
                let scenario = &reading.scenario;
                prop_assert_eq!(scenario.year_weights().len(), scenario.years.len());
            }
            Err(error) => prop_assert!(!error.faults().is_empty(), "{error}"),
        }
    }

    #[test]
    fn damaged_plans_are_read_or_refused(changes in damage()) {
        let scratch = Scratch::empty();
        let path = scratch.path().join("plan.json");
        let mut bytes = HAND_MADE.as_bytes().to_vec();
        apply(&mut bytes, &changes);
        fs::write(&path, bytes).unwrap();
        if let Err(error) = read_plan(&path) {
            prop_assert!(!error.faults().is_empty(), "{error}");
        }
    }

    #[test]
    fn the_order_of_rows_changes_nothing(seed in prop::collection::vec(any::<u32>(), 40)) {
        let scratch = Scratch::base("spans");
        let plain = read_scenario(scratch.path(), &ReadOptions::new()).unwrap();
        for name in ["sites.csv", "exchanges.csv"] {
            let path = scratch.path().join(name);
            let text = fs::read_to_string(&path).unwrap();
            let (header, rows) = text.split_once('\n').unwrap();
            let mut rows: Vec<(u32, &str)> = seed.iter().copied().zip(rows.lines()).collect();
            rows.sort_unstable();
            let rows: Vec<&str> = rows.into_iter().map(|(_, row)| row).collect();
            fs::write(&path, format!("{header}\n{}\n", rows.join("\n"))).unwrap();
        }
        let path = scratch.path().join("spans.geojson");
        let mut spans: serde_json::Value = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
        let features = spans["features"].as_array_mut().unwrap();
        let shift = seed[0] as usize % features.len();
        features.rotate_left(shift);
        fs::write(&path, spans.to_string()).unwrap();
        let shuffled = read_scenario(scratch.path(), &ReadOptions::new()).unwrap();
        prop_assert_eq!(fingerprint(&plain.scenario), fingerprint(&shuffled.scenario));
        let ids = |reading: &fibreplan::read::Reading| -> Vec<String> {
            let tables = &reading.scenario.tables;
            let sites = tables.sites.rows.iter().map(|site| site.id.clone());
            sites.chain(tables.spans.iter().map(|span| span.id.clone())).collect()
        };
        prop_assert_eq!(ids(&plain), ids(&shuffled));
    }
}

/// A programme with money by year, and a schedule.
const SCHEDULE: &str = r#"[[programmes]]
id = "council"
budget_by_year_gbp = { "2019-20" = 1000, "2020-21" = 2000.50 }
carry_over = { at_most_gbp = 500 }
window = ["2019-20", "2020-21"]
eligible = {}

[schedule]
nested = true
earliest = { weights = { "2019-20" = 1, "2020-21" = 0.5 } }
limits = [{ metres = 9000 }, { year = "2019-20", where = { kind = ["school"] }, buildings = 3 }, { pounds = 5 }]
floors = [{ by = "2020-21", weight = "sites", at_least_share = 0.5 }, { by = "2019-20", weight = "patients", at_least = 1 }]
not_before_column = "note"
not_before = { A1 = "2020-21" }
by = { A2 = "2019-20" }
exchange_ready = { X1 = "2019-20" }
"#;

#[test]
fn the_schedule_that_is_damaged_is_sound_but_for_a_column_that_is_not_there() {
    let scratch = Scratch::base("spans");
    let path = scratch.path().join("scenario.toml");
    let sound = fs::read_to_string(&path).unwrap();
    let sound = sound.split("\n[rules]").next().unwrap();
    fs::write(&path, format!("{sound}\n{SCHEDULE}")).unwrap();
    let error = read_scenario(scratch.path(), &ReadOptions::new()).unwrap_err();
    let faults: Vec<String> = error.faults().iter().map(ToString::to_string).collect();
    assert!(faults.len() == 1 && faults[0].starts_with("P110"), "{faults:?}");
}

const HAND_MADE: &str = r#"{ "format": 1, "connected": ["A1"], "exchanges": [{ "id": "X1" }],
  "spans": [{ "id": "s1", "origin": "proximity", "ends": ["0,0", "100,0"] }] }"#;

#[test]
fn a_hand_made_plan_needs_four_keys() {
    let scratch = Scratch::empty();
    let path = scratch.path().join("plan.json");
    fs::write(&path, HAND_MADE).unwrap();
    let read = read_plan(&path).unwrap();
    assert_eq!(read.plan.connected, ["A1"]);
    assert_eq!(read.plan.spans[0].ends, ["0,0", "100,0"]);
    assert_eq!(read.claims, Claims::default());
    assert_eq!(read.plan.payments, []);
    fs::write(&path, r#"{ "format": 1, "connected": [], "exchanges": [], "spans": [] }"#).unwrap();
    assert_eq!(read_plan(&path).unwrap().plan, Plan::default());
}

#[test]
fn byte_order_marks_and_windows_line_ends_are_accepted() {
    let scratch = Scratch::base("waypoints");
    let plain = read_scenario(scratch.path(), &ReadOptions::new()).unwrap();
    for (name, bytes) in base_files("waypoints") {
        let text = String::from_utf8(bytes).unwrap().replace('\n', "\r\n");
        fs::write(scratch.path().join(name), format!("\u{feff}{text}")).unwrap();
    }
    let marked = read_scenario(scratch.path(), &ReadOptions::new()).unwrap();
    assert_eq!(fingerprint(&plain.scenario), fingerprint(&marked.scenario));
    assert_ne!(plain.scenario.tables.inputs, marked.scenario.tables.inputs, "the bytes differ");
}

#[test]
fn the_template_reads_whole_and_overwrites_nothing() {
    let scratch = Scratch::empty();
    let folder = scratch.path().join("mine");
    assert_eq!(write_template(&folder, Replace::Same).unwrap(), TEMPLATE.map(|(name, _)| name));
    let reading = read_scenario(&folder, &ReadOptions::new()).unwrap();
    assert_eq!(reading.notices, []);
    assert_eq!(reading.scenario.tables.sites.rows.len(), 5);
    write_template(&folder, Replace::Same).unwrap();
    fs::write(folder.join("sites.csv"), "mine").unwrap();
    for replace in [Replace::Same, Replace::Any] {
        let error = write_template(&folder, replace).unwrap_err();
        assert_eq!(error.kind().exit_code(), 2);
        assert!(error.to_string().contains("sites.csv"), "{error}");
    }
    assert_eq!(fs::read(folder.join("sites.csv")).unwrap(), b"mine");
}

#[test]
fn a_folder_without_a_scenario_is_wrong_use() {
    let scratch = Scratch::empty();
    let error = read_scenario(scratch.path(), &ReadOptions::new()).unwrap_err();
    assert_eq!(error.kind().exit_code(), 2);
    let error = read_plan(&scratch.path().join("plan.json")).unwrap_err();
    assert_eq!(error.kind().exit_code(), 2);
}

#[test]
fn tables_are_found_in_the_data_folder_after_the_scenario() {
    let scratch = Scratch::base("waypoints");
    let data = Scratch::empty();
    let sites = scratch.path().join("sites.csv");
    fs::rename(&sites, data.path().join("sites.csv")).unwrap();
    assert!(read_scenario(scratch.path(), &ReadOptions::new()).is_err());
    let options = ReadOptions::new().data_dir(data.path());
    let reading = read_scenario(scratch.path(), &options).unwrap();
    assert_eq!(reading.scenario.tables.inputs[1].file, "sites.csv", "no path is kept");
}
