//! What each programme would bear of each item if money allowed: the target that payments are held against.
//!
//! In: a scenario and a plan. Out: by item and programme a share of the item's cost, equal for every
//! user eligible for a payer and equal among a user's payers. It looks at no payments and no money;
//! pairs of programmes that may not meet are looked at as if they might.

use std::collections::BTreeMap;

use crate::funding::forest::PlanForest;
use crate::funding::split::per_user_shares;
use crate::funding::{CaseDrop, FundingCase, Pot};
use crate::model::Scenario;
use crate::plan::{Item, Plan};

/// The share of each item's cost that falls on each programme when it is borne equally by the item's
/// users, as [`fund`](crate::funding::fund()) aims at.
///
/// The shares of an item add up to one wherever any programme may pay for it; programmes without a
/// share are left out. Empty when the scenario has faults, the plan is no forest, or sites are lacking that a
/// programme requires.
#[must_use]
pub fn per_site_shares(scenario: &Scenario, plan: &Plan) -> BTreeMap<(Item, String), f64> {
    let named = item_shares(scenario, plan).into_iter().flat_map(|(item, shares)| {
        let id = |place: usize| scenario.programmes[place].id.clone();
        shares.into_iter().map(move |(place, share)| ((item.clone(), id(place)), share))
    });
    named.collect()
}

/// An item, and the shares of its cost by place of the programme in the scenario.
pub type ItemShares = (Item, Vec<(usize, f64)>);

/// The same for each item of a plan, by place of the programme in the scenario.
#[must_use]
pub fn item_shares(scenario: &Scenario, plan: &Plan) -> Vec<ItemShares> {
    shares(scenario, plan).unwrap_or_default()
}

fn shares(scenario: &Scenario, plan: &Plan) -> Option<Vec<ItemShares>> {
    scenario.judged().ok()?;
    let forest = PlanForest::of(scenario, plan).ok()?;
    let pots: Vec<Pot> = scenario.programmes.iter().map(Pot::of).collect();
    let drops = forest.drops.iter();
    let drops =
        drops.map(|hanging| CaseDrop { item: hanging.item, entitlement: &hanging.entitlement });
    let case = FundingCase::new(&pots, &[], forest.items.clone(), drops.collect()).ok()?;
    let shares = per_user_shares(&case)?;
    let bearing = |shares: Vec<f64>| {
        let bearing = shares.into_iter().enumerate().filter(|&(_, share)| share > 0.0);
        bearing.collect::<Vec<_>>()
    };
    Some(forest.names.iter().cloned().zip(shares.into_iter().map(bearing)).collect())
}
