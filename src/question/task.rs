//! A question with all that an answer to it is made from.

use super::stated::Question;
use crate::effort::Effort;
use crate::joint::{FundingOracle, JointProblem};
use crate::model::Scenario;
use crate::network::Prepared;

/// What is asked, in nouns and in numbers, and how much effort there is for it.
#[derive(Clone, Copy)]
pub struct Task<'a> {
    /// The network.
    pub prepared: &'a Prepared,
    /// The scenario.
    pub scenario: &'a Scenario,
    /// The scenario in numbers.
    pub question: &'a Question,
    /// The question as the search sees it.
    pub problem: &'a JointProblem<'a>,
    /// What tells whether the programmes can pay.
    pub oracle: &'a FundingOracle,
    /// How much effort to spend.
    pub effort: &'a Effort,
}
