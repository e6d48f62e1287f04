//! Why there is no plan, and what would mend it.
//!
//! In: a question that the search found no plan for. Out: reasons, each with its code and the rule or the
//! pounds that would mend it; `Infeasible` where that is proven; or, where the least-cost tree of what is
//! required turns out payable after all, that tree. It adds at most a tenth of the effort.

mod demand;
mod learnt;
mod money;
mod relax;
mod rules;

pub use learnt::Explained;

use learnt::Learnt;

use crate::effort::Clock;
use crate::engine;
use crate::error::Error;
use crate::explain::no_plan::in_words;
use crate::joint::{Forest, Found, InsertionPaths, JointProblem, NoPlan};
use crate::model::Programme;
use crate::observe::{Event, Muted, Observer};
use crate::plan::Raise;
use crate::question::{Task, assemble, objective};
use crate::status::Status;
use crate::units::{Amount, Pence};

/// Share of the time that looking again may take in all.
const SHARE_OF_TIME: u64 = 20;
/// Share of the work that is spent on the least cost of what is required.
const SHARE: u64 = 10;

/// Looks again where nothing was found: `found` gets a tree, or its reasons are returned.
pub fn look_again(
    task: &Task<'_>,
    found: &mut Found,
    observer: &mut dyn Observer,
) -> Result<Option<Explained>, Error> {
    if found.solution.is_some() || observer.on(&Event::Phase { name: "mend" }).is_break() {
        return Ok(None);
    }
    let least_cost = objective::model_of(&task.scenario.objective).target().is_some();
    let is_open = !least_cost && found.status != Status::Infeasible;
    if is_open && nothing_is_asked(task) {
        // Nothing is in the way; a plan of nothing is no answer where there was no time to look for any.
        if found.no_plan != Some(NoPlan::NotLookedFor) {
            accept(found, task.problem, &Forest::empty(task.problem));
        }
        return Ok(None);
    }
    let broken = rules::broken(task);
    if !broken.is_empty() {
        found.status = Status::Infeasible;
        return Ok(Some(Explained { reasons: broken, raises: Vec::new() }));
    }
    // The costs that these runs show are not the caller's objective.
    let mut muted = Muted(observer);
    let (scenario, prepared, problem) = (task.scenario, task.prepared, task.problem);
    let least = demand::least_cost(scenario, prepared, task.question, task.oracle.constraints());
    // A little longer than was asked for: an answer that names what stands in the way is worth it.
    let clock = task.effort.part(SHARE_OF_TIME).without_end().start();
    let part = task.effort.part(SHARE).without_end().within(clock).without_gap();
    let least = engine::solve(&least, &part, &mut muted)?;
    if let Some(tree) = &least.solution
        && let Some(forest) = payable(task, tree, clock).filter(|_| is_open)
    {
        accept(found, problem, &forest);
        return Ok(None);
    }
    let mut learnt = Learnt::default();
    let raises = explain(task, &least, found, &mut learnt)?;
    relax::look(task, found, &mut learnt, clock, &mut muted)?;
    Ok(Some(learnt.explained(scenario, found, raises)))
}

/// Whether a plan of nothing keeps every rule.
fn nothing_is_asked(task: &Task<'_>) -> bool {
    let Task { problem, oracle, .. } = *task;
    problem.required().next().is_none() && oracle.affords(problem, &Forest::empty(problem))
}

/// The tree as it is, or with one more building that lets a programme pay for the way to it.
fn payable(task: &Task<'_>, tree: &engine::Solution, clock: Clock) -> Option<Forest> {
    let Task { problem, oracle, .. } = *task;
    let mut forest = Forest::of(problem, tree);
    if oracle.affords(problem, &forest) {
        return Some(forest);
    }
    let mut paths = InsertionPaths::new(task.question.instance.nodes());
    paths.start(problem, &forest, (problem.budget() - forest.cost).max(0));
    for building in problem.buildings() {
        if clock.is_over() {
            return None;
        }
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

/// Records a payable tree as what was found.
fn accept(found: &mut Found, problem: &JointProblem<'_>, forest: &Forest) {
    let proven = forest.worth(problem) == found.bound;
    found.status = if proven { Status::Optimal } else { Status::LimitReached };
    found.solution = Some(forest.solution());
    found.no_plan = None;
}

/// Sets what is required against the money, and says by how much the budgets would have to grow.
fn explain(
    task: &Task<'_>,
    least: &engine::Outcome,
    found: &mut Found,
    learnt: &mut Learnt,
) -> Result<Vec<Raise>, Error> {
    let scenario = task.scenario;
    let money: Pence = scenario.programmes.iter().map(Programme::available).sum();
    learnt.proven = money::drops_alone(task.prepared, scenario, task.question);
    let missing = match least.status {
        Status::Infeasible => Pence::ZERO,
        _ => (Pence::new(least.bound) - money).max(Pence::ZERO),
    };
    if missing > Pence::ZERO {
        let least = money + missing;
        if let Some(NoPlan::TargetBeyondAllMoney(_)) = found.no_plan {
            let reason = NoPlan::TargetBeyondAllMoney(least.get());
            learnt.proven.extend(in_words(scenario, Some(reason)));
        } else {
            learnt.proven.push(format!(
                "I401: what is required costs at least {}, and all programmes together have {}",
                Amount::Money(least),
                Amount::Money(money)
            ));
        }
    }
    if found.no_plan == Some(NoPlan::BelowTarget) {
        learnt.proven.extend(in_words(scenario, found.no_plan));
    }
    if !learnt.proven.is_empty() {
        found.status = Status::Infeasible;
    }
    let Some(tree) = &least.solution else { return Ok(Vec::new()) };
    // Branches for what they pass alone are no part of a plan.
    let tree = Forest::of(task.problem, tree).solution();
    let plan = assemble(task.prepared, scenario, task.question, &tree)?;
    let mend = money::mend(scenario, &plan);
    learnt.mends.push(money::in_words(scenario, &plan, &mend, missing));
    Ok(mend.raises(scenario))
}
