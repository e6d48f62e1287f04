//! What looking again has brought to light.

use crate::explain::no_plan::in_words;
use crate::joint::Found;
use crate::model::Scenario;
use crate::plan::Raise;

/// Why there is no plan, and what would mend it.
#[derive(Default)]
pub struct Explained {
    /// Reasons with their codes, then mends.
    pub reasons: Vec<String>,
    /// Raises of budgets that would be enough, where some are known.
    pub raises: Vec<Raise>,
}

/// What was learnt: only what is proven is a reason, unless nothing is.
#[derive(Default)]
pub struct Learnt {
    /// Reasons with their codes.
    pub proven: Vec<String>,
    /// What would let there be a plan.
    pub mends: Vec<String>,
    /// How many rules were looked into.
    pub looked_into: usize,
}

impl Learnt {
    /// What is proven about a rule or about the money; where nothing is, what the search says. Two accounts of
    /// one thing would contradict each other: that none was found, or that no programme pays for it, beside
    /// the rule that no plan can keep.
    pub fn explained(self, scenario: &Scenario, found: &Found, raises: Vec<Raise>) -> Explained {
        let mut reasons = self.proven;
        if reasons.is_empty() {
            reasons = in_words(scenario, found.no_plan);
        }
        reasons.extend(self.mends);
        Explained { reasons, raises }
    }
}
