//! The shares that each pot should bear of each item if money allowed.
//!
//! In: a case, who may pay for what, and a target. Out: by item and pot a share; the shares of an item
//! add up to one wherever anybody may pay for it.

use std::collections::BTreeMap;

use crate::funding::terms::Terms;
use crate::funding::{FundingCase, PotSet};

/// How the cost of an item should fall on its users; each user's part is shared equally by the pots
/// that may pay for the item and for which the user is eligible.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
#[non_exhaustive]
pub enum SplitTarget {
    /// Equally on every user eligible for a payer.
    #[default]
    PerUser,
    /// On users eligible for a payer in proportion to their weights; equally where they have none.
    ByWeight,
    /// Wholly on the first user eligible for a payer, so that each bears what it adds: by drop and by
    /// its sites, the place in the order. Among equals, equally.
    Incremental(Vec<Vec<u32>>),
}

/// Users of one item that are eligible for the same pots.
#[derive(Clone, Copy, Debug, Default)]
struct Crowd {
    users: f64,
    weight: f64,
    /// The first place in the order, and how many stand there.
    first: Option<(u32, f64)>,
}

impl Crowd {
    fn join(&mut self, other: Self) {
        self.users += other.users;
        self.weight += other.weight;
        self.first = match (self.first, other.first) {
            (Some(own), Some(theirs)) if own.0 == theirs.0 => Some((own.0, own.1 + theirs.1)),
            (Some(own), Some(theirs)) if theirs.0 < own.0 => Some(theirs),
            (own, theirs) => own.or(theirs),
        };
    }
}

/// Shares by item and pot, as the target wants them.
pub(super) fn shares(case: &FundingCase, terms: &Terms, target: &SplitTarget) -> Vec<Vec<f64>> {
    crowds(case, terms, target)
        .iter()
        .zip(&terms.payers)
        .map(|(crowds, &payers)| of_item(case.pots.len(), crowds, payers, target))
        .collect()
}

/// By item: its users by the pots they are eligible for.
fn crowds(case: &FundingCase, terms: &Terms, target: &SplitTarget) -> Vec<BTreeMap<PotSet, Crowd>> {
    let mut crowds: Vec<BTreeMap<PotSet, Crowd>> = vec![BTreeMap::new(); case.items.len()];
    for (place, (drop, eligible)) in case.drops.iter().zip(&terms.eligible).enumerate() {
        for (number, site) in drop.entitlement.sites.iter().enumerate() {
            let first = match target {
                SplitTarget::Incremental(order) => {
                    let sites = order.get(place);
                    let rank = sites.and_then(|sites| sites.get(number));
                    Some((rank.copied().unwrap_or(u32::MAX), 1.0))
                }
                _ => None,
            };
            let user = Crowd { users: 1.0, weight: site.weight.units(), first };
            let pots = site.eligible.and(*eligible);
            crowds[drop.item as usize].entry(pots).or_default().join(user);
        }
    }
    for item in (0..crowds.len()).rev() {
        if let Some(parent) = case.parent(item) {
            let (above, below) = crowds.split_at_mut(item);
            for (&pots, &crowd) in &below[0] {
                above[parent].entry(pots).or_default().join(crowd);
            }
        }
    }
    crowds
}

fn of_item(
    pots: usize,
    crowds: &BTreeMap<PotSet, Crowd>,
    payers: PotSet,
    target: &SplitTarget,
) -> Vec<f64> {
    let counted = || {
        let pairs = crowds.iter().map(|(pots, crowd)| (pots.and(payers), crowd));
        pairs.filter(|(pots, _)| !pots.is_empty())
    };
    let has_weight = counted().any(|(_, crowd)| crowd.weight > 0.0);
    let first = counted().filter_map(|(_, crowd)| crowd.first).map(|(rank, _)| rank).min();
    let part = |crowd: &Crowd| match target {
        SplitTarget::ByWeight if has_weight => crowd.weight,
        SplitTarget::Incremental(_) => {
            crowd.first.filter(|(rank, _)| Some(*rank) == first).map_or(0.0, |(_, users)| users)
        }
        SplitTarget::ByWeight | SplitTarget::PerUser => crowd.users,
    };
    let whole: f64 = counted().map(|(_, crowd)| part(crowd)).sum();
    let mut shares = vec![0.0; pots];
    for (bearers, crowd) in counted() {
        for pot in bearers.iter() {
            shares[pot] += part(crowd) / whole / count(bearers);
        }
    }
    shares
}

#[allow(clippy::cast_precision_loss)] // at most sixty-four
fn count(pots: PotSet) -> f64 {
    pots.len() as f64
}
