//! How much of the effort asked for each part of the search may take.

use std::time::Instant;

use crate::effort::{self, Effort};

/// A share of the effort, in hundredths.
#[derive(Clone, Copy, Debug)]
pub struct Share {
    /// How much of the time is gone when it begins.
    pub begins: u32,
    /// How much of time and work it is.
    pub size: u32,
}

/// The effort asked for, and how much of it is left.
pub struct EffortSplit<'a> {
    pub effort: &'a Effort,
    clock: effort::Clock,
}

impl<'a> EffortSplit<'a> {
    /// Starts the clock.
    pub fn start(effort: &'a Effort) -> Self {
        Self { effort, clock: effort.start() }
    }

    /// The clock of the whole effort.
    pub fn whole(&self) -> effort::Clock {
        self.clock
    }

    /// So many hundredths of the work; endless where work is not limited.
    pub fn work(&self, share: u32) -> u64 {
        self.effort.work.map_or(u64::MAX, |work| work / 100 * u64::from(share))
    }

    /// The moment at which so many hundredths of the time are gone.
    pub fn moment(&self, mark: u32) -> Option<Instant> {
        self.clock.moment(mark)
    }

    /// Effort for one of several parts of a share, the first of which is 1.
    pub fn part(&self, share: Share, part: u32, parts: u32) -> Effort {
        let whole = self.until(share.begins + share.size * part / parts, share.size);
        let work = whole.work.map(|work| work / u64::from(parts));
        whole.with_work(work)
    }

    /// One of so many equal parts of the effort, within the time that is left.
    pub fn one_of(&self, parts: u64) -> Effort {
        self.effort.part(parts).within(self.clock)
    }

    /// Effort that ends by so many hundredths of the time, and spends so many of the work.
    pub fn until(&self, mark: u32, share: u32) -> Effort {
        let work = self.effort.work.map(|work| work / 100 * u64::from(share));
        let end = self.clock.until(self.clock.moment(mark));
        self.effort.within(end).with_work(work)
    }
}
