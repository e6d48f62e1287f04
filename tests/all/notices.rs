//! What the network has to say reaches the reader of a plan, and gaps come with the setting that closes them.

use std::collections::BTreeSet;
use std::fs;

use fibreplan::network::prepare;
use fibreplan::plan::Outcome;
use fibreplan::read::{ReadOptions, Reading, read_scenario};
use fibreplan::report::reason;
use fibreplan::solve::{SolveOptions, solve};
use fibreplan::write::{Results, RunFacts};
use serde_json::{Value, json};

use crate::commands::example;
use crate::dictionary::codes_in;
use crate::scratch::Scratch;

/// Codes of the network that are faults: methods without a price, and saved networks.
const FAULTS: [&str; 3] = ["N170", "N180", "N181"];

/// Something for every notice: a gap, a side road beside its road, a crossing, a span without length, a ring that
/// nothing joins, sites and exchanges near, far, too far and behind a barrier.
fn troubled() -> Scratch {
    let scratch = Scratch::base("spans");
    let line = |id: &str, at: Value| {
        json!({ "type": "Feature", "properties": { "id": id, "method": "verge" },
                "geometry": { "type": "LineString", "coordinates": at } })
    };
    let spans = [
        line("a", json!([[400_000, 100_000], [401_000, 100_000]])),
        line("b", json!([[401_000.02, 100_000], [402_000, 100_000]])),
        line("side", json!([[400_500, 100_000.04], [400_500, 100_500]])),
        line("across", json!([[400_200, 99_900], [400_200, 100_100]])),
        line("none", json!([[400_300, 100_000], [400_300, 100_000]])),
        line(
            "ring",
            json!([[405_000, 105_000], [405_100, 105_000], [405_100, 105_100], [405_000, 105_000]]),
        ),
    ];
    let about = json!([
        [400_795, 100_295],
        [400_805, 100_295],
        [400_805, 100_305],
        [400_795, 100_305],
        [400_795, 100_295]
    ]);
    let collection = |features: &[Value]| {
        json!({ "type": "FeatureCollection", "features": features }).to_string()
    };
    let exchanges = "id,e,n\nX1,400000,100000\nX2,402000,102500\nX3,398500,100000\n";
    let sites = "id,kind,e,n,patients\nA1,gp,400100,100010,10\nA2,gp,400100,107000,20\n\
                 A3,gp,400800,100300,30\nA4,gp,401900,100010,40\n";
    let grid = "position = { crs = \"EPSG:27700\"";
    let scenario = format!(
        "format = 1\nname = \"troubled\"\n\
         [sites]\nfile = \"sites.csv\"\n{grid}, x = \"e\", y = \"n\" }}\nvalues.kind = {{ gp = \"gp_practice\" }}\n\
         [exchanges]\nfile = \"exchanges.csv\"\n{grid}, x = \"e\", y = \"n\" }}\ndefault_enable_gbp = 100\n\
         [network]\nfrom = \"spans\"\nfile = \"spans.geojson\"\n{grid} }}\nsnap_limit_m = 2000\n\
         barriers = {{ file = \"barriers.geojson\", {grid} }} }}\n\
         [rate_card]\nprice_year = \"2019\"\ndrop_gbp = 10\nlead_in_method = \"verge\"\n\
         methods.verge = {{ gbp_per_m = 1.00, source = \"made up\" }}\n\
         [weights.patients]\ncolumn = \"patients\"\n[objective]\nmaximise = [\"patients\"]\n\
         [[programmes]]\nid = \"one\"\nbudget_gbp = 100000\neligible = {{}}\n"
    );
    let files = [
        ("scenario.toml", scenario),
        ("sites.csv", sites.to_owned()),
        ("exchanges.csv", exchanges.to_owned()),
        ("spans.geojson", collection(&spans)),
        ("barriers.geojson", collection(&[line("about", about)])),
    ];
    for (name, text) in files {
        fs::write(scratch.path().join(name), text).unwrap();
    }
    scratch
}

fn planned(scratch: &Scratch) -> (Reading, Outcome) {
    let reading = read_scenario(scratch.path(), &ReadOptions::new()).unwrap();
    let outcome = solve(&reading.scenario, &SolveOptions::default()).unwrap();
    (reading, outcome)
}

/// Every code of a notice of the network.
fn wanted() -> BTreeSet<String> {
    let mut codes = codes_in("src/network");
    codes.retain(|code| code.starts_with('N') && !FAULTS.contains(&code.as_str()));
    assert!(codes.len() >= 10, "{codes:?}");
    codes
}

#[test]
fn every_notice_of_the_network_reaches_the_files_of_a_plan() {
    let (reading, outcome) = planned(&troubled());
    let prepared = prepare(&reading.scenario).unwrap();
    let told: BTreeSet<String> =
        prepared.notices().iter().map(|notice| notice.code.to_string()).collect();
    assert_eq!(told, wanted());
    assert_eq!(outcome.network_notices, prepared.notices());
    let facts = RunFacts { started: std::time::UNIX_EPOCH, threads: 1, seconds: Vec::new() };
    let results = Results {
        scenario: &reading.scenario,
        outcome: &outcome,
        notices: &reading.notices,
        set_aside: &[],
        facts: &facts,
    };
    let files = results.files();
    let text = |wanted: &str| {
        let (_, bytes) = files.iter().find(|(name, _)| *name == wanted).unwrap();
        String::from_utf8(bytes.clone()).unwrap()
    };
    let run: Value = serde_json::from_str(&text("run.json")).unwrap();
    let run: BTreeSet<&str> = run["notices"]
        .as_array()
        .unwrap()
        .iter()
        .map(|own| own["code"].as_str().unwrap())
        .collect();
    let summary = text("summary.txt");
    for code in wanted() {
        assert!(summary.contains(&format!("- {code} ")), "{code} is not in\n{summary}");
        assert!(run.contains(code.as_str()), "{code}");
    }
}

#[test]
fn plan_prints_every_notice_of_the_network_also_when_it_only_checks() {
    let scratch = troubled();
    for only in [false, true] {
        let Some(mut plan) = example("plan") else { return };
        plan.arg(scratch.path()).arg("--out").arg(scratch.path().join("out"));
        if only {
            plan.arg("--check-only");
        }
        let done = plan.output().unwrap();
        let told = String::from_utf8(done.stderr).unwrap();
        assert_eq!(done.status.code(), Some(0), "{told}");
        for code in wanted() {
            assert!(told.contains(&code), "{code} is not in\n{told}");
        }
    }
}

#[test]
fn a_site_without_route_names_the_exchange_that_is_not_joined() {
    let (_, outcome) = planned(&troubled());
    let plan = outcome.plan.unwrap();
    assert_eq!(plan.connected, ["A1"]);
    let left: Vec<String> = plan
        .left_out
        .iter()
        .map(|left| format!("{} {} {}", left.id, left.code(), reason(left)))
        .collect();
    let distances = "it lies too far from every span to be joined, or across a barrier (nearest";
    assert_eq!(
        left,
        [
            format!("A2 U312 {distances} 5292.447 m)"),
            format!("A3 U312 {distances} 300.000 m)"),
            "A4 U310 no route leads to an exchange (exchange not joined X2, exchange to network \
             2500.000 m, nearest reachable 900.056 m)"
                .to_owned(),
        ]
    );
}

#[test]
fn the_settings_that_notices_name_join_what_they_say() {
    let scratch = troubled();
    let path = scratch.path().join("scenario.toml");
    let text = fs::read_to_string(&path).unwrap();
    let keys = "snap_limit_m = 2000\njoin_m = 0.040\nnoding = \"crossings\"\n";
    fs::write(&path, text.replace("snap_limit_m = 2000\n", keys)).unwrap();
    let (_, outcome) = planned(&scratch);
    let told: BTreeSet<&str> = outcome.network_notices.iter().map(|notice| notice.code.0).collect();
    let gone = ["N151", "N152", "N153", "N155"];
    assert!(gone.iter().all(|code| !told.contains(code)), "{told:?}");
    assert_eq!(outcome.plan.unwrap().connected, ["A1", "A4"]);
}

#[test]
fn a_fault_does_not_hide_the_notices_that_came_before_it() {
    let scratch = Scratch::base("spans");
    let path = scratch.path().join("scenario.toml");
    let text = fs::read_to_string(&path).unwrap();
    let text = text.replace("from = \"spans\"", "from = \"spans\"\nmethod = \"verge\"\ndetour = 2");
    fs::write(&path, text.replace("budget_gbp = 4000000", "budget_gbp = \"much\"")).unwrap();
    let spans = scratch.path().join("spans.geojson");
    let text = fs::read_to_string(&spans).unwrap();
    fs::write(&spans, text.replacen("\"method\": \"verge\"", "\"method\": null", 1)).unwrap();
    let error = read_scenario(scratch.path(), &ReadOptions::new()).unwrap_err();
    let codes = |faults: &[fibreplan::error::Fault]| -> Vec<&str> {
        faults.iter().map(|fault| fault.code.0).collect()
    };
    assert_eq!(codes(error.faults()), ["F105"]);
    assert_eq!(codes(error.notices()), ["N133", "F113"]);
    assert!(error.to_string().contains("\n  notice: N133 spans.geojson method \"verge\": 1 span"));
}
