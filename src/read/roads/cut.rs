//! Ways cut into spans where they share a node.
//!
//! What for: published road files say by their nodes, not by their lines, where ways connect. In: ways
//! whose vertices may be nodes. Out: one span for each stretch between two nodes that are ends of ways or
//! shared. Distinct nodes that lie on each other are moved apart by millimetres, because on the plane whatever
//! lies at one point is one junction.

use std::collections::{BTreeMap, BTreeSet};

use crate::geometry::{Crs, Position};
use crate::model::SpanRow;

/// Nodes on each other are moved north by multiples of this: more than spans' ends are joined at by
/// default (1 mm), less than the resolution of published positions.
const STEP_DEGREES: f64 = 3e-8;
const STEP_METRES: f64 = 0.003;

/// A point of a way.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Vertex {
    /// The node it is, where ways may connect at it.
    pub(super) node: Option<i64>,
    /// Longitude and latitude, or easting and northing.
    pub(super) at: [f64; 2],
}

/// A way of a road file.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Road {
    pub(super) id: String,
    /// Number in the file, from 1.
    pub(super) row: usize,
    /// 0 on the ground, else that of a bridge or tunnel.
    pub(super) level: i32,
    /// Class, surface and form.
    pub(super) words: [String; 3],
    /// Its line; several where a part of it is not in the file.
    pub(super) runs: Vec<Vec<Vertex>>,
    /// What a clause of the scenario may look at.
    pub(super) cells: Vec<String>,
}

/// Spans, and how many nodes were moved.
pub(super) struct Cut {
    pub(super) rows: Vec<SpanRow>,
    pub(super) moved: usize,
}

/// Cuts ways into spans laid by the given methods, one a way.
///
/// `known` are positions of nodes, sorted by node, that count before those of the lines. A way that is
/// not cut gives its id to its span; else the spans are numbered `id/1`, `id/2` along it. O(n log n).
pub(super) fn cut(
    mut roads: Vec<Road>,
    methods: &[String],
    known: &[(i64, [f64; 2])],
    crs: Crs,
) -> Cut {
    let shared = shared_nodes(&roads);
    let is_stop = |place: usize, run: &[Vertex]| {
        let inside = place > 0 && place + 1 < run.len();
        !inside || run[place].node.is_some_and(|node| shared.binary_search(&node).is_ok())
    };
    let mut places: Vec<(i64, [f64; 2])> = Vec::new();
    for run in roads.iter().flat_map(|road| &road.runs) {
        let stops = (0..run.len()).filter(|&place| is_stop(place, run));
        places.extend(stops.filter_map(|place| Some((run[place].node?, run[place].at))));
    }
    let (places, moved) = settle(places, known, crs);
    let mut rows = Vec::new();
    for (road, method) in roads.iter_mut().zip(methods) {
        let mut pieces: Vec<Vec<Vertex>> = Vec::new();
        for run in &mut road.runs {
            let stops: Vec<usize> = (0..run.len()).filter(|&place| is_stop(place, run)).collect();
            for &stop in &stops {
                let vertex = &mut run[stop];
                let settled = vertex.node.and_then(|node| place_of(&places, node));
                vertex.at = settled.unwrap_or(vertex.at);
            }
            pieces.extend(stops.windows(2).map(|ends| run[ends[0]..=ends[1]].to_vec()));
        }
        let whole = pieces.len() == 1;
        rows.extend(pieces.into_iter().enumerate().map(|(place, piece)| SpanRow {
            id: Some(if whole { road.id.clone() } else { format!("{}/{}", road.id, place + 1) }),
            line: line(&piece, crs),
            method: method.clone(),
            level: road.level,
            row: road.row,
            ..SpanRow::default()
        }));
    }
    Cut { rows, moved }
}

/// Nodes that are met more than once, sorted.
fn shared_nodes(roads: &[Road]) -> Vec<i64> {
    let vertices = roads.iter().flat_map(|road| road.runs.iter().flatten());
    let mut nodes: Vec<i64> = vertices.filter_map(|vertex| vertex.node).collect();
    nodes.sort_unstable();
    let mut shared: Vec<i64> =
        nodes.windows(2).filter(|pair| pair[0] == pair[1]).map(|pair| pair[0]).collect();
    shared.dedup();
    shared
}

/// One position for each node, no two alike; and how many had to be moved.
fn settle(
    mut places: Vec<(i64, [f64; 2])>,
    known: &[(i64, [f64; 2])],
    crs: Crs,
) -> (Vec<(i64, [f64; 2])>, usize) {
    let key = |&(node, at): &(i64, [f64; 2])| (node, bits(at));
    places.sort_unstable_by_key(key);
    places.dedup_by_key(|(node, _)| *node);
    for (node, at) in &mut places {
        *at = place_of(known, *node).unwrap_or(*at);
    }
    let mut at_place: BTreeMap<[u64; 2], usize> = BTreeMap::new();
    for (_, at) in &places {
        *at_place.entry(bits(*at)).or_default() += 1;
    }
    if at_place.len() == places.len() {
        return (places, 0);
    }
    let step = match crs {
        Crs::Wgs84 => STEP_DEGREES,
        Crs::BritishGrid => STEP_METRES,
    };
    let mut taken: BTreeSet<[u64; 2]> = BTreeSet::new();
    let mut moved = 0;
    for (_, at) in &mut places {
        let given = *at;
        let mut steps = 0.0;
        while !taken.insert(bits(*at)) {
            steps += 1.0;
            *at = [given[0], given[1] + steps * step];
        }
        moved += usize::from(steps > 0.0);
    }
    (places, moved)
}

/// Whole numbers that tell positions apart; their order means nothing but is always the same.
fn bits([x, y]: [f64; 2]) -> [u64; 2] {
    // Zero has two signs.
    [x + 0.0, y + 0.0].map(f64::to_bits)
}

fn place_of(places: &[(i64, [f64; 2])], node: i64) -> Option<[f64; 2]> {
    let found = places.binary_search_by_key(&node, |(node, _)| *node).ok()?;
    Some(places[found].1)
}

fn line(piece: &[Vertex], crs: Crs) -> Vec<Position> {
    piece.iter().map(|vertex| Position { crs, x: vertex.at[0], y: vertex.at[1] }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn road(id: &str, nodes: &[i64], place: impl Fn(i64) -> [f64; 2]) -> Road {
        let run = nodes.iter().map(|&node| Vertex { node: Some(node), at: place(node) }).collect();
        Road { id: id.to_owned(), row: 1, runs: vec![run], ..Road::default() }
    }

    #[allow(clippy::cast_precision_loss)]
    fn on_a_row(node: i64) -> [f64; 2] {
        [node as f64, 50.0]
    }

    fn spans(roads: Vec<Road>) -> Vec<(String, Vec<[f64; 2]>)> {
        let methods = vec!["verge".to_owned(); roads.len()];
        let rows = cut(roads, &methods, &[], Crs::Wgs84).rows.into_iter();
        let line = |row: &SpanRow| row.line.iter().map(|at| [at.x, at.y]).collect();
        rows.map(|row| (row.id.clone().unwrap(), line(&row))).collect()
    }

    #[test]
    fn ways_are_cut_at_shared_nodes_and_nowhere_else() {
        let roads = vec![
            road("a", &[1, 2, 3, 4], on_a_row),
            road("b", &[3, 7], on_a_row),
            // Visits node 9 twice: a stick with a loop.
            road("c", &[8, 9, 10, 11, 9], on_a_row),
        ];
        let found = spans(roads);
        let ids: Vec<&str> = found.iter().map(|(id, _)| id.as_str()).collect();
        assert_eq!(ids, ["a/1", "a/2", "b", "c/1", "c/2"]);
        assert_eq!(found[0].1.len(), 3);
        assert_eq!(found[4].1.first(), found[4].1.last());
    }

    #[test]
    fn a_bridge_over_a_road_does_not_connect_even_on_one_point() {
        // Node 5 of the bridge lies exactly on node 2 of the road, and both are shared.
        let place = |node| if node == 5 { on_a_row(2) } else { on_a_row(node) };
        let roads = vec![
            road("road", &[1, 2, 3], place),
            road("side", &[2, 20], place),
            road("bridge", &[4, 5, 6], place),
            road("deck", &[5, 21], place),
        ];
        let methods = vec!["verge".to_owned(); 4];
        let found = cut(roads, &methods, &[], Crs::Wgs84);
        assert_eq!(found.moved, 1);
        let ends: Vec<f64> = found.rows.iter().map(|row| row.line[0].y).collect();
        // side begins at node 2, deck at node 5.
        assert_eq!(ends[2].to_bits(), 50.0_f64.to_bits());
        assert!(ends[5] > 50.0 && ends[5] < 50.000_000_1);
        let bridge = &found.rows[3];
        assert_eq!(bridge.line[1], found.rows[5].line[0]);
    }

    #[test]
    fn known_positions_of_nodes_count_first() {
        let methods = vec!["verge".to_owned()];
        let known = [(2, [7.0, 8.0])];
        let found = cut(vec![road("a", &[1, 2], on_a_row)], &methods, &known, Crs::BritishGrid);
        assert_eq!(found.rows[0].line[1], Position::grid(7.0, 8.0));
    }

    proptest! {
        /// Spans joined at equal ends are connected exactly where ways share nodes, whatever lies on
        /// what; and no segment is lost.
        #[test]
        fn spans_connect_as_nodes_do(
            ways in prop::collection::vec(prop::collection::vec(0_i64..14, 2..6), 1..8),
            stacked in 1_i64..14,
        ) {
            use petgraph::unionfind::UnionFind;
            let place = |node: i64| on_a_row(node % stacked);
            let roads: Vec<Road> =
                ways.iter().enumerate().map(|(id, way)| road(&id.to_string(), way, place)).collect();
            let mut by_node = UnionFind::<usize>::new(ways.len());
            for (a, one) in ways.iter().enumerate() {
                for (b, two) in ways.iter().enumerate() {
                    if one.iter().any(|node| two.contains(node)) {
                        by_node.union(a, b);
                    }
                }
            }
            let found = spans(roads);
            let segments: usize = found.iter().map(|(_, line)| line.len() - 1).sum();
            prop_assert_eq!(segments, ways.iter().map(|way| way.len() - 1).sum::<usize>());
            let way = |id: &str| id.split('/').next().unwrap().parse::<usize>().unwrap();
            let mut by_end = UnionFind::<usize>::new(ways.len());
            for (a, one) in &found {
                for (b, two) in &found {
                    let ends = |line: &[[f64; 2]]| [bits(line[0]), bits(line[line.len() - 1])];
                    if ends(one).iter().any(|end| ends(two).contains(end)) {
                        by_end.union(way(a), way(b));
                    }
                }
            }
            for a in 0..ways.len() {
                for b in 0..ways.len() {
                    prop_assert_eq!(by_node.equiv(a, b), by_end.equiv(a, b), "{} {}", a, b);
                }
            }
        }
    }
}
