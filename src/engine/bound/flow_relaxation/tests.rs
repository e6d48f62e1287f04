//! The bound, and what it fixes, against every tree of thousands of tiny problems.

use std::collections::BTreeSet;

use super::program::FlowProgram;
use super::{DualBound, FlowRelaxation};
use crate::engine::bound::{AscentScratch, Counts, SideLimit};
use crate::engine::rooted::Rooted;
use crate::engine::{Demand, Edge, Goal, Instance};
use crate::random::Random;

/// A problem whose terminals are leaves, and what limits it.
struct Case {
    instance: Instance,
    terminals: Vec<u32>,
    sides: Vec<SideLimit>,
    charge: i64,
    kept: BTreeSet<u32>,
}

/// A tree that keeps every limit: its arcs, its nodes, what it is worth.
struct Held {
    arcs: BTreeSet<usize>,
    nodes: BTreeSet<u32>,
    worth: i64,
}

fn case(seed: u64) -> Case {
    let mut random = Random::new(seed);
    let core = 1 + random.below(4);
    let terminals = 1 + random.below(4);
    let costs: &[i64] =
        random.pick(&[&[0, 1, 2, 3][..], &[1], &[0], &[5, 7, 11, 1_000_000], &[90, 100]]);
    let prizes: &[i64] =
        random.pick(&[&[0, 1, 2][..], &[1], &[0], &[3, 50, 7_000_000], &[1 << 40]]);
    let mut edges = Vec::new();
    let mut add = |random: &mut Random, u: u32, v: u32| {
        edges.push(Edge {
            ends: if random.one_in(2) { [u, v] } else { [v, u] },
            cost: random.pick(costs),
        });
    };
    for _ in 0..random.below(6) {
        let (u, v) = (random.below(core), random.below(core));
        add(&mut random, u, v);
    }
    for terminal in core..core + terminals {
        let at = random.below(core);
        add(&mut random, at, terminal);
    }
    let nodes = core + terminals;
    let passes = random.one_in(3);
    let prize = |random: &mut Random, node: u32| match node >= core {
        true => random.pick(prizes).max(1),
        false if passes && node > 0 => random.pick(prizes),
        false => 0,
    };
    let prizes = (0..nodes).map(|node| prize(&mut random, node)).collect();
    let demand = |random: &mut Random, node: u32| {
        if node >= core && random.one_in(6) { Demand::Required } else { Demand::Optional }
    };
    let demands = (0..nodes).map(|node| demand(&mut random, node)).collect();
    let total: i64 = edges.iter().map(|edge: &Edge| edge.cost).sum();
    let sides = (0..random.below(3)).map(|_| {
        let exempt: Vec<bool> = (0..nodes).map(|node| node >= core && random.one_in(2)).collect();
        let of = |random: &mut Random, edge: &Edge| match edge.ends.into_iter().max() {
            Some(end) if end >= core && exempt[end as usize] => Counts::Never,
            Some(end) if end < core && !random.one_in(4) => Counts::Unshared,
            _ => Counts::Always,
        };
        let counts = edges.iter().map(|edge| of(&mut random, edge)).collect();
        SideLimit { limit: random.between(0, total), exempt, counts }
    });
    let sides = sides.collect();
    let kept = (0_u32..)
        .zip(&edges)
        .filter(|(_, edge)| edge.ends.iter().all(|&end| end < core) && random.one_in(8));
    let kept = kept.map(|(edge, _)| edge).collect();
    let goal = Goal::MostPrize { budget: random.between(0, total) };
    let instance = Instance { edges, prizes, demands, root: Some(0), goal, max_hops: None };
    Case {
        instance,
        terminals: (core..nodes).collect(),
        sides,
        charge: random.pick(&[0, 0, 1, 3]),
        kept,
    }
}

impl Case {
    /// The tree of some edges, if it is one, ends in terminals and keeps every limit.
    fn held(&self, set: u32) -> Option<Held> {
        let edges = &self.instance.edges;
        let mut left: BTreeSet<usize> =
            (0..edges.len()).filter(|edge| set >> edge & 1 == 1).collect();
        let mut order = Vec::new();
        let mut nodes = BTreeSet::from([0_u32]);
        while let Some((edge, direction)) = left.iter().find_map(|&edge| {
            let direction = edges[edge].ends.iter().position(|end| nodes.contains(end))?;
            Some((edge, direction))
        }) {
            left.remove(&edge);
            let [from, to] = [edges[edge].ends[direction], edges[edge].ends[1 - direction]];
            if !nodes.insert(to) {
                return None;
            }
            order.push((edge, direction, from, to));
        }
        let is_terminal = |node: u32| self.terminals.contains(&node);
        let inner = |node: u32| order.iter().any(|&(_, _, from, _)| from == node);
        let ends = order.iter().all(|&(.., to)| is_terminal(to) != inner(to));
        let required = |node: u32| self.instance.demands[node as usize] == Demand::Required;
        let whole =
            (0..).take(self.instance.nodes()).all(|node| !required(node) || nodes.contains(&node));
        let keeps = self.kept.iter().all(|&edge| set >> edge & 1 == 1);
        let cost: i64 = order.iter().map(|&(edge, ..)| edges[edge].cost).sum();
        let Goal::MostPrize { budget } = self.instance.goal else { return None };
        if !left.is_empty() || !ends || !whole || !keeps || cost > budget {
            return None;
        }
        for side in &self.sides {
            let mut shared: BTreeSet<u32> =
                nodes.iter().copied().filter(|&node| side.exempt[node as usize]).collect();
            let mut counted = 0;
            for &(edge, _, from, to) in order.iter().rev() {
                let uses = shared.contains(&to);
                if uses {
                    shared.insert(from);
                }
                counted += match side.counts[edge] {
                    Counts::Always => edges[edge].cost,
                    Counts::Unshared if !uses => edges[edge].cost,
                    Counts::Unshared | Counts::Never => 0,
                };
            }
            if counted > side.limit {
                return None;
            }
        }
        let prize: i64 = nodes.iter().map(|&node| self.instance.prizes[node as usize]).sum();
        let arcs = order.iter().map(|&(edge, direction, ..)| 2 * edge + direction).collect();
        Some(Held { arcs, nodes, worth: prize - self.charge * cost })
    }

    fn all(&self) -> Vec<Held> {
        (0..1 << self.instance.edges.len()).filter_map(|set| self.held(set)).collect()
    }
}

/// Checks a bound and what it fixes; how many decisions it fixed.
fn check(
    seed: u64,
    all: &[Held],
    part: &Rooted,
    program: &FlowProgram<'_>,
    proven: &DualBound,
) -> u32 {
    let best = all.iter().map(|held| held.worth).max().unwrap_or(i64::MIN);
    assert!(proven.bound() >= best, "seed {seed}: {} under {best}", proven.bound());
    let mut fixed = 0;
    for target in [best.saturating_sub(1), best, best.saturating_add(1)] {
        let good = || all.iter().filter(|held| held.worth >= target);
        for arc in (0..program.arcs()).filter(|&arc| proven.is_barred(arc, target)) {
            fixed += 1;
            let place = program.arc_name(arc);
            let name = 2 * part.edge_name[place / 2] as usize + place % 2;
            assert!(good().all(|held| !held.arcs.contains(&name)), "seed {seed} arc {name}");
        }
        for node in part.all_nodes().filter(|&node| node != part.root) {
            let name = part.node_name[node as usize];
            if proven.is_demanded(node, target) {
                fixed += 1;
                assert!(good().all(|held| held.nodes.contains(&name)), "seed {seed} node {name}");
            }
        }
    }
    fixed
}

#[allow(clippy::cast_precision_loss)]
fn scatter(random: &mut Random, prices: &mut [f32], least: i64) {
    for price in prices {
        *price = random.between(least, 40) as f32 / 10.0;
    }
}

#[test]
#[allow(clippy::cast_precision_loss)]
fn bounds_and_what_they_fix_hold_at_every_stop_and_at_any_prices() {
    let mut scratch = AscentScratch::default();
    let (mut tight, mut fixed, mut feasible, mut last_fixed) = (0, 0, 0, 0);
    for seed in 0..20_000 {
        let case = case(seed);
        let all = case.all();
        let best = all.iter().map(|held| held.worth).max();
        let Some(part) = Rooted::new(&case.instance, 0) else {
            assert!(all.is_empty(), "seed {seed}");
            continue;
        };
        let terminals: Vec<u32> = case.terminals.clone();
        let relaxation = FlowRelaxation::new(&part, terminals, case.charge);
        let mut relaxation = relaxation.expect("terminals are leaves");
        for side in &case.sides {
            relaxation.add_side(side.clone());
        }
        let barred = relaxation.no_arcs();
        let Some(mut program) = relaxation.program(&part, &barred, &case.kept) else {
            assert!(all.is_empty(), "seed {seed}");
            continue;
        };
        feasible += u32::from(best.is_some());
        let mut random = Random::new(seed);
        let (mut lowest, mut begun) = (i64::MAX, None);
        for iterations in [0, 2, 20, 300] {
            program.iterate(iterations, &|| false);
            let Some(proven) = program.bound() else {
                assert!(all.is_empty(), "seed {seed}");
                break;
            };
            lowest = lowest.min(proven.bound());
            let (ascended, _) = program.bound_by_ascent(&|| false, &mut scratch);
            match ascended {
                None => assert!(all.is_empty(), "seed {seed}"),
                Some(bound) => {
                    assert!(best.is_none_or(|best| bound >= best), "seed {seed}: {bound}");
                }
            }
            let along = begun.and_then(|begun| program.bound_along(&begun));
            assert!(along.is_none_or(|along| best.is_none_or(|best| along.bound() >= best)));
            begun = Some(program.values());
            last_fixed = check(seed, &all, &part, &program, &proven);
        }
        fixed += last_fixed;
        tight += u32::from(Some(lowest) == best);
        // Where the next part begins is where this one ended.
        relaxation.remember(&program);
        let again = relaxation.program(&part, &barred, &case.kept);
        let again = again.and_then(|program| program.bound()).map(|proven| proven.bound());
        assert_eq!(again, program.bound().map(|proven| proven.bound()), "seed {seed}");
        // Nothing about prices is needed for a bound but that some are not negative.
        let values = &mut program.values;
        scatter(&mut random, &mut values.potential, -20);
        let root = part.root as usize * program.names.width;
        values.potential[root..root + program.names.width].fill(0.0);
        for (node, price) in values.leaf.iter_mut().enumerate() {
            let is_free = node != part.root as usize && part.node_name[node] < case.terminals[0];
            *price = if is_free { random.between(0, 20) as f32 / 10.0 } else { 0.0 };
        }
        values.money = random.between(0, 30) as f32 / 10.0;
        let (ascended, _) = program.bound_by_ascent(&|| false, &mut scratch);
        assert!(ascended.is_none_or(|bound| best.is_none_or(|best| bound >= best)), "seed {seed}");
        if let Some(proven) = program.bound() {
            check(seed, &all, &part, &program, &proven);
        }
    }
    assert!(
        feasible > 10_000 && tight > feasible / 2 && fixed > 20_000,
        "{feasible} {tight} {fixed}"
    );
}
