//! Road links of a GeoPackage in the layout of OS Open Roads.
//!
//! In: a `.gpkg` with a table of links (lines with the ids of their two nodes) and one of nodes. Out: every
//! link as a way whose ends are its nodes; where lines cross without a node they do not connect. Names of
//! columns are found as the product's releases have them, or as the scenario says.

use std::collections::BTreeMap;

use rusqlite::types::ValueRef;
use rusqlite::{Connection, OpenFlags, Row};

use crate::error::Fault;
use crate::geometry::Crs;
use crate::model::suggestion;
use crate::read::files::InputText;
use crate::read::limits::{MOST_CELL, MOST_ROW, MOST_ROWS, too_long, too_many};
use crate::read::roads::cut::{Road, Vertex};
use crate::read::roads::road_file::RoadFile;
use crate::read::roads::table::Layers;
use crate::read::roads::wkb::geometry;
use crate::read::sources::{Source, other_crs, unknown_crs};

/// Our columns, and the names that releases of the product have for them, without `_` and case.
const NAMES: [(&str, &[&str]); 5] = [
    ("id", &["identifier", "id"]),
    ("class", &["class", "roadclassification"]),
    ("form", &["form", "formofway"]),
    ("start_node", &["startnode"]),
    ("end_node", &["endnode"]),
];

/// An end of a link this far from its node is counted: a metre, or about as much in degrees.
const FAR_METRES: f64 = 1.0;
const FAR_DEGREES: f64 = 1e-5;

/// What can go wrong: the file itself, or one named thing in it.
pub(super) enum Trouble {
    Damage(String),
    Fault(Box<Fault>),
}

impl From<rusqlite::Error> for Trouble {
    fn from(error: rusqlite::Error) -> Self {
        Self::Damage(error.to_string())
    }
}

/// Reads the links and nodes of a package.
pub(super) fn load(
    input: &InputText,
    source: &Source,
    layers: &Layers,
) -> Result<RoadFile, Vec<Fault>> {
    read(input, source, layers).map_err(|trouble| vec![*told(trouble, input)])
}

/// The fault that tells of a trouble.
pub(super) fn told(trouble: Trouble, input: &InputText) -> Box<Fault> {
    let fault = match trouble {
        Trouble::Fault(fault) => *fault,
        Trouble::Damage(error) => {
            let cause = format!("this cannot be read as a GeoPackage: {error}");
            Fault::new("F141", cause, "download it again; the file may be damaged or cut short")
        }
    };
    Box::new(fault.at(&input.file, None, ""))
}

/// Opens a package for reading.
pub(super) fn connect(input: &InputText) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    Connection::open_with_flags(&input.path, flags)
}

/// Names of the layers with geometry, sorted.
pub(super) fn layer_names(package: &Connection) -> Result<Vec<String>, Trouble> {
    let mut query = package.prepare("SELECT table_name FROM gpkg_geometry_columns")?;
    let names = query.query_map([], |row| row.get(0))?;
    let mut names: Vec<String> = names.collect::<rusqlite::Result<_>>()?;
    names.sort();
    Ok(names)
}

fn read(input: &InputText, source: &Source, layers: &Layers) -> Result<RoadFile, Trouble> {
    let package = connect(input)?;
    let links = Layer::find(&package, &layers.links)?;
    let crs = links.crs(&package)?;
    if let Some(given) = source.given_crs.filter(|&given| given != crs) {
        return Err(Trouble::Fault(Box::new(other_crs(crs, given))));
    }
    let mut names: BTreeMap<String, i64> = BTreeMap::new();
    let (mut roads, lost) = links.roads(&package, source, &mut names)?;
    number_by_name(&mut names, &mut roads);
    let mut notices = Vec::new();
    if lost > 0 {
        let cause = match lost {
            1 => "1 link has no line that can be read, and is left out".to_owned(),
            _ => format!("{lost} links have no line that can be read, and are left out"),
        };
        let notice = Fault::notice("N144", cause, "look at their geometry");
        notices.push(notice.at(&input.file, None, ""));
    }
    let nodes = nodes(&package, layers, &names)?;
    let odd = odd_ends(&roads, &nodes, crs);
    if odd > 0 {
        let cause = match odd {
            1 => "1 end of a link lies 1 m or more from its node, or has none".to_owned(),
            _ => format!("{odd} ends of links lie 1 m or more from their node, or have none"),
        };
        let remedy = "no action is needed; what has a node is moved to it, and stays where it is without one";
        notices.push(Fault::notice("N146", cause, remedy).at(&input.file, None, ""));
    }
    roads.sort_by(|a, b| a.id.cmp(&b.id));
    for (place, road) in roads.iter_mut().enumerate() {
        road.row = place + 1;
    }
    Ok(RoadFile { roads, nodes, columns: links.columns, crs: Some(crs), notices })
}

/// A table with geometry.
pub(super) struct Layer {
    pub(super) table: String,
    pub(super) columns: Vec<String>,
    /// Place of the column that holds it.
    pub(super) geometry: usize,
    srs: i64,
}

impl Layer {
    pub(super) fn find(package: &Connection, name: &str) -> Result<Self, Trouble> {
        let mut layers: Vec<(String, String, i64)> = Vec::new();
        let mut query =
            package.prepare("SELECT table_name, column_name, srs_id FROM gpkg_geometry_columns")?;
        let rows = query.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
        for row in rows {
            layers.push(row?);
        }
        layers.sort();
        let Some((table, column, srs)) =
            layers.iter().find(|(table, ..)| table.eq_ignore_ascii_case(name)).cloned()
        else {
            let known = layers.iter().map(|(table, ..)| table.as_str());
            let cause = "the GeoPackage has no such layer";
            let fault = Fault::new("F142", cause, suggestion(name, known)).value(name);
            return Err(Trouble::Fault(Box::new(fault)));
        };
        let query = package.prepare(&format!("SELECT * FROM {}", quoted(&table)))?;
        let columns: Vec<String> = query.column_names().map(str::to_owned).collect();
        let geometry = columns.iter().position(|name| name.eq_ignore_ascii_case(&column));
        let geometry = geometry.ok_or_else(|| Trouble::Damage("no geometry column".to_owned()))?;
        Ok(Self { table, columns, geometry, srs })
    }

    /// The reference system of the layer, by the table of them.
    pub(super) fn crs(&self, package: &Connection) -> Result<Crs, Trouble> {
        let sql = "SELECT organization_coordsys_id FROM gpkg_spatial_ref_sys WHERE srs_id = ?1";
        let code = package.query_row(sql, [self.srs], |row| row.get::<_, i64>(0));
        match code.unwrap_or(self.srs) {
            4326 => Ok(Crs::Wgs84),
            27_700 => Ok(Crs::BritishGrid),
            other => Err(Trouble::Fault(Box::new(unknown_crs(&format!("EPSG:{other}"))))),
        }
    }

    /// The place of one of our columns; a fault when the table has none.
    fn column(&self, ours: &str, source: &Source) -> Result<usize, Trouble> {
        let known = NAMES.iter().find(|(name, _)| *name == ours).map_or(&[][..], |(_, all)| all);
        let found = match source.columns.get(ours) {
            Some(theirs) => self.columns.iter().position(|name| name == theirs),
            None => known
                .iter()
                .find_map(|known| self.columns.iter().position(|name| plain(name) == *known)),
        };
        found.ok_or_else(|| {
            let wanted = source.columns.get(ours).map_or(ours, String::as_str);
            let near = suggestion(wanted, self.columns.iter().map(String::as_str));
            let remedy = format!(
                "name it in network.columns.{ours}; {near}; or name the layer as network.layer, if it is one of \
                 lines with a method"
            );
            let cause = format!("the layer {} has no column for {ours}", self.table);
            Trouble::Fault(Box::new(Fault::new("F142", cause, remedy).value(wanted)))
        })
    }

    /// All links that have a line, and how many have none. Names of nodes get numbers.
    fn roads(
        &self,
        package: &Connection,
        source: &Source,
        names: &mut BTreeMap<String, i64>,
    ) -> Result<(Vec<Road>, usize), Trouble> {
        let [id, class, form] = [
            self.column("id", source)?,
            self.column("class", source)?,
            self.column("form", source)?,
        ];
        let ends = [self.column("start_node", source)?, self.column("end_node", source)?];
        let surface = source.columns.get("surface");
        let surface = surface.map(|_| self.column("surface", source)).transpose()?;
        let structure = self.columns.iter().position(|name| plain(name) == "roadstructure");
        let mut query = package.prepare(&format!("SELECT * FROM {}", quoted(&self.table)))?;
        let mut rows = query.query([])?;
        let (mut roads, mut lost) = (Vec::new(), 0);
        while let Some(row) = rows.next()? {
            within_rows(roads.len() + lost + 1)?;
            let mut number = |name: String| {
                let next = i64::try_from(names.len()).unwrap_or(i64::MAX);
                (!name.is_empty()).then(|| *names.entry(name).or_insert(next))
            };
            let [start, end] = [number(text(row, ends[0])?), number(text(row, ends[1])?)];
            let Some(runs) = runs(row, self.geometry, [start, end])? else {
                lost += 1;
                continue;
            };
            let surface = surface.map(|place| text(row, place)).transpose()?;
            let words = [text(row, class)?, surface.unwrap_or_default(), text(row, form)?];
            let cells = match source.keep {
                Some(_) => (0..self.columns.len())
                    .map(|place| text(row, place))
                    .collect::<Result<_, _>>()?,
                None => Vec::new(),
            };
            let structure = structure.map(|place| text(row, place)).transpose()?;
            let level = level(structure.as_deref().unwrap_or_default());
            roads.push(Road { id: text(row, id)?, row: 0, level, words, runs, cells });
        }
        Ok((roads, lost))
    }
}

/// The name of a column as it is compared: products write it in several ways.
fn plain(name: &str) -> String {
    name.replace('_', "").to_lowercase()
}

/// The level of a link by its structure, as OS Open Roads has it: 0 on the ground.
fn level(structure: &str) -> i32 {
    match structure.trim().to_lowercase().as_str() {
        "road on bridge" => 1,
        "road in tunnel" => -1,
        _ => 0,
    }
}

/// Numbers nodes by the order of their names, so that the order of rows changes nothing.
fn number_by_name(names: &mut BTreeMap<String, i64>, roads: &mut [Road]) {
    let mut numbers: BTreeMap<i64, i64> = BTreeMap::new();
    for (number, met) in (0..).zip(names.values_mut()) {
        numbers.insert(*met, number);
        *met = number;
    }
    for vertex in roads.iter_mut().flat_map(|road| road.runs.iter_mut().flatten()) {
        vertex.node = vertex.node.map(|met| numbers.get(&met).copied().unwrap_or(met));
    }
}

/// The lines of a link; its first and last points are its nodes.
fn runs(
    row: &Row<'_>,
    place: usize,
    [start, end]: [Option<i64>; 2],
) -> Result<Option<Vec<Vec<Vertex>>>, Trouble> {
    let ValueRef::Blob(blob) = cell(row, place)? else { return Ok(None) };
    let Some(found) = geometry(blob) else { return Ok(None) };
    let mut runs: Vec<Vec<Vertex>> = Vec::new();
    for line in found.lines.into_iter().filter(|line| line.len() > 1) {
        runs.push(line.into_iter().map(|at| Vertex { node: None, at }).collect());
    }
    if let Some(first) = runs.first_mut().and_then(|run| run.first_mut()) {
        first.node = start;
    }
    if let Some(last) = runs.last_mut().and_then(|run| run.last_mut()) {
        last.node = end;
    }
    Ok((!runs.is_empty()).then_some(runs))
}

/// Positions of the nodes that links name, sorted; none where the package has no layer of nodes.
fn nodes(
    package: &Connection,
    layers: &Layers,
    names: &BTreeMap<String, i64>,
) -> Result<Vec<(i64, [f64; 2])>, Trouble> {
    let layer = match Layer::find(package, &layers.nodes) {
        Ok(layer) => layer,
        // Without nodes the ends of the links are where they are.
        Err(Trouble::Fault(_)) if *layers == Layers::default() => return Ok(Vec::new()),
        Err(trouble) => return Err(trouble),
    };
    let id = layer.columns.iter().position(|name| NAMES[0].1.contains(&plain(name).as_str()));
    let Some(id) = id else { return Ok(Vec::new()) };
    let mut query = package.prepare(&format!("SELECT * FROM {}", quoted(&layer.table)))?;
    let mut rows = query.query([])?;
    let mut nodes = Vec::new();
    let mut number = 0;
    while let Some(row) = rows.next()? {
        number += 1;
        within_rows(number)?;
        let Some(&node) = names.get(&text(row, id)?) else { continue };
        let ValueRef::Blob(blob) = cell(row, layer.geometry)? else { continue };
        let at = geometry(blob).and_then(|found| found.lines.first()?.first().copied());
        nodes.extend(at.map(|at| (node, at)));
    }
    nodes.sort_by_key(|(node, at)| (*node, at.map(f64::to_bits)));
    nodes.dedup_by_key(|(node, _)| *node);
    Ok(nodes)
}

/// Ends of links that are far from their node, or have none; nought where no nodes are known.
fn odd_ends(roads: &[Road], nodes: &[(i64, [f64; 2])], crs: Crs) -> usize {
    if nodes.is_empty() {
        return 0;
    }
    let far = if crs == Crs::Wgs84 { FAR_DEGREES } else { FAR_METRES };
    let is_odd = |vertex: &&Vertex| {
        let found = vertex.node.and_then(|node| {
            let place = nodes.binary_search_by_key(&node, |(node, _)| *node).ok()?;
            Some(nodes[place].1)
        });
        found.is_none_or(|at| (at[0] - vertex.at[0]).hypot(at[1] - vertex.at[1]) >= far)
    };
    let ends = roads.iter().filter_map(|road| {
        let first = road.runs.first()?.first()?;
        Some([first, road.runs.last()?.last()?])
    });
    ends.flatten().filter(is_odd).count()
}

/// A name as SQL quotes it.
pub(super) fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// A cell, unless it is longer than is read.
pub(super) fn cell<'r>(row: &'r Row<'_>, place: usize) -> Result<ValueRef<'r>, Trouble> {
    let cell = row.get_ref(place)?;
    let (what, bytes, most) = match cell {
        ValueRef::Text(text) => ("cell", text.len(), MOST_CELL),
        ValueRef::Blob(blob) => ("geometry", blob.len(), MOST_ROW),
        _ => return Ok(cell),
    };
    if bytes > most { Err(Trouble::Fault(Box::new(too_long(what, bytes, most)))) } else { Ok(cell) }
}

/// Refuses a row beyond those that are read.
pub(super) fn within_rows(number: usize) -> Result<(), Trouble> {
    if number <= MOST_ROWS {
        return Ok(());
    }
    Err(Trouble::Fault(Box::new(too_many("rows", number, MOST_ROWS))))
}

/// A cell as text; a missing one is empty.
fn text(row: &Row<'_>, place: usize) -> Result<String, Trouble> {
    Ok(match cell(row, place)? {
        ValueRef::Null | ValueRef::Blob(_) => String::new(),
        ValueRef::Integer(number) => number.to_string(),
        ValueRef::Real(number) => number.to_string(),
        ValueRef::Text(bytes) => String::from_utf8_lossy(bytes).into_owned(),
    })
}
