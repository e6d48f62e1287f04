//! What is proven about an answer: its status, and the gap between answer and bound.

use std::fmt;

use serde::{Deserialize, Serialize};

/// How far an answer is proven.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Hash, Serialize, Deserialize)]
pub enum Status {
    /// No better answer exists.
    Optimal,
    /// The answer lies within the gap that was asked for.
    GapReached,
    /// Time, work or the caller ended the search; the bound is valid all the same.
    LimitReached,
    /// No answer exists; the outcome says why.
    Infeasible,
    /// The search ended before it found an answer or proved that there is none.
    Unknown,
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self, f)
    }
}

/// The relative gap `|bound - objective| / max(|bound|, |objective|)`; 0 when both are 0.
///
/// Between 0 and 1 when both have the same sign, for coverage and for cost alike.
#[must_use]
#[allow(clippy::cast_precision_loss)] // a ratio for display and stop rules; never decides a proof
pub fn gap(objective: i64, bound: i64) -> f64 {
    if objective == bound {
        return 0.0;
    }
    let largest = objective.unsigned_abs().max(bound.unsigned_abs());
    objective.abs_diff(bound) as f64 / largest as f64
}
