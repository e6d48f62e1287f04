//! The scheduling problem of a plan that the library has made.

use crate::error::{Error, ErrorKind};
use crate::model::Scenario;
use crate::plan::Plan;
use crate::schedule::Problem;

/// The problem of a plan's items under the years of its scenario.
///
/// # Errors
///
/// An internal error where the plan is no forest.
pub fn problem_of(scenario: &Scenario, plan: &Plan) -> Result<Problem, Error> {
    let broken = |cause: String| Error::new(ErrorKind::Internal, format!("no forest: {cause}"));
    Problem::of(scenario, plan).map_err(broken)
}
