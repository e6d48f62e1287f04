//! What planning programmes together is worth: apart, one after the other, jointly, as one merged pot.
//!
//! In: a scenario and its prepared network. Out: one row for each way of planning, with plans that are paid for
//! and checked, and how much each covers beside the joint plan. All rows see the same network and prices.
//! Sites that the rules require, and floors, are required of the joint plan and the merged pot only: one
//! programme alone may not be able to pay for them. Quotas hold for each turn by itself.

mod again;
mod stage;
#[cfg(test)]
mod tests;
mod worth;

use std::collections::{BTreeMap, BTreeSet};

use super::{Hearing, Turns, bound, usual_effort};
use crate::check::check;
use crate::effort::Effort;
use crate::error::Error;
use crate::funding::fund;
use crate::model::{Clause, PREMISES, PaysFor, Programme, SITES, Scenario};
use crate::network::Prepared;
use crate::observe::Observer;
use crate::plan::{Outcome, Payment, Plan, Violation, premises_passed};
use crate::solve::{SolveOptions, solve_prepared};
use crate::status::Status;
use crate::units::{Pence, Weight};
use stage::{Stages, only};
pub use worth::Worth;

/// With more programmes than this, only the given order and its reverse are planned.
pub const MOST_ORDERED: usize = 3;

/// A way of planning several programmes.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Way {
    /// Each programme alone, as if there were no other: no trench is shared, and what two of them build
    /// twice is paid twice. Coverage counts each site once.
    Apart,
    /// One after the other, by places in the scenario: what was built before costs nothing more, and
    /// what was paid for stays paid by whom it was.
    InOrder(Vec<usize>),
    /// All together.
    Joint,
    /// The money of all in one pot, for every site that any of them may pay for and everything that any
    /// of them pays for, without their other rules. No split of the money can do better.
    Merged,
}

/// How hard to plan, and what else is asked.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ProgrammesOptions {
    /// The effort: the work is that of each programme's turn, and a plan of all programmes together gets that
    /// of all turns; the seconds are those of everything together, and every plan has an equal share of them. What
    /// is left over in the end goes to the joint plan, where that is not proven.
    pub effort: Effort,
    /// Also plan with each programme's budget raised by so much, one at a time.
    pub raise: Option<Pence>,
}

impl Default for ProgrammesOptions {
    fn default() -> Self {
        Self { effort: usual_effort(), raise: None }
    }
}

/// What one way of planning comes to.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct ProgrammesRow {
    /// The way.
    pub way: Way,
    /// How far the plan is proven; `None` for plans made in turns, which prove nothing.
    pub status: Option<Status>,
    /// Coverage under the first objective, each site once; `None` without a plan.
    pub coverage: Option<Weight>,
    /// What everything costs; what is built twice counts twice. `None` without a plan.
    pub cost: Option<Pence>,
    /// Sites connected, each once; `None` without a plan.
    pub sites: Option<usize>,
    /// What each programme spends, in the order of the scenario; empty without a plan and for the merged pot,
    /// whose money is nobody's.
    pub spent: Vec<Pence>,
    /// Proven bound on the coverage; for the joint plan and the merged pot.
    pub bound: Option<Weight>,
    /// Why there is no plan; empty where there is one.
    pub reasons: Vec<String>,
    /// The plans with their payments: one a programme when planned apart, else one.
    pub plans: Vec<Plan>,
    /// What the checker finds wrong with them, each under its own programmes: nothing, except a share of
    /// users that an earlier programme asks for and later users undercut.
    pub violations: Vec<Violation>,
}

impl ProgrammesRow {
    fn without_plan(way: Way) -> Self {
        Self {
            way,
            status: None,
            coverage: None,
            cost: None,
            sites: None,
            spent: Vec::new(),
            bound: None,
            reasons: Vec::new(),
            plans: Vec::new(),
            violations: Vec::new(),
        }
    }

    /// Whether there is a plan that keeps every rule; others do not count.
    #[must_use]
    pub fn counts(&self) -> bool {
        !self.plans.is_empty() && self.violations.is_empty()
    }

    /// Its coverage as a share of another's; 1 where both are nothing, `None` where either does not count or
    /// the other alone is nothing.
    #[must_use]
    pub fn ratio(&self, other: &Self) -> Option<f64> {
        if !self.counts() || !other.counts() {
            return None;
        }
        match (self.coverage?, other.coverage?) {
            (Weight::ZERO, Weight::ZERO) => Some(1.0),
            (_, Weight::ZERO) => None,
            (own, other) => Some(own.units() / other.units()),
        }
    }

    /// Its name in reports: `apart`, `lffn then rgc`, `jointly`, `one merged pot`.
    #[must_use]
    pub fn name(&self, scenario: &Scenario) -> String {
        name(scenario, &self.way)
    }
}

fn name(scenario: &Scenario, way: &Way) -> String {
    match way {
        Way::Apart => "apart".to_owned(),
        Way::InOrder(order) => {
            let ids = order.iter().map(|&place| scenario.programmes[place].id.as_str());
            ids.collect::<Vec<_>>().join(" then ")
        }
        Way::Joint => "jointly".to_owned(),
        Way::Merged => "one merged pot".to_owned(),
    }
}

/// The ways of planning side by side.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Programmes {
    /// Name of the weight that is covered.
    pub weight: String,
    /// Apart, each order, jointly, merged; fewer when the caller asked to stop.
    pub rows: Vec<ProgrammesRow>,
    /// The outcome of planning jointly, with its status and reasons.
    pub joint: Outcome,
    /// What raises are worth, in the order of the programmes, where that was asked for.
    pub worths: Vec<Worth>,
    /// Names of the ways that were not planned before time was up or the caller asked to stop.
    pub unfinished: Vec<String>,
}

impl Programmes {
    /// The row of the joint plan.
    #[must_use]
    pub fn joint_row(&self) -> Option<&ProgrammesRow> {
        self.rows.iter().find(|row| row.way == Way::Joint)
    }
}

/// Plans a scenario in every [`Way`].
///
/// A turn that several orders share is planned once. That is up to 15 turns for three programmes, and two
/// whole plans.
///
/// # Errors
///
/// As [`solve_prepared`].
pub fn programmes(
    prepared: &Prepared,
    scenario: &Scenario,
    options: &ProgrammesOptions,
    observer: &mut dyn Observer,
) -> Result<Programmes, Error> {
    super::compares_coverage(scenario)?;
    let scenario = &*super::without_years(scenario)?;
    let mut hearing = Hearing::new(observer);
    let count = scenario.programmes.len();
    let whole = |turns: &mut Turns| of_all_turns(&turns.next(), count);
    let orders = orders(count);
    let raises = options.raise.map_or(0, |_| scenario.programmes.len());
    let (of, mut number) = (3 + orders.len() + raises, 0);
    let mut begin = |hearing: &mut Hearing<'_>, name: &str| {
        number += 1;
        hearing.begins(name, number, of)
    };
    // The joint plan, the turns, the merged pot, perhaps the joint plan again, and the plans with a raise.
    let mut turns = Turns::new(&options.effort, 3 + turns_of(count, &orders) + raises);
    begin(&mut hearing, &name(scenario, &Way::Joint));
    let first = whole(&mut turns);
    let mut joint = solve_prepared(prepared, scenario, &first, &mut hearing)?;
    let without = without_floors(scenario);
    let mut stages = Stages::new(prepared, &without, turns)?;
    let (mut rows, mut unfinished) = (Vec::new(), Vec::new());
    let begins = begin(&mut hearing, &name(scenario, &Way::Apart));
    match if begins { apart(&mut stages, &mut hearing)? } else { None } {
        Some(row) => rows.push(row),
        None => unfinished.push(name(scenario, &Way::Apart)),
    }
    for order in orders {
        let way = Way::InOrder(order.clone());
        let begins = begin(&mut hearing, &name(scenario, &way));
        match if begins { stages.in_order(&order, &mut hearing)? } else { None } {
            Some(plan) => rows.push(row(&without, way, vec![paid(&without, plan)])),
            None => unfinished.push(name(scenario, &way)),
        }
    }
    let mut merged_row = None;
    if begin(&mut hearing, &name(scenario, &Way::Merged)) && !stages.turns.is_late() {
        let one_pot = merged(scenario);
        let options = whole(&mut stages.turns);
        let outcome = solve_prepared(prepared, &one_pot, &options, &mut hearing)?;
        merged_row = Some(of_outcome(&one_pot, Way::Merged, &outcome));
    } else {
        unfinished.push(name(scenario, &Way::Merged));
    }
    let (first, turns) = (first.effort.seconds, &mut stages.turns);
    joint = again::again(prepared, scenario, joint, first, turns, &mut hearing)?;
    rows.push(of_outcome(scenario, Way::Joint, &joint));
    rows.extend(merged_row);
    let mut next = || (!stages.turns.is_late()).then(|| whole(&mut stages.turns));
    let raise = options.raise.map(|raise| (raise, &mut next as &mut dyn FnMut() -> _));
    let worths = worth::worths(prepared, scenario, raise, &joint, &mut begin, &mut hearing)?;
    let missing = scenario.programmes.iter().skip(worths.len()).take(raises - worths.len());
    unfinished.extend(missing.map(|own| format!("more for {}", own.id)));
    let weight = scenario.objective_weights().first().copied().unwrap_or(SITES).to_owned();
    Ok(Programmes { weight, rows, joint, worths, unfinished })
}

/// How many turns are planned: each programme first, then each beginning of an order that is longer.
fn turns_of(programmes: usize, orders: &[Vec<usize>]) -> usize {
    let beginnings = orders.iter().flat_map(|order| (2..=order.len()).map(|to| &order[..to]));
    programmes + beginnings.collect::<BTreeSet<_>>().len()
}

/// The effort of a turn with the work of that many.
fn of_all_turns(effort: &Effort, turns: usize) -> SolveOptions {
    let turns = u64::try_from(turns).unwrap_or(u64::MAX);
    let work = effort.work.map(|work| work.saturating_mul(turns));
    effort.clone().with_work(work).into()
}

/// The scenario without what it requires: a programme alone may not be able to pay for that.
fn without_floors(scenario: &Scenario) -> Scenario {
    let mut without = scenario.clone();
    without.rules.required.clear();
    for limit in &mut without.rules.limits {
        limit.at_least = None;
    }
    without.rules.limits.retain(|limit| limit.at_most.is_some());
    without
}

/// The orders in which a number of programmes are planned: every order for a few, otherwise the given one and
/// its reverse.
fn orders(count: usize) -> Vec<Vec<usize>> {
    let given: Vec<usize> = (0..count).collect();
    if count < 2 {
        return Vec::new();
    }
    if count > MOST_ORDERED {
        return vec![given.clone(), given.into_iter().rev().collect()];
    }
    let mut orders: Vec<Vec<usize>> = vec![Vec::new()];
    for _ in 0..count {
        let longer = |order: Vec<usize>| {
            let free: Vec<usize> = (0..count).filter(|place| !order.contains(place)).collect();
            free.into_iter().map(move |place| [order.as_slice(), &[place]].concat())
        };
        orders = orders.into_iter().flat_map(longer).collect();
    }
    orders
}

/// The plan with the payments of its turns, or, where the rules between programmes want another split of
/// the same money, with such a split.
fn paid(scenario: &Scenario, plan: Plan) -> Plan {
    if check(scenario, &plan).is_empty() {
        return plan;
    }
    match fund(scenario, &plan) {
        Ok(funding) => funding.complete(&plan),
        Err(_) => plan,
    }
}

/// Each programme alone; nothing where there was no time for all of them.
fn apart(
    stages: &mut Stages<'_>,
    hearing: &mut Hearing<'_>,
) -> Result<Option<ProgrammesRow>, Error> {
    let scenario = stages.scenario().clone();
    let mut plans = Vec::new();
    let mut violations = Vec::new();
    for place in 0..scenario.programmes.len() {
        let Some(plan) = stages.in_order(&[place], hearing)? else { return Ok(None) };
        violations.extend(check(&only(&scenario, place), &plan));
        plans.push(plan);
    }
    Ok(Some(ProgrammesRow { violations, ..row(&scenario, Way::Apart, plans) }))
}

/// The scenario with the money of all programmes in one pot.
fn merged(scenario: &Scenario) -> Scenario {
    let programmes = &scenario.programmes;
    let any = |pays: fn(&PaysFor) -> bool| programmes.iter().any(|own| pays(&own.pays_for));
    let mut pot = Programme::new("merged", programmes.iter().map(Programme::available).sum());
    pot.eligible = Clause::Any(programmes.iter().map(|own| own.eligible.clone()).collect());
    pot.pays_for = PaysFor {
        drop: any(|pays| pays.drop),
        span: any(|pays| pays.span),
        exchange: any(|pays| pays.exchange),
    };
    scenario.altered(|merged| merged.programmes = vec![pot])
}

fn of_outcome(scenario: &Scenario, way: Way, outcome: &Outcome) -> ProgrammesRow {
    let merged = way == Way::Merged;
    let known = outcome.plan.clone().map(|plan| row(scenario, way.clone(), vec![plan]));
    let mut row = known.unwrap_or_else(|| ProgrammesRow::without_plan(way));
    if merged {
        row.spent = Vec::new();
    }
    let reasons = outcome.reasons.clone();
    ProgrammesRow { status: Some(outcome.status), bound: bound(outcome), reasons, ..row }
}

/// Premises that some plans pass, each counted once.
fn passed_together(scenario: &Scenario, plans: &[Plan]) -> Weight {
    let mut together = Plan::default();
    let mut known: BTreeSet<&str> = BTreeSet::new();
    for plan in plans {
        let new = plan.spans.iter().filter(|span| known.insert(&span.id));
        together.spans.extend(new.cloned());
        together.exchanges.extend(plan.exchanges.iter().cloned());
    }
    premises_passed(scenario, &together)
}

/// The row of some plans, checked under the scenario.
fn row(scenario: &Scenario, way: Way, plans: Vec<Plan>) -> ProgrammesRow {
    let connected: BTreeSet<&str> =
        plans.iter().flat_map(|plan| &plan.connected).map(String::as_str).collect();
    let weight = scenario.objective_weights().first().copied().unwrap_or(SITES);
    let sites = connected.iter().filter_map(|id| scenario.tables.site_by_id(id));
    let weighed = sites.filter_map(|site| scenario.weight(weight, scenario.tables.site(site)));
    let coverage = match weight {
        PREMISES => passed_together(scenario, &plans),
        _ => weighed.map(|weighed| weighed.weight).sum(),
    };
    let mut spent: BTreeMap<&str, Pence> = BTreeMap::new();
    let payments = plans.iter().flat_map(|plan: &Plan| &plan.payments);
    for Payment { programme, pence, .. } in payments {
        *spent.entry(programme).or_default() += *pence;
    }
    let of = |own: &Programme| spent.get(own.id.as_str()).copied().unwrap_or_default();
    ProgrammesRow {
        coverage: Some(coverage),
        cost: Some(plans.iter().map(Plan::cost).sum()),
        sites: Some(connected.len()),
        spent: scenario.programmes.iter().map(of).collect(),
        violations: match &way {
            Way::Apart => Vec::new(),
            _ => plans.iter().flat_map(|plan| check(scenario, plan)).collect(),
        },
        plans,
        ..ProgrammesRow::without_plan(way)
    }
}
