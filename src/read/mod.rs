//! Files into the model: scenario folders, tables, plans, hashes.
//!
//! What for: the one way in for files. In: a folder with a `scenario.toml`, and perhaps a folder with
//! the tables. Out: a checked [`Scenario`] with its notices, or all faults at once, each with file, row,
//! field, value and remedy. It judges only how things are written; what they say is judged by
//! [`model`](crate::model), so that a scenario built in Rust meets the same faults.

mod barriers;
mod clauses;
mod crossings;
mod csv_table;
mod document;
mod existing;
mod features;
mod files;
mod formats;
mod hopeless;
mod json;
mod keys;
mod kinds;
mod layout;
mod limits;
mod lines;
mod overrides;
mod plan;
mod plan_parts;
mod points;
mod presets;
mod programmes;
mod quarantine;
mod roads;
mod row;
mod scenario_files;
mod schedule;
mod section;
mod settings;
mod sources;
mod tables;
mod template;
mod variants;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

pub use files::read_ascii_text;
pub(crate) use files::{damaged_gzip, is_gzip, regular};
pub use keys::{
    CROSSING_PROPERTIES, EXCHANGE_COLUMNS, KEYS, SITE_COLUMNS, SPAN_PROPERTIES, VARIANT_KEYS,
    WAY_COLUMNS, WAYPOINT_COLUMNS,
};
pub(crate) use kinds::{Wanted, other_kind};
pub(crate) use limits::{Bounded, is_limit};
pub use plan::{PlanReading, read_plan};
pub use presets::{Preset, presets};

pub use quarantine::Rejected;
pub use template::{TEMPLATE, write_template};
pub use variants::{VariantReading, VariantsReading, read_variants, read_variants_within};

use crate::effort::{Effort, Interrupt};
use crate::error::{Code, Error, ErrorKind, Fault, Place, Severity, Subject};
use crate::model::{
    Assembly, MOST_FAULTS, Role, RowFault, SWAPPED_LINES, Scenario, ScenarioParts, Site, SpanRow,
    TableDraft, Tables, TablesDraft, WaypointRow, faults, notices, unknown_method, value_faults_of,
    waypoint_faults,
};
use crate::observe::{Observer, Silent};
use crate::read::document::{Branch, read_document};
use crate::read::existing::read_existing;
use crate::read::files::{InputText, must_read};
use crate::read::hopeless::too_many_faults;
use crate::read::limits::MOST_SETTINGS;
use crate::read::quarantine::{count_rows, drop_rows, rejected};
use crate::read::scenario_files::Files;
use crate::read::section::{Section, Sink};
use crate::read::settings::{Settings, TableSettings, settings};

/// The file that makes a folder a scenario.
pub const SCENARIO_FILE: &str = "scenario.toml";

/// How to read a scenario.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
#[non_exhaustive]
pub struct ReadOptions {
    /// Folder in which tables are looked up that are not beside the scenario.
    pub data_dir: Option<PathBuf>,
    /// Whether faulty rows are set aside with their reasons, instead of stopping the reading.
    pub quarantine: bool,
}

impl ReadOptions {
    /// Strict reading, with tables beside the scenario.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The same with a folder in which further tables are looked up.
    #[must_use]
    pub fn data_dir(mut self, folder: impl Into<PathBuf>) -> Self {
        self.data_dir = Some(folder.into());
        self
    }

    /// The same, setting faulty rows aside.
    #[must_use]
    pub fn quarantine(mut self, quarantine: bool) -> Self {
        self.quarantine = quarantine;
        self
    }
}

/// A scenario as read.
#[derive(Clone, Debug, PartialEq)]
pub struct Reading {
    /// The question.
    pub scenario: Scenario,
    /// Remarks that stop nothing.
    pub notices: Vec<Fault>,
    /// Rows set aside; empty unless asked for.
    pub set_aside: Vec<Rejected>,
}

/// Reads the scenario of a folder.
///
/// Tables are looked up beside `scenario.toml`, then in [`ReadOptions::data_dir`]. For every table, rows
/// read = rows used + rows set aside + rows excluded, counted in
/// [`Tables::inputs`](crate::model::Tables::inputs).
///
/// # Errors
///
/// `Usage` when the folder holds no `scenario.toml`; `Faults` with every fault of every file, except the
/// rows that were set aside; `Io` when a file cannot be read.
pub fn read_scenario(folder: &Path, options: &ReadOptions) -> Result<Reading, Error> {
    read_scenario_within(folder, options, &Effort::default(), &mut Silent)
}

/// Reads the scenario of a folder within the seconds of an effort, or until the observer wants to stop. Both are
/// looked at between one table and the next, and inside a long one.
///
/// # Errors
///
/// As [`read_scenario`]; `Interrupted` when time was up before everything was read (I404).
pub fn read_scenario_within(
    folder: &Path,
    options: &ReadOptions,
    effort: &Effort,
    observer: &mut dyn Observer,
) -> Result<Reading, Error> {
    let interrupt = Interrupt::new(effort.start(), observer);
    folders_are_there(folder, options)?;
    let (input, tree) = scenario_tree(folder)?;
    Ok(read_tree(&input, &tree, folder, options, &interrupt)?.reading)
}

/// Whether what is named as a folder is one, where it is anything; tables are not looked for in vain.
fn folders_are_there(folder: &Path, options: &ReadOptions) -> Result<(), Error> {
    let usage = |path: &Path, words: &str| {
        Err(Error::new(ErrorKind::Usage, format!("{}: {words}", path.display())))
    };
    if folder.is_file() {
        return usage(folder, "this is a file; name the folder that holds the scenario");
    }
    match options.data_dir.as_deref().filter(|tables| !tables.is_dir()) {
        Some(tables) => usage(tables, "there is no such folder of tables"),
        None => Ok(()),
    }
}

/// The text of the scenario of a folder, and its tree.
fn scenario_tree(folder: &Path) -> Result<(InputText, Branch), Error> {
    let missing =
        "there is no such scenario; name a folder with one, or let `new_scenario` write it";
    let input = must_read(&folder.join(SCENARIO_FILE), missing, MOST_SETTINGS)?;
    let tree = read_document(&input.file, input.body()).map_err(Error::from_faults)?;
    Ok((input, tree))
}

/// A scenario as read, with what its variants can share.
struct Whole {
    reading: Reading,
    files: Files,
    of_tables: TableSettings,
    /// The notices that came with the tables.
    table_notices: Vec<Fault>,
}

fn read_tree(
    input: &InputText,
    tree: &Branch,
    folder: &Path,
    options: &ReadOptions,
    interrupt: &Interrupt<'_>,
) -> Result<Whole, Error> {
    let sink = Sink::new(&input.file, tree);
    let mut settings = settings(&Section::whole(tree, &sink));
    let folders: Vec<&Path> =
        [Some(folder), options.data_dir.as_deref()].into_iter().flatten().collect();
    read_existing(&mut settings, &sink, &folders)?;
    let mut files = Files::open(&settings, &sink, &folders, interrupt)?;
    interrupt.while_there_is_time()?;
    let draft = files.read(&settings, input, interrupt)?;
    interrupt.while_there_is_time()?;
    let of_tables = settings.of_tables();
    let gathered = gather(draft, settings, &sink, &mut files);
    let table_notices = gathered.table_notices.clone();
    let reading = finish(gathered, &sink, &files, options.quarantine)?;
    Ok(Whole { reading, files, of_tables, table_notices })
}

/// The scenario as far as it can be made, and every fault.
struct Gathered {
    scenario: Scenario,
    /// Faults of rows, which can be set aside.
    rows: Vec<RowFault>,
    /// All other faults.
    others: Vec<Fault>,
    /// Notices on the settings.
    notices: Vec<Fault>,
    /// Notices on the tables.
    table_notices: Vec<Fault>,
}

fn gather(mut draft: TablesDraft, settings: Settings, sink: &Sink, files: &mut Files) -> Gathered {
    let ids: BTreeSet<String> = draft.sites.rows.iter().map(|row| row.id.clone()).collect();
    let mut rows = std::mem::take(&mut files.rows);
    let faulty_waypoints = faulty_waypoints(&mut draft, &rows);
    let methods = unknown_methods(&draft, &settings, sink);
    let Assembly { mut tables, faults: mut assembled, notices: mut table_notices, faulty_sites } =
        draft.assemble();
    if let Some(many) = [&rows, &assembled].into_iter().find(|many| many.len() >= MOST_FAULTS) {
        let fault = too_many_faults(&many[many.len() - 1].fault.place.file);
        if !files.faults.contains(&fault) {
            files.faults.push(fault);
        }
    }
    assembled.extend(waypoint_faults(&faulty_waypoints, &tables.plane));
    assembled.extend(methods);
    table_notices.append(&mut files.notices);
    // A cell that cannot be read counts as missing; that is one fault, not two.
    let told: BTreeSet<(Role, usize, String)> = rows.iter().map(key_of).collect();
    rows.extend(assembled.into_iter().filter(|fault| !told.contains(&key_of(fault))));
    for row in &mut rows {
        row.fault.place.field = files.their_field(row.role, &row.fault.place.field);
        if row.fault.about == Subject::Coordinate
            && files.has_features(row.role)
            && points::is_geometry(&row.fault.value)
        {
            "the geometry is not one point".clone_into(&mut row.fault.cause);
            "give it a Point of [x, y]".clone_into(&mut row.fault.remedy);
        }
        if row.fault.about == Subject::SwappedPosition && files.has_features(row.role) {
            SWAPPED_LINES.clone_into(&mut row.fault.remedy);
        }
    }
    count_rows(&mut tables, &[]);
    let scenario = scenario_of(settings, Arc::new(tables));
    let met = Met { rows, ids: &ids, faulty_sites: &faulty_sites };
    let mut gathered = settled(scenario, met, sink, files);
    gathered.others.append(&mut files.faults);
    Gathered { table_notices, ..gathered }
}

/// Takes the waypoints out of which something could not be read, so that no half of them is used.
fn faulty_waypoints(draft: &mut TablesDraft, rows: &[RowFault]) -> TableDraft<WaypointRow> {
    let faulty: BTreeSet<usize> =
        rows.iter().filter(|row| row.role == Role::Network).map(|row| row.row).collect();
    let mut taken = TableDraft { file: draft.waypoints.file.clone(), ..TableDraft::default() };
    if !faulty.is_empty() {
        let all = std::mem::take(&mut draft.waypoints.rows);
        (taken.rows, draft.waypoints.rows) =
            all.into_iter().partition(|row| faulty.contains(&row.row));
    }
    taken
}

/// Faults of methods that the rate card lacks, also of spans that have other faults.
fn unknown_methods(draft: &TablesDraft, settings: &Settings, sink: &Sink) -> Vec<RowFault> {
    if sink.has_fault_about("rate_card") {
        return Vec::new();
    }
    let methods = &settings.rate_card.methods;
    let lacking = draft.spans.rows.iter().filter(|row| !row.method.is_empty());
    // Where the method of spans that name none is not there, that is reported once.
    let told = &settings.network.method;
    let lacking = lacking.filter(|row| !methods.contains_key(&row.method) && row.method != *told);
    let fault = |row: &SpanRow| {
        let fault = unknown_method(&row.method, methods.keys().map(String::as_str));
        RowFault::new(Role::Network, &draft.spans.file, row.row, "method", fault)
    };
    let mut faults: Vec<RowFault> = lacking.map(fault).collect();
    faults.dedup();
    faults
}

/// What was met in the rows of the tables.
struct Met<'a> {
    /// Their faults.
    rows: Vec<RowFault>,
    /// The ids of all rows of sites, faulty ones too.
    ids: &'a BTreeSet<String>,
    /// The sites of faulty rows.
    faulty_sites: &'a [Site],
}

/// Judges settings beside their tables, whose rows, and faults of rows, are given.
fn settled(scenario: Scenario, met: Met<'_>, sink: &Sink, files: &Files) -> Gathered {
    let (mut rows, later) = judge(&scenario, met, sink, files);
    rows.sort_by_cached_key(|row| (key_of(row), row.fault.code));
    rows.dedup();
    let told = std::mem::take(&mut *sink.faults.borrow_mut());
    let (mut others, notices): (Vec<Fault>, Vec<Fault>) =
        told.into_iter().partition(|fault| fault.severity == Severity::Fault);
    others.extend(later);
    Gathered { scenario, rows, others, notices, table_notices: Vec::new() }
}

fn scenario_of(settings: Settings, tables: Arc<Tables>) -> Scenario {
    Scenario::from(ScenarioParts {
        name: settings.name,
        title: settings.title,
        years: settings.years,
        tables,
        network: settings.network,
        rate_card: settings.rate_card,
        weights: settings.weights,
        objective: settings.objective,
        programmes: settings.programmes,
        rules: settings.rules,
        schedule: settings.schedule,
    })
}

/// Judges the settings beside the tables: all faults of rows, and the others.
///
/// What a faulty part stands in for is judged only once it is mended; so is what names columns or rows
/// of a table that could not be read whole. A rule that names a site of a faulty row is told of the row alone.
fn judge(
    scenario: &Scenario,
    met: Met<'_>,
    sink: &Sink,
    files: &Files,
) -> (Vec<RowFault>, Vec<Fault>) {
    let Met { mut rows, ids, faulty_sites } = met;
    let (mut of_rows, mut of_settings): (Vec<Fault>, Vec<Fault>) =
        faults(scenario).into_iter().partition(|fault| !fault.place.file.is_empty());
    of_rows.extend(value_faults_of(scenario, faulty_sites));
    if rows.iter().any(|row| row.fault.about == Subject::Method) {
        // Told of all spans while they were read, those that are in no table too.
        of_rows.retain(|fault| fault.about != Subject::Method);
    }
    let of_rows = of_rows.into_iter().filter(|fault| !sink.has_fault_about(behind(fault)));
    let told: BTreeSet<(Role, usize, String)> = rows.iter().map(key_of).collect();
    let new =
        |row: &RowFault| row.fault.about != Subject::TestedValue || !told.contains(&key_of(row));
    rows.extend(of_rows.filter_map(row_fault).filter(new));
    let whole_tables = files.sites.is_some() && files.faults.is_empty();
    let unread = |row: &RowFault| row.role == Role::Sites && row.fault.about == Subject::Unread;
    let short_rows = rows.iter().any(unread);
    let faulty_network = rows.iter().any(|row| row.role == Role::Network);
    of_settings.retain(|fault| !sink.has_fault_about(&fault.place.field));
    of_settings.retain(|fault| match fault.about {
        Subject::SiteTable => whole_tables,
        Subject::NamedSite => whole_tables && !short_rows && !ids.contains(&fault.value),
        Subject::Network => whole_tables && !faulty_network,
        _ => true,
    });
    let others = of_settings.into_iter().map(|fault| sink.placed(fault)).collect();
    (rows, others)
}

fn key_of(fault: &RowFault) -> (Role, usize, String) {
    (fault.role, fault.row, fault.fault.place.field.clone())
}

/// The part of the scenario that a fault of a row rests on.
fn behind(fault: &Fault) -> &'static str {
    match fault.about {
        Subject::SiteWeight => "weights",
        Subject::Method => "rate_card",
        _ => "",
    }
}

/// A fault of the settings' view on a row, as a fault of that row.
fn row_fault(fault: Fault) -> Option<RowFault> {
    let role = if fault.about == Subject::Method { Role::Network } else { Role::Sites };
    Some(RowFault { role, row: fault.place.row?, fault })
}

/// Sets faulty rows aside or reports them, and hands out the scenario when nothing else is wrong.
fn finish(
    gathered: Gathered,
    sink: &Sink,
    files: &Files,
    quarantine: bool,
) -> Result<Reading, Error> {
    let Gathered { mut scenario, mut rows, mut others, notices: of_settings, table_notices } =
        gathered;
    if !quarantine {
        others.extend(rows.drain(..).map(|row| row.fault));
    }
    if !others.is_empty() {
        others.sort_by_key(|fault| {
            let scenario = fault.place.file == SCENARIO_FILE;
            (!scenario, if scenario { fault.place.row } else { None })
        });
        let remarks = [table_notices, of_settings].concat();
        return Err(Error::from_faults(others).with_notices(remarks));
    }
    let set_aside = rejected(rows, files);
    if !set_aside.is_empty() {
        let tables = Arc::make_mut(&mut scenario.tables);
        drop_rows(tables, &set_aside);
        count_rows(tables, &set_aside);
        // Setting rows aside can leave rules without their sites.
        let left = faults(&scenario);
        if !left.is_empty() {
            let left = left.into_iter().map(|fault| sink.placed(fault));
            let remarks = [table_notices, of_settings].concat();
            return Err(Error::from_faults(left.collect()).with_notices(remarks));
        }
    }
    let mut remarks = [table_notices, of_settings].concat();
    // A column may be read as a number and tested by a clause: its notices are told once.
    let told: BTreeSet<(Code, Place)> =
        remarks.iter().map(|notice| (notice.code, notice.place.clone())).collect();
    let new = |notice: &Fault| {
        notice.about != Subject::Numbers || !told.contains(&(notice.code, notice.place.clone()))
    };
    let of_scenario = notices(&scenario).into_iter().map(|notice| sink.placed(notice));
    remarks.extend(of_scenario.filter(new));
    Ok(Reading { scenario, notices: remarks, set_aside })
}
