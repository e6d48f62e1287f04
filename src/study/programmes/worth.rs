//! What more money would buy: each programme's budget raised in turn, and everything planned again.
//!
//! In: a scenario, its joint outcome, and by how much to raise. Out: the coverage that each raise adds.
//! Both figures are of plans found, so the worth is what these plans show, not a proven derivative.

use super::super::{Hearing, bound, covered, more};
use crate::error::Error;
use crate::model::Scenario;
use crate::network::Prepared;
use crate::plan::Outcome;
use crate::solve::{SolveOptions, solve_prepared};
use crate::status::Status;
use crate::units::{Pence, Weight};

/// What a programme's next pounds are worth.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Worth {
    /// Id of the programme.
    pub programme: String,
    /// By how much its budget is raised, before overhead.
    pub raise: Pence,
    /// How far the plan with the raise is proven.
    pub status: Status,
    /// Coverage that the plan with the raise has beyond the plan without; never less than nothing, since
    /// the plan without it still stands. `None` where either plan is missing.
    pub gain: Option<Weight>,
    /// No plan with the raise has more than so much beyond the plan without; `None` where nothing is proven.
    pub at_most: Option<Weight>,
}

impl Worth {
    /// Coverage for each pound of the raise.
    #[must_use]
    pub fn per_pound(&self) -> Option<f64> {
        let pounds = Weight::from_thousandths(self.raise.get().saturating_mul(10));
        Some(self.gain?.units() / pounds.units()).filter(|_| pounds != Weight::ZERO)
    }
}

/// What a raise is worth to each programme, planned with the options that the function beside it gives, as long
/// as there is time for more; nothing where none is asked
/// for. A budget by years is raised in every year, in proportion.
pub fn worths(
    prepared: &Prepared,
    scenario: &Scenario,
    raise: Option<(Pence, &mut dyn FnMut() -> Option<SolveOptions>)>,
    without: &Outcome,
    begin: &mut dyn FnMut(&mut Hearing<'_>, &str) -> bool,
    hearing: &mut Hearing<'_>,
) -> Result<Vec<Worth>, Error> {
    let Some((raise, next)) = raise else { return Ok(Vec::new()) };
    let mut worths = Vec::with_capacity(scenario.programmes.len());
    for (place, programme) in scenario.programmes.iter().enumerate() {
        if !begin(hearing, &format!("more for {}", programme.id)) {
            break;
        }
        let Some(options) = next() else { break };
        let mut raised = scenario.clone();
        let budget = &mut raised.programmes[place].budget;
        *budget = budget.raised(raise);
        let with = solve_prepared(prepared, &raised, &options, hearing)?;
        let beyond = |most: Option<Weight>| Some(more(covered(without)?, most?));
        worths.push(Worth {
            programme: programme.id.clone(),
            raise,
            status: with.status,
            gain: beyond(covered(&with)),
            at_most: beyond(bound(&with)),
        });
    }
    Ok(worths)
}
