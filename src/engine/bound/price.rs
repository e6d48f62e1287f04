//! Multipliers: how a goal with a budget or a quota becomes a prize-collecting problem, exactly.
//!
//! What for: dual ascent bounds the least of `S * cost + M * prizes missed`. In: such a bound. Out: a
//! bound on the goal, rounded outward, and how much reduced cost an improvement can bear. Whole
//! numbers throughout: no rounding can make a bound too tight.
//!
//! Most prize: a tree within budget B collects at most `total + floor((S B - L) / M)`. Least cost: a
//! tree of prize Q or more misses at most `total - Q`, so costs at least
//! `ceil((L - M (total - Q)) / S)`. Least loss: S = M and the bound is `ceil(L / S)`.

use crate::engine::Goal;
use crate::engine::rooted::Rooted;

/// A pair of multipliers: `cost` for costs, `prize` for prizes, both at least 1.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Price {
    /// S: what one unit of cost counts.
    pub cost: i64,
    /// M: what one unit of prize counts.
    pub prize: i64,
}

/// Scaled sums stay below this, so that sums of two still fit.
const ROOM: i64 = 1 << 60;

impl Price {
    /// The pair for problems without a budget or quota.
    pub const PLAIN: Self = Self { cost: 1, prize: 1 };

    /// The pair for problems without a budget or quota, fine enough that duals can share the cost of
    /// an edge: the least common multiple of the first few numbers, where the sums leave room for it.
    pub fn fine(problem: &Rooted) -> Self {
        let sums = problem.cost.iter().chain(&problem.prize).map(|&value| i128::from(value));
        let unit = if 12 * sums.sum::<i128>() < i128::from(ROOM) { 12 } else { 1 };
        Self { cost: unit, prize: unit }
    }

    /// How far one raise may go, so that an edge of average cost takes `steps` of them; any far for
    /// zero.
    pub fn step(self, problem: &Rooted, steps: i64) -> i64 {
        let costs = problem.cost.iter().sum::<i64>();
        let edges = i64::try_from(problem.edges()).unwrap_or(i64::MAX).max(1);
        if steps == 0 { i64::MAX } else { (costs / edges * self.cost / steps).max(1) }
    }

    /// The pair nearest to `ratio` units of cost for one unit of prize, with about six digits where
    /// the sums of the problem leave room for them.
    #[allow(clippy::cast_possible_truncation, clippy::cast_precision_loss)] // a choice, not a proof
    pub fn of_ratio(problem: &Rooted, ratio: f64) -> Self {
        let costs = problem.cost.iter().sum::<i64>().max(1);
        let prizes = problem.open_prize().max(1);
        let most_prize = (ROOM / prizes).max(1);
        let mut cost = 1_i64;
        let scaled = |cost: i64| (ratio * cost as f64).round();
        while scaled(cost) < 1_000_000.0
            && cost < ROOM / 2 / costs
            && scaled(2 * cost) < most_prize as f64
        {
            cost *= 2;
        }
        Self { cost, prize: (scaled(cost).max(1.0) as i64).min(most_prize) }
    }

    /// Cost per unit of prize.
    #[allow(clippy::cast_precision_loss)] // for the choice of the next pair only
    pub fn ratio(self) -> f64 {
        self.prize as f64 / self.cost as f64
    }

    /// The bound on the goal that follows from `lower`, a lower bound on `S cost + M missed` over all
    /// trees of the problem.
    pub fn bound(self, problem: &Rooted, lower: i64) -> i64 {
        let (cost, prize) = (i128::from(self.cost), i128::from(self.prize));
        let (open, lower) = (i128::from(problem.open_prize()), i128::from(lower));
        let bound = match problem.goal {
            Goal::MostPrize { budget } => {
                (open + (cost * i128::from(budget) - lower).div_euclid(prize)).min(open)
            }
            Goal::LeastCost { at_least } => {
                let spare = prize * (open - i128::from(at_least));
                (-(spare - lower).div_euclid(cost)).max(0)
            }
            Goal::LeastLoss => -(-lower).div_euclid(cost) + i128::from(problem.missed),
        };
        narrow(bound)
    }

    /// How much more than `lower` the tree `S cost + M missed` of value `target` or better may be: a
    /// tree that needs more reduced cost than this is no such improvement. Negative: there is none.
    pub fn slack(self, problem: &Rooted, lower: i64, target: i64) -> i64 {
        let (cost, prize) = (i128::from(self.cost), i128::from(self.prize));
        let (open, target) = (i128::from(problem.open_prize()), i128::from(target));
        let most = match problem.goal {
            Goal::MostPrize { budget } => cost * i128::from(budget) + prize * (open - target),
            Goal::LeastCost { at_least } => cost * target + prize * (open - i128::from(at_least)),
            Goal::LeastLoss => cost * (target - i128::from(problem.missed)),
        };
        narrow(most - i128::from(lower))
    }
}

impl Rooted {
    /// The problem of least `S cost + M missed`: what a price makes of a budget or a quota.
    #[must_use]
    pub fn priced(&self, price: Price) -> Self {
        Self {
            cost: self.cost.iter().map(|cost| price.cost * cost).collect(),
            prize: self.prize.iter().map(|prize| price.prize * prize).collect(),
            goal: Goal::LeastLoss,
            missed: 0,
            ..self.clone()
        }
    }
}

fn narrow(value: i128) -> i64 {
    i64::try_from(value).unwrap_or(if value > 0 { i64::MAX } else { i64::MIN })
}
