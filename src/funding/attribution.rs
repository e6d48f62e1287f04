//! Which building's cap or claim each payment counts against.
//!
//! In: what each pot pays of each item. Out: payments that name a building wherever the pot's caps are
//! by site or group or it may not share a site; the sums are unchanged. It never fails on a ledger
//! that the flow or the split has made.

use crate::funding::ledger::Ledger;
use crate::funding::terms::Terms;
use crate::funding::{CasePayment, FundingCase, Pooling};
use crate::graph::max_flow::FlowNetwork;
use crate::units::Pence;

/// The payments of a ledger, sorted by item and pot.
pub(super) fn attribute(case: &FundingCase, terms: &Terms, ledger: &Ledger) -> Vec<CasePayment> {
    let mut payments = Vec::new();
    for pot in 0..case.pots.len() {
        let claims = case.bars.iter().any(|bar| bar.by_site && bar.pots.contains(&pot));
        match case.pots[pot].pooling {
            Pooling::Group => by_group(case, terms, ledger, pot, &mut payments),
            Pooling::Site => by_branch(case, terms, ledger, pot, &mut payments),
            _ if claims => by_branch(case, terms, ledger, pot, &mut payments),
            Pooling::Uncapped | Pooling::Programme => {
                for item in 0..case.items.len() {
                    push(&mut payments, item, pot, None, ledger.of(item, pot));
                }
            }
        }
    }
    payments.sort_unstable();
    payments
}

fn push(payments: &mut Vec<CasePayment>, item: usize, pot: usize, drop: Option<usize>, pence: i64) {
    let narrow = |place: usize| u32::try_from(place).unwrap_or(u32::MAX);
    if pence > 0 {
        payments.push(CasePayment {
            item: narrow(item),
            pot: narrow(pot),
            drop: drop.map(narrow),
            pence: Pence::new(pence),
        });
    }
}

/// What a building may bring from a pot; pooled caps and none leave it any amount.
fn brings(case: &FundingCase, drop: usize, pot: usize) -> i64 {
    let capped = matches!(case.pots[pot].pooling, Pooling::Site | Pooling::Group);
    let cap = case.drops[drop].entitlement.cap(pot).filter(|_| capped);
    cap.map_or(i64::MAX, Pence::get)
}

/// Items from the ends of the branches inwards, each drawing on the buildings beyond it.
///
/// Whatever a building beyond has left when its branch is paid for can serve any item further in, so
/// the order among buildings does not matter.
fn by_branch(
    case: &FundingCase,
    terms: &Terms,
    ledger: &Ledger,
    pot: usize,
    payments: &mut Vec<CasePayment>,
) {
    let mut purses: Vec<Vec<(usize, i64)>> = vec![Vec::new(); case.items.len()];
    for (place, drop) in case.drops.iter().enumerate() {
        if terms.eligible[place].holds(pot) {
            purses[drop.item as usize].push((place, brings(case, place, pot)));
        }
    }
    for item in (0..case.items.len()).rev() {
        let mut here = std::mem::take(&mut purses[item]);
        let mut due = ledger.of(item, pot);
        while let Some(purse) = here.last_mut().filter(|_| due > 0) {
            let pays = purse.1.min(due);
            push(payments, item, pot, Some(purse.0), pays);
            purse.1 -= pays;
            due -= pays;
            if purse.1 == 0 {
                here.pop();
            }
        }
        if let Some(parent) = case.parent(item) {
            let above = &mut purses[parent];
            // The smaller list joins the larger one, so that long paths cost little.
            if above.len() < here.len() {
                std::mem::swap(above, &mut here);
            }
            above.extend(here);
        }
    }
}

/// A flow from the buildings to the items their groups use.
fn by_group(
    case: &FundingCase,
    terms: &Terms,
    ledger: &Ledger,
    pot: usize,
    payments: &mut Vec<CasePayment>,
) {
    let narrow = |place: usize| u32::try_from(place).unwrap_or(u32::MAX);
    let (source, sink) = (0, 1);
    let mut network = FlowNetwork::new(2 + case.items.len());
    let item_node = |item: usize| narrow(2 + item);
    for item in 0..case.items.len() {
        network.add_arc(item_node(item), sink, ledger.of(item, pot));
    }
    let mut pools: Vec<Pool> = Vec::new();
    let mut arcs = Vec::new();
    let mut order: Vec<usize> =
        (0..case.drops.len()).filter(|&drop| terms.eligible[drop].holds(pot)).collect();
    order.sort_unstable_by_key(|&drop| (case.drops[drop].entitlement.group(pot), drop));
    for drop in order {
        let group = case.drops[drop].entitlement.group(pot);
        if pools.last().is_none_or(|pool| pool.group != group) {
            let node = network.add_node();
            pools.push(Pool { group, node, purses: Vec::new(), met: Vec::new(), total: 0 });
        }
        let number = pools.len() - 1;
        let pool = &mut pools[number];
        let money = brings(case, drop, pot);
        pool.purses.push((drop, money));
        pool.total = pool.total.saturating_add(money);
        let mut item = Some(case.drops[drop].item as usize);
        while let Some(here) = item.filter(|here| !pool.met.contains(here)) {
            pool.met.push(here);
            let due = ledger.of(here, pot);
            if due > 0 {
                arcs.push((number, here, network.add_arc(pool.node, item_node(here), due)));
            }
            item = case.parent(here);
        }
    }
    for pool in &pools {
        network.add_arc(source, pool.node, pool.total);
    }
    network.maximise(source, sink);
    for (pool, item, arc) in arcs {
        let mut due = network.flow(arc);
        let purses = &mut pools[pool].purses;
        while let Some(purse) = purses.last_mut().filter(|_| due > 0) {
            let pays = purse.1.min(due);
            push(payments, item, pot, Some(purse.0), pays);
            purse.1 -= pays;
            due -= pays;
            if purse.1 == 0 {
                purses.pop();
            }
        }
    }
}

/// The buildings of a group, and what each still brings.
struct Pool {
    group: u32,
    node: u32,
    purses: Vec<(usize, i64)>,
    met: Vec<usize>,
    total: i64,
}
