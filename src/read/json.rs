//! JSON as a tree, with the keys that stand twice: a parser that keeps one of them would hide the other.

use std::cell::RefCell;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

/// The tree of a text, and the paths of keys that stand twice in one object (`spans[3].id`), in their order.
pub(crate) fn json_tree(text: &str) -> Result<(Value, Vec<String>), serde_json::Error> {
    let twice = RefCell::default();
    let mut reader = serde_json::Deserializer::from_str(text);
    let tree = Node::of(&twice).deserialize(&mut reader)?;
    reader.end()?;
    Ok((tree, twice.into_inner()))
}

/// A value that is to be read, by the place where it stands.
pub(crate) struct Node<'a> {
    at: &'a Place<'a>,
    twice: &'a RefCell<Vec<String>>,
}

/// Where a value stands, as a text only where it is asked for.
enum Place<'a> {
    Top,
    Key(&'a Place<'a>, &'a str),
    Number(&'a Place<'a>, usize),
}

impl Place<'_> {
    fn path(&self) -> String {
        match self {
            Self::Top => String::new(),
            Self::Key(Self::Top, key) => (*key).to_owned(),
            Self::Key(above, key) => format!("{}.{key}", above.path()),
            Self::Number(above, number) => format!("{}[{number}]", above.path()),
        }
    }
}

impl<'a> Node<'a> {
    /// A value of its own; keys in it that stand twice are added to a list.
    pub(crate) fn of(twice: &'a RefCell<Vec<String>>) -> Self {
        Self { at: &Place::Top, twice }
    }
}

impl<'de> DeserializeSeed<'de> for Node<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, reader: D) -> Result<Value, D::Error> {
        reader.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Node<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Value, E> {
        Number::from_f64(value).map(Value::Number).ok_or_else(|| E::custom("no finite number"))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Value, A::Error> {
        let mut values = Vec::new();
        loop {
            let at = &Place::Number(self.at, values.len() + 1);
            match list.next_element_seed(Node { at, twice: self.twice })? {
                Some(value) => values.push(value),
                None => return Ok(Value::Array(values)),
            }
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        let mut object = Map::new();
        while let Some(key) = map.next_key::<String>()? {
            let at = &Place::Key(self.at, &key);
            let value = map.next_value_seed(Node { at, twice: self.twice })?;
            if object.contains_key(&key) {
                self.twice.borrow_mut().push(at.path());
            }
            object.insert(key, value);
        }
        Ok(Value::Object(object))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_that_stand_twice_are_named_by_their_paths() {
        let text =
            r#"{"a": [{"b": 1, "b": 2}, {"b": -1.5}], "c": null, "a": true, "d": {"e": "x"}}"#;
        let (tree, twice) = json_tree(text).unwrap();
        assert_eq!(twice, ["a[1].b", "a"]);
        assert_eq!(tree, serde_json::from_str::<Value>(text).unwrap());
        assert!(json_tree("{} {}").is_err() && json_tree("[1,]").is_err());
    }
}
