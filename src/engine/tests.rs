//! The engine as a whole against brute force on thousands of tiny instances.

use std::ops::ControlFlow;

use super::LARGE;
use super::oracle::{Shape, brute_force, random_instance};
use super::solving::search;
use super::stop::Watch;
use super::verify::verify_outcome;
use super::{Demand, Edge, Goal, Instance, Outcome, solve};
use crate::effort::Effort;
use crate::observe::{Event, Observer, Silent, Stop};
use crate::random::Random;
use crate::status::Status;

fn solved(instance: &Instance, work: Option<u64>) -> Outcome {
    let effort = Effort { work, ..Effort::default() };
    solve(instance, &effort, &mut Silent).expect("a valid instance")
}

fn agrees_with_brute_force(seed: u64, instance: &Instance) {
    let best = brute_force(instance).map(|(value, _)| value);
    let outcome = solved(instance, None);
    assert_eq!(outcome.objective, best, "seed {seed}: {outcome:?} {instance:?}");
    match best {
        None => assert_eq!(outcome.status, Status::Infeasible, "seed {seed}"),
        Some(best) => {
            assert_eq!((outcome.status, outcome.bound), (Status::Optimal, best), "seed {seed}");
        }
    }
    assert_eq!(verify_outcome(instance, &outcome), Ok(()), "seed {seed}");
    for work in [0, 20, 100, 400] {
        let stopped = solved(instance, Some(work));
        assert_eq!(verify_outcome(instance, &stopped), Ok(()), "seed {seed} work {work}");
        for bound in [stopped.bound, stopped.root_bound] {
            let valid = match (best, instance.goal) {
                (None, _) => true,
                (Some(best), Goal::MostPrize { .. }) => bound >= best,
                (Some(best), Goal::LeastCost { .. } | Goal::LeastLoss) => bound <= best,
            };
            assert!(valid, "seed {seed} work {work}: best {best:?} {stopped:?} {instance:?}");
        }
    }
}

#[test]
fn instances_without_root_are_solved_like_by_brute_force() {
    let shape = Shape { hops: false, ..Shape::default() };
    for seed in 100_000..110_000 {
        let mut instance = random_instance(seed, &shape);
        instance.root = None;
        agrees_with_brute_force(seed, &instance);
    }
}

#[test]
fn rooted_instances_are_solved_like_by_brute_force() {
    let shape = Shape { hops: false, rootless: false, ..Shape::default() };
    for seed in 0..12_000 {
        agrees_with_brute_force(seed, &random_instance(seed, &shape));
    }
}

#[test]
fn instances_with_hop_limits_are_solved_like_by_brute_force() {
    let shape = Shape { rootless: false, ..Shape::default() };
    let limited = |seed| {
        let instance = random_instance(seed, &shape);
        instance.max_hops.is_some().then_some(instance)
    };
    for seed in 0..40_000 {
        if let Some(instance) = limited(seed) {
            agrees_with_brute_force(seed, &instance);
        }
    }
}

#[test]
fn the_search_alone_is_right_without_reductions() {
    let shape = Shape { hops: false, ..Shape::default() };
    for seed in 20_000..24_000 {
        let instance = random_instance(seed, &shape);
        if matches!(instance.goal, Goal::MostPrize { budget } if budget < 0) {
            continue;
        }
        let best = brute_force(&instance).map(|(value, _)| value);
        let mut silent = Silent;
        let watch = Watch::new(&Effort::default(), &mut silent);
        let found = search(&instance, seed, &watch);
        assert_eq!(found.incumbent.value(), best, "seed {seed}: {instance:?}");
        assert_eq!(found.bound, best, "seed {seed}: {instance:?}");
    }
}

/// Streets in a square grid, with prizes here and there.
fn streets(seed: u64, side: u32) -> Instance {
    let mut random = Random::new(seed);
    let mut instance = Instance::new((side * side) as usize, Goal::LeastLoss);
    for node in 0..side * side {
        if node % side > 0 {
            instance.add_edge(node - 1, node, random.between(20, 60));
        }
        if node >= side {
            instance.add_edge(node - side, node, random.between(20, 60));
        }
        if random.one_in(3) {
            instance.prizes[node as usize] = random.between(1, 120);
        }
    }
    instance.root = Some(random.below(side * side));
    let total: i64 = instance.prizes.iter().sum();
    instance.goal = match seed % 3 {
        0 => Goal::MostPrize { budget: total / 3 },
        1 => Goal::LeastCost { at_least: total / 3 },
        _ => Goal::LeastLoss,
    };
    instance
}

#[test]
fn neighbourhoods_find_what_the_bounds_of_other_seeds_allow() {
    for case in 0..12 {
        let instance = streets(case, 24);
        let outcomes = [0, 1, 2].map(|seed| {
            let effort = Effort { work: Some(20_000_000), seed, ..Effort::default() };
            solve(&instance, &effort, &mut Silent).expect("a valid instance")
        });
        for one in &outcomes {
            assert_eq!(verify_outcome(&instance, one), Ok(()), "case {case}");
            let value = one.objective.expect("a tree");
            for other in &outcomes {
                let beaten = instance.goal.beats(value, other.bound);
                assert!(!beaten, "case {case}: {value} beats the bound {}", other.bound);
            }
        }
    }
}

/// Asks to stop at once.
struct Halted;

impl Observer for Halted {
    fn on(&mut self, _: &Event<'_>) -> ControlFlow<Stop> {
        ControlFlow::Break(Stop)
    }
}

#[test]
fn no_search_of_a_large_graph_begins_once_time_is_up() {
    let nodes = u32::try_from(LARGE + 1).unwrap();
    let edges = (1..nodes).map(|node| Edge { ends: [node - 1, node], cost: 1 }).collect();
    let mut instance = Instance {
        edges,
        prizes: vec![2; LARGE + 1],
        demands: vec![Demand::Optional; LARGE + 1],
        root: Some(0),
        goal: Goal::MostPrize { budget: 10 },
        max_hops: None,
    };
    let total = 2 * i64::from(nodes);
    let goals =
        [(instance.goal, total), (Goal::LeastCost { at_least: 22 }, 0), (Goal::LeastLoss, 0)];
    for (goal, bound) in goals {
        instance.goal = goal;
        let outcome = solve(&instance, &Effort::default(), &mut Halted).unwrap();
        let found = (outcome.status, outcome.solution.is_some(), outcome.bound, outcome.root_bound);
        assert_eq!(found, (Status::Unknown, false, bound, bound), "{goal:?}");
    }
    // Small graphs are answered whatever the time.
    instance.goal = Goal::MostPrize { budget: 10 };
    instance.edges.truncate(50);
    instance.prizes.truncate(51);
    instance.demands.truncate(51);
    let outcome = solve(&instance, &Effort::default(), &mut Halted).unwrap();
    assert!(outcome.solution.is_some() && outcome.bound >= 22, "{outcome:?}");
}
