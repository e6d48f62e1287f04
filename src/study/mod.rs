//! Questions that take many solves: strategies side by side, frontier, comparison.

pub mod programmes;
pub mod strategies;
