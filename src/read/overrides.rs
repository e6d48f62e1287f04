//! The tree of a scenario under the overrides of a variant.
//!
//! In: the tree of `scenario.toml` and a table of the variants' file with `unset`, `set` and
//! `add_programmes`. Out: the changed tree, and where in the variants' file each change is written, so
//! that faults found later are placed there. It converts and judges nothing.

use std::collections::BTreeMap;

use crate::error::Fault;
use crate::model::suggestion;
use crate::read::document::{Branch, Entry, Node, read_document};
use crate::read::section::{Section, join};

/// Keys of a scenario that say which scenario it is.
const OWN: [&str; 3] = ["format", "name", "title"];

/// A tree with the overrides of a variant.
pub(crate) struct Overridden {
    pub(crate) tree: Branch,
    pub(crate) written: Written,
}

/// Where the overridden paths of a scenario are written in the table of their variant.
#[derive(Default)]
pub(crate) struct Written(BTreeMap<String, (usize, String)>);

impl Written {
    /// Line and path, inside the variant, of a path of the scenario or of the nearest table above it.
    pub(crate) fn find(&self, path: &str) -> Option<(usize, String)> {
        let mut above = path;
        loop {
            if let Some((line, written)) = self.0.get(above) {
                return Some((*line, format!("{written}{}", &path[above.len()..])));
            }
            above = &above[..above.rfind(['.', '['])?];
        }
    }

    fn note(&mut self, at: &str, line: usize, by: &str) {
        self.0.insert(at.to_owned(), (line, by.to_owned()));
    }

    /// Notes a value and everything in it.
    fn note_whole(&mut self, at: &str, entry: &Entry, by: &str) {
        self.note(at, entry.line, by);
        match &entry.node {
            Node::Table(table) => {
                for (key, entry) in table {
                    self.note_whole(&join(at, key), entry, &join(by, key));
                }
            }
            Node::List(list) => {
                for (place, entry) in (1..).zip(list) {
                    self.note_whole(&format!("{at}[{place}]"), entry, &format!("{by}[{place}]"));
                }
            }
            _ => {}
        }
    }
}

/// Applies what a variant leaves out, then what it sets, then the programmes it adds.
pub(crate) fn overridden(base: &Branch, variant: &Section<'_>) -> Overridden {
    let mut change =
        Change { variant, done: Overridden { tree: base.clone(), written: Written::default() } };
    for (place, path) in (1..).zip(variant.texts("unset").unwrap_or_default()) {
        change.unset(&path, &format!("unset[{place}]"));
    }
    if let Some(set) = variant.section("set") {
        let mut tree = std::mem::take(&mut change.done.tree);
        change.set(&mut tree, set.tree());
        change.done.tree = tree;
    }
    change.add(&variant.sections("add_programmes"));
    change.done
}

struct Change<'a, 'd> {
    variant: &'a Section<'d>,
    done: Overridden,
}

impl Change<'_, '_> {
    fn unset(&mut self, path: &str, by: &str) {
        let Some(keys) = key_path(path) else {
            let fault = Fault::new(
                "F153",
                "this is not a path of keys",
                "write one such as \"rules.max_hops\" or \"programmes.rgc\"",
            );
            return self.variant.fault(by, fault.value(path));
        };
        if OWN.contains(&keys[0].as_str()) {
            return self.refuse(by, &keys[0]);
        }
        match take_out(&mut self.done.tree, &keys, "") {
            Ok(Some(at)) => self.done.written.note(&at, self.variant.line_of(by), by),
            Ok(None) => {}
            Err(remedy) => {
                let fault = Fault::new("F153", "the scenario has nothing there", remedy);
                self.variant.fault(by, fault.value(path));
            }
        }
    }

    fn refuse(&self, by: &str, key: &str) {
        let fault = Fault::new(
            "F152",
            "a variant cannot change this key",
            "the variant's own name and title stand beside `set`",
        );
        self.variant.fault(by, fault.value(key));
    }

    fn set(&mut self, tree: &mut Branch, set: &Branch) {
        let mut set = set.clone();
        for key in OWN {
            if set.remove(key).is_some() {
                self.refuse(&join("set", key), key);
            }
        }
        self.merge(tree, &set, "", "set");
    }

    /// Merges a table over another; `at` is its path in the scenario, `by` that in the variant.
    fn merge(&mut self, base: &mut Branch, over: &Branch, at: &str, by: &str) {
        for (key, entry) in over {
            let (at, by) = (join(at, key), join(by, key));
            match (base.get_mut(key).map(|entry| &mut entry.node), &entry.node) {
                (Some(Node::Table(base)), Node::Table(over)) => {
                    self.done.written.note(&at, entry.line, &by);
                    self.merge(base, over, &at, &by);
                }
                (Some(Node::List(base)), Node::Table(over)) if has_ids(base) => {
                    self.merge_entries(base, over, &at, &by);
                }
                _ => {
                    self.done.written.note_whole(&at, entry, &by);
                    base.insert(key.clone(), entry.clone());
                }
            }
        }
    }

    /// Merges tables by id over the tables of a list.
    fn merge_entries(&mut self, base: &mut [Entry], over: &Branch, at: &str, by: &str) {
        let ids: Vec<String> = base.iter().filter_map(id_of).map(str::to_owned).collect();
        for (id, entry) in over {
            let by = join(by, id);
            let Some(place) = ids.iter().position(|known| known == id) else {
                let near = suggestion(id, ids.iter().map(String::as_str));
                let remedy = format!("{near} A new programme goes into add_programmes");
                let fault = Fault::new("F151", "no entry of the list has this id", remedy);
                self.variant.fault(&by, fault.value(id));
                continue;
            };
            let at = format!("{at}[{}]", place + 1);
            match (&mut base[place].node, &entry.node) {
                (Node::Table(base), Node::Table(over)) => {
                    self.done.written.note(&at, entry.line, &by);
                    self.merge(base, over, &at, &by);
                }
                (_, other) => self.variant.wrong(&by, other, "a table"),
            }
        }
    }

    fn add(&mut self, added: &[Section<'_>]) {
        let Some(Node::List(list)) =
            self.done.tree.get_mut("programmes").map(|entry| &mut entry.node)
        else {
            return;
        };
        for (place, programme) in (1..).zip(added) {
            let by = format!("add_programmes[{place}]");
            let line = self.variant.line_of(&by);
            let entry = Entry { line, node: Node::Table(programme.tree().clone()) };
            list.push(entry.clone());
            self.done.written.note_whole(&format!("programmes[{}]", list.len()), &entry, &by);
        }
    }
}

/// The keys of a path as TOML writes it: `rules.max_hops`, `programmes."the.id"`.
fn key_path(path: &str) -> Option<Vec<String>> {
    let mut tree = read_document("", &format!("{path} = 0")).ok()?;
    let mut keys = Vec::new();
    loop {
        if tree.len() != 1 {
            return None;
        }
        let (key, entry) = tree.pop_first()?;
        keys.push(key);
        match entry.node {
            Node::Table(table) => tree = table,
            Node::Number(_) => return Some(keys),
            _ => return None,
        }
    }
}

/// Takes the value at a path out of a tree. Out: where it was, unless it was an entry of a list, whose
/// place another has now; or what there is instead.
fn take_out(tree: &mut Branch, keys: &[String], at: &str) -> Result<Option<String>, String> {
    let Some((key, rest)) = keys.split_first() else { return Ok(None) };
    let at = join(at, key);
    let remedy = suggestion(key, tree.keys().map(String::as_str));
    if rest.is_empty() {
        return tree.remove(key).map(|_| Some(at)).ok_or(remedy);
    }
    match tree.get_mut(key).map(|entry| &mut entry.node) {
        Some(Node::Table(table)) => take_out(table, rest, &at),
        Some(Node::List(list)) if has_ids(list) => take_entry(list, rest, &at),
        Some(_) => Err(format!("the path can end at {at}")),
        None => Err(remedy),
    }
}

fn take_entry(list: &mut Vec<Entry>, keys: &[String], at: &str) -> Result<Option<String>, String> {
    let Some((id, rest)) = keys.split_first() else { return Ok(None) };
    let place = list.iter().position(|entry| id_of(entry) == Some(id));
    let place = place.ok_or_else(|| suggestion(id, list.iter().filter_map(id_of)))?;
    if rest.is_empty() {
        list.remove(place);
        return Ok(None);
    }
    match &mut list[place].node {
        Node::Table(table) => take_out(table, rest, &format!("{at}[{}]", place + 1)),
        _ => Ok(None),
    }
}

/// Whether every entry of a list is a table with an id.
fn has_ids(list: &[Entry]) -> bool {
    !list.is_empty() && list.iter().all(|entry| id_of(entry).is_some())
}

fn id_of(entry: &Entry) -> Option<&str> {
    let Node::Table(table) = &entry.node else { return None };
    match &table.get("id")?.node {
        Node::Text(id) => Some(id),
        _ => None,
    }
}
