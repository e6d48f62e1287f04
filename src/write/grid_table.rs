//! A table of results before it is a file: names of columns, and rows of cells as exact texts.
//!
//! What for: a CSV file and a sheet of a workbook that hold the same hold it by construction.

use crate::write::cells::CsvText;

/// Columns and rows; cells are decimals and words as in CSV, not yet made safe for any format.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(super) struct GridTable {
    pub(super) header: Vec<String>,
    pub(super) rows: Vec<Vec<String>>,
}

impl GridTable {
    pub(super) fn new<S: AsRef<str>>(header: impl IntoIterator<Item = S>) -> Self {
        let header = header.into_iter().map(|name| name.as_ref().to_owned()).collect();
        Self { header, rows: Vec::new() }
    }

    /// The bytes of a CSV file of it.
    pub(super) fn csv(&self) -> Vec<u8> {
        let mut text = CsvText::with_header(&self.header);
        for row in &self.rows {
            text.row(row);
        }
        text.into_bytes()
    }
}
