//! `plan.json`: the contract, one entry a line so that two plans can be compared as text.

use std::fmt::Write;

use serde::Serialize;

use crate::plan::PlanFile;
use crate::text;

/// The text of `plan.json`: keys in a fixed order, one entry of a list a line.
#[must_use]
pub fn plan_json(file: &PlanFile) -> String {
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
        if !result.reasons.is_empty() {
            inner.push(("reasons", list(&result.reasons, "    ")));
        }
        keys.push(("result", object(&inner, "  ")));
    }
    keys.extend([
        ("exchanges", list(&file.exchanges, "  ")),
        ("spans", list(&file.spans, "  ")),
        ("drops", list(&file.drops, "  ")),
        ("connected", list(&file.connected, "  ")),
        ("left_out", list(&file.left_out, "  ")),
        ("payments", list(&file.payments, "  ")),
    ]);
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
    text::json(&serde_json::to_string(value).unwrap_or_default()).into_owned()
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

fn list<T: Serialize>(entries: &[T], indent: &str) -> String {
    if entries.is_empty() {
        return "[]".to_owned();
    }
    let lines: Vec<String> =
        entries.iter().map(|entry| format!("{indent}  {}", json(entry))).collect();
    format!("[\n{}\n{indent}]", lines.join(",\n"))
}
