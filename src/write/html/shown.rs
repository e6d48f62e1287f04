//! What a page is made from: a question, its answer, the figures of both, and what is to be told of them.

use std::borrow::Cow;

use crate::error::Fault;
use crate::model::Scenario;
use crate::network::Prepared;
use crate::plan::Outcome;
use crate::report::{PlanPage, Report};

/// An answer with all that a page tells of it.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Shown<'a> {
    /// The question.
    pub scenario: &'a Scenario,
    /// Its answer.
    pub outcome: Cow<'a, Outcome>,
    /// The figures of the answer.
    pub report: Cow<'a, Report>,
    /// What is drawn and listed. Its priority, where one is known, is to be filled in.
    pub figures: PlanPage,
    /// Notices on the input; the outcome brings those on the network.
    pub notices: &'a [Fault],
    /// Further sentences on what is proven, and what is not.
    pub remarks: Vec<String>,
}

impl<'a> Shown<'a> {
    /// An answer over its route network, which is the background of the map.
    #[must_use]
    pub fn of(
        scenario: &'a Scenario,
        outcome: Outcome,
        prepared: &Prepared,
        notices: &'a [Fault],
    ) -> Self {
        let report = Report::of(scenario, &outcome);
        let figures = PlanPage::of(scenario, &outcome, &report, Some(prepared));
        let (outcome, report) = (Cow::Owned(outcome), Cow::Owned(report));
        Self { scenario, outcome, report, figures, notices, remarks: Vec::new() }
    }

    /// The same where the report is at hand already.
    #[must_use]
    pub fn of_report(
        scenario: &'a Scenario,
        outcome: &'a Outcome,
        report: &'a Report,
        prepared: &Prepared,
        notices: &'a [Fault],
    ) -> Self {
        let figures = PlanPage::of(scenario, outcome, report, Some(prepared));
        let (outcome, report) = (Cow::Borrowed(outcome), Cow::Borrowed(report));
        Self { scenario, outcome, report, figures, notices, remarks: Vec::new() }
    }

    /// The same with further sentences on what is proven.
    #[must_use]
    pub fn with_remarks(self, remarks: Vec<String>) -> Self {
        Self { remarks, ..self }
    }

    /// Every notice, on the input and on the network.
    pub(super) fn all_notices(&self) -> Vec<Fault> {
        [self.notices, &self.outcome.network_notices].concat()
    }
}
