//! The efficient frontier: what more and less money would cover, as a band between plans and proof.
//!
//! In: a scenario, its prepared network and a range of money, for all programmes in proportion or for one.
//! Out: for each budget a checked plan, a ceiling that no plan exceeds, and what so much more would buy.

use std::collections::BTreeSet;

use crate::error::{Error, ErrorKind};
use crate::model::{Budget, Scenario};
use crate::network::Prepared;
use crate::observe::Observer;
use crate::plan::Outcome;
use crate::solve::{SolveOptions, SweepOptions, sweep};
use crate::status::gap;
use crate::units::{Pence, Weight};

/// Which budgets, and how.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct FrontierOptions {
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
        Self { points: 25, from: None, to: None, programme: None, nested: false, more: Vec::new() }
    }
}

/// A budget, its plan, and what is proven.
#[derive(Clone, Debug)]
pub struct FrontierPoint {
    /// The budget: of the programme that changes, or of all together.
    pub budget: Pence,
    /// What the plan covers under the first objective.
    pub coverage: Weight,
    /// No plan for this money covers more.
    pub ceiling: Weight,
    /// The plan with its proof; a point of a frontier may have a ceiling nearer than the bound in here,
    /// because what bounds more money bounds less.
    pub outcome: Outcome,
    /// For nested plans: how much more the plan found for this money covers that need not contain others.
    pub nesting_costs: Option<Weight>,
    /// What more money buys, in the order of [`FrontierOptions::more`].
    pub more: Vec<MoreMoney>,
}

/// What so much more than a budget buys.
#[derive(Clone, Debug)]
pub struct MoreMoney {
    /// How much more.
    pub more: Pence,
    /// By how much the plan found for it covers more.
    pub gain: Weight,
    /// By how much any plan could cover more than this point's.
    pub at_most: Weight,
    /// Ids of the sites that it connects and this point's plan does not, sorted.
    pub gained: Vec<String>,
    /// Ids of the sites that this point's plan connects and it does not, sorted.
    pub lost: Vec<String>,
}

impl FrontierPoint {
    /// Relative gap between the plan and the ceiling.
    #[must_use]
    pub fn gap(&self) -> f64 {
        gap(self.coverage.thousandths(), self.ceiling.thousandths())
    }
}

/// The frontier of a scenario. `effort` is that of one plan; its gap is sought at each point (0.01 is
/// usual). The scenario's own budget takes the place of the nearest of the evenly spaced ones.
///
/// # Errors
///
/// As [`sweep`]; a usage error when there is no such programme, or the range is empty.
pub fn frontier(
    prepared: &Prepared,
    scenario: &Scenario,
    effort: &SolveOptions,
    options: &FrontierOptions,
    observer: &mut dyn Observer,
) -> Result<Vec<FrontierPoint>, Error> {
    let dial = Dial::new(scenario, options.programme.as_deref())?;
    let budgets = budgets(dial.own(), options)?;
    let mut asked: BTreeSet<Pence> = budgets.iter().copied().collect();
    for &budget in &budgets {
        asked.extend(options.more.iter().map(|&more| budget + more));
    }
    let asked: Vec<Pence> = asked.into_iter().collect();
    let scenarios: Vec<Scenario> = asked.iter().map(|&budget| dial.at(budget)).collect();
    let free = sweep(prepared, &scenarios, effort, SweepOptions { nested: false }, observer)?;
    // What bounds all plans bounds nested ones.
    let mut ceilings: Vec<i64> =
        free.iter().map(|own| own.coverage().and_then(|own| own.bound).unwrap_or(0)).collect();
    let freely: Vec<Weight> = free.iter().map(covered).collect();
    let outcomes = if options.nested {
        sweep(prepared, &scenarios, effort, SweepOptions { nested: true }, observer)?
    } else {
        free
    };
    for place in (1..ceilings.len()).rev() {
        if outcomes[place - 1].plan.is_some() {
            ceilings[place - 1] = ceilings[place - 1].min(ceilings[place]);
        }
    }
    let at = |budget: Pence| asked.binary_search(&budget).unwrap_or(0);
    let point = |&budget: &Pence| {
        let place = at(budget);
        let outcome = &outcomes[place];
        let more = options.more.iter().map(|&more| {
            let richer = at(budget + more);
            more_money(more, outcome, &outcomes[richer], ceilings[richer])
        });
        FrontierPoint {
            budget,
            coverage: covered(outcome),
            ceiling: Weight::from_thousandths(ceilings[place]),
            nesting_costs: options.nested.then(|| {
                let costs = freely[place].thousandths() - covered(outcome).thousandths();
                Weight::from_thousandths(costs.max(0))
            }),
            outcome: outcome.clone(),
            more: more.collect(),
        }
    };
    Ok(budgets.iter().map(point).collect())
}

fn covered(outcome: &Outcome) -> Weight {
    Weight::from_thousandths(outcome.coverage().map_or(0, |own| own.achieved))
}

fn more_money(more: Pence, poorer: &Outcome, richer: &Outcome, ceiling: i64) -> MoreMoney {
    let connected = |outcome: &Outcome| -> BTreeSet<String> {
        outcome.plan.iter().flat_map(|plan| plan.connected.iter().cloned()).collect()
    };
    let (one, other) = (connected(poorer), connected(richer));
    let covers = covered(poorer).thousandths();
    MoreMoney {
        more,
        gain: Weight::from_thousandths((covered(richer).thousandths() - covers).max(0)),
        at_most: Weight::from_thousandths((ceiling - covers).max(0)),
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
        Pence::new(from + i64::try_from(part).unwrap_or(0))
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
struct Dial<'a> {
    scenario: &'a Scenario,
    /// The programme by place; all in proportion without one.
    programme: Option<usize>,
}

impl<'a> Dial<'a> {
    fn new(scenario: &'a Scenario, id: Option<&str>) -> Result<Self, Error> {
        let Some(id) = id else { return Ok(Self { scenario, programme: None }) };
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
            scenario.programmes[place].budget = Budget::Total(budget);
            return scenario;
        }
        let own = i128::from(self.own().get()).max(1);
        let mut left = budget.get();
        for programme in &mut scenario.programmes {
            let share = i128::from(programme.budget.total().get()) * i128::from(budget.get()) / own;
            let share = i64::try_from(share).unwrap_or(0);
            left -= share;
            programme.budget = Budget::Total(Pence::new(share));
        }
        for programme in &mut scenario.programmes {
            let more = left.min(1);
            left -= more;
            programme.budget = Budget::Total(programme.budget.total() + Pence::new(more));
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
