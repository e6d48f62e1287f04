//! The plan in the Open Fibre Data Standard: nodes, spans, phases and who funds them, as JSON.
//!
//! In: a scenario, its outcome and the report on it. Out: text that is the same for the same answer. A plan is a
//! proposal, so it has no contracts, dates, suppliers or network providers, and nothing is said of them.

mod network;
mod parts;
mod version;

use std::path::Path;

use crate::files::FileTarget;
use crate::model::Scenario;
use crate::plan::{Outcome, Plan};
use crate::report::Report;
use crate::text::json;
use network::Network;
use serde::Serialize;
use version::SAYS;

pub use version::OfdsVersion;

/// A network in the standard as a file that is to be written.
#[must_use]
pub fn ofds_file(file: &Path) -> FileTarget<'_> {
    let is_ours = |bytes: &[u8]| {
        let head = &bytes[..bytes.len().min(4096)];
        bytes.starts_with(b"{\"networks\":[{\"id\":\"")
            && String::from_utf8_lossy(head).contains(SAYS)
    };
    FileTarget {
        file,
        noun: "network in the Open Fibre Data Standard that this library wrote",
        is_ours,
    }
}

/// The text of a package of one network: what the plan builds. Identifiers are of version 5 and made from the
/// scenario and the plan, so the same plan has the same ones.
#[must_use]
pub fn ofds(
    scenario: &Scenario,
    outcome: &Outcome,
    report: &Report,
    version: OfdsVersion,
) -> String {
    let empty = Plan::default();
    let plan = outcome.plan.as_ref().unwrap_or(&empty);
    let network = Network::of(scenario, plan, &outcome.provenance, report, version);
    let mut text = format!("{{\"networks\":[{{\"id\":{}", shown(&network.id));
    let mut add = |key: &str, value: &str| {
        text.extend([",\n\"", key, "\":", value]);
    };
    add("name", &shown(&network.name));
    add("accuracyDetails", &shown(&network.accuracy));
    add("language", "\"en\"");
    add(
        "crs",
        "{\"name\":\"urn:ogc:def:crs:OGC::CRS84\",\"uri\":\"http://www.opengis.net/def/crs/OGC/1.3/CRS84\"}",
    );
    add("links", &format!("[{{\"href\":\"{}\",\"rel\":\"describedby\"}}]", version.schema()));
    // The standard knows no empty lists.
    let mut list = |key: &str, rows: Vec<String>| {
        if !rows.is_empty() {
            add(key, &format!("[\n{}\n]", rows.join(",\n")));
        }
    };
    list("organisations", network.organisations.iter().map(shown).collect());
    list("phases", network.phases.iter().map(shown).collect());
    list("nodes", network.nodes.iter().map(shown).collect());
    list("spans", network.spans.iter().map(shown).collect());
    text + "}]}\n"
}

/// A value on one line; characters that could control a screen are written as JSON escapes them.
fn shown<T: Serialize>(value: &T) -> String {
    // All keys are texts, so serialising cannot fail.
    json(&serde_json::to_string(value).unwrap_or_default()).into_owned()
}
