//! Plain text at most 100 columns wide: numbers with separators, paragraphs and tables.

use crate::text::{plain, short};
use crate::units::{Millimetres, Pence, Weight};

/// The widest line.
pub(super) const WIDTH: usize = 100;

/// Pounds with thousands separators: `£1,234.50`, `-£3.00`.
pub(super) fn gbp(amount: Pence) -> String {
    let decimal = separated(&amount.to_string());
    match decimal.strip_prefix('-') {
        Some(size) => format!("-£{size}"),
        None => format!("£{decimal}"),
    }
}

/// An amount without the currency, for columns headed by it.
pub(super) fn amount(amount: Pence) -> String {
    separated(&amount.to_string())
}

/// A length in metres to a tenth: nobody digs to the millimetre.
pub(super) fn metres(length: Millimetres) -> String {
    let tenths = (i128::from(length.get()) + 50).div_euclid(100);
    let (sign, size) = (if tenths < 0 { "-" } else { "" }, tenths.unsigned_abs());
    separated(&format!("{sign}{}.{}", size / 10, size % 10))
}

/// An amount in whole pounds, for columns headed by the currency that are too narrow for pence.
pub(super) fn whole_pounds(amount: Pence) -> String {
    separated(&(i128::from(amount.get()) + 50).div_euclid(100).to_string())
}

pub(super) fn weight(weight: Weight) -> String {
    separated(&weight.to_string())
}

pub(super) fn count(number: usize) -> String {
    separated(&number.to_string())
}

/// `1 site`, `2 sites`.
pub(super) fn counted(number: usize, noun: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{} {noun}{plural}", count(number))
}

/// Commas between the thousands of a decimal.
pub(super) fn separated(decimal: &str) -> String {
    let (sign, rest) = decimal.strip_prefix('-').map_or(("", decimal), |rest| ("-", rest));
    let (whole, fraction) = rest.split_once('.').map_or((rest, None), |(a, b)| (a, Some(b)));
    let mut text = String::from(sign);
    for (place, digit) in whole.chars().enumerate() {
        if place > 0 && (whole.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    if let Some(fraction) = fraction {
        text.push('.');
        text.push_str(fraction);
    }
    text
}

/// The most characters of a name or id in a text for people.
const NAME: usize = 120;

/// A user's name or id on one line: see [`short`].
pub(super) fn one_line(text: &str) -> String {
    short(text, NAME).into_owned()
}

/// A paragraph wrapped at [`WIDTH`]; the first line begins with `first`, the others with as many
/// spaces. A word longer than a line is broken.
pub(super) fn paragraph(first: &str, text: &str) -> String {
    let indent = first.chars().count();
    let room = WIDTH - indent;
    let mut lines = vec![String::new()];
    for word in plain(text).split_whitespace() {
        let letters: Vec<char> = word.chars().collect();
        for piece in letters.chunks(room) {
            let last = lines.last().map_or(0, |line| line.chars().count());
            if last > 0 && last + 1 + piece.len() > room {
                lines.push(String::new());
            }
            if let Some(line) = lines.last_mut() {
                if !line.is_empty() {
                    line.push(' ');
                }
                line.extend(piece);
            }
        }
    }
    let mut text = String::new();
    for (place, line) in lines.iter().enumerate() {
        let start = if place == 0 { first.to_owned() } else { " ".repeat(indent) };
        text.push_str((start + line).trim_end());
        text.push('\n');
    }
    text
}

/// A table with its first column to the left and the others to the right, two spaces between.
///
/// Long labels and cells are cut; a table wider than [`WIDTH`] even so is set as several, each with the labels.
pub(super) fn table(header: &[&str], rows: &[Vec<String>]) -> String {
    const LABEL: usize = 30;
    // Beside a label and the spaces between, so much is room for one.
    const CELL: usize = WIDTH - LABEL - 4;
    let shown = |cell: &str| short(cell, CELL).into_owned();
    let header: Vec<String> = header.iter().map(|title| shown(title)).collect();
    let rows: Vec<Vec<String>> =
        rows.iter().map(|row| row.iter().map(|cell| shown(cell)).collect()).collect();
    let label_width = rows.iter().map(|row| row[0].chars().count()).max().unwrap_or(0);
    let label_width = label_width.max(header[0].chars().count()).min(LABEL);
    let width_of = |column: usize| {
        let cells = rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
        cells.max(header[column].chars().count())
    };
    let mut text = String::new();
    let mut from = 1;
    while from < header.len() {
        let mut to = from;
        let mut used = 2 + label_width;
        while to < header.len() && (to == from || used + 2 + width_of(to) <= WIDTH) {
            used += 2 + width_of(to);
            to += 1;
        }
        let widths: Vec<usize> = (from..to).map(width_of).collect();
        for row in std::iter::once(&header).chain(&rows) {
            let mut line = format!("  {}", cut(&row[0], label_width));
            for (cell, width) in row[from..to].iter().zip(&widths) {
                line = format!("{line}  {cell:>width$}");
            }
            text.push_str(line.trim_end());
            text.push('\n');
        }
        from = to;
    }
    text
}

/// A text padded or cut to a width; a cut text ends with an ellipsis.
fn cut(text: &str, width: usize) -> String {
    if text.chars().count() <= width {
        return format!("{text:<width$}");
    }
    let kept: String = text.chars().take(width - 1).collect();
    kept + "…"
}

/// A cell, or a dash where there is nothing to say.
pub(super) fn or_dash(cell: Option<String>) -> String {
    cell.unwrap_or_else(|| "-".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_are_separated() {
        assert_eq!(amount(Pence::new(123)), "1.23");
        assert_eq!(amount(Pence::new(123_456_789)), "1,234,567.89");
        assert_eq!(amount(Pence::new(-100_000)), "-1,000.00");
        assert_eq!(gbp(Pence::new(-123_450)), "-£1,234.50");
        assert_eq!(weight(Weight::from_thousandths(1_234_500)), "1,234.5");
        assert_eq!(counted(1, "site"), "1 site");
        assert_eq!(metres(Millimetres::new(1_234_550)), "1,234.6");
        assert_eq!(metres(Millimetres::new(49)), "0.0");
        assert_eq!(whole_pounds(Pence::new(123_450)), "1,235");
        assert_eq!(counted(1000, "site"), "1,000 sites");
    }

    #[test]
    fn nothing_is_wider_than_the_page() {
        let long = "word ".repeat(60) + &"x".repeat(250);
        let text = paragraph("- ", &long);
        assert!(text.lines().all(|line| line.chars().count() <= WIDTH));
        assert_eq!(text.matches("word").count(), 60);
        assert_eq!(text.matches('x').count(), 250);
        let wide = vec!["Tŷ Bryn\nsurgery ".repeat(9), "9".repeat(45), "8".repeat(45), "7".into()];
        let text = table(&["name", "a", "b", "c"], &[wide]);
        assert!(text.lines().all(|line| line.chars().count() <= WIDTH), "{text}");
        for figure in ["999", "888", "7"] {
            assert!(text.contains(figure));
        }
    }
}
