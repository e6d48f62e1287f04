//! A list of objectives as one prize: the first counts most, the next decides among equals, and so on.
//!
//! In: by objective, what each building brings. Out: a whole number for each building, such that more of an
//! earlier objective always beats any amount of the later ones; and back again, for trees and for bounds.

use crate::engine::divisor;
use crate::joint::PrizeUnit;

/// The most that prizes may add up to; the engine's own limit is 2^60, and buildings without weight need
/// tokens.
const MOST: i128 = 1 << 44;

/// The most that worths may add up to, in thousandths of a penny.
const MOST_WORTH: i128 = 1 << 58;

/// How prizes are made from a list of objectives, or from what their weights are worth.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Scale {
    parts: Vec<Part>,
    worth: Option<Worth>,
}

/// Prizes that are worths in money, from which the cost is taken off.
#[derive(Clone, Debug, Eq, PartialEq)]
struct Worth {
    /// Pence a unit, by weight.
    per_unit: Vec<i64>,
    /// Thousandths of a penny that are one unit of prize.
    grain: i64,
}

/// How many thousandths of a penny make a penny.
const PENNY: i64 = 1000;

/// One objective in a prize.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
struct Part {
    /// Thousandths that are one step of this objective.
    grain: i64,
    /// What a step counts in the prize.
    unit: i64,
}

impl Scale {
    /// The scale for lists of what buildings bring, one list an objective, first first. A single objective
    /// is its own prize. Later objectives that no longer fit in whole numbers are left out.
    #[must_use]
    pub fn new(lists: &[Vec<i64>]) -> Self {
        if lists.len() < 2 {
            return Self { parts: vec![Part { grain: 1, unit: 1 }], worth: None };
        }
        let grains = lists.iter().map(|list| list.iter().copied().fold(0, divisor).max(1));
        let steps = lists.iter().zip(grains).map(|(list, grain)| {
            let total: i128 = list.iter().map(|&own| i128::from(own / grain)).sum();
            (grain, total)
        });
        let steps: Vec<(i64, i128)> = steps.collect();
        let fits = |count: &usize| {
            let size = |&(_, total): &(i64, i128)| total + 1;
            let product = steps[..*count].iter().map(size);
            product.fold(1_i128, i128::saturating_mul) < MOST
        };
        let count = (1..=lists.len()).rev().find(fits).unwrap_or(1);
        // The product of the sizes is below the most, so nothing that is used is cut here.
        let mut unit: i64 = 1;
        let mut parts = Vec::new();
        for &(grain, total) in steps[..count].iter().rev() {
            parts.push(Part { grain, unit });
            unit = unit.saturating_mul(i64::try_from(total + 1).unwrap_or(i64::MAX));
        }
        parts.reverse();
        Self { parts, worth: None }
    }

    /// The scale for weights worth so many pence a unit, and lists of what buildings bring, one list a
    /// weight: prizes are money, in whole pence where nothing finer is needed. `None` where all worths
    /// together are more than can be counted.
    #[must_use]
    pub fn of_worth(per_unit: Vec<i64>, lists: &[Vec<i64>]) -> Option<Self> {
        let exact = Worth { per_unit, grain: 1 };
        let buildings = lists.first().map_or(0, Vec::len);
        let worths = (0..buildings).map(|at| {
            let brings: Vec<i64> = lists.iter().map(|list| list[at]).collect();
            exact.thousandths_of_a_penny(&brings)
        });
        let worths: Vec<i128> = worths.collect();
        if worths.iter().sum::<i128>() > MOST_WORTH {
            return None;
        }
        let whole = |worth: &i128| i64::try_from(*worth).ok();
        let worths: Vec<i64> = worths.iter().map(whole).collect::<Option<_>>()?;
        let grain = worths.into_iter().fold(PENNY, divisor);
        Some(Self { parts: Vec::new(), worth: Some(Worth { grain, ..exact }) })
    }

    /// How much prize a penny of cost takes off: 0 where the cost is no part of the objective.
    #[must_use]
    pub fn charge(&self) -> i64 {
        self.worth.as_ref().map_or(0, |worth| PENNY / worth.grain)
    }

    /// A prize less the charge for a cost as pence, rounded down; `None` where prizes are no money.
    #[must_use]
    pub fn net_pence(&self, net: i64) -> Option<i64> {
        let worth = self.worth.as_ref()?;
        Some(net.div_euclid(PENNY / worth.grain))
    }

    /// How many of the objectives are in a prize.
    #[must_use]
    pub fn objectives(&self) -> usize {
        self.worth.as_ref().map_or(self.parts.len(), |worth| worth.per_unit.len())
    }

    /// The prize of a building from what it brings, in thousandths, by objective.
    #[must_use]
    pub fn prize(&self, brings: &[i64]) -> i64 {
        let prize = if let Some(worth) = &self.worth {
            worth.thousandths_of_a_penny(brings) / i128::from(worth.grain)
        } else {
            let prize =
                |(part, own): (&Part, &i64)| i128::from(own / part.grain) * i128::from(part.unit);
            self.parts.iter().zip(brings).map(prize).sum()
        };
        // The question refuses prizes that add up to so much.
        i64::try_from(prize).unwrap_or(i64::MAX)
    }

    /// The first objective of a prize or a sum of prizes, in thousandths: of its unit, or of a pound.
    #[must_use]
    pub fn first(&self, prize: i64) -> i64 {
        self.unit().of(prize)
    }

    /// What the first objective of a prize is in its own unit, or in pounds.
    pub(crate) fn unit(&self) -> PrizeUnit {
        match (&self.worth, self.parts.first()) {
            (Some(worth), _) => PrizeUnit { step: PENNY / worth.grain, thousandths: 10 },
            (None, Some(first)) => PrizeUnit { step: first.unit, thousandths: first.grain },
            (None, None) => PrizeUnit::THOUSANDTHS,
        }
    }

    /// Every objective of a prize or a sum of prizes, in thousandths. Of a bound: each is one on its
    /// objective among plans that reach the bounds of those before it.
    #[must_use]
    pub fn all(&self, prize: i64) -> Vec<i64> {
        let mut rest = prize;
        let each = |part: &Part| {
            let steps = rest.div_euclid(part.unit);
            rest -= steps * part.unit;
            steps.saturating_mul(part.grain)
        };
        self.parts.iter().map(each).collect()
    }
}

impl Worth {
    fn thousandths_of_a_penny(&self, brings: &[i64]) -> i128 {
        let worths = self.per_unit.iter().zip(brings);
        worths.map(|(each, own)| i128::from(*each) * i128::from(*own)).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Random;

    #[test]
    fn earlier_objectives_beat_any_amount_of_later_ones() {
        let mut random = Random::new(7);
        for _ in 0..500 {
            let lists: Vec<Vec<i64>> = (0..=random.place(3))
                .map(|_| (0..6).map(|_| random.between(0, 40) * 500).collect())
                .collect();
            let scale = Scale::new(&lists);
            assert_eq!(scale.objectives(), lists.len());
            let sums = |random: &mut Random| {
                let held: Vec<usize> = (0..6).filter(|_| random.one_in(2)).collect();
                let list: Vec<i64> =
                    lists.iter().map(|list| held.iter().map(|&at| list[at]).sum()).collect();
                let brings = |at: usize| lists.iter().map(|list| list[at]).collect::<Vec<_>>();
                let prize: i64 = held.iter().map(|&at| scale.prize(&brings(at))).sum();
                (list, prize)
            };
            let (one, prize) = sums(&mut random);
            let (other, other_prize) = sums(&mut random);
            assert_eq!(scale.all(prize), one);
            assert_eq!(scale.first(prize), one[0]);
            assert_eq!(prize.cmp(&other_prize), one.cmp(&other));
        }
    }

    #[test]
    fn worths_are_exact_and_in_pence_where_they_can_be() {
        let whole = Scale::of_worth(vec![250, 99], &[vec![2000, 0], vec![1000, 3000]]).unwrap();
        assert_eq!((whole.charge(), whole.prize(&[2000, 1000]), whole.objectives()), (1, 599, 2));
        let fine = Scale::of_worth(vec![3], &[vec![500, 1000]]).unwrap();
        assert_eq!((fine.charge(), fine.prize(&[500]), fine.prize(&[1000])), (2, 3, 6));
        // Three halfpence, less a penny: half a penny, rounded down.
        assert_eq!((fine.net_pence(3 - 2), fine.net_pence(-1)), (Some(0), Some(-1)));
        assert_eq!(fine.first(5), 20);
        assert_eq!(Scale::new(&[vec![1]]).charge(), 0);
    }

    #[test]
    fn worths_that_cannot_be_counted_are_refused() {
        assert!(Scale::of_worth(vec![1 << 40], &[vec![1 << 30, 5]]).is_none());
        assert!(Scale::of_worth(vec![1 << 29], &[vec![1 << 28, 1 << 28]]).is_some());
        // Wide enough to be whole: a prize that 64 bits cannot count is no small one.
        assert_eq!(Scale::new(&[vec![1]]).prize(&[i64::MAX]), i64::MAX);
    }

    #[test]
    fn what_does_not_fit_is_left_out() {
        let scale = Scale::new(&[vec![1 << 40, 1], vec![1 << 30, 1], vec![1]]);
        assert_eq!(scale.objectives(), 1);
    }
}
