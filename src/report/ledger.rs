//! Payments held against the per-site shares and against the costs: flags, what sites brought, audit.
//!
//! In: a scenario and a plan with payments. Out: for every payment the share its programme would bear if
//! every user bore the same, and sums that must agree to the penny: items with payments, programmes with
//! payments, sites with programmes. Nothing is mended here: a difference is shown.

use std::collections::BTreeMap;

use crate::funding::per_site_shares;
use crate::model::Scenario;
use crate::plan::{Item, Payment, Plan};
use crate::report::Forest;
use crate::report::brought::{Brought, brought};
use crate::report::pennies::{PENNY, whole_pence};
use crate::units::Pence;

/// The payments of a plan with what they are held against.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Ledger {
    /// What every connected site brought, from whom.
    pub brought: Vec<Brought>,
    /// Whether everything adds up.
    pub audit: Audit,
    costs: BTreeMap<Item, Pence>,
    shares: BTreeMap<(Item, String), Pence>,
    paid: BTreeMap<(Item, String), Pence>,
}

/// A programme and an item: what it pays, and what would be its share.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LedgerLine<'a> {
    /// What is paid for.
    pub item: &'a Item,
    /// Id of the programme.
    pub programme: &'a str,
    /// What the item costs, where the plan builds it.
    pub cost: Option<Pence>,
    /// The payment; `None` where the programme bears a share and pays nothing.
    pub payment: Option<&'a Payment>,
    /// What the programme would pay of the item if each of the item's users bore the same, as far as it falls
    /// on this payment; `None` where that is not known. The shares of an item add up to its cost.
    pub share: Option<Pence>,
}

/// Sums that must agree to the penny.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Audit {
    /// Items that cost anything.
    pub items: usize,
    /// What all items cost.
    pub cost: Pence,
    /// How many payments there are.
    pub payments: usize,
    /// What they come to.
    pub paid: Pence,
    /// Items whose payments are not their cost, sorted, with payments less cost.
    pub differences: Vec<(Item, Pence)>,
    /// By programme, in the order of the scenario: what it pays, and what sites brought from it.
    pub by_programme: Vec<(String, Pence, Pence)>,
}

impl Audit {
    /// Whether every item is paid to the penny and all money is accounted for by programmes and sites.
    #[must_use]
    pub fn adds_up(&self) -> bool {
        let by_programme: Pence = self.by_programme.iter().map(|line| line.1).sum();
        self.differences.is_empty()
            && self.cost == self.paid
            && by_programme == self.paid
            && self.by_programme.iter().all(|(_, paid, brought)| paid == brought)
    }
}

impl Ledger {
    /// The ledger of a plan whose forest is given.
    #[must_use]
    pub fn of(scenario: &Scenario, plan: &Plan, forest: &Forest) -> Self {
        let mut paid: BTreeMap<(Item, String), Pence> = BTreeMap::new();
        for payment in &plan.payments {
            *paid.entry(key(payment)).or_default() += payment.pence;
        }
        let costs = item_costs(plan);
        let brought = brought(scenario, plan, forest);
        let audit = audit(scenario, plan, &costs, &brought);
        let shares = in_pence(&per_site_shares(scenario, plan), &costs);
        Self { brought, audit, costs, shares, paid }
    }

    /// What the item of a payment costs.
    #[must_use]
    pub fn cost(&self, payment: &Payment) -> Option<Pence> {
        self.costs.get(&payment.item).copied()
    }

    /// One line a payment, and one of nothing paid for each programme that bears a share of an item and pays
    /// nothing of it: so the shares of an item's lines add up to its cost.
    #[must_use]
    pub fn lines<'a>(&'a self, plan: &'a Plan) -> Vec<LedgerLine<'a>> {
        let mut of_key: BTreeMap<(Item, String), Vec<usize>> = BTreeMap::new();
        for (place, payment) in plan.payments.iter().enumerate() {
            of_key.entry(key(payment)).or_default().push(place);
        }
        let mut shares: Vec<Option<Pence>> = vec![None; plan.payments.len()];
        for (key, places) in &of_key {
            let Some(&share) = self.shares.get(key) else { continue };
            let payments: Vec<&Payment> =
                places.iter().map(|&place| &plan.payments[place]).collect();
            for (&place, part) in places.iter().zip(by_payment(share, &payments)) {
                shares[place] = Some(part);
            }
        }
        let line = |item: &'a Item, programme: &'a str| LedgerLine {
            item,
            programme,
            cost: self.costs.get(item).copied(),
            payment: None,
            share: None,
        };
        let paid = plan.payments.iter().zip(shares).map(|(payment, share)| LedgerLine {
            payment: Some(payment),
            share,
            ..line(&payment.item, &payment.programme)
        });
        let unpaid = self
            .shares
            .iter()
            .filter(|(key, share)| **share != Pence::ZERO && !of_key.contains_key(*key))
            .map(|((item, programme), &share)| LedgerLine {
                share: Some(share),
                ..line(item, programme)
            });
        paid.chain(unpaid).collect()
    }

    /// What the payment's programme would pay of the item if each of the item's users bore the same;
    /// `None` where that is not known. The programmes' shares of an item add up to its cost.
    #[must_use]
    pub fn share(&self, payment: &Payment) -> Option<Pence> {
        self.shares.get(&key(payment)).copied()
    }

    /// Whether the payment's programme pays more than twice that share of the item, by more than the
    /// rounding to a penny.
    #[must_use]
    pub fn is_over_twice(&self, payment: &Payment) -> bool {
        let paid = self.paid.get(&key(payment)).copied().unwrap_or_default();
        let twice = |share: Pence| paid > share + share + Pence::new(1);
        self.share(payment).is_some_and(twice)
    }

    /// How many items the programme pays more than twice its share of.
    #[must_use]
    pub fn over_twice(&self, programme: &str) -> usize {
        let flagged = self.paid.iter().filter(|((item, payer), paid)| {
            let row = Payment {
                item: item.clone(),
                programme: payer.clone(),
                building: None,
                pence: **paid,
                year: None,
            };
            payer == programme && self.is_over_twice(&row)
        });
        flagged.count()
    }
}

fn key(payment: &Payment) -> (Item, String) {
    (payment.item.clone(), payment.programme.clone())
}

/// Shares of costs in whole pence that add up to the cost of each item of which anybody bears a share.
fn in_pence(
    exact: &BTreeMap<(Item, String), f64>,
    costs: &BTreeMap<Item, Pence>,
) -> BTreeMap<(Item, String), Pence> {
    let mut by_item: BTreeMap<&Item, Vec<(&str, f64)>> = BTreeMap::new();
    for ((item, programme), &share) in exact {
        by_item.entry(item).or_default().push((programme, share));
    }
    let mut shares = BTreeMap::new();
    for (item, bearing) in by_item {
        let Some(&cost) = costs.get(item) else { continue };
        let ids: Vec<&str> = bearing.iter().map(|(programme, _)| *programme).collect();
        let parts: Vec<i128> = bearing.iter().map(|&(_, share)| fixed(share, cost)).collect();
        let pence = whole_pence(&parts, &ids, cost.get());
        let keys = ids.into_iter().map(|programme| (item.clone(), programme.to_owned()));
        shares.extend(keys.zip(pence.into_iter().map(Pence::new)));
    }
    shares
}

/// A share of a cost in fixed point, to a thousandth of a penny; a share is between 0 and 1, so the product
/// fits.
#[allow(clippy::cast_precision_loss, clippy::cast_possible_truncation)]
fn fixed(share: f64, cost: Pence) -> i128 {
    i128::from((share * cost.get() as f64 * 1024.0).round() as i64) * (PENNY / 1024)
}

/// A programme's share of an item laid on its payments, in proportion to them.
fn by_payment(share: Pence, payments: &[&Payment]) -> Vec<Pence> {
    let paid: i128 = payments.iter().map(|payment| i128::from(payment.pence.get())).sum();
    let ids: Vec<&str> =
        payments.iter().map(|payment| payment.building.as_deref().unwrap_or_default()).collect();
    let part = |payment: &&Payment| {
        let product = i128::from(share.get()) * i128::from(payment.pence.get());
        // Divided before it is scaled, so that no product is too large.
        product / paid * PENNY + product % paid * PENNY / paid
    };
    let exact: Vec<i128> = match paid {
        0 => payments
            .iter()
            .enumerate()
            .map(|(place, _)| i128::from(place == 0) * i128::from(share.get()) * PENNY)
            .collect(),
        _ => payments.iter().map(part).collect(),
    };
    whole_pence(&exact, &ids, share.get()).into_iter().map(Pence::new).collect()
}

fn item_costs(plan: &Plan) -> BTreeMap<Item, Pence> {
    let exchanges = plan.exchanges.iter().map(|row| (Item::Exchange(row.id.clone()), row.cost));
    let spans = plan.spans.iter().map(|row| (Item::Span(row.id.clone()), row.cost));
    let drops = plan.drops.iter().map(|row| (Item::Drop(row.building.clone()), row.cost));
    exchanges.chain(spans).chain(drops).collect()
}

fn audit(
    scenario: &Scenario,
    plan: &Plan,
    costs: &BTreeMap<Item, Pence>,
    brought: &[Brought],
) -> Audit {
    let mut open: BTreeMap<Item, Pence> =
        costs.iter().map(|(item, &cost)| (item.clone(), Pence::ZERO - cost)).collect();
    for payment in &plan.payments {
        *open.entry(payment.item.clone()).or_default() += payment.pence;
    }
    let of = |id: &str| {
        let paid = plan.payments.iter().filter(|payment| payment.programme == id);
        let sites = brought.iter().filter(|row| row.programme == id);
        (paid.map(|payment| payment.pence).sum(), sites.map(|row| row.pence).sum())
    };
    let line = |programme: &crate::model::Programme| {
        let (paid, brought) = of(&programme.id);
        (programme.id.clone(), paid, brought)
    };
    Audit {
        items: costs.values().filter(|&&cost| cost != Pence::ZERO).count(),
        cost: plan.cost(),
        payments: plan.payments.len(),
        paid: plan.payments.iter().map(|payment| payment.pence).sum(),
        differences: open.into_iter().filter(|(_, pence)| *pence != Pence::ZERO).collect(),
        by_programme: scenario.programmes.iter().map(line).collect(),
    }
}
