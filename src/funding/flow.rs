//! Money as a flow: from the pots, through caps, to the items.
//!
//! In: a case and its terms. Out: what each pot pays of each item, or the pots and items that fall
//! short by most. Exact in pence for caps of every scope. Money capped by site may pay for a building's
//! own drop and path, so what a pot pays within any branch of the forest is at most what the buildings
//! of that branch bring: the forest is copied for that pot, with those sums as capacities downwards.

use std::collections::BTreeMap;

use crate::funding::terms::Terms;
use crate::funding::{FundingCase, Pooling, PotSet};
use crate::graph::max_flow::{ArcIx, FlowNetwork};
use crate::units::Pence;

/// What each pot pays of each item.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct Ledger {
    pots: usize,
    paid: Vec<i64>,
}

impl Ledger {
    pub(super) fn new(items: usize, pots: usize) -> Self {
        Self { pots, paid: vec![0; items * pots] }
    }

    /// What a pot pays of an item.
    pub(super) fn of(&self, item: usize, pot: usize) -> i64 {
        self.paid[item * self.pots + pot]
    }

    pub(super) fn set(&mut self, item: usize, pot: usize, pence: i64) {
        self.paid[item * self.pots + pot] = pence;
    }

    /// The pots that pay something of an item.
    pub(super) fn payers(&self, item: usize) -> PotSet {
        PotSet::of((0..self.pots).filter(|&pot| self.of(item, pot) > 0))
    }
}

/// Pots and items that fall short.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Shortfall {
    /// Pots that would pay more if they had more; empty when nobody may pay.
    ///
    /// Without caps by site or group this is the set of pots that falls short by most, the one with
    /// the fewest pots among equals.
    pub pots: PotSet,
    /// Places of the items that cannot all be paid, in order.
    pub items: Vec<u32>,
    /// How many pence are missing.
    pub short: Pence,
}

/// Items that the flow need not tell apart.
struct Class {
    payers: PotSet,
    items: Vec<u32>,
    cost: i64,
    node: u32,
    /// The arc that brings each payer's money.
    arcs: Vec<(usize, ArcIx)>,
}

const SOURCE: u32 = 0;
const SINK: u32 = 1;

/// Builds the flow network of a case, pot by pot and class by class.
struct Builder<'a> {
    case: &'a FundingCase<'a>,
    terms: &'a Terms,
    network: FlowNetwork,
    /// The pot each node belongs to; `None` for source, sink and items.
    owner: Vec<Option<usize>>,
    /// Node of each pot.
    pot_nodes: Vec<u32>,
    /// By pot with caps by site: the node each item draws from.
    hooks: Vec<Vec<u32>>,
    /// By pot with caps by group: the nodes each item draws from.
    groups: Vec<Vec<Vec<u32>>>,
}

/// The flow of most money, as a ledger when it pays for everything.
pub(super) fn most_money(case: &FundingCase, terms: &Terms) -> Result<Ledger, Shortfall> {
    let mut builder = Builder::new(case, terms);
    let classes = builder.classes();
    let mut network = builder.network;
    let paid = network.maximise(SOURCE, SINK);
    let cost = case.cost().get();
    if paid == cost {
        return Ok(ledger(case, &classes, &network));
    }
    let short_side = network.sink_side(SINK);
    let owners = builder.owner.iter().zip(&short_side).filter(|(_, short)| **short);
    let pots = PotSet::of(owners.filter_map(|(owner, _)| *owner));
    let short = classes.iter().filter(|class| short_side[class.node as usize]);
    let mut items: Vec<u32> = short.flat_map(|class| class.items.iter().copied()).collect();
    items.sort_unstable();
    Err(Shortfall { pots, items, short: Pence::new(cost - paid) })
}

/// Reads what each class was paid, and divides it among the class's items in order.
fn ledger(case: &FundingCase, classes: &[Class], network: &FlowNetwork) -> Ledger {
    let mut ledger = Ledger::new(case.items.len(), case.pots.len());
    for class in classes {
        let mut items = class.items.iter().map(|&item| item as usize);
        let mut item = items.next();
        let mut missing = item.map_or(0, |item| case.items[item].cost.get());
        for &(pot, arc) in &class.arcs {
            let mut money = network.flow(arc);
            while let Some(place) = item.filter(|_| money > 0) {
                let pays = money.min(missing);
                ledger.set(place, pot, pays);
                money -= pays;
                missing -= pays;
                if missing == 0 {
                    item = items.next();
                    missing = item.map_or(0, |item| case.items[item].cost.get());
                }
            }
        }
    }
    ledger
}

impl<'a> Builder<'a> {
    fn new(case: &'a FundingCase<'a>, terms: &'a Terms) -> Self {
        let mut builder = Self {
            case,
            terms,
            network: FlowNetwork::new(2),
            owner: vec![None, None],
            pot_nodes: Vec::new(),
            hooks: Vec::new(),
            groups: Vec::new(),
        };
        for pot in 0..case.pots.len() {
            let node = builder.node(Some(pot));
            builder.network.add_arc(SOURCE, node, terms.caps[pot]);
            builder.pot_nodes.push(node);
            let pooling = case.pots[pot].pooling;
            let hooks = if pooling == Pooling::Site { builder.branches(pot) } else { Vec::new() };
            builder.hooks.push(hooks);
            let groups = if pooling == Pooling::Group { builder.pools(pot) } else { Vec::new() };
            builder.groups.push(groups);
        }
        builder
    }

    fn node(&mut self, owner: Option<usize>) -> u32 {
        self.owner.push(owner);
        self.network.add_node()
    }

    /// The copy of the forest for a pot with caps by site: the node that each item draws from.
    ///
    /// A branch gets a node of its own only where its sum can bind.
    fn branches(&mut self, pot: usize) -> Vec<u32> {
        let brought = brought_below(self.case, self.terms, pot);
        let mut hooks: Vec<u32> = Vec::with_capacity(brought.len());
        let mut limits: Vec<i64> = Vec::with_capacity(brought.len());
        for (item, &brought) in brought.iter().enumerate() {
            let above = self.case.parent(item);
            let from = above.map_or(self.pot_nodes[pot], |parent| hooks[parent]);
            let limit = above.map_or(self.terms.caps[pot], |parent| limits[parent]);
            if brought >= limit {
                hooks.push(from);
                limits.push(limit);
            } else {
                let node = self.node(Some(pot));
                self.network.add_arc(from, node, brought);
                hooks.push(node);
                limits.push(brought);
            }
        }
        hooks
    }

    /// The pools of a pot with caps by group: the nodes that each item may draw from.
    fn pools(&mut self, pot: usize) -> Vec<Vec<u32>> {
        let mut money: BTreeMap<u32, i64> = BTreeMap::new();
        let case = self.case;
        let eligible = case.drops.iter().zip(&self.terms.eligible);
        let eligible: Vec<_> =
            eligible.filter(|(_, pots)| pots.holds(pot)).map(|(drop, _)| drop).collect();
        for drop in &eligible {
            let brings = drop.entitlement.cap(pot).map_or(i64::MAX, Pence::get);
            let pool = money.entry(drop.entitlement.group(pot)).or_default();
            *pool = pool.saturating_add(brings);
        }
        let mut nodes = BTreeMap::new();
        for (group, money) in money {
            let node = self.node(Some(pot));
            let limit = money.min(self.terms.caps[pot]);
            self.network.add_arc(self.pot_nodes[pot], node, limit);
            nodes.insert(group, node);
        }
        let mut pools = vec![Vec::new(); case.items.len()];
        for drop in eligible {
            let node = nodes[&drop.entitlement.group(pot)];
            let mut item = Some(drop.item as usize);
            // A group that an item has met has met everything above it too.
            while let Some(here) = item.filter(|&here| !pools[here].contains(&node)) {
                pools[here].push(node);
                item = case.parent(here);
            }
        }
        for pools in &mut pools {
            pools.sort_unstable();
        }
        pools
    }

    /// Gathers the items into classes and joins them to the network.
    ///
    /// Items with the same payers that draw from the same nodes are one class, where each payer may
    /// pay the whole of it: rates round up for each item apart, so rated items stand alone.
    fn classes(&mut self) -> Vec<Class> {
        let mut by_key: BTreeMap<Vec<u32>, usize> = BTreeMap::new();
        let mut classes: Vec<Class> = Vec::new();
        for (place, item) in (0_u32..).zip(&self.case.items) {
            if item.cost == Pence::ZERO {
                continue;
            }
            let payers = self.terms.payers[place as usize];
            let known = self.key(place, payers).map(|key| {
                let next = classes.len();
                *by_key.entry(key).or_insert(next)
            });
            match known.and_then(|class| classes.get_mut(class)) {
                Some(class) => {
                    class.items.push(place);
                    class.cost += item.cost.get();
                }
                None => {
                    let node = self.node(None);
                    let (items, cost) = (vec![place], item.cost.get());
                    classes.push(Class { payers, items, cost, node, arcs: Vec::new() });
                }
            }
        }
        for class in &mut classes {
            self.join(class);
        }
        classes
    }

    /// What tells an item's class from others; `None` for an item that stands alone.
    fn key(&self, item: u32, payers: PotSet) -> Option<Vec<u32>> {
        let mut key = Vec::new();
        for pot in payers.iter() {
            if !self.case.pots[pot].pays_whole_items() {
                return None;
            }
            key.push(u32::MAX);
            key.push(u32::try_from(pot).ok()?);
            match self.case.pots[pot].pooling {
                Pooling::Site => key.push(self.hooks[pot][item as usize]),
                Pooling::Group => key.extend(&self.groups[pot][item as usize]),
                Pooling::Uncapped | Pooling::Programme => {}
            }
        }
        Some(key)
    }

    fn join(&mut self, class: &mut Class) {
        self.network.add_arc(class.node, SINK, class.cost);
        let first = class.items[0] as usize;
        for pot in class.payers.iter() {
            let alone = class.items.len() == 1;
            let ceiling = if alone { Terms::ceiling(self.case, pot, first) } else { class.cost };
            let from = match self.case.pots[pot].pooling {
                Pooling::Site => self.hooks[pot][first],
                Pooling::Group => {
                    let node = self.node(Some(pot));
                    for &pool in &self.groups[pot][first] {
                        self.network.add_arc(pool, node, ceiling);
                    }
                    node
                }
                Pooling::Uncapped | Pooling::Programme => self.pot_nodes[pot],
            };
            class.arcs.push((pot, self.network.add_arc(from, class.node, ceiling)));
        }
    }
}

/// By item: what the eligible buildings that use it bring from a pot.
pub(super) fn brought_below(case: &FundingCase, terms: &Terms, pot: usize) -> Vec<i64> {
    let mut brought = vec![0_i64; case.items.len()];
    for (drop, eligible) in case.drops.iter().zip(&terms.eligible) {
        if eligible.holds(pot) {
            let brings = drop.entitlement.cap(pot).map_or(i64::MAX, Pence::get);
            let sum = &mut brought[drop.item as usize];
            *sum = sum.saturating_add(brings);
        }
    }
    for item in (0..brought.len()).rev() {
        if let Some(parent) = case.parent(item) {
            brought[parent] = brought[parent].saturating_add(brought[item]);
        }
    }
    brought
}
