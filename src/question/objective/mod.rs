//! The objectives: what each makes of the question's prizes, and what plan and bound mean under it.
//!
//! An objective is a file here with an [`ObjectiveModel`], and a line in [`model_of`]. The search itself knows
//! prizes, a charge for cost and a target only.

mod cost;
mod coverage;
mod model;
mod net_benefit;
pub mod premises;

pub use model::{Answer, ObjectiveModel, Target, achieved};

use crate::model::Objective;

/// What a scenario's objective makes of its question.
pub fn model_of(objective: &Objective) -> Box<dyn ObjectiveModel + '_> {
    match objective {
        Objective::Maximise(weights) => Box::new(coverage::Coverage { weights }),
        Objective::MinimiseCostFor { weight, at_least } => {
            Box::new(cost::LeastCost { target: Target { weight, at_least: *at_least } })
        }
        Objective::MaximiseNetBenefit { per_unit } => {
            Box::new(net_benefit::NetBenefit { per_unit })
        }
    }
}
