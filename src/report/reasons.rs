//! Words for the codes that say why a site is left out.

use serde_json::Value;

use crate::plan::LeftOut;
use crate::text::short;
use crate::units::{Amount, Millimetres, Pence};

/// What a code of the range U300-399 means, as a clause.
#[must_use]
pub fn meaning(code: &str) -> &'static str {
    match code {
        "U301" => "no programme may pay for it",
        "U302" => "a value that decides its eligibility is missing",
        "U310" => "no route leads to an exchange",
        "U311" => "every route is longer than the rules allow",
        "U312" => "it lies too far from every span to be joined, or across a barrier",
        "U320" => "every exchange in reach is full",
        "U330" => "the rules forbid it",
        "U331" => "its group cannot be connected whole",
        "U332" => "a quota or another rule leaves no room for it",
        "U340" => "caps or intervention rates leave part of its cost unpaid",
        "U350" => "the money of a programme is used up",
        "U360" => "the money covers more elsewhere",
        "U361" => "it is worth no more than connecting it would cost",
        "U370" => "no year has room for it",
        "U371" => "it is not ready a year earlier",
        "U372" => "the year before can build no more",
        "U373" => "the money of the year before does not reach that far",
        "U374" => "a trunk that it shares is built no earlier",
        "U375" => {
            "by itself it would fit a year earlier; its group, or what brings more for its cost, decides"
        }
        "U380" => "time was up before it was looked into",
        "U390" => "it has fibre already",
        _ => "no reason is recorded",
    }
}

/// Why a site is left out, with the numbers behind it:
/// `no route leads to an exchange (nearest 812.500 m)`.
///
/// A name that ends in `_pence` is shown in pounds, one in `_mm` in metres.
#[must_use]
pub fn reason(left_out: &LeftOut) -> String {
    let meaning = meaning(left_out.code().0);
    let numbers = left_out.reason.numbers();
    if numbers.is_empty() {
        return meaning.to_owned();
    }
    let numbers = numbers.iter().map(|(name, value)| number(name, value));
    let numbers = numbers.collect::<Vec<_>>().join(", ");
    // Words among them may be columns and ids of files.
    format!("{meaning} ({})", short(&numbers, 300))
}

fn number(name: &str, value: &Value) -> String {
    let plain = |name: &str| name.replace('_', " ");
    if let (Some(stem), Some(pence)) = (name.strip_suffix("_pence"), value.as_i64()) {
        return format!("{} {}", plain(stem), Amount::Money(Pence::new(pence)));
    }
    if let (Some(stem), Some(length)) = (name.strip_suffix("_mm"), value.as_u64()) {
        return format!("{} {} m", plain(stem), Millimetres::new(length));
    }
    match value {
        Value::String(word) => format!("{} {word}", plain(name)),
        other => format!("{} {other}", plain(name)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::{ConnectionCosts, LeftOutReason};

    #[test]
    fn numbers_are_shown_in_pounds_and_metres() {
        let costs = ConnectionCosts { own: Some(Pence::new(1_250)), added: None, worth: None };
        let left = |reason| super::reason(&LeftOut::new("A", reason));
        assert_eq!(
            left(LeftOutReason::PotBinds(costs)),
            "the money of a programme is used up (own cost £12.50)"
        );
        let nearest = Some(Millimetres::new(812_500));
        let far =
            "it lies too far from every span to be joined, or across a barrier (nearest 812.500 m)";
        assert_eq!(left(LeftOutReason::TooFar { nearest }), far);
        let column = "speed".to_owned();
        assert_eq!(
            left(LeftOutReason::EligibilityUnknown { column }),
            "a value that decides its eligibility is missing (column speed)"
        );
        assert_eq!(left(LeftOutReason::HasFibre), meaning("U390"));
    }
}
