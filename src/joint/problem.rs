//! The problem that the search over several pots solves, and what is known of it beside its numbers.
//!
//! In: an instance whose prizes stand on buildings, which are leaves, and on what routes pass; what kind of
//! item each edge is; who may pay for each building. It knows no programmes, only sets of pots.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::ops::Range;
use std::rc::Rc;

use super::construct::Reach;
use super::forest::Forest;
use crate::engine::{Goal, Instance};
use crate::funding::{ItemKind, PotSet};

/// The place of a building's set of payers among the distinct sets: as wide as the number of a node, for there
/// are no more sets than buildings. A node that is no building has none.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct PayerClass(u32);

impl PayerClass {
    /// Its place among the distinct sets.
    pub const fn place(self) -> usize {
        self.0 as usize
    }
}

/// What the search needs to know of an instance besides its numbers.
pub struct Terrain<'a> {
    /// The instance; its root is the super-root.
    pub instance: &'a Instance,
    /// Edges at each node: `(edge, other end)`, sorted by edge.
    pub rows: Vec<Vec<(u32, u32)>>,
    /// Kind of item each edge is (programmes may pay for some kinds only).
    pub kinds: Vec<ItemKind>,
    /// Class of payers of each node; `None` for nodes that are no buildings.
    class_of: Vec<Option<PayerClass>>,
    /// The distinct sets of payers.
    classes: Vec<PotSet>,
    /// How many pots have a place in the sets of payers.
    pots: usize,
    /// The buildings nearest to each building that was asked for.
    near: RefCell<Near>,
    /// The money of all pots together.
    money: i64,
    /// Nodes halfway along a span: the edges on both sides of them are one item.
    halfway: Range<u32>,
    /// Whether routes pass prizes.
    passes: bool,
    /// How much prize a penny of cost takes off.
    charge: i64,
    unit: PrizeUnit,
}

/// What a prize is in the unit it is shown in.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct PrizeUnit {
    /// So much prize is a step.
    pub step: i64,
    /// Thousandths of the unit in a step.
    pub thousandths: i64,
}

impl PrizeUnit {
    /// Prizes that are thousandths themselves.
    pub const THOUSANDTHS: Self = Self { step: 1, thousandths: 1 };

    /// A prize, or a bound on one, in thousandths of its unit: whole steps, rounded down.
    pub const fn of(self, prize: i64) -> i64 {
        prize.div_euclid(self.step).saturating_mul(self.thousandths)
    }
}

/// Whether a node that routes can lead to and that is no building has a prize.
fn passes(instance: &Instance, rows: &[Vec<(u32, u32)>], class_of: &[Option<PayerClass>]) -> bool {
    let mut nodes = instance.prizes.iter().zip(rows).zip(class_of);
    nodes.any(|((&prize, row), class)| prize > 0 && !row.is_empty() && class.is_none())
}

/// How many neighbours of a building are remembered.
const NEIGHBOURS: usize = 48;

/// Neighbours of buildings, found when they are first asked for: a large network has more buildings than a
/// search ever asks about.
#[derive(Clone)]
struct Near {
    reach: Reach,
    known: BTreeMap<u32, Rc<[u32]>>,
}

impl Near {
    fn new(nodes: usize) -> Self {
        Self { reach: Reach::new(nodes), known: BTreeMap::new() }
    }

    /// The buildings nearest to one over unbuilt routes, nearest first, without using the super-root.
    fn of(&mut self, terrain: &Terrain<'_>, building: u32) -> Rc<[u32]> {
        if let Some(near) = self.known.get(&building) {
            return Rc::clone(near);
        }
        let near: Rc<[u32]> = self.reach.nearest(terrain, building, NEIGHBOURS).into();
        self.known.insert(building, Rc::clone(&near));
        near
    }
}

impl<'a> Terrain<'a> {
    /// Surveys an instance: `kinds` of its edges, the payers of each node that is a building, and which nodes
    /// are halfway along a span.
    pub fn new(
        instance: &'a Instance,
        kinds: Vec<ItemKind>,
        payers: &[Option<PotSet>],
        halfway: Range<u32>,
    ) -> Self {
        let mut classes: Vec<PotSet> = payers.iter().copied().flatten().collect();
        classes.sort_unstable();
        classes.dedup();
        let class: BTreeMap<PotSet, PayerClass> =
            classes.iter().copied().zip((0..).map(PayerClass)).collect();
        let class_of: Vec<Option<PayerClass>> =
            payers.iter().map(|payers| payers.map(|payers| class[&payers])).collect();
        let everybody = classes.iter().fold(PotSet::EMPTY, |all, &own| all.union(own));
        let pots = everybody.iter().last().map_or(0, |last| last + 1);
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
        let near = RefCell::new(Near::new(instance.nodes()));
        let charge = 0;
        Self {
            instance,
            rows,
            kinds,
            class_of,
            classes,
            pots,
            near,
            money,
            halfway,
            passes,
            charge,
            unit: PrizeUnit::THOUSANDTHS,
        }
    }

    /// The same terrain where a penny of cost takes off so much prize, and prizes are shown in a unit.
    #[must_use]
    pub fn valued(self, charge: i64, unit: PrizeUnit) -> Self {
        Self { charge, unit, ..self }
    }

    /// What prizes are shown in.
    pub fn unit(&self) -> PrizeUnit {
        self.unit
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
            kinds: self.kinds.clone(),
            class_of: self.class_of.clone(),
            classes: self.classes.clone(),
            pots: self.pots,
            near: RefCell::new(self.near.borrow().clone()),
            money: self.money,
            halfway: self.halfway.clone(),
            passes: passes(instance, &self.rows, &self.class_of),
            charge: self.charge,
            unit: self.unit,
        }
    }

    /// Whether routes pass prizes, so that a tree of the engine may end where no building is.
    pub fn passes(&self) -> bool {
        self.passes
    }

    /// Nodes halfway along a span: the edges on both sides of them are one item.
    pub fn is_halfway(&self, node: u32) -> bool {
        self.halfway.contains(&node)
    }

    /// Whether a node is a building.
    pub fn is_building(&self, node: u32) -> bool {
        self.class(node).is_some()
    }

    /// The prize of holding a node that is no building.
    pub fn passed(&self, node: u32) -> i64 {
        if self.is_building(node) { 0 } else { self.instance.prizes[node as usize] }
    }

    /// The nodes that are buildings, in order.
    pub fn buildings(&self) -> impl Iterator<Item = u32> {
        self.class_of.iter().zip(0_u32..).filter(|(class, _)| class.is_some()).map(|(_, b)| b)
    }

    /// The class of payers of a building; `None` for other nodes.
    pub fn class(&self, node: u32) -> Option<PayerClass> {
        self.class_of[node as usize]
    }

    /// The distinct sets of payers, each at the place of its class.
    pub fn classes(&self) -> &[PotSet] {
        &self.classes
    }

    /// The payers of a building; none for other nodes.
    pub fn payers(&self, node: u32) -> PotSet {
        self.class(node).map_or(PotSet::EMPTY, |class| self.classes[class.place()])
    }

    /// How many pots have a place in the sets of payers.
    pub fn pots(&self) -> usize {
        self.pots
    }

    /// A building and its neighbours, nearest first.
    pub fn near(&self, building: u32) -> impl Iterator<Item = u32> {
        let near = self.near.borrow_mut().of(self, building);
        std::iter::once(building).chain((0..near.len()).map(move |place| near[place]))
    }
}
