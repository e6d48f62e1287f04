//! All integration tests, in one binary so that the library is linked once.

// A helper of a test that fails is a failing test.
#![allow(clippy::unwrap_used)]

mod golden;
mod layers;
mod plans;
mod reading;
mod results;
mod schema;
mod strategies;
mod town;
