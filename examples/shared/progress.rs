//! How far long work is: one line that changes on a terminal, a line every few seconds elsewhere.
//!
//! What is shown is what the library has told: part, phase, best plan, bound and gap in the scenario's own
//! unit, and the time that is left of the limit. A thread of its own keeps the time moving.

use std::io::{self, IsTerminal, Write};
use std::ops::ControlFlow;
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use fibreplan::model::{Objective, Scenario};
use fibreplan::observe::{Event, Observer, Stop};
use fibreplan::text::short;

use super::console::remark;
use super::interrupt;

/// How often the line on a terminal changes, and how often a line is written elsewhere.
const ON_TERMINAL: Duration = Duration::from_millis(200);
const ELSEWHERE: Duration = Duration::from_secs(5);
/// The line must fit a narrow terminal.
const WIDTH: usize = 79;
/// Bounds beyond this bound nothing.
const ENDLESS: f64 = 1e15;

/// What is known, as far as the library has told.
struct Known {
    begun: Instant,
    seconds: Option<f64>,
    unit: Unit,
    part: Option<(String, usize, usize)>,
    phase: String,
    best: Option<f64>,
    bound: Option<f64>,
}

/// In what the first objective is counted, and which way is better.
pub struct Unit {
    /// Name of a weight; `None` for pounds.
    weight: Option<String>,
    least: bool,
    /// How many of what is told are one of these.
    size: f64,
}

impl Unit {
    pub fn of(scenario: &Scenario) -> Self {
        match &scenario.objective {
            Objective::Maximise(weights) => {
                Self { weight: weights.first().cloned(), least: false, size: 1.0 }
            }
            Objective::MinimiseCostFor { .. } => Self { weight: None, least: true, size: 1.0 },
            Objective::MaximiseNetBenefit { .. } => Self { weight: None, least: false, size: 1.0 },
        }
    }

    /// The unit of several scenarios: plain numbers where they do not all ask for the same.
    pub fn of_all<'s>(base: &Scenario, mut others: impl Iterator<Item = &'s Scenario>) -> Self {
        let alike = others.all(|own| own.objective == base.objective);
        if alike { Self::of(base) } else { Self::of_tree(false, 1.0) }
    }

    /// The plain numbers of a tree problem; `size` of them are one unit of its objective.
    pub fn of_tree(least: bool, size: f64) -> Self {
        Self { weight: Some(String::new()), least, size }
    }

    fn amount(&self, value: f64) -> String {
        let value = value / self.size;
        match &self.weight {
            Some(name) if name.is_empty() => separated(value),
            Some(name) => format!("{} {}", separated(value), name.replace('_', " ")),
            None => format!("£{}", separated(value)),
        }
    }
}

/// A whole number with separators.
fn separated(value: f64) -> String {
    let digits = format!("{:.0}", value.abs());
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    if value <= -0.5 { format!("-{text}") } else { text }
}

impl Known {
    /// One line on all that is known.
    fn line(&self) -> String {
        let mut parts = Vec::new();
        let phase = if self.phase.is_empty() { "planning" } else { &self.phase };
        parts.push(match &self.part {
            Some((name, number, of)) => format!("{number}/{of} {name}, {phase}"),
            None => phase.to_owned(),
        });
        let limit = if self.unit.least { "at least" } else { "at most" };
        match (self.best, self.bound) {
            (Some(best), Some(bound)) => {
                let gap = 100.0 * (bound - best).abs() / bound.abs().max(best.abs()).max(1e-9);
                let best = self.unit.amount(best);
                parts.push(format!(
                    "{best}, {limit} {} (gap {gap:.2} %)",
                    separated(bound / self.unit.size)
                ));
            }
            (Some(best), None) => parts.push(self.unit.amount(best)),
            (None, Some(bound)) => parts.push(format!("{limit} {}", self.unit.amount(bound))),
            (None, None) => {}
        }
        parts.push(format!("{} s", self.begun.elapsed().as_secs()));
        if let Some(seconds) = self.seconds {
            let left = (seconds - self.begun.elapsed().as_secs_f64()).max(0.0);
            parts.push(format!("{left:.0} s left"));
        }
        parts.join(" | ")
    }

    fn hear(&mut self, event: &Event<'_>) {
        match *event {
            Event::Part { name, number, of } => {
                self.part = Some((name.to_owned(), number, of));
                (self.best, self.bound) = (None, None);
                self.phase.clear();
            }
            Event::Phase { name } => name.clone_into(&mut self.phase),
            Event::Progress { objective, bound, .. } => {
                self.best = objective;
                self.bound = Some(bound).filter(|bound| bound.abs() < ENDLESS);
            }
            _ => {}
        }
    }
}

/// Shows what it is told, and passes on that the user wants to stop. The line goes when this does.
pub struct Progress {
    known: Arc<Mutex<Known>>,
    /// The thread that shows it ends when the sender goes.
    showing: Option<(Sender<()>, JoinHandle<()>)>,
}

impl Progress {
    /// Begins to show how far the work is, unless `quiet`.
    pub fn start(unit: Unit, begun: Instant, seconds: Option<f64>, quiet: bool) -> Self {
        let known = Arc::new(Mutex::new(Known {
            begun,
            seconds,
            unit,
            part: None,
            phase: String::new(),
            best: None,
            bound: None,
        }));
        let showing = (!quiet).then(|| {
            let known = Arc::clone(&known);
            let (sender, ended) = channel::<()>();
            let show = move || {
                let terminal = io::stderr().is_terminal();
                let every = if terminal { ON_TERMINAL } else { ELSEWHERE };
                while ended.recv_timeout(every) == Err(RecvTimeoutError::Timeout) {
                    let line = known.lock().unwrap_or_else(PoisonError::into_inner).line();
                    show_line(&line, terminal);
                }
                if terminal {
                    raw("\r\x1b[2K");
                }
            };
            (sender, std::thread::spawn(show))
        });
        Self { known, showing }
    }
}

fn show_line(line: &str, terminal: bool) {
    if terminal {
        raw(&format!("\r\x1b[2K{}", short(line, WIDTH)));
    } else {
        remark(&format!("{line}\n"));
    }
}

/// Moves the cursor of the terminal; text of the user's is made harmless before.
fn raw(text: &str) {
    let mut stream = io::stderr().lock();
    let _ = stream.write_all(text.as_bytes()).and_then(|()| stream.flush());
}

impl Observer for Progress {
    fn on(&mut self, event: &Event<'_>) -> ControlFlow<Stop> {
        if let Event::Phase { name } = event {
            // While a network is built there is no answer to lose, and nobody asks.
            interrupt::is_answered(*name != "network");
        }
        self.known.lock().unwrap_or_else(PoisonError::into_inner).hear(event);
        if interrupt::is_asked() { ControlFlow::Break(Stop) } else { ControlFlow::Continue(()) }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Some((sender, thread)) = self.showing.take() {
            drop(sender);
            // A thread that only shows cannot fail in a way that matters.
            let _ = thread.join();
        }
    }
}
