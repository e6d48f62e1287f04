//! The terms of a fixed plan: who may pay for which item, and how much each pot can give.
//!
//! In: a case and what a search for barred pairs has decided so far. Out: [`Terms`], from which the
//! flow, the set condition and the split all start, so that they cannot differ on the rules.

use crate::funding::{FundingCase, Pooling, PotSet};
use crate::model::RateBasis;
use crate::units::Pence;

/// What is decided about pairs of pots that may not meet.
#[derive(Clone, Debug)]
pub(super) struct Stance {
    /// By drop: pots that do not claim the building.
    pub(super) unclaimed: Vec<PotSet>,
    /// By item: pots that leave it to the other of a pair.
    pub(super) left: Vec<PotSet>,
}

impl Stance {
    /// Nothing is decided.
    pub(super) fn open(case: &FundingCase) -> Self {
        Self {
            unclaimed: vec![PotSet::EMPTY; case.drops.len()],
            left: vec![PotSet::EMPTY; case.items.len()],
        }
    }
}

/// A pot that must have more eligible sites in any valid plan.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct TooFewSites {
    /// Place of the pot.
    pub pot: usize,
    /// Eligible sites connected.
    pub connected: u32,
    /// Eligible sites it requires.
    pub required: u32,
}

/// Who may pay for what, and how much.
#[derive(Clone, Debug)]
pub(super) struct Terms {
    /// By drop: the pots that any of its sites is eligible for.
    pub(super) eligible: Vec<PotSet>,
    /// By item: the pots that may pay for it.
    pub(super) payers: Vec<PotSet>,
    /// By pot: the most it can give in all.
    pub(super) caps: Vec<i64>,
}

impl Terms {
    /// The terms of a case under a stance.
    pub(super) fn of(case: &FundingCase, stance: &Stance) -> Result<Self, TooFewSites> {
        let users = Users::of(case, stance);
        let open = open_pots(case, &users.in_all)?;
        let payers: Vec<PotSet> =
            (0..case.items.len()).map(|item| users.payers(case, item).and(open)).collect();
        let eligible: Vec<PotSet> = case
            .drops
            .iter()
            .zip(&stance.unclaimed)
            .map(|(drop, unclaimed)| {
                let shut = shut(case, drop.item as usize);
                drop.entitlement.eligible().minus(*unclaimed).minus(shut).and(open)
            })
            .collect();
        let caps = (0..case.pots.len())
            .map(|pot| if open.holds(pot) { cap(case, pot, &payers, &eligible) } else { 0 })
            .collect();
        // A pot that leaves an item to another still counts it among those it may pay for.
        let payers = payers.iter().zip(&stance.left).map(|(payers, left)| payers.minus(*left));
        let payers = payers.collect();
        Ok(Self { eligible, payers, caps })
    }

    /// The most a pot may pay of an item by its rate; the item is one it may pay for.
    pub(super) fn ceiling(case: &FundingCase, pot: usize, item: usize) -> i64 {
        case.pots[pot].ceiling(case.items[item].cost).get()
    }
}

impl FundingCase<'_> {
    /// By item: the pots that may pay for it, with bars left aside.
    ///
    /// # Errors
    ///
    /// [`TooFewSites`] when a pot requires more eligible sites.
    pub fn payers(&self) -> Result<Vec<PotSet>, TooFewSites> {
        Ok(Terms::of(self, &Stance::open(self))?.payers)
    }
}

/// The pots that have the eligible sites they ask for.
fn open_pots(case: &FundingCase, connected: &[u32]) -> Result<PotSet, TooFewSites> {
    let mut open = PotSet::EMPTY;
    for (place, (pot, &connected)) in case.pots.iter().zip(connected).enumerate() {
        if connected >= pot.min_sites {
            open = open.union(PotSet::of([place]));
        } else if pot.min_sites_required {
            return Err(TooFewSites { pot: place, connected, required: pot.min_sites });
        }
    }
    Ok(open)
}

/// The most a pot can give: its money, its share of all it may pay for, its pooled caps.
fn cap(case: &FundingCase, place: usize, payers: &[PotSet], eligible: &[PotSet]) -> i64 {
    let pot = &case.pots[place];
    let mut cap = pot.available.get().max(0);
    if pot.basis == RateBasis::Programme {
        let may_pay = case.items.iter().zip(payers).filter(|(_, payers)| payers.holds(place));
        let cost: Pence = may_pay.map(|(item, _)| item.cost).sum();
        cap = cap.min(pot.rate.of_rounded_down(cost).get());
    }
    if pot.pooling == Pooling::Programme {
        let brings = case.drops.iter().zip(eligible).filter(|(_, pots)| pots.holds(place));
        let pooled = brings.map(|(drop, _)| drop.entitlement.cap(place));
        let pooled =
            pooled.fold(0_i64, |sum, cap| sum.saturating_add(cap.map_or(i64::MAX, Pence::get)));
        cap = cap.min(pooled);
    }
    cap
}

/// Connected sites by item and pot.
struct Users {
    pots: usize,
    /// By item and pot: users eligible for the pot.
    eligible: Vec<u32>,
    /// By item: users.
    all: Vec<u32>,
    /// By pot: eligible sites in the whole plan.
    in_all: Vec<u32>,
}

impl Users {
    fn of(case: &FundingCase, stance: &Stance) -> Self {
        let pots = case.pots.len();
        let mut users = Self {
            pots,
            eligible: vec![0; case.items.len() * pots],
            all: vec![0; case.items.len()],
            in_all: vec![0; pots],
        };
        match &case.years {
            Some(years) if years.nested => {
                // Year by year: an item's users are those there are by its own year.
                let last = years.of_item.iter().copied().max().unwrap_or(0);
                for now in 0..=last {
                    let mut until = users.none();
                    until.count(case, stance, |year| year <= now);
                    until.gather(case);
                    for (item, _) in
                        years.of_item.iter().enumerate().filter(|(_, own)| **own == now)
                    {
                        users.all[item] = until.all[item];
                        let row = item * pots..(item + 1) * pots;
                        users.eligible[row.clone()].copy_from_slice(&until.eligible[row]);
                    }
                    users.in_all = until.in_all;
                }
            }
            _ => {
                users.count(case, stance, |_| true);
                users.gather(case);
            }
        }
        users
    }

    fn none(&self) -> Self {
        Self {
            pots: self.pots,
            eligible: vec![0; self.eligible.len()],
            all: vec![0; self.all.len()],
            in_all: vec![0; self.pots],
        }
    }

    /// Counts the sites of drops in some years at their drops; a pot counts those connected while it may pay.
    fn count(&mut self, case: &FundingCase, stance: &Stance, counts: impl Fn(u8) -> bool) {
        let pots = self.pots;
        for (drop, &unclaimed) in case.drops.iter().zip(&stance.unclaimed) {
            let item = drop.item as usize;
            let year = case.years.as_ref().map(|years| years.of_item[item]);
            if !year.is_none_or(&counts) {
                continue;
            }
            let shut = shut(case, item);
            for site in &drop.entitlement.sites {
                self.all[item] += 1;
                let eligible = site.eligible.minus(unclaimed).minus(shut);
                for pot in eligible.iter().take_while(|&pot| pot < pots) {
                    self.eligible[item * pots + pot] += 1;
                    self.in_all[pot] += 1;
                }
            }
        }
    }

    /// Adds the users of every item to the one towards its exchange.
    fn gather(&mut self, case: &FundingCase) {
        let pots = self.pots;
        // Parents come before their items, so backwards every item is complete when it is added up.
        for item in (0..case.items.len()).rev() {
            if let Some(parent) = case.parent(item) {
                self.all[parent] += self.all[item];
                for pot in 0..pots {
                    self.eligible[parent * pots + pot] += self.eligible[item * pots + pot];
                }
            }
        }
    }

    /// The pots that an item's users and their own rules allow to pay for it.
    fn payers(&self, case: &FundingCase, item: usize) -> PotSet {
        let kind = case.items[item].kind;
        let all = u64::from(self.all[item]);
        let may_pay = PotSet::of((0..self.pots).filter(|&pot| {
            let rules = &case.pots[pot];
            let eligible = u64::from(self.eligible[item * self.pots + pot]);
            let share_is_met =
                eligible * 1_000_000 >= u64::from(rules.min_share.millionths()) * all;
            eligible > 0 && share_is_met && kind.is_paid(rules.pays_for)
        }));
        may_pay.minus(shut(case, item))
    }
}

/// The pots that may not pay in the year of an item.
fn shut(case: &FundingCase, item: usize) -> PotSet {
    let Some(years) = &case.years else { return PotSet::EMPTY };
    let year = years.of_item[item];
    PotSet::of((0..case.pots.len()).filter(|&pot| !years.pots[pot].is_open(year)))
}
