//! A route network in brief: what it holds, what was left out, and what a clean-up would leave.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::error::Fault;
use crate::network::{Component, LineCounts, Prepared, StepReport};

/// A route network in brief, for JSON and for text.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct NetworkSummary {
    /// Junctions.
    pub junctions: usize,
    /// Spans.
    pub spans: usize,
    /// Length of all spans.
    pub length_m: f64,
    /// Connected parts of the network.
    pub components: usize,
    /// The largest of them.
    #[serde(skip)]
    pub largest: Vec<Component>,
    /// Buildings.
    pub buildings: usize,
    /// Buildings that are joined to the network.
    pub buildings_joined: usize,
    /// Exchanges.
    pub exchanges: usize,
    /// Exchanges that are joined to the network.
    pub exchanges_joined: usize,
    /// Positions merged into one.
    pub merged: usize,
    /// Links left out because they are too long.
    pub too_long: usize,
    /// Links left out because a barrier lies between.
    pub barred: usize,
    /// Barriers.
    pub barriers: usize,
    /// Self-loops left out.
    pub self_loops: usize,
    /// Spans without length left out.
    pub empty: usize,
    /// Parallel spans.
    pub parallel: usize,
    /// Spans cut where something joins them.
    pub cut: usize,
    /// Crossings by kind.
    pub crossings: BTreeMap<String, usize>,
    /// The lines of the input before anything is joined to them; `None` for networks of points.
    pub lines: Option<LineCounts>,
    /// What each step of a clean-up would leave.
    pub clean_up: Vec<StepReport>,
    /// Notices by code.
    pub notices: BTreeMap<&'static str, usize>,
}

impl NetworkSummary {
    /// A network in brief, with the steps of a clean-up and the notices on it and its input.
    #[must_use]
    pub fn of(prepared: &Prepared, clean_up: &[StepReport], notices: &[Fault]) -> Self {
        let report = prepared.report();
        let mut by_code = BTreeMap::new();
        for notice in notices {
            *by_code.entry(notice.code.0).or_default() += 1;
        }
        let buildings = prepared.buildings().iter().filter(|own| own.junction.is_some());
        let exchanges = prepared.exchanges().iter().filter(|own| own.junction.is_some());
        Self {
            junctions: prepared.junctions().len(),
            spans: prepared.spans().len(),
            length_m: report.length.metres(),
            components: report.components.len(),
            largest: report.components.iter().take(LARGEST).copied().collect(),
            buildings: prepared.buildings().len(),
            buildings_joined: buildings.count(),
            exchanges: prepared.exchanges().len(),
            exchanges_joined: exchanges.count(),
            merged: report.merged,
            too_long: report.too_long,
            barred: report.barred,
            barriers: report.barriers,
            self_loops: report.self_loops,
            empty: report.empty,
            parallel: report.parallel,
            cut: report.cut,
            crossings: prepared.crossing_counts(),
            lines: prepared.is_of_lines().then(|| prepared.line_counts()),
            clean_up: clean_up.to_vec(),
            notices: by_code,
        }
    }
}

/// Components that are told one by one.
const LARGEST: usize = 5;
