//! How much of a pot's money may go where: the branches and pools that caps make.
//!
//! In: a case and its terms. Out: for each pot the branches of the forest whose sum is limited, and
//! for caps by group the pools that each item may draw from. The flow, the split and its rounding all
//! read caps from here.
//!
//! Money capped by site may pay for a building's own drop and path. So what a pot pays within any
//! branch of the forest is at most what the buildings of that branch bring; and that suffices, since
//! for any set of items the buildings that may pay them are those of the branches that hold it.

use std::collections::BTreeMap;

use crate::funding::ledger::Ledger;
use crate::funding::terms::Terms;
use crate::funding::{FundingCase, Pooling};
use crate::units::Pence;

/// The limits of one pot.
#[derive(Clone, Debug)]
pub(super) struct Limits {
    /// Branches, each after the one that holds it; the first is the whole pot.
    pub(super) branches: Vec<Branch>,
    /// By item: the smallest branch that holds it.
    pub(super) branch_of: Vec<u32>,
    /// With caps by group: the money of each group, at most that of the pot.
    pub(super) pools: Option<Pools>,
    /// With money by year of which a limited amount moves on: the most that does, from each year's branch to
    /// the next. Only a flow can keep to that; see [`Limits::with_carried`].
    pub(super) carry: Vec<i64>,
}

/// A part of the forest within which a pot may pay a limited amount.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct Branch {
    pub(super) limit: i64,
    /// The smallest branch that holds it; itself for the whole pot.
    pub(super) within: u32,
}

/// Money that groups of buildings bring.
#[derive(Clone, Debug)]
pub(super) struct Pools {
    pub(super) money: Vec<i64>,
    /// By item: the pools it may draw from, sorted.
    pub(super) of_item: Vec<Vec<u32>>,
}

impl Limits {
    /// The limits of every pot.
    pub(super) fn of(case: &FundingCase, terms: &Terms) -> Vec<Self> {
        (0..case.pots.len()).map(|pot| Self::of_pot(case, terms, pot)).collect()
    }

    fn of_pot(case: &FundingCase, terms: &Terms, pot: usize) -> Self {
        let whole = Branch { limit: terms.caps[pot], within: 0 };
        let mut limits = Self {
            branches: vec![whole],
            branch_of: vec![0; case.items.len()],
            pools: None,
            carry: Vec::new(),
        };
        match case.pots[pot].pooling {
            Pooling::Site => limits.add_branches(case, terms, pot),
            Pooling::Group => limits.pools = Some(Pools::of(case, terms, pot)),
            Pooling::Uncapped | Pooling::Programme => {}
        }
        if let Some(years) = &case.years
            && let Some(money) = &years.pots[pot].money
        {
            limits.add_years(&years.of_item, money);
        }
        limits
    }

    /// Adds a branch for the items of each year, or of all years up to each, where what is left moves on.
    ///
    /// Money by year comes with no branches or pools of other kinds (P155).
    fn add_years(&mut self, of_item: &[u8], money: &[(Pence, Option<Pence>)]) {
        let whole = self.branches[0].limit;
        let last = money.len().saturating_sub(1);
        let carries = &money[..last];
        if carries.iter().all(|(_, most)| most.is_none()) {
            // Up to a year no more than all money up to it: branches within each other, the last year first.
            let mut until: i64 = money.iter().map(|(own, _)| own.get()).sum();
            let mut branch_of = vec![0; money.len()];
            for year in (0..last).rev() {
                until -= money[year + 1].0.get();
                let within = u32::try_from(self.branches.len() - 1).unwrap_or(u32::MAX);
                self.branches.push(Branch { limit: until.min(whole), within });
                branch_of[year] = within + 1;
            }
            self.branch_of = of_item.iter().map(|&year| branch_of[usize::from(year)]).collect();
            return;
        }
        self.branches.extend(money.iter().map(|(own, _)| Branch { limit: own.get(), within: 0 }));
        self.branch_of = of_item.iter().map(|&year| u32::from(year) + 1).collect();
        if carries.iter().any(|(_, most)| *most != Some(Pence::ZERO)) {
            self.carry =
                carries.iter().map(|(_, most)| most.map_or(i64::MAX, Pence::get)).collect();
        }
    }

    /// The same limits where as much moves on from year to year as some payments need, and no more: those of
    /// years then stand each for itself.
    pub(super) fn with_carried(mut self, ledger: &Ledger, pot: usize) -> Self {
        let mut spent = vec![0_i64; self.carry.len() + 1];
        for (item, &branch) in self.branch_of.iter().enumerate() {
            if let Some(sum) = spent.get_mut((branch as usize).wrapping_sub(1)) {
                *sum += ledger.of(item, pot);
            }
        }
        for year in (1..spent.len()).rev() {
            let brought = (spent[year] - self.branches[year + 1].limit).max(0);
            self.branches[year + 1].limit += brought;
            self.branches[year].limit -= brought;
        }
        self.carry.clear();
        self
    }

    /// Adds a branch for each item beyond which the buildings bring less than its branch may spend.
    fn add_branches(&mut self, case: &FundingCase, terms: &Terms, pot: usize) {
        let brought = brought_below(case, terms, pot);
        for (item, &brought) in brought.iter().enumerate() {
            let within = case.parent(item).map_or(0, |parent| self.branch_of[parent]);
            self.branch_of[item] = if brought >= self.branches[within as usize].limit {
                within
            } else {
                self.branches.push(Branch { limit: brought, within });
                u32::try_from(self.branches.len() - 1).unwrap_or(u32::MAX)
            };
        }
    }
}

impl Pools {
    fn of(case: &FundingCase, terms: &Terms, pot: usize) -> Self {
        let eligible = case.drops.iter().zip(&terms.eligible).filter(|(_, pots)| pots.holds(pot));
        let mut money: BTreeMap<u32, i64> = BTreeMap::new();
        for (drop, _) in eligible.clone() {
            let pool = money.entry(drop.entitlement.group(pot)).or_default();
            *pool = pool.saturating_add(brings(drop.entitlement.cap(pot)));
        }
        let numbers: BTreeMap<u32, u32> = money.keys().copied().zip(0..).collect();
        let mut of_item = vec![Vec::new(); case.items.len()];
        for (drop, _) in eligible {
            let pool = numbers[&drop.entitlement.group(pot)];
            let mut item = Some(drop.item as usize);
            // A group that an item has met has met everything above it too.
            while let Some(here) = item.filter(|&here| !of_item[here].contains(&pool)) {
                of_item[here].push(pool);
                item = case.parent(here);
            }
        }
        for pools in &mut of_item {
            pools.sort_unstable();
        }
        let money = money.into_values().map(|money| money.min(terms.caps[pot])).collect();
        Self { money, of_item }
    }
}

/// What the eligible buildings that use each item bring from a pot.
fn brought_below(case: &FundingCase, terms: &Terms, pot: usize) -> Vec<i64> {
    let mut brought = vec![0_i64; case.items.len()];
    for (drop, eligible) in case.drops.iter().zip(&terms.eligible) {
        if eligible.holds(pot) {
            let sum = &mut brought[drop.item as usize];
            *sum = sum.saturating_add(brings(drop.entitlement.cap(pot)));
        }
    }
    for item in (0..brought.len()).rev() {
        if let Some(parent) = case.parent(item) {
            brought[parent] = brought[parent].saturating_add(brought[item]);
        }
    }
    brought
}

fn brings(cap: Option<Pence>) -> i64 {
    cap.map_or(i64::MAX, Pence::get)
}
