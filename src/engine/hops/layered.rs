//! The layered graph: a hop limit turned into plain reachability.
//!
//! What for: on it, bounds and reductions made for problems without a hop limit are valid for one with.
//! In: a rooted problem and the most hops. Out: an acyclic directed graph with one copy of each node for
//! each number of hops at which it may stand, arcs from one layer to the next, and a sink for each
//! terminal entered from all its copies. It holds no tree and no bound.
//!
//! An arborescence in it maps to a tree within the hop limit of no larger cost: where a node is used in
//! two layers, what hangs from the deeper copy hangs from the other as well (Gouveia, Simonetti, Uchoa
//! 2011; Sinnl and Ljubic 2016 for this very problem).

use crate::engine::bound::{Ascent, ENDLESS, Price};
use crate::engine::rooted::Rooted;
use crate::graph::Rows;

/// Stands for the layer of a sink.
pub(crate) const SINK: u32 = u32::MAX;
/// Stands for the base edge of an arc into a sink.
pub(crate) const NO_EDGE: u32 = u32::MAX;

/// The layered graph of a base problem, itself held as a rooted problem.
///
/// Arcs are edges of `problem` from `ends[0]` to `ends[1]`; nodes and edges are named by those of the
/// base. Prizes and demands stand on the sinks (and on the root), nowhere else.
#[derive(Clone, Debug)]
pub(crate) struct Layered {
    /// Nodes, arcs, prizes.
    pub problem: Rooted,
    /// The layer of each node, or [`SINK`].
    pub layer: Vec<u32>,
}

/// What to drop from, and what to demand of, a layered graph.
pub(crate) struct Keep<'a> {
    /// Nodes that stay, where they remain of use.
    pub node: &'a dyn Fn(u32) -> bool,
    /// Arcs that stay, where they remain of use.
    pub arc: &'a dyn Fn(u32) -> bool,
    /// Sinks that become required.
    pub require: &'a dyn Fn(u32) -> bool,
}

impl Layered {
    /// The layered graph of a base problem with at most `hops` edges from the root. Copies that the
    /// budget or the hop limit put out of reach are left out. `None` when a required node is out of
    /// reach: then there is no answer. O(hops * edges).
    #[allow(clippy::cast_possible_truncation)] // layered nodes and arcs are numbered by u32
    pub fn new(base: &Rooted, hops: u32) -> Option<Self> {
        let nodes = base.nodes();
        let rows = &base.rows;
        let needs_sink = |node: u32| node != base.root && base.is_terminal(node);
        let mut layered = Self::only_root(base);
        let mut ends: Vec<[u32; 2]> = Vec::new();
        let mut edge_name: Vec<u32> = Vec::new();
        let mut copies: Vec<Vec<u32>> = vec![Vec::new(); nodes];
        // Cost of the cheapest walk of so many hops, and the copies in this layer.
        let mut near = vec![i64::MAX; nodes];
        near[base.root as usize] = 0;
        let mut copy_of = vec![u32::MAX; nodes];
        copy_of[base.root as usize] = 0;
        let mut here = vec![base.root];
        for layer in 1..=hops {
            let mut next = vec![i64::MAX; nodes];
            let mut next_copy = vec![u32::MAX; nodes];
            let mut found = Vec::new();
            for &from in &here {
                for place in rows.row(from) {
                    let to = rows.neighbour(place);
                    let edge = rows.edge(place);
                    let cost = near[from as usize].saturating_add(base.cost[edge as usize]);
                    if to == base.root || cost > base.budget() || layer == hops && !needs_sink(to) {
                        continue;
                    }
                    if next_copy[to as usize] == u32::MAX {
                        next_copy[to as usize] = layered.push(to, layer);
                        copies[to as usize].push(next_copy[to as usize]);
                        found.push(to);
                    }
                    next[to as usize] = next[to as usize].min(cost);
                    ends.push([copy_of[from as usize], next_copy[to as usize]]);
                    edge_name.push(edge);
                }
            }
            (near, copy_of, here) = (next, next_copy, found);
            if here.is_empty() {
                break;
            }
        }
        for node in base.all_nodes().filter(|&node| needs_sink(node)) {
            if copies[node as usize].is_empty() {
                if base.required[node as usize] {
                    return None;
                }
                continue;
            }
            let sink = layered.push(node, SINK);
            layered.problem.prize[sink as usize] = base.prize[node as usize];
            layered.problem.required[sink as usize] = base.required[node as usize];
            for &copy in &copies[node as usize] {
                ends.push([copy, sink]);
                edge_name.push(NO_EDGE);
            }
        }
        let cost_of = |edge: u32| if edge == NO_EDGE { 0 } else { base.cost[edge as usize] };
        let problem = &mut layered.problem;
        problem.cost = edge_name.iter().map(|&edge| cost_of(edge)).collect();
        problem.missed = base.missed + base.open_prize() - problem.open_prize();
        problem.edge_name = edge_name;
        problem.ends = ends;
        layered.restrict(&Keep { node: &|_| true, arc: &|_| true, require: &|_| false })
    }

    fn only_root(base: &Rooted) -> Self {
        let problem = Rooted {
            has_artificial_root: false,
            rows: Rows::default(),
            ends: Vec::new(),
            cost: Vec::new(),
            prize: vec![base.prize[base.root as usize]],
            required: vec![true],
            root: 0,
            goal: base.goal,
            missed: 0,
            node_name: vec![base.root],
            edge_name: Vec::new(),
        };
        Self { problem, layer: vec![0] }
    }

    #[allow(clippy::cast_possible_truncation)] // layered nodes are numbered by u32
    fn push(&mut self, name: u32, layer: u32) -> u32 {
        self.problem.node_name.push(name);
        self.problem.prize.push(0);
        self.problem.required.push(false);
        self.layer.push(layer);
        (self.layer.len() - 1) as u32
    }

    /// The graph without what `keep` drops, what the root then no longer reaches, and what no longer
    /// reaches a sink. `None` when a required sink is lost. Linear.
    #[allow(clippy::cast_possible_truncation)] // layered nodes and arcs are numbered by u32
    pub fn restrict(&self, keep: &Keep<'_>) -> Option<Self> {
        let old = &self.problem;
        let nodes = old.nodes();
        let mut required = old.required.clone();
        for node in old.all_nodes() {
            required[node as usize] |= (keep.require)(node);
        }
        let arcs: Vec<u32> = (0..old.edges() as u32)
            .filter(|&arc| {
                let [from, to] = old.ends[arc as usize];
                (keep.node)(from) && (keep.node)(to) && (keep.arc)(arc)
            })
            .collect();
        let useful = self.useful(&arcs);
        if (0..nodes).any(|node| required[node] && !useful[node]) {
            return None;
        }
        let mut place_of = vec![u32::MAX; nodes];
        let kept: Vec<u32> = old.all_nodes().filter(|&node| useful[node as usize]).collect();
        for (new, &node) in (0..).zip(&kept) {
            place_of[node as usize] = new;
        }
        let arcs: Vec<u32> = arcs
            .into_iter()
            .filter(|&arc| old.ends[arc as usize].iter().all(|&end| useful[end as usize]))
            .collect();
        let ends: Vec<[u32; 2]> = arcs
            .iter()
            .map(|&arc| old.ends[arc as usize].map(|end| place_of[end as usize]))
            .collect();
        let prize: Vec<i64> = kept.iter().map(|&node| old.prize[node as usize]).collect();
        let problem = Rooted {
            has_artificial_root: false,
            rows: Rows::new(kept.len(), ends.iter().copied()),
            ends,
            cost: arcs.iter().map(|&arc| old.cost[arc as usize]).collect(),
            required: kept.iter().map(|&node| required[node as usize]).collect(),
            root: place_of[old.root as usize],
            goal: old.goal,
            missed: old.missed + old.open_prize() - prize.iter().sum::<i64>(),
            prize,
            node_name: kept.iter().map(|&node| old.node_name[node as usize]).collect(),
            edge_name: arcs.iter().map(|&arc| old.edge_name[arc as usize]).collect(),
        };
        let layer = kept.iter().map(|&node| self.layer[node as usize]).collect();
        Some(Self { problem, layer })
    }

    /// Which nodes the root reaches and that reach a sink, over the given arcs. Arcs are in an order
    /// in which all arcs into a node come before all arcs out of it.
    fn useful(&self, arcs: &[u32]) -> Vec<bool> {
        let problem = &self.problem;
        let mut reached = vec![false; problem.nodes()];
        reached[problem.root as usize] = true;
        for &arc in arcs {
            let [from, to] = problem.ends[arc as usize];
            reached[to as usize] |= reached[from as usize];
        }
        let mut leads: Vec<bool> = self
            .layer
            .iter()
            .zip(&reached)
            .map(|(&layer, &reached)| reached && layer == SINK)
            .collect();
        leads[problem.root as usize] = true;
        for &arc in arcs.iter().rev() {
            let [from, to] = problem.ends[arc as usize];
            leads[from as usize] |= reached[from as usize] && leads[to as usize];
        }
        leads
    }

    /// Whether the arc of a place leads to the row's own node.
    pub fn enters(&self, node: u32, place: usize) -> bool {
        self.problem.ends[self.problem.rows.edge(place) as usize][1] == node
    }

    /// The start of a dual ascent: against their direction, arcs cost more than anything.
    pub fn ascent(&self, price: Price) -> Ascent {
        let mut ascent = Ascent::start(&self.problem, price);
        for node in self.problem.all_nodes() {
            for place in self.problem.rows.row(node) {
                if !self.enters(node, place) {
                    ascent.reduced[place] = ENDLESS;
                }
            }
        }
        ascent
    }
}
