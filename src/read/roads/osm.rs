//! Ways of an OpenStreetMap extract in the format PBF.
//!
//! In: a `.osm.pbf`. Out: every way with a class, whose vertices are its nodes. The file is read twice, the
//! ways first, so that only the nodes of roads are held. Blocks are decoded in parallel and sorted after.

use std::collections::BTreeSet;

use osmpbf::{BlobDecode, BlobReader, Element, ElementReader, Way};

use crate::error::Fault;
use crate::geometry::Crs;
use crate::read::files::InputText;
use crate::read::limits::HeldNodes;
use crate::read::roads::cut::{Road, Vertex};
use crate::read::roads::road_file::RoadFile;
use crate::read::sources::Source;

/// A way as it stands in the file.
struct RawWay {
    id: i64,
    level: i32,
    words: [String; 3],
    nodes: Vec<i64>,
    /// Where the way itself says its nodes are.
    places: Vec<Place>,
    tags: Vec<(String, String)>,
}

/// A node with its longitude and latitude in billionths of a degree.
pub(super) type Place = (i64, [i64; 2]);

/// The keys of tags that say what a way is.
struct Keys<'a> {
    class: &'a str,
    surface: &'a str,
    form: Option<&'a str>,
    /// Whether a clause looks at the tags.
    all: bool,
}

/// Reads the ways of an extract.
pub(super) fn load(input: &InputText, source: &Source) -> Result<RoadFile, Vec<Fault>> {
    let named = |ours: &str| source.columns.get(ours).map(String::as_str);
    let keys = Keys {
        class: named("class").unwrap_or("highway"),
        surface: named("surface").unwrap_or("surface"),
        form: named("form"),
        all: source.keep.is_some(),
    };
    let damaged = |error: osmpbf::Error| vec![damaged(input, &error)];
    let header = header(input).map_err(damaged)?;
    header.check(input).map_err(|fault| vec![*fault])?;
    let held = HeldNodes::default();
    let mut ways = ways(input, &keys, &header, &held).map_err(damaged)?;
    if let Some(fault) = held.fault() {
        return Err(vec![fault.at(&input.file, None, "")]);
    }
    let nodes = ways.iter().flat_map(|way| way.nodes.iter().copied()).collect();
    let own = ways.iter_mut().flat_map(|way| std::mem::take(&mut way.places)).collect();
    let places = places(input, nodes, own).map_err(damaged)?;
    Ok(file_of(input, ways, &places))
}

/// What an extract says of itself.
#[derive(Default)]
pub(super) struct Header {
    required: Vec<String>,
    /// Its ways hold the positions of their nodes.
    pub(super) located_ways: bool,
}

/// The header of an extract; one that says nothing where there is none.
pub(super) fn header(input: &InputText) -> osmpbf::Result<Header> {
    let Some(first) = BlobReader::from_path(&input.path)?.next() else {
        return Ok(Header::default());
    };
    let first = first?;
    Ok(match first.decode()? {
        BlobDecode::OsmHeader(header) => Header {
            required: header.required_features().to_vec(),
            located_ways: header.optional_features().iter().any(|word| word == "LocationsOnWays"),
        },
        _ => Header::default(),
    })
}

impl Header {
    /// The fault of an extract that only a reader of more than nodes, ways and tags can make sense of.
    pub(super) fn check(&self, input: &InputText) -> Result<(), Box<Fault>> {
        let known = |word: &&String| !["OsmSchema-V0.6", "DenseNodes"].contains(&word.as_str());
        let others: Vec<&str> = self.required.iter().filter(known).map(String::as_str).collect();
        if others.is_empty() {
            return Ok(());
        }
        let (cause, remedy) = if others.contains(&"HistoricalInformation") {
            (
                "the file holds every version of everything, not the map of one day",
                "make an extract of one day: osmium time-filter FILE -o NEW.osm.pbf",
            )
        } else {
            (
                "the file needs more of its reader than nodes, ways and tags",
                "convert it to a plain extract: osmium cat FILE -o NEW.osm.pbf",
            )
        };
        let fault = Fault::new("F143", cause, remedy).value(others.join(", "));
        Err(Box::new(fault.at(&input.file, None, "required_features")))
    }

    /// Where a way says that its nodes are, if such ways do. A node that was not there has no position on earth.
    pub(super) fn places(&self, way: &Way<'_>) -> Vec<Place> {
        if !self.located_ways {
            return Vec::new();
        }
        let located = way.refs().zip(way.node_locations());
        let places = located.map(|(node, at)| (node, [at.nano_lon(), at.nano_lat()]));
        let on_earth = |[lon, lat]: [i64; 2]| {
            lon.unsigned_abs() <= 180_000_000_000 && lat.unsigned_abs() <= 90_000_000_000
        };
        places.filter(|&(_, at)| on_earth(at)).collect()
    }
}

/// The fault of a file that cannot be read.
pub(super) fn damaged(input: &InputText, error: &osmpbf::Error) -> Fault {
    let cause = format!("this cannot be read as OpenStreetMap PBF: {error}");
    let remedy = "download the extract again; the file may be damaged or cut short";
    Fault::new("F140", cause, remedy).at(&input.file, None, "")
}

/// All ways with a class, sorted by id.
fn ways(
    input: &InputText,
    keys: &Keys<'_>,
    header: &Header,
    held: &HeldNodes,
) -> osmpbf::Result<Vec<RawWay>> {
    let mut ways = ElementReader::from_path(&input.path)?.par_map_reduce(
        |element| match element {
            Element::Way(way) => raw_way(&way, keys, header, held).into_iter().collect(),
            _ => Vec::new(),
        },
        Vec::new,
        joined,
    )?;
    ways.sort_by_key(|way: &RawWay| way.id);
    Ok(ways)
}

/// Two lists as one, in no order.
pub(super) fn joined<T>(mut one: Vec<T>, mut other: Vec<T>) -> Vec<T> {
    if one.len() < other.len() {
        std::mem::swap(&mut one, &mut other);
    }
    one.append(&mut other);
    one
}

/// A way with a class, unless more is held already than is read.
fn raw_way(way: &Way<'_>, keys: &Keys<'_>, header: &Header, held: &HeldNodes) -> Option<RawWay> {
    let class = way.tags().find(|(key, _)| *key == keys.class)?.1.to_owned();
    if !held.take(way.refs().len()) {
        return None;
    }
    let tag = |wanted: &str| way.tags().find(|(key, _)| *key == wanted).map(|(_, value)| value);
    let surface = tag(keys.surface).unwrap_or_default().to_owned();
    let form = match keys.form {
        Some(key) => tag(key).unwrap_or_default().to_owned(),
        None => form(tag),
    };
    let owned = |(key, value): (&str, &str)| (key.to_owned(), value.to_owned());
    let tags = if keys.all { way.tags().map(owned).collect() } else { Vec::new() };
    let words = [class, surface, form];
    let (nodes, places) = (way.refs().collect(), header.places(way));
    Some(RawWay { id: way.id(), level: level(tag), words, nodes, places, tags })
}

/// `bridge` or `tunnel` where the way is one, else what sort of junction it is part of.
fn form<'a>(tag: impl Fn(&str) -> Option<&'a str>) -> String {
    let is = |key: &&str| tag(key).is_some_and(|value| value != "no");
    let built = ["bridge", "tunnel"].into_iter().find(is);
    built.or_else(|| tag("junction")).unwrap_or_default().to_owned()
}

/// The level of a way: 0 on the ground; on a bridge or in a tunnel its `layer`, or else 1 and -1. A passage
/// through a building is on the ground, and so is what has a layer without being either.
pub(super) fn level<'a>(tag: impl Fn(&str) -> Option<&'a str>) -> i32 {
    let on_ground = |value: &str| ["no", "building_passage"].contains(&value);
    let is = |key: &str| tag(key).is_some_and(|value| !on_ground(value));
    let usual = i32::from(is("bridge")) - i32::from(is("tunnel") && !is("bridge"));
    let layer = tag("layer").and_then(|layer| layer.trim().parse().ok());
    if usual == 0 { 0 } else { layer.filter(|&layer| layer != 0).unwrap_or(usual) }
}

/// Positions of the wanted nodes, sorted by node: those that the file gives as nodes, else those of `own`.
pub(super) fn places(
    input: &InputText,
    mut wanted: Vec<i64>,
    mut own: Vec<Place>,
) -> osmpbf::Result<Vec<Place>> {
    wanted.sort_unstable();
    wanted.dedup();
    let is_wanted = |id: i64| wanted.binary_search(&id).is_ok();
    let one = |id: i64, at: [i64; 2]| if is_wanted(id) { vec![(id, at)] } else { Vec::new() };
    let mut places = ElementReader::from_path(&input.path)?.par_map_reduce(
        |element| match element {
            Element::DenseNode(node) => one(node.id(), [node.nano_lon(), node.nano_lat()]),
            Element::Node(node) => one(node.id(), [node.nano_lon(), node.nano_lat()]),
            _ => Vec::new(),
        },
        Vec::new,
        joined,
    )?;
    places.sort_unstable();
    places.dedup_by_key(|(node, _)| *node);
    own.sort_unstable();
    own.dedup_by_key(|(node, _)| *node);
    own.retain(|(node, _)| places.binary_search_by_key(node, |(known, _)| *known).is_err());
    if !own.is_empty() {
        places.append(&mut own);
        places.sort_unstable();
    }
    Ok(places)
}

fn file_of(input: &InputText, ways: Vec<RawWay>, places: &[Place]) -> RoadFile {
    let columns: BTreeSet<&String> =
        ways.iter().flat_map(|way| way.tags.iter().map(|(key, _)| key)).collect();
    let columns: Vec<String> = columns.into_iter().cloned().collect();
    let mut file = RoadFile { crs: Some(Crs::Wgs84), ..RoadFile::default() };
    let (mut lost, mut ways_cut) = (0, 0);
    for (place, way) in ways.into_iter().enumerate() {
        let (runs, missing) = runs(&way.nodes, places);
        lost += missing;
        ways_cut += usize::from(missing > 0);
        let cell = |column: &String| {
            let tag = way.tags.iter().find(|(key, _)| key == column);
            tag.map(|(_, value)| value.clone()).unwrap_or_default()
        };
        file.roads.push(Road {
            id: format!("w{}", way.id),
            row: place + 1,
            cells: if way.tags.is_empty() {
                Vec::new()
            } else {
                columns.iter().map(cell).collect()
            },
            words: way.words,
            level: way.level,
            runs,
        });
    }
    file.columns = columns;
    if lost > 0 {
        let nodes = if lost == 1 { "1 node" } else { &format!("{lost} nodes") };
        let ways = if ways_cut == 1 { "1 way" } else { &format!("{ways_cut} ways") };
        let verb = if lost == 1 { "is" } else { "are" };
        let cause = format!("{nodes} of {ways} {verb} not in the extract");
        let remedy = "no action is needed at the edge of an extract; what lies between is used";
        file.notices.push(Fault::notice("N144", cause, remedy).at(&input.file, None, ""));
    }
    file
}

/// The stretches of a way whose nodes are all in the file, and how many nodes are not.
pub(super) fn runs(nodes: &[i64], places: &[Place]) -> (Vec<Vec<Vertex>>, usize) {
    let mut runs: Vec<Vec<Vertex>> = vec![Vec::new()];
    let mut missing = 0;
    for &node in nodes {
        let Ok(found) = places.binary_search_by_key(&node, |(node, _)| *node) else {
            missing += 1;
            runs.push(Vec::new());
            continue;
        };
        let run =
            runs.last_mut().filter(|run| run.last().is_none_or(|last| last.node != Some(node)));
        if let Some(run) = run {
            run.push(Vertex { node: Some(node), at: places[found].1.map(degrees) });
        }
    }
    runs.retain(|run| run.len() > 1);
    (runs, missing)
}

#[allow(clippy::cast_precision_loss)] // degrees in billionths stay far below 2^53
fn degrees(billionths: i64) -> f64 {
    billionths as f64 / 1e9
}
