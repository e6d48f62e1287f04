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
use crate::read::limits::HeldNodes;
use crate::read::roads::cut::Vertex;
use crate::read::roads::osm::{Header, Place, damaged, header, joined, level, places, runs};
use crate::read::tables::{ReadTable, input_file};

/// A way that a rule names.
struct Named {
    id: i64,
    /// What it is, unless it is left out.
    kind: Option<String>,
    level: i32,
    nodes: Vec<i64>,
    /// Where the way itself says its nodes are.
    places: Vec<Place>,
}

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
    let header = header(input).map_err(|error| faults.push(damaged(input, &error))).ok()?;
    header.check(input).map_err(|fault| faults.push(*fault)).ok()?;
    let held = HeldNodes::default();
    let read = ways(input, rules, &header, &held).and_then(|mut ways| {
        let nodes = ways.iter().flat_map(|way| way.nodes.iter().copied()).collect();
        let own = ways.iter_mut().flat_map(|way| std::mem::take(&mut way.places)).collect();
        Ok((ways, places(input, nodes, own)?))
    });
    let (ways, places) = read.map_err(|error| faults.push(damaged(input, &error))).ok()?;
    if let Some(fault) = held.fault() {
        faults.push(fault.at(&input.file, None, ""));
        return None;
    }
    let mut table = ReadTable {
        input: InputFile { rows_read: ways.len(), ..input_file(input, "crossings") },
        draft: TableDraft { file: input.file.clone(), ..TableDraft::default() },
        faults: Vec::new(),
        notices: Vec::new(),
    };
    let ids = ways.iter().map(|way| format!("w{}", way.id)).collect();
    let mut by_kind: BTreeMap<String, usize> = BTreeMap::new();
    for (place, way) in ways.into_iter().enumerate() {
        let Named { level, nodes, .. } = way;
        let Some(kind) = way.kind else {
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
    let remedy = "no action is needed; network.crossings.lines can name others or leave them out";
    let notice = Fault::notice("N205", "these ways cost something to cross", remedy);
    table.notices.push(notice.value(kinds.join(", ")).at(&input.file, None, "kind"));
    Some(CrossingWays { table, ids })
}

fn position(vertex: &Vertex) -> Position {
    Position { crs: Crs::Wgs84, x: vertex.at[0], y: vertex.at[1] }
}

/// The ways that a rule names, sorted by id.
fn ways(
    input: &InputText,
    rules: &[CrossingRule],
    header: &Header,
    held: &HeldNodes,
) -> osmpbf::Result<Vec<Named>> {
    let taken = |own: &Named| held.take(own.nodes.len());
    let mut ways = ElementReader::from_path(&input.path)?.par_map_reduce(
        |element| match element {
            Element::Way(way) => named(&way, rules, header).into_iter().filter(taken).collect(),
            _ => Vec::new(),
        },
        Vec::new,
        joined,
    )?;
    ways.sort_by_key(|way: &Named| way.id);
    Ok(ways)
}

fn named(way: &Way<'_>, rules: &[CrossingRule], header: &Header) -> Option<Named> {
    let tag = |wanted: &str| way.tags().find(|(key, _)| *key == wanted).map(|(_, value)| value);
    let rule = rules.iter().find(|rule| rule.fits(tag))?;
    Some(Named {
        id: way.id(),
        kind: rule.kind.clone(),
        level: level(tag),
        nodes: way.refs().collect(),
        places: header.places(way),
    })
}
