//! One plan as a forest of items with costs, and who hangs from it: numbers only.
//!
//! In: pots, items with the item towards the exchange, and the drops of the connected buildings. Out: a
//! [`FundingCase`], made by the optimiser from a tree in its own indices or from a plan by
//! [`fund()`](super::fund()). Nothing is decided here.

use crate::funding::{Entitlement, Pot, PotBar, YearlyPot};
use crate::model::PaysFor;
use crate::units::Pence;

/// What kind of thing an item is.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Ord, PartialOrd, Hash)]
pub enum ItemKind {
    /// Enabling an exchange.
    Exchange,
    /// Building a span.
    Span,
    /// Building a drop.
    Drop,
}

impl ItemKind {
    /// Whether a programme's rules allow it to pay for this sort.
    #[must_use]
    pub const fn is_paid(self, by: PaysFor) -> bool {
        match self {
            Self::Exchange => by.exchange,
            Self::Span => by.span,
            Self::Drop => by.drop,
        }
    }
}

/// A thing to be paid for.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct CaseItem {
    /// Its sort.
    pub kind: ItemKind,
    /// Its cost, zero or more.
    pub cost: Pence,
    /// The next item towards the exchange, an earlier one; `None` for an exchange.
    pub parent: Option<u32>,
}

/// The drop of a connected building.
#[derive(Clone, Copy, Debug)]
pub struct CaseDrop<'a> {
    /// Place of the drop among the items.
    pub item: u32,
    /// What the building's connected sites entitle the pots to.
    pub entitlement: &'a Entitlement,
}

/// Money from a pot for an item.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Ord, PartialOrd)]
pub struct CasePayment {
    /// Place of the item.
    pub item: u32,
    /// Place of the pot.
    pub pot: u32,
    /// Place of the drop whose cap or claim the money counts against, where that matters.
    pub drop: Option<u32>,
    /// How much.
    pub pence: Pence,
}

/// Why items are no forest that can be funded.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum CaseError {
    /// An item's parent does not come before it.
    #[error("the parent of item {0} does not come before it")]
    ParentAfterChild(u32),
    /// An item's cost is negative.
    #[error("the cost of item {0} is negative")]
    NegativeCost(u32),
    /// A drop is no item, or not one of that kind.
    #[error("item {0} is not a drop")]
    NotADrop(u32),
    /// The costs add up to more than can be counted.
    #[error("the costs add up to too much")]
    TooDear,
}

/// A fixed plan with the pots that are to pay for it.
#[derive(Clone, Debug)]
pub struct FundingCase<'a> {
    pub(super) pots: &'a [Pot],
    pub(super) bars: &'a [PotBar],
    pub(super) items: Vec<CaseItem>,
    pub(super) drops: Vec<CaseDrop<'a>>,
    pub(super) years: Option<CaseYears<'a>>,
}

/// When the items of a case are built, and the money of its pots by year.
#[derive(Clone, Debug)]
pub struct CaseYears<'a> {
    /// By item: the place of its year.
    pub of_item: Vec<u8>,
    /// Whether only buildings connected by the year of an item make pots eligible to pay for it.
    pub nested: bool,
    /// By pot.
    pub pots: &'a [YearlyPot],
}

/// The most that the items of a case may cost together; sums of a few such amounts fit.
const MOST: i64 = 1 << 60;

impl<'a> FundingCase<'a> {
    /// A case of items, each after its parent, and the drops of the connected buildings.
    ///
    /// # Errors
    ///
    /// [`CaseError`] when the items are not in such an order, a cost is negative, or a drop is not an
    /// item of that kind.
    pub fn new(
        pots: &'a [Pot],
        bars: &'a [PotBar],
        items: Vec<CaseItem>,
        drops: Vec<CaseDrop<'a>>,
    ) -> Result<Self, CaseError> {
        let mut total = 0_i64;
        for (place, item) in (0_u32..).zip(&items) {
            if item.parent.is_some_and(|parent| parent >= place) {
                return Err(CaseError::ParentAfterChild(place));
            }
            if item.cost < Pence::ZERO {
                return Err(CaseError::NegativeCost(place));
            }
            total = total.saturating_add(item.cost.get());
        }
        if total > MOST {
            return Err(CaseError::TooDear);
        }
        let is_drop = |drop: &&CaseDrop| {
            items.get(drop.item as usize).is_some_and(|item| item.kind == ItemKind::Drop)
        };
        if let Some(wrong) = drops.iter().find(|drop| !is_drop(drop)) {
            return Err(CaseError::NotADrop(wrong.item));
        }
        Ok(Self { pots, bars, items, drops, years: None })
    }

    /// The same case with years: each item is paid in its own.
    #[must_use]
    pub fn in_years(self, years: CaseYears<'a>) -> Self {
        Self { years: Some(years), ..self }
    }

    /// The cost of all items.
    #[must_use]
    pub fn cost(&self) -> Pence {
        self.items.iter().map(|item| item.cost).sum()
    }

    /// The items.
    #[must_use]
    pub fn items(&self) -> &[CaseItem] {
        &self.items
    }

    pub(super) fn parent(&self, item: usize) -> Option<usize> {
        self.items[item].parent.map(|parent| parent as usize)
    }
}
