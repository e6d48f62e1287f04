//! Typed reading of one table of a document; every fault goes into one sink.
//!
//! A value that is missing or wrong reads as `None` and leaves its fault behind, so that the rest of
//! the scenario is still looked at.

use std::cell::RefCell;
use std::collections::BTreeMap;

use crate::error::Fault;
use crate::model::suggestion;
use crate::read::document::{Branch, Entry, Node};
use crate::read::keys::{KEYS, keys_under};
use crate::read::limits::{MOST_TABLES, too_many};
use crate::text::short;
use crate::units::{Millimetres, Pence, QuantityError, Rate, Share, Weight};

/// Collects the faults of a scenario file, and the line of every key for faults found later.
pub(crate) struct Sink {
    file: String,
    pub(crate) faults: RefCell<Vec<Fault>>,
    lines: BTreeMap<String, usize>,
}

impl Sink {
    /// A sink for a file; the tree gives the lines of its keys.
    pub(crate) fn new(file: &str, tree: &Branch) -> Self {
        let mut lines = BTreeMap::new();
        note_lines(tree, "", &mut lines);
        Self { file: file.to_owned(), faults: RefCell::default(), lines }
    }

    /// Adds a fault at a path; its line is that of the path or of the nearest table above it.
    pub(crate) fn add(&self, path: &str, fault: Fault) {
        let fault = fault.at(&self.file, self.line(path), path);
        self.faults.borrow_mut().push(fault);
    }

    /// The same fault, placed in the scenario file if it has no file yet.
    pub(crate) fn placed(&self, fault: Fault) -> Fault {
        if !fault.place.file.is_empty() {
            return fault;
        }
        let path = fault.place.field.clone();
        fault.at(&self.file, self.line(&path), &path)
    }

    /// Whether a fault has been found at a path, below it, or in the same part of the scenario.
    pub(crate) fn has_fault_about(&self, path: &str) -> bool {
        let part = part_of(path);
        self.faults
            .borrow()
            .iter()
            .any(|fault| fault.place.file == self.file && part_of(&fault.place.field) == part)
    }

    /// The line of a path, or of the nearest table above it.
    pub(crate) fn line(&self, path: &str) -> Option<usize> {
        let mut path = path;
        loop {
            if let Some(line) = self.lines.get(path) {
                return Some(*line);
            }
            path = &path[..path.rfind(['.', '['])?];
        }
    }
}

/// The first word of a path, with its number (`programmes[2]`).
fn part_of(path: &str) -> &str {
    path.split('.').next().unwrap_or(path)
}

fn note_lines(tree: &Branch, path: &str, lines: &mut BTreeMap<String, usize>) {
    for (key, entry) in tree {
        let path = join(path, key);
        note_line(entry, path, lines);
    }
}

fn note_line(entry: &Entry, path: String, lines: &mut BTreeMap<String, usize>) {
    match &entry.node {
        Node::Table(tree) => note_lines(tree, &path, lines),
        Node::List(list) => {
            for (place, entry) in list.iter().enumerate() {
                note_line(entry, format!("{path}[{}]", place + 1), lines);
            }
        }
        _ => {}
    }
    lines.insert(path, entry.line);
}

/// The path of a key under another path.
pub(crate) fn join(path: &str, key: &str) -> String {
    if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") }
}

/// A table of the document, with its path and its place in the list of keys.
#[derive(Clone)]
pub(crate) struct Section<'d> {
    tree: &'d Branch,
    pub(crate) path: String,
    sink: &'d Sink,
}

impl<'d> Section<'d> {
    /// The whole document.
    pub(crate) fn whole(tree: &'d Branch, sink: &'d Sink) -> Self {
        Self::whole_of(KEYS, tree, sink)
    }

    /// The whole of a document that has other keys than a scenario.
    pub(crate) fn whole_of(
        keys: &'static [&'static str],
        tree: &'d Branch,
        sink: &'d Sink,
    ) -> Self {
        let section = Self { tree, path: String::new(), sink };
        section.check_keys_of(keys, "");
        section
    }

    /// The table itself.
    pub(crate) fn tree(&self) -> &'d Branch {
        self.tree
    }

    /// Another table in the place of this one: its faults are placed here.
    pub(crate) fn with<'t>(&self, tree: &'t Branch) -> Section<'t>
    where
        'd: 't,
    {
        Section { tree, path: self.path.clone(), sink: self.sink }
    }

    /// Reports every key that the list does not have under `pattern`.
    pub(crate) fn check_keys(&self, pattern: &str) {
        self.check_keys_of(KEYS, pattern);
    }

    /// Reports every key that another list does not have under `pattern`.
    pub(crate) fn check_keys_of(&self, keys: &'static [&'static str], pattern: &str) {
        for key in self.tree.keys() {
            if !keys_under(keys, pattern).any(|known| known == key) {
                let remedy = suggestion(key, keys_under(keys, pattern));
                self.fault(key, Fault::new("F103", "there is no such key", remedy).value(key));
            }
        }
    }

    /// Adds a fault about a key of this table, or about the table itself (`""`).
    pub(crate) fn fault(&self, key: &str, fault: Fault) {
        let path = if key.is_empty() { self.path.clone() } else { join(&self.path, key) };
        self.sink.add(&path, fault);
    }

    /// The file of the document.
    pub(crate) fn file(&self) -> &'d str {
        &self.sink.file
    }

    /// Takes the faults found so far out of the sink.
    pub(crate) fn take_faults(&self) -> Vec<Fault> {
        self.sink.faults.take()
    }

    /// The line of a key of this table, or of the table itself (`""`).
    pub(crate) fn line_of(&self, key: &str) -> usize {
        let path = if key.is_empty() { self.path.clone() } else { join(&self.path, key) };
        self.sink.line(&path).unwrap_or(1)
    }

    pub(crate) fn has(&self, key: &str) -> bool {
        self.tree.contains_key(key)
    }

    /// All keys of a table whose keys are names.
    pub(crate) fn names(&self) -> impl Iterator<Item = &'d str> {
        self.tree.keys().map(String::as_str)
    }

    fn node(&self, key: &str) -> Option<&'d Node> {
        self.tree.get(key).map(|entry| &entry.node)
    }

    /// Adds the fault of a missing key.
    pub(crate) fn missing(&self, key: &str, remedy: &str) {
        self.fault(key, Fault::new("F104", "the key is missing", remedy));
    }

    /// Adds the fault of a value of the wrong sort.
    pub(crate) fn wrong(&self, key: &str, node: &Node, wanted: &str) {
        let cause = format!("this is {} where {wanted} is wanted", node.what());
        let remedy = format!("write {wanted}");
        self.fault(key, Fault::new("F105", cause, remedy).value(node.shown()));
    }

    /// A value of one sort, if the key is there and the sort is right.
    fn value<T>(
        &self,
        key: &str,
        wanted: &str,
        read: impl FnOnce(&'d Node) -> Option<T>,
    ) -> Option<T> {
        let node = self.node(key)?;
        let value = read(node);
        if value.is_none() {
            self.wrong(key, node, wanted);
        }
        value
    }

    pub(crate) fn text(&self, key: &str) -> Option<&'d str> {
        self.value(key, "a text in quotes", |node| match node {
            Node::Text(text) => Some(text.as_str()),
            _ => None,
        })
    }

    pub(crate) fn need_text(&self, key: &str, remedy: &str) -> Option<&'d str> {
        if !self.has(key) {
            self.missing(key, remedy);
        }
        self.text(key)
    }

    pub(crate) fn flag(&self, key: &str) -> Option<bool> {
        self.value(key, "true or false", |node| match node {
            Node::Flag(flag) => Some(*flag),
            _ => None,
        })
    }

    /// A number as written.
    pub(crate) fn number(&self, key: &str) -> Option<&'d str> {
        self.value(key, "a number", |node| match node {
            Node::Number(text) => Some(text.as_str()),
            _ => None,
        })
    }

    /// A quantity: a number read by one of the unit types.
    fn quantity<T>(
        &self,
        key: &str,
        wanted: &str,
        read: impl FnOnce(&str) -> Result<T, QuantityError>,
    ) -> Option<T> {
        let text = self.number(key)?;
        match read(text) {
            Ok(value) => Some(value),
            Err(error) => {
                let cause = format!("this is not {wanted} ({error})");
                let remedy = format!("write {wanted}, as plain digits");
                self.fault(key, Fault::new("F107", cause, remedy).value(text));
                None
            }
        }
    }

    pub(crate) fn money(&self, key: &str) -> Option<Pence> {
        self.quantity(key, "pounds with at most 2 decimals", Pence::from_pounds)
    }

    pub(crate) fn need_money(&self, key: &str, remedy: &str) -> Option<Pence> {
        if !self.has(key) {
            self.missing(key, remedy);
        }
        self.money(key)
    }

    pub(crate) fn rate(&self, key: &str) -> Option<Rate> {
        self.quantity(key, "pounds a metre with at most 4 decimals", Rate::from_pounds_per_metre)
    }

    pub(crate) fn metres(&self, key: &str) -> Option<Millimetres> {
        self.quantity(key, "metres with at most 3 decimals", Millimetres::from_metres_text)
    }

    pub(crate) fn share(&self, key: &str) -> Option<Share> {
        self.quantity(key, "a share between 0 and 1 with at most 6 decimals", Share::from_text)
    }

    pub(crate) fn weight(&self, key: &str) -> Option<Weight> {
        self.quantity(key, "a weight of 0 or more with at most 3 decimals", Weight::from_text)
    }

    pub(crate) fn count(&self, key: &str) -> Option<u32> {
        self.quantity(key, "a whole number of 0 or more", count)
    }

    /// A number in millionths.
    pub(crate) fn millionths(&self, key: &str) -> Option<u64> {
        self.quantity(key, "a number of 0 or more with at most 6 decimals", |text| {
            let value = crate::units::scaled_decimal(text, 6)?;
            u64::try_from(value).map_err(|_| QuantityError::Negative)
        })
    }

    /// One of a few words.
    pub(crate) fn word<T: Copy>(&self, key: &str, words: &[(&str, T)]) -> Option<T> {
        let text = self.text(key)?;
        let found = words.iter().find(|(word, _)| *word == text).map(|(_, value)| *value);
        if found.is_none() {
            self.unknown_word(key, text, words.iter().map(|(word, _)| *word));
        }
        found
    }

    /// Adds the fault of a word that is not one of those known.
    pub(crate) fn unknown_word<'a>(
        &self,
        key: &str,
        text: &str,
        words: impl IntoIterator<Item = &'a str>,
    ) {
        let remedy = suggestion(text, words);
        self.fault(key, Fault::new("F106", "the word is not known", remedy).value(text));
    }

    /// A list of texts; faulty entries are left out.
    pub(crate) fn texts(&self, key: &str) -> Option<Vec<String>> {
        let list = self.list(key)?;
        let mut texts = Vec::with_capacity(list.len());
        for (place, entry) in list.iter().enumerate() {
            match &entry.node {
                Node::Text(text) => texts.push(text.clone()),
                other => self.wrong(&format!("{key}[{}]", place + 1), other, "a text in quotes"),
            }
        }
        Some(texts)
    }

    pub(crate) fn list(&self, key: &str) -> Option<&'d [Entry]> {
        self.value(key, "a list", |node| match node {
            Node::List(list) => Some(list.as_slice()),
            _ => None,
        })
    }

    /// A table under this one; its keys are not checked yet.
    pub(crate) fn section(&self, key: &str) -> Option<Section<'d>> {
        let sink = self.sink;
        let path = join(&self.path, key);
        self.value(key, "a table", |node| match node {
            Node::Table(tree) => Some(Section { tree, path, sink }),
            _ => None,
        })
    }

    /// A table under this one, with its keys checked against those under `pattern`.
    pub(crate) fn checked(&self, key: &str, pattern: &str) -> Option<Section<'d>> {
        let section = self.section(key)?;
        section.check_keys(pattern);
        Some(section)
    }

    /// The tables of a list; anything else in it is a fault.
    pub(crate) fn sections(&self, key: &str) -> Vec<Section<'d>> {
        let mut sections = Vec::new();
        let list = self.list(key).unwrap_or_default();
        if list.len() > MOST_TABLES {
            self.fault(key, too_many("of them", list.len(), MOST_TABLES));
            return sections;
        }
        for (place, entry) in list.iter().enumerate() {
            let name = format!("{key}[{}]", place + 1);
            match &entry.node {
                Node::Table(tree) => {
                    let path = join(&self.path, &name);
                    sections.push(Section { tree, path, sink: self.sink });
                }
                other => self.wrong(&name, other, "a table"),
            }
        }
        sections
    }

    /// The value of a key as it stands, for keys that take several sorts of value.
    pub(crate) fn any(&self, key: &str) -> Option<&'d Node> {
        self.node(key)
    }
}

/// A title or a name that is there to be shown: it controls nothing, and is cut where it has no end.
pub(crate) fn shown(text: &str) -> String {
    short(text, 200).into_owned()
}

/// A whole number that fits 32 bits.
pub(crate) fn count(text: &str) -> Result<u32, QuantityError> {
    let value = crate::units::scaled_decimal(text, 0)?;
    if value < 0 {
        return Err(QuantityError::Negative);
    }
    u32::try_from(value).map_err(|_| QuantityError::TooLarge)
}
