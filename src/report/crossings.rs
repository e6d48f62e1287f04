//! Crossings of railways, rivers and major roads: how many a plan makes, and what they cost.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use crate::model::{CrossingIndex, Scenario, surcharges, surcharges_of_piece};
use crate::plan::{Origin, Plan, PlanSpan, junction_point};
use crate::units::{Millimetres, Pence};

/// Crossings by kind: how many, and what they cost together.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Crossings(pub BTreeMap<String, (usize, Pence)>);

impl Crossings {
    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What all of them cost.
    #[must_use]
    pub fn cost(&self) -> Pence {
        self.0.values().map(|(_, cost)| *cost).sum()
    }

    /// The same with others.
    #[must_use]
    pub fn and(mut self, others: &Self) -> Self {
        for (kind, (count, cost)) in &others.0 {
            let mine = self.0.entry(kind.clone()).or_default();
            *mine = (mine.0 + count, mine.1 + *cost);
        }
        self
    }
}

/// Finds the crossings of spans of plans.
#[derive(Debug)]
pub struct SpanCrossings<'a> {
    scenario: &'a Scenario,
    index: OnceLock<CrossingIndex<'a>>,
}

impl<'a> SpanCrossings<'a> {
    /// For the plans of a scenario.
    #[must_use]
    pub fn new(scenario: &'a Scenario) -> Self {
        Self { scenario, index: OnceLock::new() }
    }

    /// The crossings that the price of a span pays for.
    #[must_use]
    pub fn of_span(&self, span: &PlanSpan) -> Crossings {
        let (tables, card) = (&self.scenario.tables, &self.scenario.rate_card);
        let lines = &tables.crossings;
        if lines.segments.is_empty() {
            return Crossings::default();
        }
        let index = self.index.get_or_init(|| CrossingIndex::new(tables));
        let id = span.source_id.as_deref().filter(|_| span.origin == Origin::Input);
        let input = id.and_then(|id| {
            let place = tables.spans.binary_search_by(|span| span.id.as_str().cmp(id)).ok()?;
            tables.spans.get(place)
        });
        let (crossed, from, to) = if let Some(input) = input {
            let to = span.to.unwrap_or(input.length);
            (index.of_span(input), span.from.unwrap_or_default(), to)
        } else {
            let [from, to] = [&span.ends[0], &span.ends[1]].map(|end| junction_point(end));
            let crossed = from.zip(to).map(|(from, to)| index.of_link([from, to]));
            (crossed.unwrap_or_default(), Millimetres::ZERO, Millimetres::new(u64::MAX))
        };
        let all = surcharges(lines, &crossed, card, &span.method);
        let mut found = Crossings::default();
        for one in surcharges_of_piece(input, &all, from, to) {
            let line = found.0.entry(lines.kinds[one.kind as usize].clone()).or_default();
            *line = (line.0 + 1, line.1 + one.price);
        }
        found
    }

    /// Those of all spans of a plan.
    #[must_use]
    pub fn of_plan(&self, plan: &Plan) -> Crossings {
        let spans = plan.spans.iter().map(|span| self.of_span(span));
        spans.fold(Crossings::default(), |sum, span| sum.and(&span))
    }
}
