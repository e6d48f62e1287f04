//! A route network as text for a terminal.

use std::fmt::Write as _;

use crate::network::Component;
use crate::report::NetworkSummary;
use crate::write::text::{count, one_line, paragraph, table};

/// What a network holds, what was left out, and what a clean-up would leave.
#[must_use]
pub fn network_text(summary: &NetworkSummary) -> String {
    let mut text = String::new();
    let mut line = |name: &str, value: usize| {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{name:<28}{:>12}", count(value));
    };
    for (name, value) in counts(summary) {
        line(name, value);
    }
    for (kind, &crossings) in &summary.crossings {
        line(&format!("crossings of a {}", one_line(kind)), crossings);
    }
    let kilometres = format!("{:.1}", summary.length_m / 1000.0);
    let _ = writeln!(text, "{:<28}{kilometres:>12}", "length, km");
    let _ = writeln!(text, "{:<28}{:>12}", "components", count(summary.components));
    for Component { junctions, spans, buildings, exchanges } in &summary.largest {
        let parts = [
            format!("{} junctions", count(*junctions)),
            format!("{} spans", count(*spans)),
            format!("{} buildings", count(*buildings)),
            format!("{} exchanges", count(*exchanges)),
        ];
        text.push_str(&paragraph("  ", &parts.join(", ")));
    }
    if let Some(lines) = &summary.lines {
        let told = format!(
            "before anything is joined: {} junctions, {} spans, {} components, {} self-loops, {} parallel",
            count(lines.junctions),
            count(lines.spans),
            count(lines.components),
            count(lines.self_loops),
            count(lines.parallel)
        );
        text.push_str(&paragraph("the lines ", &told));
    }
    for (code, notices) in &summary.notices {
        let _ = writeln!(text, "{:<28}{:>12}", format!("notices {code}"), count(*notices));
    }
    text + &clean_up(summary)
}

fn counts(summary: &NetworkSummary) -> [(&'static str, usize); 14] {
    [
        ("junctions", summary.junctions),
        ("spans", summary.spans),
        ("buildings", summary.buildings),
        ("  joined", summary.buildings_joined),
        ("exchanges", summary.exchanges),
        ("  joined", summary.exchanges_joined),
        ("merged positions", summary.merged),
        ("links too long", summary.too_long),
        ("links barred", summary.barred),
        ("barriers", summary.barriers),
        ("self-loops left out", summary.self_loops),
        ("spans without length", summary.empty),
        ("parallel spans", summary.parallel),
        ("spans cut", summary.cut),
    ]
}

/// What a clean-up would leave: the network itself stays whole.
fn clean_up(summary: &NetworkSummary) -> String {
    if summary.clean_up.is_empty() {
        return String::new();
    }
    let rows = summary.clean_up.iter().map(|step| {
        vec![
            step.step.name().to_owned(),
            count(step.removed),
            format!("{:.1}", step.removed_length.metres() / 1000.0),
            count(step.contracted),
            count(step.chains),
            count(step.junctions),
        ]
    });
    let header = ["cleaned up", "spans out", "km", "joined", "chains left", "junctions left"];
    table(&header, &rows.collect::<Vec<_>>())
}
