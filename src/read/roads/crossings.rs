//! Railways, rivers and major roads of an OpenStreetMap extract.
//!
//! In: a `.osm.pbf` and the rules that say which ways are what. Out: a line for each way that a rule names, with
//! the level it runs on; ways that no rule names cost nothing to cross.

use std::collections::BTreeMap;

use osmpbf::{Element, ElementReader, Way};

use crate::error::Fault;
use crate::geometry::{Crs, Position};
use crate::model::{CrossingRow, InputFile, TableDraft};
use crate::read::crossings::CrossingRule;
use crate::read::files::InputText;
use crate::read::roads::cut::Vertex;
use crate::read::roads::osm::{damaged, joined, level, places, runs};
use crate::read::tables::{ReadTable, input_file};

/// A way that a rule names: id, kind unless it is left out, level, nodes.
type Named = (i64, Option<String>, i32, Vec<i64>);

/// Lines from an extract, with the ids of its ways by number.
pub(crate) struct CrossingWays {
    pub(crate) table: ReadTable<CrossingRow>,
    pub(crate) ids: Vec<String>,
}

/// Reads the lines of an extract; `None`, with a fault, when it cannot be read.
pub(crate) fn read_crossing_ways(
    input: &InputText,
    rules: &[CrossingRule],
    faults: &mut Vec<Fault>,
) -> Option<CrossingWays> {
    let read = ways(input, rules).and_then(|ways| {
        let mut wanted: Vec<i64> = ways.iter().flat_map(|way| way.3.iter().copied()).collect();
        wanted.sort_unstable();
        wanted.dedup();
        Ok((ways, places(input, &wanted)?))
    });
    let (ways, places) = match read {
        Ok(read) => read,
        Err(error) => {
            faults.push(damaged(input, &error));
            return None;
        }
    };
    let mut table = ReadTable {
        input: InputFile { rows_read: ways.len(), ..input_file(input, "crossings") },
        draft: TableDraft { file: input.file.clone(), ..TableDraft::default() },
        faults: Vec::new(),
        notices: Vec::new(),
    };
    let ids = ways.iter().map(|way| format!("w{}", way.0)).collect();
    let mut by_kind: BTreeMap<String, usize> = BTreeMap::new();
    for (place, (_, kind, level, nodes)) in ways.into_iter().enumerate() {
        let Some(kind) = kind else {
            table.input.rows_excluded += 1;
            continue;
        };
        *by_kind.entry(kind.clone()).or_default() += 1;
        table.draft.rows.extend(runs(&nodes, &places).0.into_iter().map(|run| CrossingRow {
            kind: kind.clone(),
            level,
            line: run.iter().map(position).collect(),
            row: place + 1,
        }));
    }
    let kinds: Vec<String> =
        by_kind.iter().map(|(kind, count)| format!("{kind} {count}")).collect();
    let remedy = "none is needed; network.crossings.lines can name others or leave them out";
    let notice = Fault::notice("N205", "these ways cost something to cross", remedy);
    table.notices.push(notice.value(kinds.join(", ")).at(&input.file, None, "kind"));
    Some(CrossingWays { table, ids })
}

fn position(vertex: &Vertex) -> Position {
    Position { crs: Crs::Wgs84, x: vertex.at[0], y: vertex.at[1] }
}

/// The ways that a rule names, sorted by id.
fn ways(input: &InputText, rules: &[CrossingRule]) -> osmpbf::Result<Vec<Named>> {
    let mut ways = ElementReader::from_path(&input.path)?.par_map_reduce(
        |element| match element {
            Element::Way(way) => named(&way, rules).into_iter().collect(),
            _ => Vec::new(),
        },
        Vec::new,
        joined,
    )?;
    ways.sort_by_key(|way: &Named| way.0);
    Ok(ways)
}

fn named(way: &Way<'_>, rules: &[CrossingRule]) -> Option<Named> {
    let tag = |wanted: &str| way.tags().find(|(key, _)| *key == wanted).map(|(_, value)| value);
    let rule = rules.iter().find(|rule| rule.fits(tag))?;
    Some((way.id(), rule.kind.clone(), level(tag), way.refs().collect()))
}
