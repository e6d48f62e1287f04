//! The commands keep their exit codes and leave nothing half written.
//!
//! `cargo test` builds the examples beside the tests; where only this binary was built, these tests say
//! so and pass.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// Where the example of a name has been built.
pub fn path_of(name: &str) -> Option<PathBuf> {
    let here = std::env::current_exe().unwrap();
    let folder = here.parent().unwrap().parent().unwrap().join("examples");
    let path = folder.join(format!("{name}{}", std::env::consts::EXE_SUFFIX));
    if !path.is_file() {
        eprintln!("{name} is not built; `cargo test` without a filter of targets builds it");
        return None;
    }
    Some(path)
}

/// The example of a name, where it has been built.
pub fn example(name: &str) -> Option<Command> {
    let mut command = Command::new(path_of(name)?);
    command.current_dir(crate::project(""));
    Some(command)
}

struct Scratch(PathBuf);

impl Scratch {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("fibreplan-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn run(mut command: Command, arguments: &[&Path]) -> Output {
    command.args(arguments).output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

fn town() -> &'static Path {
    Path::new("data/market-town")
}

#[test]
fn a_town_is_planned_checked_and_judged() {
    let scratch = Scratch::new("commands");
    let (Some(plan), Some(again), Some(check), Some(judge)) =
        (example("plan"), example("plan"), example("check_plan"), example("check_plan"))
    else {
        return;
    };
    let out = scratch.path("out");
    let done = run(plan, &[town(), Path::new("--out"), &out, Path::new("--json")]);
    assert_eq!(done.status.code(), Some(0), "{}", text(&done.stderr));
    let line = text(&done.stdout);
    assert_eq!(line.lines().count(), 1);
    let answer: serde_json::Value = serde_json::from_str(&line).unwrap();
    let keys = [
        "status",
        "objective",
        "bound",
        "gap",
        "cost_gbp",
        "sites",
        "connected",
        "network_nodes",
        "network_edges",
        "seconds",
    ];
    assert!(keys.iter().all(|key| answer.get(key).is_some()), "{line}");
    let first = fs::read(out.join("plan.json")).unwrap();

    let same = ["--out", out.to_str().unwrap(), "--seed", "0"].map(Path::new);
    let done = run(again, &[&[town()], &same[..]].concat());
    assert_eq!(done.status.code(), Some(0));
    assert!(text(&done.stdout).starts_with("A made-up market town"));
    assert_eq!(fs::read(out.join("plan.json")).unwrap(), first, "the same bytes again");

    let done = run(check, &[town(), &out.join("plan.json")]);
    assert_eq!(done.status.code(), Some(0), "{}", text(&done.stdout));

    let mut broken: serde_json::Value = serde_json::from_slice(&first).unwrap();
    broken["spans"][0]["cost_pence"] = 1.into();
    let file = scratch.path("broken.json");
    fs::write(&file, broken.to_string()).unwrap();
    let done = run(judge, &[town(), &file]);
    assert_eq!(done.status.code(), Some(4));
    assert!(text(&done.stdout).contains("V210"), "{}", text(&done.stdout));
}

#[test]
fn a_hand_made_plan_without_payments_is_completed_and_told_so() {
    let scratch = Scratch::new("hand-made");
    let (Some(plan), Some(check)) = (example("plan"), example("check_plan")) else { return };
    let out = scratch.path("out");
    run(plan, &[town(), Path::new("--out"), &out]);
    let whole: serde_json::Value =
        serde_json::from_slice(&fs::read(out.join("plan.json")).unwrap()).unwrap();
    let mut hand_made = serde_json::Map::new();
    for key in ["format", "connected", "exchanges", "spans"] {
        hand_made.insert(key.to_owned(), whole[key].clone());
    }
    let file = scratch.path("hand.json");
    fs::write(&file, serde_json::Value::Object(hand_made).to_string()).unwrap();
    let done = run(check, &[town(), &file]);
    assert_eq!(done.status.code(), Some(0), "{}", text(&done.stdout));
    assert!(text(&done.stdout).contains("names no payments"));
}

#[test]
fn wrong_use_faults_and_failing_writes_have_their_own_codes() {
    let scratch = Scratch::new("codes");
    let plan = |arguments: &[&str]| -> Option<Output> {
        let arguments: Vec<&Path> = arguments.iter().map(Path::new).collect();
        Some(run(example("plan")?, &arguments))
    };
    let Some(done) = plan(&["--no-such-option"]) else { return };
    assert_eq!(done.status.code(), Some(2));
    let code = |arguments: &[&str]| plan(arguments).and_then(|done| done.status.code());
    assert_eq!(code(&["data/market-town", "--gap", "7"]), Some(2));
    assert_eq!(code(&[scratch.0.to_str().unwrap()]), Some(2), "no scenario in the folder");

    let done = plan(&["data/market-town", "--out", "data/market-town"]).unwrap();
    assert_eq!(done.status.code(), Some(2));
    assert!(text(&done.stderr).contains("is a scenario folder"));

    let faulty = scratch.path("faulty");
    fs::create_dir(&faulty).unwrap();
    fs::write(faulty.join("scenario.toml"), "format = 1\nname = \"x\"\n").unwrap();
    let done = plan(&[faulty.to_str().unwrap(), "--check-only"]).unwrap();
    assert_eq!(done.status.code(), Some(3));
    assert!(text(&done.stderr).lines().count() > 2, "{}", text(&done.stderr));

    let file = scratch.path("file");
    fs::write(&file, "in the way").unwrap();
    assert_eq!(code(&["data/market-town", "--out", file.to_str().unwrap()]), Some(5));
    assert_eq!(
        code(&["data/market-town", "--check-only", "--stp", file.to_str().unwrap()]),
        Some(2)
    );
    assert_eq!(fs::read_to_string(&file).unwrap(), "in the way");
    let long = scratch.path(&"a".repeat(300));
    assert_eq!(code(&["data/market-town", "--out", long.to_str().unwrap()]), Some(5));
}

#[test]
fn a_faulty_variant_is_a_row_and_a_faulty_file_is_not() {
    let scratch = Scratch::new("variants");
    let file = scratch.path("variants.toml");
    let out = scratch.path("out");
    let compare = |text: &str| -> Option<Output> {
        fs::write(&file, text).unwrap();
        let flags = ["--variants", file.to_str().unwrap(), "--out", out.to_str().unwrap()];
        let flags: Vec<&Path> = flags.iter().map(Path::new).collect();
        Some(run(example("compare")?, &[&[town()], &flags[..]].concat()))
    };
    let bad = "[[variants]]\nname = \"bad\"\nset.rate_card.drop_gbp = \"x\"\n";
    let Some(done) = compare(bad) else { return };
    assert_eq!(done.status.code(), Some(0), "{}", text(&done.stderr));
    assert!(text(&done.stdout).contains("Faulty"));
    assert!(text(&done.stderr).contains("F105 variants.toml row 3, bad.set.rate_card.drop_gbp"));
    let table = fs::read_to_string(out.join("comparison.csv")).unwrap();
    assert_eq!(table.lines().count(), 3, "{table}");
    assert!(out.join("base/plan.json").is_file() && !out.join("bad").exists());
    assert_eq!(compare(&format!("{bad}{bad}")).unwrap().status.code(), Some(3));
    let none = [town(), Path::new("--variants"), &scratch.path("none.toml")];
    assert_eq!(run(example("compare").unwrap(), &none).status.code(), Some(2));
}

#[test]
fn the_network_can_be_checked_and_handed_to_other_solvers_without_planning() {
    let scratch = Scratch::new("stp");
    let Some(plan) = example("plan") else { return };
    let stp = scratch.path("town.stp");
    let arguments = [town(), Path::new("--check-only"), Path::new("--stp"), &stp];
    let done = run(plan, &arguments);
    assert_eq!(done.status.code(), Some(0), "{}", text(&done.stderr));
    let problem = fs::read_to_string(&stp).unwrap();
    let problem = fibreplan::engine::stp::read_stp("town.stp", &problem).unwrap();
    let nodes = fs::read_to_string(scratch.path("town.stp.nodes.csv")).unwrap();
    assert_eq!(nodes.lines().count(), problem.instance.nodes() + 1);
    assert!(nodes.lines().last().unwrap().ends_with("root,,"));
}

/// Every command with arguments that keep it short, for what holds of all of them.
const SHORT: &[(&str, &[&str])] = &[
    ("plan", &["data/market-town", "--check-only"]),
    ("build_network", &["data/market-town"]),
    ("frontier", &["data/market-town", "--points", "2", "--work", "1000000"]),
    ("strategies", &["data/market-town", "--work", "1000000", "--quiet"]),
    ("programmes", &["data/market-town", "--work", "1000000", "--json"]),
    ("why_not", &["data/market-town", "--up-to", "1", "--work", "1000000"]),
    ("schedule", &["data/market-town-years", "--work", "1000000"]),
    ("quickstart", &[]),
    ("plan", &["--help"]),
];

#[test]
fn a_reader_who_leaves_early_ends_a_command_quietly() {
    for (name, arguments) in SHORT {
        let Some(mut command) = example(name) else { return };
        let command = command.args(*arguments).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut running = command.spawn().unwrap();
        drop(running.stdout.take());
        let done = running.wait_with_output().unwrap();
        assert_eq!(done.status.code(), Some(0), "{name}: {}", text(&done.stderr));
        assert!(!text(&done.stderr).contains("panicked"), "{name}: {}", text(&done.stderr));
    }
}

#[test]
fn a_full_disk_is_an_error_and_no_panic() {
    let Ok(full) = fs::File::options().write(true).open("/dev/full") else {
        eprintln!("there is no /dev/full here: skipped");
        return;
    };
    for (name, arguments) in SHORT {
        let Some(mut command) = example(name) else { return };
        let command = command.args(*arguments).stdout(full.try_clone().unwrap());
        let done = command.stderr(Stdio::piped()).output().unwrap();
        assert_eq!(done.status.code(), Some(5), "{name}: {}", text(&done.stderr));
        assert!(!text(&done.stderr).contains("panicked"), "{name}: {}", text(&done.stderr));
    }
}

#[cfg(unix)]
#[test]
fn an_interrupted_study_gives_what_it_has() {
    let variants = "data/county/variants.toml";
    let scratch = Scratch::new("interrupted");
    for (name, arguments) in [
        ("frontier", vec!["data/county", "--json", "--gap", "0"]),
        ("programmes", vec!["data/county", "--json"]),
        ("strategies", vec!["data/county", "--json"]),
        ("why_not", vec!["data/county", "--json"]),
        ("compare", vec!["data/county", "--json", "--variants", variants]),
    ] {
        let Some(mut command) = example(name) else { return };
        let out = scratch.path(name);
        command.args(arguments).arg("--out").arg(&out);
        let command = command.stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut running = command.spawn().unwrap();
        // The first line of progress says that an interrupt will be answered.
        let mut lines = BufReader::new(running.stderr.take().unwrap()).lines();
        let planning = lines.any(|line| line.unwrap().contains(" | "));
        if planning {
            let id = running.id().to_string();
            assert!(Command::new("kill").args(["-INT", &id]).status().unwrap().success());
        }
        let rest = std::thread::spawn(move || lines.map_while(Result::ok).collect::<Vec<_>>());
        let done = running.wait_with_output().unwrap();
        let told = rest.join().unwrap();
        assert_eq!(done.status.code(), Some(if planning { 130 } else { 0 }), "{name}: {told:?}");
        let answer: serde_json::Value = serde_json::from_slice(&done.stdout).unwrap();
        assert!(answer.is_object(), "{name}: {answer}");
        // What it has is written too, and every row says how far it is proven.
        let word = if name == "compare" { "comparison" } else { name };
        let file = fs::read(out.join(format!("{word}.json"))).unwrap();
        let written: serde_json::Value = serde_json::from_slice(&file).unwrap();
        let keys = |value: &serde_json::Value| -> Vec<String> {
            value.as_object().unwrap().keys().cloned().collect()
        };
        assert_eq!(keys(&written), keys(&answer), "{name}");
        if name == "frontier" {
            let points = written["points"].as_array().unwrap();
            assert!(points.iter().all(|point| point["status"].is_string()), "{written}");
        }
        let table = fs::read_to_string(out.join(format!("{word}.csv"))).unwrap();
        assert!(table.lines().count() >= 1, "{name}");
    }
}

#[test]
fn no_text_for_people_is_wider_than_the_page() {
    let scratch = Scratch::new("width");
    let variants = scratch.path("variants.toml");
    let changed = "[[variants]]\nname = \"a-name-of-some-length\"\nset.rate_card.drop_gbp = 900\n";
    fs::write(&variants, changed).unwrap();
    let (out, variants) = (scratch.path("out"), variants.to_str().unwrap());
    let mut cases: Vec<(&str, Vec<&str>)> = [
        "plan",
        "check_plan",
        "strategies",
        "compare",
        "programmes",
        "frontier",
        "why_not",
        "schedule",
        "build_network",
        "import_nhs",
        "new_scenario",
        "make_county",
        "solve_stp",
        "solve_folder",
    ]
    .map(|name| (name, vec!["--help"]))
    .into();
    let (out, dated) = (out.to_str().unwrap(), scratch.path("dated"));
    let dated = dated.to_str().unwrap();
    cases.extend([
        ("plan", vec!["data/market-town", "--quiet", "--out", out]),
        ("plan", vec!["data/market-town-years", "--work", "9000000", "--out", dated]),
        ("schedule", vec!["data/market-town-years", "--work", "1000000", "--until", "2019-20"]),
        ("plan", vec!["data/market-town", "--check-only"]),
        ("quickstart", vec![]),
        ("tour", vec![out]),
        ("compare", vec!["data/market-town", "--variants", variants]),
        ("why_not", vec!["data/market-town", "--up-to", "2", "--work", "1000000"]),
        ("programmes", vec!["data/market-town", "--raise-gbp", "9000", "--work", "1000000"]),
    ]);
    for (name, arguments) in cases {
        let Some(mut command) = example(name) else { return };
        let done = command.args(&arguments).output().unwrap();
        let told = text(&done.stdout);
        assert_eq!(done.status.code(), Some(0), "{name}: {}", text(&done.stderr));
        for line in told.lines().filter(|line| !line.starts_with("Written to ")) {
            assert!(line.chars().count() <= 100, "{name} {arguments:?}: {line}");
            assert!(!line.contains("GBP") || arguments == ["--help"], "{name}: {line}");
        }
    }
}
