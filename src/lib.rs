//! fibreplan plans fibre rollout.

#![forbid(unsafe_code)]

pub mod check;
pub mod engine;
pub mod error;
pub mod funding;
pub mod geometry;
pub mod graph;
pub mod ids;
pub mod made_up;
pub mod model;
pub mod network;
pub mod observe;
pub mod plan;
pub mod read;
pub mod report;
pub mod solve;
pub mod status;
pub mod study;
pub mod units;
pub mod write;
