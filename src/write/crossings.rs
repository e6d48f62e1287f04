//! Crossings of railways, rivers and major roads in words: for the summary and for tables.

use crate::model::{CrossingPrice, Scenario};
use crate::report::{Crossings, Report};
use crate::units::{Millimetres, Pence};
use crate::write::text::{amount, count, gbp, paragraph, table};

/// The cell of a table: `railway 2; river 1`.
pub(super) fn cell(crossings: &Crossings) -> String {
    let kinds = crossings.0.iter().map(|(kind, (count, _))| format!("{kind} {count}"));
    kinds.collect::<Vec<_>>().join("; ")
}

/// The railways, rivers and major roads crossed; nothing where there are none.
pub(super) fn built(report: &Report) -> String {
    if report.crossings.is_empty() {
        return String::new();
    }
    let row = |(kind, (many, cost)): (&String, &(usize, Pence))| {
        vec![kind.clone(), count(*many), amount(*cost)]
    };
    let rows: Vec<Vec<String>> = report.crossings.0.iter().map(row).collect();
    let note = "The cost of crossings is part of that of their methods.";
    table(&["crossings", "number", "£"], &rows) + &paragraph("  ", note)
}

/// One line for each kind of line that costs something to cross.
pub(super) fn prices(scenario: &Scenario) -> Vec<String> {
    let line = |(kind, one): (&String, &CrossingPrice)| {
        let mut words = format!("Crossing of a {kind}: {}", gbp(one.price));
        if let Some(bridged) = one.bridged {
            words = format!("{words}, by a bridge or tunnel {}", gbp(bridged));
        }
        if one.together > Millimetres::ZERO {
            words = format!("{words}; those within {} m along a span are one", one.together);
        }
        if !one.not_for.is_empty() {
            let methods: Vec<&str> = one.not_for.iter().map(String::as_str).collect();
            words = format!("{words}; nothing for {}", methods.join(", "));
        }
        match &one.source {
            Some(source) => format!("{words} ({source})."),
            None => format!("{words}, given without a source."),
        }
    };
    scenario.rate_card.crossings.iter().map(line).collect()
}
