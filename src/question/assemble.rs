//! From the engine's tree back to nouns: the plan.

use std::collections::{BTreeMap, BTreeSet};

use super::stated::{EdgeItem, Question};
use crate::engine::Solution;
use crate::error::{Error, ErrorKind};
use crate::ids::{BuildingIx, ExchangeIx, SpanIx};
use crate::model::{Scenario, may_be_built};
use crate::network::Prepared;
use crate::plan::{Plan, PlanDrop, PlanExchange, PlanSpan};
use crate::units::Millimetres;

/// How a node of the tree is reached: from which exchange, over what length of route.
#[derive(Clone, Copy)]
struct Arrival {
    exchange: ExchangeIx,
    route: Millimetres,
}

/// The plan that builds a tree of the question, also one that another solver found; branches of the tree that
/// may [not be built](may_be_built) are no part of it. It has no payments: [`fund`](crate::funding::fund) adds
/// them.
///
/// # Errors
///
/// When a price cannot be made (a method that the rate card does not name).
pub fn assemble(
    prepared: &Prepared,
    scenario: &Scenario,
    question: &Question,
    solution: &Solution,
) -> Result<Plan, Error> {
    let arrivals = arrivals(prepared, question, solution);
    let mut plan = Plan::default();
    let mut ports: BTreeMap<ExchangeIx, u32> = BTreeMap::new();
    let buildings = buildings_behind(question, solution);
    let behind = |edge: u32| buildings.get(&edge).copied().unwrap_or(0);
    for &edge in solution.edges.iter().filter(|&&edge| may_be_built(behind(edge))) {
        match question.edge_items[edge as usize] {
            EdgeItem::Enable(exchange) => {
                ports.entry(exchange).or_default();
            }
            EdgeItem::Span(span) => plan.spans.push(span_of(prepared, scenario, span)?),
            EdgeItem::SecondHalf(_) => {}
            EdgeItem::Drop(building) => {
                let arrival = arrivals[&question.leaf(building)];
                *ports.entry(arrival.exchange).or_default() += 1;
                plan.drops.push(drop_of(prepared, scenario, building, arrival));
            }
        }
    }
    for (exchange, ports_used) in ports {
        let exchange = scenario.tables.exchange(exchange);
        let (id, cost) = (exchange.id.clone(), exchange.enable);
        plan.exchanges.push(PlanExchange { id, cost, ports_used });
    }
    plan.connected = plan.drops.iter().flat_map(|drop| drop.sites.iter().cloned()).collect();
    plan.connected.sort_unstable();
    plan.spans.sort_unstable_by(|a: &PlanSpan, b| a.id.cmp(&b.id));
    plan.drops.sort_unstable_by(|a, b| a.building.cmp(&b.building));
    plan.exchanges.sort_unstable_by(|a, b| a.id.cmp(&b.id));
    Ok(plan)
}

/// How many buildings have their route over each edge of the tree, found from its leaves inwards.
fn buildings_behind(question: &Question, solution: &Solution) -> BTreeMap<u32, u32> {
    let mut rows: BTreeMap<u32, Vec<(u32, u32)>> = BTreeMap::new();
    for &edge in &solution.edges {
        let [u, v] = question.instance.edges[edge as usize].ends;
        rows.entry(u).or_default().push((edge, v));
        rows.entry(v).or_default().push((edge, u));
    }
    let mut from: BTreeMap<u32, (u32, u32)> = BTreeMap::new();
    let mut order = vec![question.root()];
    let mut next = 0;
    while let Some(&node) = order.get(next) {
        next += 1;
        for &(edge, other) in rows.get(&node).into_iter().flatten() {
            if other != question.root() && !from.contains_key(&other) {
                from.insert(other, (edge, node));
                order.push(other);
            }
        }
    }
    let mut at_node: BTreeMap<u32, u32> = BTreeMap::new();
    let mut behind = BTreeMap::new();
    for node in order.into_iter().rev() {
        let Some(&(edge, parent)) = from.get(&node) else { continue };
        let own = u32::from(matches!(question.edge_items[edge as usize], EdgeItem::Drop(_)));
        let all = own + at_node.get(&node).copied().unwrap_or(0);
        *at_node.entry(parent).or_default() += all;
        behind.insert(edge, all);
    }
    behind
}

fn span_of(prepared: &Prepared, scenario: &Scenario, span: SpanIx) -> Result<PlanSpan, Error> {
    let route = prepared.span(span);
    let piece = prepared.piece(span).map(|(_, piece)| piece);
    Ok(PlanSpan {
        id: prepared.span_id(span),
        origin: prepared.origin(span),
        source_id: prepared.source_id(span),
        from: piece.map(|piece| piece.from),
        to: piece.map(|piece| piece.to),
        ends: route.ends.map(|end| prepared.junction_name(end)),
        geometry: prepared.geometry(span),
        method: prepared.method(span, &scenario.rate_card).to_owned(),
        length: route.length,
        cost: prepared.price(span, &scenario.rate_card)?,
        year: None,
    })
}

fn drop_of(
    prepared: &Prepared,
    scenario: &Scenario,
    building: BuildingIx,
    arrival: Arrival,
) -> PlanDrop {
    let place = &prepared.buildings()[building.at()];
    let sites = place.sites.iter().map(|&site| scenario.tables.site(site));
    PlanDrop {
        building: place.id.clone(),
        sites: sites.filter(|site| !scenario.forbids(site)).map(|site| site.id.clone()).collect(),
        exchange: scenario.tables.exchange(arrival.exchange).id.clone(),
        route: arrival.route,
        cost: prepared.drop_price(building, &scenario.rate_card),
        year: None,
    }
}

/// Exchange and route length of every node of the tree, by a walk from the super-root.
fn arrivals(
    prepared: &Prepared,
    question: &Question,
    solution: &Solution,
) -> BTreeMap<u32, Arrival> {
    let mut rows: BTreeMap<u32, Vec<(EdgeItem, u32)>> = BTreeMap::new();
    for &edge in &solution.edges {
        let [u, v] = question.instance.edges[edge as usize].ends;
        let meaning = question.edge_items[edge as usize];
        rows.entry(u).or_default().push((meaning, v));
        rows.entry(v).or_default().push((meaning, u));
    }
    let root = question.root();
    let mut reached: BTreeMap<u32, Arrival> = BTreeMap::new();
    let mut stack = vec![(root, None)];
    while let Some((node, here)) = stack.pop() {
        for &(meaning, other) in rows.get(&node).into_iter().flatten() {
            if other == root || reached.contains_key(&other) {
                continue;
            }
            let arrival = match (meaning, here) {
                (EdgeItem::Enable(exchange), _) => Arrival { exchange, route: Millimetres::ZERO },
                (EdgeItem::Span(span), Some(Arrival { exchange, route })) => {
                    Arrival { exchange, route: route + prepared.span(span).length }
                }
                (_, Some(arrival)) => arrival,
                (_, None) => continue,
            };
            reached.insert(other, arrival);
            stack.push((other, Some(arrival)));
        }
    }
    reached
}

/// The junctions at the ends of a plan's spans, so that only spans between them need a name; nothing where the
/// plan does not say where its spans lie.
fn junctions_of(prepared: &Prepared, plan: &Plan) -> Option<Vec<bool>> {
    let mut near = vec![false; prepared.junctions().len()];
    for span in &plan.spans {
        for end in [span.geometry.first()?, span.geometry.last()?] {
            near[prepared.junction_at(*end)?.at()] = true;
        }
    }
    Some(near)
}

/// The tree of the question that a plan builds.
///
/// # Errors
///
/// A usage error when the plan names something that the network has not.
pub fn tree_of(
    prepared: &Prepared,
    scenario: &Scenario,
    question: &Question,
    plan: &Plan,
) -> Result<Solution, Error> {
    let near = junctions_of(prepared, plan);
    let is_near = |ix: &SpanIx| {
        near.as_ref().is_none_or(|near| prepared.span(*ix).ends.iter().all(|end| near[end.at()]))
    };
    let spans: BTreeMap<String, SpanIx> = (0..prepared.spans().len())
        .map(SpanIx::new)
        .filter(is_near)
        .map(|ix| (prepared.span_id(ix), ix))
        .collect();
    let buildings: BTreeMap<&str, usize> =
        prepared.buildings().iter().enumerate().map(|(at, own)| (own.id.as_str(), at)).collect();
    let mut items: BTreeSet<EdgeItem> = BTreeSet::new();
    let foreign = |what: &str, id: &str| {
        Error::new(ErrorKind::Usage, format!("the network has no {what} {id}"))
    };
    for span in &plan.spans {
        let ix = spans.get(&span.id).ok_or_else(|| foreign("span", &span.id))?;
        items.extend([EdgeItem::Span(*ix), EdgeItem::SecondHalf(*ix)]);
    }
    for drop in &plan.drops {
        let at = buildings.get(drop.building.as_str());
        let at = at.ok_or_else(|| foreign("building", &drop.building))?;
        items.insert(EdgeItem::Drop(BuildingIx::new(*at)));
    }
    for exchange in &plan.exchanges {
        let ix = scenario.tables.exchange_by_id(&exchange.id);
        items.insert(EdgeItem::Enable(ix.ok_or_else(|| foreign("exchange", &exchange.id))?));
    }
    let mut solution = Solution { nodes: vec![question.root()], edges: Vec::new() };
    for (edge, (meaning, ends)) in
        (0_u32..).zip(question.edge_items.iter().zip(&question.instance.edges))
    {
        if items.contains(meaning) {
            solution.edges.push(edge);
            solution.nodes.extend(ends.ends);
        }
    }
    solution.nodes.sort_unstable();
    solution.nodes.dedup();
    Ok(solution)
}
