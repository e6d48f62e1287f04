//! Payments held against the per-site shares and against the costs: flags, what sites brought, audit.
//!
//! In: a scenario and a plan with payments. Out: for every payment the share its programme would bear if
//! every user bore the same, and sums that must agree to the penny: items with payments, programmes with
//! payments, sites with programmes. Nothing is mended here: a difference is shown.

use std::collections::HashMap;

use crate::funding::item_shares;
use crate::model::Scenario;
use crate::plan::{Item, Payment, Plan};
use crate::report::Forest;
use crate::report::brought::{Brought, brought_by};
use crate::report::items::Items;
use crate::report::pennies::{PENNY, whole_pence};
use crate::units::Pence;

/// The payments of a plan with what they are held against.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Ledger {
    /// What every connected site brought, from whom.
    pub brought: Vec<Brought>,
    /// Whether everything adds up.
    pub audit: Audit,
    /// Items of the plan and of payments, in no order that matters.
    entries: Vec<Entry>,
    /// The place of each item among the entries.
    places: HashMap<Item, usize>,
}

/// What is known of one item.
#[derive(Clone, Debug, PartialEq)]
struct Entry {
    item: Item,
    /// What it costs, where the plan builds it.
    cost: Option<Pence>,
    /// The programmes that pay for it or should, sorted by id.
    bearing: Vec<Bearing>,
}

/// What one programme pays of an item, and what would be its share.
#[derive(Clone, Debug, PartialEq)]
struct Bearing {
    programme: String,
    share: Option<Pence>,
    /// The sum of its payments; `None` where it makes none.
    paid: Option<Pence>,
}

impl Bearing {
    /// Whether it pays more than twice its share, by more than the rounding to a penny.
    fn is_over_twice(&self) -> bool {
        let twice = |share: Pence| self.paid > Some(share + share + Pence::new(1));
        self.share.is_some_and(twice)
    }
}

impl Entry {
    fn find(&self, programme: &str) -> Option<&Bearing> {
        self.bearing.iter().find(|own| own.programme == programme)
    }

    fn of(&mut self, programme: &str) -> &mut Bearing {
        let place = self.bearing.partition_point(|own| own.programme.as_str() < programme);
        if self.bearing.get(place).is_none_or(|own| own.programme != programme) {
            let programme = programme.to_owned();
            self.bearing.insert(place, Bearing { programme, share: None, paid: None });
        }
        &mut self.bearing[place]
    }
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
        Self::with_shares(scenario, plan, forest, &Items::of(plan), item_shares(scenario, plan))
    }

    /// The same, where the items of the plan are numbered and their exact shares known already.
    pub(super) fn with_shares(
        scenario: &Scenario,
        plan: &Plan,
        forest: &Forest,
        items: &Items<'_>,
        exact: Vec<(Item, Vec<(usize, f64)>)>,
    ) -> Self {
        let brought = brought_by(scenario, plan, forest, items);
        let mut ledger = Self { brought, ..Self::default() };
        let exchanges = plan.exchanges.iter().map(|row| (Item::Exchange(row.id.clone()), row.cost));
        let spans = plan.spans.iter().map(|row| (Item::Span(row.id.clone()), row.cost));
        let drops = plan.drops.iter().map(|row| (Item::Drop(row.building.clone()), row.cost));
        for (item, cost) in exchanges.chain(spans).chain(drops) {
            ledger.entry(&item).cost = Some(cost);
        }
        for payment in &plan.payments {
            let own = ledger.entry(&payment.item).of(&payment.programme);
            own.paid = Some(own.paid.unwrap_or_default() + payment.pence);
        }
        for (item, shares) in exact {
            let entry = ledger.entry(&item);
            let Some(cost) = entry.cost.filter(|_| !shares.is_empty()) else { continue };
            let id = |place: usize| scenario.programmes[place].id.as_str();
            let ids: Vec<&str> = shares.iter().map(|&(place, _)| id(place)).collect();
            let parts: Vec<i128> = shares.iter().map(|&(_, share)| fixed(share, cost)).collect();
            for (id, pence) in ids.iter().zip(whole_pence(&parts, &ids, cost.get())) {
                entry.of(id).share = Some(Pence::new(pence));
            }
        }
        ledger.audit = ledger.audited(scenario, plan);
        ledger
    }

    fn entry(&mut self, item: &Item) -> &mut Entry {
        let known = self.places.get(item).copied();
        let place = known.unwrap_or(self.entries.len());
        if known.is_none() {
            self.places.insert(item.clone(), place);
            self.entries.push(Entry { item: item.clone(), cost: None, bearing: Vec::new() });
        }
        &mut self.entries[place]
    }

    fn find(&self, item: &Item) -> Option<&Entry> {
        self.places.get(item).map(|&place| &self.entries[place])
    }

    fn bearing(&self, payment: &Payment) -> Option<&Bearing> {
        self.find(&payment.item)?.find(&payment.programme)
    }

    /// What the item of a payment costs.
    #[must_use]
    pub fn cost(&self, payment: &Payment) -> Option<Pence> {
        self.find(&payment.item)?.cost
    }

    /// One line a payment, and one of nothing paid for each programme that bears a share of an item and pays
    /// nothing of it: so the shares of an item's lines add up to its cost.
    #[must_use]
    pub fn lines<'a>(&'a self, plan: &'a Plan) -> Vec<LedgerLine<'a>> {
        let mut of_bearing: HashMap<(&Item, &str), Vec<usize>> = HashMap::new();
        for (place, payment) in plan.payments.iter().enumerate() {
            of_bearing.entry((&payment.item, &payment.programme)).or_default().push(place);
        }
        let line = |item: &'a Item, programme: &'a str, cost: Option<Pence>| LedgerLine {
            item,
            programme,
            cost,
            payment: None,
            share: None,
        };
        let mut lines: Vec<LedgerLine<'a>> = plan
            .payments
            .iter()
            .map(|payment| LedgerLine {
                payment: Some(payment),
                ..line(&payment.item, &payment.programme, self.cost(payment))
            })
            .collect();
        let mut unpaid = Vec::new();
        for entry in &self.entries {
            for own in &entry.bearing {
                let Some(share) = own.share else { continue };
                let places = of_bearing.get(&(&entry.item, own.programme.as_str()));
                let Some(places) = places else {
                    let unpaid_line = line(&entry.item, &own.programme, entry.cost);
                    if share != Pence::ZERO {
                        unpaid.push(LedgerLine { share: Some(share), ..unpaid_line });
                    }
                    continue;
                };
                let payments: Vec<&Payment> =
                    places.iter().map(|&place| &plan.payments[place]).collect();
                for (&place, part) in places.iter().zip(by_payment(share, &payments)) {
                    lines[place].share = Some(part);
                }
            }
        }
        unpaid.sort_unstable_by_key(|line: &LedgerLine<'_>| (line.item, line.programme));
        lines.extend(unpaid);
        lines
    }

    /// What the payment's programme would pay of the item if each of the item's users bore the same;
    /// `None` where that is not known. The programmes' shares of an item add up to its cost.
    #[must_use]
    pub fn share(&self, payment: &Payment) -> Option<Pence> {
        self.bearing(payment)?.share
    }

    /// Whether the payment's programme pays more than twice that share of the item, by more than the
    /// rounding to a penny.
    #[must_use]
    pub fn is_over_twice(&self, payment: &Payment) -> bool {
        self.bearing(payment).is_some_and(Bearing::is_over_twice)
    }

    /// How many items the programme pays more than twice its share of.
    #[must_use]
    pub fn over_twice(&self, programme: &str) -> usize {
        let of_items = self.entries.iter().filter_map(|entry| entry.find(programme));
        of_items.filter(|own| own.is_over_twice()).count()
    }

    fn audited(&self, scenario: &Scenario, plan: &Plan) -> Audit {
        let of = |id: &str| {
            let paid = plan.payments.iter().filter(|payment| payment.programme == id);
            let sites = self.brought.iter().filter(|row| row.programme == id);
            (paid.map(|payment| payment.pence).sum(), sites.map(|row| row.pence).sum())
        };
        let line = |programme: &crate::model::Programme| {
            let (paid, brought) = of(&programme.id);
            (programme.id.clone(), paid, brought)
        };
        let costs = self.entries.iter().filter_map(|entry| entry.cost);
        let open = self.entries.iter().map(|entry| {
            let paid: Pence = entry.bearing.iter().filter_map(|own| own.paid).sum();
            (&entry.item, paid - entry.cost.unwrap_or_default())
        });
        let open = open.filter(|(_, pence)| *pence != Pence::ZERO);
        let mut differences: Vec<(Item, Pence)> =
            open.map(|(item, pence)| (item.clone(), pence)).collect();
        differences.sort_unstable();
        Audit {
            items: costs.filter(|&cost| cost != Pence::ZERO).count(),
            cost: plan.cost(),
            payments: plan.payments.len(),
            paid: plan.payments.iter().map(|payment| payment.pence).sum(),
            differences,
            by_programme: scenario.programmes.iter().map(line).collect(),
        }
    }
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
