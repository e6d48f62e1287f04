//! One node of a search for least loss: several ascents, each guided by a tree of its own.
//!
//! In: a node. Out: its bound, with trees offered and what is useless dropped on the way. There is no price
//! to find, so all effort goes into better duals: an ascent gives a tree, and the tree, or one grown for
//! distorted costs, guides the next ascent (Leitner, Ljubic, Luipersbeck and Sinnl 2018). Large steps are
//! quick; small ones bound better where many terminals share the same arcs. Which serve better shows at
//! the root and is tried again every now and then.

use super::branching::ranked;
use super::examine::{drop_fixed, worth_dropping};
use super::incumbent::{is_fathomed, parents_by_name};
use super::node::{Examined, Start};
use super::state::Search;
use crate::engine::bound::{Ascent, AscentSettings, Price};
use crate::engine::heuristic::{from_distorted, from_saturated};
use crate::engine::rooted::{Rooted, Tree};

/// Ascents in a row that better neither bound nor tree, after which a node is left: at the root and later.
const PATIENCE: [usize; 2] = [4, 1];
/// Nodes between two comparisons of large and small steps.
const COMPARING: u64 = 16;

impl Search<'_, '_> {
    /// Bounds a node of a problem of least loss by up to `rounds` ascents.
    pub(super) fn examine_loss(
        &mut self,
        mut problem: Rooted,
        start: Start,
        rounds: usize,
    ) -> Examined {
        let Start { mut bound, guide: mut given, .. } = start;
        let price = Price::fine(&problem);
        let at_root = rounds > self.settings.rounds.later;
        let compares = at_root || rounds > 1 && self.examined.is_multiple_of(COMPARING);
        self.examined += 1;
        let patience = PATIENCE[usize::from(!at_root)];
        let (mut futile, mut best, mut with_large_steps) = (0, None, 0);
        let mut round = 0;
        loop {
            let small = if compares && round < 2 { round == 1 } else { self.small_steps };
            let Some(ascent) = self.ascend_for_loss(&problem, price, &given, small) else {
                return Examined::Closed;
            };
            round += 1;
            let here = price.bound(&problem, ascent.lower);
            if compares && round == 1 {
                with_large_steps = here;
            } else if compares && round == 2 {
                // Small steps are dear, so they must close a part of the gap.
                let value = self.incumbent.value().unwrap_or(i64::MAX);
                let lacking = value.saturating_sub(with_large_steps);
                self.small_steps = here - with_large_steps > lacking / 10;
            }
            futile += 1;
            if here > bound {
                (bound, futile) = (here, 0);
            }
            if is_fathomed(&self.incumbent, problem.goal, bound) {
                return Examined::Closed;
            }
            let (tree, pruned) = from_saturated(&problem, &ascent, self.watch);
            if let Some(tree) = &tree {
                self.incumbent.offer(&problem, tree);
            }
            let mut tree = tree.unwrap_or(pruned);
            let value = problem.value(&tree);
            if best.is_none_or(|best| value < best) {
                (best, futile) = (Some(value), 0);
            }
            let last = round >= rounds
                || futile >= patience && !(compares && round < 2)
                || self.watch.over();
            if !last
                && round > 1
                && let Some(other) = from_distorted(&problem, &mut self.random, self.watch)
            {
                self.incumbent.offer(&problem, &other);
                tree = other;
            }
            if at_root && self.settings.neighbourhoods.is_some() {
                self.watch.progress(self.incumbent.value(), bound);
            }
            let Some(fixing) = self.fixing(&problem, &ascent, &mut None) else {
                return Examined::Closed;
            };
            given = names_of(&problem, &tree);
            if last {
                let names = ranked(&problem, &ascent, &fixing, &self.closings);
                let Some(smaller) = drop_fixed(&problem, &fixing) else { return Examined::Closed };
                let start = Start { price, bound, guide: given };
                return self.decide_by_trying(smaller, start, &names);
            }
            if worth_dropping(&problem, &fixing) {
                let Some(smaller) = drop_fixed(&problem, &fixing) else { return Examined::Closed };
                problem = smaller;
            }
        }
    }

    /// An ascent guided by a tree; `None` when the problem has no tree.
    pub(super) fn ascend_for_loss(
        &mut self,
        problem: &Rooted,
        price: Price,
        guide: &[u32],
        small_steps: bool,
    ) -> Option<Ascent> {
        let parents = (!guide.is_empty()).then(|| parents_by_name(problem, guide));
        let watch = self.watch;
        let steps = if small_steps { self.settings.steps.later } else { 0 };
        let settings = AscentSettings {
            growth: self.settings.growth.later,
            step: price.step(problem, steps),
            scans: watch.left(),
            stop: &|| watch.is_interrupted(),
            guide: parents.as_deref(),
        };
        let ascent = Ascent::run(problem, price, settings, &mut self.scratch);
        watch.spend(ascent.scans);
        ascent.feasible.then_some(ascent)
    }
}

/// The names of a tree's edges, sorted.
fn names_of(problem: &Rooted, tree: &Tree) -> Vec<u32> {
    let mut names: Vec<u32> =
        tree.edges.iter().map(|&edge| problem.edge_name[edge as usize]).collect();
    names.sort_unstable();
    names
}
