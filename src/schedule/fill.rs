//! Year by year, as much as each can bear, in an order of priority.
//!
//! In: a problem and an order of its items. Out: a schedule that keeps every rule but floors, with what could
//! not be placed left out. Buildings come in the order; one that a year cannot bear waits for the next, and
//! others go before it. Where money is lost that is not spent, or a year can build only so much, routes are built
//! ahead: with what is left of a year for those that come next, or at once for whoever has to wait.

use super::problem::{Problem, Schedule, YearPlace};

/// Buildings that a year turns away before no more are asked; in the last year, before which none waits, more.
const TURNED_AWAY: usize = 48;
const TURNED_AWAY_IN_THE_LAST: usize = 768;

/// When routes are built ahead of the buildings that they lead to.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Ahead {
    /// With what is left of a year.
    AtTheEnd,
    /// As soon as a building has to wait.
    AtOnce,
}

/// Fills the years. `is_due` ends it early with what there is.
pub fn fill(problem: &Problem, order: &[u32], ahead: Ahead, is_due: &dyn Fn() -> bool) -> Schedule {
    let mut filling = Filling::new(problem, order);
    let builds_ahead = !problem.keeps_all_money() && !problem.is_nested();
    for year in problem.open()..problem.years() {
        let more_to_come = builds_ahead && year + 1 < problem.years();
        filling.year(year, more_to_come && ahead == Ahead::AtOnce, is_due);
        if more_to_come {
            filling.ahead(year);
        }
    }
    filling.into_schedule()
}

struct Filling<'a> {
    problem: &'a Problem,
    /// Units in the order of priority, that of the first of their drops.
    queue: Vec<usize>,
    schedule: Schedule,
    intended: Vec<bool>,
}

impl<'a> Filling<'a> {
    fn new(problem: &'a Problem, order: &[u32]) -> Self {
        let mut rank = vec![usize::MAX; problem.items()];
        for (place, &item) in order.iter().enumerate() {
            rank[item as usize] = place;
        }
        let first = |unit: &Vec<usize>| {
            unit.iter().map(|&drop| rank[problem.drops()[drop].item]).min().unwrap_or(usize::MAX)
        };
        let mut queue: Vec<usize> = (0..problem.units().len()).collect();
        queue.sort_by_key(|&unit| (first(&problem.units()[unit]), unit));
        Self {
            problem,
            queue,
            schedule: problem.fixed().clone(),
            intended: vec![true; problem.drops().len()],
        }
    }

    fn is_placed(&self, unit: usize) -> bool {
        let drops = &self.problem.units()[unit];
        drops.iter().all(|&drop| self.schedule[self.problem.drops()[drop].item].is_some())
    }

    /// Places units in a year, with what their routes still lack; nothing where a route is not ready.
    fn placed(&self, units: &[usize], year: YearPlace) -> Option<Schedule> {
        let mut schedule = self.schedule.clone();
        for &unit in units {
            for &drop in &self.problem.units()[unit] {
                for item in self.problem.path(self.problem.drops()[drop].item) {
                    match schedule[item] {
                        None if self.problem.ready(item) > year => return None,
                        None => schedule[item] = Some(year),
                        // What is built later than this year is not there yet.
                        Some(built) if built > year => return None,
                        Some(_) => {}
                    }
                }
            }
        }
        self.bears(&schedule).then_some(schedule)
    }

    fn bears(&self, schedule: &Schedule) -> bool {
        self.problem.hindrance(schedule).is_none() && self.problem.affords(schedule, &self.intended)
    }

    fn year(&mut self, year: YearPlace, at_once: bool, is_due: &dyn Fn() -> bool) {
        let is_last = year + 1 == self.problem.years();
        let most = if is_last { TURNED_AWAY_IN_THE_LAST } else { TURNED_AWAY };
        let can = |unit: &usize| {
            self.problem.units()[*unit].iter().all(|&drop| {
                let (first, last) = self.problem.drops()[drop].years;
                first <= year && year <= last
            })
        };
        let waiting: Vec<usize> =
            self.queue.iter().copied().filter(can).filter(|&unit| !self.is_placed(unit)).collect();
        let (mut next, mut step, mut turned_away) = (0, 1, 0);
        while next < waiting.len() && !is_due() && turned_away < most {
            let until = (next + step).min(waiting.len());
            if let Some(schedule) = self.placed(&waiting[next..until], year) {
                self.schedule = schedule;
                next = until;
                step *= 2;
            } else if until - next > 1 {
                step = (until - next) / 2;
            } else {
                if at_once {
                    self.lead_to(waiting[next], year);
                }
                next = until;
                turned_away += 1;
            }
        }
    }

    /// Builds what a year bears of the routes to a unit, from the exchange outwards; how much it did not bear.
    fn lead_to(&mut self, unit: usize, year: YearPlace) -> usize {
        let mut refused = 0;
        for drop in self.problem.units()[unit].clone() {
            let way: Vec<usize> = self.problem.path(self.problem.drops()[drop].item).collect();
            // Not the drop: that connects.
            for &item in way.iter().skip(1).rev() {
                if self.schedule[item].is_some() || self.problem.ready(item) > year {
                    continue;
                }
                let mut schedule = self.schedule.clone();
                schedule[item] = Some(year);
                if self.bears(&schedule) {
                    self.schedule = schedule;
                } else {
                    refused += 1;
                }
            }
        }
        refused
    }

    /// Builds what those that come next will use, as far as a year's money goes.
    fn ahead(&mut self, year: YearPlace) {
        let mut refused = 0;
        for unit in self.queue.clone() {
            if !self.is_placed(unit) {
                refused += self.lead_to(unit, year);
            }
            if refused > TURNED_AWAY / 4 {
                return;
            }
        }
    }

    /// What was built ahead for buildings that found no year is not built; units are connected whole.
    fn into_schedule(self) -> Schedule {
        self.problem.in_use(self.schedule)
    }
}
