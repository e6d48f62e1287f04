//! Limited searches for bottleneck walks, the measure behind the distance tests.
//!
//! What for: "if this edge goes, how much does it cost at most to join its two sides again?" In: a
//! [`Work`], two or more nodes, a bound. Out: the length of a walk, where one within the bound was found.
//! It changes nothing and proves nothing about walks it did not find.

use super::history::NONE;
use super::work::Work;
use crate::engine::Goal;
use crate::engine::stop::Watch;
use crate::graph::Heap;

/// More than any prize or cost.
const PLENTY: i64 = i64::MAX / 4;

/// Finds prize-constrained walks (Leitner, Ljubić, Luipersbeck, Sinnl 2018; Rehfeldt, Koch 2019).
///
/// The length of a walk is the most that any stretch of it costs, less the prizes met inside the stretch.
/// A fixed node ends every stretch. Prizes count for least loss only; elsewhere they are taken as zero.
/// No node with a prize is passed twice.
///
/// Why it matters: let `a` and `b` be joined by a walk of length `l`, and let a forest hold both in two
/// different trees and all fixed nodes. Then some stretch of the walk joins two different trees and meets
/// no other node of the forest inside: it costs at most `l` more than the prizes it newly collects (for
/// goals other than least loss: at most `l`, and collects what it meets).
pub(super) struct Walks {
    /// Where the row of each node starts.
    starts: Vec<u32>,
    /// Cost, neighbour and edge, cheapest first in each row. May name edges that are gone or changed.
    rows: Vec<(i64, u32, u32)>,
    labels: Vec<Label>,
    now: u32,
    open: Heap,
    /// Edges looked at in all searches.
    pub scans: u64,
}

/// What is known of a node.
#[derive(Clone, Copy, Debug, Default)]
struct Label {
    /// The least cost of a walk's last stretch, where `stamp` is the search.
    last: i64,
    /// The length of that walk.
    length: i64,
    stamp: u32,
    /// The search in which it was last passed, if it has a prize.
    passed: u32,
}

/// What a search may not use, and how far it may go.
#[derive(Clone, Copy, Debug)]
pub(super) struct Limits {
    /// No walk longer than this.
    pub bound: i64,
    /// An edge to leave out, or `NONE`.
    pub edge: u32,
    /// A node to leave out, or `NONE`.
    pub node: u32,
    /// Edges to look at.
    pub scans: u32,
}

/// A node near another, with the last stretch and the length of a walk to it.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Ord, PartialOrd)]
pub(super) struct Settled {
    pub node: u32,
    pub last: i64,
    pub length: i64,
}

impl Walks {
    /// Prepares for the graph as it is; edges added later are not seen. `O(n + m log m)`.
    pub fn new(work: &Work, watch: &Watch<'_>) -> Self {
        watch.spend(2 * work.living_edges() as u64);
        let nodes = work.prizes.len();
        let mut starts = Vec::with_capacity(nodes + 1);
        let mut rows = Vec::new();
        for node in work.node_numbers() {
            let start = rows.len();
            starts.push(u32::try_from(start).expect("half edges have 32-bit numbers"));
            rows.extend(work.around(node).map(|(edge, to, cost)| (cost, to, edge)));
            rows[start..].sort_unstable();
        }
        starts.push(u32::try_from(rows.len()).expect("half edges have 32-bit numbers"));
        Self {
            starts,
            rows,
            labels: vec![Label::default(); nodes],
            now: 0,
            open: Heap::default(),
            scans: 0,
        }
    }

    /// The edges a node had when the search was prepared, cheapest first; some may be gone.
    pub fn row(&self, node: u32) -> &[(i64, u32, u32)] {
        let range = self.starts[node as usize]..self.starts[node as usize + 1];
        &self.rows[range.start as usize..range.end as usize]
    }

    /// For each target the length of a walk from `from` within the limits, if one was found.
    pub fn lengths<const N: usize>(
        &mut self,
        work: &Work,
        from: u32,
        targets: [u32; N],
        limits: Limits,
    ) -> [Option<i64>; N] {
        self.now += 1;
        self.open.clear();
        let mut found = [None; N];
        let mut missing = N;
        let mut left = limits.scans;
        self.label(from, 0, 0);
        while let Some((last, node)) = self.open.pop() {
            if last > self.labels[node as usize].last {
                continue;
            }
            if let Some(at) = targets.iter().position(|&target| target == node)
                && found[at].is_none()
            {
                found[at] = Some(self.labels[node as usize].length);
                missing -= 1;
                if missing == 0 {
                    break;
                }
            }
            if let Some(spare) = self.spare(work, from, node, last) {
                left = self.step(work, node, spare, limits, left);
                if left == 0 {
                    break;
                }
            }
        }
        self.scans += u64::from(limits.scans - left);
        found
    }

    /// The nearest nodes with the last stretch and length of a walk to each, sorted by node. Only fixed
    /// nodes end a stretch; prizes count for nothing on the way.
    pub fn ball(&mut self, work: &Work, from: u32, most: usize) -> Vec<Settled> {
        self.now += 1;
        self.open.clear();
        self.label(from, 0, 0);
        let limits = Limits { bound: i64::MAX / 4, edge: NONE, node: NONE, scans: u32::MAX };
        let few = u32::try_from(2 * most).unwrap_or(u32::MAX);
        let scans = if work.goal == Goal::LeastLoss { few } else { u32::MAX };
        let mut ball = Vec::with_capacity(most);
        while let Some((last, node)) = self.open.pop() {
            if last > self.labels[node as usize].last
                || self.labels[node as usize].passed == self.now
            {
                continue;
            }
            self.labels[node as usize].passed = self.now;
            ball.push(Settled { node, last, length: self.labels[node as usize].length });
            if ball.len() == most {
                break;
            }
            let spare = if work.is_fixed(node) { 0 } else { last };
            // What a dearer edge leads to comes after the ball is full.
            self.scans += u64::from(scans - self.step(work, node, spare, limits, scans));
        }
        ball.sort_unstable();
        ball
    }

    /// What the next stretch carries on from `node`; `None` if the node may not be passed again.
    fn spare(&mut self, work: &Work, from: u32, node: u32, last: i64) -> Option<i64> {
        if node == from || work.is_fixed(node) {
            return Some(0);
        }
        let prize = if work.goal == Goal::LeastLoss { work.prizes[node as usize] } else { 0 };
        if prize > 0 {
            if self.labels[node as usize].passed == self.now {
                return None;
            }
            self.labels[node as usize].passed = self.now;
        }
        Some((last - prize).max(0))
    }

    /// Looks at the edges of `node`; returns how many more may be looked at.
    fn step(&mut self, work: &Work, node: u32, spare: i64, limits: Limits, left: u32) -> u32 {
        let mut left = left;
        let length = self.labels[node as usize].length;
        let (start, end) = (self.starts[node as usize], self.starts[node as usize + 1]);
        for at in start as usize..end as usize {
            let (cost, to, edge) = self.rows[at];
            let last = spare + cost;
            if left == 0 || last > limits.bound {
                break;
            }
            left -= 1;
            let label = self.labels[to as usize];
            let known = label.stamp == self.now && label.last <= last;
            let barred = edge == limits.edge || to == limits.node;
            if !known && !barred && work.joins(edge, node, to, cost) {
                self.label(to, last, length.max(last));
            }
        }
        left
    }

    fn label(&mut self, node: u32, last: i64, length: i64) {
        let label = &mut self.labels[node as usize];
        (label.last, label.length, label.stamp) = (last, length, self.now);
        self.open.push(last, node);
    }
}

impl Limits {
    /// What a prize may be worth at most, for a node every answer holds.
    pub fn worth(work: &Work, node: u32) -> i64 {
        match (work.is_fixed(node), work.goal) {
            (true, _) => PLENTY,
            (false, Goal::LeastLoss) => work.prizes[node as usize],
            (false, _) => 0,
        }
    }
}
