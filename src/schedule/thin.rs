//! Less of a schedule, where it holds more than a target asks for.
//!
//! In: a schedule that keeps every rule. Out: one that costs no more and keeps them too: units are left out one by one,
//! the dearest for what they bring first, as long as what is left keeps floors and target and can be paid.

use super::problem::{Problem, Schedule};

/// Leaves out what is not asked for. Some rounds over all units, with a max-flow for each that may go.
pub fn thinned(problem: &Problem, mut schedule: Schedule, is_due: &dyn Fn() -> bool) -> Schedule {
    let none = vec![false; problem.drops().len()];
    loop {
        let mut found = false;
        for unit in by_cost(problem, &schedule) {
            if is_due() {
                return schedule;
            }
            let less = without(problem, &schedule, unit);
            let is_better = problem.score(&less) > problem.score(&schedule);
            let keeps =
                is_better && problem.keeps_floors(&less) && problem.hindrance(&less).is_none();
            if keeps && problem.affords(&less, &none) {
                schedule = less;
                found = true;
            }
        }
        if !found {
            return schedule;
        }
    }
}

/// The schedule without a unit, and without what only it uses.
fn without(problem: &Problem, schedule: &Schedule, unit: usize) -> Schedule {
    let mut used: Vec<bool> = problem.fixed().iter().map(Option::is_some).collect();
    for (_, drops) in problem.units().iter().enumerate().filter(|(place, _)| *place != unit) {
        let items = drops.iter().map(|&drop| problem.drops()[drop].item);
        let placed = items.filter(|&item| schedule[item].is_some());
        placed.flat_map(|item| problem.path(item)).for_each(|item| used[item] = true);
    }
    schedule.iter().zip(used).map(|(year, used)| year.filter(|_| used)).collect()
}

/// The placed units, the most cost saved for what they bring first.
fn by_cost(problem: &Problem, schedule: &Schedule) -> Vec<usize> {
    let mut users = vec![0_u32; problem.items()];
    let placed = |unit: &usize| {
        let mut drops = problem.units()[*unit].iter().map(|&drop| problem.drops()[drop].item);
        drops.all(|item| schedule[item].is_some())
    };
    for drop in problem.drops().iter().filter(|drop| schedule[drop.item].is_some()) {
        problem.path(drop.item).for_each(|item| users[item] += 1);
    }
    let costs = problem.costs();
    let ratio = |unit: &usize| {
        let drops = || problem.units()[*unit].iter().map(|&drop| &problem.drops()[drop]);
        let alone =
            drops().flat_map(|drop| problem.path(drop.item)).filter(|&item| users[item] == 1);
        let cost: i128 = alone.map(|item| i128::from(costs[item])).sum();
        let weight: i128 = drops().map(|drop| i128::from(drop.weight)).sum();
        (cost, weight.max(1))
    };
    let mut units: Vec<usize> = (0..problem.units().len()).filter(placed).collect();
    units.sort_by(|one, other| {
        let ((cost, weight), (dear, heavy)) = (ratio(one), ratio(other));
        (dear * weight).cmp(&(cost * heavy)).then(one.cmp(other))
    });
    units
}
