//! Whether pots suffice, by sets of pots: the quick test for the optimiser.
//!
//! In: what each pot has, and the cost of a plan's items by who may pay for them. Out: whether every
//! set of pots can pay what only it may pay, and the set that falls short by most. It is exact where
//! money is limited by pots and item rates alone; caps by site or group and bars need the flow.

use crate::funding::PotSet;
use crate::units::{Pence, Share};

/// The most pots for which sets are counted through.
pub const MOST_POTS: usize = 16;

/// A set of pots that cannot pay what only it may pay.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct ShortSet {
    /// The pots; empty when some item has nobody to pay for it.
    pub pots: PotSet,
    /// By how much they fall short.
    pub short: Pence,
}

/// The condition that a plan is fundable: for every set of pots, also the empty one, what the other
/// pots may not pay is no more than what these have.
#[derive(Clone, Debug)]
pub struct SetCondition {
    rates: Vec<Share>,
    whole: PotSet,
    /// Money of each set of pots.
    money: Vec<i64>,
}

/// The cost of a plan's items by who may pay for them; filled through a [`SetCondition`].
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Need {
    /// Cost of items by payers, where each payer may pay the whole item.
    by_payers: Vec<i64>,
    /// What each set of pots must pay of the other items.
    by_set: Vec<i64>,
    /// Whether `by_set` holds anything.
    rated: bool,
}

impl SetCondition {
    /// The condition for pots that have so much and may pay a limited amount of an item each; `None` for more
    /// than [`MOST_POTS`] pots.
    #[must_use]
    pub fn new(pots: &[(Pence, Share)]) -> Option<Self> {
        if pots.len() > MOST_POTS {
            return None;
        }
        let sets = 1_usize << pots.len();
        let mut money = vec![0; sets];
        for set in 1..sets {
            let pot = set.trailing_zeros() as usize;
            money[set] = money[set & (set - 1)] + pots[pot].0.get();
        }
        let rates: Vec<Share> = pots.iter().map(|pot| pot.1).collect();
        let whole = PotSet::of((0..pots.len()).filter(|&pot| rates[pot] == Share::ONE));
        Some(Self { rates, whole, money })
    }

    /// The need of a plan without items.
    #[must_use]
    pub fn nothing(&self) -> Need {
        let sets = self.money.len();
        Need { by_payers: vec![0; sets], by_set: vec![0; sets], rated: false }
    }

    /// Adds an item to a need.
    ///
    /// One step where every payer may pay it whole, else one step a set of pots.
    pub fn add(&self, need: &mut Need, payers: PotSet, cost: Pence) {
        self.change(need, payers, cost, 1);
    }

    /// Takes an item that was added out of a need.
    pub fn remove(&self, need: &mut Need, payers: PotSet, cost: Pence) {
        self.change(need, payers, cost, -1);
    }

    fn change(&self, need: &mut Need, payers: PotSet, cost: Pence, sign: i64) {
        if payers.minus(self.whole).is_empty() {
            need.by_payers[payers.place()] += sign * cost.get();
            return;
        }
        need.rated = true;
        for (set, must) in need.by_set.iter_mut().enumerate() {
            let others = payers.minus(PotSet::from_place(set));
            let ceilings = others.iter().map(|pot| self.rates[pot].of_rounded_up(cost).get());
            *must += sign * (cost.get() - ceilings.sum::<i64>()).max(0);
        }
    }

    /// The set of pots that falls short by most, the one with the fewest pots among equals; `None`
    /// when the need can be met to the penny.
    ///
    /// Pots x sets steps. Sets that fall short by most are closed under intersection, so the one with
    /// the fewest pots is unique.
    #[must_use]
    pub fn worst(&self, need: &Need) -> Option<ShortSet> {
        let mut must = need.by_payers.clone();
        // Sums over subsets: what only the pots of a set may pay.
        for pot in 0..self.rates.len() {
            for set in 0..must.len() {
                if set >> pot & 1 == 1 {
                    must[set] += must[set ^ (1 << pot)];
                }
            }
        }
        if need.rated {
            for (must, rated) in must.iter_mut().zip(&need.by_set) {
                *must += rated;
            }
        }
        let mut worst: Option<(i64, usize)> = None;
        for (set, (must, money)) in must.iter().zip(&self.money).enumerate() {
            let short = must - money;
            let better = worst.is_none_or(|(most, best)| {
                short > most || (short == most && set.count_ones() < best.count_ones())
            });
            if short > 0 && better {
                worst = Some((short, set));
            }
        }
        worst.map(|(short, set)| ShortSet {
            pots: PotSet::from_place(set),
            short: Pence::new(short),
        })
    }

    /// Whether the need can be met to the penny.
    #[must_use]
    pub fn is_met(&self, need: &Need) -> bool {
        self.worst(need).is_none()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(pots: &[usize]) -> PotSet {
        PotSet::of(pots.iter().copied())
    }

    fn condition(pots: &[i64]) -> SetCondition {
        let pots: Vec<_> = pots.iter().map(|&p| (Pence::new(p), Share::ONE)).collect();
        SetCondition::new(&pots).unwrap()
    }

    fn need(condition: &SetCondition, items: &[(&[usize], i64)]) -> Need {
        let mut need = condition.nothing();
        for &(payers, cost) in items {
            condition.add(&mut need, set(payers), Pence::new(cost));
        }
        need
    }

    #[test]
    fn a_trunk_is_shared_and_a_drop_is_not() {
        let items: &[(&[usize], i64)] = &[(&[0, 1], 100), (&[0], 10), (&[1], 20)];
        let enough = condition(&[60, 70]);
        assert!(enough.is_met(&need(&enough, items)));
        let poor = condition(&[9, 200]);
        let short = poor.worst(&need(&poor, items));
        assert_eq!(short, Some(ShortSet { pots: set(&[0]), short: Pence::new(1) }));
    }

    #[test]
    fn the_smallest_of_the_worst_sets_is_named() {
        let pots = condition(&[4, 4, 4]);
        let short = pots.worst(&need(&pots, &[(&[0, 1], 9)]));
        assert_eq!(short, Some(ShortSet { pots: set(&[0, 1]), short: Pence::new(1) }));
        let nobody = pots.worst(&need(&pots, &[(&[], 10)]));
        assert_eq!(nobody, Some(ShortSet { pots: set(&[]), short: Pence::new(10) }));
    }

    #[test]
    fn rates_are_rounded_up_to_the_penny() {
        let half = Share::from_text("0.5").unwrap();
        let pots = [(Pence::new(1000), half), (Pence::new(1000), half)];
        let pots = SetCondition::new(&pots).unwrap();
        assert!(pots.is_met(&need(&pots, &[(&[0, 1], 101)])));
        let short = pots.worst(&need(&pots, &[(&[0], 100)]));
        assert_eq!(short, Some(ShortSet { pots: set(&[]), short: Pence::new(50) }));
    }

    #[test]
    fn what_is_added_can_be_removed() {
        let half = Share::from_text("0.5").unwrap();
        let pots = [(Pence::new(10), half), (Pence::new(10), Share::ONE)];
        let pots = SetCondition::new(&pots).unwrap();
        let mut full = need(&pots, &[(&[0, 1], 7), (&[1], 3), (&[0], 5)]);
        pots.remove(&mut full, set(&[0]), Pence::new(5));
        pots.remove(&mut full, set(&[0, 1]), Pence::new(7));
        assert_eq!(full.by_payers, need(&pots, &[(&[1], 3)]).by_payers);
        assert!(full.by_set.iter().all(|&must| must == 0));
    }
}
