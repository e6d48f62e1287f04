//! Prices of one year over those of another.

use std::fmt;

use serde::Serialize;

use crate::units::Pence;

/// What a price of the rate card is multiplied by, in millionths.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Ord, PartialOrd, Serialize)]
#[serde(transparent)]
pub struct PriceLevel(u32);

impl PriceLevel {
    /// Prices as they are.
    pub const ONE: Self = Self(1_000_000);
    /// The highest there may be: ten times as dear.
    pub const HIGHEST: Self = Self(10_000_000);

    /// A level in millionths.
    #[must_use]
    pub const fn from_millionths(millionths: u32) -> Self {
        Self(millionths)
    }

    /// Its millionths.
    #[must_use]
    pub const fn millionths(self) -> u32 {
        self.0
    }

    /// Whether it leaves every price as it is.
    #[must_use]
    pub fn is_one(&self) -> bool {
        *self == Self::ONE
    }

    /// A price at this level, rounded half up to a penny: a dearer thing never costs less at one level, and a thing
    /// never costs less at a higher level.
    ///
    /// ```
    /// use fibreplan::model::PriceLevel;
    /// use fibreplan::units::Pence;
    /// let level = PriceLevel::from_millionths(1_035_000);
    /// assert_eq!(level.of(Pence::new(1_000)), Pence::new(1_035));
    /// assert_eq!(level.of(Pence::new(10)), Pence::new(10));
    /// ```
    #[must_use]
    pub fn of(self, price: Pence) -> Pence {
        if self.is_one() {
            return price;
        }
        let raised = i128::from(price.get()) * i128::from(self.0);
        let one = i128::from(Self::ONE.0);
        // What all things cost at the highest level is counted before anything is priced (R104).
        Pence::new(i64::try_from((2 * raised + one).div_euclid(2 * one)).unwrap_or(i64::MAX))
    }
}

impl Default for PriceLevel {
    fn default() -> Self {
        Self::ONE
    }
}

impl fmt::Display for PriceLevel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = format!("{}.{:06}", self.0 / 1_000_000, self.0 % 1_000_000);
        f.write_str(text.trim_end_matches('0').trim_end_matches('.'))
    }
}
