//! The strategies planners use today, side by side with this library on the same network and money.
//!
//! What for: to see what planning sites, routes and pots together is worth. In: a scenario and its
//! prepared network. Out: one plan a strategy, paid for and checked like the library's own. They prove
//! nothing, do not look at years, and know no rules but those of programmes, ports and single sites.

mod growth;
mod judge;
mod least_tree;
#[cfg(test)]
mod tests;
mod tree_first;
mod tree_part;
mod tree_prices;

use std::time::Instant;

use crate::check::check;
use crate::engine::Solution;
use crate::error::{Error, ErrorKind};
use crate::funding::fund;
use crate::model::Scenario;
use crate::network::Prepared;
use crate::plan::{Outcome, Plan, Violation};
use crate::question::{Question, assemble, question};
use crate::units::{Pence, Weight};
use growth::{
    AtRefusal, Branches, Field, Growth, by_changing_ratio, in_order, rank_by_prize, rank_by_ratio,
    with_passed,
};
use judge::Programmes;
use tree_first::tree_first;

/// A way of choosing sites and routes.
///
/// Every strategy pays each span once, asks whether the pots can pay before it adds a building, skips
/// buildings without a route, and leaves out buildings that count nothing under the first objective. A building
/// counts what its own cheapest route passes as well; the plan then counts what it passes once.
/// Required buildings count more than all others together.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Ord, PartialOrd)]
pub enum Strategy {
    /// Buildings by weight, each by its cheapest route to what is built or to any exchange; the first
    /// that cannot be paid ends it.
    RankAndStop,
    /// The same, but going on after a building that cannot be paid.
    RankAndSkip,
    /// Buildings by the cost of their own route for each unit of weight, an order fixed once; going on.
    RatioAndSkip,
    /// The best cost for each unit of weight that can be paid, priced again after each addition.
    RatioGreedy,
    /// The least-cost tree to all buildings first, then the best part of it that can be paid.
    TreeFirst,
}

impl Strategy {
    /// All of them, from the simplest to the most thorough.
    pub const ALL: [Self; 5] = [
        Self::RankAndStop,
        Self::RankAndSkip,
        Self::RatioAndSkip,
        Self::RatioGreedy,
        Self::TreeFirst,
    ];

    /// Its name in reports: `rank_and_stop` and so on.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::RankAndStop => "rank_and_stop",
            Self::RankAndSkip => "rank_and_skip",
            Self::RatioAndSkip => "ratio_and_skip",
            Self::RatioGreedy => "ratio_greedy",
            Self::TreeFirst => "tree_first",
        }
    }

    fn grow(self, field: &Field<'_>, judge: &mut Programmes<'_>) -> Branches {
        match self {
            Self::RankAndStop => in_order(field, &rank_by_prize(field), AtRefusal::Stop, judge),
            Self::RankAndSkip => in_order(field, &rank_by_prize(field), AtRefusal::Skip, judge),
            Self::RatioAndSkip => in_order(field, &rank_by_ratio(field), AtRefusal::Skip, judge),
            Self::RatioGreedy => {
                let mut growth = Growth::new(field);
                by_changing_ratio(&mut growth, field.prizes.clone(), judge);
                growth.into_tree()
            }
            Self::TreeFirst => {
                let pots = judge.suggested();
                tree_first(field, &pots, judge)
            }
        }
    }
}

/// What one way of planning comes to.
#[derive(Clone, Debug, PartialEq)]
pub struct StrategyRow {
    /// Name of the strategy; `fibreplan` for the library's own plan.
    pub name: &'static str,
    /// What the plan covers under the first objective.
    pub coverage: Weight,
    /// What it costs.
    pub cost: Pence,
    /// Seconds it took to choose sites and routes, on one thread.
    pub seconds: f64,
    /// The plan, with payments.
    pub plan: Plan,
    /// What the checker finds wrong with it: nothing, but where the scenario has rules that the
    /// strategy does not know.
    pub violations: Vec<Violation>,
}

impl StrategyRow {
    /// The row of the library's own outcome; `None` when it has no plan.
    #[must_use]
    pub fn of(outcome: &Outcome) -> Option<Self> {
        Some(Self {
            name: "fibreplan",
            coverage: Weight::from_thousandths(outcome.coverage()?.achieved),
            cost: outcome.cost,
            seconds: outcome.seconds.iter().map(|&(_, seconds)| seconds).sum(),
            plan: outcome.plan.clone()?,
            violations: Vec::new(),
        })
    }

    /// By how much of `other`'s coverage this one covers less, as a share; negative where it covers
    /// more.
    #[must_use]
    pub fn below(&self, other: &Self) -> f64 {
        if other.coverage == Weight::ZERO {
            return 0.0;
        }
        1.0 - self.coverage.units() / other.coverage.units()
    }
}

/// Plans a scenario by each of the given strategies, one row each.
///
/// # Errors
///
/// When the scenario asks for least cost, a price cannot be made, or, internally, when a plan cannot be paid after all.
pub fn strategies(
    prepared: &Prepared,
    scenario: &Scenario,
    which: &[Strategy],
) -> Result<Vec<StrategyRow>, Error> {
    super::compares_coverage(scenario)?;
    let question = question(prepared, scenario)?;
    let is_building = |node| question.building(node).is_some();
    let valued = with_passed(&question.instance, question.root(), is_building);
    let field = Field::new(&valued, question.root());
    let mut judge = Programmes::new(&question, scenario);
    which
        .iter()
        .map(|&strategy| {
            let start = Instant::now();
            let tree = strategy.grow(&field, &mut judge);
            let seconds = start.elapsed().as_secs_f64();
            let plan = plan(prepared, scenario, &question, &tree)?;
            Ok(StrategyRow {
                name: strategy.name(),
                coverage: coverage(&question, &tree),
                cost: plan.cost(),
                seconds,
                violations: check(scenario, &plan),
                plan,
            })
        })
        .collect()
}

fn coverage(question: &Question, tree: &Branches) -> Weight {
    let prizes = tree.iter().map(|joined| question.instance.prizes[joined.node as usize]);
    Weight::from_thousandths(question.scale.first(prizes.sum()))
}

/// The plan that builds a tree, with payments.
fn plan(
    prepared: &Prepared,
    scenario: &Scenario,
    question: &Question,
    tree: &Branches,
) -> Result<Plan, Error> {
    let nodes = tree.iter().map(|joined| joined.node).chain([question.root()]);
    let mut solution =
        Solution { nodes: nodes.collect(), edges: tree.iter().map(|joined| joined.edge).collect() };
    solution.nodes.sort_unstable();
    solution.edges.sort_unstable();
    let mut plan = assemble(prepared, scenario, question, &solution)?;
    let funding = fund(scenario, &plan).map_err(|unfundable| {
        let message = format!("a strategy's plan cannot be paid: {unfundable}");
        Error::new(ErrorKind::Internal, message)
    })?;
    plan.payments = funding.payments;
    Ok(plan)
}
