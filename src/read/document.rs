//! A TOML document as a tree of plain values, each with its line and its text as written.
//!
//! What for: sections are converted one by one and every fault is collected, where a derived
//! `Deserialize` stops at the first. In: the text of a scenario. Out: a [`Node`] tree, or all faults of
//! its syntax. Numbers stay text, so that no decimal is ever rounded.

use std::collections::BTreeMap;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::error::Fault;
use crate::read::limits::{MOST_DEPTH, too_deep};

/// A value with the line it begins on.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Entry {
    pub(crate) line: usize,
    pub(crate) node: Node,
}

/// A table of the document.
pub(crate) type Branch = BTreeMap<String, Entry>;

/// A TOML value; a number is its text as written, without underscores.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Node {
    Text(String),
    Number(String),
    Flag(bool),
    Date(String),
    List(Vec<Entry>),
    Table(Branch),
}

impl Node {
    /// What it is, with an article, for messages.
    pub(crate) fn what(&self) -> &'static str {
        match self {
            Self::Text(_) => "a text",
            Self::Number(_) => "a number",
            Self::Flag(_) => "true or false",
            Self::Date(_) => "a date",
            Self::List(_) => "a list",
            Self::Table(_) => "a table",
        }
    }

    /// Its value for messages; empty for lists and tables.
    pub(crate) fn shown(&self) -> String {
        match self {
            Self::Text(text) | Self::Number(text) | Self::Date(text) => text.clone(),
            Self::Flag(flag) => flag.to_string(),
            Self::List(_) | Self::Table(_) => String::new(),
        }
    }
}

/// Reads a document.
///
/// # Errors
///
/// All faults of syntax (F101), with their lines.
pub(crate) fn read_document(file: &str, text: &str) -> Result<Branch, Vec<Fault>> {
    if let Some(line) = nested_too_deeply(text) {
        return Err(vec![too_deep(MOST_DEPTH).at(file, Some(line), "")]);
    }
    let lines = Lines::of(text);
    let (table, errors) = DeTable::parse_recoverable(text);
    if errors.is_empty() {
        return Ok(branch(table.get_ref(), &lines));
    }
    let fault = |error: &toml::de::Error| {
        let line = error.span().map(|span| lines.line(span.start));
        let cause = format!("this is not TOML: {}", error.message().replace('\n', ", "));
        Fault::new("F101", cause, "correct the line").at(file, line, "")
    };
    Err(errors.iter().map(fault).collect())
}

/// The line on which brackets, or the parts of a key, are nested deeper than is read; deeper ones could use up
/// the stack of whatever walks the tree.
fn nested_too_deeply(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let (mut place, mut line, mut brackets, mut dots) = (0, 1, 0_usize, 0_usize);
    while let Some(&byte) = bytes.get(place) {
        match byte {
            b'#' => {
                place += bytes[place..].iter().take_while(|&&byte| byte != b'\n').count();
                continue;
            }
            b'"' | b'\'' => {
                let end = place + quoted(&bytes[place..], byte);
                #[allow(clippy::naive_bytecount)] // one string
                let lines = bytes[place..end].iter().filter(|&&byte| byte == b'\n').count();
                line += lines;
                place = end;
                continue;
            }
            b'[' | b'{' => (brackets, dots) = (brackets + 1, 0),
            b']' | b'}' => (brackets, dots) = (brackets.saturating_sub(1), 0),
            b'.' => dots += 1,
            b'\n' => (line, dots) = (line + 1, 0),
            b'=' | b',' => dots = 0,
            _ => {}
        }
        if brackets > MOST_DEPTH || dots > MOST_DEPTH {
            return Some(line);
        }
        place += 1;
    }
    None
}

/// How many bytes a text in quotes takes, one or three of them at either end.
fn quoted(bytes: &[u8], quote: u8) -> usize {
    let three = bytes.starts_with(&[quote; 3]);
    let mut place = if three { 3 } else { 1 };
    while let Some(&byte) = bytes.get(place) {
        match byte {
            b'\\' if quote == b'"' => place += 1,
            b'\n' if !three => return place,
            _ if byte == quote && three && !bytes[place..].starts_with(&[quote; 3]) => {}
            _ if byte == quote => return (place + if three { 3 } else { 1 }).min(bytes.len()),
            _ => {}
        }
        place += 1;
    }
    bytes.len()
}

/// Where each line begins, in bytes.
struct Lines(Vec<usize>);

impl Lines {
    fn of(text: &str) -> Self {
        let ends = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
        Self(std::iter::once(0).chain(ends.map(|(place, _)| place + 1)).collect())
    }

    fn line(&self, byte: usize) -> usize {
        self.0.partition_point(|&start| start <= byte)
    }
}

fn branch(table: &DeTable<'_>, lines: &Lines) -> Branch {
    let entry = |(key, value): (&Spanned<_>, &Spanned<DeValue<'_>>)| {
        let key: &std::borrow::Cow<'_, str> = key.get_ref();
        (key.to_string(), entry(value, lines))
    };
    table.iter().map(entry).collect()
}

fn entry(value: &Spanned<DeValue<'_>>, lines: &Lines) -> Entry {
    let node = match value.get_ref() {
        DeValue::String(text) => Node::Text(text.to_string()),
        DeValue::Integer(number) => Node::Number(number.to_string()),
        DeValue::Float(number) => Node::Number(number.to_string()),
        DeValue::Boolean(flag) => Node::Flag(*flag),
        DeValue::Datetime(date) => Node::Date(date.to_string()),
        DeValue::Array(list) => Node::List(list.iter().map(|value| entry(value, lines)).collect()),
        DeValue::Table(table) => Node::Table(branch(table, lines)),
    };
    Entry { line: lines.line(value.span().start), node }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_keep_their_text_and_lines() {
        let tree = read_document("s", "a = 1_000.10\n\n[b]\nc = [1, \"x\"]\n").unwrap();
        assert_eq!(tree["a"], Entry { line: 1, node: Node::Number("1000.10".to_owned()) });
        let Node::Table(b) = &tree["b"].node else { panic!("a table") };
        assert_eq!((tree["b"].line, b["c"].line), (3, 4));
    }

    #[test]
    fn what_is_nested_without_end_is_refused_before_it_is_read() {
        let deep =
            |open: &str, close: &str| format!("a = {}1{}\n", open.repeat(90), close.repeat(90));
        let dotted = format!("\n{}b = 1\n", "a.".repeat(100_000));
        let header = format!("\n[{}b]\n", "a.".repeat(100_000));
        for (text, line) in
            [(deep("[", "]"), 1), (deep("{ a = ", " }"), 1), (dotted, 2), (header, 2)]
        {
            let faults = read_document("s", &text).unwrap_err();
            assert_eq!((faults[0].code.0, faults[0].place.row), ("F115", Some(line)), "{faults:?}");
        }
        let dots = ".".repeat(100);
        let fine = format!(
            "a = \"{dots}\" # {dots}\nb = '''\n{dots}[[''{dots}'''\nc = \"\"\"{dots}\\\"\"\"\"\n"
        );
        assert!(read_document("s", &fine).is_ok(), "{fine}");
        let many = "[[p]]\nx.y = [1.5, 2.5]\n".repeat(2_000);
        assert!(read_document("s", &many).is_ok());
    }

    #[test]
    fn every_fault_of_syntax_is_reported_with_its_line() {
        let faults = read_document("scenario.toml", "a = \nb = 1\nb = 2\n[c\n").unwrap_err();
        let rows: Vec<Option<usize>> = faults.iter().map(|fault| fault.place.row).collect();
        assert!(faults.len() >= 2, "{faults:?}");
        assert!(rows.contains(&Some(1)) && rows.contains(&Some(3)), "{rows:?}");
        assert!(faults.iter().all(|fault| fault.code.0 == "F101"));
    }
}
