//! Forests from nothing: the ways in for each building, and the pots one after the other.

pub mod greedy;
pub mod insertion;
pub mod sequential_pots;

pub use insertion::Reach;
