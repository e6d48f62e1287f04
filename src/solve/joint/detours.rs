//! Routes that pass more: a forest widened to what a tree of the engine leads past, and detours.
//!
//! What for: where premises passed are a prize, the engine's tree may end where no building is, and the
//! cheapest way in is seldom the one that passes most. In: a tree or a payable forest. Out: a forest whose
//! every branch ends in a building; a payable one that passes more for the money that is left.

use std::collections::BTreeSet;

use super::forest::{Forest, NO_CLASS, Terrain};
use super::grow::better;
use super::purse::Purse;
use crate::engine::Solution;

/// Nodes off the forest that a detour passes at most.
const LONGEST: usize = 5;
/// Times that all detours are looked for anew.
const PASSES: usize = 12;
/// Ways looked at from each node at most.
const WAYS: u32 = 400;

/// The forest of a tree with every building joined that hangs from it by one edge.
pub fn widened(terrain: &Terrain<'_>, solution: &Solution) -> Forest {
    let mut edges: BTreeSet<u32> = solution.edges.iter().copied().collect();
    let ends = edges.iter().flat_map(|&edge| terrain.instance.edges[edge as usize].ends);
    let nodes: BTreeSet<u32> = ends.collect();
    for building in terrain.buildings().filter(|building| !nodes.contains(building)) {
        let root = terrain.instance.root;
        let mut ways = terrain.rows[building as usize].iter();
        let way = ways.find(|(_, other)| nodes.contains(other) && Some(*other) != root);
        edges.extend(way.map(|(edge, _)| *edge));
    }
    Forest::of(terrain, &Solution { nodes: Vec::new(), edges: edges.into_iter().collect() })
}

/// A stretch of the forest's route and another way round that passes more.
struct Detour {
    /// Edges of the stretch.
    leaves: Vec<u32>,
    edges: Vec<u32>,
    nodes: Vec<u32>,
    gain: i64,
    cost: i64,
}

/// Lets routes of a payable forest take detours that pass more than they cost, at so many units of cost for
/// one of prize at most; any, where nothing is said. Best ratio first, for the money that is left.
pub fn take_detours(
    terrain: &Terrain<'_>,
    purse: &dyn Purse,
    forest: &mut Forest,
    most: Option<(i64, i64)>,
) {
    for _ in 0..PASSES {
        let mut chosen = choose(terrain, forest, most);
        let mut found = None;
        // Pots or rules may stand against some of them.
        while !chosen.is_empty() && found.is_none() {
            let other = rerouted(terrain, forest, &chosen);
            found = Some(other).filter(|other| {
                other.prize > forest.prize
                    && other.held == forest.held
                    && purse.affords(terrain, other)
            });
            chosen.truncate(chosen.len() / 2);
        }
        let Some(found) = found else { return };
        *forest = found;
    }
}

/// Detours that do not meet each other and can be had for the money left.
fn choose(terrain: &Terrain<'_>, forest: &Forest, most: Option<(i64, i64)>) -> Vec<Detour> {
    let mut all: Vec<Detour> = Vec::new();
    for (node, edge, above, _) in forest.items(terrain) {
        let root = terrain.instance.root;
        if Some(above) == root || terrain.class_of[node as usize] != NO_CLASS {
            continue;
        }
        let mut leaves = vec![edge];
        let mut lost = 0;
        let middle = forest.parent[node as usize];
        if middle != above {
            leaves.push(forest.parent_edge[middle as usize]);
            lost = terrain.passed(middle);
        }
        let mut ways = Ways { terrain, forest, to: above, best: None, left: WAYS };
        let saved: i64 = leaves.iter().map(|&edge| cost(terrain, edge)).sum();
        ways.walk(node, &mut Vec::new(), &mut Vec::new(), (-lost, -saved));
        all.extend(ways.best.map(|best| Detour { leaves, ..best }));
    }
    let worth = |detour: &Detour| {
        most.is_none_or(|(cost, prize)| {
            i128::from(detour.cost) * i128::from(prize) <= i128::from(detour.gain) * i128::from(cost)
        })
    };
    all.retain(worth);
    let key = |detour: &Detour, place: u32| (detour.gain, detour.cost.max(0), place);
    let mut order: Vec<u32> = (0..).take(all.len()).collect();
    order.sort_by(|&a, &b| better(key(&all[a as usize], a), key(&all[b as usize], b)));
    let mut free = terrain.budget() - forest.cost;
    let mut met = BTreeSet::new();
    let mut all: Vec<Option<Detour>> = all.into_iter().map(Some).collect();
    let mut chosen = Vec::new();
    for place in order {
        let fits = |detour: &mut Detour| {
            detour.cost <= free && detour.nodes.iter().all(|node| !met.contains(node))
        };
        if let Some(detour) = all[place as usize].take_if(fits) {
            free -= detour.cost;
            met.extend(detour.nodes.iter().copied());
            chosen.push(detour);
        }
    }
    chosen
}

fn cost(terrain: &Terrain<'_>, edge: u32) -> i64 {
    terrain.instance.edges[edge as usize].cost
}

fn rerouted(terrain: &Terrain<'_>, forest: &Forest, detours: &[Detour]) -> Forest {
    let mut edges: BTreeSet<u32> = forest.solution().edges.into_iter().collect();
    for detour in detours {
        for edge in &detour.leaves {
            edges.remove(edge);
        }
        edges.extend(&detour.edges);
    }
    Forest::of(terrain, &Solution { nodes: Vec::new(), edges: edges.into_iter().collect() })
}

/// Ways from a node of the forest, over nodes off it, to another.
struct Ways<'a> {
    terrain: &'a Terrain<'a>,
    forest: &'a Forest,
    to: u32,
    best: Option<Detour>,
    left: u32,
}

impl Ways<'_> {
    fn walk(&mut self, node: u32, nodes: &mut Vec<u32>, edges: &mut Vec<u32>, sum: (i64, i64)) {
        let terrain = self.terrain;
        for &(edge, other) in &terrain.rows[node as usize] {
            let Some(left) = self.left.checked_sub(1) else { return };
            self.left = left;
            let (gain, spent) = (sum.0 + terrain.passed(other), sum.1 + cost(terrain, edge));
            if other == self.to && !nodes.is_empty() {
                let gain = sum.0;
                let best = self.best.as_ref();
                let beats = best.is_none_or(|best| {
                    better((gain, spent.max(0), 0), (best.gain, best.cost.max(0), 0)).is_lt()
                });
                if gain > 0 && beats {
                    let mut edges = edges.clone();
                    edges.push(edge);
                    let (leaves, nodes) = (Vec::new(), nodes.clone());
                    self.best = Some(Detour { leaves, edges, nodes, gain, cost: spent });
                }
                continue;
            }
            let fresh = !self.forest.holds(other)
                && terrain.class_of[other as usize] == NO_CLASS
                && !nodes.contains(&other);
            if fresh && nodes.len() < LONGEST {
                nodes.push(other);
                edges.push(edge);
                self.walk(other, nodes, edges, (gain, spent));
                nodes.pop();
                edges.pop();
            }
        }
    }
}
