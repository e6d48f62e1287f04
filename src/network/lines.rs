//! The lines of a network by themselves, before buildings and exchanges are joined to them.
//!
//! What for: an analyst compares a road file with what is known of it. In: a prepared network of spans. Out:
//! how many junctions, spans, separate parts, loops and parallels its lines make.

use std::collections::BTreeMap;

use petgraph::unionfind::UnionFind;

use crate::geometry::Point;
use crate::model::{NetworkSource, is_usable};
use crate::network::Prepared;
use crate::network::noding::Nodes;
use crate::network::snap::SpanTree;

/// Counts of the lines of a network, cut where they meet each other and nowhere else.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, serde::Serialize)]
pub struct LineCounts {
    /// Points where lines meet or end.
    pub junctions: usize,
    /// Stretches between them, loops and parallels too.
    pub spans: usize,
    /// Parts without a way to each other.
    pub components: usize,
    /// Spans that end where they begin.
    pub self_loops: usize,
    /// Spans that join the same two junctions as another before them, loops left out.
    pub parallel: usize,
}

impl Prepared {
    /// Whether its spans are lines of the input, not links between points.
    #[must_use]
    pub fn is_of_lines(&self) -> bool {
        self.settings.from == NetworkSource::Spans
    }

    /// Counts the lines the network was made from, barriers and lines without length left out; all zero
    /// for a network of proximity links.
    ///
    /// It cuts the lines again, without what is joined to them: O(n log n) in their points.
    #[must_use]
    pub fn line_counts(&self) -> LineCounts {
        let spans = &self.tables.spans;
        let usable: Vec<u32> = (0_u32..)
            .zip(spans)
            .filter(|(_, span)| is_usable(span))
            .map(|(place, _)| place)
            .collect();
        let mut nodes = Nodes::of_ends(spans, &usable, self.settings.join);
        let tree = SpanTree::new(self.tables.plane, spans, &usable);
        nodes.meet(self.tables.plane, &self.settings, spans, &usable, &tree, &|| false);
        let settled = nodes.settle();
        let ends: Vec<[Point; 2]> = settled
            .marks
            .windows(2)
            .filter(|pair| pair[0].span == pair[1].span)
            .map(|pair| [0, 1].map(|side| settled.positions[pair[side].node as usize]))
            .collect();
        count(&ends)
    }
}

fn count(ends: &[[Point; 2]]) -> LineCounts {
    let mut places: BTreeMap<Point, usize> = ends.iter().flatten().map(|&end| (end, 0)).collect();
    for (number, place) in places.values_mut().enumerate() {
        *place = number;
    }
    let mut union = UnionFind::<usize>::new(places.len());
    let mut components = places.len();
    let mut pairs: Vec<[Point; 2]> = Vec::with_capacity(ends.len());
    for &[from, to] in ends {
        components -= usize::from(union.union(places[&from], places[&to]));
        if from != to {
            pairs.push([from.min(to), from.max(to)]);
        }
    }
    pairs.sort_unstable();
    LineCounts {
        junctions: places.len(),
        spans: ends.len(),
        components,
        self_loops: ends.len() - pairs.len(),
        parallel: pairs.windows(2).filter(|pair| pair[0] == pair[1]).count(),
    }
}

#[cfg(test)]
mod tests {
    use crate::model::NetworkSource;
    use crate::network::prepare;
    use crate::network::testing::{at, exchange, scenario, site, span};

    #[test]
    fn what_is_joined_to_the_lines_does_not_count() {
        let square = [at(0, 0), at(9_000, 0), at(9_000, 9_000), at(0, 0)];
        let spans = vec![
            span("ring", &square),
            span("p1", &[at(0, 0), at(0, -50_000)]),
            span("p2", &[at(0, 0), at(20_000, -20_000), at(0, -50_000)]),
            span("far", &[at(90_000, 0), at(95_000, 0)]),
            span("none", &[at(7, 7), at(7, 7)]),
        ];
        let sites = vec![site("s", at(10_000, 4_000))];
        let exchanges = vec![exchange("x", at(0, -20_000))];
        let prepared =
            prepare(&scenario(NetworkSource::Spans, sites, exchanges, &[], spans)).unwrap();
        let counts = prepared.line_counts();
        assert_eq!((counts.junctions, counts.spans, counts.components), (4, 4, 2));
        assert_eq!((counts.self_loops, counts.parallel), (1, 1));
        assert_eq!(prepared.report().self_loops, 0, "the lead-in cuts the ring");
    }
}
