//! Problems without a root.
//!
//! In: an instance without a root and without required nodes. Out: the best tree and a bound. Every
//! terminal in turn is taken as the root while the ones before it are barred: a tree worth having holds
//! one. Where the loss is to be least, an artificial root bounds all other trees at once. It is joined to
//! every terminal by an edge that costs as much as the best tree known gains (all prizes less its loss), and
//! that cost is taken off the bound again: every tree then counts its own loss, and several trees together
//! count less than the best known only if one of them alone does.

use super::exact::{self, Best, Found, Incumbent, SearchSettings};
use super::from_root::search_from;
use super::rooted::Rooted;
use super::stop::Watch;
use super::{Demand, Goal, Instance};

/// Searches an instance without a root.
pub(super) fn search(instance: &Instance, settings: &SearchSettings, watch: &Watch<'_>) -> Found {
    if instance.goal == Goal::LeastLoss && instance.max_hops.is_none() {
        search_for_least_loss(instance, *settings, watch)
    } else {
        search_from_each(instance, settings, watch)
    }
}

/// Finds a good tree from the terminal of largest prize, then bounds the trees without that terminal from
/// an artificial root. As soon as none of them is better, the terminal is the root of all that is left;
/// where the trees that hold it are settled first, it is barred. Where its prize is too small to tell, the
/// artificial root stands for all trees. Until something is settled, both are tried again with twice the
/// work.
fn search_for_least_loss(
    instance: &Instance,
    settings: SearchSettings,
    watch: &Watch<'_>,
) -> Found {
    let mut open = instance.clone();
    let total: i64 = instance.prizes.iter().sum();
    let mut found = Found::nothing(empty_tree(instance, total));
    (found.bound, found.root_bound) = (Some(0), Some(0));
    let mut share = 1_000_000 + 100 * (instance.nodes() + instance.edges.len()) as u64;
    while let Some(root) = dearest(&open, &found.incumbent) {
        let limited = |search: &dyn Fn(&mut Found) -> Found, found: &mut Found| {
            let until = watch.narrow(share);
            let part = search(found);
            watch.widen(until);
            part
        };
        let from = |instance: &Instance, root: u32, found: &mut Found| {
            let incumbent = std::mem::take(&mut found.incumbent);
            let part = search_from(instance, root, incumbent, settings, watch);
            found.count(part)
        };
        let mut with = limited(&|found| from(&open, root, found), &mut found);
        let value = found.incumbent.value().unwrap_or(total);
        let lacking = value - with.bound.unwrap_or(value);
        // A prize that may close the gap by being missed.
        let without_root = found.settles(&with) || open.prizes[root as usize] >= lacking;
        let mut rest = open.clone();
        if without_root {
            rest.demands[root as usize] = Demand::Forbidden;
        }
        let artificial = |found: &mut Found| {
            let artificial = Artificial::new(&rest, total - value);
            let part = artificial.search(found.incumbent.clone(), settings, watch);
            found.count(part)
        };
        let mut others = limited(&artificial, &mut found);
        if !found.settles(&others)
            && let Some(node) = others.forced_real_node
        {
            let forced = |found: &mut Found| from(&rest, node, found);
            let is_last = !without_root || found.settles(&with);
            others = if is_last { forced(&mut found) } else { limited(&forced, &mut found) };
        }
        if without_root && found.settles(&others) && !found.settles(&with) {
            with = from(&open, root, &mut found);
        }
        let parts = [&others, &with];
        found.prove(&parts[..=usize::from(without_root)]);
        if watch.over() || found.bound >= found.incumbent.value() {
            return found;
        }
        if found.settles(&with) {
            open = rest;
        }
        share *= 2;
    }
    found.bound = found.incumbent.value();
    found
}

impl Found {
    /// Takes over the incumbent of a search that began with this one's, and what it cost.
    fn count(&mut self, mut part: Self) -> Self {
        self.branch_nodes += part.branch_nodes;
        self.reduced = part.reduced;
        self.incumbent = std::mem::take(&mut part.incumbent);
        part
    }

    /// Whether a search of some trees has shown that none of them is better than the incumbent.
    fn settles(&self, part: &Self) -> bool {
        part.bound.is_none() || part.bound >= self.incumbent.value()
    }

    /// Takes over the bounds of searches that together looked at all trees better than the incumbent.
    fn prove(&mut self, parts: &[&Self]) {
        let least =
            |bound: fn(&Self) -> Option<i64>| parts.iter().filter_map(|part| bound(part)).min();
        let value = self.incumbent.value();
        let bound = least(|part| part.bound).or(value);
        self.bound = self.bound.max(bound).min(value);
        self.root_bound = self.root_bound.max(least(|part| part.root_bound)).min(self.bound);
    }
}

/// The terminal of largest prize in the best tree, or at all.
fn dearest(instance: &Instance, incumbent: &Incumbent) -> Option<u32> {
    let of_best = incumbent.best.iter().flat_map(|best| {
        let ends = best.edges.iter().flat_map(|&edge| instance.edges[edge as usize].ends);
        ends.chain(best.root)
    });
    let worth = |&node: &u32| (instance.prizes[node as usize], std::cmp::Reverse(node));
    let usable = |node: &u32| instance.demands[*node as usize] != Demand::Forbidden;
    of_best
        .filter(usable)
        .max_by_key(worth)
        .or_else(|| terminals(instance).into_iter().max_by_key(worth))
}

/// An instance with an artificial root.
struct Artificial<'a> {
    original: &'a Instance,
    instance: Instance,
    root: u32,
    /// The cost of each edge at the root.
    toll: i64,
}

impl<'a> Artificial<'a> {
    #[allow(clippy::cast_possible_truncation)] // nodes are numbered by u32
    fn new(original: &'a Instance, toll: i64) -> Self {
        let mut instance = original.clone();
        let root = instance.nodes() as u32;
        instance.prizes.push(0);
        instance.demands.push(Demand::Required);
        instance.root = Some(root);
        for terminal in terminals(original) {
            instance.add_edge(root, terminal, toll);
        }
        Self { original, instance, root, toll }
    }

    /// Searches for a tree with one edge at the root; what is found is told in terms of the original.
    fn search(&self, incumbent: Incumbent, settings: SearchSettings, watch: &Watch<'_>) -> Found {
        let Some(mut problem) = Rooted::new(&self.instance, self.root) else {
            return Found::nothing(incumbent);
        };
        problem.has_artificial_root = true;
        let meaning = watch.read_values_by(1, -self.toll);
        let inside = self.entered(&incumbent);
        let mut found =
            exact::search(problem, inside, Vec::new(), settings.with_artificial_root(), watch);
        watch.read_again(meaning);
        found.bound = found.bound.map(|bound| bound - self.toll);
        found.root_bound = found.root_bound.map(|bound| bound - self.toll);
        found.incumbent = match self.left(&found.incumbent) {
            Some(best) if incumbent.value().is_none_or(|value| best.value < value) => {
                Incumbent { best: Some(best), cutoff: None }
            }
            _ => incumbent,
        };
        found
    }

    /// The incumbent with an edge to the root, or its value alone where it holds no terminal.
    fn entered(&self, incumbent: &Incumbent) -> Incumbent {
        let cutoff = incumbent.value().map(|value| value + self.toll);
        let Some(best) = &incumbent.best else { return Incumbent { best: None, cutoff } };
        let ends = best.edges.iter().flat_map(|&edge| self.original.edges[edge as usize].ends);
        let held: Vec<u32> = ends.chain(best.root).collect();
        let entry = (self.original.edges.len()..self.instance.edges.len())
            .find(|&edge| held.contains(&self.instance.edges[edge].ends[1]));
        let Some(entry) = entry.and_then(|edge| u32::try_from(edge).ok()) else {
            return Incumbent { best: None, cutoff };
        };
        let mut edges = best.edges.clone();
        edges.push(entry);
        let (cost, value) = (best.cost + self.toll, best.value + self.toll);
        Incumbent { best: Some(Best { edges, root: Some(self.root), cost, value }), cutoff: None }
    }

    /// The best tree without its edge to the root.
    fn left(&self, found: &Incumbent) -> Option<Best> {
        let best = found.best.as_ref()?;
        let first = self.original.edges.len();
        let (edges, entry): (Vec<u32>, Vec<u32>) =
            best.edges.iter().partition(|&&edge| (edge as usize) < first);
        let root = self.instance.edges[*entry.first()? as usize].ends[1];
        let (cost, value) = (best.cost - self.toll, best.value - self.toll);
        Some(Best { edges, root: Some(root), cost, value })
    }
}

/// The nodes with a prize that are not barred.
fn terminals(instance: &Instance) -> Vec<u32> {
    (0..)
        .zip(instance.prizes.iter().zip(&instance.demands))
        .filter(|&(_, (&prize, &demand))| prize > 0 && demand != Demand::Forbidden)
        .map(|(node, _)| node)
        .collect()
}

/// The bound on all trees that hold none of the terminals barred so far, from their prizes alone;
/// `None` when there is no such tree.
fn bound_without(instance: &Instance, total: i64, barred: i64) -> Option<i64> {
    match instance.goal {
        Goal::MostPrize { .. } => Some(total - barred),
        Goal::LeastCost { at_least } if total - barred < at_least => None,
        Goal::LeastCost { .. } => Some(0),
        Goal::LeastLoss => Some(barred),
    }
}

/// Takes each terminal as the root, dearest first, and bars it afterwards.
fn search_from_each(instance: &Instance, settings: &SearchSettings, watch: &Watch<'_>) -> Found {
    let mut instance = instance.clone();
    let goal = instance.goal;
    let mut terminals = terminals(&instance);
    terminals.sort_by_key(|&node| std::cmp::Reverse(instance.prizes[node as usize]));
    let total: i64 = instance.prizes.iter().sum();
    let open: i64 = terminals.iter().map(|&node| instance.prizes[node as usize]).sum();
    let mut found = Found::nothing(empty_tree(&instance, total));
    found.bound = found.incumbent.value();
    let mut barred = total - open;
    for node in terminals {
        let Some(rest) = bound_without(&instance, total, barred) else { break };
        if exact::is_fathomed(&found.incumbent, goal, rest) {
            break;
        }
        if watch.over() {
            found.bound = weaker(goal, found.bound, Some(rest));
            found.root_bound = weaker(goal, found.root_bound, Some(rest));
            return found;
        }
        let incumbent = std::mem::take(&mut found.incumbent);
        let part = search_from(&instance, node, incumbent, *settings, watch);
        found.bound = weaker(goal, found.bound, part.bound);
        found.root_bound = weaker(goal, found.root_bound, part.root_bound);
        if found.branch_nodes == 0 {
            found.reduced = part.reduced;
        }
        found.branch_nodes += part.branch_nodes;
        found.incumbent = part.incumbent;
        instance.demands[node as usize] = Demand::Forbidden;
        barred += instance.prizes[node as usize];
    }
    // Parts that were closed claim the incumbent of their time; only the last one counts.
    if let (Some(value), Some(bound)) = (found.incumbent.value(), found.bound)
        && goal.beats(value, bound)
    {
        found.bound = Some(value);
    }
    found
}

/// The empty tree, where it is an answer.
fn empty_tree(instance: &Instance, total: i64) -> Incumbent {
    let value = match instance.goal {
        Goal::MostPrize { budget } => (budget >= 0).then_some(0),
        Goal::LeastCost { at_least } => (at_least <= 0).then_some(0),
        Goal::LeastLoss => Some(total),
    };
    let best = value.map(|value| Best { edges: Vec::new(), root: None, cost: 0, value });
    Incumbent { best, cutoff: None }
}

/// The bound that holds for both parts.
fn weaker(goal: Goal, one: Option<i64>, other: Option<i64>) -> Option<i64> {
    match (one, other) {
        (Some(one), Some(other)) => Some(if goal.beats(one, other) { one } else { other }),
        (one, other) => one.or(other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::effort::Effort;
    use crate::engine::oracle::{Shape, brute_force, random_instance};
    use crate::observe::Silent;

    #[test]
    fn an_artificial_root_proves_no_more_than_is_true_from_any_incumbent() {
        let shape = Shape { hops: false, ..Shape::default() };
        let (mut compared, mut has_real_root) = (0, 0);
        for seed in 0..8_000 {
            let mut instance = random_instance(seed, &shape);
            instance.goal = Goal::LeastLoss;
            instance.root = None;
            for demand in &mut instance.demands {
                if *demand == Demand::Required {
                    *demand = Demand::Optional;
                }
            }
            let Some((best, _)) = brute_force(&instance) else { continue };
            let total: i64 = instance.prizes.iter().sum();
            let first = empty_tree(&instance, total);
            // A toll too low, just right, and too high.
            for toll in [0, total - best, total] {
                for work in [None, Some(1), Some(60)] {
                    let mut silent = Silent;
                    let effort = Effort { work, ..Effort::default() };
                    let watch = Watch::new(&effort, &mut silent);
                    let settings = SearchSettings::whole(Goal::LeastLoss, seed);
                    let artificial = Artificial::new(&instance, toll);
                    let found = artificial.search(first.clone(), settings, &watch);
                    let bound = found.bound.unwrap();
                    let value = found.incumbent.value().unwrap();
                    assert!(value >= best, "seed {seed}: {instance:?}");
                    assert!(bound.min(value) <= best, "seed {seed} toll {toll}: {instance:?}");
                    if work.is_none() && found.forced_real_node.is_none() {
                        assert_eq!(value, best, "seed {seed} toll {toll}: {instance:?}");
                        compared += 1;
                    }
                    has_real_root += usize::from(found.forced_real_node.is_some());
                }
            }
        }
        assert!(compared > 5_000 && has_real_root > 500, "{compared} {has_real_root}");
    }
}
