//! Requirements that no money meets, each with the rule that stands in the way.
//!
//! Every reason here is proven: it holds for all plans, whatever the search did.

use std::collections::BTreeSet;

use super::demand::eligible_sites;
use crate::engine::Demand;
use crate::ids::BuildingIx;
use crate::joint::{FundingOracle, JointProblem, Reason};
use crate::model::Scenario;
use crate::network::Prepared;
use crate::question::{Closed, Question, Task};
use crate::units::{Amount, Millimetres, Weight};

/// What is wrong with the requirements themselves, code first; nothing where money may mend them.
pub fn broken(task: &Task<'_>) -> Vec<String> {
    let Task { prepared, scenario, question, problem, oracle, .. } = *task;
    let reached = Reached::from_root(problem);
    let grouped = scenario.rules.groups.iter().flatten();
    let named: BTreeSet<&String> = scenario.rules.required.iter().chain(grouped).collect();
    let mut reasons = Vec::new();
    for (place, building) in prepared.buildings().iter().enumerate() {
        let leaf = question.leaf(BuildingIx::new(place));
        if question.instance.demands[leaf as usize] != Demand::Required {
            continue;
        }
        let ids = building.sites.iter().map(|&site| scenario.tables.site(site).id.as_str());
        for id in ids.filter(|id| named.contains(&(*id).to_owned())) {
            reasons.extend(site_reason(prepared, question, BuildingIx::new(place), id, &reached));
        }
    }
    reasons.extend(ports(scenario, question));
    reasons.extend(limits(scenario, question, oracle, &reached));
    reasons.extend(outputs(prepared, scenario, question, &reached));
    reasons
}

/// Why a required site cannot be connected at all.
fn site_reason(
    prepared: &Prepared,
    question: &Question,
    place: BuildingIx,
    id: &str,
    reached: &Reached,
) -> Option<String> {
    let building = &prepared.buildings()[place.at()];
    let terms = &question.building_terms[place.at()];
    if building.junction.is_none() {
        let nearest = building.distance.map_or_else(
            || "there is none".to_owned(),
            |nearest| format!("the nearest is {nearest} m away"),
        );
        return Some(format!(
            "I411: required site {id} lies too far from every span to be joined ({nearest}); raise \
             network.snap_limit_m, or do not require it"
        ));
    }
    let closed = terms.closed.map(|closed| match closed {
        Closed::Group => {
            "its group cannot be connected whole; leave it out of the group".to_owned()
        }
        Closed::TooLong(length) => {
            let length = Millimetres::new(length);
            format!("its shortest route is {length} m; raise rules.max_reach_m to that")
        }
        Closed::TooManySpans(spans) => {
            format!("its shortest route has {spans} spans; raise rules.max_hops to that")
        }
    });
    if let Some(closed) = closed {
        return Some(format!(
            "I420: required site {id} cannot be connected: {closed}, or do not require it"
        ));
    }
    if !terms.open {
        let cause = terms.unknown.as_ref().map_or_else(
            || "it is eligible for none that pays for drops".to_owned(),
            |column| format!("its value of {column} is missing"),
        );
        return Some(format!(
            "I412: no programme may pay for the drop of required site {id}: {cause}; widen an \
             eligibility, or do not require it"
        ));
    }
    (!reached.contains(question.leaf(place))).then(|| {
        format!(
            "I413: no route that programmes may pay for leads from an exchange to required site {id}; \
             widen pays_for or the network, or do not require it"
        )
    })
}

/// Too few ports for the required buildings, where every exchange has a limit.
fn ports(scenario: &Scenario, question: &Question) -> Option<String> {
    let exchanges = &scenario.tables.exchanges.rows;
    let limits: Option<Vec<u64>> = exchanges.iter().map(|row| row.ports.map(u64::from)).collect();
    let ports: u64 = limits?.iter().sum();
    let required =
        question.instance.demands.iter().filter(|demand| **demand == Demand::Required).count();
    (required as u64 > ports).then(|| {
        // There are fewer ports than buildings, so that they can be counted.
        let ports = usize::try_from(ports).unwrap_or(usize::MAX);
        format!(
            "I414: {} buildings are required and all exchanges together have {} ports; add ports, or require \
             fewer",
            Amount::count(required),
            Amount::count(ports)
        )
    })
}

/// Floors that all sites together do not reach, and quotas that the required sites exceed.
fn limits(
    scenario: &Scenario,
    question: &Question,
    oracle: &FundingOracle,
    reached: &Reached,
) -> Vec<String> {
    let demand = |leaf: u32| question.instance.demands[leaf as usize];
    let open = |leaf: u32| demand(leaf) != Demand::Forbidden && reached.contains(leaf);
    let required = |leaf: u32| demand(leaf) == Demand::Required;
    let mut reasons = Vec::new();
    let stated = scenario.rules.limits.iter().zip(&oracle.constraints().limits);
    for (place, (stated, limit)) in stated.enumerate() {
        let path = format!("rules.limits[{}]", place + 1);
        let amount = |own: i64| stated.amount(Weight::from_thousandths(own));
        let words = |reason| match reason {
            Reason::OutOfReach { at_least, most } => format!(
                "I417: {path} asks for at least {}, and all sites that can be connected add up to {}; lower it, \
                 or widen its clause",
                amount(at_least),
                amount(most)
            ),
            Reason::Exceeded { at_most, least } => format!(
                "I418: {path} allows at most {}, and the required sites add up to {}; raise it, or require fewer",
                amount(at_most),
                amount(least)
            ),
        };
        reasons.extend(limit.reasons(&open, &required).into_iter().map(words));
    }
    reasons
}

/// Programmes that must have more eligible sites than can be connected.
fn outputs(
    prepared: &Prepared,
    scenario: &Scenario,
    question: &Question,
    reached: &Reached,
) -> Vec<String> {
    let strict = scenario.programmes.iter().filter(|programme| programme.min_sites_required);
    let reason = |programme: &crate::model::Programme| {
        let counts = eligible_sites(scenario, prepared, programme);
        let open = (0..counts.len()).filter(|&place| {
            question.building_terms[place].open
                && reached.contains(question.leaf(BuildingIx::new(place)))
        });
        let most: i64 = open.map(|place| counts[place]).sum();
        let wanted = programme.min_sites;
        (i64::from(wanted) > most).then(|| {
            format!(
                "I415: programme {} requires {} eligible sites, and {} can be connected at all; lower \
                 min_sites, or widen its eligibility",
                programme.id,
                Amount::Count(i64::from(wanted)),
                Amount::Count(most)
            )
        })
    };
    strict.filter_map(reason).collect()
}

/// Nodes that a question's edges lead to from its root.
struct Reached(Vec<bool>);

impl Reached {
    fn from_root(problem: &JointProblem<'_>) -> Self {
        let mut reached = vec![false; problem.nodes()];
        let mut front: Vec<u32> = problem.instance.root.into_iter().collect();
        for &node in &front {
            reached[node as usize] = true;
        }
        while let Some(node) = front.pop() {
            for link in problem.links(node) {
                if !std::mem::replace(&mut reached[link.other as usize], true) {
                    front.push(link.other);
                }
            }
        }
        Self(reached)
    }

    fn contains(&self, node: u32) -> bool {
        self.0[node as usize]
    }
}
