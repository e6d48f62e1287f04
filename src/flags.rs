//! Numbers of command-line flags: one parser, one sentence when a number will not do.
//!
//! What for: every command takes the same numbers and refuses the same ones, before any work. In: the text
//! of a flag. Out: the number, or what is wanted in its place. The functions suit the `value_parser` of clap,
//! which adds the name of the flag.

use std::ops::RangeInclusive;

use crate::units::{Number, Pence, QuantityError, Year};

/// Why the text of a flag will not do: what is wanted instead.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("{wanted} is wanted{reason}")]
pub struct FlagError {
    wanted: String,
    reason: String,
}

fn wanted(wanted: impl Into<String>, reason: QuantityError) -> FlagError {
    FlagError { wanted: wanted.into(), reason: format!(" ({reason})") }
}

/// Longest time that can be asked for, in seconds: a year.
const LONGEST: f64 = 31_536_000.0;

/// A number within limits.
///
/// # Errors
///
/// When it is no number (`nan` and `inf` are none) or lies outside.
fn within(text: &str, range: RangeInclusive<f64>, sentence: &str) -> Result<f64, FlagError> {
    let number = Number::read(text).map_err(|reason| wanted(sentence, reason))?;
    let value = number.to_f64();
    if range.contains(&value) {
        return Ok(value);
    }
    let reason = if value < *range.start() { "too small" } else { "too large" };
    let reason = if number.is_negative() { "negative" } else { reason };
    Err(FlagError { wanted: sentence.to_owned(), reason: format!(" ({reason})") })
}

/// A limit in seconds, from 0 to a year.
///
/// # Errors
///
/// When it is anything else.
///
/// ```
/// use fibreplan::flags::seconds;
/// assert_eq!(seconds("2.5"), Ok(2.5));
/// assert_eq!(seconds("NaN").unwrap_err().to_string(), "a number of seconds from 0 to 31,536,000 is wanted (not a number)");
/// ```
pub fn seconds(text: &str) -> Result<f64, FlagError> {
    within(text, 0.0..=LONGEST, "a number of seconds from 0 to 31,536,000")
}

/// A share between 0 and 1, such as a gap.
///
/// # Errors
///
/// When it is anything else.
///
/// ```
/// use fibreplan::flags::share;
/// assert_eq!(share("0.05"), Ok(0.05));
/// assert!(share("5").is_err());
/// ```
pub fn share(text: &str) -> Result<f64, FlagError> {
    within(text, 0.0..=1.0, "a share between 0 and 1, such as 0.05 for 5 per cent,")
}

/// An amount in pounds with at most two decimals.
///
/// # Errors
///
/// When it is anything else, or negative, or above a thousand million pounds.
///
/// ```
/// use fibreplan::flags::pounds;
/// assert_eq!(pounds("£1,250.50").unwrap().get(), 125_050);
/// assert!(pounds("1.005").is_err());
/// ```
pub fn pounds(text: &str) -> Result<Pence, FlagError> {
    let sentence = "an amount in pounds with at most 2 decimals";
    match Pence::from_table(text) {
        Ok(amount) if !amount.rounded => Ok(amount.value),
        Ok(_) => Err(wanted(sentence, QuantityError::TooManyDecimals(2))),
        Err(reason) => Err(wanted(sentence, reason)),
    }
}

/// A parser of whole numbers within limits, of the type that the flag has.
///
/// ```
/// use fibreplan::flags::whole;
/// let points = whole::<usize>(2..=1_000);
/// assert_eq!(points("25"), Ok(25));
/// assert_eq!(points("1").unwrap_err().to_string(), "a whole number from 2 to 1000 is wanted (too small)");
/// assert!(points("2.5").is_err() && points("-3").is_err());
/// ```
pub fn whole<T: TryFrom<u64>>(
    range: RangeInclusive<u64>,
) -> impl Fn(&str) -> Result<T, FlagError> + Clone + Send + Sync + 'static {
    move |text| {
        let sentence = format!("a whole number from {} to {}", range.start(), range.end());
        let error =
            |reason: &str| FlagError { wanted: sentence.clone(), reason: format!(" ({reason})") };
        let number = match whole_number(text) {
            Ok(number) => number,
            Err(reason) => return Err(error(&reason.to_string())),
        };
        if number < *range.start() {
            return Err(error("too small"));
        }
        T::try_from(number)
            .ok()
            .filter(|_| range.contains(&number))
            .ok_or_else(|| error("too large"))
    }
}

/// A whole number of zero or more.
fn whole_number(text: &str) -> Result<u64, QuantityError> {
    // Seeds may use all 64 bits, more than quantities have.
    if let Ok(number) = text.trim().parse() {
        return Ok(number);
    }
    u64::try_from(Number::whole(text)?.value).map_err(|_| QuantityError::Negative)
}

/// A number of threads: one or more, and no more than the machine runs at once, which would not help.
///
/// # Errors
///
/// When it is no whole number of 1 or more.
pub fn threads(text: &str) -> Result<usize, FlagError> {
    let asked: u64 = whole(1..=1_000_000)(text)?;
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    Ok(usize::try_from(asked).map_or(cores, |asked| asked.min(cores)))
}

/// A year, calendar or financial.
///
/// # Errors
///
/// When it is anything else.
///
/// ```
/// use fibreplan::flags::year;
/// assert_eq!(year("2019-20").unwrap().to_string(), "2019-20");
/// assert!(year("2019-21").is_err());
/// ```
pub fn year(text: &str) -> Result<Year, FlagError> {
    let wanted =
        || FlagError { wanted: "a year such as 2019-20 or 2019".to_owned(), reason: String::new() };
    Year::from_text(text).ok_or_else(wanted)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_that_will_not_do_are_refused_with_what_is_wanted() {
        for text in ["nan", "NaN", "inf", "-inf", "-1", "1e300", "", "ten", "1,5", "0x1"] {
            assert!(seconds(text).unwrap_err().to_string().contains("seconds from 0 to"), "{text}");
            assert!(share(text).unwrap_err().to_string().contains("between 0 and 1"), "{text}");
            assert!(pounds(text).unwrap_err().to_string().contains("pounds"), "{text}");
            assert!(threads(text).unwrap_err().to_string().contains("from 1 to"), "{text}");
        }
        assert_eq!(share("1.0000001").unwrap_err().reason, " (too large)");
        assert_eq!(share("-0.1").unwrap_err().reason, " (negative)");
        assert_eq!(seconds("1e1"), Ok(10.0));
        assert_eq!(whole::<u64>(0..=u64::MAX)("18446744073709551615"), Ok(u64::MAX));
        assert!(whole::<u64>(0..=u64::MAX)("18446744073709551616").is_err());
        assert!(whole::<u32>(0..=u64::MAX)("4294967296").is_err());
    }

    #[test]
    fn threads_are_capped_to_what_helps() {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        assert_eq!(threads("1"), Ok(1));
        assert_eq!(threads("99999"), Ok(cores));
        assert!(threads("0").is_err());
    }
}
