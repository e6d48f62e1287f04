//! The crossings of a network, as it keeps them.
//!
//! What input spans and links cross, by their places; found once, priced under any rate card.

use crate::model::Crossed;

/// Crossings of a network: each with the place of what crosses, sorted.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(super) struct Crossings {
    /// Of input spans, by their places in the tables.
    pub(super) of_inputs: Vec<(u32, Crossed)>,
    /// Of links and lead-ins, by their places in the network.
    pub(super) of_links: Vec<(u32, Crossed)>,
}

impl Crossings {
    /// Those of one input span or link.
    pub(super) fn of(all: &[(u32, Crossed)], place: u32) -> Vec<Crossed> {
        let first = all.partition_point(|(at, _)| *at < place);
        all[first..].iter().take_while(|(at, _)| *at == place).map(|(_, one)| *one).collect()
    }
}
