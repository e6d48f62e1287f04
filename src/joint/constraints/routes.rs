//! The longest route to a building, in millimetres or spans, without its drop.

use std::collections::{BTreeMap, BTreeSet};

use super::repair::{Repair, Stage};
use crate::joint::forest::{Forest, NONE};
use crate::joint::links::Link;
use crate::joint::problem::JointProblem;

/// What an edge adds to a route.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct RouteEdge {
    /// Its length in millimetres; zero for drops and exchanges.
    pub length: u64,
    /// Whether it counts as a span.
    pub is_span: bool,
}

/// The longest route to a building.
pub struct Routes {
    edges: Vec<RouteEdge>,
    reach: Option<u64>,
    hops: Option<u32>,
}

/// For each node on a way into a forest, the edge and node towards the forest.
pub type Way = BTreeMap<u32, (u32, u32)>;

/// Millimetres and spans from the exchange.
type Arrival = (u64, u32);

impl Routes {
    /// The limits of routes: on length, on the number of spans, or both.
    pub fn new(edges: Vec<RouteEdge>, reach: Option<u64>, hops: Option<u32>) -> Self {
        Self { edges, reach, hops }
    }

    /// The buildings held whose routes are too long.
    pub fn too_far(&self, forest: &Forest) -> Vec<u32> {
        let arrivals = self.arrivals(forest);
        let far =
            |building: &&u32| arrivals.get(building).is_some_and(|arrival| !self.allow(*arrival));
        forest.held.iter().filter(far).copied().collect()
    }

    /// What would make a forest keep the limits: buildings whose routes are too long get shorter ones.
    pub fn repair(&self, stage: Stage, forest: &Forest) -> Option<Repair> {
        (stage == Stage::Routes).then(|| Repair::Reroute(self.too_far(forest)))
    }

    fn allow(&self, (length, spans): Arrival) -> bool {
        self.reach.is_none_or(|most| length <= most) && self.hops.is_none_or(|most| spans <= most)
    }

    fn after(&self, (length, spans): Arrival, edge: u32) -> Arrival {
        let RouteEdge { length: own, is_span } = self.edges[edge as usize];
        // A length that 64 bits cannot count is longer than any limit.
        (length.saturating_add(own), spans + u32::from(is_span))
    }

    fn arrivals(&self, forest: &Forest) -> BTreeMap<u32, Arrival> {
        let mut arrivals: BTreeMap<u32, Arrival> = BTreeMap::new();
        for (node, edge, above) in forest.outward() {
            let arrival = arrivals.get(&above).copied().unwrap_or_default();
            arrivals.insert(node, self.after(arrival, edge));
        }
        arrivals
    }

    /// The shortest way in for a building that keeps the limits: for each node on it the edge and node
    /// towards the forest; `None` where there is none.
    ///
    /// Outward from the building by length (by spans where only these are limited), until a node of the
    /// forest is met from which the whole route is short enough.
    pub fn short_way(
        &self,
        problem: &JointProblem<'_>,
        forest: &Forest,
        building: u32,
    ) -> Option<Way> {
        let arrivals = self.arrivals(forest);
        let root = problem.instance.root.unwrap_or(NONE);
        let rank = |(length, spans): Arrival| {
            if self.reach.is_some() { (length, spans) } else { (u64::from(spans), 0) }
        };
        let mut open = BTreeSet::from([((0_u64, 0_u32), building, (0_u64, 0_u32))]);
        let mut nearest: BTreeMap<u32, (u64, u32)> = BTreeMap::from([(building, (0, 0))]);
        let mut from: BTreeMap<u32, (u32, u32)> = BTreeMap::new();
        while let Some((distance, node, here)) = open.pop_first() {
            if nearest.get(&node) != Some(&distance) {
                continue;
            }
            if forest.holds(node) {
                let there: Arrival = arrivals.get(&node).copied().unwrap_or_default();
                if self.allow((here.0.saturating_add(there.0), here.1 + there.1)) {
                    return Some(way(&from, building, node));
                }
                // Beyond a node of the forest the way would close a ring.
                continue;
            }
            if node != building && (node == root || problem.is_building(node)) {
                continue;
            }
            for &Link { edge, other, .. } in problem.links(node) {
                let next = self.after(here, edge);
                let nearer = nearest.get(&other).is_none_or(|&known| rank(next) < known);
                if self.allow(next) && nearer {
                    nearest.insert(other, rank(next));
                    from.insert(other, (edge, node));
                    open.insert((rank(next), other, next));
                }
            }
        }
        None
    }
}

/// Steps that lead outward, reversed to lead from a building to the node that was met.
fn way(from: &BTreeMap<u32, (u32, u32)>, building: u32, met: u32) -> Way {
    let mut way = BTreeMap::new();
    let mut node = met;
    while let Some(&(edge, before)) = from.get(&node).filter(|_| node != building) {
        way.insert(before, (edge, node));
        node = before;
    }
    way
}
