//! Growing a forest: the cheapest way in for each building, best ratio of prize to cost first.
//!
//! Routes come from one shortest-path search that starts at the whole forest and is only continued, not
//! restarted, after an addition: what is built is at distance zero, so distances only fall.

use crate::graph::Heap;
use crate::joint::forest::{Forest, NONE};
use crate::joint::gain::GoingRate;
use crate::joint::links::Link;
use crate::joint::problem::JointProblem;

/// Distances from a forest, continued as the forest grows.
#[derive(Clone)]
pub struct InsertionPaths {
    reached: Vec<Reached>,
    heap: Heap,
    /// Nodes touched since the last start, so that a restart costs only what was reached.
    touched: Vec<u32>,
    /// Nodes farther than this are not reached.
    radius: i64,
    /// At which ways that pass more are preferred; then distances are less than costs.
    rate: Option<GoingRate>,
    /// Cost of the way to each node, where it is not the distance.
    spent: Vec<i64>,
    /// Links looked at since that was last asked.
    looked: u64,
}

/// How a node was reached: side by side, for a search looks at all of it at once.
#[derive(Clone, Copy)]
struct Reached {
    distance: i64,
    edge: u32,
    next: u32,
}

const NOT_REACHED: Reached = Reached { distance: FAR, edge: NONE, next: NONE };

/// Nodes settled between two looks at whether to stop.
const PATIENCE: u32 = 2048;

/// A step that passes much still counts this part of its cost as distance.
const LEAST_PART: i64 = 16;

const FAR: i64 = i64::MAX;

impl InsertionPaths {
    /// Nothing reached, for an instance of so many nodes.
    pub fn new(nodes: usize) -> Self {
        Self {
            reached: vec![NOT_REACHED; nodes],
            heap: Heap::default(),
            touched: Vec::new(),
            radius: 0,
            rate: None,
            spent: Vec::new(),
            looked: 0,
        }
    }

    /// Prefers ways that pass more, at a rate, from the next start on; without a rate
    /// the cheapest ways.
    pub fn prefer(&mut self, rate: Option<GoingRate>) {
        self.rate = rate;
    }

    /// Starts afresh from a forest, up to `radius`.
    pub fn start(&mut self, problem: &JointProblem<'_>, forest: &Forest, radius: i64) {
        self.start_unless(problem, forest, radius, &|| false);
    }

    /// The same, as far as the search comes until it is to stop; whether it came to its end. Ways found by
    /// then are ways, but there may be cheaper ones.
    pub fn start_unless(
        &mut self,
        problem: &JointProblem<'_>,
        forest: &Forest,
        radius: i64,
        stops: &dyn Fn() -> bool,
    ) -> bool {
        self.forget();
        self.radius = radius;
        if self.rate.is_some() {
            self.spent.resize(self.reached.len(), 0);
        }
        for node in 0..u32::try_from(problem.nodes()).unwrap_or(NONE) {
            if forest.holds(node) {
                self.seed(node);
            }
        }
        self.run(problem, stops)
    }

    fn forget(&mut self) {
        for &node in &self.touched {
            self.reached[node as usize] = NOT_REACHED;
        }
        self.touched.clear();
        self.heap.clear();
    }

    /// Takes in the route of a building that was just attached, as far as the search comes until it is to stop.
    pub fn extend_unless(
        &mut self,
        problem: &JointProblem<'_>,
        forest: &Forest,
        building: u32,
        stops: &dyn Fn() -> bool,
    ) {
        let mut node = building;
        while node != NONE && self.reached[node as usize].distance != 0 {
            self.seed(node);
            node = forest.parent[node as usize];
        }
        self.run(problem, stops);
    }

    /// How many links were looked at since that was last asked.
    pub fn looked(&mut self) -> u64 {
        std::mem::take(&mut self.looked)
    }

    /// Cost of the cheapest way in for a node, `None` beyond the radius.
    pub fn cost(&self, node: u32) -> Option<i64> {
        let distance = self.reached[node as usize].distance;
        let cost = if self.rate.is_some() { self.spent[node as usize] } else { distance };
        (distance != FAR).then_some(cost)
    }

    /// The prize that the way to a node passes before it meets the forest, the node's own not counted.
    pub fn passed(&self, problem: &JointProblem<'_>, forest: &Forest, node: u32) -> i64 {
        if !problem.passes() {
            return 0;
        }
        let mut passed = 0;
        let mut node = node;
        while let Some((_, next)) = self.step(node).filter(|_| !forest.holds(node)) {
            passed += problem.passed(node);
            node = next;
        }
        passed
    }

    /// The next edge and node towards the forest.
    pub fn step(&self, node: u32) -> Option<(u32, u32)> {
        let Reached { edge, next, .. } = self.reached[node as usize];
        (edge != NONE).then_some((edge, next))
    }

    /// The buildings nearest to one, found by a search of its own that leaves nothing behind.
    pub fn nearest(&mut self, problem: &JointProblem<'_>, from: u32, count: usize) -> Vec<u32> {
        let root = problem.instance.root.unwrap_or(NONE);
        let mut found = Vec::new();
        self.seed(from);
        while let Some((distance, node)) = self.heap.pop() {
            if distance > self.reached[node as usize].distance || node == root {
                continue;
            }
            if node != from && problem.is_building(node) {
                found.push(node);
                if found.len() == count {
                    break;
                }
                continue;
            }
            self.relax(problem, node, distance, FAR);
        }
        self.forget();
        found
    }

    fn relax(&mut self, problem: &JointProblem<'_>, node: u32, distance: i64, radius: i64) {
        let links = problem.links(node);
        self.looked += links.len() as u64;
        for &Link { edge, other, cost } in links {
            let next = distance + self.length(problem, cost, other);
            let spent = match self.rate {
                Some(_) => self.spent[node as usize] + cost,
                None => next,
            };
            let reached = &mut self.reached[other as usize];
            if next < reached.distance && spent <= radius {
                if reached.distance == FAR {
                    self.touched.push(other);
                }
                *reached = Reached { distance: next, edge, next: node };
                if self.rate.is_some() {
                    self.spent[other as usize] = spent;
                }
                self.heap.push(next, other);
            }
        }
    }

    /// What a step to a node counts as distance.
    fn length(&self, problem: &JointProblem<'_>, cost: i64, to: u32) -> i64 {
        let Some(rate) = self.rate else { return cost };
        let passed = i128::from(problem.passed(to));
        let worth = passed * i128::from(rate.cost) / i128::from(rate.prize.max(1));
        let worth = i64::try_from(worth).unwrap_or(i64::MAX);
        (cost - worth.min(cost)).max(cost / LEAST_PART)
    }

    fn seed(&mut self, node: u32) {
        if self.reached[node as usize].distance == FAR {
            self.touched.push(node);
        }
        if self.rate.is_some() {
            self.spent[node as usize] = 0;
        }
        self.reached[node as usize] = Reached { distance: 0, ..NOT_REACHED };
        self.heap.push(0, node);
    }

    /// Settles what is waiting; false where it was to stop before the end.
    fn run(&mut self, problem: &JointProblem<'_>, stops: &dyn Fn() -> bool) -> bool {
        let mut settled = 0_u32;
        while let Some((distance, node)) = self.heap.pop() {
            if distance > self.reached[node as usize].distance {
                continue;
            }
            settled = settled.wrapping_add(1);
            if settled.is_multiple_of(PATIENCE) && stops() {
                self.heap.push(distance, node);
                return false;
            }
            // Cable does not pass through a building.
            if problem.is_building(node) {
                continue;
            }
            self.relax(problem, node, distance, self.radius);
        }
        true
    }
}
