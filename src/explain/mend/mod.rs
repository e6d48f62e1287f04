//! Why there is no plan, and what would mend it.
//!
//! In: a question that the search found no plan for. Out: reasons, each with its code and the rule or the
//! pounds that would mend it; `Infeasible` where that is proven; or, where the least-cost tree of what is
//! required turns out payable after all, that tree. It adds at most a tenth of the effort.

mod demand;
mod money;
mod relax;
mod rules;

use super::no_plan::in_words;
use crate::effort::Effort;
use crate::engine;
use crate::error::Error;
use crate::joint::{Forest, Found, FundingOracle, InsertionPaths, JointProblem};
use crate::model::{Programme, Scenario};
use crate::network::Prepared;
use crate::observe::{Event, Muted, Observer};
use crate::plan::Raise;
use crate::question::{Question, assemble, objective};
use crate::status::Status;
use crate::units::Pence;

/// Share of the time that looking again may take in all.
const SHARE_OF_TIME: u64 = 20;
/// Share of the work that is spent on the least cost of what is required.
const SHARE: u64 = 10;

/// What was asked, and with what it was searched.
pub struct Search<'a> {
    pub prepared: &'a Prepared,
    pub scenario: &'a Scenario,
    pub question: &'a Question,
    pub problem: &'a JointProblem<'a>,
    pub oracle: &'a FundingOracle,
    pub effort: &'a Effort,
}

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
struct Learnt {
    proven: Vec<String>,
    mends: Vec<String>,
}

impl Learnt {
    /// What is proven of a rule or of the money; where nothing is, what the search says. Two accounts of one
    /// thing would contradict each other: that none was found, or that no programme pays for it, beside the
    /// rule that no plan can keep.
    fn explained(self, search: &Search<'_>, found: &Found, raises: Vec<Raise>) -> Explained {
        let mut reasons = self.proven;
        if reasons.is_empty() {
            reasons = in_words(search.scenario, found.no_plan);
        }
        reasons.extend(self.mends);
        Explained { reasons, raises }
    }
}

/// Looks again where nothing was found: `found` gets a tree, or its reasons are returned.
pub fn look_again(
    search: &Search<'_>,
    found: &mut Found,
    observer: &mut dyn Observer,
) -> Result<Option<Explained>, Error> {
    if found.solution.is_some() || observer.on(&Event::Phase { name: "mend" }).is_break() {
        return Ok(None);
    }
    let broken = rules::broken(search.prepared, search.scenario, search.question, search.oracle);
    if !broken.is_empty() {
        found.status = Status::Infeasible;
        return Ok(Some(Explained { reasons: broken, raises: Vec::new() }));
    }
    // The costs that these runs show are not the caller's objective.
    let mut muted = Muted(observer);
    let (scenario, prepared, problem) = (search.scenario, search.prepared, search.problem);
    let least =
        demand::least_cost(scenario, prepared, search.question, search.oracle.constraints());
    let clock = search.effort.part(SHARE_OF_TIME).start();
    let part = search.effort.part(SHARE).within(clock).without_gap();
    let least = engine::solve(&least, &part, &mut muted)?;
    if let Some(tree) = &least.solution {
        let least_cost = objective::model_of(&scenario.objective).target().is_some();
        let is_open = !least_cost && found.status != Status::Infeasible;
        if let Some(forest) = payable(search, tree).filter(|_| is_open) {
            accept(found, problem, &forest);
            return Ok(None);
        }
    }
    let mut learnt = Learnt::default();
    let raises = explain(search, &least, found, &mut learnt)?;
    relax::look(search, found, &mut learnt, clock, &mut muted)?;
    Ok(Some(learnt.explained(search, found, raises)))
}

/// The tree as it is, or with one building more that lets a programme pay for the way to it.
fn payable(search: &Search<'_>, tree: &engine::Solution) -> Option<Forest> {
    let Search { problem, oracle, .. } = *search;
    let mut forest = Forest::of(problem, tree);
    if oracle.affords(problem, &forest) {
        return Some(forest);
    }
    let mut paths = InsertionPaths::new(search.question.instance.nodes());
    paths.start(problem, &forest, (problem.budget() - forest.cost).max(0));
    for building in problem.buildings() {
        if forest.holds(building) || paths.cost(building).is_none() {
            continue;
        }
        forest.attach(problem, building, &|node| paths.step(node));
        if oracle.affords(problem, &forest) {
            return Some(forest);
        }
        forest.detach(problem, building);
    }
    None
}

/// Takes a payable tree as what was found.
fn accept(found: &mut Found, problem: &JointProblem<'_>, forest: &Forest) {
    let proven = forest.worth(problem) == found.bound;
    found.status = if proven { Status::Optimal } else { Status::LimitReached };
    found.solution = Some(forest.solution());
    found.no_plan = None;
}

/// States what is required against the money, and by how much the budgets would have to grow.
fn explain(
    search: &Search<'_>,
    least: &engine::Outcome,
    found: &mut Found,
    learnt: &mut Learnt,
) -> Result<Vec<Raise>, Error> {
    let scenario = search.scenario;
    let money: Pence = scenario.programmes.iter().map(Programme::available).sum();
    learnt.proven = money::drops_alone(search.prepared, scenario, search.question);
    let missing = match least.status {
        Status::Infeasible => Pence::ZERO,
        _ => (Pence::new(least.bound) - money).max(Pence::ZERO),
    };
    if missing > Pence::ZERO {
        learnt.proven.push(format!(
            "I401: what is required costs at least GBP {}, and all programmes together have GBP {money}",
            money + missing
        ));
    }
    if !learnt.proven.is_empty() {
        found.status = Status::Infeasible;
    }
    let Some(tree) = &least.solution else { return Ok(Vec::new()) };
    // Branches for what they pass alone are no part of a plan.
    let tree = Forest::of(search.problem, tree).solution();
    let plan = assemble(search.prepared, scenario, search.question, &tree)?;
    let mend = money::mend(scenario, &plan);
    learnt.mends.push(money::in_words(scenario, &plan, &mend, missing));
    Ok(mend.raises(scenario))
}
