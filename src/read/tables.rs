//! Rows of sites, exchanges and waypoints from CSV files.

use std::collections::BTreeSet;
use std::ops::ControlFlow;

use csv::StringRecord;

use crate::error::Fault;
use crate::model::{
    ExchangeRow, InputFile, Role, RuralityScheme, SiteRow, TableDraft, WaypointRow, WeightColumn,
    has_site_faults,
};
use crate::read::csv_table::{Header, Sieve, bare_site, for_each_record, header, keep_faults};
use crate::read::files::InputText;
use crate::read::hopeless::{Hopeless, too_many_faults};
use crate::read::keys::{EXCHANGE_COLUMNS, SITE_COLUMNS, WAYPOINT_COLUMNS};
use crate::read::row::{NumberRemarks, Row, RowFaults};
use crate::read::section::shown;
use crate::read::sources::{Source, is_missing};
use crate::units::{Number, Pence, QuantityError, Tabled, Weight};

/// One table as read: its rows, what is wrong with them, and the counts.
pub(crate) struct ReadTable<R> {
    pub(crate) draft: TableDraft<R>,
    pub(crate) faults: RowFaults,
    pub(crate) notices: Vec<Fault>,
    pub(crate) input: InputFile,
}

/// An empty draft and its record for a file.
fn begin<R>(input: &InputText, role: Role, source: &Source, columns: &[String]) -> ReadTable<R> {
    ReadTable {
        draft: TableDraft {
            file: input.file.clone(),
            columns: columns.to_vec(),
            missing: source.missing.clone(),
            rows: Vec::new(),
        },
        faults: Vec::new(),
        notices: Vec::new(),
        input: input_file(input, role.word()),
    }
}

/// The record of a file, without rows.
pub(crate) fn input_file(input: &InputText, role: &str) -> InputFile {
    InputFile {
        role: role.to_owned(),
        file: input.file.clone(),
        sha256: input.sha256.clone(),
        rows_read: 0,
        rows_used: 0,
        rows_set_aside: 0,
        rows_excluded: 0,
    }
}

/// The header of a table, when it and the `keep` clause are sound.
fn sound_header(
    input: &InputText,
    source: &Source,
    columns: &'static [&'static str],
    required: &[&str],
    path: &str,
    faults: &mut Vec<Fault>,
) -> Option<Header> {
    let header = header(input, source, columns, required, faults)?;
    let keep = keep_faults(source, &header.names, path);
    let sound = keep.is_empty();
    faults.extend(keep);
    sound.then_some(header)
}

/// Columns that sites and exchanges cannot be without, besides x and y.
pub(crate) const SITES_NEED: &[&str] = &["id", "kind"];
pub(crate) const EXCHANGES_NEED: &[&str] = &["id"];

/// What the settings say of sites.
pub(crate) struct SiteSettings<'a> {
    /// How classes of rurality are read.
    pub(crate) scheme: RuralityScheme,
    /// Columns that are read as numbers.
    pub(crate) numbers: BTreeSet<String>,
    /// The weights that are in use.
    pub(crate) weights: Vec<&'a WeightColumn>,
    /// Ids of sites that must not be connected.
    pub(crate) forbidden: &'a [String],
}

/// Reads the table of sites, as far as it comes until it is to stop; `None`, with faults, when the file as a whole
/// cannot be used.
pub(crate) fn read_sites(
    input: &InputText,
    source: &Source,
    settings: &SiteSettings<'_>,
    faults: &mut Vec<Fault>,
    stops: &dyn Fn() -> bool,
) -> Option<ReadTable<SiteRow>> {
    let scheme = settings.scheme;
    let header = sound_header(input, source, SITE_COLUMNS, SITES_NEED, "sites.keep", faults)?;
    let mut table = begin(input, Role::Sites, source, &header.names);
    let mut sieve = Sieve::new(source, &header.names).of_layout(input.layout);
    let mut numbers = NumberRemarks::default();
    let numbers_of_settings = &settings.numbers;
    let mut hopeless = Hopeless::default();
    let rows = &mut table.draft.rows;
    let role = Role::Sites;
    let each = |record: &StringRecord, line: usize, faults: &mut RowFaults| {
        let met = faults.len();
        let cell = |ours: &str| header.cell(record, ours);
        let mut row = Row::of_table(source, role, input, line, cell, faults);
        let (x, y) = header.coordinates(record);
        let site = SiteRow {
            id: row.owned("id").unwrap_or_default(),
            name: row.text("name").map(shown),
            kind: row.owned("kind").unwrap_or_default(),
            position: row.position(x, y, "S113"),
            rurality: row.owned("rurality"),
            region: row.owned("region"),
            drop: row.quantity("drop_gbp", "S142", POUNDS, Pence::from_table),
            building_id: row.owned("building_id"),
            status: row.owned("status"),
            already_connected: row.flag("already_connected", "S141"),
            cells: record.iter().map(str::to_owned).collect(),
            row: line,
            ..SiteRow::default()
        };
        row.quantity("download_mbps", "S143", "a speed of 0 or more", speed);
        let left_out = sieve.leaves_out(&site.id, || {
            let cells = site.cells.clone();
            let mut bare = bare_site(&site.id, &site.kind, site.region.clone(), cells);
            bare.rurality = site.rurality.as_deref().and_then(|class| scheme.read(class));
            bare.rurality_class.clone_from(&site.rurality);
            bare
        });
        if left_out {
            row.faults.truncate(met);
        } else {
            row.take_unreadable(&mut sieve);
            row.ambiguous(numbers_of_settings.iter().filter_map(|column| {
                let place = header.names.iter().position(|name| name == column)?;
                Some((column.as_str(), record.get(place)?.trim()))
            }));
            numbers.take(row.remarks, line);
            let is_faulty = has_site_faults(&site, scheme)
                || unreadable_weight(&site, &header.names, settings, source);
            hopeless.take(&site.id, site.position, is_faulty);
            rows.push(site);
        }
        go_on(&hopeless)
    };
    let read = for_each_record(input, role, &header, &mut table.faults, stops, each);
    if hopeless.is_it() {
        faults.push(too_many_faults(&input.file));
    }
    table.input.rows_read = read;
    table.input.rows_excluded = sieve.excluded;
    table.notices = sieve.notices(&input.file);
    table.notices.extend(numbers.notices(&input.file, source));
    Some(table)
}

/// Whether the rest of a table is worth reading.
fn go_on(hopeless: &Hopeless) -> ControlFlow<()> {
    if hopeless.is_it() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
}

/// Whether a site that could be chosen has a weight that is in use and cannot be read, or lacks one.
fn unreadable_weight(
    site: &SiteRow,
    columns: &[String],
    settings: &SiteSettings<'_>,
    source: &Source,
) -> bool {
    let is_unreadable = settings.weights.iter().any(|weight| {
        let place = columns.iter().position(|column| *column == weight.column);
        let Some(cell) = place.and_then(|place| site.cells.get(place)) else { return false };
        if is_missing(cell.trim(), &source.missing) {
            return weight.missing.of(&site.kind).is_none();
        }
        Weight::from_table(cell.trim()).is_err()
    });
    is_unreadable && !site.already_connected && !settings.forbidden.contains(&site.id)
}

/// A speed: any number of zero or more, which only clauses look at again.
fn speed(text: &str) -> Result<Tabled<()>, QuantityError> {
    let number = Number::read(text)?;
    if number.pounds {
        return Err(QuantityError::PoundSign);
    }
    if number.is_negative() {
        return Err(QuantityError::Negative);
    }
    Ok(Tabled { value: (), rounded: false, dressed: number.dressed })
}

/// What money in a table looks like.
pub(crate) const POUNDS: &str = "pounds of 0 or more";

/// Reads the table of exchanges, as [`read_sites`] does.
pub(crate) fn read_exchanges(
    input: &InputText,
    source: &Source,
    faults: &mut Vec<Fault>,
    stops: &dyn Fn() -> bool,
) -> Option<ReadTable<ExchangeRow>> {
    let header =
        sound_header(input, source, EXCHANGE_COLUMNS, EXCHANGES_NEED, "exchanges.keep", faults)?;
    let mut table = begin(input, Role::Exchanges, source, &header.names);
    let mut sieve = Sieve::new(source, &header.names).of_layout(input.layout);
    let mut numbers = NumberRemarks::default();
    let mut hopeless = Hopeless::default();
    let rows = &mut table.draft.rows;
    let role = Role::Exchanges;
    let each = |record: &StringRecord, line: usize, faults: &mut RowFaults| {
        let met = faults.len();
        let cell = |ours: &str| header.cell(record, ours);
        let mut row = Row::of_table(source, role, input, line, cell, faults);
        let (x, y) = header.coordinates(record);
        let exchange = ExchangeRow {
            id: row.owned("id").unwrap_or_default(),
            name: row.text("name").map(shown),
            position: row.position(x, y, "X113"),
            enable: row.quantity("enable_gbp", "X131", POUNDS, Pence::from_table),
            ports: row.quantity("ports", "X132", "a whole number of 0 or more", Number::count),
            region: row.owned("region"),
            already_enabled: row.flag("already_enabled", "X133"),
            row: line,
        };
        let left_out = sieve.leaves_out(&exchange.id, || {
            let cells = record.iter().map(str::to_owned).collect();
            bare_site(&exchange.id, "exchange", exchange.region.clone(), cells)
        });
        if left_out {
            row.faults.truncate(met);
        } else {
            row.take_unreadable(&mut sieve);
            numbers.take(row.remarks, line);
            hopeless.take(&exchange.id, exchange.position, exchange.id.is_empty());
            rows.push(exchange);
        }
        go_on(&hopeless)
    };
    let read = for_each_record(input, role, &header, &mut table.faults, stops, each);
    if hopeless.is_it() {
        faults.push(too_many_faults(&input.file));
    }
    table.input.rows_read = read;
    table.input.rows_excluded = sieve.excluded;
    table.notices = sieve.notices(&input.file);
    table.notices.extend(numbers.notices(&input.file, source));
    Some(table)
}

/// Reads a table of waypoints, as [`read_sites`] does.
pub(crate) fn read_waypoints(
    input: &InputText,
    source: &Source,
    faults: &mut Vec<Fault>,
    stops: &dyn Fn() -> bool,
) -> Option<ReadTable<WaypointRow>> {
    let header = sound_header(input, source, WAYPOINT_COLUMNS, &[], "network.keep", faults)?;
    let mut table = begin(input, Role::Network, source, &header.names);
    let mut sieve = Sieve::new(source, &header.names).of_layout(input.layout);
    let mut numbers = NumberRemarks::default();
    let mut hopeless = Hopeless::default();
    let rows = &mut table.draft.rows;
    let role = Role::Network;
    let each = |record: &StringRecord, line: usize, faults: &mut RowFaults| {
        let met = faults.len();
        let cell = |ours: &str| header.cell(record, ours);
        let mut row = Row::of_table(source, role, input, line, cell, faults);
        let (x, y) = header.coordinates(record);
        let waypoint = WaypointRow {
            position: row.position(x, y, "W113"),
            premises_passed: row
                .quantity("premises_passed", "W120", "a whole number of 0 or more", Number::count)
                .unwrap_or(0),
            row: line,
        };
        let bare = || bare_site("", "waypoint", None, record.iter().map(str::to_owned).collect());
        if sieve.leaves_out("", bare) {
            row.faults.truncate(met);
        } else {
            row.take_unreadable(&mut sieve);
            numbers.take(row.remarks, line);
            hopeless.take("", waypoint.position, false);
            rows.push(waypoint);
        }
        go_on(&hopeless)
    };
    let read = for_each_record(input, role, &header, &mut table.faults, stops, each);
    if hopeless.is_it() {
        faults.push(too_many_faults(&input.file));
    }
    table.input.rows_read = read;
    table.input.rows_excluded = sieve.excluded;
    table.notices.extend(numbers.notices(&input.file, source));
    Some(table)
}
