//! `data/RESULTS.md` names every file, column, property and key that is written.

use std::collections::BTreeSet;
use std::time::SystemTime;

use fibreplan::write::{RESULT_FILES, Results, RunFacts};
use serde_json::Value;

use crate::town;

const DICTIONARY: &str = include_str!("../../data/RESULTS.md");

/// The words set as code in the section of a file.
fn words(section: &str) -> BTreeSet<&'static str> {
    let heading = format!("\n## `{section}`\n");
    let body = DICTIONARY.split(heading.as_str()).nth(1).expect("the section is there");
    let body = body.split("\n## ").next().unwrap_or("");
    body.split('`').skip(1).step_by(2).collect()
}

fn keys(value: &Value) -> Vec<String> {
    value.as_object().unwrap().keys().cloned().collect()
}

/// What a file holds that needs an entry.
fn named(file: &str, bytes: &[u8]) -> Vec<String> {
    let json = || serde_json::from_slice::<Value>(bytes).unwrap();
    match file {
        "sites.csv" | "rejected.csv" => {
            let header = header(bytes);
            let ours =
                |column: &String| column.starts_with("plan_") || column.starts_with("fault_");
            header.into_iter().filter(ours).collect()
        }
        "funding.csv" | "site_funding.csv" | "build_list.csv" => header(bytes),
        "spans.geojson" => {
            let features = json()["features"].as_array().unwrap().clone();
            features.iter().flat_map(|feature| keys(&feature["properties"])).collect()
        }
        "run.json" => keys(&json()),
        // The schema describes the plan, and the summary describes itself.
        _ => Vec::new(),
    }
}

fn header(bytes: &[u8]) -> Vec<String> {
    let mut reader = csv::Reader::from_reader(bytes);
    reader.headers().unwrap().iter().map(str::to_owned).collect()
}

#[test]
fn every_result_file_and_what_it_holds_is_in_the_dictionary() {
    let (scenario, outcome) = (town::scenario(), town::outcome());
    let facts = RunFacts { started: SystemTime::UNIX_EPOCH, threads: 1, seconds: Vec::new() };
    let set_aside = town::set_aside();
    let results = Results {
        scenario: &scenario,
        outcome: &outcome,
        notices: &[],
        set_aside: &set_aside,
        facts: &facts,
    };
    let files = results.files();
    assert_eq!(files.len(), RESULT_FILES.len());
    for (file, bytes) in files {
        assert!(RESULT_FILES.contains(&file));
        assert!(DICTIONARY.contains(&format!("| `{file}` |")), "{file}");
        let named = named(file, &bytes);
        if named.is_empty() {
            continue;
        }
        let words = words(file);
        for name in named {
            assert!(words.contains(name.as_str()), "{file}: {name}");
        }
    }
}
