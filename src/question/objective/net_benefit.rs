//! The most net benefit: what is reached, valued in pounds a unit, less what it costs.

use std::collections::BTreeMap;

use super::model::{Answer, ObjectiveModel, money_result, proven};
use crate::error::{Error, ErrorKind};
use crate::model::{NET_BENEFIT, Objective, SITES};
use crate::plan::ObjectiveResult;
use crate::question::scale::Scale;
use crate::units::Pence;

/// Weights with what a unit of each is worth.
pub struct NetBenefit<'a> {
    pub per_unit: &'a BTreeMap<String, Pence>,
}

impl ObjectiveModel for NetBenefit<'_> {
    /// Prizes are worths in money, and the cost is charged for.
    fn scale(&self, lists: &[Vec<i64>]) -> Option<Scale> {
        Scale::of_worth(self.per_unit.values().map(|each| each.get()).collect(), lists)
    }

    /// Whether there is any plan does not depend on what it is worth.
    fn for_any_plan(&self) -> Objective {
        Objective::Maximise(vec![SITES.to_owned()])
    }

    /// The net benefit, with what is proven about it, then the weights that it counts and the cost.
    fn results(&self, answer: &Answer<'_>) -> Result<Vec<ObjectiveResult>, Error> {
        let weights: Vec<ObjectiveResult> =
            self.per_unit.keys().map(|name| answer.weight(name)).collect();
        let worth = self.per_unit.values().zip(&weights);
        let worth: i128 =
            worth.map(|(each, own)| i128::from(each.get()) * i128::from(own.achieved.raw())).sum();
        let net = worth.div_euclid(1000) - i128::from(answer.plan.cost().get());
        let net = i64::try_from(net).map_err(|_| {
            Error::new(ErrorKind::Internal, "the net benefit is more than can be counted")
        })?;
        let net = money_result(NET_BENEFIT, Pence::new(net));
        let net = net.bounded(answer.scale.net_pence(answer.found.bound));
        let net = proven(net, answer.found.status);
        Ok(std::iter::once(net).chain(weights).chain([answer.cost()]).collect())
    }
}
