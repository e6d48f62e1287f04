//! Why a site is not connected, by code, with the numbers at hand.

use std::collections::{BTreeMap, BTreeSet};

use rstar::RTree;

use crate::engine::Solution;
use crate::geometry::Point;
use crate::ids::BuildingIx;
use crate::joint::{Constraints, Forest, InsertionPaths};
use crate::model::{Scenario, Site};
use crate::network::{Prepared, PreparedBuilding};
use crate::plan::{ConnectionCosts, ExchangeOff, LeftOut, LeftOutReason};
use crate::question::{Closed, Question, Task};
use crate::units::{Millimetres, Pence};

/// Longest distance in a search without a limit.
const ANYWHERE: i64 = 1 << 60;

/// What was looked into for the buildings that a plan does not hold.
struct WaysIn {
    /// Costs of the ways in, by building: over nothing built, and over what the plan builds.
    alone: Vec<Option<i64>>,
    now: Vec<Option<i64>>,
    /// The prize of each building with what its way over the plan passes.
    brings: Vec<i64>,
    /// Straight distance to the nearest junction that a route leads to, of those that none leads to.
    beyond: BTreeMap<BuildingIx, Millimetres>,
    /// By junction, the separate part of the network that it is in.
    parts: Vec<u32>,
    /// The separate parts of the network whose exchanges have no port left.
    full: BTreeSet<u32>,
    /// Whether the pots could pay for the building by itself; nothing where it was not looked into.
    payable_alone: Vec<Option<bool>>,
}

/// One entry for each site that the plan does not connect, sorted by id. Searches end where `stops` says so;
/// what they did not come to is then said not to have been looked into.
pub fn left_out(task: &Task<'_>, solution: &Solution, stops: &dyn Fn() -> bool) -> Vec<LeftOut> {
    let Task { prepared, scenario, question, problem, .. } = *task;
    let forest = &Forest::of(problem, solution);
    let ways = ways_in(task, forest, stops);
    let mut reasons = Vec::new();
    for (place, at) in prepared.buildings().iter().enumerate() {
        let building = BuildingIx::new(place);
        let connected = forest.holds(question.leaf(building));
        for &site in &at.sites {
            let site = scenario.tables.site(site);
            if !connected || scenario.forbids(site) {
                let known = known_at_once(prepared, scenario, question, building, site);
                let reason = known.unwrap_or_else(|| match &ways {
                    Some(ways) => reason(prepared, question, building, ways),
                    None => LeftOutReason::NotLookedInto,
                });
                reasons.push(LeftOut::new(&site.id, reason));
            }
        }
    }
    let connected_already = scenario.tables.sites.rows.iter().filter(|site| site.already_connected);
    reasons.extend(connected_already.map(|site| LeftOut::new(&site.id, LeftOutReason::HasFibre)));
    reasons.sort_unstable_by(|a, b| a.id.cmp(&b.id));
    reasons
}

/// Two searches over the whole network, one from its exchanges and one from what the plan builds; nothing
/// where there was no time for both.
fn ways_in(task: &Task<'_>, forest: &Forest, stops: &dyn Fn() -> bool) -> Option<WaysIn> {
    let Task { prepared, question, problem, oracle, .. } = *task;
    let mut paths = InsertionPaths::new(question.instance.nodes());
    let leaves =
        || (0..question.building_terms.len()).map(|place| question.leaf(BuildingIx::new(place)));
    if !paths.start_unless(problem, forest, ANYWHERE, stops) {
        return None;
    }
    let now = leaves().map(|leaf| paths.cost(leaf)).collect();
    let prize = |leaf: u32| question.instance.prizes[leaf as usize];
    let brings = leaves().map(|leaf| prize(leaf) + paths.passed(problem, forest, leaf)).collect();
    let empty = Forest::empty(problem);
    if !paths.start_unless(problem, &empty, ANYWHERE, stops) {
        return None;
    }
    let alone: Vec<Option<i64>> = leaves().map(|leaf| paths.cost(leaf)).collect();
    let beyond = beyond(prepared, &alone, |junction| paths.cost(junction).is_some());
    let mut single = empty;
    let mut pays = |leaf: u32| {
        let reached = paths.cost(leaf).is_some();
        if reached {
            single.attach(problem, leaf, &|node| paths.step(node));
        }
        let payable = reached && oracle.can_pay(problem, &single) == Some(true);
        single.detach(problem, leaf);
        payable
    };
    let payable_alone =
        leaves().map(|leaf| (!forest.holds(leaf) && !stops()).then(|| pays(leaf))).collect();
    let parts = prepared.parts();
    let full = full_parts(prepared, oracle.constraints(), forest, &parts);
    Some(WaysIn { alone, now, brings, beyond, parts, full, payable_alone })
}

/// The separate parts of the network in which a forest uses every port of every exchange.
fn full_parts(
    prepared: &Prepared,
    rules: &Constraints,
    forest: &Forest,
    parts: &[u32],
) -> BTreeSet<u32> {
    let mut exchanges = BTreeMap::<u32, usize>::new();
    for junction in prepared.exchanges().iter().filter_map(|exchange| exchange.junction) {
        *exchanges.entry(parts[junction.at()]).or_default() += 1;
    }
    for ports in rules.ports.iter().filter(|ports| ports.are_used_up(forest)) {
        exchanges.entry(parts[ports.junction as usize]).and_modify(|open| *open -= 1);
    }
    exchanges.into_iter().filter(|&(_, open)| open == 0).map(|(part, _)| part).collect()
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

/// The reason that needs no search: a rule, or that nobody may pay.
fn known_at_once(
    prepared: &Prepared,
    scenario: &Scenario,
    question: &Question,
    building: BuildingIx,
    site: &Site,
) -> Option<LeftOutReason> {
    let at = &prepared.buildings()[building.at()];
    let terms = &question.building_terms[building.at()];
    if scenario.forbids(site) {
        return Some(LeftOutReason::Forbidden);
    }
    match terms.closed {
        Some(Closed::Group) => return Some(LeftOutReason::GroupNotWhole),
        Some(Closed::TooLong(length)) => {
            return Some(LeftOutReason::TooLong { shortest_route: Millimetres::new(length) });
        }
        Some(Closed::TooManySpans(fewest_spans)) => {
            return Some(LeftOutReason::TooManySpans { fewest_spans });
        }
        None => {}
    }
    if at.junction.is_none() {
        return Some(LeftOutReason::TooFar { nearest: at.distance });
    }
    if terms.open {
        return None;
    }
    Some(match &terms.unknown {
        Some(column) => LeftOutReason::EligibilityUnknown { column: column.clone() },
        None => LeftOutReason::NoProgramme,
    })
}

/// The reason that the ways in to a building give.
fn reason(
    prepared: &Prepared,
    question: &Question,
    building: BuildingIx,
    ways: &WaysIn,
) -> LeftOutReason {
    let at = &prepared.buildings()[building.at()];
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
    let is_full =
        at.junction.is_some_and(|junction| ways.full.contains(&ways.parts[junction.at()]));
    match (ways.payable_alone[building.at()], worth.zip(now)) {
        (None, _) => LeftOutReason::NotLookedInto,
        (Some(true), Some((worth, now))) if worth <= now => LeftOutReason::WorthNoMore(costs),
        (Some(true), _) if is_full => LeftOutReason::ExchangesFull,
        (Some(true), _) => LeftOutReason::Outvalued(costs),
        (Some(false), _) => LeftOutReason::PotBinds(costs),
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
