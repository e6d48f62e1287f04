//! What a plan adds to what is built already: on other money, or in a later year.
//!
//! In: what earlier turns built, and who paid for it; the scenario of the next turn. Out: the same with what that
//! turn adds on its own money. What is built costs nothing more and its buildings count nothing more; a later
//! route may run over it, never beside it in a ring, so that the whole stays a forest.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::effort::{Effort, Interrupt, LATE};
use crate::engine::{Demand, Solution};
use crate::error::Error;
use crate::explain;
use crate::funding::fund;
use crate::joint::Found;
use crate::model::{PriceLevel, Scenario};
use crate::network::Prepared;
use crate::observe::Observer;
use crate::plan::{Item, LeftOut, Payment, Plan};
use crate::question::{
    EdgeItem, Question, Task, assemble, assemble_whole, funding_oracle, question,
};
use crate::solve::payable::search;
use crate::units::Pence;

/// What some turns have built, and who paid.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Built {
    items: BTreeSet<EdgeItem>,
    payments: Vec<Payment>,
}

impl Built {
    /// Whether an item is built.
    pub fn holds(&self, item: EdgeItem) -> bool {
        self.items.contains(&item)
    }
}

/// The ground on which turns build.
pub struct OnTop<'a> {
    prepared: &'a Prepared,
    scenario: Scenario,
    /// The question of all programmes: it holds every edge that any of them may pay for.
    whole: Question,
    /// Place of each edge of it by its meaning.
    places: BTreeMap<EdgeItem, usize>,
}

impl<'a> OnTop<'a> {
    /// The ground of a scenario, whose programmes are all that pay in any turn.
    ///
    /// # Errors
    ///
    /// As [`question`].
    pub fn new(prepared: &'a Prepared, scenario: &Scenario) -> Result<Self, Error> {
        let whole = question(prepared, scenario)?;
        let places = whole.edge_items.iter().copied().zip(0..).collect();
        Ok(Self { prepared, scenario: scenario.clone(), whole, places })
    }

    /// The scenario of the ground.
    pub fn scenario(&self) -> &Scenario {
        &self.scenario
    }

    /// The plan of what is built, at full price, with the payments of each turn.
    ///
    /// # Errors
    ///
    /// As [`assemble`].
    pub fn built(&self, built: &Built) -> Result<Plan, Error> {
        let mut plan = self.plan(&built.items, self.scenario.rate_card.level)?;
        plan.payments.clone_from(&built.payments);
        Ok(plan)
    }

    /// A turn's scenario with the ports that are left.
    fn with_ports_left(turn: &Scenario, old: &Plan) -> Scenario {
        if turn.tables.exchanges.rows.iter().all(|row| row.ports.is_none()) {
            return turn.clone();
        }
        let used =
            |id: &str| old.exchanges.iter().find(|row| row.id == id).map(|row| row.ports_used);
        turn.altered(|turn| {
            for row in &mut Arc::make_mut(&mut turn.tables).exchanges.rows {
                let used = used(&row.id).unwrap_or(0);
                row.ports = row.ports.map(|ports| ports.saturating_sub(used));
            }
        })
    }

    /// What is built once a turn has added what it can to what there is. Nothing is added where what it found
    /// cannot be paid once it is laid over what there is.
    ///
    /// # Errors
    ///
    /// As [`search`].
    pub fn add(
        &self,
        turn: &Scenario,
        before: Built,
        effort: &Effort,
        observer: &mut dyn Observer,
    ) -> Result<Built, Error> {
        let (question, found) = self.find(turn, &before, effort, observer)?;
        self.laid_over(turn, before, &question, found.solution.as_ref())
    }

    /// The same, with why the turn leaves sites out.
    ///
    /// # Errors
    ///
    /// As [`add`](Self::add).
    pub fn add_and_explain(
        &self,
        turn: &Scenario,
        before: Built,
        effort: &Effort,
        observer: &mut dyn Observer,
    ) -> Result<(Built, Vec<LeftOut>), Error> {
        let (question, found) = self.find(turn, &before, effort, observer)?;
        let left_out = match &found.solution {
            None => Vec::new(),
            Some(solution) => {
                let oracle = funding_oracle(self.prepared, turn, &question)?;
                let (problem, prepared, scenario) = (question.problem(), self.prepared, turn);
                let (problem, oracle, question) = (&problem, &oracle, &question);
                let task = Task { prepared, scenario, question, problem, oracle, effort };
                let interrupt = Interrupt::new(effort.start(), observer);
                explain::left_out(&task, solution, &|| interrupt.is_due_after(LATE))
            }
        };
        let built = self.laid_over(turn, before, &question, found.solution.as_ref())?;
        Ok((built, left_out))
    }

    /// What a turn finds on what is built.
    fn find(
        &self,
        turn: &Scenario,
        before: &Built,
        effort: &Effort,
        observer: &mut dyn Observer,
    ) -> Result<(Question, Found), Error> {
        let old = self.plan(&before.items, turn.rate_card.level)?;
        let turn = Self::with_ports_left(turn, &old);
        let mut own = question(self.prepared, &turn)?;
        ride_on(&mut own, &self.whole, &before.items);
        let found = search(self.prepared, &turn, &own, effort, observer)?;
        Ok((own, found))
    }

    /// What is built once what a turn found is laid over it.
    fn laid_over(
        &self,
        turn: &Scenario,
        before: Built,
        own: &Question,
        solution: Option<&Solution>,
    ) -> Result<Built, Error> {
        let Some(solution) = solution else { return Ok(before) };
        let level = turn.rate_card.level;
        // Dead ends too: they cost nothing more.
        let old = self.whole_plan(&before)?;
        let turn = Self::with_ports_left(turn, &old);
        let mut items = before.items.clone();
        items.extend(solution.edges.iter().map(|&edge| own.edge_items[edge as usize]));
        let items = self.forest(&before.items, &items);
        let mut plan = self.plan(&items, level)?;
        free(&mut plan, &old);
        let Ok(funding) = fund(&turn, &plan) else { return Ok(before) };
        let mut payments = before.payments;
        payments.extend(funding.payments);
        let rank = |payment: &Payment| {
            self.scenario.programmes.iter().position(|own| own.id == payment.programme)
        };
        payments
            .sort_by(|a, b| (&a.item, rank(a), &a.building).cmp(&(&b.item, rank(b), &b.building)));
        Ok(Built { items, payments })
    }

    /// What is built of named things, and the names that the question does not know.
    pub fn named(&self, mut wanted: BTreeSet<Item>) -> (Built, BTreeSet<Item>) {
        let mut items = BTreeSet::new();
        let all = wanted.clone();
        for &meaning in &self.whole.edge_items {
            let name = match meaning {
                EdgeItem::Enable(exchange) => {
                    Item::Exchange(self.scenario.tables.exchange(exchange).id.clone())
                }
                EdgeItem::Span(span) | EdgeItem::SecondHalf(span) => {
                    Item::Span(self.prepared.span_id(span))
                }
                EdgeItem::Drop(building) => {
                    Item::Drop(self.prepared.buildings()[building.at()].id.clone())
                }
            };
            if all.contains(&name) {
                items.insert(meaning);
                wanted.remove(&name);
            }
        }
        (Built { items, payments: Vec::new() }, wanted)
    }

    /// The plan of all that is built, dead ends too, without payments.
    ///
    /// # Errors
    ///
    /// As [`assemble`].
    pub fn whole_plan(&self, built: &Built) -> Result<Plan, Error> {
        assemble_whole(self.prepared, &self.scenario, &self.whole, &self.solution(&built.items))
    }

    /// Items as a forest that holds all the old ones, also those that no exchange reaches as yet: walked outward
    /// from the exchanges, old ones first, so that a new item that closes a ring is left out; then new branches without a building are cut off.
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
        let mut reached = BTreeSet::from([root]);
        let mut order: Vec<(EdgeItem, u32, u32)> = Vec::new();
        // What is built and hangs together is reached at once, so that nothing new closes a ring with it.
        let spread = |from: u32, reached: &mut BTreeSet<u32>, order: &mut Vec<_>| {
            let mut found = vec![from];
            let mut next = 0;
            while let Some(&node) = found.get(next) {
                for &(meaning, far) in rows.get(&node).into_iter().flatten() {
                    if old.contains(&meaning) && reached.insert(far) {
                        order.push((meaning, node, far));
                        found.push(far);
                    }
                }
                next += 1;
            }
            found
        };
        spread(root, &mut reached, &mut order);
        let mut front: Vec<u32> = reached.iter().rev().copied().collect();
        while let Some(node) = front.pop() {
            for &(meaning, far) in rows.get(&node).into_iter().flatten() {
                if reached.insert(far) {
                    order.push((meaning, node, far));
                    let all = spread(far, &mut reached, &mut order);
                    front.extend(all.into_iter().rev());
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

    /// The plan that builds some items, at full price at a level of prices and without payments.
    fn plan(&self, items: &BTreeSet<EdgeItem>, level: PriceLevel) -> Result<Plan, Error> {
        let scenario = self.scenario.altered(|other| other.rate_card.level = level);
        assemble(self.prepared, &scenario, &self.whole, &self.solution(items))
    }

    /// The tree of some items.
    fn solution(&self, items: &BTreeSet<EdgeItem>) -> Solution {
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
        solution
    }
}

/// Lets a question run over what is built, at no price and for no prize.
pub fn on_what_stands(own: &mut Question, built: &Built) {
    let whole = own.clone();
    ride_on(own, &whole, &built.items);
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
