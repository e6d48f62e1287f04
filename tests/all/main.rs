//! All integration tests, in one binary so that the library is linked once.

// A helper of a test that fails is a failing test.
#![allow(clippy::unwrap_used)]
// A fault that is planted reads best as an assignment.
#![allow(clippy::assigning_clones)]

mod barriers;
mod commands;
mod compare;
mod crossings;
mod damage;
mod determinism;
mod dictionary;
mod faults;
mod frontier;
mod golden;
mod import;
mod instances;
mod judging;
mod layers;
mod ledger;
mod mend;
mod milp;
mod model;
mod plans;
mod premises;
mod presets;
mod programmes;
mod quarantine;
mod random_plan;
mod reading;
mod real_data;
mod rents;
mod results;
mod roads;
mod rules;
mod saved_by;
mod schema;
mod scratch;
mod strategies;
mod stricter;
mod town;
mod uplift;
