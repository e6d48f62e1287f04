//! Published tables as they come: packed or not, any separator, with or without a header, old encodings.
//!
//! NHS.uk separates cells by `¬` (one byte of ISO 8859-1, two of UTF-8) and quotes nothing; other files use
//! commas and quotes. Rows stream, since a postcode directory is larger than memory need be.

use std::cell::RefCell;
use std::fs::File;
use std::io::{self, BufRead, BufReader, ErrorKind, Read};
use std::path::Path;
use std::rc::Rc;

use csv::{ByteRecord, ReaderBuilder, Terminator};
use flate2::read::MultiGzDecoder;
use sha2::{Digest, Sha256};

use crate::error::{Error, Fault};
use crate::files::hexadecimal;
use crate::read::{Bounded, Wanted, is_limit, other_kind};

/// Bytes looked at to tell the separator.
const HEAD: usize = 1 << 16;

/// A table being read.
pub(super) struct Published {
    /// Name without folders.
    pub(super) file: String,
    reader: csv::Reader<Box<dyn Read>>,
    hash: Rc<RefCell<Sha256>>,
    /// Whether each cell but the last ends in the first byte of the separator.
    wide_separator: bool,
}

/// A row of texts, trimmed, with its line.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Cells {
    pub(super) line: usize,
    pub(super) cells: Vec<String>,
}

impl Cells {
    /// A cell; empty where the row is too short.
    pub(super) fn get(&self, place: usize) -> &str {
        self.cells.get(place).map_or("", String::as_str)
    }

    pub(super) fn is_blank(&self) -> bool {
        self.cells.iter().all(String::is_empty)
    }
}

impl Published {
    /// Opens a table, gzipped or not.
    ///
    /// # Errors
    ///
    /// `Faults` (F110) when there is no such file, F127 when it is an archive or workbook; `Io` when it
    /// cannot be read.
    pub(super) fn open(path: &Path) -> Result<Self, Error> {
        let file =
            path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let failed = |source| Error::io(format!("cannot read {file}"), source);
        crate::read::regular(path)?;
        if !path.is_file() {
            let remedy = "download it, or correct the name";
            let fault =
                Fault::new("F110", "there is no such file", remedy).value(path.to_string_lossy());
            return Err(Error::from_faults(vec![fault]));
        }
        let hash = Rc::new(RefCell::new(Sha256::new()));
        let bytes = Hashed { file: File::open(path).map_err(failed)?, hash: Rc::clone(&hash) };
        let mut packed = BufReader::with_capacity(HEAD, bytes);
        let start = packed.fill_buf().map_err(failed)?;
        let plain: Box<dyn Read> = if crate::read::is_gzip(start) {
            Box::new(MultiGzDecoder::new(packed))
        } else {
            Box::new(packed)
        };
        let mut buffered = BufReader::with_capacity(HEAD, Bounded::new(plain));
        let start = match buffered.fill_buf() {
            Ok(start) => start,
            Err(error) => return Err(unread(&file, error)),
        };
        if let Some(fault) = other_kind(start, &file, Wanted::Table) {
            return Err(Error::from_faults(vec![fault]));
        }
        let (separator, wide_separator) = separator(start);
        let line_end = line_end(start);
        let reader = ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(separator)
            .terminator(line_end)
            .quoting(separator != NOT_SIGN)
            .from_reader(Box::new(buffered) as Box<dyn Read>);
        Ok(Self { file, reader, hash, wide_separator })
    }

    /// Reads the next row; false at the end.
    ///
    /// # Errors
    ///
    /// `Faults` (F127) when it is a damaged gzip file; `Io` when it cannot be read on.
    pub(super) fn next(&mut self, record: &mut ByteRecord) -> Result<bool, Error> {
        self.reader.read_byte_record(record).map_err(|error| match error.into_kind() {
            csv::ErrorKind::Io(source) => unread(&self.file, source),
            _ => unread(&self.file, io::Error::from(ErrorKind::InvalidData)),
        })
    }

    /// All rows that are not blank, as texts.
    pub(super) fn rows(&mut self) -> Result<Vec<Cells>, Error> {
        let mut rows = Vec::new();
        let mut record = ByteRecord::new();
        while self.next(&mut record)? {
            let row = self.cells(&record);
            if !row.is_blank() {
                rows.push(row);
            }
        }
        Ok(rows)
    }

    /// A row as texts.
    pub(super) fn cells(&self, record: &ByteRecord) -> Cells {
        let cells = (0..record.len()).map(|place| self.cell(record, place)).collect();
        Cells { line: Self::line(record), cells }
    }

    /// The line of a row.
    pub(super) fn line(record: &ByteRecord) -> usize {
        let line = record.position().map_or(0, csv::Position::line);
        usize::try_from(line).unwrap_or(usize::MAX)
    }

    /// One cell as text, trimmed; empty where the row is too short.
    pub(super) fn cell(&self, record: &ByteRecord, place: usize) -> String {
        let mut bytes = record.get(place).unwrap_or_default();
        if self.wide_separator && place < record.len().saturating_sub(1) {
            bytes = bytes.strip_suffix(&[0xc2]).unwrap_or(bytes);
        }
        let text = text_of(bytes);
        let text = text.trim_start_matches('\u{feff}').trim();
        // Where quotes mean nothing to the separator they still surround a cell now and then.
        text.strip_prefix('"').and_then(|text| text.strip_suffix('"')).unwrap_or(text).to_owned()
    }

    /// SHA-256 of the bytes read so far: of the whole file once it is read to its end.
    pub(super) fn sha256(&self) -> String {
        hexadecimal(&self.hash.borrow().clone().finalize())
    }
}

/// The error of a table that cannot be read on.
fn unread(file: &str, source: io::Error) -> Error {
    if let Some(fault) = is_limit(&source) {
        return Error::from_faults(vec![fault.at(file, None, "")]);
    }
    match source.kind() {
        ErrorKind::InvalidData | ErrorKind::InvalidInput | ErrorKind::UnexpectedEof => {
            Error::from_faults(vec![crate::read::damaged_gzip(file)])
        }
        _ => Error::io(format!("cannot read {file}"), source),
    }
}

const NOT_SIGN: u8 = 0xac;

/// The separator of a table's first line, and whether it is two bytes long.
fn separator(start: &[u8]) -> (u8, bool) {
    let end = start.iter().position(|byte| matches!(byte, b'\n' | b'\r')).unwrap_or(start.len());
    let line = &start[..end];
    if let Some(place) = line.iter().position(|&byte| byte == NOT_SIGN) {
        return (NOT_SIGN, place > 0 && line[place - 1] == 0xc2);
    }
    let commons = [b',', b'\t', b';', b'|'];
    let count = |separator: u8| line.split(|&byte| byte == separator).count();
    // The first of the most frequent: commas before all others.
    let most = commons.iter().map(|&separator| count(separator)).max().unwrap_or(0);
    (commons.into_iter().find(|&separator| count(separator) == most).unwrap_or(b','), false)
}

/// How lines end. A line feed alone counts lines right where lines end in `\r\n`; the `\r` is trimmed
/// with the cell.
fn line_end(start: &[u8]) -> Terminator {
    if start.contains(&b'\n') { Terminator::Any(b'\n') } else { Terminator::CRLF }
}

/// Bytes 0x80 to 0x9f of Windows-1252, which ISO 8859-1 leaves to control characters.
const WINDOWS: &str = "€\u{81}‚ƒ„…†‡ˆ‰Š‹Œ\u{8d}Ž\u{8f}\u{90}‘’“”•–—˜™š›œ\u{9d}žŸ";

/// Text of bytes in UTF-8 or, where they are not, in Windows-1252.
fn text_of(bytes: &[u8]) -> String {
    let windows = |byte: u8| match byte {
        0x80..=0x9f => WINDOWS.chars().nth(usize::from(byte - 0x80)).unwrap_or(char::from(byte)),
        _ => char::from(byte),
    };
    std::str::from_utf8(bytes)
        .map_or_else(|_| bytes.iter().map(|&byte| windows(byte)).collect(), str::to_owned)
}

/// A file whose bytes are hashed as they are read.
struct Hashed {
    file: File,
    hash: Rc<RefCell<Sha256>>,
}

impl Read for Hashed {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.file.read(buffer)?;
        self.hash.borrow_mut().update(&buffer[..count]);
        Ok(count)
    }
}

/// Where columns stand, by their names in a header; names differ between releases, hence lists.
pub(super) struct Columns<'t> {
    names: Vec<String>,
    file: &'t str,
    pub(super) faults: Vec<Fault>,
}

impl<'t> Columns<'t> {
    pub(super) fn new(header: &Cells, file: &'t str) -> Self {
        let names = header.cells.iter().map(|name| name.to_lowercase()).collect();
        Self { names, file, faults: Vec::new() }
    }

    /// The place of the first of some names, in small letters.
    pub(super) fn find(&self, names: &[&str]) -> Option<usize> {
        names.iter().find_map(|name| self.names.iter().position(|theirs| theirs == name))
    }

    /// The same, with a fault when there is none.
    pub(super) fn need(&mut self, names: &[&str]) -> usize {
        self.find(names).unwrap_or_else(|| {
            let remedy =
                format!("give the file as published: one of its columns is {}", names.join(" or "));
            let fault = Fault::new("F122", "the file has no such column", remedy).value(names[0]);
            self.faults.push(fault.at(self.file, Some(1), names[0]));
            usize::MAX
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn separators_are_told_from_the_first_line() {
        assert_eq!(separator(b"a,b;c\nx;;;"), (b',', false));
        assert_eq!(separator(b"a;b;c\r\n"), (b';', false));
        assert_eq!(separator(b"a\tb,c\td\n"), (b'\t', false));
        assert_eq!(separator(b"a\xacb\n"), (NOT_SIGN, false));
        assert_eq!(separator("a¬b".as_bytes()), (NOT_SIGN, true));
        assert_eq!(separator(b""), (b',', false));
    }

    #[test]
    fn old_encodings_are_read() {
        assert_eq!(text_of("Tŷ Bryn".as_bytes()), "Tŷ Bryn");
        assert_eq!(text_of(b"St Ann\x92s caf\xe9"), "St Ann’s café");
        assert_eq!(text_of(b"\x80 \xac"), "€ ¬");
    }
}
