//! A plan as a forest of items: what hangs from what, read off the names of junctions.
//!
//! In: a scenario and a plan, also a hand-made one without drops or prices. Out: [`Forest`], items in
//! an order in which each follows the one towards its exchange. It judges only what it needs: a plan
//! in which money could not find its way is refused, everything else is left to `check`.

use std::collections::{BTreeMap, BTreeSet};

use crate::funding::pots::Clerk;
use crate::funding::{CaseItem, Entitlement, ItemKind};
use crate::ids::SiteIx;
use crate::model::{Building, Scenario};
use crate::plan::{Item, Plan, PlanSpan, junction_name};
use crate::units::{Pence, Year};

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
type Reached = BTreeMap<String, u32>;

impl Forest {
    /// Reads a plan; the cause when it is no forest from its exchanges to its connected sites.
    ///
    /// `price` gives the cost of a span that does not state it.
    pub(super) fn of(
        scenario: &Scenario,
        plan: &Plan,
        price: impl Fn(&PlanSpan) -> Pence,
    ) -> Result<Self, String> {
        let mut forest =
            Self { names: Vec::new(), years: Vec::new(), items: Vec::new(), drops: Vec::new() };
        let mut reached = forest.add_exchanges(scenario, plan)?;
        forest.add_spans(plan, &mut reached, price)?;
        forest.add_drops(scenario, plan, &reached)?;
        Ok(forest)
    }

    fn add(&mut self, name: Item, kind: ItemKind, cost: Pence, parent: Option<u32>) -> u32 {
        self.names.push(name);
        self.years.push(None);
        self.items.push(CaseItem { kind, cost, parent });
        u32::try_from(self.items.len() - 1).unwrap_or(u32::MAX)
    }

    fn add_exchanges(&mut self, scenario: &Scenario, plan: &Plan) -> Result<Reached, String> {
        let mut reached = BTreeMap::new();
        for used in &plan.exchanges {
            let known = scenario.tables.exchange_by_id(&used.id);
            let known = known.ok_or_else(|| format!("there is no exchange {:?}", used.id))?;
            let exchange = scenario.tables.exchange(known);
            let is_stated = used.cost != Pence::ZERO || used.ports_used > 0;
            let cost = if is_stated { used.cost } else { exchange.enable };
            let name = Item::Exchange(used.id.clone());
            let item = self.add(name, ItemKind::Exchange, cost, None);
            if reached.insert(junction_name(exchange.at), item).is_some() {
                return Err(format!("exchange {:?} stands where another does", used.id));
            }
        }
        Ok(reached)
    }

    /// Walks the spans outwards from the exchanges, all at once and in the order of the plan.
    fn add_spans(
        &mut self,
        plan: &Plan,
        reached: &mut Reached,
        price: impl Fn(&PlanSpan) -> Pence,
    ) -> Result<(), String> {
        let mut at: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for (place, span) in plan.spans.iter().enumerate() {
            for end in &span.ends {
                at.entry(end).or_default().push(place);
            }
        }
        let mut built = vec![false; plan.spans.len()];
        let mut front: Vec<String> = reached.keys().cloned().collect();
        while let Some(junction) = front.pop() {
            let parent = reached[&junction];
            for &place in at.get(junction.as_str()).map_or(&[][..], Vec::as_slice) {
                let span = &plan.spans[place];
                if std::mem::replace(&mut built[place], true) {
                    continue;
                }
                let far = &span.ends[usize::from(span.ends[0] == junction)];
                let is_stated = span.cost != Pence::ZERO || span.length.get() > 0;
                let cost = if is_stated { span.cost } else { price(span) };
                let name = Item::Span(span.id.clone());
                let item = self.add(name, ItemKind::Span, cost, Some(parent));
                self.years[item as usize] = span.year;
                if reached.insert(far.clone(), item).is_some() {
                    return Err(format!("span {:?} closes a cycle or joins two trees", span.id));
                }
                front.push(far.clone());
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
        let clerk = Clerk::new(scenario);
        for Building { id, at, sites, drop } in scenario.buildings() {
            let sites: Vec<SiteIx> =
                sites.into_iter().filter(|site| connected.remove(site)).collect();
            if sites.is_empty() {
                continue;
            }
            let parent = reached.get(&junction_name(at)).copied();
            let parent = parent.ok_or_else(|| format!("building {id:?} is not reached"))?;
            let stated = stated.get(id.as_str());
            let cost = stated.map_or(drop, |drop| drop.cost);
            let item = self.add(Item::Drop(id.clone()), ItemKind::Drop, cost, Some(parent));
            self.years[item as usize] = stated.and_then(|drop| drop.year);
            let entitlement = clerk.entitlement(&sites);
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
