//! What stands already, as a plan of its own that turns build on.
//!
//! In: a scenario, and the ground on which turns build. Out: [`Past`], which is empty where nothing stands.

use std::collections::BTreeMap;

use super::undated::{turn, undated, with_floors};
use crate::check::{achieved, check};
use crate::effort::Effort;
use crate::error::{Error, Fault};
use crate::funding::{brought_on, item_of, paid_before, priced, standing_year};
use crate::model::{Budget, ItemSort, Limit, Objective, Quantity, Scenario, Truth};
use crate::network::Prepared;
use crate::observe::{Muted, Observer};
use crate::plan::{Item, NetworkSize, Outcome, Plan, Provenance};
use crate::solve::on_top::{Built, OnTop};
use crate::status::Status;
use crate::units::{Pence, Share, Weight, Year};

/// What stands by the end of the years that are over.
pub struct Past {
    /// Its items.
    pub built: Built,
    /// The same as a plan, with its years and payments.
    pub plan: Plan,
    /// The place of the first year that is not over.
    pub open: usize,
    /// By programme: what has moved on to that year.
    pub brought: Vec<Pence>,
}

impl Past {
    /// What stands in a scenario.
    ///
    /// # Errors
    ///
    /// Faults of what does not fit the network or the rules of plans (P161, P162).
    pub fn of(prepared: &Prepared, scenario: &Scenario) -> Result<Self, Error> {
        let brought = brought_on(scenario);
        let Some(existing) = &scenario.schedule.existing else {
            let (built, plan) = (Built::default(), Plan::default());
            return Ok(Self { built, plan, open: 0, brought });
        };
        let ground = OnTop::new(prepared, &undated(scenario))?;
        let sorts = [ItemSort::Exchange, ItemSort::Span, ItemSort::Drop];
        let wanted = sorts
            .into_iter()
            .flat_map(|sort| existing.of(sort).keys().map(move |id| item_of(sort, id)));
        let (built, missing) = ground.named(wanted.collect());
        if !missing.is_empty() {
            let fault = |item: &Item| {
                let cause =
                    "the plan has something that the network has not, or that nobody may pay for";
                let remedy = "give a plan of the same network, and keep the programmes that paid";
                fault("P161", cause.to_owned(), remedy).value(item.to_string())
            };
            return Err(Error::from_faults(missing.iter().map(fault).collect()));
        }
        let plan = ground.whole_plan(&built)?.in_years(|item| standing_year(scenario, &item));
        let mut plan = priced(scenario, plan);
        let names: Vec<Item> = plan.items().map(|(item, _)| item).collect();
        plan.payments = paid_before(existing, names.iter());
        let part = scenario.altered(|part| {
            part.rules.required.clear();
            part.rules.groups.clear();
            part.rules.limits.clear();
            part.schedule.floors.clear();
            part.programmes.iter_mut().for_each(|own| own.min_sites_required = false);
        });
        let violations = check(&part, &plan);
        if !violations.is_empty() {
            let remedy = "give a plan that passes its check under this scenario's tables and rules";
            let fault = |own: &crate::plan::Violation| {
                fault("P162", format!("what stands does not fit: {own}"), remedy)
            };
            return Err(Error::from_faults(violations.iter().map(fault).collect()));
        }
        let open = scenario.years.iter().filter(|&&year| year <= existing.through).count();
        Ok(Self { built, plan, open, brought })
    }

    /// Whether there is any.
    pub fn is_empty(&self) -> bool {
        self.open == 0
    }

    /// A plan with all that stands, each thing in its year.
    pub fn with(&self, mut plan: Plan) -> Plan {
        if self.is_empty() {
            return plan;
        }
        let mut names: std::collections::BTreeSet<Item> =
            plan.items().map(|(item, _)| item).collect();
        let mut is_new = |item: Item| names.insert(item);
        let own = self.plan.exchanges.iter();
        plan.exchanges.extend(own.filter(|own| is_new(Item::Exchange(own.id.clone()))).cloned());
        let own = self.plan.spans.iter();
        plan.spans.extend(own.filter(|own| is_new(Item::Span(own.id.clone()))).cloned());
        plan.exchanges.sort_by(|one, other| one.id.cmp(&other.id));
        plan.spans.sort_by(|one, other| one.id.cmp(&other.id));
        let years: BTreeMap<Item, Option<Year>> = self.plan.items().collect();
        let mine: BTreeMap<Item, Option<Year>> = plan.items().collect();
        plan.in_years(|item| years.get(&item).or_else(|| mine.get(&item)).copied().flatten())
    }

    /// The sites that stand connected.
    fn connects(&self, id: &str) -> bool {
        self.plan.connected.binary_search_by(|own| own.as_str().cmp(id)).is_ok()
    }

    /// A turn's scenario that asks only for what is to come: less of a target, of floors and quotas, and the
    /// rest of groups.
    pub fn to_come(&self, scenario: &Scenario) -> Scenario {
        if self.is_empty() {
            return scenario.clone();
        }
        let stands = |weight: &str, counts: &dyn Fn(&crate::model::Site) -> bool| -> i64 {
            let sites = self.plan.connected.iter().filter_map(|id| scenario.tables.site_by_id(id));
            let sites = sites.map(|site| scenario.tables.site(site)).filter(|site| counts(site));
            let weights = sites.filter_map(|site| scenario.weight(weight, site));
            weights.map(|own| own.weight.thousandths()).sum()
        };
        let less = |own: Weight, by: i64| Weight::from_thousandths((own.thousandths() - by).max(0));
        let limit = |limit: &Limit| {
            let Quantity::Weight(name) = &limit.quantity else { return None };
            let by = stands(name, &|site| limit.clause.judge(&scenario.tables, site) == Truth::Yes);
            let at_least = limit.at_least.map(|own| less(own, by));
            let at_most = limit.at_most.map(|own| less(own, by));
            Some(Limit { at_least, at_most, ..limit.clone() })
        };
        let limits = scenario.rules.limits.iter().filter_map(limit).collect();
        scenario.altered(|other| {
            if let Objective::MinimiseCostFor { weight, at_least } = &mut other.objective {
                *at_least = less(*at_least, stands(weight, &|_| true));
            }
            other.rules.limits = limits;
            other.rules.required.retain(|id| !self.connects(id));
            for group in std::mem::take(&mut other.rules.groups) {
                if group.iter().any(|id| self.connects(id)) {
                    let rest = group.into_iter().filter(|id| !self.connects(id));
                    other.rules.required.extend(rest);
                } else {
                    other.rules.groups.push(group);
                }
            }
            other.rules.required.sort_unstable();
            other.rules.required.dedup();
        })
    }

    /// The plan of all money that is left, at once, on what stands; an outcome of which nothing is proven.
    ///
    /// # Errors
    ///
    /// As [`OnTop::add`].
    pub fn planned(
        &self,
        prepared: &Prepared,
        scenario: &Scenario,
        provenance: Provenance,
        effort: &Effort,
        observer: &mut dyn Observer,
    ) -> Result<Outcome, Error> {
        let whole = undated(scenario);
        let asks = with_floors(scenario, &whole);
        let ground = OnTop::new(prepared, &whole)?;
        let money = self.money(scenario, scenario.years.len().saturating_sub(1));
        let turn = self.to_come(&asks).altered(|other| {
            for (programme, &money) in other.programmes.iter_mut().zip(&money) {
                programme.budget = Budget::Total(money);
                programme.overhead = Share::ZERO;
            }
        });
        let (built, left_out) =
            ground.add_and_explain(&turn, self.built.clone(), effort, &mut Muted(observer))?;
        let mut plan = self.with(ground.built(&built)?);
        plan.left_out = left_out;
        let mut outcome = Outcome::new(Status::LimitReached, provenance);
        outcome.objectives = achieved(&whole, &plan);
        outcome.network_size =
            NetworkSize { junctions: prepared.junctions().len(), spans: prepared.spans().len() };
        outcome.network_notices = prepared.notices().to_vec();
        outcome.plan = Some(plan);
        Ok(outcome)
    }

    /// The money of each programme from the first year that is not over to the end of one.
    pub fn money(&self, scenario: &Scenario, until: usize) -> Vec<Pence> {
        let by = scenario.years[until];
        let of = |(own, &brought): (&crate::model::Programme, &Pence)| {
            if own.window.is_some_and(|(first, _)| first > by) {
                return Pence::ZERO;
            }
            match own.available_by_year(&scenario.years) {
                None if self.is_empty() => own.available(),
                None => brought,
                Some(years) => {
                    let years = years.iter().take(until + 1).skip(self.open);
                    brought + years.map(|(money, _)| *money).sum::<Pence>()
                }
            }
        };
        scenario.programmes.iter().zip(&self.brought).map(of).collect()
    }

    /// By year that is over: what was connected by its end, in thousandths.
    pub fn coverage(&self, scenario: &Scenario) -> Vec<i64> {
        let by = |year: &Year| {
            let drops =
                self.plan.drops.iter().filter(|own| own.year.is_some_and(|own| own <= *year));
            let sites = drops.flat_map(|drop| &drop.sites);
            let sites = sites.filter_map(|id| scenario.tables.site_by_id(id));
            let weights = sites.filter_map(|site| {
                scenario.weight(scenario.site_weight(), scenario.tables.site(site))
            });
            weights.map(|own| own.weight.thousandths()).sum()
        };
        scenario.years[..self.open].iter().map(by).collect()
    }

    /// The turn of one year on what stands.
    pub fn turn(&self, scenario: &Scenario, year: Year, money: &[Pence]) -> Scenario {
        turn(&self.to_come(scenario), year, money)
    }
}

fn fault(code: &'static str, cause: String, remedy: &str) -> Fault {
    Fault::new(code, cause, remedy).at("", None, "existing.plan")
}
