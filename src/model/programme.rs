//! Programmes: pots of money with rules, as data.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::model::Clause;
use crate::units::{Pence, Share, Year};

/// The money of a programme.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Budget {
    /// One sum for the whole time.
    Total(Pence),
    /// A sum a year; unspent money moves on where `carry_over` is set.
    ByYear {
        /// Money by year.
        by_year: BTreeMap<Year, Pence>,
        /// Whether unspent money moves to the next year.
        carry_over: bool,
    },
}

impl Budget {
    /// The sum over all years, before overhead.
    #[must_use]
    pub fn total(&self) -> Pence {
        match self {
            Self::Total(total) => *total,
            Self::ByYear { by_year, .. } => by_year.values().copied().sum(),
        }
    }
}

/// Which sorts of item a programme may pay for.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
pub struct PaysFor {
    /// Drops.
    pub drop: bool,
    /// Spans.
    pub span: bool,
    /// Enabling exchanges.
    pub exchange: bool,
}

impl Default for PaysFor {
    fn default() -> Self {
        Self { drop: true, span: true, exchange: true }
    }
}

/// The most a site may bring, by kind. A kind without a cap brings any amount.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize)]
pub struct Cap {
    /// For every kind not named in `by_kind`.
    pub any: Option<Pence>,
    /// By kind.
    pub by_kind: BTreeMap<String, Pence>,
}

impl Cap {
    /// The cap of a kind; `None` is no cap.
    #[must_use]
    pub fn of(&self, kind: &str) -> Option<Pence> {
        self.by_kind.get(kind).copied().or(self.any)
    }

    /// Whether nothing is capped.
    #[must_use]
    pub fn is_none(&self) -> bool {
        self.any.is_none() && self.by_kind.is_empty()
    }
}

/// What the money a site brings may be spent on.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum CapScope {
    /// Its own drop and path only.
    #[default]
    Site,
    /// Pooled with the sites that share its value in a column, for items the group uses.
    Group {
        /// Input column that names the group.
        column: String,
    },
    /// Pooled over the whole programme.
    Programme,
}

/// What the intervention rate is a share of.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum RateBasis {
    /// Each item by itself, rounded up to the penny.
    #[default]
    Item,
    /// All items the programme may pay for together, rounded down.
    Programme,
}

/// Another programme that may not pay beside this one.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct Bar {
    /// Id of the other programme.
    pub programme: String,
    /// On what they may not meet.
    pub scope: BarScope,
}

/// On what two programmes may not meet.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum BarScope {
    /// One item is paid by at most one of them.
    #[default]
    Item,
    /// One site is claimed by at most one of them, and only claims make eligible.
    Site,
}

/// A pot of money with rules.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct Programme {
    /// Unique id.
    pub id: String,
    /// Name; the id where none is given.
    pub name: String,
    /// The money.
    pub budget: Budget,
    /// Who may be paid for.
    pub eligible: Clause,
    /// Sorts of item it may pay for.
    pub pays_for: PaysFor,
    /// The most a site may bring.
    pub cap: Cap,
    /// What that money may be spent on.
    pub cap_scope: CapScope,
    /// The largest share it may pay.
    pub intervention_rate: Share,
    /// What that is a share of.
    pub rate_basis: RateBasis,
    /// The least share of an item's users that must be eligible.
    pub min_share: Share,
    /// The share of the budget that administration takes.
    pub overhead: Share,
    /// Programmes that may not pay beside it.
    pub not_with: Vec<Bar>,
    /// First and last year in which it may pay; `None` is all years.
    pub window: Option<(Year, Year)>,
    /// It pays nothing unless so many eligible sites are connected.
    pub min_sites: u32,
    /// Whether missing `min_sites` makes the plan invalid instead.
    pub min_sites_required: bool,
    /// Name of the preset that its rules come from, for reports; the rules above are what counts.
    #[serde(skip)]
    pub preset: Option<String>,
    /// What that preset says and where it has it from, for reports.
    #[serde(skip)]
    pub preset_terms: Option<PresetTerms>,
}

/// The published rules that a preset stands for, in words.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct PresetTerms {
    /// Its rules.
    pub says: String,
    /// Where each figure is published.
    pub sources: Vec<String>,
    /// What no source states.
    pub assumed: String,
}

impl Programme {
    /// A programme with a budget for everybody, without further rules.
    #[must_use]
    pub fn new(id: &str, budget: Pence) -> Self {
        Self {
            id: id.to_owned(),
            name: id.to_owned(),
            budget: Budget::Total(budget),
            eligible: Clause::everyone(),
            pays_for: PaysFor::default(),
            cap: Cap::default(),
            cap_scope: CapScope::default(),
            intervention_rate: Share::ONE,
            rate_basis: RateBasis::default(),
            min_share: Share::ZERO,
            overhead: Share::ZERO,
            not_with: Vec::new(),
            window: None,
            min_sites: 0,
            min_sites_required: false,
            preset: None,
            preset_terms: None,
        }
    }

    /// The money it can spend on items: the budget less overhead, rounded down.
    #[must_use]
    pub fn available(&self) -> Pence {
        let total = self.budget.total();
        total - self.overhead.of_rounded_up(total)
    }
}
