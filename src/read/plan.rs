//! `plan.json` into a [`Plan`], hand-made ones too.
//!
//! A hand-made plan needs `format`, `connected`, `exchanges` and `spans` alone. Every element that cannot
//! be read is a fault of its own; what a plan says is judged by `check`, not here.

use std::path::Path;

use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::error::{Error, Fault};
use crate::plan::{PLAN_FORMAT, PLAN_KIND, Plan};
use crate::read::files::must_read;
use crate::read::limits::{MOST_TEXT, json_limit};

/// A plan as read, with the scenario it says it is for.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct PlanReading {
    /// The plan.
    pub plan: Plan,
    /// Name of the scenario it was made for; `None` in most hand-made plans.
    pub scenario: Option<String>,
    /// Fingerprint of that scenario.
    pub scenario_sha256: Option<String>,
    /// SHA-256 of the file's bytes, in hexadecimal.
    pub sha256: String,
}

/// Reads a plan from a file in the form of `plan.json`.
///
/// # Errors
///
/// `Usage` when there is no such file; `Faults` with every part that cannot be read; `Io` otherwise.
pub fn read_plan(path: &Path) -> Result<PlanReading, Error> {
    let input = must_read(path, "there is no such plan", MOST_TEXT)?;
    let mut faults = Faults { file: input.file.clone(), list: Vec::new() };
    let document: Value = match serde_json::from_str(input.body()) {
        Ok(document) => document,
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
    let plan = Plan {
        exchanges: list(map, "exchanges", true, &mut faults),
        spans: list(map, "spans", true, &mut faults),
        drops: list(map, "drops", false, &mut faults),
        connected: list(map, "connected", true, &mut faults),
        left_out: list(map, "left_out", false, &mut faults),
        payments: list(map, "payments", false, &mut faults),
    };
    if !faults.list.is_empty() {
        return Err(Error::from_faults(faults.list));
    }
    let scenario = |key: &str| {
        let value = map.get("scenario").and_then(|scenario| scenario.get(key));
        value.and_then(Value::as_str).map(str::to_owned)
    };
    Ok(PlanReading {
        plan,
        scenario: scenario("name"),
        scenario_sha256: scenario("sha256"),
        sha256: input.sha256,
    })
}

struct Faults {
    file: String,
    list: Vec<Fault>,
}

impl Faults {
    fn add(&mut self, field: &str, fault: Fault) {
        self.list.push(fault.at(&self.file, None, field));
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

/// The elements of a list; each that cannot be read is a fault.
fn list<T: DeserializeOwned>(
    map: &Map<String, Value>,
    key: &str,
    required: bool,
    faults: &mut Faults,
) -> Vec<T> {
    let elements = match map.get(key) {
        Some(Value::Array(elements)) => elements,
        None if !required => return Vec::new(),
        other => {
            let cause = if other.is_some() { "this is not a list" } else { "the list is missing" };
            let remedy = format!("write \"{key}\": [ ... ]; it may be empty");
            faults.add(key, Fault::new("F132", cause, remedy));
            return Vec::new();
        }
    };
    let mut read = Vec::with_capacity(elements.len());
    for (place, element) in elements.iter().enumerate() {
        match serde_json::from_value(element.clone()) {
            Ok(element) => read.push(element),
            Err(error) => {
                let fault = Fault::new(
                    "F133",
                    format!("this cannot be read: {error}"),
                    "correct it by the data dictionary (plan.json)",
                );
                faults.add(&format!("{key}[{}]", place + 1), fault);
            }
        }
    }
    read
}
