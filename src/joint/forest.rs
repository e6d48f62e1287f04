//! A growing and shrinking forest under a super-root, which always knows what its items cost by who
//! may pay for them.
//!
//! What for: the search over several pots tests thousands of plans; each change costs only the length
//! of the routes it touches. In: an instance whose prizes stand on buildings, which are leaves, and on what
//! routes pass. It knows no programmes, only bit sets of payers.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use crate::engine::{Goal, Instance, Solution};

/// No node.
pub const NONE: u32 = u32::MAX;

/// Cost of the items of a forest by sort of item and by the set of payers below them.
pub type Totals = BTreeMap<(u8, u64), i64>;

/// What the search needs to know of an instance besides its numbers.
pub struct Terrain<'a> {
    /// The instance; its root is the super-root.
    pub instance: &'a Instance,
    /// Edges at each node: `(edge, other end)`, sorted by edge.
    pub rows: Vec<Vec<(u32, u32)>>,
    /// Sort of item each edge is (programmes may pay for some sorts only).
    pub sorts: Vec<u8>,
    /// Class of payers of each node: a place in `classes`, or `NO_CLASS` for nodes that use nothing.
    pub class_of: Vec<u8>,
    /// The distinct sets of payers.
    pub classes: Vec<u64>,
    /// The buildings nearest to each building, sorted by building.
    near: Vec<(u32, Vec<u32>)>,
    /// The money of all pots together.
    money: i64,
    /// Nodes halfway along a span: the edges on both sides of them are one item.
    halfway: Range<u32>,
    /// Whether routes pass prizes.
    passes: bool,
    /// How much prize a penny of cost takes off.
    charge: i64,
}

/// Whether a node that routes can lead to and that is no building has a prize.
fn passes(instance: &Instance, rows: &[Vec<(u32, u32)>], class_of: &[u8]) -> bool {
    let mut nodes = instance.prizes.iter().zip(rows).zip(class_of);
    nodes.any(|((&prize, row), &class)| prize > 0 && !row.is_empty() && class == NO_CLASS)
}

/// The class of a node that is no building.
pub const NO_CLASS: u8 = u8::MAX;

/// How many neighbours of a building are remembered.
const NEIGHBOURS: usize = 48;

impl<'a> Terrain<'a> {
    /// Surveys an instance: `sorts` of its edges, the payers of each node that is a building, and which nodes
    /// are halfway along a span.
    ///
    /// Takes one short search from each building to find its neighbours.
    pub fn new(
        instance: &'a Instance,
        sorts: Vec<u8>,
        payers: &[Option<u64>],
        halfway: Range<u32>,
    ) -> Self {
        let mut classes: Vec<u64> = payers.iter().copied().flatten().collect();
        classes.sort_unstable();
        classes.dedup();
        let class_of: Vec<u8> = payers
            .iter()
            .map(|payers| {
                let place = payers.and_then(|payers| classes.binary_search(&payers).ok());
                place.and_then(|place| u8::try_from(place).ok()).unwrap_or(NO_CLASS)
            })
            .collect();
        let mut rows = vec![Vec::new(); instance.nodes()];
        for (edge, place) in instance.edges.iter().zip(0_u32..) {
            let [u, v] = edge.ends;
            if u != v {
                rows[u as usize].push((place, v));
                rows[v as usize].push((place, u));
            }
        }
        let money = match instance.goal {
            Goal::MostPrize { budget } => budget,
            Goal::LeastCost { .. } | Goal::LeastLoss => i64::MAX,
        };
        let passes = passes(instance, &rows, &class_of);
        let near = Vec::new();
        let charge = 0;
        let mut terrain =
            Self { instance, rows, sorts, class_of, classes, near, money, halfway, passes, charge };
        terrain.near = super::construct::insertion::neighbours(&terrain, NEIGHBOURS);
        terrain
    }

    /// The same terrain where a penny of cost takes off so much prize.
    #[must_use]
    pub fn with_charge(self, charge: i64) -> Self {
        Self { charge, ..self }
    }

    /// How much prize a penny of cost takes off: 0 where the cost is no part of the objective.
    pub fn charge(&self) -> i64 {
        self.charge
    }

    /// What is maximised: the prize of a forest, less the charge for its cost.
    pub fn worth(&self, forest: &Forest) -> i64 {
        forest.prize - self.charge * forest.cost
    }

    /// A better forest ranks higher: by worth, then by cost.
    pub fn rank(&self, forest: &Forest) -> (i64, i64) {
        (self.worth(forest), -forest.cost)
    }

    /// The money of all pots together.
    pub fn budget(&self) -> i64 {
        self.money
    }

    /// The same terrain with more or less money than its instance says.
    pub fn set_budget(&mut self, money: i64) {
        self.money = money;
    }

    /// The same terrain over an instance that differs in demands or prizes only.
    pub fn over<'b>(&self, instance: &'b Instance) -> Terrain<'b> {
        Terrain {
            instance,
            rows: self.rows.clone(),
            sorts: self.sorts.clone(),
            class_of: self.class_of.clone(),
            classes: self.classes.clone(),
            near: self.near.clone(),
            money: self.money,
            halfway: self.halfway.clone(),
            passes: passes(instance, &self.rows, &self.class_of),
            charge: self.charge,
        }
    }

    /// Whether routes pass prizes, so that a tree of the engine may end where no building is.
    pub fn passes(&self) -> bool {
        self.passes
    }

    /// The prize of holding a node that is no building.
    pub fn passed(&self, node: u32) -> i64 {
        let place = node as usize;
        if self.class_of[place] == NO_CLASS { self.instance.prizes[place] } else { 0 }
    }

    /// The nodes that are buildings, in order.
    pub fn buildings(&self) -> impl Iterator<Item = u32> {
        self.class_of.iter().zip(0_u32..).filter(|(class, _)| **class != NO_CLASS).map(|(_, b)| b)
    }

    /// The payers of a building; none for other nodes.
    pub fn payers(&self, node: u32) -> u64 {
        let class = usize::from(self.class_of[node as usize]);
        self.classes.get(class).copied().unwrap_or(0)
    }

    /// A building and its neighbours, nearest first.
    pub fn near(&self, building: u32) -> impl Iterator<Item = u32> {
        let place = self.near.binary_search_by_key(&building, |(node, _)| *node);
        let near = place.map_or(&[][..], |place| &self.near[place].1);
        std::iter::once(building).chain(near.iter().copied())
    }
}

/// A tree of the instance that holds the super-root.
#[derive(Clone)]
pub struct Forest {
    /// Edge towards the root; `NONE` outside the tree and at the root.
    pub parent_edge: Vec<u32>,
    /// Node towards the root; `NONE` outside the tree and at the root.
    pub parent: Vec<u32>,
    /// Number of nodes that hang directly from each node.
    children: Vec<u32>,
    /// Connected buildings below each node, by class (node-major).
    users: Vec<u32>,
    classes: usize,
    /// Cost of items by sort and payers.
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
    pub fn empty(terrain: &Terrain<'_>) -> Self {
        let nodes = terrain.instance.nodes();
        let classes = terrain.classes.len();
        Self {
            parent_edge: vec![NONE; nodes],
            parent: vec![NONE; nodes],
            children: vec![0; nodes],
            users: vec![0; nodes * classes],
            classes,
            totals: Totals::new(),
            cost: 0,
            prize: 0,
            held: Vec::new(),
            root: terrain.instance.root.unwrap_or(0),
        }
    }

    /// The forest of a tree that holds the root; branches without a building are left out.
    pub fn of(terrain: &Terrain<'_>, solution: &Solution) -> Self {
        let mut forest = Self::empty(terrain);
        let mut rows: BTreeMap<u32, Vec<(u32, u32)>> = BTreeMap::new();
        for &edge in &solution.edges {
            let [u, v] = terrain.instance.edges[edge as usize].ends;
            rows.entry(u).or_default().push((edge, v));
            rows.entry(v).or_default().push((edge, u));
        }
        let mut from: BTreeMap<u32, (u32, u32)> = BTreeMap::new();
        let mut stack = vec![forest.root];
        let mut order = Vec::new();
        while let Some(node) = stack.pop() {
            order.push(node);
            for &(edge, other) in rows.get(&node).into_iter().flatten() {
                if other != forest.root && !from.contains_key(&other) {
                    from.insert(other, (edge, node));
                    stack.push(other);
                }
            }
        }
        order.retain(|&node| terrain.class_of[node as usize] != NO_CLASS);
        order.sort_unstable();
        for building in order {
            forest.attach(terrain, building, &|node| from.get(&node).copied());
        }
        forest
    }

    /// Whether a node is in the forest.
    pub fn holds(&self, node: u32) -> bool {
        node == self.root || self.parent[node as usize] != NONE
    }

    /// Adds a building by the route that `step` gives, node by node, up to the first node held. One that
    /// is held already stays as it is.
    pub fn attach(
        &mut self,
        terrain: &Terrain<'_>,
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
            self.prize += terrain.passed(node);
            let cost = terrain.instance.edges[edge as usize].cost;
            self.cost += cost;
            self.add_to_totals((terrain.sorts[edge as usize], 0), cost);
            node = next;
        }
        self.count(terrain, building, true);
        self.prize += terrain.instance.prizes[building as usize];
        self.held.insert(place, building);
    }

    /// Removes a building and the part of its route that nobody else uses.
    pub fn detach(&mut self, terrain: &Terrain<'_>, building: u32) {
        let Ok(place) = self.held.binary_search(&building) else { return };
        self.held.remove(place);
        self.prize -= terrain.instance.prizes[building as usize];
        self.count(terrain, building, false);
        let mut node = building;
        while node != self.root
            && self.children[node as usize] == 0
            && self.held.binary_search(&node).is_err()
        {
            let edge = self.parent_edge[node as usize] as usize;
            let next = self.parent[node as usize];
            let cost = terrain.instance.edges[edge].cost;
            self.cost -= cost;
            self.prize -= terrain.passed(node);
            self.add_to_totals((terrain.sorts[edge], 0), -cost);
            self.parent_edge[node as usize] = NONE;
            self.parent[node as usize] = NONE;
            self.children[next as usize] -= 1;
            node = next;
        }
    }

    /// What removing a building would save.
    pub fn saving(&self, terrain: &Terrain<'_>, building: u32) -> i64 {
        let edge = |node: u32| terrain.instance.edges[self.parent_edge[node as usize] as usize];
        self.only_for(building).map(|node| edge(node).cost).sum()
    }

    /// What prize removing a building would lose: its own, and what nobody else's route passes.
    pub fn brings(&self, terrain: &Terrain<'_>, building: u32) -> i64 {
        let own = terrain.instance.prizes[building as usize];
        if !terrain.passes() {
            return own;
        }
        own + self.only_for(building).map(|node| terrain.passed(node)).sum::<i64>()
    }

    /// Whether a node held is no building and has one node below it.
    pub fn is_passed_by_one(&self, terrain: &Terrain<'_>, node: u32) -> bool {
        terrain.class_of[node as usize] == NO_CLASS && self.children[node as usize] == 1
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
        self.users[node as usize * self.classes..][..self.classes].iter().sum()
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
    pub fn items(&self, terrain: &Terrain<'_>) -> Vec<(u32, u32, u32, i64)> {
        let cost = |edge: u32| terrain.instance.edges[edge as usize].cost;
        let whole = |(node, edge, above): (u32, u32, u32)| {
            if !terrain.halfway.contains(&above) {
                return (node, edge, above, cost(edge));
            }
            let other = self.parent_edge[above as usize];
            (node, edge, self.parent[above as usize], cost(edge) + cost(other))
        };
        let mut items = self.outward();
        items.retain(|(node, _, _)| !terrain.halfway.contains(node));
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
    pub fn payers(&self, terrain: &Terrain<'_>, node: u32) -> u64 {
        let counts = &self.users[node as usize * self.classes..][..self.classes];
        let present = counts.iter().zip(&terrain.classes).filter(|(count, _)| **count > 0);
        present.fold(0, |payers, (_, &class)| payers | class)
    }

    /// Counts a building in or out all the way to the root, moving items between totals as their
    /// payers change.
    fn count(&mut self, terrain: &Terrain<'_>, building: u32, add: bool) {
        let class = usize::from(terrain.class_of[building as usize]);
        let mut node = building;
        while node != self.root {
            let before = self.payers(terrain, node);
            let count = &mut self.users[node as usize * self.classes + class];
            if add {
                *count += 1;
            } else {
                *count -= 1;
            }
            let after = self.payers(terrain, node);
            if before != after {
                let edge = self.parent_edge[node as usize] as usize;
                let (sort, cost) = (terrain.sorts[edge], terrain.instance.edges[edge].cost);
                self.add_to_totals((sort, before), -cost);
                self.add_to_totals((sort, after), cost);
            }
            node = self.parent[node as usize];
        }
    }

    fn add_to_totals(&mut self, key: (u8, u64), cost: i64) {
        let total = self.totals.entry(key).or_default();
        *total += cost;
        if *total == 0 {
            self.totals.remove(&key);
        }
    }
}
