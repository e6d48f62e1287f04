//! A question as it is stated: the engine's instance, and what each of its nodes and edges stands for.

use super::scale::Scale;
use crate::engine::Instance;
use crate::funding::{ItemKind, PotSet};
use crate::ids::{BuildingIx, ExchangeIx, SpanIx};
use crate::joint::Terrain;

/// What an edge of the instance stands for.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Ord, PartialOrd)]
pub enum Meaning {
    /// Enabling an exchange.
    Enable(ExchangeIx),
    /// Building a span; where its premises count, the half from its first end.
    Span(SpanIx),
    /// The other half of a span whose premises count: no item of its own.
    Rest(SpanIx),
    /// Building the drop of a building.
    Drop(BuildingIx),
}

/// Why a rule, or what its group lacks, closes a building.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Closed {
    /// Some other site of its group cannot be connected.
    Group,
    /// The shortest route is so many millimetres long.
    TooLong(u64),
    /// The route of fewest spans has so many.
    TooManySpans(u64),
}

/// What is known of one building before solving.
#[derive(Clone, Debug)]
pub struct Prospect {
    /// Programmes with an eligible site in it.
    pub payers: PotSet,
    /// What it brings, in thousandths, by objective of the list.
    pub brings: Vec<i64>,
    /// The column whose missing value leaves eligibility unknown, where no programme is certain.
    pub unknown: Option<String>,
    /// Whether every site in it is forbidden.
    pub forbidden: bool,
    /// Whether it can be part of a plan at all.
    pub open: bool,
    /// The rule that closes it, where nothing else does.
    pub closed: Option<Closed>,
}

/// An instance with its meaning.
#[derive(Clone, Debug)]
pub struct Question {
    /// The numbers.
    pub instance: Instance,
    /// Meaning of each edge of the instance.
    pub meanings: Vec<Meaning>,
    /// One entry a building of the prepared network.
    pub prospects: Vec<Prospect>,
    /// Number of junctions and points halfway along spans: building `b` is node `junctions + b`.
    pub junctions: usize,
    /// How many of them are points halfway along spans; they come last.
    pub halfway: usize,
    /// How prizes are made from the list of objectives.
    pub scale: Scale,
    /// Buildings that are connected together or not at all.
    pub bundles: Vec<Vec<BuildingIx>>,
}

impl Question {
    /// The node of the first building.
    pub(crate) fn first_building(&self) -> u32 {
        node(self.junctions)
    }

    /// The node of the super-root.
    #[must_use]
    pub fn root(&self) -> u32 {
        node(self.junctions + self.prospects.len())
    }

    /// The building a node is, if it is one.
    #[must_use]
    pub fn building(&self, node: u32) -> Option<BuildingIx> {
        let place = (node as usize).checked_sub(self.junctions)?;
        (place < self.prospects.len()).then(|| BuildingIx::new(place))
    }

    /// The span that an edge is, or is half of.
    #[must_use]
    pub fn span(&self, edge: u32) -> Option<SpanIx> {
        match self.meanings[edge as usize] {
            Meaning::Span(span) | Meaning::Rest(span) => Some(span),
            Meaning::Enable(_) | Meaning::Drop(_) => None,
        }
    }

    /// The instance as the search over several pots sees it.
    #[must_use]
    pub(crate) fn terrain(&self) -> Terrain<'_> {
        let kinds = self.meanings.iter().map(|&meaning| kind_of(meaning)).collect();
        let mut payers = vec![None; self.instance.nodes()];
        for (place, prospect) in self.prospects.iter().enumerate() {
            if prospect.open {
                payers[self.junctions + place] = Some(prospect.payers);
            }
        }
        let halfway = node(self.junctions - self.halfway)..node(self.junctions);
        let terrain = Terrain::new(&self.instance, kinds, &payers, halfway);
        terrain.valued(self.scale.charge(), self.scale.unit())
    }

    /// The node of a building.
    #[must_use]
    pub fn leaf(&self, building: BuildingIx) -> u32 {
        node(self.junctions + building.at())
    }
}

/// The kind of item an edge is.
const fn kind_of(meaning: Meaning) -> ItemKind {
    match meaning {
        Meaning::Drop(_) => ItemKind::Drop,
        Meaning::Span(_) | Meaning::Rest(_) => ItemKind::Span,
        Meaning::Enable(_) => ItemKind::Exchange,
    }
}

/// The number of the node at a place.
#[allow(clippy::cast_possible_truncation)] // a question of more nodes than 32 bits count is refused
pub(super) const fn node(place: usize) -> u32 {
    place as u32
}
