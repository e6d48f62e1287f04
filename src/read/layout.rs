//! How a file of cells is laid out: what parts its cells, where its header is, and quotes left open.
//!
//! What for: CSV as people have it is read without a word where there is no doubt. In: the text, the
//! separator that the scenario names, if any, and the columns it needs. Out: a [`Layout`]. It judges no cell.

use csv::{ReaderBuilder, StringRecord};

/// The separators that are told by themselves, commas first.
pub(crate) const SEPARATORS: [u8; 4] = *b",;\t|";

/// How a file of cells is laid out.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Layout {
    /// What parts the cells.
    pub(crate) separator: u8,
    /// Bytes of a line before the header that names the separator (`sep=;`), as spreadsheets write it.
    skipped: usize,
    /// Rows are told by their number, not by their line.
    pub(crate) counts_rows: bool,
}

impl Default for Layout {
    fn default() -> Self {
        Self { separator: b',', skipped: 0, counts_rows: false }
    }
}

impl Layout {
    /// The layout of a text: what its first line says (`sep=;`), else what the scenario says, else the
    /// separator by which the header has all the columns that are needed; commas where none does.
    pub(crate) fn of(text: &str, stated: Option<u8>, needed: &[&str]) -> Self {
        let (said, skipped) = sep_line(text).map_or((None, 0), |(said, end)| (Some(said), end));
        if let Some(separator) = stated.or(said) {
            return Self { separator, skipped, counts_rows: false };
        }
        let layouts = SEPARATORS.map(|separator| Self { separator, skipped, counts_rows: false });
        let fits = |layout: &&Self| {
            let names = layout.header(text);
            needed.iter().all(|needed| names.iter().any(|name| name == needed))
        };
        layouts.iter().find(fits).copied().unwrap_or(layouts[0])
    }

    /// The layout of features that were written down as a table.
    pub(crate) fn of_features() -> Self {
        Self { counts_rows: true, ..Self::default() }
    }

    /// The text from its header on.
    pub(crate) fn body<'t>(&self, text: &'t str) -> &'t str {
        &text[self.skipped..]
    }

    /// The number of the header's line.
    pub(crate) fn first_line(&self) -> usize {
        1 + usize::from(self.skipped > 0)
    }

    /// A reader of the rows of a text.
    pub(crate) fn reader<'t>(&self, text: &'t str) -> csv::Reader<&'t [u8]> {
        let body = self.body(text).as_bytes();
        ReaderBuilder::new().flexible(true).delimiter(self.separator).from_reader(body)
    }

    /// The names of the columns, trimmed; none where there is no header.
    pub(crate) fn header(&self, text: &str) -> Vec<String> {
        let mut reader = self.reader(text);
        let names = reader.headers().map(|names| names.iter().map(str::trim).map(str::to_owned));
        names.map(Iterator::collect).unwrap_or_default()
    }

    /// The records of a text with the lines they begin on, or their numbers. The text is UTF-8 and rows may be of any length, so
    /// no record can fail. Rows of nothing but empty cells, which spreadsheets leave behind, are left out.
    pub(crate) fn records<'t>(
        &self,
        text: &'t str,
    ) -> impl Iterator<Item = (StringRecord, usize)> + 't {
        let (body, before) = (self.body(text).as_bytes(), self.first_line() - 1);
        let counts_rows = self.counts_rows;
        self.reader(text).into_records().enumerate().filter_map(move |(place, record)| {
            let record = record.ok()?;
            if record.iter().all(|cell| cell.trim().is_empty()) {
                return None;
            }
            let line = || record.position().map_or(0, |position| line_of(position, body));
            let number = if counts_rows { place + 1 } else { before + line() };
            Some((record, number))
        })
    }

    /// The first quote that is not closed where its cell ends: never, or within a cell on a later line, so that
    /// whole rows were swallowed.
    #[allow(clippy::match_same_arms)] // one arm a case of the format
    pub(crate) fn open_quote(&self, text: &str) -> Option<OpenQuote> {
        let body = self.body(text);
        if !body.contains('"') {
            return None;
        }
        let mut state = Quoting::Start;
        let (mut line, mut opened) = (self.first_line(), 0);
        for byte in body.bytes() {
            state = match (state, byte) {
                (Quoting::Quoted, b'"') => Quoting::Closed,
                (Quoting::Quoted, _) => Quoting::Quoted,
                (Quoting::Start, b'"') => {
                    opened = line;
                    Quoting::Quoted
                }
                (Quoting::Closed, b'"') => Quoting::Quoted,
                (_, b'\n' | b'\r') => Quoting::Start,
                (_, byte) if byte == self.separator => Quoting::Start,
                (Quoting::Closed | Quoting::Blank, b' ' | b'\t') => Quoting::Blank,
                (Quoting::Closed | Quoting::Blank, _) if line > opened => {
                    return Some(OpenQuote { opened, closed: Some(line) });
                }
                _ => Quoting::Plain,
            };
            line += usize::from(byte == b'\n');
        }
        (state == Quoting::Quoted).then_some(OpenQuote { opened, closed: None })
    }
}

/// A quote that swallows rows.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct OpenQuote {
    /// The line on which it is opened.
    pub(crate) opened: usize,
    /// The line on which the next quote closes it, within a cell; `None` where none does.
    pub(crate) closed: Option<usize>,
}

/// Where a byte stands with regard to quotes.
#[derive(Clone, Copy, Eq, PartialEq)]
enum Quoting {
    /// At the start of a cell.
    Start,
    /// In a cell without quotes, or after its closing quote.
    Plain,
    Quoted,
    /// After a quote in quotes: the end of them, or the first of a doubled quote.
    Closed,
    /// After blanks that follow the closing quote.
    Blank,
}

/// The separator that the first line names, and where the next line begins.
fn sep_line(text: &str) -> Option<(u8, usize)> {
    let end = text.find('\n')?;
    let line = text[..end].trim_end_matches('\r').trim_matches('"');
    let [b's' | b'S', b'e' | b'E', b'p' | b'P', b'=', separator] = *line.as_bytes() else {
        return None;
    };
    Some((separator, end + 1))
}

/// The line on which a record begins. The position is where the one before it ended: before the second
/// byte of a Windows line end, and before blank lines.
fn line_of(position: &csv::Position, text: &[u8]) -> usize {
    let [line, byte] = [position.line(), position.byte()]
        .map(|number| usize::try_from(number).unwrap_or(usize::MAX));
    let ends = text.get(byte..).unwrap_or_default().iter();
    let ends = ends.take_while(|byte| matches!(byte, b'\n' | b'\r'));
    line + ends.filter(|&&byte| byte == b'\n').count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn separators_are_told_where_the_header_leaves_no_doubt() {
        let needed = ["lon", "lat"];
        let separator = |text: &str| char::from(Layout::of(text, None, &needed).separator);
        assert_eq!(separator("id,lon,lat\n"), ',');
        assert_eq!(separator("id;lon;lat\n"), ';');
        assert_eq!(separator("id\tlon\tlat\n"), '\t');
        assert_eq!(separator("id| lon |lat\n"), '|');
        assert_eq!(separator("\"id, or code\";\"lon\";lat\n"), ';');
        assert_eq!(
            separator("id;longitude;lat\n"),
            ',',
            "a needed column is lacking: nothing is told"
        );
        let said = Layout::of("sep=;\r\nid;x\r\n", None, &needed);
        assert_eq!((said.separator, said.first_line()), (b';', 2));
        assert_eq!(said.header("sep=;\r\nid;x\r\n"), ["id", "x"]);
        assert_eq!(Layout::of("id;x\n", Some(b'|'), &needed).separator, b'|');
    }

    #[test]
    fn quotes_left_open_are_found_at_their_line() {
        let open = |text: &str| Layout::default().open_quote(text).map(|open| open.opened);
        assert_eq!(open("a,b\n\"x\",\"y\nz\"\n"), None);
        assert_eq!(open("a,b\n1,\"x\n2,y\n"), Some(2));
        assert_eq!(open("a,b\n1,\"x\"\"\n2,y\n"), Some(2), "a doubled quote closes nothing");
        assert_eq!(open("a,b\n1,5\" pipe\n\"2\"x,\"y\"\n"), None, "within a cell it opens nothing");
        let swallowing = "a,b\n1,\"x\n2,\"y\n";
        let found = Layout::default().open_quote(swallowing);
        assert_eq!(found, Some(OpenQuote { opened: 2, closed: Some(3) }));
        assert_eq!(open("sep=,\n\na\n\"x\"\n\"y"), Some(5));
        assert_eq!(
            open("a,b\n\"x\ny\" \t,2\n\"x\nz\"  \n"),
            None,
            "blanks after the closing quote"
        );
        assert_eq!(open("a,b\n1,\"x\n2,\" y\n"), Some(2), "a blank alone closes no cell");
    }

    #[test]
    fn rows_of_nothing_are_left_out_and_lines_still_count() {
        let text = "sep=;\n a ;b\n;\n1;2\n ; \n;;;\n\n3;4\n";
        let layout = Layout::of(text, None, &["a"]);
        let lines: Vec<usize> = layout.records(text).map(|(_, line)| line).collect();
        assert_eq!(lines, [4, 8]);
    }
}
