//! Ways of an OpenStreetMap extract in the format PBF.
//!
//! In: a `.osm.pbf`. Out: every way with a class, whose vertices are its nodes. The file is read twice, the
//! ways first, so that only the nodes of roads are held. Blocks are decoded in parallel and sorted after.

use std::collections::BTreeSet;

use osmpbf::{Element, ElementReader, Way};

use crate::error::Fault;
use crate::geometry::Crs;
use crate::read::files::InputText;
use crate::read::roads::RoadFile;
use crate::read::roads::cut::{Road, Vertex};
use crate::read::sources::Source;

/// A way as it stands in the file.
struct RawWay {
    id: i64,
    level: i32,
    words: [String; 3],
    nodes: Vec<i64>,
    tags: Vec<(String, String)>,
}

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
    let ways = ways(input, &keys).map_err(damaged)?;
    let mut wanted: Vec<i64> = ways.iter().flat_map(|way| way.nodes.iter().copied()).collect();
    wanted.sort_unstable();
    wanted.dedup();
    let places = places(input, &wanted).map_err(damaged)?;
    Ok(file_of(input, ways, &places))
}

/// The fault of a file that cannot be read.
pub(super) fn damaged(input: &InputText, error: &osmpbf::Error) -> Fault {
    let cause = format!("this cannot be read as OpenStreetMap PBF: {error}");
    let remedy = "download the extract again; the file may be damaged or cut short";
    Fault::new("F140", cause, remedy).at(&input.file, None, "")
}

/// All ways with a class, sorted by id.
fn ways(input: &InputText, keys: &Keys<'_>) -> osmpbf::Result<Vec<RawWay>> {
    let mut ways = ElementReader::from_path(&input.path)?.par_map_reduce(
        |element| match element {
            Element::Way(way) => raw_way(&way, keys).into_iter().collect(),
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

fn raw_way(way: &Way<'_>, keys: &Keys<'_>) -> Option<RawWay> {
    let class = way.tags().find(|(key, _)| *key == keys.class)?.1.to_owned();
    let tag = |wanted: &str| way.tags().find(|(key, _)| *key == wanted).map(|(_, value)| value);
    let surface = tag(keys.surface).unwrap_or_default().to_owned();
    let form = match keys.form {
        Some(key) => tag(key).unwrap_or_default().to_owned(),
        None => form(tag),
    };
    let owned = |(key, value): (&str, &str)| (key.to_owned(), value.to_owned());
    let tags = if keys.all { way.tags().map(owned).collect() } else { Vec::new() };
    let words = [class, surface, form];
    Some(RawWay { id: way.id(), level: level(tag), words, nodes: way.refs().collect(), tags })
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

/// Positions of the wanted nodes, in billionths of a degree: node, longitude, latitude; sorted.
pub(super) fn places(input: &InputText, wanted: &[i64]) -> osmpbf::Result<Vec<(i64, [i64; 2])>> {
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
    Ok(places)
}

fn file_of(input: &InputText, ways: Vec<RawWay>, places: &[(i64, [i64; 2])]) -> RoadFile {
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
        let cause = format!("{lost} nodes of {ways_cut} ways are not in the extract");
        let remedy = "none is needed at the edge of an extract; what lies between is used";
        file.notices.push(Fault::notice("N144", cause, remedy).at(&input.file, None, ""));
    }
    file
}

/// The stretches of a way whose nodes are all in the file, and how many nodes are not.
pub(super) fn runs(nodes: &[i64], places: &[(i64, [i64; 2])]) -> (Vec<Vec<Vertex>>, usize) {
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
