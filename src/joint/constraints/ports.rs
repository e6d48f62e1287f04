//! An exchange serves no more buildings than it has ports.

use super::repair::{Counted, Repair, Stage};
use crate::joint::forest::Forest;

/// The ports of one exchange.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Ports {
    /// The edge that enables it; several exchanges may stand at one junction.
    pub edge: u32,
    /// The junction at which it stands.
    pub junction: u32,
    /// How many buildings it can serve.
    pub most: u32,
}

impl Ports {
    /// Whether a forest hangs as many buildings from the exchange as it has ports.
    pub fn are_used_up(&self, forest: &Forest) -> bool {
        self.most == 0
            || forest.parent_edge[self.junction as usize] == self.edge
                && forest.users_below(self.junction) >= self.most
    }

    /// Whether a forest hangs more buildings from the exchange than it has ports.
    pub fn is_overfull(&self, forest: &Forest) -> bool {
        forest.parent_edge[self.junction as usize] == self.edge
            && forest.users_below(self.junction) > self.most
    }

    /// What would make a forest keep them: while there are too few, a building that hangs from the
    /// exchange goes. Last, since buildings that join for other rules need ports too.
    pub fn repair(&self, stage: Stage, forest: &Forest) -> Option<Repair> {
        if stage != Stage::Last || !self.is_overfull(forest) {
            return None;
        }
        let on_it = |leaf: &u32| forest.exchange_of(*leaf) == Some(self.junction);
        let held = forest.held.iter().copied().filter(on_it);
        Some(Repair::TakeOut(held.map(|building| Counted { building, counts: 1 }).collect()))
    }
}
