//! Exact quantities: money in whole pence, lengths in whole millimetres, weights in thousandths.
//!
//! Everything that is added up or compared is an integer, so totals agree to the penny wherever they
//! are computed. Text and floating-point numbers are turned into these types once, at the edge, and a
//! number with more decimals than the type holds is refused, or in tables rounded and counted ([`Number`]).

mod number;

mod amount;

pub use amount::Amount;

use std::fmt;
use std::iter::Sum;
use std::ops::{Add, AddAssign, Neg, Sub, SubAssign};

use serde::{Deserialize, Serialize};

pub use number::{Number, Tabled};

/// The largest single amount accepted from input: one thousand million pounds.
///
/// With it, a sum over ninety million items still fits an `i64`, so plain addition of accepted
/// amounts cannot overflow.
pub const MAX_AMOUNT: Pence = Pence(100_000_000_000);

/// The largest weight accepted from input, in thousandths: 10^12 units.
const MAX_WEIGHT: i64 = 1_000_000_000_000_000;

/// Why a text is not one of the quantities of this module.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum QuantityError {
    /// The text is not a plain decimal number.
    #[error("not a number")]
    NotANumber,
    /// The number has more decimals than the quantity holds.
    #[error("more than {0} decimals")]
    TooManyDecimals(u32),
    /// The number is negative where only zero or more makes sense.
    #[error("negative")]
    Negative,
    /// The number is too large.
    #[error("too large")]
    TooLarge,
    /// A comma stands where it parts no thousands: perhaps a decimal comma.
    #[error("a comma that does not separate thousands; the decimal point is a full stop")]
    Comma,
    /// A pound sign stands before what is no money.
    #[error("a pound sign before something that is not money")]
    PoundSign,
}

/// Reads a plain decimal (`12`, `-3.50`, `1e3` is refused) as an integer number of `10^-decimals`.
///
/// # Errors
///
/// [`QuantityError`] when the text is no plain decimal, has more significant decimals than asked
/// for, or does not fit.
///
/// ```
/// use fibreplan::units::scaled_decimal;
/// assert_eq!(scaled_decimal("12.5", 2), Ok(1250));
/// assert!(scaled_decimal("0.001", 2).is_err());
/// ```
pub fn scaled_decimal(text: &str, decimals: u32) -> Result<i64, QuantityError> {
    let text = text.trim();
    let (negative, digits) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let all_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if (whole.is_empty() && fraction.is_empty()) || !all_digits(whole) || !all_digits(fraction) {
        return Err(QuantityError::NotANumber);
    }
    let fraction = fraction.trim_end_matches('0');
    if fraction.len() > decimals as usize {
        return Err(QuantityError::TooManyDecimals(decimals));
    }
    let padding = decimals as usize - fraction.len();
    let mut value: i64 = 0;
    let zeros = std::iter::repeat_n(b'0', padding);
    for byte in whole.bytes().chain(fraction.bytes()).chain(zeros) {
        value = value
            .checked_mul(10)
            .and_then(|scaled| scaled.checked_add(i64::from(byte - b'0')))
            .ok_or(QuantityError::TooLarge)?;
    }
    Ok(if negative { -value } else { value })
}

fn not_negative(value: i64) -> Result<i64, QuantityError> {
    if value < 0 { Err(QuantityError::Negative) } else { Ok(value) }
}

/// An amount of money in whole pence.
#[derive(
    Clone, Copy, Debug, Default, Eq, PartialEq, Ord, PartialOrd, Hash, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Pence(i64);

impl Pence {
    /// No money.
    pub const ZERO: Self = Self(0);

    /// An amount of `pence`.
    #[must_use]
    pub const fn new(pence: i64) -> Self {
        Self(pence)
    }

    /// An amount of whole pounds, such as a budget written in code.
    ///
    /// # Panics
    ///
    /// When the amount exceeds ninety thousand million million pounds.
    #[must_use]
    pub const fn from_whole_pounds(pounds: i64) -> Self {
        match pounds.checked_mul(100) {
            Some(pence) => Self(pence),
            None => panic!("too many pounds"),
        }
    }

    /// The number of pence.
    #[must_use]
    pub const fn get(self) -> i64 {
        self.0
    }

    /// Reads pounds with at most two decimals; zero or more, at most [`MAX_AMOUNT`].
    ///
    /// # Errors
    ///
    /// [`QuantityError`] as [`scaled_decimal`], or when negative or above the limit.
    pub fn from_pounds(text: &str) -> Result<Self, QuantityError> {
        let amount = Self(not_negative(scaled_decimal(text, 2)?)?);
        if amount > MAX_AMOUNT { Err(QuantityError::TooLarge) } else { Ok(amount) }
    }

    /// The sum, or `None` where it does not fit.
    #[must_use]
    pub const fn checked_add(self, other: Self) -> Option<Self> {
        match self.0.checked_add(other.0) {
            Some(sum) => Some(Self(sum)),
            None => None,
        }
    }
}

/// Pounds with two decimals, without a sign or separators: `1234.50`.
impl fmt::Display for Pence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let pence = self.0.unsigned_abs();
        write!(f, "{sign}{}.{:02}", pence / 100, pence % 100)
    }
}

impl Add for Pence {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0 + other.0)
    }
}

impl AddAssign for Pence {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

impl Sub for Pence {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self(self.0 - other.0)
    }
}

impl SubAssign for Pence {
    fn sub_assign(&mut self, other: Self) {
        *self = *self - other;
    }
}

impl Neg for Pence {
    type Output = Self;
    fn neg(self) -> Self {
        Self(-self.0)
    }
}

impl Sum for Pence {
    fn sum<I: Iterator<Item = Self>>(amounts: I) -> Self {
        amounts.fold(Self::ZERO, Add::add)
    }
}

/// A length in whole millimetres.
#[derive(
    Clone, Copy, Debug, Default, Eq, PartialEq, Ord, PartialOrd, Hash, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Millimetres(u64);

impl Millimetres {
    /// No length.
    pub const ZERO: Self = Self(0);

    /// A length of `millimetres`.
    #[must_use]
    pub const fn new(millimetres: u64) -> Self {
        Self(millimetres)
    }

    /// The number of millimetres.
    #[must_use]
    pub const fn get(self) -> u64 {
        self.0
    }

    /// The nearest whole number of millimetres to a length in metres; negative or unordered lengths
    /// count as zero.
    #[must_use]
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // `as` saturates, as wanted
    pub fn from_metres(metres: f64) -> Self {
        Self((metres * 1000.0).round().max(0.0) as u64)
    }

    /// Reads metres with at most three decimals, zero or more.
    ///
    /// # Errors
    ///
    /// [`QuantityError`] as [`scaled_decimal`], or when negative.
    pub fn from_metres_text(text: &str) -> Result<Self, QuantityError> {
        not_negative(scaled_decimal(text, 3)?).map(|value| Self(value.unsigned_abs()))
    }

    /// The length in metres, for display and rough arithmetic.
    #[must_use]
    #[allow(clippy::cast_precision_loss)] // exact below 2^53 mm, nine million kilometres
    pub fn metres(self) -> f64 {
        self.0 as f64 / 1000.0
    }
}

/// Metres with three decimals: `12.345`.
impl fmt::Display for Millimetres {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{:03}", self.0 / 1000, self.0 % 1000)
    }
}

impl Add for Millimetres {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0 + other.0)
    }
}

impl Sum for Millimetres {
    fn sum<I: Iterator<Item = Self>>(lengths: I) -> Self {
        lengths.fold(Self::ZERO, Add::add)
    }
}

/// A quantity of coverage (sites, patients, ...) in thousandths.
#[derive(
    Clone, Copy, Debug, Default, Eq, PartialEq, Ord, PartialOrd, Hash, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Weight(i64);

impl Weight {
    /// Nothing.
    pub const ZERO: Self = Self(0);
    /// One whole unit: one site, one patient.
    pub const ONE: Self = Self(1000);

    /// A weight of `thousandths`.
    #[must_use]
    pub const fn from_thousandths(thousandths: i64) -> Self {
        Self(thousandths)
    }

    /// A weight of whole units.
    #[must_use]
    pub const fn from_units(units: u32) -> Self {
        Self(units as i64 * 1000)
    }

    /// The number of thousandths.
    #[must_use]
    pub const fn thousandths(self) -> i64 {
        self.0
    }

    /// Reads a decimal with at most three places, zero or more, at most 10^12 units.
    ///
    /// # Errors
    ///
    /// [`QuantityError`] as [`scaled_decimal`], or when negative or above the limit.
    pub fn from_text(text: &str) -> Result<Self, QuantityError> {
        let value = not_negative(scaled_decimal(text, 3)?)?;
        if value > MAX_WEIGHT { Err(QuantityError::TooLarge) } else { Ok(Self(value)) }
    }

    /// The weight in units, for display and ratios.
    #[must_use]
    #[allow(clippy::cast_precision_loss)] // exact below 2^53 thousandths
    pub fn units(self) -> f64 {
        self.0 as f64 / 1000.0
    }
}

/// Units with no more decimals than needed: `1250`, `0.5`.
impl fmt::Display for Weight {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let value = self.0.unsigned_abs();
        let (whole, fraction) = (value / 1000, value % 1000);
        if fraction == 0 {
            return write!(f, "{sign}{whole}");
        }
        let fraction = format!("{fraction:03}");
        write!(f, "{sign}{whole}.{}", fraction.trim_end_matches('0'))
    }
}

impl Add for Weight {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0 + other.0)
    }
}

impl AddAssign for Weight {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

impl Sub for Weight {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self(self.0 - other.0)
    }
}

impl Sum for Weight {
    fn sum<I: Iterator<Item = Self>>(weights: I) -> Self {
        weights.fold(Self::ZERO, Add::add)
    }
}

/// A price per metre, in ten-thousandths of a pound.
#[derive(
    Clone, Copy, Debug, Default, Eq, PartialEq, Ord, PartialOrd, Hash, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Rate(i64);

impl Rate {
    /// A rate of `ten_thousandths` of a pound a metre.
    #[must_use]
    pub const fn from_ten_thousandths(ten_thousandths: i64) -> Self {
        Self(ten_thousandths)
    }

    /// A rate of whole pounds a metre.
    #[must_use]
    pub const fn from_whole_pounds_per_metre(pounds: u32) -> Self {
        Self(pounds as i64 * 10_000)
    }

    /// The rate in ten-thousandths of a pound a metre.
    #[must_use]
    pub const fn ten_thousandths(self) -> i64 {
        self.0
    }

    /// Reads pounds a metre with at most four decimals; zero or more, at most one million.
    ///
    /// # Errors
    ///
    /// [`QuantityError`] as [`scaled_decimal`], or when negative or above the limit.
    pub fn from_pounds_per_metre(text: &str) -> Result<Self, QuantityError> {
        let value = not_negative(scaled_decimal(text, 4)?)?;
        if value > 10_000_000_000 { Err(QuantityError::TooLarge) } else { Ok(Self(value)) }
    }
}

/// Pounds a metre with at least two and at most four decimals: `25.00`, `12.3456`.
impl fmt::Display for Rate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let value = self.0.unsigned_abs();
        let (whole, fraction) = (value / 10_000, value % 10_000);
        let mut digits = format!("{fraction:04}");
        while digits.len() > 2 && digits.ends_with('0') {
            digits.pop();
        }
        write!(f, "{sign}{whole}.{digits}")
    }
}

/// A share between 0 and 1 in millionths: intervention rates, overheads, minimum shares.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Ord, PartialOrd, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Share(u32);

impl Share {
    /// Nothing.
    pub const ZERO: Self = Self(0);
    /// The whole.
    pub const ONE: Self = Self(1_000_000);

    /// Reads a decimal between 0 and 1 with at most six places.
    ///
    /// # Errors
    ///
    /// [`QuantityError`] as [`scaled_decimal`], or when outside 0 to 1.
    pub fn from_text(text: &str) -> Result<Self, QuantityError> {
        let value = not_negative(scaled_decimal(text, 6)?)?;
        match u32::try_from(value) {
            Ok(millionths) if millionths <= Self::ONE.0 => Ok(Self(millionths)),
            _ => Err(QuantityError::TooLarge),
        }
    }

    /// The share in millionths.
    #[must_use]
    pub const fn millionths(self) -> u32 {
        self.0
    }

    /// This share of an amount of zero or more, rounded up to a whole penny.
    #[must_use]
    pub fn of_rounded_up(self, amount: Pence) -> Pence {
        let exact = i128::from(amount.get()) * i128::from(self.0);
        Pence(narrow((exact + 999_999).div_euclid(1_000_000)))
    }

    /// This share of an amount of zero or more, rounded down to a whole penny.
    #[must_use]
    pub fn of_rounded_down(self, amount: Pence) -> Pence {
        let exact = i128::from(amount.get()) * i128::from(self.0);
        Pence(narrow(exact.div_euclid(1_000_000)))
    }
}

// A share of an i64 is no larger than the i64.
fn narrow(value: i128) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

/// A year of the programme: calendar (`2019`) or financial, April to March (`2019-20`).
#[derive(Clone, Copy, Debug, Eq, PartialEq, Ord, PartialOrd, Hash)]
pub struct Year {
    /// The calendar year in which it begins.
    pub start: u16,
    /// Whether it runs from April to March.
    pub financial: bool,
}

impl Year {
    /// Reads `2019` or `2019-20`; `None` for anything else, also when the second year does not follow.
    #[must_use]
    pub fn from_text(text: &str) -> Option<Self> {
        let four_digits = |part: &str| {
            (part.len() == 4 && part.bytes().all(|byte| byte.is_ascii_digit()))
                .then(|| part.parse::<u16>().ok())
                .flatten()
        };
        match text.split_once('-') {
            None => Some(Self { start: four_digits(text)?, financial: false }),
            Some((first, second)) => {
                let start = four_digits(first)?;
                let follows = second == format!("{:02}", (start + 1) % 100);
                follows.then_some(Self { start, financial: true })
            }
        }
    }
}

impl fmt::Display for Year {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.financial {
            write!(f, "{}-{:02}", self.start, (self.start + 1) % 100)
        } else {
            write!(f, "{}", self.start)
        }
    }
}

impl Serialize for Year {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Year {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::from_text(&text).ok_or_else(|| serde::de::Error::custom("expected 2019 or 2019-20"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_are_read_exactly_or_refused() {
        assert_eq!(scaled_decimal("0.10", 2), Ok(10));
        assert_eq!(scaled_decimal("-3", 2), Ok(-300));
        assert_eq!(scaled_decimal(".5", 1), Ok(5));
        assert_eq!(scaled_decimal("1.2300", 2), Ok(123));
        assert_eq!(scaled_decimal("1.239", 2), Err(QuantityError::TooManyDecimals(2)));
        assert_eq!(scaled_decimal("", 2), Err(QuantityError::NotANumber));
        assert_eq!(scaled_decimal(".", 2), Err(QuantityError::NotANumber));
        assert_eq!(scaled_decimal("1e3", 2), Err(QuantityError::NotANumber));
        assert_eq!(scaled_decimal("99999999999999999999", 0), Err(QuantityError::TooLarge));
    }

    #[test]
    fn money_reads_and_prints_pounds() {
        assert_eq!(Pence::from_pounds("1234.5").unwrap().to_string(), "1234.50");
        assert_eq!(Pence::new(-7).to_string(), "-0.07");
        assert_eq!(Pence::from_pounds("-1"), Err(QuantityError::Negative));
        assert_eq!(Pence::from_pounds("1000000000.01"), Err(QuantityError::TooLarge));
    }

    #[test]
    fn shares_round_as_asked() {
        let half = Share::from_text("0.5").unwrap();
        assert_eq!(half.of_rounded_up(Pence::new(101)), Pence::new(51));
        assert_eq!(half.of_rounded_down(Pence::new(101)), Pence::new(50));
        assert!(Share::from_text("1.000001").is_err());
    }

    #[test]
    fn years_are_calendar_or_financial() {
        assert_eq!(Year::from_text("2019-20").unwrap().to_string(), "2019-20");
        assert_eq!(Year::from_text("1999-00").unwrap().to_string(), "1999-00");
        assert_eq!(Year::from_text("2019-21"), None);
        assert_eq!(Year::from_text("2019").unwrap().start, 2019);
        assert_eq!(Year::from_text("19"), None);
    }

    #[test]
    fn weights_and_rates_print_what_is_needed() {
        assert_eq!(Weight::from_text("12.50").unwrap().to_string(), "12.5");
        assert_eq!(Weight::ONE.to_string(), "1");
        assert_eq!(Rate::from_pounds_per_metre("25").unwrap().to_string(), "25.00");
        assert_eq!(Rate::from_pounds_per_metre("0.1234").unwrap().to_string(), "0.1234");
    }
}
