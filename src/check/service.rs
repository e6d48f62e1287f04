//! Which sites a plan serves, through which drops and exchanges.
//!
//! In: a plan and its forest. Out: violations of service, and the connected buildings with the route
//! of each ([`Served`]). A plan without drops is judged by what it says is connected.

use std::collections::{BTreeMap, BTreeSet};

use crate::check::forest::Forest;
use crate::check::index::Index;
use crate::ids::{ExchangeIx, SiteIx};
use crate::model::{Building, ItemSort, Scenario};
use crate::plan::{Item, Plan, PlanDrop, Violation};
use crate::units::{Amount, Pence, Year};

/// A connected building.
#[derive(Clone, Debug)]
pub(super) struct Connected<'a> {
    pub(super) building: &'a Building,
    /// Its connected sites, sorted.
    pub(super) sites: Vec<SiteIx>,
    /// The price of its drop in the year that the plan states.
    pub(super) cost: Pence,
    /// Place of the node its drop hangs from; `None` when nothing reaches it.
    pub(super) node: Option<usize>,
}

impl Connected<'_> {
    pub(super) fn item(&self) -> Item {
        Item::Drop(self.building.id.clone())
    }
}

/// The connected buildings of a plan, sorted by id.
pub(super) struct Served<'a> {
    pub(super) buildings: Vec<Connected<'a>>,
    pub(super) sites: BTreeSet<SiteIx>,
}

impl<'a> Served<'a> {
    pub(super) fn of(
        scenario: &Scenario,
        plan: &Plan,
        index: &'a Index<'_>,
        forest: &Forest,
        found: &mut Vec<Violation>,
    ) -> Self {
        let sites = connected(scenario, plan, found);
        let mut served = Self { buildings: Vec::new(), sites };
        let years: BTreeMap<&str, Option<Year>> =
            plan.drops.iter().map(|drop| (drop.building.as_str(), drop.year)).collect();
        for building in index.buildings() {
            let node = forest.at(building.at, index);
            let year = years.get(building.id.as_str()).copied().flatten();
            served.connect(scenario, building, (node, year), found);
        }
        served.compare_drops(scenario, plan, forest, found);
        served.compare_ports(scenario, plan, forest, found);
        served
    }

    /// Adds a building if any of its sites is connected, with the node of the forest that it stands on.
    fn connect(
        &mut self,
        scenario: &Scenario,
        building: &'a Building,
        (node, year): (Option<usize>, Option<Year>),
        found: &mut Vec<Violation>,
    ) {
        let chosen = building.sites.iter().filter(|site| self.sites.contains(*site));
        let sites: Vec<SiteIx> = chosen.copied().collect();
        if sites.is_empty() {
            return;
        }
        for &site in building.sites.iter().filter(|site| !sites.contains(site)) {
            let site = scenario.tables.site(site);
            if !scenario.forbids(site) {
                let cause = format!("building {:?} is connected and it is not", building.id);
                found.push(Violation::new("V200", format_args!("site:{}", site.id), cause));
            }
        }
        if node.is_none() {
            let at = Forest::name(building.at);
            let cause = format!("no built span or exchange reaches its junction {at}");
            found.push(Violation::new("V200", format_args!("drop:{}", building.id), cause));
        }
        let cost = scenario.item_price(ItemSort::Drop, &building.id, year, building.drop);
        self.buildings.push(Connected { building, sites, cost, node });
    }

    /// Compares the drops a plan lists with those that what it connects needs.
    fn compare_drops(
        &self,
        scenario: &Scenario,
        plan: &Plan,
        forest: &Forest,
        found: &mut Vec<Violation>,
    ) {
        if plan.drops.is_empty() {
            return;
        }
        let mut listed: BTreeMap<&str, &PlanDrop> = BTreeMap::new();
        for drop in &plan.drops {
            let mut report = |cause: &str| {
                found.push(Violation::new("V200", format_args!("drop:{}", drop.building), cause));
            };
            if listed.insert(&drop.building, drop).is_some() {
                report("it appears twice");
            }
            let by_id = |connected: &Connected| connected.building.id.cmp(&drop.building);
            if self.buildings.binary_search_by(by_id).is_err() {
                report("none of its sites is connected");
            }
        }
        for connected in &self.buildings {
            let subject = format!("drop:{}", connected.building.id);
            match listed.get(connected.building.id.as_str()) {
                None => found.push(Violation::new("V200", subject, "it is missing")),
                Some(drop) => compare_drop(scenario, connected, drop, forest, found),
            }
        }
    }

    /// Counts buildings by exchange, against ports and against what the plan states.
    fn compare_ports(
        &self,
        scenario: &Scenario,
        plan: &Plan,
        forest: &Forest,
        found: &mut Vec<Violation>,
    ) {
        let mut buildings: BTreeMap<ExchangeIx, usize> = BTreeMap::new();
        for node in self.buildings.iter().filter_map(|connected| connected.node) {
            *buildings.entry(forest.nodes[node].exchange).or_default() += 1;
        }
        for used in &plan.exchanges {
            let Some(ix) = scenario.tables.exchange_by_id(&used.id) else { continue };
            let served = buildings.get(&ix).copied().unwrap_or(0);
            let subject = format!("exchange:{}", used.id);
            let exchange = scenario.tables.exchange(ix);
            if let Some(ports) = exchange.ports.filter(|&ports| served > ports as usize) {
                let cause = format!("it has {ports} ports and serves {served} buildings");
                found.push(Violation::new("V250", &subject, cause));
            }
            let is_stated = used.cost != Pence::ZERO || used.ports_used > 0;
            if is_stated && used.ports_used as usize != served {
                let cause = format!("it serves {served} buildings, not {}", used.ports_used);
                found.push(Violation::new("V260", &subject, cause));
            }
        }
    }
}

/// The connected sites that can be bought.
fn connected(scenario: &Scenario, plan: &Plan, found: &mut Vec<Violation>) -> BTreeSet<SiteIx> {
    let mut sites = BTreeSet::new();
    for id in &plan.connected {
        let mut report = |code, cause: &str| {
            found.push(Violation::new(code, format_args!("site:{id}"), cause));
        };
        let Some(site) = scenario.tables.site_by_id(id) else {
            report("V200", "the input has no such site");
            continue;
        };
        if scenario.tables.site(site).already_connected {
            report("V200", "it is connected already and cannot be bought");
            continue;
        }
        if scenario.forbids(scenario.tables.site(site)) {
            report("V250", "the rules forbid it");
        }
        if !sites.insert(site) {
            report("V200", "it appears twice");
        }
    }
    sites
}

fn compare_drop(
    scenario: &Scenario,
    connected: &Connected,
    drop: &PlanDrop,
    forest: &Forest,
    found: &mut Vec<Violation>,
) {
    let mut report = |code, cause: String| {
        found.push(Violation::new(code, format_args!("drop:{}", drop.building), cause));
    };
    let mut sites: Vec<&str> =
        connected.sites.iter().map(|&site| scenario.tables.site(site).id.as_str()).collect();
    let mut stated: Vec<&str> = drop.sites.iter().map(String::as_str).collect();
    sites.sort_unstable();
    stated.sort_unstable();
    if sites != stated {
        report("V200", format!("it connects {}, not {}", sites.join(" "), stated.join(" ")));
    }
    let price = connected.cost;
    if drop.cost != price {
        let [is, says] = [price, drop.cost].map(Amount::Money);
        report("V210", format!("it costs {is}, not {says}"));
    }
    if let Some(node) = connected.node {
        let node = &forest.nodes[node];
        let exchange = &scenario.tables.exchange(node.exchange).id;
        if *exchange != drop.exchange {
            report("V200", format!("exchange {exchange:?} serves it, not {:?}", drop.exchange));
        }
        if node.route != drop.route {
            report("V210", format!("its route is {} m, not {} m", node.route, drop.route));
        }
    }
}
