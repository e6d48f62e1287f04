//! A tree that grows from the root by cheapest routes, and the strategies that only order its growth.
//!
//! What for: ranking and ratio strategies on plain numbers. In: an instance whose root stands for every place
//! where fibre starts, and a judge of what can be funded. Out: the tree. It never looks ahead: each site is
//! taken or refused once, as things stand at that point.

use std::cmp::Ordering;

use crate::engine::{Demand, Instance};
use crate::graph::{Distances, FAR, Rows};

/// A node of a tree, below the node it hangs from.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Joined {
    /// The node.
    pub node: u32,
    /// The edge it hangs by.
    pub edge: u32,
    /// Place in the tree of the node it hangs from; `None` where that is the root.
    pub parent: Option<u32>,
}

/// A tree without its root: each node stands after the node it hangs from.
pub type Branches = Vec<Joined>;

/// Who says whether a tree can be funded.
pub trait Judge {
    /// No tree that costs more than this can be funded.
    fn most_money(&self) -> i64;

    /// Whether the pots pay for exactly this tree, and no rule speaks against it.
    fn can_fund(&mut self, tree: &[Joined]) -> bool;

    /// Whether time is up, or the caller wants to stop: what is growing then comes to an end.
    fn is_over(&mut self) -> bool {
        false
    }
}

/// An instance as the strategies see it.
pub struct Field<'a> {
    pub instance: &'a Instance,
    pub rows: Rows,
    pub root: u32,
    /// Nodes worth connecting that can be reached, by number.
    pub prizes: Vec<u32>,
    worth: Vec<i64>,
}

/// The prize of each node; a required one counts more than all that is optional.
fn worth(instance: &Instance) -> Vec<i64> {
    let total: i64 = instance.prizes.iter().sum();
    let is_required = |demand: &Demand| *demand == Demand::Required;
    let required = instance.demands.iter().filter(|&demand| is_required(demand)).count();
    let required = i64::try_from(required).unwrap_or(i64::MAX - 1);
    // Sums stay far below the largest number.
    let extra = (total + 1).min((1 << 60) / (required + 1));
    let nodes = instance.prizes.iter().zip(&instance.demands);
    nodes.map(|(&prize, demand)| if is_required(demand) { prize + extra } else { prize }).collect()
}

/// The instance with what routes pass counted by the buildings they lead to: each has the prize of its own
/// cheapest route from the root beside its own, and nothing else has any.
pub fn with_passed(instance: &Instance, root: u32, is_building: impl Fn(u32) -> bool) -> Instance {
    let mut valued = instance.clone();
    let field = Field::new(instance, root);
    let growth = Growth::new(&field);
    for (node, prize) in (0..).zip(&mut valued.prizes) {
        *prize = if is_building(node) { growth.prize_of_way(node) } else { 0 };
    }
    valued
}

impl<'a> Field<'a> {
    /// The field of an instance rooted at `root`.
    pub fn new(instance: &'a Instance, root: u32) -> Self {
        let ends = instance.edges.iter().map(|edge| edge.ends);
        let rows = Rows::new(instance.nodes(), ends);
        let mut field = Self { instance, rows, root, prizes: Vec::new(), worth: worth(instance) };
        let growth = Growth::new(&field);
        let nodes = (0..).zip(&field.worth).zip(&instance.demands);
        field.prizes = nodes
            .filter(|&((node, &worth), _)| worth > 0 && growth.distance(node) != FAR)
            .filter(|&(_, &demand)| demand != Demand::Forbidden)
            .map(|((node, _), _)| node)
            .collect();
        field
    }

    /// The same field with no edges but those of a tree.
    pub fn within(&self, tree: &[Joined]) -> Self {
        let mut kept = vec![false; self.instance.edges.len()];
        for joined in tree {
            kept[joined.edge as usize] = true;
        }
        // Self-loops stand for what is left out, so that edges keep their numbers.
        let ends = self.instance.edges.iter().zip(kept);
        let ends = ends.map(|(edge, kept)| if kept { edge.ends } else { [0, 0] });
        let rows = Rows::new(self.instance.nodes(), ends);
        let held = |&node: &u32| tree.iter().any(|joined| joined.node == node);
        let prizes = self.prizes.iter().copied().filter(held).collect();
        Self { instance: self.instance, rows, root: self.root, prizes, worth: self.worth.clone() }
    }

    /// What a node is worth: its prize, and more than all prizes where it is required.
    pub fn prize(&self, node: u32) -> i64 {
        self.worth[node as usize]
    }

    pub fn cost(&self, edge: u32) -> i64 {
        self.instance.edges[edge as usize].cost
    }

    pub fn tree_cost(&self, tree: &[Joined]) -> i64 {
        tree.iter().map(|joined| self.cost(joined.edge)).sum()
    }

    pub fn tree_prize(&self, tree: &[Joined]) -> i64 {
        tree.iter().map(|joined| self.prize(joined.node)).sum()
    }

    fn is_required(&self, node: u32) -> bool {
        self.instance.demands[node as usize] == Demand::Required
    }

    /// Orders nodes by cost for each unit of prize, then by number; required ones come first.
    pub fn by_ratio(&self, a: Priced, b: Priced) -> Ordering {
        let left = i128::from(a.cost) * i128::from(self.prize(b.node));
        let right = i128::from(b.cost) * i128::from(self.prize(a.node));
        let required_first = self.is_required(b.node).cmp(&self.is_required(a.node));
        required_first.then(left.cmp(&right)).then(a.node.cmp(&b.node))
    }
}

/// A node with what the cheapest way to it costs.
#[derive(Clone, Copy, Debug)]
pub struct Priced {
    /// The node.
    pub node: u32,
    /// The cost of the way.
    pub cost: i64,
}

/// The tree so far, with the cheapest way from it to every node.
pub struct Growth<'f> {
    field: &'f Field<'f>,
    distances: Distances,
    /// Place in the tree of each node, or `None`.
    place: Vec<Option<u32>>,
    tree: Branches,
    cost: i64,
}

impl<'f> Growth<'f> {
    /// The root alone. O(edges log nodes), as is all further growth together where little comes nearer.
    pub fn new(field: &'f Field<'_>) -> Self {
        let nodes = field.instance.nodes();
        let mut growth = Self {
            field,
            distances: Distances::new(nodes),
            place: vec![None; nodes],
            tree: Branches::new(),
            cost: 0,
        };
        growth.distances.add_source(field.root);
        growth.settle();
        growth
    }

    /// A node with the cost of its way from the tree.
    fn priced(&self, node: u32) -> Priced {
        Priced { node, cost: self.distance(node) }
    }

    fn settle(&mut self) {
        let Field { instance, rows, .. } = self.field;
        self.distances.run(rows, FAR - 1, |place| {
            let forbidden = instance.demands[rows.neighbour(place) as usize] == Demand::Forbidden;
            (!forbidden).then(|| instance.edges[rows.edge(place) as usize].cost)
        });
    }

    /// What joining a node costs now; [`FAR`] where there is no way.
    pub fn distance(&self, node: u32) -> i64 {
        self.distances.of(node)
    }

    /// The prizes of a node and all before it on its cheapest way.
    fn prize_of_way(&self, node: u32) -> i64 {
        let rows = &self.field.rows;
        let mut prize = self.field.instance.prizes[node as usize];
        let mut at = node;
        while let Some(place) = self.distances.reached_by(at) {
            at = rows.neighbour(rows.twin(place));
            prize += self.field.instance.prizes[at as usize];
        }
        prize
    }

    pub fn holds(&self, node: u32) -> bool {
        node == self.field.root || self.place[node as usize].is_some()
    }

    #[cfg(test)]
    pub fn tree(&self) -> &[Joined] {
        &self.tree
    }

    pub fn into_tree(self) -> Branches {
        self.tree
    }

    /// Joins a node by its cheapest way if the judge can fund that; says whether it did.
    pub fn try_join(&mut self, node: u32, judge: &mut dyn Judge) -> bool {
        let price = self.distance(node);
        if price == FAR || self.holds(node) || self.cost + price > judge.most_money() {
            return false;
        }
        let before = self.tree.len();
        self.append_way(node);
        if !judge.can_fund(&self.tree) {
            for joined in self.tree.drain(before..) {
                self.place[joined.node as usize] = None;
            }
            return false;
        }
        self.cost += price;
        for joined in &self.tree[before..] {
            self.distances.add_source(joined.node);
        }
        self.settle();
        true
    }

    /// Joins a node by its cheapest way, whatever it costs.
    pub fn join(&mut self, node: u32) {
        struct Anything;
        impl Judge for Anything {
            fn most_money(&self) -> i64 {
                FAR
            }
            fn can_fund(&mut self, _: &[Joined]) -> bool {
                true
            }
        }
        self.try_join(node, &mut Anything);
    }

    /// Appends the way to a node that can be reached and is not held.
    fn append_way(&mut self, node: u32) {
        let rows = &self.field.rows;
        let mut way = Vec::new();
        let mut at = node;
        while !self.holds(at) {
            // A node off the tree that can be reached was reached over an edge.
            let Some(place) = self.distances.reached_by(at) else { return };
            way.push((at, rows.edge(place)));
            at = rows.neighbour(rows.twin(place));
        }
        let mut parent = self.place[at as usize];
        for (node, edge) in way.into_iter().rev() {
            let place = u32::try_from(self.tree.len()).ok();
            self.tree.push(Joined { node, edge, parent });
            self.place[node as usize] = place;
            parent = place;
        }
    }
}

/// What a ranking does at the first site that cannot be funded.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum AtRefusal {
    Stop,
    Skip,
}

/// Joins nodes in a fixed order, each by its cheapest way at its turn.
pub fn in_order(
    field: &Field<'_>,
    order: &[u32],
    at_refusal: AtRefusal,
    judge: &mut dyn Judge,
) -> Branches {
    let mut growth = Growth::new(field);
    for &node in order {
        if judge.is_over() {
            break;
        }
        if !growth.try_join(node, judge) && !growth.holds(node) && at_refusal == AtRefusal::Stop {
            break;
        }
    }
    growth.into_tree()
}

/// The nodes with a prize, largest first.
pub fn rank_by_prize(field: &Field<'_>) -> Vec<u32> {
    let mut order = field.prizes.clone();
    order.sort_by_key(|&node| (-field.prize(node), node));
    order
}

/// The nodes with a prize, by the cost of their own route from the root for each unit of prize.
pub fn rank_by_ratio(field: &Field<'_>) -> Vec<u32> {
    let growth = Growth::new(field);
    let mut order = field.prizes.clone();
    order.sort_by(|&a, &b| field.by_ratio(growth.priced(a), growth.priced(b)));
    order
}

/// After each addition prices the `open` nodes again and takes the best ratio that can be funded.
///
/// At most as many rounds as there are prizes, with one judgement a prize and round; searching is
/// incremental, for distances only fall.
pub fn by_changing_ratio(growth: &mut Growth<'_>, mut open: Vec<u32>, judge: &mut dyn Judge) {
    let field = growth.field;
    loop {
        open.retain(|&node| !growth.holds(node));
        let mut priced: Vec<Priced> = open.iter().map(|&node| growth.priced(node)).collect();
        priced.sort_by(|&a, &b| field.by_ratio(a, b));
        let joined =
            priced.into_iter().any(|way| !judge.is_over() && growth.try_join(way.node, judge));
        if !joined {
            return;
        }
    }
}
