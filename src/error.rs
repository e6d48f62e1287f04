//! Faults in what the user gave, and the one error type of the library.
//!
//! A [`Fault`] says what is wrong, where, and what to do about it; one report holds all of them. An
//! [`Error`] is opaque: it has a [`kind`](Error::kind), a message and, where the input was at fault,
//! the [list of faults](Error::faults).

use std::collections::BTreeMap;
use std::fmt;

use crate::text::{SHOWN, plain, short};
use crate::units::Amount;

/// The most characters of a cause, and of a remedy: both may name columns and words of files.
const CAUSE: usize = 1_000;
const REMEDY: usize = 1_000;
/// So many places are named of faults that differ in nothing else.
const NAMED: usize = 3;

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

/// What a fault is about, as far as other faults rest on it or it rests on others.
#[derive(Clone, Copy, Debug, Default, Eq, Ord, PartialEq, PartialOrd)]
#[non_exhaustive]
pub enum Subject {
    /// Nothing that others rest on.
    #[default]
    Itself,
    /// A coordinate that is no number.
    Coordinate,
    /// A position whose coordinates look swapped.
    SwappedPosition,
    /// A row that could not be read whole.
    Unread,
    /// How the numbers of a column are written.
    Numbers,
    /// The weight of a site.
    SiteWeight,
    /// A value of a site that a clause tests.
    TestedValue,
    /// A method that the rate card lacks.
    Method,
    /// A column, or what the sites say: to be judged once their table is whole.
    SiteTable,
    /// A site that a rule names.
    NamedSite,
    /// Whether there is a network at all.
    Network,
}

/// One thing wrong with the input (or, as a notice, worth knowing about it).
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Fault {
    /// The stable code of the rule that is broken.
    pub code: Code,
    /// Whether it stops the work.
    pub severity: Severity,
    /// What it is about.
    pub about: Subject,
    /// File, row and field.
    pub place: Place,
    /// The offending value, as given; empty where there is none.
    pub value: String,
    /// What is wrong, as a clause: `the id appears twice`.
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
            about: Subject::Itself,
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

    /// The same fault, about something that others rest on, or it on others.
    #[must_use]
    pub fn about(mut self, subject: Subject) -> Self {
        self.about = subject;
        self
    }

    /// The same fault, with the offending value.
    #[must_use]
    pub fn value(mut self, value: impl Into<String>) -> Self {
        self.value = value.into();
        self
    }
}

/// One line: `S103 sites.csv row 4, id "A1": the id appears twice; give each site an id of its own`.
impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.code)?;
        let place = &self.place;
        if !place.file.is_empty() {
            write!(f, " {}", short(&place.file, SHOWN))?;
        }
        if let Some(row) = place.row {
            write!(f, " row {row}")?;
        }
        if !place.field.is_empty() {
            let comma = if place.row.is_some() { "," } else { "" };
            write!(f, "{comma} {}", short(&place.field, SHOWN))?;
        }
        if !self.value.is_empty() {
            write!(f, " {}", quoted(&self.value))?;
        }
        write!(f, ": {}; {}", short(&self.cause, CAUSE), short(&self.remedy, REMEDY))
    }
}

/// A value in quotes, cut where it is long.
fn quoted(value: &str) -> String {
    if value.chars().count() <= SHOWN {
        format!("{value:?}")
    } else {
        let kept: String = value.chars().take(SHOWN - 1).collect();
        format!("{:?}", kept + "…")
    }
}

/// The lines that tell faults or notices to people.
///
/// Up to three of a kind (one code about one column or key of one file) are told one by one. Of more, those
/// that say the same become one line with their number and the first three places; of those that differ
/// the first three are told, and how many more there are.
#[must_use]
pub fn lines(faults: &[Fault]) -> Vec<String> {
    let mut kinds: BTreeMap<(Severity, Code, &str, String), usize> = BTreeMap::new();
    let mut groups: Vec<Vec<&Fault>> = Vec::new();
    for fault in faults {
        let key =
            (fault.severity, fault.code, fault.place.file.as_str(), unnumbered(&fault.place.field));
        let group = *kinds.entry(key).or_insert(groups.len());
        if group == groups.len() {
            groups.push(Vec::new());
        }
        groups[group].push(fault);
    }
    groups.iter().flat_map(|group| group_lines(group)).collect()
}

/// A field without its places in lists: `programmes[2].id` and `programmes[3].id` are of a kind.
fn unnumbered(field: &str) -> String {
    let mut kept = String::with_capacity(field.len());
    let mut inside = false;
    for letter in field.chars() {
        inside &= letter.is_ascii_digit();
        if !inside {
            kept.push(letter);
        }
        inside |= letter == '[';
    }
    kept
}

fn group_lines(group: &[&Fault]) -> Vec<String> {
    let one_by_one = || group.iter().take(NAMED).map(ToString::to_string);
    let [first, ..] = group else { return Vec::new() };
    if group.len() <= NAMED {
        return one_by_one().collect();
    }
    let mut places: Vec<String> = group.iter().take(NAMED).map(|fault| place_of(fault)).collect();
    places.push("...".to_owned());
    let alike = |fault: &&Fault| fault.cause == first.cause && fault.remedy == first.remedy;
    if group.iter().all(alike) {
        let field = unnumbered(&first.place.field);
        let one = Fault { value: String::new(), ..(*first).clone() };
        let one = one.at(&first.place.file, None, &field);
        let times = Amount::count(group.len());
        return vec![format!("{one} ({times} times: {})", places.join(", "))];
    }
    let file = if first.place.file.is_empty() { "" } else { " of " };
    let more = Amount::count(group.len() - NAMED);
    let last = format!(
        "{} and {more} more like these{file}{}",
        first.code,
        short(&first.place.file, SHOWN)
    );
    one_by_one().chain([last]).collect()
}

/// Where one of many like faults lies: its row with its value, else its key.
fn place_of(fault: &Fault) -> String {
    let mut place = match fault.place.row {
        Some(row) => format!("row {row}"),
        None => short(&fault.place.field, SHOWN).into_owned(),
    };
    if !fault.value.is_empty() {
        place.push(' ');
        place.push_str(&quoted(&fault.value));
    }
    place
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
    notices: Vec<Fault>,
    source: Option<std::io::Error>,
}

impl Error {
    /// An error of a kind with a message, without faults.
    #[must_use]
    pub fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self {
            kind,
            message: message.into(),
            faults: Vec::new(),
            notices: Vec::new(),
            source: None,
        }
    }

    /// The error that reports faults in the input.
    #[must_use]
    pub fn from_faults(faults: Vec<Fault>) -> Self {
        let count = faults.len();
        let noun = if count == 1 { "fault" } else { "faults" };
        let message = format!("{} {noun} in the input", Amount::count(count));
        Self { faults, ..Self::new(ErrorKind::Faults, message) }
    }

    /// The same error with remarks that were made before it: a fault does not hide them.
    #[must_use]
    pub fn with_notices(mut self, notices: Vec<Fault>) -> Self {
        self.notices = notices;
        self
    }

    /// The error of a failed file operation: `doing` says what was tried, with the file.
    #[must_use]
    pub fn io(doing: impl Into<String>, source: std::io::Error) -> Self {
        let message = format!("{}: {source}", doing.into());
        Self { source: Some(source), ..Self::new(ErrorKind::Io, message) }
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

    /// What was worth knowing about the input before the faults stopped the work.
    #[must_use]
    pub fn notices(&self) -> &[Fault] {
        &self.notices
    }
}

/// The message, then the [`lines`] of its faults, then those of the notices.
impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&plain(&self.message))?;
        for line in lines(&self.faults) {
            write!(f, "\n  {line}")?;
        }
        for line in lines(&self.notices) {
            write!(f, "\n  notice: {line}")?;
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
        let fault = Fault::new("S103", "the id appears twice", "give each site an id of its own")
            .at("sites.csv", Some(4), "id")
            .value("A1");
        assert_eq!(
            fault.to_string(),
            "S103 sites.csv row 4, id \"A1\": the id appears twice; give each site an id of its own"
        );
        let error = Error::from_faults(vec![fault]);
        assert_eq!(error.kind().exit_code(), 3);
        assert!(error.to_string().starts_with("1 fault in the input\n  S103 "));
    }

    fn weight(row: usize, value: &str) -> Fault {
        Fault::new("S131", "the weight is not a number", "write one")
            .at("sites.csv", Some(row), "patients")
            .value(value)
    }

    #[test]
    fn many_faults_of_one_cause_are_one_line() {
        let faults: Vec<Fault> = (2..102).map(|row| weight(row, "x")).collect();
        assert_eq!(
            lines(&faults),
            ["S131 sites.csv patients: the weight is not a number; write one \
              (100 times: row 2 \"x\", row 3 \"x\", row 4 \"x\", ...)"]
        );
        assert_eq!(lines(&faults[..3]).len(), 3, "a few are told one by one");
        let mut mixed: Vec<Fault> = faults[..5].to_vec();
        mixed[1].cause = "it is below zero".to_owned();
        let told = lines(&mixed);
        assert_eq!(told.len(), 4);
        assert_eq!(told[3], "S131 and 2 more like these of sites.csv");
        let in_lists: Vec<Fault> = (1..9)
            .map(|place| {
                Fault::new("P121", "no id", "add one").at(
                    "s",
                    None,
                    &format!("programmes[{place}].id"),
                )
            })
            .collect();
        assert_eq!(lines(&in_lists).len(), 1);
        assert!(
            lines(&in_lists)[0].starts_with("P121 s programmes[].id: no id"),
            "{:?}",
            lines(&in_lists)
        );
    }

    #[test]
    fn nothing_from_a_file_controls_the_terminal_or_fills_it() {
        let evil = "\u{1b}[31m\u{9b}\u{202e}\r\0\u{200b}\u{2028}\u{e0041}";
        let fault = Fault::new("F103", format!("{evil} key"), format!("there are: {evil}"))
            .at(evil, Some(1), evil)
            .value(evil);
        let error = Error::from_faults(vec![fault; 5]);
        for text in [error.to_string(), Error::new(ErrorKind::Usage, evil).to_string()] {
            assert!(!text.replace('\n', "").contains(crate::text::is_hidden), "{text:?}");
        }
        let long = "x".repeat(100_000);
        let fault =
            Fault::new("F103", long.clone(), long.clone()).at(&long, None, &long).value(long);
        assert!(fault.to_string().chars().count() < 2_500);
    }
}
