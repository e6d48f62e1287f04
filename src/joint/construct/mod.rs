//! Making forests: a first one at once, ways in, filling up, and the pots one after the other.

pub mod fill;
pub mod greedy;
pub mod insertion;
pub mod paths;
pub mod sequential_pots;
pub mod simpler_ways;
pub mod widen;
