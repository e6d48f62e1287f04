//! Numbers in, numbers out: trees of most prize, least cost or least loss, with proven bounds.
//!
//! What for: the search and the proof. In: an [`Instance`] and an [`Effort`]. Out: an [`Outcome`]: the
//! best tree found, a valid bound and what is proven. It knows nothing of sites, money or files.

#[doc(hidden)]
#[allow(clippy::must_use_candidate)]
pub mod bound;
mod exact;
mod from_root;
mod frontier;
#[doc(hidden)]
#[allow(clippy::must_use_candidate)]
pub mod heuristic;
mod hops;
mod instance;
#[doc(hidden)]
#[allow(clippy::must_use_candidate)]
pub mod node_queue;
#[doc(hidden)]
pub mod oracle;
mod outcome;
#[doc(hidden)]
#[allow(clippy::must_use_candidate)]
pub mod reduce;
#[doc(hidden)]
#[allow(clippy::must_use_candidate)]
pub mod rooted;
mod rootless;
mod solving;
#[doc(hidden)]
#[allow(clippy::must_use_candidate)]
pub mod stop;
pub mod stp;
#[cfg(test)]
mod tests;
#[doc(hidden)]
pub mod verify;

pub use frontier::{Forced, Point, forced, frontier};
pub use instance::{Demand, Edge, Goal, Instance, Size, Solution};
pub use outcome::Outcome;

#[doc(hidden)]
pub use instance::LARGE;
#[doc(hidden)]
pub use solving::divisor;

use crate::effort::Effort;
use crate::error::Error;
use crate::observe::Observer;
use stop::Watch;

/// Solves an instance: the best tree within the limits, and a valid bound at every stop.
///
/// # Errors
///
/// A usage error when the instance does not [validate](Instance::validate). An instance without an
/// answer is no error: its status is [`Infeasible`](crate::status::Status::Infeasible).
pub fn solve(
    instance: &Instance,
    effort: &Effort,
    observer: &mut dyn Observer,
) -> Result<Outcome, Error> {
    instance.validate()?;
    let watch = Watch::new(effort, observer);
    Ok(solving::answer(instance, effort.seed, &watch))
}
