//! From what an ascent on the layered graph may begin, and which beginning serves best.
//!
//! In: which start gave the best bound. Out: starts by rank. It raises no duals itself.

use std::cmp::Reverse;

/// How an ascent on the layered graph may be done: on top of the flat one's duals, or from nothing with
/// small or with large steps. None is always best: with few hops the layers matter most, with many the
/// flat graph is seen more clearly.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Start {
    Lifted,
    Small,
    Large,
}

pub(super) const STARTS: [Start; 3] = [Start::Lifted, Start::Small, Start::Large];

impl Start {
    /// How far a component may grow in one raise, in per cent of its nodes.
    pub fn growth(self) -> usize {
        match self {
            Self::Lifted | Self::Small => 25,
            Self::Large => 100,
        }
    }
}

/// How often each start gave the best bound so far.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Starts {
    pub wins: [u32; STARTS.len()],
}

impl Starts {
    /// The start that was best most often, or the next best one.
    pub fn ranked(self, rank: usize) -> Start {
        let mut order = [0, 1, 2];
        order.sort_by_key(|&place: &usize| (Reverse(self.wins[place]), place));
        STARTS[order[rank % STARTS.len()]]
    }
}
