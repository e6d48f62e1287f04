//! When a search ends: gap, seconds, work units, or the caller.
//!
//! A work unit is one look at an arc or edge end. Work is counted where it is done and compared with
//! its limit only at fixed points of the search, so an answer under a work limit is always the same.

use std::time::{Duration, Instant};

use super::Options;
use crate::observe::{Event, Observer};
use crate::status;

/// Counts work and knows when to stop.
pub(crate) struct Watch<'a> {
    observer: &'a mut dyn Observer,
    begun: Instant,
    seconds: Option<f64>,
    gap: f64,
    until: u64,
    work: u64,
    halted: bool,
    hushed: bool,
    unit: i64,
    offset: i64,
}

impl<'a> Watch<'a> {
    /// Starts the clock.
    pub fn new(options: &Options, observer: &'a mut dyn Observer) -> Self {
        Self {
            observer,
            begun: Instant::now(),
            seconds: options.seconds,
            gap: options.gap,
            until: options.work.unwrap_or(u64::MAX),
            work: 0,
            halted: false,
            hushed: false,
            unit: 1,
            offset: 0,
        }
    }

    /// Sets what the values of the search mean to the caller: `unit * value + offset` in the values
    /// that were in use before. Returns what it replaces, for [`Watch::read_again`].
    pub fn read_values_by(&mut self, unit: i64, offset: i64) -> (i64, i64) {
        let before = (self.unit, self.offset);
        self.offset = self.meaning(offset);
        self.unit = self.unit.saturating_mul(unit);
        before
    }

    /// Goes back to an earlier meaning of values.
    pub fn read_again(&mut self, (unit, offset): (i64, i64)) {
        (self.unit, self.offset) = (unit, offset);
    }

    fn meaning(&self, value: i64) -> i64 {
        value.saturating_mul(self.unit).saturating_add(self.offset)
    }

    /// Sets whether progress is kept from the observer, as that of an auxiliary problem should be;
    /// returns how it was.
    pub fn hush(&mut self, hushed: bool) -> bool {
        std::mem::replace(&mut self.hushed, hushed)
    }

    /// Work units so far.
    pub fn work(&self) -> u64 {
        self.work
    }

    /// Work units left.
    pub fn left(&self) -> u64 {
        self.until.saturating_sub(self.work)
    }

    /// The moment at which time is up, where it is limited.
    pub fn deadline(&self) -> Option<Instant> {
        let seconds = self.seconds?;
        self.begun.checked_add(Duration::try_from_secs_f64(seconds.max(0.0)).ok()?)
    }

    /// Counts work.
    pub fn spend(&mut self, work: u64) {
        self.work = self.work.saturating_add(work);
    }

    /// Sets a nearer limit on work, at most `work` from now, and returns the limit it replaces.
    pub fn narrow(&mut self, work: u64) -> u64 {
        let nearer = self.until.min(self.work.saturating_add(work));
        std::mem::replace(&mut self.until, nearer)
    }

    /// Puts back the limit that [`Watch::narrow`] replaced.
    pub fn widen(&mut self, until: u64) {
        self.until = until;
    }

    /// Whether work, time or the caller's patience is used up.
    pub fn over(&mut self) -> bool {
        if self.seconds.is_some_and(|limit| self.begun.elapsed().as_secs_f64() >= limit) {
            self.halted = true;
        }
        self.halted || self.work >= self.until
    }

    /// Whether value and bound are as close as was asked for.
    pub fn close_enough(&self, value: i64, bound: i64) -> bool {
        value == bound || status::gap(self.meaning(value), self.meaning(bound)) <= self.gap
    }

    /// Tells the observer that a phase begins.
    pub fn phase(&mut self, name: &str) {
        self.halted |= self.observer.on(&Event::Phase { name }).is_break();
    }

    /// Tells the observer how far the search is, unless hushed.
    #[allow(clippy::cast_precision_loss)] // for display
    pub fn progress(&mut self, objective: Option<i64>, bound: i64) {
        if self.hushed {
            return;
        }
        let event = Event::Progress {
            objective: objective.map(|value| self.meaning(value) as f64),
            bound: self.meaning(bound) as f64,
            work: self.work,
        };
        self.halted |= self.observer.on(&event).is_break();
    }
}
