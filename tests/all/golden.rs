//! The result files of the hand-built town, byte for byte.
//!
//! `FIBREPLAN_BLESS=1 cargo test golden` writes the files anew; read the difference before you commit.

use std::fs;
use std::path::PathBuf;
use std::time::SystemTime;

use fibreplan::error::Fault;
use fibreplan::plan::{Outcome, PlanFile};
use fibreplan::status::Status;
use fibreplan::write::{Results, RunFacts};

use crate::town;

fn golden_folder() -> PathBuf {
    crate::project("tests/golden")
}

/// Compares bytes with a stored file; the message shows the first line that differs.
fn hold(name: &str, bytes: &[u8]) {
    let path = golden_folder().join(name);
    if std::env::var_os("FIBREPLAN_BLESS").is_some_and(|value| value == "1") {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, bytes).unwrap();
    }
    let stored = fs::read(&path).unwrap_or_else(|error| panic!("{name}: {error}"));
    if stored == bytes {
        return;
    }
    let (stored, made) = (String::from_utf8_lossy(&stored), String::from_utf8_lossy(bytes));
    let pairs = stored.lines().zip(made.lines()).enumerate();
    for (line, (expected, found)) in pairs {
        assert_eq!(expected, found, "{name}, line {}", line + 1);
    }
    panic!("{name}: {} lines stored, {} made", stored.lines().count(), made.lines().count());
}

fn files(outcome: &Outcome) -> Vec<(&'static str, Vec<u8>)> {
    let scenario = town::scenario();
    let facts =
        RunFacts { started: SystemTime::UNIX_EPOCH, threads: 2, seconds: vec![("read", 0.5)] };
    let notices = [
        Fault::notice("S140", "the kind is not a known one", "check its spelling")
            .at("sites.csv", Some(9), "kind")
            .value("surgeyr"),
        Fault::notice("S140", "the kind is not a known one", "check its spelling"),
    ];
    Results {
        scenario: &scenario,
        outcome,
        notices: &notices,
        set_aside: &town::set_aside(),
        facts: &facts,
    }
    .files()
}

#[test]
fn the_files_of_a_plan_are_as_stored() {
    for (name, bytes) in files(&town::outcome()) {
        if name != "run.json" {
            hold(&format!("town/{name}"), &bytes);
        }
    }
}

#[test]
fn the_files_without_a_plan_are_as_stored() {
    let mut outcome = Outcome::new(Status::Infeasible, town::outcome().provenance);
    outcome.reasons = vec!["I410 required site D1 cannot be paid for: GBP 12.00 short".to_owned()];
    for (name, bytes) in files(&outcome) {
        if matches!(name, "plan.json" | "summary.txt") {
            hold(&format!("infeasible/{name}"), &bytes);
        }
    }
}

#[test]
fn a_plan_reads_back_as_it_was_written() {
    let outcome = town::outcome();
    let files = files(&outcome);
    let text = &files.iter().find(|(name, _)| *name == "plan.json").unwrap().1;
    let read: PlanFile = serde_json::from_slice(text).unwrap();
    assert_eq!(read, PlanFile::of(&outcome));
    assert_eq!(Some(read.into_plan()), outcome.plan);
}

#[test]
fn the_run_is_told_apart_and_names_no_host() {
    let files = files(&town::outcome());
    let text =
        String::from_utf8(files.into_iter().find(|(name, _)| *name == "run.json").unwrap().1);
    let run: serde_json::Value = serde_json::from_str(&text.unwrap()).unwrap();
    assert_eq!(run["started_utc"], "1970-01-01T00:00:00Z");
    assert_eq!(run["seconds_total"], 2.25);
    assert_eq!(run["seconds"][0]["phase"], "read");
    let keys: Vec<&String> = run.as_object().unwrap().keys().collect();
    assert_eq!(keys.len(), 11, "{keys:?}");
}

#[test]
fn the_summary_keeps_to_one_hundred_columns() {
    for (name, bytes) in files(&town::outcome()) {
        if name == "summary.txt" {
            let text = String::from_utf8(bytes).unwrap();
            assert!(text.lines().all(|line| line.chars().count() <= 100));
        }
    }
}
