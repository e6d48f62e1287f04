//! What a reduction did, so that trees can be carried both ways.
//!
//! What for: a tree of the reduced instance must become a tree of the original one, no worse, and an
//! incumbent of the original should survive a reduction. In: the parts every edge and node is made of.
//! Out: [`Reduced::restore`] and [`Reduced::project`]. It reduces nothing and judges no bound.

use crate::engine::{Demand, Goal, Instance, Solution};

/// No node, edge or part.
pub(super) const NONE: u32 = u32::MAX;

/// How the edges and nodes of a reduced instance are made of those of the original.
///
/// A part is an edge of the original (numbers below `originals`) or a join of two parts.
#[derive(Clone, Debug)]
pub(super) struct History {
    /// Number of edges of the original.
    pub originals: u32,
    /// The joins; join `i` is part `originals + i` and names two parts made before it.
    pub joins: Vec<[u32; 2]>,
    /// The part each reduced edge stands for.
    pub edge_part: Vec<u32>,
    /// The part that comes with each reduced node, or `NONE`.
    pub node_part: Vec<u32>,
    /// An original node inside each reduced node.
    pub home: Vec<u32>,
    /// The reduced node each original node is in, or `NONE`.
    pub image: Vec<u32>,
    /// The best tree that the reduced instance does not hold any more.
    pub aside: Option<Aside>,
}

/// A node of some stage of a reduction, as a tree by itself.
#[derive(Clone, Copy, Debug)]
pub(super) struct Aside {
    /// Its objective in terms of the original.
    pub value: i64,
    /// An original node inside it.
    pub home: u32,
    /// The part that came with it, or `NONE`.
    pub part: u32,
}

impl History {
    /// Adds the original edges of `part` to `edges`.
    fn expand(&self, part: u32, edges: &mut Vec<u32>) {
        let mut open = vec![part];
        while let Some(part) = open.pop() {
            if part == NONE {
                continue;
            }
            if part < self.originals {
                edges.push(part);
            } else {
                open.extend(self.joins[(part - self.originals) as usize]);
            }
        }
    }
}

/// A smaller instance with the same optimum, and the way back.
///
/// For every tree `t` of the reduced instance, `restore(t)` is a tree of the original whose objective is
/// at least as good as that of `t` plus [`Reduced::offset`]. The optimum of the original is the better of
/// the reduced optimum plus the offset and the tree [set aside](Reduced::aside).
///
/// The reduced instance may have no node left (nothing rooted, required or worth a node): then the
/// empty tree is its answer. An instance without root that requires a node has got a root.
#[derive(Clone, Debug)]
pub struct Reduced {
    /// What is left to solve. Its budget or quota already counts what is fixed.
    pub instance: Instance,
    /// Added to an objective or bound of the reduced instance it gives that of the original.
    pub offset: i64,
    pub(super) history: History,
}

impl Reduced {
    /// A tree of `original` that the reduced instance may no longer hold, to be compared with every
    /// answer: the best single node that a change lost. Only for least loss without a root.
    #[must_use]
    pub fn aside(&self, original: &Instance) -> Option<Solution> {
        let aside = self.history.aside?;
        let mut edges = Vec::new();
        self.history.expand(aside.part, &mut edges);
        Some(span(original, vec![aside.home], edges))
    }

    /// The tree of `original` that `solution` stands for, without edges it can do without.
    ///
    /// Cycles, which two reduced edges that share an original edge can close, lose their dearest edges,
    /// and leaves that bring nothing are dropped. `O(k log k)` for `k` original edges.
    #[must_use]
    pub fn restore(&self, original: &Instance, solution: &Solution) -> Solution {
        let mut edges = Vec::new();
        for &edge in &solution.edges {
            self.history.expand(self.history.edge_part[edge as usize], &mut edges);
        }
        for &node in &solution.nodes {
            self.history.expand(self.history.node_part[node as usize], &mut edges);
        }
        let homes = solution.nodes.iter().map(|&node| self.history.home[node as usize]);
        span(original, homes.collect(), edges)
    }

    /// The tree of the reduced instance that `solution` of `original` becomes, where what is left of it
    /// is still an answer. It may be worse than `solution` plus offset; the caller compares.
    ///
    /// `O(n + m)` and the size of the history.
    #[must_use]
    pub fn project(&self, original: &Instance, solution: &Solution) -> Option<Solution> {
        let mut held = vec![false; original.edges.len()];
        for &edge in &solution.edges {
            held[edge as usize] = true;
        }
        let mut parts = Vec::new();
        let mut edges = Vec::new();
        for (edge, &part) in (0..).zip(&self.history.edge_part) {
            parts.clear();
            self.history.expand(part, &mut parts);
            if parts.iter().all(|&part| held[part as usize]) {
                edges.push(edge);
            }
        }
        let images = solution.nodes.iter().map(|&node| self.history.image[node as usize]);
        let nodes: Vec<u32> = images.filter(|&node| node != NONE).collect();
        let tree = best_component(&self.instance, nodes, edges)?;
        is_answer(&self.instance, &tree).then_some(tree)
    }
}

/// A cheapest spanning forest of `edges` with `nodes`, less the leaves that bring nothing.
fn span(instance: &Instance, mut nodes: Vec<u32>, edges: Vec<u32>) -> Solution {
    nodes.extend(edges.iter().flat_map(|&edge| instance.edges[edge as usize].ends));
    sort_distinct(&mut nodes);
    let edges = spanning_forest(instance, &nodes, edges);
    prune(instance, Solution { nodes, edges })
}

fn sort_distinct(values: &mut Vec<u32>) {
    values.sort_unstable();
    values.dedup();
}

/// Kruskal's forest on the sorted `nodes`; ties go to the lower edge number.
fn spanning_forest(instance: &Instance, nodes: &[u32], mut edges: Vec<u32>) -> Vec<u32> {
    sort_distinct(&mut edges);
    edges.sort_by_key(|&edge| instance.edges[edge as usize].cost);
    let mut groups = Groups::new(nodes.len());
    edges.retain(|&edge| {
        let [u, v] = instance.edges[edge as usize].ends.map(|end| place(nodes, end));
        groups.join(u, v)
    });
    edges.sort_unstable();
    edges
}

fn place(nodes: &[u32], node: u32) -> usize {
    nodes.partition_point(|&other| other < node)
}

/// Drops leaves without prize that nobody asks for, again and again.
fn prune(instance: &Instance, tree: Solution) -> Solution {
    let Solution { nodes, edges } = tree;
    let mut degree = vec![0_u32; nodes.len()];
    // The sum of the incident edge numbers names the last edge of a node once its degree is one.
    let mut incident = vec![0_u64; nodes.len()];
    for &edge in &edges {
        for end in instance.edges[edge as usize].ends {
            degree[place(&nodes, end)] += 1;
            incident[place(&nodes, end)] += u64::from(edge);
        }
    }
    let idle = |node: u32| {
        instance.prizes[node as usize] == 0
            && instance.demands[node as usize] != Demand::Required
            && instance.root != Some(node)
    };
    let mut dropped_edges = Vec::new();
    let mut keep = vec![true; nodes.len()];
    let mut open: Vec<usize> = (0..nodes.len()).collect();
    while let Some(at) = open.pop() {
        if !keep[at] || degree[at] != 1 || !idle(nodes[at]) {
            continue;
        }
        keep[at] = false;
        let edge = incident[at];
        let dropped = u32::try_from(edge).expect("a single edge number");
        dropped_edges.push(dropped);
        let [u, v] = instance.edges[dropped as usize].ends;
        let other = place(&nodes, if u == nodes[at] { v } else { u });
        degree[other] -= 1;
        incident[other] -= edge;
        open.push(other);
    }
    dropped_edges.sort_unstable();
    let stays = |edge: &u32| dropped_edges.binary_search(edge).is_err();
    Solution {
        nodes: nodes.iter().zip(&keep).filter(|&(_, &keep)| keep).map(|(&node, _)| node).collect(),
        edges: edges.into_iter().filter(stays).collect(),
    }
}

/// The component that holds the root, or else the one of most prize, as a pruned tree.
fn best_component(instance: &Instance, mut nodes: Vec<u32>, edges: Vec<u32>) -> Option<Solution> {
    nodes.extend(instance.root);
    nodes.extend(edges.iter().flat_map(|&edge| instance.edges[edge as usize].ends));
    sort_distinct(&mut nodes);
    let edges = spanning_forest(instance, &nodes, edges);
    let mut groups = Groups::new(nodes.len());
    for &edge in &edges {
        let [u, v] = instance.edges[edge as usize].ends.map(|end| place(&nodes, end));
        groups.join(u, v);
    }
    let mut prize = vec![0_i64; nodes.len()];
    for (at, &node) in nodes.iter().enumerate() {
        prize[groups.find(at)] += instance.prizes[node as usize];
    }
    let chosen = match instance.root {
        Some(root) => groups.find(place(&nodes, root)),
        None => (0..nodes.len()).max_by_key(|&at| prize[at]).map(|at| groups.find(at))?,
    };
    let inside = |groups: &mut Groups, node: u32| groups.find(place(&nodes, node)) == chosen;
    let kept_nodes: Vec<u32> =
        nodes.iter().copied().filter(|&node| inside(&mut groups, node)).collect();
    let ends = |edge: u32| instance.edges[edge as usize].ends;
    let kept_edges: Vec<u32> =
        edges.into_iter().filter(|&edge| inside(&mut groups, ends(edge)[0])).collect();
    Some(prune(instance, Solution { nodes: kept_nodes, edges: kept_edges }))
}

/// Whether a tree (known to be one) meets the demands, the budget or quota, and the hop limit.
fn is_answer(instance: &Instance, tree: &Solution) -> bool {
    let required = |demand: &Demand| *demand == Demand::Required;
    let asked = instance.demands.iter().filter(|&demand| required(demand)).count();
    let held =
        tree.nodes.iter().filter(|&&node| required(&instance.demands[node as usize])).count();
    let within = match instance.goal {
        Goal::MostPrize { budget } => tree.cost(instance) <= budget,
        Goal::LeastCost { at_least } => tree.prize(instance) >= at_least,
        Goal::LeastLoss => true,
    };
    asked == held && within && depth(instance, tree) <= instance.max_hops
}

/// The most edges between the root and a node of the tree; `None` without a hop limit.
fn depth(instance: &Instance, tree: &Solution) -> Option<u32> {
    instance.max_hops?;
    let mut neighbours = vec![Vec::new(); tree.nodes.len()];
    for &edge in &tree.edges {
        let [u, v] = instance.edges[edge as usize].ends.map(|end| place(&tree.nodes, end));
        neighbours[u].push(v);
        neighbours[v].push(u);
    }
    let root = place(&tree.nodes, instance.root?);
    let mut open = vec![(root, root, 0)];
    let mut deepest = 0;
    while let Some((at, from, depth)) = open.pop() {
        deepest = deepest.max(depth);
        let onward = neighbours[at].iter().filter(|&&to| to != from);
        open.extend(onward.map(|&to| (to, at, depth + 1)));
    }
    Some(deepest)
}

/// Union-find with path halving.
struct Groups(Vec<usize>);

impl Groups {
    fn new(len: usize) -> Self {
        Self((0..len).collect())
    }

    fn find(&mut self, mut at: usize) -> usize {
        while self.0[at] != at {
            self.0[at] = self.0[self.0[at]];
            at = self.0[at];
        }
        at
    }

    /// Whether the two were apart.
    fn join(&mut self, u: usize, v: usize) -> bool {
        let (u, v) = (self.find(u), self.find(v));
        self.0[u] = v;
        u != v
    }
}
