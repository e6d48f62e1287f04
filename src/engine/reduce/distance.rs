//! Tests that compare what is there with the cheapest way around it.
//!
//! What for: dense or prize-rich graphs, where degrees alone say little. In and out: a [`Work`]. All are
//! valid without a hop limit only. The searches are limited, so a test may miss what it could find.

use super::history::NONE;
use super::walks::{Limits, Settled, Walks};
use super::work::Work;
use crate::engine::Goal;
use crate::engine::stop::Watch;
use std::cmp::Reverse;

/// Edges looked at for one edge or one pair of neighbours.
const SCANS: u32 = 300;

/// Nodes of higher degree are not passed over.
const MOST_NEIGHBOURS: usize = 4;

/// Deletes edges that a walk no longer than the edge can replace.
///
/// Valid for every goal without a hop limit. If a tree holds the edge, it falls in two without it; a
/// stretch of the walk joins the two again (see [`Walks`]) for no more than the edge cost, net of prizes
/// for least loss, and otherwise in plain cost, while no node is lost. `O(m log m)` with limited searches
/// (special distance test of Duin and Volgenant 1989; with prizes Uchoa 2006, Rehfeldt and Koch 2019).
pub(super) fn replaceable_edges(work: &mut Work, watch: &Watch<'_>) {
    let mut walks = Walks::new(work, watch);
    let mut edges: Vec<u32> = work.edge_numbers().filter(|&edge| work.has_edge(edge)).collect();
    edges.sort_by_key(|&edge| Reverse(work.edge_cost(edge)));
    for edge in edges {
        if watch.over_in_loop() {
            break;
        }
        let [u, v] = work.ends(edge);
        let (from, to) = if work.degree(u) <= work.degree(v) { (u, v) } else { (v, u) };
        let bound = work.edge_cost(edge);
        if !has_other_way_in(work, &walks, to, edge, bound) {
            continue;
        }
        let limits = Limits { bound, edge, node: NONE, scans: SCANS };
        if let [Some(_)] = walks.lengths(work, from, [to], limits) {
            work.delete_edge(edge);
        }
        watch.spend(std::mem::take(&mut walks.scans));
    }
}

/// Whether the node has another edge that costs no more than `bound`.
fn has_other_way_in(work: &Work, walks: &Walks, node: u32, edge: u32, bound: i64) -> bool {
    let cheap = walks.row(node).iter().take_while(|&&(cost, _, _)| cost <= bound);
    cheap.filter(|&&(_, _, other)| other != edge).any(|&(_, _, other)| work.has_edge(other))
}

/// Merges a terminal with its nearest neighbour where some best tree that holds either holds their edge.
///
/// A terminal `t` is a fixed node or, for least loss, a node with a prize. Let `e` (cost `c`) be its
/// cheapest edge, to `v`, and `d` the cost of its second. Let `z` be another terminal at distance `l` from
/// `v`, and write `p` for prizes (without limit for fixed nodes). The edge is contracted if `p(t) >= c`
/// and `c + l - p(v) <= min(d, p(z))`. For goals other than least loss `t` and `z` must be fixed, and
/// `p(v)` counts as zero unless `v` is fixed. Valid without a hop limit:
/// - a tree with `v` but not `t` gains (or loses nothing) by adding `e`;
/// - a tree with both but not `e` holds a path from `t` to `v` whose first edge costs at least `c`: swap;
/// - a tree with `t` but not `v`: with `z`, it holds a path from `t` to `z` whose first edge costs at least
///   `d`: replace that edge by `e` and the path from `v` to `z`; without `z`, add both.
///
/// (Nearest vertex and terminal merging tests: Duin and Volgenant 1989; Uchoa 2006.) `O(m)` searches.
pub(super) fn near_terminals(work: &mut Work, watch: &Watch<'_>) {
    let terminals = work.node_numbers().filter(|&node| is_terminal(work, node));
    let terminals: Vec<u32> = terminals.collect();
    let mut walks = Nearby::new(work);
    for terminal in terminals {
        // Merging may make the next merging possible; a node that vanished has been merged already.
        let mut at = terminal;
        while work.is_alive(at)
            && !watch.over_in_loop()
            && let Some(edge) = walks.mergeable(work, at)
        {
            at = work.contract(edge);
        }
        watch.spend(std::mem::take(&mut walks.scans));
    }
}

fn is_terminal(work: &Work, node: u32) -> bool {
    work.is_alive(node) && Limits::worth(work, node) > 0
}

/// Searches around a node in the living graph.
struct Nearby {
    distance: Vec<i64>,
    stamp: Vec<u32>,
    now: u32,
    open: std::collections::BinaryHeap<Reverse<(i64, u32)>>,
    /// Edges looked at.
    scans: u64,
}

impl Nearby {
    fn new(work: &Work) -> Self {
        let nodes = work.prizes.len();
        Self {
            distance: vec![0; nodes],
            stamp: vec![0; nodes],
            now: 0,
            open: std::collections::BinaryHeap::new(),
            scans: 0,
        }
    }

    /// The cheapest edge of the terminal, if it can be contracted.
    fn mergeable(&mut self, work: &Work, terminal: u32) -> Option<u32> {
        let (mut first, mut second) = ((i64::MAX, NONE, NONE), i64::MAX);
        self.scans += u64::from(work.degree(terminal));
        for (edge, to, cost) in work.around(terminal) {
            if cost < first.0 {
                second = first.0;
                first = (cost, edge, to);
            } else {
                second = second.min(cost);
            }
        }
        let (cost, edge, to) = first;
        if edge == NONE {
            return None;
        }
        let near = Limits::worth(work, to);
        let contractible = Limits::worth(work, terminal) >= cost
            && (near >= cost || self.reaches_terminal(work, terminal, to, cost - near, second));
        contractible.then_some(edge)
    }

    /// Whether a terminal other than `terminal` and `start` is so near to `start` that `paid` and the
    /// distance together are no more than `most` and its worth.
    fn reaches_terminal(
        &mut self,
        work: &Work,
        terminal: u32,
        start: u32,
        paid: i64,
        most: i64,
    ) -> bool {
        self.now += 1;
        self.open.clear();
        self.label(start, 0);
        let mut left = SCANS;
        while let Some(Reverse((distance, node))) = self.open.pop() {
            if distance > self.distance[node as usize] {
                continue;
            }
            if node != start && paid + distance <= Limits::worth(work, node) {
                return true;
            }
            for (_, to, cost) in work.around(node) {
                if left == 0 {
                    return false;
                }
                left -= 1;
                self.scans += 1;
                let far = distance + cost;
                let known =
                    self.stamp[to as usize] == self.now && self.distance[to as usize] <= far;
                if to != terminal && !known && paid + far <= most {
                    self.label(to, far);
                }
            }
        }
        false
    }

    fn label(&mut self, node: u32, distance: i64) {
        self.stamp[node as usize] = self.now;
        self.distance[node as usize] = distance;
        self.open.push(Reverse((distance, node)));
    }
}

/// Passes over nodes of degree three and four that a best tree need not hold as a fork.
///
/// Let `v` be optional with a prize `p` (zero unless the goal is least loss) of at most its cheapest edge.
/// If for every three or more of its edges the ends can be joined, avoiding `v`, by walks that together
/// cost no more than these edges less `p`, then some best tree holds `v` with two edges or not at all, and
/// each pair of its edges becomes one edge at their sum less `p`; pairs that a walk can replace are left
/// out. Valid without a hop limit: the joining walks are used cheapest first, each merges two of the
/// parts that `v` leaves behind, and no other node is lost. Two new edges in one tree share an edge worth
/// at least `p`, so the tree restored costs no more. (Duin and Volgenant 1989, bottleneck degree test;
/// with prizes Rehfeldt and Koch 2019.)
pub(super) fn needless_forks(work: &mut Work, watch: &Watch<'_>) {
    let mut walks = Walks::new(work, watch);
    for node in work.node_numbers() {
        if watch.over_in_loop() {
            break;
        }
        let degree = work.degree(node) as usize;
        if (3..=MOST_NEIGHBOURS).contains(&degree) && work.is_alive(node) && !work.is_fixed(node) {
            let prize = work.prizes[node as usize];
            let cheapest = work.around(node).map(|(_, _, cost)| cost).min().unwrap_or(0);
            if prize == 0 || (work.goal == Goal::LeastLoss && prize <= cheapest) {
                fork(work, &mut walks, node, prize);
            }
        }
        watch.spend(std::mem::take(&mut walks.scans));
    }
}

/// Lengths of the walks between the neighbours of one node.
type Table = [[Option<i64>; MOST_NEIGHBOURS]; MOST_NEIGHBOURS];

fn fork(work: &mut Work, walks: &mut Walks, node: u32, prize: i64) {
    let around: Vec<(u32, u32, i64)> = work.around(node).collect();
    let total: i64 = around.iter().map(|&(_, _, cost)| cost).sum();
    let mut table: Table = [[None; MOST_NEIGHBOURS]; MOST_NEIGHBOURS];
    for (i, &(_, from, _)) in around.iter().enumerate() {
        let mut targets = [NONE; MOST_NEIGHBOURS];
        for (j, &(_, to, _)) in around.iter().enumerate().skip(i + 1) {
            targets[j] = to;
        }
        let limits = Limits { bound: total - prize, edge: NONE, node, scans: 2 * SCANS };
        let lengths = walks.lengths(work, from, targets, limits);
        for j in i + 1..around.len() {
            table[i][j] = lengths[j];
            table[j][i] = lengths[j];
        }
    }
    let sets = (1_usize..1 << around.len()).filter(|set| set.count_ones() >= 3);
    let mut needless = true;
    for set in sets {
        let members: Vec<usize> = (0..around.len()).filter(|at| set >> at & 1 == 1).collect();
        let star: i64 = members.iter().map(|&at| around[at].2).sum();
        needless &= joining_cost(&table, &members).is_some_and(|cost| cost <= star - prize);
    }
    if needless {
        pass_over(work, node, &around, &table, prize);
    }
}

/// Cost of the cheapest spanning tree on the members (Prim).
fn joining_cost(table: &Table, members: &[usize]) -> Option<i64> {
    let mut outside = members[1..].to_vec();
    let mut inside = vec![members[0]];
    let mut cost = 0;
    while !outside.is_empty() {
        let pairs = inside.iter().flat_map(|&from| outside.iter().map(move |&to| (from, to)));
        let known = pairs.filter_map(|(from, to)| table[from][to].map(|length| (length, to)));
        let (length, to) = known.min()?;
        cost += length;
        outside.retain(|&other| other != to);
        inside.push(to);
    }
    Some(cost)
}

fn pass_over(work: &mut Work, node: u32, around: &[(u32, u32, i64)], table: &Table, prize: i64) {
    let mut pairs = Vec::new();
    for (i, &(one, _, to_one)) in around.iter().enumerate() {
        for (j, &(two, _, to_two)) in around.iter().enumerate().skip(i + 1) {
            if table[i][j].is_none_or(|length| length > to_one + to_two - prize) {
                pairs.push([one, two]);
            }
        }
    }
    // More edges than before would be no reduction.
    if pairs.len() <= around.len() {
        work.pass_over(node, &pairs);
    }
}

/// Nodes settled around each node for [`long_edges`].
const BALL: usize = 64;

/// Average degree from which a graph counts as dense.
const DENSE: usize = 8;

/// Deletes edges dearer than a walk that the surroundings of both ends make up together.
///
/// The same argument as for [`replaceable_edges`], and valid as that; a cheaper search for dense graphs,
/// where it runs first. Both halves of the walk are shorter than the edge and so hold cheaper edges only:
/// all edges found can go at once, for dearest first no walk loses an edge before it is used. Optional prizes count where the two
/// halves meet, and only for least loss, so none counts twice. `O(n (BALL d log n) + m BALL)`.
pub(super) fn long_edges(work: &mut Work, watch: &Watch<'_>) {
    let nodes = work.living_nodes();
    if work.living_edges() < nodes * DENSE / 2 {
        return;
    }
    let mut walks = Walks::new(work, watch);
    let mut balls: Vec<Vec<Settled>> = Vec::with_capacity(work.prizes.len());
    for node in work.node_numbers() {
        if watch.over_in_loop() {
            return;
        }
        watch.spend(std::mem::take(&mut walks.scans));
        balls.push(if work.is_alive(node) { walks.ball(work, node, BALL) } else { Vec::new() });
    }
    watch.spend(BALL as u64 * work.living_edges() as u64);
    for edge in work.edge_numbers() {
        if work.has_edge(edge) {
            let [one, two] = work.ends(edge).map(|end| &balls[end as usize]);
            if meet_below(work, one, two, work.edge_cost(edge)) {
                work.delete_edge(edge);
            }
        }
    }
}

/// Whether two halves shorter than `bound` meet in a walk no longer than it. Balls are sorted by node.
fn meet_below(work: &Work, one: &[Settled], two: &[Settled], bound: i64) -> bool {
    let (mut i, mut j) = (0, 0);
    while i < one.len() && j < two.len() {
        let (near_one, near_two) = (one[i], two[j]);
        let (u, v) = (near_one.node, near_two.node);
        if u == v {
            let joint = near_one.last + near_two.last - Limits::worth(work, u);
            if joint <= bound && near_one.length.max(near_two.length) < bound {
                return true;
            }
        }
        i += usize::from(u <= v);
        j += usize::from(v <= u);
    }
    false
}
