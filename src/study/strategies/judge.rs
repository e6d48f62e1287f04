//! Whether the programmes of a scenario pay for a tree, asked thousands of times while it grows.
//!
//! In: a tree of the question's instance. Out: yes or no, by the condition on sets of pots, and by the
//! exact flow where caps, rates or bars make that condition too weak; exchanges keep to their ports.

use super::growth::{Joined, Judge};
use super::tree_prices::Suggested;
use crate::effort::Interrupt;
use crate::error::Error;
use crate::funding::{CaseDrop, CaseItem, FundingCase, ItemKind, PotSet, Pots, SetCondition};
use crate::ids::SpanIx;
use crate::model::Scenario;
use crate::question::{EdgeItem, Question};
use crate::units::{Pence, Share};

/// The programmes of a scenario as a judge of trees.
pub struct Programmes<'a> {
    question: &'a Question,
    scenario: &'a Scenario,
    pots: Pots,
    /// What every plan must meet; `None` where there are too many pots to look at every set.
    condition: Option<SetCondition>,
    /// Whether meeting the condition is also enough.
    is_exact: bool,
    /// Once time is up or the caller wants to stop, nothing more is taken in: what is growing comes to an end.
    interrupt: Interrupt<'a>,
}

impl<'a> Programmes<'a> {
    pub fn new(
        question: &'a Question,
        scenario: &'a Scenario,
        interrupt: Interrupt<'a>,
    ) -> Result<Self, Error> {
        let pots = Pots::of(scenario, &scenario.buildings())?;
        let money: Vec<(Pence, Share)> =
            pots.pots.iter().map(|pot| (pot.available, Share::ONE)).collect();
        let plain =
            |pot: &crate::funding::Pot| pot.rate == Share::ONE && pot.min_share == Share::ZERO;
        let is_exact = pots.set_condition().is_some() && pots.pots.iter().all(plain);
        let condition = SetCondition::new(&money);
        Ok(Self { question, scenario, pots, condition, is_exact, interrupt })
    }

    /// The pots as the search over prices sees them.
    pub fn suggested(&self) -> Suggested {
        let money = self.pots.pots.iter().map(|pot| pot.available.get()).collect();
        let payers =
            |node| self.question.building(node).map_or(0, |b| self.prospect(b).payers.bits());
        Suggested::new(money, (0..).take(self.question.instance.nodes()).map(payers))
    }

    fn kind(&self, joined: &Joined) -> ItemKind {
        match self.question.edge_items[joined.edge as usize] {
            EdgeItem::Enable(_) => ItemKind::Exchange,
            EdgeItem::Span(_) | EdgeItem::SecondHalf(_) => ItemKind::Span,
            EdgeItem::Drop(_) => ItemKind::Drop,
        }
    }

    fn cost(&self, joined: &Joined) -> Pence {
        Pence::new(self.question.instance.edges[joined.edge as usize].cost)
    }

    fn prospect(&self, building: crate::ids::BuildingIx) -> &crate::question::BuildingTerms {
        &self.question.building_terms[building.at()]
    }

    /// Whether each set of pots can pay for what only they may pay.
    fn meets(&self, condition: &SetCondition, tree: &[Joined]) -> bool {
        let mut users = vec![0_u64; tree.len()];
        let mut need = condition.nothing();
        for (place, joined) in tree.iter().enumerate().rev() {
            if let Some(building) = self.question.building(joined.node) {
                users[place] |= self.prospect(building).payers.bits();
            }
            if let Some(parent) = joined.parent {
                users[parent as usize] |= users[place];
            }
            let kind = self.kind(joined);
            let payers = PotSet::from_bits(users[place]);
            let payers = payers.iter().filter(|&pot| kind.is_paid(self.pots.pots[pot].pays_for));
            condition.add(&mut need, PotSet::of(payers), self.cost(joined));
        }
        condition.is_met(&need)
    }

    fn has_ports(&self, tree: &[Joined]) -> bool {
        let mut exchange_of = Vec::with_capacity(tree.len());
        let mut used = vec![0_u32; self.scenario.tables.exchanges.rows.len()];
        for joined in tree {
            let above = joined.parent.and_then(|parent| exchange_of[parent as usize]);
            let exchange = match self.question.edge_items[joined.edge as usize] {
                EdgeItem::Enable(exchange) => Some(exchange.at()),
                EdgeItem::Span(_) | EdgeItem::SecondHalf(_) | EdgeItem::Drop(_) => above,
            };
            if let (Some(exchange), ItemKind::Drop) = (exchange, self.kind(joined)) {
                used[exchange] += 1;
            }
            exchange_of.push(exchange);
        }
        let exchanges = self.scenario.tables.exchanges.rows.iter().zip(used);
        exchanges.into_iter().all(|(row, used)| row.ports.is_none_or(|ports| used <= ports))
    }

    fn settles(&self, tree: &[Joined]) -> bool {
        let mut items: Vec<CaseItem> = Vec::with_capacity(tree.len());
        let mut drops = Vec::new();
        // The item that each joined edge is part of: both halves of a span are one.
        let mut item_of: Vec<u32> = Vec::with_capacity(tree.len());
        let mut above_of: Vec<Option<SpanIx>> = Vec::with_capacity(tree.len());
        for joined in tree {
            let span = self.question.span(joined.edge);
            let parent = joined.parent.map(|parent| parent as usize);
            let other_half = parent.filter(|&at| span.is_some() && above_of[at] == span);
            if let Some(at) = other_half {
                let item = item_of[at];
                items[item as usize].cost += self.cost(joined);
                item_of.push(item);
            } else {
                item_of.push(u32::try_from(items.len()).unwrap_or(u32::MAX));
                let parent = parent.map(|at| item_of[at]);
                items.push(CaseItem { kind: self.kind(joined), cost: self.cost(joined), parent });
            }
            above_of.push(span);
            if let Some(building) = self.question.building(joined.node) {
                let entitlement = &self.pots.entitlements[building.at()];
                drops.push(CaseDrop { item: item_of[item_of.len() - 1], entitlement });
            }
        }
        let case = FundingCase::new(&self.pots.pots, &self.pots.bars, items, drops);
        case.is_ok_and(|case| case.is_fundable() == Some(true))
    }
}

impl Judge for Programmes<'_> {
    fn most_money(&self) -> i64 {
        self.pots.pots.iter().map(|pot| pot.available.get()).sum()
    }

    fn can_fund(&mut self, tree: &[Joined]) -> bool {
        if self.interrupt.is_due() {
            return false;
        }
        let may_be_met = self.condition.as_ref().is_none_or(|rule| self.meets(rule, tree));
        may_be_met && self.has_ports(tree) && (self.is_exact || self.settles(tree))
    }

    fn is_over(&mut self) -> bool {
        self.interrupt.is_due()
    }
}
