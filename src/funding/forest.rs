//! A plan as a forest of items: what hangs from what, read off the names of junctions.
//!
//! In: a scenario and a plan, also a hand-made one without drops or prices. Out: [`PlanForest`], items in
//! an order in which each follows the one towards its exchange. It judges only what it needs: a plan
//! in which money could not find its way is refused, everything else is left to `check`.

use std::collections::{BTreeMap, BTreeSet};

use crate::check::SpanPrices;
use crate::funding::pots::EntitlementBuilder;
use crate::funding::{CaseItem, Entitlement, ItemKind};
use crate::geometry::Point;
use crate::ids::SiteIx;
use crate::model::{Building, ItemSort, NetworkSource, Scenario};
use crate::plan::{Item, Junctions, Plan, PlanSpan};
use crate::units::{Millimetres, Pence, Year};

/// The items of a plan, each after the one towards its exchange.
pub(crate) struct PlanForest {
    /// What each item is called.
    pub(crate) names: Vec<Item>,
    /// The year each is built in.
    pub(crate) years: Vec<Option<Year>>,
    /// Their sort, cost and place.
    pub(crate) items: Vec<CaseItem>,
    /// Spans that stand and that no exchange reaches as yet.
    pub(crate) stray: Vec<Item>,
    /// Connected buildings: place of the drop, id, and what their connected sites entitle to.
    pub(crate) drops: Vec<Hanging>,
}

/// A connected building.
pub(crate) struct Hanging {
    pub(crate) item: u32,
    pub(crate) building: String,
    pub(crate) sites: Vec<SiteIx>,
    pub(crate) entitlement: Entitlement,
}

/// The junctions of a plan, and by junction the item that reaches it.
struct Reached {
    junctions: Junctions,
    by: Vec<Option<u32>>,
}

impl Reached {
    /// The first of the junctions that a position may stand on, of those that are wanted.
    fn standing(
        &self,
        scenario: &Scenario,
        position: Point,
        is_wanted: impl Fn(usize) -> bool,
    ) -> Option<usize> {
        let own = self.junctions.at(position).filter(|&own| is_wanted(own));
        if own.is_some() || scenario.network.from != NetworkSource::Spans {
            return own;
        }
        // On networks of spans ends this close were joined.
        let reach = 4 * i128::from(scenario.network.join.get()) + 3;
        let apart = |a: i64, b: i64| (i128::from(a) - i128::from(b)).abs();
        let near = |at: &Point| apart(at.x, position.x).max(apart(at.y, position.y)) <= reach;
        let points = self.junctions.points();
        (0..points.len()).find(|&place| is_wanted(place) && near(&points[place]))
    }
}

impl PlanForest {
    /// Reads a plan; the cause when it is no forest from its exchanges to its connected sites.
    ///
    /// A span that states neither length nor cost costs what the input says.
    pub(crate) fn of(scenario: &Scenario, plan: &Plan) -> Result<Self, String> {
        let mut forest = Self {
            names: Vec::new(),
            years: Vec::new(),
            items: Vec::new(),
            stray: Vec::new(),
            drops: Vec::new(),
        };
        let tables = &scenario.tables;
        let exchanges = plan.exchanges.iter().filter_map(|used| tables.exchange_by_id(&used.id));
        let junctions = Junctions::of(plan, exchanges.map(|ix| tables.exchange(ix).at));
        let named = |&(place, _): &(usize, &PlanSpan)| junctions.ends(place).is_none();
        if let Some((_, span)) = plan.spans.iter().enumerate().find(named) {
            return Err(format!("span {:?} has no junctions x,y", span.id));
        }
        let by = vec![None; junctions.points().len()];
        let mut reached = Reached { junctions, by };
        forest.add_exchanges(scenario, plan, &mut reached)?;
        forest.add_spans(scenario, plan, &mut reached)?;
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
        reached: &mut Reached,
    ) -> Result<(), String> {
        for used in &plan.exchanges {
            let known = scenario.tables.exchange_by_id(&used.id);
            let known = known.ok_or_else(|| format!("there is no exchange {:?}", used.id))?;
            let exchange = scenario.tables.exchange(known);
            let is_stated = used.cost != Pence::ZERO || used.ports_used > 0;
            let price = scenario.enable_price(exchange);
            let price = scenario.item_price(ItemSort::Exchange, &used.id, used.year, price);
            let cost = if is_stated { used.cost } else { price };
            let name = Item::Exchange(used.id.clone());
            let item = self.add(name, ItemKind::Exchange, cost, None);
            self.years[item as usize] = used.year;
            let of_spans = |junction: usize| !reached.junctions.spans(junction).is_empty();
            let at = reached.standing(scenario, exchange.at, of_spans);
            let at = at.or_else(|| reached.junctions.at(exchange.at));
            if at.is_some_and(|at| reached.by[at].replace(item).is_some()) {
                return Err(format!("exchange {:?} stands where another does", used.id));
            }
        }
        Ok(())
    }

    /// Walks the spans outwards from the exchanges, all at once and in the order of the plan.
    fn add_spans(
        &mut self,
        scenario: &Scenario,
        plan: &Plan,
        reached: &mut Reached,
    ) -> Result<(), String> {
        let prices = SpanPrices::new(scenario);
        let mut built = vec![false; plan.spans.len()];
        let Reached { junctions, by } = reached;
        let mut front: Vec<usize> = (0..by.len()).filter(|&place| by[place].is_some()).collect();
        while let Some(junction) = front.pop() {
            let parent = by[junction];
            for &place in junctions.spans(junction) {
                let span = &plan.spans[place];
                if std::mem::replace(&mut built[place], true) {
                    continue;
                }
                let Some([from, to]) = junctions.ends(place) else { continue };
                let far = if from == junction { to } else { from };
                let name = Item::Span(span.id.clone());
                let cost = cost(&prices, span)?;
                let item = self.add(name, ItemKind::Span, cost, parent);
                self.years[item as usize] = span.year;
                if by[far].replace(item).is_some() {
                    return Err(format!("span {:?} closes a cycle or joins two trees", span.id));
                }
                front.push(far);
            }
        }
        for (span, _) in plan.spans.iter().zip(&built).filter(|(_, built)| !**built) {
            if scenario.standing(ItemSort::Span, &span.id).is_none() {
                return Err(format!("span {:?} is not joined to an exchange", span.id));
            }
            self.stray.push(Item::Span(span.id.clone()));
        }
        Ok(())
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
            let at = reached.standing(scenario, at, |junction| reached.by[junction].is_some());
            let parent = at.and_then(|at| reached.by[at]);
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

/// What a span costs: as stated, or else as the input says.
fn cost(prices: &SpanPrices<'_>, span: &PlanSpan) -> Result<Pence, String> {
    if span.cost != Pence::ZERO || span.length > Millimetres::ZERO {
        return Ok(span.cost);
    }
    prices.in_its_year(span).ok_or_else(|| format!("span {:?} has no price", span.id))
}
