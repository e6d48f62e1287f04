//! Trees within the hop limit, grown path by path through the layered graph.
//!
//! In: a base problem, its layered graph, perhaps an ascent on it. Out: a tree of the base problem that
//! is an answer, where one is found. A path may enter a node that is held already at a lesser depth;
//! the node is then hung from the path, with all that hangs from it.

use super::improve::improve;
use super::layered::{Layered, NO_EDGE, SINK};
use super::tree::{HopTree, Step, tree_knapsack};
use crate::engine::Goal;
use crate::engine::bound::{Ascent, Price};
use crate::engine::heuristic::Oriented;
use crate::engine::rooted::{Rooted, Tree};
use crate::graph::FAR;

/// Passes of local search over a tree.
const PASSES: u32 = 5;
/// Cells a tree knapsack may take: 16 MiB.
const KNAPSACK_CELLS: usize = 1 << 21;

/// A base problem with its hop limit.
#[derive(Clone, Copy)]
pub(crate) struct Limited<'a> {
    pub base: &'a Rooted,
    pub hops: u32,
}

/// Labels on the layered graph: the cost of the cheapest path from what is held, and its last arc.
/// Layers are settled one after another, so no queue is needed.
struct Labels<'a> {
    layered: &'a Layered,
    cost: Vec<i64>,
    arc: Vec<u32>,
    /// By layer, sinks last: nodes whose label sank since they were last looked at.
    sunk: Vec<Vec<u32>>,
}

impl<'a> Labels<'a> {
    fn new(layered: &'a Layered, hops: u32) -> Self {
        let nodes = layered.problem.nodes();
        Self {
            layered,
            cost: vec![FAR; nodes],
            arc: vec![NO_EDGE; nodes],
            sunk: vec![Vec::new(); hops as usize + 2],
        }
    }

    fn lower(&mut self, node: u32, cost: i64, arc: u32) {
        self.cost[node as usize] = cost;
        self.arc[node as usize] = arc;
        let last = self.sunk.len() - 1;
        let layer = self.layered.layer[node as usize];
        self.sunk[last.min(layer as usize)].push(node);
    }

    /// Passes lowered labels on over the arcs that are allowed, where the cost stays within `limit`.
    /// Linear in the arcs that leave lowered nodes.
    fn spread(&mut self, limit: i64, allowed: &dyn Fn(u32) -> bool) -> u64 {
        let problem = &self.layered.problem;
        let mut scans = 0;
        for layer in 0..self.sunk.len() {
            for node in std::mem::take(&mut self.sunk[layer]) {
                let cost = self.cost[node as usize];
                let row = problem.rows.row(node);
                scans += row.len() as u64;
                for place in row {
                    let arc = problem.rows.edge(place);
                    let [from, to] = problem.ends[arc as usize];
                    if from != node {
                        continue;
                    }
                    let through = cost + problem.cost[arc as usize];
                    if through < self.cost[to as usize] && through <= limit && allowed(arc) {
                        self.lower(to, through, arc);
                    }
                }
            }
        }
        scans
    }
}

struct Growing<'a> {
    limited: Limited<'a>,
    layered: &'a Layered,
    /// By base node: where its copies begin in `copies`.
    first_copy: Vec<u32>,
    /// Copies by base node, in rising layers.
    copies: Vec<u32>,
    tree: HopTree,
    labels: Labels<'a>,
    scans: u64,
}

impl<'a> Growing<'a> {
    fn new(limited: Limited<'a>, layered: &'a Layered, tree: HopTree) -> Self {
        let (first_copy, copies) = copies_of(limited.base.nodes(), layered);
        let labels = Labels::new(layered, limited.hops);
        let mut growing = Self { limited, layered, first_copy, copies, tree, labels, scans: 0 };
        for node in growing.tree.held().to_vec() {
            growing.add_source(node);
        }
        growing
    }

    /// A held node is entered for nothing at its depth, or at the next one below that has a copy.
    fn add_source(&mut self, node: u32) {
        let row =
            self.first_copy[node as usize] as usize..self.first_copy[node as usize + 1] as usize;
        let depth = self.tree.depth(node);
        let copies = &self.copies[row];
        let at = copies.partition_point(|&copy| self.layered.layer[copy as usize] < depth);
        if let Some(&copy) = copies.get(at)
            && self.labels.cost[copy as usize] > 0
        {
            self.labels.lower(copy, 0, NO_EDGE);
        }
    }

    /// The steps by which a sink would join the tree.
    fn path(&self, sink: u32) -> Vec<Step> {
        let problem = &self.layered.problem;
        let mut steps = Vec::new();
        let mut at = sink;
        while self.labels.arc[at as usize] != NO_EDGE {
            let arc = self.labels.arc[at as usize] as usize;
            let from = problem.ends[arc][0];
            if problem.edge_name[arc] != NO_EDGE {
                steps.push(Step {
                    node: problem.node_name[at as usize],
                    parent: problem.node_name[from as usize],
                    edge: problem.edge_name[arc],
                });
            }
            at = from;
            if self.tree.depth(problem.node_name[at as usize]) <= self.layered.layer[at as usize] {
                break;
            }
        }
        steps
    }

    fn join(&mut self, sink: u32) {
        let mut steps = self.path(sink);
        // From the tree outward; where a walk meets a node twice, its earlier visit wins.
        steps.reverse();
        let mut seen: Vec<u32> = Vec::new();
        steps.retain(|step| {
            let first = !seen.contains(&step.node);
            seen.push(step.node);
            first
        });
        for node in self.tree.hang(&steps) {
            self.add_source(node);
        }
    }

    /// Joins, nearest first, all sinks of which `wanted` says so, over arcs that `allowed` allows.
    fn join_all(&mut self, wanted: &dyn Fn(u32) -> bool, allowed: &dyn Fn(u32) -> bool) {
        let mut open = self.open_sinks(wanted);
        loop {
            self.scans += self.labels.spread(FAR - 1, allowed);
            open.retain(|&sink| !self.holds_sink(sink));
            let nearest = open.iter().copied().min_by_key(|&sink| self.labels.cost[sink as usize]);
            match nearest.filter(|&sink| self.labels.cost[sink as usize] != FAR) {
                Some(sink) => self.join(sink),
                None => break,
            }
        }
    }

    fn open_sinks(&self, wanted: &dyn Fn(u32) -> bool) -> Vec<u32> {
        let is_sink = |node: &u32| self.layered.layer[*node as usize] == SINK;
        self.layered.problem.all_nodes().filter(is_sink).filter(|&sink| wanted(sink)).collect()
    }

    fn holds_sink(&self, sink: u32) -> bool {
        self.tree.holds(self.layered.problem.node_name[sink as usize])
    }

    /// Joins sinks for which `wanted` says so, by the best ratio of path cost to prize on the path, as
    /// long as the goal gains and the cost stays within `most`.
    fn fill(&mut self, most: i64, wanted: &dyn Fn(u32) -> bool) {
        let base = self.limited.base;
        let prize = &self.layered.problem.prize;
        let mut open = self.open_sinks(&|sink| prize[sink as usize] > 0 && wanted(sink));
        loop {
            let room = match base.goal {
                Goal::MostPrize { .. } => most - self.tree.cost(base),
                Goal::LeastCost { at_least } if self.prize() >= at_least => break,
                Goal::LeastCost { .. } | Goal::LeastLoss => FAR - 1,
            };
            self.scans += self.labels.spread(room, &|_| true);
            open.retain(|&sink| !self.holds_sink(sink));
            let Some(best) = self.best_of(&open, room) else { break };
            self.join(best);
        }
    }

    fn prize(&self) -> i64 {
        self.tree.held().iter().map(|&node| self.limited.base.prize[node as usize]).sum()
    }

    /// The sink whose path gains most for its cost.
    #[allow(clippy::cast_precision_loss)] // a choice, not a proof
    fn best_of(&self, open: &[u32], room: i64) -> Option<u32> {
        let base = self.limited.base;
        let lacking = match base.goal {
            Goal::LeastCost { at_least } => at_least - self.prize(),
            Goal::MostPrize { .. } | Goal::LeastLoss => i64::MAX,
        };
        let mut best: Option<(f64, u32)> = None;
        for &sink in open {
            let distance = self.labels.cost[sink as usize];
            if distance > room {
                continue;
            }
            let mut gain = self.layered.problem.prize[sink as usize];
            // Walking the path is dear, so only where its end alone is not hopeless.
            let rough = distance as f64 / gain.min(lacking) as f64;
            if best.is_none_or(|(ratio, _)| rough < 4.0 * ratio) {
                let steps = self.path(sink);
                let new = steps.iter().filter(|step| !self.tree.holds(step.node));
                gain = new.map(|step| base.prize[step.node as usize]).sum();
            }
            if base.goal == Goal::LeastLoss && gain <= distance {
                continue;
            }
            let ratio = distance as f64 / gain.min(lacking) as f64;
            if best.is_none_or(|(least, _)| ratio < least) {
                best = Some((ratio, sink));
            }
        }
        best.map(|(_, sink)| sink)
    }
}

/// Copies by base node, in rising layers, and where each node's begin. Layered nodes stand in the order
/// of their layers already.
fn copies_of(nodes: usize, layered: &Layered) -> (Vec<u32>, Vec<u32>) {
    let problem = &layered.problem;
    let is_copy = |node: &u32| layered.layer[*node as usize] != SINK;
    let name = |copy: u32| problem.node_name[copy as usize] as usize;
    let mut first = vec![0_u32; nodes + 1];
    for copy in problem.all_nodes().filter(is_copy) {
        first[name(copy) + 1] += 1;
    }
    for node in 0..nodes {
        first[node + 1] += first[node];
    }
    let mut next = first.clone();
    let mut copies = vec![0; first[nodes] as usize];
    for copy in problem.all_nodes().filter(is_copy) {
        let place = &mut next[name(copy)];
        copies[*place as usize] = copy;
        *place += 1;
    }
    (first, copies)
}

/// Whether a tree holds all required nodes and keeps to budget or quota.
pub(crate) fn is_answer(base: &Rooted, tree: &HopTree, found: &Tree) -> bool {
    let holds_required =
        base.all_nodes().all(|node| tree.holds(node) || !base.required[node as usize]);
    holds_required && base.allows(found)
}

/// Fills up a tree and re-hangs its nodes while that saves cost; returns it when it is an answer.
pub(crate) fn refine(
    limited: Limited<'_>,
    layered: &Layered,
    edges: &[u32],
    scans: &mut u64,
) -> Option<Tree> {
    let Limited { base, hops } = limited;
    let mut tree = HopTree::of_edges(base, edges);
    improve(&mut tree, base, hops, PASSES, scans);
    for _ in 0..10 {
        let before = tree.cost(base);
        if before <= base.budget() {
            let mut growing = Growing::new(limited, layered, tree);
            growing.fill(base.budget(), &|_| true);
            *scans += growing.scans;
            tree = growing.tree;
        }
        let filled = tree.cost(base);
        improve(&mut tree, base, hops, PASSES, scans);
        tree = tree.without_dead_ends(base);
        if tree.cost(base) >= filled {
            break;
        }
    }
    let mut found = tree.tree(base);
    if base.goal == Goal::LeastLoss {
        found = Oriented::new(base, &found.edges).pruned(base, Price::PLAIN);
        tree = HopTree::of_edges(base, &found.edges);
    }
    is_answer(base, &tree, &found).then_some(found)
}

/// A tree grown from the root, required nodes first, then by ratio.
pub(crate) fn from_nothing(
    limited: Limited<'_>,
    layered: &Layered,
    scans: &mut u64,
) -> Option<Tree> {
    let mut growing = Growing::new(limited, layered, HopTree::new(limited.base));
    growing.join_all(&|sink| layered.problem.required[sink as usize], &|_| true);
    *scans += growing.scans;
    let edges = growing.tree.tree(limited.base).edges;
    refine(limited, layered, &edges, scans)
}

/// A tree in the saturated graph: shortest paths to all sinks reached, re-hung.
pub(crate) fn span_saturated(
    limited: Limited<'_>,
    layered: &Layered,
    ascent: &Ascent,
    scans: &mut u64,
) -> Oriented {
    let Limited { base, hops } = limited;
    let problem = &layered.problem;
    let mut saturated = vec![false; problem.edges()];
    for node in problem.all_nodes() {
        for place in problem.rows.row(node) {
            if ascent.reduced[place] == 0 && layered.enters(node, place) {
                saturated[problem.rows.edge(place) as usize] = true;
            }
        }
    }
    let mut growing = Growing::new(limited, layered, HopTree::new(base));
    growing.join_all(&|_| true, &|arc| saturated[arc as usize]);
    let mut tree = growing.tree;
    *scans += growing.scans;
    if problem.required.iter().any(|&required| required) {
        let mut growing = Growing::new(limited, layered, tree);
        growing.join_all(&|sink| problem.required[sink as usize], &|_| true);
        *scans += growing.scans;
        tree = growing.tree;
    }
    improve(&mut tree, base, hops, PASSES, scans);
    Oriented::new(base, &tree.tree(base).edges)
}

/// The best part of a tree within the budget (or for the quota), filled up again.
pub(crate) fn best_part(
    limited: Limited<'_>,
    layered: &Layered,
    oriented: &Oriented,
    price: Price,
    scans: &mut u64,
) -> Option<Tree> {
    let base = limited.base;
    let trimmed =
        tree_knapsack(base, oriented, KNAPSACK_CELLS).or_else(|| oriented.trimmed(base, price))?;
    refine(limited, layered, &trimmed.edges, scans)
}

/// A tree grown from a part of one beyond its budget, over terminals for which `wanted` says so, then
/// cut to its best part and filled up again. `most` is what it may cost before it is cut.
pub(crate) fn regrow(
    limited: Limited<'_>,
    layered: &Layered,
    tree: HopTree,
    most: i64,
    wanted: &dyn Fn(u32) -> bool,
    scans: &mut u64,
) -> Option<Tree> {
    let Limited { base, hops } = limited;
    let mut growing = Growing::new(limited, layered, tree);
    growing.join_all(&|sink| layered.problem.required[sink as usize], &|_| true);
    growing.fill(most, wanted);
    *scans += growing.scans;
    let mut tree = growing.tree;
    improve(&mut tree, base, hops, PASSES, scans);
    let oriented = Oriented::new(base, &tree.tree(base).edges);
    match tree_knapsack(base, &oriented, KNAPSACK_CELLS) {
        Some(part) => refine(limited, layered, &part.edges, scans),
        None if tree.cost(base) <= base.budget() => {
            refine(limited, layered, &tree.tree(base).edges, scans)
        }
        None => None,
    }
}

/// A tree with the terminals of one that knows no hop limit: along its edges as far as the limit allows,
/// elsewhere by the cheapest detours; then cut to its best part and filled up again.
pub(crate) fn from_flat(
    limited: Limited<'_>,
    layered: &Layered,
    edges: &[u32],
    price: Price,
    scans: &mut u64,
) -> Option<Tree> {
    let Limited { base, hops } = limited;
    let problem = &layered.problem;
    let flat = HopTree::of_edges(base, edges);
    let wanted =
        |sink: u32| flat.holds(problem.node_name[sink as usize]) || problem.required[sink as usize];
    let along = |arc: u32| {
        let name = problem.edge_name[arc as usize];
        let to = problem.node_name[problem.ends[arc as usize][1] as usize];
        name == NO_EDGE || flat.holds(to) && flat.hangs_by(to).1 == name
    };
    let mut growing = Growing::new(limited, layered, HopTree::new(base));
    growing.join_all(&wanted, &along);
    *scans += growing.scans;
    let mut growing = Growing::new(limited, layered, growing.tree);
    growing.join_all(&wanted, &|_| true);
    *scans += growing.scans;
    let mut tree = growing.tree;
    improve(&mut tree, base, hops, PASSES, scans);
    let oriented = Oriented::new(base, &tree.tree(base).edges);
    best_part(limited, layered, &oriented, price, scans)
}
