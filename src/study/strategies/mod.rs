//! The strategies that planners use today, side by side with this library on the same network and money.
//!
//! What for: to see what planning sites, routes and pots together is worth. In: a scenario and its prepared
//! network. Out: the library's own plan with its proof, and one plan for each strategy, paid for and checked
//! in the same way; one that fails is shown with what is wrong, and does not count. Strategies prove nothing,
//! do not look at years, and know no rules but those of programmes, ports and single sites.

mod growth;
mod judge;
mod least_tree;
#[cfg(test)]
mod tests;
mod tree_first;
mod tree_part;
mod tree_prices;

use std::time::{Duration, Instant};

use super::{Hearing, Turns, bound, covered, usual_effort};
use crate::check::check;
use crate::effort::{Effort, Interrupt};
use crate::engine::Solution;
use crate::error::Error;
use crate::funding::fund;
use crate::model::Scenario;
use crate::network::Prepared;
use crate::observe::Observer;
use crate::plan::{Outcome, Plan, Violation};
use crate::question::{Question, assemble, question};
use crate::solve::solve_prepared;
use crate::status::Status;
use crate::units::{Pence, Weight};
use growth::{
    AtRefusal, Branches, Field, Growth, Judge as _, by_changing_ratio, in_order, rank_by_prize,
    rank_by_ratio, with_passed,
};
use judge::Programmes;
use tree_first::tree_first;

/// Time that a strategy may take where less is allowed for everything.
const AT_ONCE: Duration = Duration::from_millis(100);

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

/// Which strategies, and how much effort the library's own plan gets.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct StrategiesOptions {
    /// The effort: the work is that of the library's own plan, the seconds are those of everything together.
    /// The strategies come first; each may take an equal share, and the library's own plan has what they leave.
    pub effort: Effort,
    /// The strategies, in the order wanted. Default all five.
    pub which: Vec<Strategy>,
}

impl Default for StrategiesOptions {
    fn default() -> Self {
        Self { effort: usual_effort(), which: Strategy::ALL.to_vec() }
    }
}

/// What one way of planning comes to.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct StrategyRow {
    /// Name of the strategy; `fibreplan` for the library's own plan.
    pub name: &'static str,
    /// How far the plan is proven; `None` for strategies, which prove nothing.
    pub status: Option<Status>,
    /// What the plan covers under the first objective; `None` without a plan.
    pub coverage: Option<Weight>,
    /// What is proven that no plan exceeds; `None` for strategies, and where nothing is proven.
    pub bound: Option<Weight>,
    /// What it costs; `None` without a plan.
    pub cost: Option<Pence>,
    /// Seconds it took to choose sites and routes, on one thread.
    pub seconds: f64,
    /// The plan, with payments where it can be paid for.
    pub plan: Option<Plan>,
    /// Why the programmes cannot pay for the plan, where they cannot.
    pub unpaid: Option<String>,
    /// What the checker finds wrong with the plan: rules that the strategy does not know.
    pub violations: Vec<Violation>,
}

impl StrategyRow {
    /// The row of the library's own outcome.
    #[must_use]
    pub fn of(outcome: &Outcome) -> Self {
        Self {
            name: "fibreplan",
            status: Some(outcome.status),
            coverage: covered(outcome),
            bound: bound(outcome),
            cost: outcome.plan.as_ref().map(Plan::cost),
            seconds: outcome.seconds.iter().map(|&(_, seconds)| seconds).sum(),
            plan: outcome.plan.clone(),
            unpaid: None,
            violations: Vec::new(),
        }
    }

    /// Whether there is a plan that the programmes pay for and that keeps every rule; others do not count.
    #[must_use]
    pub fn counts(&self) -> bool {
        self.plan.is_some() && self.unpaid.is_none() && self.violations.is_empty()
    }

    /// By how much of `other`'s coverage this one covers less, as a share; negative where it covers more.
    /// `None` where either does not count, or the other covers nothing and this one something.
    #[must_use]
    pub fn below(&self, other: &Self) -> Option<f64> {
        let (own, other) = (self.counted()?, other.counted()?);
        match (own, other) {
            (Weight::ZERO, Weight::ZERO) => Some(0.0),
            (_, Weight::ZERO) => None,
            _ => Some(1.0 - own.units() / other.units()),
        }
    }

    fn counted(&self) -> Option<Weight> {
        self.coverage.filter(|_| self.counts())
    }
}

/// The strategies beside the library's own plan.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Strategies {
    /// Name of the weight that is covered.
    pub weight: String,
    /// The library's own answer, with its proof.
    pub outcome: Outcome,
    /// Its row.
    pub own: StrategyRow,
    /// One row for each strategy, in the order asked, but those unfinished.
    pub rows: Vec<StrategyRow>,
    /// Names of the strategies that came to no end before time was up or the caller asked to stop.
    pub unfinished: Vec<&'static str>,
}

impl Strategies {
    /// The strategy that covers most of those that count; the first of equals.
    #[must_use]
    pub fn best(&self) -> Option<&StrategyRow> {
        let counted = self.rows.iter().rev().filter(|row| row.counts());
        counted.max_by_key(|row| row.coverage)
    }
}

/// Plans a scenario by the library and by each of the given strategies.
///
/// # Errors
///
/// As [`solve_prepared`]; when the scenario asks for least cost or net benefit, or a price cannot be made.
pub fn strategies(
    prepared: &Prepared,
    scenario: &Scenario,
    options: &StrategiesOptions,
    observer: &mut dyn Observer,
) -> Result<Strategies, Error> {
    super::compares_coverage(scenario)?;
    let scenario = &*super::without_years(scenario)?;
    let mut hearing = Hearing::new(observer);
    let parts = options.which.len() + 1;
    let mut turns = Turns::new(&options.effort, parts);
    let (mut rows, mut unfinished) = (Vec::with_capacity(options.which.len()), Vec::new());
    if !options.which.is_empty() {
        hearing.begins(options.which[0].name(), 1, parts);
        let question = question(prepared, scenario)?;
        let is_building = |node| question.building(node).is_some();
        let valued = with_passed(&question.instance, question.root(), is_building);
        let field = Field::new(&valued, question.root());
        for (number, &strategy) in (1..).zip(&options.which) {
            let turn = turns.next();
            if turns.is_late() || !hearing.begins(strategy.name(), number, parts) {
                unfinished.push(strategy.name());
                continue;
            }
            // Small questions have an answer whatever the limit.
            let interrupt = Interrupt::new(turn.start().at_least(AT_ONCE), &mut hearing);
            let mut judge = Programmes::new(&question, scenario, interrupt)?;
            let start = Instant::now();
            let tree = strategy.grow(&field, &mut judge);
            let seconds = start.elapsed().as_secs_f64();
            if judge.is_over() {
                unfinished.push(strategy.name());
                continue;
            }
            rows.push(row(prepared, scenario, &question, strategy, &tree, seconds)?);
        }
    }
    hearing.begins("fibreplan", parts, parts);
    let outcome = solve_prepared(prepared, scenario, &turns.next().into(), &mut hearing)?;
    let weight = scenario.objective_weights().first().copied().unwrap_or(crate::model::SITES);
    let own = StrategyRow::of(&outcome);
    Ok(Strategies { weight: weight.to_owned(), own, outcome, rows, unfinished })
}

/// The row of a tree that a strategy grew, and how many seconds that took.
fn row(
    prepared: &Prepared,
    scenario: &Scenario,
    question: &Question,
    strategy: Strategy,
    tree: &Branches,
    seconds: f64,
) -> Result<StrategyRow, Error> {
    let mut plan = plan(prepared, scenario, question, tree)?;
    let unpaid = match fund(scenario, &plan) {
        Ok(funding) => {
            plan.payments = funding.payments;
            None
        }
        Err(unfundable) => Some(unfundable.to_string()),
    };
    // Without payments the checker would only say again that nobody pays.
    let violations = if unpaid.is_none() { check(scenario, &plan) } else { Vec::new() };
    Ok(StrategyRow {
        name: strategy.name(),
        status: None,
        coverage: Some(coverage(question, tree)),
        bound: None,
        cost: Some(plan.cost()),
        seconds,
        plan: Some(plan),
        unpaid,
        violations,
    })
}

fn coverage(question: &Question, tree: &Branches) -> Weight {
    let prizes = tree.iter().map(|joined| question.instance.prizes[joined.node as usize]);
    Weight::from_thousandths(question.scale.first(prizes.sum()))
}

/// The plan that builds a tree, without payments.
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
    assemble(prepared, scenario, question, &solution)
}
