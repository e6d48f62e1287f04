//! The same question gives the same bytes: whatever else runs, and for any order of the rows.

use std::fs;
use std::path::{Path, PathBuf};

use fibreplan::plan::PlanFile;
use fibreplan::read::{ReadOptions, read_scenario};
use fibreplan::solve::{SolveOptions, solve};
use fibreplan::write::plan_json;

fn shipped(name: &str) -> PathBuf {
    crate::project("data").join(name)
}

fn planned(folder: &Path) -> PlanFile {
    let reading = read_scenario(folder, &ReadOptions::new()).expect("a scenario without faults");
    let mut options = SolveOptions::default();
    options.effort.work = Some(30_000_000);
    PlanFile::of(&solve(&reading.scenario, &options).expect("an outcome"))
}

#[test]
fn solves_side_by_side_change_no_byte() {
    for name in ["market-town", "county"] {
        let text = || plan_json(&planned(&shipped(name)));
        let (one, two) = std::thread::scope(|scope| {
            let other = scope.spawn(text);
            (text(), other.join().expect("a plan"))
        });
        assert!(one.len() > 1_000);
        assert_eq!(one, two, "{name}");
    }
}

/// A copy of a scenario with the rows of every table in another order.
fn shuffled(name: &str) -> PathBuf {
    let copy = std::env::temp_dir().join(format!("fibreplan-{}-{name}", std::process::id()));
    let _ = fs::remove_dir_all(&copy);
    fs::create_dir_all(&copy).expect("a temporary folder");
    for entry in fs::read_dir(shipped(name)).expect("a shipped scenario") {
        let path = entry.expect("an entry").path();
        let to = copy.join(path.file_name().expect("a file name"));
        let text = fs::read_to_string(&path).expect("text");
        let changed = match path.extension().and_then(|extension| extension.to_str()) {
            Some("csv") => {
                let (head, rows) = text.split_once('\n').expect("a head line");
                let mut rows: Vec<&str> = rows.lines().collect();
                rows.reverse();
                let middle = rows.len() / 3;
                rows.rotate_left(middle);
                format!("{head}\n{}\n", rows.join("\n"))
            }
            Some("geojson") => {
                let mut document: serde_json::Value = serde_json::from_str(&text).expect("JSON");
                let features = document["features"].as_array_mut().expect("features");
                features.reverse();
                document.to_string()
            }
            _ => text,
        };
        fs::write(to, changed).expect("a copy");
    }
    copy
}

#[test]
fn the_order_of_rows_changes_nothing_but_the_hashes() {
    for name in ["market-town", "county"] {
        let mut original = planned(&shipped(name));
        let copy = shuffled(name);
        let mut other = planned(&copy);
        let hashes = |plan: &PlanFile| -> Vec<String> {
            let provenance = plan.provenance.as_ref().expect("a provenance");
            provenance.inputs.iter().map(|input| input.sha256.clone()).collect()
        };
        assert_ne!(hashes(&original), hashes(&other), "the rows of {name} were not shuffled");
        for plan in [&mut original, &mut other] {
            plan.scenario = None;
            plan.provenance = None;
        }
        assert_eq!(plan_json(&original), plan_json(&other), "{name}");
        fs::remove_dir_all(copy).expect("the copy can be removed");
    }
}
