//! What stands as a scenario knows it: its prices, and what is wrong with it.

use std::collections::{BTreeMap, BTreeSet};

use crate::error::Fault;
use crate::model::found::Found;
use crate::model::programme_faults::known_year;
use crate::model::{ItemSort, RateBasis, ScenarioParts, Standing};
use crate::units::{Amount, Pence, Year};

impl ScenarioParts {
    /// When a thing was built, where it stands already.
    #[must_use]
    pub fn standing(&self, sort: ItemSort, id: &str) -> Option<Standing> {
        self.schedule.existing.as_ref()?.of(sort).get(id).copied()
    }

    /// What a thing costs in a year that costs so much on the rate card: what was paid for it, where it stands.
    #[must_use]
    pub fn item_price(&self, sort: ItemSort, id: &str, year: Option<Year>, price: Pence) -> Pence {
        self.standing(sort, id).map_or_else(|| self.price_in(year, price), |own| own.cost)
    }

    /// Whether a year is over: what was built in it is as it is.
    #[must_use]
    pub fn is_over(&self, year: Year) -> bool {
        self.schedule.existing.as_ref().is_some_and(|own| year <= own.through)
    }
}

/// What is wrong with what stands, as far as tables and settings know.
pub(crate) fn existing_faults(scenario: &ScenarioParts, found: &mut Found) {
    let Some(existing) = &scenario.schedule.existing else { return };
    known_year(scenario, existing.through, "existing.through", found);
    let mut fault = |code, cause: String, remedy: &str, value: &str| {
        found.add("existing.plan", Fault::new(code, cause, remedy).value(value));
    };
    let remedy = "give a plan of the same tables, or take it out of the plan";
    for id in existing.exchanges.keys() {
        if scenario.tables.exchange_by_id(id).is_none() {
            fault(
                "P161",
                "the plan has an exchange that the scenario has not".to_owned(),
                remedy,
                id,
            );
        }
    }
    if !existing.drops.is_empty() {
        let buildings: BTreeMap<String, _> =
            scenario.buildings().into_iter().map(|own| (own.id, own.sites)).collect();
        for id in existing.drops.keys() {
            let Some(sites) = buildings.get(id) else {
                let cause =
                    "the plan connects a building that the scenario has not, or has as connected";
                fault("P161", cause.to_owned(), remedy, id);
                continue;
            };
            let mut sites = sites.iter().map(|&site| scenario.tables.site(site));
            if sites.any(|site| scenario.forbids(site)) {
                let cause = "the rules forbid a site that is connected already".to_owned();
                fault("P162", cause, "take it off rules.forbidden", id);
            }
        }
    }
    let mut sums: BTreeMap<(ItemSort, &str), Pence> = BTreeMap::new();
    let mut unknown = BTreeSet::new();
    for paid in &existing.payments {
        *sums.entry((paid.sort, &paid.id)).or_default() += paid.pence;
        if !scenario.programmes.iter().any(|own| own.id == paid.programme) {
            unknown.insert(&paid.programme);
        }
    }
    for id in unknown {
        let remedy = "keep the programme, closed by a window if need be";
        fault(
            "P161",
            "a programme that the scenario has not has paid for it".to_owned(),
            remedy,
            id,
        );
    }
    for sort in [ItemSort::Exchange, ItemSort::Span, ItemSort::Drop] {
        for (id, standing) in existing.of(sort) {
            let paid = sums.get(&(sort, id.as_str())).copied().unwrap_or_default();
            if paid != standing.cost {
                let [cost, paid] = [standing.cost, paid].map(Amount::Money);
                let cause = format!("it cost {cost}, and {paid} of that was paid");
                fault("P162", cause, "give a plan that passes its check", id);
            }
            if standing.year > existing.through || !scenario.years.contains(&standing.year) {
                let cause = format!("it was built in {}", standing.year);
                fault("P162", cause, "list every year up to `through` under `years`", id);
            }
        }
    }
    for programme in &scenario.programmes {
        let counted = !programme.cap.is_none() || programme.rate_basis == RateBasis::Programme;
        if counted || !programme.not_with.is_empty() {
            let cause = "a cap, a bar, or a rate on all of a programme cannot be kept beside what it has paid";
            fault(
                "P163",
                cause.to_owned(),
                "leave those terms out of what is planned anew",
                &programme.id,
            );
        }
    }
}
