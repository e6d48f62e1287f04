//! An undirected multigraph as compressed rows.
//!
//! What for: fast scans. In: the end nodes of numbered edges. Out: for each node a row of places, one
//! for each edge end there. Each place also stands for one direction of its edge: towards the row's
//! own node. It holds no costs; whoever has costs keeps them by edge, or by place where the two
//! directions differ.

use std::ops::Range;

/// The rows of an undirected multigraph; self-loops are left out.
#[derive(Clone, Debug, Default)]
pub struct Rows {
    first: Vec<u32>,
    neighbours: Vec<u32>,
    edges: Vec<u32>,
    twins: Vec<u32>,
}

impl Rows {
    /// Builds the rows of `nodes` nodes from the ends of the edges, in order. O(nodes + edges).
    #[must_use]
    #[allow(clippy::cast_possible_truncation)] // nodes and edges are numbered by u32
    pub fn new(nodes: usize, ends: impl Iterator<Item = [u32; 2]> + Clone) -> Self {
        let mut first = vec![0_u32; nodes + 1];
        for [u, v] in ends.clone().filter(|[u, v]| u != v) {
            first[u as usize + 1] += 1;
            first[v as usize + 1] += 1;
        }
        for node in 0..nodes {
            first[node + 1] += first[node];
        }
        let places = first[nodes] as usize;
        let mut next = first.clone();
        let mut rows = Self {
            first,
            neighbours: vec![0; places],
            edges: vec![0; places],
            twins: vec![0; places],
        };
        for (edge, [u, v]) in ends.enumerate().filter(|(_, [u, v])| u != v) {
            let (at_u, at_v) = (next[u as usize], next[v as usize]);
            next[u as usize] += 1;
            next[v as usize] += 1;
            rows.neighbours[at_u as usize] = v;
            rows.neighbours[at_v as usize] = u;
            rows.edges[at_u as usize] = edge as u32;
            rows.edges[at_v as usize] = edge as u32;
            rows.twins[at_u as usize] = at_v;
            rows.twins[at_v as usize] = at_u;
        }
        rows
    }

    /// The number of nodes.
    #[must_use]
    pub fn nodes(&self) -> usize {
        self.first.len().saturating_sub(1)
    }

    /// The number of places: two for each edge that is no self-loop.
    #[must_use]
    pub fn places(&self) -> usize {
        self.neighbours.len()
    }

    /// The places of a node's row.
    #[must_use]
    pub fn row(&self, node: u32) -> Range<usize> {
        self.first[node as usize] as usize..self.first[node as usize + 1] as usize
    }

    /// The number of edge ends at a node.
    #[must_use]
    pub fn degree(&self, node: u32) -> usize {
        self.row(node).len()
    }

    /// The node at the other end of the edge at `place`.
    #[must_use]
    pub fn neighbour(&self, place: usize) -> u32 {
        self.neighbours[place]
    }

    /// The edge at `place`.
    #[must_use]
    pub fn edge(&self, place: usize) -> u32 {
        self.edges[place]
    }

    /// The same edge's place in the other end's row: the other direction.
    #[must_use]
    pub fn twin(&self, place: usize) -> usize {
        self.twins[place] as usize
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_hold_every_edge_from_both_ends_and_no_loop() {
        let ends = [[0, 1], [1, 2], [1, 1], [2, 1]];
        let rows = Rows::new(4, ends.iter().copied());
        assert_eq!((rows.nodes(), rows.places()), (4, 6));
        assert_eq!(rows.row(3).len(), 0);
        for node in 0..4 {
            for place in rows.row(node) {
                let [u, v] = ends[rows.edge(place) as usize];
                assert_eq!(rows.neighbour(place), if node == u { v } else { u });
                assert_eq!(rows.twin(rows.twin(place)), place);
                assert_eq!(rows.neighbour(rows.twin(place)), node);
            }
        }
    }
}
