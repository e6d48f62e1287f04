//! Numbers in, numbers out: trees of most prize, least cost or least loss, with proven bounds.
//!
//! What for: the search and the proof. In: an [`Instance`] and an [`Effort`]. Out: an [`Outcome`]: the
//! best tree found, a valid bound and what is proven. It knows nothing of sites, money or files.

pub(crate) mod bound;
mod exact;
mod frontier;
pub(crate) mod heuristic;
mod hops;
mod instance;
pub(crate) mod node_queue;
#[doc(hidden)]
pub mod oracle;
pub(crate) mod reduce;
pub(crate) mod rooted;
mod rootless;
mod solving;
pub(crate) mod stop;
pub mod stp;
#[cfg(test)]
mod tests;
#[doc(hidden)]
pub mod verify;

pub use frontier::{Forced, Point, forced, frontier};
pub use instance::{Demand, Edge, Goal, Instance, Solution};

pub(crate) use solving::{LARGE, divisor};

use crate::effort::Effort;
use crate::error::Error;
use crate::observe::Observer;
use crate::status::Status;
use stop::Watch;

/// What the engine found and proved.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Outcome {
    /// How far the answer is proven.
    pub status: Status,
    /// The best tree found.
    pub solution: Option<Solution>,
    /// Its value in terms of the goal (see [`Instance::objective`]).
    pub objective: Option<i64>,
    /// A proven bound: no tree has more prize (or less cost, or less loss) than this.
    pub bound: i64,
    /// The bound before branching.
    pub root_bound: i64,
    /// Nodes and edges left after reductions.
    pub reduced: (usize, usize),
    /// Branching nodes looked at.
    pub branch_nodes: u64,
    /// Work units spent.
    pub work: u64,
}

/// Solves an instance: the best tree within the limits, and a valid bound at every stop.
///
/// # Errors
///
/// A usage error when the instance does not [validate](Instance::validate). An instance without an
/// answer is no error: its status is [`Status::Infeasible`].
pub fn solve(
    instance: &Instance,
    effort: &Effort,
    observer: &mut dyn Observer,
) -> Result<Outcome, Error> {
    instance.validate()?;
    let watch = Watch::new(effort, observer);
    Ok(solving::answer(instance, effort.seed, &watch))
}
