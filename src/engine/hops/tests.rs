//! The parts of the search under a hop limit, each against enumeration.

use super::grow::{Limited, from_nothing, span_saturated};
use super::improve::improve;
use super::layered::Layered;
use super::pair::Pair;
use super::tree::{HopTree, tree_knapsack};
use crate::engine::bound::{Ascent, AscentScratch, Effort, Price};
use crate::engine::heuristic::Oriented;
use crate::engine::oracle::{Shape, brute_force, random_instance};
use crate::engine::rooted::Rooted;
use crate::engine::{Goal, Instance};
use crate::random::Random;

/// Instances with a root and a hop limit, and their base problems.
fn limited(seeds: std::ops::Range<u64>) -> impl Iterator<Item = (u64, Instance, Rooted, u32)> {
    let shape = Shape { rootless: false, ..Shape::default() };
    seeds.filter_map(move |seed| {
        let instance = random_instance(seed, &shape);
        let base = Rooted::new(&instance, instance.root?)?;
        let hops = instance.max_hops?;
        Some((seed, instance, base, hops))
    })
}

#[test]
fn layered_bounds_hold_at_every_price_and_from_every_start() {
    let mut scratch = AscentScratch::default();
    let mut looked = 0;
    for (seed, instance, base, hops) in limited(40_000..46_000) {
        let best = brute_force(&instance).map(|(value, _)| value);
        let Some(pair) = Pair::new(&base, hops) else {
            assert_eq!(best, None, "seed {seed}");
            continue;
        };
        for ratio in [0.01, 0.7, 1.0, 3.0, 1000.0] {
            let least_loss = base.goal == Goal::LeastLoss;
            let price = if least_loss { Price::PLAIN } else { Price::of_ratio(&base, ratio) };
            let flat = Ascent::run(&pair.flat, price, Effort::default(), &mut scratch);
            let effort = Effort { growth: 25, ..Effort::default() };
            for mut ascent in [pair.lift(&pair.flat, &flat), pair.layered.ascent(price)] {
                ascent.rise(&pair.layered.problem, effort, &mut scratch);
                let Some(best) = best else { continue };
                assert!(ascent.feasible, "seed {seed}");
                let bound = price.bound(&pair.layered.problem, ascent.lower);
                let holds = match instance.goal {
                    Goal::MostPrize { .. } => bound >= best,
                    Goal::LeastCost { .. } | Goal::LeastLoss => bound <= best,
                };
                assert!(holds, "seed {seed} ratio {ratio}: {bound} against {best}");
                looked += 1;
            }
        }
    }
    assert!(looked > 10_000, "{looked}");
}

#[test]
fn trees_keep_the_limit_and_local_search_keeps_their_terminals() {
    for (seed, instance, base, hops) in limited(50_000..56_000) {
        let Some(layered) = Layered::new(&base, hops) else { continue };
        let limited = Limited { base: &base, hops };
        let mut scans = 0;
        if let Some(tree) = from_nothing(limited, &layered, &mut scans) {
            let tree = HopTree::of_edges(&base, &tree.edges);
            assert!(tree.held().iter().all(|&node| tree.depth(node) <= hops), "seed {seed}");
        }
        // All copies count as saturated under a price of nothing for costs.
        let mut ascent = layered.ascent(Price::PLAIN);
        ascent.reduced.fill(0);
        let spanned = span_saturated(limited, &layered, &ascent, &mut scans);
        let mut tree = HopTree::new(&base);
        tree = if spanned.edge.len() > 1 {
            HopTree::of_edges(&base, &spanned.edge[1..])
        } else {
            tree
        };
        let (cost, held) = (tree.cost(&base), tree.held().to_vec());
        improve(&mut tree, &base, hops, 5, &mut scans);
        assert!(tree.cost(&base) <= cost, "seed {seed} {instance:?}");
        for &node in &held {
            assert!(!base.is_terminal(node) || tree.holds(node), "seed {seed}: {node} is lost");
        }
        assert!(tree.held().iter().all(|&node| tree.depth(node) <= hops), "seed {seed}");
        let again = HopTree::of_edges(&base, &tree.tree(&base).edges);
        assert_eq!(again.held().len(), tree.held().len(), "seed {seed}: no longer a tree");
    }
}

#[test]
fn the_tree_knapsack_is_exact() {
    for seed in 0..3000 {
        let mut random = Random::new(seed);
        let nodes = 2 + random.below(9);
        let mut instance = Instance::new(nodes as usize, Goal::LeastLoss);
        for node in 1..nodes {
            let parent = random.below(node);
            instance.add_edge(parent, node, random.between(0, 5));
        }
        for prize in &mut instance.prizes {
            *prize = random.between(0, 3);
        }
        if random.one_in(3) {
            instance.demands[nodes as usize - 1] = crate::engine::Demand::Required;
        }
        instance.root = Some(0);
        instance.goal = Goal::MostPrize { budget: random.between(0, 19) };
        let Some(base) = Rooted::new(&instance, 0) else { continue };
        let edges: Vec<u32> = (0..u32::try_from(base.edges()).unwrap()).collect();
        let oriented = Oriented::new(&base, &edges);
        let found = tree_knapsack(&base, &oriented, 1 << 20);
        let expected = brute_force(&instance).map(|(value, _)| value);
        assert_eq!(found.as_ref().map(|tree| tree.prize), expected, "seed {seed} {instance:?}");
        assert!(found.is_none_or(|tree| base.allows(&tree)), "seed {seed}");
    }
}
