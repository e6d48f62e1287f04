//! fibreplan plans fibre rollout.

#![forbid(unsafe_code)]

pub mod engine;
pub mod error;
pub mod graph;
pub mod ids;
pub mod observe;
pub mod status;
pub mod units;
