//! The JSON schema of `plan.json` and the files that are written hold each other.

use std::collections::BTreeSet;

use fibreplan::plan::{PLAN_SCHEMA, PlanFile};
use fibreplan::status::Status;
use fibreplan::write::plan_json;
use serde_json::{Map, Value};

use crate::town;

/// Judges values by the part of JSON schema that ours uses; an unknown keyword is a failure, so that
/// none is silently passed over.
struct Judge {
    schema: Value,
    /// Paths of the properties met, to find those that no file ever shows.
    met: BTreeSet<String>,
}

impl Judge {
    fn new() -> Self {
        Self { schema: serde_json::from_str(PLAN_SCHEMA).unwrap(), met: BTreeSet::new() }
    }

    fn judge(&mut self, value: &Value) -> Result<(), String> {
        let schema = self.schema.clone();
        self.value(value, &schema, "plan")
    }

    fn value(&mut self, value: &Value, schema: &Value, path: &str) -> Result<(), String> {
        for (keyword, rule) in schema.as_object().unwrap() {
            let holds = match keyword.as_str() {
                "$schema" | "$defs" | "title" | "description" | "properties" => true,
                "$ref" => {
                    let name = rule.as_str().unwrap().strip_prefix("#/$defs/").unwrap();
                    let target = self.schema["$defs"][name].clone();
                    assert!(target.is_object(), "no definition of {name}");
                    self.value(value, &target, name)?;
                    true
                }
                "type" => one_or_many(rule).iter().any(|name| is_a(value, name)),
                "const" => value == rule,
                "enum" => rule.as_array().unwrap().contains(value),
                "minimum" => value.as_f64().is_none_or(|number| number >= rule.as_f64().unwrap()),
                "minItems" => value.as_array().unwrap().len() as u64 >= rule.as_u64().unwrap(),
                "maxItems" => value.as_array().unwrap().len() as u64 <= rule.as_u64().unwrap(),
                "pattern" => matches(rule.as_str().unwrap(), value.as_str().unwrap()),
                "required" => {
                    let keys = rule.as_array().unwrap().iter();
                    keys.clone().all(|key| value.get(key.as_str().unwrap()).is_some())
                }
                "additionalProperties" => {
                    self.properties(value.as_object().unwrap(), &schema["properties"], path)?;
                    *rule == Value::Bool(false)
                }
                "items" => {
                    for item in value.as_array().unwrap() {
                        self.value(item, rule, path)?;
                    }
                    true
                }
                other => panic!("the schema uses {other}, which this test does not know"),
            };
            if !holds {
                return Err(format!("{path}: {keyword} {rule} refuses {value}"));
            }
        }
        Ok(())
    }

    fn properties(
        &mut self,
        object: &Map<String, Value>,
        known: &Value,
        path: &str,
    ) -> Result<(), String> {
        for (key, value) in object {
            let path = format!("{path}.{key}");
            let schema =
                known.get(key).ok_or_else(|| format!("{path} is not in the schema"))?.clone();
            self.met.insert(path.clone());
            self.value(value, &schema, &path)?;
        }
        Ok(())
    }
}

fn one_or_many(rule: &Value) -> Vec<&str> {
    match rule {
        Value::String(name) => vec![name],
        many => many.as_array().unwrap().iter().map(|name| name.as_str().unwrap()).collect(),
    }
}

fn is_a(value: &Value, name: &str) -> bool {
    match name {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "null" => value.is_null(),
        other => panic!("unknown type {other}"),
    }
}

/// The patterns of the schema, written out.
fn matches(pattern: &str, text: &str) -> bool {
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let signed = |part: &str| digits(part.strip_prefix('-').unwrap_or(part));
    match pattern {
        "^[0-9]{4}(-[0-9]{2})?$" => match text.split_once('-') {
            None => text.len() == 4 && digits(text),
            Some((year, next)) => {
                year.len() == 4 && digits(year) && next.len() == 2 && digits(next)
            }
        },
        "^-?[0-9]+,-?[0-9]+$" => text.split_once(',').is_some_and(|(x, y)| signed(x) && signed(y)),
        "^U3[0-9]{2}$" => text.len() == 4 && text.strip_prefix("U3").is_some_and(digits),
        "^(span|drop|exchange):" => {
            ["span:", "drop:", "exchange:"].iter().any(|start| text.starts_with(start))
        }
        other => panic!("unknown pattern {other}"),
    }
}

/// Every property that the schema names, by the path that [`Judge`] records.
fn all_properties(schema: &Value, path: &str, found: &mut BTreeSet<String>) {
    for (key, inner) in schema.get("properties").and_then(Value::as_object).into_iter().flatten() {
        let path = format!("{path}.{key}");
        all_properties(inner, &path, found);
        found.insert(path);
    }
}

fn written() -> Value {
    serde_json::from_str(&plan_json(&PlanFile::of(&town::outcome()))).unwrap()
}

#[test]
fn what_is_written_meets_the_schema_and_shows_all_of_it() {
    let mut judge = Judge::new();
    judge.judge(&written()).unwrap();
    let mut other = town::outcome();
    other.status = Status::Infeasible;
    other.plan = None;
    other.reasons = vec!["I410 nothing can be paid for".to_owned()];
    other.provenance.options.seconds = Some(1.5);
    other.provenance.options.work = None;
    judge.judge(&serde_json::from_str(&plan_json(&PlanFile::of(&other))).unwrap()).unwrap();

    let mut named = BTreeSet::new();
    all_properties(&judge.schema, "plan", &mut named);
    for (name, definition) in judge.schema["$defs"].as_object().unwrap() {
        all_properties(definition, name, &mut named);
    }
    assert_eq!(judge.met, named, "properties met in files and named in the schema");
}

#[test]
fn every_status_is_in_the_schema() {
    for status in [
        Status::Optimal,
        Status::GapReached,
        Status::LimitReached,
        Status::Infeasible,
        Status::Unknown,
    ] {
        let mut plan = written();
        plan["result"]["status"] = status.to_string().into();
        Judge::new().judge(&plan).unwrap();
    }
}

#[test]
fn a_hand_made_plan_needs_four_keys_and_no_unknown_ones() {
    let text = r#"{"format": 1, "exchanges": [{"id": "X1"}], "connected": ["A1"],
        "spans": [{"id": "s", "origin": "proximity", "ends": ["0,0", "-1,5"]}]}"#;
    let plan: Value = serde_json::from_str(text).unwrap();
    Judge::new().judge(&plan).unwrap();
    serde_json::from_str::<PlanFile>(text).unwrap();
    for key in ["format", "exchanges", "connected", "spans"] {
        let mut short = plan.clone();
        short.as_object_mut().unwrap().remove(key);
        assert!(Judge::new().judge(&short).is_err(), "{key}");
        assert!(serde_json::from_value::<PlanFile>(short).is_err(), "{key}");
    }
    let mut odd = plan;
    odd["payment"] = Value::Array(Vec::new());
    assert!(Judge::new().judge(&odd).is_err());
    assert!(serde_json::from_value::<PlanFile>(odd).is_err());
}

#[test]
fn only_gaps_and_seconds_have_fractions() {
    fn fractions(value: &Value, path: &str, found: &mut Vec<String>) {
        match value {
            Value::Number(number) if number.is_f64() => found.push(path.to_owned()),
            Value::Array(items) => items.iter().for_each(|item| fractions(item, path, found)),
            Value::Object(keys) => keys.iter().for_each(|(key, item)| fractions(item, key, found)),
            _ => {}
        }
    }
    let mut found = Vec::new();
    fractions(&written(), "", &mut found);
    assert!(!found.is_empty() && found.iter().all(|key| key == "gap"), "{found:?}");
}
