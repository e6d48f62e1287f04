//! When a search ends: gap, seconds, work units, or the caller.
//!
//! A work unit is one look at an arc or edge end. Work is counted where it is done and compared with
//! its limit only at fixed points of the search, so an answer under a work limit is always the same.

use std::cell::Cell;
use std::time::Instant;

use crate::effort::{Effort, Interrupt};
use crate::observe::{Event, Observer};
use crate::status;

/// Rounds of a short loop between two looks at the clock.
const ROUNDS: u32 = 64;

/// Counts work and knows when to stop. It is shared by all that work on one answer.
pub struct Watch<'a> {
    interrupt: Interrupt<'a>,
    gap: f64,
    until: Cell<u64>,
    work: Cell<u64>,
    /// Rounds of short loops so far.
    round: Cell<u32>,
    muted: Cell<bool>,
    /// What values mean to the caller.
    meaning: Cell<Meaning>,
}

/// What a value of the search is to the caller: `unit * value + offset`.
#[derive(Clone, Copy, Debug)]
pub struct Meaning {
    unit: i64,
    offset: i64,
}

/// A limit on work and a moment to stop at.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    until: u64,
    end: Option<Instant>,
}

impl<'a> Watch<'a> {
    /// Starts the clock.
    pub fn new(effort: &Effort, observer: &'a mut dyn Observer) -> Self {
        Self {
            interrupt: Interrupt::new(effort.start(), observer),
            gap: effort.gap,
            until: Cell::new(effort.work.unwrap_or(u64::MAX)),
            work: Cell::new(0),
            round: Cell::new(0),
            muted: Cell::new(false),
            meaning: Cell::new(Meaning { unit: 1, offset: 0 }),
        }
    }

    /// Sets what the values of the search mean to the caller: `unit * value + offset` in the values
    /// that were in use before. Returns what it replaces, for [`Watch::read_again`].
    pub fn read_values_by(&self, unit: i64, offset: i64) -> Meaning {
        let before = self.meaning.get().unit;
        let offset = self.in_callers_values(offset);
        self.meaning.replace(Meaning { unit: before.saturating_mul(unit), offset })
    }

    /// Goes back to an earlier meaning of values.
    pub fn read_again(&self, meaning: Meaning) {
        self.meaning.set(meaning);
    }

    fn in_callers_values(&self, value: i64) -> i64 {
        let Meaning { unit, offset } = self.meaning.get();
        value.saturating_mul(unit).saturating_add(offset)
    }

    /// Sets whether progress is kept from the observer, as that of an auxiliary problem should be;
    /// returns how it was.
    pub fn mute(&self, muted: bool) -> bool {
        self.muted.replace(muted)
    }

    /// Work units so far.
    pub fn work(&self) -> u64 {
        self.work.get()
    }

    /// Work units left.
    pub fn left(&self) -> u64 {
        self.until.get().saturating_sub(self.work.get())
    }

    /// Counts work.
    pub fn spend(&self, work: u64) {
        self.work.set(self.work.get().saturating_add(work));
    }

    /// Sets a nearer limit on work, at most `work` from now, and returns the limits it replaces.
    pub fn narrow(&self, work: u64) -> Limits {
        let nearer = self.until.get().min(self.work.get().saturating_add(work));
        Limits { until: self.until.replace(nearer), end: self.interrupt.end() }
    }

    /// Sets nearer limits: so many hundredths of the work and of the time that are left. Returns the
    /// limits it replaces.
    pub fn narrow_to(&self, hundredths: u32) -> Limits {
        let limits = self.narrow(self.left() / 100 * u64::from(hundredths));
        let now = Instant::now();
        let part = |end: Instant| now + end.saturating_duration_since(now) * hundredths / 100;
        self.interrupt.end_at(limits.end.map(part));
        limits
    }

    /// Puts back the limits that [`Watch::narrow`] or [`Watch::narrow_to`] replaced.
    pub fn widen(&self, limits: Limits) {
        self.until.set(limits.until);
        self.interrupt.end_at(limits.end);
    }

    /// Whether work, time or the caller's patience is used up.
    pub fn over(&self) -> bool {
        self.work.get() >= self.until.get() || self.interrupt.is_due()
    }

    /// The same for loops of short rounds: clock and caller are looked to in one round of many.
    pub fn over_in_loop(&self) -> bool {
        let round = self.round.get().wrapping_add(1);
        self.round.set(round);
        self.work.get() >= self.until.get()
            || round.is_multiple_of(ROUNDS) && self.interrupt.is_due()
    }

    /// Whether time or the caller's patience is used up, whatever the work.
    pub fn is_interrupted(&self) -> bool {
        self.interrupt.is_due()
    }

    /// Whether value and bound are as close as was asked for.
    pub fn close_enough(&self, value: i64, bound: i64) -> bool {
        let [of_value, of_bound] = [value, bound].map(|value| self.in_callers_values(value));
        value == bound || status::gap(of_value, of_bound) <= self.gap
    }

    /// Tells the observer that a phase begins.
    pub fn phase(&self, name: &str) {
        self.interrupt.tell(&Event::Phase { name });
    }

    /// Tells the observer how far the search is, unless muted.
    #[allow(clippy::cast_precision_loss)] // for display
    pub fn progress(&self, objective: Option<i64>, bound: i64) {
        if self.muted.get() {
            return;
        }
        self.interrupt.tell(&Event::Progress {
            objective: objective.map(|value| self.in_callers_values(value) as f64),
            bound: self.in_callers_values(bound) as f64,
            work: self.work(),
        });
    }
}
