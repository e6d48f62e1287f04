//! Branching for least loss: a few nodes are tried both ways before one is chosen.
//!
//! In: what is left of a node, and names in the order in which they promise most. Out: the node to branch
//! on. Where trying shows that a node cannot be missed or cannot be held, that is settled at once and the
//! next is tried.

use super::examine::decide;
use super::incumbent::is_fathomed;
use super::node::{BoundedNode, Examined, Start};
use super::state::Search;
use crate::engine::rooted::Rooted;

impl Search<'_, '_> {
    /// Chooses a node to branch on, of as many as the settings say, by the bounds of both parts; nodes of
    /// which one part is closed are decided on the way.
    pub(super) fn decide_by_trying(
        &mut self,
        mut problem: Rooted,
        start: Start,
        names: &[u32],
    ) -> Examined {
        let mut best: Option<(i128, u32)> = None;
        let mut tried = 0;
        for &name in names {
            let open = |node: u32| !problem.required[node as usize];
            if !problem.node_named(name).is_some_and(open) {
                continue;
            }
            if tried >= self.settings.candidates || self.watch.over() {
                best = best.or(Some((0, name)));
                break;
            }
            tried += 1;
            let gains = [false, true].map(|held| self.gain(&problem, &start, name, held));
            match gains {
                [None, None] => return Examined::Closed,
                [Some(out), Some(inside)] => {
                    let score = i128::from(out + 1) * i128::from(inside + 1);
                    if best.is_none_or(|(most, _)| score > most) {
                        best = Some((score, name));
                    }
                }
                [out, _] => {
                    *self.closings.entry(name).or_default() += 1;
                    match decide(&problem, name, out.is_none()) {
                        Some(smaller) => problem = smaller,
                        None => return Examined::Closed,
                    }
                    // What was tried before has changed, too.
                    (best, tried) = (None, 0);
                }
            }
        }
        let open = |&node: &u32| !problem.required[node as usize];
        let still_open = |name: u32| problem.node_named(name).is_some_and(|node| open(&node));
        let branch = best.map(|(_, name)| name).filter(|&name| still_open(name));
        let any = || problem.all_nodes().find(open).map(|node| problem.node_name[node as usize]);
        let branch = branch.or_else(any);
        Examined::Open(Box::new(BoundedNode { problem, start, branch }))
    }

    /// By how much the bound rises when a node is held or is not; `None` when nothing better is left.
    fn gain(&mut self, problem: &Rooted, start: &Start, name: u32, held: bool) -> Option<i64> {
        let part = decide(problem, name, held)?;
        let ascent = self.ascend_for_loss(&part, start.price, &start.guide, self.small_steps)?;
        let bound = start.price.bound(&part, ascent.lower);
        (!is_fathomed(&self.incumbent, part.goal, bound)).then_some((bound - start.bound).max(0))
    }
}

#[cfg(test)]
mod tests {
    use crate::effort::Effort;
    use crate::engine::exact::{Incumbent, SearchSettings, search};
    use crate::engine::rooted::Rooted;
    use crate::engine::stop::Watch;
    use crate::engine::{Demand, Goal, Instance};
    use crate::observe::Silent;
    use crate::random::Random;

    /// Twice as many edges as nodes, with many equal costs, so that bounds leave gaps.
    fn knotty_instance(random: &mut Random, nodes: u32) -> Instance {
        let mut instance = Instance::new(nodes as usize, Goal::LeastLoss);
        instance.root = Some(0);
        let dearest = random.pick(&[1, 1, 2, 9]);
        for node in 1..nodes {
            instance.add_edge(random.below(node), node, random.between(1, dearest));
        }
        for _ in 0..=nodes {
            let ends = [random.below(nodes), random.below(nodes)];
            instance.add_edge(ends[0], ends[1], random.between(1, dearest));
        }
        for prize in &mut instance.prizes {
            *prize = if random.chance(60) { random.between(0, 2 * dearest) } else { 0 };
        }
        for demand in &mut instance.demands {
            if random.one_in(8) {
                *demand = Demand::Required;
            }
        }
        instance
    }

    /// The least loss by a least spanning tree of every set of nodes (Prim).
    fn least_loss(problem: &Rooted) -> i64 {
        let rows = &problem.rows;
        let root = 1_u32 << problem.root;
        let must: u32 = (0..).zip(&problem.required).map(|(at, &must)| u32::from(must) << at).sum();
        let mut least = i64::MAX;
        for set in 0..1_u32 << problem.nodes() {
            if set & (must | root) != must | root {
                continue;
            }
            let (mut tree, mut cost) = (root, 0);
            while tree != set {
                let inside = problem.all_nodes().filter(|node| tree >> node & 1 == 1);
                let ways = inside.flat_map(|node| rows.row(node)).filter_map(|place| {
                    let to = 1 << rows.neighbour(place);
                    let cost = problem.cost[rows.edge(place) as usize];
                    (set & to != 0 && tree & to == 0).then_some((cost, to))
                });
                let Some((dear, to)) = ways.min() else { break };
                (tree, cost) = (tree | to, cost + dear);
            }
            if tree == set {
                let missed = problem.all_nodes().filter(|node| set >> node & 1 == 0);
                let missed: i64 = missed.map(|node| problem.prize[node as usize]).sum();
                least = least.min(cost + missed + problem.missed);
            }
        }
        least
    }

    #[test]
    fn least_loss_is_right_however_many_nodes_are_tried_and_whenever_it_is_stopped() {
        let mut random = Random::new(3);
        let (mut compared, mut branched) = (0, 0);
        for round in 0..1_500 {
            let nodes = 9 + random.below(5);
            let instance = knotty_instance(&mut random, nodes);
            let problem = Rooted::new(&instance, 0).unwrap();
            let best = least_loss(&problem);
            for (candidates, rounds) in [(0, 1), (1, 1), (2, 3), (9, 10)] {
                let mut settings = SearchSettings::whole(Goal::LeastLoss, round);
                settings.candidates = candidates;
                (settings.rounds.root, settings.rounds.later) = (rounds, rounds);
                for (work, cutoff) in [(None, None), (None, Some(best)), (Some(300), None)] {
                    let mut silent = Silent;
                    let watch = Watch::new(&Effort { work, ..Effort::default() }, &mut silent);
                    let known = Incumbent { best: None, cutoff };
                    let found = search(problem.clone(), known, Vec::new(), settings, &watch);
                    let bound = found.bound.unwrap_or(i64::MAX);
                    let value = found.incumbent.value().unwrap_or(i64::MAX);
                    assert!(bound.min(value) <= best && value >= best, "{round}: {instance:?}");
                    if work.is_none() {
                        assert_eq!((value, bound), (best, best), "{round}: {instance:?}");
                        compared += 1;
                        branched += usize::from(found.branch_nodes > 1);
                    }
                }
            }
        }
        assert!(compared == 12_000 && branched > 20, "{compared} {branched}");
    }

    #[test]
    fn all_ways_of_branching_prove_the_same() {
        let mut random = Random::new(4);
        let mut branched = 0;
        for round in 0..60 {
            let problem = Rooted::new(&knotty_instance(&mut random, 60), 0).unwrap();
            let mut least = None;
            for (candidates, rounds) in [(0, 1), (1, 2), (3, 10), (9, 1)] {
                let mut settings = SearchSettings::whole(Goal::LeastLoss, round);
                settings.candidates = candidates;
                (settings.rounds.root, settings.rounds.later) = (rounds, rounds);
                let mut silent = Silent;
                let watch = Watch::new(&Effort::default(), &mut silent);
                let known = Incumbent::default();
                let found = search(problem.clone(), known, Vec::new(), settings, &watch);
                assert_eq!(found.bound, found.incumbent.value(), "{round}");
                assert_eq!(*least.get_or_insert(found.bound), found.bound, "{round}");
                branched += usize::from(found.branch_nodes > 1);
            }
        }
        assert!(branched > 30, "{branched}");
    }
}
