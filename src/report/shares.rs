//! Each site's pounds: the cost of every item shared equally by the buildings that use it.

use std::collections::BTreeMap;

use crate::plan::Plan;
use crate::report::Forest;
use crate::report::pennies::{PENNY, whole_pence};
use crate::units::Pence;

/// What each building and site costs.
///
/// An item (exchange, span or drop) is shared equally by the buildings whose route uses it; a
/// building's share is then rounded to whole pence by largest remainder, so that the shares add up
/// to the cost of the plan; within a building its connected sites share equally. Ties go to the lower
/// id. What no building uses is kept apart in [`unused`](Self::unused).
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct CostShares {
    /// Pence by building id.
    pub by_building: BTreeMap<String, Pence>,
    /// Pence by id of a connected site.
    pub by_site: BTreeMap<String, Pence>,
    /// Cost of items that no building uses.
    pub unused: Pence,
}

impl CostShares {
    /// The shares in a plan whose forest is given.
    #[must_use]
    pub fn of(plan: &Plan, forest: &Forest) -> Self {
        let exact = exact_shares(plan, forest);
        let mut used = Pence::ZERO;
        for root in forest.roots.iter().filter(|root| root.buildings > 0) {
            used += plan.exchanges[root.exchange].cost;
        }
        for span in forest.spans.iter().filter(|span| span.buildings > 0) {
            used += plan.spans[span.span].cost;
        }
        used += plan.drops.iter().map(|drop| drop.cost).sum();
        let ids: Vec<&str> = plan.drops.iter().map(|drop| drop.building.as_str()).collect();
        let pence = whole_pence(&exact, &ids, used.get());
        Self::from_pence(plan, &pence, plan.cost() - used)
    }

    fn from_pence(plan: &Plan, pence: &[i64], unused: Pence) -> Self {
        let mut shares = Self { unused, ..Self::default() };
        for (drop, &pence) in plan.drops.iter().zip(pence) {
            shares.by_building.insert(drop.building.clone(), Pence::new(pence));
            let parts = equal_parts(Pence::new(pence), drop.sites.len());
            for (site, part) in drop.sites.iter().zip(parts) {
                shares.by_site.insert(site.clone(), part);
            }
        }
        shares
    }

    /// The share of a site; nothing when it is not connected.
    #[must_use]
    pub fn site(&self, id: &str) -> Pence {
        self.by_site.get(id).copied().unwrap_or_default()
    }
}

/// Fixed-point share of each drop, in the order of the plan.
fn exact_shares(plan: &Plan, forest: &Forest) -> Vec<i128> {
    let per_user = |cost: Pence, users: usize| match i128::try_from(users) {
        Ok(users) if users > 0 => i128::from(cost.get()) * PENNY / users,
        _ => 0,
    };
    let at_root: Vec<i128> = forest
        .roots
        .iter()
        .map(|root| per_user(plan.exchanges[root.exchange].cost, root.buildings))
        .collect();
    let mut at_span: Vec<i128> = Vec::with_capacity(forest.spans.len());
    for span in &forest.spans {
        let before = span.before.map_or(at_root[span.root], |before| at_span[before]);
        at_span.push(before + per_user(plan.spans[span.span].cost, span.buildings));
    }
    let mut exact: Vec<i128> = vec![0; plan.drops.len()];
    for (place, drop) in plan.drops.iter().enumerate() {
        exact[place] = i128::from(drop.cost.get()) * PENNY;
    }
    for served in &forest.drops {
        exact[served.drop] += served.last.map_or(at_root[served.root], |last| at_span[last]);
    }
    exact
}

/// An amount of zero or more in equal whole-penny parts; the first parts take the odd pence.
fn equal_parts(amount: Pence, parts: usize) -> Vec<Pence> {
    let Ok(count) = i64::try_from(parts) else { return Vec::new() };
    if count == 0 {
        return Vec::new();
    }
    let (each, odd) = (amount.get() / count, amount.get() % count);
    (0..count).map(|part| Pence::new(each + i64::from(part < odd))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_parts_add_up() {
        let parts = equal_parts(Pence::new(11), 4);
        assert_eq!(parts, [3, 3, 3, 2].map(Pence::new));
        assert!(equal_parts(Pence::new(11), 0).is_empty());
    }
}
