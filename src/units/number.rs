//! Numbers as tables write them: plain digits, scientific notation, thousands separators, pound signs.
//!
//! What for: one reader for every column that holds a number, so that a value which is there is read or is
//! a fault, and never counts as missing. In: the text of a cell. Out: the exact decimal, and how it was
//! written. Machine-made decimals are rounded half up to what a quantity holds, which the caller counts.
//! Settings are stricter: see [`scaled_decimal`](super::scaled_decimal).

use std::cmp::Ordering;

use super::{MAX_AMOUNT, Millimetres, Pence, QuantityError, Weight};

/// Exponents beyond this are beyond every quantity, and are refused before they are reckoned with.
const MOST_EXPONENT: i64 = 400;

/// A decimal exactly as written: `digits x 10^exponent`.
#[allow(clippy::struct_excessive_bools)] // what is read of one cell, each apart from the others
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Number {
    negative: bool,
    /// Without zeros at either end; empty for zero.
    digits: String,
    exponent: i64,
    /// It has thousands separators or a pound sign.
    pub dressed: bool,
    /// It has a pound sign.
    pub pounds: bool,
    /// It has one comma with three digits after it and no point: in a table that is not separated by
    /// commas this may be meant as a decimal comma.
    pub one_comma: bool,
}

/// A quantity of a table, and what was done to read it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Tabled<T> {
    /// The quantity.
    pub value: T,
    /// It was rounded to the decimals that the quantity holds.
    pub rounded: bool,
    /// It was written with thousands separators or a pound sign.
    pub dressed: bool,
}

impl<T> Tabled<T> {
    /// The same, of another type.
    pub fn map<U>(self, value: impl FnOnce(T) -> U) -> Tabled<U> {
        Tabled { value: value(self.value), rounded: self.rounded, dressed: self.dressed }
    }
}

impl Number {
    /// Reads the number in a cell.
    ///
    /// Thousands may be parted by commas, spaces or apostrophes, all alike and in threes (`1,025,000.50`);
    /// a pound sign or `GBP` may stand before. What could as well be a decimal comma is refused.
    ///
    /// # Errors
    ///
    /// [`QuantityError`] when the text is no number.
    ///
    /// ```
    /// use fibreplan::units::Number;
    /// let read = |text: &str| Number::read(text).unwrap();
    /// assert!(read("2.5E+01").eq_value(&read("25")));
    /// assert!(read("£1,025").eq_value(&read("1025")));
    /// assert!(Number::read("1,5").is_err());
    /// ```
    pub fn read(text: &str) -> Result<Self, QuantityError> {
        let (before, text) = sign(text.trim());
        let unpriced = text.strip_prefix('£').or_else(|| {
            let (word, rest) = text.split_at_checked(3)?;
            word.eq_ignore_ascii_case("GBP").then_some(rest)
        });
        let (after, text) = match unpriced {
            Some(rest) => sign(rest.trim_start()),
            None => (None, text),
        };
        if before.is_some() && after.is_some() {
            return Err(QuantityError::NotANumber);
        }
        let negative = before.or(after).unwrap_or(false);
        let (mantissa, power) = match text.find(['e', 'E']) {
            // A code such as E07000042 has no digits before its letter.
            Some(place) if place > 0 => (&text[..place], power(&text[place + 1..])?),
            Some(_) => return Err(QuantityError::NotANumber),
            None => (text, 0),
        };
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let grouped = !all_digits(whole);
        let whole = if grouped { ungrouped(whole, text)? } else { whole.to_owned() };
        if whole.is_empty() && fraction.is_empty() || grouped && mantissa.len() != text.len() {
            return Err(QuantityError::NotANumber);
        }
        if !all_digits(fraction) {
            return Err(no_number(text));
        }
        let fraction = fraction.trim_end_matches('0');
        let digits = whole + fraction;
        let places = i64::try_from(fraction.len()).map_err(|_| QuantityError::TooLarge)?;
        let kept = digits.trim_start_matches('0').trim_end_matches('0');
        let zeros = digits.len() - digits.trim_end_matches('0').len();
        let exponent = power - places + i64::try_from(zeros).unwrap_or(0);
        let pounds = unpriced.is_some();
        let one_comma = grouped && text.matches(',').count() == 1 && !text.contains('.');
        let (negative, exponent) = if kept.is_empty() { (false, 0) } else { (negative, exponent) };
        let digits = kept.to_owned();
        Ok(Self { negative, digits, exponent, dressed: grouped || pounds, pounds, one_comma })
    }

    /// Whether it is below zero.
    #[must_use]
    pub fn is_negative(&self) -> bool {
        self.negative
    }

    /// How two numbers compare, exactly.
    #[must_use]
    pub fn compare(&self, other: &Self) -> Ordering {
        match (self.negative, other.negative) {
            (true, false) => Ordering::Less,
            (false, true) => Ordering::Greater,
            (false, false) => self.size(other),
            (true, true) => other.size(self),
        }
    }

    /// Whether two numbers are equal, however written.
    #[must_use]
    pub fn eq_value(&self, other: &Self) -> bool {
        self.compare(other).is_eq()
    }

    fn size(&self, other: &Self) -> Ordering {
        let first = |number: &Self| {
            let length = i64::try_from(number.digits.len()).unwrap_or(i64::MAX / 2);
            (!number.digits.is_empty()).then_some(length + number.exponent)
        };
        first(self).cmp(&first(other)).then_with(|| self.digits.cmp(&other.digits))
    }

    /// The nearest floating-point number.
    #[must_use]
    pub fn to_f64(&self) -> f64 {
        let digits = if self.digits.is_empty() { "0" } else { &self.digits };
        let sign = if self.negative { "-" } else { "" };
        // Digits with an exponent are always a floating-point number.
        format!("{sign}{digits}e{}", self.exponent).parse().unwrap_or(f64::NAN)
    }

    /// The number in units of `10^-places`, rounded half up (away from zero), and whether that changed it.
    ///
    /// # Errors
    ///
    /// [`QuantityError::TooLarge`] when it does not fit.
    pub fn scaled(&self, places: u32) -> Result<(i64, bool), QuantityError> {
        let shift = self.exponent + i64::from(places);
        let length = i64::try_from(self.digits.len()).map_err(|_| QuantityError::TooLarge)?;
        if length + shift > 19 {
            return Err(QuantityError::TooLarge);
        }
        let kept = usize::try_from((length + shift.min(0)).max(0)).unwrap_or(0);
        let zeros = usize::try_from(shift.max(0)).unwrap_or(0);
        let mut value: i64 = 0;
        for byte in self.digits.bytes().take(kept).chain(std::iter::repeat_n(b'0', zeros)) {
            value = value
                .checked_mul(10)
                .and_then(|tenfold| tenfold.checked_add(i64::from(byte - b'0')))
                .ok_or(QuantityError::TooLarge)?;
        }
        let rounded = shift < 0 && !self.digits.is_empty();
        // What is dropped begins with the digit after those kept, or with zeros where it lies farther off.
        let next = self.digits.as_bytes().get(kept).filter(|_| length + shift >= 0);
        if rounded && next.is_some_and(|&byte| byte >= b'5') {
            value = value.checked_add(1).ok_or(QuantityError::TooLarge)?;
        }
        Ok((if self.negative { -value } else { value }, rounded))
    }

    /// A quantity of zero or more in units of `10^-places`.
    fn quantity(text: &str, places: u32, priced: bool) -> Result<Tabled<i64>, QuantityError> {
        let number = Self::read(text)?;
        if number.negative {
            return Err(QuantityError::Negative);
        }
        if number.pounds && !priced {
            return Err(QuantityError::PoundSign);
        }
        let (value, rounded) = number.scaled(places)?;
        Ok(Tabled { value, rounded, dressed: number.dressed })
    }

    /// A whole number, which is never rounded.
    ///
    /// # Errors
    ///
    /// [`QuantityError`] when it is none, or does not fit.
    pub fn whole(text: &str) -> Result<Tabled<i64>, QuantityError> {
        let number = Self::read(text)?;
        if number.pounds {
            return Err(QuantityError::PoundSign);
        }
        match number.scaled(0)? {
            (value, false) => Ok(Tabled { value, rounded: false, dressed: number.dressed }),
            (_, true) => Err(QuantityError::TooManyDecimals(0)),
        }
    }

    /// A whole number of zero or more that fits 32 bits.
    ///
    /// # Errors
    ///
    /// As [`whole`](Self::whole), or when negative.
    pub fn count(text: &str) -> Result<Tabled<u32>, QuantityError> {
        let whole = Self::whole(text)?;
        if whole.value < 0 {
            return Err(QuantityError::Negative);
        }
        let value = u32::try_from(whole.value).map_err(|_| QuantityError::TooLarge)?;
        Ok(whole.map(|_| value))
    }
}

impl Pence {
    /// Reads pounds of a table, rounded half up to a penny.
    ///
    /// # Errors
    ///
    /// [`QuantityError`] as [`Number::read`], or when negative or above [`MAX_AMOUNT`].
    pub fn from_table(text: &str) -> Result<Tabled<Self>, QuantityError> {
        let amount = Number::quantity(text, 2, true)?.map(Self::new);
        if amount.value > MAX_AMOUNT { Err(QuantityError::TooLarge) } else { Ok(amount) }
    }
}

impl Millimetres {
    /// Reads metres of a table, rounded half up to a millimetre.
    ///
    /// # Errors
    ///
    /// [`QuantityError`] as [`Number::read`], or when negative.
    pub fn from_table(text: &str) -> Result<Tabled<Self>, QuantityError> {
        Ok(Number::quantity(text, 3, false)?.map(|value| Self::new(value.unsigned_abs())))
    }
}

impl Weight {
    /// Reads a weight of a table, rounded half up to a thousandth.
    ///
    /// # Errors
    ///
    /// [`QuantityError`] as [`Number::read`], or when negative or above 10^12 units.
    pub fn from_table(text: &str) -> Result<Tabled<Self>, QuantityError> {
        let weight = Number::quantity(text, 3, true)?;
        if weight.value > super::MAX_WEIGHT {
            return Err(QuantityError::TooLarge);
        }
        Ok(weight.map(Self::from_thousandths))
    }
}

/// The sign before a number, and what follows it.
fn sign(text: &str) -> (Option<bool>, &str) {
    match text.strip_prefix(['-', '\u{2212}']) {
        Some(rest) => (Some(true), rest),
        None => text.strip_prefix('+').map_or((None, text), |rest| (Some(false), rest)),
    }
}

/// The power of ten after an `e`.
fn power(text: &str) -> Result<i64, QuantityError> {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    if digits.is_empty() || !all_digits(digits) {
        return Err(QuantityError::NotANumber);
    }
    let power = text.parse::<i64>().map_err(|_| QuantityError::TooLarge)?;
    if power.abs() > MOST_EXPONENT { Err(QuantityError::TooLarge) } else { Ok(power) }
}

fn all_digits(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}

/// The digits of a whole part whose thousands are parted; `text` is the whole number.
fn ungrouped(whole: &str, text: &str) -> Result<String, QuantityError> {
    let separators = [',', ' ', '\u{a0}', '\u{2009}', '\u{202f}', '\'', '’'];
    let separator = whole.chars().find(|letter| separators.contains(letter));
    let separator = separator.ok_or_else(|| no_number(text))?;
    let groups: Vec<&str> = whole.split(separator).collect();
    let head = groups.first().copied().unwrap_or_default();
    let headed = (1..=3).contains(&head.len()) && all_digits(head) && !head.starts_with('0');
    if headed && groups[1..].iter().all(|group| group.len() == 3 && all_digits(group)) {
        Ok(groups.concat())
    } else {
        Err(no_number(text))
    }
}

/// Why a text is no number: perhaps a decimal comma.
fn no_number(text: &str) -> QuantityError {
    let commas = text.contains(',');
    let rest = text.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b',' | b'.'));
    if commas && rest { QuantityError::Comma } else { QuantityError::NotANumber }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scaled(text: &str, places: u32) -> Result<(i64, bool), QuantityError> {
        Number::read(text).and_then(|number| number.scaled(places))
    }

    #[test]
    fn numbers_are_read_as_people_and_machines_write_them() {
        for (text, thousandths) in [
            ("0", 0),
            ("-0.000", 0),
            ("25", 25_000),
            (" 2.5E+01 ", 25_000),
            ("250e-1", 25_000),
            ("1,025", 1_025_000),
            ("1,025,000.5", 1_025_000_500),
            ("1 025", 1_025_000),
            ("1\u{a0}025", 1_025_000),
            ("1'025", 1_025_000),
            ("£1,025.50", 1_025_500),
            ("-£3", -3_000),
            ("GBP 12", 12_000),
            ("\u{2212}7", -7_000),
            (".5", 500),
            ("5.", 5_000),
            ("0e999", 0),
        ] {
            let expected = if text == "0e999" {
                Err(QuantityError::TooLarge)
            } else {
                Ok((thousandths, false))
            };
            assert_eq!(scaled(text, 3), expected, "{text}");
        }
    }

    #[test]
    fn what_is_ambiguous_or_no_number_is_refused() {
        for text in ["1,5", "0,025", "1,02,500", "1.025,50", "1,0255", ",5", "1,025,", "12,34"] {
            assert_eq!(Number::read(text), Err(QuantityError::Comma), "{text}");
        }
        for text in [
            "", "-", ".", "e5", "1e", "1e1.5", "nan", "inf", "0x10", "£", "--1", "-£-1", "1,025e3",
            "25%", "1 02", "1_000", "١٢", "12m", "(5)",
        ] {
            assert_eq!(Number::read(text), Err(QuantityError::NotANumber), "{text}");
        }
        assert_eq!(Millimetres::from_table("£5"), Err(QuantityError::PoundSign));
        assert_eq!(Number::count("12.5"), Err(QuantityError::TooManyDecimals(0)));
        assert_eq!(Number::count("-1"), Err(QuantityError::Negative));
    }

    #[test]
    fn machine_made_decimals_are_rounded_half_up() {
        assert_eq!(scaled("676.4443512345678", 3), Ok((676_444, true)));
        assert_eq!(scaled("0.0005", 3), Ok((1, true)));
        assert_eq!(scaled("0.00049999", 3), Ok((0, true)));
        assert_eq!(scaled("0.00009", 3), Ok((0, true)));
        assert_eq!(scaled("9.9995", 3), Ok((10_000, true)));
        assert_eq!(scaled("1e-300", 3), Ok((0, true)));
        assert_eq!(scaled("1.500", 1), Ok((15, false)));
        assert_eq!(scaled("9223372036854775807", 0), Ok((i64::MAX, false)));
        assert_eq!(scaled("9223372036854775808", 0), Err(QuantityError::TooLarge));
        assert_eq!(scaled("1e300", 3), Err(QuantityError::TooLarge));
        let pence = Pence::from_table("£1,025.005").unwrap();
        assert_eq!((pence.value, pence.rounded, pence.dressed), (Pence::new(102_501), true, true));
        assert_eq!(Weight::from_table("1e12").unwrap().value.thousandths(), 1_000_000_000_000_000);
        assert_eq!(Weight::from_table("1e12.5"), Err(QuantityError::NotANumber));
    }

    #[test]
    fn numbers_compare_exactly() {
        let order = |a: &str, b: &str| Number::read(a).unwrap().compare(&Number::read(b).unwrap());
        for (less, more) in [
            ("29.9999999999999", "30"),
            ("-30", "-29.5"),
            ("-1", "0"),
            ("0", "1e-12"),
            ("9", "1e1"),
            ("1,025", "1025.0000000001"),
        ] {
            assert_eq!(order(less, more), Ordering::Less, "{less} {more}");
            assert_eq!(order(more, less), Ordering::Greater, "{more} {less}");
        }
        assert_eq!(order("2.50E+01", "25.0"), Ordering::Equal);
        assert_eq!(order("-0", "0"), Ordering::Equal);
    }

    #[test]
    fn floating_point_numbers_are_the_nearest() {
        for text in ["-2.829643", "1e-9", "0", "412345.123456789"] {
            assert_eq!(
                Number::read(text).unwrap().to_f64().to_string(),
                text.parse::<f64>().unwrap().to_string()
            );
        }
    }
}
