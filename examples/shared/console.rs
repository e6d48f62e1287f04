//! The one writer of the standard streams.
//!
//! Nothing read from a file reaches a terminal as it is: control characters and marks that turn the
//! direction of writing are shown as escapes. A reader who leaves early, as `head` does, ends the command
//! quietly; a full disk is an error.

use std::io::{self, ErrorKind, Write};
use std::time::Instant;

use fibreplan::error::{Error, Fault};
use fibreplan::model::Scenario;
use fibreplan::network::{Prepared, prepare};
use fibreplan::read::Reading;
use fibreplan::text::{json, page};
use fibreplan::write::{RunFacts, StudyAnswer, StudyResults};

use super::arguments::{Limits, Output};
use super::interrupt;
use super::progress::{Progress, Unit};

/// One run of an example: what it prints, and how it ends.
pub struct Session {
    /// The exit code of a run that came to an end by itself.
    pub exit_code: u8,
    /// Start, threads and seconds of the run.
    pub facts: RunFacts,
    /// When the command began.
    pub begun: Instant,
    quiet: bool,
    closed: bool,
}

impl Session {
    pub fn new() -> Self {
        interrupt::listen();
        Self {
            exit_code: 0,
            facts: RunFacts::now(),
            begun: Instant::now(),
            quiet: false,
            closed: false,
        }
    }

    /// Takes notice of `--quiet`, of `--threads` and of `--seconds`, which count from the start.
    pub fn begin(&mut self, limits: &Limits, output: &Output) {
        self.start(limits, output.quiet);
    }

    /// The same where there is no folder of results.
    pub fn start(&mut self, limits: &Limits, quiet: bool) {
        self.hush(quiet);
        if let Some(seconds) = limits.seconds {
            interrupt::limit_preparation(self.begun, seconds);
        }
        self.facts.threads = limits.threads();
        let pool = rayon::ThreadPoolBuilder::new().num_threads(self.facts.threads);
        // Threads that are there already are as good.
        let _ = pool.build_global();
    }

    /// Takes notice of `--quiet`.
    pub fn hush(&mut self, quiet: bool) {
        self.quiet = quiet;
    }

    /// The route network of a scenario, with every notice told.
    ///
    /// # Errors
    ///
    /// Those of [`prepare`].
    pub fn network(&mut self, scenario: &Scenario) -> Result<Prepared, Error> {
        let prepared = self.timed("network", || prepare(scenario))?;
        self.tell(prepared.notices());
        Ok(prepared)
    }

    /// Whether the reader of the standard output has left.
    pub fn is_closed(&self) -> bool {
        self.closed
    }

    /// Prints to the standard output.
    ///
    /// # Errors
    ///
    /// When it cannot be written; where the reader has left, [`Session::is_closed`] says so.
    pub fn print(&mut self, text: &str) -> Result<(), Error> {
        let mut out = io::stdout().lock();
        let written = out.write_all(page(text).as_bytes()).and_then(|()| out.flush());
        written.map_err(|source| {
            self.closed = source.kind() == ErrorKind::BrokenPipe;
            Error::io("the output cannot be written", source)
        })
    }

    /// Prints one line of JSON.
    ///
    /// # Errors
    ///
    /// As [`Session::print`].
    pub fn print_json(&mut self, value: &impl serde::Serialize) -> Result<(), Error> {
        let line = serde_json::to_string(value)
            .map_err(|error| Error::io("the answer cannot be written as JSON", error.into()))?;
        self.print(&format!("{}\n", json(&line)))
    }

    /// Prints the answer as JSON or as text.
    ///
    /// # Errors
    ///
    /// As [`Session::print`].
    pub fn answer<J: serde::Serialize>(
        &mut self,
        output: &Output,
        as_json: impl FnOnce() -> J,
        as_text: impl FnOnce() -> String,
    ) -> Result<(), Error> {
        if output.json {
            return self.print_json(&as_json());
        }
        self.print(&as_text())
    }

    /// Writes the answer of a study where that is asked for, and prints it as JSON or as text.
    ///
    /// # Errors
    ///
    /// When it cannot be written or printed.
    pub fn study<J: serde::Serialize>(
        &mut self,
        output: &Output,
        reading: &Reading,
        answer: StudyAnswer<'_>,
        as_json: impl FnOnce() -> J,
        as_text: impl FnOnce() -> String,
    ) -> Result<(), Error> {
        if let Some(remark) = answer.remark(&reading.scenario) {
            self.note(remark);
        }
        if let Some(out) = &output.out {
            let Reading { scenario, notices, set_aside, .. } = reading;
            let facts = &self.facts;
            let results = StudyResults { scenario, answer, notices, set_aside, facts };
            results.write(out, output.replace())?;
        }
        self.answer(output, as_json, || as_text() + &output.written())
    }

    /// A remark that `--quiet` keeps back.
    pub fn note(&self, text: &str) {
        if !self.quiet {
            remark(text);
        }
    }

    /// Does some work and notes how long it took.
    ///
    /// # Errors
    ///
    /// Those of the work.
    pub fn timed<T>(
        &mut self,
        phase: &'static str,
        work: impl FnOnce() -> Result<T, Error>,
    ) -> Result<T, Error> {
        let start = Instant::now();
        let done = work()?;
        self.facts.seconds.push((phase, start.elapsed().as_secs_f64()));
        Ok(done)
    }

    /// Begins long work: from now on an interrupt asks for the best answer so far, and progress is shown.
    pub fn watch(&self, scenario: &Scenario, limits: &Limits) -> Progress {
        self.watch_in(Unit::of(scenario), limits.seconds)
    }

    /// As [`Session::watch`], for values in a unit of their own.
    pub fn watch_in(&self, unit: Unit, seconds: Option<f64>) -> Progress {
        self.watch_since(self.begun, unit, seconds)
    }

    /// As [`Session::watch_in`], for work whose time began at a moment of its own.
    pub fn watch_since(&self, begun: Instant, unit: Unit, seconds: Option<f64>) -> Progress {
        interrupt::is_answered(true);
        Progress::start(unit, begun, seconds, self.quiet)
    }
}

/// Writes to the standard error stream, where that is possible.
pub fn remark(text: &str) {
    let mut stream = io::stderr().lock();
    let _ = stream.write_all(page(text).as_bytes()).and_then(|()| stream.flush());
}
