//! The problem without its hop limit, as a relaxation with a search of its own.
//!
//! What for: where the limit hardly binds, the flat graph is searched far faster than the layered one, and
//! what bounds all trees bounds those within the limit. In: both graphs of the root node. Out: a bound on
//! all improvements, and perhaps a better incumbent. It proves nothing about the limit itself.

use super::grow::{from_flat, is_answer};
use super::pair::Pair;
use super::state::HopSearch;
use super::tree::HopTree;
use crate::engine::bound::Price;
use crate::engine::exact::{self, Incumbent, SearchSettings};

/// Work units the relaxation may take at least.
const EFFORT: u64 = 4_000_000;

impl HopSearch<'_, '_, '_> {
    /// Bounds every improvement by a search without the hop limit, with about as much work as was done
    /// so far; `None` when no tree at all beats the incumbent.
    pub(super) fn relax(&mut self, pair: &Pair, bound: i64, price: Price) -> Option<i64> {
        let until = self.watch.narrow(EFFORT.max(self.watch.work()));
        let known = Incumbent { best: None, cutoff: self.incumbent.value() };
        let settings = SearchSettings {
            neighbourhoods: Some(1),
            ratio: Some(price.ratio()),
            ..SearchSettings::whole(self.base.goal, 0)
        };
        let muted = self.watch.mute(true);
        let found = exact::search(pair.flat.clone(), known, Vec::new(), settings, self.watch);
        self.watch.mute(muted);
        self.watch.widen(until);
        if let Some(best) = &found.incumbent.best {
            let whole = HopTree::of_edges(self.base, &best.edges);
            let found = whole.tree(self.base);
            let fits = whole.held().iter().all(|&node| whole.depth(node) <= self.hops);
            if fits && is_answer(self.base, &whole, &found) {
                self.offer(&found);
            }
            let mut scans = 0;
            let tree = from_flat(self.limited(), &pair.layered, &best.edges, price, &mut scans);
            self.watch.spend(scans);
            if let Some(tree) = tree {
                self.offer(&tree);
            }
        }
        let relaxed = found.bound?;
        let bound = if self.base.beats(relaxed, bound) { bound } else { relaxed };
        (!self.is_fathomed(bound)).then_some(bound)
    }
}
