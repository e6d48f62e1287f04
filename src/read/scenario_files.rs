//! The files of a scenario: opened by its settings, and read into a draft.
//!
//! In: settings, and the folders to look in. Out: the opened tables with their layouts, their rows as a
//! [`TablesDraft`], and what is wrong with files and rows. Nothing is judged here beyond how it is written.

use std::path::Path;

use crate::effort::Interrupt;
use crate::error::{Error, Fault};
use crate::model::{InputFile, Role, RowFault, TableDraft, TablesDraft};
use crate::read::files::{InputText, NoFile, open, open_bytes};
use crate::read::formats::{FileKind, no_feature};
use crate::read::kinds::Wanted;
use crate::read::layout::Layout;
#[cfg(feature = "osm")]
use crate::read::roads::read_crossing_ways;
use crate::read::roads::{RoadSettings, read_roads};
use crate::read::section::Sink;
use crate::read::settings::Settings;
use crate::read::sources::Source;
use crate::read::tables::{ReadTable, input_file};
use crate::read::{barriers, clauses, crossings, lines, points, tables};

/// The opened tables of a scenario, and what is wrong with them.
#[derive(Default)]
pub(super) struct Files {
    pub sites: Option<(InputText, Source)>,
    pub exchanges: Option<(InputText, Source)>,
    pub waypoints: Option<(InputText, Source)>,
    pub spans: Option<(InputText, Source)>,
    pub barriers: Option<(InputText, Source)>,
    pub crossings: Option<(InputText, Source)>,
    /// Ids of the ways of a road file, by their numbers.
    pub way_ids: Option<Vec<String>>,
    /// The same of an extract with lines to cross.
    pub crossing_ids: Option<Vec<String>>,
    /// Faults of whole files.
    pub faults: Vec<Fault>,
    /// Faults of rows found while reading, by our names of fields.
    pub rows: Vec<RowFault>,
    pub notices: Vec<Fault>,
}

impl Files {
    /// Opens the tables.
    ///
    /// # Errors
    ///
    /// When a file cannot be read, or when there is no time for the next.
    pub fn open(
        settings: &Settings,
        sink: &Sink,
        folders: &[&Path],
        interrupt: &Interrupt<'_>,
    ) -> Result<Self, Error> {
        let mut faults = Vec::new();
        let mut of_points = vec!["sites.file", "exchanges.file"];
        of_points.extend(settings.waypoints.as_ref().map(|_| "network.file"));
        let mut open_one = |source: &Option<Source>, path: &str| -> Result<_, Error> {
            let Some(source) = source else { return Ok(None) };
            interrupt.while_there_is_time()?;
            let kind = source.kind;
            if let Some(feature) = kind.lacking() {
                sink.add(path, no_feature(&source.file, feature));
                return Ok(None);
            }
            let wanted = match kind {
                FileKind::Csv => Wanted::Table,
                FileKind::GeoJson => Wanted::GeoJson,
                FileKind::OsmPbf => Wanted::OsmPbf,
                FileKind::Layer | FileKind::GeoPackage => Wanted::GeoPackage,
            };
            let opened = if kind.is_binary() {
                open_bytes(&source.file, folders, wanted)
            } else {
                open(&source.file, folders, wanted)
            };
            match opened {
                Ok(input) if of_points.contains(&path) && is_features(&input, kind) => {
                    Ok(points::as_table(&input, source, &mut faults))
                }
                Ok(mut input) => {
                    if kind == FileKind::Csv {
                        let needed = needed_columns(source, path);
                        input.layout = Layout::of(input.body(), source.delimiter, &needed);
                    }
                    Ok(Some((input, source.clone())))
                }
                Err(NoFile::Error(error)) => Err(error),
                Err(NoFile::Fault(fault)) => {
                    if fault.place.file.is_empty() {
                        sink.add(path, *fault);
                    } else {
                        faults.push(*fault);
                    }
                    Ok(None)
                }
            }
        };
        let sites = open_one(&settings.sites, "sites.file")?;
        let exchanges = open_one(&settings.exchanges, "exchanges.file")?;
        let waypoints = open_one(&settings.waypoints, "network.file")?;
        let spans = open_one(&settings.spans, "network.file")?;
        let barriers = open_one(&settings.barriers, "network.barriers.file")?;
        let crossings = open_one(&settings.crossings, "network.crossings.file")?;
        let tables = Self { sites, exchanges, waypoints, spans, barriers, ..Self::default() };
        Ok(Self { crossings, faults, ..tables })
    }

    /// Reads the rows of every table into a draft.
    ///
    /// # Errors
    ///
    /// When there is no time for the next of them.
    pub fn read(
        &mut self,
        settings: &Settings,
        scenario: &InputText,
        interrupt: &Interrupt<'_>,
    ) -> Result<TablesDraft, Error> {
        let mut draft = TablesDraft {
            default_enable: settings.default_enable,
            default_ports: settings.default_ports,
            rurality_scheme: settings.rurality_scheme,
            default_method: settings.default_method(),
            inputs: vec![input_file(scenario, "scenario")],
            ..TablesDraft::default()
        };
        let Self { faults, rows, notices, way_ids, .. } = self;
        let mut inputs = Vec::new();
        let mut sink = Parts { rows, notices, inputs: &mut inputs };
        let stops = &|| interrupt.is_due();
        if let Some((input, source)) = &self.sites {
            let in_use = settings.objective.weights();
            let weights = settings.weights.iter();
            let weights = weights.filter(|own| in_use.contains(&own.name.as_str())).collect();
            let of_sites = tables::SiteSettings {
                scheme: settings.rurality_scheme,
                numbers: settings.number_columns(),
                weights,
                forbidden: &settings.rules.forbidden,
            };
            let read = tables::read_sites(input, source, &of_sites, faults, stops);
            draft.sites = read.map(|table| sink.take(table)).unwrap_or_default();
        }
        interrupt.while_there_is_time()?;
        if let Some((input, source)) = &self.exchanges {
            let read = tables::read_exchanges(input, source, faults, stops);
            draft.exchanges = read.map(|table| sink.take(table)).unwrap_or_default();
        }
        interrupt.while_there_is_time()?;
        if let Some((input, source)) = &self.waypoints {
            let read = tables::read_waypoints(input, source, faults, stops);
            draft.waypoints = read.map(|table| sink.take(table)).unwrap_or_default();
        }
        interrupt.while_there_is_time()?;
        if let Some((input, source)) = &self.spans {
            let read = match source.kind {
                FileKind::Csv | FileKind::GeoJson | FileKind::Layer => {
                    lines::read_spans(input, source, faults)
                }
                FileKind::OsmPbf | FileKind::GeoPackage => {
                    let (rules, layers) = (&settings.ways, &settings.layers);
                    let card = &settings.rate_card;
                    let roads = RoadSettings { source, rules, layers, card };
                    read_roads(input, &roads, faults).map(|read| {
                        *way_ids = Some(read.ids);
                        read.table
                    })
                }
            };
            draft.spans = read.map(|table| sink.take(table)).unwrap_or_default();
        }
        interrupt.while_there_is_time()?;
        if let Some((input, source)) = &self.barriers {
            let read = barriers::read_barriers(input, source, faults);
            draft.barriers = read.map(|table| sink.take(table)).unwrap_or_default();
        }
        interrupt.while_there_is_time()?;
        if let Some((input, source)) = &self.crossings {
            let read = match source.kind {
                #[cfg(feature = "osm")]
                FileKind::OsmPbf => read_crossing_ways(input, &settings.crossing_rules, faults)
                    .map(|ways| {
                        self.crossing_ids = Some(ways.ids);
                        ways.table
                    }),
                _ => crossings::read_crossings(input, source, faults),
            };
            draft.crossings = read.map(|table| sink.take(table)).unwrap_or_default();
        }
        draft.inputs.append(&mut inputs);
        settings.rate_card.uplift.raise_tables(&mut draft);
        Ok(draft)
    }

    pub fn of(&self, role: Role) -> Option<&(InputText, Source)> {
        match role {
            Role::Sites => self.sites.as_ref(),
            Role::Exchanges => self.exchanges.as_ref(),
            Role::Network => self.waypoints.as_ref().or(self.spans.as_ref()),
            Role::Barriers => self.barriers.as_ref(),
            Role::Crossings => self.crossings.as_ref(),
        }
    }

    /// Whether the positions of a file stand in features, not in columns.
    pub fn has_features(&self, role: Role) -> bool {
        self.of(role)
            .is_some_and(|(input, source)| input.layout.counts_rows || source.kind != FileKind::Csv)
    }

    /// The name that the file has for one of our fields.
    pub fn their_field(&self, role: Role, ours: &str) -> String {
        let Some((_, source)) = self.of(role) else { return ours.to_owned() };
        if ours == "position" && self.has_features(role) {
            return "geometry".to_owned();
        }
        if ours == "position" {
            return format!("{}, {}", source.position.x, source.position.y);
        }
        clauses::theirs(ours, &source.columns)
    }
}

/// The columns that a table must have, by the names it has for them.
fn needed_columns<'s>(source: &'s Source, path: &str) -> Vec<&'s str> {
    let required: &[&str] = match path {
        "sites.file" => tables::SITES_NEED,
        "exchanges.file" => tables::EXCHANGES_NEED,
        _ => &[],
    };
    let position = [source.position.x.as_str(), source.position.y.as_str()];
    let mapped = source.columns.values().map(String::as_str);
    position
        .into_iter()
        .chain(mapped)
        .chain(required.iter().copied().filter(|ours| !source.columns.contains_key(*ours)))
        .collect()
}

/// Whether a file of a table of points is of features: by its name, or by its first letter where the name does not
/// say.
fn is_features(input: &InputText, kind: FileKind) -> bool {
    kind != FileKind::Csv || input.body().trim_start().starts_with('{')
}

/// Takes the parts of a table that was read.
struct Parts<'f> {
    rows: &'f mut Vec<RowFault>,
    notices: &'f mut Vec<Fault>,
    inputs: &'f mut Vec<InputFile>,
}

impl Parts<'_> {
    fn take<R>(&mut self, table: ReadTable<R>) -> TableDraft<R> {
        self.rows.extend(table.faults);
        self.notices.extend(table.notices);
        self.inputs.push(table.input);
        table.draft
    }
}
