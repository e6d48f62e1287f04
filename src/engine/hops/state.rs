//! What the steps of one search under a hop limit share.
//!
//! What for: examining a node, neighbourhoods and sweeps are files of their own that all work on one
//! [`HopSearch`]: the problem, its limits, the incumbent, and what was learnt on the way.

use super::grow::Limited;
use super::pool::Pool;
use super::starts::Starts;
use crate::engine::bound::AscentScratch;
use crate::engine::exact::Incumbent;
use crate::engine::rooted::{Rooted, Tree};
use crate::engine::stop::Watch;

/// Slack that fixes nothing but what cannot be reached at all; below what stands for endless.
pub(super) const NO_SLACK: i64 = i64::MAX / 8;

/// When sweeps are worth trying: they get half of all work, on graphs no larger than seems feasible.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sweeping {
    pub spent: u64,
    pub most_arcs: usize,
    /// The work of the last sweep that failed.
    pub in_vain: u64,
}

impl Default for Sweeping {
    fn default() -> Self {
        Self { spent: 0, most_arcs: usize::MAX, in_vain: 0 }
    }
}

/// The state of one search.
pub(super) struct HopSearch<'a, 'w, 'o> {
    pub base: &'a Rooted,
    pub hops: u32,
    pub watch: &'w Watch<'o>,
    pub incumbent: Incumbent,
    pub scratch: AscentScratch,
    pub starts: Starts,
    pub sweeping: Sweeping,
    pub pool: Pool,
    /// Terminals, by base node and sorted, of trees found at other prices.
    pub partners: Vec<Vec<u32>>,
}

impl HopSearch<'_, '_, '_> {
    pub(super) fn limited(&self) -> Limited<'_> {
        Limited { base: self.base, hops: self.hops }
    }

    /// Takes a tree for better than the incumbent, or as one to be merged with others.
    pub(super) fn offer(&mut self, tree: &Tree) {
        self.incumbent.offer(self.base, tree);
        self.pool.add(self.base, tree);
    }

    /// Whether a bound is close enough to the incumbent, or the watch says to stop.
    pub(super) fn done(&mut self, bound: i64) -> bool {
        self.incumbent.value().is_some_and(|value| self.watch.close_enough(value, bound))
            || self.watch.over()
    }

    /// Whether nothing under this bound beats the incumbent.
    pub(super) fn is_fathomed(&self, bound: i64) -> bool {
        self.incumbent.value().is_some_and(|value| !self.base.beats(bound, value))
    }
}
