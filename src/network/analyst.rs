//! The network as a petgraph graph, for analyses of one's own.

use petgraph::graph::UnGraph;

use crate::error::Error;
use crate::geometry::Point;
use crate::ids::{BuildingIx, ExchangeIx, JunctionIx, SpanIx};
use crate::model::RateCard;
use crate::network::Prepared;
use crate::units::{Millimetres, Pence};

/// A junction as the analyst sees it.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct AnalystJunction {
    /// Position on the plane.
    pub at: Point,
    /// Buildings whose drops hang from it.
    pub buildings: Vec<BuildingIx>,
    /// Exchanges that stand at it.
    pub exchanges: Vec<ExchangeIx>,
}

/// A span as the analyst sees it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct AnalystSpan {
    /// Its place among the spans of the network.
    pub span: SpanIx,
    /// Route length.
    pub length: Millimetres,
    /// Price under the rate card.
    pub cost: Pence,
}

impl Prepared {
    /// The network as an undirected graph, priced: node `i` is junction `i`, edge `i` is span `i`.
    ///
    /// # Errors
    ///
    /// A fault N170 when the rate card lacks a method that a span is laid by.
    pub fn to_petgraph(
        &self,
        card: &RateCard,
    ) -> Result<UnGraph<AnalystJunction, AnalystSpan, u32>, Error> {
        let mut graph = UnGraph::with_capacity(self.junctions.len(), self.spans.len());
        for &at in &self.junctions {
            graph.add_node(AnalystJunction { at, ..AnalystJunction::default() });
        }
        for (place, building) in self.buildings.iter().enumerate() {
            if let Some(junction) = building.junction {
                graph[node(junction)].buildings.push(BuildingIx::new(place));
            }
        }
        for (place, exchange) in self.exchanges.iter().enumerate() {
            if let Some(junction) = exchange.junction {
                graph[node(junction)].exchanges.push(ExchangeIx::new(place));
            }
        }
        for (place, (span, cost)) in self.spans.iter().zip(self.prices(card)?).enumerate() {
            let weight = AnalystSpan { span: SpanIx::new(place), length: span.length, cost };
            graph.add_edge(node(span.ends[0]), node(span.ends[1]), weight);
        }
        Ok(graph)
    }
}

fn node(junction: JunctionIx) -> petgraph::graph::NodeIndex<u32> {
    petgraph::graph::NodeIndex::new(junction.at())
}
