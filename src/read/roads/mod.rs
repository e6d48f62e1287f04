//! Road files as published: OpenStreetMap extracts and GeoPackages in the layout of OS Open Roads.
//!
//! What for: a road file becomes spans without preparation. In: the file, and the table that maps ways to
//! methods of the rate card. Out: spans cut where the file says that ways connect, so that bridges, tunnels
//! and levels do not connect by accident; what is not used is counted in notices, never silent.

#[cfg(feature = "osm")]
mod crossings;
mod cut;
#[cfg(feature = "gpkg")]
mod gpkg;
#[cfg(feature = "gpkg")]
mod layers;
#[cfg(feature = "osm")]
mod osm;
mod road_file;
mod table;
#[cfg(feature = "gpkg")]
mod wkb;

use std::collections::BTreeMap;

use crate::error::Fault;
use crate::model::{InputFile, RateCard, SpanRow, TableDraft};
use crate::read::csv_table::{Sieve, bare_site, keep_faults};
use crate::read::files::InputText;
use crate::read::formats::{FileKind, no_feature};
use crate::read::roads::cut::{Cut, Road, cut};
use crate::read::roads::road_file::RoadFile;
use crate::read::roads::table::{Verdict, judge};
use crate::read::sources::Source;
use crate::read::tables::{ReadTable, input_file};

#[cfg(feature = "osm")]
pub(crate) use crossings::read_crossing_ways;
#[cfg(feature = "gpkg")]
pub(crate) use layers::{FeatureLayer, open_layer};
pub(crate) use table::{Layers, WayRule, layers, way_rules};

/// Spans from a road file, with the ids of its ways by number.
pub(crate) struct RoadSpans {
    pub(crate) table: ReadTable<SpanRow>,
    pub(crate) ids: Vec<String>,
}

/// What a scenario says about its road file.
pub(crate) struct RoadSettings<'s> {
    pub(crate) source: &'s Source,
    pub(crate) rules: &'s [WayRule],
    pub(crate) layers: &'s Layers,
    pub(crate) card: &'s RateCard,
}

/// Reads a road file; `None`, with faults, when it cannot be used.
pub(crate) fn read_roads(
    input: &InputText,
    settings: &RoadSettings<'_>,
    faults: &mut Vec<Fault>,
) -> Option<RoadSpans> {
    let source = settings.source;
    let kind = source.kind;
    let mut file = match load(kind, input, settings) {
        Ok(file) => file,
        Err(found) => {
            faults.extend(found);
            return None;
        }
    };
    let keep = keep_faults(source, &file.columns, "network.keep");
    if !keep.is_empty() {
        faults.extend(keep);
        return None;
    }
    let ids = file.roads.iter().map(|road| road.id.clone()).collect();
    let mut read = ReadTable {
        input: InputFile { rows_read: file.roads.len(), ..input_file(input, "network") },
        draft: TableDraft { file: input.file.clone(), ..TableDraft::default() },
        faults: Vec::new(),
        notices: std::mem::take(&mut file.notices),
    };
    let mut sieve = Sieve::new(source, &file.columns);
    let mut used = Used { input, lacking: BTreeMap::new(), notices: &mut read.notices };
    let (roads, methods) = used.of(kind, settings, &mut sieve, std::mem::take(&mut file.roads));
    let lacking = used.lacking_methods();
    read.input.rows_excluded = read.input.rows_read - roads.len();
    read.notices.extend(sieve.notices(&input.file));
    if !lacking.is_empty() {
        faults.extend(lacking);
        return None;
    }
    let crs = file.crs.unwrap_or(source.position.crs);
    let Cut { rows, moved } = cut(roads, &methods, &file.nodes, crs);
    read.draft.rows = rows;
    if moved > 0 {
        let cause = match moved {
            1 => "1 node lies exactly on another and is moved by millimetres, so that they do not connect"
                .to_owned(),
            _ => format!(
                "{moved} nodes lie exactly on others and are moved by millimetres, so that they do not connect"
            ),
        };
        let notice = Fault::notice("N145", cause, "no action is needed");
        read.notices.push(notice.at(&input.file, None, ""));
    }
    Some(RoadSpans { table: read, ids })
}

/// Reads the file by its kind.
fn load(
    kind: FileKind,
    input: &InputText,
    settings: &RoadSettings<'_>,
) -> Result<RoadFile, Vec<Fault>> {
    match kind {
        #[cfg(feature = "osm")]
        FileKind::OsmPbf => osm::load(input, settings.source),
        #[cfg(feature = "gpkg")]
        FileKind::GeoPackage => gpkg::load(input, settings.source, settings.layers),
        _ => {
            // Without their features nothing else looks at these.
            let _ = (&input.path, settings.layers);
            Err(vec![no_feature(&settings.source.file, kind.lacking().unwrap_or("osm"))])
        }
    }
}

/// Sorts ways into those that are used and those that are not.
struct Used<'a> {
    input: &'a InputText,
    /// Methods that the rate card lacks, with how many ways they would lay.
    lacking: BTreeMap<String, usize>,
    notices: &'a mut Vec<Fault>,
}

impl Used<'_> {
    /// The ways to be used, each with its method; the others are counted in notices.
    fn of(
        &mut self,
        kind: FileKind,
        settings: &RoadSettings<'_>,
        sieve: &mut Sieve<'_>,
        roads: Vec<Road>,
    ) -> (Vec<Road>, Vec<String>) {
        let rules = table::with_defaults(settings.rules, kind);
        let (mut used, mut methods) = (Vec::new(), Vec::new());
        let (mut left_out, mut unnamed) = (BTreeMap::new(), BTreeMap::new());
        for mut road in roads {
            let cells = std::mem::take(&mut road.cells);
            if sieve.leaves_out(&road.id, || bare_site(&road.id, "span", None, cells)) {
                continue;
            }
            translate(&mut road, settings.source);
            match judge(&rules, &road.words) {
                Verdict::Laid(method) if settings.card.methods.contains_key(method) => {
                    methods.push(method.to_owned());
                    used.push(road);
                }
                Verdict::Laid(method) => *self.lacking.entry(method.to_owned()).or_default() += 1,
                Verdict::LeftOut => count_class(&mut left_out, road),
                Verdict::Unnamed => count_class(&mut unnamed, road),
            }
        }
        let remedy = "no action is needed; network.ways can give them a method";
        self.unused("N142", "left out by the table of ways", remedy, &left_out);
        self.unused("N143", "named by no line of the table of ways and not used", remedy, &unnamed);
        (used, methods)
    }

    fn unused(
        &mut self,
        code: &'static str,
        what: &str,
        remedy: &str,
        by_class: &BTreeMap<String, usize>,
    ) {
        let total: usize = by_class.values().sum();
        if total == 0 {
            return;
        }
        let mut classes: Vec<(&String, &usize)> = by_class.iter().collect();
        classes.sort_by_key(|(class, count)| (std::cmp::Reverse(**count), *class));
        let classes: Vec<String> =
            classes.iter().map(|(class, count)| format!("{class} {count}")).collect();
        let (noun, verb) = if total == 1 { ("way", "is") } else { ("ways", "are") };
        let notice = Fault::notice(code, format!("{total} {noun} {verb} {what}"), remedy);
        self.notices.push(notice.value(classes.join(", ")).at(&self.input.file, None, "class"));
    }

    fn lacking_methods(&self) -> Vec<Fault> {
        let fault = |(method, count): (&String, &usize)| {
            let verb = if *count == 1 { "way needs" } else { "ways need" };
            let cause = format!("{count} {verb} a method that the rate card lacks");
            let remedy = format!(
                "add methods.{method} to the rate card, or map them otherwise in network.ways"
            );
            Fault::new("N141", cause, remedy).value(method).at(&self.input.file, None, "method")
        };
        self.lacking.iter().map(fault).collect()
    }
}

fn count_class(by_class: &mut BTreeMap<String, usize>, road: Road) {
    let [class, ..] = road.words;
    *by_class.entry(class).or_default() += 1;
}

/// Turns the file's words into ours, as `network.values` and `network.missing` say.
fn translate(road: &mut Road, source: &Source) {
    for (ours, word) in ["class", "surface", "form"].into_iter().zip(&mut road.words) {
        let turned = source.ours(ours, word.trim());
        if turned != word {
            *word = turned.to_owned();
        }
    }
}
