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
use crate::units::Pence;

/// The payments of a plan with what they are held against.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Ledger {
    /// What every connected site brought, from whom.
    pub brought: Vec<Brought>,
    /// Whether everything adds up.
    pub audit: Audit,
    costs: BTreeMap<Item, Pence>,
    shares: BTreeMap<(Item, String), f64>,
    paid: BTreeMap<(Item, String), Pence>,
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
        Self { brought, audit, costs, shares: per_site_shares(scenario, plan), paid }
    }

    /// What the item of a payment costs.
    #[must_use]
    pub fn cost(&self, payment: &Payment) -> Option<Pence> {
        self.costs.get(&payment.item).copied()
    }

    /// What the payment's programme would pay of the item if each of the item's users bore the same;
    /// `None` where that is not known. Rounded half up to the penny.
    #[must_use]
    pub fn share(&self, payment: &Payment) -> Option<Pence> {
        let cost = self.costs.get(&payment.item)?;
        self.exact(payment).map(|exact| rounded(exact, *cost))
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

    fn exact(&self, payment: &Payment) -> Option<f64> {
        self.shares.get(&key(payment)).copied()
    }
}

fn key(payment: &Payment) -> (Item, String) {
    (payment.item.clone(), payment.programme.clone())
}

/// A share of a cost, half up; a share is between 0 and 1, so the product fits.
#[allow(clippy::cast_precision_loss, clippy::cast_possible_truncation)]
fn rounded(share: f64, cost: Pence) -> Pence {
    Pence::new((share * cost.get() as f64 + 0.5).floor() as i64)
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
