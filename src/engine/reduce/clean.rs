//! Tests that look at the whole graph once: reach, distance, dangling parts, bridges.
//!
//! What for: to drop what no answer can use, and fix what every answer must use, in near-linear time.
//! In and out: a [`Work`]. Each test says for which goals it is valid; see [`super::Test`].

use super::history::NONE;
use super::work::Work;
use crate::engine::Goal;
use crate::engine::stop::Watch;
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// A distance no path has; twice it still fits.
const FAR: i64 = i64::MAX / 4;

/// Deletes what the root cannot reach, or, without a root, components without prize.
///
/// Valid always: a tree is connected, and a tree without prize is no better than none. `O(n + m)`.
pub(super) fn unreachable(work: &mut Work, watch: &Watch<'_>) {
    watch.spend(work.size() as u64);
    let mut component = vec![NONE; work.prizes.len()];
    let mut worth = Vec::new();
    for start in work.node_numbers() {
        if work.is_alive(start) && component[start as usize] == NONE {
            let name = u32::try_from(worth.len()).expect("fewer components than nodes");
            worth.push(explore(work, start, name, &mut component));
        }
    }
    let of_root = work.root.map(|root| component[root as usize]);
    for node in work.node_numbers() {
        let name = component[node as usize];
        let keep = || of_root.map_or_else(|| worth[name as usize] > 0, |root| root == name);
        if name != NONE && !keep() {
            work.delete_node(node);
        }
    }
}

/// Names the component of `start` and adds up its prizes.
fn explore(work: &Work, start: u32, name: u32, component: &mut [u32]) -> i64 {
    let mut open = vec![start];
    component[start as usize] = name;
    let mut prize = 0;
    while let Some(node) = open.pop() {
        prize += work.prizes[node as usize];
        for (_, to, _) in work.around(node) {
            if component[to as usize] == NONE {
                component[to as usize] = name;
                open.push(to);
            }
        }
    }
    prize
}

/// Cheapest cost from the nearest of `sources` to every node (`FAR` where there is no path), counting
/// every edge as `weigh` says; `None` if the watch says stop. `O(m log n)`.
fn distances(
    work: &Work,
    sources: impl Iterator<Item = u32>,
    weigh: impl Fn(i64) -> i64,
    watch: &Watch<'_>,
) -> Option<Vec<i64>> {
    let mut distance = vec![FAR; work.prizes.len()];
    let mut open = BinaryHeap::new();
    for source in sources {
        distance[source as usize] = 0;
        open.push(Reverse((0, source)));
    }
    while let Some(Reverse((far, node))) = open.pop() {
        if far > distance[node as usize] {
            continue;
        }
        if watch.over_in_loop() {
            return None;
        }
        watch.spend(u64::from(work.degree(node)));
        for (_, to, cost) in work.around(node) {
            let through = far + weigh(cost);
            if through < distance[to as usize] {
                distance[to as usize] = through;
                open.push(Reverse((through, to)));
            }
        }
    }
    Some(distance)
}

/// Deletes nodes and edges too far to be of use within the budget or the hop limit.
///
/// Valid for a rooted instance with a budget or a hop limit. An answer without useless leaves that holds
/// a node holds a path from the root over it to a node with prize or demand (maybe itself): the two
/// halves share no edge, so their least costs add up to no more than the cost of the answer, and their
/// hops to no more than the limit. The same for an edge in its better direction. `O(m log n)`.
pub(super) fn too_far(work: &mut Work, watch: &Watch<'_>) {
    let Some(root) = work.root else { return };
    if let Goal::MostPrize { budget } = work.goal {
        beyond(work, root, budget, |cost| cost, watch);
    }
    if let Some(hops) = work.max_hops {
        beyond(work, root, i64::from(hops), |_| 1, watch);
    }
}

fn beyond(work: &mut Work, root: u32, limit: i64, weigh: impl Fn(i64) -> i64, watch: &Watch<'_>) {
    let from_root = distances(work, std::iter::once(root), &weigh, watch);
    let worth = |&node: &u32| work.is_alive(node) && is_worth(work, node);
    let onward = distances(work, work.node_numbers().filter(worth), &weigh, watch);
    let (Some(from_root), Some(onward)) = (from_root, onward) else { return };
    for node in work.node_numbers() {
        let detour = from_root[node as usize] + onward[node as usize];
        if work.is_alive(node) && Some(node) != work.root && detour > limit {
            work.delete_node(node);
        }
    }
    for edge in work.edge_numbers() {
        if work.has_edge(edge) {
            let [u, v] = work.ends(edge).map(|end| end as usize);
            let least = (from_root[u] + onward[v]).min(from_root[v] + onward[u]);
            if least + weigh(work.edge_cost(edge)) > limit {
                work.delete_edge(edge);
            }
        }
    }
}

/// Whether a node can be a leaf of an answer without useless leaves.
fn is_worth(work: &Work, node: u32) -> bool {
    work.prizes[node as usize] > 0 || work.is_fixed(node)
}

/// Requires every node without which the quota cannot be met.
///
/// Valid for a quota: the prizes of all other nodes together fall short of it. `O(n)`.
pub(super) fn indispensable(work: &mut Work, watch: &Watch<'_>) {
    let Goal::LeastCost { at_least } = work.goal else { return };
    watch.spend(work.prizes.len() as u64);
    let total: i64 = work.prizes.iter().sum();
    if total < at_least {
        work.declare_impossible();
        return;
    }
    for node in work.node_numbers() {
        if work.is_alive(node) && total - work.prizes[node as usize] < at_least {
            work.require(node);
        }
    }
}

/// Contracts every free edge.
///
/// Valid without a hop limit: a tree that holds one end can hold the other for nothing, and of a cycle
/// that closes any edge can go. `O(m)` and the contractions.
pub(super) fn free_edges(work: &mut Work, watch: &Watch<'_>) {
    watch.spend(work.edge_numbers().len() as u64);
    for edge in work.edge_numbers() {
        if watch.over_in_loop() {
            break;
        }
        if work.has_edge(edge) && work.edge_cost(edge) == 0 {
            work.contract(edge);
        }
    }
}

/// One step of the depth-first search: what hangs below `top` by way of `child`.
struct Branch {
    top: u32,
    /// Nodes below, as a range of the preorder.
    below: std::ops::Range<usize>,
    /// The edge from `top`, if it is the only one between the two sides.
    bridge: Option<u32>,
}

/// Looks at every part that hangs on one node (an articulation).
///
/// - A part without prize and demand is deleted: what a tree holds of it can be dropped. Always valid.
/// - For least loss with a root also a part whose prizes are no more than its cheapest edge to the node:
///   a tree that enters it pays at least that edge, and dropping it loses no more.
/// - A part with a demand: the node is required; if the two sides meet in a single edge and there is no
///   hop limit, that edge is contracted, since every tree holds it. Always valid with a root.
///
/// `O(n + m)` and the contractions (Hopcroft and Tarjan 1973).
pub(super) fn hanging_parts(work: &mut Work, watch: &Watch<'_>) {
    watch.spend(2 * work.size() as u64);
    let mut order = Vec::with_capacity(work.prizes.len());
    let mut branches = Vec::new();
    let mut seen = ArticulationSearch::new(work.prizes.len());
    let starts: Vec<u32> = match work.root {
        Some(root) => vec![root],
        None => work.node_numbers().filter(|&node| work.prizes[node as usize] > 0).collect(),
    };
    for start in starts {
        if work.is_alive(start) && seen.entered[start as usize] == NONE {
            seen.search(work, start, &mut order, &mut branches);
        }
    }
    let mut prizes = vec![0_i64];
    let mut demands = vec![0_u32];
    for &node in &order {
        prizes.push(prizes[prizes.len() - 1] + work.prizes[node as usize]);
        demands.push(demands[demands.len() - 1] + u32::from(work.is_fixed(node)));
    }
    let mut bridges = Vec::new();
    let mut dropped = vec![false; order.len()];
    for branch in branches {
        if dropped[branch.below.start] || !work.is_alive(branch.top) {
            continue;
        }
        let prize = prizes[branch.below.end] - prizes[branch.below.start];
        if demands[branch.below.end] > demands[branch.below.start] {
            work.require(branch.top);
            bridges.extend(branch.bridge);
        } else if prize == 0 || is_poor(work, &branch, prize, &order, &seen.entered) {
            for at in branch.below {
                dropped[at] = true;
                work.delete_node(order[at]);
            }
        }
    }
    if work.max_hops.is_none() && work.root.is_some() {
        for edge in bridges {
            if work.has_edge(edge) {
                work.contract(edge);
            }
        }
    }
}

/// Whether the prizes of a part are no more than its cheapest edge from above.
fn is_poor(work: &Work, branch: &Branch, prize: i64, order: &[u32], entered: &[u32]) -> bool {
    if work.goal != Goal::LeastLoss || work.root.is_none() {
        return false;
    }
    let cost = |(_, _, cost): (u32, u32, i64)| cost;
    // Either side names the edges between; a hub with many small parts is not scanned for each.
    let cheapest = if branch.below.len() < work.degree(branch.top) as usize {
        let below = order[branch.below.clone()].iter();
        let up = |&(_, to, _): &(u32, u32, i64)| to == branch.top;
        below.flat_map(|&node| work.around(node).filter(up)).map(cost).min()
    } else {
        let down =
            |&(_, to, _): &(u32, u32, i64)| branch.below.contains(&(entered[to as usize] as usize));
        work.around(branch.top).filter(down).map(cost).min()
    };
    cheapest.is_some_and(|cheapest| prize <= cheapest)
}

/// A depth-first search for articulations: its state.
struct ArticulationSearch {
    /// Place in the preorder, or `NONE`.
    entered: Vec<u32>,
    /// The least place reached from a node's subtree by one edge back.
    low: Vec<u32>,
}

impl ArticulationSearch {
    fn new(nodes: usize) -> Self {
        Self { entered: vec![NONE; nodes], low: vec![NONE; nodes] }
    }

    /// Visits the component of `start`; a branch is reported once everything below it is.
    fn search(&mut self, work: &Work, start: u32, order: &mut Vec<u32>, found: &mut Vec<Branch>) {
        // Each entry: node, half that led to it, next half to look at.
        let mut path = vec![(start, NONE, work.first_half(start))];
        self.enter(start, order);
        while let Some((node, by, half)) = path.pop() {
            if half == NONE {
                if by != NONE {
                    self.leave(work, node, by, order.len(), found);
                }
                continue;
            }
            path.push((node, by, work.next_half(half)));
            let to = work.to(half);
            if self.entered[to as usize] == NONE {
                self.enter(to, order);
                path.push((to, half, work.first_half(to)));
            } else if by == NONE || half != by ^ 1 {
                let back = self.entered[to as usize];
                self.low[node as usize] = self.low[node as usize].min(back);
            }
        }
    }

    fn enter(&mut self, node: u32, order: &mut Vec<u32>) {
        let place = u32::try_from(order.len()).expect("fewer places than nodes");
        self.entered[node as usize] = place;
        self.low[node as usize] = place;
        order.push(node);
    }

    fn leave(&mut self, work: &Work, node: u32, by: u32, end: usize, found: &mut Vec<Branch>) {
        let top = work.to(by ^ 1);
        let (low, place) = (self.low[node as usize], self.entered[node as usize]);
        self.low[top as usize] = self.low[top as usize].min(low);
        if low >= self.entered[top as usize] {
            let bridge = (low == place).then_some(by / 2);
            found.push(Branch { top, below: place as usize..end, bridge });
        }
    }
}
