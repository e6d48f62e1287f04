//! Who is eligible: clauses over a site's columns, three-valued on missing data.

use std::cmp::Ordering;
use std::collections::BTreeSet;

use serde::Serialize;

use crate::model::rurality::{any_class, plain_word};
use crate::model::{Site, Tables};
use crate::units::Number;

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
    /// The column's value is one of these: the same text or, where both are numbers, the same number.
    Is {
        /// Input column.
        column: String,
        /// Accepted values.
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

impl Clause {
    /// Adds the columns that it compares with numbers.
    pub(crate) fn add_number_columns(&self, columns: &mut BTreeSet<String>) {
        match self {
            Self::All(clauses) | Self::Any(clauses) => {
                for clause in clauses {
                    clause.add_number_columns(columns);
                }
            }
            Self::Not(clause) => clause.add_number_columns(columns),
            Self::Test { test: Test::Number { column, .. }, .. } => {
                columns.insert(column.clone());
            }
            Self::Test { .. } => {}
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
                Some(text) => truth(is.iter().any(|accepted| same(accepted, text))),
                None => Truth::Unknown(column.clone()),
            },
            Self::Number { column, below, at_least } => {
                let number = value(tables, site, column);
                // What is there and no number is a fault of the scenario (S144), told before anything is judged.
                let Some(number) = number.and_then(|text| Number::read(text).ok()) else {
                    return Truth::Unknown(column.clone());
                };
                let under = below.as_deref().is_none_or(|limit| compare(&number, limit).is_lt());
                let over = at_least.as_deref().is_none_or(|limit| compare(&number, limit).is_ge());
                truth(under && over)
            }
        }
    }
}

fn judge_rurality(accepted: &[String], site: &Site) -> Truth {
    let Some(known) = site.rurality else { return Truth::Unknown("rurality".to_owned()) };
    let class = site.rurality_class.as_deref().filter(|text| plain_word(text).is_none());
    let mut unknown = false;
    for text in accepted {
        if let Some(word) = plain_word(text) {
            if word == known {
                return Truth::Yes;
            }
        } else if class.is_some_and(|class| class.eq_ignore_ascii_case(text)) {
            return Truth::Yes;
        } else if class.is_none() {
            // Plainly rural may or may not be D1, but is surely not A1.
            unknown |= any_class(text) == Some(known);
        }
    }
    if unknown { Truth::Unknown("rurality".to_owned()) } else { Truth::No }
}

/// The site's value in a column, `None` when it is missing.
fn value<'a>(tables: &Tables, site: &'a Site, column: &str) -> Option<&'a str> {
    tables.site_cell(site, column).filter(|text| !tables.is_missing(text))
}

/// Whether two values are the same text or the same number: `25`, `25.0` and `2.5E+01` are one.
fn same(one: &str, other: &str) -> bool {
    let equal = |one: Number, other: Number| one.eq_value(&other);
    one == other || plain_number(one).zip(plain_number(other)).is_some_and(|(a, b)| equal(a, b))
}

/// The number that a text is. With a zero before other digits it is a code (`007`), and with thousands
/// separators or a pound sign it is only what it is as text.
fn plain_number(text: &str) -> Option<Number> {
    let digits = text.trim().trim_start_matches(['+', '-']).as_bytes();
    let is_code = digits.len() > 1 && digits[0] == b'0' && digits[1].is_ascii_digit();
    Number::read(text).ok().filter(|number| !is_code && !number.dressed)
}

/// How a number compares with a limit, exactly; limits were checked when the clause was made.
fn compare(number: &Number, limit: &str) -> Ordering {
    Number::read(limit).map_or(Ordering::Greater, |limit| number.compare(&limit))
}

const fn truth(holds: bool) -> Truth {
    if holds { Truth::Yes } else { Truth::No }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::Position;
    use crate::model::{SiteRow, TablesDraft};

    fn unknown(column: &str) -> Truth {
        Truth::Unknown(column.to_owned())
    }

    /// A clause whose truth for the site below is known beforehand.
    fn literal(truth: &Truth) -> Clause {
        let ids = |id: &str| Clause::Test {
            test: Test::Ids(vec![id.to_owned()]),
            missing: MissingPolicy::Unknown,
        };
        match truth {
            Truth::Yes => ids("A"),
            Truth::No => ids("B"),
            Truth::Unknown(_) => Clause::Test {
                test: Test::Region(vec!["north".to_owned()]),
                missing: MissingPolicy::Unknown,
            },
        }
    }

    fn tables(site: SiteRow) -> Tables {
        TablesDraft::default().site(site).build().unwrap()
    }

    fn site() -> SiteRow {
        SiteRow::new("A", "school", Position::lon_lat(-3.5, 50.7))
    }

    #[test]
    fn combinations_follow_the_three_valued_truth_tables() {
        let tables = tables(site());
        let judge = |clause: Clause| clause.judge(&tables, &tables.sites.rows[0]);
        let (yes, no, maybe) = (Truth::Yes, Truth::No, unknown("region"));
        // Kleene's tables: `all` is the least of its parts and `any` the greatest, No < Unknown < Yes.
        let all = [[&no, &no, &no], [&no, &maybe, &maybe], [&no, &maybe, &yes]];
        let any = [[&no, &maybe, &yes], [&maybe, &maybe, &yes], [&yes, &yes, &yes]];
        let values = [&no, &maybe, &yes];
        for (i, a) in values.into_iter().enumerate() {
            for (j, b) in values.into_iter().enumerate() {
                let pair = || vec![literal(a), literal(b)];
                assert_eq!(judge(Clause::All(pair())), *all[i][j], "{a:?} and {b:?}");
                assert_eq!(judge(Clause::Any(pair())), *any[i][j], "{a:?} or {b:?}");
            }
            let not = judge(Clause::Not(Box::new(literal(a))));
            assert_eq!(not, *[&yes, &maybe, &no][i], "not {a:?}");
        }
        assert_eq!(judge(Clause::everyone()), Truth::Yes);
        assert_eq!(judge(Clause::Any(Vec::new())), Truth::No);
    }

    #[test]
    fn a_missing_value_is_eligible_only_where_the_clause_says_so() {
        let tables = tables(site());
        let test = Test::Region(vec!["north".to_owned()]);
        let clause = Clause::Test { test, missing: MissingPolicy::Eligible };
        assert_eq!(clause.judge(&tables, &tables.sites.rows[0]), Truth::Yes);
    }

    #[test]
    fn numbers_compare_as_decimals_and_bad_ones_are_unknown() {
        let judge = |value: &str, below: Option<&str>, at_least: Option<&str>| {
            let tables = tables(site().value("speed", value));
            let owned = |limit: Option<&str>| limit.map(str::to_owned);
            let (below, at_least) = (owned(below), owned(at_least));
            let test = Test::Number { column: "speed".to_owned(), below, at_least };
            let clause = Clause::Test { test, missing: MissingPolicy::Unknown };
            clause.judge(&tables, &tables.sites.rows[0])
        };
        assert_eq!(judge("9.5", Some("30"), None), Truth::Yes);
        assert_eq!(judge("30", Some("30.0"), None), Truth::No);
        assert_eq!(judge("30", None, Some("30.000")), Truth::Yes);
        assert_eq!(judge("100", Some("30"), None), Truth::No);
        assert_eq!(judge("2.5E+01", None, Some("20")), Truth::Yes);
        assert_eq!(judge("1,025", Some("1025.5"), Some("1025")), Truth::Yes);
        assert_eq!(judge("29.9999999999999", Some("30"), None), Truth::Yes);
        assert_eq!(judge("", Some("30"), None), unknown("speed"));
        assert_eq!(judge("fast", Some("30"), None), unknown("speed"));
    }

    #[test]
    fn a_list_takes_numbers_as_numbers_and_all_else_as_text() {
        let judge = |value: &str, accepted: &str| {
            let tables = tables(site().value("speed", value));
            let test = Test::Is { column: "speed".to_owned(), is: vec![accepted.to_owned()] };
            let clause = Clause::Test { test, missing: MissingPolicy::Unknown };
            clause.judge(&tables, &tables.sites.rows[0])
        };
        for (value, accepted) in
            [("25", "25.0"), ("2.5E+01", "25"), ("25.00", "2.5e1"), ("-1", "-1.0"), ("0", "0.0")]
        {
            assert_eq!(judge(value, accepted), Truth::Yes, "{value} {accepted}");
        }
        for (value, accepted) in
            [("25", "26"), ("007", "7"), ("1,025", "1025"), ("fast", "25"), ("Fast", "fast")]
        {
            assert_eq!(judge(value, accepted), Truth::No, "{value} {accepted}");
        }
        assert_eq!(judge("007", "007"), Truth::Yes);
        assert_eq!(judge("", "25"), unknown("speed"));
    }

    #[test]
    fn a_plain_word_leaves_its_classes_open() {
        let judge = |rurality: &str, accepted: &str| {
            let tables = tables(site().rurality(rurality));
            let test = Test::Rurality(vec![accepted.to_owned()]);
            let clause = Clause::Test { test, missing: MissingPolicy::Unknown };
            clause.judge(&tables, &tables.sites.rows[0])
        };
        assert_eq!(judge("D1", "rural"), Truth::Yes);
        assert_eq!(judge("D1", "Urban"), Truth::No);
        assert_eq!(judge("D1", "d1"), Truth::Yes);
        assert_eq!(judge("D1", "E1"), Truth::No);
        assert_eq!(judge("Rural", "rural"), Truth::Yes);
        assert_eq!(judge("Rural", "D1"), unknown("rurality"));
        assert_eq!(judge("Urban", "D1"), Truth::No);
    }
}
