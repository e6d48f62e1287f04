//! The joint plan again, with the time that the others have left over.
//!
//! In: a joint outcome that is not proven, made within an equal share of the time. Out: the better of it and
//! another, made within what is left in the end. Where time is not limited there is nothing left over.

use super::super::{Hearing, Turns};
use crate::error::Error;
use crate::model::Scenario;
use crate::network::Prepared;
use crate::plan::Outcome;
use crate::solve::{SolveOptions, solve_prepared};
use crate::status::Status;
use crate::units::Amount;

/// How many times the seconds of its first turn make another worthwhile.
const WORTH_WHILE: f64 = 1.5;

/// The joint outcome, planned again where that is worth while.
pub fn again(
    prepared: &Prepared,
    scenario: &Scenario,
    joint: Outcome,
    first_seconds: Option<f64>,
    turns: &mut Turns,
    hearing: &mut Hearing<'_>,
) -> Result<Outcome, Error> {
    let effort = turns.next();
    let more = effort.seconds.zip(first_seconds).filter(|(now, first)| *now > WORTH_WHILE * first);
    let unproven = matches!(joint.status, Status::LimitReached | Status::Unknown);
    if more.is_none() || !unproven || hearing.is_halted() {
        return Ok(joint);
    }
    let other = solve_prepared(prepared, scenario, &SolveOptions::from(effort), hearing)?;
    Ok(better(joint, other))
}

/// The better of two outcomes of one question, by their objectives in order, then by what is proven of the first;
/// an answer is better than none.
fn better(one: Outcome, other: Outcome) -> Outcome {
    if other.status == Status::Infeasible || one.plan.is_none() {
        return other;
    }
    let achieved = |own: &Outcome| -> Vec<i64> {
        let objectives = own.objectives.iter().filter(|objective| !objective.is_money());
        objectives.map(|objective| objective.achieved.raw()).collect()
    };
    let ranked = |own: &Outcome| {
        let bound = own.first().and_then(|first| first.bound).map_or(i64::MAX, Amount::raw);
        (achieved(own), std::cmp::Reverse(bound))
    };
    if other.plan.is_some() && ranked(&other) >= ranked(&one) { other } else { one }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::effort::Effort;
    use crate::network::prepare;
    use crate::observe::Silent;
    use crate::plan::{ObjectiveResult, Parts, Plan, Provenance};
    use crate::read::{ReadOptions, read_scenario};

    fn outcome(achieved: &[i64], bound: i64) -> Outcome {
        let of = |&own: &i64| ObjectiveResult::unproven("patients", own, Parts::default());
        let mut objectives: Vec<ObjectiveResult> = achieved.iter().map(of).collect();
        objectives[0] = objectives[0].clone().bounded(Some(bound));
        let unproven = Outcome::new(Status::LimitReached, Provenance::default());
        Outcome { objectives, plan: Some(Plan::default()), ..unproven }
    }

    #[test]
    fn what_is_left_over_proves_a_joint_plan_that_had_too_little_time() {
        let town = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/market-town-presets");
        let scenario = read_scenario(&town, &ReadOptions::new()).unwrap().scenario;
        let prepared = prepare(&scenario).unwrap();
        let none = SolveOptions::from(Effort::of_work(0));
        let joint = solve_prepared(&prepared, &scenario, &none, &mut Silent).unwrap();
        assert_eq!(joint.status, Status::LimitReached);
        let silent = &mut Silent;
        let mut hearing = Hearing::new(silent);
        // A day: the search ends when its plan is proven.
        let whole = Effort::of_seconds(86_400.0);
        let mut more = |first: f64| {
            let turns = &mut Turns::new(&whole, 1);
            again(&prepared, &scenario, joint.clone(), Some(first), turns, &mut hearing).unwrap()
        };
        // Where the first turn had nearly as much, another is of no use.
        assert_eq!(more(80_000.0), joint);
        let proven = more(0.3);
        assert_eq!(proven.status, Status::Optimal);
        assert!(proven.first().unwrap().is_settled());
    }

    #[test]
    fn the_better_outcome_covers_more_or_proves_more() {
        let first = outcome(&[5, 7], 9);
        for better_one in [outcome(&[6, 1], 9), outcome(&[5, 8], 9), outcome(&[5, 7], 8)] {
            assert_eq!(better(first.clone(), better_one.clone()), better_one);
            assert_eq!(better(better_one.clone(), first.clone()), better_one);
        }
        let without = Outcome { plan: None, ..first.clone() };
        assert_eq!(better(without.clone(), first.clone()), first);
        assert_eq!(better(first.clone(), without), first);
    }
}
