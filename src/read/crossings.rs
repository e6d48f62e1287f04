//! Lines that cost something to cross, from GeoJSON, and the table that says which OpenStreetMap ways are such.
//!
//! In: features of lines with a kind, or the scenario's table of tags. Out: rows for the model, or rules for the
//! reader of extracts. The first rule that fits a way decides; the scenario's stand before the usual ones.

use crate::error::Fault;
use crate::model::{CrossingRow, Role};
use crate::read::files::InputText;
use crate::read::lines::{level, parts, read_features};
use crate::read::section::Section;
use crate::read::sources::Source;
use crate::read::tables::ReadTable;

/// Which OpenStreetMap ways are of a kind.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct CrossingRule {
    /// The key of a tag.
    pub(crate) tag: String,
    /// Its values, any of them; `None` is any value.
    pub(crate) values: Option<Vec<String>>,
    /// What such ways are; `None` leaves them out.
    pub(crate) kind: Option<String>,
}

impl CrossingRule {
    /// Whether it fits a way, asked by its tags; case does not count.
    #[cfg(feature = "osm")]
    pub(crate) fn fits<'a>(&self, tag: impl Fn(&str) -> Option<&'a str>) -> bool {
        tag(&self.tag).is_some_and(|value| {
            let is = |one: &String| one.eq_ignore_ascii_case(value);
            self.values.as_ref().is_none_or(|values| values.iter().any(is))
        })
    }
}

/// Reads a file of lines; `None`, with faults, when the file as a whole cannot be used.
pub(crate) fn read_crossings(
    input: &InputText,
    source: &Source,
    faults: &mut Vec<Fault>,
) -> Option<ReadTable<CrossingRow>> {
    let keep = "network.crossings.keep";
    read_features(input, source, Role::Crossings, keep, faults, |row, feature| {
        // Without a line it is at fault already; it is judged on for what else is wrong with it.
        let lines = parts(row, feature, "N203").unwrap_or_else(|| vec![Vec::new()]);
        let kind = row.owned("kind").unwrap_or_default();
        let level = row.quantity("level", "N206", "a whole number", level).unwrap_or(0);
        let number = row.number;
        let one = |line| CrossingRow { kind: kind.clone(), level, line, row: number };
        lines.into_iter().map(one).collect()
    })
}

/// The scenario's own rules, then the usual ones.
pub(crate) fn crossing_rules(crossings: &Section<'_>) -> Vec<CrossingRule> {
    let own = crossings.sections("lines").into_iter().filter_map(|line| {
        line.check_keys("network.crossings.lines[]");
        let tag = line.need_text("tag", "name the key of a tag, such as railway");
        let values = line.texts("is");
        let kind = line.text("kind").map(str::to_owned);
        let left_out = line.flag("leave_out").unwrap_or(false);
        if line.has("kind") == left_out {
            let cause = "a line of the table either names a kind or leaves ways out";
            let remedy = "write kind = \"...\" or leave_out = true";
            line.fault("", Fault::new("N140", cause, remedy));
        }
        Some(CrossingRule { tag: tag?.to_owned(), values, kind })
    });
    let usual = USUAL.iter().map(|(tag, values, kind)| CrossingRule {
        tag: (*tag).to_owned(),
        values: Some(values.iter().map(|&value| value.to_owned()).collect()),
        kind: Some((*kind).to_owned()),
    });
    own.chain(usual).collect()
}

/// Tag, its values, and what such ways are.
const USUAL: [(&str, &[&str], &str); 3] = [
    ("railway", &["rail", "light_rail", "narrow_gauge", "preserved"], "railway"),
    ("waterway", &["river", "canal"], "river"),
    ("highway", &["motorway", "trunk"], "major_road"),
];
