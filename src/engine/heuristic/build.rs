//! Trees grown path by path.
//!
//! In: a problem, perhaps with the saturated arcs of a dual ascent. Out: a tree that keeps to the
//! budget or meets the quota, where one is found. Terminals join over the shortest path to all that is
//! held already, so a trench is shared by whoever comes later (the idea of Takahashi and Matsuyama
//! 1980, by ratio of prize to cost).

use super::Oriented;
use super::knapsack::knapsack;
use crate::engine::Goal;
use crate::engine::bound::{Ascent, Price};
use crate::engine::rooted::{Rooted, Tree};
use crate::engine::stop::Watch;
use crate::graph::{Distances, FAR};
use crate::random::Random;

/// Nodes settled between two looks at the clock.
const PATIENCE: u32 = 4096;
/// Work units in which a tree is still filled up once the limit on work is reached.
const FINISHING: u64 = 20_000_000;

/// A tree while it grows.
pub struct Growing<'a> {
    problem: &'a Rooted,
    held: Vec<bool>,
    edges: Vec<u32>,
    cost: i64,
    prize: i64,
    distances: Distances,
}

impl<'a> Growing<'a> {
    /// Begins with the root and the edges of a tree.
    pub fn new(problem: &'a Rooted, edges: &[u32]) -> Self {
        let mut growing = Self {
            problem,
            held: vec![false; problem.nodes()],
            edges: Vec::new(),
            cost: 0,
            prize: 0,
            distances: Distances::new(problem.nodes()),
        };
        growing.hold(problem.root);
        for &edge in edges {
            growing.edges.push(edge);
            growing.cost += problem.cost[edge as usize];
            for end in problem.ends[edge as usize] {
                growing.hold(end);
            }
        }
        growing
    }

    fn hold(&mut self, node: u32) {
        if !std::mem::replace(&mut self.held[node as usize], true) {
            self.prize += self.problem.prize[node as usize];
            self.distances.add_source(node);
        }
    }

    /// What it holds.
    pub fn into_tree(self) -> Tree {
        Tree { edges: self.edges, cost: self.cost, prize: self.prize }
    }

    /// The edges and new nodes of the path from `node` back to what is held.
    fn path(&self, node: u32) -> (Vec<u32>, Vec<u32>) {
        let rows = &self.problem.rows;
        let (mut edges, mut nodes) = (Vec::new(), Vec::new());
        let mut at = node;
        while !self.held[at as usize] {
            nodes.push(at);
            let Some(place) = self.distances.reached_by(at) else { break };
            edges.push(rows.edge(place));
            at = rows.neighbour(rows.twin(place));
        }
        (edges, nodes)
    }

    fn join(&mut self, node: u32) {
        let (edges, nodes) = self.path(node);
        for edge in edges {
            self.cost += self.problem.cost[edge as usize];
            self.edges.push(edge);
        }
        for node in nodes {
            self.hold(node);
        }
    }

    /// Joins, nearest first, all nodes of which `wanted` says so, over edges that `allowed` allows, as long as
    /// nobody interrupts.
    pub fn join_all(&mut self, wanted: &[bool], allowed: &dyn Fn(u32) -> bool, watch: &Watch<'_>) {
        let problem = self.problem;
        let cost = |edge: u32| allowed(edge).then(|| problem.cost[edge as usize]);
        self.join_all_at(wanted, &cost, watch);
    }

    /// The same where `cost` says what an edge costs, or that it may not be used.
    fn join_all_at(
        &mut self,
        wanted: &[bool],
        cost: &dyn Fn(u32) -> Option<i64>,
        watch: &Watch<'_>,
    ) {
        let problem = self.problem;
        let (mut scans, mut settled) = (0, 0_u32);
        loop {
            let mut found = None;
            while let Some((node, _)) = self
                .distances
                .settle(&problem.rows, FAR - 1, |place| cost(problem.rows.edge(place)))
            {
                scans += problem.rows.degree(node) as u64;
                settled = settled.wrapping_add(1);
                if settled.is_multiple_of(PATIENCE) && watch.is_interrupted() {
                    break;
                }
                if wanted[node as usize] && !self.held[node as usize] {
                    found = Some(node);
                    break;
                }
            }
            let Some(node) = found else { break };
            self.join(node);
        }
        watch.spend(scans);
    }

    /// Joins terminals by the best ratio of path cost to prize on the path, as long as the goal gains
    /// and nobody interrupts; once the limit on work is reached, for a
    /// little more work.
    pub fn fill(&mut self, watch: &Watch<'_>) {
        let problem = self.problem;
        let mut open: Vec<Terminal> = problem
            .all_nodes()
            .filter(|&node| problem.prize[node as usize] > 0 && !self.held[node as usize])
            .map(Terminal::new)
            .collect();
        let mut done = 0;
        for node in problem.all_nodes().filter(|&node| self.held[node as usize]) {
            self.distances.add_source(node);
        }
        while !watch.is_interrupted() {
            let room = match problem.goal {
                Goal::MostPrize { budget } => budget - self.cost,
                Goal::LeastCost { at_least } if self.prize >= at_least => break,
                Goal::LeastCost { .. } | Goal::LeastLoss => FAR - 1,
            };
            let stops = || watch.is_interrupted();
            let cost = |place| Some(problem.cost[problem.rows.edge(place) as usize]);
            let looked = self.distances.run_unless(&problem.rows, room, &stops, cost);
            let Some(looked) = looked else { return };
            watch.spend(looked);
            open.retain(|terminal| !self.held[terminal.node as usize]);
            let (best, walked) = self.best_of(&mut open, room);
            done += looked + walked + open.len() as u64;
            let Some(best) = best else { break };
            self.join(best);
            if done > FINISHING && watch.over() {
                break;
            }
        }
    }

    /// The terminal whose path gains most for its cost. The prize of a path is first taken to be its
    /// end's alone, then corrected for the few best.
    ///
    /// Also returns how many nodes were looked at on the way.
    #[allow(clippy::cast_precision_loss)] // a choice, not a proof
    fn best_of(&self, open: &mut [Terminal], room: i64) -> (Option<u32>, u64) {
        let problem = self.problem;
        let lacking = match problem.goal {
            Goal::LeastCost { at_least } => at_least - self.prize,
            Goal::MostPrize { .. } | Goal::LeastLoss => i64::MAX,
        };
        let (mut best, mut walked) = (None::<(f64, u32)>, 0);
        for terminal in open {
            let node = terminal.node;
            let distance = self.distances.of(node);
            if distance > room {
                continue;
            }
            let own = problem.prize[node as usize];
            let mut gain = own;
            // Walking the path is dear, so only where its end alone is not hopeless.
            let rough = distance as f64 / own.min(lacking) as f64;
            if best.is_none_or(|(ratio, _)| rough < 4.0 * ratio) {
                // A path changes only where its end comes nearer.
                if terminal.walked != Some(distance) {
                    let (_, nodes) = self.path(node);
                    walked += nodes.len() as u64;
                    terminal.walked = Some(distance);
                    terminal.gain = nodes.iter().map(|&node| problem.prize[node as usize]).sum();
                }
                gain = terminal.gain;
            }
            if problem.goal == Goal::LeastLoss && gain <= distance {
                continue;
            }
            let ratio = distance as f64 / gain.min(lacking) as f64;
            if best.is_none_or(|(least, _)| ratio < least) {
                best = Some((ratio, node));
            }
        }
        (best.map(|(_, node)| node), walked)
    }
}

/// A terminal that is not held yet.
struct Terminal {
    node: u32,
    /// The distance at which its path was last walked.
    walked: Option<i64>,
    /// The prize on that path.
    gain: i64,
}

impl Terminal {
    const fn new(node: u32) -> Self {
        Self { node, walked: None, gain: 0 }
    }
}

fn holds_required(problem: &Rooted, held: &[bool]) -> bool {
    problem.all_nodes().all(|node| held[node as usize] || !problem.required[node as usize])
}

/// Fills up a tree, improves it by a spanning tree of its nodes while that saves cost, and returns it
/// when it is an answer: required nodes held, budget kept or quota met.
pub fn refine(problem: &Rooted, edges: &[u32], watch: &Watch<'_>) -> Option<Tree> {
    let mut tree = problem.tree(edges.to_vec());
    loop {
        let mut growing = Growing::new(problem, &tree.edges);
        if !holds_required(problem, &growing.held) {
            return None;
        }
        if tree.cost <= problem.budget() {
            growing.fill(watch);
        }
        let held = growing.held.clone();
        let filled = growing.into_tree();
        let spanned = spanning(problem, &held, watch);
        let saves = spanned.cost < filled.cost && spanned.prize >= filled.prize;
        tree = if saves { spanned } else { filled };
        if !saves || tree.cost > problem.budget() || watch.is_interrupted() {
            break;
        }
    }
    if problem.goal == Goal::LeastLoss {
        tree = Oriented::new(problem, &tree.edges).pruned(problem, Price::PLAIN);
    }
    problem.allows(&tree).then_some(tree)
}

/// The least spanning tree of the held nodes, without dead ends. O(m log m) in the edges among them.
fn spanning(problem: &Rooted, held: &[bool], watch: &Watch<'_>) -> Tree {
    let mut edges: Vec<(i64, u32)> = Vec::new();
    for node in problem.all_nodes().filter(|&node| held[node as usize]) {
        watch.spend(problem.rows.degree(node) as u64);
        for place in problem.rows.row(node) {
            let neighbour = problem.rows.neighbour(place);
            if neighbour < node && held[neighbour as usize] {
                let edge = problem.rows.edge(place);
                edges.push((problem.cost[edge as usize], edge));
            }
        }
    }
    edges.sort_unstable();
    let mut union = petgraph::unionfind::UnionFind::<u32>::new(problem.nodes());
    let chosen: Vec<u32> = edges
        .iter()
        .map(|&(_, edge)| edge)
        .filter(|&edge| {
            let [u, v] = problem.ends[edge as usize];
            union.union(u, v)
        })
        .collect();
    Oriented::new(problem, &chosen).without_dead_ends(problem)
}

/// A tree grown from the root by ratio, required nodes first.
pub fn from_nothing(problem: &Rooted, watch: &Watch<'_>) -> Option<Tree> {
    let mut growing = Growing::new(problem, &[]);
    growing.join_all(&problem.required, &|_| true, watch);
    refine(problem, &growing.into_tree().edges, watch)
}

/// A tree in the saturated graph: shortest paths to all terminals reached, pruned at the ascent's
/// price, trimmed to the budget, filled up again. Also returns the cost of the pruned tree before
/// trimming, which tells on which side of the best multiplier the price lies.
pub fn from_saturated(
    problem: &Rooted,
    ascent: &Ascent,
    watch: &Watch<'_>,
) -> (Option<Tree>, Tree) {
    let oriented = spanned_saturated(problem, ascent, watch);
    let pruned = oriented.pruned(problem, ascent.price);
    let tree = best_answer(problem, ascent.price, &oriented, watch);
    (tree, pruned)
}

/// The tree that [`from_saturated`] prunes at the ascent's price, without looking for an answer in it.
pub fn pruned_saturated(problem: &Rooted, ascent: &Ascent, watch: &Watch<'_>) -> Tree {
    spanned_saturated(problem, ascent, watch).pruned(problem, ascent.price)
}

/// Shortest paths in the saturated graph to all terminals reached, and a least spanning tree of their nodes.
fn spanned_saturated(problem: &Rooted, ascent: &Ascent, watch: &Watch<'_>) -> Oriented {
    let rows = &problem.rows;
    let mut saturated = vec![false; problem.edges()];
    for node in problem.all_nodes().filter(|&node| ascent.reached[node as usize]) {
        for place in rows.row(node) {
            if ascent.reduced[place] == 0 && ascent.reached[rows.neighbour(place) as usize] {
                saturated[rows.edge(place) as usize] = true;
            }
        }
    }
    let wanted: Vec<bool> = problem.all_nodes().map(|node| problem.is_terminal(node)).collect();
    let mut growing = Growing::new(problem, &[]);
    growing.join_all(&wanted, &|edge| saturated[edge as usize], watch);
    growing.join_all(&problem.required, &|_| true, watch);
    let held = growing.held;
    let spanned = spanning(problem, &held, watch);
    Oriented::new(problem, &spanned.edges)
}

/// A tree of shortest paths to all terminals for costs made dearer by up to a half at random, spanned,
/// pruned and filled up at the true ones.
pub(crate) fn from_distorted(
    problem: &Rooted,
    random: &mut Random,
    watch: &Watch<'_>,
) -> Option<Tree> {
    let sum: i128 = problem.cost.iter().map(|&cost| i128::from(cost)).sum();
    // Costs of one or two can be distorted only in smaller units.
    let unit = if 48 * sum < i128::from(FAR) { 32 } else { 1 };
    let mut distort = |&cost: &i64| unit * cost + cost / (32 / unit) * random.between(0, 16);
    let distorted: Vec<i64> = problem.cost.iter().map(&mut distort).collect();
    let wanted: Vec<bool> = problem.all_nodes().map(|node| problem.is_terminal(node)).collect();
    let mut growing = Growing::new(problem, &[]);
    growing.join_all_at(&wanted, &|edge| Some(distorted[edge as usize]), watch);
    let held = growing.held;
    let spanned = spanning(problem, &held, watch);
    best_answer(problem, Price::PLAIN, &Oriented::new(problem, &spanned.edges), watch)
}

/// The best answer found in the tree of the given edges, filled up.
pub fn cut_to_size(
    problem: &Rooted,
    price: Price,
    edges: &[u32],
    watch: &Watch<'_>,
) -> Option<Tree> {
    best_answer(problem, price, &Oriented::new(problem, edges), watch)
}

fn best_answer(
    problem: &Rooted,
    price: Price,
    oriented: &Oriented,
    watch: &Watch<'_>,
) -> Option<Tree> {
    let tree = oriented.trimmed(problem, price)?;
    let tree = knapsack(oriented, problem, price, &tree, watch).unwrap_or(tree);
    refine(problem, &tree.edges, watch)
}
