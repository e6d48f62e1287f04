//! A plan as one network of the standard.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use uuid::Uuid;

use crate::geometry::{Plane, Point};
use crate::model::Scenario;
use crate::plan::{Item, Origin, Plan, PlanSpan, Provenance, junction_point};
use crate::report::Report;
use crate::units::{Millimetres, Year};
use crate::write::ofds::parts::{Geometry, Laid, Node, Organisation, Phase, Reference, Span};
use crate::write::ofds::version::{OfdsVersion, SAYS};

/// What a plan builds is proposed, until somebody decides on it.
const PROPOSED: &str = "proposed";

/// What is there already.
const OPERATIONAL: &str = "operational";

/// One network, ready to be written.
pub(super) struct Network {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) accuracy: String,
    pub(super) organisations: Vec<Organisation>,
    pub(super) phases: Vec<Phase>,
    pub(super) nodes: Vec<Node>,
    pub(super) spans: Vec<Span>,
}

/// A year and the programmes that pay for something: a phase.
type Stage = (Option<Year>, BTreeSet<usize>);

impl Network {
    pub(super) fn of(
        scenario: &Scenario,
        plan: &Plan,
        provenance: &Provenance,
        report: &Report,
        version: OfdsVersion,
    ) -> Self {
        let id = network_id(plan, provenance);
        let draft = Draft::of(scenario, plan, id);
        let title = if scenario.title.is_empty() { &scenario.name } else { &scenario.title };
        let accuracy = format!(
            "{SAYS} {}: routes are proposed, not surveyed; they follow the spans and points of the scenario, whose \
             rate card and detour make their lengths",
            provenance.fibreplan
        );
        Self {
            id: id.to_string(),
            name: title.clone(),
            accuracy,
            organisations: draft.organisations(),
            phases: draft.phases(),
            nodes: draft.nodes(report),
            spans: plan.spans.iter().filter_map(|span| draft.span(span, version)).collect(),
        }
    }
}

/// The identifier of a network: made from the scenario, and from what is built.
fn network_id(plan: &Plan, provenance: &Provenance) -> Uuid {
    let mut name = format!("fibreplan\n{}\n{}", provenance.scenario, provenance.scenario_sha256);
    let exchanges = plan.exchanges.iter().map(|own| ("exchange", &own.id));
    let spans = plan.spans.iter().map(|own| ("span", &own.id));
    let drops = plan.drops.iter().map(|own| ("drop", &own.building));
    for (kind, id) in exchanges.chain(spans).chain(drops) {
        name.extend(["\n", kind, ":", id]);
    }
    Uuid::new_v5(&Uuid::NAMESPACE_OID, name.as_bytes())
}

struct Draft<'a> {
    scenario: &'a Scenario,
    plan: &'a Plan,
    id: Uuid,
    /// The phase of each item that is paid for.
    stages: HashMap<&'a Item, Stage>,
    /// All phases, sorted.
    all: BTreeSet<Stage>,
}

impl<'a> Draft<'a> {
    fn of(scenario: &'a Scenario, plan: &'a Plan, id: Uuid) -> Self {
        let place = |id: &str| scenario.programmes.iter().position(|own| own.id == id);
        let mut stages: HashMap<&Item, Stage> = HashMap::new();
        for payment in &plan.payments {
            let stage = stages.entry(&payment.item).or_default();
            // What is paid for over years belongs to the last.
            stage.0 = stage.0.max(payment.year);
            stage.1.extend(place(&payment.programme));
        }
        let all = stages.values().cloned().collect();
        Self { scenario, plan, id, stages, all }
    }

    /// The identifier of a thing within this network.
    fn id(&self, kind: &str, name: &str) -> String {
        Uuid::new_v5(&self.id, format!("{kind}:{name}").as_bytes()).to_string()
    }

    fn organisation(&self, programme: usize) -> Reference {
        let own = &self.scenario.programmes[programme];
        Reference { id: self.id("programme", &own.id), name: filled(&own.name, &own.id) }
    }

    fn organisations(&self) -> Vec<Organisation> {
        let payers: BTreeSet<usize> = self.all.iter().flat_map(|stage| &stage.1).copied().collect();
        let one = |programme| {
            let Reference { id, name } = self.organisation(programme);
            Organisation { id, name, roles: ["funder"] }
        };
        payers.into_iter().map(one).collect()
    }

    fn phase(&self, (year, payers): &Stage) -> Reference {
        let ids = payers.iter().map(|&payer| self.scenario.programmes[payer].id.as_str());
        let payers = ids.collect::<Vec<_>>().join(", ");
        let name = match year {
            Some(year) => format!("{year}: {payers}"),
            None => payers,
        };
        Reference { id: self.id("phase", &name), name }
    }

    fn phases(&self) -> Vec<Phase> {
        let one = |stage: &Stage| {
            let Reference { id, name } = self.phase(stage);
            let when = stage.0.map_or_else(String::new, |year| format!(" in {year}"));
            let description = format!("What these programmes pay for together{when}");
            let funders = stage.1.iter().map(|&payer| self.organisation(payer)).collect();
            Phase { id, name, description, funders }
        };
        self.all.iter().map(one).collect()
    }

    fn phase_of(&self, item: &Item) -> Option<Reference> {
        self.stages.get(item).map(|stage| self.phase(stage))
    }

    /// Exchanges, buildings and junctions, one for each position, sorted by it.
    fn nodes(&self, report: &Report) -> Vec<Node> {
        let tables = &self.scenario.tables;
        let plane = &tables.plane;
        let mut nodes: BTreeMap<Point, Node> = BTreeMap::new();
        let blank = |at: Point| Node {
            id: self.node_id(at),
            name: None,
            phase: None,
            status: PROPOSED,
            location: Geometry { kind: "Point", coordinates: degrees(plane, at) },
            types: None,
        };
        for span in &self.plan.spans {
            for at in span.ends.iter().filter_map(|end| junction_point(end)) {
                nodes.entry(at).or_insert_with(|| blank(at));
            }
        }
        let places: BTreeMap<String, Point> =
            self.scenario.buildings().into_iter().map(|own| (own.id, own.at)).collect();
        for drop in &self.plan.drops {
            let Some(&at) = places.get(&drop.building) else { continue };
            let names = drop.sites.iter().filter_map(|id| tables.site_by_id(id));
            let names: Vec<&str> = names
                .map(|site| tables.site(site).name.as_str())
                .filter(|name| !name.is_empty())
                .collect();
            let node = nodes.entry(at).or_insert_with(|| blank(at));
            node.name = Some(filled(&names.join("; "), &drop.building));
            node.phase = self.phase_of(&Item::Drop(drop.building.clone()));
        }
        for root in &report.forest.roots {
            let exchange = &self.plan.exchanges[root.exchange];
            let Some(own) = tables.exchange_by_id(&exchange.id).map(|ix| tables.exchange(ix))
            else {
                continue;
            };
            let node = nodes.entry(own.at).or_insert_with(|| blank(own.at));
            node.name = Some(filled(&own.name, &own.id));
            node.types = Some(["exchange"]);
            let phase = self.phase_of(&Item::Exchange(exchange.id.clone()));
            node.phase = phase.or(node.phase.take());
        }
        nodes.into_values().collect()
    }

    fn node_id(&self, at: Point) -> String {
        self.id("node", &format!("{},{}", at.x, at.y))
    }

    /// A span of the plan; nothing where a hand-made plan does not say where it ends.
    fn span(&self, span: &PlanSpan, version: OfdsVersion) -> Option<Span> {
        let [start, end] = [junction_point(&span.ends[0])?, junction_point(&span.ends[1])?];
        let mut line = span.geometry.clone();
        if line.len() < 2 {
            line = vec![start, end];
        }
        let plane = &self.scenario.tables.plane;
        let coordinates: Vec<[f64; 2]> = line.into_iter().map(|at| degrees(plane, at)).collect();
        let laid = (!span.method.is_empty()).then(|| Laid { description: span.method.clone() });
        let (old, new) = match version {
            OfdsVersion::V0_3 => (laid, None),
            OfdsVersion::V0_4 => (None, laid),
        };
        Some(Span {
            id: self.id("span", &span.id),
            name: span.id.clone(),
            phase: self.phase_of(&Item::Span(span.id.clone())),
            status: if self.exists(span) { OPERATIONAL } else { PROPOSED },
            start: self.node_id(start),
            end: self.node_id(end),
            directed: false,
            route: Some(Geometry { kind: "LineString", coordinates }),
            transmission_medium: ["fibre"],
            deployment_details: old,
            supporting_infrastructure: new,
            fibre_length: kilometres(span.length),
        })
    }

    /// Whether the input says that there is fibre along it already.
    fn exists(&self, span: &PlanSpan) -> bool {
        let spans = &self.scenario.tables.spans;
        let source = span.source_id.as_deref().filter(|_| span.origin == Origin::Input);
        source.is_some_and(|id| {
            let found = spans.binary_search_by(|own| own.id.as_str().cmp(id));
            found.is_ok_and(|place| spans[place].existing)
        })
    }
}

/// A name, or the id where there is none: the standard knows no empty texts.
fn filled(name: &str, id: &str) -> String {
    match (name.is_empty(), id.is_empty()) {
        (false, _) => name.to_owned(),
        (true, false) => id.to_owned(),
        (true, true) => "unnamed".to_owned(),
    }
}

/// Longitude and latitude with seven decimals, a centimetre.
fn degrees(plane: &Plane, at: Point) -> [f64; 2] {
    let at = plane.lon_lat(at);
    [at.lon, at.lat].map(|degrees| (degrees * 1e7).round() / 1e7)
}

#[allow(clippy::cast_precision_loss)] // no route is 2^53 mm long
fn kilometres(length: Millimetres) -> f64 {
    length.get() as f64 / 1e6
}
