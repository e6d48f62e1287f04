//! What years cost: a scenario's schedule beside the rules in use, other terms for unspent money, and what more
//! money in a year would buy.
//!
//! In: a scenario with years. Out: a row for each way, each with a plan that passed its check, or with what kept it
//! from one.

use crate::effort::Effort;
use crate::error::{Error, ErrorKind};
use crate::model::{Budget, CarryOver, Scenario};
use crate::network::Prepared;
use crate::observe::{Hearing, Muted, Observer};
use crate::plan::Outcome;
use crate::solve::{
    SolveOptions, in_order_of_ratio, one_year_at_a_time, solve_prepared, worth_of_more,
};
use crate::units::{Pence, Weight, Year};

/// How to ask.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct YearsOptions {
    /// How much effort to spend on all of it.
    pub effort: Effort,
    /// What so many months' more money in a year would buy, in twelfths of the money of that year; 0, the default,
    /// stands for 1.
    pub months: u32,
}

/// What a row stands for.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Way {
    /// The scenario as it is.
    Stated,
    /// All money of all years there from the first year on.
    OnePot,
    /// What is left of a year moves on.
    CarryAll,
    /// What is left of a year is lost.
    CarryNone,
    /// The sites of the final plan by what they bring for their own cost, year by year as the money goes.
    RatioOrder,
    /// Each year planned for itself.
    YearByYear,
}

impl Way {
    /// Its word in files.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Stated => "stated",
            Self::OnePot => "one_pot",
            Self::CarryAll => "carry_all",
            Self::CarryNone => "carry_none",
            Self::RatioOrder => "ratio_order",
            Self::YearByYear => "year_by_year",
        }
    }

    /// What it is, in words.
    #[must_use]
    pub const fn meaning(self) -> &'static str {
        match self {
            Self::Stated => "the scenario as it is",
            Self::OnePot => "all money in the first year",
            Self::CarryAll => "unspent money moves on",
            Self::CarryNone => "unspent money is lost",
            Self::RatioOrder => "sites by ratio, years filled",
            Self::YearByYear => "one year at a time",
        }
    }
}

/// What one way covers.
#[derive(Clone, Debug)]
pub struct YearsRow {
    /// The way.
    pub way: Way,
    /// Coverage by the end of each year; empty where no plan was found.
    pub by_year: Vec<Weight>,
    /// No schedule under these terms has more by the end of each year; empty for rules, which prove nothing.
    pub bounds: Vec<Weight>,
    /// The outcome, where it was planned.
    pub outcome: Option<Outcome>,
}

impl YearsRow {
    /// Coverage at the end.
    #[must_use]
    pub fn at_the_end(&self) -> Option<Weight> {
        self.by_year.last().copied()
    }

    /// Coverage summed over the ends of all years; nothing where no plan was found.
    #[must_use]
    pub fn over_all_years(&self) -> Option<Weight> {
        (!self.by_year.is_empty()).then(|| self.by_year.iter().copied().sum())
    }
}

impl YearsRow {
    /// No schedule under these terms has more over all years; nothing where nothing is proven.
    #[must_use]
    pub fn bound_over_all_years(&self) -> Option<Weight> {
        (!self.bounds.is_empty()).then(|| self.bounds.iter().copied().sum())
    }
}

/// What more money of a programme in a year would buy.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct YearWorth {
    /// Id of the programme.
    pub programme: String,
    /// The year.
    pub year: Year,
    /// How much more.
    pub more: Pence,
    /// Coverage over all years won on what the plan builds; zero where nothing comes earlier.
    pub won: Weight,
}

/// A scenario's years, looked at from several sides.
#[derive(Clone, Debug)]
pub struct YearsStudy {
    /// The years.
    pub years: Vec<Year>,
    /// One row a way; that of the scenario itself first.
    pub rows: Vec<YearsRow>,
    /// What more money would buy, by programme and year.
    pub worth: Vec<YearWorth>,
}

/// Plans a scenario's years in several ways, each with an equal share of the effort.
///
/// # Errors
///
/// A usage error where the scenario has no schedule; else as [`solve_prepared`].
pub fn years(
    prepared: &Prepared,
    scenario: &Scenario,
    options: &YearsOptions,
    observer: &mut dyn Observer,
) -> Result<YearsStudy, Error> {
    scenario.judged()?;
    if !scenario.has_schedule() {
        let message =
            "the scenario has no schedule: state budget_by_year_gbp, a window or [schedule]";
        return Err(Error::new(ErrorKind::Usage, message));
    }
    let effort = options.effort.started();
    let hearing = &mut Hearing::new(observer);
    let planned = [Way::Stated, Way::OnePot, Way::CarryAll, Way::CarryNone];
    let all = planned.len() + 1;
    let mut rows: Vec<YearsRow> = Vec::new();
    for (place, way) in planned.into_iter().enumerate() {
        if !hearing.begins(way.word(), place + 1, all) {
            break;
        }
        let terms = under(scenario, way);
        if place > 0 && terms == *scenario {
            rows.push(YearsRow { way, ..rows[0].clone() });
            continue;
        }
        let solving = SolveOptions::from(effort.turn(all - place));
        let outcome = solve_prepared(prepared, &terms, &solving, hearing)?;
        rows.push(row(way, outcome));
    }
    if hearing.begins(Way::YearByYear.word(), all, all) {
        let turn = effort.turn(1);
        let by_year = one_year_at_a_time(prepared, scenario, &turn, &mut Muted(hearing))?;
        rows.push(of_rule(Way::YearByYear, by_year));
    }
    let plan = rows.first().and_then(|stated| stated.outcome.as_ref()?.plan.clone());
    let mut worth = Vec::new();
    if let Some(plan) = plan {
        rows.push(of_rule(Way::RatioOrder, in_order_of_ratio(scenario, &plan)?));
        let months = if options.months == 0 { 1 } else { options.months };
        for won in worth_of_more(scenario, &plan, months)? {
            let (programme, year, more, won) = won;
            worth.push(YearWorth { programme, year, more, won });
        }
    }
    Ok(YearsStudy { years: scenario.years.clone(), rows, worth })
}

fn row(way: Way, outcome: Outcome) -> YearsRow {
    let by_year = outcome.years.iter().map(|own| own.coverage).collect();
    let bounds = outcome.years.iter().map(|own| own.bound).collect();
    YearsRow { way, by_year, bounds, outcome: Some(outcome) }
}

fn of_rule(way: Way, by_year: Vec<Weight>) -> YearsRow {
    YearsRow { way, by_year, bounds: Vec::new(), outcome: None }
}

/// The scenario under other terms for the money of its years.
fn under(scenario: &Scenario, way: Way) -> Scenario {
    scenario.altered(|other| {
        for programme in &mut other.programmes {
            let Budget::ByYear { by_year, carry_over } = &mut programme.budget else { continue };
            match way {
                Way::OnePot => {
                    let all: Pence = by_year.values().copied().sum();
                    for money in by_year.values_mut() {
                        *money = Pence::ZERO;
                    }
                    if let Some(mut first) = by_year.first_entry() {
                        *first.get_mut() = all;
                    }
                    *carry_over = CarryOver::All;
                }
                Way::CarryAll => *carry_over = CarryOver::All,
                Way::CarryNone => *carry_over = CarryOver::None,
                Way::Stated | Way::RatioOrder | Way::YearByYear => {}
            }
        }
    })
}
