//! The most of a list of weights within the budgets, the first weight first.

use super::model::{Answer, ObjectiveModel};
use crate::error::Error;
use crate::model::Objective;
use crate::plan::ObjectiveResult;
use crate::question::scale::Scale;
use crate::status::Status;

/// A list of weights to maximise.
pub struct Coverage<'a> {
    pub weights: &'a Vec<String>,
}

impl ObjectiveModel for Coverage<'_> {
    fn scale(&self, lists: &[Vec<i64>]) -> Option<Scale> {
        Some(Scale::new(lists))
    }

    fn is_coverage(&self) -> bool {
        true
    }

    fn for_any_plan(&self) -> Objective {
        Objective::Maximise(self.weights.clone())
    }

    /// Every weight of the list, with what is proven about it, then the cost. Something is proven about a
    /// later weight only where all before it are proven best.
    fn results(&self, answer: &Answer<'_>) -> Result<Vec<ObjectiveResult>, Error> {
        let bounds = answer.scale.all(answer.found.bound);
        let mut settled = true;
        let mut results = Vec::new();
        for (place, name) in self.weights.iter().enumerate() {
            let mut result = answer.weight(name);
            if let Some(&bound) = bounds.get(place).filter(|_| settled) {
                result = result.bounded(Some(bound));
                settled = result.is_settled();
                result.status = match answer.found.status {
                    _ if settled => Status::Optimal,
                    Status::Optimal => Status::LimitReached,
                    other => other,
                };
            }
            results.push(result);
        }
        results.push(answer.cost());
        Ok(results)
    }
}
