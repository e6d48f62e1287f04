//! All integration tests, in one binary so that the library is linked once.

// A helper of a test that fails is a failing test.
#![allow(clippy::unwrap_used)]
// A fault that is planted reads best as an assignment.
#![allow(clippy::assigning_clones)]

use std::path::{Path, PathBuf};

mod barriers;
mod bounds;
mod circles;
mod claims;
mod clocks;
mod commands;
mod compare;
mod crossings;
mod damage;
mod determinism;
mod dictionary;
mod fault_page;
mod faults;
mod flow_model;
mod found;
mod frontier;
#[cfg(feature = "gpkg")]
mod geopackage;
mod golden;
mod hostile;
mod import;
mod instances;
mod judging;
mod killed;
mod layers;
mod least_cost;
mod ledger;
mod mend;
mod milp;
mod model;
mod never_behind;
mod notices;
#[cfg(feature = "ofds")]
mod open_fibre;
mod ostn15;
mod payer_sets;
#[cfg(feature = "pictures")]
mod pictures;
mod plans;
mod premises;
mod presets;
mod priority;
mod programmes;
mod quarantine;
mod random_plan;
mod reading;
mod real_data;
mod rents;
mod report_page;
mod results;
mod roads;
mod rules;
mod saved_by;
mod schedules;
mod schema;
mod scratch;
mod strategies;
mod stricter;
mod studies;
mod town;
mod uplift;
#[cfg(feature = "xlsx")]
mod workbook;
mod years;

/// A file or folder of the project, which is one above this package.
fn project(name: &str) -> PathBuf {
    let top =
        Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the package lies in the project");
    top.join(name)
}

/// What lies outside the project at the place that a variable of the environment names.
fn outside(variable: &str) -> Option<PathBuf> {
    std::env::var_os(variable).map(|place| project("").join(place))
}
