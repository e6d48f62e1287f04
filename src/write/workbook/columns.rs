//! What sort of value a column of a sheet holds, so that it is a number where one can reckon with it.

use crate::write::grid_table::GridTable;

/// The sort of a column.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Sort {
    /// Ids, names, words.
    Text,
    /// Sentences, wrapped.
    Prose,
    /// Pounds and pence.
    Pounds,
    /// Metres, shown to a tenth.
    Metres,
    /// Counts and weights.
    Number,
    /// Degrees with seven decimals.
    Degrees,
    /// Eastings and northings in metres.
    Grid,
    /// Numbers of the user's table, shown as they are.
    Plain,
}

/// The most significant digits that a cell keeps: a spreadsheet shows no more, and a binary number holds them
/// exactly enough to give back every penny.
const DIGITS: usize = 15;

/// Columns of ours that hold counts and weights, besides those that their endings tell.
const NUMBERS: [&str; 13] = [
    "step",
    "rank",
    "plan_rank",
    "sites",
    "serves_buildings",
    "serves_sites",
    "serves_coverage",
    "buildings",
    "coverage",
    "sites_so_far",
    "coverage_so_far",
    "coverage_bound",
    "premises_so_far",
];

/// The sort of a column of ours, by its name.
pub(super) fn sort_of(name: &str) -> Sort {
    let ends = |suffixes: &[&str]| suffixes.iter().any(|suffix| name.ends_with(suffix));
    if ends(&["_gbp", "_gbp_per_year"]) || name.starts_with("gbp_per_") {
        Sort::Pounds
    } else if ends(&["_lon", "_lat"]) {
        Sort::Degrees
    } else if ends(&["_easting", "_northing"]) {
        Sort::Grid
    } else if ends(&["_m"]) || name.starts_with("metres_") {
        Sort::Metres
    } else if ["plan_reason", "text"].contains(&name) {
        Sort::Prose
    } else if ends(&["_recorded", "_assumed", "_twice_share"]) && name != "over_twice_share"
        || NUMBERS.contains(&name)
    {
        Sort::Number
    } else {
        Sort::Text
    }
}

/// The sort of a column of the user's: numbers where every cell that is not empty is one, written in such a way
/// that a number gives it back. So a code with leading noughts, or a telephone number, stays the text that it is.
pub(super) fn sort_of_users(table: &GridTable, column: usize, missing: &[String]) -> Sort {
    let cells = table.rows.iter().filter_map(|row| row.get(column));
    let is_missing = |cell: &str| {
        cell.trim().is_empty() || missing.iter().any(|text| text.eq_ignore_ascii_case(cell.trim()))
    };
    let mut held = cells.filter(|cell| !is_missing(cell)).peekable();
    let some = held.peek().is_some();
    if some && held.all(|cell| comes_back(cell)) { Sort::Plain } else { Sort::Text }
}

/// Whether a cell is a decimal that a number gives back.
fn comes_back(cell: &str) -> bool {
    let digits = cell.strip_prefix('-').unwrap_or(cell);
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
    let all_digits =
        |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    all_digits(whole)
        && all_digits(fraction)
        && (whole == "0" || !whole.starts_with('0'))
        && number(cell).is_some()
}

/// The number of a cell, where it is a decimal of so few digits that nothing of it is lost.
pub(super) fn number(cell: &str) -> Option<f64> {
    let plain = cell.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'.' | b'-'));
    let digits = cell.bytes().filter(u8::is_ascii_digit).skip_while(|&byte| byte == b'0').count();
    (plain && digits <= DIGITS).then(|| cell.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_numbers_where_numbers_give_them_back() {
        let column = |cells: &[&str]| {
            let mut table = GridTable::new(["a"]);
            table.rows = cells.iter().map(|&cell| vec![cell.to_owned()]).collect();
            sort_of_users(&table, 0, &["nan".to_owned()])
        };
        assert_eq!(column(&["1", "-2.50", "", "nan", "0.25", "NaN"]), Sort::Plain);
        for odd in ["007", "+44", "1e5", "01.5", "x", "1234567890123456", ".5", "-", " 1", "1."] {
            assert_eq!(column(&["1", odd]), Sort::Text, "{odd}");
        }
        assert_eq!(column(&["", "nan"]), Sort::Text);
    }

    #[test]
    fn no_penny_is_lost() {
        assert_eq!(number("9999999999999.99"), Some(9_999_999_999_999.99));
        assert_eq!(number("90071992547409.93"), None, "16 digits");
        for word in ["", "nan", "inf", "-", "1.2.3", "1e3"] {
            assert_eq!(number(word), None, "{word}");
        }
        for pence in [1, 99, 123_456_789, 999_999_999_999_999_i64] {
            let shown = crate::units::Pence::new(pence).to_string();
            assert_eq!(format!("{:.2}", number(&shown).unwrap()), shown);
        }
    }
}
