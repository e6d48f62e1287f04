//! Faulty rows set aside: kept with their cells and reasons, taken out of the tables, and counted.

use std::collections::{BTreeMap, BTreeSet};

use crate::error::Fault;
use crate::model::{Role, RowFault, Tables};
use crate::read::csv_table::{cells_of, columns_of};
use crate::read::lines::features_of;
use crate::read::scenario_files::Files;

/// A row that was set aside, with its cells as they stand in the file.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Rejected {
    /// The table it stands in.
    pub role: Role,
    /// File name without folders.
    pub file: String,
    /// Line in the file; the number of the feature for spans.
    pub row: usize,
    /// Names of the cells.
    pub columns: Vec<String>,
    /// The cells; for spans one, the feature as JSON.
    pub cells: Vec<String>,
    /// What is wrong with it, one fault or more.
    pub faults: Vec<Fault>,
}

/// The faulty rows with their cells, in the order of tables and lines.
pub(super) fn rejected(rows: Vec<RowFault>, files: &Files) -> Vec<Rejected> {
    let mut by_row: BTreeMap<(Role, usize), Vec<Fault>> = BTreeMap::new();
    for row in rows {
        by_row.entry((row.role, row.row)).or_default().push(row.fault);
    }
    let mut set_aside = Vec::with_capacity(by_row.len());
    for role in [Role::Sites, Role::Exchanges, Role::Network, Role::Barriers, Role::Crossings] {
        let Some((input, source)) = files.of(role) else { continue };
        let lines: BTreeSet<usize> =
            by_row.keys().filter(|(of, _)| *of == role).map(|(_, row)| *row).collect();
        if lines.is_empty() {
            continue;
        }
        let ids = match role {
            Role::Network => files.way_ids.as_ref(),
            Role::Crossings => files.crossing_ids.as_ref(),
            _ => None,
        };
        let of_lines = matches!(role, Role::Barriers | Role::Crossings);
        let is_geojson = of_lines || (role == Role::Network && files.spans.is_some());
        let (columns, cells) = if let Some(ids) = ids {
            (vec!["id".to_owned()], ways_of(ids, &lines))
        } else if is_geojson {
            (vec!["feature".to_owned()], features_of(input, source, &lines))
        } else {
            (columns_of(input), cells_of(input, &lines))
        };
        for (row, cells) in cells {
            let faults = by_row.remove(&(role, row)).unwrap_or_default();
            let file = input.file.clone();
            set_aside.push(Rejected { role, file, row, columns: columns.clone(), cells, faults });
        }
    }
    set_aside
}

/// The ids of some ways of a road file, by number.
fn ways_of(ids: &[String], numbers: &BTreeSet<usize>) -> Vec<(usize, Vec<String>)> {
    let id = |&number: &usize| Some((number, vec![ids.get(number.checked_sub(1)?)?.clone()]));
    numbers.iter().filter_map(id).collect()
}

/// Takes the rows that were set aside out of the tables.
pub(super) fn drop_rows(tables: &mut Tables, set_aside: &[Rejected]) {
    let gone: BTreeSet<(Role, usize)> = set_aside.iter().map(|row| (row.role, row.row)).collect();
    tables.sites.rows.retain(|site| !gone.contains(&(Role::Sites, site.row)));
    tables.exchanges.rows.retain(|exchange| !gone.contains(&(Role::Exchanges, exchange.row)));
    tables.spans.retain(|span| !gone.contains(&(Role::Network, span.row)));
    tables.barriers.retain(|barrier| !gone.contains(&(Role::Barriers, barrier.row)));
}

/// Counts the rows of each file, so that read = used + set aside + excluded.
pub(super) fn count_rows(tables: &mut Tables, set_aside: &[Rejected]) {
    for input in tables.inputs.iter_mut().filter(|input| input.role != "scenario") {
        input.rows_set_aside = set_aside.iter().filter(|row| row.role.word() == input.role).count();
        input.rows_used = input.rows_read - input.rows_excluded - input.rows_set_aside;
    }
}
