//! What a plan builds and nobody uses: dead ends and idle exchanges, dear or free.
//!
//! In: the forest and the connected buildings. Out: violations V201 and V202, by the definition of what
//! [may be built](may_be_built).

use crate::check::existing::stands;
use crate::check::forest::Forest;
use crate::check::service::Served;
use crate::model::{Scenario, may_be_built};
use crate::plan::{Item, Violation};

/// Judges every exchange and span that is reached; a span that none reaches is reported as such.
pub(super) fn judge(
    scenario: &Scenario,
    forest: &Forest,
    served: &Served,
    found: &mut Vec<Violation>,
) {
    let mut buildings = vec![0_u32; forest.nodes.len()];
    for connected in &served.buildings {
        if let Some(node) = connected.node {
            buildings[node] += 1;
        }
    }
    // Each node comes after the one towards its exchange.
    for place in (0..buildings.len()).rev() {
        if let Some(parent) = forest.nodes[place].parent {
            buildings[parent] += buildings[place];
        }
    }
    for (node, buildings) in forest.nodes.iter().zip(buildings) {
        // What was built ahead for others stands all the same.
        if may_be_built(buildings) || stands(scenario, &node.item) {
            continue;
        }
        let (code, cause) = match node.item {
            Item::Exchange(_) => ("V202", "it serves no connected building"),
            Item::Span(_) | Item::Drop(_) => ("V201", "it leads to no connected building"),
        };
        found.push(Violation::new(code, &node.item, cause));
    }
}
