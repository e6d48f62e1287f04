//! Separate parts of a network, and spans side by side.

use petgraph::unionfind::UnionFind;

use crate::ids::JunctionIx;
use crate::network::notices::notices;
use crate::network::{Component, Prepared};

/// Fills in what the report says of the finished network.
pub(super) fn describe(prepared: &mut Prepared) {
    prepared.report.length = prepared.spans.iter().map(|span| span.length).sum();
    prepared.report.components = components(prepared);
    prepared.report.parallel = parallel(prepared);
    prepared.report.notices = notices(prepared);
}

impl Prepared {
    /// By junction, a number of the separate part of the network that it is in.
    #[must_use]
    pub fn parts(&self) -> Vec<u32> {
        let mut union = UnionFind::<u32>::new(self.junctions.len());
        for span in &self.spans {
            union.union(span.ends[0].0, span.ends[1].0);
        }
        union.into_labeling()
    }
}

/// The components, most junctions first; among equals, in the order of their first junctions.
fn components(prepared: &Prepared) -> Vec<Component> {
    let mut number = vec![u32::MAX; prepared.junctions.len()];
    let mut found: Vec<Component> = Vec::new();
    let labels = prepared.parts();
    for &label in &labels {
        let number = &mut number[label as usize];
        if *number == u32::MAX {
            *number = JunctionIx::new(found.len()).0;
            found.push(Component::default());
        }
        found[*number as usize].junctions += 1;
    }
    let place = |junction: JunctionIx| number[labels[junction.at()] as usize] as usize;
    for span in &prepared.spans {
        found[place(span.ends[0])].spans += 1;
    }
    for junction in prepared.buildings.iter().filter_map(|building| building.junction) {
        found[place(junction)].buildings += 1;
    }
    for junction in prepared.exchanges.iter().filter_map(|exchange| exchange.junction) {
        found[place(junction)].exchanges += 1;
    }
    found.sort_by_key(|component| std::cmp::Reverse(component.junctions));
    found
}

/// How many spans join the same junctions as another before them.
fn parallel(prepared: &Prepared) -> usize {
    let mut ends: Vec<[JunctionIx; 2]> = prepared
        .spans
        .iter()
        .map(|span| [span.ends[0].min(span.ends[1]), span.ends[0].max(span.ends[1])])
        .collect();
    ends.sort_unstable();
    ends.windows(2).filter(|pair| pair[0] == pair[1]).count()
}
