//! The layers: what each feature is, and its values.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use rusqlite::ToSql;
use rusqlite::types::{ToSqlOutput, Value};

use crate::geometry::Point;
use crate::model::{Scenario, Site};
use crate::plan::{Item, LeftOut, Plan, PlanDrop, PlanSpan, junction_point};
use crate::report::{BuiltSpan, Report, Root, SpanCrossings, reason};
use crate::text;
use crate::units::{Millimetres, Pence, Weight, Year};
use crate::write::crossings;

/// What a column holds.
#[derive(Clone, Copy)]
pub(super) enum Sort {
    Text,
    Whole,
    Real,
}

impl Sort {
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::Text => "TEXT",
            Self::Whole => "INTEGER",
            Self::Real => "REAL",
        }
    }
}

/// A value of a feature.
pub(super) struct Cell(Value);

impl ToSql for Cell {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        self.0.to_sql()
    }
}

/// A feature: the positions of its point or line, and a value for each column.
pub(super) struct Feature {
    pub(super) line: Vec<Point>,
    pub(super) values: Vec<Cell>,
}

/// A table of features of one shape.
pub(super) struct Layer {
    pub(super) name: &'static str,
    pub(super) says: &'static str,
    pub(super) shape: &'static str,
    pub(super) columns: &'static [(&'static str, Sort)],
    pub(super) features: Vec<Feature>,
}

const NONE: Cell = Cell(Value::Null);

/// A text; what could control a screen is shown escaped, as in the tables.
fn words(text: &str) -> Cell {
    if text.is_empty() { NONE } else { Cell(Value::Text(text::cell(text).into_owned())) }
}

fn year(year: Option<Year>) -> Cell {
    year.map_or(NONE, |year| words(&year.to_string()))
}

fn whole(number: usize) -> Cell {
    i64::try_from(number).map_or(NONE, |number| Cell(Value::Integer(number)))
}

/// Pounds: the number nearest to the decimal, which gives back every penny of less than 2^53 pence.
fn pounds(pence: Pence) -> Cell {
    pence.to_string().parse().map_or(NONE, |pounds| Cell(Value::Real(pounds)))
}

fn metres(length: Millimetres) -> Cell {
    Cell(Value::Real(length.metres()))
}

fn units(weight: Weight) -> Cell {
    Cell(Value::Real(weight.units()))
}

/// All layers of a plan.
pub(super) fn layers(scenario: &Scenario, plan: &Plan, report: &Report) -> [Layer; 4] {
    let payers = Payers::of(plan);
    let map = Map { scenario, plan, report, payers };
    [map.sites(), map.spans(), map.exchanges(), map.drops()]
}

/// The programmes that pay for each item.
struct Payers<'a>(HashMap<&'a Item, BTreeSet<&'a str>>);

impl<'a> Payers<'a> {
    fn of(plan: &'a Plan) -> Self {
        let mut payers: HashMap<&Item, BTreeSet<&str>> = HashMap::new();
        for payment in &plan.payments {
            payers.entry(&payment.item).or_default().insert(&payment.programme);
        }
        Self(payers)
    }

    fn of_item(&self, item: &Item) -> Cell {
        let ids: Vec<&str> = self.0.get(item).into_iter().flatten().copied().collect();
        words(&ids.join(" | "))
    }
}

struct Map<'a> {
    scenario: &'a Scenario,
    plan: &'a Plan,
    report: &'a Report,
    payers: Payers<'a>,
}

impl Map<'_> {
    fn sites(&self) -> Layer {
        let tables = &self.scenario.tables;
        let plan = self.plan;
        let mut buildings: BTreeMap<&str, (String, Point)> = BTreeMap::new();
        for building in self.scenario.buildings() {
            for site in &building.sites {
                let id = tables.site(*site).id.as_str();
                buildings.insert(id, (building.id.clone(), building.at));
            }
        }
        let mut drops: BTreeMap<&str, &PlanDrop> = BTreeMap::new();
        for drop in &plan.drops {
            drops.extend(drop.sites.iter().map(|site| (site.as_str(), drop)));
        }
        let connected: BTreeSet<&str> = plan.connected.iter().map(String::as_str).collect();
        let left: BTreeMap<&str, &LeftOut> =
            plan.left_out.iter().map(|left| (left.id.as_str(), left)).collect();
        let feature = |site: &Site| {
            let id = site.id.as_str();
            let state = match (connected.contains(id), site.already_connected) {
                (true, _) => "connected",
                (false, true) => "has_fibre",
                (false, false) => "left_out",
            };
            // A line ends where the building is, of which a site is a part.
            let building = buildings.get(id);
            let left = left.get(id);
            let drop = drops.get(id);
            let weight = self.scenario.weight(self.scenario.site_weight(), site);
            let values = vec![
                words(id),
                words(&site.name),
                words(&site.kind),
                words(state),
                left.map_or(NONE, |left| words(left.code().0)),
                left.map_or(NONE, |left| words(&reason(left))),
                units(weight.map_or(Weight::ZERO, |weighed| weighed.weight)),
                words(site.region.as_deref().unwrap_or_default()),
                words(site.rurality_class.as_deref().unwrap_or_default()),
                building.map_or(NONE, |building| words(&building.0)),
                drop.map_or(NONE, |drop| words(&drop.exchange)),
                drop.map_or(NONE, |drop| metres(drop.route)),
                drop.map_or(NONE, |_| pounds(self.report.shares.site(id))),
                drop.map_or(NONE, |drop| year(drop.year)),
            ];
            Feature { line: vec![building.map_or(site.at, |building| building.1)], values }
        };
        Layer {
            name: "sites",
            says: "All sites: connected, left out with the reason, or with fibre before",
            shape: "POINT",
            columns: &[
                ("id", Sort::Text),
                ("name", Sort::Text),
                ("kind", Sort::Text),
                ("state", Sort::Text),
                ("code", Sort::Text),
                ("reason", Sort::Text),
                ("coverage", Sort::Real),
                ("region", Sort::Text),
                ("rurality", Sort::Text),
                ("building", Sort::Text),
                ("exchange", Sort::Text),
                ("route_m", Sort::Real),
                ("cost_share_gbp", Sort::Real),
                ("year", Sort::Text),
            ],
            features: tables.sites.rows.iter().map(feature).collect(),
        }
    }

    fn spans(&self) -> Layer {
        let plan = self.plan;
        let mut built: Vec<Option<&BuiltSpan>> = vec![None; plan.spans.len()];
        for span in &self.report.forest.spans {
            built[span.span] = Some(span);
        }
        let crossed = SpanCrossings::new(self.scenario);
        let feature = |(span, built): (&PlanSpan, Option<&BuiltSpan>)| {
            let crossings = crossed.of_span(span);
            let exchange = built.map(|built| &self.report.forest.roots[built.root]);
            let mut values = vec![
                words(&span.id),
                words(span.origin.word()),
                words(span.source_id.as_deref().unwrap_or_default()),
                span.from.map_or(NONE, metres),
                span.to.map_or(NONE, metres),
                words(&span.ends[0]),
                words(&span.ends[1]),
                words(&span.method),
                metres(span.length),
                pounds(span.cost),
                words(&crossings::cell(&crossings)),
                if crossings.is_empty() { NONE } else { pounds(crossings.cost()) },
                year(span.year),
                self.payers.of_item(&Item::Span(span.id.clone())),
                exchange.map_or(NONE, |root| words(&plan.exchanges[root.exchange].id)),
            ];
            values.extend(match built {
                Some(own) => serves(own.buildings, own.sites, own.weight),
                None => [NONE, NONE, NONE],
            });
            let mut line = span.geometry.clone();
            if line.len() < 2 {
                // A hand-made plan may give the ends alone.
                line = span.ends.iter().filter_map(|end| junction_point(end)).collect();
            }
            Feature { line, values }
        };
        Layer {
            name: "spans",
            says: "The spans that the plan builds",
            shape: "LINESTRING",
            columns: &[
                ("id", Sort::Text),
                ("origin", Sort::Text),
                ("source_id", Sort::Text),
                ("from_m", Sort::Real),
                ("to_m", Sort::Real),
                ("end_1", Sort::Text),
                ("end_2", Sort::Text),
                ("method", Sort::Text),
                ("length_m", Sort::Real),
                ("cost_gbp", Sort::Real),
                ("crossings", Sort::Text),
                ("crossings_gbp", Sort::Real),
                ("year", Sort::Text),
                ("programmes", Sort::Text),
                ("exchange", Sort::Text),
                ("buildings", Sort::Whole),
                ("sites", Sort::Whole),
                ("coverage", Sort::Real),
            ],
            features: plan.spans.iter().zip(built).map(feature).collect(),
        }
    }

    fn exchanges(&self) -> Layer {
        let plan = self.plan;
        let forest = &self.report.forest;
        let roots: BTreeMap<&str, &Root> = forest
            .roots
            .iter()
            .map(|root| (plan.exchanges[root.exchange].id.as_str(), root))
            .collect();
        let features = self.scenario.tables.exchanges.rows.iter().map(|exchange| {
            let root = roots.get(exchange.id.as_str());
            let used = root.map(|root| &plan.exchanges[root.exchange]);
            let mut values = vec![
                words(&exchange.id),
                words(&exchange.name),
                words(if used.is_some() { "used" } else { "not_used" }),
                used.map_or(NONE, |used| pounds(used.cost)),
                self.payers.of_item(&Item::Exchange(exchange.id.clone())),
            ];
            values.extend(match root {
                Some(root) => serves(root.buildings, root.sites, root.weight),
                None => [NONE, NONE, NONE],
            });
            Feature { line: vec![exchange.at], values }
        });
        Layer {
            name: "exchanges",
            says: "All exchanges, used by the plan or not",
            shape: "POINT",
            columns: &[
                ("id", Sort::Text),
                ("name", Sort::Text),
                ("state", Sort::Text),
                ("cost_gbp", Sort::Real),
                ("programmes", Sort::Text),
                ("buildings", Sort::Whole),
                ("sites", Sort::Whole),
                ("coverage", Sort::Real),
            ],
            features: features.collect(),
        }
    }

    fn drops(&self) -> Layer {
        let buildings: BTreeMap<String, Point> =
            self.scenario.buildings().into_iter().map(|own| (own.id, own.at)).collect();
        let features = self.plan.drops.iter().map(|drop| Feature {
            line: buildings.get(&drop.building).copied().into_iter().collect(),
            values: vec![
                words(&drop.building),
                words(&drop.sites.join(" | ")),
                words(&drop.exchange),
                metres(drop.route),
                pounds(drop.cost),
                year(drop.year),
                self.payers.of_item(&Item::Drop(drop.building.clone())),
            ],
        });
        Layer {
            name: "drops",
            says: "The drops that the plan builds, each where its building stands",
            shape: "POINT",
            columns: &[
                ("building", Sort::Text),
                ("sites", Sort::Text),
                ("exchange", Sort::Text),
                ("route_m", Sort::Real),
                ("cost_gbp", Sort::Real),
                ("year", Sort::Text),
                ("programmes", Sort::Text),
            ],
            features: features.collect(),
        }
    }
}

/// What hangs on a span or an exchange.
fn serves(buildings: usize, sites: usize, weight: Weight) -> [Cell; 3] {
    [whole(buildings), whole(sites), units(weight)]
}
