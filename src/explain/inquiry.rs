//! What a plan means for one building: the way to it, what it would displace, what is proven of it.
//!
//! In: a plan and its scenario. Out: for each building asked for, the cheapest way in, the best plan found
//! with it forced in, and bounds on all plans with and without it. A plan with a building forced in is a
//! whole plan again: payable and within the rules.

use std::collections::{BTreeMap, BTreeSet};

use crate::effort::Effort;
use crate::engine::{self, Demand};
use crate::error::Error;
use crate::ids::{BuildingIx, ExchangeIx};
use crate::joint::{self, Forest, Listener, News, PotsPurse, Purse, Reach, Shown, Terrain};
use crate::model::{Budget, Scenario};
use crate::network::Prepared;
use crate::observe::Observer;
use crate::plan::Plan;
use crate::question::{Meaning, Question, funding_oracle, question, tree_of};
use crate::units::{Millimetres, Pence, Weight};

/// Longest distance in a search without a limit.
const ANYWHERE: i64 = 1 << 60;
/// Share of the effort for the bounds, and for each plan with a building forced in.
const BOUNDS: u64 = 10;
const FORCED: u64 = 400;

/// The cheapest way to a building.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct WayIn {
    /// What is still to be built costs so much, the drop included.
    pub cost: Pence,
    /// Length of spans still to be built.
    pub new: Millimetres,
    /// Length of the route that is built already.
    pub shared: Millimetres,
    /// The exchange it leads to.
    pub exchange: ExchangeIx,
}

/// A plan with a building forced in.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ForcedPlan {
    /// What it covers under the first objective.
    pub coverage: Weight,
    /// What it costs.
    pub cost: Pence,
    /// Ids of the sites that it connects and the plan does not, sorted.
    pub gained: Vec<String>,
    /// Ids of the sites that the plan connects and it does not, sorted.
    pub lost: Vec<String>,
}

/// What is known of one building beside a plan.
#[derive(Clone, Debug)]
pub struct Answer {
    /// Which building.
    pub building: BuildingIx,
    /// Whether the plan connects it.
    pub connected: bool,
    /// The cheapest way where nothing is built yet.
    pub alone: Option<WayIn>,
    /// The cheapest way over what the plan builds; for a connected building what taking it out would save.
    pub now: Option<WayIn>,
    /// Whether the programmes could pay for it by itself, and whether they could with money without end.
    pub payable: (bool, bool),
    /// Whether it could be connected by itself under the rules.
    pub allowed: bool,
    /// No plan with it covers more.
    pub with_at_most: Weight,
    /// No plan without it covers more.
    pub without_at_most: Weight,
    /// For a building left out: the best plan found with it forced in; `None` where none was found.
    pub forced: Option<ForcedPlan>,
}

/// Answers for some buildings of a scenario beside a plan for it, in their order.
///
/// # Errors
///
/// As `solve_prepared`; a usage error when the plan is not one for this network.
pub fn inquire(
    prepared: &Prepared,
    scenario: &Scenario,
    plan: &Plan,
    buildings: &[BuildingIx],
    effort: &Effort,
    observer: &mut dyn Observer,
) -> Result<Vec<Answer>, Error> {
    let question = question(prepared, scenario)?;
    let tree = tree_of(prepared, scenario, &question, plan)?;
    let terrain = question.terrain();
    let rich = without_end(scenario);
    let purse = funding_oracle(prepared, scenario, &question)?;
    let endless = funding_oracle(prepared, &rich, &question)?;
    let bounds = engine::forced(&question.instance, &effort.part(BOUNDS), observer)?;
    let desk = Desk {
        prepared,
        scenario,
        question: &question,
        terrain: &terrain,
        purse: &purse,
        endless: &endless,
        plan: Forest::of(&terrain, &tree),
        effort,
    };
    let mut reach = Reach::new(question.instance.nodes());
    let mut empty = Reach::new(question.instance.nodes());
    reach.start(&terrain, &desk.plan, ANYWHERE);
    empty.start(&terrain, &Forest::empty(&terrain), ANYWHERE);
    let listener = Listener::new(effort.start(), observer, Shown::Nothing);
    let answer =
        |&building: &BuildingIx| desk.answer(building, (&reach, &empty), &bounds, &listener);
    Ok(buildings.iter().map(answer).collect())
}

struct Desk<'a> {
    prepared: &'a Prepared,
    scenario: &'a Scenario,
    question: &'a Question,
    terrain: &'a Terrain<'a>,
    purse: &'a PotsPurse,
    endless: &'a PotsPurse,
    plan: Forest,
    effort: &'a Effort,
}

impl Desk<'_> {
    fn answer(
        &self,
        building: BuildingIx,
        (reach, empty): (&Reach, &Reach),
        bounds: &engine::Forced,
        listener: &Listener<'_>,
    ) -> Answer {
        let leaf = self.question.leaf(building);
        let connected = self.plan.holds(leaf);
        let first = |prize: i64| Weight::from_thousandths(self.question.scale.first(prize));
        let mut single = Forest::empty(self.terrain);
        let reached = empty.cost(leaf).is_some();
        if reached {
            single.attach(self.terrain, leaf, &|node| empty.step(node));
        }
        let pays =
            |purse: &PotsPurse| reached && purse.can_pay(self.terrain, &single) == Some(true);
        let open = self.question.prospects[building.at()].open;
        Answer {
            building,
            connected,
            alone: self.way_in(&Forest::empty(self.terrain), empty, leaf),
            now: if connected { self.way_out(leaf) } else { self.way_in(&self.plan, reach, leaf) },
            payable: (pays(self.purse), pays(self.endless)),
            allowed: reached && self.purse.rules().allows(self.terrain, &single),
            with_at_most: first(bounds.held[leaf as usize]),
            without_at_most: first(bounds.missed[leaf as usize]),
            forced: if connected || !open { None } else { self.forced(leaf, listener) },
        }
    }

    /// The way from a leaf to a forest, as a search from the forest found it.
    fn way_in(&self, forest: &Forest, reach: &Reach, leaf: u32) -> Option<WayIn> {
        let cost = Pence::new(reach.cost(leaf)?);
        let mut new = Millimetres::ZERO;
        let mut exchange = None;
        let mut node = leaf;
        while let Some((edge, next)) = reach.step(node).filter(|_| !forest.holds(node)) {
            self.walk(edge, &mut new, &mut exchange);
            node = next;
        }
        let (shared, above) = self.to_exchange(forest, node);
        Some(WayIn { cost, new, shared, exchange: exchange.or(above)? })
    }

    /// What taking a connected leaf out would save, by length what only it uses.
    fn way_out(&self, leaf: u32) -> Option<WayIn> {
        let mut without = self.plan.clone();
        joint::part(self.terrain, self.purse.rules(), &mut without, leaf);
        let cost = Pence::new(self.plan.cost - without.cost);
        let mut new = Millimetres::ZERO;
        let mut exchange = None;
        let mut node = leaf;
        while !without.holds(node) && self.plan.holds(node) {
            self.walk(self.plan.parent_edge[node as usize], &mut new, &mut exchange);
            node = self.plan.parent[node as usize];
        }
        let (shared, above) = self.to_exchange(&self.plan, node);
        Some(WayIn { cost, new, shared, exchange: exchange.or(above)? })
    }

    /// The length of the route of a node that a forest holds, and its exchange.
    fn to_exchange(&self, forest: &Forest, mut node: u32) -> (Millimetres, Option<ExchangeIx>) {
        let (mut length, mut exchange) = (Millimetres::ZERO, None);
        while node != self.question.root() && forest.holds(node) {
            self.walk(forest.parent_edge[node as usize], &mut length, &mut exchange);
            node = forest.parent[node as usize];
        }
        (length, exchange)
    }

    fn walk(&self, edge: u32, length: &mut Millimetres, exchange: &mut Option<ExchangeIx>) {
        match self.question.meanings[edge as usize] {
            Meaning::Span(span) => *length = *length + self.prepared.span(span).length,
            Meaning::Enable(enabled) => *exchange = Some(enabled),
            Meaning::Drop(_) | Meaning::Rest(_) => {}
        }
    }

    /// The best plan found with a building in it: the plan made to hold it, then improved.
    fn forced(&self, leaf: u32, listener: &Listener<'_>) -> Option<ForcedPlan> {
        if listener.is_over() {
            return None;
        }
        let mut instance = self.terrain.instance.clone();
        for &other in self.purse.rules().bundle(&leaf) {
            instance.demands[other as usize] = Demand::Required;
        }
        let terrain = self.terrain.over(&instance);
        let mut start = self.plan.clone();
        let mut reach = Reach::new(instance.nodes());
        reach.start(&terrain, &start, ANYWHERE);
        joint::join(&terrain, self.purse.rules(), &mut start, &reach, leaf);
        let leaned = joint::lean(&terrain, self.purse, &start.solution(), listener);
        let mut alone = Forest::empty(&terrain);
        reach.start(&terrain, &alone, ANYWHERE);
        joint::join(&terrain, self.purse.rules(), &mut alone, &reach, leaf);
        let anew = || joint::lean(&terrain, self.purse, &alone.solution(), listener);
        let forest = leaned.or_else(anew)?;
        let part = self.effort.part(FORCED);
        let forest =
            joint::polish(&terrain, self.purse, forest, &part, &mut listener.during(News::Nothing));
        let ids = |forest: &Forest| -> BTreeSet<String> {
            let held = forest.held.iter().filter_map(|&leaf| self.question.building(leaf));
            let sites = held.flat_map(|building| &self.prepared.buildings()[building.at()].sites);
            let sites = sites.map(|&site| self.scenario.tables.site(site));
            sites.filter(|site| !self.scenario.forbids(site)).map(|site| site.id.clone()).collect()
        };
        let (with, without) = (ids(&forest), ids(&self.plan));
        Some(ForcedPlan {
            coverage: Weight::from_thousandths(self.question.scale.first(forest.prize)),
            cost: Pence::new(forest.cost),
            gained: with.difference(&without).cloned().collect(),
            lost: without.difference(&with).cloned().collect(),
        })
    }
}

/// The scenario with more money in every programme than anything costs.
fn without_end(scenario: &Scenario) -> Scenario {
    let mut rich = scenario.clone();
    for programme in &mut rich.programmes {
        programme.budget = Budget::Total(Pence::new(1 << 50));
        programme.min_sites = 0;
    }
    rich
}

/// The buildings of a network by the ids of their sites.
#[must_use]
pub fn building_of(prepared: &Prepared, scenario: &Scenario) -> BTreeMap<String, BuildingIx> {
    let buildings = prepared.buildings().iter().enumerate();
    let sites = buildings.flat_map(|(place, building)| {
        building.sites.iter().map(move |&site| (site, BuildingIx::new(place)))
    });
    sites.map(|(site, building)| (scenario.tables.site(site).id.clone(), building)).collect()
}
