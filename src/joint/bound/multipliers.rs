//! The choice of multipliers: what to try next for the least bound.
//!
//! In: the bounds at the multipliers tried so far. Out: the next ones. Nothing here can make a bound
//! wrong; a poor choice makes it weak.

use crate::engine::bound::SidePrice;
use crate::engine::rooted::Rooted;
use crate::engine::{Goal, LARGE};
use crate::joint::forest::Forest;

/// A pattern search over the units of cost for one unit of prize, and the share of the multiplier of
/// cost for each side limit.
#[derive(Clone, Debug)]
pub struct Multipliers {
    best: MultiplierPoint,
    best_bound: Option<i64>,
    trial: MultiplierPoint,
    /// The place of the move being tried, among all moves; `None` for the point itself.
    tried: Option<usize>,
    /// Moves without success since the last one with.
    failed: usize,
    step: f64,
    /// The share that a side limit begins with, for a step of two.
    first_share: f64,
    /// How much prize a unit of cost takes off.
    charge: i64,
}

#[derive(Clone, Debug)]
struct MultiplierPoint {
    ratio: f64,
    shares: Vec<f64>,
}

/// The step at the root, at later nodes, and the one at which nothing more is to be learnt.
const STEPS: (f64, f64, f64) = (2.0, 1.1, 1.004);
/// What a unit of prize is worth, in units of what it costs on average, the step, and the first share, where there
/// is time for few: the last buildings bought cost some three times as much for their prize as all together.
const LARGE_FIRST: (f64, f64, f64) = (3.3, 1.3, 1.5);
/// The share of a side limit that is tried first, for a step of two.
const FIRST_SHARE: f64 = 0.3;

impl Multipliers {
    /// A first guess: what a unit of prize costs in the best forest known. `charge` is how much prize a
    /// unit of cost takes off.
    #[allow(clippy::cast_precision_loss)] // a choice, not a proof
    pub fn first(problem: &Rooted, best: Option<&Forest>, charge: i64) -> Self {
        let budget = if let Goal::MostPrize { budget } = problem.goal { budget } else { 1 };
        let open = problem.open_prize().max(1) as f64;
        let cost = best.map_or(budget, |best| best.cost).max(1) as f64;
        let most = 1.0 / charge as f64;
        let (factor, step, first_share) =
            if problem.nodes() > LARGE { LARGE_FIRST } else { (2.0, STEPS.0, FIRST_SHARE) };
        let point = MultiplierPoint { ratio: (factor * cost / open).min(most), shares: Vec::new() };
        Self {
            best: point.clone(),
            best_bound: None,
            trial: point,
            tried: None,
            failed: 0,
            step,
            first_share,
            charge,
        }
    }

    /// Begins anew at the best point, for a part of the problem.
    pub fn restart(&mut self) {
        if self.best_bound.take().is_some() {
            self.step = STEPS.1;
        }
        self.trial = self.best.clone();
        self.tried = None;
        self.failed = 0;
    }

    /// Goes on from the best point in larger steps, for there are more multipliers.
    pub fn go_on(&mut self) {
        self.step = STEPS.2 + 0.2;
        self.trial = self.best.clone();
        self.tried = None;
        self.failed = 0;
    }

    /// The multipliers to try next, for so many side limits.
    pub fn next(&mut self, problem: &Rooted, sides: usize) -> SidePrice {
        self.best.shares.resize(sides, 0.0);
        self.trial.shares.resize(sides, 0.0);
        SidePrice::new(problem, self.trial.ratio, &self.trial.shares).charged(self.charge)
    }

    /// Whether nothing more is to be learnt.
    pub fn is_settled(&self) -> bool {
        self.step < STEPS.2
    }

    /// Takes in the bound at the point just tried. `up` says which way the ratio should go: up when the
    /// tree there costs less than the budget.
    pub fn learn(&mut self, bound: i64, up: bool) {
        let better = self.best_bound.is_none_or(|best| bound < best);
        if better {
            self.best = self.trial.clone();
            self.best_bound = Some(bound);
            self.failed = 0;
        }
        let mut place = match self.tried {
            None => 0,
            Some(place) if better => place,
            Some(place) => {
                self.failed += 1;
                place + 1
            }
        };
        let moves = 2 * (1 + self.best.shares.len());
        loop {
            if self.failed >= moves {
                self.step = self.step.sqrt();
                self.failed = 0;
            }
            place %= moves;
            if let Some(trial) = self.moved(place, up) {
                self.trial = trial;
                break;
            }
            self.failed += 1;
            place += 1;
        }
        self.tried = Some(place);
    }

    /// The best point after a move; `None` where it leads nowhere.
    fn moved(&self, place: usize, up: bool) -> Option<MultiplierPoint> {
        let mut point = self.best.clone();
        let by = |up: bool| if up { self.step } else { 1.0 / self.step };
        match (place / 2, place.is_multiple_of(2)) {
            (0, first) => point.ratio *= by(up == first),
            (side, true) if point.shares[side - 1] == 0.0 => {
                point.shares[side - 1] = self.first_share * (self.step - 1.0);
            }
            (side, _) if point.shares[side - 1] == 0.0 => return None,
            (side, up) => point.shares[side - 1] *= by(up),
        }
        Some(point)
    }
}
