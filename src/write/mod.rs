//! Results into files: plan, tables, map, summary; whole or not at all.
//!
//! What for: the output folder that `data/README.md` describes, made from a scenario, its outcome and
//! the facts of the run. In: data that others computed (`report` holds every figure). Out: bytes, and a
//! folder that appears whole or not at all. It computes no figure and judges nothing. All files but
//! `run.json` hold the same bytes for the same answer.

mod cells;
mod comparison;
mod crossings;
mod geojson;
#[cfg(feature = "gpkg")]
mod geopackage;
mod grid_table;
mod html;
mod judged_text;
mod names;
mod network_text;
#[cfg(feature = "ofds")]
mod ofds;
#[cfg(feature = "pictures")]
mod pictures;
mod plan_json;
mod priority;
mod rejected;
mod run_json;
mod schedule;
mod stp;
mod stp_answer;
mod study;
mod study_tables;
mod study_text;
mod summary;
mod tables;
mod text;
#[cfg(feature = "xlsx")]
mod workbook;
mod years_study;

pub(crate) use cells::CsvText;
pub use cells::safe_cell;
pub use comparison::{
    ComparisonResults, comparison_csv, comparison_page, comparison_text, difference_text,
    differences_csv,
};
pub use geojson::{MAP_TOLERANCE, spans_geojson};
pub use html::{Shown, comparison_html, frontier_html, is_report_page, plan_html};
pub use judged_text::{checked_text, judged_text};
pub use names::files_of;
pub use network_text::network_text;
pub use plan_json::plan_json;
pub use priority::priority_csv;
pub use rejected::{FAULT_COLUMNS, rejected_csv};
pub use run_json::{RunFacts, peak_memory, run_json};
pub use schedule::{SCHEDULE_COLUMNS, schedule_csv};
pub use stp::{may_write_stp_files, stp_files, write_stp_files};
pub use stp_answer::{StpAnswer, edges_json};
pub use study::{StudyAnswer, StudyResults};
pub use study_text::{
    frontier_text, programmes_text, strategies_text, why_not_text, why_not_words,
};
pub use summary::summary;
pub use tables::{PLAN_COLUMNS, build_list_csv, funding_csv, site_funding_csv, sites_csv};

#[cfg(feature = "gpkg")]
pub use geopackage::{geopackage, geopackage_file};
#[cfg(feature = "ofds")]
pub use ofds::{OfdsVersion, ofds, ofds_file};
#[cfg(feature = "pictures")]
pub use pictures::{Picture, frontier_picture, may_write_pictures, plan_pictures, write_pictures};
#[cfg(feature = "xlsx")]
pub use workbook::{workbook, workbook_file};
pub use years_study::{standing_text, years_text};

pub use crate::files::{
    Destination, FileTarget, FolderKind, MANIFEST, Recognise, Replace, SealedFile, seal_place,
};

use std::path::Path;

use rayon::prelude::*;

use crate::error::{Error, Fault};
use crate::model::Scenario;
use crate::network::Prepared;
use crate::plan::{Outcome, Plan};
use crate::read::Rejected;
use crate::report::Report;
use crate::write::plan_json::outcome_json;

/// Whether the results of a scenario's plan may be written into a folder, to be asked before long work.
///
/// # Errors
///
/// As [`Destination::judge`].
pub fn may_replace(folder: &Path, scenario: &str, replace: Replace) -> Result<(), Error> {
    Destination { folder, kind: FolderKind::Plan, scenario, replace }.judge()
}

/// A file's name, and what makes its bytes.
type File<'f> = (&'static str, Box<dyn Fn() -> Vec<u8> + Sync + 'f>);

/// What there is to write about one run.
#[derive(Clone, Copy, Debug)]
pub struct Results<'a> {
    /// The question.
    pub scenario: &'a Scenario,
    /// Its answer.
    pub outcome: &'a Outcome,
    /// Notices on the input, for the summary and `run.json`; the outcome brings those on the network.
    pub notices: &'a [Fault],
    /// Rows set aside on reading, for `rejected.csv`, which is not written when there are none.
    pub set_aside: &'a [Rejected],
    /// Start, threads and seconds, for `run.json`.
    pub facts: &'a RunFacts,
}

impl Results<'_> {
    /// Name and bytes of every result file. Without a plan the tables have no rows of a plan.
    #[must_use]
    pub fn files(&self) -> Vec<(&'static str, Vec<u8>)> {
        self.files_with(None)
    }

    /// The same with `report.html`, a page on the plan, where its route network is given.
    #[must_use]
    pub fn files_with(&self, page: Option<&Prepared>) -> Vec<(&'static str, Vec<u8>)> {
        let (scenario, outcome) = (self.scenario, self.outcome);
        let empty = Plan::default();
        let plan = outcome.plan.as_ref().unwrap_or(&empty);
        let report = Report::of(scenario, outcome);
        let (forest, priority) = (&report.forest, &report.priority);
        let notices = [self.notices, &outcome.network_notices].concat();
        // The largest first: a large plan takes seconds to write out.
        let mut makers: Vec<File<'_>> = vec![
            (
                "spans.geojson",
                Box::new(|| spans_geojson(scenario, plan, forest, &report.shares).into_bytes()),
            ),
            ("build_list.csv", Box::new(|| build_list_csv(scenario, plan, forest, priority))),
            ("plan.json", Box::new(|| outcome_json(outcome).into_bytes())),
            (
                "summary.txt",
                Box::new(|| summary(scenario, outcome, &report, self.notices).into_bytes()),
            ),
            ("funding.csv", Box::new(|| funding_csv(plan, &report.ledger))),
            ("sites.csv", Box::new(|| sites_csv(scenario, plan, &report.shares, priority))),
            ("priority.csv", Box::new(|| priority_csv(scenario, plan, priority))),
            ("site_funding.csv", Box::new(|| site_funding_csv(&report.ledger))),
            ("run.json", Box::new(|| run_json(outcome, &notices, self.facts).into_bytes())),
        ];
        let report = &report;
        if let Some(prepared) = page {
            let make = move || self.page(report, prepared).into_bytes();
            makers.insert(0, ("report.html", Box::new(make)));
        }
        let mut files: Vec<(&'static str, Vec<u8>)> =
            makers.par_iter().with_max_len(1).map(|(name, make)| (*name, make())).collect();
        if !report.years.is_empty() {
            files.push(("schedule.csv", schedule_csv(&report.years)));
        }
        let names = files_of(FolderKind::Plan);
        files.sort_by_key(|(name, _)| names.iter().position(|known| known == name));
        if !self.set_aside.is_empty() {
            files.push(("rejected.csv", rejected_csv(self.set_aside)));
        }
        files
    }

    /// Writes all result files into a folder, which appears whole or not at all; earlier results of the same
    /// scenario are replaced where nothing in them was changed. Returns the text of the summary, to be shown.
    ///
    /// # Errors
    ///
    /// As [`Destination::write`].
    pub fn write(&self, folder: &Path, replace: Replace) -> Result<String, Error> {
        self.write_with(None, folder, replace)
    }

    /// The same with `report.html`, a page on the plan, where its route network is given.
    ///
    /// # Errors
    ///
    /// As [`write`](Self::write).
    pub fn write_with(
        &self,
        page: Option<&Prepared>,
        folder: &Path,
        replace: Replace,
    ) -> Result<String, Error> {
        let scenario = &self.scenario.name;
        let files = self.files_with(page);
        Destination { folder, kind: FolderKind::Plan, scenario, replace }.write(&files)?;
        let summary = files.into_iter().find(|(name, _)| *name == "summary.txt");
        let bytes = summary.map(|(_, bytes)| bytes).unwrap_or_default();
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    }

    fn page(&self, report: &Report, prepared: &Prepared) -> String {
        plan_html(&Shown::of_report(self.scenario, self.outcome, report, prepared, self.notices))
    }
}
