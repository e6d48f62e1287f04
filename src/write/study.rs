//! The answer of a study as a folder: one JSON, tables in CSV, and the facts of the run.
//!
//! In: what a study returned. Out: the files of `data/RESULTS.md`, whole or not at all. All but `run.json`
//! hold the same bytes for the same answer; a study that was stopped is written as far as it came.

use std::path::Path;

use crate::error::{Error, Fault};
use crate::files::{Destination, FolderKind, Replace};
use crate::model::Scenario;
use crate::plan::Outcome;
use crate::read::Rejected;
use crate::report::{
    ExplanationSummary, FrontierSummary, ProgrammesSummary, StrategiesSummary, YearsSummary,
};
use crate::study::frontier::Frontier;
use crate::study::programmes::Programmes;
use crate::study::strategies::Strategies;
use crate::study::why_not::Explanation;
use crate::study::years::YearsStudy;
use crate::write::plan_json::answer_json;
use crate::write::rejected::rejected_csv;
use crate::write::run_json::{RunFacts, run_file};
use crate::write::study_tables as tables;
use crate::write::years_study::{year_worth_csv, years_csv};

/// What a study returned.
#[derive(Clone, Copy, Debug)]
pub enum StudyAnswer<'a> {
    /// Plans and ceilings for many budgets.
    Frontier(&'a Frontier),
    /// The usual ways of choosing side by side.
    Strategies(&'a Strategies),
    /// Programmes apart, in order and together.
    Programmes(&'a Programmes),
    /// Why sites are left out.
    WhyNot(&'a Explanation),
    /// Years in several ways.
    Years(&'a YearsStudy),
}

impl StudyAnswer<'_> {
    /// The kind of folder that holds it.
    #[must_use]
    pub const fn kind(&self) -> FolderKind {
        match self {
            Self::Frontier(_) => FolderKind::Frontier,
            Self::Strategies(_) => FolderKind::Strategies,
            Self::Programmes(_) => FolderKind::Programmes,
            Self::WhyNot(_) => FolderKind::WhyNot,
            Self::Years(_) => FolderKind::Years,
        }
    }

    /// What must be said of years, where the scenario has any and the study leaves them aside.
    #[must_use]
    pub fn remark(&self, scenario: &Scenario) -> Option<&'static str> {
        let leaves_aside = scenario.has_schedule() && !matches!(self, Self::Years(_));
        leaves_aside.then_some(
            "Years are left aside: all money of all years is taken to be there at once. `schedule` plans them.\n",
        )
    }

    /// An outcome that knows the network.
    fn outcome(&self) -> Option<&Outcome> {
        match self {
            Self::Frontier(own) => own.points.first().map(|point| &point.outcome),
            Self::Strategies(own) => Some(&own.outcome),
            Self::Programmes(own) => Some(&own.joint),
            Self::WhyNot(own) => Some(&own.outcome),
            Self::Years(own) => own.rows.first().and_then(|row| row.outcome.as_ref()),
        }
    }

    /// Seconds by part, where the answer knows them.
    fn seconds(&self) -> Vec<(&'static str, f64)> {
        match self {
            Self::Strategies(own) => {
                own.rows.iter().chain([&own.own]).map(|row| (row.name, row.seconds)).collect()
            }
            _ => Vec::new(),
        }
    }

    /// JSON and tables.
    fn files(&self, scenario: &Scenario) -> Vec<(&'static str, Vec<u8>)> {
        match *self {
            Self::Frontier(own) => {
                let mut files = vec![
                    ("frontier.json", answer_json(&FrontierSummary::of(scenario, own))),
                    ("frontier.csv", tables::frontier_csv(own)),
                ];
                if own.points.iter().any(|point| !point.more.is_empty()) {
                    files.push(("more_money.csv", tables::more_money_csv(own)));
                }
                files
            }
            Self::Strategies(own) => {
                let answer = StrategiesSummary::of(scenario, own).without_seconds();
                vec![
                    ("strategies.json", answer_json(&answer)),
                    ("strategies.csv", tables::strategies_csv(own)),
                ]
            }
            Self::Programmes(own) => {
                let mut files = vec![
                    ("programmes.json", answer_json(&ProgrammesSummary::of(scenario, own))),
                    ("programmes.csv", tables::programmes_csv(scenario, own)),
                    ("spending.csv", tables::spending_csv(scenario, own)),
                ];
                if !own.worths.is_empty() {
                    files.push(("worth_of_more.csv", tables::worth_of_more_csv(own)));
                }
                files
            }
            Self::WhyNot(own) => vec![
                ("why_not.json", answer_json(&ExplanationSummary::of(scenario, own))),
                ("why_not.csv", tables::why_not_csv(scenario, own)),
            ],
            Self::Years(own) => vec![
                ("years.json", answer_json(&YearsSummary::of(scenario, own))),
                ("years.csv", years_csv(own)),
                ("worth_by_year.csv", year_worth_csv(own)),
            ],
        }
    }
}

/// What there is to write about a study.
#[derive(Clone, Copy, Debug)]
pub struct StudyResults<'a> {
    /// The question.
    pub scenario: &'a Scenario,
    /// What was found.
    pub answer: StudyAnswer<'a>,
    /// Notices on the input, for `run.json`; the answer brings those on the network.
    pub notices: &'a [Fault],
    /// Rows set aside on reading, for `rejected.csv`, which is not written when there are none.
    pub set_aside: &'a [Rejected],
    /// Start, threads and seconds, for `run.json`.
    pub facts: &'a RunFacts,
}

impl StudyResults<'_> {
    /// Name and bytes of every file.
    #[must_use]
    pub fn files(&self) -> Vec<(&'static str, Vec<u8>)> {
        let mut files = self.answer.files(self.scenario);
        if !self.set_aside.is_empty() {
            files.push(("rejected.csv", rejected_csv(self.set_aside)));
        }
        let outcome = self.answer.outcome();
        let of_network = outcome.map_or(&[][..], |outcome| &outcome.network_notices);
        let notices = [self.notices, of_network].concat();
        let size = outcome.map(|outcome| outcome.network_size).unwrap_or_default();
        let run = run_file(&self.answer.seconds(), size, &notices, self.facts);
        files.push(("run.json", run.into_bytes()));
        files
    }

    /// Writes all files into a folder, which appears whole or not at all; earlier results of the same study of
    /// the same scenario are replaced where nothing in them was changed.
    ///
    /// # Errors
    ///
    /// As [`Destination::write`].
    pub fn write(&self, folder: &Path, replace: Replace) -> Result<(), Error> {
        let (kind, scenario) = (self.answer.kind(), self.scenario.name.as_str());
        Destination { folder, kind, scenario, replace }.write(&self.files())
    }
}
