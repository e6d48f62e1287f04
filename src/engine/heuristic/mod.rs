//! Trees: built from nothing, from the saturated arcs of a dual ascent, and improved.

mod build;
mod knapsack;
mod oriented;

pub(crate) use build::from_distorted;
pub use build::{Growing, cut_to_size, from_nothing, from_saturated, pruned_saturated, refine};
pub use oriented::Oriented;
