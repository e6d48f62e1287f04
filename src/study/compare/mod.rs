//! A scenario and its variants side by side, and plan against plan.
//!
//! In: a scenario with its prepared network, and variants of it. Out: one row each, solved in parallel,
//! each on one thread and in order; between any two rows with a plan the [`Difference`]. A variant that
//! has faults, or no plan, is a row with its reasons. It prints and writes nothing.

mod difference;
mod effect;
mod side_by_side;

pub use difference::{Change, Difference, ItemChange, MoneyChange, SiteChange, Tally};
pub use effect::{Effect, Verdict};

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use super::usual_effort;
use crate::effort::Effort;
use crate::error::{Error, ErrorKind};
use crate::model::{COST, NET_BENEFIT, SITES, Scenario, Variant, premises_in_reach};
use crate::network::{Prepared, prepare};
use crate::observe::{Event, Observer};
use crate::plan::{ObjectiveResult, Outcome, premises_passed};
use crate::solve::solve_prepared;
use crate::status::Status;
use crate::units::{Pence, Weight};
use side_by_side::side_by_side;

/// The name of the scenario itself among its variants.
pub const BASE: &str = "base";

/// One scenario and what became of it.
#[derive(Clone, Debug, PartialEq)]
pub struct CompareRow {
    /// Name of the variant; [`BASE`] for the scenario itself.
    pub name: String,
    /// Title for reports.
    pub title: String,
    /// The question; `None` where it has faults.
    pub scenario: Option<Scenario>,
    /// The answer; `None` where the question could not be put.
    pub outcome: Option<Outcome>,
    /// Why there is no plan: faults, reasons of infeasibility, or an error; empty when there is one.
    pub reasons: Vec<String>,
    /// Seconds the solve took, without the network.
    pub seconds: f64,
}

impl CompareRow {
    /// How far the plan is proven; `None` where the question could not be put.
    #[must_use]
    pub fn status(&self) -> Option<Status> {
        self.outcome.as_ref().map(|outcome| outcome.status)
    }

    /// Name of the first weight of the objective.
    #[must_use]
    pub fn weight(&self) -> &str {
        let weights = self.scenario.as_ref().map(|own| own.objective_weights());
        weights.and_then(|names| names.first().copied()).unwrap_or(SITES)
    }

    /// What the plan covers of that weight; `None` without a plan.
    #[must_use]
    pub fn coverage(&self) -> Option<Weight> {
        let coverage = self.outcome.as_ref()?.coverage()?;
        Some(Weight::from_thousandths(coverage.achieved.raw()))
    }

    /// Proven bound on the coverage; `None` where least cost or net benefit is asked for, and without a plan.
    #[must_use]
    pub fn bound(&self) -> Option<Weight> {
        self.outcome.as_ref()?.coverage()?.bound.map(|own| Weight::from_thousandths(own.raw()))
    }

    /// Proven bound on the cost, where the least cost is asked for.
    #[must_use]
    pub fn cost_bound(&self) -> Option<Pence> {
        self.first(COST)?.bound.map(|own| Pence::new(own.raw()))
    }

    /// What the weights reached are worth less the cost, where that is asked for.
    #[must_use]
    pub fn net_benefit(&self) -> Option<Pence> {
        self.first(NET_BENEFIT).map(|net| Pence::new(net.achieved.raw()))
    }

    /// Proven bound on the net benefit, where that is asked for.
    #[must_use]
    pub fn net_benefit_bound(&self) -> Option<Pence> {
        self.first(NET_BENEFIT)?.bound.map(|own| Pence::new(own.raw()))
    }

    /// The first objective, if it has that name.
    fn first(&self, name: &str) -> Option<&ObjectiveResult> {
        self.outcome.as_ref()?.objectives.first().filter(|first| first.name == name)
    }

    /// Relative gap between the first objective (coverage, cost or net benefit) and its bound.
    #[must_use]
    pub fn gap(&self) -> Option<f64> {
        self.outcome.as_ref()?.objectives.first()?.gap
    }

    /// What the plan costs; `None` without a plan.
    #[must_use]
    pub fn cost(&self) -> Option<Pence> {
        let outcome = self.outcome.as_ref()?;
        outcome.plan.as_ref().map(|_| outcome.cost)
    }

    /// Cost for each unit of the first weight, rounded half up; `None` where nothing is covered.
    #[must_use]
    pub fn cost_per_unit(&self) -> Option<Pence> {
        let units = i128::from(self.coverage()?.thousandths());
        if units == 0 {
            return None;
        }
        let pence = (2000 * i128::from(self.cost()?.get()) + units) / (2 * units);
        i64::try_from(pence).ok().map(Pence::new)
    }

    /// Premises that what is built passes; `None` without a plan, and where the data has none.
    #[must_use]
    pub fn passed(&self) -> Option<Weight> {
        let scenario = self.scenario.as_ref().filter(|own| premises_in_reach(own) > 0)?;
        Some(premises_passed(scenario, self.outcome.as_ref()?.plan.as_ref()?))
    }

    /// Sites connected; `None` without a plan.
    #[must_use]
    pub fn sites(&self) -> Option<usize> {
        self.outcome.as_ref()?.plan.as_ref().map(|plan| plan.connected.len())
    }
}

/// The scenario, then its variants in order.
#[derive(Clone, Debug, PartialEq)]
pub struct Comparison {
    /// At least one row: the first is that of the scenario itself.
    pub rows: Vec<CompareRow>,
}

impl Comparison {
    /// Name of the scenario; empty where there is no row.
    #[must_use]
    pub fn scenario(&self) -> &str {
        let base = self.rows.first().and_then(|row| row.scenario.as_ref());
        base.map_or("", |scenario| scenario.name.as_str())
    }

    /// What changes from the plan of one row to that of another; `None` where either has none, or no
    /// such row is there.
    #[must_use]
    pub fn difference(&self, from: usize, to: usize) -> Option<Difference> {
        let side = |row: usize| {
            let row: &CompareRow = self.rows.get(row)?;
            Some((row.scenario.as_ref()?, row.outcome.as_ref()?.plan.as_ref()?))
        };
        Some(Difference::between(side(from)?, side(to)?))
    }

    /// What is proven of the difference between the best plans of two rows, which is what their questions
    /// differ by; `None` where either has no plan, or they ask for different things.
    #[must_use]
    pub fn effect(&self, from: usize, to: usize) -> Option<Effect> {
        let outcome = |row: usize| self.rows.get(row)?.outcome.as_ref();
        Effect::between(outcome(from)?, outcome(to)?)
    }
}

/// The variants, and how hard to plan each.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct CompareOptions {
    /// The effort: the work is that of each row, the seconds are those of all together. As many rows as there
    /// are threads share a turn, and each turn has an equal share of the time that is left.
    pub effort: Effort,
    /// The variants of the scenario, in order.
    pub variants: Vec<Variant>,
    /// Rows planned at a time, each on one thread. Never changes an answer. Default 1.
    pub threads: usize,
}

impl Default for CompareOptions {
    fn default() -> Self {
        Self { effort: usual_effort(), variants: Vec::new(), threads: 1 }
    }
}

/// Solves a scenario and its variants, a given number at a time, each on one thread.
///
/// Variants with the scenario's tables and network settings share its network; others get one of their
/// own, shared where two agree. Under a limit in work units the rows, but for their seconds, are the same
/// on any number of threads.
///
/// # Errors
///
/// As [`solve_prepared`] for the scenario itself; errors of a variant are the reasons in its row.
pub fn compare(
    prepared: &Prepared,
    base: &Scenario,
    options: &CompareOptions,
    observer: &mut dyn Observer,
) -> Result<Comparison, Error> {
    if !prepared.fits(base) {
        return Err(unfit());
    }
    let first = Variant { title: base.title.clone(), ..Variant::new(BASE, base.clone()) };
    let all: Vec<&Variant> = std::iter::once(&first).chain(&options.variants).collect();
    let solver = Solver::new(prepared, options, observer);
    let names: Vec<&str> = all.iter().map(|variant| variant.name.as_str()).collect();
    let results = side_by_side(&names, options.threads, observer, |place, observer| {
        let start = Instant::now();
        (solver.solve(all[place], observer), start.elapsed().as_secs_f64())
    })?;
    let mut rows = Vec::with_capacity(all.len());
    for (variant, (result, seconds)) in all.into_iter().zip(results) {
        match result {
            Err(error) if rows.is_empty() => return Err(error),
            result => rows.push(row(variant, result, seconds)),
        }
    }
    Ok(Comparison { rows })
}

fn unfit() -> Error {
    let message = "the network was prepared for other tables or network settings";
    Error::new(ErrorKind::Usage, message)
}

/// Solves variants over the networks they share.
struct Solver<'a> {
    /// With its clock running.
    effort: Effort,
    threads: usize,
    /// Rows that have not begun.
    to_come: AtomicUsize,
    prepared: &'a Prepared,
    /// The networks that variants need besides the one given, as far as they can be built.
    others: Vec<Prepared>,
}

impl<'a> Solver<'a> {
    fn new(
        prepared: &'a Prepared,
        options: &'a CompareOptions,
        observer: &mut dyn Observer,
    ) -> Self {
        let mut solver = Self {
            prepared,
            others: Vec::new(),
            effort: options.effort.started(),
            threads: options.threads.max(1),
            to_come: AtomicUsize::new(options.variants.len() + 1),
        };
        for scenario in options.variants.iter().filter_map(|own| own.scenario.as_ref().ok()) {
            if solver.network(scenario).is_none() {
                // A variant that has no network when its turn comes is told why.
                if observer.on(&Event::Phase { name: "network" }).is_break()
                    || solver.effort.is_late()
                {
                    break;
                }
                solver.others.extend(prepare(scenario).ok());
            }
        }
        solver
    }

    /// The effort of the next row.
    fn turn(&self) -> Effort {
        let to_come = self.to_come.fetch_sub(1, Ordering::Relaxed);
        self.effort.turn(to_come.div_ceil(self.threads))
    }

    fn network(&self, scenario: &Scenario) -> Option<&Prepared> {
        std::iter::once(self.prepared).chain(&self.others).find(|network| network.fits(scenario))
    }

    fn solve(&self, variant: &Variant, observer: &mut dyn Observer) -> Result<Outcome, Error> {
        let turn = self.turn();
        let scenario =
            variant.scenario.as_ref().map_err(|faults| Error::from_faults(faults.clone()))?;
        if observer.on(&Event::Phase { name: "question" }).is_break() {
            let message = "the run was stopped before this scenario was planned";
            return Err(Error::new(ErrorKind::Interrupted, message));
        }
        if self.effort.is_late() && variant.name != BASE {
            let message = "I404: time was up before a plan was looked for";
            return Err(Error::new(ErrorKind::Interrupted, message));
        }
        match self.network(scenario) {
            Some(network) => solve_prepared(network, scenario, &turn.into(), observer),
            // Building it once more says why it cannot be built.
            None => Err(prepare(scenario).err().unwrap_or_else(unfit)),
        }
    }
}

fn row(variant: &Variant, result: Result<Outcome, Error>, seconds: f64) -> CompareRow {
    let reasons = match &result {
        Ok(outcome) => outcome.reasons.clone(),
        Err(error) if error.faults().is_empty() => vec![error.to_string()],
        Err(error) => error.faults().iter().map(ToString::to_string).collect(),
    };
    CompareRow {
        name: variant.name.clone(),
        title: variant.title.clone(),
        scenario: variant.scenario.as_ref().ok().cloned(),
        outcome: result.ok(),
        reasons,
        seconds,
    }
}
