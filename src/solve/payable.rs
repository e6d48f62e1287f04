//! The best tree of a question that a scenario's programmes can pay, without a plan made of it.

use crate::effort::Effort;
use crate::error::Error;
use crate::joint::{self, Found};
use crate::model::Scenario;
use crate::network::Prepared;
use crate::observe::Observer;
use crate::question::{Question, funding_oracle};

/// The best payable tree of a question that others have changed, under a scenario's programmes.
///
/// # Errors
///
/// As [`solve`](super::solve).
pub(crate) fn search(
    prepared: &Prepared,
    scenario: &Scenario,
    question: &Question,
    effort: &Effort,
    observer: &mut dyn Observer,
) -> Result<Found, Error> {
    let oracle = funding_oracle(prepared, scenario, question)?;
    joint::search(&question.problem(), &oracle, effort, observer)
}
