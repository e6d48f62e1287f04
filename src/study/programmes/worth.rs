//! What more money would buy: each programme's budget raised in turn, and everything planned again.
//!
//! In: a scenario, its joint outcome, and by how much to raise. Out: the coverage that each raise adds.
//! Both figures are of plans found, so the worth is what these plans show, not a proven derivative.

use crate::error::Error;
use crate::model::{Budget, Scenario};
use crate::network::Prepared;
use crate::observe::Silent;
use crate::plan::Outcome;
use crate::solve::{SolveOptions, solve_prepared};
use crate::units::{Pence, Weight};

/// What a programme's next pounds are worth.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Worth {
    /// Id of the programme.
    pub programme: String,
    /// By how much its budget is raised, before overhead.
    pub raise: Pence,
    /// Coverage that the plan with the raise has beyond the plan without; never less than nothing,
    /// since the plan without it still stands.
    pub gain: Weight,
}

impl Worth {
    /// Coverage for each pound of the raise.
    #[must_use]
    pub fn per_pound(&self) -> f64 {
        let pounds = Weight::from_thousandths(self.raise.get() * 10);
        if pounds == Weight::ZERO { 0.0 } else { self.gain.units() / pounds.units() }
    }
}

/// Plans again with each programme's budget raised by `raise`, one at a time, under the same effort.
///
/// A budget by years is raised as their sum.
///
/// # Errors
///
/// As [`solve_prepared`].
pub fn worth_of_more(
    prepared: &Prepared,
    scenario: &Scenario,
    options: &SolveOptions,
    outcome: &Outcome,
    raise: Pence,
) -> Result<Vec<Worth>, Error> {
    let covered = |outcome: &Outcome| outcome.coverage().map_or(0, |first| first.achieved);
    let without = covered(outcome);
    let mut worths = Vec::with_capacity(scenario.programmes.len());
    for place in 0..scenario.programmes.len() {
        let mut raised = scenario.clone();
        let programme = &mut raised.programmes[place];
        programme.budget = Budget::Total(programme.budget.total() + raise);
        let with = covered(&solve_prepared(prepared, &raised, options, &mut Silent)?);
        let gain = Weight::from_thousandths((with - without).max(0));
        worths.push(Worth { programme: programme_id(scenario, place), raise, gain });
    }
    Ok(worths)
}

fn programme_id(scenario: &Scenario, place: usize) -> String {
    scenario.programmes[place].id.clone()
}
