//! Who is eligible: clauses over a site's columns, three-valued on missing data.

use std::cmp::Ordering;

use serde::Serialize;

use crate::model::{Rurality, Site, Tables};
use crate::units::scaled_decimal;

/// A condition on a site, as data.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Clause {
    /// All must hold; with none, everybody is in.
    All(Vec<Clause>),
    /// At least one must hold; with none, nobody is in.
    Any(Vec<Clause>),
    /// The contrary must hold; unknown stays unknown.
    Not(Box<Clause>),
    /// One test of one column.
    Test {
        /// The test.
        test: Test,
        /// What a missing value counts as.
        missing: MissingPolicy,
    },
}

impl Clause {
    /// The clause that every site meets.
    #[must_use]
    pub const fn everyone() -> Self {
        Self::All(Vec::new())
    }
}

/// What a test of a missing value gives.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum MissingPolicy {
    /// Unknown: not eligible, and the reason names the column.
    #[default]
    Unknown,
    /// The test counts as met.
    Eligible,
}

/// A test of one property of a site.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Test {
    /// The kind is one of these.
    Kind(Vec<String>),
    /// Rural or urban is one of these (`rural`, `urban`), or the class itself is (`D1`).
    Rurality(Vec<String>),
    /// The region is one of these.
    Region(Vec<String>),
    /// The id is one of these.
    Ids(Vec<String>),
    /// The column's number is below / at least a limit; limits are decimals as written.
    Number {
        /// Input column.
        column: String,
        /// Exclusive upper limit.
        below: Option<String>,
        /// Inclusive lower limit.
        at_least: Option<String>,
    },
    /// The column's text is one of these.
    Is {
        /// Input column.
        column: String,
        /// Accepted texts.
        is: Vec<String>,
    },
}

/// The answer of a test that may lack its data.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Truth {
    /// It holds.
    Yes,
    /// It does not hold.
    No,
    /// A value is missing: the name of the first column that decides it.
    Unknown(String),
}

impl Clause {
    /// Judges a site. Unknown is not eligible; only [`Truth::Yes`] is.
    #[must_use]
    pub fn judge(&self, tables: &Tables, site: &Site) -> Truth {
        match self {
            Self::All(clauses) => {
                first_of(clauses.iter().map(|clause| clause.judge(tables, site)), &Truth::No)
                    .unwrap_or(Truth::Yes)
            }
            Self::Any(clauses) => {
                first_of(clauses.iter().map(|clause| clause.judge(tables, site)), &Truth::Yes)
                    .unwrap_or(Truth::No)
            }
            Self::Not(clause) => match clause.judge(tables, site) {
                Truth::Yes => Truth::No,
                Truth::No => Truth::Yes,
                unknown @ Truth::Unknown(_) => unknown,
            },
            Self::Test { test, missing } => match test.judge(tables, site) {
                Truth::Unknown(_) if *missing == MissingPolicy::Eligible => Truth::Yes,
                truth => truth,
            },
        }
    }
}

/// The decisive truth if it occurs, else the first unknown, else nothing.
fn first_of(truths: impl Iterator<Item = Truth>, decisive: &Truth) -> Option<Truth> {
    let mut unknown = None;
    for truth in truths {
        if truth == *decisive {
            return Some(truth);
        }
        if matches!(truth, Truth::Unknown(_)) && unknown.is_none() {
            unknown = Some(truth);
        }
    }
    unknown
}

impl Test {
    fn judge(&self, tables: &Tables, site: &Site) -> Truth {
        let among = |accepted: &[String], text: &str| truth(accepted.iter().any(|a| a == text));
        match self {
            Self::Kind(kinds) => among(kinds, &site.kind),
            Self::Ids(ids) => among(ids, &site.id),
            Self::Region(regions) => match &site.region {
                Some(region) => among(regions, region),
                None => Truth::Unknown("region".to_owned()),
            },
            Self::Rurality(classes) => judge_rurality(classes, site),
            Self::Is { column, is } => match value(tables, site, column) {
                Some(text) => among(is, text),
                None => Truth::Unknown(column.clone()),
            },
            Self::Number { column, below, at_least } => {
                let number = value(tables, site, column);
                let Some(number) = number.filter(|text| scaled_decimal(text, 9).is_ok()) else {
                    return Truth::Unknown(column.clone());
                };
                let under = below.as_deref().is_none_or(|limit| compare(number, limit).is_lt());
                let over = at_least.as_deref().is_none_or(|limit| compare(number, limit).is_ge());
                truth(under && over)
            }
        }
    }
}

fn judge_rurality(classes: &[String], site: &Site) -> Truth {
    let by_word = site.rurality.map(|rurality| match rurality {
        Rurality::Rural => "rural",
        Rurality::Urban => "urban",
    });
    let by_class = site.rurality_class.as_deref();
    if by_word.is_none() && by_class.is_none() {
        return Truth::Unknown("rurality".to_owned());
    }
    let met = |known: Option<&str>| {
        known.is_some_and(|known| classes.iter().any(|class| class.eq_ignore_ascii_case(known)))
    };
    truth(met(by_word) || met(by_class))
}

/// The site's value in a column, `None` when it is missing.
fn value<'a>(tables: &Tables, site: &'a Site, column: &str) -> Option<&'a str> {
    tables.site_cell(site, column).filter(|text| !tables.is_missing(text))
}

fn compare(number: &str, limit: &str) -> Ordering {
    // Nine decimals are kept on both sides; limits were checked when the clause was made.
    scaled_decimal(number, 9).ok().cmp(&scaled_decimal(limit, 9).ok())
}

const fn truth(holds: bool) -> Truth {
    if holds { Truth::Yes } else { Truth::No }
}
