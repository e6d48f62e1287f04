//! A plan in the Open Fibre Data Standard: references lead somewhere, and where the standard's checker is at
//! hand, it finds nothing wrong.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

use fibreplan::model::Scenario;
use fibreplan::plan::{Item, Outcome};
use fibreplan::prelude::{ReadOptions, SolveOptions, read_scenario, solve};
use fibreplan::report::Report;
use fibreplan::write::{OfdsVersion, ofds, ofds_file};
use serde_json::Value;

use crate::scratch::Scratch;
use crate::{hostile, town};

const VERSIONS: [(OfdsVersion, &str); 2] = [(OfdsVersion::V0_3, "v03"), (OfdsVersion::V0_4, "v04")];

fn text(scenario: &Scenario, outcome: &Outcome, version: OfdsVersion) -> String {
    ofds(scenario, outcome, &Report::of(scenario, outcome), version)
}

fn list<'a>(network: &'a Value, key: &str) -> &'a [Value] {
    network[key].as_array().map_or(&[], Vec::as_slice)
}

fn ids(network: &Value, key: &str) -> BTreeSet<String> {
    let rows = list(network, key);
    let ids: BTreeSet<String> =
        rows.iter().map(|row| row["id"].as_str().unwrap().to_owned()).collect();
    assert_eq!(ids.len(), rows.len(), "two {key} of one id");
    ids
}

#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // lengths of tests are short
fn hold(text: &str, outcome: &Outcome) {
    let package: Value = serde_json::from_str(text).unwrap();
    let network = &package["networks"][0];
    let plan = outcome.plan.as_ref().unwrap();
    let [nodes, phases, organisations] =
        ["nodes", "phases", "organisations"].map(|key| ids(network, key));
    assert_eq!(ids(network, "spans").len(), plan.spans.len());
    let known = |ids: &BTreeSet<String>, id: &Value| ids.contains(id.as_str().unwrap());
    let (mut millimetres, mut paid) = (0, 0);
    for span in list(network, "spans") {
        assert!(known(&nodes, &span["start"]) && known(&nodes, &span["end"]));
        if span["phase"].is_object() {
            assert!(known(&phases, &span["phase"]["id"]), "{span}");
            paid += 1;
        }
        let route = span["route"]["coordinates"].as_array().unwrap();
        let place =
            |id: &Value| list(network, "nodes").iter().find(|node| node["id"] == *id).unwrap();
        assert_eq!(route.first(), Some(&place(&span["start"])["location"]["coordinates"]));
        assert_eq!(route.last(), Some(&place(&span["end"])["location"]["coordinates"]));
        millimetres += (span["fibreLength"].as_f64().unwrap() * 1e6).round() as u64;
    }
    assert_eq!(millimetres, plan.spans.iter().map(|span| span.length.get()).sum::<u64>());
    // What costs nothing is nobody's to pay.
    let is_paid = |id: &str| {
        let item = Item::Span(id.to_owned());
        plan.payments.iter().any(|payment| payment.item == item)
    };
    assert_eq!(paid, plan.spans.iter().filter(|span| is_paid(&span.id)).count());
    for phase in list(network, "phases") {
        assert!(
            phase["funders"]
                .as_array()
                .unwrap()
                .iter()
                .all(|own| known(&organisations, &own["id"]))
        );
    }
    let exchanges = list(network, "nodes").iter().filter(|node| node["type"][0] == "exchange");
    assert_eq!(exchanges.count(), plan.exchanges.len());
    let version = |id: &str| id.as_bytes()[14];
    assert!(nodes.iter().all(|id| version(id) == b'5'));
}

#[test]
fn references_lead_somewhere_and_lengths_add_up() {
    let reading =
        read_scenario(&crate::project("data/market-town"), &ReadOptions::default()).unwrap();
    let outcome = solve(&reading.scenario, &SolveOptions::default()).unwrap();
    for (scenario, outcome) in
        [(&reading.scenario, &outcome), (&town::scenario(), &town::outcome())]
    {
        for (version, _) in VERSIONS {
            let text = text(scenario, outcome, version);
            hold(&text, outcome);
            assert!(text.contains(version.schema()));
            let again = ofds(scenario, outcome, &Report::of(scenario, outcome), version);
            assert_eq!(text, again);
        }
    }
}

#[test]
fn hostile_text_reads_back_and_controls_nothing() {
    let scratch = Scratch::empty();
    hostile::scenario(scratch.path());
    let mut options = ReadOptions::default();
    options.quarantine = true;
    let reading = read_scenario(scratch.path(), &options).unwrap();
    let outcome = solve(&reading.scenario, &SolveOptions::default()).unwrap();
    let text = text(&reading.scenario, &outcome, OfdsVersion::V0_4);
    assert!(!text.contains(|letter| letter != '\n' && fibreplan::text::is_hidden(letter)));
    hold(&text, &outcome);
    checked(scratch.path(), &text, "v04");
}

#[test]
fn a_file_of_another_kind_is_not_replaced() {
    let scratch = Scratch::empty();
    let file = scratch.path().join("network.json");
    let text = text(&town::scenario(), &town::outcome(), OfdsVersion::V0_4);
    ofds_file(&file).write(text.as_bytes()).unwrap();
    ofds_file(&file).write(text.as_bytes()).unwrap();
    std::fs::write(&file, "{\"networks\":[{\"id\":\"mine\"}]}").unwrap();
    assert!(ofds_file(&file).write(text.as_bytes()).is_err());
}

/// Holds that the standard's checker finds nothing wrong, where it is at hand: `FIBREPLAN_OFDS` names a folder with
/// the virtual environments `v03` (libcoveofds 0.9.0) and `v04` (0.10.0).
fn checked(folder: &Path, text: &str, version: &str) {
    let Some(tools) = crate::outside("FIBREPLAN_OFDS") else {
        eprintln!("skipped: FIBREPLAN_OFDS names no folder with libcoveofds");
        return;
    };
    let file = folder.join("checked.json");
    std::fs::write(&file, text).unwrap();
    let tool = tools.join(version).join("bin/libcoveofds");
    let run = |task: &str| {
        let done = Command::new(&tool).arg(task).arg(&file).output().unwrap();
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
        String::from_utf8(done.stdout).unwrap()
    };
    assert_eq!(run("jsonschemavalidate").trim(), "[]");
    let rules: Value = serde_json::from_str(&run("pythonvalidate")).unwrap();
    assert_eq!(rules.as_array().map(Vec::len), Some(0), "{rules}");
    assert_eq!(run("additionalfields").trim(), "{}");
}

#[test]
fn the_checker_of_the_standard_finds_nothing_wrong() {
    let scratch = Scratch::empty();
    let mut nothing = town::outcome();
    nothing.plan = None;
    for (version, folder) in VERSIONS {
        checked(scratch.path(), &text(&town::scenario(), &town::outcome(), version), folder);
        checked(scratch.path(), &text(&town::scenario(), &nothing, version), folder);
    }
}
