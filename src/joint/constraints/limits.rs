//! At least or at most a stated amount over some buildings: sites, weight, or pounds.

use std::collections::BTreeMap;

use super::reason::Reason;
use super::repair::{Counted, Repair, Stage};
use crate::joint::forest::Forest;
use crate::joint::problem::JointProblem;

/// A floor, a quota, or both.
pub struct Limit {
    /// By building: what it adds (weight in thousandths), or how many of its sites count (pounds).
    own: BTreeMap<u32, i64>,
    /// For pounds: how many sites each building has.
    sites: Option<BTreeMap<u32, i64>>,
    at_least: Option<i64>,
    at_most: Option<i64>,
}

/// The range of the amount, in thousandths.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct LimitRange {
    /// The floor.
    pub at_least: Option<i64>,
    /// The quota.
    pub at_most: Option<i64>,
}

impl Limit {
    /// A limit on weight: `own` says in thousandths what each building adds, where it adds something.
    pub fn on_weight(own: BTreeMap<u32, i64>, range: LimitRange) -> Self {
        let LimitRange { at_least, at_most } = range;
        Self { own, sites: None, at_least, at_most }
    }

    /// A limit on pounds: `own` says how many sites of each building count, of all its `sites`.
    pub fn on_pounds(
        own: BTreeMap<u32, i64>,
        sites: BTreeMap<u32, i64>,
        range: LimitRange,
    ) -> Self {
        let LimitRange { at_least, at_most } = range;
        Self { own, sites: Some(sites), at_least, at_most }
    }

    /// What a building adds to what is counted; nothing for those that do not count.
    pub fn own(&self, building: u32) -> i64 {
        self.own.get(&building).copied().unwrap_or(0)
    }

    /// What would make a forest keep it: above the quota a building that counts goes, below the floor one
    /// joins.
    pub fn repair(
        &self,
        stage: Stage,
        problem: &JointProblem<'_>,
        forest: &Forest,
    ) -> Option<Repair> {
        let counted = |building: u32, most: i64| {
            let counts = self.own(building).min(most);
            (counts > 0).then_some(Counted { building, counts })
        };
        match stage {
            Stage::Excess if self.exceeds(problem, forest) > 0 => {
                let held = forest.held.iter().filter_map(|&leaf| counted(leaf, i64::MAX));
                Some(Repair::TakeOut(held.collect()))
            }
            Stage::Lack => {
                // What goes beyond the floor counts for nothing.
                let lack = self.lacks(problem, forest);
                let most = i64::try_from(lack).unwrap_or(i64::MAX);
                let open = problem.buildings().filter(|&building| !forest.holds(building));
                let open = open.filter_map(|building| counted(building, most));
                (lack > 0).then(|| Repair::Join(open.collect()))
            }
            _ => None,
        }
    }

    /// By how much a forest lies below the floor.
    fn lacks(&self, problem: &JointProblem<'_>, forest: &Forest) -> i128 {
        let below = |least: i64| i128::from(least) - self.measure(problem, forest);
        self.at_least.map_or(0, |least| below(least).max(0))
    }

    /// By how much a forest lies above the quota.
    pub fn exceeds(&self, problem: &JointProblem<'_>, forest: &Forest) -> i128 {
        let above = |most: i64| self.measure(problem, forest) - i128::from(most);
        self.at_most.map_or(0, |most| above(most).max(0))
    }

    /// The floor, for what is counted in weight and not in pounds.
    pub fn floor(&self) -> Option<i64> {
        self.at_least.filter(|_| self.sites.is_none())
    }

    /// The quota, for what is counted in weight and not in pounds.
    pub fn quota(&self) -> Option<i64> {
        self.at_most.filter(|_| self.sites.is_none())
    }

    /// Whether a forest keeps it.
    pub fn allows(&self, problem: &JointProblem<'_>, forest: &Forest) -> bool {
        let held = self.measure(problem, forest);
        self.at_least.is_none_or(|least| held >= i128::from(least))
            && self.at_most.is_none_or(|most| held <= i128::from(most))
    }

    /// Whether taking some buildings out leaves the floor met, so far as that is known beforehand.
    pub fn spares(&self, problem: &JointProblem<'_>, forest: &Forest, buildings: &[u32]) -> bool {
        let Some(least) = self.at_least else { return true };
        let own: i128 = buildings.iter().map(|leaf| i128::from(self.own(*leaf))).sum();
        // What pounds fall by is not known beforehand.
        own == 0 || self.sites.is_some() || self.measure(problem, forest) - own >= i128::from(least)
    }

    /// Whether any forest of a part of the problem can keep it: `open` says which buildings are left,
    /// `held` which of them all its forests hold.
    pub fn is_possible(&self, open: &dyn Fn(u32) -> bool, held: &dyn Fn(u32) -> bool) -> bool {
        let sum = |among: &dyn Fn(u32) -> bool| -> i128 {
            let counted = self.own.iter().filter(|(leaf, _)| among(**leaf));
            counted.map(|(_, own)| i128::from(*own)).sum()
        };
        let enough = match self.sites {
            None => self.at_least.is_none_or(|least| sum(open) >= i128::from(least)),
            Some(_) => self.at_least.is_none_or(|least| least <= 0 || sum(open) > 0),
        };
        let not_too_much =
            self.sites.is_some() || self.at_most.is_none_or(|most| sum(held) <= i128::from(most));
        enough && not_too_much
    }

    /// Why no forest keeps it, whatever the money: `open` says which buildings a forest may hold, `held`
    /// which of them all hold. What pounds come to is not known beforehand.
    pub fn reasons(&self, open: &dyn Fn(u32) -> bool, held: &dyn Fn(u32) -> bool) -> Vec<Reason> {
        let sum = |among: &dyn Fn(u32) -> bool| -> i64 {
            self.own.iter().filter(|(leaf, _)| among(**leaf)).map(|(_, own)| *own).sum()
        };
        let (most, least) = (sum(open), sum(held));
        let floor = self.floor().filter(|&at_least| most < at_least);
        let quota = self.quota().filter(|&at_most| least > at_most);
        let floor = floor.map(|at_least| Reason::OutOfReach { at_least, most });
        floor.into_iter().chain(quota.map(|at_most| Reason::Exceeded { at_most, least })).collect()
    }

    fn measure(&self, problem: &JointProblem<'_>, forest: &Forest) -> i128 {
        match &self.sites {
            None => forest.held.iter().map(|leaf| i128::from(self.own(*leaf))).sum(),
            Some(sites) => self.pounds(problem, forest, sites),
        }
    }

    /// Pounds in thousandths: of each item the share of its users that count, to the nearest penny.
    fn pounds(
        &self,
        problem: &JointProblem<'_>,
        forest: &Forest,
        sites: &BTreeMap<u32, i64>,
    ) -> i128 {
        const PARTS: i128 = 1_000_000_000;
        let mut below: BTreeMap<u32, (i64, i64)> = BTreeMap::new();
        let mut parts: i128 = 0;
        for (node, _, above, cost) in forest.items(problem).into_iter().rev() {
            let (mut own, mut all) = below.remove(&node).unwrap_or_default();
            if let Some(sites) = sites.get(&node) {
                own += self.own(node);
                all += sites;
            }
            if all > 0 {
                parts += i128::from(cost) * i128::from(own) * PARTS / i128::from(all);
            }
            let sum = below.entry(above).or_default();
            *sum = (sum.0 + own, sum.1 + all);
        }
        (parts + PARTS / 2).div_euclid(PARTS) * 10
    }
}
