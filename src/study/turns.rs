//! The time of a study, shared among its plans.
//!
//! In: an effort, whose seconds are those of the whole study and whose work is that of each plan, and how
//! many plans there are. Out: the effort of one plan after the other: an equal share of the time that is left,
//! so that what one does not use is for those after it.

use crate::effort::Effort;

/// The turns of a study's plans.
pub struct Turns {
    effort: Effort,
    to_come: usize,
}

impl Turns {
    /// So many plans, from now on.
    pub fn new(effort: &Effort, plans: usize) -> Self {
        Self { effort: effort.started(), to_come: plans }
    }

    /// The effort of the next plan.
    pub fn next(&mut self) -> Effort {
        let turn = self.effort.turn(self.to_come);
        self.to_come = self.to_come.saturating_sub(1);
        turn
    }

    /// Whether time has been up so long that nothing more is begun.
    pub fn is_late(&self) -> bool {
        self.effort.is_late()
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::*;

    #[test]
    fn what_one_does_not_use_is_for_those_after_it() {
        let whole = Effort::of_seconds(60.0).with_work(Some(7));
        let mut turns = Turns::new(&whole, 3);
        let seconds: Vec<f64> = (0..3).filter_map(|_| turns.next().seconds).collect();
        assert!(seconds[0] <= 20.0 && seconds[0] > 19.0, "{seconds:?}");
        assert!(seconds[1] <= 30.0 && seconds[1] > 29.0, "{seconds:?}");
        assert!(seconds[2] <= 60.0 && seconds[2] > 59.0, "{seconds:?}");
        assert_eq!((turns.next().work, turns.is_late()), (Some(7), false));
        let over = Effort::of_seconds(0.0);
        let long_ago = Instant::now().checked_sub(Duration::from_secs(9)).unwrap();
        assert!(over.started_at(long_ago).is_late() && !over.started().is_late());
        assert!(!Effort::default().started().is_late());
    }
}
