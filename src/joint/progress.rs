//! Between the engine's runs and the caller's observer.
//!
//! What for: the search runs the engine several times, on other prizes too. The caller hears one story,
//! in the objective's own unit: the best plan and the bound of the question asked. A wish to stop, once
//! uttered, holds for all runs that follow.

use std::ops::ControlFlow;

use crate::observe::{Event, Observer, Stop};
use crate::question::Scale;
use crate::units::Weight;

/// What the values that a run of the engine shows mean to the caller.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum News {
    /// Prizes were changed: nothing.
    Nothing,
    /// It bounds every plan; its trees may be beyond the pots.
    Bounds,
    /// Its trees are plans.
    PlansAndBounds,
}

/// Tells the caller how far the whole search is.
pub struct Listener<'a> {
    observer: &'a mut dyn Observer,
    scale: Scale,
    halted: bool,
    best: Option<i64>,
    bound: i64,
    /// Work units of the runs that have ended.
    work: u64,
}

impl<'a> Listener<'a> {
    /// Begins with nothing found.
    pub fn new(observer: &'a mut dyn Observer, scale: Scale) -> Self {
        Self { observer, scale, halted: false, best: None, bound: i64::MAX, work: 0 }
    }

    /// Whether the caller wants to stop.
    pub fn is_halted(&self) -> bool {
        self.halted
    }

    /// Notes the worth of a payable forest.
    pub fn note(&mut self, found: Option<i64>) {
        self.best = self.best.max(found);
    }

    /// Notes a bound, and the work that an ended run took.
    pub fn proven(&mut self, bound: i64, work: u64) {
        self.bound = self.bound.min(bound);
        self.work += work;
    }

    /// Tells the caller that a phase begins.
    pub fn phase(&mut self, name: &str) {
        self.halted |= self.observer.on(&Event::Phase { name }).is_break();
    }

    /// Tells the caller how far the search is, after `work` more units.
    pub fn progress(&mut self, work: u64) {
        let event = Event::Progress {
            objective: self.best.map(|best| self.in_units(best)),
            bound: self.in_units(self.bound),
            work: self.work + work,
        };
        self.halted |= self.observer.on(&event).is_break();
    }

    /// The first objective of a prize in its own units, for display.
    fn in_units(&self, prize: i64) -> f64 {
        Weight::from_thousandths(self.scale.first(prize)).units()
    }

    /// The observer of a run of the engine, which says of what use its values are.
    pub fn during(&mut self, news: News) -> impl Observer + use<'_, 'a> {
        move |event: &Event<'_>| {
            match *event {
                Event::Phase { name } => self.phase(name),
                Event::Progress { objective, bound, work } => {
                    if news != News::Nothing {
                        self.bound = self.bound.min(as_whole(bound));
                    }
                    if let (News::PlansAndBounds, Some(found)) = (news, objective) {
                        self.best = self.best.max(Some(as_whole(found)));
                    }
                    self.progress(work);
                }
            }
            if self.halted { ControlFlow::Break(Stop) } else { ControlFlow::Continue(()) }
        }
    }
}

/// A value that the engine shows, in its own whole numbers.
#[allow(clippy::cast_possible_truncation)] // saturates; shown, never proven with
fn as_whole(shown: f64) -> i64 {
    shown.ceil() as i64
}
