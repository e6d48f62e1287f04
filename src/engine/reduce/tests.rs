//! Every test alone, and all together, against enumeration of all trees of thousands of tiny instances.

use super::{Reduced, Test, Work, run_all};
use crate::effort::Effort;
use crate::engine::stop::Watch;
use crate::engine::{Demand, Goal, Instance, Solution};
use crate::observe::Silent;
use crate::random::Random;

/// How the instances of a run differ.
#[derive(Clone, Copy, Debug)]
struct Shape {
    goal: Goal,
    hops: bool,
    rooted: bool,
    required: u32,
}

fn tiny(random: &mut Random, shape: Shape) -> Instance {
    let nodes = 2 + random.below(6);
    let mut instance = Instance::new(nodes as usize, shape.goal);
    let dear = [2, 4, 10, 40][random.below(4) as usize];
    let rich = [2, 5, 12, 60][random.below(4) as usize];
    let few = 1 + random.below(3);
    for node in 0..nodes as usize {
        if random.below(3) < few {
            instance.prizes[node] = i64::from(random.below(rich));
        }
        match random.below(12) {
            0 => instance.demands[node] = Demand::Forbidden,
            at if at <= shape.required => instance.demands[node] = Demand::Required,
            _ => {}
        }
    }
    // Mostly sparse and connected, sometimes with loops, parallel edges and loose ends.
    let spare = random.below(4);
    for node in 1..nodes {
        if random.below(10) > 0 {
            instance.add_edge(random.below(node), node, i64::from(random.below(dear)));
        }
    }
    for _ in 0..spare {
        instance.add_edge(random.below(nodes), random.below(nodes), i64::from(random.below(dear)));
    }
    if shape.rooted {
        instance.root = Some(random.below(nodes));
        instance.max_hops = shape.hops.then(|| random.below(5));
    }
    let limit = i64::from(random.below(3 * dear.max(rich)));
    instance.goal = match shape.goal {
        Goal::MostPrize { .. } => Goal::MostPrize { budget: limit },
        Goal::LeastCost { .. } => Goal::LeastCost { at_least: limit },
        Goal::LeastLoss => Goal::LeastLoss,
    };
    instance
}

/// The tree of an edge set, if it is one: nodes and depth below `start`.
fn tree_of(instance: &Instance, edges: &[u32], start: u32) -> Option<(Vec<u32>, u32)> {
    let mut depth = vec![None; instance.nodes()];
    depth[start as usize] = Some(0);
    let mut nodes = vec![start];
    let mut at = 0;
    let mut used = 0;
    while at < nodes.len() {
        let node = nodes[at];
        at += 1;
        for &edge in edges {
            let [u, v] = instance.edges[edge as usize].ends;
            let to = if u == node {
                v
            } else if v == node {
                u
            } else {
                continue;
            };
            if depth[to as usize].is_none() {
                depth[to as usize] = depth[node as usize].map(|depth: u32| depth + 1);
                nodes.push(to);
                used += 1;
            }
        }
    }
    nodes.sort_unstable();
    let deepest = depth.into_iter().flatten().max()?;
    (used == edges.len()).then_some((nodes, deepest))
}

fn feasible(instance: &Instance, tree: &Solution) -> bool {
    let Some(start) = instance.root.or(tree.nodes.first().copied()) else {
        let met = !matches!(instance.goal, Goal::LeastCost { at_least } if at_least > 0);
        let within = !matches!(instance.goal, Goal::MostPrize { budget } if budget < 0);
        return tree.edges.is_empty() && instance.may_be_empty() && met && within;
    };
    let Some((nodes, depth)) = tree_of(instance, &tree.edges, start) else { return false };
    let within = match instance.goal {
        Goal::MostPrize { budget } => tree.cost(instance) <= budget,
        Goal::LeastCost { at_least } => tree.prize(instance) >= at_least,
        Goal::LeastLoss => true,
    };
    let demands = (0..).zip(&instance.demands).all(|(node, demand)| match demand {
        Demand::Optional => true,
        Demand::Required => nodes.binary_search(&node).is_ok(),
        Demand::Forbidden => nodes.binary_search(&node).is_err(),
    });
    nodes == tree.nodes && within && demands && instance.max_hops.is_none_or(|most| depth <= most)
}

/// A best tree by enumeration of all edge sets.
pub(super) fn best_tree(instance: &Instance) -> Option<Solution> {
    let edges = u32::try_from(instance.edges.len()).unwrap();
    let mut best: Option<(i64, Solution)> = None;
    let mut offer = |tree: Solution| {
        if feasible(instance, &tree) {
            let worth = rank(instance.goal, instance.objective(&tree));
            if best.as_ref().is_none_or(|(least, _)| worth < *least) {
                best = Some((worth, tree));
            }
        }
    };
    offer(Solution::default());
    for node in (0..).take(instance.nodes()) {
        offer(Solution { nodes: vec![node], edges: Vec::new() });
    }
    for set in 1_u32..1 << edges {
        let edges: Vec<u32> = (0..edges).filter(|edge| set >> edge & 1 == 1).collect();
        let start = instance.edges[edges[0] as usize].ends[0];
        if let Some((nodes, _)) = tree_of(instance, &edges, start) {
            offer(Solution { nodes, edges });
        }
    }
    best.map(|(_, tree)| tree)
}

/// The objective turned so that less is better.
fn rank(goal: Goal, objective: i64) -> i64 {
    if matches!(goal, Goal::MostPrize { .. }) { -objective } else { objective }
}

/// Checks a reduction of `instance` in every promise it makes.
fn judge(instance: &Instance, reduced: Option<&Reduced>, best: Option<&Solution>) {
    let worth = |tree: &Solution| rank(instance.goal, instance.objective(tree));
    let Some(best) = best else {
        // A reduction need not notice that nothing is possible, but must not make something up.
        assert!(reduced.is_none_or(|reduced| best_tree(&reduced.instance).is_none()));
        return;
    };
    let reduced = reduced.expect("an answer exists");
    reduced.instance.validate().unwrap();
    let aside = reduced.aside(instance);
    assert!(aside.as_ref().is_none_or(|tree| feasible(instance, tree)));
    let found = best_tree(&reduced.instance);
    if let Some(tree) = &found {
        let restored = reduced.restore(instance, tree);
        assert!(feasible(instance, &restored), "{reduced:?} {restored:?}");
        let value = reduced.instance.objective(tree) + reduced.offset;
        assert!(worth(&restored) <= rank(instance.goal, value));
        assert!(worth(best) <= rank(instance.goal, value));
    }
    let values = found.map(|tree| reduced.instance.objective(&tree) + reduced.offset);
    let values = values.into_iter().chain(aside.map(|tree| instance.objective(&tree)));
    let reached = values.map(|value| rank(instance.goal, value)).min();
    assert_eq!(reached, Some(worth(best)), "{reduced:?}");
    if let Some(tree) = reduced.project(instance, best) {
        assert!(feasible(&reduced.instance, &tree));
    }
}

const GOALS: [Goal; 3] =
    [Goal::MostPrize { budget: 0 }, Goal::LeastCost { at_least: 0 }, Goal::LeastLoss];

/// Runs `reduction` on many instances of every shape, with this much work at most.
fn on_all_shapes(each: u32, most: Option<u64>, reduction: impl Fn(&mut Work, &Watch<'_>)) {
    for goal in GOALS {
        for (rooted, hops) in [(false, false), (true, false), (true, true)] {
            for required in [0, 2, 9] {
                let shape = Shape { goal, hops, rooted, required };
                let mut random = Random::new(u64::from(required) + 77);
                for _ in 0..each {
                    let instance = tiny(&mut random, shape);
                    let mut work = Work::new(&instance);
                    let mut silent = Silent;
                    let effort = Effort { work: most, ..Effort::default() };
                    reduction(&mut work, &Watch::new(&effort, &mut silent));
                    judge(&instance, work.finish().as_ref(), best_tree(&instance).as_ref());
                }
            }
        }
    }
}

#[test]
fn every_test_alone_keeps_the_optimum() {
    for test in Test::ALL {
        on_all_shapes(200, None, |work, watch| test.run(work, watch));
    }
}

#[test]
fn cleaning_alone_keeps_the_optimum() {
    on_all_shapes(300, None, |_, _| {});
}

#[test]
fn all_tests_together_keep_the_optimum() {
    on_all_shapes(1200, None, run_all);
}

#[test]
fn tests_that_are_stopped_half_way_keep_the_optimum() {
    for most in [0, 5, 20, 40, 60, 100, 150, 250] {
        on_all_shapes(60, Some(most), run_all);
    }
}

#[test]
fn stages_compose() {
    for goal in GOALS {
        let shape = Shape { goal, hops: false, rooted: true, required: 2 };
        let mut random = Random::new(5);
        for _ in 0..1000 {
            let instance = tiny(&mut random, shape);
            let mut silent = Silent;
            let watch = Watch::new(&Effort::default(), &mut silent);
            let mut first = Work::new(&instance);
            Test::ShortNodes.run(&mut first, &watch);
            let second = first.finish().and_then(|reduced| {
                let mut work = Work::resume(reduced);
                run_all(&mut work, &watch);
                work.finish()
            });
            judge(&instance, second.as_ref(), best_tree(&instance).as_ref());
        }
    }
}

#[test]
fn a_road_with_side_streets_becomes_one_edge() {
    let mut instance = Instance::new(100, Goal::MostPrize { budget: 1000 });
    for node in 1..50 {
        instance.add_edge(node - 1, node, 2);
        instance.add_edge(node, node + 50, 1);
    }
    instance.root = Some(0);
    instance.prizes[49] = 7;
    let mut silent = Silent;
    let watch = Watch::new(&Effort::default(), &mut silent);
    let reduced = super::reduce(&instance, &watch).unwrap();
    assert_eq!((reduced.instance.nodes(), reduced.instance.edges.len()), (2, 1));
    assert_eq!(reduced.instance.edges[0].cost, 98);
    let tree = Solution { nodes: vec![0, 1], edges: vec![0] };
    let restored = reduced.restore(&instance, &tree);
    assert_eq!((restored.nodes.len(), restored.cost(&instance)), (50, 98));
    assert_eq!(reduced.project(&instance, &restored), Some(tree));
}
