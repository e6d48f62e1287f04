//! When a node of the search is left to a sweep, and what follows from it.
//!
//! In: both graphs of a node. Out: whether the node is settled, and perhaps a better incumbent. How large
//! a graph may be is learnt from what sweeps achieved before; it depends on work alone, never on time.

use super::grow::is_answer;
use super::pair::Pair;
use super::state::{HopSearch, NO_SLACK, Sweeping};
use super::sweep::{Sweep, Swept};
use super::tree::HopTree;
use crate::engine::bound::{Price, fix};

/// The least work that is worth beginning a sweep with, and the most it may take.
const LEAST_WORK: u64 = 100_000;
const MOST_WORK: u64 = 20_000_000;

impl HopSearch<'_, '_, '_> {
    /// Tries to settle a node of the search by a sweep, where that seems worth its work; says whether
    /// it did. The root of the whole search is always worth it.
    pub(super) fn sweep(&mut self, pair: &Pair, price: Price, at_root: bool) -> bool {
        let Sweeping { spent, most_arcs, in_vain } = self.sweeping;
        let share = if at_root { MOST_WORK } else { self.watch.work().saturating_sub(2 * spent) };
        let most = share.min(MOST_WORK).min(self.watch.left());
        let arcs = pair.layered.problem.edges();
        let seems_feasible = arcs <= most_arcs || most > 4 * in_vain;
        if most < LEAST_WORK || !(at_root || seems_feasible) {
            return false;
        }
        let begun = self.watch.work();
        let settled = self.swept(pair, price, most);
        self.sweeping.spent += self.watch.work() - begun;
        if settled {
            self.sweeping.most_arcs = most_arcs.max(arcs + arcs / 20);
        } else {
            // Only clearly smaller graphs are tried from now on, or with much more work.
            self.sweeping.most_arcs = arcs - arcs / 10;
            self.sweeping.in_vain = most;
        }
        settled
    }

    fn swept(&mut self, pair: &Pair, price: Price, most: u64) -> bool {
        let Some((ascent, pair)) = self.rise(pair.clone(), price, false) else { return true };
        let problem = &pair.layered.problem;
        let slack = self.slack(problem, price, ascent.lower);
        if slack < 0 {
            return true;
        }
        let slack = slack.min(NO_SLACK);
        let fixing = fix(problem, &ascent, slack);
        let mut work = fixing.scans;
        let sweep = Sweep::new(self.base, &pair.layered, &ascent, &fixing, slack);
        let swept = sweep.map_or(Swept::GaveUp, |mut sweep| sweep.run(most, &mut work));
        self.watch.spend(work);
        match swept {
            Swept::GaveUp => false,
            Swept::Nothing => true,
            Swept::Best(edges) => {
                let tree = HopTree::of_edges(self.base, &edges);
                let found = tree.tree(self.base);
                if is_answer(self.base, &tree, &found) {
                    self.incumbent.offer(self.base, &found);
                }
                true
            }
        }
    }
}
