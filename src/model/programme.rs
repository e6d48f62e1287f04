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
        /// How much of a year's unspent money moves to the next.
        carry_over: CarryOver,
    },
}

/// How much of a year's unspent money moves to the next.
///
/// Both limits are those of budgets that are carried forward by rule (as HM Treasury's Budget Exchange): a
/// share is one of the year's own budget, not of what is left of it.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum CarryOver {
    /// None of it.
    #[default]
    None,
    /// All of it.
    All,
    /// At most this share of the year's own budget, rounded down to the penny.
    Share(Share),
    /// At most this sum.
    AtMost(Pence),
}

impl CarryOver {
    /// The most that moves on from a year with such a budget; `None` is any amount.
    #[must_use]
    pub fn most(self, budget: Pence) -> Option<Pence> {
        match self {
            Self::None => Some(Pence::ZERO),
            Self::All => None,
            Self::Share(share) => Some(share.of_rounded_down(budget)),
            Self::AtMost(most) => Some(most),
        }
    }
}

/// `true` and `false` stand for all and none, as in `scenario.toml`.
impl Serialize for CarryOver {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::None => serializer.serialize_bool(false),
            Self::All => serializer.serialize_bool(true),
            Self::Share(share) => {
                serializer.serialize_newtype_variant("CarryOver", 0, "share", share)
            }
            Self::AtMost(most) => {
                serializer.serialize_newtype_variant("CarryOver", 1, "at_most", most)
            }
        }
    }
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

    /// The sum stated for a year, before overhead; `None` where one sum is stated for the whole time.
    #[must_use]
    pub fn in_year(&self, year: Year) -> Option<Pence> {
        match self {
            Self::Total(_) => None,
            Self::ByYear { by_year, .. } => {
                Some(by_year.get(&year).copied().unwrap_or(Pence::ZERO))
            }
        }
    }

    /// The same budget with another sum over all years, to the penny. Years keep their parts of it: each is
    /// rounded so that the sum up to any year is its part rounded down. Years without any money share alike.
    #[must_use]
    pub fn scaled(&self, total: Pence) -> Self {
        let Self::ByYear { by_year, carry_over } = self else { return Self::Total(total) };
        let own: i128 = by_year.values().map(|year| i128::from(year.get())).sum();
        let part = |year: Pence| if own == 0 { 1 } else { i128::from(year.get()) };
        let all: i128 = by_year.values().map(|&year| part(year)).sum();
        let (mut before, mut given) = (0, 0);
        let scaled = by_year.iter().map(|(&year, &pence)| {
            before += part(pence);
            let until = (i128::from(total.get()) * before).div_euclid(all);
            let now = until - given;
            given = until;
            // No part of a total is more than the total.
            (year, Pence::new(i64::try_from(now).unwrap_or(total.get())))
        });
        Self::ByYear { by_year: scaled.collect(), carry_over: *carry_over }
    }

    /// The same budget with so much more in all; of several years each keeps its part, and none has less.
    #[must_use]
    pub fn raised(&self, more: Pence) -> Self {
        self.scaled(self.total() + more)
    }

    /// The same budget with more money, in every year, than anything costs.
    #[must_use]
    pub fn unlimited(&self) -> Self {
        match self {
            Self::Total(_) => Self::Total(ENDLESS),
            Self::ByYear { by_year, carry_over } => Self::ByYear {
                by_year: by_year.keys().map(|&year| (year, ENDLESS)).collect(),
                carry_over: *carry_over,
            },
        }
    }
}

/// More than anything costs; the sum of a thousand such budgets still fits.
const ENDLESS: Pence = Pence::new(1 << 50);

/// Which kinds of item a programme may pay for.
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
        self.after_overhead(self.budget.total())
    }

    /// The money it can spend on items by year, and the most of it that moves on from each year (`None` is
    /// any amount); nothing where one sum is stated for the whole time. The years add up to
    /// [`available`](Self::available): each is rounded so that all up to it are.
    #[must_use]
    pub fn available_by_year(&self, years: &[Year]) -> Option<Vec<(Pence, Option<Pence>)>> {
        let Budget::ByYear { carry_over, .. } = &self.budget else { return None };
        let (mut before, mut given) = (Pence::ZERO, Pence::ZERO);
        let of_year = years.iter().map(|&year| {
            before += self.budget.in_year(year).unwrap_or(Pence::ZERO);
            let until = self.after_overhead(before);
            let own = until - given;
            given = until;
            (own, carry_over.most(own))
        });
        Some(of_year.collect())
    }

    /// Whether it may pay in a year.
    #[must_use]
    pub fn is_open_in(&self, year: Year) -> bool {
        self.window.is_none_or(|(first, last)| first <= year && year <= last)
    }

    fn after_overhead(&self, money: Pence) -> Pence {
        money - self.overhead.of_rounded_up(money)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Random;

    fn by_year(pence: &[i64]) -> Budget {
        let years = (2019..).map(|start| Year { start, financial: true });
        let by_year = years.zip(pence.iter().map(|&pence| Pence::new(pence))).collect();
        Budget::ByYear { by_year, carry_over: CarryOver::All }
    }

    fn pence(budget: &Budget) -> Vec<i64> {
        match budget {
            Budget::Total(total) => vec![total.get()],
            Budget::ByYear { by_year, .. } => by_year.values().map(|year| year.get()).collect(),
        }
    }

    #[test]
    fn budgets_keep_their_years_and_add_up_to_the_penny() {
        let mut random = Random::new(12);
        for _ in 0..1_000 {
            let own: Vec<i64> = (0..=random.place(5)).map(|_| random.between(0, 9_999)).collect();
            let budget = by_year(&own);
            let total = Pence::new(random.between(0, 30_000));
            let scaled = budget.scaled(total);
            assert_eq!((scaled.total(), pence(&scaled).len()), (total, own.len()));
            assert!(pence(&scaled).iter().all(|&year| year >= 0));
            assert_eq!(budget.scaled(budget.total()), budget, "its own sum changes nothing");
            let more = Pence::new(random.between(0, 5_000));
            let raised = budget.raised(more);
            assert_eq!(raised.total(), budget.total() + more);
            assert!(pence(&raised).iter().zip(&own).all(|(new, old)| new >= old), "{own:?} {more}");
        }
    }

    #[test]
    fn a_budget_of_one_sum_stays_one_and_empty_years_share_alike() {
        let one = Budget::Total(Pence::new(70));
        assert_eq!(one.raised(Pence::new(5)), Budget::Total(Pence::new(75)));
        assert_eq!(one.in_year(Year { start: 2019, financial: true }), None);
        assert_eq!(pence(&by_year(&[0, 0, 0]).scaled(Pence::new(10))), [3, 3, 4]);
        let year = |start| Year { start, financial: true };
        let budget = by_year(&[10, 20]);
        assert_eq!(budget.in_year(year(2020)), Some(Pence::new(20)));
        assert_eq!(budget.in_year(year(2030)), Some(Pence::ZERO));
        assert_eq!(pence(&budget.scaled(Pence::new(10))), [3, 7]);
        assert_eq!(pence(&budget.unlimited()), [1 << 50, 1 << 50]);
    }
}
