//! Studies as folders: JSON and tables under the rules of all results, the same bytes on any number of threads.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::time::SystemTime;

use fibreplan::error::ErrorKind;
use fibreplan::prelude::*;
use fibreplan::status::Status;
use fibreplan::write::{FolderKind, MANIFEST, files_of};
use serde_json::Value;

use crate::commands::example;
use crate::scratch::Scratch;

/// The town's scenario with its network.
fn town() -> (Scenario, Prepared) {
    shipped("market-town")
}

/// A scenario of the project with its network.
fn shipped(name: &str) -> (Scenario, Prepared) {
    let folder = crate::project("data").join(name);
    let scenario = read_scenario(&folder, &ReadOptions::default()).unwrap().scenario;
    let prepared = prepare(&scenario).unwrap();
    (scenario, prepared)
}

/// Names and bytes.
type Files = Vec<(&'static str, Vec<u8>)>;

/// All studies of the town with everything that can be asked of them, as kind and files.
pub fn all() -> Vec<(FolderKind, Files)> {
    let (scenario, prepared) = town();
    let effort = Effort::of_work(2_000_000);
    let more = Pence::from_whole_pounds(10_000);
    let mut budgets = FrontierOptions::default();
    (budgets.effort, budgets.points, budgets.nested) = (effort.clone(), 3, true);
    budgets.more = vec![more];
    let mut ways = StrategiesOptions::default();
    ways.effort = effort.clone();
    let mut turns = ProgrammesOptions::default();
    (turns.effort, turns.raise) = (effort.clone(), Some(more));
    let mut sites = WhyNotOptions::default();
    (sites.effort, sites.steps) = (effort, 4);
    let frontier = frontier(&prepared, &scenario, &budgets, &mut Silent).unwrap();
    let strategies = strategies(&prepared, &scenario, &ways, &mut Silent).unwrap();
    let programmes = programmes(&prepared, &scenario, &turns, &mut Silent).unwrap();
    let explained = why_not(&prepared, &scenario, &sites, &mut Silent).unwrap();
    let (dated, of_dated) = shipped("market-town-years");
    let mut terms = YearsOptions::default();
    terms.effort = Effort::of_work(20_000_000);
    let schedules = years(&of_dated, &dated, &terms, &mut Silent).unwrap();
    let facts = RunFacts { started: SystemTime::UNIX_EPOCH, threads: 1, seconds: Vec::new() };
    let set_aside = crate::town::set_aside();
    [
        (&scenario, StudyAnswer::Frontier(&frontier)),
        (&scenario, StudyAnswer::Strategies(&strategies)),
        (&scenario, StudyAnswer::Programmes(&programmes)),
        (&scenario, StudyAnswer::WhyNot(&explained)),
        (&dated, StudyAnswer::Years(&schedules)),
    ]
    .into_iter()
    .map(|(scenario, answer)| {
        let notices = &[];
        let results =
            StudyResults { scenario, answer, notices, set_aside: &set_aside, facts: &facts };
        (answer.kind(), results.files())
    })
    .collect()
}

/// The command that makes a study.
pub fn command(kind: FolderKind) -> &'static str {
    if kind == FolderKind::Years { "schedule" } else { kind.word() }
}

#[test]
fn every_study_writes_the_files_of_its_list() {
    for (kind, files) in all() {
        let names: Vec<&str> = files.iter().map(|(name, _)| *name).collect();
        assert_eq!(names, files_of(kind), "{kind:?}");
        for (name, bytes) in files {
            assert!(bytes.ends_with(b"\n"), "{name}");
            if let Some(ending) = name.strip_suffix(".csv") {
                let mut reader = csv::Reader::from_reader(&bytes[..]);
                let width = reader.headers().unwrap().len();
                let rows: Vec<_> = reader.records().map(Result::unwrap).collect();
                assert!(rows.iter().all(|row| row.len() == width), "{ending}");
                assert!(!rows.is_empty(), "{ending}");
            } else {
                assert!(serde_json::from_slice::<Value>(&bytes).unwrap().is_object(), "{name}");
            }
        }
    }
}

/// The cells of a table by row and column.
fn table(bytes: &[u8]) -> Vec<BTreeMap<String, String>> {
    csv::Reader::from_reader(bytes).deserialize().map(Result::unwrap).collect()
}

/// What a cell and a value of JSON say alike.
fn same(cell: &str, value: &Value) -> bool {
    match value {
        Value::Null => cell.is_empty(),
        Value::Bool(is_so) => (cell == "yes") == *is_so,
        // The last digit is lost where JSON is read back.
        Value::Number(number) => cell
            .parse::<f64>()
            .ok()
            .zip(number.as_f64())
            .is_some_and(|(cell, number)| (cell - number).abs() <= number.abs() * f64::EPSILON),
        Value::String(text) => cell == text,
        Value::Array(texts) => {
            let texts: Vec<&str> = texts.iter().filter_map(Value::as_str).collect();
            cell == texts.join(" | ")
        }
        Value::Object(_) => false,
    }
}

#[test]
fn tables_say_what_the_json_beside_them_says() {
    for (kind, files) in all() {
        let of = |name: &str| &files.iter().find(|(own, _)| *own == name).unwrap().1;
        let word = kind.word();
        let answer: Value = serde_json::from_slice(of(&format!("{word}.json"))).unwrap();
        if kind == FolderKind::Years {
            assert_eq!(answer["scenario"], "market-town-years");
            years_say_the_same(&answer, &table(of("years.csv")), &table(of("worth_by_year.csv")));
            continue;
        }
        assert_eq!(answer["scenario"], "market-town");
        let key = match kind {
            FolderKind::Frontier => "points",
            FolderKind::WhyNot => "sites",
            _ => "rows",
        };
        let rows = table(of(&format!("{word}.csv")));
        let told = answer[key].as_array().unwrap();
        assert_eq!(rows.len(), told.len());
        let mut compared = 0;
        for (cells, values) in rows.iter().zip(told) {
            for (column, cell) in cells {
                if let Some(value) = values.get(column) {
                    assert!(same(cell, value), "{word}.{column}: {cell:?}, {value}");
                    compared += 1;
                }
            }
        }
        assert!(compared > 6 * rows.len(), "{word}: {compared} cells compared");
        if let Some(column) =
            ["status", "plan_status"].iter().find(|own| rows[0].contains_key(**own))
        {
            let typed = |cell: &str| serde_json::from_value::<Status>(cell.into()).is_ok();
            assert!(rows.iter().any(|cells| typed(&cells[*column])), "{word}");
            assert!(rows.iter().all(|cells| cells[*column].is_empty() || typed(&cells[*column])));
        }
    }
}

type Rows = Vec<BTreeMap<String, String>>;

/// The table has a row for each way and year, the JSON a list by year for each way.
fn years_say_the_same(answer: &Value, by_year: &Rows, worth: &Rows) {
    let years = answer["years"].as_array().unwrap();
    let ways = answer["rows"].as_array().unwrap();
    assert_eq!((years.len(), ways.len()), (3, 6));
    assert_eq!(by_year.len(), years.len() * ways.len());
    for (place, cells) in by_year.iter().enumerate() {
        let (way, year) = (&ways[place / years.len()], place % years.len());
        assert!(same(&cells["way"], &way["way"]) && same(&cells["year"], &years[year]));
        assert!(same(&cells["coverage"], &way["by_year"][year]), "{cells:?}");
        assert!(same(&cells["coverage_bound"], &way["bounds"][year]), "{cells:?}");
        if year + 1 == years.len() {
            assert!(same(&cells["coverage_years"], &way["coverage_years"]), "{cells:?}");
        }
    }
    let told = answer["worth"].as_array().unwrap();
    assert_eq!(worth.len(), told.len());
    for (cells, value) in worth.iter().zip(told) {
        assert!(cells.iter().all(|(column, cell)| same(cell, &value[column])), "{cells:?}");
    }
}

#[test]
fn a_folder_of_a_study_is_replaced_by_the_same_study_alone() {
    let (scenario, prepared) = town();
    let mut options = StrategiesOptions::default();
    options.effort = Effort::of_work(1_000_000);
    let found = strategies(&prepared, &scenario, &options, &mut Silent).unwrap();
    let facts = RunFacts::now();
    let results = StudyResults {
        scenario: &scenario,
        answer: StudyAnswer::Strategies(&found),
        notices: &[],
        set_aside: &[],
        facts: &facts,
    };
    let scratch = Scratch::empty();
    let out = scratch.path().join("out");
    for _ in 0..2 {
        results.write(&out, Replace::Same).unwrap();
        let manifest: Value =
            serde_json::from_slice(&fs::read(out.join(MANIFEST)).unwrap()).unwrap();
        assert_eq!(manifest["folder"], "strategies");
        assert_eq!(manifest["scenario"], "market-town");
        assert_eq!(manifest["files"].as_array().unwrap().len(), 3);
    }
    let outcome = &found.outcome;
    let plan =
        Results { scenario: &scenario, outcome, notices: &[], set_aside: &[], facts: &facts };
    assert_eq!(plan.write(&out, Replace::Same).unwrap_err().kind(), ErrorKind::Usage);
    plan.write(&out, Replace::Any).unwrap();
    assert_eq!(results.write(&out, Replace::Same).unwrap_err().kind(), ErrorKind::Usage);
    results.write(&out, Replace::Any).unwrap();
    fs::write(out.join("strategies.csv"), "changed").unwrap();
    assert_eq!(results.write(&out, Replace::Any).unwrap_err().kind(), ErrorKind::Usage);
}

/// Name and bytes of every file of a folder but the facts of the run.
fn bytes(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let entries = fs::read_dir(folder).unwrap().map(Result::unwrap);
    let files = entries.filter(|entry| entry.file_name() != "run.json");
    files
        .map(|entry| {
            let name = entry.file_name().to_string_lossy().into_owned();
            (name, fs::read(entry.path()).unwrap())
        })
        .collect()
}

/// The studies as commands that end by themselves.
const COMMANDS: [(&str, &[&str]); 5] = [
    ("frontier", &["data/market-town", "--points", "3", "--more-gbp", "5000", "--work", "3000000"]),
    ("strategies", &["data/market-town", "--work", "3000000"]),
    ("programmes", &["data/market-town", "--raise-gbp", "5000", "--work", "3000000"]),
    ("why_not", &["data/market-town", "--up-to", "2", "--work", "3000000"]),
    ("schedule", &["data/market-town-years", "--until", "2019-20", "--work", "3000000"]),
];

#[test]
fn the_folder_of_a_study_holds_the_same_bytes_on_one_and_two_threads() {
    let scratch = Scratch::empty();
    for (name, arguments) in COMMANDS {
        let out = |threads: &str| scratch.path().join(format!("{name}-{threads}"));
        for threads in ["1", "2"] {
            let Some(mut command) = example(name) else { return };
            command.args(arguments).args(["--threads", threads, "--quiet"]);
            let done = command.arg("--out").arg(out(threads)).output().unwrap();
            let told = String::from_utf8_lossy(&done.stderr);
            assert_eq!(done.status.code(), Some(0), "{name}: {told}");
            assert!(String::from_utf8_lossy(&done.stdout).contains("Written to "), "{name}");
        }
        let (one, two) = (bytes(&out("1")), bytes(&out("2")));
        assert!(one.len() >= 3, "{name}: {:?}", one.keys());
        assert!(one == two, "{name}: the files differ");
    }
}

#[test]
fn the_line_of_json_and_the_file_have_one_schema() {
    let scratch = Scratch::empty();
    for (name, arguments) in COMMANDS {
        let Some(mut command) = example(name) else { return };
        let out = scratch.path().join(name);
        command.args(arguments).args(["--json", "--quiet", "--out"]);
        let done = command.arg(&out).output().unwrap();
        let mut line: Value = serde_json::from_slice(&done.stdout).unwrap();
        let word = if name == "schedule" { "years" } else { name };
        let file = fs::read(out.join(format!("{word}.json"))).unwrap();
        if name == "strategies" {
            for row in line["rows"].as_array_mut().unwrap() {
                assert!(row["seconds"].is_f64());
                row["seconds"] = Value::Null;
            }
        }
        assert_eq!(serde_json::from_slice::<Value>(&file).unwrap(), line, "{name}");
    }
}

#[test]
fn a_folder_that_may_not_be_replaced_is_refused_before_the_work() {
    for (name, arguments) in COMMANDS {
        let Some(mut command) = example(name) else { return };
        let done = command.args([arguments[0], "--out", "data/market-town"]).output().unwrap();
        assert_eq!(done.status.code(), Some(2), "{name}");
        assert!(String::from_utf8_lossy(&done.stderr).contains("is a scenario folder"), "{name}");
        assert!(done.stdout.is_empty(), "{name}");
    }
}
