//! A question as it is stated: the engine's instance, and what each of its nodes and edges stands for.

use super::scale::Scale;
use crate::engine::Instance;
use crate::funding::{ItemKind, PotSet};
use crate::ids::{BuildingIx, ExchangeIx, SpanIx};
use crate::joint::JointProblem;

/// What an edge of the instance stands for.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Ord, PartialOrd)]
pub enum EdgeItem {
    /// Enabling an exchange.
    Enable(ExchangeIx),
    /// Building a span; where its premises count, the half from its first end.
    Span(SpanIx),
    /// The other half of a span whose premises count: no item of its own.
    SecondHalf(SpanIx),
    /// Building the drop of a building.
    Drop(BuildingIx),
}

/// Why a building is closed: by a rule, or by what its group lacks.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Closed {
    /// Some other site of its group cannot be connected.
    Group,
    /// The shortest route is so many millimetres long.
    TooLong(u64),
    /// The route of fewest spans has so many.
    TooManySpans(u64),
}

/// What is known about one building before solving.
#[derive(Clone, Debug)]
pub struct BuildingTerms {
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
    /// What each edge of the instance stands for.
    pub edge_items: Vec<EdgeItem>,
    /// One entry a building of the prepared network.
    pub building_terms: Vec<BuildingTerms>,
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
        node(self.junctions + self.building_terms.len())
    }

    /// The building a node is, if it is one.
    #[must_use]
    pub fn building(&self, node: u32) -> Option<BuildingIx> {
        let place = (node as usize).checked_sub(self.junctions)?;
        (place < self.building_terms.len()).then(|| BuildingIx::new(place))
    }

    /// The span that an edge is, or is half of.
    #[must_use]
    pub fn span(&self, edge: u32) -> Option<SpanIx> {
        match self.edge_items[edge as usize] {
            EdgeItem::Span(span) | EdgeItem::SecondHalf(span) => Some(span),
            EdgeItem::Enable(_) | EdgeItem::Drop(_) => None,
        }
    }

    /// The instance as the search over several pots sees it.
    #[must_use]
    pub(crate) fn problem(&self) -> JointProblem<'_> {
        let kinds = self.edge_items.iter().map(|&meaning| kind_of(meaning)).collect();
        let mut payers = vec![None; self.instance.nodes()];
        for (place, terms) in self.building_terms.iter().enumerate() {
            if terms.open {
                payers[self.junctions + place] = Some(terms.payers);
            }
        }
        let halfway = node(self.junctions - self.halfway)..node(self.junctions);
        let problem = JointProblem::new(&self.instance, kinds, &payers, halfway);
        problem.valued(self.scale.charge(), self.scale.unit())
    }

    /// The node of a building.
    #[must_use]
    pub fn leaf(&self, building: BuildingIx) -> u32 {
        node(self.junctions + building.at())
    }
}

/// The kind of item an edge is.
const fn kind_of(meaning: EdgeItem) -> ItemKind {
    match meaning {
        EdgeItem::Drop(_) => ItemKind::Drop,
        EdgeItem::Span(_) | EdgeItem::SecondHalf(_) => ItemKind::Span,
        EdgeItem::Enable(_) => ItemKind::Exchange,
    }
}

/// The number of the node at a place.
#[allow(clippy::cast_possible_truncation)] // a question of more nodes than 32 bits count is refused
pub(super) const fn node(place: usize) -> u32 {
    place as u32
}
