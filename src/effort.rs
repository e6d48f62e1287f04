//! How much effort to spend on an answer, and parts of it.

use std::time::{Duration, Instant};

/// How much effort to spend. It is no part of the question.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct SolveOptions {
    /// Stop when the relative gap of the first objective is at most this. Default 0.
    pub gap: f64,
    /// Stop after so many seconds; answers under this limit are not reproducible. Default none.
    pub seconds: Option<f64>,
    /// Stop after so many work units. Default [`SolveOptions::DEFAULT_WORK`].
    pub work: Option<u64>,
    /// Seed of every random choice. Default 0.
    pub seed: u64,
    /// Threads to use. Never changes an answer. Default 1.
    pub threads: usize,
}

impl SolveOptions {
    /// Work units of the default: about half a minute of one core.
    pub const DEFAULT_WORK: u64 = 2_000_000_000;

    /// Longer limits in seconds are no limits: ten years.
    const MOST_SECONDS: f64 = 3.2e8;

    /// One of so many equal parts of the effort.
    pub(crate) fn part(&self, parts: u64) -> Self {
        #[allow(clippy::cast_precision_loss)] // seconds promise nothing exact
        let share = 1.0 / parts as f64;
        let seconds = self.seconds_allowed().map(|seconds| seconds * share);
        let work = self.work.map(|work| work / parts);
        Self { seconds, work, ..self.clone() }
    }

    /// The limit in seconds as a time that can be counted; what is no number is none at all.
    pub(crate) fn seconds_allowed(&self) -> Option<f64> {
        let sound = |seconds: f64| {
            if seconds > 0.0 { seconds.min(Self::MOST_SECONDS) } else { 0.0 }
        };
        self.seconds.map(sound)
    }

    /// The moment to stop at, when the effort begins now.
    pub(crate) fn deadline(&self) -> Option<Instant> {
        self.seconds_allowed().map(|seconds| Instant::now() + Duration::from_secs_f64(seconds))
    }
}

impl Default for SolveOptions {
    fn default() -> Self {
        Self { gap: 0.0, seconds: None, work: Some(Self::DEFAULT_WORK), seed: 0, threads: 1 }
    }
}
