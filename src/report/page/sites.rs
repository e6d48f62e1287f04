//! Sites and exchanges as a page shows them.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::model::{Rurality, Scenario, Site};
use crate::plan::{LeftOut, Plan, PlanDrop};
use crate::report::page::place::At;
use crate::report::{Report, meaning, reason};
use crate::units::{Millimetres, Pence, Weight, Year};

/// What became of a site.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum SiteState {
    /// The plan connects it.
    Connected,
    /// It could be reached, and is left out.
    LeftOut,
    /// No route leads to it, or none that the rules allow.
    Unreachable,
    /// It has fibre already.
    HasFibre,
}

impl SiteState {
    /// The state of a site that is not connected, by the code of its reason.
    fn of_code(code: &str) -> Self {
        match code {
            "U310" | "U311" | "U312" => Self::Unreachable,
            "U390" => Self::HasFibre,
            _ => Self::LeftOut,
        }
    }
}

/// A site with what was decided of it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PageSite {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its kind.
    pub kind: String,
    /// Its region; empty where the table gives none.
    pub region: String,
    /// Rural or urban, where known.
    pub rurality: Option<Rurality>,
    /// Where its building stands.
    pub at: At,
    /// What became of it.
    pub state: SiteState,
    /// Why it is not connected: a code; empty where it is.
    pub code: String,
    /// The same in words.
    pub reason: String,
    /// What it counts.
    pub coverage: Weight,
    /// Whether that is an assumption.
    pub assumed: bool,
    /// Id of the exchange that serves it; empty where none does.
    pub exchange: String,
    /// Length of its route.
    pub route: Option<Millimetres>,
    /// Its share of the cost.
    pub cost: Option<Pence>,
    /// Places of the programmes that it brought money from.
    pub programmes: Vec<usize>,
    /// The year of its drop.
    pub year: Option<Year>,
    /// Place of the last span of its route in the spans of the page.
    pub last_span: Option<usize>,
}

/// An exchange with what it serves.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PageExchange {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Where it stands.
    pub at: At,
    /// Price of enabling it, where the plan uses it.
    pub cost: Option<Pence>,
    /// Sites that it serves.
    pub sites: usize,
    /// Their coverage.
    pub coverage: Weight,
}

/// All sites, in the order of the table.
pub(super) fn sites(scenario: &Scenario, plan: &Plan, report: &Report) -> Vec<PageSite> {
    let tables = &scenario.tables;
    let mut standing: BTreeMap<&str, At> = BTreeMap::new();
    for building in scenario.buildings() {
        let at = At::of(&tables.plane, building.at);
        standing.extend(building.sites.iter().map(|&site| (tables.site(site).id.as_str(), at)));
    }
    let of_plan = OfPlan::new(scenario, plan, report);
    let site = |site: &Site| {
        let at = standing.get(site.id.as_str()).copied();
        of_plan.site(site, at.unwrap_or_else(|| At::of(&tables.plane, site.at)))
    };
    tables.sites.rows.iter().map(site).collect()
}

/// What a plan says of its sites, by id.
struct OfPlan<'a> {
    scenario: &'a Scenario,
    report: &'a Report,
    /// Place and drop of each connected site.
    drops: BTreeMap<&'a str, (usize, &'a PlanDrop)>,
    left_out: BTreeMap<&'a str, &'a LeftOut>,
    programmes: BTreeMap<&'a str, Vec<usize>>,
    /// By drop: the last span of its route.
    last: Vec<Option<usize>>,
}

impl<'a> OfPlan<'a> {
    fn new(scenario: &'a Scenario, plan: &'a Plan, report: &'a Report) -> Self {
        let mut drops = BTreeMap::new();
        for (place, drop) in plan.drops.iter().enumerate() {
            drops.extend(drop.sites.iter().map(|site| (site.as_str(), (place, drop))));
        }
        let place_of = |id: &str| scenario.programmes.iter().position(|own| own.id == id);
        let mut programmes: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for row in &report.ledger.brought {
            programmes.entry(&row.site).or_default().extend(place_of(&row.programme));
        }
        let mut last = vec![None; plan.drops.len()];
        for served in &report.forest.drops {
            last[served.drop] = served.last;
        }
        let left_out = plan.left_out.iter().map(|left| (left.id.as_str(), left)).collect();
        Self { scenario, report, drops, left_out, programmes, last }
    }

    fn site(&self, site: &Site, at: At) -> PageSite {
        let id = site.id.as_str();
        let drop = self.drops.get(id);
        let weighed = self.scenario.weight(&self.report.weight, site);
        let (state, code, words) = if drop.is_some() {
            (SiteState::Connected, "", String::new())
        } else if let Some(left) = self.left_out.get(id) {
            (SiteState::of_code(left.code().0), left.code().0, reason(left))
        } else {
            let code = if site.already_connected { "U390" } else { "" };
            (SiteState::of_code(code), code, meaning(code).to_owned())
        };
        PageSite {
            id: site.id.clone(),
            name: site.name.clone(),
            kind: site.kind.clone(),
            region: site.region.clone().unwrap_or_default(),
            rurality: site.rurality,
            at,
            state,
            code: code.to_owned(),
            reason: words,
            coverage: weighed.map(|own| own.weight).unwrap_or_default(),
            assumed: weighed.is_some_and(|own| own.assumed),
            exchange: drop.map(|(_, drop)| drop.exchange.clone()).unwrap_or_default(),
            route: drop.map(|(_, drop)| drop.route),
            cost: drop.map(|_| self.report.shares.site(id)),
            programmes: self.programmes.get(id).cloned().unwrap_or_default(),
            year: drop.and_then(|(_, drop)| drop.year),
            last_span: drop.and_then(|&(place, _)| self.last[place]),
        }
    }
}

/// All exchanges, in the order of the table.
pub(super) fn exchanges(scenario: &Scenario, plan: &Plan, report: &Report) -> Vec<PageExchange> {
    let tables = &scenario.tables;
    let roots = report.forest.roots.iter();
    let roots: BTreeMap<&str, _> =
        roots.map(|root| (plan.exchanges[root.exchange].id.as_str(), root)).collect();
    let rows = tables.exchanges.rows.iter().map(|exchange| {
        let root = roots.get(exchange.id.as_str());
        PageExchange {
            id: exchange.id.clone(),
            name: exchange.name.clone(),
            at: At::of(&tables.plane, exchange.at),
            cost: root.map(|root| plan.exchanges[root.exchange].cost),
            sites: root.map_or(0, |root| root.sites),
            coverage: root.map(|root| root.weight).unwrap_or_default(),
        }
    });
    rows.collect()
}
