//! What is maximised, and how a site's weight is read.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::units::{Pence, Weight};

/// The name of the weight that counts every site as one; it always exists.
pub const SITES: &str = "sites";

/// The name of the weight that counts premises along what is built; it always exists. Sites have none of it.
pub const PREMISES: &str = "premises_passed";

/// The name of the price of everything among the results of a plan.
pub const COST: &str = "cost";

/// The name of what the weights of a plan are worth less its price, among the results of a plan.
pub const NET_BENEFIT: &str = "net_benefit";

/// The name of coverage summed over the ends of all years, among the results of a plan with years.
pub const COVERAGE_YEARS: &str = "coverage_years";

/// What the plan is to achieve.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Objective {
    /// The most of these weights within the budgets, in this order.
    Maximise(Vec<String>),
    /// The least cost for at least so much of a weight.
    MinimiseCostFor {
        /// Name of the weight.
        weight: String,
        /// How much of it the plan must reach.
        at_least: Weight,
    },
    /// The most net benefit within the budgets: what the weights reached are worth, less the cost. Without
    /// a budget that binds this is the prize-collecting Steiner tree.
    MaximiseNetBenefit {
        /// Worth of one whole unit of each weight, by name, in money of the rate card's price year.
        per_unit: BTreeMap<String, Pence>,
    },
}

impl Objective {
    /// The weights it counts: of a list in its order, else by name.
    #[must_use]
    pub fn weights(&self) -> Vec<&str> {
        match self {
            Self::Maximise(names) => names.iter().map(String::as_str).collect(),
            Self::MinimiseCostFor { weight, .. } => vec![weight],
            Self::MaximiseNetBenefit { per_unit } => per_unit.keys().map(String::as_str).collect(),
        }
    }

    /// The weights to be maximised one after the other; `None` for other objectives.
    #[must_use]
    pub fn list(&self) -> Option<&[String]> {
        let Self::Maximise(names) = self else { return None };
        Some(names)
    }

    /// The weight of which so much is to be reached at the least cost; `None` for other objectives.
    #[must_use]
    pub fn target(&self) -> Option<(&str, Weight)> {
        let Self::MinimiseCostFor { weight, at_least } = self else { return None };
        Some((weight, *at_least))
    }

    /// What a whole unit of each weight is worth; `None` for other objectives than net benefit.
    #[must_use]
    pub fn worths(&self) -> Option<&BTreeMap<String, Pence>> {
        let Self::MaximiseNetBenefit { per_unit } = self else { return None };
        Some(per_unit)
    }

    /// The net benefit of amounts of its weights, in thousandths in the order of [`Objective::weights`],
    /// reached at a cost: rounded down to whole pence, once, over everything. `None` for other objectives.
    #[must_use]
    pub fn net_benefit(&self, thousandths: &[i64], cost: Pence) -> Option<Pence> {
        let worth: i128 = (self.worths()?.values().zip(thousandths))
            .map(|(each, &amount)| i128::from(each.get()) * i128::from(amount))
            .sum();
        let net = worth.div_euclid(1000) - i128::from(cost.get());
        let narrow =
            |net: i128| i64::try_from(net).unwrap_or(if net > 0 { i64::MAX } else { i64::MIN });
        Some(Pence::new(narrow(net)))
    }
}

/// What a site without a value counts.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize)]
pub struct MissingWeight {
    /// For every kind not named in `by_kind`.
    pub any: Option<Weight>,
    /// By kind.
    pub by_kind: BTreeMap<String, Weight>,
}

impl MissingWeight {
    /// The stated default for a kind.
    #[must_use]
    pub fn of(&self, kind: &str) -> Option<Weight> {
        self.by_kind.get(kind).copied().or(self.any)
    }
}

/// A weight: the input column that holds it and what a missing value counts.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct WeightColumn {
    /// Name used in the objective and reports.
    pub name: String,
    /// Input column.
    pub column: String,
    /// Stated defaults.
    pub missing: MissingWeight,
}

/// The weight of a site, and whether it was recorded or assumed.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Weighed {
    /// How much.
    pub weight: Weight,
    /// Whether a stated default stands in for a missing value.
    pub assumed: bool,
}
