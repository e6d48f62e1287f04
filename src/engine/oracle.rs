//! Oracles for tests: small random instances full of degenerate cases, and their optima by enumeration.
//!
//! What for: reductions, bounds and the search are compared with these by the ten thousand. In: a seed.
//! Out: an instance; for an instance of at most 14 edges, its optimum. For tests alone, and written
//! to be obviously right rather than fast.

use super::instance::{Demand, Edge, Goal, Instance, Solution};
use crate::random::Random;

/// What random instances may hold.
#[derive(Clone, Copy, Debug)]
#[allow(clippy::struct_excessive_bools)] // independent switches, named where they are set
pub struct Shape {
    /// At most so many nodes (at least one).
    pub nodes: u32,
    /// At most so many edges.
    pub edges: u32,
    /// Whether numbers near 2^50 may occur.
    pub huge: bool,
    /// Whether hop limits may occur (they imply a root).
    pub hops: bool,
    /// Whether instances without a root may occur.
    pub rootless: bool,
    /// Whether required and forbidden nodes may occur.
    pub demands: bool,
}

impl Default for Shape {
    fn default() -> Self {
        Self { nodes: 8, edges: 12, huge: true, hops: true, rootless: true, demands: true }
    }
}

/// Whether the numbers of one instance tie, vanish or explode.
fn amount(random: &mut Random, style: u64) -> i64 {
    match style {
        0 => 0,
        1 => 1,
        2 => random.between(0, 2),
        3 => random.between(0, 19),
        4 => random.between(0, 999),
        5 => (1 << 50) - random.between(0, 3),
        _ => random.pick(&[0, 1, 7, 1 << 40, 1 << 50]),
    }
}

fn style(random: &mut Random, shape: &Shape) -> u64 {
    // The common styles stand more often than the odd ones.
    let styles: &[u64] =
        if shape.huge { &[0, 1, 2, 2, 3, 3, 3, 4, 4, 5, 6] } else { &[0, 1, 2, 2, 3, 3, 4] };
    random.pick(styles)
}

/// The instance of a seed: goals, roots, hop limits, demands, parallel edges, self-loops, parts that
/// no edge joins, ties, zeros and huge numbers all occur.
#[must_use]
pub fn random_instance(seed: u64, shape: &Shape) -> Instance {
    let mut random = Random::new(seed);
    let nodes = 1 + random.below(shape.nodes);
    let edges = random.below(shape.edges + 1);
    let (cost_style, prize_style) = (style(&mut random, shape), style(&mut random, shape));
    let mut instance = Instance::new(nodes as usize, Goal::LeastLoss);
    for place in 0..edges {
        // Most instances should hang together: the first edges grow a random tree.
        let grows = place + 1 < nodes && !random.one_in(12);
        let v = if grows { place + 1 } else { random.below(nodes) };
        let u = if grows { random.below(v) } else { random.below(nodes) };
        let cost = amount(&mut random, cost_style);
        instance.edges.push(Edge { ends: [u, v], cost });
    }
    let sparse = 1 + random.below(3);
    for prize in &mut instance.prizes {
        *prize = if random.one_in(sparse) { amount(&mut random, prize_style) } else { 0 };
    }
    if shape.demands && random.one_in(3) {
        for demand in &mut instance.demands {
            *demand = match random.below(10) {
                0 | 1 => Demand::Required,
                2 => Demand::Forbidden,
                _ => Demand::Optional,
            };
        }
    }
    if !(shape.rootless && random.one_in(4)) {
        instance.root = Some(random.below(nodes));
    }
    if shape.hops && instance.root.is_some() && random.one_in(3) {
        instance.max_hops = Some(random.below(5));
    }
    instance.goal = random_goal(&mut random, &instance);
    instance
}

fn random_goal(random: &mut Random, instance: &Instance) -> Goal {
    let mut share = |total: i64| {
        let eighths = random.between(0, 8);
        total / 8 * eighths + total % 8
    };
    let budget = share(instance.edges.iter().map(|edge| edge.cost).sum());
    let at_least = share(instance.prizes.iter().sum());
    match random.below(3) {
        0 => Goal::MostPrize { budget },
        1 => Goal::LeastCost { at_least },
        _ => Goal::LeastLoss,
    }
}

/// The optimum of an instance of at most 14 edges, with a solution, by looking at every set of edges.
///
/// `None` where there is no answer. Exponential in the edges.
#[must_use]
pub fn brute_force(instance: &Instance) -> Option<(i64, Solution)> {
    assert!(instance.edges.len() <= 14 && instance.nodes() <= 64, "too large for enumeration");
    let mut best: Option<(i64, Solution)> = None;
    let mut offer = |nodes: u64, edges: u64| {
        let Some(value) = value_of(instance, nodes, edges) else { return };
        let better = best.as_ref().is_none_or(|&(found, _)| match instance.goal {
            Goal::MostPrize { .. } => value > found,
            Goal::LeastCost { .. } | Goal::LeastLoss => value < found,
        });
        if better {
            best = Some((value, Solution { nodes: members(nodes), edges: members(edges) }));
        }
    };
    let single: Vec<u64> = match instance.root {
        Some(root) => vec![1 << root],
        None => (0..instance.nodes()).map(|node| 1 << node).chain([0]).collect(),
    };
    for nodes in single {
        offer(nodes, 0);
    }
    for edges in 1..1_u64 << instance.edges.len() {
        let nodes = members(edges)
            .iter()
            .flat_map(|&edge| instance.edges[edge as usize].ends)
            .fold(0_u64, |nodes, end| nodes | 1 << end);
        offer(nodes, edges);
    }
    best
}

fn members(set: u64) -> Vec<u32> {
    (0..64).filter(|&place| set >> place & 1 == 1).collect()
}

/// The objective of a set of nodes and edges, if it is an answer.
fn value_of(instance: &Instance, nodes: u64, edges: u64) -> Option<i64> {
    let holds = |node: u32| nodes >> node & 1 == 1;
    if nodes != 0 && edges.count_ones() + 1 != nodes.count_ones() {
        return None;
    }
    for (node, &demand) in (0..).zip(&instance.demands) {
        match demand {
            Demand::Required if !holds(node) => return None,
            Demand::Forbidden if holds(node) => return None,
            _ => {}
        }
    }
    if instance.root.is_some_and(|root| !holds(root)) {
        return None;
    }
    // Grow from the root, one hop a round; a tree is all reached within as many rounds as it has nodes.
    let start = instance.root.unwrap_or(nodes.trailing_zeros());
    let mut reached = if nodes == 0 { 0 } else { 1_u64 << start };
    for _ in 0..instance.max_hops.unwrap_or(nodes.count_ones()) {
        let before = reached;
        for edge in members(edges) {
            let [u, v] = instance.edges[edge as usize].ends;
            if before >> u & 1 == 1 || before >> v & 1 == 1 {
                reached |= 1 << u | 1 << v;
            }
        }
    }
    if reached != nodes {
        return None;
    }
    let cost: i64 = members(edges).iter().map(|&edge| instance.edges[edge as usize].cost).sum();
    let prize: i64 = members(nodes).iter().map(|&node| instance.prizes[node as usize]).sum();
    match instance.goal {
        Goal::MostPrize { budget } => (cost <= budget).then_some(prize),
        Goal::LeastCost { at_least } => (prize >= at_least).then_some(cost),
        Goal::LeastLoss => Some(cost + instance.prizes.iter().sum::<i64>() - prize),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::verify::verify;

    #[test]
    fn enumeration_finds_what_the_verifier_accepts() {
        let (mut answers, mut hops, mut rootless) = (0, 0, 0);
        for seed in 0..3000 {
            let instance = random_instance(seed, &Shape { edges: 8, ..Shape::default() });
            instance.validate().unwrap();
            if let Some((value, solution)) = brute_force(&instance) {
                assert_eq!(verify(&instance, &solution), Ok(i128::from(value)), "seed {seed}");
                answers += 1;
            }
            hops += usize::from(instance.max_hops.is_some());
            rootless += usize::from(instance.root.is_none());
        }
        assert!(answers > 2000 && hops > 500 && rootless > 500, "{answers} {hops} {rootless}");
    }

    #[test]
    fn a_case_worked_by_hand() {
        // A root with two arms; the far prize is worth it only when its arm is shared.
        let mut instance = Instance::new(4, Goal::LeastLoss);
        instance.root = Some(0);
        instance.add_edge(0, 1, 5);
        instance.add_edge(1, 2, 1);
        instance.add_edge(1, 3, 1);
        instance.prizes = vec![0, 0, 4, 4];
        assert_eq!(brute_force(&instance).unwrap().0, 7);
        instance.max_hops = Some(1);
        assert_eq!(brute_force(&instance).unwrap().0, 8);
        instance.goal = Goal::MostPrize { budget: 6 };
        instance.max_hops = None;
        assert_eq!(brute_force(&instance).unwrap().0, 4);
        instance.goal = Goal::LeastCost { at_least: 9 };
        assert_eq!(brute_force(&instance), None);
    }
}
