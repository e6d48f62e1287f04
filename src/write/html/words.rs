//! Amounts and names in the words of a page.

use crate::status::Status;
use crate::units::{Pence, Weight};
use crate::write::summary::proofs::gap_words;
use crate::write::text::{count, gbp, one_line, separated, weight};

/// A name of a column or weight as a heading: `premises_passed` is `Premises passed`.
pub(super) fn titled(name: &str) -> String {
    let plain = one_line(name).replace('_', " ");
    let mut letters = plain.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().collect::<String>() + letters.as_str()
    })
}

/// Money to three figures: `£6.99m`, `£128k`, `£950`.
pub(super) fn short_gbp(amount: Pence) -> String {
    let sign = if amount < Pence::ZERO { "-" } else { "" };
    let pence = amount.get().unsigned_abs();
    match pence {
        0..10_000 if !pence.is_multiple_of(100) => {
            format!("{sign}£{}.{:02}", pence / 100, pence % 100)
        }
        0..1_000_000 => format!("{sign}£{}", separated(&((pence + 50) / 100).to_string())),
        _ => format!("{sign}£{}", short(pence, 100)),
    }
}

/// A short amount without noughts that say nothing, for an axis: `£2m`, `1.5k`.
pub(super) fn tick(short: &str) -> String {
    let end = short.trim_end_matches(|letter: char| letter.is_ascii_alphabetic());
    let unit = &short[end.len()..];
    match end.split_once('.') {
        Some((whole, part)) if !unit.is_empty() => {
            let part = part.trim_end_matches('0');
            let point = if part.is_empty() { "" } else { "." };
            format!("{whole}{point}{part}{unit}")
        }
        _ => short.to_owned(),
    }
}

/// How far an answer is proven, in a few words.
pub(super) const fn status(own: Status) -> &'static str {
    match own {
        Status::Optimal => "proven best",
        Status::GapReached => "within the gap asked for",
        Status::LimitReached => "stopped by a limit",
        Status::Infeasible => "no plan possible",
        Status::Unknown => "not known",
    }
}

/// A whole number to three figures: `1.93m`, `26.4k`, `950`.
pub(super) fn short_weight(amount: Weight) -> String {
    let sign = if amount < Weight::ZERO { "-" } else { "" };
    let thousandths = amount.thousandths().unsigned_abs();
    if thousandths < 10_000_000 {
        return weight(amount);
    }
    format!("{sign}{}", short(thousandths, 1000))
}

/// Three figures of a number of at least 10,000 units.
fn short(number: u64, unit: u64) -> String {
    let units = (u128::from(number) + u128::from(unit) / 2) / u128::from(unit);
    let (mut size, mut letter) = (1_000_u128, "k");
    for (next, name) in [(1_000_000, "m"), (1_000_000_000, "bn")] {
        // 999,500 and more would be rounded to 1,000k.
        if units * 1000 >= next * 1000 - next / 2 {
            (size, letter) = (next, name);
        }
    }
    // Each form is rounded from the number itself, never from another form.
    let rounded = |parts: u128| (units * parts + size / 2) / size;
    match rounded(100) {
        hundredths @ 0..1_000 => format!("{}.{:02}{letter}", hundredths / 100, hundredths % 100),
        0..=9_994 => format!("{}.{}{letter}", rounded(10) / 10, rounded(10) % 10),
        _ => format!("{}{letter}", count(usize::try_from(rounded(1)).unwrap_or(usize::MAX))),
    }
}

/// A difference in words: `{}` in what `words` makes of its size becomes `more` or `less`; `None` for none.
pub(super) fn more_or_less(difference: i64, words: impl Fn(i64) -> String) -> Option<String> {
    let size = difference.checked_abs().unwrap_or(i64::MAX);
    let which = if difference < 0 { "less" } else { "more" };
    (difference != 0).then(|| words(size).replace("{}", which))
}

/// A share in per cent with two decimals, rounded up.
pub(super) fn share(share: f64) -> String {
    gap_words(share)
}

/// Money between two bounds: `£10 to £20`, `under £1`.
pub(super) fn between(from: Pence, to: Pence) -> String {
    let plain = |amount: Pence| gbp(amount).trim_end_matches(".00").to_owned();
    if from == Pence::ZERO {
        return format!("under {}", plain(to));
    }
    format!("{} to {}", plain(from), plain(to))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_have_three_figures() {
        let money = |pence| short_gbp(Pence::new(pence));
        assert_eq!(money(0), "£0");
        assert_eq!(money(1_250), "£12.50");
        assert_eq!(money(95_000), "£950");
        assert_eq!(money(331_499), "£3,315");
        assert_eq!(money(999_999), "£10,000");
        assert_eq!(
            [tick("£2.00m"), tick("1.50k"), tick("£0"), tick("9,120")],
            ["£2m", "1.5k", "£0", "9,120"]
        );
        assert_eq!(money(1_234_500), "£12.3k");
        assert_eq!(money(12_850_182), "£129k");
        assert_eq!(money(699_123_456), "£6.99m");
        assert_eq!(money(-699_123_456), "-£6.99m");
        assert_eq!(money(39_000_000_000), "£390m");
        assert_eq!(money(99_960_000), "£1.00m");
        assert_eq!(short_weight(Weight::from_thousandths(1_931_779_000)), "1.93m");
        assert_eq!(short_weight(Weight::from_thousandths(9_120_000)), "9,120");
        assert_eq!(titled("premises_passed"), "Premises passed");
        assert_eq!(between(Pence::ZERO, Pence::new(100)), "under £1");
        assert_eq!(between(Pence::new(50), Pence::new(100)), "£0.50 to £1");
    }
}
