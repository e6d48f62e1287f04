//! Prizes moved towards floors and away from quotas: the Lagrangian of rules that count sites or weight,
//! and of the money where the cost is part of the objective.
//!
//! What for: the engine knows neither, so its bound ignores them. In: multipliers, one a limit. Out: an
//! instance from whose bound one follows that holds for every plan that keeps the limits; and which
//! multipliers to try next. Poor multipliers make the bound weak, never wrong.
//!
//! Method: with `a >= y w` a plan above a floor `L` has `p x = (p + a) x - a x <= (p + a) x - y L`; with
//! `a <= y w` one below a quota `Q` has `p x = (p - a) x + a x <= (p - a) x + y Q`. So amounts may be
//! rounded to the unit of the prizes, up or down. Where each penny of the cost `c x` takes off the charge
//! `h`, a plan within the budget `B` has `(p - h c) x <= p x - (h + y) c x + y B` for any `y >= 0`: the
//! prize-collecting Steiner tree for costs times `h + y`.

use crate::engine::{Goal, Instance, divisor};
use crate::joint::constraints::{Constraints, Limit};
use crate::joint::forest::Forest;
use crate::joint::problem::JointProblem;

/// Multipliers as whole numbers of this part.
const PART: i128 = 1 << 20;
/// Costs and prizes are multiplied by at most this, so that the multiplier of money can be fine.
const FINEST: i128 = 1 << 10;
/// Their sums stay below this.
const ROOM: i128 = 1 << 59;

/// An instance with moved prizes and prices, and what its bound means.
pub struct Relaxation {
    pub instance: Instance,
    /// What is added to its bound.
    offset: i64,
    /// Where the cost is charged for.
    priced: Option<Priced>,
    /// Whether all multipliers are zero.
    straight: bool,
}

/// An instance of least loss, whose costs and prizes are multiplied.
struct Priced {
    /// By how much prizes are.
    fineness: i64,
    /// All prizes so multiplied, and the multiplier of money times the budget.
    most: i128,
}

impl Relaxation {
    /// Whether it is the question itself, without regard to any limit.
    pub fn is_straight(&self) -> bool {
        self.straight
    }

    /// No plan that keeps the limits is worth more than this, by the engine's bound on the instance.
    pub fn bound(&self, proven: i64) -> i64 {
        let Some(Priced { fineness, most }) = &self.priced else {
            // What is cut at the top is still a bound.
            return proven.saturating_add(self.offset);
        };
        let worth = (most - i128::from(proven)).div_euclid(i128::from(*fineness));
        // Where 64 bits cannot count it, no bound is known.
        i64::try_from(worth + i128::from(self.offset)).unwrap_or(i64::MAX)
    }
}

/// The search for multipliers: one limit after the other, the most broken first, by doubling and halves.
pub struct Lagrangian<'a> {
    problem: &'a JointProblem<'a>,
    limits: Vec<Multiplier<'a>>,
}

/// One side of a limit and the multipliers between which the best one lies.
struct Multiplier<'a> {
    /// What is limited; the cost where it is `None`.
    limit: Option<&'a Limit>,
    amount: i64,
    is_floor: bool,
    low: i64,
    high: Option<i64>,
    now: i64,
    first: i64,
}

impl<'a> Lagrangian<'a> {
    /// All multipliers zero.
    pub fn new(problem: &'a JointProblem<'a>, rules: &'a Constraints) -> Self {
        let mut limits = Vec::new();
        for limit in &rules.limits {
            let weight: i128 = problem.buildings().map(|b| i128::from(limit.own(b))).sum();
            let counted = problem.buildings().filter(|&b| limit.own(b) > 0);
            let prize: i128 =
                counted.map(|b| i128::from(problem.instance.prizes[b as usize])).sum();
            // Where the search for a multiplier begins; any will do.
            let first = (prize.max(1) * PART / (4 * weight.max(1))).clamp(1, 1 << 50);
            let first = i64::try_from(first).unwrap_or(1);
            let sides = [(limit.floor(), true), (limit.quota(), false)];
            for (amount, is_floor) in sides {
                let Some(amount) = amount.filter(|&amount| !is_floor || amount > 0) else {
                    continue;
                };
                let limit = Some(limit);
                let multiplier =
                    Multiplier { limit, amount, is_floor, low: 0, high: None, now: 0, first };
                limits.push(multiplier);
            }
        }
        if problem.charge() > 0 {
            // Multipliers of money are parts of the charge.
            let (amount, first) = (problem.budget(), 1 << 18);
            let money = Multiplier {
                limit: None,
                amount,
                is_floor: false,
                low: 0,
                high: None,
                now: 0,
                first,
            };
            limits.push(money);
        }
        Self { problem, limits }
    }

    /// Whether there is anything to bend.
    pub fn is_empty(&self) -> bool {
        self.limits.is_empty()
    }

    /// Learns from the best tree under the multipliers just tried, and from what it costs, and moves one of
    /// them; false where nothing is left to learn.
    pub fn learn(&mut self, forest: &Forest, cost: i64) -> bool {
        let mut broken: Option<(i128, usize)> = None;
        for (place, multiplier) in self.limits.iter_mut().enumerate() {
            let held = multiplier
                .limit
                .map_or(cost, |limit| forest.held.iter().map(|&leaf| limit.own(leaf)).sum());
            let over = if multiplier.is_floor {
                multiplier.amount - held
            } else {
                held - multiplier.amount
            };
            if over > 0 {
                multiplier.low = multiplier.low.max(multiplier.now);
            } else if multiplier.now > 0 {
                multiplier.high =
                    Some(multiplier.high.map_or(multiplier.now, |high| high.min(multiplier.now)));
            }
            // In millionths of the amount; a limit kept with slack counts where its multiplier is up.
            let slack = over < 0 && multiplier.now > 0;
            let share = i128::from(over.abs()) * 1_000_000 / i128::from(multiplier.amount.max(1));
            let moves = (over > 0 || slack) && multiplier.is_open();
            if moves && broken.is_none_or(|(worst, _)| share > worst) {
                broken = Some((share, place));
            }
        }
        let Some((_, place)) = broken else { return false };
        self.limits[place].step();
        true
    }

    /// The instance under the multipliers to try next.
    pub fn relaxation(&self) -> Option<Relaxation> {
        let mut instance = self.problem.instance.clone();
        let unit = instance.prizes.iter().copied().fold(0, divisor).max(1);
        let mut offset: i128 = 0;
        let sums =
            || self.limits.iter().filter_map(|multiplier| Some((multiplier, multiplier.limit?)));
        for (multiplier, _) in sums() {
            let whole = i128::from(multiplier.now) * i128::from(multiplier.amount);
            offset += if multiplier.is_floor {
                -whole.div_euclid(PART)
            } else {
                -(-whole).div_euclid(PART)
            };
        }
        for building in self.problem.buildings() {
            let mut prize = i128::from(instance.prizes[building as usize]);
            for (multiplier, limit) in sums() {
                let exact = i128::from(multiplier.now) * i128::from(limit.own(building));
                let unit = i128::from(unit) * PART;
                if multiplier.is_floor {
                    prize += -(-exact).div_euclid(unit) * (unit / PART);
                } else {
                    prize -= exact.div_euclid(unit) * (unit / PART);
                }
            }
            instance.prizes[building as usize] = i64::try_from(prize.max(0)).ok()?;
        }
        let priced = match self.limits.iter().find(|multiplier| multiplier.limit.is_none()) {
            Some(money) => Some(price(&mut instance, self.problem.charge(), money)?),
            None => None,
        };
        instance.validate().ok()?;
        let straight = self.limits.iter().all(|multiplier| multiplier.now == 0);
        Some(Relaxation { instance, offset: i64::try_from(offset).ok()?, priced, straight })
    }
}

/// Makes an instance one of least loss at the price of a multiplier of money.
fn price(instance: &mut Instance, charge: i64, money: &Multiplier<'_>) -> Option<Priced> {
    let charge = i128::from(charge);
    let costs: i128 = instance.edges.iter().map(|edge| i128::from(edge.cost)).sum();
    let prizes: i128 = instance.prizes.iter().map(|&prize| i128::from(prize)).sum();
    let more = |fineness: i128| fineness * charge * i128::from(money.now) / PART;
    let mut fineness = if money.now == 0 { 1 } else { FINEST };
    while fineness > 1 && costs * (fineness * charge + more(fineness)) + prizes * fineness > ROOM {
        fineness /= 2;
    }
    let factor = i64::try_from(fineness * charge + more(fineness)).ok()?;
    let fine = i64::try_from(fineness).ok()?;
    for edge in &mut instance.edges {
        edge.cost = edge.cost.checked_mul(factor)?;
    }
    for prize in &mut instance.prizes {
        *prize = prize.checked_mul(fine)?;
    }
    instance.goal = Goal::LeastLoss;
    let most = prizes * fineness + more(fineness) * i128::from(money.amount);
    Some(Priced { fineness: fine, most })
}

impl Multiplier<'_> {
    /// Whether the multiplier is not yet known to a hundredth.
    fn is_open(&self) -> bool {
        self.high.is_none_or(|high| high - self.low > (high / 100).max(1)) && self.low < 1 << 52
    }

    fn step(&mut self) {
        self.now = match self.high {
            Some(high) => i64::midpoint(self.low, high),
            None if self.low == 0 => self.first,
            None => self.low.saturating_mul(2),
        };
    }
}
