//! Why a site is not connected, by code, with the numbers at hand.

use std::collections::BTreeMap;

use rstar::RTree;

use crate::engine::Solution;
use crate::geometry::Point;
use crate::ids::BuildingIx;
use crate::joint::{Forest, InsertionPaths};
use crate::model::{Scenario, Site};
use crate::network::{Prepared, PreparedBuilding};
use crate::plan::{ConnectionCosts, ExchangeOff, LeftOut, LeftOutReason};
use crate::question::{Closed, Question, Task};
use crate::units::{Millimetres, Pence};

/// Longest distance in a search without a limit.
const ANYWHERE: i64 = 1 << 60;

/// Costs of the ways in for every building: over nothing built, and over what the plan builds.
struct WaysIn {
    alone: Vec<Option<i64>>,
    now: Vec<Option<i64>>,
    /// The prize of each building with what its way over the plan passes.
    brings: Vec<i64>,
    /// Straight distance to the nearest junction that a route leads to, of those that none leads to.
    beyond: BTreeMap<BuildingIx, Millimetres>,
    /// By junction, the separate part of the network that it is in.
    parts: Vec<u32>,
    /// Whether the pots could pay for the building by itself.
    payable_alone: Vec<bool>,
}

/// One entry for each site that the plan does not connect, sorted by id.
pub fn left_out(task: &Task<'_>, solution: &Solution) -> Vec<LeftOut> {
    let Task { prepared, scenario, question, problem, .. } = *task;
    let forest = &Forest::of(problem, solution);
    let ways = ways_in(task, forest);
    let mut reasons = Vec::new();
    for (place, at) in prepared.buildings().iter().enumerate() {
        let building = BuildingIx::new(place);
        let connected = forest.holds(question.leaf(building));
        for &site in &at.sites {
            let site = scenario.tables.site(site);
            if !connected || scenario.forbids(site) {
                let reason = reason(prepared, scenario, question, building, site, &ways);
                reasons.push(LeftOut::new(&site.id, reason));
            }
        }
    }
    let connected_already = scenario.tables.sites.rows.iter().filter(|site| site.already_connected);
    reasons.extend(connected_already.map(|site| LeftOut::new(&site.id, LeftOutReason::HasFibre)));
    reasons.sort_unstable_by(|a, b| a.id.cmp(&b.id));
    reasons
}

fn ways_in(task: &Task<'_>, forest: &Forest) -> WaysIn {
    let Task { prepared, question, problem, oracle, .. } = *task;
    let mut paths = InsertionPaths::new(question.instance.nodes());
    let leaves =
        || (0..question.building_terms.len()).map(|place| question.leaf(BuildingIx::new(place)));
    paths.start(problem, forest, ANYWHERE);
    let now = leaves().map(|leaf| paths.cost(leaf)).collect();
    let prize = |leaf: u32| question.instance.prizes[leaf as usize];
    let brings = leaves().map(|leaf| prize(leaf) + paths.passed(problem, forest, leaf)).collect();
    let empty = Forest::empty(problem);
    paths.start(problem, &empty, ANYWHERE);
    let alone: Vec<Option<i64>> = leaves().map(|leaf| paths.cost(leaf)).collect();
    let beyond = beyond(prepared, &alone, |junction| paths.cost(junction).is_some());
    let mut single = empty;
    let payable_alone = leaves()
        .map(|leaf| {
            let reached = paths.cost(leaf).is_some();
            if reached {
                single.attach(problem, leaf, &|node| paths.step(node));
            }
            let payable = reached && oracle.can_pay(problem, &single) == Some(true);
            single.detach(problem, leaf);
            payable
        })
        .collect();
    WaysIn { alone, now, brings, beyond, parts: prepared.parts(), payable_alone }
}

/// How far buildings without a way in lie from the nearest junction that is reached.
fn beyond(
    prepared: &Prepared,
    alone: &[Option<i64>],
    is_reached: impl Fn(u32) -> bool,
) -> BTreeMap<BuildingIx, Millimetres> {
    let cut_off = alone.iter().enumerate().filter(|(_, cost)| cost.is_none());
    let cut_off: Vec<BuildingIx> = cut_off.map(|(place, _)| BuildingIx::new(place)).collect();
    if cut_off.is_empty() {
        return BTreeMap::new();
    }
    let junctions = (0..).zip(prepared.junctions());
    let reached = junctions.filter(|&(place, _)| is_reached(place)).map(|(_, at)| [at.x, at.y]);
    let tree = RTree::bulk_load(reached.collect());
    let distance = |building: BuildingIx| {
        let at = prepared.buildings()[building.at()].at;
        let &[x, y] = tree.nearest_neighbor([at.x, at.y])?;
        Some((building, prepared.plane().length(at, Point { x, y })))
    };
    cut_off.into_iter().filter_map(distance).collect()
}

fn reason(
    prepared: &Prepared,
    scenario: &Scenario,
    question: &Question,
    building: BuildingIx,
    site: &Site,
    ways: &WaysIn,
) -> LeftOutReason {
    let at = &prepared.buildings()[building.at()];
    let terms = &question.building_terms[building.at()];
    if scenario.forbids(site) {
        return LeftOutReason::Forbidden;
    }
    match terms.closed {
        Some(Closed::Group) => return LeftOutReason::GroupNotWhole,
        Some(Closed::TooLong(length)) => {
            return LeftOutReason::TooLong { shortest_route: Millimetres::new(length) };
        }
        Some(Closed::TooManySpans(fewest_spans)) => {
            return LeftOutReason::TooManySpans { fewest_spans };
        }
        None => {}
    }
    if at.junction.is_none() {
        return LeftOutReason::TooFar { nearest: at.distance };
    }
    if !terms.open {
        return match &terms.unknown {
            Some(column) => LeftOutReason::EligibilityUnknown { column: column.clone() },
            None => LeftOutReason::NoProgramme,
        };
    }
    let Some(alone) = ways.alone[building.at()] else {
        return LeftOutReason::NoRoute {
            nearest_reachable: ways.beyond.get(&building).copied(),
            exchange_off: exchange_off(prepared, at, &ways.parts),
        };
    };
    let now = ways.now[building.at()];
    let worth = question.scale.net_pence(ways.brings[building.at()]);
    let costs = ConnectionCosts {
        own: Some(Pence::new(alone)),
        added: now.map(Pence::new),
        worth: worth.map(Pence::new),
    };
    match (ways.payable_alone[building.at()], worth.zip(now)) {
        (true, Some((worth, now))) if worth <= now => LeftOutReason::WorthNoMore(costs),
        (true, _) => LeftOutReason::Outvalued(costs),
        (false, _) => LeftOutReason::PotBinds(costs),
    }
}

/// The nearest of the exchanges that would serve a building's part of the network, were they joined to it.
fn exchange_off(prepared: &Prepared, at: &PreparedBuilding, parts: &[u32]) -> Option<ExchangeOff> {
    let part = parts[at.junction?.at()];
    let rows = prepared.tables().exchanges.rows.iter().zip(prepared.exchanges());
    let off = rows.filter(|(_, place)| place.towards.is_some_and(|near| parts[near.at()] == part));
    let (row, place) =
        off.min_by_key(|(row, _)| (prepared.plane().length(at.at, row.at), &row.id))?;
    Some(ExchangeOff { exchange: row.id.clone(), to_network: place.distance? })
}
