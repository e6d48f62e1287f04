//! The independent judge of a plan: it names model, plan and geometry, nothing else.
//!
//! What for: a plan is believed because this agrees, not because `solve` made it. In: a scenario and
//! any plan, also a hand-made one. Out: everything wrong with it, from the input alone: spans exist
//! and cost what they should, the plan is a forest that serves its sites, rules hold, and every item
//! is paid to the penny by programmes that may. It repairs nothing, never panics, and knows no bound.

mod forest;
mod index;
mod money;
mod payers;
mod prices;
mod rules;
mod service;
mod spans;
mod totals;

pub use prices::SpanPrices;
pub use totals::check_totals;

use crate::check::forest::Forest;
use crate::check::index::Index;
use crate::check::service::Served;
use crate::model::Scenario;
use crate::plan::{Plan, Violation};

/// Everything that is wrong with a plan, in the order of the rule codes; empty when nothing is.
///
/// A hand-made plan may leave out drops, and lengths and prices where both are zero; it is then
/// judged with those that the input gives. About `n log n` steps in the size of the input.
#[must_use]
pub fn check(scenario: &Scenario, plan: &Plan) -> Vec<Violation> {
    let mut found = Vec::new();
    let buildings = scenario.buildings();
    let index = Index::new(scenario, &buildings);
    let facts = spans::judge(scenario, plan, &index, &mut found);
    let forest = Forest::of(scenario, plan, &facts, &mut found);
    let served = Served::of(scenario, plan, &buildings, &forest, &mut found);
    rules::judge(scenario, plan, &forest, &served, &mut found);
    money::judge(scenario, plan, &forest, &served, &mut found);
    found.sort_by(|a, b| (a.code, &a.subject, &a.cause).cmp(&(b.code, &b.subject, &b.cause)));
    found.dedup();
    found
}
