//! What planning programmes together is worth: apart, one after the other, jointly, as one merged pot.
//!
//! In: a scenario and its prepared network. Out: one row a way of planning, with plans that are paid for
//! and checked, and how much each covers beside the joint plan. All rows see the same network and prices.
//! Sites that the rules require, and floors, are required of the joint plan and the merged pot only: one
//! programme alone may not be able to pay for them. Quotas hold for each turn by itself.

mod stage;
#[cfg(test)]
mod tests;
mod worth;

use std::collections::{BTreeMap, BTreeSet};

use crate::check::check;
use crate::error::Error;
use crate::funding::fund;
use crate::model::{Clause, PREMISES, PaysFor, Programme, Scenario};
use crate::network::Prepared;
use crate::observe::Silent;
use crate::plan::{Outcome, Payment, Plan, Violation, premises_passed};
use crate::solve::{SolveOptions, solve_prepared};
use crate::units::{Pence, Weight};
use stage::Stages;
pub use worth::{Worth, worth_of_more};

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

/// What one way of planning comes to.
#[derive(Clone, Debug, PartialEq)]
pub struct ProgrammesRow {
    /// The way.
    pub way: Way,
    /// Coverage under the first objective, each site once.
    pub coverage: Weight,
    /// What everything costs; what is built twice counts twice.
    pub cost: Pence,
    /// Sites connected, each once.
    pub sites: usize,
    /// What each programme spends, in the order of the scenario; the merged pot's is not divided.
    pub spent: Vec<Pence>,
    /// Proven bound on the coverage; for the joint plan and the merged pot.
    pub bound: Option<Weight>,
    /// The plans with their payments: one a programme when planned apart, else one.
    pub plans: Vec<Plan>,
    /// What the checker finds wrong with them, each under its own programmes: nothing, except a share of
    /// users that an earlier programme asks for and later users undercut.
    pub violations: Vec<Violation>,
}

impl ProgrammesRow {
    /// Its coverage as a share of another's; 1 where both are nothing.
    #[must_use]
    pub fn ratio(&self, other: &Self) -> f64 {
        if other.coverage == Weight::ZERO {
            return if self.coverage == Weight::ZERO { 1.0 } else { f64::INFINITY };
        }
        self.coverage.units() / other.coverage.units()
    }
}

/// The ways of planning side by side.
#[derive(Clone, Debug, PartialEq)]
pub struct ProgrammesTable {
    /// Apart, each order, jointly, merged; without the last two where there is no such plan.
    pub rows: Vec<ProgrammesRow>,
    /// The outcome of planning jointly, with its status and reasons.
    pub joint: Outcome,
}

impl ProgrammesTable {
    /// The row of the joint plan.
    #[must_use]
    pub fn joint_row(&self) -> Option<&ProgrammesRow> {
        self.rows.iter().find(|row| row.way == Way::Joint)
    }
}

/// Plans a scenario in every [`Way`].
///
/// Each programme's turn gets the effort of `options`, and a plan of all programmes together that of all
/// turns; a turn that several orders share is planned once. That is up to 15 turns for three programmes, and two whole plans.
///
/// # Errors
///
/// As [`solve_prepared`].
pub fn programmes(
    prepared: &Prepared,
    scenario: &Scenario,
    options: &SolveOptions,
) -> Result<ProgrammesTable, Error> {
    super::compares_coverage(scenario)?;
    let mut whole = options.clone();
    let turns = u32::try_from(scenario.programmes.len()).unwrap_or(u32::MAX);
    whole.effort.seconds = options.effort.seconds.map(|seconds| seconds * f64::from(turns));
    whole.effort.work = options.effort.work.map(|work| work.saturating_mul(u64::from(turns)));
    let joint = solve_prepared(prepared, scenario, &whole, &mut Silent)?;
    let mut without = scenario.clone();
    without.rules.required.clear();
    for limit in &mut without.rules.limits {
        limit.at_least = None;
    }
    without.rules.limits.retain(|limit| limit.at_most.is_some());
    let mut stages = Stages::new(prepared, &without, options)?;
    let mut rows = vec![apart(&mut stages)?];
    for order in orders(scenario.programmes.len()) {
        let plan = paid(&without, stages.in_order(&order)?);
        rows.push(row(&without, Way::InOrder(order), vec![plan]));
    }
    rows.extend(of_outcome(scenario, Way::Joint, &joint));
    let one_pot = merged(scenario);
    let outcome = solve_prepared(prepared, &one_pot, &whole, &mut Silent)?;
    rows.extend(of_outcome(&one_pot, Way::Merged, &outcome));
    Ok(ProgrammesTable { rows, joint })
}

/// The orders in which so many programmes are planned: all for few, else the given one and its reverse.
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

fn apart(stages: &mut Stages<'_>) -> Result<ProgrammesRow, Error> {
    let scenario = stages.scenario().clone();
    let mut plans = Vec::new();
    let mut violations = Vec::new();
    for place in 0..scenario.programmes.len() {
        let plan = stages.in_order(&[place])?;
        violations.extend(check(&only(&scenario, place), &plan));
        plans.push(plan);
    }
    Ok(ProgrammesRow { violations, ..row(&scenario, Way::Apart, plans) })
}

/// The scenario with one of its programmes alone, under which no other is barred or required.
fn only(scenario: &Scenario, place: usize) -> Scenario {
    let mut alone = scenario.clone();
    let mut programme = scenario.programmes[place].clone();
    programme.not_with.clear();
    alone.programmes = vec![programme];
    alone
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
    let mut merged = scenario.clone();
    merged.programmes = vec![pot];
    merged
}

fn of_outcome(scenario: &Scenario, way: Way, outcome: &Outcome) -> Option<ProgrammesRow> {
    let plan = outcome.plan.clone()?;
    let bound = outcome.objectives.first().and_then(|first| first.bound);
    Some(ProgrammesRow {
        bound: bound.map(Weight::from_thousandths),
        ..row(scenario, way, vec![plan])
    })
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
    let weight = scenario.objective_weights().first().copied().unwrap_or(crate::model::SITES);
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
        coverage,
        cost: plans.iter().map(Plan::cost).sum(),
        sites: connected.len(),
        spent: scenario.programmes.iter().map(of).collect(),
        bound: None,
        violations: match way {
            Way::Apart => Vec::new(),
            _ => plans.iter().flat_map(|plan| check(scenario, plan)).collect(),
        },
        way,
        plans,
    }
}
