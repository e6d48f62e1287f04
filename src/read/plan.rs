//! `plan.json` into a [`Plan`] and what it says of itself, hand-made ones too.
//!
//! A hand-made plan needs `format`, `connected`, `exchanges` and `spans` alone. Every part of an element that
//! cannot be read, every unknown key and every key that stands twice is a fault of its own; what a plan says is judged
//! by `check`, not here.

use std::path::Path;

use serde_json::{Map, Value};

use crate::error::{Error, Fault};
use crate::model::suggestion;
use crate::plan::{Claims, PLAN_FORMAT, PLAN_KIND, Plan, PlanResult};
use crate::read::files::must_read;
use crate::read::json::json_tree;
use crate::read::limits::{MOST_TEXT, json_limit};
use crate::read::plan_parts::{Part, read_part};

/// A plan as read, with what it says of itself.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct PlanReading {
    /// The plan.
    pub plan: Plan,
    /// The scenario it answers, where it comes from, what it achieves; nothing in most hand-made plans.
    pub claims: Claims,
    /// SHA-256 of the file's bytes, in hexadecimal.
    pub sha256: String,
}

/// The keys of a plan.
const KEYS: [&str; 11] = [
    "format",
    "kind",
    "scenario",
    "provenance",
    "result",
    "exchanges",
    "spans",
    "drops",
    "connected",
    "left_out",
    "payments",
];

/// The keys of a result.
const RESULT_KEYS: [&str; 6] =
    ["status", "objectives", "cost_pence", "by_programme", "years", "reasons"];

/// Reads a plan from a file in the form of `plan.json`.
///
/// # Errors
///
/// `Usage` when there is no such file; `Faults` with every part that cannot be read; `Io` otherwise.
pub fn read_plan(path: &Path) -> Result<PlanReading, Error> {
    let input = must_read(path, "there is no such plan", MOST_TEXT)?;
    let mut faults = Faults { file: input.file.clone(), list: Vec::new() };
    let (document, twice) = match json_tree(input.body()) {
        Ok(read) => read,
        Err(error) => {
            let fault = json_limit(&error).unwrap_or_else(|| {
                Fault::new(
                    "F130",
                    format!("this is not JSON: {error}"),
                    "correct the file, or write the plan again",
                )
            });
            let fault = fault.at(&input.file, Some(error.line()), "");
            return Err(Error::from_faults(vec![fault]));
        }
    };
    let Some(map) = document.as_object() else {
        let fault =
            Fault::new("F131", "this is not a plan", "give a file in the form of plan.json");
        return Err(Error::from_faults(vec![fault.at(&input.file, None, "")]));
    };
    header(map, &mut faults);
    for path in twice {
        let fault = Fault::new("F135", "the key appears twice", "keep one of them");
        faults.add(&path, fault);
    }
    unknown_keys(map, "", &KEYS, &mut faults);
    let plan = Plan {
        exchanges: list(map, "exchanges", true, &mut faults),
        spans: list(map, "spans", true, &mut faults),
        drops: list(map, "drops", false, &mut faults),
        connected: list(map, "connected", true, &mut faults),
        left_out: list(map, "left_out", false, &mut faults),
        payments: list(map, "payments", false, &mut faults),
    };
    let claims = Claims {
        scenario: value(map, "", "scenario", &mut faults),
        provenance: value(map, "", "provenance", &mut faults),
        result: result(map, &mut faults),
    };
    if !faults.list.is_empty() {
        return Err(Error::from_faults(faults.list));
    }
    Ok(PlanReading { plan, claims, sha256: input.sha256 })
}

struct Faults {
    file: String,
    list: Vec<Fault>,
}

impl Faults {
    fn add(&mut self, field: &str, fault: Fault) {
        self.list.push(fault.at(&self.file, None, field));
    }

    fn unreadable(&mut self, wrong: &[(String, serde_json::Error)]) {
        for (field, error) in wrong {
            let cause = format!("this cannot be read: {error}");
            let remedy = "correct it by the data dictionary (plan.json)";
            self.add(field, Fault::new("F133", cause, remedy));
        }
    }
}

fn header(map: &Map<String, Value>, faults: &mut Faults) {
    if map.get("format").and_then(Value::as_u64) != Some(u64::from(PLAN_FORMAT)) {
        let fault = Fault::new("F131", "this format of plan is not known", "write \"format\": 1");
        let value = map.get("format").map(Value::to_string).unwrap_or_default();
        faults.add("format", fault.value(value));
    }
    if let Some(kind) = map.get("kind").filter(|kind| kind.as_str() != Some(PLAN_KIND)) {
        let remedy = format!("give a plan; its kind is {PLAN_KIND:?}");
        faults.add(
            "kind",
            Fault::new("F131", "this is not a plan", remedy)
                .value(kind.as_str().unwrap_or_default()),
        );
    }
}

fn unknown_keys(map: &Map<String, Value>, before: &str, known: &[&str], faults: &mut Faults) {
    for key in map.keys().filter(|key| !known.contains(&key.as_str())) {
        let remedy = suggestion(key, known.iter().copied());
        let fault = Fault::new("F134", "a plan has no such key", remedy);
        faults.add(&format!("{before}{key}"), fault.value(key));
    }
}

/// The result, part by part, so that every fault in it is told.
fn result(map: &Map<String, Value>, faults: &mut Faults) -> Option<PlanResult> {
    let Value::Object(map) = map.get("result")? else {
        let remedy = "write \"result\": { ... }, or leave it out";
        faults.add("result", Fault::new("F132", "this is not an object", remedy));
        return None;
    };
    let before = "result.";
    unknown_keys(map, before, &RESULT_KEYS, faults);
    for key in ["status", "cost_pence"].into_iter().filter(|key| !map.contains_key(*key)) {
        let remedy = "state it, or leave the whole result out";
        faults.add(&format!("{before}{key}"), Fault::new("F132", "the value is missing", remedy));
    }
    let status = value(map, before, "status", faults);
    let cost_pence = value(map, before, "cost_pence", faults);
    let objectives = list_at(map, before, "objectives", true, faults);
    let by_programme = list_at(map, before, "by_programme", true, faults);
    let years = list_at(map, before, "years", false, faults);
    let reasons = list_at(map, before, "reasons", false, faults);
    let cost_pence = cost_pence?;
    Some(PlanResult { status: status?, objectives, cost_pence, by_programme, years, reasons })
}

/// A value that may be missing.
fn value<T: Part>(
    map: &Map<String, Value>,
    before: &str,
    key: &str,
    faults: &mut Faults,
) -> Option<T> {
    let read = read_part(&format!("{before}{key}"), map.get(key)?);
    read.map_err(|wrong| faults.unreadable(&wrong)).ok()
}

/// The elements of a list; each that cannot be read is a fault.
fn list<T: Part>(
    map: &Map<String, Value>,
    key: &str,
    required: bool,
    faults: &mut Faults,
) -> Vec<T> {
    list_at(map, "", key, required, faults)
}

fn list_at<T: Part>(
    map: &Map<String, Value>,
    before: &str,
    key: &str,
    required: bool,
    faults: &mut Faults,
) -> Vec<T> {
    let path = format!("{before}{key}");
    let elements = match map.get(key) {
        Some(Value::Array(elements)) => elements,
        None if !required => return Vec::new(),
        other => {
            let cause = if other.is_some() { "this is not a list" } else { "the list is missing" };
            let remedy = format!("write \"{key}\": [ ... ]; it may be empty");
            faults.add(&path, Fault::new("F132", cause, remedy));
            return Vec::new();
        }
    };
    let mut read = Vec::with_capacity(elements.len());
    for (place, element) in elements.iter().enumerate() {
        match read_part(&format!("{path}[{}]", place + 1), element) {
            Ok(element) => read.push(element),
            Err(wrong) => faults.unreadable(&wrong),
        }
    }
    read
}
