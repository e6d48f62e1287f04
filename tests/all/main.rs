//! All integration tests, in one binary so that the library is linked once.

mod golden;
mod layers;
mod plans;
mod reading;
mod results;
mod schema;
mod town;
