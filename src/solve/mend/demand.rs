//! What is required, as a question of least cost.
//!
//! Required sites stay required. Where a programme must have so many eligible sites, they count as prize:
//! of several such programmes, the one that lacks most beside the required sites, so that the bound on the
//! cost stays one on every plan.

use crate::engine::{Demand, Goal, Instance};
use crate::ids::BuildingIx;
use crate::model::{Programme, Scenario, Truth};
use crate::network::Prepared;
use crate::solve::Question;

/// The instance of a question that asks for the least cost of what is required.
pub fn least_cost(scenario: &Scenario, prepared: &Prepared, question: &Question) -> Instance {
    let mut instance = question.instance.clone();
    instance.prizes.fill(0);
    let mut goal = 0;
    let lacking = |programme: &&Programme| {
        let counts = eligible_sites(scenario, prepared, programme);
        let required = (0..counts.len()).filter(|&place| {
            let leaf = question.leaf(BuildingIx::new(place)) as usize;
            question.instance.demands[leaf] == Demand::Required
        });
        i64::from(programme.min_sites) - required.map(|place| counts[place]).sum::<i64>()
    };
    let strict = scenario.programmes.iter().filter(|own| own.min_sites_required);
    if let Some(programme) = strict.filter(|own| lacking(own) > 0).max_by_key(lacking) {
        goal = i64::from(programme.min_sites);
        for (place, count) in eligible_sites(scenario, prepared, programme).into_iter().enumerate()
        {
            instance.prizes[question.leaf(BuildingIx::new(place)) as usize] = count;
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
    let count = |sites: &[crate::ids::SiteIx]| {
        i64::try_from(sites.iter().filter(eligible).count()).unwrap_or(i64::MAX)
    };
    prepared.buildings().iter().map(|building| count(&building.sites)).collect()
}
