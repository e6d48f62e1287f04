//! The pots and the rules beyond money of a scenario, in its question's numbers.

use std::collections::BTreeMap;

use super::stated::{EdgeItem, Question};
use crate::error::{Error, Fault};
use crate::funding::Pots;
use crate::ids::{BuildingIx, SiteIx};
use crate::joint::{
    Constraints, FundingOracle, Groups, Limit, LimitRange, MOST_POTS, Ports, RouteEdge, Routes,
};
use crate::model::{self, Quantity, Scenario, Truth};
use crate::network::Prepared;
use crate::units::Weight;

/// What says whether the programmes can pay for a forest of the question, and whether it keeps the rules.
///
/// # Errors
///
/// When there are more programmes than the search can count the sets of.
pub(crate) fn funding_oracle(
    prepared: &Prepared,
    scenario: &Scenario,
    question: &Question,
) -> Result<FundingOracle, Error> {
    let pots = Pots::of(scenario, &scenario.buildings())?;
    let rules = constraints(prepared, scenario, question);
    FundingOracle::new(pots, question.first_building(), rules).ok_or_else(too_many_programmes)
}

fn too_many_programmes() -> Error {
    let cause = format!("more than {MOST_POTS} programmes cannot be planned together");
    let fault = Fault::new("O154", cause, "merge programmes that have the same rules");
    Error::from_faults(vec![fault.at("scenario.toml", None, "programmes")])
}

fn constraints(prepared: &Prepared, scenario: &Scenario, question: &Question) -> Constraints {
    let leaf = |building: &BuildingIx| question.leaf(*building);
    let groups = question.bundles.iter().map(|bundle| bundle.iter().map(leaf).collect());
    let limits = scenario.rules.limits.iter();
    Constraints {
        routes: routes(prepared, scenario, question),
        groups: Groups::new(groups.collect()),
        limits: limits.map(|own| limit(prepared, scenario, question, own)).collect(),
        ports: ports(prepared, scenario, question),
    }
}

fn ports(prepared: &Prepared, scenario: &Scenario, question: &Question) -> Vec<Ports> {
    let ports = (0_u32..).zip(&question.edge_items).filter_map(|(edge, meaning)| {
        let EdgeItem::Enable(exchange) = *meaning else { return None };
        let most = scenario.tables.exchange(exchange).ports?;
        let junction = prepared.exchanges()[exchange.at()].junction?.0;
        Some(Ports { edge, junction, most })
    });
    ports.collect()
}

fn routes(prepared: &Prepared, scenario: &Scenario, question: &Question) -> Option<Routes> {
    let (reach, hops) = (scenario.rules.max_reach_mm, scenario.rules.max_hops);
    if reach.is_none() && hops.is_none() {
        return None;
    }
    let edge = |meaning: &EdgeItem| match meaning {
        EdgeItem::Span(span) => {
            RouteEdge { length: prepared.span(*span).length.get(), is_span: true }
        }
        EdgeItem::SecondHalf(_) | EdgeItem::Drop(_) | EdgeItem::Enable(_) => RouteEdge::default(),
    };
    Some(Routes::new(question.edge_items.iter().map(edge).collect(), reach, hops))
}

fn limit(
    prepared: &Prepared,
    scenario: &Scenario,
    question: &Question,
    limit: &model::Limit,
) -> Limit {
    let site = |site: SiteIx| scenario.tables.site(site);
    let counts = |ix: SiteIx| limit.clause.judge(&scenario.tables, site(ix)) == Truth::Yes;
    let adds = |ix: SiteIx| match &limit.quantity {
        Quantity::Weight(name) => {
            scenario.weight(name, site(ix)).map_or(0, |own| own.weight.thousandths())
        }
        Quantity::Pounds => 1,
    };
    let mut own = BTreeMap::new();
    let mut all = BTreeMap::new();
    for (place, building) in prepared.buildings().iter().enumerate() {
        let leaf = question.leaf(BuildingIx::new(place));
        let sites = || building.sites.iter().copied().filter(|&ix| !scenario.forbids(site(ix)));
        let sum: i64 = sites().filter(|&ix| counts(ix)).map(adds).sum();
        if sum > 0 {
            own.insert(leaf, sum);
        }
        all.insert(leaf, sites().map(|_| 1).sum());
    }
    let thousandths = |limit: Option<Weight>| limit.map(Weight::thousandths);
    let range =
        LimitRange { at_least: thousandths(limit.at_least), at_most: thousandths(limit.at_most) };
    match limit.quantity {
        Quantity::Pounds => Limit::on_pounds(own, all, range),
        Quantity::Weight(_) => Limit::on_weight(own, range),
    }
}
