//! What steps give and cost, and which of two gives more.
//!
//! What for: whoever adds, takes out or reroutes weighs prize against cost, exactly and with the same ties.

use std::cmp::Ordering;

/// What a step gives and costs; the place of its building or edge breaks ties.
#[derive(Clone, Copy, Debug)]
pub struct Gain {
    pub prize: i64,
    pub cost: i64,
    pub place: u32,
}

impl Gain {
    /// Orders two steps by prize per cost, exactly: better first; equal ones by larger prize, then by place.
    pub fn order(self, other: Self) -> Ordering {
        let left = i128::from(self.prize) * i128::from(other.cost);
        let right = i128::from(other.prize) * i128::from(self.cost);
        right.cmp(&left).then(other.prize.cmp(&self.prize)).then(self.place.cmp(&other.place))
    }
}

/// How much cost is paid for how much prize.
#[derive(Clone, Copy, Debug)]
pub struct GoingRate {
    pub cost: i64,
    pub prize: i64,
}

impl GoingRate {
    /// What a gain is worth above its cost at this rate, in products of both.
    pub fn net(self, prize: i64, cost: i64) -> i128 {
        i128::from(prize) * i128::from(self.cost) - i128::from(cost) * i128::from(self.prize)
    }
}
