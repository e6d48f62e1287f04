//! Large neighbourhoods: set free a part of the best tree and solve that part again.
//!
//! In: a problem and a tree in it. Out: a smaller rooted problem, in which the tree outside some
//! region is contracted and must be held, and the way back. Money the contracted part costs is taken
//! off the budget.

use super::Incumbent;
use crate::engine::Goal;
use crate::engine::rooted::{Restriction, Rooted, Tree};
use crate::graph::{Distances, FAR, Rows};
use crate::random::Random;

/// A part of a problem to be solved by itself.
pub(crate) struct Part {
    /// The part; its edges are named by their places in the whole.
    pub problem: Rooted,
    /// The part of the tree that lies in it, as a first incumbent.
    pub incumbent: Incumbent,
    /// The edges of the tree outside it.
    pub kept: Vec<u32>,
}

/// Nodes near some random centres: about `size` in all.
pub(crate) fn region(
    problem: &Rooted,
    tree_nodes: &[u32],
    size: usize,
    centres: usize,
    random: &mut Random,
    scans: &mut u64,
) -> Vec<bool> {
    let mut inside = vec![false; problem.nodes()];
    for _ in 0..centres {
        let mut distances = Distances::new(problem.nodes());
        distances.add_source(tree_nodes[random.place(tree_nodes.len())]);
        for _ in 0..size / centres {
            let settled = distances.settle(&problem.rows, FAR - 1, |place| {
                Some(problem.cost[problem.rows.edge(place) as usize])
            });
            let Some((node, _)) = settled else { break };
            *scans += problem.rows.degree(node) as u64;
            inside[node as usize] = true;
        }
    }
    inside
}

/// The nodes of a tree, the root among them.
pub(crate) fn nodes_of(problem: &Rooted, edges: &[u32]) -> Vec<u32> {
    let ends = edges.iter().flat_map(|&edge| problem.ends[edge as usize]);
    let mut nodes: Vec<u32> = ends.chain([problem.root]).collect();
    nodes.sort_unstable();
    nodes.dedup();
    nodes
}

/// Cuts out the part of a problem inside a region, with the tree outside contracted. `None` where
/// nothing of the tree or of the graph is free.
pub(crate) fn cut_out(problem: &Rooted, edges: &[u32], inside: &[bool]) -> Option<Part> {
    let free = |edge: u32| problem.ends[edge as usize].iter().all(|&end| inside[end as usize]);
    let (freed, kept): (Vec<u32>, Vec<u32>) = edges.iter().copied().partition(|&edge| free(edge));
    let mut union = petgraph::unionfind::UnionFind::<u32>::new(problem.nodes());
    for &edge in &kept {
        let [u, v] = problem.ends[edge as usize];
        union.union(u, v);
    }
    let mut held = vec![false; problem.nodes()];
    for node in nodes_of(problem, edges) {
        held[node as usize] = true;
    }
    let mut place_of = vec![u32::MAX; problem.nodes()];
    let (mut prize, mut required) = (Vec::new(), Vec::new());
    for node in problem.all_nodes() {
        if !inside[node as usize] && !held[node as usize] {
            continue;
        }
        let group = union.find(node) as usize;
        if place_of[group] == u32::MAX {
            place_of[group] = u32::try_from(prize.len()).ok()?;
            prize.push(0);
            required.push(false);
        }
        let place = place_of[group] as usize;
        prize[place] += problem.prize[node as usize];
        // A contracted part has at least one edge; it stays.
        required[place] |= problem.required[node as usize] || !inside[node as usize];
    }
    let mut ends = Vec::new();
    let mut edge_name = Vec::new();
    for (edge, &[u, v]) in (0..).zip(&problem.ends) {
        let touches = inside[u as usize] || inside[v as usize];
        let stays = |node: u32| inside[node as usize] || held[node as usize];
        if touches && stays(u) && stays(v) {
            let mapped = [u, v].map(|end| place_of[union.find(end) as usize]);
            if mapped[0] != mapped[1] {
                ends.push(mapped);
                edge_name.push(edge);
            }
        }
    }
    let kept_cost: i64 = kept.iter().map(|&edge| problem.cost[edge as usize]).sum();
    let goal = match problem.goal {
        Goal::MostPrize { budget } => Goal::MostPrize { budget: budget - kept_cost },
        other => other,
    };
    let root = place_of[union.find(problem.root) as usize];
    let whole = Rooted {
        rows: Rows::new(prize.len(), ends.iter().copied()),
        ends,
        cost: edge_name.iter().map(|&edge: &u32| problem.cost[edge as usize]).collect(),
        node_name: (0..).take(prize.len()).collect(),
        prize,
        required,
        root,
        has_artificial_root: false,
        goal,
        missed: 0,
        edge_name,
    };
    let part = whole.restrict(&Restriction {
        drop_node: &|_| false,
        drop_edge: &|_| false,
        require: &|_| false,
    })?;
    let mut incumbent = Incumbent::default();
    let now: Option<Vec<u32>> = freed.iter().map(|&edge| part.edge_named(edge)).collect();
    let tree = part.tree(now?);
    incumbent.offer(&part, &tree);
    Some(Part { problem: part, incumbent, kept })
}

impl Part {
    /// The tree of the whole that a tree of the part stands for.
    pub fn whole_tree(&self, problem: &Rooted, found: &Incumbent) -> Option<Tree> {
        let best = found.best.as_ref()?;
        Some(problem.tree(self.kept.iter().chain(&best.edges).copied().collect()))
    }
}
