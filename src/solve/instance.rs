//! From a prepared network to the engine's instance, and what each of its edges stands for.
//!
//! Junctions keep their places; then come the buildings, each a leaf on its junction by its drop; the
//! super-root comes last, joined to each exchange by an edge of the exchange's price. So a tree holding
//! the super-root is a forest with one enabled exchange a tree.

use crate::engine::{Demand, Goal, Instance};
use crate::error::Error;
use crate::ids::{BuildingIx, ExchangeIx, SpanIx};
use crate::model::{Scenario, Truth};
use crate::network::Prepared;
use crate::units::{Pence, Weight};

/// What an edge of the instance stands for.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Ord, PartialOrd)]
pub enum Meaning {
    /// Enabling an exchange.
    Enable(ExchangeIx),
    /// Building a span.
    Span(SpanIx),
    /// Building the drop of a building.
    Drop(BuildingIx),
}

/// What is known of one building before solving.
#[derive(Clone, Debug)]
pub struct Prospect {
    /// Programmes with an eligible site in it, as a bit set by place.
    pub payers: u64,
    /// Coverage it brings under the first objective.
    pub weight: Weight,
    /// The column whose missing value leaves eligibility unknown, where no programme is certain.
    pub unknown: Option<String>,
    /// Whether every site in it is forbidden.
    pub forbidden: bool,
    /// Whether it can be part of a plan at all.
    pub open: bool,
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
    /// Number of junctions: building `b` is node `junctions + b`.
    pub junctions: usize,
}

impl Question {
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

    /// The node of a building.
    #[must_use]
    pub fn leaf(&self, building: BuildingIx) -> u32 {
        node(self.junctions + building.at())
    }
}

/// States a scenario over its prepared network in numbers: most of the first weight for all the money
/// of all programmes together (the merged pot, which is never less than any plan can spend).
///
/// # Errors
///
/// When a price cannot be made (a method that the rate card does not name).
pub fn question(prepared: &Prepared, scenario: &Scenario) -> Result<Question, Error> {
    let junctions = prepared.junctions.len();
    let prospects: Vec<Prospect> = (0..prepared.buildings.len())
        .map(|place| prospect(prepared, scenario, BuildingIx::new(place)))
        .collect();
    let budget: Pence = scenario.programmes.iter().map(|programme| programme.available()).sum();
    let goal = Goal::MostPrize { budget: budget.get() };
    let mut instance = Instance::new(junctions + prospects.len() + 1, goal);
    let mut meanings = Vec::with_capacity(prepared.spans.len() + prospects.len());

    for (place, span) in prepared.spans.iter().enumerate() {
        let [u, v] = span.ends;
        if u != v {
            let cost = prepared.price(span, scenario)?;
            instance.add_edge(u.0, v.0, cost.get());
            meanings.push(Meaning::Span(SpanIx::new(place)));
        }
    }
    for (place, prospect) in prospects.iter().enumerate() {
        let leaf = junctions + place;
        let building = &prepared.buildings[place];
        instance.prizes[leaf] = prospect.weight.thousandths();
        instance.demands[leaf] = demand(prepared, scenario, BuildingIx::new(place), prospect);
        if let (true, Some(junction)) = (prospect.open, building.junction) {
            instance.add_edge(junction.0, node(leaf), prepared.drop(building, scenario).get());
            meanings.push(Meaning::Drop(BuildingIx::new(place)));
        }
    }
    let root = node(junctions + prospects.len());
    instance.root = Some(root);
    for (place, at) in prepared.exchanges.iter().enumerate() {
        if let Some(junction) = at.junction {
            let exchange = ExchangeIx::new(place);
            let enable = scenario.tables.exchange(exchange).enable;
            instance.add_edge(root, junction.0, enable.get());
            meanings.push(Meaning::Enable(exchange));
        }
    }
    Ok(Question { instance, meanings, prospects, junctions })
}
