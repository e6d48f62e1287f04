//! All integration tests, in one binary so that the library is linked once.

mod golden;
mod judging;
mod layers;
mod plans;
mod random_plan;
mod reading;
mod results;
mod schema;
mod town;
