//! The rules of a scenario beyond money: required sites, groups, limits, reach and hops.
//!
//! In: the forest and the connected buildings of a plan. Out: violations V250.

use crate::check::forest::Forest;
use crate::check::payers::Usage;
use crate::check::service::Served;
use crate::ids::SiteIx;
use crate::model::{Limit, PREMISES, Quantity, Scenario, Truth};
use crate::plan::{Plan, Violation, premises_passed};
use crate::units::Amount;

/// Judges every rule.
pub(super) fn judge(
    scenario: &Scenario,
    plan: &Plan,
    forest: &Forest,
    served: &Served,
    found: &mut Vec<Violation>,
) {
    required(scenario, served, found);
    groups(scenario, served, found);
    routes(scenario, forest, served, found);
    for (place, limit) in scenario.rules.limits.iter().enumerate() {
        let held = match &limit.quantity {
            Quantity::Weight(name) => weight(scenario, served, name, limit),
            Quantity::Pounds => pounds(scenario, forest, served, limit),
        };
        let mut report = |cause| {
            found.push(Violation::new("V250", format_args!("limit:{}", place + 1), cause));
        };
        if let Some(least) = limit.at_least.filter(|least| held < least.thousandths()) {
            let [held, least] = [units(held), least].map(|own| limit.amount(own));
            report(format!("{held} is below at_least {least}"));
        }
        if let Some(most) = limit.at_most.filter(|most| held > most.thousandths()) {
            let [held, most] = [units(held), most].map(|own| limit.amount(own));
            report(format!("{held} is above at_most {most}"));
        }
    }
    if let Some((name, at_least)) = scenario.objective.target() {
        let everyone = served.sites.iter().copied();
        let held = match name {
            PREMISES => premises_passed(scenario, plan).thousandths(),
            name => sum(scenario, name, everyone),
        };
        if held < at_least.thousandths() {
            let [held, at_least] = [units(held), at_least].map(Amount::Weight);
            let cause = format!("it reaches {held} of {name}, not {at_least}");
            found.push(Violation::new("V250", "plan", cause));
        }
    }
}

fn is_connected(scenario: &Scenario, served: &Served, id: &str) -> bool {
    let site = scenario.tables.site_by_id(id);
    site.is_some_and(|site| {
        served.sites.contains(&site) || scenario.tables.site(site).already_connected
    })
}

fn required(scenario: &Scenario, served: &Served, found: &mut Vec<Violation>) {
    for id in &scenario.rules.required {
        if !is_connected(scenario, served, id) {
            let cause = "the rules require it and it is not connected";
            found.push(Violation::new("V250", format_args!("site:{id}"), cause));
        }
    }
}

fn groups(scenario: &Scenario, served: &Served, found: &mut Vec<Violation>) {
    for (place, group) in scenario.rules.groups.iter().enumerate() {
        let connected = group.iter().filter(|id| is_connected(scenario, served, id)).count();
        if connected != 0 && connected != group.len() {
            let cause = format!("{connected} of its {} sites are connected", group.len());
            found.push(Violation::new("V250", format_args!("group:{}", place + 1), cause));
        }
    }
}

/// Reach and hops are measured from the exchange to the junction of the building.
fn routes(scenario: &Scenario, forest: &Forest, served: &Served, found: &mut Vec<Violation>) {
    for connected in &served.buildings {
        let Some(node) = connected.node.map(|node| &forest.nodes[node]) else { continue };
        let mut report = |cause| found.push(Violation::new("V250", connected.item(), cause));
        let rules = &scenario.rules;
        if let Some(most) = rules.max_reach_mm.filter(|&most| node.route.get() > most) {
            let most = crate::units::Millimetres::new(most);
            report(format!("its route of {} m exceeds max_reach_m {most}", node.route));
        }
        if let Some(most) = rules.max_hops.filter(|&most| node.hops > most) {
            report(format!("its route of {} spans exceeds max_hops {most}", node.hops));
        }
    }
}

fn counts(scenario: &Scenario, limit: &Limit, site: SiteIx) -> bool {
    limit.clause.judge(&scenario.tables, scenario.tables.site(site)) == Truth::Yes
}

/// A weight of the connected sites a limit counts, in thousandths.
fn weight(scenario: &Scenario, served: &Served, name: &str, limit: &Limit) -> i64 {
    sum(scenario, name, served.sites.iter().copied().filter(|&site| counts(scenario, limit, site)))
}

fn sum(scenario: &Scenario, name: &str, sites: impl Iterator<Item = SiteIx>) -> i64 {
    let weights = sites.filter_map(|site| scenario.weight(name, scenario.tables.site(site)));
    weights.fold(0, |sum: i64, weighed| sum.saturating_add(weighed.weight.thousandths()))
}

/// Pounds spent on the connected sites a limit counts, in thousandths, to the nearest penny: of each
/// item their share of its users.
fn pounds(scenario: &Scenario, forest: &Forest, served: &Served, limit: &Limit) -> i64 {
    const PARTS: i128 = 1_000_000_000;
    let usage = Usage::of(forest, served, 1, |site, _| counts(scenario, limit, site));
    let mut parts: i128 = 0;
    for item in usage.items() {
        let (own, all) = (item.eligible[0], item.all);
        if all > 0 {
            parts += i128::from(item.cost.get()) * i128::from(own) * PARTS / i128::from(all);
        }
    }
    let pence = (parts + PARTS / 2).div_euclid(PARTS);
    i64::try_from(pence * 10).unwrap_or(i64::MAX)
}

fn units(thousandths: i64) -> crate::units::Weight {
    crate::units::Weight::from_thousandths(thousandths)
}
