//! Bounds on every payable forest, and the multipliers they come from.

pub mod lagrangian;
pub mod multipliers;
pub mod prize_reweighting;
