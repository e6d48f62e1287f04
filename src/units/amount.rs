//! An amount of whatever a plan is measured by, which knows its own unit.

use std::fmt;

use crate::units::{Pence, Weight};

/// An amount of a weight, of money, or of things counted whole.
///
/// ```
/// use fibreplan::units::{Amount, Pence, Weight};
/// assert_eq!(Amount::Weight(Weight::from_thousandths(20_010_500)).to_string(), "20,010.5");
/// assert_eq!(Amount::Money(Pence::new(-123_456)).to_string(), "-£1,234.56");
/// assert_eq!(Amount::Count(8).to_string(), "8");
/// ```
#[derive(Clone, Copy, Debug, Eq, PartialEq, Hash)]
pub enum Amount {
    /// So much of a weight: patients, pupils.
    Weight(Weight),
    /// So much money.
    Money(Pence),
    /// So many: sites, premises.
    Count(i64),
}

impl Amount {
    /// So many things that were counted.
    #[must_use]
    pub fn count(number: usize) -> Self {
        // More than that cannot be held, let alone counted.
        Self::Count(i64::try_from(number).unwrap_or(i64::MAX))
    }

    /// The whole number that stands for it in `plan.json`: thousandths of a weight or count, pence of money.
    #[must_use]
    pub const fn raw(self) -> i64 {
        match self {
            Self::Weight(weight) => weight.thousandths(),
            Self::Money(pence) => pence.get(),
            Self::Count(count) => count.saturating_mul(1000),
        }
    }

    /// In its own unit, exactly, without separators or a currency: `20010.5`, `1234.56`, `8`.
    #[must_use]
    pub fn plain(self) -> String {
        match self {
            Self::Weight(weight) => weight.to_string(),
            Self::Money(pence) => pence.to_string(),
            Self::Count(count) => count.to_string(),
        }
    }

    /// Whether it is money.
    #[must_use]
    pub const fn is_money(self) -> bool {
        matches!(self, Self::Money(_))
    }
}

/// For people: thousands apart, and money in pounds.
impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let plain = self.plain();
        let (sign, digits) = match plain.strip_prefix('-') {
            Some(digits) => ("-", digits),
            None => ("", plain.as_str()),
        };
        let (whole, fraction) = digits.find('.').map_or((digits, ""), |dot| digits.split_at(dot));
        let currency = if self.is_money() { "£" } else { "" };
        write!(f, "{sign}{currency}")?;
        for (place, digit) in whole.chars().enumerate() {
            if place > 0 && (whole.len() - place) % 3 == 0 {
                f.write_str(",")?;
            }
            write!(f, "{digit}")?;
        }
        f.write_str(fraction)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_read_well_and_keep_their_number() {
        let shown = |amount: Amount| (amount.to_string(), amount.plain(), amount.raw());
        let own = |shown: &str, plain: &str, raw| (shown.to_owned(), plain.to_owned(), raw);
        assert_eq!(shown(Amount::Count(1_234_567)), own("1,234,567", "1234567", 1_234_567_000));
        assert_eq!(shown(Amount::Money(Pence::new(5))), own("£0.05", "0.05", 5));
        assert_eq!(
            shown(Amount::Money(Pence::new(-100_000))),
            own("-£1,000.00", "-1000.00", -100_000)
        );
        let weight = Amount::Weight(Weight::from_thousandths(999_001));
        assert_eq!(shown(weight), own("999.001", "999.001", 999_001));
    }
}
