//! Random numbers from a seed: the same sequence on every machine.
//!
//! What for: made-up data, restarts of a search and property tests, all of which must be repeatable.
//! In: a seed. Out: numbers. For choices, not for secrets.

/// `SplitMix64` (Steele, Lea, Flood: Fast splittable pseudorandom number generators, 2014).
#[derive(Clone, Debug)]
pub struct Random {
    state: u64,
}

impl Random {
    /// The sequence of a seed.
    #[must_use]
    pub const fn new(seed: u64) -> Self {
        Self { state: seed }
    }

    fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// A number from `low` to `high`, both included; `low` when there is none.
    pub fn between(&mut self, low: i64, high: i64) -> i64 {
        let choices = u128::from(high.saturating_sub(low).max(0).unsigned_abs()) + 1;
        let offset = (u128::from(self.next()) * choices) >> 64;
        low + i64::try_from(offset).unwrap_or(0)
    }

    /// A number from 0 to `end - 1`; 0 where `end` is 0.
    pub fn below(&mut self, end: u32) -> u32 {
        u32::try_from(self.between(0, i64::from(end) - 1)).unwrap_or(0)
    }

    /// A place in a list of `length` elements; 0 for an empty one.
    pub fn place(&mut self, length: usize) -> usize {
        let last = i64::try_from(length).unwrap_or(i64::MAX) - 1;
        usize::try_from(self.between(0, last)).unwrap_or(0)
    }

    /// One element of a list.
    ///
    /// # Panics
    /// When the list is empty.
    pub fn pick<T: Clone>(&mut self, from: &[T]) -> T {
        from[self.place(from.len())].clone()
    }

    /// Whether something happens that does so `percent` times in a hundred.
    pub fn chance(&mut self, percent: i64) -> bool {
        self.between(0, 99) < percent
    }

    /// Whether something happens that does so once in `times` times.
    pub fn one_in(&mut self, times: u32) -> bool {
        self.below(times) == 0
    }

    /// A place drawn with a chance in proportion to its weight, zero or more; `None` when all are
    /// zero.
    pub fn weighted(&mut self, weights: &[i64]) -> Option<usize> {
        let total: i64 = weights.iter().sum();
        if total == 0 {
            return None;
        }
        let mut left = self.between(0, total - 1);
        weights.iter().position(|&weight| {
            left -= weight;
            left < 0
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sequence_is_that_of_the_paper() {
        // First values of SplitMix64 from seed 0, as published with the reference code.
        let mut random = Random::new(0);
        assert_eq!(random.next(), 0xE220_A839_7B1D_CDAF);
        assert_eq!(random.next(), 0x6E78_9E6A_A1B9_65F4);
    }

    #[test]
    fn numbers_stay_within_their_range_and_reach_its_ends() {
        let mut random = Random::new(7);
        let drawn: Vec<i64> = (0..1000).map(|_| random.between(-2, 2)).collect();
        assert_eq!(drawn.iter().min(), Some(&-2));
        assert_eq!(drawn.iter().max(), Some(&2));
        assert_eq!(random.between(5, 5), 5);
        assert_eq!(random.place(0), 0);
        assert_eq!(random.below(0), 0);
        let drawn: Vec<u32> = (0..1000).map(|_| random.below(3)).collect();
        assert_eq!((drawn.iter().min(), drawn.iter().max()), (Some(&0), Some(&2)));
    }

    #[test]
    fn weights_of_zero_are_never_drawn() {
        let mut random = Random::new(7);
        assert!((0..200).all(|_| random.weighted(&[0, 3, 0, 1]).is_some_and(|at| at % 2 == 1)));
        assert_eq!(random.weighted(&[0, 0]), None);
    }
}
