//! Greatest flow through a network of whole-number capacities, with its least cut.
//!
//! What for: money runs from pots to items, and whether it suffices is a flow. In: nodes, arcs with
//! capacities (and lower bounds, for a [`Circulation`]). Out: a flow in whole numbers and the sides of
//! a least cut. The same arcs in the same order give the same flow; nothing here knows about money.

use std::collections::VecDeque;

/// An arc of a [`FlowNetwork`], as [`FlowNetwork::add_arc`] returned it.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Ord, PartialOrd, Hash)]
pub struct ArcIx(u32);

const NONE: u32 = u32::MAX;

/// One direction of an arc: `left` is what may still flow that way.
#[derive(Clone, Copy, Debug)]
struct HalfArc {
    to: u32,
    next: u32,
    left: i64,
}

/// A directed network with capacities, and the flow in it.
///
/// Half arcs stand in pairs: the reverse of half arc `h` is `h ^ 1`.
#[derive(Clone, Debug, Default)]
pub struct FlowNetwork {
    first: Vec<u32>,
    halves: Vec<HalfArc>,
}

impl FlowNetwork {
    /// A network of `nodes` nodes without arcs.
    #[must_use]
    pub fn new(nodes: usize) -> Self {
        Self { first: vec![NONE; nodes], halves: Vec::new() }
    }

    /// Adds a node and returns it.
    pub fn add_node(&mut self) -> u32 {
        self.first.push(NONE);
        narrow(self.first.len() - 1)
    }

    /// Adds an arc with a capacity of zero or more.
    ///
    /// # Panics
    ///
    /// When an end is no node of the network.
    pub fn add_arc(&mut self, from: u32, to: u32, capacity: i64) -> ArcIx {
        let half = narrow(self.halves.len());
        for (tail, head, left) in [(from, to, capacity.max(0)), (to, from, 0)] {
            let next = self.first[tail as usize];
            self.first[tail as usize] = narrow(self.halves.len());
            self.halves.push(HalfArc { to: head, next, left });
        }
        ArcIx(half)
    }

    /// What flows along an arc.
    #[must_use]
    pub fn flow(&self, arc: ArcIx) -> i64 {
        self.halves[arc.0 as usize ^ 1].left
    }

    /// Raises the flow from `source` to `sink` as far as it goes and returns by how much.
    ///
    /// Dinic's method (1970): blocking flows in the layers of a breadth-first search; at most
    /// `nodes^2 x arcs` steps, in practice close to a few times the number of arcs.
    pub fn maximise(&mut self, source: u32, sink: u32) -> i64 {
        let mut total = 0;
        let mut level = vec![NONE; self.first.len()];
        let mut current = Vec::new();
        let mut queue = VecDeque::new();
        while source != sink && self.layer(source, sink, &mut level, &mut queue) {
            current.clone_from(&self.first);
            total += self.block(source, sink, &level, &mut current);
        }
        total
    }

    /// Numbers the nodes by residual arcs from the source; whether the sink is among them.
    fn layer(&self, source: u32, sink: u32, level: &mut [u32], queue: &mut VecDeque<u32>) -> bool {
        level.fill(NONE);
        queue.clear();
        level[source as usize] = 0;
        queue.push_back(source);
        while let Some(node) = queue.pop_front() {
            for half in self.leaving(node) {
                let HalfArc { to, left, .. } = self.halves[half as usize];
                if left > 0 && level[to as usize] == NONE {
                    level[to as usize] = level[node as usize] + 1;
                    if to == sink {
                        return true;
                    }
                    queue.push_back(to);
                }
            }
        }
        false
    }

    /// Saturates the layered network by depth-first search with current arcs.
    fn block(&mut self, source: u32, sink: u32, level: &[u32], current: &mut [u32]) -> i64 {
        let mut total = 0;
        let mut path: Vec<u32> = Vec::new();
        let mut node = source;
        loop {
            if node == sink {
                let push = path.iter().map(|&half| self.halves[half as usize].left).min();
                let push = push.unwrap_or(0);
                total += push;
                let mut keep = path.len();
                for (place, &half) in path.iter().enumerate().rev() {
                    self.shift(half, push);
                    if self.halves[half as usize].left == 0 {
                        keep = place;
                    }
                }
                node = path.get(keep).map_or(sink, |&half| self.halves[half as usize ^ 1].to);
                path.truncate(keep);
                continue;
            }
            let half = current[node as usize];
            if half == NONE {
                // A dead end: step back and take the next arc there.
                let Some(back) = path.pop() else { return total };
                node = self.halves[back as usize ^ 1].to;
                current[node as usize] = self.halves[back as usize].next;
                continue;
            }
            let HalfArc { to, next, left } = self.halves[half as usize];
            if left > 0 && level[to as usize] == level[node as usize] + 1 {
                path.push(half);
                node = to;
            } else {
                current[node as usize] = next;
            }
        }
    }

    /// The nodes from which `sink` can still be reached: the sink's side of the least cut nearest to
    /// it, after [`maximise`](Self::maximise).
    #[must_use]
    pub fn sink_side(&self, sink: u32) -> Vec<bool> {
        self.search(sink, |half| self.halves[half as usize ^ 1].left > 0)
    }

    /// Raises the flow of an arc by one along a residual cycle, where there is one.
    ///
    /// A breadth-first search: at most as many steps as there are arcs.
    fn raise(&mut self, arc: ArcIx) -> bool {
        let start = self.halves[arc.0 as usize].to;
        let goal = self.halves[arc.0 as usize ^ 1].to;
        if self.halves[arc.0 as usize].left == 0 {
            return false;
        }
        let mut came_by = vec![NONE; self.first.len()];
        let mut queue = VecDeque::from([start]);
        'search: while let Some(node) = queue.pop_front().filter(|_| start != goal) {
            for half in self.leaving(node) {
                let HalfArc { to, left, .. } = self.halves[half as usize];
                let usable = left > 0 && half ^ 1 != arc.0 && to != start;
                if usable && came_by[to as usize] == NONE {
                    came_by[to as usize] = half;
                    if to == goal {
                        break 'search;
                    }
                    queue.push_back(to);
                }
            }
        }
        if start != goal && came_by[goal as usize] == NONE {
            return false;
        }
        self.shift(arc.0, 1);
        let mut node = goal;
        while node != start {
            let half = came_by[node as usize];
            self.shift(half, 1);
            node = self.halves[half as usize ^ 1].to;
        }
        true
    }

    /// Takes an arc with its flow out of the residual network. The caller remembers the flow.
    fn freeze(&mut self, arc: ArcIx) {
        self.halves[arc.0 as usize].left = 0;
        self.halves[arc.0 as usize ^ 1].left = 0;
    }

    fn shift(&mut self, half: u32, amount: i64) {
        self.halves[half as usize].left -= amount;
        self.halves[half as usize ^ 1].left += amount;
    }

    fn leaving(&self, node: u32) -> impl Iterator<Item = u32> + '_ {
        let mut half = self.first[node as usize];
        std::iter::from_fn(move || {
            let here = half;
            if here == NONE {
                return None;
            }
            half = self.halves[here as usize].next;
            Some(here)
        })
    }

    fn search(&self, from: u32, open: impl Fn(u32) -> bool) -> Vec<bool> {
        let mut seen = vec![false; self.first.len()];
        seen[from as usize] = true;
        let mut stack = vec![from];
        while let Some(node) = stack.pop() {
            for half in self.leaving(node) {
                let to = self.halves[half as usize].to;
                if open(half) && !seen[to as usize] {
                    seen[to as usize] = true;
                    stack.push(to);
                }
            }
        }
        seen
    }
}

/// A network whose arcs have lower bounds too, without source or sink: what enters a node leaves it.
///
/// The lower bounds are sent first and a flow from a super-source to a super-sink evens out what they
/// leave unbalanced (Hoffman 1960).
#[derive(Clone, Debug)]
pub struct Circulation {
    network: FlowNetwork,
    excess: Vec<i64>,
    arcs: Vec<(ArcIx, i64)>,
    frozen: Vec<Option<i64>>,
}

impl Circulation {
    /// A circulation on `nodes` nodes without arcs.
    #[must_use]
    pub fn new(nodes: usize) -> Self {
        Self {
            network: FlowNetwork::new(nodes),
            excess: vec![0; nodes],
            arcs: Vec::new(),
            frozen: Vec::new(),
        }
    }

    /// Adds a node and returns it.
    pub fn add_node(&mut self) -> u32 {
        self.excess.push(0);
        self.network.add_node()
    }

    /// Adds an arc that carries at least `lower` and at most `upper`; returns its place.
    ///
    /// # Panics
    ///
    /// When an end is no node of the network.
    pub fn add_arc(&mut self, from: u32, to: u32, lower: i64, upper: i64) -> usize {
        let arc = self.network.add_arc(from, to, upper - lower);
        self.excess[from as usize] -= lower;
        self.excess[to as usize] += lower;
        self.arcs.push((arc, lower));
        self.frozen.push(None);
        self.arcs.len() - 1
    }

    /// Finds a flow within all bounds; `false` when there is none.
    pub fn balance(&mut self) -> bool {
        let source = self.network.add_node();
        let sink = self.network.add_node();
        let mut owed = 0;
        for (node, &excess) in self.excess.iter().enumerate() {
            if excess > 0 {
                owed += excess;
                self.network.add_arc(source, narrow(node), excess);
            } else if excess < 0 {
                self.network.add_arc(narrow(node), sink, -excess);
            }
        }
        self.network.maximise(source, sink) == owed
    }

    /// What flows along the arc at a place.
    #[must_use]
    pub fn flow(&self, place: usize) -> i64 {
        let (arc, lower) = self.arcs[place];
        lower + self.frozen[place].unwrap_or_else(|| self.network.flow(arc))
    }

    /// Raises the arc at a place by one unit, rerouting others, if the bounds allow it; then holds it.
    ///
    /// Called on arcs in an order of preference it gives the first of them all they can have.
    pub fn prefer(&mut self, place: usize) {
        let (arc, _) = self.arcs[place];
        self.network.raise(arc);
        self.frozen[place] = Some(self.network.flow(arc));
        self.network.freeze(arc);
    }
}

fn narrow(value: usize) -> u32 {
    u32::try_from(value).unwrap_or(NONE)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Random;

    /// The least cut by trying all sets of nodes on the source's side.
    fn least_cut(nodes: usize, arcs: &[(u32, u32, i64)], source: u32, sink: u32) -> i64 {
        (0_u32..1 << nodes)
            .filter(|side| side >> source & 1 == 1 && side >> sink & 1 == 0)
            .map(|side| {
                let cut = arcs.iter().filter(|a| side >> a.0 & 1 == 1 && side >> a.1 & 1 == 0);
                cut.map(|arc| arc.2).sum()
            })
            .min()
            .unwrap()
    }

    fn random_arcs(rng: &mut Random, nodes: usize) -> Vec<(u32, u32, i64)> {
        let nodes = u32::try_from(nodes).unwrap();
        let count = rng.below(3 * nodes);
        (0..count).map(|_| (rng.below(nodes), rng.below(nodes), rng.between(0, 8))).collect()
    }

    #[test]
    fn the_flow_is_the_least_cut() {
        let mut rng = Random::new(7);
        for _ in 0..3_000 {
            let nodes = 2 + rng.below(6) as usize;
            let arcs = random_arcs(&mut rng, nodes);
            let mut network = FlowNetwork::new(nodes);
            let ids: Vec<_> = arcs.iter().map(|&(u, v, c)| network.add_arc(u, v, c)).collect();
            let value = network.maximise(0, 1);
            assert_eq!(value, least_cut(nodes, &arcs, 0, 1));
            let mut balance = vec![0; nodes];
            for (&(u, v, capacity), &arc) in arcs.iter().zip(&ids) {
                let flow = network.flow(arc);
                assert!((0..=capacity).contains(&flow));
                balance[u as usize] -= flow;
                balance[v as usize] += flow;
            }
            assert_eq!((balance[0], balance[1]), (-value, value));
            assert!(balance[2..].iter().all(|&b| b == 0));
            let far = network.sink_side(1);
            let cut = arcs.iter().filter(|arc| !far[arc.0 as usize] && far[arc.1 as usize]);
            assert_eq!(cut.map(|arc| arc.2).sum::<i64>(), value);
        }
    }

    /// All assignments of flows within bounds, by counting through them.
    fn best_circulation(nodes: usize, arcs: &[(u32, u32, i64, i64)]) -> Option<Vec<i64>> {
        let mut flows: Vec<i64> = arcs.iter().map(|a| a.3).collect();
        loop {
            let mut balance = vec![0; nodes];
            for (arc, flow) in arcs.iter().zip(&flows) {
                balance[arc.0 as usize] -= flow;
                balance[arc.1 as usize] += flow;
            }
            if balance.iter().all(|&b| b == 0) {
                return Some(flows);
            }
            let place = (0..arcs.len()).rev().find(|&place| flows[place] > arcs[place].2)?;
            flows[place] -= 1;
            for later in place + 1..arcs.len() {
                flows[later] = arcs[later].3;
            }
        }
    }

    #[test]
    fn circulations_keep_their_bounds_and_prefer_the_first_arcs() {
        let mut rng = Random::new(11);
        for _ in 0..2_000 {
            let nodes = 2 + rng.below(3) as usize;
            let arcs: Vec<_> = random_arcs(&mut rng, nodes)
                .into_iter()
                .take(6)
                .map(|(u, v, c)| (u, v, c % 3, c % 3 + c % 2))
                .collect();
            let mut circulation = Circulation::new(nodes);
            for &(u, v, lower, upper) in &arcs {
                circulation.add_arc(u, v, lower, upper);
            }
            let best = best_circulation(nodes, &arcs);
            assert_eq!(circulation.balance(), best.is_some());
            if let Some(best) = best {
                for place in 0..arcs.len() {
                    circulation.prefer(place);
                }
                let flows: Vec<i64> = (0..arcs.len()).map(|p| circulation.flow(p)).collect();
                assert_eq!(flows, best);
            }
        }
    }
}
