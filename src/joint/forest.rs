//! A growing and shrinking forest under a super-root, which always knows what its items cost by who
//! may pay for them.
//!
//! What for: the search over several pots tests thousands of plans; each change costs only the length
//! of the routes it touches. It knows no programmes, only sets of pots.

use std::collections::{BTreeMap, BTreeSet};

use super::problem::JointProblem;
use crate::engine::Solution;
use crate::funding::{ItemKind, PotSet};

/// No node.
pub const NONE: u32 = u32::MAX;

/// Cost of the items of a forest by kind of item and by the set of payers below them.
pub type Totals = BTreeMap<(ItemKind, PotSet), i64>;

/// A tree of the instance that holds the super-root.
#[derive(Clone)]
pub struct Forest {
    /// Edge towards the root; `NONE` outside the tree and at the root.
    pub parent_edge: Vec<u32>,
    /// Node towards the root; `NONE` outside the tree and at the root.
    pub parent: Vec<u32>,
    /// Number of nodes that hang directly from each node.
    children: Vec<u32>,
    /// Connected buildings at or below each node.
    users: Vec<u32>,
    /// How many of them each pot may pay for (node-major). By pot and not by class of payers: there are
    /// few pots, and up to as many classes as sets of them.
    payable: Vec<u32>,
    pots: usize,
    /// Cost of items by kind and payers.
    pub totals: Totals,
    /// Sum of all items.
    pub cost: i64,
    /// Sum of the prizes held.
    pub prize: i64,
    /// Buildings held, sorted.
    pub held: Vec<u32>,
    root: u32,
}

impl Forest {
    /// The forest without any tree.
    pub fn empty(problem: &JointProblem<'_>) -> Self {
        let nodes = problem.instance.nodes();
        Self {
            parent_edge: vec![NONE; nodes],
            parent: vec![NONE; nodes],
            children: vec![0; nodes],
            users: vec![0; nodes],
            payable: vec![0; nodes * problem.pots()],
            pots: problem.pots(),
            totals: Totals::new(),
            cost: 0,
            prize: 0,
            held: Vec::new(),
            root: problem.instance.root.unwrap_or(0),
        }
    }

    /// The forest of a tree that holds the root; branches without a building are left out.
    pub fn of(problem: &JointProblem<'_>, solution: &Solution) -> Self {
        let mut forest = Self::empty(problem);
        // Node, edge and other end, both ways; those of a node together, in the order of the edges.
        let mut rows: Vec<(u32, u32, u32)> = Vec::with_capacity(2 * solution.edges.len());
        for &edge in &solution.edges {
            let [u, v] = problem.instance.edges[edge as usize].ends;
            rows.extend([(u, edge, v), (v, edge, u)]);
        }
        rows.sort_by_key(|&(node, _, _)| node);
        let mut reached = vec![false; problem.instance.nodes()];
        reached[forest.root as usize] = true;
        // Node, and the edge and node on the way to the root.
        let mut from: Vec<(u32, (u32, u32))> = Vec::with_capacity(solution.edges.len());
        let mut stack = vec![forest.root];
        let mut order = Vec::new();
        while let Some(node) = stack.pop() {
            order.push(node);
            let first = rows.partition_point(|&(own, _, _)| own < node);
            for &(_, edge, other) in rows[first..].iter().take_while(|row| row.0 == node) {
                if !std::mem::replace(&mut reached[other as usize], true) {
                    from.push((other, (edge, node)));
                    stack.push(other);
                }
            }
        }
        order.retain(|&node| problem.is_building(node));
        order.sort_unstable();
        from.sort_unstable();
        let step = |node: u32| {
            let place = from.binary_search_by_key(&node, |&(own, _)| own).ok()?;
            Some(from[place].1)
        };
        for building in order {
            forest.attach(problem, building, &step);
        }
        forest
    }

    /// What is maximised: its prize, less the charge for its cost.
    pub fn worth(&self, problem: &JointProblem<'_>) -> i64 {
        self.prize - problem.charge() * self.cost
    }

    /// A better forest ranks higher: by worth, then by cost.
    pub fn rank(&self, problem: &JointProblem<'_>) -> (i64, i64) {
        (self.worth(problem), -self.cost)
    }

    /// Whether a node is in the forest.
    pub fn holds(&self, node: u32) -> bool {
        node == self.root || self.parent[node as usize] != NONE
    }

    /// Adds a building by the route that `step` gives, node by node, up to the first node held. One that
    /// is held already stays as it is.
    pub fn attach(
        &mut self,
        problem: &JointProblem<'_>,
        building: u32,
        step: &dyn Fn(u32) -> Option<(u32, u32)>,
    ) {
        let Err(place) = self.held.binary_search(&building) else { return };
        let mut node = building;
        while !self.holds(node) {
            let Some((edge, next)) = step(node) else { return };
            self.parent_edge[node as usize] = edge;
            self.parent[node as usize] = next;
            self.children[next as usize] += 1;
            self.prize += problem.passed(node);
            let cost = problem.instance.edges[edge as usize].cost;
            self.cost += cost;
            self.add_to_totals(problem.kinds[edge as usize], PotSet::EMPTY, cost);
            node = next;
        }
        self.count(problem, building, true);
        self.prize += problem.instance.prizes[building as usize];
        self.held.insert(place, building);
    }

    /// Removes a building and the part of its route that nobody else uses.
    pub fn detach(&mut self, problem: &JointProblem<'_>, building: u32) {
        let Ok(place) = self.held.binary_search(&building) else { return };
        self.held.remove(place);
        self.prize -= problem.instance.prizes[building as usize];
        self.count(problem, building, false);
        let mut node = building;
        while node != self.root
            && self.children[node as usize] == 0
            && self.held.binary_search(&node).is_err()
        {
            let edge = self.parent_edge[node as usize] as usize;
            let next = self.parent[node as usize];
            let cost = problem.instance.edges[edge].cost;
            self.cost -= cost;
            self.prize -= problem.passed(node);
            self.add_to_totals(problem.kinds[edge], PotSet::EMPTY, -cost);
            self.parent_edge[node as usize] = NONE;
            self.parent[node as usize] = NONE;
            self.children[next as usize] -= 1;
            node = next;
        }
    }

    /// What removing a building would save.
    pub fn saving(&self, problem: &JointProblem<'_>, building: u32) -> i64 {
        let edge = |node: u32| problem.instance.edges[self.parent_edge[node as usize] as usize];
        self.only_for(building).map(|node| edge(node).cost).sum()
    }

    /// What prize removing a building would lose: its own, and what nobody else's route passes.
    pub fn brings(&self, problem: &JointProblem<'_>, building: u32) -> i64 {
        let own = problem.instance.prizes[building as usize];
        if !problem.passes() {
            return own;
        }
        own + self.only_for(building).map(|node| problem.passed(node)).sum::<i64>()
    }

    /// Whether a node held is no building and has one node below it.
    pub fn is_passed_by_one(&self, problem: &JointProblem<'_>, node: u32) -> bool {
        !problem.is_building(node) && self.children[node as usize] == 1
    }

    /// A building held, and the nodes on its route that go with it.
    fn only_for(&self, building: u32) -> impl Iterator<Item = u32> + '_ {
        let first = (self.children[building as usize] == 0).then_some(building);
        std::iter::successors(first.filter(|&node| node != self.root), |&node| {
            let above = self.parent[node as usize];
            let free = above != self.root
                && self.children[above as usize] == 1
                && self.held.binary_search(&above).is_err();
            free.then_some(above)
        })
    }

    /// The junction of the exchange that serves a node.
    pub fn exchange_of(&self, node: u32) -> Option<u32> {
        let mut node = self.holds(node).then_some(node)?;
        while self.parent[node as usize] != self.root {
            node = *self.parent.get(node as usize).filter(|parent| **parent != NONE)?;
        }
        Some(node)
    }

    /// How many buildings are connected at or below a node.
    pub fn users_below(&self, node: u32) -> u32 {
        self.users[node as usize]
    }

    /// Every node but the root as `(node, edge above, node above)`, each after the node above it.
    pub fn outward(&self) -> Vec<(u32, u32, u32)> {
        let mut order = Vec::new();
        let mut listed = BTreeSet::from([self.root]);
        for &building in &self.held {
            let first = order.len();
            let mut node = building;
            while listed.insert(node) {
                let above = self.parent[node as usize];
                order.push((node, self.parent_edge[node as usize], above));
                node = above;
            }
            order[first..].reverse();
        }
        order
    }

    /// Every item as `(node, edge above, node above, cost)`, each after the item above it: [`outward`] with the
    /// two halves of a span as one.
    ///
    /// [`outward`]: Self::outward
    pub fn items(&self, problem: &JointProblem<'_>) -> Vec<(u32, u32, u32, i64)> {
        let cost = |edge: u32| problem.instance.edges[edge as usize].cost;
        let whole = |(node, edge, above): (u32, u32, u32)| {
            if !problem.is_halfway(above) {
                return (node, edge, above, cost(edge));
            }
            let other = self.parent_edge[above as usize];
            (node, edge, self.parent[above as usize], cost(edge) + cost(other))
        };
        let mut items = self.outward();
        items.retain(|(node, _, _)| !problem.is_halfway(*node));
        items.into_iter().map(whole).collect()
    }

    /// The tree as nodes and edges.
    pub fn solution(&self) -> Solution {
        let nodes = 0..u32::try_from(self.parent.len()).unwrap_or(NONE);
        let mut edges: Vec<u32> =
            self.parent_edge.iter().copied().filter(|&edge| edge != NONE).collect();
        edges.sort_unstable();
        Solution { nodes: nodes.filter(|&node| self.holds(node)).collect(), edges }
    }

    /// The payers of the item above a node: the union over the buildings below it.
    pub fn payers(&self, node: u32) -> PotSet {
        let counts = &self.payable[node as usize * self.pots..][..self.pots];
        PotSet::of(counts.iter().zip(0..).filter(|(count, _)| **count > 0).map(|(_, pot)| pot))
    }

    /// Counts a building in or out all the way to the root, moving items between totals as their
    /// payers change.
    fn count(&mut self, problem: &JointProblem<'_>, building: u32, add: bool) {
        let own = problem.payers(building);
        let change = |count: &mut u32| *count = if add { *count + 1 } else { *count - 1 };
        let mut node = building;
        while node != self.root {
            let before = self.payers(node);
            change(&mut self.users[node as usize]);
            for pot in own.iter() {
                change(&mut self.payable[node as usize * self.pots + pot]);
            }
            let after = self.payers(node);
            if before != after {
                let edge = self.parent_edge[node as usize] as usize;
                let (kind, cost) = (problem.kinds[edge], problem.instance.edges[edge].cost);
                self.add_to_totals(kind, before, -cost);
                self.add_to_totals(kind, after, cost);
            }
            node = self.parent[node as usize];
        }
    }

    fn add_to_totals(&mut self, kind: ItemKind, payers: PotSet, cost: i64) {
        let key = (kind, payers);
        let total = self.totals.entry(key).or_default();
        *total += cost;
        if *total == 0 {
            self.totals.remove(&key);
        }
    }
}
