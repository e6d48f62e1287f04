//! Local search on a tree within the hop limit: the same terminals for less.
//!
//! In: a tree. Out: the tree with paths exchanged, nodes put in and nodes re-hung while that saves cost.
//! Every move keeps all terminals and the hop limit (the moves of Uchoa and Werneck 2010, with depths).

use super::tree::{HopTree, NOT_HELD, Step};
use crate::engine::rooted::Rooted;

/// Exchanges paths, puts nodes in and re-hangs nodes until nothing saves cost, or for `passes` passes.
pub(super) fn improve(tree: &mut HopTree, base: &Rooted, hops: u32, passes: u32, scans: &mut u64) {
    tree.rehang(base, hops, scans);
    for _ in 0..passes {
        let before = tree.cost(base);
        Paths::new(base).exchange(tree, hops, scans);
        put_in(tree, base, hops, scans);
        tree.rehang(base, hops, scans);
        if tree.cost(base) >= before {
            break;
        }
    }
}

/// A neighbour of a node, and the edge to it.
#[derive(Clone, Copy)]
struct Beside {
    node: u32,
    edge: u32,
}

impl Beside {
    const NONE: Self = Self { node: u32::MAX, edge: u32::MAX };
}

/// Working memory of path exchange: labels of a search from one node outward.
struct Paths<'a> {
    base: &'a Rooted,
    cost: Vec<i64>,
    /// By node: the node it was reached from, on the side of the search's start.
    from: Vec<Beside>,
    touched: Vec<u32>,
}

/// The path that leads up from a node to the next one that must stay.
struct KeyPath {
    inner: Vec<u32>,
    cost: i64,
}

impl<'a> Paths<'a> {
    fn new(base: &'a Rooted) -> Self {
        let nodes = base.nodes();
        Self {
            base,
            cost: vec![i64::MAX; nodes],
            from: vec![Beside::NONE; nodes],
            touched: Vec::new(),
        }
    }

    /// For each key node, looks for a cheaper path to the rest of the tree, and takes it.
    fn exchange(&mut self, tree: &mut HopTree, hops: u32, scans: &mut u64) {
        let mut height = tree.heights();
        let mut children = tree.children();
        for node in tree.held().to_vec() {
            let is_key =
                tree.holds(node) && (self.base.is_terminal(node) || children[node as usize] > 1);
            if node == self.base.root || !is_key {
                continue;
            }
            let path = self.key_path(tree, &children, node);
            let found = self.cheaper(tree, hops, &height, node, &path, scans);
            for touched in self.touched.drain(..) {
                self.cost[touched as usize] = i64::MAX;
            }
            if let Some(steps) = found {
                tree.let_go(&path.inner);
                tree.hang(&steps);
                height = tree.heights();
                children = tree.children();
            }
        }
    }

    fn key_path(&self, tree: &HopTree, children: &[u32], node: u32) -> KeyPath {
        let mut inner = Vec::new();
        let (mut at, mut edge) = tree.hangs_by(node);
        let mut cost = self.base.cost[edge as usize];
        while at != self.base.root && children[at as usize] == 1 && !self.base.is_terminal(at) {
            inner.push(at);
            (at, edge) = tree.hangs_by(at);
            cost += self.base.cost[edge as usize];
        }
        KeyPath { inner, cost }
    }

    /// A path cheaper than the one given, from `node` up to what stays of the tree. Goes outward one hop
    /// at a time; a longer way to a node is kept only where it is cheaper.
    fn cheaper(
        &mut self,
        tree: &HopTree,
        hops: u32,
        height: &[u32],
        node: u32,
        path: &KeyPath,
        scans: &mut u64,
    ) -> Option<Vec<Step>> {
        let room = hops - height[node as usize];
        self.label(node, 0, Beside::NONE);
        let mut ring = vec![(node, 0)];
        let mut best: Option<(i64, u32)> = None;
        for hop in 1..=room {
            let mut next = Vec::new();
            for (at, cost) in std::mem::take(&mut ring) {
                if cost > self.cost[at as usize] {
                    continue;
                }
                *scans += self.base.rows.degree(at) as u64;
                for place in self.base.rows.row(at) {
                    let to = self.base.rows.neighbour(place);
                    let edge = self.base.rows.edge(place);
                    let through = cost + self.base.cost[edge as usize];
                    let limit = best.map_or(path.cost, |(cost, _)| cost);
                    if through >= limit || through >= self.cost[to as usize] {
                        continue;
                    }
                    if tree.depth(to) == NOT_HELD || path.inner.contains(&to) {
                        self.label(to, through, Beside { node: at, edge });
                        next.push((to, through));
                    } else if tree.depth(to) + hop <= room && !tree.stands_under(to, node) {
                        self.label(to, through, Beside { node: at, edge });
                        best = Some((through, to));
                    }
                }
            }
            if next.is_empty() {
                break;
            }
            ring = next;
        }
        best.and_then(|(_, end)| self.steps(tree, room, node, end))
    }

    fn label(&mut self, node: u32, cost: i64, from: Beside) {
        if self.cost[node as usize] == i64::MAX {
            self.touched.push(node);
        }
        self.cost[node as usize] = cost;
        self.from[node as usize] = from;
    }

    /// The steps from `end`, which stays, down to `node`. A node on the way may have been reached anew,
    /// cheaper but by more hops, since the path was found; then there is none.
    fn steps(&self, tree: &HopTree, room: u32, node: u32, end: u32) -> Option<Vec<Step>> {
        let mut steps = Vec::new();
        let mut parent = end;
        while parent != node {
            let Beside { node: child, edge } = self.from[parent as usize];
            steps.push(Step { node: child, parent, edge });
            parent = child;
        }
        let length = u32::try_from(steps.len()).ok()?;
        (tree.depth(end) + length <= room).then_some(steps)
    }
}

/// Puts in nodes from which others hang for less than from where they hang now.
fn put_in(tree: &mut HopTree, base: &Rooted, hops: u32, scans: &mut u64) {
    let mut height = tree.heights();
    for node in base.all_nodes() {
        if tree.holds(node) {
            continue;
        }
        let row = base.rows.row(node);
        *scans += row.len() as u64;
        let held: Vec<Beside> = row
            .map(|place| Beside { node: base.rows.neighbour(place), edge: base.rows.edge(place) })
            .filter(|beside| tree.holds(beside.node))
            .collect();
        if held.len() < 3 {
            continue;
        }
        let mut best: Option<(i64, Vec<Step>)> = None;
        for &parent in &held {
            let (gain, steps) = gain_under(tree, base, hops, &height, node, parent, &held);
            if gain > best.as_ref().map_or(0, |&(gain, _)| gain) {
                best = Some((gain, steps));
            }
        }
        if let Some((_, steps)) = best {
            tree.hang(&steps);
            height = tree.heights();
        }
    }
}

/// What putting `node` in under a parent saves, and the steps that do it.
fn gain_under(
    tree: &HopTree,
    base: &Rooted,
    hops: u32,
    height: &[u32],
    node: u32,
    parent: Beside,
    held: &[Beside],
) -> (i64, Vec<Step>) {
    let Beside { node: parent, edge } = parent;
    let depth = tree.depth(parent) + 1;
    let mut gain = -base.cost[edge as usize];
    let mut steps = vec![Step { node, parent, edge }];
    for &Beside { node: child, edge } in held {
        if child == base.root || child == parent || steps.iter().any(|step| step.node == child) {
            continue;
        }
        let (_, now) = tree.hangs_by(child);
        let saves = base.cost[now as usize] - base.cost[edge as usize];
        let fits = depth + 1 + height[child as usize] <= hops;
        if saves > 0 && fits && !tree.stands_under(parent, child) {
            gain += saves;
            steps.push(Step { node: child, parent: node, edge });
        }
    }
    (gain, steps)
}
