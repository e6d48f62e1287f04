//! The data of a page: columns of sites, exchanges and spans, packed (see `packed`).
//!
//! Every column says what it is called, how it is sorted and shown, and whether it is a filter; the script of the
//! page knows no more of plans than that.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::report::{At, NetworkLevel};
use crate::text::short;
use crate::units::Year;
use crate::write::html::packed::Packed;

/// The most characters of a name or reason on a page.
const SHOWN: usize = 300;

/// Text of a user's file as a page shows it.
pub(super) fn shown(text: &str) -> String {
    short(text, SHOWN).into_owned()
}

/// How a column is sorted and shown.
#[derive(Clone, Copy, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Sort {
    Text,
    Category,
    Set,
    Number,
    Money,
    Metres,
}

/// What is done with a column besides listing it.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Use {
    /// It stands in the table.
    Table,
    /// Rows can be filtered by it.
    Filter,
    /// It is told in the short text under the pointer.
    Brief,
    /// Lines can be coloured by it.
    Colour,
    /// Its cells hold long texts.
    Wide,
    /// Its values have an order of their own.
    Ordered,
    /// Its values are words joined by underscores.
    Token,
}

/// All that is done with a column.
pub(super) type Uses = &'static [Use];

/// A column of a table.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Column {
    key_name: &'static str,
    label: String,
    sort: Sort,
    uses: Uses,
    #[serde(skip_serializing_if = "Option::is_none")]
    values: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    members: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sets: Option<Vec<Vec<usize>>>,
    /// By value: the tone it is drawn in; -1 for none.
    #[serde(skip_serializing_if = "Option::is_none")]
    tones: Option<Vec<i32>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    data: Option<String>,
}

impl Column {
    fn new(key_name: &'static str, label: &str, sort: Sort, uses: Uses) -> Self {
        let label = label.to_owned();
        let (values, members, sets, tones, data) = (None, None, None, None, None);
        Self { key_name, label, sort, uses, values, members, sets, tones, data }
    }

    /// A column of texts that are mostly different.
    pub(super) fn texts<'a>(
        key_name: &'static str,
        label: &str,
        uses: Uses,
        rows: impl Iterator<Item = &'a str>,
    ) -> Self {
        let values = Some(rows.map(shown).collect());
        Self { values, ..Self::new(key_name, label, Sort::Text, uses) }
    }

    /// A column of few texts; values are in the order in which they are first met, unless they have one of their
    /// own.
    pub(super) fn category<'a>(
        key_name: &'static str,
        label: &str,
        uses: Uses,
        rows: impl Iterator<Item = &'a str>,
    ) -> Self {
        let mut known: BTreeMap<&str, usize> = BTreeMap::new();
        let mut values: Vec<String> = Vec::new();
        let mut data = Packed::default();
        for row in rows {
            let place = *known.entry(row).or_insert_with(|| {
                values.push(shown(row));
                values.len() - 1
            });
            data.count(place);
        }
        let own = Self::new(key_name, label, Sort::Category, uses);
        let tones = uses.contains(&Use::Colour).then(|| tones(values.len()));
        Self { values: Some(values), tones, data: Some(data.text()), ..own }
    }

    /// A column of sets of few things, given by place; a set without any is called `nothing`.
    pub(super) fn sets<'a>(
        key_name: &'static str,
        label: &str,
        uses: Uses,
        members: &[String],
        nothing: &str,
        rows: impl Iterator<Item = &'a [usize]> + Clone,
    ) -> Self {
        // Single ones come first, so that they have the same colour on every page.
        let mut sets: Vec<Vec<usize>> = rows.clone().map(<[usize]>::to_vec).collect();
        sets.sort_by(|a, b| (a.is_empty(), a.len(), a).cmp(&(b.is_empty(), b.len(), b)));
        sets.dedup();
        let places: BTreeMap<&[usize], usize> =
            sets.iter().enumerate().map(|(place, set)| (set.as_slice(), place)).collect();
        let mut data = Packed::default();
        for row in rows {
            data.count(places.get(row).copied().unwrap_or_default());
        }
        let member = |&place: &usize| members.get(place).map_or_else(String::new, |id| shown(id));
        let words = |set: &Vec<usize>| match set.as_slice() {
            [] => nothing.to_owned(),
            some => some.iter().map(member).collect::<Vec<_>>().join(" + "),
        };
        let mut own_tones = tones(sets.len());
        for (set, tone) in sets.iter().zip(&mut own_tones) {
            if set.is_empty() {
                *tone = -1;
            }
        }
        Self {
            values: Some(sets.iter().map(words).collect()),
            members: Some(members.iter().map(|id| shown(id)).collect()),
            tones: uses.contains(&Use::Colour).then_some(own_tones),
            data: Some(data.text()),
            sets: Some(sets),
            ..Self::new(key_name, label, Sort::Set, uses)
        }
    }

    /// A column of years, in order; `None` where no row has one.
    pub(super) fn years(
        label: &str,
        uses: Uses,
        rows: impl Iterator<Item = Option<Year>> + Clone,
    ) -> Option<Self> {
        let mut years: Vec<Year> = rows.clone().flatten().collect();
        years.sort_unstable();
        years.dedup();
        if years.is_empty() {
            return None;
        }
        let mut values: Vec<String> = years.iter().map(ToString::to_string).collect();
        values.push(String::new());
        let mut data = Packed::default();
        for row in rows {
            let place = row.and_then(|year| years.binary_search(&year).ok());
            data.count(place.unwrap_or(years.len()));
        }
        let tones = uses.contains(&Use::Colour).then(|| tones(values.len()));
        let own = Self::new("year", label, Sort::Category, uses);
        Some(Self { values: Some(values), tones, data: Some(data.text()), ..own })
    }

    /// A column of whole numbers, some of them missing.
    pub(super) fn numbers(
        key_name: &'static str,
        label: &str,
        sort: Sort,
        uses: Uses,
        rows: impl Iterator<Item = Option<i64>>,
    ) -> Self {
        let mut data = Packed::default();
        rows.for_each(|row| data.maybe(row));
        Self { data: Some(data.text()), ..Self::new(key_name, label, sort, uses) }
    }

    /// A column of few texts that are known beforehand; rows are their places.
    pub(super) fn fixed(
        key_name: &'static str,
        label: &str,
        uses: Uses,
        values: &[String],
        rows: impl Iterator<Item = usize>,
    ) -> Self {
        let mut data = Packed::default();
        rows.for_each(|row| data.count(row));
        Self {
            values: Some(values.iter().map(|value| shown(value)).collect()),
            tones: uses.contains(&Use::Colour).then(|| tones(values.len())),
            data: Some(data.text()),
            ..Self::new(key_name, label, Sort::Category, uses)
        }
    }
}

fn tones(count: usize) -> Vec<i32> {
    (0..8).cycle().take(count).collect()
}

/// Sites, as the page reads them.
#[derive(Clone, Debug, Serialize)]
pub(super) struct SitesData {
    pub id: Vec<String>,
    pub name: Vec<String>,
    pub at: String,
    pub states: Vec<StateMark>,
    pub state: String,
    /// The last span of each route, counted from 1; 0 for none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last: Option<String>,
    pub columns: Vec<Column>,
}

/// How sites of one state are marked on the map and in the legend.
#[derive(Clone, Debug, Serialize)]
pub(super) struct StateMark {
    pub label: String,
    /// `disc`, `square`, `diamond`, `cross`, `up` or `down`.
    pub mark: &'static str,
    /// The tone it is drawn in; -1 for none.
    pub tone: i32,
    pub hollow: bool,
}

impl StateMark {
    pub(super) fn new(label: &str, mark: &'static str, tone: i32, hollow: bool) -> Self {
        Self { label: label.to_owned(), mark, tone, hollow }
    }
}

/// Exchanges, as the page reads them.
#[derive(Clone, Debug, Serialize)]
pub(super) struct ExchangesData {
    pub id: Vec<String>,
    pub name: Vec<String>,
    pub at: String,
    pub used: String,
    pub columns: Vec<Column>,
}

/// Spans, as the page reads them.
#[derive(Clone, Debug, Serialize)]
pub(super) struct SpansData {
    pub count: usize,
    pub lines: String,
    /// How many places before each the span before it stands; 0 for none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub before: Option<String>,
    pub columns: Vec<Column>,
}

/// One level of the network, as the page reads it.
#[derive(Clone, Debug, Serialize)]
pub(super) struct LevelData {
    grid: i32,
    point_count: usize,
    points: String,
    stretch_count: usize,
    stretches: String,
}

impl From<&NetworkLevel> for LevelData {
    fn from(level: &NetworkLevel) -> Self {
        let mut stretches = Packed::default();
        let mut before = 0;
        for &[low, high] in &level.stretches {
            stretches.unsigned(u64::from(low - before));
            stretches.unsigned(u64::from(high - low));
            before = low;
        }
        Self {
            grid: level.grid,
            point_count: level.points.len(),
            points: places(level.points.iter().copied()),
            stretch_count: level.stretches.len(),
            stretches: stretches.text(),
        }
    }
}

/// Everything that the script of a page reads.
#[derive(Clone, Debug, Serialize)]
pub(super) struct PageData {
    pub sites: SitesData,
    pub exchanges: ExchangesData,
    pub spans: SpansData,
    pub network: Vec<LevelData>,
}

/// Places, each by its distance from the one before.
pub(super) fn places(rows: impl Iterator<Item = At>) -> String {
    let mut packed = Packed::default();
    let mut trail = Trail::default();
    rows.for_each(|at| trail.step(at, &mut packed));
    packed.text()
}

/// Lines, each as its number of points and their places.
pub(super) fn lines<'a>(rows: impl Iterator<Item = &'a [At]>) -> String {
    let mut packed = Packed::default();
    let mut trail = Trail::default();
    for line in rows {
        packed.count(line.len());
        for &at in line {
            trail.step(at, &mut packed);
        }
    }
    packed.text()
}

/// Places counted from 1, 0 for none.
pub(super) fn from_one(rows: impl Iterator<Item = Option<usize>>) -> String {
    let mut packed = Packed::default();
    rows.for_each(|row| packed.count(row.map_or(0, |place| place + 1)));
    packed.text()
}

/// Small whole numbers.
pub(super) fn small(rows: impl Iterator<Item = usize>) -> String {
    let mut packed = Packed::default();
    rows.for_each(|row| packed.count(row));
    packed.text()
}

#[derive(Default)]
struct Trail(At);

impl Trail {
    fn step(&mut self, at: At, packed: &mut Packed) {
        packed.signed(i64::from(at.0) - i64::from(self.0.0));
        packed.signed(i64::from(at.1) - i64::from(self.0.1));
        self.0 = at;
    }
}
