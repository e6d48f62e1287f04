//! What is required, as a question of least cost.
//!
//! Required sites stay required. Where a programme must have so many eligible sites, or a rule asks for at
//! least so much, that counts as prize: of several such demands, the one that lacks most beside the
//! required sites, so that the bound on the cost stays one on every plan.

use crate::engine::{Demand, Goal, Instance};
use crate::ids::BuildingIx;
use crate::joint::Constraints;
use crate::model::{Programme, Scenario, Truth};
use crate::network::Prepared;
use crate::question::{Question, objective};

/// An amount of something that a plan must have.
struct Floor {
    /// What each building adds.
    own: Vec<i64>,
    /// Whether what routes pass counts as well.
    passed: bool,
    at_least: i64,
}

/// The instance of a question that asks for the least cost of what is required.
pub fn least_cost(
    scenario: &Scenario,
    prepared: &Prepared,
    question: &Question,
    rules: &Constraints,
) -> Instance {
    let mut instance = question.instance.clone();
    instance.prizes.fill(0);
    let strict = scenario.programmes.iter().filter(|own| own.min_sites_required);
    let outputs = strict.map(|programme| Floor {
        own: eligible_sites(scenario, prepared, programme),
        passed: false,
        at_least: i64::from(programme.min_sites),
    });
    let leaves = || (0..question.building_terms.len()).map(|at| question.leaf(BuildingIx::new(at)));
    let limits = rules.limits.iter().filter_map(|limit| {
        let own = leaves().map(|leaf| limit.own(leaf)).collect();
        Some(Floor { own, passed: false, at_least: limit.floor()? })
    });
    let objective = objective::model_of(&scenario.objective);
    let target = objective.target().map(|target| Floor {
        own: leaves().map(|leaf| question.instance.prizes[leaf as usize]).collect(),
        passed: true,
        at_least: target.at_least.thousandths(),
    });
    // In millionths of what is asked for.
    let lacking = |floor: &Floor| {
        let required = leaves()
            .zip(&floor.own)
            .filter(|(leaf, _)| question.instance.demands[*leaf as usize] == Demand::Required);
        let held: i64 = required.map(|(_, own)| own).sum();
        i128::from(floor.at_least - held) * 1_000_000 / i128::from(floor.at_least.max(1))
    };
    let mut goal = 0;
    let floors = outputs.chain(limits).chain(target).filter(|floor| lacking(floor) > 0);
    if let Some(floor) = floors.max_by_key(lacking) {
        goal = floor.at_least;
        if floor.passed {
            let passed = 0..question.junctions;
            instance.prizes[passed.clone()].copy_from_slice(&question.instance.prizes[passed]);
        }
        for (leaf, own) in leaves().zip(floor.own) {
            instance.prizes[leaf as usize] = own;
        }
    }
    instance.goal = Goal::LeastCost { at_least: goal };
    instance
}

/// By building: the sites that its drop connects and that a programme may pay for.
pub fn eligible_sites(scenario: &Scenario, prepared: &Prepared, programme: &Programme) -> Vec<i64> {
    let eligible = |&&site: &&crate::ids::SiteIx| {
        let site = scenario.tables.site(site);
        !scenario.forbids(site) && scenario.eligible(programme, site) == Truth::Yes
    };
    let count = |sites: &[crate::ids::SiteIx]| sites.iter().filter(eligible).map(|_| 1).sum();
    prepared.buildings().iter().map(|building| count(&building.sites)).collect()
}
