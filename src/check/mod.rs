//! The independent judge of a plan: it names model, plan and geometry, nothing else.
//!
//! What for: a plan is believed because this agrees, not because `solve` made it. In: a scenario and
//! any plan, also a hand-made one. Out: everything wrong with it, from the input alone: spans exist
//! and cost what they should, the plan is a forest that serves its sites, rules hold, and every item
//! is paid to the penny by programmes that may. It repairs nothing, never panics, and knows no bound.

mod claims;
mod existing;
mod forest;
mod index;
mod left_out;
mod money;
mod payers;
mod prices;
mod references;
mod rules;
mod service;
mod spans;
mod uses;
mod year_limits;
mod year_of;
mod years;

pub use claims::{Unverified, achieved, check_claims, check_totals, unverified};
pub use prices::SpanPrices;

use crate::check::forest::Forest;
use crate::check::index::Index;
use crate::check::service::Served;
use crate::error::Fault;
use crate::model::Scenario;
use crate::plan::{Plan, Violation};

/// Everything that is wrong with a plan, in the order of the rule codes; empty when nothing is.
///
/// A hand-made plan may leave out drops, and lengths and prices where both are zero; it is then
/// judged with those that the input gives. Under a scenario that has faults no plan is judged: they are the
/// violations then (V290). About `n log n` steps in the size of the input.
#[must_use]
pub fn check(scenario: &Scenario, plan: &Plan) -> Vec<Violation> {
    Checker::new(scenario).check(plan)
}

/// The judge of several plans of one scenario, whose input it looks at once.
pub struct Checker<'a> {
    scenario: &'a Scenario,
    index: Index<'a>,
}

impl<'a> Checker<'a> {
    /// The judge of the plans of a scenario. Little is done before the first plan, or [`Self::look_around`].
    #[must_use]
    pub fn new(scenario: &'a Scenario) -> Self {
        Self { scenario, index: Index::new(scenario) }
    }

    /// Looks at the input, which takes longer than judging a plan on a large network: to be done while there is
    /// no plan yet.
    pub fn look_around(&self) {
        if self.scenario.judged().is_ok() {
            self.index.look_around();
        }
    }

    /// As [`check()`].
    #[must_use]
    pub fn check(&self, plan: &Plan) -> Vec<Violation> {
        let Self { scenario, index } = self;
        if let Err(error) = scenario.judged() {
            let faults = error.faults().iter();
            let violation = |fault: &Fault| Violation::new("V290", "scenario", fault.to_string());
            return faults.map(violation).collect();
        }
        let mut found = Vec::new();
        let facts = spans::judge(scenario, plan, index, &mut found);
        let forest = Forest::of(scenario, plan, &facts, index, &mut found);
        let served = Served::of(scenario, plan, index, &forest, &mut found);
        uses::judge(scenario, &forest, &served, &mut found);
        left_out::judge(scenario, plan, index, &served.sites, &mut found);
        rules::judge(scenario, plan, &forest, &served, &mut found);
        money::judge(scenario, plan, &forest, &served, &mut found);
        existing::judge(scenario, plan, &mut found);
        years::judge(scenario, plan, &forest, &served, &mut found);
        year_limits::judge(scenario, plan, &forest, &served, &mut found);
        found.sort_by(|a, b| (a.code, &a.subject, &a.cause).cmp(&(b.code, &b.subject, &b.cause)));
        found.dedup();
        found
    }
}
