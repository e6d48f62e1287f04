//! Whether each span of a plan is one the input allows, and what it is really long and costs.
//!
//! In: a plan and the input as places. Out: violations, and for each span the length and price that
//! the input gives it ([`SpanFacts`]), with which everything after is judged.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use crate::check::index::{Index, is_near};
use crate::check::prices::SpanPrices;
use crate::check::references::{ends_of, piece_of, source};
use crate::geometry::{Point, Stretch};
use crate::model::{InputSpan, ItemSort, NetworkSource, Noding, Scenario, is_usable};
use crate::plan::{Origin, Plan, PlanSpan, Violation};
use crate::units::{Amount, Millimetres, Pence};

/// Spans that are judged by one thread in one go.
const SIDE_BY_SIDE: usize = 1024;

/// What the input says of a span of the plan.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(super) struct SpanFacts {
    pub(super) length: Millimetres,
    pub(super) cost: Pence,
}

/// What the input says of one span, as far as the input knows it.
struct Expected<'a> {
    facts: SpanFacts,
    method: &'a str,
    line: Option<Vec<Point>>,
}

/// A piece of an input span that ends at a junction.
struct Visit<'a> {
    id: &'a str,
    span: usize,
    input: &'a InputSpan,
    at: Point,
    is_end: bool,
}

/// Judges every span by itself, then pieces of one input span and pieces that meet.
pub(super) fn judge(
    scenario: &Scenario,
    plan: &Plan,
    index: &Index,
    found: &mut Vec<Violation>,
) -> Vec<SpanFacts> {
    let prices = &SpanPrices::new(scenario);
    // Each by itself, so side by side; violations are sorted in the end.
    let by_itself = |spans: &[PlanSpan]| {
        let mut found = Vec::new();
        let mut judge = Judge { scenario, index, prices, found: &mut found };
        let facts: Vec<SpanFacts> = spans.iter().map(|span| judge.facts(span)).collect();
        (facts, found)
    };
    let judged: Vec<(Vec<SpanFacts>, Vec<Violation>)> =
        plan.spans.par_chunks(SIDE_BY_SIDE).map(by_itself).collect();
    let mut facts = Vec::with_capacity(plan.spans.len());
    for (of_spans, violations) in judged {
        facts.extend(of_spans);
        found.extend(violations);
    }
    let mut judge = Judge { scenario, index, prices, found };
    let mut ids: Vec<&str> = plan.spans.iter().map(|span| span.id.as_str()).collect();
    if !ids.is_sorted_by(|one, next| one < next) {
        ids.sort_unstable();
        let twice: BTreeSet<&str> =
            ids.windows(2).filter(|pair| pair[0] == pair[1]).map(|pair| pair[0]).collect();
        for span in plan.spans.iter().filter(|span| twice.contains(span.id.as_str())) {
            judge.report("V200", span, "another span has this id");
        }
    }
    judge.overlaps(plan);
    judge.meetings(plan);
    facts
}

struct Judge<'a, 'f> {
    scenario: &'a Scenario,
    index: &'a Index<'a>,
    prices: &'a SpanPrices<'a>,
    found: &'f mut Vec<Violation>,
}

impl<'a> Judge<'a, '_> {
    fn report(&mut self, code: &'static str, span: &PlanSpan, cause: impl Into<String>) {
        self.found.push(Violation::new(code, format_args!("span:{}", span.id), cause));
    }

    /// What is so of a span, compared with what the plan says.
    fn facts(&mut self, span: &PlanSpan) -> SpanFacts {
        match self.span(span) {
            Some(mut expected) => {
                let facts = &mut expected.facts;
                let (sort, year) = (ItemSort::Span, span.year);
                facts.cost = self.scenario.item_price(sort, &span.id, year, facts.cost);
                self.compare(span, &expected)
            }
            None => SpanFacts { length: span.length, cost: span.cost },
        }
    }

    /// What the input says of a span; `None` when it has no such span.
    fn span(&mut self, span: &PlanSpan) -> Option<Expected<'a>> {
        let Some(ends) = ends_of(span) else {
            self.report("V200", span, "its ends are not two junctions named x,y");
            return None;
        };
        if ends[0] == ends[1] {
            self.report("V200", span, "it ends where it begins");
        }
        let from_lines = self.scenario.network.from == NetworkSource::Spans;
        if from_lines == (span.origin == Origin::Proximity) {
            let cause = "the network of the scenario has no spans of this origin";
            self.report("V200", span, cause);
            return None;
        }
        match span.origin {
            Origin::Input => self.piece(span, ends),
            Origin::Proximity => self.link(span, ends),
            Origin::LeadIn => self.lead_in(span, ends),
        }
    }

    fn piece(&mut self, span: &PlanSpan, ends: [Point; 2]) -> Option<Expected<'a>> {
        let scenario = self.scenario;
        let Some((_, input)) = source(scenario, span) else {
            self.report("V200", span, "the input has no span of its source_id");
            return None;
        };
        if !is_usable(input) {
            self.report("V200", span, "its input span is a barrier or has no length");
            return None;
        }
        let Some([from, to]) = piece_of(span, input) else {
            let cause = format!("from_mm and to_mm are no part of {} m", input.length);
            self.report("V200", span, cause);
            return None;
        };
        let Some(stretch) = Stretch::new(scenario.tables.plane, &input.line, input.length) else {
            self.report("V200", span, "its input span has no line");
            return None;
        };
        let stops = [from, to].map(|along| stretch.at(along));
        let slack = stretch.coarseness();
        let fits = |ends: [Point; 2]| {
            let is_at = |stop, end| self.is_junction_of(stop, end, slack);
            is_at(stops[0], ends[0]) && is_at(stops[1], ends[1])
        };
        let turned = !fits(ends);
        if turned && !fits([ends[1], ends[0]]) {
            self.report("V200", span, "its ends are not where the piece begins and ends");
        }
        let mut line = stretch.cut(from, to);
        if turned {
            line.reverse();
        }
        if let [first, .., last] = line.as_mut_slice() {
            [*first, *last] = ends;
        }
        let length = Millimetres::new(to.get() - from.get());
        let Some(cost) = self.prices.piece(input, [from, to]) else {
            self.report("V210", span, format!("the rate card has no method {:?}", input.method));
            return None;
        };
        let facts = SpanFacts { length, cost };
        Some(Expected { facts, method: &input.method, line: Some(line) })
    }

    fn link(&mut self, span: &PlanSpan, ends: [Point; 2]) -> Option<Expected<'a>> {
        for end in ends {
            if !self.index.is_position(end) {
                let cause = format!("{},{} is not a position in the input", end.x, end.y);
                self.report("V200", span, cause);
                return None;
            }
        }
        let settings = &self.scenario.network;
        let straight = self.scenario.tables.plane.length(ends[0], ends[1]);
        if straight > settings.max_link {
            let cause = format!("{straight} m is longer than max_link_m {}", settings.max_link);
            self.report("V200", span, cause);
        }
        if self.index.is_barred(ends) {
            self.report("V200", span, "a barrier lies across it");
        }
        if let Some(point) = self.index.blocks_link(ends[0], ends[1]) {
            let cause = format!("position {},{} lies between its ends", point.x, point.y);
            self.report("V200", span, cause);
        }
        let expected = self.laid(&settings.method, settings.link_length(straight), ends);
        if expected.is_none() {
            let cause = format!("the rate card has no method {:?}", settings.method);
            self.report("V210", span, cause);
        }
        expected
    }

    fn lead_in(&mut self, span: &PlanSpan, ends: [Point; 2]) -> Option<Expected<'a>> {
        let served = span.source_id.as_deref().and_then(|id| self.index.served_position(id));
        let Some(own) = served else {
            self.report("V200", span, "its source_id is not a building or exchange in the input");
            return None;
        };
        let far = match ends {
            [near, far] | [far, near] if near == own => far,
            _ => {
                self.report("V200", span, "it does not begin at what it serves");
                return None;
            }
        };
        let feet = self.index.feet(own);
        if !feet.iter().any(|(_, foot)| self.is_junction_of(foot.at, far, 0)) {
            self.report("V200", span, "it does not lead to the nearest point of a span");
        }
        let limit = self.scenario.network.snap_limit;
        let plane = self.scenario.tables.plane;
        let nearest = feet.first().map(|(_, foot)| plane.length(own, foot.at));
        if let Some(distance) = nearest.filter(|&distance| distance > limit) {
            let cause = format!("{distance} m is farther than snap_limit_m {limit}");
            self.report("V200", span, cause);
        }
        let method = self.scenario.rate_card.lead_in_method.as_deref();
        let length = plane.length(ends[0], ends[1]);
        let expected = method.and_then(|method| self.laid(method, length, ends));
        if expected.is_none() {
            self.report("V210", span, "the rate card has no method for lead-ins");
        }
        expected
    }

    /// A straight link of a length laid by a method; `None` when it has no price.
    fn laid(&self, method: &'a str, length: Millimetres, ends: [Point; 2]) -> Option<Expected<'a>> {
        let cost = self.prices.straight(method, length, ends)?;
        Some(Expected { facts: SpanFacts { length, cost }, method, line: Some(ends.to_vec()) })
    }

    /// Compares what the plan states with what the input says, which is returned.
    fn compare(&mut self, span: &PlanSpan, expected: &Expected) -> SpanFacts {
        let Expected { facts, method, line } = expected;
        let is_stated = span.length > Millimetres::ZERO || span.cost != Pence::ZERO;
        if is_stated && span.length != facts.length {
            let cause = format!("its length is {} m, not {} m", facts.length, span.length);
            self.report("V210", span, cause);
        }
        if is_stated && span.cost != facts.cost {
            let cause =
                format!("it costs {}, not {}", Amount::Money(facts.cost), Amount::Money(span.cost));
            self.report("V210", span, cause);
        }
        if !span.method.is_empty() && span.method != *method {
            let cause = format!("its method is {method:?}, not {:?}", span.method);
            self.report("V210", span, cause);
        }
        let line = line.as_deref().unwrap_or(&[]);
        if !span.geometry.is_empty() && span.geometry != line {
            self.report("V210", span, "its geometry is not that of the input");
        }
        *facts
    }

    /// Pieces of one input span must not overlap.
    fn overlaps(&mut self, plan: &Plan) {
        let mut pieces: BTreeMap<usize, Vec<([Millimetres; 2], &PlanSpan)>> = BTreeMap::new();
        for span in plan.spans.iter().filter(|span| span.origin == Origin::Input) {
            if let Some((place, input)) = source(self.scenario, span)
                && let Some(piece) = piece_of(span, input)
            {
                pieces.entry(place).or_default().push((piece, span));
            }
        }
        for pieces in pieces.values_mut() {
            pieces.sort_by_key(|(piece, _)| *piece);
            let mut reach: Option<(Millimetres, &str)> = None;
            for (piece, span) in pieces.iter() {
                if let Some((_, other)) = reach.filter(|(end, _)| piece[0] < *end) {
                    self.report("V200", span, format!("it overlaps span {other:?}"));
                }
                if reach.is_none_or(|(end, _)| piece[1] > end) {
                    reach = Some((piece[1], &span.id));
                }
            }
        }
        let mut links = BTreeSet::new();
        for span in plan.spans.iter().filter(|span| span.origin == Origin::Proximity) {
            let mut ends = span.ends.clone();
            ends.sort_unstable();
            if !links.insert(ends) {
                self.report("V200", span, "another span is the same link");
            }
        }
    }

    /// Pieces of different input spans meet only where the noding says, or where something is joined.
    fn meetings(&mut self, plan: &Plan) {
        let mut at_junction: BTreeMap<&str, Vec<Visit>> = BTreeMap::new();
        for span in plan.spans.iter().filter(|span| span.origin == Origin::Input) {
            let Some((place, input)) = source(self.scenario, span) else { continue };
            let (Some(piece), Some(ends)) = (piece_of(span, input), ends_of(span)) else {
                continue;
            };
            let Some(stretch) = Stretch::new(self.scenario.tables.plane, &input.line, input.length)
            else {
                continue;
            };
            let stop = stretch.at(piece[0]);
            let begins = self.is_junction_of(stop, ends[0], stretch.coarseness());
            let stops = if begins { piece } else { [piece[1], piece[0]] };
            for (name, stop) in span.ends.iter().zip(stops) {
                let is_end = stop == Millimetres::ZERO || stop == input.length;
                let at = stretch.at(stop);
                let visit = Visit { id: &span.id, span: place, input, at, is_end };
                at_junction.entry(name).or_default().push(visit);
            }
        }
        for visits in at_junction.values() {
            for (place, visit) in visits.iter().enumerate() {
                let others = visits[..place].iter().filter(|other| other.span != visit.span);
                for other in others {
                    if !self.may_meet(visit, other) {
                        let cause = format!("it does not meet span {:?} there", other.id);
                        self.found.push(Violation::new(
                            "V200",
                            format_args!("span:{}", visit.id),
                            cause,
                        ));
                    }
                }
            }
        }
    }

    /// Whether a place on a span, a millimetre of whose length is so coarse on the plane, is a junction.
    fn is_junction_of(&self, place: Point, junction: Point, coarseness: u64) -> bool {
        let near = |place, distance| is_near(place, junction, distance).then_some(junction);
        self.index.joined(place, i128::from(coarseness), near).is_some()
    }

    fn may_meet(&self, one: &Visit, other: &Visit) -> bool {
        let is_foot = |visit: &Visit| self.index.is_foot(visit.span, visit.at);
        // What is cut there for another reason is joined to whatever else is.
        let joined = |visit: &Visit| {
            visit.is_end || is_foot(visit) || self.index.is_met(visit.span, visit.at)
        };
        if one.is_end && other.is_end && !is_foot(one) && !is_foot(other) {
            // With more noding, meetings elsewhere on the two spans may join their ends.
            let only_ends = [Noding::Ends, Noding::Nodes].contains(&self.scenario.network.noding);
            return !only_ends || self.index.are_joined(one.at, other.at);
        }
        let noded = match self.scenario.network.noding {
            Noding::Ends | Noding::Nodes => one.is_end && other.is_end,
            Noding::Touches => one.is_end || other.is_end,
            Noding::Crossings => {
                one.input.level == other.input.level || (one.is_end && other.is_end)
            }
        };
        noded || (joined(one) && joined(other))
    }
}
