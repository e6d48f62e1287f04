//! From drafts of spans to checked spans, sorted by id.

use std::collections::{BTreeMap, BTreeSet};

use sha2::{Digest, Sha256};

use crate::error::Fault;
use crate::files::hexadecimal;
use crate::geometry::{Plane, Point, Position};
use crate::model::assemble::duplicates::{duplicate, duplicates};
use crate::model::assemble::place::{PositionCodes, place};
use crate::model::draft::{Role, RowFault, add_fault};
use crate::model::{InputSpan, SpanRow, TableDraft};
use crate::units::Millimetres;

const SPAN_CODES: PositionCodes =
    PositionCodes { none: "N110", outside: "N111", swapped: "N112", of_lines: true };

/// Spans longer than this are refused, so that lengths and prices always add up in an `i64`.
const LONGEST: Millimetres = Millimetres::new(20_000_000_000);

pub(super) fn assemble_spans(
    draft: TableDraft<SpanRow>,
    default_method: Option<&str>,
    plane: &Plane,
    faults: &mut Vec<RowFault>,
    notices: &mut Vec<Fault>,
) -> Vec<InputSpan> {
    let TableDraft { file, mut rows, .. } = draft;
    if let Some(method) = default_method {
        notices.extend(lay_unnamed(&mut rows, &file, method));
    }
    let mut bad: BTreeSet<usize> = BTreeSet::new();
    let mut report = |index: usize, row: usize, field: &str, fault: Fault| {
        bad.insert(index);
        add_fault(faults, RowFault::new(Role::Network, &file, row, field, fault));
    };
    let mut lines: Vec<Vec<Point>> = Vec::with_capacity(rows.len());
    for (index, row) in rows.iter().enumerate() {
        if row.method.is_empty() {
            let fault = Fault::new(
                "N121",
                "the span has no method",
                "give it the name of a method of the rate card, or state network.method for all that have none",
            );
            report(index, row.row, "method", fault);
        }
        let line = line_on_plane(&row.line, plane).unwrap_or_else(|fault| {
            report(index, row.row, "geometry", *fault);
            Vec::new()
        });
        let measured = plane.line_length(&line);
        if row.length == Some(Millimetres::ZERO) && measured > Millimetres::ZERO {
            let fault = Fault::new(
                "N129",
                format!("the length is stated as 0, and the line is {measured} m long"),
                "state its length, or say that 0 means none: network.values.length_m = { \"0\" = \"\" }",
            );
            report(index, row.row, "length_m", fault.value("0"));
        }
        if row.length.unwrap_or(measured) > LONGEST {
            let fault = Fault::new("N122", "the span is too long", "20,000 km is the most");
            report(index, row.row, "length_m", fault);
        }
        lines.push(line);
    }
    // A feature of several parts gives several rows the same number; identical spans with one id are
    // still one span too many.
    let id = |row: &SpanRow| row.id.as_deref().unwrap_or("").to_owned();
    let ids: Vec<String> = rows.iter().map(id).collect();
    let numbered: Vec<(usize, &String)> = ids.iter().enumerate().collect();
    let found = duplicates(
        &numbered,
        |(_, id)| id.as_str(),
        |(place, _)| rows[*place].row,
        |(a, _), (b, _)| {
            SpanRow { row: 0, ..rows[*a].clone() } == SpanRow { row: 0, ..rows[*b].clone() }
        },
    );
    for (index, other) in found {
        report(index, rows[index].row, "id", duplicate("N103", &ids[index], other));
    }
    let mut spans: Vec<InputSpan> = rows
        .into_iter()
        .zip(lines)
        .enumerate()
        .filter(|(index, _)| !bad.contains(index))
        .map(|(_, (row, line))| finish_span(row, line, plane))
        .collect();
    name_unnamed(&mut spans);
    spans.sort_by(|a, b| a.id.cmp(&b.id));
    spans
}

/// Gives spans without a method the one that stands for all of them; says how many.
fn lay_unnamed(rows: &mut [SpanRow], file: &str, method: &str) -> Option<Fault> {
    let unnamed: Vec<&mut SpanRow> = rows.iter_mut().filter(|row| row.method.is_empty()).collect();
    let cause = match unnamed.len() {
        0 => return None,
        1 => "1 span names no method and is laid by network.method".to_owned(),
        count => format!("{count} spans name no method and are laid by network.method"),
    };
    for row in unnamed {
        method.clone_into(&mut row.method);
    }
    let file = if file.is_empty() { "network" } else { file };
    let notice =
        Fault::notice("N133", cause, "no action is needed; name a method for those that differ");
    Some(notice.value(method).at(file, None, "method"))
}

fn line_on_plane(line: &[Position], plane: &Plane) -> Result<Vec<Point>, Box<Fault>> {
    if line.len() < 2 {
        let cause = "the span has fewer than two positions";
        return Err(Box::new(Fault::new("N110", cause, "give it a line, or leave it out")));
    }
    line.iter().map(|&position| place(Some(position), plane, &SPAN_CODES)).collect()
}

fn finish_span(row: SpanRow, line: Vec<Point>, plane: &Plane) -> InputSpan {
    InputSpan {
        id: row.id.unwrap_or_default(),
        length: row.length.unwrap_or_else(|| plane.line_length(&line)),
        line,
        method: row.method,
        cost: row.cost,
        existing: row.existing,
        level: row.level,
        premises_passed: row.premises_passed,
        barrier: row.barrier,
        row: row.row,
    }
}

/// Names spans without id after their geometry, whichever way they run: `g` and sixteen hexadecimal
/// digits; spans that lie on each other get `-2`, `-3` ... in the order of what they say.
fn name_unnamed(spans: &mut [InputSpan]) {
    let mut taken: BTreeSet<String> =
        spans.iter().filter(|span| !span.id.is_empty()).map(|span| span.id.clone()).collect();
    let mut by_name: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (place, span) in spans.iter().enumerate().filter(|(_, span)| span.id.is_empty()) {
        by_name.entry(geometry_name(&span.line)).or_default().push(place);
    }
    for (name, mut places) in by_name {
        places.sort_by(|&a, &b| said(&spans[a]).cmp(&said(&spans[b])));
        let mut number = 1;
        for place in places {
            let mut id = name.clone();
            while !taken.insert(id.clone()) {
                number += 1;
                id = format!("{name}-{number}");
            }
            spans[place].id = id;
        }
    }
}

/// Everything a span says, comparable.
fn said(span: &InputSpan) -> impl Ord + use<'_> {
    (
        &span.line,
        &span.method,
        (span.length, span.cost, span.existing),
        (span.level, span.premises_passed, span.barrier),
    )
}

fn geometry_name(line: &[Point]) -> String {
    let backwards: Vec<Point> = line.iter().rev().copied().collect();
    let line = if backwards.as_slice() < line { &backwards } else { line };
    let mut hash = Sha256::new();
    for point in line {
        hash.update(point.x.to_be_bytes());
        hash.update(point.y.to_be_bytes());
    }
    let mut name = hexadecimal(&hash.finalize());
    name.truncate(16);
    format!("g{name}")
}
