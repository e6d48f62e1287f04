//! Speed of the engine on road-like graphs, and how reductions and one bound pass grow with size.
//!
//! `cargo bench -p fibreplan-benches --bench engine`; sizes S M L, fixed seeds. The last group is the growth curve of
//! BENCHMARKS.md: 10k, 100k and 1M edges, read into a fresh instance each time.

use std::hint::black_box;
use std::ops::ControlFlow;
use std::time::Duration;

use criterion::{BenchmarkId, Criterion, SamplingMode, criterion_group, criterion_main};
use fibreplan::effort::Effort;
use fibreplan::engine::{Goal, Instance, Outcome, solve};
use fibreplan::internals::random::Random;
use fibreplan::observe::{Event, Silent, Stop};

/// A street grid with about `edges` edges: one link in seven is missing, most links bend (up to three
/// pieces), one crossing in 150 holds a prize, and the budget pays for about a third of them.
fn streets(edges: u32, seed: u64) -> Instance {
    let mut random = Random::new(seed);
    // Two links a crossing, six sevenths of them there, two pieces each: 3.4 edges a crossing.
    let side = (edges * 100 / 343).isqrt();
    let mut instance = Instance::new((side * side) as usize, Goal::LeastLoss);
    for row in 0..side {
        for column in 0..side {
            let here = row * side + column;
            let right = (column + 1 < side).then_some(here + 1);
            let below = (row + 1 < side).then_some(here + side);
            for there in [right, below].into_iter().flatten() {
                // The first row and column stay whole, so that everything hangs together.
                if row > 0 && column > 0 && random.below(7) == 0 {
                    continue;
                }
                bend(&mut instance, &mut random, here, there);
            }
        }
    }
    let crossings = side * side;
    let prized = (crossings / 150).max(5);
    for _ in 0..prized {
        let node = random.below(crossings);
        instance.prizes[node as usize] = random.between(500, 12_499);
    }
    instance.root = Some(random.below(crossings));
    let total: i64 = instance.edges.iter().map(|edge| edge.cost).sum();
    instance.goal = Goal::MostPrize { budget: total / 60 };
    instance
}

/// A link of one to three pieces.
fn bend(instance: &mut Instance, random: &mut Random, from: u32, to: u32) {
    let mut at = from;
    for _ in 0..random.below(3) {
        let next = u32::try_from(instance.nodes()).expect("a bench is small");
        instance.prizes.push(0);
        instance.demands.push(fibreplan::engine::Demand::Optional);
        instance.add_edge(at, next, random.between(2_000, 9_999));
        at = next;
    }
    instance.add_edge(at, to, random.between(2_000, 9_999));
}

/// Reductions, a first tree and one bound pass: the search is stopped at its first report.
fn first_bound(instance: &Instance) -> Outcome {
    let mut stop = |event: &Event<'_>| match event {
        Event::Progress { .. } => ControlFlow::Break(Stop),
        _ => ControlFlow::Continue(()),
    };
    solve(instance, &Effort::default(), &mut stop).expect("a valid instance")
}

fn with_work(instance: &Instance, work: u64) -> Outcome {
    let mut effort = Effort::default();
    effort.work = Some(work);
    solve(instance, &effort, &mut Silent).expect("a valid instance")
}

fn goals(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("solve/2M work units");
    group.sample_size(10).sampling_mode(SamplingMode::Flat);
    for (size, edges) in [("S", 300), ("M", 3_000), ("L", 30_000)] {
        let mut instance = streets(edges, 1);
        group.bench_function(BenchmarkId::new("most prize", size), |bench| {
            bench.iter(|| with_work(black_box(&instance), 2_000_000));
        });
        instance.goal = Goal::LeastCost { at_least: instance.prizes.iter().sum::<i64>() / 2 };
        group.bench_function(BenchmarkId::new("least cost", size), |bench| {
            bench.iter(|| with_work(black_box(&instance), 2_000_000));
        });
        instance.goal = Goal::LeastLoss;
        for prize in &mut instance.prizes {
            *prize *= 10;
        }
        group.bench_function(BenchmarkId::new("least loss", size), |bench| {
            bench.iter(|| with_work(black_box(&instance), 2_000_000));
        });
    }
    group.finish();
}

fn hop_limit(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("hop limit/2M work units");
    group.sample_size(10).sampling_mode(SamplingMode::Flat);
    for (size, edges) in [("S", 300), ("M", 1_000)] {
        let mut instance = streets(edges, 1);
        instance.max_hops = Some(20);
        group.bench_function(BenchmarkId::new("most prize", size), |bench| {
            bench.iter(|| with_work(black_box(&instance), 2_000_000));
        });
    }
    group.finish();
}

fn growth(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("reductions and first bound");
    group.sample_size(10).sampling_mode(SamplingMode::Flat);
    group.warm_up_time(Duration::from_millis(1));
    for edges in [10_000, 100_000, 1_000_000] {
        let instance = streets(edges, 1);
        group.bench_function(BenchmarkId::from_parameter(edges), |bench| {
            bench.iter(|| first_bound(black_box(&instance)));
        });
    }
    group.finish();
}

criterion_group!(benches, goals, hop_limit, growth);
criterion_main!(benches);
