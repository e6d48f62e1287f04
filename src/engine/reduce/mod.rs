//! Reductions: a smaller instance with the same optimum, and the way back.
//!
//! What for: less to search and to bound. In: an [`Instance`]. Out: a [`Reduced`] instance with an offset
//! that carries trees both ways, or the news that no answer exists. Each [`Test`] says for which goals it
//! is valid. It finds no tree and no bound; reductions by bounds use [`Work`] directly.

mod clean;
mod degree;
mod distance;
mod history;
#[cfg(test)]
mod tests;
mod walks;
mod work;

pub use history::Reduced;
pub use work::Work;

use super::stop::Watch;
use super::{Goal, Instance};

/// A named reduction. What it does and why it keeps an optimum stands at the function behind it.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Hash)]
pub enum Test {
    /// Delete what the root cannot reach and components without prize.
    Unreachable,
    /// Delete nodes and edges too far away for the budget or the hop limit.
    TooFar,
    /// Require nodes without which a quota cannot be met.
    Indispensable,
    /// Contract edges that cost nothing.
    FreeEdges,
    /// Delete hanging parts without prize; require and contract what separates demands.
    HangingParts,
    /// Delete, merge or pass over nodes of degree one and two.
    ShortNodes,
    /// In dense graphs, delete edges dearer than a way around nearby.
    LongEdges,
    /// Delete edges that a way around makes needless.
    ReplaceableEdges,
    /// Merge terminals with their nearest neighbours.
    NearTerminals,
    /// Pass over nodes of degree three and four that need not be forks.
    NeedlessForks,
}

impl Test {
    /// Every test, cheapest first.
    pub const ALL: [Self; 10] = [
        Self::Unreachable,
        Self::Indispensable,
        Self::FreeEdges,
        Self::ShortNodes,
        Self::TooFar,
        Self::HangingParts,
        Self::NearTerminals,
        Self::LongEdges,
        Self::ReplaceableEdges,
        Self::NeedlessForks,
    ];

    /// Those that take linear time.
    pub const LINEAR: [Self; 5] = [
        Self::Unreachable,
        Self::Indispensable,
        Self::FreeEdges,
        Self::ShortNodes,
        Self::HangingParts,
    ];

    /// Whether the test may be used (in full or in part) for a goal, with or without a hop limit, and
    /// can achieve anything there.
    #[must_use]
    pub fn valid_for(self, goal: Goal, max_hops: Option<u32>) -> bool {
        match self {
            Self::Unreachable | Self::HangingParts | Self::ShortNodes => true,
            Self::TooFar => matches!(goal, Goal::MostPrize { .. }) || max_hops.is_some(),
            Self::Indispensable => matches!(goal, Goal::LeastCost { .. }),
            Self::FreeEdges
            | Self::LongEdges
            | Self::ReplaceableEdges
            | Self::NearTerminals
            | Self::NeedlessForks => max_hops.is_none(),
        }
    }

    /// Whether it looks around every edge or node.
    const fn is_dear(self) -> bool {
        matches!(self, Self::LongEdges | Self::ReplaceableEdges | Self::NeedlessForks)
    }

    /// Runs the test once, as far as the watch allows; nothing happens where it is not valid. What is
    /// done of it at any moment keeps an optimum.
    pub fn run(self, work: &mut Work, watch: &Watch<'_>) {
        if work.is_impossible() || !self.valid_for(work.goal, work.max_hops) {
            return;
        }
        match self {
            Self::Unreachable => clean::unreachable(work, watch),
            Self::TooFar => clean::too_far(work, watch),
            Self::Indispensable => clean::indispensable(work, watch),
            Self::FreeEdges => clean::free_edges(work, watch),
            Self::HangingParts => clean::hanging_parts(work, watch),
            Self::ShortNodes => degree::short_nodes(work, watch),
            Self::LongEdges => distance::long_edges(work, watch),
            Self::ReplaceableEdges => distance::replaceable_edges(work, watch),
            Self::NearTerminals => distance::near_terminals(work, watch),
            Self::NeedlessForks => distance::needless_forks(work, watch),
        }
    }
}

/// Rounds of all tests after which even a graph that still shrinks is left alone.
const MOST_ROUNDS: usize = 8;

/// For least loss, a dear test is run again once no more than so many hundredths are left of what it left; under a
/// budget, whose bounds take longer, what it finds late is worth its time.
const WORTH_ANOTHER: usize = 92;

/// Hundredths of the work and time left that reductions may take.
const SHARE: u32 = 40;

/// Runs all tests that are valid until a round removes less than a hundredth of the graph, or their
/// share of work or time is used up.
///
/// Returns `None` if no answer exists.
#[must_use]
pub fn reduce(instance: &Instance, watch: &Watch<'_>) -> Option<Reduced> {
    let mut work = Work::new(instance);
    let limits = watch.narrow_to(SHARE);
    run_all(&mut work, watch);
    watch.widen(limits);
    work.finish()
}

/// The same with linear tests only: what is left takes so long to compare with the ways around it that bounds
/// had better come first.
#[must_use]
pub fn reduce_lightly(instance: &Instance, watch: &Watch<'_>) -> Option<Reduced> {
    let mut work = Work::new(instance);
    let limits = watch.narrow_to(SHARE);
    run_tests(&mut work, &Test::LINEAR, watch);
    watch.widen(limits);
    work.finish()
}

/// Runs all tests on a graph that something else has changed, as [`reduce`] does.
pub fn run_all(work: &mut Work, watch: &Watch<'_>) {
    run_tests(work, &Test::ALL, watch);
}

fn run_tests(work: &mut Work, tests: &[Test], watch: &Watch<'_>) {
    let mut left_at = vec![usize::MAX; tests.len()];
    for _ in 0..MOST_ROUNDS {
        let before = work.size();
        for (&test, left_at) in tests.iter().zip(&mut left_at) {
            if watch.over() {
                return;
            }
            if test.is_dear() {
                let shrunk = work.size() <= *left_at / 100 * WORTH_ANOTHER;
                if work.goal == Goal::LeastLoss && !shrunk {
                    continue;
                }
                test.run(work, watch);
                *left_at = work.size();
            } else {
                test.run(work, watch);
            }
        }
        if work.is_impossible() || (before - work.size()) * 100 <= before {
            break;
        }
    }
}
