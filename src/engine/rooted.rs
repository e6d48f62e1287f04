//! The rooted problem as the search sees it: connected, compact, in small whole numbers.
//!
//! What for: bounds, heuristics and branching all work on this one form. In: an instance with a root,
//! or another rooted problem of which parts are dropped. Out: rows, costs, prizes, and for each node
//! and edge what it was called in the problem it comes from. It knows no hop limits.

use super::{Demand, Edge, Goal, Instance, Size};
use crate::graph::{Distances, FAR, Rows};

/// A rooted problem in which every node can be reached from the root.
#[derive(Clone, Debug)]
pub struct Rooted {
    /// Adjacency.
    pub rows: Rows,
    /// Ends of each edge.
    pub ends: Vec<[u32; 2]>,
    /// Cost of each edge.
    pub cost: Vec<i64>,
    /// Prize of each node.
    pub prize: Vec<i64>,
    /// Whether the tree must hold the node; true for the root.
    pub required: Vec<bool>,
    /// The root.
    pub root: u32,
    /// Whether the root is artificial: joined to every terminal at one cost, to stand for a root that
    /// is not known. Only a tree with one edge at it is an answer.
    pub has_artificial_root: bool,
    /// What is asked, in the units of `cost` and `prize`.
    pub goal: Goal,
    /// Prizes of nodes dropped so far: every tree misses them.
    pub missed: i64,
    /// The node of the first problem that each node stands for; increasing.
    pub node_name: Vec<u32>,
    /// The edge of the first problem that each edge stands for; increasing.
    pub edge_name: Vec<u32>,
}

/// A tree of a rooted problem: the edges held, with their cost and the prize of root and edge ends.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Tree {
    /// Edges, in any order.
    pub edges: Vec<u32>,
    /// Sum of their costs.
    pub cost: i64,
    /// Sum of the prizes of the root and of their ends.
    pub prize: i64,
}

/// What to drop from, and what to demand of, a rooted problem.
pub struct Restriction<'a> {
    /// Nodes that go.
    pub drop_node: &'a dyn Fn(u32) -> bool,
    /// Edges that go.
    pub drop_edge: &'a dyn Fn(u32) -> bool,
    /// Nodes that become required.
    pub require: &'a dyn Fn(u32) -> bool,
}

impl Rooted {
    /// The part of an instance that can be reached from `root`, without forbidden nodes and, under a
    /// budget, without nodes too far away to pay for. `None` when a required node is not among it:
    /// then there is no answer.
    pub fn new(instance: &Instance, root: u32) -> Option<Self> {
        let nodes = instance.nodes();
        let whole = Self {
            rows: Rows::new(nodes, instance.edges.iter().map(|edge| edge.ends)),
            ends: instance.edges.iter().map(|edge| edge.ends).collect(),
            cost: instance.edges.iter().map(|edge| edge.cost).collect(),
            prize: instance.prizes.clone(),
            required: instance.demands.iter().map(|&demand| demand == Demand::Required).collect(),
            root,
            has_artificial_root: false,
            goal: instance.goal,
            missed: 0,
            node_name: (0..).take(nodes).collect(),
            edge_name: (0..).take(instance.edges.len()).collect(),
        };
        let forbidden = |node: u32| instance.demands[node as usize] == Demand::Forbidden;
        if forbidden(root) {
            return None;
        }
        whole.restrict(&Restriction {
            drop_node: &forbidden,
            drop_edge: &|_| false,
            require: &|node| node == root,
        })
    }

    /// Number of nodes.
    pub fn nodes(&self) -> usize {
        self.prize.len()
    }

    /// Number of edges.
    pub fn edges(&self) -> usize {
        self.cost.len()
    }

    /// How large it is.
    pub fn size(&self) -> Size {
        Size { nodes: self.nodes(), edges: self.edges() }
    }

    /// The edge of that name, if it is still here.
    #[allow(clippy::cast_possible_truncation)] // edges are numbered by u32
    pub fn edge_named(&self, name: u32) -> Option<u32> {
        self.edge_name.binary_search(&name).ok().map(|edge| edge as u32)
    }

    /// The node of that name, if it is still here.
    #[allow(clippy::cast_possible_truncation)] // nodes are numbered by u32
    pub fn node_named(&self, name: u32) -> Option<u32> {
        self.node_name.binary_search(&name).ok().map(|node| node as u32)
    }

    /// All nodes.
    #[allow(clippy::cast_possible_truncation)] // nodes are numbered by u32
    pub fn all_nodes(&self) -> std::ops::Range<u32> {
        0..self.nodes() as u32
    }

    /// The sum of all prizes.
    pub fn open_prize(&self) -> i64 {
        self.prize.iter().sum()
    }

    /// The bound that holds without any work.
    pub fn trivial_bound(&self) -> i64 {
        self.goal.trivial_bound(self.open_prize(), self.missed)
    }

    /// Whether reaching the node can be worth anything: it has a prize or must be held.
    pub fn is_terminal(&self, node: u32) -> bool {
        self.prize[node as usize] > 0 || self.required[node as usize]
    }

    /// The most a tree may cost: the budget, or no limit.
    pub fn budget(&self) -> i64 {
        match self.goal {
            Goal::MostPrize { budget } => budget,
            Goal::LeastCost { .. } | Goal::LeastLoss => FAR - 1,
        }
    }

    /// A tree of the given edges, with cost and prize added up. The edges must form a tree that holds
    /// the root, or be none.
    pub fn tree(&self, edges: Vec<u32>) -> Tree {
        let mut held: Vec<u32> =
            edges.iter().flat_map(|&edge| self.ends[edge as usize]).chain([self.root]).collect();
        held.sort_unstable();
        held.dedup();
        Tree {
            cost: edges.iter().map(|&edge| self.cost[edge as usize]).sum(),
            prize: held.iter().map(|&node| self.prize[node as usize]).sum(),
            edges,
        }
    }

    /// What a tree is worth in terms of the goal; for least loss, with what was dropped.
    pub fn value(&self, tree: &Tree) -> i64 {
        match self.goal {
            Goal::MostPrize { .. } => tree.prize,
            Goal::LeastCost { .. } => tree.cost,
            Goal::LeastLoss => tree.cost + self.open_prize() - tree.prize + self.missed,
        }
    }

    /// Whether a tree keeps to the budget or meets the quota. Required nodes are not looked at.
    pub fn allows(&self, tree: &Tree) -> bool {
        match self.goal {
            Goal::MostPrize { budget } => tree.cost <= budget,
            Goal::LeastCost { at_least } => tree.prize >= at_least,
            Goal::LeastLoss => true,
        }
    }

    /// Whether `tree` is better than `other`: by the goal, then by cost, then by prize.
    pub fn prefers(&self, tree: &Tree, other: &Tree) -> bool {
        let rank = |tree: &Tree| match self.goal {
            Goal::MostPrize { .. } => (-tree.prize, tree.cost),
            Goal::LeastCost { .. } => (tree.cost, -tree.prize),
            Goal::LeastLoss => (tree.cost - tree.prize, tree.cost),
        };
        rank(tree) < rank(other)
    }

    /// Whether value `one` beats value `other`.
    pub fn beats(&self, one: i64, other: i64) -> bool {
        self.goal.beats(one, other)
    }

    /// The same problem as an instance, node for node and edge for edge. What was missed before is
    /// not in it.
    pub fn to_instance(&self) -> Instance {
        let demand = |&required: &bool| {
            if required { Demand::Required } else { Demand::Optional }
        };
        Instance {
            edges: (self.ends.iter().zip(&self.cost))
                .map(|(&ends, &cost)| Edge { ends, cost })
                .collect(),
            prizes: self.prize.clone(),
            demands: self.required.iter().map(demand).collect(),
            root: Some(self.root),
            goal: self.goal,
            max_hops: None,
        }
    }

    /// The problem without what the restriction drops, what is then cut off from the root or too far
    /// for the budget, and dead ends without prize. `None` when that leaves no tree. O(n log n).
    pub fn restrict(&self, restriction: &Restriction<'_>) -> Option<Self> {
        if (restriction.drop_node)(self.root) {
            return None;
        }
        let keeps_edge = |edge: u32| {
            let [u, v] = self.ends[edge as usize];
            u != v
                && !(restriction.drop_edge)(edge)
                && !(restriction.drop_node)(u)
                && !(restriction.drop_node)(v)
        };
        let mut distances = Distances::new(self.nodes());
        distances.add_source(self.root);
        distances.run(&self.rows, self.budget(), |place| {
            let edge = self.rows.edge(place);
            keeps_edge(edge).then(|| self.cost[edge as usize])
        });
        let mut keep: Vec<bool> =
            self.all_nodes().map(|node| distances.of(node) <= self.budget()).collect();
        let mut required = self.required.clone();
        for node in self.all_nodes() {
            if required[node as usize] || (restriction.require)(node) {
                required[node as usize] = true;
                if !keep[node as usize] {
                    return None;
                }
            }
        }
        self.drop_dead_ends(&mut keep, &required, &keeps_edge);
        let smaller = self.compact(&keep, &required, &keeps_edge);
        match self.goal {
            Goal::LeastCost { at_least } if smaller.open_prize() < at_least => None,
            _ => Some(smaller),
        }
    }

    fn drop_dead_ends(&self, keep: &mut [bool], required: &[bool], keeps: &dyn Fn(u32) -> bool) {
        let mut degree = vec![0_u32; self.nodes()];
        for (edge, &[u, v]) in (0..).zip(&self.ends) {
            if keep[u as usize] && keep[v as usize] && keeps(edge) {
                degree[u as usize] += 1;
                degree[v as usize] += 1;
            }
        }
        let useless = |node: u32, degree: u32| {
            degree <= 1 && !required[node as usize] && self.prize[node as usize] == 0
        };
        let mut ends: Vec<u32> = self
            .all_nodes()
            .filter(|&node| keep[node as usize] && useless(node, degree[node as usize]))
            .collect();
        while let Some(node) = ends.pop() {
            keep[node as usize] = false;
            for place in self.rows.row(node) {
                let neighbour = self.rows.neighbour(place);
                if keep[neighbour as usize] && keeps(self.rows.edge(place)) {
                    degree[neighbour as usize] -= 1;
                    if useless(neighbour, degree[neighbour as usize]) {
                        ends.push(neighbour);
                    }
                }
            }
        }
    }

    #[allow(clippy::cast_possible_truncation)] // nodes are numbered by u32
    fn compact(&self, keep: &[bool], required: &[bool], keeps: &dyn Fn(u32) -> bool) -> Self {
        let mut place_of = vec![u32::MAX; self.nodes()];
        let kept: Vec<u32> = self.all_nodes().filter(|&node| keep[node as usize]).collect();
        for (new, &node) in (0..).zip(&kept) {
            place_of[node as usize] = new;
        }
        let edges: Vec<u32> = (0..self.edges() as u32)
            .filter(|&edge| {
                self.ends[edge as usize].iter().all(|&end| keep[end as usize]) && keeps(edge)
            })
            .collect();
        let ends: Vec<[u32; 2]> = edges
            .iter()
            .map(|&edge| self.ends[edge as usize].map(|end| place_of[end as usize]))
            .collect();
        let prize: Vec<i64> = kept.iter().map(|&node| self.prize[node as usize]).collect();
        Self {
            rows: Rows::new(kept.len(), ends.iter().copied()),
            ends,
            cost: edges.iter().map(|&edge| self.cost[edge as usize]).collect(),
            required: kept.iter().map(|&node| required[node as usize]).collect(),
            root: place_of[self.root as usize],
            has_artificial_root: self.has_artificial_root,
            goal: self.goal,
            missed: self.missed + self.open_prize() - prize.iter().sum::<i64>(),
            prize,
            node_name: kept.iter().map(|&node| self.node_name[node as usize]).collect(),
            edge_name: edges.iter().map(|&edge| self.edge_name[edge as usize]).collect(),
        }
    }
}
