//! What fibreplan stands on: units, errors, efforts, geometry, graphs, and the engine for trees under a budget.
//!
//! A package of its own for the sake of the compiler alone: it is built as one unit, in which everything can be
//! inlined, beside the rest of the library, which does without. `fibreplan` has all that is meant for scripts under
//! the same names; use it through that. It knows no scenario, no programme and no files of results.

#![forbid(unsafe_code)]

pub mod effort;
pub mod engine;
pub mod error;
pub mod geometry;
#[doc(hidden)]
pub mod graph;
pub mod observe;
#[doc(hidden)]
pub mod random;
pub mod status;
pub mod text;
pub mod units;
