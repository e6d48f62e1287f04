//! Prices brought to another year and raised for optimism.
//!
//! What for: rate cards are of one year and bids turn out low; appraisals add both to every price (HM
//! Treasury, The Green Book, supplementary guidance on optimism bias). In: an index and a share. Out: raised
//! prices, each rounded once, so that everything after is exact. Rents rise by the index and the bias, too.

use serde::Serialize;

use crate::units::{Pence, Rate};

const ONE: i128 = 1_000_000;

/// By what every price is raised.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
pub struct Uplift {
    /// Prices of the year that is wanted over prices of the rate card's year, in millionths.
    pub price_index_millionths: u64,
    /// Share that is added for optimism, in millionths of the indexed price.
    pub optimism_bias_millionths: u64,
}

impl Default for Uplift {
    fn default() -> Self {
        Self { price_index_millionths: 1_000_000, optimism_bias_millionths: 0 }
    }
}

impl Uplift {
    /// Whether it leaves every price as it is.
    #[must_use]
    pub fn is_none(&self) -> bool {
        *self == Self::default()
    }

    /// A price after index and bias, rounded half up to a penny.
    ///
    /// ```
    /// use fibreplan::model::Uplift;
    /// use fibreplan::units::Pence;
    /// let uplift = Uplift { price_index_millionths: 1_050_000, optimism_bias_millionths: 200_000 };
    /// assert_eq!(uplift.of_price(Pence::new(1_000)), Pence::new(1_260));
    /// ```
    #[must_use]
    pub fn of_price(self, price: Pence) -> Pence {
        Pence::new(self.of(price.get()))
    }

    /// A rate after index and bias, rounded half up to a ten-thousandth of a pound a metre.
    #[must_use]
    pub fn of_rate(self, rate: Rate) -> Rate {
        Rate::from_ten_thousandths(self.of(rate.ten_thousandths()))
    }

    fn of(self, amount: i64) -> i64 {
        let factor = i128::from(self.price_index_millionths)
            * (ONE + i128::from(self.optimism_bias_millionths));
        let raised = i128::from(amount) * factor;
        i64::try_from((2 * raised + ONE * ONE).div_euclid(2 * ONE * ONE)).unwrap_or(i64::MAX)
    }
}
