//! What a scenario says about its tables: which file, which columns, which rows.

use std::collections::{BTreeMap, BTreeSet};

use crate::error::Fault;
use crate::geometry::Crs;
use crate::model::Clause;
use crate::read::clauses::{ColumnNames, clause_at};
use crate::read::document::Node;
use crate::read::formats::FileKind;
use crate::read::section::Section;

/// The words for the reference systems.
const SYSTEMS: [(&str, Crs); 2] = [("EPSG:4326", Crs::Wgs84), ("EPSG:27700", Crs::BritishGrid)];

/// Where positions are: the reference system and, in a table, the two columns.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct PositionColumns {
    pub(crate) crs: Crs,
    pub(crate) x: String,
    pub(crate) y: String,
}

/// What the scenario says about one table.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Source {
    /// File as the scenario names it.
    pub(crate) file: String,
    /// What parts its cells, where the scenario says.
    pub(crate) delimiter: Option<u8>,
    pub(crate) kind: FileKind,
    /// Layer of a GeoPackage.
    pub(crate) layer: Option<String>,
    pub(crate) position: PositionColumns,
    /// The reference system, if the scenario names it.
    pub(crate) given_crs: Option<Crs>,
    pub(crate) columns: ColumnNames,
    /// By our column: their text and ours.
    pub(crate) values: BTreeMap<String, BTreeMap<String, String>>,
    pub(crate) missing: Vec<String>,
    pub(crate) exclude: BTreeSet<String>,
    pub(crate) keep: Option<Clause>,
}

impl Source {
    /// Our word for a text in one of our columns; empty when the value is missing. Their empty word stands for
    /// every text that means "no value", and our empty word is none.
    pub(crate) fn ours<'t>(&'t self, column: &str, text: &'t str) -> &'t str {
        let word = |theirs: &str| self.values.get(column)?.get(theirs).map(String::as_str);
        let missing = is_missing(text, &self.missing);
        let plain = if missing { "" } else { text };
        word(text).or_else(|| word(plain)).unwrap_or(plain)
    }
}

/// What sort of table a section describes.
#[derive(Clone, Copy)]
pub(crate) struct TableSort {
    /// Our columns.
    pub(crate) columns: &'static [&'static str],
    /// Whether rows have ids, so that some can be excluded by id.
    pub(crate) ids: bool,
    /// How the file is written, which may say where positions are.
    pub(crate) kind: FileKind,
}

/// Reads a section's description of its table; `None`, with faults, when it has no file or position.
pub(crate) fn source(section: &Section<'_>, sort: TableSort) -> Option<Source> {
    let file = section.need_text("file", "name the file with the rows");
    let position = position(section, sort);
    let columns = columns(section, sort);
    let values = values(section, sort);
    let missing = section.texts("missing").unwrap_or_default();
    let exclude: BTreeSet<String> =
        section.texts("exclude").unwrap_or_default().into_iter().collect();
    if !sort.ids && section.has("exclude") {
        let fault = Fault::new("F109", "these rows have no ids", "use `keep` with a clause");
        section.fault("exclude", fault);
    }
    let keep = section.has("keep").then(|| clause_at(section, "keep", &columns));
    let delimiter = delimiter(section);
    let layer = section.text("layer").map(str::to_owned);
    if layer.is_some() && sort.kind != FileKind::Layer {
        let cause = "the key has no effect with this `file`";
        section.fault("layer", Fault::notice("F113", cause, "drop it, or name another `file`"));
    }
    if section.has("delimiter") && sort.kind != FileKind::Csv {
        let cause = "the key has no effect with this `file`";
        section.fault("delimiter", Fault::notice("F113", cause, "drop it, or name another `file`"));
    }
    let position = position?;
    Some(Source {
        file: file?.to_owned(),
        kind: sort.kind,
        layer,
        delimiter,
        given_crs: section.has("position").then_some(position.crs),
        position,
        columns,
        values,
        missing,
        exclude,
        keep,
    })
}

/// The separator that the scenario names, by itself or by a word.
fn delimiter(section: &Section<'_>) -> Option<u8> {
    if let Some(Node::Text(text)) = section.any("delimiter")
        && let [separator @ (b',' | b';' | b'\t' | b'|')] = *text.as_bytes()
    {
        return Some(separator);
    }
    let words = [("comma", b','), ("semicolon", b';'), ("tab", b'\t'), ("bar", b'|')];
    section.word("delimiter", &words)
}

fn position(section: &Section<'_>, sort: TableSort) -> Option<PositionColumns> {
    let kind = sort.kind;
    let coordinates = kind == FileKind::Csv;
    let bare = |crs| PositionColumns { crs, x: String::new(), y: String::new() };
    if !kind.needs_position() && !section.has("position") {
        // Such a file says it itself.
        return Some(bare(kind.only_crs().unwrap_or(Crs::BritishGrid)));
    }
    let example = if coordinates {
        "say where positions are: position = { crs = \"EPSG:4326\", x = \"lon\", y = \"lat\" }"
    } else {
        "name the reference system: position = { crs = \"EPSG:4326\" }"
    };
    if !section.has("position") {
        section.missing("position", example);
    }
    let position = section.checked("position", "position")?;
    if !position.has("crs") {
        position.missing("crs", "name EPSG:4326 (degrees) or EPSG:27700 (British grid)");
    }
    let crs = position.word("crs", &SYSTEMS);
    if !coordinates {
        for key in ["x", "y"].into_iter().filter(|key| position.has(key)) {
            let cause =
                "the key has no effect with this `file`: positions are those of its features";
            position.fault(key, Fault::notice("F113", cause, "drop it, or name another `file`"));
        }
        if let Some((only, given)) = kind.only_crs().zip(crs).filter(|(only, given)| only != given)
        {
            position.fault("crs", other_crs(only, given));
        }
        return Some(bare(crs?));
    }
    let x = position.need_text("x", "name the column of the longitude or easting");
    let y = position.need_text("y", "name the column of the latitude or northing");
    Some(PositionColumns { crs: crs?, x: x?.to_owned(), y: y?.to_owned() })
}

/// The fault of a scenario that names another reference system than the file does, or is always in.
pub(crate) fn other_crs(of_file: Crs, given: Crs) -> Fault {
    let name = |crs: Crs| SYSTEMS.iter().find(|(_, own)| *own == crs).map_or("", |(name, _)| *name);
    let (of_file, given) = (name(of_file), name(given));
    let cause =
        format!("the file is in {of_file} by its own account, in {given} by the scenario's");
    let remedy = format!("write crs = \"{of_file}\", or correct the file if it is wrong");
    Fault::new("N148", cause, remedy)
}

/// The fault of a file in a reference system that is not read.
pub(crate) fn unknown_crs(name: &str) -> Fault {
    let cause = "the file says that it is in a reference system that is not known";
    Fault::new("N149", cause, "convert it to EPSG:27700 or EPSG:4326").value(name)
}

fn columns(section: &Section<'_>, sort: TableSort) -> ColumnNames {
    let Some(table) = section.section("columns") else { return ColumnNames::new() };
    let mut columns = ColumnNames::new();
    for ours in table.names() {
        if known_column(&table, ours, sort) {
            columns.extend(table.text(ours).map(|theirs| (ours.to_owned(), theirs.to_owned())));
        }
    }
    columns
}

fn known_column(table: &Section<'_>, ours: &str, sort: TableSort) -> bool {
    let known = sort.columns.contains(&ours);
    if !known {
        let remedy = crate::model::suggestion(ours, sort.columns.iter().copied());
        let fault = Fault::new("F103", "there is no such column of ours", remedy);
        table.fault(ours, fault.value(ours));
    }
    known
}

fn values(section: &Section<'_>, sort: TableSort) -> BTreeMap<String, BTreeMap<String, String>> {
    let Some(table) = section.section("values") else { return BTreeMap::new() };
    let mut values = BTreeMap::new();
    for ours in table.names() {
        if !known_column(&table, ours, sort) {
            continue;
        }
        let Some(words) = table.section(ours) else { continue };
        let word = |theirs: &str| {
            // A yes/no value may be written as true or false.
            let token = match words.any(theirs) {
                Some(Node::Flag(flag)) => flag.to_string(),
                _ => words.text(theirs)?.to_owned(),
            };
            Some((theirs.to_owned(), token))
        };
        values.insert(ours.to_owned(), words.names().filter_map(word).collect());
    }
    values
}

/// Whether a text means "no value" under the scenario's list; an empty one always does.
pub(crate) fn is_missing(text: &str, missing: &[String]) -> bool {
    text.is_empty() || missing.iter().any(|word| word.trim().eq_ignore_ascii_case(text))
}
