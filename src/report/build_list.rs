//! The build list: what a contractor prices, in order of priority.

use std::collections::BTreeMap;

use crate::geometry::Point;
use crate::model::{Scenario, Tables};
use crate::plan::{Origin, Plan, PlanDrop, junction_point};
use crate::report::tables::MethodLine;
use crate::report::{Built, Crossings, Forest, Priority, PriorityStep, Running, SpanCrossings};
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
    /// Number of the step, from 1; 0 on subtotals.
    pub step: usize,
    /// The rank of the first building that uses it (see [`Priority`]), from 1; 0 where none does and on subtotals.
    pub rank: usize,
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
/// First all steps in order of priority ([`Priority`]), whatever the exchange, each after what feeds it; then, for
/// each exchange in the order of the plan, subtotals by method and one for all of it; the total last. Rows of
/// kind `exchange`, `span` and `drop` add up to the total, and so do the exchange subtotals with what no exchange
/// reaches.
#[must_use]
pub fn build_list(scenario: &Scenario, plan: &Plan) -> Vec<BuildRow> {
    let forest = Forest::of(scenario, plan);
    build_list_of(scenario, plan, &forest, &Priority::of(scenario, plan, &forest))
}

/// The build list of a plan whose forest and order are known.
#[must_use]
pub fn build_list_of(
    scenario: &Scenario,
    plan: &Plan,
    forest: &Forest,
    priority: &Priority,
) -> Vec<BuildRow> {
    let listing = Listing::of(scenario, plan, forest);
    let mut rows = listing.steps(&priority.steps);
    let mut of_root: Vec<Vec<usize>> = vec![Vec::new(); forest.roots.len()];
    for (row, step) in priority.steps.iter().enumerate() {
        if let Some(root) = listing.root(step.built) {
            of_root[root].push(row);
        }
    }
    for (root, own) in forest.roots.iter().zip(&of_root) {
        let own: Vec<&BuildRow> = own.iter().map(|&row| &rows[row]).collect();
        let subtotals = subtotals(&plan.exchanges[root.exchange].id, &own);
        rows.extend(subtotals);
    }
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
    priority: &Priority,
    most: usize,
) -> Vec<BuildRow> {
    let steps = &priority.steps[..most.min(priority.steps.len())];
    Listing::of(scenario, plan, forest).steps(steps)
}

struct Listing<'a> {
    scenario: &'a Scenario,
    tables: &'a Tables,
    plan: &'a Plan,
    forest: &'a Forest,
    crossings: SpanCrossings<'a>,
    /// Where each building stands.
    buildings: BTreeMap<String, Point>,
    /// By place in the plan: the place in `forest.spans`.
    spans: Vec<Option<usize>>,
    /// By place in the plan: the place in `forest.drops`.
    drops: Vec<Option<usize>>,
}

impl<'a> Listing<'a> {
    fn of(scenario: &'a Scenario, plan: &'a Plan, forest: &'a Forest) -> Self {
        let mut spans = vec![None; plan.spans.len()];
        for (place, built) in forest.spans.iter().enumerate() {
            spans[built.span] = Some(place);
        }
        let mut drops = vec![None; plan.drops.len()];
        for (place, served) in forest.drops.iter().enumerate() {
            drops[served.drop] = Some(place);
        }
        let tables = &scenario.tables;
        let crossings = SpanCrossings::new(scenario);
        let buildings = scenario.buildings().into_iter().map(|own| (own.id, own.at)).collect();
        Self { scenario, tables, plan, forest, crossings, buildings, spans, drops }
    }

    /// The place in `forest.roots` of the exchange that feeds a thing.
    fn root(&self, built: Built) -> Option<usize> {
        match built {
            // Each exchange of the plan is a root, in the same order.
            Built::Exchange(place) => Some(place),
            Built::Span(place) => self.spans[place].map(|place| self.forest.spans[place].root),
            Built::Drop(place) => self.drops[place].map(|place| self.forest.drops[place].root),
        }
    }

    fn steps(&self, steps: &[PriorityStep]) -> Vec<BuildRow> {
        let row = |(number, step): (usize, &PriorityStep)| {
            let root = self.root(step.built).map(|root| &self.forest.roots[root]);
            let exchange = root.map_or("", |root| self.plan.exchanges[root.exchange].id.as_str());
            let row = match step.built {
                Built::Exchange(place) => self.exchange(place, exchange),
                Built::Span(place) => self.span(place, exchange),
                Built::Drop(place) => self.drop(place, exchange),
            };
            BuildRow { step: number, rank: step.rank.unwrap_or(0), ..row }
        };
        (1..).zip(steps).map(row).collect()
    }

    fn exchange(&self, place: usize, id: &str) -> BuildRow {
        let head = &self.forest.roots[place];
        BuildRow {
            id: id.to_owned(),
            name: self.exchange_name(id),
            to: self.exchange_at(id),
            cost: self.plan.exchanges[place].cost,
            buildings: head.buildings,
            sites: head.sites,
            weight: head.weight,
            year: self.plan.exchanges[place].year,
            ..blank(id, BuildStep::Exchange)
        }
    }

    /// A span, from the side of the exchange; one that no exchange reaches as it stands in the plan.
    fn span(&self, place: usize, exchange: &str) -> BuildRow {
        let span = &self.plan.spans[place];
        let [from, to] = &span.ends;
        let row = BuildRow {
            id: span.id.clone(),
            from: junction_point(from),
            to: junction_point(to),
            origin: Some(span.origin),
            method: span.method.clone(),
            length: Some(span.length),
            cost: span.cost,
            rent: Running::of_span(self.scenario, span).per_year,
            crossings: self.crossings.of_span(span),
            year: span.year,
            ..blank(exchange, BuildStep::Span)
        };
        let Some(built) = self.spans[place].map(|place| &self.forest.spans[place]) else {
            return row;
        };
        BuildRow {
            after: self.span_id(built.before),
            from: junction_point(&built.near),
            to: junction_point(&built.far),
            route: Some(built.reach),
            buildings: built.buildings,
            sites: built.sites,
            weight: built.weight,
            ..row
        }
    }

    fn drop(&self, place: usize, exchange: &str) -> BuildRow {
        let drop = &self.plan.drops[place];
        let row = BuildRow {
            id: drop.building.clone(),
            name: self.site_names(drop),
            to: self.buildings.get(&drop.building).copied(),
            cost: drop.cost,
            buildings: 1,
            sites: drop.sites.len(),
            year: drop.year,
            ..blank(exchange, BuildStep::Drop)
        };
        let Some(served) = self.drops[place].map(|place| &self.forest.drops[place]) else {
            return row;
        };
        let after = self.span_id(served.last);
        BuildRow { after, route: Some(drop.route), weight: served.weight, ..row }
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
fn subtotals(exchange: &str, rows: &[&BuildRow]) -> Vec<BuildRow> {
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
        rank: 0,
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
