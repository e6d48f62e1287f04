//! Built spans as a page draws them.

use rayon::prelude::*;
use serde::Serialize;

use crate::geometry::{Plane, Point, simplified};
use crate::model::Scenario;
use crate::plan::{Item, Origin, Plan, PlanSpan, junction_point};
use crate::report::Report;
use crate::report::page::place::At;
use crate::units::{Millimetres, Pence, Weight, Year};

/// Lines on a page stay this close to what is built.
const TOLERANCE: Millimetres = Millimetres::new(2_000);

/// A span that the plan builds.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PageSpan {
    /// Its id.
    pub id: String,
    /// The input span it is a piece of; empty for proximity links and lead-ins.
    pub along: String,
    /// Where it comes from.
    pub origin: Origin,
    /// Its line, simplified, from the side of the exchange.
    pub line: Vec<At>,
    /// Rate-card method.
    pub method: String,
    /// Its length.
    pub length: Millimetres,
    /// Its price.
    pub cost: Pence,
    /// Places of the programmes that pay for it, in order.
    pub programmes: Vec<usize>,
    /// The year it is built.
    pub year: Option<Year>,
    /// Id of the exchange that feeds it; empty where none does.
    pub exchange: String,
    /// Place of the span before it, in the list that holds this one.
    pub before: Option<usize>,
    /// Sites that hang on it.
    pub sites: usize,
    /// Their coverage.
    pub coverage: Weight,
}

/// The spans of a plan in build order, then those that no exchange reaches.
pub(super) fn spans(scenario: &Scenario, plan: &Plan, report: &Report) -> Vec<PageSpan> {
    let payers = payers(scenario, plan);
    let forest = &report.forest;
    let plane = &scenario.tables.plane;
    let built = forest.spans.par_iter().map(|built| {
        let span = &plan.spans[built.span];
        let mut own = of_plan(plane, span, payers[built.span].clone());
        if span.ends[0] != built.near {
            own.line.reverse();
        }
        let root = &forest.roots[built.root];
        own.exchange.clone_from(&plan.exchanges[root.exchange].id);
        own.before = built.before;
        own.sites = built.sites;
        own.coverage = built.weight;
        own
    });
    let mut spans: Vec<PageSpan> = built.collect();
    let loose = forest.loose_spans.iter();
    spans.extend(loose.map(|&place| of_plan(plane, &plan.spans[place], payers[place].clone())));
    spans
}

fn of_plan(plane: &Plane, span: &PlanSpan, programmes: Vec<usize>) -> PageSpan {
    let mut line: Vec<Point> = span.geometry.clone();
    if line.len() < 2 {
        // A hand-made plan may give the ends alone.
        line = span.ends.iter().filter_map(|end| junction_point(end)).collect();
    }
    let mut line: Vec<At> =
        simplified(&line, TOLERANCE).into_iter().map(|point| At::of(plane, point)).collect();
    // What is shorter than a unit is still a line with two ends.
    if line.len() > 2 {
        line.dedup();
    }
    PageSpan {
        id: span.id.clone(),
        along: match span.origin {
            Origin::Input => span.source_id.clone().unwrap_or_else(|| span.id.clone()),
            Origin::Proximity | Origin::LeadIn => String::new(),
        },
        origin: span.origin,
        line,
        method: span.method.clone(),
        length: span.length,
        cost: span.cost,
        programmes,
        year: span.year,
        exchange: String::new(),
        before: None,
        sites: 0,
        coverage: Weight::ZERO,
    }
}

/// By span of the plan: places of the programmes that pay for it, in order.
fn payers(scenario: &Scenario, plan: &Plan) -> Vec<Vec<usize>> {
    let mut places: Vec<(&str, usize)> =
        plan.spans.iter().enumerate().map(|(place, span)| (span.id.as_str(), place)).collect();
    places.sort_unstable();
    let mut payers: Vec<Vec<usize>> = vec![Vec::new(); plan.spans.len()];
    for payment in plan.payments.iter().filter(|payment| payment.pence > Pence::ZERO) {
        let Item::Span(id) = &payment.item else { continue };
        let Ok(found) = places.binary_search_by(|(own, _)| (*own).cmp(id)) else { continue };
        let programme = scenario.programmes.iter().position(|own| own.id == payment.programme);
        payers[places[found].1].extend(programme);
    }
    for own in &mut payers {
        own.sort_unstable();
        own.dedup();
    }
    payers
}
