//! Why each building is not connected a year earlier.

use super::problem::{Hindrance, Problem, Schedule, YearPlace};
use crate::plan::{Item, LaterReason};

/// By building of a later year than the first: its id, and why it does not come a year earlier.
///
/// A building is moved by itself, with what its route alone needs and what it shares that is no older. Some
/// max-flows for each building; those that time does not reach are left out.
pub fn later(
    problem: &Problem,
    schedule: &Schedule,
    is_due: &dyn Fn() -> bool,
) -> Vec<(String, LaterReason)> {
    let users = users(problem, schedule);
    let mut reasons = Vec::new();
    for drop in problem.drops() {
        if is_due() {
            break;
        }
        let Some(year) = schedule[drop.item].filter(|&year| year > problem.open()) else {
            continue;
        };
        let Item::Drop(id) = &problem.names()[drop.item] else { continue };
        reasons.push((id.clone(), why(problem, schedule, &users, drop.item, year)));
    }
    reasons
}

/// By item: how many connected buildings use it.
fn users(problem: &Problem, schedule: &Schedule) -> Vec<u32> {
    let mut users = vec![0; problem.items()];
    for drop in problem.drops().iter().filter(|drop| schedule[drop.item].is_some()) {
        problem.path(drop.item).for_each(|item| users[item] += 1);
    }
    users
}

fn why(
    problem: &Problem,
    schedule: &Schedule,
    users: &[u32],
    drop: usize,
    year: YearPlace,
) -> LaterReason {
    let before = year - 1;
    let moved = |all: bool| {
        let mut earlier = schedule.clone();
        for item in problem.path(drop) {
            if earlier[item] == Some(year) && (all || users[item] == 1) {
                earlier[item] = Some(before);
            }
        }
        earlier
    };
    let hindered = |schedule: &Schedule| match problem.hindrance(schedule) {
        None if problem.affords(schedule, &vec![false; problem.drops().len()]) => None,
        None => Some(Hindrance::Money),
        other => other,
    };
    match hindered(&moved(true)) {
        None => LaterReason::Order,
        Some(Hindrance::NotReady) => LaterReason::NotReady,
        Some(other) => {
            let shares =
                problem.path(drop).any(|item| users[item] > 1 && schedule[item] == Some(year));
            match other {
                _ if shares && hindered(&moved(false)).is_none() => LaterReason::Trunk,
                Hindrance::YearLimit => LaterReason::YearLimit,
                Hindrance::Money | Hindrance::NotReady => LaterReason::Money,
            }
        }
    }
}
