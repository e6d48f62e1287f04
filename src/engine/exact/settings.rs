//! How much of each method a search uses, by what it is for.

use crate::engine::Goal;

/// How far components grow in one raise, in per cent, while the best price is sought.
pub(super) const COARSE: usize = 100;

/// A setting at the root and at later nodes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ByDepth<T> {
    /// At the root.
    pub root: T,
    /// At later nodes.
    pub later: T,
}

/// How to run a search.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SearchSettings {
    /// Units of cost for one unit of prize to begin with; without one, a first tree is grown to tell.
    pub ratio: Option<f64>,
    /// Prices tried.
    pub rounds: ByDepth<usize>,
    /// How far components grow in one raise when a node is bounded for good, in per cent.
    pub growth: ByDepth<usize>,
    /// Into how many steps the raise of an edge of average cost is divided then; zero: into none.
    pub steps: ByDepth<i64>,
    /// For least loss: nodes of the graph tried both ways before one is branched on.
    pub candidates: usize,
    /// The seed of large neighbourhoods, where they are to be searched.
    pub neighbourhoods: Option<u64>,
}

const fn by_depth<T: Copy>(root: T, later: T) -> ByDepth<T> {
    ByDepth { root, later }
}

impl SearchSettings {
    /// The settings for a whole problem.
    pub fn whole(goal: Goal, seed: u64) -> Self {
        let is_loss = goal == Goal::LeastLoss;
        let rounds = if is_loss { by_depth(24, 10) } else { by_depth(12, 3) };
        let growth = by_depth(5, 10);
        let steps = if is_loss { by_depth(12, 12) } else { by_depth(4, 0) };
        let candidates = if is_loss { 3 } else { 0 };
        Self { ratio: None, rounds, growth, steps, candidates, neighbourhoods: Some(seed) }
    }

    /// The settings for a problem whose root is artificial.
    pub fn with_artificial_root(self) -> Self {
        Self { ratio: Some(1.0), neighbourhoods: None, ..self }
    }

    /// The settings for the problem that a price makes, where a good tree counts more than its bound.
    pub fn guide(neighbourhoods: Option<u64>) -> Self {
        Self { ratio: None, neighbourhoods, ..Self::part(Goal::LeastLoss, 1.0) }
    }

    /// The settings for a neighbourhood.
    pub fn part(goal: Goal, ratio: f64) -> Self {
        let rounds = if goal == Goal::LeastLoss { by_depth(1, 1) } else { by_depth(5, 2) };
        let (growth, steps) = (by_depth(COARSE, COARSE), by_depth(0, 0));
        Self { ratio: Some(ratio), rounds, growth, steps, candidates: 0, neighbourhoods: None }
    }
}
