//! Text from files on its way to people: it never controls a terminal and is never endless.
//!
//! What for: ids, names, columns and values come from other people's files, and are shown in faults, notices,
//! summaries and tables. In: any text. Out: the same on one line, with every character shown by its escape
//! that could move a cursor, colour a screen or turn the direction of writing; and cut where it is long. JSON
//! reads back the same. In tables the escapes stand for the characters: they are read by people too.

use std::borrow::Cow;
use std::fmt::Write as _;

/// The most characters of a value that a message repeats.
pub const SHOWN: usize = 80;

/// Whether a character is shown by its escape: control characters, marks of direction, breaks of lines and
/// paragraphs, and marks without width or meaning in a line.
#[must_use]
pub fn is_hidden(letter: char) -> bool {
    letter.is_control()
        || matches!(
            letter,
            '\u{61c}'
                | '\u{180e}'
                | '\u{200b}'
                | '\u{200e}'
                | '\u{200f}'
                | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}'
                | '\u{feff}'
                | '\u{fff9}'..='\u{fffb}'
                | '\u{e0000}'..='\u{e007f}'
        )
}

/// A text on one line that controls nothing: what [`is_hidden`] is written as an escape.
///
/// ```
/// use fibreplan::text::plain;
/// assert_eq!(plain("\u{1b}[31mred\n"), "\\u{1b}[31mred\\n");
/// assert_eq!(plain("Tŷ Bryn"), "Tŷ Bryn");
/// ```
#[must_use]
pub fn plain(text: &str) -> Cow<'_, str> {
    escaped(text, is_hidden)
}

/// The text with some characters written as escapes.
fn escaped(text: &str, is_shown: impl Fn(char) -> bool) -> Cow<'_, str> {
    if !text.contains(&is_shown) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 8);
    for letter in text.chars() {
        if is_shown(letter) {
            shown.extend(letter.escape_default());
        } else {
            shown.push(letter);
        }
    }
    Cow::Owned(shown)
}

/// A text of several lines that controls nothing: line breaks stay, what else [`is_hidden`] is written as an
/// escape.
#[must_use]
pub fn page(text: &str) -> Cow<'_, str> {
    escaped(text, |letter| letter != '\n' && is_hidden(letter))
}

/// A text for the cell of a table that controls nothing: line breaks and tabs stay, which a quoted cell may hold,
/// what else [`is_hidden`] is written as an escape.
#[must_use]
pub fn cell(text: &str) -> Cow<'_, str> {
    escaped(text, |letter| !matches!(letter, '\n' | '\t') && is_hidden(letter))
}

/// JSON text that controls nothing: what [`is_hidden`] in its strings is written as JSON escapes it, so that it
/// reads back the same.
#[must_use]
pub fn json(text: &str) -> Cow<'_, str> {
    if text.bytes().all(|byte| matches!(byte, b' '..=b'~' | b'\n')) {
        return Cow::Borrowed(text);
    }
    let kept = |letter: char| letter == '\n' || !is_hidden(letter);
    if text.chars().all(kept) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 16);
    for letter in text.chars() {
        if kept(letter) {
            shown.push(letter);
        } else {
            for unit in letter.encode_utf16(&mut [0; 2]) {
                // Writing to a string does not fail.
                let _ = write!(shown, "\\u{unit:04x}");
            }
        }
    }
    Cow::Owned(shown)
}

/// The same as [`plain`], of at most `most` characters; a text that is cut ends with an ellipsis.
///
/// ```
/// use fibreplan::text::short;
/// assert_eq!(short("a long value", 7), "a long…");
/// ```
#[must_use]
pub fn short(text: &str, most: usize) -> Cow<'_, str> {
    // Only what may be shown is looked at: the text may be as large as a file.
    let end = text.char_indices().nth(most).map_or(text.len(), |(end, _)| end);
    let shown = plain(&text[..end]);
    if end == text.len() && shown.chars().count() <= most {
        return shown;
    }
    let mut cut: String = shown.chars().take(most.saturating_sub(1)).collect();
    cut.truncate(cut.trim_end().len());
    cut.push('…');
    Cow::Owned(cut)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_controls_a_terminal_is_left() {
        for text in ["\u{1b}]0;x\u{7}", "\0", "a\rb", "\u{9b}31m", "\u{202e}evil\u{2066}", "\u{7f}"]
        {
            let shown = plain(text);
            assert!(!shown.contains(is_hidden), "{shown:?}");
            assert!(shown.contains('\\'), "{shown}");
        }
        for text in ["", "é e\u{301} 🏥 ‘quoted’", "a\\b \"c\""] {
            assert_eq!(plain(text), text);
        }
    }

    #[test]
    fn pages_keep_their_lines_and_json_its_meaning() {
        assert_eq!(page("a\n\u{1b}b\r\n"), "a\n\\u{1b}b\\r\n");
        assert_eq!(cell("a\n\tb\r\0"), "a\n\tb\\r\\u{0}");
        let value = serde_json::Value::from("\u{9b}31m \u{202e} \u{e0041} é");
        let shown = json(&value.to_string()).into_owned();
        assert!(!shown.contains(is_hidden), "{shown}");
        assert_eq!(serde_json::from_str::<serde_json::Value>(&shown).unwrap(), value);
    }

    #[test]
    fn long_texts_are_cut_with_an_ellipsis() {
        assert_eq!(short("12345", 5), "12345");
        assert_eq!(short("123456", 5), "1234…");
        assert_eq!(short(&"é".repeat(200), 80).chars().count(), 80);
        assert_eq!(short(&"\u{1b}".repeat(40), 80).chars().count(), 80, "escapes count");
    }
}
