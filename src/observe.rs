//! Progress and cancelling. The library prints nothing; a caller who wants to know passes an [`Observer`].

use std::ops::ControlFlow;
use std::time::{Duration, Instant};

/// The caller's wish to stop: the best answer so far is returned with its valid bound.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Stop;

/// Something worth showing while a long call runs.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Event<'a> {
    /// A phase begins: `network`, `question`, `start`, `reduce`, `search`, `pots`, `mend`, `fund`, `explain`,
    /// `check`.
    Phase {
        /// Its name.
        name: &'a str,
    },
    /// The search knows more: the best value found and the proven bound, in the objective's own unit.
    Progress {
        /// Value of the best answer so far, if there is one.
        objective: Option<f64>,
        /// Proven bound.
        bound: f64,
        /// Work units spent.
        work: u64,
    },
    /// Time passes and nothing new is known: a chance to show the time, and to stop. It comes several
    /// times a second.
    Tick,
    /// A study turns to another of its parts: a budget, a variant, a strategy, a site.
    Part {
        /// Its name.
        name: &'a str,
        /// Its number, from 1.
        number: usize,
        /// How many parts there are.
        of: usize,
    },
}

/// Hears what happens during a call and may end it. It never changes an answer otherwise.
pub trait Observer {
    /// Called at each event; `Break(Stop)` asks to stop as soon as possible.
    fn on(&mut self, event: &Event<'_>) -> ControlFlow<Stop>;

    /// How long it may be left unasked while nothing happens; with no time at all, it hears a tick at every
    /// look at the clock.
    fn pulse(&self) -> Duration {
        Duration::from_millis(50)
    }
}

/// An observer that hears nothing and never stops.
#[derive(Clone, Copy, Debug, Default)]
pub struct Silent;

impl Observer for Silent {
    fn on(&mut self, _event: &Event<'_>) -> ControlFlow<Stop> {
        ControlFlow::Continue(())
    }
}

/// Keeps the progress of an auxiliary question to itself, and hears the caller's wish to stop.
pub struct Muted<'a>(pub &'a mut dyn Observer);

impl Observer for Muted<'_> {
    fn on(&mut self, event: &Event<'_>) -> ControlFlow<Stop> {
        match event {
            Event::Progress { .. } => self.0.on(&Event::Tick),
            Event::Phase { .. } | Event::Part { .. } | Event::Tick => self.0.on(event),
        }
    }

    fn pulse(&self) -> Duration {
        self.0.pulse()
    }
}

/// The caller's observer during a call of many parts: a wish to stop, once uttered, holds for all that follows.
pub struct Hearing<'a> {
    observer: &'a mut dyn Observer,
    /// When the caller was first heard to want to stop.
    halted: Option<Instant>,
}

impl<'a> Hearing<'a> {
    /// Passes events on until the caller asks to stop.
    #[must_use]
    pub fn new(observer: &'a mut dyn Observer) -> Self {
        Self { observer, halted: None }
    }

    /// Whether the caller has asked to stop.
    #[must_use]
    pub fn is_halted(&self) -> bool {
        self.halted.is_some()
    }

    /// Whether the caller asked to stop so long ago.
    #[must_use]
    pub fn is_halted_for(&self, time: Duration) -> bool {
        self.halted.is_some_and(|since| since.elapsed() >= time)
    }

    /// Tells the caller that a part begins; false where there is no use in beginning it.
    pub fn begins(&mut self, name: &str, number: usize, of: usize) -> bool {
        self.on(&Event::Part { name, number, of }).is_continue()
    }
}

impl Observer for Hearing<'_> {
    fn on(&mut self, event: &Event<'_>) -> ControlFlow<Stop> {
        if self.halted.is_none() && self.observer.on(event).is_break() {
            self.halted = Some(Instant::now());
        }
        if self.is_halted() { ControlFlow::Break(Stop) } else { ControlFlow::Continue(()) }
    }

    fn pulse(&self) -> Duration {
        self.observer.pulse()
    }
}

impl<F: FnMut(&Event<'_>) -> ControlFlow<Stop>> Observer for F {
    fn on(&mut self, event: &Event<'_>) -> ControlFlow<Stop> {
        self(event)
    }
}
