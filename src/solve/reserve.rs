//! How much of the time what comes after the search will take, by a rehearsal on the first plan.
//!
//! In: a first plan, found at once. Out: the time to set aside for assembling, funding, explaining, checking
//! and writing the last one. It is measured on this machine and this question, never looked up.

use std::time::{Duration, Instant};

use crate::check::Checker;
use crate::effort::Clock;
use crate::error::Error;
use crate::funding::fund;
use crate::joint::Forest;
use crate::observe::{Event, Observer};
use crate::question::{Task, assemble};

/// The most that may be set aside: one part in this many of the time that is left.
const MOST: u32 = 3;

/// Time that is set aside.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Reserve {
    /// For explaining why sites are left out.
    pub explaining: Duration,
    /// For all else that comes after the search; checking and writing come last.
    pub settling: Duration,
}

impl Reserve {
    /// Rehearses what comes after the search on a first plan, which took so long to find: on one building of it
    /// and on all of it, to tell what takes as long for any plan from what grows with it. Where there is no time
    /// to rehearse, as much as may be is set aside.
    ///
    /// # Errors
    ///
    /// When a price cannot be made.
    pub fn measured(
        task: &Task<'_>,
        checker: &Checker<'_>,
        first: &Forest,
        finding: Duration,
        clock: Clock,
        observer: &mut dyn Observer,
    ) -> Result<Self, Error> {
        let left = clock.left().unwrap_or_default();
        if finding > left / MOST {
            return Ok(Self { explaining: Duration::ZERO, settling: left });
        }
        let always = rehearsed(task, checker, &beginning(task, first))?;
        if observer.on(&Event::Tick).is_break() {
            return Ok(Self::default());
        }
        let once = rehearsed(task, checker, first)?;
        let grown = once.saturating_sub(always) * growth(task, first);
        // Writing takes about as long as funding and checking.
        Ok(Self { explaining: 2 * finding, settling: 2 * (always + grown) })
    }

    /// Everything together.
    pub fn all(self) -> Duration {
        self.explaining + self.settling
    }

    /// The same, no more than a part of the time that is left.
    pub fn within(self, left: Option<Duration>) -> Self {
        let most = left.unwrap_or_default() / MOST;
        if self.all() <= most {
            return self;
        }
        let settling = self.settling.min(most);
        Self { settling, explaining: most.saturating_sub(settling) }
    }
}

/// How long it takes to assemble, fund and check a forest's plan.
fn rehearsed(task: &Task<'_>, checker: &Checker<'_>, forest: &Forest) -> Result<Duration, Error> {
    let began = Instant::now();
    let mut plan = assemble(task.prepared, task.scenario, task.question, &forest.solution())?;
    if let Ok(funding) = fund(task.scenario, &plan) {
        plan.payments = funding.payments;
    }
    let _ = checker.check(&plan);
    Ok(began.elapsed())
}

/// The first building of a forest and the way to it.
fn beginning(task: &Task<'_>, forest: &Forest) -> Forest {
    let mut one = Forest::empty(task.problem);
    for &building in forest.held.iter().take(1) {
        let step = |node: u32| {
            let node = node as usize;
            Some((forest.parent_edge[node], forest.parent[node]))
        };
        one.attach(task.problem, building, &step);
    }
    one
}

/// By how much the last plan may be larger than the first: as far as there is money, or buildings.
fn growth(task: &Task<'_>, first: &Forest) -> u32 {
    let held = first.held.len();
    if held == 0 {
        return 1;
    }
    let by_buildings = task.problem.buildings().count() / held;
    let by_money = task.problem.budget() / first.cost.max(1);
    let by_money = usize::try_from(by_money).unwrap_or(usize::MAX);
    u32::try_from(by_buildings.min(by_money)).unwrap_or(u32::MAX).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_more_is_set_aside_than_a_part_of_the_time_that_is_left() {
        let seconds = Duration::from_secs;
        let reserve = Reserve { explaining: seconds(4), settling: seconds(2) };
        assert_eq!(reserve.within(Some(seconds(60))), reserve);
        let less = Reserve { explaining: seconds(1), settling: seconds(2) };
        assert_eq!(reserve.within(Some(seconds(9))), less);
        assert_eq!(reserve.within(Some(seconds(0))), Reserve::default());
    }
}
