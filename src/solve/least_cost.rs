//! Least cost among equals: the last of all objectives, where the most coverage is asked for.
//!
//! In: what the search found. Out: a plan that covers as much and pays for nothing that it can do without; where
//! its coverage is proven best, the cheapest found, with a bound on the cost of all plans that cover as much. It
//! takes about as much work as the search did at most, and no more than a small part of the effort.

use crate::effort::Effort;
use crate::error::Error;
use crate::joint::{self, Found};
use crate::observe::{Event, Muted, Observer};
use crate::question::{Task, objective};
use crate::status::Status;

/// At most one part in this many of the work, and of the time left.
const PART: u64 = 8;
/// Work units that may always be spent, however soon the search was over.
const AT_EASE: u64 = 50_000_000;

/// Makes a plan cheaper without covering less, within an effort; false where there was nothing to look at.
///
/// # Errors
///
/// Those of the engine.
pub fn spend_least(
    task: &Task<'_>,
    found: &mut Found,
    effort: &Effort,
    observer: &mut dyn Observer,
) -> Result<bool, Error> {
    let Task { scenario, question, problem, oracle, .. } = *task;
    let Some(tree) = found.solution.as_ref() else { return Ok(false) };
    if !objective::model_of(&scenario.objective).is_coverage() || effort.start().is_over() {
        return Ok(false);
    }
    let muted = &mut Muted(observer);
    // Objectives that the prizes cannot hold might be lost.
    let is_whole = question.scale.objectives() == scenario.objective_weights().len();
    if found.status != Status::Optimal || !is_whole {
        if is_whole {
            found.solution = Some(joint::without_idle(problem, oracle, tree, effort, muted));
        }
        return Ok(false);
    }
    let _ = muted.on(&Event::Phase { name: "least cost" });
    let (solution, proof) = joint::cheapest(problem, oracle, tree, effort, muted)?;
    found.solution = Some(solution);
    found.least_cost = Some(proof);
    Ok(true)
}

/// The effort for it after a search that took the given work.
pub fn after(effort: &Effort, searched: u64) -> Effort {
    let most = effort.left().part(PART);
    let left = effort.work.map(|work| work.saturating_sub(searched));
    let own = Some(searched.max(AT_EASE));
    let work = [own, most.work, left].into_iter().flatten().min();
    most.with_work(work)
}
