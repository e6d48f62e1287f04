//! What was judged, as text for a terminal: an input without faults, and a plan.

use crate::report::{CheckedSummary, JudgedSummary, ViolationSummary};
use crate::write::text::{count, counted, one_line, paragraph};

/// An input without faults in a sentence.
#[must_use]
pub fn checked_text(checked: &CheckedSummary) -> String {
    let text = format!(
        "{}: no faults. {} in {} ({} joined to the network), {}, {}, {}.",
        one_line(&checked.scenario),
        counted(checked.sites, "site"),
        counted(checked.buildings, "building"),
        count(checked.buildings_joined),
        counted(checked.exchanges, "exchange"),
        counted(checked.network_nodes, "junction"),
        counted(checked.network_edges, "span"),
    );
    paragraph("", &text)
}

/// The result of judging a plan: a paragraph for each violation, then what is not verified and how many
/// violations there are.
#[must_use]
pub fn judged_text(judged: &JudgedSummary) -> String {
    let payments = judged.payments.iter().map(|remark| paragraph("", remark));
    let violation = |ViolationSummary { code, subject, cause }: &ViolationSummary| {
        paragraph(&format!("{code} "), &format!("{}: {}", one_line(subject), one_line(cause)))
    };
    let violations = judged.violations.iter().map(violation);
    let unverified = judged.unverified.iter().map(|open| paragraph("not verified: ", open));
    let last = match judged.violations.len() {
        0 => "no violations\n".to_owned(),
        many => format!("{} in all\n", counted(many, "violation")),
    };
    payments.chain(violations).chain(unverified).chain([last]).collect()
}
