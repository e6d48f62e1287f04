//! All integration tests, in one binary so that the library is linked once.

mod damage;
mod determinism;
mod faults;
mod golden;
mod judging;
mod layers;
mod model;
mod plans;
mod quarantine;
mod random_plan;
mod reading;
mod real_data;
mod results;
mod schema;
mod scratch;
mod town;
