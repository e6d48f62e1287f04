//! A tree with depths: grown, re-hung and trimmed without ever breaking the hop limit.
//!
//! What for: every plan of a problem with a hop limit. In: a base problem and the most hops. Out: a
//! [`HopTree`] whose nodes all stand within the limit. It knows no layers and no duals.

use crate::engine::Goal;
use crate::engine::heuristic::Oriented;
use crate::engine::rooted::{Rooted, Tree};

/// The depth of a node that is not held.
pub(crate) const NOT_HELD: u32 = u32::MAX;

/// One step of a path: `node` hangs from `parent` by `edge`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Step {
    pub node: u32,
    pub parent: u32,
    pub edge: u32,
}

/// A tree on the nodes of a base problem, rooted at its root.
#[derive(Clone, Debug)]
pub(crate) struct HopTree {
    root: u32,
    parent: Vec<u32>,
    edge: Vec<u32>,
    depth: Vec<u32>,
    /// Nodes held, root first, otherwise in the order in which they came.
    held: Vec<u32>,
}

impl HopTree {
    /// The tree of the root alone.
    pub fn new(base: &Rooted) -> Self {
        let nodes = base.nodes();
        let mut depth = vec![NOT_HELD; nodes];
        depth[base.root as usize] = 0;
        Self {
            root: base.root,
            parent: vec![u32::MAX; nodes],
            edge: vec![u32::MAX; nodes],
            depth,
            held: vec![base.root],
        }
    }

    /// The tree of the given edges.
    pub fn of_edges(base: &Rooted, edges: &[u32]) -> Self {
        let oriented = Oriented::new(base, edges);
        let mut tree = Self::new(base);
        for place in 1..oriented.nodes.len() {
            let node = oriented.nodes[place];
            let parent = oriented.nodes[oriented.parent[place]];
            tree.parent[node as usize] = parent;
            tree.edge[node as usize] = oriented.edge[place];
            tree.depth[node as usize] = tree.depth[parent as usize] + 1;
            tree.held.push(node);
        }
        tree
    }

    /// The nodes held.
    pub fn held(&self) -> &[u32] {
        &self.held
    }

    /// Whether a node is held.
    pub fn holds(&self, node: u32) -> bool {
        self.depth[node as usize] != NOT_HELD
    }

    /// The number of edges from the root, or [`NOT_HELD`].
    pub fn depth(&self, node: u32) -> u32 {
        self.depth[node as usize]
    }

    /// The edges, as a tree of the base problem.
    pub fn tree(&self, base: &Rooted) -> Tree {
        let edges = self.held[1..].iter().map(|&node| self.edge[node as usize]).collect();
        base.tree(edges)
    }

    /// The sum of its edges' costs.
    pub fn cost(&self, base: &Rooted) -> i64 {
        self.held[1..].iter().map(|&node| base.cost[self.edge[node as usize] as usize]).sum()
    }

    /// Hangs each step's node from its parent, taking nodes already held along with all that hangs
    /// from them, and tells which nodes came or rose. No step may hang a node deeper than it stands.
    pub fn hang(&mut self, steps: &[Step]) -> Vec<u32> {
        let before = self.held.len();
        for step in steps {
            if !self.holds(step.node) && !self.held[before..].contains(&step.node) {
                self.held.push(step.node);
            }
            self.parent[step.node as usize] = step.parent;
            self.edge[step.node as usize] = step.edge;
        }
        self.measure()
    }

    /// Works out all depths afresh; returns the nodes whose depth changed.
    fn measure(&mut self) -> Vec<u32> {
        let mut changed = Vec::new();
        let mut known = vec![false; self.depth.len()];
        known[self.root as usize] = true;
        let mut path = Vec::new();
        for &node in &self.held {
            let mut at = node;
            while !known[at as usize] {
                known[at as usize] = true;
                path.push(at);
                at = self.parent[at as usize];
            }
            let mut depth = self.depth[at as usize];
            while let Some(node) = path.pop() {
                depth += 1;
                if self.depth[node as usize] != depth {
                    self.depth[node as usize] = depth;
                    changed.push(node);
                }
            }
        }
        changed
    }

    /// How many edges the longest path down from each node has.
    pub fn heights(&self) -> Vec<u32> {
        let mut by_depth: Vec<u32> = self.held.clone();
        by_depth.sort_by_key(|&node| std::cmp::Reverse(self.depth(node)));
        let mut height = vec![0; self.depth.len()];
        for node in by_depth {
            if node != self.root {
                let parent = self.parent[node as usize] as usize;
                height[parent] = height[parent].max(height[node as usize] + 1);
            }
        }
        height
    }

    /// Whether `above` is `node` or stands on its path to the root.
    pub fn stands_under(&self, node: u32, above: u32) -> bool {
        let mut at = node;
        while at != self.root {
            if at == above {
                return true;
            }
            at = self.parent[at as usize];
        }
        above == self.root
    }

    /// By node: how many held nodes hang from it directly.
    pub fn children(&self) -> Vec<u32> {
        let mut children = vec![0; self.depth.len()];
        for &node in &self.held[1..] {
            children[self.parent[node as usize] as usize] += 1;
        }
        children
    }

    /// The parent of a held node other than the root, and the edge to it.
    pub fn hangs_by(&self, node: u32) -> (u32, u32) {
        (self.parent[node as usize], self.edge[node as usize])
    }

    /// Lets go of nodes from which nothing will hang any more.
    pub fn let_go(&mut self, nodes: &[u32]) {
        for &node in nodes {
            self.depth[node as usize] = NOT_HELD;
        }
        let depth = &self.depth;
        self.held.retain(|&node| depth[node as usize] != NOT_HELD);
    }

    /// The tree without what hangs from the given nodes, these too.
    pub fn without_branches(&self, base: &Rooted, cut: &[u32]) -> Self {
        let mut by_depth = self.held[1..].to_vec();
        by_depth.sort_by_key(|&node| self.depth(node));
        let mut gone = vec![false; self.depth.len()];
        for &node in cut {
            gone[node as usize] = true;
        }
        let mut edges = Vec::new();
        for node in by_depth {
            let (parent, edge) = self.hangs_by(node);
            gone[node as usize] |= gone[parent as usize];
            if !gone[node as usize] {
                edges.push(edge);
            }
        }
        Self::of_edges(base, &edges)
    }

    /// Hangs nodes from cheaper parents while that saves cost and keeps to the limit: what a least
    /// spanning tree does where there is no limit. O(degree) a node and pass.
    pub fn rehang(&mut self, base: &Rooted, hops: u32, scans: &mut u64) {
        for _ in 0..10 {
            let mut saved = false;
            let mut height = self.heights();
            for place in 1..self.held.len() {
                let node = self.held[place];
                let own = base.cost[self.edge[node as usize] as usize];
                let mut best = (own, self.depth(node) - 1, None);
                *scans += base.rows.degree(node) as u64;
                for row_place in base.rows.row(node) {
                    let (edge, parent) =
                        (base.rows.edge(row_place), base.rows.neighbour(row_place));
                    let depth = self.depth(parent);
                    let fits = depth != NOT_HELD && depth + 1 + height[node as usize] <= hops;
                    let rank = (base.cost[edge as usize], depth);
                    if fits && rank < (best.0, best.1) && !self.stands_under(parent, node) {
                        best = (rank.0, rank.1, Some(Step { node, parent, edge }));
                    }
                }
                if let Some(step) = best.2 {
                    saved |= best.0 < own;
                    self.hang(&[step]);
                    height = self.heights();
                }
            }
            if !saved {
                break;
            }
        }
    }

    /// The tree without dead ends that have neither prize nor demand.
    pub fn without_dead_ends(&self, base: &Rooted) -> Self {
        let tree = Oriented::new(base, &self.tree(base).edges).without_dead_ends(base);
        Self::of_edges(base, &tree.edges)
    }
}

/// The rooted part of most prize within the budget, required nodes always held, by dynamic programming
/// over the tree in depth-first order; `None` where that would take more than `cells` cells, where the
/// goal is another, or where the required nodes alone cost too much. O(nodes * budget) (Johnson, Niemi
/// 1983).
pub(crate) fn tree_knapsack(base: &Rooted, oriented: &Oriented, cells: usize) -> Option<Tree> {
    let Goal::MostPrize { budget } = base.goal else { return None };
    let count = oriented.nodes.len();
    let width = usize::try_from(budget).ok()?.checked_add(1)?;
    if width.checked_mul(count + 1)? > cells {
        return None;
    }
    let (order, after) = depth_first(oriented);
    let mut forced = vec![false; count];
    for place in (1..count).rev() {
        forced[place] |= base.required[oriented.nodes[place] as usize];
        let parent = oriented.parent[place];
        forced[parent] |= forced[place];
    }
    // best[i * width + b]: the most prize of the i-th and later places with budget b, given that the
    // i-th one's parent is held; -1 where there is no way.
    let mut best = vec![0_i64; width * (count + 1)];
    for index in (1..count).rev() {
        let place = order[index];
        let prize = base.prize[oriented.nodes[place] as usize];
        let cost = usize::try_from(base.cost[oriented.edge[place] as usize]).unwrap_or(usize::MAX);
        for room in 0..width {
            let skip = if forced[place] { -1 } else { best[after[index] * width + room] };
            let take = match room.checked_sub(cost) {
                Some(rest) if best[(index + 1) * width + rest] >= 0 => {
                    best[(index + 1) * width + rest] + prize
                }
                _ => -1,
            };
            best[index * width + room] = skip.max(take);
        }
    }
    if best[width + width - 1] < 0 {
        return None;
    }
    let (mut edges, mut index, mut room) = (Vec::new(), 1, width - 1);
    while index < count {
        let place = order[index];
        let value = best[index * width + room];
        if !forced[place] && best[after[index] * width + room] == value {
            index = after[index];
        } else {
            let edge = oriented.edge[place];
            edges.push(edge);
            room -= usize::try_from(base.cost[edge as usize]).unwrap_or(0);
            index += 1;
        }
    }
    Some(base.tree(edges))
}

/// Places of an oriented tree in depth-first order, and for each index the first index past its
/// subtree.
fn depth_first(oriented: &Oriented) -> (Vec<usize>, Vec<usize>) {
    let count = oriented.nodes.len();
    let mut size = vec![1; count];
    for place in (1..count).rev() {
        size[oriented.parent[place]] += size[place];
    }
    // Parents come before children, so each can hand its children their starts.
    let mut start = vec![0; count];
    let mut next: Vec<usize> = vec![1; count];
    for place in 1..count {
        let parent = oriented.parent[place];
        start[place] = next[parent];
        next[parent] += size[place];
        next[place] = start[place] + 1;
    }
    let mut order = vec![0; count];
    let mut after = vec![count; count];
    for place in 0..count {
        order[start[place]] = place;
        after[start[place]] = start[place] + size[place];
    }
    (order, after)
}
