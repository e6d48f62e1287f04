//! What became of the rows of each file: rows in = used + set aside + excluded.

use std::collections::BTreeMap;

use crate::error::Fault;
use crate::import::codes::meaning;

/// What became of a row.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Ord, PartialOrd)]
pub enum Fate {
    /// It is in the scenario.
    Used,
    /// It is at fault: mend the file to have it used.
    SetAside,
    /// It is sound but no part of the question, by a stated rule.
    Excluded,
}

impl Fate {
    /// The word for it in tables.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Used => "used",
            Self::SetAside => "set aside",
            Self::Excluded => "excluded",
        }
    }
}

/// One row of a file with what was found about it.
#[derive(Clone, Debug, PartialEq)]
pub struct ImportedRow {
    /// File name without folders.
    pub file: String,
    /// Line in the file.
    pub row: usize,
    /// Id, as far as there is one.
    pub id: String,
    /// Name.
    pub name: String,
    /// What became of it.
    pub fate: Fate,
    /// All that was found, also of rows that are used; the first one that decides its fate stands first.
    pub findings: Vec<Fault>,
}

/// The rows of one file in numbers.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Account {
    /// What the file is: `practices`, `postcodes`, ...
    pub role: &'static str,
    /// File name without folders; of several files, the first and how many more.
    pub file: String,
    /// SHA-256 of the file's bytes; empty for several files.
    pub sha256: String,
    /// Rows, a header and blank lines left out.
    pub rows: usize,
    /// Rows used.
    pub used: usize,
    /// Rows at fault.
    pub set_aside: usize,
    /// Rows left out by rule.
    pub excluded: usize,
    /// How many rows each code was found on. A row may have several.
    pub by_code: BTreeMap<&'static str, usize>,
    /// The first faulty rows of a file whose rows are not listed one by one: at most [`Account::FIRST`].
    pub first: Vec<Fault>,
    /// Remarks on the file as a whole.
    pub remarks: Vec<Fault>,
}

impl Account {
    /// How many faulty rows are named of a file whose rows are not listed one by one.
    pub const FIRST: usize = 5;

    /// Counts a faulty row, and names it if it is among the first.
    pub(super) fn refuse(&mut self, code: &'static str, value: &str, file: &str, line: usize) {
        self.count(Fate::SetAside, Some(code));
        self.name(code, value, file, line);
    }

    /// Names a faulty row if it is among the first that are met.
    pub(super) fn name(&mut self, code: &'static str, value: &str, file: &str, line: usize) {
        if self.first.len() < Self::FIRST {
            let fault = Fault::new(code, meaning(code), "mend the file, or leave the row out");
            self.first.push(fault.value(value).at(file, Some(line), ""));
        }
    }

    /// Counts one row that met its fate, under a code where there is one.
    pub(super) fn count(&mut self, fate: Fate, code: Option<&'static str>) {
        self.rows += 1;
        match fate {
            Fate::Used => self.used += 1,
            Fate::SetAside => self.set_aside += 1,
            Fate::Excluded => self.excluded += 1,
        }
        if let Some(code) = code {
            *self.by_code.entry(code).or_default() += 1;
        }
    }

    /// Counts a row of a table of rural areas: one that says nothing readable yields nothing (S226).
    pub(super) fn count_if_used(&mut self, used: bool) {
        if used {
            self.count(Fate::Used, None);
        } else {
            self.count(Fate::Excluded, Some("S226"));
        }
    }

    /// Counts a row with all that was found about it, each code once.
    pub(super) fn count_row(&mut self, row: &ImportedRow) {
        self.count(row.fate, None);
        let mut codes: Vec<&'static str> = row.findings.iter().map(|fault| fault.code.0).collect();
        codes.sort_unstable();
        codes.dedup();
        for code in codes {
            *self.by_code.entry(code).or_default() += 1;
        }
    }
}
