//! Prizes reweighted by who pays: making the engine's trees cheaper for the pots that fall short.
//!
//! In: which pots fell short for which reweighting. Out: the next reweighting, for each class of payers, in
//! thousandths of the prize. It runs nothing.

use crate::engine::Instance;
use crate::funding::PotSet;
use crate::joint::problem::JointProblem;

/// A reweighting in thousandths of the prize.
const WHOLE: i64 = 1000;

/// The least reweighting that fits, sought by halves. Where another set of pots turns short, the reweighting
/// found so far stays and that set is reweighted as well.
pub struct PrizeReweighting {
    kept: Vec<i64>,
    bracket: Bracket,
}

impl PrizeReweighting {
    /// Begins with a set of pots that falls short, for so many classes of payers.
    pub fn new(short: PotSet, classes: usize) -> Self {
        Self { kept: vec![0; classes], bracket: Bracket::new(short) }
    }

    /// The reweighting to try next, of each class of payers.
    pub fn of_classes(&self, classes: &[PotSet]) -> Vec<i64> {
        self.bracket.of_classes(&self.kept, classes)
    }

    /// Learns which pots fall short under the reweighting just tried.
    pub fn learn(&mut self, short: Option<PotSet>, classes: &[PotSet]) {
        match short {
            None => self.bracket.high = self.bracket.middle(),
            Some(pots) if pots == self.bracket.pots => self.bracket.low = self.bracket.middle(),
            Some(pots) => {
                self.kept = self.of_classes(classes);
                self.bracket = Bracket::new(pots);
            }
        }
    }
}

/// Between which reweightings of a set of pots the least that fits lies, in thousandths of the prize.
struct Bracket {
    pots: PotSet,
    low: i64,
    high: i64,
}

impl Bracket {
    fn new(pots: PotSet) -> Self {
        Self { pots, low: 0, high: WHOLE }
    }

    /// The reweighting to try next: a quarter at first, for most plans need little, then halves.
    fn middle(&self) -> i64 {
        if self.low == 0 && self.high == WHOLE {
            WHOLE / 4
        } else {
            i64::midpoint(self.low, self.high)
        }
    }

    /// The reweighting of each class of payers: what was kept, and the middle for those within the pots.
    fn of_classes(&self, kept: &[i64], classes: &[PotSet]) -> Vec<i64> {
        let within = |class: PotSet| class.minus(self.pots).is_empty();
        kept.iter()
            .zip(classes)
            .map(|(&kept, &class)| if within(class) { kept.max(self.middle()) } else { kept })
            .collect()
    }
}

/// The instance with each building's prize less its class's reweighting.
pub fn reweighted(
    instance: &Instance,
    problem: &JointProblem<'_>,
    reweighting: &[i64],
) -> Instance {
    let mut reweighted = instance.clone();
    for building in problem.buildings() {
        let prize = i128::from(instance.prizes[building as usize]);
        let reweighting = problem.class(building).map_or(0, |class| reweighting[class.place()]);
        let less = prize * i128::from(WHOLE - reweighting) / i128::from(WHOLE);
        reweighted.prizes[building as usize] = i64::try_from(less).unwrap_or(i64::MAX);
    }
    reweighted
}
