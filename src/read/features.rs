//! Collections of features, read one at a time, and what their files say of their reference system.
//!
//! What for: files of lines, areas and points are large, so only one feature is held, and the text of GeoJSON. In: a
//! GeoJSON text, or a layer of a GeoPackage. Out: features by number, from 1. What they mean is read elsewhere.

use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::BTreeSet;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::Value;

use crate::error::Fault;
use crate::geometry::Crs;
use crate::read::files::InputText;
#[cfg(feature = "gpkg")]
use crate::read::formats::FileKind;
use crate::read::json::Node;
use crate::read::limits::json_limit;
#[cfg(feature = "gpkg")]
use crate::read::roads::{FeatureLayer, open_layer};
use crate::read::sources::{Source, other_crs, unknown_crs};

/// A collection of features whose whole file has been looked at once.
pub(crate) struct Collection<'t> {
    rows: Rows<'t>,
    /// How many features there are.
    pub(crate) count: usize,
    /// Names of the properties of any feature; `id` among them where a feature has one itself.
    pub(crate) columns: Vec<String>,
    /// The reference system it is in.
    pub(crate) crs: Crs,
    /// Reference systems that the file names, as it writes them.
    declared: BTreeSet<String>,
}

/// Opens a file of features that is in the reference system the scenario names; `None`, with faults, when it is
/// none, or says that it is in another.
pub(crate) fn open<'t>(
    input: &'t InputText,
    source: &Source,
    faults: &mut Vec<Fault>,
) -> Option<Collection<'t>> {
    let collection = collection(input, source, faults)?;
    #[cfg(feature = "gpkg")]
    if let Rows::Layer(_) = collection.rows {
        let given = source.given_crs.filter(|&given| given != collection.crs);
        let other = given.map(|given| other_crs(collection.crs, given).at(&input.file, None, ""));
        let is_other = other.is_some();
        faults.extend(other);
        return (!is_other).then_some(collection);
    }
    let told = faults.len();
    for declared in &collection.declared {
        let given = source.position.crs;
        let fault = match system(declared) {
            Some(of_file) if of_file == given => continue,
            Some(of_file) => other_crs(of_file, given).value(declared),
            None => unknown_crs(declared),
        };
        faults.push(fault.at(&input.file, None, "crs"));
    }
    (faults.len() == told).then_some(collection)
}

/// Where features come from.
enum Rows<'t> {
    Text(Cow<'t, str>),
    #[cfg(feature = "gpkg")]
    Layer(FeatureLayer<'t>),
}

/// Looks through a file of features; `None`, with a fault, when it is none.
pub(crate) fn collection<'t>(
    input: &'t InputText,
    source: &Source,
    faults: &mut Vec<Fault>,
) -> Option<Collection<'t>> {
    #[cfg(feature = "gpkg")]
    if source.kind == FileKind::Layer {
        let opened = open_layer(input, source.layer.as_deref());
        let layer = opened.map_err(|fault| faults.push(*fault)).ok()?;
        let (count, columns, crs) = (layer.count, layer.columns.clone(), layer.crs);
        return Some(Collection {
            rows: Rows::Layer(layer),
            count,
            columns,
            crs,
            declared: BTreeSet::new(),
        });
    }
    let text = with_words_for_numbers(input.body());
    let mut columns: BTreeSet<String> = BTreeSet::new();
    let mut declared = BTreeSet::new();
    let mut count = 0;
    let root = walk(&text, &mut |feature| {
        count += 1;
        for (name, _) in texts(&feature) {
            if !columns.contains(name) {
                columns.insert(name.to_owned());
            }
        }
        let geometry = feature.get("geometry");
        let stated = [feature.get("crs"), geometry.and_then(|own| own.get("crs"))];
        declared.extend(stated.into_iter().flatten().filter_map(named));
    });
    let no_geojson =
        |cause: String| Fault::new("F124", cause, "give a FeatureCollection of features");
    let mut add = |line: Option<usize>, fault: Fault| faults.push(fault.at(&input.file, line, ""));
    match root {
        Err(_) if text.trim().is_empty() => {
            add(None, no_geojson("the file is empty".to_owned()));
            None
        }
        Ok(root) if root.is_collection && root.has_features => {
            for (number, key) in &root.twice {
                let fault = Fault::new("F135", "the key appears twice", "keep one of them");
                faults.push(fault.at(&input.file, *number, key));
            }
            declared.extend(root.crs.as_ref().and_then(named));
            let columns = columns.into_iter().collect();
            let (rows, crs) = (Rows::Text(text), source.position.crs);
            Some(Collection { rows, count, columns, crs, declared })
        }
        Ok(_) => {
            add(None, no_geojson("this is not a GeoJSON FeatureCollection".to_owned()));
            None
        }
        Err(error) => {
            let place = if count > 0 { format!(" after feature {count}") } else { String::new() };
            let told = || no_geojson(format!("this is not JSON{place}: {error}"));
            add(Some(error.line()), json_limit(&error).unwrap_or_else(told));
            None
        }
    }
}

impl Collection<'_> {
    /// Calls `each` with the number of every feature and the feature; a fault where the file breaks off.
    #[allow(clippy::unnecessary_wraps)] // a layer of a GeoPackage can break off, a text that was walked cannot
    pub(crate) fn for_each(&self, mut each: impl FnMut(usize, Value)) -> Result<(), Box<Fault>> {
        match &self.rows {
            Rows::Text(text) => {
                let mut number = 0;
                // The text has been walked before, so it cannot fail now.
                let _ = walk(text, &mut |feature| {
                    number += 1;
                    each(number, feature);
                });
                Ok(())
            }
            #[cfg(feature = "gpkg")]
            Rows::Layer(layer) => layer.for_each(each),
        }
    }
}

/// The properties of a feature. An `id` of the feature itself counts where the properties have none, so it
/// comes first.
pub(crate) fn texts(feature: &Value) -> impl Iterator<Item = (&str, String)> {
    let text = |value: &Value| match value {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        other => other.to_string(),
    };
    let own = feature.get("id").map(|id| ("id", text(id)));
    let given = feature.get("properties").and_then(Value::as_object);
    let given = given.into_iter().flatten();
    own.into_iter().chain(given.map(move |(name, value)| (name.as_str(), text(value))))
}

/// What the document itself says.
#[derive(Default)]
struct Root {
    is_collection: bool,
    has_features: bool,
    crs: Option<Value>,
    /// Keys that stand twice, with the number of the feature; no more than are told of.
    twice: Vec<(Option<usize>, String)>,
}

/// Of more keys that stand twice nothing more is told.
const MOST_TWICE: usize = 100;

fn walk(text: &str, each: &mut dyn FnMut(Value)) -> serde_json::Result<Root> {
    let mut reader = serde_json::Deserializer::from_str(text);
    let root = Document(each).deserialize(&mut reader)?;
    reader.end()?;
    Ok(root)
}

struct Document<'e>(&'e mut dyn FnMut(Value));

impl<'d> DeserializeSeed<'d> for Document<'_> {
    type Value = Root;

    fn deserialize<D: Deserializer<'d>>(self, reader: D) -> Result<Root, D::Error> {
        reader.deserialize_any(self)
    }
}

impl<'d> Visitor<'d> for Document<'_> {
    type Value = Root;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'d>>(self, mut map: A) -> Result<Root, A::Error> {
        let mut root = Root::default();
        let mut met = BTreeSet::new();
        while let Some(key) = map.next_key::<String>()? {
            if !met.insert(key.clone()) {
                root.twice.push((None, key.clone()));
            }
            match key.as_str() {
                "type" => {
                    root.is_collection = map.next_value::<Value>()? == "FeatureCollection";
                }
                "crs" => root.crs = Some(map.next_value()?),
                "features" => {
                    let list = Features { each: &mut *self.0, twice: &mut root.twice };
                    root.has_features = map.next_value_seed(list)?;
                }
                _ => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(root)
    }

    // Any other document is JSON, but no collection.
    fn visit_seq<A: SeqAccess<'d>>(self, mut seq: A) -> Result<Root, A::Error> {
        while seq.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Root::default())
    }

    fn visit_bool<E>(self, _: bool) -> Result<Root, E> {
        Ok(Root::default())
    }

    fn visit_i64<E>(self, _: i64) -> Result<Root, E> {
        Ok(Root::default())
    }

    fn visit_u64<E>(self, _: u64) -> Result<Root, E> {
        Ok(Root::default())
    }

    fn visit_f64<E>(self, _: f64) -> Result<Root, E> {
        Ok(Root::default())
    }

    fn visit_str<E>(self, _: &str) -> Result<Root, E> {
        Ok(Root::default())
    }

    fn visit_unit<E>(self) -> Result<Root, E> {
        Ok(Root::default())
    }
}

/// The list of features; whether it is a list.
struct Features<'e> {
    each: &'e mut dyn FnMut(Value),
    twice: &'e mut Vec<(Option<usize>, String)>,
}

impl<'d> DeserializeSeed<'d> for Features<'_> {
    type Value = bool;

    fn deserialize<D: Deserializer<'d>>(self, reader: D) -> Result<bool, D::Error> {
        reader.deserialize_any(self)
    }
}

impl<'d> Visitor<'d> for Features<'_> {
    type Value = bool;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of features")
    }

    fn visit_seq<A: SeqAccess<'d>>(self, mut seq: A) -> Result<bool, A::Error> {
        let twice = RefCell::default();
        let mut number = 0;
        while let Some(feature) = seq.next_element_seed(Node::of(&twice))? {
            number += 1;
            let left = MOST_TWICE.saturating_sub(self.twice.len());
            let keys = twice
                .borrow_mut()
                .drain(..)
                .take(left)
                .map(|key| (Some(number), key))
                .collect::<Vec<_>>();
            self.twice.extend(keys);
            (self.each)(feature);
        }
        Ok(true)
    }

    fn visit_map<A: MapAccess<'d>>(self, mut map: A) -> Result<bool, A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(false)
    }

    fn visit_unit<E>(self) -> Result<bool, E> {
        Ok(false)
    }
}

/// JSON knows no number that is none, yet many programs write it (`NaN`, `Infinity`), or numbers that no reader
/// holds (`1e400`). Such words become texts, so that a property that nothing uses does not matter, and one that is
/// used is told of by its row.
fn with_words_for_numbers(text: &str) -> Cow<'_, str> {
    let lower = |word: &str| word.trim_start_matches(['-', '+']).to_ascii_lowercase();
    let is_word = |word: &str| ["nan", "inf", "infinity"].contains(&lower(word).as_str());
    let is_beyond = |word: &str| {
        (word.len() > 300 || word.contains(['e', 'E']))
            && word.parse::<f64>().is_ok_and(f64::is_infinite)
    };
    let bytes = text.as_bytes();
    let mut out = String::new();
    let (mut copied, mut at) = (0, 0);
    while at < bytes.len() {
        match bytes[at] {
            b'"' => at = after_string(bytes, at),
            b'n' | b'N' | b'i' | b'I' | b'-' | b'+' | b'0'..=b'9' => {
                let part = |byte: &u8| byte.is_ascii_alphanumeric() || b"-+.".contains(byte);
                let length = bytes[at..].iter().take_while(|byte| part(byte)).count();
                let word = &text[at..at + length];
                if is_word(word) || is_beyond(word) {
                    out.push_str(&text[copied..at]);
                    out.extend(["\"", word, "\""]);
                    copied = at + length;
                }
                at += length;
            }
            _ => at += 1,
        }
    }
    if copied == 0 {
        return Cow::Borrowed(text);
    }
    out.push_str(&text[copied..]);
    Cow::Owned(out)
}

/// The place after a string that begins at a quotation mark.
fn after_string(bytes: &[u8], start: usize) -> usize {
    let mut at = start + 1;
    while at < bytes.len() {
        match bytes[at] {
            b'\\' => at += 2,
            b'"' => return at + 1,
            _ => at += 1,
        }
    }
    bytes.len()
}

/// The name of a reference system in a `crs` member; `None` where it says nothing.
fn named(crs: &Value) -> Option<String> {
    if crs.is_null() {
        return None;
    }
    let properties = crs.get("properties");
    let property = |name: &str| properties.and_then(|of| of.get(name));
    let code = property("code").map(|code| format!("EPSG:{}", code.to_string().trim_matches('"')));
    let text = |value: &Value| value.as_str().map(str::to_owned);
    if let Some(name) = text(crs) {
        return Some(name);
    }
    let name = property("name").and_then(text).or(code);
    name.or_else(|| property("href").and_then(text)).or_else(|| Some(crs.to_string()))
}

/// The system of a name, in any of the ways that files write it.
fn system(name: &str) -> Option<Crs> {
    let name = name.trim().to_ascii_uppercase();
    if name.ends_with("CRS84") {
        return Some(Crs::Wgs84);
    }
    let digits = name.trim_end_matches(|c: char| c.is_ascii_digit()).len();
    match &name[digits..] {
        _ if !name.contains("EPSG") => None,
        "4326" => Some(Crs::Wgs84),
        "27700" => Some(Crs::BritishGrid),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn reference_systems_are_known_however_they_are_written() {
        for name in [
            "urn:ogc:def:crs:OGC:1.3:CRS84",
            "urn:ogc:def:crs:OGC::CRS84",
            "OGC:CRS84",
            "http://www.opengis.net/def/crs/OGC/1.3/CRS84",
            "urn:ogc:def:crs:EPSG::4326",
            "EPSG:4326",
            "http://www.opengis.net/gml/srs/epsg.xml#4326",
        ] {
            assert_eq!(system(name), Some(Crs::Wgs84), "{name}");
        }
        for name in [
            "urn:ogc:def:crs:EPSG::27700",
            "urn:ogc:def:crs:EPSG:6.9:27700",
            "epsg:27700",
            "http://www.opengis.net/def/crs/EPSG/0/27700",
        ] {
            assert_eq!(system(name), Some(Crs::BritishGrid), "{name}");
        }
        for name in ["EPSG:3857", "urn:ogc:def:crs:EPSG::127700", "27700", "WGS 84", ""] {
            assert_eq!(system(name), None, "{name}");
        }
        assert_eq!(named(&json!(null)), None);
        let old = json!({ "type": "EPSG", "properties": { "code": 27700 } });
        assert_eq!(named(&old).as_deref(), Some("EPSG:27700"));
        let link = json!({ "type": "link", "properties": { "href": "epsg.io/4326" } });
        assert_eq!(named(&link).as_deref().and_then(system), Some(Crs::Wgs84));
        assert_eq!(named(&json!("EPSG:27700")).as_deref(), Some("EPSG:27700"));
        assert_eq!(named(&json!(["grid"])).as_deref(), Some("[\"grid\"]"));
    }

    #[test]
    fn words_for_numbers_become_texts_outside_texts_only() {
        let text =
            r#"{"a": NaN, "NaN": [-Infinity, "say \" NaN", null, 1e-5, -2, 1e400], "i": inf}"#;
        let expected = r#"{"a": "NaN", "NaN": ["-Infinity", "say \" NaN", null, 1e-5, -2, "1e400"], "i": "inf"}"#;
        assert_eq!(with_words_for_numbers(text), expected);
        assert!(matches!(with_words_for_numbers(r#"{"n": null}"#), Cow::Borrowed(_)));
        assert_eq!(with_words_for_numbers(r#"{"open \"#), r#"{"open \"#);
    }
}
