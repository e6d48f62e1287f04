//! The efficient frontier: what more and less money would cover, as a band between plans and proof.
//!
//! In: a scenario, its prepared network and a range of money, for all programmes in proportion or for one.
//! Out: for each budget a checked plan, a ceiling that no plan exceeds, and what a stated amount more would
//! buy.

use std::collections::BTreeSet;

use super::{Hearing, Turns, bound, covered, more as more_than};
use crate::effort::Effort;
use crate::error::{Error, ErrorKind};
use crate::model::Scenario;
use crate::network::Prepared;
use crate::observe::Observer;
use crate::plan::Outcome;
use crate::solve::{SweepOptions, sweep};
use crate::status::{Status, gap};
use crate::units::{Pence, Weight};

/// Which budgets, and how.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct FrontierOptions {
    /// The effort: the work is that of one plan, and all together take a few times as much; the seconds are
    /// those of all together. Its gap is sought at each point; default 0.01.
    pub effort: Effort,
    /// Number of budgets, evenly spaced. Default 25.
    pub points: usize,
    /// The least budget; a tenth of the scenario's where none is given.
    pub from: Option<Pence>,
    /// The most; one and a half times the scenario's where none is given.
    pub to: Option<Pence>,
    /// The programme whose budget changes; all in proportion where none is given.
    pub programme: Option<String>,
    /// Each plan contains the one for less money: what is begun is never regretted.
    pub nested: bool,
    /// At each budget, plan for so much more as well.
    pub more: Vec<Pence>,
}

impl Default for FrontierOptions {
    fn default() -> Self {
        Self {
            effort: super::usual_effort().with_gap(0.01),
            points: 25,
            from: None,
            to: None,
            programme: None,
            nested: false,
            more: Vec::new(),
        }
    }
}

/// Plans and ceilings for a range of budgets.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Frontier {
    /// Name of the weight that is covered.
    pub weight: String,
    /// One entry a budget, from least to most.
    pub points: Vec<FrontierPoint>,
}

/// A budget, its plan, and what is proven.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct FrontierPoint {
    /// The budget: of the programme that changes, or of all together.
    pub budget: Pence,
    /// How far the plan is proven, under the ceiling.
    pub status: Status,
    /// What the plan covers under the first objective; `None` without a plan.
    pub coverage: Option<Weight>,
    /// No plan for this money covers more; `None` where nothing is proven.
    pub ceiling: Option<Weight>,
    /// The plan with its proof; a point of a frontier may have a ceiling nearer than the bound in here,
    /// because what bounds more money bounds less.
    pub outcome: Outcome,
    /// For nested plans: how much more the plan found for this money covers that need not contain others;
    /// `None` where either plan is missing.
    pub nesting_costs: Option<Weight>,
    /// What more money buys, in the order of [`FrontierOptions::more`].
    pub more: Vec<MoreMoney>,
}

/// What a stated amount beyond a budget buys.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct MoreMoney {
    /// How much more.
    pub more: Pence,
    /// By how much the plan found for it covers more; `None` where either plan is missing.
    pub gain: Option<Weight>,
    /// By how much any plan could cover more than this point's; `None` where nothing is proven.
    pub at_most: Option<Weight>,
    /// Ids of the sites that it connects and this point's plan does not, sorted.
    pub gained: Vec<String>,
    /// Ids of the sites that this point's plan connects and it does not, sorted.
    pub lost: Vec<String>,
}

impl FrontierPoint {
    /// Relative gap between the plan and the ceiling; `None` where either is missing.
    #[must_use]
    pub fn gap(&self) -> Option<f64> {
        Some(gap(self.coverage?.thousandths(), self.ceiling?.thousandths()))
    }
}

/// The frontier of a scenario. The scenario's own budget takes the place of the nearest of the evenly
/// spaced ones.
///
/// # Errors
///
/// As [`sweep`]; a usage error when there is no such programme, or the range is empty.
pub fn frontier(
    prepared: &Prepared,
    scenario: &Scenario,
    options: &FrontierOptions,
    observer: &mut dyn Observer,
) -> Result<Frontier, Error> {
    let scenario = &*super::without_years(scenario)?;
    let scaler = BudgetScaler::new(scenario, options.programme.as_deref())?;
    let budgets = budgets(scaler.own(), options)?;
    let mut asked: BTreeSet<Pence> = budgets.iter().copied().collect();
    for &budget in &budgets {
        asked.extend(options.more.iter().map(|&more| budget + more));
    }
    let asked: Vec<Pence> = asked.into_iter().collect();
    let scenarios: Vec<Scenario> = asked.iter().map(|&budget| scaler.at(budget)).collect();
    let mut hearing = Hearing::new(observer);
    let mut turns = Turns::new(&options.effort, 1 + usize::from(options.nested));
    let mut swept = |nested: bool| {
        sweep(prepared, &scenarios, &turns.next().into(), SweepOptions { nested }, &mut hearing)
    };
    let free = swept(false)?;
    // What bounds all plans bounds nested ones.
    let ceilings = ceilings(&scenarios, &free);
    let freely: Vec<Option<Weight>> = free.iter().map(covered).collect();
    let outcomes = if options.nested { with_proofs(swept(true)?, free) } else { free };
    let at = |budget: Pence| asked.binary_search(&budget).ok();
    let point = |&budget: &Pence| {
        let place = at(budget)?;
        let (outcome, ceiling) = (&outcomes[place], ceilings[place]);
        let more = options.more.iter().filter_map(|&more| {
            let richer = at(budget + more)?;
            Some(more_money(more, outcome, &outcomes[richer], ceilings[richer]))
        });
        let coverage = covered(outcome);
        let nesting_costs = coverage.zip(freely[place]).filter(|_| options.nested);
        Some(FrontierPoint {
            budget,
            status: status(outcome, ceiling, options.effort.gap),
            coverage,
            ceiling,
            nesting_costs: nesting_costs.map(|(nested, free)| more_than(nested, free)),
            outcome: outcome.clone(),
            more: more.collect(),
        })
    };
    let weight = scenario.objective_weights().first().copied().unwrap_or(crate::model::SITES);
    let points = budgets.iter().filter_map(point).collect();
    Ok(Frontier { weight: weight.to_owned(), points })
}

/// Nested plans, with what is proven at a budget where none was found: no plan at all is no nested one.
fn with_proofs(nested: Vec<Outcome>, free: Vec<Outcome>) -> Vec<Outcome> {
    let proven = |(nested, free): (Outcome, Outcome)| {
        let is_none = nested.plan.is_none() && free.status == Status::Infeasible;
        if is_none { free } else { nested }
    };
    nested.into_iter().zip(free).map(proven).collect()
}

/// What is proven at each budget, from least to most: what no plan for more money in every programme
/// exceeds, no plan for less does.
fn ceilings(scenarios: &[Scenario], outcomes: &[Outcome]) -> Vec<Option<Weight>> {
    let mut ceilings: Vec<Option<Weight>> = outcomes.iter().map(bound).collect();
    for place in (1..ceilings.len()).rev() {
        let is_infeasible = outcomes[place - 1].status == Status::Infeasible;
        if !is_infeasible && has_less(&scenarios[place - 1], &scenarios[place]) {
            ceilings[place - 1] = nearer(ceilings[place - 1], ceilings[place]);
        }
    }
    ceilings
}

fn nearer(one: Option<Weight>, other: Option<Weight>) -> Option<Weight> {
    one.into_iter().chain(other).min()
}

/// Whether no programme of the first has more than the same of the second. Rounding to pence may give one
/// a penny more of a smaller sum.
fn has_less(poorer: &Scenario, richer: &Scenario) -> bool {
    let pots = poorer.programmes.iter().zip(&richer.programmes);
    pots.into_iter().all(|(less, more)| less.budget.total() <= more.budget.total())
}

/// The status of a plan under a ceiling that may be nearer than its own bound.
fn status(outcome: &Outcome, ceiling: Option<Weight>, close: f64) -> Status {
    let Some((covers, ceiling)) = covered(outcome).zip(ceiling) else { return outcome.status };
    match outcome.status {
        _ if covers == ceiling => Status::Optimal,
        Status::LimitReached if gap(covers.thousandths(), ceiling.thousandths()) <= close => {
            Status::GapReached
        }
        other => other,
    }
}

fn more_money(
    more: Pence,
    poorer: &Outcome,
    richer: &Outcome,
    ceiling: Option<Weight>,
) -> MoreMoney {
    let connected = |outcome: &Outcome| -> BTreeSet<String> {
        outcome.plan.iter().flat_map(|plan| plan.connected.iter().cloned()).collect()
    };
    let (one, other) = (connected(poorer), connected(richer));
    let covers = covered(poorer);
    let beyond = |most: Option<Weight>| Some(more_than(covers?, most?));
    MoreMoney {
        more,
        gain: beyond(covered(richer)),
        at_most: beyond(ceiling),
        gained: other.difference(&one).cloned().collect(),
        lost: one.difference(&other).cloned().collect(),
    }
}

/// The budgets asked for, from least to most.
fn budgets(own: Pence, options: &FrontierOptions) -> Result<Vec<Pence>, Error> {
    let from = options.from.unwrap_or(Pence::new(own.get() / 10)).get();
    let to = options.to.unwrap_or(Pence::new(own.get() / 2 * 3)).get();
    if from < 0 || to < from || options.points == 0 {
        let message = "the range of budgets is empty";
        return Err(Error::new(ErrorKind::Usage, message));
    }
    let steps = i64::try_from(options.points).unwrap_or(i64::MAX).max(2) - 1;
    let step = |place: i64| {
        let part = i128::from(to - from) * i128::from(place) / i128::from(steps);
        // Between the two ends, so it fits.
        Pence::new(i64::try_from(i128::from(from) + part).unwrap_or(to))
    };
    let mut budgets: Vec<Pence> = (0..=steps).map(step).take(options.points).collect();
    let nearest = budgets.iter_mut().min_by_key(|budget| (budget.get() - own.get()).abs());
    if let Some(nearest) = nearest.filter(|_| (from..=to).contains(&own.get())) {
        *nearest = own;
    }
    budgets.dedup();
    Ok(budgets)
}

/// What changes the money of a scenario.
struct BudgetScaler<'a> {
    scenario: &'a Scenario,
    /// The programme by place; all in proportion without one.
    programme: Option<usize>,
}

impl<'a> BudgetScaler<'a> {
    fn new(scenario: &'a Scenario, id: Option<&str>) -> Result<Self, Error> {
        let Some(id) = id else {
            let whole = Self { scenario, programme: None };
            if whole.own() == Pence::ZERO {
                let message = "the programmes have no money to change in proportion: name one";
                return Err(Error::new(ErrorKind::Usage, message));
            }
            return Ok(whole);
        };
        let place = scenario.programmes.iter().position(|programme| programme.id == id);
        if place.is_none() {
            let ids: Vec<&str> = scenario.programmes.iter().map(|own| own.id.as_str()).collect();
            let message = format!("there is no programme {id}; there are {}", ids.join(", "));
            return Err(Error::new(ErrorKind::Usage, message));
        }
        Ok(Self { scenario, programme: place })
    }

    /// What the scenario itself says.
    fn own(&self) -> Pence {
        let budgets = self.scenario.programmes.iter().map(|programme| programme.budget.total());
        match self.programme {
            Some(place) => self.scenario.programmes[place].budget.total(),
            None => budgets.sum(),
        }
    }

    /// The scenario with another budget. In proportion, each programme gets whole pence; the first ones
    /// get those left over.
    fn at(&self, budget: Pence) -> Scenario {
        let mut scenario = self.scenario.clone();
        if let Some(place) = self.programme {
            let own = &mut scenario.programmes[place].budget;
            *own = own.scaled(budget);
            return scenario;
        }
        let own = i128::from(self.own().get()).max(1);
        let mut left = budget.get();
        for programme in &mut scenario.programmes {
            let share = i128::from(programme.budget.total().get()) * i128::from(budget.get()) / own;
            // A share of a budget is no more than the budget.
            let share = i64::try_from(share).unwrap_or(left).min(left);
            left -= share;
            programme.budget = programme.budget.scaled(Pence::new(share));
        }
        for programme in &mut scenario.programmes {
            let more = left.min(1);
            left -= more;
            programme.budget = programme.budget.raised(Pence::new(more));
        }
        scenario
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn budgets_are_evenly_spaced_and_hold_the_own_one() {
        let own = Pence::new(1000);
        let options = FrontierOptions { points: 4, ..FrontierOptions::default() };
        let pence: Vec<i64> = budgets(own, &options).unwrap().iter().map(|own| own.get()).collect();
        assert_eq!(pence, [100, 566, 1000, 1500]);
        let empty =
            FrontierOptions { from: Some(Pence::new(2)), to: Some(Pence::new(1)), ..options };
        assert!(budgets(own, &empty).is_err());
    }
}
