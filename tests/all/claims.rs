//! What a plan says of itself: every figure that is forged is noticed, and dead ends are no plan.

use std::fs;

use fibreplan::check::{Unverified, check, check_claims, check_totals, unverified};
use fibreplan::error::Error;
use fibreplan::funding::fund;
use fibreplan::internals::random::Random;
use fibreplan::model::{Objective, Scenario};
use fibreplan::plan::{Claims, LeftOutReason, Outcome, PlanFile};
use fibreplan::read::{PlanReading, ReadOptions, read_plan, read_scenario};
use fibreplan::solve::{SolveOptions, solve};
use fibreplan::units::{Pence, Weight};
use fibreplan::write::plan_json;
use serde_json::{Map, Value};

use crate::plans;
use crate::scratch::Scratch;

/// What is wrong with a plan as its file has it: its faults on reading, or else its violations.
fn wrong(scenario: &Scenario, text: &str) -> Vec<String> {
    let scratch = Scratch::empty();
    match read(&scratch, text) {
        Ok(file) => {
            let mut found = check_claims(scenario, &file.plan, &file.claims);
            found.extend(check(scenario, &file.plan));
            found.iter().map(ToString::to_string).collect()
        }
        Err(error) => error.faults().iter().map(ToString::to_string).collect(),
    }
}

fn read(scratch: &Scratch, text: &str) -> Result<PlanReading, Error> {
    let path = scratch.path().join("plan.json");
    fs::write(&path, text).unwrap();
    read_plan(&path)
}

/// A planned scenario of each sort of objective.
fn planned() -> Vec<(Scenario, Outcome)> {
    let mut random = Random::new(29);
    let mut planned = Vec::new();
    for case in 0..24 {
        let mut scenario = plans::scenario(&mut random, 1 + case % 3, case % 4 == 0);
        scenario.objective = match case % 4 {
            0 => Objective::Maximise(vec!["patients".to_owned()]),
            1 => Objective::Maximise(["patients", "sites"].map(str::to_owned).to_vec()),
            2 => Objective::MinimiseCostFor { weight: "sites".to_owned(), at_least: Weight::ONE },
            _ => Objective::MaximiseNetBenefit {
                per_unit: [("patients".to_owned(), Pence::new(70_000))].into(),
            },
        };
        let mut options = SolveOptions::default();
        options.effort.work = Some(2_000_000);
        let outcome = solve(&scenario, &options).expect("an answer");
        if outcome.plan.is_some() {
            planned.push((scenario, outcome));
        }
    }
    assert!(planned.len() > 12, "{}", planned.len());
    planned
}

/// One with spans, and with sites left out.
fn rich() -> (Scenario, Outcome) {
    let is_rich = |(_, outcome): &(Scenario, Outcome)| {
        let plan = outcome.plan.as_ref().unwrap();
        !plan.spans.is_empty() && !plan.left_out.is_empty()
    };
    planned().into_iter().find(is_rich).unwrap()
}

/// Every number, text and empty value below a value, by its pointer.
fn leaves(value: &Value, pointer: &str, found: &mut Vec<String>) {
    match value {
        Value::Object(keys) => {
            keys.iter().for_each(|(key, inner)| leaves(inner, &format!("{pointer}/{key}"), found));
        }
        Value::Array(items) => items
            .iter()
            .enumerate()
            .for_each(|(place, inner)| leaves(inner, &format!("{pointer}/{place}"), found)),
        _ => found.push(pointer.to_owned()),
    }
}

/// Another value of the same sort.
fn forge(random: &mut Random, value: &Value) -> Value {
    match value {
        Value::Null => Value::from(random.between(0, 9)),
        Value::Number(number) if number.is_f64() => {
            Value::from(number.as_f64().unwrap_or(0.0) + 0.001)
        }
        Value::Number(number) => {
            let by = random.between(1, 5_000) * if random.one_in(2) { 1 } else { -1 };
            Value::from(number.as_i64().unwrap_or(0) + by)
        }
        Value::String(text) => {
            let statuses = ["Optimal", "GapReached", "Infeasible", "Unknown"];
            let others: Vec<&str> = statuses.into_iter().filter(|other| other != text).collect();
            let is_status = statuses.contains(&text.as_str()) || text == "LimitReached";
            let forged =
                if is_status { random.pick(&others).to_owned() } else { format!("{text}0") };
            Value::from(forged)
        }
        other => other.clone(),
    }
}

#[test]
fn every_forged_figure_of_a_result_is_noticed() {
    let mut random = Random::new(31);
    let mut forged = 0;
    for (scenario, outcome) in planned() {
        let sound = plan_json(&PlanFile::of(&outcome));
        assert_eq!(wrong(&scenario, &sound), Vec::<String>::new());
        assert_eq!(check_totals(&scenario, &outcome), vec![]);
        let tree: Value = serde_json::from_str(&sound).unwrap();
        let mut pointers = Vec::new();
        leaves(&tree["result"], "/result", &mut pointers);
        leaves(&tree["scenario"], "/scenario", &mut pointers);
        for pointer in pointers {
            let mut other = tree.clone();
            let place = other.pointer_mut(&pointer).unwrap();
            *place = forge(&mut random, place);
            let found = wrong(&scenario, &other.to_string());
            assert!(
                !found.is_empty(),
                "{pointer}: {} in\n{sound}",
                other.pointer(&pointer).unwrap()
            );
            forged += 1;
        }
        for list in ["objectives", "by_programme"] {
            let entries = tree["result"][list].as_array().unwrap();
            for (name, change) in lists(entries) {
                let mut other = tree.clone();
                other["result"][list] = Value::Array(change);
                assert!(!wrong(&scenario, &other.to_string()).is_empty(), "{list}: {name}");
            }
        }
    }
    assert!(forged > 300, "{forged}");
}

/// A list that lacks its last entry, holds it twice, or is turned round.
fn lists(entries: &[Value]) -> Vec<(&'static str, Vec<Value>)> {
    let mut changed = vec![
        ("one less", entries[..entries.len() - 1].to_vec()),
        ("one twice", [entries, &entries[entries.len() - 1..]].concat()),
    ];
    if entries.len() > 1 {
        changed.push(("turned round", entries.iter().rev().cloned().collect()));
    }
    changed
}

#[test]
fn forged_reasons_for_leaving_sites_out_are_noticed() {
    let mut forged = 0;
    for (scenario, outcome) in planned() {
        let sound = PlanFile::of(&outcome);
        let codes = |file: &PlanFile| wrong(&scenario, &plan_json(file));
        for place in 0..sound.left_out.len() {
            let mut file = sound.clone();
            file.left_out.remove(place);
            assert!(codes(&file)[0].starts_with("V266"), "{:?}", codes(&file));
            let mut file = sound.clone();
            file.left_out.push(file.left_out[place].clone());
            assert!(codes(&file)[0].starts_with("V200"), "{:?}", codes(&file));
            for reason in [
                LeftOutReason::HasFibre,
                LeftOutReason::Forbidden,
                LeftOutReason::GroupNotWhole,
                LeftOutReason::TooFar { nearest: None },
                LeftOutReason::TooManySpans { fewest_spans: 99 },
                LeftOutReason::EligibilityUnknown { column: "none".to_owned() },
                LeftOutReason::ExchangesFull,
            ] {
                let exchanges = &scenario.tables.exchanges.rows;
                let limited = exchanges.iter().any(|exchange| exchange.ports.is_some());
                if limited && reason == LeftOutReason::ExchangesFull {
                    continue;
                }
                let mut file = sound.clone();
                file.left_out[place].reason = reason;
                assert!(codes(&file)[0].starts_with("V266"), "{:?}", codes(&file));
                forged += 1;
            }
        }
    }
    assert!(forged > 50, "{forged}");
}

#[test]
fn keys_that_are_unknown_or_stand_twice_are_faults() {
    let (scenario, outcome) = rich();
    let sound = plan_json(&PlanFile::of(&outcome));
    for (old, new, code) in [
        ("\"left_out\":", "\"left_over\": [], \"left_out\":", "F134 plan.json left_over"),
        ("\"cost_pence\":", "\"cost_gbp\": 1, \"cost_pence\":", "F134 plan.json result.cost_gbp"),
        ("\"achieved\":", "\"reached\": 1, \"achieved\":", "F133 plan.json result.objectives[1]"),
        ("\"ports_used\":", "\"port\": 1, \"ports_used\":", "F133 plan.json exchanges[1]"),
        ("\"connected\":", "\"connected\": [], \"connected\":", "F135 plan.json connected"),
        ("\"status\":", "\"status\": \"Optimal\", \"status\":", "F135 plan.json result.status"),
        (
            "\"achieved\":",
            "\"achieved\": 1, \"achieved\":",
            "F135 plan.json result.objectives[1].achieved",
        ),
        ("\"sha256\":", "\"sha256\": \"0\", \"sha256\":", "F135 plan.json scenario.sha256"),
    ] {
        let text = sound.replacen(old, new, 1);
        assert_ne!(text, sound, "{old}");
        let found = wrong(&scenario, &text);
        assert!(found.iter().any(|line| line.starts_with(code)), "{code}: {found:?}");
    }
}

#[test]
fn an_answer_without_a_plan_claims_none() {
    let (scenario, outcome) = rich();
    let mut none = PlanFile::of(&outcome);
    let result = none.result.as_mut().unwrap();
    result.status = fibreplan::status::Status::Infeasible;
    assert!(wrong(&scenario, &plan_json(&none))[0].starts_with("V264"));
    result_only(&mut none);
    let file = none.clone();
    let claims = Claims { scenario: file.scenario, provenance: None, result: file.result };
    let plan = none.into_plan();
    assert_eq!(check_claims(&scenario, &plan, &claims), vec![]);
    assert_eq!(unverified(&scenario, &plan, &claims), [Unverified::NoPlan]);
}

/// Leaves of a file no more than that there is no plan.
fn result_only(file: &mut PlanFile) {
    let result = file.result.as_mut().unwrap();
    result.objectives.clear();
    result.by_programme.clear();
    result.cost_pence = Pence::ZERO;
    file.exchanges.clear();
    file.spans.clear();
    file.drops.clear();
    file.connected.clear();
    file.left_out.clear();
    file.payments.clear();
}

#[test]
fn what_cannot_be_verified_is_named() {
    let (scenario, outcome) = rich();
    let plan = outcome.plan.clone().unwrap();
    let open = unverified(&scenario, &plan, &Claims::of(&outcome));
    let bounds = outcome.objectives.iter().filter(|own| own.bound.is_some()).count();
    let named = open.iter().filter(|open| matches!(open, Unverified::Bound { .. })).count();
    assert_eq!(named, bounds);
    assert!(open.contains(&Unverified::Effort), "{open:?}");
    assert_eq!(
        unverified(&scenario, &plan.clone(), &Claims::default()).len(),
        usize::from(plan.left_out.iter().any(|left| left.reason.costs().is_some()),)
    );
}

/// A road of 100 m to a school, and from there and from another exchange free roads past 50 premises each.
const DEAD_ENDS: [(&str, &str); 4] = [
    (
        "scenario.toml",
        r#"format = 1
name = "dead-end"
[sites]
file = "sites.csv"
position = { crs = "EPSG:27700", x = "easting", y = "northing" }
[exchanges]
file = "exchanges.csv"
position = { crs = "EPSG:27700", x = "easting", y = "northing" }
default_enable_gbp = 0
[network]
from = "spans"
file = "spans.geojson"
position = { crs = "EPSG:27700" }
[rate_card]
price_year = "2019-20"
drop_gbp = 10
lead_in_method = "road"
methods.road = { gbp_per_m = 1.00, source = "x" }
[objective]
minimise_cost_for = { weight = "premises_passed", at_least = 40 }
[[programmes]]
id = "p0"
budget_gbp = 1000
eligible = {}
"#,
    ),
    ("sites.csv", "id,kind,easting,northing\nB0,school,400100,300000\n"),
    ("exchanges.csv", "id,easting,northing\nX0,400000,300000\nX1,400500,300000\n"),
    (
        "spans.geojson",
        r#"{"type":"FeatureCollection","features":[
{"type":"Feature","properties":{"id":"S1","method":"road","premises_passed":1},"geometry":{"type":"LineString","coordinates":[[400000,300000],[400100,300000]]}},
{"type":"Feature","properties":{"id":"S2","method":"road","cost_gbp":0,"premises_passed":50},"geometry":{"type":"LineString","coordinates":[[400100,300000],[400100,300400]]}},
{"type":"Feature","properties":{"id":"S3","method":"road","cost_gbp":0,"premises_passed":50},"geometry":{"type":"LineString","coordinates":[[400500,300000],[400500,300400]]}}]}"#,
    ),
];

#[test]
fn dead_ends_and_idle_exchanges_are_no_part_of_a_plan_however_cheap() {
    let scratch = Scratch::empty();
    for (name, text) in DEAD_ENDS {
        fs::write(scratch.path().join(name), text).unwrap();
    }
    let scenario = read_scenario(scratch.path(), &ReadOptions::new()).unwrap().scenario;
    let codes = |text: &str| -> Vec<String> {
        let mut plan = read(&scratch, text).unwrap().plan;
        if let Ok(funding) = fund(&scenario, &plan) {
            plan.payments = funding.payments;
        }
        check(&scenario, &plan).iter().map(|own| format!("{} {}", own.code, own.subject)).collect()
    };
    let way = r#"{"id":"S1","origin":"input","source_id":"S1","ends":["400000000,300000000","400100000,300000000"]}"#;
    let end = r#"{"id":"S2","origin":"input","source_id":"S2","ends":["400100000,300000000","400100000,300400000"]}"#;
    let lone = r#"{"id":"S3","origin":"input","source_id":"S3","ends":["400500000,300000000","400500000,300400000"]}"#;
    let plan = |exchanges: &str, connected: &str, spans: &[&str]| {
        let spans = spans.join(",");
        format!(
            r#"{{"format":1,"exchanges":[{exchanges}],"connected":[{connected}],"spans":[{spans}]}}"#
        )
    };
    let (x0, x1) = (r#"{"id":"X0"}"#, r#"{"id":"X1"}"#);
    assert_eq!(
        codes(&plan(x0, "\"B0\"", &[way])),
        ["V250 plan"],
        "a school, and one of 40 premises"
    );
    assert_eq!(codes(&plan(x0, "\"B0\"", &[way, end])), ["V201 span:S2"]);
    assert_eq!(codes(&plan(x1, "", &[lone])), ["V201 span:S3", "V202 exchange:X1"]);
    let both = format!("{x0},{x1}");
    assert_eq!(codes(&plan(&both, "\"B0\"", &[way])), ["V202 exchange:X1", "V250 plan"]);
    // The search means the same: what leads to no building is no part of any plan.
    assert!(solve(&scenario, &SolveOptions::default()).unwrap().plan.is_none());
}

#[test]
fn a_forged_plan_of_the_town_is_found_out_figure_by_figure() {
    let town = concat!(env!("CARGO_MANIFEST_DIR"), "/../data/market-town");
    let scenario = read_scenario(town.as_ref(), &ReadOptions::new()).unwrap().scenario;
    let outcome = solve(&scenario, &SolveOptions::default()).unwrap();
    let mut tree: Value = serde_json::from_str(&plan_json(&PlanFile::of(&outcome))).unwrap();
    tree["scenario"]["sha256"] = "0".repeat(64).into();
    tree["result"]["objectives"][0]["achieved"] = 99_999_999.into();
    tree["result"]["objectives"][0]["bound"] = 1.into();
    tree["result"]["cost_pence"] = 1.into();
    tree["result"]["by_programme"][0]["spent_pence"] = 0.into();
    tree["left_out"] = Value::Array(Vec::new());
    let found = wrong(&scenario, &tree.to_string());
    for code in ["V261", "V262", "V263", "V264", "V265", "V266"] {
        assert!(found.iter().any(|line| line.starts_with(code)), "{code}: {found:?}");
    }
    let mut bare = Map::new();
    for key in ["format", "exchanges", "spans", "connected"] {
        bare.insert(key.to_owned(), tree[key].clone());
    }
    let found = wrong(&scenario, &Value::Object(bare).to_string());
    assert!(found.iter().all(|line| line.starts_with("V230")), "{found:?}");
}
