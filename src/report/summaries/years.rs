//! A study of years in short.

use serde::Serialize;

use super::amounts::pounds;
use crate::model::Scenario;
use crate::study::years::{YearsRow, YearsStudy};
use crate::units::Weight;

/// Ways of spending the money of years in short.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct YearsSummary {
    /// Name of the scenario.
    pub scenario: String,
    /// Name of the weight that is covered.
    pub weight: String,
    /// The years.
    pub years: Vec<String>,
    /// One entry a way.
    pub rows: Vec<YearsWaySummary>,
    /// What more money in a year would buy.
    pub worth: Vec<YearWorthSummary>,
}

/// A way in short. Nothing is known of one that found no plan.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct YearsWaySummary {
    /// Its word.
    pub way: String,
    /// Coverage by the end of each year.
    pub by_year: Vec<f64>,
    /// No schedule has more by the end of each year; empty where nothing is proven.
    pub bounds: Vec<f64>,
    /// Coverage summed over the ends of all years.
    pub coverage_years: Option<f64>,
    /// No schedule has more.
    pub coverage_years_bound: Option<f64>,
    /// What it costs.
    pub cost_gbp: Option<f64>,
    /// Why there is no plan.
    pub reasons: Vec<String>,
}

/// What more money of a programme in a year would buy.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct YearWorthSummary {
    /// Id of the programme.
    pub programme: String,
    /// The year.
    pub year: String,
    /// How much more.
    pub more_gbp: f64,
    /// Coverage over all years won on what the plan builds.
    pub coverage_years_won: f64,
}

impl YearsSummary {
    /// A study in short.
    #[must_use]
    pub fn of(scenario: &Scenario, study: &YearsStudy) -> Self {
        let units = |own: &Vec<Weight>| own.iter().map(|own| own.units()).collect::<Vec<f64>>();
        let row = |row: &YearsRow| YearsWaySummary {
            way: row.way.word().to_owned(),
            by_year: units(&row.by_year),
            bounds: units(&row.bounds),
            coverage_years: row.over_all_years().map(Weight::units),
            coverage_years_bound: row.bound_over_all_years().map(Weight::units),
            cost_gbp: row.outcome.as_ref().and_then(|own| Some(pounds(own.plan.as_ref()?.cost()))),
            reasons: row.outcome.as_ref().map(|own| own.reasons.clone()).unwrap_or_default(),
        };
        let worth = study.worth.iter().map(|own| YearWorthSummary {
            programme: own.programme.clone(),
            year: own.year.to_string(),
            more_gbp: pounds(own.more),
            coverage_years_won: own.won.units(),
        });
        Self {
            scenario: scenario.name.clone(),
            weight: scenario.site_weight().to_owned(),
            years: study.years.iter().map(ToString::to_string).collect(),
            rows: study.rows.iter().map(row).collect(),
            worth: worth.collect(),
        }
    }
}
