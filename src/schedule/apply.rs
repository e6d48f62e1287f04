//! A schedule laid over its plan.

use std::collections::HashMap;

use super::problem::{Problem, Schedule};
use crate::funding::{priced, standing_year};
use crate::model::Scenario;
use crate::plan::{Item, Plan};
use crate::units::Year;

/// The plan with a year on everything, without what the schedule leaves out; its payments and the reasons for
/// what is left out are for others to make.
pub fn dated(scenario: &Scenario, plan: &Plan, problem: &Problem, schedule: &Schedule) -> Plan {
    let years: HashMap<&Item, Year> = problem
        .names()
        .iter()
        .zip(schedule)
        .filter_map(|(name, year)| Some((name, scenario.years[usize::from((*year)?)])))
        .collect();
    let bare = Plan { payments: Vec::new(), left_out: Vec::new(), ..plan.clone() };
    let dated = bare
        .in_years(|item| years.get(&item).copied().or_else(|| standing_year(scenario, &item)))
        .built_in(|year| year.is_some());
    priced(scenario, dated)
}
