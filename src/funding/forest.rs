//! A plan as a forest of items: what hangs from what, read off the names of junctions.
//!
//! In: a scenario and a plan, also a hand-made one without drops or prices. Out: [`Forest`], items in
//! an order in which each follows the one towards its exchange. It judges only what it needs: a plan
//! in which money could not find its way is refused, everything else is left to `check`.

use std::collections::{BTreeMap, BTreeSet};

use crate::check::SpanPrices;
use crate::funding::pots::EntitlementBuilder;
use crate::funding::{CaseItem, Entitlement, ItemKind};
use crate::geometry::Point;
use crate::ids::SiteIx;
use crate::model::{Building, NetworkSource, Scenario};
use crate::plan::{Item, Plan, PlanSpan, junction_point};
use crate::units::{Millimetres, Pence, Year};

/// The items of a plan, each after the one towards its exchange.
pub(super) struct Forest {
    /// What each item is called.
    pub(super) names: Vec<Item>,
    /// The year each is built in.
    pub(super) years: Vec<Option<Year>>,
    /// Their sort, cost and place.
    pub(super) items: Vec<CaseItem>,
    /// Connected buildings: place of the drop, id, and what their connected sites entitle to.
    pub(super) drops: Vec<Hanging>,
}

/// A connected building.
pub(super) struct Hanging {
    pub(super) item: u32,
    pub(super) building: String,
    pub(super) sites: Vec<SiteIx>,
    pub(super) entitlement: Entitlement,
}

/// By junction: the item that reaches it.
type Reached = BTreeMap<Point, u32>;

impl Forest {
    /// Reads a plan; the cause when it is no forest from its exchanges to its connected sites.
    ///
    /// A span that states neither length nor cost costs what the input says.
    pub(super) fn of(scenario: &Scenario, plan: &Plan) -> Result<Self, String> {
        let mut forest =
            Self { names: Vec::new(), years: Vec::new(), items: Vec::new(), drops: Vec::new() };
        let mut ends = Vec::with_capacity(plan.spans.len());
        for span in &plan.spans {
            let [from, to] = [&span.ends[0], &span.ends[1]].map(|end| junction_point(end));
            let both = from.zip(to);
            ends.push(both.ok_or_else(|| format!("span {:?} has no junctions x,y", span.id))?);
        }
        let mut reached = forest.add_exchanges(scenario, plan, &ends)?;
        forest.add_spans(scenario, plan, &ends, &mut reached)?;
        forest.add_drops(scenario, plan, &reached)?;
        Ok(forest)
    }

    fn add(&mut self, name: Item, kind: ItemKind, cost: Pence, parent: Option<u32>) -> u32 {
        self.names.push(name);
        self.years.push(None);
        self.items.push(CaseItem { kind, cost, parent });
        u32::try_from(self.items.len() - 1).unwrap_or(u32::MAX)
    }

    fn add_exchanges(
        &mut self,
        scenario: &Scenario,
        plan: &Plan,
        ends: &[(Point, Point)],
    ) -> Result<Reached, String> {
        let junctions: BTreeSet<Point> = ends.iter().flat_map(|&(from, to)| [from, to]).collect();
        let mut reached = BTreeMap::new();
        for used in &plan.exchanges {
            let known = scenario.tables.exchange_by_id(&used.id);
            let known = known.ok_or_else(|| format!("there is no exchange {:?}", used.id))?;
            let exchange = scenario.tables.exchange(known);
            let is_stated = used.cost != Pence::ZERO || used.ports_used > 0;
            let cost = if is_stated { used.cost } else { exchange.enable };
            let name = Item::Exchange(used.id.clone());
            let item = self.add(name, ItemKind::Exchange, cost, None);
            let at = standing(
                scenario,
                exchange.at,
                |at| junctions.contains(at),
                || junctions.iter().copied(),
            );
            if reached.insert(at.unwrap_or(exchange.at), item).is_some() {
                return Err(format!("exchange {:?} stands where another does", used.id));
            }
        }
        Ok(reached)
    }

    /// Walks the spans outwards from the exchanges, all at once and in the order of the plan.
    fn add_spans(
        &mut self,
        scenario: &Scenario,
        plan: &Plan,
        ends: &[(Point, Point)],
        reached: &mut Reached,
    ) -> Result<(), String> {
        let mut at: BTreeMap<Point, Vec<usize>> = BTreeMap::new();
        for (place, &(from, to)) in ends.iter().enumerate() {
            at.entry(from).or_default().push(place);
            at.entry(to).or_default().push(place);
        }
        let prices = SpanPrices::new(scenario);
        let mut built = vec![false; plan.spans.len()];
        let mut front: Vec<Point> = reached.keys().copied().collect();
        while let Some(junction) = front.pop() {
            let parent = reached[&junction];
            for &place in at.get(&junction).map_or(&[][..], Vec::as_slice) {
                let span = &plan.spans[place];
                if std::mem::replace(&mut built[place], true) {
                    continue;
                }
                let (from, to) = ends[place];
                let far = if from == junction { to } else { from };
                let name = Item::Span(span.id.clone());
                let cost = cost(&prices, span)?;
                let item = self.add(name, ItemKind::Span, cost, Some(parent));
                self.years[item as usize] = span.year;
                if reached.insert(far, item).is_some() {
                    return Err(format!("span {:?} closes a cycle or joins two trees", span.id));
                }
                front.push(far);
            }
        }
        match built.iter().position(|built| !built) {
            Some(place) => {
                Err(format!("span {:?} is not joined to an exchange", plan.spans[place].id))
            }
            None => Ok(()),
        }
    }

    fn add_drops(
        &mut self,
        scenario: &Scenario,
        plan: &Plan,
        reached: &Reached,
    ) -> Result<(), String> {
        let mut connected = BTreeSet::new();
        for id in &plan.connected {
            let site = scenario.tables.site_by_id(id);
            connected.insert(site.ok_or_else(|| format!("there is no site {id:?}"))?);
        }
        let stated: BTreeMap<&str, _> =
            plan.drops.iter().map(|drop| (drop.building.as_str(), drop)).collect();
        let builder = EntitlementBuilder::new(scenario);
        for Building { id, at, sites, drop } in scenario.buildings() {
            let sites: Vec<SiteIx> =
                sites.into_iter().filter(|site| connected.remove(site)).collect();
            if sites.is_empty() {
                continue;
            }
            let junctions = || reached.keys().copied();
            let at = standing(scenario, at, |at| reached.contains_key(at), junctions);
            let parent = at.and_then(|at| reached.get(&at).copied());
            let parent = parent.ok_or_else(|| format!("building {id:?} is not reached"))?;
            let stated = stated.get(id.as_str());
            let cost = stated.map_or(drop, |drop| drop.cost);
            let item = self.add(Item::Drop(id.clone()), ItemKind::Drop, cost, Some(parent));
            self.years[item as usize] = stated.and_then(|drop| drop.year);
            let entitlement = builder.entitlement(&sites);
            self.drops.push(Hanging { item, building: id, sites, entitlement });
        }
        match connected.first() {
            Some(&site) => {
                let id = &scenario.tables.site(site).id;
                Err(format!("site {id:?} is connected already and cannot be bought"))
            }
            None => Ok(()),
        }
    }
}

/// The junction that a position stands on: its own, or on networks of spans one at which ends this
/// close were joined.
fn standing<I: Iterator<Item = Point>>(
    scenario: &Scenario,
    position: Point,
    is_junction: impl Fn(&Point) -> bool,
    junctions: impl Fn() -> I,
) -> Option<Point> {
    if is_junction(&position) {
        return Some(position);
    }
    if scenario.network.from != NetworkSource::Spans {
        return None;
    }
    let reach = 4 * i128::from(scenario.network.join.get()) + 3;
    let apart = |a: i64, b: i64| (i128::from(a) - i128::from(b)).abs();
    junctions().find(|at| apart(at.x, position.x).max(apart(at.y, position.y)) <= reach)
}

/// What a span costs: as stated, or else as the input says.
fn cost(prices: &SpanPrices<'_>, span: &PlanSpan) -> Result<Pence, String> {
    if span.cost != Pence::ZERO || span.length > Millimetres::ZERO {
        return Ok(span.cost);
    }
    prices.of(span).ok_or_else(|| format!("span {:?} has no price", span.id))
}
