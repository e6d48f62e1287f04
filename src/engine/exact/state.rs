//! What the steps of one search share: limits, settings, the incumbent and what was learnt.
//!
//! What for: examining a node, large neighbourhoods and reducing again are files of their own that all work
//! on one [`Search`]. The search is handed in as a function, since neighbourhoods and reduced remains are
//! solved by it too.

use std::collections::BTreeMap;

use super::Incumbent;
use super::found::Found;
use super::settings::SearchSettings;
use super::styles::Styles;
use crate::engine::bound::AscentScratch;
use crate::engine::rooted::Rooted;
use crate::engine::stop::Watch;
use crate::random::Random;

/// Searches a rooted problem from an incumbent and a guide (see [`search`](super::search())).
pub(super) type SolvePart = fn(Rooted, Incumbent, Vec<u32>, SearchSettings, &Watch<'_>) -> Found;

/// The state of one search.
pub(super) struct Search<'w, 'o> {
    /// When to stop.
    pub(super) watch: &'w Watch<'o>,
    /// How hard to try what.
    pub(super) settings: SearchSettings,
    /// The best tree so far.
    pub(super) incumbent: Incumbent,
    /// Room for ascents, used again.
    pub(super) scratch: AscentScratch,
    /// Which way of guiding ascents has served best.
    pub(super) styles: Styles,
    /// Nodes looked at so far.
    pub(super) examined: u64,
    /// Whether small steps have served least loss better than large ones.
    pub(super) small_steps: bool,
    /// For each node of the graph, by name, how often deciding it closed a part.
    pub(super) closings: BTreeMap<u32, u32>,
    /// For distorted costs.
    pub(super) random: Random,
    /// The search itself, for smaller problems that are solved on the way.
    pub(super) solve_part: SolvePart,
}

impl Search<'_, '_> {
    /// Whether a bound is close enough to the incumbent, or the watch says to stop.
    pub(super) fn done(&mut self, bound: i64) -> bool {
        self.incumbent.value().is_some_and(|value| self.watch.close_enough(value, bound))
            || self.watch.over()
    }
}
