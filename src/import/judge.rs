//! One row under judgement: the row, what it is looked up in, and what is found.
//!
//! What for: rules and placing are files of their own that find faults of the same row. It judges nothing itself.

use std::collections::BTreeSet;

use crate::error::Fault;
use crate::import::lookups::{ListSizes, RuralUrban};
use crate::import::organisations::Candidate;
use crate::import::postcodes::Postcodes;

/// What the rules look things up in.
pub(super) struct Facts<'f> {
    pub(super) postcodes: &'f Postcodes,
    pub(super) lists: Option<&'f ListSizes>,
    pub(super) rural_urban: Option<&'f RuralUrban>,
    /// Codes of prescribing settings that are planned for.
    pub(super) settings: &'f [String],
    /// Districts asked for; empty for all.
    pub(super) areas: &'f BTreeSet<String>,
}

/// One row under judgement.
pub(super) struct Judge<'j> {
    pub(super) row: &'j Candidate,
    pub(super) facts: &'j Facts<'j>,
    /// Why it is left out.
    pub(super) excluded: Vec<Fault>,
    /// Faults and remarks.
    pub(super) findings: Vec<Fault>,
}

impl<'j> Judge<'j> {
    /// Nothing is found yet.
    pub(super) fn new(row: &'j Candidate, facts: &'j Facts<'j>) -> Self {
        Self { row, facts, excluded: Vec::new(), findings: Vec::new() }
    }

    pub(super) fn placed_at(&self, fault: Fault, field: &str, value: &str) -> Fault {
        fault.value(value).at(&self.row.file, Some(self.row.row), field)
    }

    pub(super) fn exclude(
        &mut self,
        code: &'static str,
        cause: impl Into<String>,
        field: &str,
        value: &str,
    ) {
        let notice =
            Fault::notice(code, cause, "no action is needed; the rule is in the data dictionary");
        let notice = self.placed_at(notice, field, value);
        self.excluded.push(notice);
    }

    pub(super) fn fault(&mut self, fault: Fault, field: &str, value: &str) {
        let fault = self.placed_at(fault, field, value);
        self.findings.push(fault);
    }
}
