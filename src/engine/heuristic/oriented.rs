//! A tree seen from its root: exact pruning by dynamic programming.
//!
//! In: the edges of a tree. Out: the rooted part of it that is worth most under a pair of multipliers
//! (strong pruning), or the best such part that fits a budget or meets a quota.

use crate::engine::Goal;
use crate::engine::bound::Price;
use crate::engine::rooted::{Rooted, Tree};

/// A tree with its nodes in an order in which parents come before children.
#[derive(Clone, Debug)]
pub struct Oriented {
    /// Nodes, root first.
    pub nodes: Vec<u32>,
    /// For each but the first, the place of its parent in `nodes`.
    pub parent: Vec<usize>,
    /// For each but the first, the edge to its parent.
    pub edge: Vec<u32>,
}

impl Oriented {
    /// Orients the tree of the given edges from the root; what hangs apart from it, and edges that
    /// close a cycle, are left out. O(nodes + edges of the tree log).
    pub fn new(problem: &Rooted, edges: &[u32]) -> Self {
        let mut ends: Vec<(u32, u32, u32)> = Vec::with_capacity(2 * edges.len());
        for &edge in edges {
            let [u, v] = problem.ends[edge as usize];
            ends.push((u, v, edge));
            ends.push((v, u, edge));
        }
        ends.sort_unstable();
        let mut seen = vec![false; problem.nodes()];
        seen[problem.root as usize] = true;
        let mut oriented =
            Self { nodes: vec![problem.root], parent: vec![0], edge: vec![u32::MAX] };
        let mut at = 0;
        while at < oriented.nodes.len() {
            let node = oriented.nodes[at];
            let begin = ends.partition_point(|&(from, _, _)| from < node);
            for &(from, to, edge) in &ends[begin..] {
                if from != node {
                    break;
                }
                if !std::mem::replace(&mut seen[to as usize], true) {
                    oriented.nodes.push(to);
                    oriented.parent.push(at);
                    oriented.edge.push(edge);
                }
            }
            at += 1;
        }
        oriented
    }

    /// Which places the rooted part of most `M prize - S cost` holds; required nodes are always held,
    /// and what is worth nothing is not. Linear.
    fn worth_holding(&self, problem: &Rooted, price: Price) -> Vec<bool> {
        let count = self.nodes.len();
        let mut worth = vec![0_i128; count];
        let mut forced = vec![false; count];
        let mut hold = vec![false; count];
        hold[0] = true;
        for place in (0..count).rev() {
            let node = self.nodes[place] as usize;
            worth[place] += i128::from(price.prize) * i128::from(problem.prize[node]);
            forced[place] |= problem.required[node];
            if place == 0 {
                break;
            }
            let cost = i128::from(price.cost) * i128::from(problem.cost[self.edge[place] as usize]);
            let gain = worth[place] - cost;
            if forced[place] || gain > 0 {
                hold[place] = true;
                worth[self.parent[place]] += gain;
                forced[self.parent[place]] |= forced[place];
            }
        }
        for place in 1..count {
            hold[place] &= hold[self.parent[place]];
        }
        hold
    }

    fn part(&self, problem: &Rooted, hold: &[bool]) -> Tree {
        let edges: Vec<u32> = (1..self.nodes.len())
            .filter(|&place| hold[place])
            .map(|place| self.edge[place])
            .collect();
        problem.tree(edges)
    }

    /// The rooted part worth most at a price.
    pub fn pruned(&self, problem: &Rooted, price: Price) -> Tree {
        self.part(problem, &self.worth_holding(problem, price))
    }

    /// The rooted part without dead ends that have neither prize nor demand.
    pub fn without_dead_ends(&self, problem: &Rooted) -> Tree {
        let count = self.nodes.len();
        let mut hold = vec![false; count];
        hold[0] = true;
        for place in (1..count).rev() {
            hold[place] |= problem.is_terminal(self.nodes[place]);
            if hold[place] {
                hold[self.parent[place]] = true;
            }
        }
        self.part(problem, &hold)
    }

    /// The rooted part worth most at `price` or, where that breaks the budget or misses the quota, at
    /// the nearest ratio that does not. `None` when no ratio helps. O(nodes of the tree) a step, at
    /// most 40 steps.
    pub fn trimmed(&self, problem: &Rooted, price: Price) -> Option<Tree> {
        let tree = self.pruned(problem, price);
        if problem.allows(&tree) {
            return Some(tree);
        }
        let towards_less = match problem.goal {
            Goal::MostPrize { .. } => true,
            Goal::LeastCost { .. } => false,
            Goal::LeastLoss => return Some(tree),
        };
        let (mut bad, mut good) =
            (price.ratio(), if towards_less { 0.0 } else { price.ratio() * 1e6 });
        let mut best = {
            let extreme = Price::of_ratio(problem, good);
            let tree = self.pruned(problem, extreme);
            problem.allows(&tree).then_some(tree)
        };
        for _ in 0..40 {
            let middle = if good == 0.0 { bad / 4.0 } else { (bad * good).sqrt() };
            let tree = self.pruned(problem, Price::of_ratio(problem, middle));
            if problem.allows(&tree) {
                good = middle;
                if best.as_ref().is_none_or(|best| problem.prefers(&tree, best)) {
                    best = Some(tree);
                }
            } else {
                bad = middle;
            }
            if good > 0.0 && (bad / good - 1.0).abs() < 1e-7 {
                break;
            }
        }
        best
    }
}
