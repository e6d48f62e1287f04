//! The build list: what a contractor prices, exchange by exchange, in build order.

use std::collections::BTreeMap;

use crate::geometry::Point;
use crate::model::{Scenario, Tables};
use crate::plan::{Origin, Plan, PlanDrop, junction_point};
use crate::report::tables::MethodLine;
use crate::report::{Crossings, Forest, Running, SpanCrossings};
use crate::units::{Millimetres, Pence, Weight, Year};

/// What one row of the build list is.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Ord, PartialOrd)]
pub enum BuildStep {
    /// Enable an exchange.
    Exchange,
    /// Build a span.
    Span,
    /// Build a drop into a building.
    Drop,
    /// What an exchange's spans of one method come to.
    MethodSubtotal,
    /// What an exchange with all its spans and drops comes to.
    ExchangeSubtotal,
    /// What the plan comes to.
    Total,
}

impl BuildStep {
    /// Its word in the file.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Exchange => "exchange",
            Self::Span => "span",
            Self::Drop => "drop",
            Self::MethodSubtotal => "method_subtotal",
            Self::ExchangeSubtotal => "exchange_subtotal",
            Self::Total => "total",
        }
    }
}

/// One row of the build list. Fields that do not apply are empty or zero.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct BuildRow {
    /// Id of the exchange; empty for what no exchange reaches and in the total.
    pub exchange: String,
    /// Number of the step within its exchange, from 1; 0 on subtotals.
    pub step: usize,
    /// What the row is.
    pub kind: BuildStep,
    /// Id of the exchange, span or building.
    pub id: String,
    /// Name of the exchange, or of the sites that a drop connects.
    pub name: String,
    /// Id of the span to be built before it.
    pub after: String,
    /// Where a span begins, on the side of the exchange, on the working plane.
    pub from: Option<Point>,
    /// Where a span ends, or where an exchange or a building stands.
    pub to: Option<Point>,
    /// Where a span comes from.
    pub origin: Option<Origin>,
    /// Rate-card method.
    pub method: String,
    /// Length of a span, or of the spans of a subtotal; `None` for exchanges and drops.
    pub length: Option<Millimetres>,
    /// Length of the route from the exchange to the far end.
    pub route: Option<Millimetres>,
    /// Price.
    pub cost: Pence,
    /// Rent a year, which the price includes at its worth today.
    pub rent: Pence,
    /// Railways, rivers and major roads crossed, which the price includes.
    pub crossings: Crossings,
    /// Buildings that hang on it.
    pub buildings: usize,
    /// Sites in these buildings.
    pub sites: usize,
    /// Their coverage under the first weight of the objective.
    pub weight: Weight,
    /// Year in which it is built.
    pub year: Option<Year>,
}

/// The build list of a plan.
///
/// Exchanges in the order of the plan; each with its spans branch by branch, every span after the one
/// that feeds it, a drop straight after the span that reaches its building; then subtotals by method
/// and for the exchange. What no exchange reaches comes after them, the total last. Rows of kind
/// `exchange`, `span` and `drop` add up to the total, and so do the exchange subtotals with what no
/// exchange reaches.
#[must_use]
pub fn build_list(scenario: &Scenario, plan: &Plan) -> Vec<BuildRow> {
    build_list_of(scenario, plan, &Forest::of(scenario, plan))
}

/// The build list of a plan whose forest is known.
#[must_use]
pub fn build_list_of(scenario: &Scenario, plan: &Plan, forest: &Forest) -> Vec<BuildRow> {
    let listing = Listing::of(scenario, plan, forest);
    let mut rows = Vec::new();
    for root in 0..forest.roots.len() {
        rows.extend(listing.tree(root));
    }
    rows.extend(listing.loose());
    rows.push(listing.total());
    rows
}

/// The first rows of the build list of a plan that are steps: exchanges, spans and drops. Every one of these in
/// the plan is a step of the whole list.
#[must_use]
pub fn first_steps(
    scenario: &Scenario,
    plan: &Plan,
    forest: &Forest,
    most: usize,
) -> Vec<BuildRow> {
    let listing = Listing::of(scenario, plan, forest);
    let trees = (0..forest.roots.len()).flat_map(|root| listing.tree(root));
    let all = trees.chain(std::iter::once_with(|| listing.loose()).flatten());
    all.filter(|row| row.step > 0).take(most).collect()
}

struct Listing<'a> {
    scenario: &'a Scenario,
    tables: &'a Tables,
    plan: &'a Plan,
    forest: &'a Forest,
    crossings: SpanCrossings<'a>,
    /// Where each building stands.
    buildings: BTreeMap<String, Point>,
    /// Places in `forest.drops` by root and last span.
    drops_after: BTreeMap<(usize, Option<usize>), Vec<usize>>,
}

impl<'a> Listing<'a> {
    fn of(scenario: &'a Scenario, plan: &'a Plan, forest: &'a Forest) -> Self {
        let mut drops_after: BTreeMap<(usize, Option<usize>), Vec<usize>> = BTreeMap::new();
        for (place, served) in forest.drops.iter().enumerate() {
            drops_after.entry((served.root, served.last)).or_default().push(place);
        }
        let tables = &scenario.tables;
        let crossings = SpanCrossings::new(scenario);
        let buildings = scenario.buildings().into_iter().map(|own| (own.id, own.at)).collect();
        Self { scenario, tables, plan, forest, crossings, buildings, drops_after }
    }

    fn tree(&self, root: usize) -> Vec<BuildRow> {
        let head = &self.forest.roots[root];
        let exchange = &self.plan.exchanges[head.exchange];
        let mut rows = vec![BuildRow {
            id: exchange.id.clone(),
            name: self.exchange_name(&exchange.id),
            to: self.exchange_at(&exchange.id),
            cost: exchange.cost,
            buildings: head.buildings,
            sites: head.sites,
            weight: head.weight,
            ..blank(&exchange.id, BuildStep::Exchange)
        }];
        self.hang(root, None, &exchange.id, &mut rows);
        // The spans of one exchange stand together, in the order of the roots.
        let first = self.forest.spans.partition_point(|built| built.root < root);
        let beyond = self.forest.spans.partition_point(|built| built.root <= root);
        for place in first..beyond {
            rows.push(self.span(place, &exchange.id));
            self.hang(root, Some(place), &exchange.id, &mut rows);
        }
        for (step, row) in rows.iter_mut().enumerate() {
            row.step = step + 1;
        }
        let subtotals = subtotals(&exchange.id, &rows);
        rows.extend(subtotals);
        rows
    }

    fn span(&self, place: usize, exchange: &str) -> BuildRow {
        let built = &self.forest.spans[place];
        let span = &self.plan.spans[built.span];
        BuildRow {
            id: span.id.clone(),
            after: self.span_id(built.before),
            from: junction_point(&built.near),
            to: junction_point(&built.far),
            origin: Some(span.origin),
            method: span.method.clone(),
            length: Some(span.length),
            route: Some(built.reach),
            cost: span.cost,
            rent: Running::of_span(self.scenario, span).per_year,
            crossings: self.crossings.of_span(span),
            buildings: built.buildings,
            sites: built.sites,
            weight: built.weight,
            year: span.year,
            ..blank(exchange, BuildStep::Span)
        }
    }

    fn hang(&self, root: usize, last: Option<usize>, exchange: &str, rows: &mut Vec<BuildRow>) {
        for &place in self.drops_after.get(&(root, last)).into_iter().flatten() {
            let served = &self.forest.drops[place];
            let drop = &self.plan.drops[served.drop];
            rows.push(BuildRow {
                id: drop.building.clone(),
                name: self.site_names(drop),
                after: self.span_id(last),
                to: self.buildings.get(&drop.building).copied(),
                route: Some(drop.route),
                cost: drop.cost,
                buildings: 1,
                sites: drop.sites.len(),
                weight: served.weight,
                year: drop.year,
                ..blank(exchange, BuildStep::Drop)
            });
        }
    }

    fn exchange_name(&self, id: &str) -> String {
        let exchange = self.tables.exchange_by_id(id);
        exchange.map_or_else(String::new, |ix| self.tables.exchange(ix).name.clone())
    }

    fn exchange_at(&self, id: &str) -> Option<Point> {
        self.tables.exchange_by_id(id).map(|ix| self.tables.exchange(ix).at)
    }

    fn site_names(&self, drop: &PlanDrop) -> String {
        let sites = drop.sites.iter().filter_map(|id| self.tables.site_by_id(id));
        let names: Vec<&str> = sites.map(|site| self.tables.site(site).name.as_str()).collect();
        names.join("; ")
    }

    fn span_id(&self, built: Option<usize>) -> String {
        built.map_or_else(String::new, |built| {
            self.plan.spans[self.forest.spans[built].span].id.clone()
        })
    }

    fn loose(&self) -> Vec<BuildRow> {
        let spans = self.forest.loose_spans.iter().map(|&place| {
            let span = &self.plan.spans[place];
            BuildRow {
                id: span.id.clone(),
                from: junction_point(&span.ends[0]),
                to: junction_point(&span.ends[1]),
                origin: Some(span.origin),
                method: span.method.clone(),
                length: Some(span.length),
                cost: span.cost,
                rent: Running::of_span(self.scenario, span).per_year,
                crossings: self.crossings.of_span(span),
                year: span.year,
                ..blank("", BuildStep::Span)
            }
        });
        let drops = self.forest.loose_drops.iter().map(|&place| {
            let drop = &self.plan.drops[place];
            BuildRow {
                id: drop.building.clone(),
                name: self.site_names(drop),
                to: self.buildings.get(&drop.building).copied(),
                cost: drop.cost,
                buildings: 1,
                sites: drop.sites.len(),
                year: drop.year,
                ..blank("", BuildStep::Drop)
            }
        });
        let mut rows: Vec<BuildRow> = spans.chain(drops).collect();
        for (step, row) in rows.iter_mut().enumerate() {
            row.step = step + 1;
        }
        rows
    }

    fn total(&self) -> BuildRow {
        let lengths = self.plan.spans.iter().map(|span| span.length);
        BuildRow {
            length: Some(lengths.sum()),
            cost: self.plan.cost(),
            rent: Running::of_plan(self.scenario, self.plan).per_year,
            crossings: self.crossings.of_plan(self.plan),
            buildings: self.plan.drops.len(),
            sites: self.plan.drops.iter().map(|drop| drop.sites.len()).sum(),
            weight: self.forest.roots.iter().map(|root| root.weight).sum(),
            ..blank("", BuildStep::Total)
        }
    }
}

/// The subtotals of an exchange's rows: one a method, then the exchange.
fn subtotals(exchange: &str, rows: &[BuildRow]) -> Vec<BuildRow> {
    let mut methods: BTreeMap<&str, (MethodLine, Pence, Crossings)> = BTreeMap::new();
    for row in rows.iter().filter(|row| row.kind == BuildStep::Span) {
        let (line, rent, crossings) = methods.entry(&row.method).or_default();
        *rent += row.rent;
        *crossings = std::mem::take(crossings).and(&row.crossings);
        line.length = line.length + row.length.unwrap_or_default();
        line.cost += row.cost;
    }
    let mut subtotals: Vec<BuildRow> = methods
        .into_iter()
        .map(|(method, (line, rent, crossings))| BuildRow {
            method: method.to_owned(),
            length: Some(line.length),
            cost: line.cost,
            rent,
            crossings,
            ..blank(exchange, BuildStep::MethodSubtotal)
        })
        .collect();
    let drops = rows.iter().filter(|row| row.kind == BuildStep::Drop);
    subtotals.push(BuildRow {
        length: Some(rows.iter().filter_map(|row| row.length).sum()),
        cost: rows.iter().map(|row| row.cost).sum(),
        rent: rows.iter().map(|row| row.rent).sum(),
        crossings: rows.iter().fold(Crossings::default(), |sum, row| sum.and(&row.crossings)),
        buildings: drops.clone().count(),
        sites: drops.clone().map(|row| row.sites).sum(),
        weight: drops.map(|row| row.weight).sum(),
        ..blank(exchange, BuildStep::ExchangeSubtotal)
    });
    subtotals
}

fn blank(exchange: &str, kind: BuildStep) -> BuildRow {
    BuildRow {
        exchange: exchange.to_owned(),
        step: 0,
        kind,
        id: String::new(),
        name: String::new(),
        after: String::new(),
        from: None,
        to: None,
        origin: None,
        method: String::new(),
        length: None,
        route: None,
        cost: Pence::ZERO,
        rent: Pence::ZERO,
        crossings: Crossings::default(),
        buildings: 0,
        sites: 0,
        weight: Weight::ZERO,
        year: None,
    }
}
