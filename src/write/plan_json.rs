//! `plan.json`: the contract, one entry to a line so that two plans can be compared as text.

use std::borrow::Cow;
use std::fmt::Write;

use rayon::prelude::*;
use serde::Serialize;

use crate::plan::{Outcome, Plan, PlanFile};
use crate::text;

/// Entries of a list that one thread writes at a time.
pub(super) const SIDE_BY_SIDE: usize = 2048;

/// The text of `plan.json`: keys in a fixed order, one entry of a list to a line.
#[must_use]
pub fn plan_json(file: &PlanFile) -> String {
    let lists = [
        ("exchanges", list(&file.exchanges, "  ")),
        ("spans", list(&file.spans, "  ")),
        ("drops", list(&file.drops, "  ")),
        ("connected", list(&file.connected, "  ")),
        ("left_out", list(&file.left_out, "  ")),
        ("payments", list(&file.payments, "  ")),
    ];
    with_lists(file, lists)
}

/// The text of `plan.json` of an outcome.
pub(super) fn outcome_json(outcome: &Outcome) -> String {
    let nothing = Plan::default();
    let plan = outcome.plan.as_ref().unwrap_or(&nothing);
    let lists = [
        ("exchanges", list(&plan.exchanges, "  ")),
        ("spans", list(&plan.spans, "  ")),
        ("drops", list(&plan.drops, "  ")),
        ("connected", list(&plan.connected, "  ")),
        ("left_out", list(&plan.left_out, "  ")),
        ("payments", list(&plan.payments, "  ")),
    ];
    with_lists(&PlanFile::without_lists(outcome), lists)
}

fn with_lists(file: &PlanFile, lists: [(&str, String); 6]) -> String {
    let mut keys = vec![("format", json(&file.format)), ("kind", json(&file.kind))];
    if let Some(scenario) = &file.scenario {
        keys.push(("scenario", json(scenario)));
    }
    if let Some(provenance) = &file.provenance {
        let inner = [
            ("fibreplan", json(&provenance.fibreplan)),
            ("inputs", list(&provenance.inputs, "    ")),
            ("options", json(&provenance.options)),
        ];
        keys.push(("provenance", object(&inner, "  ")));
    }
    if let Some(result) = &file.result {
        let mut inner = vec![
            ("status", json(&result.status)),
            ("objectives", list(&result.objectives, "    ")),
            ("cost_pence", json(&result.cost_pence)),
            ("by_programme", list(&result.by_programme, "    ")),
        ];
        if !result.years.is_empty() {
            inner.push(("years", list(&result.years, "    ")));
        }
        if !result.reasons.is_empty() {
            inner.push(("reasons", list(&result.reasons, "    ")));
        }
        keys.push(("result", object(&inner, "  ")));
    }
    keys.extend(lists);
    object(&keys, "") + "\n"
}

/// The bytes of an answer as a file: JSON of several lines that controls no terminal.
pub(super) fn answer_json<T: Serialize>(answer: &T) -> Vec<u8> {
    // As in `json`.
    let text = serde_json::to_string_pretty(answer).unwrap_or_default();
    (text::json(&text).into_owned() + "\n").into_bytes()
}

/// Compact JSON of a value whose keys are all texts; it controls no terminal.
pub(super) fn json<T: Serialize + ?Sized>(value: &T) -> String {
    // Serialising fails only for maps with keys that are no texts, and there are none.
    let text = serde_json::to_string(value).unwrap_or_default();
    match text::json(&text) {
        Cow::Borrowed(_) => text,
        Cow::Owned(shown) => shown,
    }
}

fn object(keys: &[(&str, String)], indent: &str) -> String {
    let mut text = "{".to_owned();
    for (place, (key, value)) in keys.iter().enumerate() {
        let comma = if place == 0 { "" } else { "," };
        // Writing into a String cannot fail.
        let _ = write!(text, "{comma}\n{indent}  \"{key}\": {value}");
    }
    text + "\n" + indent + "}"
}

fn list<T: Serialize + Sync>(entries: &[T], indent: &str) -> String {
    if entries.is_empty() {
        return "[]".to_owned();
    }
    // Large plans have long lists: parts of them are written side by side.
    let part = |entries: &[T]| {
        let mut text = String::new();
        for entry in entries {
            text.push_str(indent);
            text.push_str("  ");
            text.push_str(&json(entry));
            text.push_str(",\n");
        }
        text
    };
    let parts: Vec<String> = entries.par_chunks(SIDE_BY_SIDE).map(part).collect();
    let lines = parts.concat();
    format!("[\n{}\n{indent}]", lines.strip_suffix(",\n").unwrap_or(&lines))
}
