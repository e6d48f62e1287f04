//! Spans from GeoJSON: features of lines and of several lines.

use std::collections::{BTreeMap, BTreeSet};

use geojson::{Feature, GeometryValue};
use serde_json::Value;

use crate::error::Fault;
use crate::geometry::Position;
use crate::model::{InputFile, Role, RowFault, SpanRow, TableDraft};
use crate::read::csv_table::{Sieve, bare_site, keep_faults};
use crate::read::features::{self, texts};
use crate::read::files::InputText;
use crate::read::limits::{MOST_CELL, MOST_COLUMNS, too_long, too_many};
use crate::read::row::{NumberRemarks, Row};
use crate::read::sources::{PositionColumns, Source};
use crate::read::tables::{POUNDS, ReadTable, input_file};
use crate::units::{Millimetres, Number, Pence, QuantityError, Tabled};

/// Reads a file of spans; `None`, with faults, when the file as a whole cannot be used.
pub(crate) fn read_spans(
    input: &InputText,
    source: &Source,
    faults: &mut Vec<Fault>,
) -> Option<ReadTable<SpanRow>> {
    read_features(input, source, Role::Network, "network.keep", faults, spans_of)
}

/// Looks up a property of a feature by our name.
pub(crate) type Property<'a> = Box<dyn Fn(&str) -> Option<&'a str> + 'a>;

/// Reads the features of a file that the scenario keeps, by a reader of one of them; `None`, with faults, when
/// the file as a whole cannot be used. The role comes with the key of its `keep` clause.
pub(crate) fn read_features<R>(
    input: &InputText,
    source: &Source,
    role: Role,
    keep: &str,
    faults: &mut Vec<Fault>,
    mut each: impl for<'a> FnMut(&mut Row<'a, Property<'a>>, Value) -> Vec<R>,
) -> Option<ReadTable<R>> {
    let collection = features::open(input, source, faults)?;
    // A file may say itself what its reference system is.
    let position = PositionColumns { crs: collection.crs, ..source.position.clone() };
    let source = &Source { position, ..source.clone() };
    let columns = collection.columns.clone();
    if columns.len() > MOST_COLUMNS {
        let fault = too_many("properties", columns.len(), MOST_COLUMNS);
        faults.push(fault.at(&input.file, None, "properties"));
        return None;
    }
    let keep = keep_faults(source, &columns, keep);
    if !keep.is_empty() {
        faults.extend(keep);
        return None;
    }
    let mut sieve = Sieve::new(source, &columns);
    let mut numbers = NumberRemarks::default();
    let mut read = ReadTable {
        input: InputFile { rows_read: collection.count, ..input_file(input, role.word()) },
        draft: TableDraft {
            file: input.file.clone(),
            missing: source.missing.clone(),
            rows: Vec::new(),
            columns,
        },
        faults: Vec::new(),
        notices: Vec::new(),
    };
    let walked = collection.for_each(|number, feature| {
        let properties: BTreeMap<String, String> =
            texts(&feature).map(|(name, text)| (name.to_owned(), text)).collect();
        let cell: Property<'_> = Box::new(|ours: &str| {
            let theirs = source.columns.get(ours).map_or(ours, String::as_str);
            properties.get(theirs).map(String::as_str)
        });
        let columns = &read.draft.columns;
        let id = cell("id").unwrap_or_default().trim();
        let out = sieve.leaves_out(id, || {
            let cell = |name: &String| properties.get(name).cloned().unwrap_or_default();
            bare_site(id, "span", None, columns.iter().map(cell).collect())
        });
        if !out {
            let mut row = Row::new(source, role, &input.file, number, cell, &mut read.faults);
            row.take_unreadable(&mut sieve);
            if let Some((name, value)) = properties.iter().find(|(_, text)| text.len() > MOST_CELL)
            {
                row.fault(name, too_long("value", value.len(), MOST_CELL));
                return;
            }
            read.draft.rows.extend(each(&mut row, feature));
            numbers.take(row.remarks, number);
        }
    });
    if let Err(fault) = walked {
        faults.push(*fault);
        return None;
    }
    read.input.rows_excluded = sieve.excluded;
    read.notices = sieve.notices(&input.file);
    read.notices.extend(numbers.notices(&input.file, source));
    Some(read)
}

/// The spans of one feature; none, with a fault, when its geometry is not of lines.
fn spans_of<'a>(row: &mut Row<'a, Property<'a>>, feature: Value) -> Vec<SpanRow> {
    let parts = parts(row, feature, "N113");
    let span = SpanRow {
        id: row.owned("id"),
        line: Vec::new(),
        method: row.owned("method").unwrap_or_default(),
        length: row.quantity("length_m", "N123", "metres of 0 or more", Millimetres::from_table),
        cost: row.quantity("cost_gbp", "N124", POUNDS, Pence::from_table),
        existing: row.flag("existing", "N125"),
        level: row.quantity("level", "N126", "a whole number", level).unwrap_or(0),
        premises_passed: row
            .quantity("premises_passed", "N127", "a whole number of 0 or more", Number::count)
            .unwrap_or(0),
        barrier: row.flag("barrier", "N125"),
        row: row.number,
    };
    // Without a line the span is at fault already; it is judged on for what else is wrong with it.
    let Some(parts) = parts else { return vec![span] };
    if let [line] = parts.as_slice() {
        return vec![SpanRow { line: line.clone(), ..span }];
    }
    for (field, given) in [
        ("length_m", span.length.is_some()),
        ("cost_gbp", span.cost.is_some()),
        ("premises_passed", span.premises_passed > 0),
    ] {
        if given {
            let fault = Fault::new(
                "N128",
                "one value is given for several lines",
                "make each line a feature of its own",
            );
            row.fault(field, fault);
        }
    }
    let part = |(place, line): (usize, Vec<Position>)| SpanRow {
        id: span.id.as_ref().map(|id| format!("{id}/{}", place + 1)),
        line,
        ..span.clone()
    };
    parts.into_iter().enumerate().map(part).collect()
}

/// A level as text.
pub(crate) fn level(text: &str) -> Result<Tabled<i32>, QuantityError> {
    let whole = Number::whole(text)?;
    let level = i32::try_from(whole.value).map_err(|_| QuantityError::TooLarge)?;
    Ok(whole.map(|_| level))
}

/// The lines of a feature; `None`, with a fault of the given code, when it has none.
pub(crate) fn parts<'a, F: Fn(&str) -> Option<&'a str>>(
    row: &mut Row<'a, F>,
    feature: Value,
    code: &'static str,
) -> Option<Vec<Vec<Position>>> {
    let crs = row.source.position.crs;
    let mut fail = |cause: String| {
        let remedy = "give it a LineString or MultiLineString of [x, y] positions";
        let fault = Fault::new(code, cause, remedy);
        row.faults.push(RowFault::new(row.role, row.file, row.number, "geometry", fault));
        None
    };
    let feature = match serde_json::from_value::<Feature>(feature) {
        Ok(feature) => feature,
        Err(error) => return fail(format!("the feature cannot be read: {error}")),
    };
    let position = |xy: &geojson::Position| {
        Some(Position { crs, x: *xy.as_slice().first()?, y: *xy.as_slice().get(1)? })
    };
    let line = |line: &[geojson::Position]| -> Option<Vec<Position>> {
        line.iter().map(position).collect()
    };
    let lines = match feature.geometry.as_ref().map(|geometry| &geometry.value) {
        Some(GeometryValue::LineString { coordinates }) => line(coordinates).map(|line| vec![line]),
        Some(GeometryValue::MultiLineString { coordinates }) => {
            coordinates.iter().map(|part| line(part)).collect()
        }
        Some(_) => return fail("the geometry is not of lines".to_owned()),
        None => return fail("the feature has no geometry".to_owned()),
    };
    match lines {
        Some(lines) if !lines.is_empty() => Some(lines),
        _ => fail("the geometry has no positions".to_owned()),
    }
}

/// The cells of some features for a table of rejected rows: the number, and the feature as JSON.
pub(crate) fn features_of(
    input: &InputText,
    source: &Source,
    numbers: &BTreeSet<usize>,
) -> Vec<(usize, Vec<String>)> {
    let mut found = Vec::new();
    if let Some(collection) = features::collection(input, source, &mut Vec::new()) {
        // A file that breaks off has been told of.
        let _ = collection.for_each(|number, feature| {
            if numbers.contains(&number) {
                found.push((number, vec![feature.to_string()]));
            }
        });
    }
    found
}
