//! The trees of a plan: what hangs from what, walked from its exchanges outwards.
//!
//! In: a plan and the true lengths and prices of its spans. Out: violations of the forest, and for
//! each junction reached the way back ([`Forest`]). Where the plan is no forest, what closes a cycle
//! is reported and passed over, so that the rest can be judged all the same.

use std::collections::{BTreeSet, VecDeque};

use crate::check::existing::stands;
use crate::check::index::{Index, is_near};
use crate::check::spans::SpanFacts;
use crate::geometry::Point;
use crate::ids::ExchangeIx;
use crate::model::{ItemSort, Scenario};
use crate::plan::{Item, Junctions, Plan, Violation, junction_name};
use crate::units::{Amount, Millimetres, Pence};

/// An exchange or span that is reached: a node of the forest.
#[derive(Clone, Debug)]
pub(super) struct Node {
    pub(super) item: Item,
    pub(super) cost: Pence,
    /// The node towards the exchange, an earlier one.
    pub(super) parent: Option<usize>,
    pub(super) exchange: ExchangeIx,
    /// Length of the route to the exchange.
    pub(super) route: Millimetres,
    /// Spans on the route to the exchange.
    pub(super) hops: u32,
}

/// The trees of a plan.
pub(super) struct Forest {
    /// Exchanges and spans, each after the one towards its exchange.
    pub(super) nodes: Vec<Node>,
    /// Spans that no exchange reaches: their prices count all the same.
    pub(super) stray: Vec<(Item, Pence)>,
    junctions: Junctions,
    /// By junction: the node that reaches it.
    reached: Vec<Option<usize>>,
}

impl Forest {
    pub(super) fn of(
        scenario: &Scenario,
        plan: &Plan,
        facts: &[SpanFacts],
        index: &Index,
        found: &mut Vec<Violation>,
    ) -> Self {
        let tables = &scenario.tables;
        let exchanges = plan.exchanges.iter().filter_map(|used| tables.exchange_by_id(&used.id));
        let junctions = Junctions::of(plan, exchanges.map(|ix| tables.exchange(ix).at));
        let reached = vec![None; junctions.points().len()];
        let mut forest = Self { nodes: Vec::new(), stray: Vec::new(), junctions, reached };
        forest.enable(scenario, plan, index, found);
        forest.walk(scenario, plan, facts, found);
        forest
    }

    /// The first of the junctions that a position may stand on, of those that are wanted.
    fn standing(
        &self,
        index: &Index,
        position: Point,
        is_wanted: impl Fn(usize) -> bool,
    ) -> Option<usize> {
        let points = self.junctions.points();
        let from = |first: Point| {
            let places = points.partition_point(|point| *point < first)..points.len();
            places.filter(|&place| is_wanted(place)).map(|place| points[place])
        };
        self.junctions.at(standing(index, position, from)?)
    }

    /// The node that reaches the junction a position stands on.
    pub(super) fn at(&self, position: Point, index: &Index) -> Option<usize> {
        let junction =
            self.standing(index, position, |junction| self.reached[junction].is_some())?;
        self.reached[junction]
    }

    fn enable(
        &mut self,
        scenario: &Scenario,
        plan: &Plan,
        index: &Index,
        found: &mut Vec<Violation>,
    ) {
        let mut ids = BTreeSet::new();
        for used in &plan.exchanges {
            let mut report = |code, cause: String| {
                found.push(Violation::new(code, format_args!("exchange:{}", used.id), cause));
            };
            if !ids.insert(used.id.as_str()) {
                report("V200", "it appears twice".to_owned());
                continue;
            }
            let Some(ix) = scenario.tables.exchange_by_id(&used.id) else {
                report("V200", "the input has no such exchange".to_owned());
                continue;
            };
            let exchange = scenario.tables.exchange(ix);
            let is_stated = used.cost != Pence::ZERO || used.ports_used > 0;
            let price = scenario.enable_price(exchange);
            let price = scenario.item_price(ItemSort::Exchange, &used.id, used.year, price);
            if is_stated && used.cost != price {
                let [is, says] = [price, used.cost].map(Amount::Money);
                report("V210", format!("it costs {is}, not {says}"));
            }
            let of_spans = |junction: usize| !self.junctions.spans(junction).is_empty();
            let at = self.standing(index, exchange.at, of_spans);
            let Some(at) = at.or_else(|| self.junctions.at(exchange.at)) else { continue };
            if let Some(other) = self.reached[at] {
                let cause = format!("it is in one tree with {}", self.nodes[other].item);
                report("V200", cause);
            }
            self.nodes.push(Node {
                item: Item::Exchange(used.id.clone()),
                cost: price,
                parent: None,
                exchange: ix,
                route: Millimetres::ZERO,
                hops: 0,
            });
            self.reached[at].get_or_insert(self.nodes.len() - 1);
        }
    }

    /// Breadth first from all exchanges, in the order of the plan.
    fn walk(
        &mut self,
        scenario: &Scenario,
        plan: &Plan,
        facts: &[SpanFacts],
        found: &mut Vec<Violation>,
    ) {
        let mut done = vec![false; plan.spans.len()];
        let all = 0..self.reached.len();
        let mut queue: VecDeque<usize> =
            all.filter(|&junction| self.reached[junction].is_some()).collect();
        while let Some(junction) = queue.pop_front() {
            let Some(parent) = self.reached[junction] else { continue };
            for &place in self.junctions.spans(junction) {
                let Some([one, other]) = self.junctions.ends(place) else { continue };
                if std::mem::replace(&mut done[place], true) {
                    continue;
                }
                let span = &plan.spans[place];
                let far = if one == junction { other } else { one };
                let above = &self.nodes[parent];
                let (exchange, hops) = (above.exchange, above.hops + 1);
                let route = above.route.get().saturating_add(facts[place].length.get());
                let item = Item::Span(span.id.clone());
                if let Some(met) = self.reached[far] {
                    let met = &self.nodes[met];
                    let cause = if met.exchange == exchange {
                        "it closes a cycle".to_owned()
                    } else {
                        "it joins the trees of two exchanges".to_owned()
                    };
                    found.push(Violation::new("V200", &item, cause));
                } else {
                    self.reached[far] = Some(self.nodes.len());
                    queue.push_back(far);
                }
                self.nodes.push(Node {
                    item,
                    cost: facts[place].cost,
                    parent: Some(parent),
                    exchange,
                    route: Millimetres::new(route),
                    hops,
                });
            }
        }
        for (place, span) in plan.spans.iter().enumerate().filter(|(place, _)| !done[*place]) {
            let item = Item::Span(span.id.clone());
            let cause = "it is not joined to an enabled exchange of the plan";
            // What was built ahead for an exchange to come stands all the same.
            if !stands(scenario, &item) {
                found.push(Violation::new("V200", &item, cause));
            }
            self.stray.push((item, facts[place].cost));
        }
    }

    /// The name of the junction a position would stand on.
    pub(super) fn name(position: Point) -> String {
        junction_name(position)
    }
}

/// The junction that a position stands on: its own, or, where it lies on a span, what the span's place there
/// became. `from` gives junctions in order, from a point on.
fn standing<I: Iterator<Item = Point>>(
    index: &Index,
    position: Point,
    from: impl Fn(Point) -> I,
) -> Option<Point> {
    if from(position).next() == Some(position) {
        return Some(position);
    }
    if !index.stands_on_span(position) {
        return None;
    }
    index.joined(position, 0, |place, distance| {
        let far = i64::try_from(distance).unwrap_or(i64::MAX);
        let first = Point { x: place.x.saturating_sub(far), y: i64::MIN };
        let near = from(first).take_while(|point| point.x <= place.x.saturating_add(far));
        near.into_iter().find(|&point| is_near(point, place, distance))
    })
}
