//! Every wrong part of an element of `plan.json`, not the first alone.
//!
//! What for: a reader of JSON stops at the first part that does not fit. In: the element, and an element of its
//! type without fault. Out: the path of each part that does not fit in the faultless one's place, with the reason.

use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::plan::{
    LeftOut, ObjectiveResult, Payment, PlanDrop, PlanExchange, PlanProvenance, PlanSpan,
    ProgrammeResult, ScenarioMark, YearResult,
};
use crate::status::Status;
use crate::units::Pence;

/// What stands in a plan: every part of it is judged by putting it into a faultless one of its type.
pub(super) trait Part: DeserializeOwned {
    /// One without fault that has every key; of a list, one element.
    fn faultless() -> Value;

    /// Keys that make sense only together.
    const TOGETHER: &'static [&'static str] = &[];
}

impl Part for PlanExchange {
    fn faultless() -> Value {
        json!({ "id": "X", "cost_pence": 0, "ports_used": 0, "year": "2019" })
    }
}

impl Part for PlanSpan {
    fn faultless() -> Value {
        json!({
            "id": "S", "origin": "input", "source_id": "R", "from_mm": 0, "to_mm": 0,
            "ends": ["0,0", "0,1"], "geometry": [[0, 0]], "method": "verge", "length_mm": 0,
            "cost_pence": 0, "year": "2019"
        })
    }
}

impl Part for PlanDrop {
    fn faultless() -> Value {
        json!({
            "building": "A", "sites": ["A"], "exchange": "X", "route_mm": 0, "cost_pence": 0, "year": "2019",
            "later": "U371"
        })
    }
}

impl Part for Payment {
    fn faultless() -> Value {
        json!({ "item": "drop:A", "programme": "P", "building": "A", "pence": 1, "year": "2019" })
    }
}

impl Part for LeftOut {
    fn faultless() -> Value {
        json!({ "id": "A", "code": "U390", "numbers": {} })
    }

    const TOGETHER: &'static [&'static str] = &["code", "numbers"];
}

impl Part for ObjectiveResult {
    fn faultless() -> Value {
        json!({
            "name": "sites", "achieved": 0, "bound": 0, "gap": 0.0, "status": "Optimal", "recorded": 0,
            "assumed": 0
        })
    }
}

impl Part for ProgrammeResult {
    fn faultless() -> Value {
        json!({ "id": "P", "available_pence": 0, "spent_pence": 0, "eligible_sites": 0 })
    }
}

impl Part for YearResult {
    fn faultless() -> Value {
        json!({ "year": "2019", "coverage": 0, "bound": 0 })
    }
}

impl Part for ScenarioMark {
    fn faultless() -> Value {
        json!({ "name": "s", "sha256": "" })
    }
}

impl Part for PlanProvenance {
    fn faultless() -> Value {
        json!({
            "fibreplan": "0", "options": { "gap": 0.0, "work": 0, "seconds": 0.0, "seed": 0 },
            "inputs": [{
                "role": "sites", "file": "f", "sha256": "", "rows_read": 0, "rows_used": 0,
                "rows_set_aside": 0, "rows_excluded": 0
            }]
        })
    }
}

impl Part for String {
    fn faultless() -> Value {
        json!("A")
    }
}

impl Part for Status {
    fn faultless() -> Value {
        json!("Optimal")
    }
}

impl Part for Pence {
    fn faultless() -> Value {
        json!(0)
    }
}

/// What a part is read as, or the path of each wrong part in it, with why.
pub(super) fn read_part<T: Part>(
    path: &str,
    given: &Value,
) -> Result<T, Vec<(String, serde_json::Error)>> {
    serde_json::from_value(given.clone()).map_err(|error| {
        let mut search =
            PartFinder { whole: T::faultless(), together: T::TOGETHER, found: Vec::new() };
        search.look::<T>("", given, path);
        if search.found.is_empty() {
            search.found.push((path.to_owned(), error));
        }
        search.found
    })
}

/// The search for wrong parts in one element.
struct PartFinder {
    /// A faultless element.
    whole: Value,
    together: &'static [&'static str],
    found: Vec<(String, serde_json::Error)>,
}

impl PartFinder {
    /// Looks at what is given for the part of the faultless element at a place (a JSON pointer).
    fn look<T: Part>(&mut self, place: &str, given: &Value, path: &str) {
        let before = self.found.len();
        let Some(error) = self.with::<T>(place, |part| *part = given.clone()) else { return };
        let good = self.whole.pointer(place).cloned().unwrap_or_default();
        match (given, &good) {
            (Value::Object(given), Value::Object(good)) => {
                let unknown = given.keys().filter(|key| !good.contains_key(*key));
                for key in good.keys().chain(unknown) {
                    self.key::<T>(place, given, key, path);
                }
            }
            (Value::Array(given), Value::Array(good)) if good.len() == 1 => {
                for (number, element) in given.iter().enumerate() {
                    self.look::<T>(
                        &format!("{place}/0"),
                        element,
                        &format!("{path}[{}]", number + 1),
                    );
                }
            }
            _ => {}
        }
        if self.found.len() == before {
            self.found.push((path.to_owned(), error));
        }
    }

    fn key<T: Part>(
        &mut self,
        place: &str,
        given: &serde_json::Map<String, Value>,
        key: &str,
        path: &str,
    ) {
        let dot = if path.is_empty() { "" } else { "." };
        let inner = format!("{path}{dot}{key}");
        let together = if self.together.contains(&key) { self.together } else { &[] };
        let is_known = self.whole.pointer(place).is_some_and(|whole| whole.get(key).is_some());
        match given.get(key) {
            Some(value) if is_known && together.is_empty() => {
                // Keys have no characters that a pointer would have to escape.
                self.look::<T>(&format!("{place}/{key}"), value, &inner);
            }
            // The first of several keys speaks for all of them.
            _ if together.first().is_some_and(|first| *first != key) => {}
            value => {
                let error = self.with::<T>(place, |part| {
                    let Some(part) = part.as_object_mut() else { return };
                    for key in together.iter().copied().chain([key]) {
                        match given.get(key) {
                            Some(value) => part.insert(key.to_owned(), value.clone()),
                            None => part.remove(key),
                        };
                    }
                });
                let at = if value.is_some() { inner } else { path.to_owned() };
                self.found.extend(error.map(|error| (at, error)));
            }
        }
    }

    /// The fault of the faultless element when its part at a place is changed.
    fn with<T: Part>(
        &self,
        place: &str,
        change: impl FnOnce(&mut Value),
    ) -> Option<serde_json::Error> {
        let mut whole = self.whole.clone();
        change(whole.pointer_mut(place)?);
        serde_json::from_value::<T>(whole).err()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn places<T: Part>(given: &Value) -> Vec<String> {
        let read = read_part::<T>("x", given);
        read.err().unwrap_or_default().into_iter().map(|(place, _)| place).collect()
    }

    #[test]
    fn every_faultless_element_is_one_and_each_wrong_key_of_it_is_named() {
        fn each<T: Part>() {
            let whole = T::faultless();
            assert_eq!(places::<T>(&whole), Vec::<String>::new());
            for key in whole.as_object().into_iter().flat_map(serde_json::Map::keys) {
                let mut wrong = whole.clone();
                wrong[key] = json!({ "no": [] });
                let found = places::<T>(&wrong);
                let spoken = T::TOGETHER.first().filter(|_| T::TOGETHER.contains(&key.as_str()));
                let at = format!("x.{}", spoken.copied().unwrap_or(key));
                assert!(
                    !found.is_empty() && found.iter().all(|f| f.starts_with(&at)),
                    "{key} {found:?}"
                );
            }
        }
        each::<PlanExchange>();
        each::<PlanSpan>();
        each::<PlanDrop>();
        each::<Payment>();
        each::<LeftOut>();
        each::<ObjectiveResult>();
        each::<ProgrammeResult>();
        each::<ScenarioMark>();
        each::<PlanProvenance>();
    }

    #[test]
    fn all_wrong_parts_are_named_at_once() {
        let span = json!({
            "id": 7, "origin": "road", "ends": ["0,0"], "length_mm": -1, "cost": 5, "geometry": [[0, 0], [1]]
        });
        assert_eq!(
            places::<PlanSpan>(&span),
            ["x.ends", "x.geometry[2]", "x.id", "x.length_mm", "x.origin", "x.cost"]
        );
        assert_eq!(places::<PlanDrop>(&json!({ "building": "A" })), ["x", "x", "x", "x"]);
        let left = json!({ "id": 1, "code": "none", "numbers": {} });
        assert_eq!(places::<LeftOut>(&left), ["x.code", "x.id"]);
        assert_eq!(places::<String>(&json!(1)), ["x"]);
    }
}
