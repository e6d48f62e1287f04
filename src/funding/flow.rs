//! Money as a flow: from the pots, through the branches and pools that caps make, to the items.
//!
//! In: a case and its terms. Out: what each pot pays of each item, or the pots and items that fall
//! short by most. Exact in pence for caps of every scope.

use std::collections::BTreeMap;

use crate::funding::ledger::Ledger;
use crate::funding::limits::Limits;
use crate::funding::terms::Terms;
use crate::funding::{FundingCase, PotSet};
use crate::graph::max_flow::{ArcIx, FlowNetwork};
use crate::units::Pence;

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
    limits: &'a [Limits],
    network: FlowNetwork,
    /// The pot each node belongs to; `None` for source, sink and items.
    owner: Vec<Option<usize>>,
    /// By pot: the node of each branch, the pot itself first.
    branches: Vec<Vec<u32>>,
    /// By pot: the node of each pool.
    pools: Vec<Vec<u32>>,
}

/// The flow of most money, as a ledger when it pays for everything.
pub(super) fn most_money(case: &FundingCase, terms: &Terms) -> Result<Ledger, Shortfall> {
    let limits = Limits::of(case, terms);
    let mut builder = Builder::new(case, terms, &limits);
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
    fn new(case: &'a FundingCase<'a>, terms: &'a Terms, limits: &'a [Limits]) -> Self {
        let mut builder = Self {
            case,
            terms,
            limits,
            network: FlowNetwork::new(2),
            owner: vec![None, None],
            branches: Vec::new(),
            pools: Vec::new(),
        };
        for (pot, limits) in limits.iter().enumerate() {
            let mut branches: Vec<u32> = Vec::with_capacity(limits.branches.len());
            for branch in &limits.branches {
                let node = builder.node(Some(pot));
                let from = branches.get(branch.within as usize).copied().unwrap_or(SOURCE);
                builder.network.add_arc(from, node, branch.limit);
                branches.push(node);
            }
            for (ends, &most) in branches[1..].windows(2).zip(&limits.carry) {
                builder.network.add_arc(ends[0], ends[1], most);
            }
            let mut pools = Vec::new();
            for &money in limits.pools.iter().flat_map(|pools| &pools.money) {
                let node = builder.node(Some(pot));
                builder.network.add_arc(branches[0], node, money);
                pools.push(node);
            }
            builder.branches.push(branches);
            builder.pools.push(pools);
        }
        builder
    }

    fn node(&mut self, owner: Option<usize>) -> u32 {
        self.owner.push(owner);
        self.network.add_node()
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
            if let Some(class) = known.and_then(|class| classes.get_mut(class)) {
                class.items.push(place);
                class.cost += item.cost.get();
            } else {
                let node = self.node(None);
                let (items, cost) = (vec![place], item.cost.get());
                classes.push(Class { payers, items, cost, node, arcs: Vec::new() });
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
            let limits = &self.limits[pot];
            key.extend([u32::MAX, u32::try_from(pot).ok()?, limits.branch_of[item as usize]]);
            if let Some(pools) = &limits.pools {
                key.extend(&pools.of_item[item as usize]);
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
            let limits = &self.limits[pot];
            let from = match &limits.pools {
                None => self.branches[pot][limits.branch_of[first] as usize],
                Some(pools) => {
                    let node = self.node(Some(pot));
                    for &pool in &pools.of_item[first] {
                        self.network.add_arc(self.pools[pot][pool as usize], node, ceiling);
                    }
                    node
                }
            };
            class.arcs.push((pot, self.network.add_arc(from, class.node, ceiling)));
        }
    }
}
