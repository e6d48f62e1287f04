//! Payments while they are worked out: what each pot pays of each item.

use crate::funding::PotSet;

/// What each pot pays of each item.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct Ledger {
    pots: usize,
    paid: Vec<i64>,
}

impl Ledger {
    pub(super) fn new(items: usize, pots: usize) -> Self {
        Self { pots, paid: vec![0; items * pots] }
    }

    /// What a pot pays of an item.
    pub(super) fn of(&self, item: usize, pot: usize) -> i64 {
        self.paid[item * self.pots + pot]
    }

    pub(super) fn set(&mut self, item: usize, pot: usize, pence: i64) {
        self.paid[item * self.pots + pot] = pence;
    }

    /// The pots that pay something of an item.
    pub(super) fn payers(&self, item: usize) -> PotSet {
        PotSet::of((0..self.pots).filter(|&pot| self.of(item, pot) > 0))
    }
}
