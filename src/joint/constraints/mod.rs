//! The rules beyond money: ports, routes, groups, floors and quotas.
//!
//! What for: the search must only keep forests that keep them. In: a scenario's rules, and its question.
//! Out: whether a forest keeps them, and what is wrong with one that does not. Money is the purse's part.

use std::collections::{BTreeMap, BTreeSet};

use crate::ids::{BuildingIx, SiteIx};
use crate::joint::forest::{Forest, NONE};
use crate::joint::problem::Terrain;
use crate::model::{Limit, Quantity, Scenario, Truth};
use crate::network::Prepared;
use crate::question::{Meaning, Question};
use crate::units::Weight;

/// The rules of a scenario, in the question's numbers.
#[derive(Default)]
pub struct Rulebook {
    /// Exchanges with limited ports.
    ports: Vec<Ports>,
    routes: Option<Routes>,
    /// Buildings that are connected together or not at all, each list sorted.
    bundles: Vec<Vec<u32>>,
    bundle_of: BTreeMap<u32, usize>,
    limits: Vec<Sum>,
}

/// An exchange serves so many buildings at most.
struct Ports {
    /// The edge that enables it; several exchanges may stand at one junction.
    edge: u32,
    junction: u32,
    most: u32,
}

/// The longest route to a building.
struct Routes {
    /// Length of each edge in millimetres; zero for drops and exchanges.
    length: Vec<u64>,
    /// Whether each edge is a span.
    is_span: Vec<bool>,
    reach: Option<u64>,
    hops: Option<u32>,
}

/// At least or at most so much over some buildings.
pub struct Sum {
    /// By building: what it adds (weight in thousandths), or how many of its sites count (pounds).
    own: BTreeMap<u32, i64>,
    /// For pounds: how many sites each building has.
    sites: Option<BTreeMap<u32, i64>>,
    at_least: Option<i64>,
    at_most: Option<i64>,
}

impl Rulebook {
    /// The rules of a scenario.
    pub fn new(prepared: &Prepared, scenario: &Scenario, question: &Question) -> Self {
        let ports = (0_u32..).zip(&question.meanings).filter_map(|(edge, meaning)| {
            let Meaning::Enable(exchange) = *meaning else { return None };
            let most = scenario.tables.exchange(exchange).ports?;
            let junction = prepared.exchanges()[exchange.at()].junction?.0;
            Some(Ports { edge, junction, most })
        });
        let leaf = |building: &BuildingIx| question.leaf(*building);
        let bundles: Vec<Vec<u32>> = question
            .bundles
            .iter()
            .map(|bundle| {
                let mut leaves: Vec<u32> = bundle.iter().map(leaf).collect();
                leaves.sort_unstable();
                leaves
            })
            .collect();
        let places = bundles.iter().enumerate();
        let bundle_of =
            places.flat_map(|(place, bundle)| bundle.iter().map(move |&leaf| (leaf, place)));
        let limits = scenario.rules.limits.iter();
        Self {
            ports: ports.collect(),
            routes: Routes::new(prepared, scenario, question),
            bundle_of: bundle_of.collect(),
            limits: limits.map(|limit| Sum::new(prepared, scenario, question, limit)).collect(),
            bundles,
        }
    }

    /// Whether every forest keeps the rules.
    pub fn is_empty(&self) -> bool {
        self.ports.is_empty()
            && self.routes.is_none()
            && self.bundles.is_empty()
            && self.limits.is_empty()
    }

    /// The floors and quotas.
    pub fn limits(&self) -> &[Sum] {
        &self.limits
    }

    /// Whether routes are limited.
    pub fn limits_routes(&self) -> bool {
        self.routes.is_some()
    }

    /// Whether a forest keeps every rule.
    pub fn allows(&self, terrain: &Terrain<'_>, forest: &Forest) -> bool {
        let is_whole = |bundle: &Vec<u32>| {
            let held = bundle.iter().filter(|&&leaf| forest.holds(leaf)).count();
            held == 0 || held == bundle.len()
        };
        self.full(forest).is_none()
            && self.bundles.iter().all(is_whole)
            && self.limits.iter().all(|limit| limit.is_kept(terrain, forest))
            && self.too_far(forest).is_empty()
    }

    /// The junction of an exchange that serves more buildings than it has ports.
    pub fn full(&self, forest: &Forest) -> Option<u32> {
        let full = |ports: &&Ports| {
            forest.parent_edge[ports.junction as usize] == ports.edge
                && forest.users_below(ports.junction) > ports.most
        };
        self.ports.iter().find(full).map(|ports| ports.junction)
    }

    /// The buildings that are connected together with one, itself among them.
    pub fn bundle<'a>(&'a self, building: &'a u32) -> &'a [u32] {
        match self.bundle_of.get(building) {
            Some(&place) => &self.bundles[place],
            None => std::slice::from_ref(building),
        }
    }

    /// Whether taking a building's bundle out leaves every floor met.
    pub fn spares(&self, terrain: &Terrain<'_>, forest: &Forest, building: u32) -> bool {
        let bundle = self.bundle(&building);
        self.limits.iter().all(|limit| {
            let Some(least) = limit.at_least else { return true };
            let own: i64 = bundle.iter().map(|leaf| limit.own(*leaf)).sum();
            // What pounds fall by is not known beforehand.
            own == 0 || limit.sites.is_some() || limit.measure(terrain, forest) - own >= least
        })
    }

    /// The buildings held whose routes are too long.
    pub fn too_far(&self, forest: &Forest) -> Vec<u32> {
        let Some(routes) = &self.routes else { return Vec::new() };
        let arrivals = routes.arrivals(forest);
        let far =
            |building: &&u32| arrivals.get(building).is_some_and(|arrival| !routes.allow(*arrival));
        forest.held.iter().filter(far).copied().collect()
    }

    /// The shortest way in for a building that keeps the limit on routes: for each node on it the edge
    /// and node towards the forest. `None` where there is none, or routes have no limit.
    pub fn short_way(
        &self,
        terrain: &Terrain<'_>,
        forest: &Forest,
        building: u32,
    ) -> Option<BTreeMap<u32, (u32, u32)>> {
        let routes = self.routes.as_ref()?;
        routes.short_way(terrain, forest, building)
    }

    /// Whether any forest of a part of the terrain can keep floors, quotas and groups: `open` says
    /// which buildings are left, `held` which of them all its forests hold.
    pub fn possible(&self, open: impl Fn(u32) -> bool, held: impl Fn(u32) -> bool) -> bool {
        let limit_possible = |limit: &Sum| {
            let most = |leaf: &u32| open(*leaf);
            let sum = |among: &dyn Fn(&u32) -> bool| -> i64 {
                limit.own.iter().filter(|(leaf, _)| among(leaf)).map(|(_, own)| own).sum()
            };
            let enough = match limit.sites {
                None => limit.at_least.is_none_or(|least| sum(&most) >= least),
                Some(_) => limit.at_least.is_none_or(|least| least <= 0 || sum(&most) > 0),
            };
            let not_too_much = limit.sites.is_some()
                || limit.at_most.is_none_or(|most| sum(&|leaf| held(*leaf)) <= most);
            enough && not_too_much
        };
        let bundle_possible = |bundle: &Vec<u32>| {
            bundle.iter().all(|&leaf| open(leaf)) || !bundle.iter().any(|&leaf| held(leaf))
        };
        self.limits.iter().all(limit_possible) && self.bundles.iter().all(bundle_possible)
    }

    /// Whether a building belongs to a bundle of which some other is left out, or is held: then its own
    /// fate is sealed.
    pub fn follows(&self, building: u32, among: impl Fn(u32) -> bool) -> bool {
        self.bundle_of.get(&building).is_some_and(|&place| {
            self.bundles[place].iter().any(|&other| other != building && among(other))
        })
    }
}

impl Sum {
    fn new(prepared: &Prepared, scenario: &Scenario, question: &Question, limit: &Limit) -> Self {
        let site = |site: SiteIx| scenario.tables.site(site);
        let counts = |ix: SiteIx| limit.clause.judge(&scenario.tables, site(ix)) == Truth::Yes;
        let mut own = BTreeMap::new();
        let mut all = BTreeMap::new();
        for (place, building) in prepared.buildings().iter().enumerate() {
            let leaf = question.leaf(BuildingIx::new(place));
            let sites = || building.sites.iter().copied().filter(|&ix| !scenario.forbids(site(ix)));
            let worth = |ix: SiteIx| match &limit.quantity {
                Quantity::Weight(name) => {
                    scenario.weight(name, site(ix)).map_or(0, |own| own.weight.thousandths())
                }
                Quantity::Pounds => 1,
            };
            let sum: i64 = sites().filter(|&ix| counts(ix)).map(worth).sum();
            if sum > 0 {
                own.insert(leaf, sum);
            }
            all.insert(leaf, i64::try_from(sites().count()).unwrap_or(i64::MAX));
        }
        let in_pounds = limit.quantity == Quantity::Pounds;
        let thousandths = |limit: Option<Weight>| limit.map(Weight::thousandths);
        Self {
            own,
            sites: in_pounds.then_some(all),
            at_least: thousandths(limit.at_least),
            at_most: thousandths(limit.at_most),
        }
    }

    /// What a building adds to what is counted; nothing for those that do not count.
    pub fn own(&self, building: u32) -> i64 {
        self.own.get(&building).copied().unwrap_or(0)
    }

    /// By how much a forest lies below the floor.
    pub fn lacks(&self, terrain: &Terrain<'_>, forest: &Forest) -> i64 {
        self.at_least.map_or(0, |least| (least - self.measure(terrain, forest)).max(0))
    }

    /// By how much a forest lies above the quota.
    pub fn exceeds(&self, terrain: &Terrain<'_>, forest: &Forest) -> i64 {
        self.at_most.map_or(0, |most| (self.measure(terrain, forest) - most).max(0))
    }

    /// The floor, for what is counted in weight and not in pounds.
    pub fn floor(&self) -> Option<i64> {
        self.at_least.filter(|_| self.sites.is_none())
    }

    /// The quota, for what is counted in weight and not in pounds.
    pub fn quota(&self) -> Option<i64> {
        self.at_most.filter(|_| self.sites.is_none())
    }

    fn is_kept(&self, terrain: &Terrain<'_>, forest: &Forest) -> bool {
        let held = self.measure(terrain, forest);
        self.at_least.is_none_or(|least| held >= least)
            && self.at_most.is_none_or(|most| held <= most)
    }

    fn measure(&self, terrain: &Terrain<'_>, forest: &Forest) -> i64 {
        match &self.sites {
            None => forest.held.iter().map(|leaf| self.own(*leaf)).sum(),
            Some(sites) => self.pounds(terrain, forest, sites),
        }
    }

    /// Pounds in thousandths: of each item the share of its users that count, to the nearest penny.
    fn pounds(&self, terrain: &Terrain<'_>, forest: &Forest, sites: &BTreeMap<u32, i64>) -> i64 {
        const PARTS: i128 = 1_000_000_000;
        let mut below: BTreeMap<u32, (i64, i64)> = BTreeMap::new();
        let mut parts: i128 = 0;
        for (node, _, above, cost) in forest.items(terrain).into_iter().rev() {
            let (mut own, mut all) = below.remove(&node).unwrap_or_default();
            if let Some(sites) = sites.get(&node) {
                own += self.own(node);
                all += sites;
            }
            if all > 0 {
                parts += i128::from(cost) * i128::from(own) * PARTS / i128::from(all);
            }
            let sum = below.entry(above).or_default();
            *sum = (sum.0 + own, sum.1 + all);
        }
        let pence = (parts + PARTS / 2).div_euclid(PARTS);
        i64::try_from(pence * 10).unwrap_or(i64::MAX)
    }
}

/// Millimetres and spans from the exchange.
type Arrival = (u64, u32);

impl Routes {
    fn new(prepared: &Prepared, scenario: &Scenario, question: &Question) -> Option<Self> {
        let rules = &scenario.rules;
        let (reach, hops) = (rules.max_reach_mm, rules.max_hops);
        (reach.is_some() || hops.is_some()).then(|| {
            let length = |meaning: &Meaning| match meaning {
                Meaning::Span(span) => prepared.span(*span).length.get(),
                Meaning::Rest(_) | Meaning::Drop(_) | Meaning::Enable(_) => 0,
            };
            let is_span = |meaning: &Meaning| matches!(meaning, Meaning::Span(_));
            Self {
                length: question.meanings.iter().map(length).collect(),
                is_span: question.meanings.iter().map(is_span).collect(),
                reach,
                hops,
            }
        })
    }

    fn allow(&self, (length, spans): Arrival) -> bool {
        self.reach.is_none_or(|most| length <= most) && self.hops.is_none_or(|most| spans <= most)
    }

    fn after(&self, (length, spans): Arrival, edge: u32) -> Arrival {
        let edge = edge as usize;
        (length.saturating_add(self.length[edge]), spans + u32::from(self.is_span[edge]))
    }

    fn arrivals(&self, forest: &Forest) -> BTreeMap<u32, Arrival> {
        let mut arrivals: BTreeMap<u32, Arrival> = BTreeMap::new();
        for (node, edge, above) in forest.outward() {
            let arrival = arrivals.get(&above).copied().unwrap_or_default();
            arrivals.insert(node, self.after(arrival, edge));
        }
        arrivals
    }

    /// Outward from the building by length (by spans where only these are limited), until a node of the
    /// forest is met from which the whole route is short enough.
    fn short_way(
        &self,
        terrain: &Terrain<'_>,
        forest: &Forest,
        building: u32,
    ) -> Option<BTreeMap<u32, (u32, u32)>> {
        let arrivals = self.arrivals(forest);
        let root = terrain.instance.root.unwrap_or(NONE);
        let rank = |(length, spans): Arrival| {
            if self.reach.is_some() { (length, spans) } else { (u64::from(spans), 0) }
        };
        let mut open = BTreeSet::from([((0_u64, 0_u32), building, (0_u64, 0_u32))]);
        let mut nearest: BTreeMap<u32, (u64, u32)> = BTreeMap::from([(building, (0, 0))]);
        let mut from: BTreeMap<u32, (u32, u32)> = BTreeMap::new();
        while let Some((distance, node, here)) = open.pop_first() {
            if nearest.get(&node) != Some(&distance) {
                continue;
            }
            if forest.holds(node) {
                let there: Arrival = arrivals.get(&node).copied().unwrap_or_default();
                if self.allow((here.0.saturating_add(there.0), here.1 + there.1)) {
                    return Some(way(&from, building, node));
                }
                // Beyond a node of the forest the way would close a ring.
                continue;
            }
            if node != building && (node == root || terrain.is_building(node)) {
                continue;
            }
            for &(edge, other) in &terrain.rows[node as usize] {
                let next = self.after(here, edge);
                let nearer = nearest.get(&other).is_none_or(|&known| rank(next) < known);
                if self.allow(next) && nearer {
                    nearest.insert(other, rank(next));
                    from.insert(other, (edge, node));
                    open.insert((rank(next), other, next));
                }
            }
        }
        None
    }
}

/// Steps that lead out, turned round to lead from a building to the node that was met.
fn way(from: &BTreeMap<u32, (u32, u32)>, building: u32, met: u32) -> BTreeMap<u32, (u32, u32)> {
    let mut way = BTreeMap::new();
    let mut node = met;
    while let Some(&(edge, before)) = from.get(&node).filter(|_| node != building) {
        way.insert(before, (edge, node));
        node = before;
    }
    way
}
