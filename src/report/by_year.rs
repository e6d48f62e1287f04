//! What is paid in each year, and by whom.

use std::collections::BTreeMap;

use crate::model::Scenario;
use crate::plan::Plan;
use crate::units::{Pence, Year};

/// What one programme pays in one year.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct YearSpending {
    /// The year; `None` of payments without one.
    pub year: Option<Year>,
    /// Id of the programme.
    pub programme: String,
    /// What it pays.
    pub paid: Pence,
}

/// The payments of a plan added up by year, then by programme in the order of the scenario. Years and programmes
/// in which nothing is paid have no line; the lines add up to what is paid.
#[must_use]
pub fn spend_by_year(scenario: &Scenario, plan: &Plan) -> Vec<YearSpending> {
    let place = |id: &str| scenario.programmes.iter().position(|own| own.id == id);
    let mut sums: BTreeMap<(Option<Year>, usize, &str), Pence> = BTreeMap::new();
    for payment in &plan.payments {
        let id = payment.programme.as_str();
        // A programme that the scenario does not know comes after those that it does.
        let place = place(id).unwrap_or(scenario.programmes.len());
        *sums.entry((payment.year, place, id)).or_default() += payment.pence;
    }
    let line = |((year, _, programme), paid): ((Option<Year>, usize, &str), Pence)| YearSpending {
        year,
        programme: programme.to_owned(),
        paid,
    };
    sums.into_iter().map(line).collect()
}
