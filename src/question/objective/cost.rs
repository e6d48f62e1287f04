//! The least cost for a target.

use super::model::{Answer, ObjectiveModel, Target, proven};
use crate::error::Error;
use crate::model::Objective;
use crate::plan::ObjectiveResult;
use crate::question::scale::Scale;

/// A target to be reached at the least cost.
pub struct LeastCost<'a> {
    pub target: Target<'a>,
}

impl ObjectiveModel for LeastCost<'_> {
    /// Prizes are what the target counts.
    fn scale(&self, lists: &[Vec<i64>]) -> Option<Scale> {
        Some(Scale::new(lists))
    }

    fn target(&self) -> Option<Target<'_>> {
        Some(self.target)
    }

    fn for_any_plan(&self) -> Objective {
        let Target { weight, at_least } = self.target;
        Objective::MinimiseCostFor { weight: weight.to_owned(), at_least }
    }

    /// The cost, with what is proven about it, then the weight of the target.
    fn results(&self, answer: &Answer<'_>) -> Result<Vec<ObjectiveResult>, Error> {
        let cost = answer.cost().bounded(Some(answer.found.bound));
        Ok(vec![proven(cost, answer.found.status), answer.weight(self.target.weight)])
    }
}
