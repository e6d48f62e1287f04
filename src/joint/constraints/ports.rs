//! An exchange serves no more buildings than it has ports.

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
}
