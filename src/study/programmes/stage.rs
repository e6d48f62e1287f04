//! One programme's turn: its best plan beyond what is built already.
//!
//! In: what earlier turns built, and who paid for it. Out: the same with what the programme adds on its
//! own money. What is built costs nothing more and its buildings count nothing more; a later route may
//! run over it, never beside it in a ring, so that the whole stays a forest.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::effort::Effort;
use crate::engine::{Demand, Solution};
use crate::error::Error;
use crate::funding::fund;
use crate::model::Scenario;
use crate::network::Prepared;
use crate::observe::Observer;
use crate::plan::{Payment, Plan};
use crate::question::{EdgeItem, Question, assemble, question};
use crate::solve::search;
use crate::study::{Hearing, Turns};
use crate::units::Pence;

/// The scenario with one of its programmes alone, under which no other is barred or required.
pub fn only(scenario: &Scenario, place: usize) -> Scenario {
    let mut alone = scenario.clone();
    let mut programme = scenario.programmes[place].clone();
    programme.not_with.clear();
    alone.programmes = vec![programme];
    alone
}

/// What some turns have built, and who paid.
#[derive(Clone, Debug, Default)]
struct Built {
    items: BTreeSet<EdgeItem>,
    payments: Vec<Payment>,
}

/// The turns of a scenario's programmes, each planned once.
pub struct Stages<'a> {
    prepared: &'a Prepared,
    scenario: Scenario,
    /// The time of the study.
    pub turns: Turns,
    /// The question of all programmes: it holds every edge that any of them may pay for.
    whole: Question,
    /// Place of each edge of it by its meaning.
    places: BTreeMap<EdgeItem, usize>,
    known: BTreeMap<Vec<usize>, Built>,
}

impl<'a> Stages<'a> {
    pub fn new(prepared: &'a Prepared, scenario: &Scenario, turns: Turns) -> Result<Self, Error> {
        let whole = question(prepared, scenario)?;
        let places = whole.edge_items.iter().copied().zip(0..).collect();
        let known = BTreeMap::from([(Vec::new(), Built::default())]);
        Ok(Self { prepared, scenario: scenario.clone(), turns, whole, places, known })
    }

    /// The scenario whose programmes take turns.
    pub fn scenario(&self) -> &Scenario {
        &self.scenario
    }

    /// The plan after the turns of some programmes, by place, with the payments of each turn; nothing where
    /// there was no time for them.
    pub fn in_order(
        &mut self,
        order: &[usize],
        hearing: &mut Hearing<'_>,
    ) -> Result<Option<Plan>, Error> {
        let Some(built) = self.after(order, hearing)? else { return Ok(None) };
        let mut plan = self.plan(&built.items)?;
        plan.payments = built.payments;
        Ok(Some(plan))
    }

    /// The scenario as a programme's turn finds it: alone, with the ports that are left.
    fn alone(&self, place: usize, old: &Plan) -> Scenario {
        let alone = only(&self.scenario, place);
        if alone.tables.exchanges.rows.iter().all(|row| row.ports.is_none()) {
            return alone;
        }
        let used =
            |id: &str| old.exchanges.iter().find(|row| row.id == id).map(|row| row.ports_used);
        alone.altered(|alone| {
            for row in &mut Arc::make_mut(&mut alone.tables).exchanges.rows {
                let used = used(&row.id).unwrap_or(0);
                row.ports = row.ports.map(|ports| ports.saturating_sub(used));
            }
        })
    }

    fn after(
        &mut self,
        order: &[usize],
        hearing: &mut Hearing<'_>,
    ) -> Result<Option<Built>, Error> {
        if let Some(built) = self.known.get(order) {
            return Ok(Some(built.clone()));
        }
        let Some((&last, earlier)) = order.split_last() else { return Ok(Some(Built::default())) };
        let Some(before) = self.after(earlier, hearing)? else { return Ok(None) };
        if hearing.is_halted() || self.turns.is_late() {
            return Ok(None);
        }
        let effort = self.turns.next();
        let built = self.turn(last, before, &effort, hearing)?;
        self.known.insert(order.to_vec(), built.clone());
        Ok(Some(built))
    }

    /// What is built once a programme has added what it can to what there is. Nothing is added where
    /// what it found cannot be paid once it is laid over what there is.
    fn turn(
        &self,
        place: usize,
        before: Built,
        effort: &Effort,
        observer: &mut dyn Observer,
    ) -> Result<Built, Error> {
        let old = self.plan(&before.items)?;
        let alone = self.alone(place, &old);
        let mut own = question(self.prepared, &alone)?;
        ride_on(&mut own, &self.whole, &before.items);
        let found = search(self.prepared, &alone, &own, effort, observer)?;
        let Some(solution) = found.solution else { return Ok(before) };
        let mut items = before.items.clone();
        items.extend(solution.edges.iter().map(|&edge| own.edge_items[edge as usize]));
        let items = self.forest(&before.items, &items);
        let mut plan = self.plan(&items)?;
        free(&mut plan, &old);
        let Ok(funding) = fund(&alone, &plan) else { return Ok(before) };
        let mut payments = before.payments;
        payments.extend(funding.payments);
        let rank = |payment: &Payment| {
            self.scenario.programmes.iter().position(|own| own.id == payment.programme)
        };
        payments
            .sort_by(|a, b| (&a.item, rank(a), &a.building).cmp(&(&b.item, rank(b), &b.building)));
        Ok(Built { items, payments })
    }

    /// Items as a forest that holds all the old ones: walked outward from these, so that a new item
    /// that closes a ring is left out; then new branches without a building are cut off.
    fn forest(&self, old: &BTreeSet<EdgeItem>, items: &BTreeSet<EdgeItem>) -> BTreeSet<EdgeItem> {
        let ends = |meaning: &EdgeItem| self.ends(*meaning);
        let root = self.whole.root();
        let mut rows: BTreeMap<u32, Vec<(EdgeItem, u32)>> = BTreeMap::new();
        for meaning in items {
            if let Some([u, v]) = ends(meaning) {
                rows.entry(u).or_default().push((*meaning, v));
                rows.entry(v).or_default().push((*meaning, u));
            }
        }
        let mut reached: BTreeSet<u32> = old.iter().filter_map(ends).flatten().collect();
        reached.insert(root);
        let mut order: Vec<(EdgeItem, u32, u32)> = Vec::new();
        let mut front: Vec<u32> = reached.iter().rev().copied().collect();
        while let Some(node) = front.pop() {
            for &(meaning, far) in rows.get(&node).into_iter().flatten() {
                if reached.insert(far) {
                    order.push((meaning, node, far));
                    front.push(far);
                }
            }
        }
        let mut used: BTreeSet<u32> = BTreeSet::new();
        let mut kept = old.clone();
        for (meaning, near, far) in order.into_iter().rev() {
            if used.contains(&far) || self.whole.building(far).is_some() {
                used.insert(near);
                kept.insert(meaning);
            }
        }
        kept
    }

    fn ends(&self, meaning: EdgeItem) -> Option<[u32; 2]> {
        let &place = self.places.get(&meaning)?;
        Some(self.whole.instance.edges[place].ends)
    }

    /// The plan that builds some items, at full price and without payments.
    fn plan(&self, items: &BTreeSet<EdgeItem>) -> Result<Plan, Error> {
        let mut solution = Solution { nodes: vec![self.whole.root()], edges: Vec::new() };
        for (edge, (meaning, ends)) in
            (0_u32..).zip(self.whole.edge_items.iter().zip(&self.whole.instance.edges))
        {
            if items.contains(meaning) {
                solution.edges.push(edge);
                solution.nodes.extend(ends.ends);
            }
        }
        solution.nodes.sort_unstable();
        solution.nodes.dedup();
        assemble(self.prepared, &self.scenario, &self.whole, &solution)
    }
}

/// Lets a programme's question run over what is built: at no price, also where it could not have paid.
fn ride_on(own: &mut Question, whole: &Question, built: &BTreeSet<EdgeItem>) {
    let mut left: BTreeSet<EdgeItem> = built.clone();
    for (meaning, edge) in own.edge_items.iter().zip(&mut own.instance.edges) {
        if left.remove(meaning) {
            edge.cost = 0;
        }
    }
    for (meaning, edge) in whole.edge_items.iter().zip(&whole.instance.edges) {
        if left.contains(meaning) && !matches!(meaning, EdgeItem::Drop(_)) {
            own.instance.add_edge(edge.ends[0], edge.ends[1], 0);
            own.edge_items.push(*meaning);
        }
    }
    // What earlier turns pass is passed.
    for (meaning, edge) in whole.edge_items.iter().zip(&whole.instance.edges) {
        let passed = edge.ends.into_iter().filter(|&end| (end as usize) < own.junctions);
        for node in passed.filter(|_| built.contains(meaning)) {
            own.instance.prizes[node as usize] = 0;
        }
    }
    let connected = built.iter().filter_map(|meaning| match meaning {
        EdgeItem::Drop(building) => Some(*building),
        _ => None,
    });
    for building in connected {
        let leaf = own.leaf(building) as usize;
        own.instance.prizes[leaf] = 0;
        own.instance.demands[leaf] = Demand::Forbidden;
        own.building_terms[building.at()].open = false;
    }
}

/// Sets the price of everything in an older plan to zero.
fn free(plan: &mut Plan, old: &Plan) {
    let exchanges: BTreeSet<&str> = old.exchanges.iter().map(|row| row.id.as_str()).collect();
    for row in plan.exchanges.iter_mut().filter(|row| exchanges.contains(row.id.as_str())) {
        row.cost = Pence::ZERO;
    }
    let spans: BTreeSet<&str> = old.spans.iter().map(|row| row.id.as_str()).collect();
    for row in plan.spans.iter_mut().filter(|row| spans.contains(row.id.as_str())) {
        row.cost = Pence::ZERO;
    }
    let drops: BTreeSet<&str> = old.drops.iter().map(|row| row.building.as_str()).collect();
    for row in plan.drops.iter_mut().filter(|row| drops.contains(row.building.as_str())) {
        row.cost = Pence::ZERO;
    }
}
