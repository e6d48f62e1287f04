//! What is maximised, and how a site's weight is read.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::units::Weight;

/// The name of the weight that counts every site as one; it always exists.
pub const SITES: &str = "sites";

/// The name of the weight that counts premises along what is built; it always exists. Sites have none of it.
pub const PREMISES: &str = "premises_passed";

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
