//! Questions that take many solves: strategies side by side, frontier, comparison.

pub mod compare;
pub mod frontier;
pub mod programmes;
pub mod strategies;
pub mod why_not;

use crate::error::{Error, ErrorKind};
use crate::model::{Objective, Scenario};

/// Refuses a scenario that asks for least cost or net benefit where ways of planning are compared by what
/// they cover.
fn compares_coverage(scenario: &Scenario) -> Result<(), Error> {
    match scenario.objective {
        Objective::Maximise(_) => Ok(()),
        Objective::MinimiseCostFor { .. } | Objective::MaximiseNetBenefit { .. } => {
            let message = "plans are compared by what they cover: state objective.maximise";
            Err(Error::new(ErrorKind::Usage, message))
        }
    }
}
