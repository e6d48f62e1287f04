//! CSV text: rows of cells, safe to open in a spreadsheet.

use std::borrow::Cow;

use crate::text::{self, is_hidden};

/// A cell that a spreadsheet will not take for a formula, and that controls no terminal.
///
/// Control characters other than line breaks and tabs, and marks of direction, are shown as escapes.
/// A cell that is not a number and begins with `=`, `+`, `-`, `@` (in their full width too), a tab or a carriage
/// return, blanks before them or not, gets a leading apostrophe. Numbers never do: western longitudes begin
/// with a minus sign.
///
/// ```
/// use fibreplan::write::safe_cell;
/// assert_eq!(safe_cell("=1+1"), "'=1+1");
/// assert_eq!(safe_cell("-4.25"), "-4.25");
/// assert_eq!(safe_cell("\u{1b}[31mred"), "\\u{1b}[31mred");
/// ```
#[must_use]
pub fn safe_cell(cell: &str) -> Cow<'_, str> {
    // Nearly all cells: nothing hidden, and nothing like a formula.
    let plain = cell.bytes().all(|byte| matches!(byte, b' '..=b'~'));
    if plain && cell.as_bytes().first().is_none_or(u8::is_ascii_alphanumeric) {
        return Cow::Borrowed(cell);
    }
    // Spreadsheets drop blanks and characters without width before they look for a formula.
    let bare = cell.trim_start_matches(|letter: char| letter.is_whitespace() || is_hidden(letter));
    let formula = bare.starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠']);
    if (formula || cell.starts_with(['\t', '\r'])) && !is_number(bare.trim_end()) {
        Cow::Owned(format!("'{}", text::cell(cell)))
    } else {
        text::cell(cell)
    }
}

/// Whether a cell is a plain decimal with an optional exponent; `-inf` and `-nan` are not.
fn is_number(cell: &str) -> bool {
    let digits = cell.bytes().any(|byte| byte.is_ascii_digit());
    let plain =
        cell.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'.' | b'+' | b'-' | b'e' | b'E'));
    digits && plain && cell.parse::<f64>().is_ok()
}

/// CSV text under construction: comma-separated, quoted where needed, lines ended by a line feed.
pub(crate) struct CsvText {
    writer: csv::Writer<Vec<u8>>,
}

impl Default for CsvText {
    fn default() -> Self {
        Self { writer: csv::WriterBuilder::new().flexible(true).from_writer(Vec::new()) }
    }
}

impl CsvText {
    pub(crate) fn with_header<S: AsRef<str>>(header: impl IntoIterator<Item = S>) -> Self {
        let mut text = Self::default();
        text.row(header);
        text
    }

    /// Adds a row; cells are made safe here and nowhere else.
    pub(crate) fn row<S: AsRef<str>>(&mut self, cells: impl IntoIterator<Item = S>) {
        // Writing into memory cannot fail, and the writer is flexible about the number of cells.
        for cell in cells {
            let _ = self.writer.write_field(safe_cell(cell.as_ref()).as_ref());
        }
        let _ = self.writer.write_record(None::<&[u8]>);
    }

    pub(crate) fn into_bytes(self) -> Vec<u8> {
        self.writer.into_inner().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_texts_that_begin_like_formulas_get_an_apostrophe() {
        for number in ["-5.055864", "+44", "-1e-5", "-.5", "0", "12"] {
            assert_eq!(safe_cell(number), number);
        }
        for text in [
            "=A1",
            "+1 (0)",
            "-",
            "--1",
            "@name",
            "\tx",
            "\rx",
            "-inf",
            "+nan",
            "-1e",
            "-e5",
            " =A1",
            "\n =1",
            "\u{a0}@x",
            "\u{200b}=1",
            "＝1+1",
            " \t+1 (0)",
        ] {
            assert_eq!(safe_cell(text), format!("'{}", text::cell(text)));
        }
        assert_eq!(safe_cell("a\rb\n\tc\u{202e}\0"), "a\\rb\n\tc\\u{202e}\\u{0}");
        for text in ["", " A1", "a=b", "Tŷ", "'=1", " -5.2", " "] {
            assert_eq!(safe_cell(text), text);
        }
    }

    #[test]
    fn rows_are_quoted_where_needed() {
        let mut text = CsvText::with_header(["a", "b"]);
        text.row(["x,y", "\"q\"\nz"]);
        text.row(["=1", ""]);
        let text = String::from_utf8(text.into_bytes()).unwrap();
        assert_eq!(text, "a,b\n\"x,y\",\"\"\"q\"\"\nz\"\n'=1,\n");
    }
}
