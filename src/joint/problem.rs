//! The problem that the search over several pots solves, and what is known about it besides its numbers.
//!
//! In: an instance whose prizes stand on buildings, which are leaves, and on what routes pass; what kind of
//! item each edge is; who may pay for each building. It knows no programmes, only sets of pots.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use super::links::{Link, Links};
use crate::engine::{Demand, Goal, Instance};
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
pub struct JointProblem<'a> {
    /// The instance; its root is the super-root.
    pub instance: &'a Instance,
    /// The network, shared by all problems over it.
    links: Arc<Links>,
    /// Kind of item each edge is (programmes may pay for some kinds only).
    pub kinds: Vec<ItemKind>,
    /// Class of payers of each node; `None` for nodes that are no buildings.
    class_of: Vec<Option<PayerClass>>,
    /// The distinct sets of payers.
    classes: Vec<PotSet>,
    /// How many pots have a place in the sets of payers.
    pots: usize,
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
fn passes(instance: &Instance, links: &Links, class_of: &[Option<PayerClass>]) -> bool {
    let mut nodes = instance.prizes.iter().zip(0_u32..).zip(class_of);
    nodes.any(|((&prize, node), class)| prize > 0 && class.is_none() && !links.at(node).is_empty())
}

impl<'a> JointProblem<'a> {
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
        let links = Arc::new(Links::of(instance));
        let money = match instance.goal {
            Goal::MostPrize { budget } => budget,
            Goal::LeastCost { .. } | Goal::LeastLoss => i64::MAX,
        };
        let passes = passes(instance, &links, &class_of);
        let charge = 0;
        Self {
            instance,
            links,
            kinds,
            class_of,
            classes,
            pots,
            money,
            halfway,
            passes,
            charge,
            unit: PrizeUnit::THOUSANDTHS,
        }
    }

    /// The same problem where a penny of cost takes off so much prize, and prizes are shown in a unit.
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

    /// The nodes that must be connected, also where they cannot be.
    pub fn required(&self) -> impl Iterator<Item = u32> {
        (0_u32..)
            .zip(&self.instance.demands)
            .filter(|(_, own)| **own == Demand::Required)
            .map(|(node, _)| node)
    }

    /// Whether a building must be connected.
    pub fn requires(&self, building: u32) -> bool {
        self.instance.demands[building as usize] == Demand::Required
    }

    /// The prize of a node.
    pub fn prize(&self, node: u32) -> i64 {
        self.instance.prizes[node as usize]
    }

    /// The money of all pots together.
    pub fn budget(&self) -> i64 {
        self.money
    }

    /// The same problem with more or less money than its instance says.
    pub fn set_budget(&mut self, money: i64) {
        self.money = money;
    }

    /// The same problem over an instance that differs in demands or prizes only.
    pub fn over<'b>(&self, instance: &'b Instance) -> JointProblem<'b> {
        JointProblem {
            instance,
            links: Arc::clone(&self.links),
            kinds: self.kinds.clone(),
            class_of: self.class_of.clone(),
            classes: self.classes.clone(),
            pots: self.pots,
            money: self.money,
            halfway: self.halfway.clone(),
            passes: passes(instance, &self.links, &self.class_of),
            charge: self.charge,
            unit: self.unit,
        }
    }

    /// The links of a node.
    pub fn links(&self, node: u32) -> &[Link] {
        self.links.at(node)
    }

    /// How many nodes there are.
    pub fn nodes(&self) -> usize {
        self.links.nodes()
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
}
