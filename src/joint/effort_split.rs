//! How much of the effort asked for each part of the search may take.

use std::time::{Duration, Instant};

use crate::effort::SolveOptions;
use crate::engine;

/// The effort asked for, and how much of it is left.
pub struct Clock<'a> {
    pub options: &'a SolveOptions,
    start: Instant,
    /// When all must be done, where seconds are limited.
    pub end: Option<Instant>,
}

impl<'a> Clock<'a> {
    /// Starts the clock.
    pub fn start(options: &'a SolveOptions) -> Self {
        let start = Instant::now();
        let seconds = options.seconds_allowed();
        let end = seconds.map(|seconds| start + Duration::from_secs_f64(seconds));
        Self { options, start, end }
    }

    /// So many hundredths of the work; endless where work is not limited.
    pub fn work(&self, share: u32) -> u64 {
        self.options.work.map_or(u64::MAX, |work| work / 100 * u64::from(share))
    }

    /// The moment at which so many hundredths of the time are gone.
    pub fn moment(&self, mark: u32) -> Option<Instant> {
        self.end.map(|end| self.start + (end - self.start) * mark / 100)
    }

    /// Engine options for one of several parts of a share that begins at a mark.
    pub fn part(&self, (mark, share): (u32, u32), (part, parts): (u32, u32)) -> engine::Options {
        let mut options = self.until(mark + share * part / parts, share);
        options.work = options.work.map(|work| work / u64::from(parts));
        options
    }

    /// Engine options that end by so many hundredths of the time, and spend so many of the work.
    pub fn until(&self, mark: u32, share: u32) -> engine::Options {
        let left = self.end.map(|end| {
            let whole = (end - self.start).as_secs_f64();
            (whole * f64::from(mark) / 100.0 - self.start.elapsed().as_secs_f64()).max(0.0)
        });
        engine::Options {
            gap: self.options.gap,
            seconds: left,
            work: self.options.work.map(|work| work / 100 * u64::from(share)),
            seed: self.options.seed,
            threads: self.options.threads,
        }
    }
}
