//! How long each stage of a solve took.

use std::time::{Duration, Instant};

/// Seconds by phase.
pub struct Phases {
    last: Instant,
    /// By stage that has ended.
    pub seconds: Vec<(&'static str, f64)>,
}

impl Phases {
    /// Begins the first stage.
    pub fn start() -> Self {
        Self { last: Instant::now(), seconds: Vec::new() }
    }

    /// Ends a stage, and begins the next.
    pub fn end(&mut self, name: &'static str) {
        let now = Instant::now();
        let spent: Duration = now - self.last;
        self.seconds.push((name, spent.as_secs_f64()));
        self.last = now;
    }
}
