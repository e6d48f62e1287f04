//! Faults in what the user gave, and the one error type of the library.
//!
//! A [`Fault`] says what is wrong, where, and what to do about it; one report holds all of them. An
//! [`Error`] is opaque: it has a [`kind`](Error::kind), a message and, where the input was at fault,
//! the [list of faults](Error::faults).

use std::fmt;

/// A stable rule code: a letter for the subject and three digits (`S103`).
///
/// Codes are never reused; `data/README.md` lists them.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Ord, PartialOrd, Hash)]
pub struct Code(pub &'static str);

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

/// Whether a fault stops the work or is only worth knowing.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Ord, PartialOrd, Hash)]
#[non_exhaustive]
pub enum Severity {
    /// The input cannot be used as it stands.
    Fault,
    /// The input is used; the remark is listed and counted.
    Notice,
}

/// Where a fault lies. Empty parts are unknown or do not apply.
#[derive(Clone, Debug, Default, Eq, PartialEq, Ord, PartialOrd, Hash)]
pub struct Place {
    /// File name as the scenario gives it, without its folder.
    pub file: String,
    /// Line or record number, counted from 1 as an editor shows it.
    pub row: Option<usize>,
    /// Column or key.
    pub field: String,
}

/// One thing wrong with the input (or, as a notice, worth knowing about it).
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Fault {
    /// The stable code of the rule that is broken.
    pub code: Code,
    /// Whether it stops the work.
    pub severity: Severity,
    /// File, row and field.
    pub place: Place,
    /// The offending value, as given; empty where there is none.
    pub value: String,
    /// What is wrong, as a clause: `the id stands twice`.
    pub cause: String,
    /// What to do about it, as an instruction: `give each site an id of its own`.
    pub remedy: String,
}

impl Fault {
    /// A fault that stops the work; place and value are added with [`at`](Self::at) and
    /// [`value`](Self::value).
    #[must_use]
    pub fn new(code: &'static str, cause: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self {
            code: Code(code),
            severity: Severity::Fault,
            place: Place::default(),
            value: String::new(),
            cause: cause.into(),
            remedy: remedy.into(),
        }
    }

    /// A notice: listed and counted, stops nothing.
    #[must_use]
    pub fn notice(code: &'static str, cause: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self { severity: Severity::Notice, ..Self::new(code, cause, remedy) }
    }

    /// The same fault, placed.
    #[must_use]
    pub fn at(mut self, file: &str, row: Option<usize>, field: &str) -> Self {
        self.place = Place { file: file.to_owned(), row, field: field.to_owned() };
        self
    }

    /// The same fault, with the offending value.
    #[must_use]
    pub fn value(mut self, value: impl Into<String>) -> Self {
        self.value = value.into();
        self
    }
}

/// One line: `S103 sites.csv row 4, id "A1": the id stands twice; give each site an id of its own`.
impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.code)?;
        let place = &self.place;
        if !place.file.is_empty() {
            write!(f, " {}", place.file)?;
        }
        if let Some(row) = place.row {
            write!(f, " row {row}")?;
        }
        if !place.field.is_empty() {
            let comma = if place.row.is_some() { "," } else { "" };
            write!(f, "{comma} {}", place.field)?;
        }
        if !self.value.is_empty() {
            write!(f, " {:?}", self.value)?;
        }
        write!(f, ": {}; {}", self.cause, self.remedy)
    }
}

/// What sort of thing went wrong.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The call itself makes no sense: wrong options, a folder that is no scenario.
    Usage,
    /// The input has faults; [`Error::faults`] lists them all.
    Faults,
    /// A file could not be read or written.
    Io,
    /// The caller asked to stop before there was any answer.
    Interrupted,
    /// The library broke a promise of its own (a plan that fails its own check): please report it.
    Internal,
}

impl ErrorKind {
    /// The exit code a command gives for it.
    #[must_use]
    pub const fn exit_code(self) -> u8 {
        match self {
            Self::Usage => 2,
            Self::Faults => 3,
            Self::Io | Self::Internal => 5,
            Self::Interrupted => 130,
        }
    }
}

/// The error of every fallible function of the library.
#[derive(Debug)]
pub struct Error {
    kind: ErrorKind,
    message: String,
    faults: Vec<Fault>,
    source: Option<std::io::Error>,
}

impl Error {
    /// An error of a kind with a message, without faults.
    #[must_use]
    pub fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self { kind, message: message.into(), faults: Vec::new(), source: None }
    }

    /// The error that reports faults in the input.
    #[must_use]
    pub fn from_faults(faults: Vec<Fault>) -> Self {
        let count = faults.len();
        let noun = if count == 1 { "fault" } else { "faults" };
        let message = format!("{count} {noun} in the input");
        Self { kind: ErrorKind::Faults, message, faults, source: None }
    }

    /// The error of a failed file operation: `doing` says what was tried, with the file.
    #[must_use]
    pub fn io(doing: impl Into<String>, source: std::io::Error) -> Self {
        let message = format!("{}: {source}", doing.into());
        Self { kind: ErrorKind::Io, message, faults: Vec::new(), source: Some(source) }
    }

    /// What sort of error it is.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        self.kind
    }

    /// All faults of the input, in the order of files and rows; empty unless the kind is `Faults`.
    #[must_use]
    pub fn faults(&self) -> &[Fault] {
        &self.faults
    }
}

/// The message, then one line a fault.
impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)?;
        for fault in &self.faults {
            write!(f, "\n  {fault}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.source.as_ref().map(|source| source as _)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_reads_as_one_line() {
        let fault = Fault::new("S103", "the id stands twice", "give each site an id of its own")
            .at("sites.csv", Some(4), "id")
            .value("A1");
        assert_eq!(
            fault.to_string(),
            "S103 sites.csv row 4, id \"A1\": the id stands twice; give each site an id of its own"
        );
        let error = Error::from_faults(vec![fault]);
        assert_eq!(error.kind().exit_code(), 3);
        assert!(error.to_string().starts_with("1 fault in the input\n  S103 "));
    }
}
