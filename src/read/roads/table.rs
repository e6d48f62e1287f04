//! The table that maps ways to methods of the rate card: the scenario's lines, then the defaults.

use crate::error::Fault;
use crate::model::{RateCard, suggestion};
use crate::read::formats::FileKind;
use crate::read::section::Section;

/// One line of the table. Each list is of words, any of them; all lists must hold.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct WayRule {
    /// Lists for class, surface and form; `None` is any.
    lists: [Option<Vec<String>>; 3],
    /// The method of such ways; `None` leaves them out.
    method: Option<String>,
}

/// Names of the layers of a GeoPackage.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Layers {
    pub(crate) links: String,
    pub(crate) nodes: String,
}

impl Default for Layers {
    fn default() -> Self {
        Self { links: "road_link".to_owned(), nodes: "road_node".to_owned() }
    }
}

/// What the table says of a way.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Verdict<'a> {
    /// Cable is laid along it by this method.
    Laid(&'a str),
    /// A line leaves it out.
    LeftOut,
    /// No line names it.
    Unnamed,
}

/// The first line that fits decides. `words` are class, surface and form; case does not count.
pub(super) fn judge<'a>(rules: &'a [WayRule], words: &[String; 3]) -> Verdict<'a> {
    let fits = |rule: &&WayRule| {
        rule.lists.iter().zip(words).all(|(list, word)| {
            let holds = |list: &Vec<String>| list.iter().any(|one| one.eq_ignore_ascii_case(word));
            list.as_ref().is_none_or(holds)
        })
    };
    match rules.iter().find(fits) {
        Some(WayRule { method: Some(method), .. }) => Verdict::Laid(method),
        Some(_) => Verdict::LeftOut,
        None => Verdict::Unnamed,
    }
}

/// The layers of a GeoPackage that a scenario names.
pub(crate) fn layers(network: &Section<'_>) -> Layers {
    let default = Layers::default();
    let named = |key: &str, default: String| network.text(key).map_or(default, str::to_owned);
    Layers { links: named("link_layer", default.links), nodes: named("node_layer", default.nodes) }
}

/// The scenario's own lines.
pub(crate) fn way_rules(network: &Section<'_>, card: &RateCard) -> Vec<WayRule> {
    let lines = network.sections("ways").into_iter().map(|line| {
        line.check_keys("network.ways[]");
        let lists = ["class", "surface", "form"].map(|key| line.texts(key));
        let method = line.text("method").map(str::to_owned);
        let left_out = line.flag("leave_out").unwrap_or(false);
        if line.has("method") == left_out {
            let cause = "a line of the table either names a method or leaves ways out";
            let remedy = "write method = \"...\" or leave_out = true";
            line.fault("", Fault::new("N140", cause, remedy));
        }
        if let Some(method) = method.as_ref().filter(|name| !card.methods.contains_key(*name)) {
            let remedy = suggestion(method, card.methods.keys().map(String::as_str));
            let fault = Fault::new("R101", "the rate card has no such method", remedy);
            line.fault("method", fault.value(method));
        }
        WayRule { lists, method }
    });
    lines.collect()
}

/// The scenario's lines, then those that stand for what it leaves unsaid.
pub(super) fn with_defaults(rules: &[WayRule], kind: FileKind) -> Vec<WayRule> {
    let defaults = match kind {
        FileKind::OsmPbf => openstreetmap(),
        FileKind::GeoPackage => open_roads(),
        FileKind::Csv | FileKind::GeoJson | FileKind::Layer => Vec::new(),
    };
    rules.iter().cloned().chain(defaults).collect()
}

/// Values of `highway` for roads that vehicles use; motorways are not dug up.
const ROADS: &[&str] = &[
    "trunk",
    "trunk_link",
    "primary",
    "primary_link",
    "secondary",
    "secondary_link",
    "tertiary",
    "tertiary_link",
    "unclassified",
    "residential",
    "living_street",
    "service",
    "road",
];
/// Streets for walkers alone, paved like a footway.
const WALKS: &[&str] = &["pedestrian"];
const TRACKS: &[&str] = &["track"];
/// Values of `surface` that a soft dig is enough for.
const SOFT: &[&str] = &[
    "unpaved",
    "compacted",
    "fine_gravel",
    "gravel",
    "pebblestone",
    "dirt",
    "earth",
    "ground",
    "grass",
    "mud",
    "sand",
    "woodchips",
];

fn openstreetmap() -> Vec<WayRule> {
    vec![
        line(&[ROADS, WALKS].concat(), Some(SOFT), Some("soft_verge")),
        line(TRACKS, None, Some("soft_verge")),
        line(WALKS, None, Some("footway")),
        line(ROADS, None, Some("carriageway")),
        line(&["motorway", "motorway_link"], None, None),
    ]
}

fn open_roads() -> Vec<WayRule> {
    let busways = vec!["Guided Busway".to_owned()];
    vec![
        line(&["Motorway"], None, None),
        WayRule { lists: [None, None, Some(busways)], method: None },
        WayRule { lists: [None, None, None], method: Some("carriageway".to_owned()) },
    ]
}

fn line(class: &[&str], surface: Option<&[&str]>, method: Option<&str>) -> WayRule {
    let list = |words: &[&str]| words.iter().map(|&word| word.to_owned()).collect();
    WayRule {
        lists: [Some(list(class)), surface.map(list), None],
        method: method.map(str::to_owned),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(class: &str, surface: &str, form: &str) -> [String; 3] {
        [class, surface, form].map(str::to_owned)
    }

    #[test]
    fn defaults_know_roads_paths_and_soft_ground() {
        let rules = with_defaults(&[], FileKind::OsmPbf);
        for (class, surface, expected) in [
            ("residential", "asphalt", Verdict::Laid("carriageway")),
            ("Service", "Gravel", Verdict::Laid("soft_verge")),
            ("track", "", Verdict::Laid("soft_verge")),
            ("pedestrian", "paving_stones", Verdict::Laid("footway")),
            ("motorway", "", Verdict::LeftOut),
            ("footway", "", Verdict::Unnamed),
            ("", "", Verdict::Unnamed),
        ] {
            assert_eq!(judge(&rules, &words(class, surface, "")), expected, "{class} {surface}");
        }
        let rules = with_defaults(&[], FileKind::GeoPackage);
        assert_eq!(judge(&rules, &words("A Road", "", "Roundabout")), Verdict::Laid("carriageway"));
        assert_eq!(judge(&rules, &words("Unknown", "", "Guided Busway")), Verdict::LeftOut);
    }

    #[test]
    fn the_first_line_that_fits_decides() {
        let bridges = vec!["bridge".to_owned()];
        let own = [
            WayRule { lists: [None, None, Some(bridges)], method: Some("duct".to_owned()) },
            line(&["primary"], None, None),
        ];
        let rules = with_defaults(&own, FileKind::OsmPbf);
        assert_eq!(judge(&rules, &words("primary", "", "bridge")), Verdict::Laid("duct"));
        assert_eq!(judge(&rules, &words("primary", "", "")), Verdict::LeftOut);
        assert_eq!(judge(&rules, &words("tertiary", "", "")), Verdict::Laid("carriageway"));
    }
}
