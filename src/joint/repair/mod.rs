//! From any forest to one that the pots can pay and that keeps the rules.

pub mod funding;
pub mod rules;
pub mod spare;
