//! What each connected site brought, from whom: the payments of a plan laid on its sites.
//!
//! A payment that names a building is brought by that building's sites eligible for the programme, any
//! other by the eligible sites that use the item, equally. In pence by largest remainder over the sites
//! of a programme, so that for each programme the sites' sums add up to what it pays.

use std::collections::BTreeMap;

use crate::model::{Programme, Scenario, Truth};
use crate::plan::Plan;
use crate::report::Forest;
use crate::report::items::Items;
use crate::report::pennies::{PENNY, whole_pence};
use crate::units::Pence;

/// Money that one site brought from one programme.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Brought {
    /// Id of the site.
    pub site: String,
    /// Id of its building.
    pub building: String,
    /// Id of the programme.
    pub programme: String,
    /// How much.
    pub pence: Pence,
}

/// What every connected site brought, sorted by site, then in the order of the programmes; sites that
/// brought nothing from a programme are left out.
#[must_use]
pub fn brought(scenario: &Scenario, plan: &Plan, forest: &Forest) -> Vec<Brought> {
    brought_by(scenario, plan, forest, &Items::of(plan))
}

/// The same, where the items of the plan are numbered already.
pub(super) fn brought_by(
    scenario: &Scenario,
    plan: &Plan,
    forest: &Forest,
    items: &Items<'_>,
) -> Vec<Brought> {
    let mut rows: Vec<(usize, Brought)> = Vec::new();
    for (place, programme) in scenario.programmes.iter().enumerate() {
        let laid = Laid::of(scenario, programme, plan, forest, items);
        rows.extend(laid.in_pence().into_iter().map(|row| (place, row)));
    }
    rows.sort_by(|a, b| (&a.1.site, a.0).cmp(&(&b.1.site, b.0)));
    rows.into_iter().map(|(_, row)| row).collect()
}

/// One programme's money on its sites, in fixed point.
struct Laid<'a> {
    plan: &'a Plan,
    programme: &'a str,
    /// By drop: ids of its sites that are eligible.
    eligible: Vec<Vec<&'a str>>,
    /// By drop: what each of these brought.
    each: Vec<i128>,
    /// All that was laid on sites, in pence.
    total: i64,
}

impl<'a> Laid<'a> {
    fn of(
        scenario: &Scenario,
        programme: &'a Programme,
        plan: &'a Plan,
        forest: &Forest,
        items: &Items<'_>,
    ) -> Self {
        let is_eligible = |id: &&str| {
            let site = scenario.tables.site_by_id(id);
            let truth = site.map(|site| scenario.eligible(programme, scenario.tables.site(site)));
            truth == Some(Truth::Yes)
        };
        let of_drop = |sites: &'a [String]| sites.iter().map(String::as_str).filter(is_eligible);
        let eligible: Vec<Vec<&str>> =
            plan.drops.iter().map(|drop| of_drop(&drop.sites).collect()).collect();
        let each = vec![0; eligible.len()];
        let mut laid = Self { plan, programme: &programme.id, eligible, each, total: 0 };
        laid.lay(forest, items);
        laid
    }

    /// Lays every payment on the sites it is owed to.
    fn lay(&mut self, forest: &Forest, items: &Items<'_>) {
        let mut unnamed: Vec<i64> = vec![0; items.len()];
        let mut named: BTreeMap<&str, i64> = BTreeMap::new();
        let own = |payment: &&'a crate::plan::Payment| payment.programme == self.programme;
        for payment in self.plan.payments.iter().filter(own) {
            match &payment.building {
                Some(building) => *named.entry(building).or_default() += payment.pence.get(),
                // What is paid for nothing is brought by nobody.
                None => {
                    if let Some(item) = items.find(&payment.item) {
                        unnamed[item] += payment.pence.get();
                    }
                }
            }
        }
        let users = Users::of(&self.eligible, forest);
        let mut part = |item: usize, users: usize| share(unnamed[item], users, &mut self.total);
        let plan = self.plan;
        let at_root: Vec<i128> = forest
            .roots
            .iter()
            .zip(&users.of_roots)
            .map(|(root, &users)| part(items.exchange(root.exchange), users))
            .collect();
        let mut at_span: Vec<i128> = Vec::with_capacity(forest.spans.len());
        for (span, &users) in forest.spans.iter().zip(&users.of_spans) {
            let before = span.before.map_or(at_root[span.root], |before| at_span[before]);
            at_span.push(before + part(items.span(span.span), users));
        }
        for place in 0..plan.drops.len() {
            let users = self.eligible[place].len();
            self.each[place] += part(items.drop(place), users);
        }
        for (place, drop) in plan.drops.iter().enumerate() {
            let paid = named.get(drop.building.as_str()).copied().unwrap_or(0);
            self.each[place] += share(paid, self.eligible[place].len(), &mut self.total);
        }
        for served in &forest.drops {
            self.each[served.drop] +=
                served.last.map_or(at_root[served.root], |last| at_span[last]);
        }
    }

    fn in_pence(&self) -> Vec<Brought> {
        let mut users: Vec<(&str, &str, i128)> = Vec::new();
        for ((drop, sites), &each) in self.plan.drops.iter().zip(&self.eligible).zip(&self.each) {
            users.extend(sites.iter().map(|&site| (site, drop.building.as_str(), each)));
        }
        let exact: Vec<i128> = users.iter().map(|user| user.2).collect();
        let ids: Vec<&str> = users.iter().map(|user| user.0).collect();
        let pence = whole_pence(&exact, &ids, self.total);
        let row = |((site, building, _), pence): ((&str, &str, i128), i64)| Brought {
            site: site.to_owned(),
            building: building.to_owned(),
            programme: self.programme.to_owned(),
            pence: Pence::new(pence),
        };
        let rows = users.into_iter().zip(pence).map(row);
        rows.filter(|row| row.pence != Pence::ZERO).collect()
    }
}

/// Each user's part of an amount, which is then counted as laid; nothing where there is no user.
fn share(paid: i64, users: usize, total: &mut i64) -> i128 {
    match i128::try_from(users) {
        Ok(users) if users > 0 => {
            *total += paid;
            i128::from(paid) * PENNY / users
        }
        _ => 0,
    }
}

/// Eligible sites that use each exchange and span of a forest.
struct Users {
    of_roots: Vec<usize>,
    of_spans: Vec<usize>,
}

impl Users {
    fn of(eligible: &[Vec<&str>], forest: &Forest) -> Self {
        let mut of_roots = vec![0; forest.roots.len()];
        let mut of_spans = vec![0; forest.spans.len()];
        for served in &forest.drops {
            let count = eligible[served.drop].len();
            match served.last {
                Some(last) => of_spans[last] += count,
                None => of_roots[served.root] += count,
            }
        }
        // A span stands after the one that feeds it, so backwards each is complete when added up.
        for (place, span) in forest.spans.iter().enumerate().rev() {
            match span.before {
                Some(before) => of_spans[before] += of_spans[place],
                None => of_roots[span.root] += of_spans[place],
            }
        }
        Self { of_roots, of_spans }
    }
}
