//! What a plan says of the sites that it does not connect.
//!
//! In: a plan that says why sites are left out, and the input. Out: violations V200 (a site that cannot be left
//! out) and V266 (a reason that the input contradicts, a site without a reason). What connecting a site would
//! cost, and that money binds, is no fact of the input: of these only what is impossible is reported.

use std::collections::{BTreeMap, BTreeSet};

use crate::check::index::Index;
use crate::ids::SiteIx;
use crate::model::{Building, NetworkSource, Scenario, Site, Truth};
use crate::plan::{ConnectionCosts, LeftOut, LeftOutReason, Plan, Violation};
use crate::units::{Amount, Millimetres, Pence};

/// Judges the list of sites left out; a plan without such a list says nothing of them.
pub(super) fn judge(
    scenario: &Scenario,
    plan: &Plan,
    index: &Index,
    connected: &BTreeSet<SiteIx>,
    found: &mut Vec<Violation>,
) {
    let buildings = index.buildings();
    let building_of: BTreeMap<SiteIx, &Building> = buildings
        .iter()
        .flat_map(|building| building.sites.iter().map(move |&site| (site, building)))
        .collect();
    let mut left_out = BTreeSet::new();
    for left in &plan.left_out {
        let mut report = |code, cause: String| {
            found.push(Violation::new(code, format_args!("site:{}", left.id), cause));
        };
        let Some(ix) = scenario.tables.site_by_id(&left.id) else {
            report("V200", "the input has no such site".to_owned());
            continue;
        };
        if connected.contains(&ix) {
            report("V200", "it is connected and left out".to_owned());
        }
        if !left_out.insert(ix) {
            report("V200", "it is left out twice".to_owned());
            continue;
        }
        let place = Place {
            scenario,
            index,
            site: scenario.tables.site(ix),
            building: building_of.get(&ix).copied(),
        };
        if let Some(cause) = place.contradiction(left) {
            report("V266", format!("{}: {cause}", left.code()));
        }
    }
    if plan.left_out.is_empty() {
        return;
    }
    for (ix, site) in scenario.tables.sites.rows.iter().enumerate() {
        let ix = SiteIx::new(ix);
        if !connected.contains(&ix) && !left_out.contains(&ix) {
            let cause = "it is not connected, and no reason is given";
            found.push(Violation::new("V266", format_args!("site:{}", site.id), cause));
        }
    }
}

/// A site that is left out, in its building.
struct Place<'a> {
    scenario: &'a Scenario,
    index: &'a Index<'a>,
    site: &'a Site,
    /// None where it has fibre already.
    building: Option<&'a Building>,
}

impl Place<'_> {
    /// What in the input contradicts the reason.
    fn contradiction(&self, left: &LeftOut) -> Option<String> {
        let Self { scenario, site, .. } = *self;
        let has_fibre = site.already_connected;
        let is_forbidden = scenario.forbids(site);
        let wrong = |cause: &str| Some(cause.to_owned());
        match &left.reason {
            LeftOutReason::HasFibre if !has_fibre => wrong("it has no fibre yet"),
            LeftOutReason::HasFibre => None,
            _ if has_fibre => wrong("it has fibre already, which is U390"),
            LeftOutReason::Forbidden if !is_forbidden => wrong("no rule forbids it"),
            LeftOutReason::Forbidden => None,
            _ if is_forbidden => wrong("the rules forbid it, which is U330"),
            LeftOutReason::NoYear => {
                (!scenario.has_schedule()).then(|| "the scenario has no schedule".to_owned())
            }
            LeftOutReason::GroupNotWhole => {
                (!self.is_grouped()).then(|| "no group of the rules holds its building".to_owned())
            }
            LeftOutReason::NoProgramme => self.eligibility(false, None),
            LeftOutReason::EligibilityUnknown { column } => self.eligibility(true, Some(column)),
            LeftOutReason::TooLong { shortest_route } => {
                let most = scenario.rules.max_reach_mm.map(Millimetres::new);
                let within = most.is_none_or(|most| *shortest_route <= most);
                within.then(|| format!("the rules allow a route of {shortest_route} m"))
            }
            LeftOutReason::TooManySpans { fewest_spans } => {
                let most = scenario.rules.max_hops.map(u64::from);
                let within = most.is_none_or(|most| *fewest_spans <= most);
                within.then(|| format!("the rules allow a route of {fewest_spans} spans"))
            }
            LeftOutReason::TooFar { nearest } => self.distance(*nearest),
            LeftOutReason::ExchangesFull => {
                let mut exchanges = scenario.tables.exchanges.rows.iter();
                let limited = exchanges.any(|exchange| exchange.ports.is_some());
                (!limited).then(|| "no exchange has a number of ports".to_owned())
            }
            LeftOutReason::NoRoute { exchange_off, .. } => {
                let id = &exchange_off.as_ref()?.exchange;
                let known = scenario.tables.exchange_by_id(id).is_some();
                (!known).then(|| format!("the input has no exchange {id:?}"))
            }
            LeftOutReason::PotBinds(costs)
            | LeftOutReason::Outvalued(costs)
            | LeftOutReason::WorthNoMore(costs) => {
                let is_worthless = matches!(left.reason, LeftOutReason::WorthNoMore(_));
                self.costs(costs, is_worthless)
            }
            _ => None,
        }
    }

    fn is_grouped(&self) -> bool {
        let tables = &self.scenario.tables;
        let sites = self.building.map_or(&[][..], |building| &building.sites);
        let ids: BTreeSet<&str> = sites.iter().map(|&site| tables.site(site).id.as_str()).collect();
        let mut grouped = self.scenario.rules.groups.iter().flatten();
        grouped.any(|id| ids.contains(id.as_str()))
    }

    /// Whether programmes may pay for the building, as two reasons say that none may.
    fn eligibility(&self, is_unknown: bool, column: Option<&str>) -> Option<String> {
        let scenario = self.scenario;
        let mut columns = BTreeSet::new();
        for &site in self.building.map_or(&[][..], |building| &building.sites) {
            let site = scenario.tables.site(site);
            if scenario.forbids(site) {
                continue;
            }
            for programme in &scenario.programmes {
                match scenario.eligible(programme, site) {
                    Truth::Yes if programme.pays_for.drop => {
                        return Some(format!("{} may pay for its drop", programme.id));
                    }
                    Truth::Yes | Truth::No => {}
                    Truth::Unknown(column) => {
                        columns.insert(column);
                    }
                }
            }
        }
        match (is_unknown, column) {
            (false, _) if columns.is_empty() => None,
            (false, _) => Some("a value that decides it is missing, which is U302".to_owned()),
            (true, Some(column)) if columns.contains(column) => None,
            (true, _) => Some("no such value that decides its eligibility is missing".to_owned()),
        }
    }

    /// The distance to the nearest span that can be used, where the network is made of spans.
    fn distance(&self, stated: Option<Millimetres>) -> Option<String> {
        let scenario = self.scenario;
        if scenario.network.from != NetworkSource::Spans {
            return Some("it is a part of the network".to_owned());
        }
        // Barriers may lie between it and what is nearest.
        if !scenario.tables.barriers.is_empty() {
            return None;
        }
        let at = self.building.map_or(self.site.at, |building| building.at);
        let feet = self.index.feet(at);
        let nearest = feet.iter().map(|(_, foot)| scenario.tables.plane.length(at, foot.at)).min();
        if nearest != stated {
            let word = |length: Option<Millimetres>| {
                length.map_or("nowhere".to_owned(), |length| format!("{length} m away"))
            };
            return Some(format!("the nearest span is {}, not {}", word(nearest), word(stated)));
        }
        let limit = scenario.network.snap_limit;
        let joined = nearest.is_some_and(|nearest| nearest <= limit);
        joined.then(|| format!("that is within snap_limit_m {limit}"))
    }

    /// Costs that cannot be.
    fn costs(&self, costs: &ConnectionCosts, is_worthless: bool) -> Option<String> {
        let least = self
            .building
            .map_or(Pence::ZERO, |building| self.scenario.lowest_price_level().of(building.drop));
        for stated in [costs.own, costs.added].into_iter().flatten() {
            if stated < least {
                let [least, stated] = [least, stated].map(Amount::Money);
                return Some(format!("its drop alone costs {least}, not {stated} in all"));
            }
        }
        if let Some((added, own)) = costs.added.zip(costs.own).filter(|(added, own)| added > own) {
            let [added, own] = [added, own].map(Amount::Money);
            return Some(format!("beside the plan it costs {added}, and alone {own}"));
        }
        let excess = costs.worth.zip(costs.added).filter(|(worth, added)| worth > added);
        let excess = excess.filter(|_| is_worthless);
        excess.map(|(worth, added)| {
            let [worth, added] = [worth, added].map(Amount::Money);
            format!("it is worth {worth} and costs {added}")
        })
    }
}
