//! The one problem the engine solves, in plain numbers.
//!
//! What for: every question (coverage, least cost, net benefit, Steiner tree) reaches the engine as an
//! [`Instance`]. In: an undirected multigraph with edge costs and node prizes, as integers. It knows no
//! sites, money or years, and no file format.

use crate::error::{Error, ErrorKind};

/// In a graph of more nodes than this each look at everything takes seconds: bounds come before what is dear, and once
/// time is up no tree is grown.
pub const LARGE: usize = 100_000;

/// An undirected edge: paid once, whichever way and however often it is used.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Edge {
    /// The two end nodes; equal for a self-loop (allowed, never useful).
    pub ends: [u32; 2],
    /// Cost, zero or more.
    pub cost: i64,
}

/// Whether a node may or must be in the answer.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, Hash)]
pub enum Demand {
    /// The engine decides.
    #[default]
    Optional,
    /// The tree must hold the node.
    Required,
    /// The tree must not hold the node, not even in passing.
    Forbidden,
}

/// What is asked of the tree. All values are exact integers.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Goal {
    /// Most prize with cost at most `budget` (coverage within a budget). Bounds are upper bounds.
    MostPrize {
        /// The most the tree may cost.
        budget: i64,
    },
    /// Least cost with prize at least `at_least` (quota). Bounds are lower bounds.
    LeastCost {
        /// The least prize the tree must collect.
        at_least: i64,
    },
    /// Least sum of cost and prizes missed (prize-collecting Steiner tree; with every terminal
    /// required, the Steiner tree). Bounds are lower bounds.
    LeastLoss,
}

impl Goal {
    /// Whether value `one` is better than value `other`.
    #[must_use]
    pub fn beats(self, one: i64, other: i64) -> bool {
        match self {
            Self::MostPrize { .. } => one > other,
            Self::LeastCost { .. } | Self::LeastLoss => one < other,
        }
    }

    /// How good a bound looks: the larger, the better what it allows.
    #[must_use]
    pub fn promise(self, bound: i64) -> i64 {
        match self {
            Self::MostPrize { .. } => bound,
            Self::LeastCost { .. } | Self::LeastLoss => -bound,
        }
    }

    /// The bound that holds without any work: no tree has more prize than there is, costs less than nothing,
    /// or loses less than what every tree misses.
    #[must_use]
    pub fn trivial_bound(self, open_prize: i64, missed: i64) -> i64 {
        match self {
            Self::MostPrize { .. } => open_prize,
            Self::LeastCost { .. } => 0,
            Self::LeastLoss => missed,
        }
    }
}

/// One rooted (or unrooted) prize-collecting Steiner tree problem.
///
/// The answer is a tree: connected, without cycles, holding the root where there is one, every
/// required node and no forbidden one. Where there is no root, the tree holds at least one node
/// unless nothing is required and the empty tree is allowed by [`Instance::may_be_empty`].
#[derive(Clone, Debug)]
pub struct Instance {
    /// Edges; an edge is known by its place here.
    pub edges: Vec<Edge>,
    /// Prize of each node, zero or more; the number of nodes is its length.
    pub prizes: Vec<i64>,
    /// Whether each node may or must be held; as long as `prizes`.
    pub demands: Vec<Demand>,
    /// Where the tree is rooted.
    pub root: Option<u32>,
    /// What is asked.
    pub goal: Goal,
    /// The most edges on the path from the root to any node of the tree. Needs a root.
    pub max_hops: Option<u32>,
}

impl Instance {
    /// An instance with `nodes` nodes without prizes or edges.
    #[must_use]
    pub fn new(nodes: usize, goal: Goal) -> Self {
        Self {
            edges: Vec::new(),
            prizes: vec![0; nodes],
            demands: vec![Demand::Optional; nodes],
            root: None,
            goal,
            max_hops: None,
        }
    }

    /// Number of nodes.
    #[must_use]
    pub fn nodes(&self) -> usize {
        self.prizes.len()
    }

    /// Adds an edge and returns its place.
    pub fn add_edge(&mut self, u: u32, v: u32, cost: i64) -> usize {
        self.edges.push(Edge { ends: [u, v], cost });
        self.edges.len() - 1
    }

    /// Whether the tree without any node is an answer: no root and nothing required.
    #[must_use]
    pub fn may_be_empty(&self) -> bool {
        self.root.is_none() && !self.demands.contains(&Demand::Required)
    }

    /// Checks what every part of the engine relies on: ends and root exist, costs and prizes are not
    /// negative, their sums stay below 2^60, the hop limit has a root.
    ///
    /// # Errors
    ///
    /// A usage error that names the first thing wrong.
    pub fn validate(&self) -> Result<(), Error> {
        let fail = |message: String| Err(Error::new(ErrorKind::Usage, message));
        let nodes = self.nodes();
        if self.demands.len() != nodes {
            return fail(format!("{} demands for {nodes} nodes", self.demands.len()));
        }
        let exists = |node: u32| (node as usize) < nodes;
        if let Some(root) = self.root.filter(|&root| !exists(root)) {
            return fail(format!("root {root} among {nodes} nodes"));
        }
        if self.max_hops.is_some() && self.root.is_none() {
            return fail("a hop limit needs a root".to_owned());
        }
        for (place, edge) in self.edges.iter().enumerate() {
            if !edge.ends.iter().all(|&end| exists(end)) {
                return fail(format!("edge {place} ends outside the {nodes} nodes"));
            }
        }
        let costs = self.edges.iter().map(|edge| edge.cost);
        for (name, total) in [("costs", sum(costs)), ("prizes", sum(self.prizes.iter().copied()))] {
            if total.is_none_or(|total| total >= 1 << 60) {
                return fail(format!("{name} are negative or add up to 2^60 or more"));
            }
        }
        Ok(())
    }

    /// What a tree is worth in terms of the goal: prize collected, cost, or cost and prizes missed.
    #[must_use]
    pub fn objective(&self, solution: &Solution) -> i64 {
        let cost = solution.cost(self);
        let prize = solution.prize(self);
        match self.goal {
            Goal::MostPrize { .. } => prize,
            Goal::LeastCost { .. } => cost,
            Goal::LeastLoss => cost + self.prizes.iter().sum::<i64>() - prize,
        }
    }
}

fn sum(mut values: impl Iterator<Item = i64>) -> Option<i64> {
    values.try_fold(0_i64, |total, value| if value < 0 { None } else { total.checked_add(value) })
}

/// How large a graph is.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Size {
    /// Nodes in it.
    pub nodes: usize,
    /// Edges in it.
    pub edges: usize,
}

/// A tree of an instance: its nodes and edges, each sorted.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Solution {
    /// Nodes held, sorted.
    pub nodes: Vec<u32>,
    /// Places of the edges held, sorted.
    pub edges: Vec<u32>,
}

impl Solution {
    /// The sum of the costs of its edges.
    #[must_use]
    pub fn cost(&self, instance: &Instance) -> i64 {
        self.edges.iter().map(|&edge| instance.edges[edge as usize].cost).sum()
    }

    /// The sum of the prizes of its nodes.
    #[must_use]
    pub fn prize(&self, instance: &Instance) -> i64 {
        self.nodes.iter().map(|&node| instance.prizes[node as usize]).sum()
    }
}
