//! The caller's observer during a study: a request to stop, once made, holds for everything that follows.

use std::ops::ControlFlow;
use std::time::Duration;

use crate::observe::{Event, Observer, Stop};

/// Passes events on until the caller asks to stop.
pub struct Hearing<'a> {
    observer: &'a mut dyn Observer,
    halted: bool,
}

impl<'a> Hearing<'a> {
    pub fn new(observer: &'a mut dyn Observer) -> Self {
        Self { observer, halted: false }
    }

    /// Whether the caller has asked to stop.
    pub fn is_halted(&self) -> bool {
        self.halted
    }

    /// Tells the caller that a part of the study begins; false where there is no use in beginning it.
    pub fn begins(&mut self, name: &str, number: usize, of: usize) -> bool {
        self.on(&Event::Part { name, number, of }).is_continue()
    }
}

impl Observer for Hearing<'_> {
    fn on(&mut self, event: &Event<'_>) -> ControlFlow<Stop> {
        self.halted = self.halted || self.observer.on(event).is_break();
        if self.halted { ControlFlow::Break(Stop) } else { ControlFlow::Continue(()) }
    }

    fn pulse(&self) -> Duration {
        self.observer.pulse()
    }
}
