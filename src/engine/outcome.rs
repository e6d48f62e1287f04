//! What the engine answers: a tree, a bound and what is proven.
//!
//! In: what a solve found. Out: an [`Outcome`], also where there is no tree. It judges nothing.

use super::stop::Watch;
use super::{Size, Solution};
use crate::status::Status;

/// What the engine found and proved.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Outcome {
    /// How far the answer is proven.
    pub status: Status,
    /// The best tree found.
    pub solution: Option<Solution>,
    /// Its value in terms of the goal (see [`Instance::objective`](super::Instance::objective)).
    pub objective: Option<i64>,
    /// A proven bound: no tree has more prize (or less cost, or less loss) than this.
    pub bound: i64,
    /// The bound before branching.
    pub root_bound: i64,
    /// What is left after reductions.
    pub reduced: Size,
    /// Branching nodes looked at.
    pub branch_nodes: u64,
    /// Work units spent.
    pub work: u64,
}

impl Outcome {
    pub(super) fn infeasible(watch: &Watch<'_>) -> Self {
        Self::without_tree(Status::Infeasible, 0, watch)
    }

    pub(super) fn without_tree(status: Status, bound: i64, watch: &Watch<'_>) -> Self {
        Self {
            status,
            solution: None,
            objective: None,
            bound,
            root_bound: bound,
            reduced: Size::default(),
            branch_nodes: 0,
            work: watch.work(),
        }
    }
}
