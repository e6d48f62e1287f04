//! How much effort a call may take, and the clock that measures it.
//!
//! What for: one meaning of "stop here" for every search. In: an [`Effort`], stated by the caller. Out: parts
//! of it for the stages of a search, a [`Clock`] that knows when its seconds are over, and an [`Interrupt`]
//! that listens to the caller too. Work is counted where it is done.

use std::cell::{Cell, RefCell};
use std::time::{Duration, Instant};

use crate::error::{Error, ErrorKind};
use crate::observe::{Event, Observer};

/// When to stop, and from which seed to choose. It is no part of the question. The default asks for a
/// proven optimum without any limit.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Effort {
    /// Relative gap (see [`crate::status::gap`]) at which an answer is good enough. Default 0.
    pub gap: f64,
    /// Time limit in seconds, from the moment at which the call begins. An answer under this limit is not
    /// reproducible. Default none.
    pub seconds: Option<f64>,
    /// The moment by which all is over, whatever the seconds: that of a clock which was
    /// [started](Effort::started) before. Default none.
    pub end: Option<Instant>,
    /// Limit in work units. An answer under this limit alone is always the same. Default none.
    pub work: Option<u64>,
    /// Seed of every random choice. Default 0.
    pub seed: u64,
}

/// How long beyond the limit, or after the caller has asked to stop, a plan is still begun or finished.
pub const LATE: Duration = Duration::from_millis(500);

/// What there is to say where time was up before anything could be answered.
pub const NOT_LOOKED_FOR: &str = "I404: time was up before a plan was looked for";

/// Longer limits in seconds are no limits: ten years.
const MOST_SECONDS: f64 = 3.2e8;

impl Effort {
    /// So many work units at most: about half a minute of one core for each 2,000,000,000.
    #[must_use]
    pub fn of_work(work: u64) -> Self {
        Self { work: Some(work), ..Self::default() }
    }

    /// So many seconds at most, from the moment at which the call begins.
    #[must_use]
    pub fn of_seconds(seconds: f64) -> Self {
        Self { seconds: Some(seconds), ..Self::default() }
    }

    /// The same effort with its clock running from now on: what is made of it in turn has only the time
    /// that is left. A clock that runs already runs on.
    #[must_use]
    pub fn started(&self) -> Self {
        self.started_at(Instant::now())
    }

    /// The same, with a clock that has run since a moment: reading and preparing count too.
    #[must_use]
    pub fn started_at(&self, begun: Instant) -> Self {
        let own = self.seconds_allowed().map(|seconds| begun + Duration::from_secs_f64(seconds));
        Self { end: self.end.or(own), ..self.clone() }
    }

    /// The same effort with the time that is left as its seconds.
    #[must_use]
    pub fn left(&self) -> Self {
        self.within(self.start())
    }

    /// The effort of the next of some plans, so many of which are still to come: an equal share of the time
    /// that is left, so that what one does not use is for those after it. Work is that of each plan.
    #[must_use]
    pub fn turn(&self, to_come: usize) -> Self {
        let left = self.left();
        let turns = u32::try_from(to_come).unwrap_or(u32::MAX).max(1);
        Self { seconds: left.seconds.map(|seconds| seconds / f64::from(turns)), ..left }
    }

    /// The same effort for what has no answer before its end: its clock is over a tenth of the seconds and [`LATE`]
    /// later, so that even a limit of zero is enough for what is done at once.
    #[must_use]
    pub fn late(&self) -> Self {
        let started = self.started();
        let tenth = Duration::from_secs_f64(started.seconds_allowed().unwrap_or(0.0) / 10.0);
        Self { seconds: None, end: started.end.map(|end| end + tenth + LATE), ..started }
    }

    /// Whether time has been up so long that nothing more is begun, and what is begun is not finished.
    #[must_use]
    pub fn is_late(&self) -> bool {
        self.end.is_some_and(|end| Instant::now() >= end + LATE)
    }

    /// One of so many equal parts of the effort.
    #[must_use]
    pub fn part(&self, parts: u64) -> Self {
        let parts = parts.max(1);
        #[allow(clippy::cast_precision_loss)] // seconds promise nothing exact
        let share = 1.0 / parts as f64;
        let seconds = self.seconds_allowed().map(|seconds| seconds * share);
        let work = self.work.map(|work| work / parts);
        Self { seconds, work, ..self.clone() }
    }

    /// The same effort with as many seconds as a clock has left, where that is less.
    #[must_use]
    pub fn within(&self, clock: Clock) -> Self {
        let left = clock.left().map(|left| left.as_secs_f64());
        let own = self.seconds_allowed();
        let seconds = own.into_iter().chain(left).min_by(f64::total_cmp);
        let end = self.end.into_iter().chain(clock.end).min();
        Self { seconds, end, ..self.clone() }
    }

    /// The same effort for a proven optimum.
    #[must_use]
    pub fn without_gap(&self) -> Self {
        self.clone().with_gap(0.0)
    }

    /// The same effort for another gap.
    #[must_use]
    pub fn with_gap(self, gap: f64) -> Self {
        Self { gap, ..self }
    }

    /// The same effort with another limit on work.
    #[must_use]
    pub fn with_work(self, work: Option<u64>) -> Self {
        Self { work, ..self }
    }

    /// The same effort without the moment by which all is over: its seconds count from when it begins.
    #[must_use]
    pub fn without_end(self) -> Self {
        Self { end: None, ..self }
    }

    /// The time limit as seconds that can be counted: nothing below zero, and what is no number is none.
    #[must_use]
    pub fn seconds_allowed(&self) -> Option<f64> {
        let countable = |seconds: f64| if seconds > 0.0 { seconds.min(MOST_SECONDS) } else { 0.0 };
        self.seconds.map(countable)
    }

    /// Starts the clock of this effort.
    #[must_use]
    pub fn start(&self) -> Clock {
        let begun = Instant::now();
        let end = self.seconds_allowed().map(|seconds| begun + Duration::from_secs_f64(seconds));
        Clock { begun, end }.until(self.end)
    }
}

/// A running clock: when it began, and the moment at which time is up, where it is limited.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Clock {
    begun: Instant,
    end: Option<Instant>,
}

impl Clock {
    /// The moment at which time is up.
    #[must_use]
    pub fn end(self) -> Option<Instant> {
        self.end
    }

    /// Whether time is up.
    #[must_use]
    pub fn is_over(self) -> bool {
        self.end.is_some_and(|end| Instant::now() >= end)
    }

    /// What is left of the time; nothing where it is not limited.
    #[must_use]
    pub fn left(self) -> Option<Duration> {
        self.end.map(|end| end.saturating_duration_since(Instant::now()))
    }

    /// The moment at which so many hundredths of the time are gone.
    #[must_use]
    pub fn moment(self, hundredths: u32) -> Option<Instant> {
        self.end.map(|end| self.begun + (end - self.begun) * hundredths / 100)
    }

    /// How long the clock has run.
    #[must_use]
    pub fn elapsed(self) -> Duration {
        self.begun.elapsed()
    }

    /// The clock that is over so much sooner, but not before it began.
    #[must_use]
    pub fn sooner(self, by: Duration) -> Self {
        let begun = self.begun;
        let end = self.end.map(|end| end.checked_sub(by).map_or(begun, |end| end.max(begun)));
        Self { end, ..self }
    }

    /// The clock that is over no sooner than so long from now.
    #[must_use]
    pub fn at_least(self, least: Duration) -> Self {
        Self { end: self.end.map(|end| end.max(Instant::now() + least)), ..self }
    }

    /// The clock that is over at the earlier of two moments.
    #[must_use]
    pub fn until(self, moment: Option<Instant>) -> Self {
        Self { end: self.end.into_iter().chain(moment).min(), ..self }
    }
}

/// The deadline and the caller's wish to stop, to be asked from inside long loops.
///
/// It is shared: whoever holds a reference may ask and tell. Answers depend on it only where time is
/// limited or the caller stops.
pub struct Interrupt<'a> {
    observer: RefCell<&'a mut dyn Observer>,
    end: Cell<Option<Instant>>,
    /// When the caller was last asked or told; `None` before the first time.
    asked: Cell<Option<Instant>>,
    halted: Cell<bool>,
    /// When the caller was first heard to want to stop.
    halted_at: Cell<Option<Instant>>,
    /// How often the caller is asked while nothing is to be told.
    pulse: Duration,
}

impl<'a> Interrupt<'a> {
    /// An interrupt that is due when the clock's time is up or the observer says so.
    #[must_use]
    pub fn new(clock: Clock, observer: &'a mut dyn Observer) -> Self {
        Self {
            pulse: observer.pulse(),
            observer: RefCell::new(observer),
            end: Cell::new(clock.end),
            asked: Cell::new(None),
            halted: Cell::new(false),
            halted_at: Cell::new(None),
        }
    }

    /// The moment at which time is up, where it is limited.
    pub fn end(&self) -> Option<Instant> {
        self.end.get()
    }

    /// Sets another moment at which time is up; returns the one it replaces.
    pub fn end_at(&self, end: Option<Instant>) -> Option<Instant> {
        self.end.replace(end)
    }

    /// How often the caller is asked while nothing is to be told.
    pub fn pulse(&self) -> Duration {
        self.pulse
    }

    /// Whether the caller has asked to stop.
    pub fn is_halted(&self) -> bool {
        self.halted.get()
    }

    /// Whether the caller asked to stop so long ago.
    pub fn is_halted_for(&self, time: Duration) -> bool {
        self.halted_at.get().is_some_and(|since| Instant::now() >= since + time)
    }

    /// Whether time is up or the caller wants to stop, who is asked every now and then. Cheap enough for
    /// any loop whose rounds take a microsecond.
    pub fn is_due(&self) -> bool {
        if self.halted.get() {
            return true;
        }
        let now = Instant::now();
        if self.asked.get().is_none_or(|asked| now >= asked + self.pulse) {
            self.tell(&Event::Tick);
        }
        self.halted.get() || self.end.get().is_some_and(|end| now >= end)
    }

    /// The same with some time of grace from the moment at which it was due.
    pub fn is_due_after(&self, grace: Duration) -> bool {
        if !self.is_due() {
            return false;
        }
        let since = [self.halted_at.get(), self.end.get()].into_iter().flatten().min();
        since.is_none_or(|since| Instant::now() >= since + grace)
    }

    /// Nothing while there is time, to be asked between the stages of what has no answer before its end.
    ///
    /// # Errors
    ///
    /// `Interrupted` when time is up (I404) or the caller wants to stop.
    pub fn while_there_is_time(&self) -> Result<(), Error> {
        if !self.is_due() {
            return Ok(());
        }
        let message =
            if self.is_halted() { "stopped before a plan was looked for" } else { NOT_LOOKED_FOR };
        Err(Error::new(ErrorKind::Interrupted, message))
    }

    /// Tells the observer something.
    pub fn tell(&self, event: &Event<'_>) {
        self.asked.set(Some(Instant::now()));
        if self.observer.borrow_mut().on(event).is_break() && !self.halted.replace(true) {
            self.halted_at.set(Some(Instant::now()));
        }
    }
}

#[cfg(test)]
mod tests {
    use std::ops::ControlFlow;

    use super::*;
    use crate::observe::{Silent, Stop};

    #[test]
    fn what_is_no_number_of_seconds_is_none_at_all() {
        for seconds in [f64::NAN, -1.0, f64::NEG_INFINITY, 0.0] {
            let effort = Effort { seconds: Some(seconds), ..Effort::default() };
            assert_eq!(effort.seconds_allowed(), Some(0.0));
            assert!(effort.start().is_over());
        }
        let endless = Effort { seconds: Some(f64::INFINITY), ..Effort::default() };
        assert!(!endless.start().is_over());
        assert!(!Effort::default().start().is_over());
    }

    #[test]
    fn parts_are_within_the_whole() {
        let whole = Effort { gap: 0.1, seconds: Some(8.0), work: Some(11), seed: 3, end: None };
        let part = whole.part(4);
        let (seconds, work) = (Some(2.0), Some(2));
        assert_eq!(part, Effort { seconds, work, ..whole.clone() });
        assert_eq!(whole.part(0), whole);
        assert_eq!(part.without_gap().gap.to_bits(), 0.0_f64.to_bits());
        let left = whole.within(part.start()).seconds.unwrap();
        assert!((1.0..=2.0).contains(&left), "{left}");
    }

    #[test]
    fn a_clock_that_runs_already_runs_on() {
        let minute = Effort { seconds: Some(60.0), ..Effort::default() };
        let before = Instant::now().checked_sub(Duration::from_secs(50)).unwrap();
        let started = minute.started_at(before);
        assert_eq!(
            (started.seconds, started.end),
            (Some(60.0), Some(before + Duration::from_mins(1)))
        );
        assert_eq!(started.started(), started);
        // Parts and turns end with the whole.
        for effort in [started.clone(), started.part(2), started.turn(1), started.left()] {
            assert!(effort.start().left().unwrap() <= Duration::from_secs(10), "{effort:?}");
        }
        assert!(started.turn(5).seconds.unwrap() <= 2.0);
        assert_eq!(minute.turn(3).work, minute.work);
        assert_eq!(Effort::default().started().turn(3), Effort::default());
        let gone = Instant::now().checked_sub(Duration::from_secs(61)).unwrap();
        assert!(minute.started_at(gone).start().is_over());
    }

    #[test]
    fn moments_lie_between_begin_and_end() {
        let clock = Effort { seconds: Some(100.0), ..Effort::default() }.start();
        let (half, end) = (clock.moment(50).unwrap(), clock.end().unwrap());
        assert_eq!(end - half, Duration::from_secs(50));
        assert_eq!(clock.until(Some(half)).end(), Some(half));
        assert_eq!(clock.until(None).end(), Some(end));
        assert_eq!(clock.sooner(Duration::from_secs(50)).end(), Some(half));
        assert!(clock.sooner(Duration::from_secs(500)).is_over());
        assert_eq!(Effort::default().start().moment(50), None);
    }

    #[test]
    fn an_interrupt_hears_the_caller_between_events() {
        let mut ticks = 0;
        let mut observer = |event: &Event<'_>| {
            ticks += u32::from(*event == Event::Tick);
            if ticks < 2 { ControlFlow::Continue(()) } else { ControlFlow::Break(Stop) }
        };
        let interrupt = Interrupt::new(Effort::default().start(), &mut observer);
        while !interrupt.is_due() {
            std::thread::sleep(interrupt.pulse / 4);
        }
        assert!(interrupt.is_halted());
        assert_eq!(ticks, 2);
    }

    #[test]
    fn an_interrupt_is_due_when_time_is_up_and_no_longer_when_it_is_put_off() {
        let mut silent = Silent;
        let clock = Effort { seconds: Some(0.0), ..Effort::default() }.start();
        let interrupt = Interrupt::new(clock, &mut silent);
        assert!(interrupt.is_due() && !interrupt.is_halted());
        assert_eq!(interrupt.end_at(None), clock.end());
        assert!(!interrupt.is_due());
    }
}
