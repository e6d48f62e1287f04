//! Between the engine's runs and the caller's observer.
//!
//! What for: the search runs the engine several times, on other prizes too. The caller hears one story,
//! in the objective's own unit: the best plan and the bound of the question asked. A wish to stop, once
//! uttered, holds for all runs that follow, and for all that makes and mends forests between them.

use std::cell::Cell;
use std::ops::ControlFlow;
use std::time::{Duration, Instant};

use super::problem::PrizeUnit;
use crate::effort::{Clock, Interrupt};
use crate::observe::{Event, Observer, Stop};
use crate::units::Weight;

/// What the values that a run of the engine shows mean to the caller.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum RunShows {
    /// Prizes were changed: nothing.
    Nothing,
    /// It bounds every plan; its trees may be beyond the pots.
    Bounds,
    /// Its trees are plans.
    PlansAndBounds,
}

/// What is shown of a value.
#[derive(Clone, Copy, Debug)]
pub enum Shown {
    /// The first objective of a prize, in its own units.
    Prize(PrizeUnit),
    /// The pounds of a cost, which counts as a loss.
    Cost,
    /// Nothing: it is not the caller's.
    Nothing,
}

/// Tells the caller how far the whole search has got, and knows when to stop. It is shared by all that takes
/// part in the search.
pub struct SearchProgress<'a> {
    interrupt: Interrupt<'a>,
    shown: Shown,
    best: Cell<Option<i64>>,
    bound: Cell<i64>,
    /// Work units of what has ended.
    work: Cell<u64>,
    /// Links looked at by what makes and mends forests.
    looked: Cell<u64>,
    /// How much work and how many looks are too many.
    most_work: u64,
    most_looks: u64,
}

/// Work units beyond the limit after which nothing more is begun: on large networks a stage that has begun takes
/// more than its share before it has an answer.
const BEYOND: u64 = 50_000_000;

/// Links that what makes and mends forests may look at however little work is allowed: that takes a second or two.
const LOOKS_AT_EASE: u64 = 200_000_000;

impl<'a> SearchProgress<'a> {
    /// Begins with nothing found.
    pub fn new(clock: Clock, observer: &'a mut dyn Observer, shown: Shown) -> Self {
        Self {
            interrupt: Interrupt::new(clock, observer),
            shown,
            best: Cell::new(None),
            bound: Cell::new(i64::MAX),
            work: Cell::new(0),
            looked: Cell::new(0),
            most_work: u64::MAX,
            most_looks: u64::MAX,
        }
    }

    /// The same under a limit on work, for all that takes part in the search: what makes and mends forests looks
    /// at no more links than that, beside the work of the engine.
    pub fn within_work(self, work: Option<u64>) -> Self {
        let Some(work) = work else { return self };
        let most_looks = work.max(LOOKS_AT_EASE);
        Self { most_work: work.saturating_add(BEYOND), most_looks, ..self }
    }

    /// Counts links looked at.
    pub fn look(&self, links: u64) {
        self.looked.set(self.looked.get().saturating_add(links));
    }

    /// How many links were looked at.
    pub fn looked(&self) -> u64 {
        self.looked.get()
    }

    /// Counts from another number of links on: what was looked at since has its own limit.
    pub fn looked_only(&self, links: u64) {
        self.looked.set(links);
    }

    /// Whether the caller wants to stop.
    pub fn is_halted(&self) -> bool {
        self.interrupt.is_halted()
    }

    /// Whether the caller asked to stop so long ago.
    pub fn is_halted_for(&self, time: Duration) -> bool {
        self.interrupt.is_halted_for(time)
    }

    /// Whether time or work is used up or the caller wants to stop, who is asked every now and then.
    pub fn is_over(&self) -> bool {
        self.looked.get() >= self.most_looks
            || self.work.get() >= self.most_work
            || self.interrupt.is_due()
    }

    /// Gives what follows at least so much time, whatever the limit was, where there is one; returns the
    /// moment at which time would have been up, for [`SearchProgress::end_at`].
    pub fn grant(&self, least: Duration) -> Option<Instant> {
        let granted = Instant::now() + least;
        self.interrupt.end_at(self.interrupt.end().map(|end| end.max(granted)))
    }

    /// Sets the moment at which time is up.
    pub fn end_at(&self, end: Option<Instant>) {
        self.interrupt.end_at(end);
    }

    /// Notes the worth of a payable forest.
    pub fn note(&self, found: Option<i64>) {
        if found > self.best.get() {
            self.best.set(found);
            self.progress(0);
        }
    }

    /// Notes a bound, and the work that an ended run took.
    pub fn proven(&self, bound: i64, work: u64) {
        self.bound.set(self.bound.get().min(bound));
        self.work.set(self.work.get() + work);
    }

    /// Work units of what has ended.
    pub fn work(&self) -> u64 {
        self.work.get()
    }

    /// Notes the work of something that is no run of the engine.
    pub fn spent(&self, work: u64) {
        self.work.set(self.work.get().saturating_add(work));
    }

    /// Tells the caller that a phase begins.
    pub fn phase(&self, name: &str) {
        self.interrupt.tell(&Event::Phase { name });
    }

    /// Tells the caller how far the search is, after `work` more units.
    pub fn progress(&self, work: u64) {
        if self.bound.get() == i64::MAX || matches!(self.shown, Shown::Nothing) {
            self.interrupt.tell(&Event::Tick);
            return;
        }
        self.interrupt.tell(&Event::Progress {
            objective: self.best.get().map(|best| self.in_units(best)),
            bound: self.in_units(self.bound.get()),
            work: self.work.get() + work,
        });
    }

    /// A value in the objective's own units, for display.
    fn in_units(&self, value: i64) -> f64 {
        match &self.shown {
            Shown::Prize(unit) => Weight::from_thousandths(unit.of(value)).units(),
            Shown::Cost => {
                Weight::from_thousandths(value.saturating_neg().saturating_mul(10)).units()
            }
            Shown::Nothing => 0.0,
        }
    }

    /// The observer of a run of the engine, which says of what use its values are.
    pub fn during(&self, shows: RunShows) -> Run<'_, 'a> {
        Run { search: self, shows }
    }
}

/// A run of the engine within a search.
pub struct Run<'s, 'a> {
    search: &'s SearchProgress<'a>,
    shows: RunShows,
}

impl Observer for Run<'_, '_> {
    fn on(&mut self, event: &Event<'_>) -> ControlFlow<Stop> {
        let Self { search, shows } = *self;
        match *event {
            Event::Phase { name } => search.phase(name),
            Event::Progress { objective, bound, work } => {
                if shows != RunShows::Nothing {
                    search.bound.set(search.bound.get().min(as_whole(bound)));
                }
                if let (RunShows::PlansAndBounds, Some(found)) = (shows, objective) {
                    search.best.set(search.best.get().max(Some(as_whole(found))));
                }
                search.progress(work);
            }
            // The engine knows no parts of a study.
            _ => search.interrupt.tell(&Event::Tick),
        }
        if search.is_halted() { ControlFlow::Break(Stop) } else { ControlFlow::Continue(()) }
    }

    fn pulse(&self) -> Duration {
        self.search.interrupt.pulse()
    }
}

/// A value that the engine shows, in its own whole numbers.
#[allow(clippy::cast_possible_truncation)] // saturates; shown, never proven with
fn as_whole(shown: f64) -> i64 {
    shown.ceil() as i64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::effort::Effort;
    use crate::observe::Silent;

    #[test]
    fn work_and_looks_have_limits_of_their_own() {
        let silent = &mut Silent;
        let progress = SearchProgress::new(Effort::default().start(), silent, Shown::Nothing);
        let progress = progress.within_work(Some(300_000_000));
        progress.look(299_999_999);
        assert!(!progress.is_over());
        progress.look(1);
        assert!(progress.is_over());
        // What is counted by itself is taken out again.
        progress.looked_only(0);
        progress.spent(300_000_000);
        assert!(!progress.is_over());
        progress.proven(7, BEYOND);
        assert!(progress.is_over());
        // Without a limit, nothing is too much.
        let silent = &mut Silent;
        let endless = SearchProgress::new(Effort::default().start(), silent, Shown::Nothing);
        endless.look(u64::MAX - 1);
        assert!(!endless.within_work(None).is_over());
    }
}
