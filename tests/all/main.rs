//! All integration tests, in one binary so that the library is linked once.

mod determinism;
mod golden;
mod judging;
mod layers;
mod plans;
mod random_plan;
mod reading;
mod real_data;
mod results;
mod schema;
mod town;
