//! Large neighbourhoods under a hop limit: the plan outside some region stays, the rest is solved again.
//!
//! In: both graphs of the root node, and the incumbent. Out: perhaps a better incumbent. It proves
//! nothing. Outside the region only nodes of the incumbent remain, and its terminals there are demanded.

use super::examine::{Examined, Rounds};
use super::grow::regrow;
use super::layered::{NO_EDGE, SINK};
use super::pair::{Pair, Verdicts};
use super::state::HopSearch;
use super::tree::HopTree;
use crate::engine::Goal;
use crate::engine::bound::Price;
use crate::engine::exact::{Found, Incumbent};
use crate::graph::{Distances, FAR};
use crate::random::Random;

/// How large neighbourhoods are, and what one may cost.
pub(super) struct Lns {
    random: Random,
    size: usize,
    effort: u64,
    /// Branching work after which they are searched again.
    pub after: u64,
}

/// Work units one neighbourhood may take to begin with.
const EFFORT: u64 = 1_000_000;
/// And at most.
const MOST_EFFORT: u64 = 1 << 40;
/// Branches cut and grown again between two neighbourhoods.
const RUINS: usize = 20;
/// How many trees of other prices are remembered.
const PARTNERS: usize = 16;
/// The least and the most nodes of a neighbourhood.
const SIZES: (usize, usize) = (15, 400);

impl Lns {
    /// Begins with small neighbourhoods.
    pub fn new(seed: u64) -> Self {
        Self { random: Random::new(seed), size: 40, effort: EFFORT, after: 0 }
    }

    /// Makes regions smaller when one was not solved in time, larger when it was.
    fn learn(&mut self, was_region: bool, in_time: bool) {
        let (least, most) = SIZES;
        let next = if in_time { self.size * 5 / 4 + 1 } else { self.size * 3 / 4 };
        if was_region {
            self.size = next.clamp(least, most);
        }
        // The longer it goes on, the more each one may take.
        self.effort = (self.effort + self.effort / 20).min(MOST_EFFORT);
    }
}

impl HopSearch<'_, '_, '_> {
    /// Searches neighbourhoods of the incumbent for about `work`.
    pub(super) fn search_neighbourhoods(
        &mut self,
        lns: &mut Lns,
        pair: &Pair,
        bound: i64,
        price: Price,
        work: u64,
    ) {
        let begun = self.watch.work();
        while self.watch.work() < begun + work && !self.done(bound) {
            let Some(held) = self.held_now() else { return };
            self.watch.spend(1 + pair.layered.problem.edges() as u64);
            self.ruin_and_recreate(lns, pair, bound);
            let kind = lns.random.place(4);
            let part = match kind {
                0 | 1 => {
                    let inside = region(pair, lns);
                    self.cut_out(pair, &held, &inside)
                }
                2 => self.agreed(pair, &held, &mut lns.random),
                _ => self.merged(pair, &mut lns.random),
            };
            let Some(part) = part else { continue };
            let until = self.watch.narrow(lns.effort);
            let trivial = part.flat.trivial_bound();
            let looked = self.examine(part, price, trivial, Rounds::neighbourhood(4));
            if let Examined::Open { pair, bound, price, branch } = looked {
                let mut found = Found::nothing(Incumbent::default());
                self.branch(*pair, bound, price, branch, None, &mut found);
            }
            let in_time = self.watch.left() > 0;
            self.watch.widen(until);
            lns.learn(kind < 2, in_time);
        }
    }

    /// Cuts random branches off a tree, grows it again beyond its budget over most terminals, and cuts
    /// it to its best part, a number of times; a tree nearly as good as the incumbent is gone on with
    /// (Schrimpf et al. 2000).
    fn ruin_and_recreate(&mut self, lns: &mut Lns, pair: &Pair, bound: i64) {
        let base = self.base;
        let Goal::MostPrize { budget } = base.goal else { return };
        let Some(edges) = self.incumbent.edges_in(base) else { return };
        let mut current = base.tree(edges);
        for _ in 0..RUINS {
            if self.done(bound) {
                return;
            }
            let random = &mut lns.random;
            let tree = HopTree::of_edges(base, &current.edges);
            let held = tree.held().len();
            let cut: Vec<u32> = (0..=random.place(4))
                .map(|_| tree.held()[random.place(held)])
                .filter(|&node| node != base.root)
                .collect();
            let part = tree.without_branches(base, &cut);
            let most = budget.saturating_add(budget / 8 * [0, 1, 2, 4][random.place(4)]);
            let one_in = 2 + random.place(8);
            let barred: Vec<bool> =
                (0..pair.layered.problem.nodes()).map(|_| random.place(one_in) == 0).collect();
            let mut scans = 0;
            let wanted = |sink: u32| !barred[sink as usize];
            let found = regrow(self.limited(), &pair.layered, part, most, &wanted, &mut scans);
            self.watch.spend(scans);
            let Some(found) = found else { continue };
            self.offer(&found);
            let best = self.incumbent.value().unwrap_or(0);
            if found.prize >= current.prize || found.prize >= best - best / 200 {
                current = found;
            }
        }
    }

    /// By base node: whether the incumbent holds it.
    fn held_now(&self) -> Option<Vec<bool>> {
        let edges = self.incumbent.edges_in(self.base)?;
        let mut held = vec![false; self.base.nodes()];
        for end in edges.iter().flat_map(|&edge| self.base.ends[edge as usize]) {
            held[end as usize] = true;
        }
        Some(held)
    }

    /// Remembers the terminals of a tree, whether or not it is an answer.
    pub(super) fn remember(&mut self, terminals: Vec<u32>) {
        if !self.partners.contains(&terminals) {
            if self.partners.len() == PARTNERS {
                self.partners.remove(0);
            }
            self.partners.push(terminals);
        }
    }

    /// What the incumbent and a tree of another price agree on is settled: terminals of both are
    /// demanded, most terminals of neither go (Danna, Rothberg, Le Pape 2005).
    fn agreed(&self, pair: &Pair, held: &[bool], random: &mut Random) -> Option<Pair> {
        let partner = self.partners.get(random.place(self.partners.len().max(1)))?;
        let problem = &pair.layered.problem;
        let mut verdicts = Verdicts::none(&pair.layered);
        let lucky: Vec<bool> = held.iter().map(|_| random.place(8) == 0).collect();
        for node in problem.all_nodes() {
            let name = problem.node_name[node as usize];
            let place = name as usize;
            if name == self.base.root || self.base.prize[place] == 0 || lucky[place] {
                continue;
            }
            let both = (held[place], partner.binary_search(&name).is_ok());
            verdicts.drop_node[node as usize] = both == (false, false);
            verdicts.require[node as usize] =
                both == (true, true) && pair.layered.layer[node as usize] == SINK;
        }
        pair.restrict_layered(&verdicts)
    }

    /// What the incumbent and a few trees of the pool are made of (Cook and Seymour 2003).
    fn merged(&self, pair: &Pair, random: &mut Random) -> Option<Pair> {
        let mut held = vec![false; self.base.edges()];
        for edge in self.incumbent.edges_in(self.base)? {
            held[edge as usize] = true;
        }
        for _ in 0..2 + random.place(4) {
            let (_, edges) = &self.pool.trees[random.place(self.pool.trees.len())];
            for &edge in edges {
                held[edge as usize] = true;
            }
        }
        let mut verdicts = Verdicts::none(&pair.layered);
        for (arc, &name) in pair.layered.problem.edge_name.iter().enumerate() {
            verdicts.drop_arc[arc] = name != NO_EDGE && !held[name as usize];
        }
        pair.restrict_layered(&verdicts)
    }

    fn cut_out(&self, pair: &Pair, held: &[bool], inside: &[bool]) -> Option<Pair> {
        let layered = &pair.layered;
        let problem = &layered.problem;
        let mut verdicts = Verdicts::none(layered);
        for node in problem.all_nodes() {
            let name = problem.node_name[node as usize] as usize;
            if name == self.base.root as usize || inside[name] {
                continue;
            }
            verdicts.drop_node[node as usize] = !held[name];
            verdicts.require[node as usize] =
                held[name] && layered.layer[node as usize] == SINK && self.base.prize[name] > 0;
        }
        for (arc, &[from, to]) in problem.ends.iter().enumerate() {
            let outside = |end: u32| !inside[problem.node_name[end as usize] as usize];
            let name = problem.edge_name[arc];
            verdicts.drop_arc[arc] = name != NO_EDGE
                && outside(from)
                && outside(to)
                && !self.incumbent.holds(self.base.edge_name[name as usize]);
        }
        pair.restrict_layered(&verdicts)
    }
}

/// By base node: whether it is among those nearest to some random nodes.
fn region(pair: &Pair, lns: &mut Lns) -> Vec<bool> {
    let flat = &pair.flat;
    let most = flat.node_name.last().map_or(0, |&last| last as usize + 1);
    let mut inside = vec![false; most];
    let centres = 1 + lns.random.place(3);
    for _ in 0..centres {
        let mut distances = Distances::new(flat.nodes());
        let centre = lns.random.place(flat.nodes());
        distances.add_source(u32::try_from(centre).unwrap_or(0));
        for _ in 0..lns.size / centres {
            let settled = distances.settle(&flat.rows, FAR - 1, |place| {
                Some(flat.cost[flat.rows.edge(place) as usize])
            });
            let Some((node, _)) = settled else { break };
            inside[flat.node_name[node as usize] as usize] = true;
        }
    }
    inside
}
