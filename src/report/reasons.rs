//! Words for the codes that say why a site is left out.

use crate::plan::LeftOut;

/// What a code of the range U300-399 means, as a clause.
#[must_use]
pub fn meaning(code: &str) -> &'static str {
    match code {
        "U301" => "no programme may pay for it",
        "U302" => "a value that decides its eligibility is missing",
        "U310" => "no route leads to an exchange",
        "U311" => "every route is longer than the rules allow",
        "U312" => "it lies too far from every span to be joined",
        "U320" => "every exchange in reach is full",
        "U330" => "the rules forbid it",
        "U340" => "caps or intervention rates leave part of its cost unpaid",
        "U350" => "the money of a programme is used up",
        "U360" => "the money covers more elsewhere",
        "U390" => "it has fibre already",
        _ => "no reason is recorded",
    }
}

/// Why a site is left out, with the numbers behind it: `no route leads to an exchange (nearest_m 812)`.
#[must_use]
pub fn reason(left_out: &LeftOut) -> String {
    let mut text = meaning(&left_out.code).to_owned();
    if !left_out.numbers.is_empty() {
        let numbers = left_out.numbers.iter().map(|(name, value)| match value {
            serde_json::Value::String(word) => format!("{name} {word}"),
            other => format!("{name} {other}"),
        });
        text = format!("{text} ({})", numbers.collect::<Vec<_>>().join(", "));
    }
    text
}
