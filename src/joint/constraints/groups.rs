//! Buildings that are connected together or not at all.

use std::collections::BTreeMap;

use super::repair::{Repair, Stage};
use crate::joint::forest::Forest;

/// Groups of buildings, no building in two of them.
#[derive(Default)]
pub struct Groups {
    /// Each list sorted.
    groups: Vec<Vec<u32>>,
    group_of: BTreeMap<u32, usize>,
}

impl Groups {
    /// Some groups, none of which share a building.
    pub fn new(mut groups: Vec<Vec<u32>>) -> Self {
        for group in &mut groups {
            group.sort_unstable();
        }
        let places = groups.iter().enumerate();
        let group_of =
            places.flat_map(|(place, group)| group.iter().map(move |&leaf| (leaf, place)));
        Self { group_of: group_of.collect(), groups }
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.groups.is_empty()
    }

    /// Whether a forest holds each group whole or not at all.
    pub fn allow(&self, forest: &Forest) -> bool {
        let is_whole = |group: &Vec<u32>| {
            let held = group.iter().filter(|&&leaf| forest.holds(leaf)).count();
            held == 0 || held == group.len()
        };
        self.groups.iter().all(is_whole)
    }

    /// What would make a forest keep them: buildings held without their group are joined by it.
    pub fn repair(&self, stage: Stage, forest: &Forest) -> Option<Repair> {
        if stage != Stage::Groups {
            return None;
        }
        let alone = |leaf: &&u32| !self.with(leaf).iter().all(|&other| forest.holds(other));
        Some(Repair::Complete(forest.held.iter().filter(alone).copied().collect()))
    }

    /// The buildings that are connected together with one, itself among them.
    pub fn with<'a>(&'a self, building: &'a u32) -> &'a [u32] {
        match self.group_of.get(building) {
            Some(&place) => &self.groups[place],
            None => std::slice::from_ref(building),
        }
    }

    /// Whether any forest of a part of the problem can keep them: `open` says which buildings are left,
    /// `held` which of them all its forests hold.
    pub fn are_possible(&self, open: &dyn Fn(u32) -> bool, held: &dyn Fn(u32) -> bool) -> bool {
        let is_possible = |group: &Vec<u32>| {
            group.iter().all(|&leaf| open(leaf)) || !group.iter().any(|&leaf| held(leaf))
        };
        self.groups.iter().all(is_possible)
    }

    /// Whether a building shares a group with one of some others: what becomes of these becomes of it.
    pub fn follow(&self, building: u32, among: &dyn Fn(u32) -> bool) -> bool {
        self.with(&building).iter().any(|&other| other != building && among(other))
    }
}
