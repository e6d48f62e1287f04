//! The parts of the search under a hop limit, each against enumeration.

use super::detours::detours;
use super::grow::{Limited, from_nothing, is_answer, span_saturated};
use super::improve::improve;
use super::layered::Layered;
use super::pair::Pair;
use super::sweep::{Sweep, Swept};
use super::tree::{HopTree, tree_knapsack};
use crate::engine::bound::{Ascent, AscentScratch, AscentSettings, Price, fix};
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
            let flat = Ascent::run(&pair.flat, price, AscentSettings::default(), &mut scratch);
            let settings = AscentSettings { growth: 25, ..AscentSettings::default() };
            for mut ascent in [pair.lift(&pair.flat, &flat), pair.layered.ascent(price)] {
                ascent.rise(&pair.layered.problem, settings, &mut scratch);
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

/// Finds the optimum by a sweep alone, from an incumbent `target` or none.
fn sweep_to(base: &Rooted, pair: &Pair, price: Price, target: Option<i64>) -> Swept {
    let mut ascent = pair.layered.ascent(price);
    ascent.rise(&pair.layered.problem, AscentSettings::default(), &mut AscentScratch::default());
    let all = i64::MAX / 8;
    let slack = target
        .map_or(all, |target| price.slack(&pair.layered.problem, ascent.lower, target).min(all));
    let fixing = fix(&pair.layered.problem, &ascent, slack);
    let sweep = Sweep::new(base, &pair.layered, &ascent, &fixing, slack);
    sweep.unwrap().run(u64::MAX, &mut 0)
}

#[test]
fn sweeps_find_the_optimum_and_prove_that_nothing_beats_it() {
    let (mut found, mut nothing) = (0, 0);
    for (seed, instance, base, hops) in limited(60_000..80_000) {
        let best = brute_force(&instance).map(|(value, _)| value);
        let Some(pair) = Pair::new(&base, hops) else {
            assert_eq!(best, None, "seed {seed}");
            continue;
        };
        for ratio in [0.3, 1.0, 30.0] {
            let least_loss = base.goal == Goal::LeastLoss;
            let price = if least_loss { Price::PLAIN } else { Price::of_ratio(&base, ratio) };
            let value_of = |swept: Swept| match swept {
                Swept::GaveUp => panic!("seed {seed}: gave up"),
                Swept::Nothing => None,
                Swept::Best(edges) => {
                    let tree = HopTree::of_edges(&base, &edges);
                    let found = tree.tree(&base);
                    assert_eq!(found.edges.len(), edges.len(), "seed {seed}: not a tree");
                    assert!(is_answer(&base, &tree, &found), "seed {seed} {instance:?}");
                    assert!(tree.held().iter().all(|&node| tree.depth(node) <= hops));
                    Some(base.value(&found))
                }
            };
            let better = i64::from(matches!(base.goal, Goal::MostPrize { .. })) * 2 - 1;
            assert_eq!(value_of(sweep_to(&base, &pair, price, None)), best, "seed {seed}");
            let Some(best) = best else { continue };
            let again = sweep_to(&base, &pair, price, Some(best));
            assert_eq!(value_of(again), Some(best), "seed {seed} ratio {ratio}");
            found += 1;
            // Reduced costs need not rule everything out, but what is found is no better.
            let beyond = value_of(sweep_to(&base, &pair, price, Some(best + better)));
            assert!(beyond.is_none_or(|value| !base.beats(value, best)), "seed {seed}");
            nothing += usize::from(beyond.is_none());
        }
    }
    assert!(found > 10_000 && nothing > 1000, "{found} {nothing}");
}

#[test]
fn detours_are_on_no_best_tree() {
    let mut dropped = 0;
    for (seed, instance, base, hops) in limited(80_000..90_000) {
        let best = brute_force(&instance).map(|(value, _)| value);
        let Some(layered) = Layered::new(&base, hops) else { continue };
        let detour = detours(&layered);
        dropped += detour.iter().filter(|&&detour| detour).count();
        let Some(layered) = layered.without_detours() else {
            assert_eq!(best, None, "seed {seed}");
            continue;
        };
        let price =
            if base.goal == Goal::LeastLoss { Price::PLAIN } else { Price::of_ratio(&base, 1.0) };
        let pair = Pair { flat: base.clone(), layered };
        let value = match sweep_to(&base, &pair, price, None) {
            Swept::GaveUp => panic!("seed {seed}: gave up"),
            Swept::Nothing => None,
            Swept::Best(edges) => Some(base.value(&base.tree(edges))),
        };
        assert_eq!(value, best, "seed {seed} {instance:?}");
    }
    assert!(dropped > 1000, "{dropped}");
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
