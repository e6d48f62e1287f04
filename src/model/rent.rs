//! Rent of ducts and poles, and what it is worth today.

use serde::Serialize;

use crate::units::{Rate, Share};

/// Discount factors have this many units to one: twelve decimals.
const ONE: i128 = 1_000_000_000_000;

/// What renting a metre costs, and over how many years it is counted.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
pub struct Rent {
    /// Rent of a metre for a year, paid at the end of each year.
    pub per_year: Rate,
    /// Years that are counted.
    pub years: u32,
    /// Discount rate a year.
    pub discount: Share,
}

impl Rent {
    /// The rents of all years at their worth today, a metre: the rent times the sum of the discount
    /// factors, rounded half up to a ten-thousandth of a pound. Each factor is the one before it over one
    /// plus the rate, rounded half up to twelve decimals; the first year has one of them.
    ///
    /// ```
    /// use fibreplan::model::Rent;
    /// use fibreplan::units::{Rate, Share};
    /// let per_year = Rate::from_pounds_per_metre("0.86").unwrap();
    /// let discount = Share::from_text("0.035").unwrap();
    /// // 0.86 times 14.2124, the present worth of 1 a year for 20 years at 3.5 %.
    /// assert_eq!(Rent { per_year, years: 20, discount }.capitalised().to_string(), "12.2227");
    /// ```
    #[must_use]
    pub fn capitalised(self) -> Rate {
        let million = i128::from(Share::ONE.millionths());
        let growth = million + i128::from(self.discount.millionths());
        let (mut factor, mut sum) = (ONE, 0);
        for _ in 0..self.years {
            factor = half_up(factor * million, growth);
            sum += factor;
        }
        let worth = half_up(i128::from(self.per_year.ten_thousandths()) * sum, ONE);
        Rate::from_ten_thousandths(i64::try_from(worth).unwrap_or(i64::MAX))
    }
}

fn half_up(numerator: i128, denominator: i128) -> i128 {
    (2 * numerator + denominator).div_euclid(2 * denominator)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        #[allow(clippy::cast_precision_loss, clippy::cast_possible_wrap)]
        fn the_worth_of_rents_is_that_of_the_formula(
            rent in 0_i64..1_000_000, years in 0_u32..100, rate in 0_u32..300_000,
        ) {
            let discount = Share::from_text(&format!("0.{rate:06}")).unwrap();
            let per_year = Rate::from_ten_thousandths(rent);
            let worth = Rent { per_year, years, discount }.capitalised().ten_thousandths();
            let r = f64::from(rate) / 1e6;
            let sum = if rate == 0 { f64::from(years) } else { (1.0 - (1.0 + r).powi(-(years as i32))) / r };
            prop_assert!((worth as f64 - rent as f64 * sum).abs() < 0.6, "{}", worth);
        }
    }
}
