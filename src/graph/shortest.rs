//! Shortest paths from several sources at once.
//!
//! What for: routes to the nearest of a growing set of nodes. In: rows, costs by place and sources.
//! Out: distances and the place by which each node was reached. Sources may be added at any time;
//! only what comes nearer is looked at again.

use super::{Heap, Rows};

/// The distance of a node that is out of reach.
pub const FAR: i64 = i64::MAX;

const NO_PLACE: u32 = u32::MAX;

/// Nodes settled between two questions whether to stop.
const PATIENCE: u32 = 4096;

/// Distances from a set of sources, kept up to date while sources are added.
#[derive(Clone, Debug, Default)]
pub struct Distances {
    distance: Vec<i64>,
    from: Vec<u32>,
    heap: Heap,
}

impl Distances {
    /// No sources yet, everything out of reach.
    #[must_use]
    pub fn new(nodes: usize) -> Self {
        Self { distance: vec![FAR; nodes], from: vec![NO_PLACE; nodes], heap: Heap::default() }
    }

    /// The distance of a node, or [`FAR`].
    #[must_use]
    pub fn of(&self, node: u32) -> i64 {
        self.distance[node as usize]
    }

    /// The place in the rows (in the row of the node it was reached from) of the last edge of the
    /// path to `node`; `None` for sources and nodes out of reach.
    #[must_use]
    pub fn reached_by(&self, node: u32) -> Option<usize> {
        let place = self.from[node as usize];
        (place != NO_PLACE).then_some(place as usize)
    }

    /// Makes a node a source.
    pub fn add_source(&mut self, node: u32) {
        self.distance[node as usize] = 0;
        self.from[node as usize] = NO_PLACE;
        self.heap.push(0, node);
    }

    /// Settles the next node and returns it with its distance, looking at its neighbours; `None`
    /// when everything within `limit` is settled. `cost(place)` is what leaving a row's node over
    /// `place` costs, or `None` where that is not allowed. O(degree + log n).
    #[allow(clippy::cast_possible_truncation)] // places are numbered by u32
    pub fn settle(
        &mut self,
        rows: &Rows,
        limit: i64,
        mut cost: impl FnMut(usize) -> Option<i64>,
    ) -> Option<(u32, i64)> {
        while let Some((distance, node)) = self.heap.peek() {
            if distance > limit {
                return None;
            }
            self.heap.pop();
            if distance > self.distance[node as usize] {
                continue;
            }
            for place in rows.row(node) {
                let neighbour = rows.neighbour(place);
                let Some(step) = cost(place) else { continue };
                let through = distance + step;
                if through < self.distance[neighbour as usize] {
                    self.distance[neighbour as usize] = through;
                    self.from[neighbour as usize] = place as u32;
                    self.heap.push(through, neighbour);
                }
            }
            return Some((node, distance));
        }
        None
    }

    /// The same as [`run`](Self::run) unless it is to stop, which is asked every now and then; `None` where it was.
    pub fn run_unless(
        &mut self,
        rows: &Rows,
        limit: i64,
        stops: &dyn Fn() -> bool,
        mut cost: impl FnMut(usize) -> Option<i64>,
    ) -> Option<u64> {
        let (mut looked, mut settled) = (0, 0_u32);
        while let Some((node, _)) = self.settle(rows, limit, &mut cost) {
            looked += rows.degree(node) as u64;
            settled = settled.wrapping_add(1);
            if settled.is_multiple_of(PATIENCE) && stops() {
                return None;
            }
        }
        Some(looked)
    }

    /// Settles everything within `limit`; returns the number of places looked at.
    pub fn run(
        &mut self,
        rows: &Rows,
        limit: i64,
        mut cost: impl FnMut(usize) -> Option<i64>,
    ) -> u64 {
        let mut looked = 0;
        while let Some((node, _)) = self.settle(rows, limit, &mut cost) {
            looked += rows.degree(node) as u64;
        }
        looked
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn added_sources_bring_nodes_nearer() {
        let ends = [[0, 1], [1, 2], [2, 3]];
        let costs = [5, 1, 7];
        let rows = Rows::new(5, ends.iter().copied());
        let mut distances = Distances::new(5);
        distances.add_source(0);
        distances.run(&rows, FAR - 1, |place| Some(costs[rows.edge(place) as usize]));
        assert_eq!((0..5).map(|node| distances.of(node)).collect::<Vec<_>>(), [0, 5, 6, 13, FAR]);
        distances.add_source(3);
        distances.run(&rows, FAR - 1, |place| Some(costs[rows.edge(place) as usize]));
        assert_eq!((0..4).map(|node| distances.of(node)).collect::<Vec<_>>(), [0, 5, 6, 0]);
        let place = distances.reached_by(2).expect("reached");
        assert_eq!(rows.neighbour(place), 2);
        assert_eq!(rows.edge(place), 1);
    }
}
