//! From drafts of barriers to checked lines and areas.

use std::collections::BTreeSet;

use crate::error::Fault;
use crate::geometry::{Plane, Point, Position};
use crate::model::Barrier;
use crate::model::assemble::place::{PositionCodes, place};
use crate::model::draft::{BarrierRow, Role, RowFault, TableDraft};

const CODES: PositionCodes =
    PositionCodes { none: "N190", outside: "N191", swapped: "N192", of_lines: true };

/// Judges every row; the barriers come sorted by their lines.
pub(super) fn assemble_barriers(
    draft: TableDraft<BarrierRow>,
    plane: &Plane,
    faults: &mut Vec<RowFault>,
) -> Vec<Barrier> {
    let TableDraft { file, rows, .. } = draft;
    let mut bad: BTreeSet<usize> = BTreeSet::new();
    let mut barriers = Vec::with_capacity(rows.len());
    for BarrierRow { lines, area, row } in rows {
        let mut placed = Vec::with_capacity(lines.len());
        for line in &lines {
            match on_plane(line, area, plane) {
                Ok(line) => placed.push(line),
                Err(fault) => {
                    if bad.insert(row) {
                        faults.push(RowFault::new(Role::Barriers, &file, row, "geometry", *fault));
                    }
                }
            }
        }
        barriers.push(Barrier { lines: placed, area, row });
    }
    barriers.retain(|barrier| !bad.contains(&barrier.row));
    barriers.sort_unstable();
    barriers
}

fn on_plane(line: &[Position], area: bool, plane: &Plane) -> Result<Vec<Point>, Box<Fault>> {
    let mut points: Vec<Point> = line
        .iter()
        .map(|&position| place(Some(position), plane, &CODES))
        .collect::<Result<_, _>>()?;
    if area && points.first() != points.last() {
        points.extend(points.first().copied());
    }
    if points.len() < if area { 4 } else { 2 } {
        let cause = "the barrier has too few positions";
        let remedy = "give a line two or more, and a ring three or more";
        return Err(Box::new(Fault::new("N190", cause, remedy)));
    }
    Ok(points)
}
