//! `data/README.md` names every key, column and code that is read or reported, and `data/RESULTS.md`
//! every file, column, property and key that is written; neither names anything else.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use fibreplan::network::prepare;
use fibreplan::read::{
    CROSSING_PROPERTIES, EXCHANGE_COLUMNS, KEYS, SITE_COLUMNS, SPAN_PROPERTIES, VARIANT_KEYS,
    WAY_COLUMNS, WAYPOINT_COLUMNS,
};
use fibreplan::report::Report;
use fibreplan::study::compare::{CompareRow, Comparison};
use fibreplan::write::{
    ComparisonResults, FolderKind, Results, RunFacts, SCHEDULE_COLUMNS, files_of, schedule_csv,
};
use serde_json::Value;

use crate::town;

const INPUTS: &str = include_str!("../../data/README.md");
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
        "funding.csv" | "site_funding.csv" | "build_list.csv" | "priority.csv" => header(bytes),
        "schedule.csv" => header(bytes).iter().map(|column| of_any_method(column)).collect(),
        "spans.geojson" => {
            let features = json()["features"].as_array().unwrap().clone();
            features.iter().flat_map(|feature| keys(&feature["properties"])).collect()
        }
        "run.json" => keys(&json()),
        // The schema describes the plan, and the summary describes itself.
        _ => Vec::new(),
    }
}

/// The columns of methods stand under one name.
fn of_any_method(column: &str) -> String {
    let is_of_method = column.starts_with("metres_");
    if is_of_method { "metres_METHOD".to_owned() } else { column.to_owned() }
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
    let prepared = prepare(&scenario).unwrap();
    let files = results.files_with(Some(&prepared));
    assert_eq!(files.len(), files_of(FolderKind::Plan).len());
    for (file, bytes) in files {
        assert!(files_of(FolderKind::Plan).contains(&file));
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

/// What stands as code in the first cells of the table under a heading.
fn listed(section: &str) -> BTreeSet<&'static str> {
    let heading = format!("\n## `{section}`\n");
    let body = DICTIONARY.split(heading.as_str()).nth(1).expect("the section is there");
    let rows = body.split("\n## ").next().unwrap_or("").lines();
    let first = rows.filter_map(|row| row.strip_prefix("| `")?.split(" |").next());
    first.flat_map(|cell| cell.split('`').step_by(2)).collect()
}

/// The columns of a table are those that its section lists.
fn hold_columns(file: &str, bytes: &[u8]) {
    assert!(DICTIONARY.contains(&format!("| `{file}` |")), "{file}");
    let header = header(bytes);
    let columns: BTreeSet<&str> = header.iter().map(String::as_str).collect();
    assert_eq!(columns, listed(file), "{file}");
}

/// All keys of a JSON, whatever they are in.
fn all_keys<'a>(value: &'a Value, found: &mut BTreeSet<&'a str>) {
    match value {
        Value::Object(inner) => {
            for (key, value) in inner {
                found.insert(key);
                all_keys(value, found);
            }
        }
        Value::Array(entries) => entries.iter().for_each(|entry| all_keys(entry, found)),
        _ => {}
    }
}

/// The keys that a command's row under `--json` names.
fn named_keys(command: &str) -> BTreeSet<&'static str> {
    let row = format!("\n| `{command}` | ");
    let row = DICTIONARY.split(row.as_str()).last().and_then(|rest| rest.lines().next());
    row.unwrap().split('`').skip(1).step_by(2).collect()
}

/// The keys of a command's JSON are those that its row under `--json` names.
fn hold_keys(command: &str, bytes: &[u8]) {
    let value: Value = serde_json::from_slice(bytes).unwrap();
    let mut keys = BTreeSet::new();
    all_keys(&value, &mut keys);
    assert_eq!(keys, named_keys(command), "{command}");
}

#[test]
fn every_file_of_a_comparison_and_what_it_holds_is_in_the_dictionary() {
    let scenario = town::scenario();
    let outcome = town::outcome();
    let row = |name: &str| CompareRow {
        name: name.to_owned(),
        title: String::new(),
        scenario: Some(scenario.clone()),
        outcome: Some(outcome.clone()),
        reasons: Vec::new(),
        seconds: 1.0,
    };
    let mut rows = vec![row("base"), row("other")];
    let plan = rows[1].outcome.as_mut().and_then(|outcome| outcome.plan.as_mut()).unwrap();
    plan.connected.pop();
    let comparison = Comparison { rows };
    let facts = RunFacts { started: SystemTime::UNIX_EPOCH, threads: 1, seconds: Vec::new() };
    let results = ComparisonResults { comparison: &comparison, remarks: &[], facts: &facts };
    let mut files = results.files();
    files.retain(|(name, _)| !name.contains('/'));
    let names: Vec<&str> = files.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, files_of(FolderKind::Comparison));
    for (file, bytes) in &files {
        match file.strip_suffix(".json") {
            Some(_) => hold_keys("compare", bytes),
            None => hold_columns(file, bytes),
        }
    }
}

#[test]
fn every_file_of_a_study_and_what_it_holds_is_in_the_dictionary() {
    for (kind, files) in crate::studies::all() {
        for (file, bytes) in files {
            assert!(DICTIONARY.contains(&format!("`{file}`")), "{file}");
            match Path::new(file).extension().and_then(|ending| ending.to_str()) {
                _ if ["run.json", "rejected.csv"].contains(&file) => {}
                Some("json") => hold_keys(crate::studies::command(kind), &bytes),
                _ => hold_columns(file, &bytes),
            }
        }
    }
}

#[test]
fn the_columns_of_a_schedule_are_those_of_the_dictionary_and_no_other() {
    let report = Report::of(&town::scenario(), &town::outcome());
    let columns = header(&schedule_csv(&report.years));
    let columns: BTreeSet<String> = columns.iter().map(|column| of_any_method(column)).collect();
    let columns: BTreeSet<&str> = columns.iter().map(String::as_str).collect();
    assert_eq!(columns, listed("schedule.csv"));
    assert!(SCHEDULE_COLUMNS.iter().all(|column| columns.contains(column)));
}

#[test]
fn every_key_of_a_line_of_json_is_in_the_dictionary() {
    let scratch = crate::scratch::Scratch::empty();
    let place = |name: &str| scratch.path().join(name).to_str().unwrap().to_owned();
    let (stp, out, broken) = (place("town.stp"), place("out"), place("broken.json"));
    let run = |name: &str, arguments: &[&str]| -> Option<Vec<u8>> {
        let mut command = crate::commands::example(name)?;
        Some(command.args(arguments).args(["--json", "--quiet"]).output().unwrap().stdout)
    };
    let town = "data/market-town";
    let Some(checked) = run("plan", &[town, "--check-only", "--stp", &stp]) else { return };
    hold_keys("plan --check-only", &checked);
    run("plan", &[town, "--out", &out]).unwrap();
    let plan_file = Path::new(&out).join("plan.json").to_str().unwrap().to_owned();
    let plan = fs::read_to_string(&plan_file).unwrap();
    fs::write(&broken, plan.replacen("\"cost_pence\": ", "\"cost_pence\": 1", 1)).unwrap();
    hold_keys("check_plan", &run("check_plan", &[town, &broken]).unwrap());
    let solved = run("solve_stp", &[&stp, "--work", "1000"]).unwrap();
    hold_keys("solve_stp", &solved);
    let page = place("page.html");
    hold_keys("report", &run("report", &[town, "--plan", &plan_file, "--out", &page]).unwrap());
    // These have keys of the user's: phases, kinds of lines, codes.
    for (name, arguments) in
        [("plan", vec![town, "--out", &out]), ("build_network", vec![town, "--clean-up"])]
    {
        let line: Value = serde_json::from_slice(&run(name, &arguments).unwrap()).unwrap();
        let mut line = line.as_object().unwrap().clone();
        assert!(line.remove("seconds").unwrap().is_object());
        let mut line = Value::Object(line);
        if let Some(network) = line.get_mut("network").and_then(Value::as_object_mut) {
            network.remove("crossings").unwrap();
            network.remove("notices").unwrap();
        }
        let mut keys = BTreeSet::new();
        all_keys(&line, &mut keys);
        let mut named = named_keys(name);
        for taken in ["seconds", "crossings", "notices"] {
            named.remove(taken);
        }
        assert_eq!(keys, named, "{name}");
    }
}

/// What stands as code in the first cells of the tables of `data/README.md`.
fn entries() -> BTreeSet<&'static str> {
    let rows = INPUTS.lines().filter(|line| line.starts_with("| `"));
    rows.flat_map(|row| row.split('|').nth(1).unwrap_or("").split('`').skip(1).step_by(2)).collect()
}

#[test]
fn every_key_and_column_that_is_read_is_in_the_dictionary() {
    let entries = entries();
    let of_lines = [SPAN_PROPERTIES, WAY_COLUMNS, CROSSING_PROPERTIES].concat();
    let tables = [SITE_COLUMNS, EXCHANGE_COLUMNS, WAYPOINT_COLUMNS, &of_lines];
    let lists = [KEYS.to_vec(), VARIANT_KEYS.to_vec(), tables.concat()].concat();
    let missing: Vec<&str> = lists.into_iter().filter(|entry| !entries.contains(entry)).collect();
    assert_eq!(missing, Vec::<&str>::new());
    let known: BTreeSet<&str> = KEYS.iter().chain(VARIANT_KEYS).copied().collect();
    let invented: Vec<&&str> =
        entries.iter().filter(|entry| entry.contains('.') && !known.contains(**entry)).collect();
    assert_eq!(invented, Vec::<&&str>::new());
}

fn is_code(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.len() == 4
        && b"FSXWNRPOVUIE".contains(&bytes[0])
        && bytes[1..].iter().all(u8::is_ascii_digit)
}

pub fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(sources(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
    found
}

/// Codes that stand in quotes in the sources under a folder.
pub fn codes_in(folder: &str) -> BTreeSet<String> {
    let mut codes = BTreeSet::new();
    for path in sources(&crate::project(folder)) {
        let text = fs::read_to_string(path).unwrap();
        // Reasons of infeasibility begin with their code.
        let quoted = text.split('"').filter_map(|part| part.split(':').next());
        codes.extend(quoted.filter(|part| is_code(part)).map(str::to_owned));
    }
    codes
}

#[test]
fn every_code_that_is_reported_is_in_the_dictionary_and_no_other() {
    let reported = codes_in("src");
    let rows = INPUTS.lines().filter(|line| line.starts_with("| "));
    let words = rows.flat_map(|row| row.split('|').nth(1).unwrap_or("").split_whitespace());
    let listed: BTreeSet<String> = words.filter(|word| is_code(word)).map(str::to_owned).collect();
    let missing: Vec<&String> = reported.difference(&listed).collect();
    let unused: Vec<&String> = listed.difference(&reported).collect();
    assert_eq!((missing, unused), (vec![], vec![]));
}
