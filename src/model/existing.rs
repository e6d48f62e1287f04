//! What stands already: items of an earlier plan that were built and paid by the end of a year.
//!
//! It stays as it is, at the prices it was paid, and everything else is built in later years. Plain names and
//! numbers, so that a scenario built in Rust can state it too.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::units::{Pence, Year};

/// A kind of thing that is built.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ItemSort {
    /// An exchange that is enabled.
    Exchange,
    /// A span.
    Span,
    /// The drop of a building.
    Drop,
}

/// When a thing was built, and for how much.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
pub struct Standing {
    /// The year.
    pub year: Year,
    /// What was paid for it.
    pub cost: Pence,
}

/// What a programme has paid for a thing that stands.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct PaidBefore {
    /// The kind of thing.
    pub sort: ItemSort,
    /// Its id.
    pub id: String,
    /// Id of the programme.
    pub programme: String,
    /// How much.
    pub pence: Pence,
}

/// All that stands by the end of a year.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct Existing {
    /// The last year that is over: nothing else is built in it or before.
    pub through: Year,
    /// Exchanges by id.
    pub exchanges: BTreeMap<String, Standing>,
    /// Spans by id.
    pub spans: BTreeMap<String, Standing>,
    /// Drops by the id of their building.
    pub drops: BTreeMap<String, Standing>,
    /// Who paid for it, sorted.
    pub payments: Vec<PaidBefore>,
}

impl Existing {
    /// Nothing, by the end of a year.
    #[must_use]
    pub fn nothing(through: Year) -> Self {
        let none = BTreeMap::new;
        Self { through, exchanges: none(), spans: none(), drops: none(), payments: Vec::new() }
    }

    /// Things of a kind.
    #[must_use]
    pub const fn of(&self, sort: ItemSort) -> &BTreeMap<String, Standing> {
        match sort {
            ItemSort::Exchange => &self.exchanges,
            ItemSort::Span => &self.spans,
            ItemSort::Drop => &self.drops,
        }
    }

    /// What a programme has paid in a year.
    #[must_use]
    pub fn paid(&self, programme: &str, year: Year) -> Pence {
        let own = self.payments.iter().filter(|own| own.programme == programme);
        let of_year = own.filter(|own| {
            self.of(own.sort).get(&own.id).is_some_and(|standing| standing.year == year)
        });
        of_year.map(|own| own.pence).sum()
    }
}
