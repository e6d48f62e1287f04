//! Integration tests, in one binary so that the crate is linked once.

mod damage;
mod faults;
mod model;
mod quarantine;
mod reading;
mod scratch;
