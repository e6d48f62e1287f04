//! From drafts of lines that cost something to cross to checked lines.

use std::collections::{BTreeMap, BTreeSet};

use crate::error::Fault;
use crate::geometry::{Plane, Point, Position};
use crate::model::CrossingLines;
use crate::model::assemble::place::{PositionCodes, place};
use crate::model::draft::{CrossingRow, Role, RowFault, TableDraft};

const CODES: PositionCodes =
    PositionCodes { none: "N200", outside: "N201", swapped: "N202", of_lines: true };

/// Judges every row and makes the lines of those without fault.
pub(super) fn assemble_crossings(
    draft: TableDraft<CrossingRow>,
    plane: &Plane,
    faults: &mut Vec<RowFault>,
) -> CrossingLines {
    let TableDraft { file, rows, .. } = draft;
    // A row of several lines is told once what all of them lack.
    let mut bad: BTreeMap<(usize, &str), RowFault> = BTreeMap::new();
    let mut lines: Vec<(usize, &str, i32, Vec<Point>)> = Vec::with_capacity(rows.len());
    for CrossingRow { kind, level, line, row } in &rows {
        let mut report = |field: &'static str, fault: Fault| {
            bad.entry((*row, field))
                .or_insert_with(|| RowFault::new(Role::Crossings, &file, *row, field, fault));
        };
        if kind.is_empty() {
            let remedy = "say what it is, such as railway, or leave the line out";
            report("kind", Fault::new("N204", "the line has no kind", remedy));
        }
        match on_plane(line, plane) {
            Ok(line) => lines.push((*row, kind, *level, line)),
            Err(fault) => report("geometry", *fault),
        }
    }
    let rows: BTreeSet<usize> = bad.keys().map(|(row, _)| *row).collect();
    lines.retain(|(row, ..)| !rows.contains(row));
    faults.extend(bad.into_values());
    let lines: Vec<(&str, i32, Vec<Point>)> =
        lines.into_iter().map(|(_, kind, level, line)| (kind, level, line)).collect();
    CrossingLines::new(&lines)
}

fn on_plane(line: &[Position], plane: &Plane) -> Result<Vec<Point>, Box<Fault>> {
    if line.len() < 2 {
        let cause = "the line has fewer than two positions";
        return Err(Box::new(Fault::new("N200", cause, "give it a line, or leave it out")));
    }
    line.iter().map(|&position| place(Some(position), plane, &CODES)).collect()
}
