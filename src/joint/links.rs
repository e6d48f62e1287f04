//! The network of a problem as one row of links a node: what every search over routes walks through.

use crate::engine::Instance;

/// An edge as one of its ends sees it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Link {
    /// Its cost.
    pub cost: i64,
    /// Its place among the edges.
    pub edge: u32,
    /// The node at its other end.
    pub other: u32,
}

/// The links of every node, sorted by edge. Loops are left out.
#[derive(Clone, Debug, Default)]
pub struct Links {
    first: Vec<usize>,
    links: Vec<Link>,
}

impl Links {
    /// The links of an instance.
    pub fn of(instance: &Instance) -> Self {
        let edges =
            || (0_u32..).zip(&instance.edges).filter(|(_, edge)| edge.ends[0] != edge.ends[1]);
        let mut first = vec![0; instance.nodes() + 1];
        for (_, edge) in edges() {
            for end in edge.ends {
                first[end as usize + 1] += 1;
            }
        }
        for node in 0..instance.nodes() {
            first[node + 1] += first[node];
        }
        let nothing = Link { cost: 0, edge: 0, other: 0 };
        let mut links = vec![nothing; first.last().copied().unwrap_or(0)];
        let mut next = first.clone();
        for (place, edge) in edges() {
            let [u, v] = edge.ends;
            for (here, other) in [(u, v), (v, u)] {
                let at = &mut next[here as usize];
                links[*at] = Link { cost: edge.cost, edge: place, other };
                *at += 1;
            }
        }
        Self { first, links }
    }

    /// The links of a node.
    pub fn at(&self, node: u32) -> &[Link] {
        let node = node as usize;
        &self.links[self.first[node]..self.first[node + 1]]
    }

    /// How many nodes there are.
    pub fn nodes(&self) -> usize {
        self.first.len().saturating_sub(1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::Goal;

    #[test]
    fn every_edge_is_seen_from_both_ends_and_loops_from_none() {
        let mut instance = Instance::new(4, Goal::LeastLoss);
        for (u, v, cost) in [(0, 1, 5), (2, 2, 1), (1, 2, 7), (1, 0, 3)] {
            instance.add_edge(u, v, cost);
        }
        let links = Links::of(&instance);
        let link = |cost, edge, other| Link { cost, edge, other };
        assert_eq!(links.nodes(), 4);
        assert_eq!(links.at(0), [link(5, 0, 1), link(3, 3, 1)]);
        assert_eq!(links.at(1), [link(5, 0, 0), link(7, 2, 2), link(3, 3, 0)]);
        assert_eq!(links.at(2), [link(7, 2, 1)]);
        assert!(links.at(3).is_empty());
    }
}
