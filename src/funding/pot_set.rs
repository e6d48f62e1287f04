//! Sets of pots.
//!
//! In: places of pots. Out: a [`PotSet`], one bit a pot. It knows no money and no rules.

use crate::model::MOST_PROGRAMMES;

/// A set of pots, by their places.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, Ord, PartialOrd, Hash)]
pub struct PotSet(u64);

impl PotSet {
    /// No pot.
    pub const EMPTY: Self = Self(0);

    /// The set of some places, each below [`MOST_PROGRAMMES`].
    #[must_use]
    pub fn of(pots: impl IntoIterator<Item = usize>) -> Self {
        Self(pots.into_iter().fold(0, |set, pot| set | 1 << pot))
    }

    /// The set whose pot `p` is bit `p`.
    #[must_use]
    pub const fn from_bits(bits: u64) -> Self {
        Self(bits)
    }

    /// The set as bits: pot `p` is bit `p`.
    #[must_use]
    pub const fn bits(self) -> u64 {
        self.0
    }

    /// Whether it holds a pot.
    #[must_use]
    pub const fn holds(self, pot: usize) -> bool {
        self.0 >> pot & 1 == 1
    }

    /// Whether it holds no pot.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// How many pots it holds.
    #[must_use]
    pub const fn len(self) -> usize {
        self.0.count_ones() as usize
    }

    /// The pots of either.
    #[must_use]
    pub const fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// The pots of both.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// The pots of this and not of the other.
    #[must_use]
    pub const fn minus(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// Its pots in order.
    pub fn iter(self) -> impl Iterator<Item = usize> {
        let mut left = self.0;
        std::iter::from_fn(move || {
            let pot = left.trailing_zeros() as usize;
            left &= left.wrapping_sub(1);
            (pot < MOST_PROGRAMMES).then_some(pot)
        })
    }

    /// Its place among all sets of at most sixteen pots.
    #[allow(clippy::cast_possible_truncation)] // only asked of sets of at most sixteen pots
    pub(super) const fn place(self) -> usize {
        self.0 as usize
    }

    pub(super) const fn from_place(place: usize) -> Self {
        Self(place as u64)
    }
}
