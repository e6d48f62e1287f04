//! Shares to whole pence, so that every item and every limit still adds up.
//!
//! In: the share each pot pays of each item. Out: a ledger in which every payment and every pot's
//! total is the exact one rounded down or up. Such a ledger always exists, since the exact payments
//! are a flow between those bounds; rounding item by item would not keep the totals of the pots.

use crate::funding::FundingCase;
use crate::funding::ledger::Ledger;
use crate::funding::limits::Limits;
use crate::funding::terms::Terms;
use crate::graph::max_flow::Circulation;

/// Numbers this near to a whole number of pence are that number.
const SNAP: f64 = 1e-3;

/// How closely the exact amounts bind; loosened only where floating point has led astray.
#[derive(Clone, Copy, Eq, PartialEq)]
enum Bounds {
    /// Payments and totals.
    All,
    /// Payments alone.
    Payments,
}

/// A payment that may be rounded down or up.
struct RoundingChoice {
    item: usize,
    pot: usize,
    place: usize,
    /// Thousandths of a penny above the rounded-down amount.
    fraction: i64,
}

const HUB: u32 = 0;

/// Rounds the shares; `None` when they are no payments within the limits.
pub(super) fn to_pence(
    case: &FundingCase,
    terms: &Terms,
    limits: &[Limits],
    shares: &[Vec<f64>],
    rank: Option<&[u32]>,
) -> Option<Ledger> {
    [Bounds::All, Bounds::Payments]
        .into_iter()
        .find_map(|bounds| rounded(case, terms, limits, shares, rank, bounds))
}

fn rounded(
    case: &FundingCase,
    terms: &Terms,
    limits: &[Limits],
    shares: &[Vec<f64>],
    rank: Option<&[u32]>,
    bounds: Bounds,
) -> Option<Ledger> {
    let mut draft = Draft::new(case, limits, shares, bounds);
    let mut places = Vec::new();
    let mut open = Vec::new();
    for (item, data) in case.items.iter().enumerate() {
        let cost = data.cost.get();
        if cost == 0 {
            continue;
        }
        let node = draft.node();
        draft.flow.add_arc(node, HUB, cost, cost);
        for pot in terms.payers[item].iter() {
            let ceiling = Terms::ceiling(case, pot, item);
            let exact = (shares[item][pot] * float(cost)).clamp(0.0, float(ceiling));
            let [lower, upper] = around(exact);
            let from = draft.source(pot, item);
            let place = draft.flow.add_arc(from, node, lower, upper);
            places.push((item, pot, place));
            if lower < upper {
                open.push(RoundingChoice { item, pot, place, fraction: thousandths(exact) });
            }
        }
    }
    if !draft.flow.balance() {
        return None;
    }
    let rank = |item: usize| rank.and_then(|rank| rank.get(item)).map_or(item, |&r| r as usize);
    open.sort_by_key(|open| (std::cmp::Reverse(open.fraction), rank(open.item), open.pot));
    for open in open {
        draft.flow.prefer(open.place);
    }
    let mut ledger = Ledger::new(case.items.len(), case.pots.len());
    for (item, pot, place) in places {
        ledger.set(item, pot, draft.flow.flow(place));
    }
    Some(ledger)
}

/// The circulation while it is built: hub, branches, pools, then items.
struct Draft<'a> {
    flow: Circulation,
    limits: &'a [Limits],
    branches: Vec<Vec<u32>>,
    pools: Vec<Vec<u32>>,
}

impl<'a> Draft<'a> {
    fn new(case: &FundingCase, limits: &'a [Limits], shares: &[Vec<f64>], bounds: Bounds) -> Self {
        let mut draft =
            Self { flow: Circulation::new(1), limits, branches: Vec::new(), pools: Vec::new() };
        for (pot, limits) in limits.iter().enumerate() {
            let mut sums = vec![0.0; limits.branches.len()];
            for ((item, shares), &branch) in case.items.iter().zip(shares).zip(&limits.branch_of) {
                sums[branch as usize] += shares[pot] * float(item.cost.get());
            }
            for branch in (1..sums.len()).rev() {
                sums[limits.branches[branch].within as usize] += sums[branch];
            }
            let mut branches: Vec<u32> = Vec::with_capacity(sums.len());
            for (branch, sum) in limits.branches.iter().zip(sums) {
                let node = draft.node();
                let from = branches.get(branch.within as usize).copied().unwrap_or(HUB);
                let [lower, upper] = match bounds {
                    Bounds::All => around(sum).map(|pence| pence.min(branch.limit)),
                    Bounds::Payments => [0, branch.limit],
                };
                draft.flow.add_arc(from, node, lower, upper);
                branches.push(node);
            }
            let mut pools = Vec::new();
            for &money in limits.pools.iter().flat_map(|pools| &pools.money) {
                let node = draft.node();
                draft.flow.add_arc(branches[0], node, 0, money);
                pools.push(node);
            }
            draft.branches.push(branches);
            draft.pools.push(pools);
        }
        draft
    }

    fn node(&mut self) -> u32 {
        self.flow.add_node()
    }

    /// The node from which a pot pays for an item.
    fn source(&mut self, pot: usize, item: usize) -> u32 {
        let limits = &self.limits[pot];
        let Some(pools) = &limits.pools else {
            return self.branches[pot][limits.branch_of[item] as usize];
        };
        let node = self.node();
        for &pool in &pools.of_item[item] {
            let from = self.pools[pot][pool as usize];
            self.flow.add_arc(from, node, 0, pools.money[pool as usize]);
        }
        node
    }
}

/// An amount of zero or more rounded down and up.
#[allow(clippy::cast_possible_truncation)] // amounts of money far below 2^53
fn around(exact: f64) -> [i64; 2] {
    let whole = exact.round();
    if (exact - whole).abs() <= SNAP {
        return [whole as i64; 2];
    }
    [exact.floor() as i64, exact.ceil() as i64]
}

#[allow(clippy::cast_possible_truncation)] // a fraction times a thousand
fn thousandths(exact: f64) -> i64 {
    (exact.fract() * 1000.0).round() as i64
}

#[allow(clippy::cast_precision_loss)] // amounts of money below 2^53 pence are exact
fn float(pence: i64) -> f64 {
    pence as f64
}
