//! From the engine's tree back to nouns: the plan.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use super::stated::{EdgeItem, Question};
use crate::engine::Solution;
use crate::error::{Error, ErrorKind};
use crate::graph::Rows;
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

/// The plan that builds a tree of the question, including one that another solver found; branches of the tree that
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
    assembled(prepared, scenario, question, solution, may_be_built)
}

/// The plan that holds all of a tree, dead ends too: what stands already was built for others.
///
/// # Errors
///
/// As [`assemble`].
pub fn assemble_whole(
    prepared: &Prepared,
    scenario: &Scenario,
    question: &Question,
    solution: &Solution,
) -> Result<Plan, Error> {
    assembled(prepared, scenario, question, solution, |_| true)
}

fn assembled(
    prepared: &Prepared,
    scenario: &Scenario,
    question: &Question,
    solution: &Solution,
    holds: impl Fn(u32) -> bool,
) -> Result<Plan, Error> {
    let tree = Tree::of(prepared, question, solution);
    let mut plan = Plan::default();
    let mut ports: BTreeMap<ExchangeIx, u32> = BTreeMap::new();
    let mut spans = Vec::new();
    let edges = solution.edges.iter().zip(tree.behind.iter().zip(&tree.arrivals));
    for (&edge, (_, &arrival)) in edges.filter(|(_, (behind, _))| holds(**behind)) {
        match question.edge_items[edge as usize] {
            EdgeItem::Enable(exchange) => {
                ports.entry(exchange).or_default();
            }
            EdgeItem::Span(span) => spans.push(span),
            EdgeItem::SecondHalf(_) => {}
            EdgeItem::Drop(building) => {
                let Some(arrival) = arrival else { continue };
                *ports.entry(arrival.exchange).or_default() += 1;
                plan.drops.push(drop_of(prepared, scenario, building, arrival));
            }
        }
    }
    let spans = spans.par_iter().map(|&span| span_of(prepared, scenario, span));
    plan.spans = spans.collect::<Result<_, _>>()?;
    for (exchange, ports_used) in ports {
        let exchange = scenario.tables.exchange(exchange);
        let (id, cost) = (exchange.id.clone(), scenario.enable_price(exchange));
        plan.exchanges.push(PlanExchange { id, cost, ports_used, year: None });
    }
    plan.connected = plan.drops.iter().flat_map(|drop| drop.sites.iter().cloned()).collect();
    plan.connected.sort_unstable();
    plan.spans.par_sort_unstable_by(|a: &PlanSpan, b| a.id.cmp(&b.id));
    plan.drops.sort_unstable_by(|a, b| a.building.cmp(&b.building));
    plan.exchanges.sort_unstable_by(|a, b| a.id.cmp(&b.id));
    Ok(plan)
}

/// A tree of the question, walked from its root.
struct Tree {
    /// Its nodes, each after the one towards the root, which comes first.
    order: Vec<Step>,
    /// By edge of the solution: how many buildings have their route over it.
    behind: Vec<u32>,
    /// By edge of the solution: how its far end is reached.
    arrivals: Vec<Option<Arrival>>,
}

/// A node of a tree, and how the walk came to it.
#[derive(Clone, Copy)]
struct Step {
    node: u32,
    /// Places in the solution's edges of the edge to it, and in the walk of the step before.
    from: Option<(usize, usize)>,
}

impl Tree {
    fn of(prepared: &Prepared, question: &Question, solution: &Solution) -> Self {
        let ends_of = |edge: &u32| question.instance.edges[*edge as usize].ends;
        let mut nodes: Vec<u32> = solution.edges.iter().flat_map(ends_of).collect();
        nodes.push(question.root());
        nodes.sort_unstable();
        nodes.dedup();
        let number = |node: u32| {
            let place = nodes.binary_search(&node).unwrap_or_else(|place| place);
            u32::try_from(place).unwrap_or(u32::MAX)
        };
        let ends: Vec<[u32; 2]> =
            solution.edges.iter().map(|edge| ends_of(edge).map(number)).collect();
        let rows = Rows::new(nodes.len(), ends.iter().copied());
        let root = number(question.root());
        let mut tree = Self {
            order: vec![Step { node: root, from: None }],
            behind: vec![0; solution.edges.len()],
            arrivals: vec![None; solution.edges.len()],
        };
        let mut seen = vec![false; nodes.len()];
        seen[root as usize] = true;
        let mut next = 0;
        while let Some(&Step { node, from }) = tree.order.get(next) {
            let here = from.and_then(|(edge, _)| tree.arrivals[edge]);
            for place in rows.row(node) {
                let (edge, other) = (rows.edge(place) as usize, rows.neighbour(place));
                if std::mem::replace(&mut seen[other as usize], true) {
                    continue;
                }
                let meaning = question.edge_items[solution.edges[edge] as usize];
                tree.arrivals[edge] = arrival(prepared, meaning, here);
                tree.order.push(Step { node: other, from: Some((edge, next)) });
            }
            next += 1;
        }
        tree.count(question, solution);
        tree
    }

    /// Counts the buildings behind each edge, from the leaves inwards.
    fn count(&mut self, question: &Question, solution: &Solution) {
        let mut at_step = vec![0; self.order.len()];
        for step in (0..self.order.len()).rev() {
            let Some((edge, before)) = self.order[step].from else { continue };
            let meaning = question.edge_items[solution.edges[edge] as usize];
            let all = at_step[step] + u32::from(matches!(meaning, EdgeItem::Drop(_)));
            at_step[before] += all;
            self.behind[edge] = all;
        }
    }
}

/// How the far end of an edge is reached from a node that is reached so; nothing where no exchange leads there.
fn arrival(prepared: &Prepared, meaning: EdgeItem, here: Option<Arrival>) -> Option<Arrival> {
    match meaning {
        EdgeItem::Enable(exchange) => Some(Arrival { exchange, route: Millimetres::ZERO }),
        EdgeItem::Span(span) => {
            let Arrival { exchange, route } = here?;
            Some(Arrival { exchange, route: route + prepared.span(span).length })
        }
        EdgeItem::Drop(_) | EdgeItem::SecondHalf(_) => here,
    }
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
        later: None,
    }
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
/// A usage error when the plan names something that is not in the network.
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
