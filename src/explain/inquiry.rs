//! What a plan means for one building: the way to it, what it would displace, what is proven about it.
//!
//! In: a plan and its scenario. Out: for each building asked for, the cheapest way in, the best plan found
//! with it forced in, and bounds on all plans with and without it. A plan with a building forced in is a
//! whole plan again: payable and within the rules.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use crate::effort::Effort;
use crate::engine::{self, Demand};
use crate::error::Error;
use crate::ids::{BuildingIx, ExchangeIx};
use crate::joint::{
    self, Forest, FundingOracle, InsertionPaths, JointProblem, RunShows, SearchProgress, Shown,
};
use crate::model::Scenario;
use crate::network::Prepared;
use crate::observe::Observer;
use crate::plan::Plan;
use crate::question::{EdgeItem, Question, funding_oracle, question, tree_of};
use crate::units::{Millimetres, Pence, Weight};

/// Longest distance in a search without a limit.
const ANYWHERE: i64 = 1 << 60;
/// Share of the effort for the bounds, and for each plan with a building forced in.
const BOUNDS: u64 = 10;
const FORCED: u64 = 400;
/// Time that searches may take where less is allowed for everything.
const AT_ONCE: Duration = Duration::from_millis(400);

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

/// Whether the programmes could pay for something.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Payable {
    /// With the money they have.
    pub as_budgeted: bool,
    /// With money without end, so that only their other rules count.
    pub without_end: bool,
}

/// What is known about one building beside a plan.
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
    /// Whether the programmes could pay for it by itself.
    pub payable: Payable,
    /// Whether it could be connected by itself under the rules.
    pub allowed: bool,
    /// No plan with it covers more.
    pub with_at_most: Weight,
    /// No plan without it covers more.
    pub without_at_most: Weight,
    /// For a building left out: the best plan found with it forced in; `None` where none was found.
    pub forced: Option<ForcedPlan>,
    /// Whether there was time to plan with it forced in, where that is asked.
    pub is_finished: bool,
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
    let effort = &effort.started();
    let question = question(prepared, scenario)?;
    let tree = tree_of(prepared, scenario, &question, plan)?;
    let problem = question.problem();
    let rich = without_end(scenario);
    let oracle = funding_oracle(prepared, scenario, &question)?;
    let endless = funding_oracle(prepared, &rich, &question)?;
    let bounds = engine::forced(&question.instance, &effort.part(BOUNDS), observer)?;
    let plan = Forest::of(&problem, &tree);
    let progress = SearchProgress::new(effort.start(), observer, Shown::Nothing);
    let nothing = Forest::empty(&problem);
    let mut paths = InsertionPaths::new(question.instance.nodes());
    let mut empty = InsertionPaths::new(question.instance.nodes());
    // Small networks are searched whatever the time.
    let end = progress.grant(AT_ONCE);
    let stops = || progress.is_over();
    if !paths.start_unless(&problem, &plan, ANYWHERE, &stops)
        || !empty.start_unless(&problem, &nothing, ANYWHERE, &stops)
    {
        return Ok(Vec::new());
    }
    progress.end_at(end);
    let mut single = nothing.clone();
    let inquiry = BuildingInquiry {
        prepared,
        scenario,
        question: &question,
        problem: &problem,
        oracle: &oracle,
        endless: &endless,
        plan,
        paths,
        nothing,
        empty,
        effort,
    };
    let mut answer =
        |&building: &BuildingIx| inquiry.answer(building, &mut single, &bounds, &progress);
    Ok(buildings.iter().map(&mut answer).collect())
}

/// Time was up.
struct OutOfTime;

struct BuildingInquiry<'a> {
    prepared: &'a Prepared,
    scenario: &'a Scenario,
    question: &'a Question,
    problem: &'a JointProblem<'a>,
    oracle: &'a FundingOracle,
    endless: &'a FundingOracle,
    plan: Forest,
    /// Ways from the plan.
    paths: InsertionPaths,
    /// A forest of nothing, and ways from it.
    nothing: Forest,
    empty: InsertionPaths,
    effort: &'a Effort,
}

impl BuildingInquiry<'_> {
    fn answer(
        &self,
        building: BuildingIx,
        single: &mut Forest,
        bounds: &engine::Forced,
        progress: &SearchProgress<'_>,
    ) -> Answer {
        let leaf = self.question.leaf(building);
        let connected = self.plan.holds(leaf);
        let first = |prize: i64| Weight::from_thousandths(self.question.scale.first(prize));
        let reached = self.empty.cost(leaf).is_some();
        if reached {
            single.attach(self.problem, leaf, &|node| self.empty.step(node));
        }
        let pays =
            |oracle: &FundingOracle| reached && oracle.can_pay(self.problem, single) == Some(true);
        let payable = Payable { as_budgeted: pays(self.oracle), without_end: pays(self.endless) };
        let allowed = reached && self.oracle.constraints().allows(self.problem, single);
        single.detach(self.problem, leaf);
        let open = self.question.building_terms[building.at()].open;
        let forced = if connected || !open { Ok(None) } else { self.forced(leaf, progress) };
        Answer {
            building,
            connected,
            alone: self.way_in(&self.nothing, &self.empty, leaf),
            now: if connected {
                self.way_out(leaf)
            } else {
                self.way_in(&self.plan, &self.paths, leaf)
            },
            payable,
            allowed,
            with_at_most: first(bounds.held[leaf as usize]),
            without_at_most: first(bounds.missed[leaf as usize]),
            is_finished: forced.is_ok(),
            forced: forced.ok().flatten(),
        }
    }

    /// The way from a leaf to a forest, as a search from the forest found it.
    fn way_in(&self, forest: &Forest, paths: &InsertionPaths, leaf: u32) -> Option<WayIn> {
        let cost = Pence::new(paths.cost(leaf)?);
        let mut new = Millimetres::ZERO;
        let mut exchange = None;
        let mut node = leaf;
        while let Some((edge, next)) = paths.step(node).filter(|_| !forest.holds(node)) {
            self.walk(edge, &mut new, &mut exchange);
            node = next;
        }
        let (shared, above) = self.to_exchange(forest, node);
        Some(WayIn { cost, new, shared, exchange: exchange.or(above)? })
    }

    /// What taking a connected leaf out would save, by length what only it uses.
    fn way_out(&self, leaf: u32) -> Option<WayIn> {
        let mut without = self.plan.clone();
        joint::remove(self.problem, self.oracle.constraints(), &mut without, leaf);
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
        match self.question.edge_items[edge as usize] {
            EdgeItem::Span(span) => *length = *length + self.prepared.span(span).length,
            EdgeItem::Enable(enabled) => *exchange = Some(enabled),
            EdgeItem::Drop(_) | EdgeItem::SecondHalf(_) => {}
        }
    }

    /// The best plan found with a building in it: the plan made to hold it, then improved; an error where time
    /// was up before one was found.
    fn forced(
        &self,
        leaf: u32,
        progress: &SearchProgress<'_>,
    ) -> Result<Option<ForcedPlan>, OutOfTime> {
        if progress.is_over() {
            return Err(OutOfTime);
        }
        let mut instance = self.problem.instance.clone();
        for &other in self.oracle.constraints().bundle(&leaf) {
            instance.demands[other as usize] = Demand::Required;
        }
        let problem = self.problem.over(&instance);
        let mut start = self.plan.clone();
        let mut paths = InsertionPaths::new(instance.nodes());
        paths.start(&problem, &start, ANYWHERE);
        joint::insert(&problem, self.oracle.constraints(), &mut start, &paths, leaf);
        let mended = joint::repair_funding(&problem, self.oracle, &start.solution(), progress);
        let mut alone = Forest::empty(&problem);
        paths.start(&problem, &alone, ANYWHERE);
        joint::insert(&problem, self.oracle.constraints(), &mut alone, &paths, leaf);
        let anew = || joint::repair_funding(&problem, self.oracle, &alone.solution(), progress);
        let Some(forest) = mended.or_else(anew) else {
            return if progress.is_over() { Err(OutOfTime) } else { Ok(None) };
        };
        let part = self.effort.part(FORCED);
        let forest = joint::polish(
            &problem,
            self.oracle,
            forest,
            &part,
            &mut progress.during(RunShows::Nothing),
        );
        let ids = |forest: &Forest| -> BTreeSet<String> {
            let held = forest.held.iter().filter_map(|&leaf| self.question.building(leaf));
            let sites = held.flat_map(|building| &self.prepared.buildings()[building.at()].sites);
            let sites = sites.map(|&site| self.scenario.tables.site(site));
            sites.filter(|site| !self.scenario.forbids(site)).map(|site| site.id.clone()).collect()
        };
        let (with, without) = (ids(&forest), ids(&self.plan));
        Ok(Some(ForcedPlan {
            coverage: Weight::from_thousandths(self.question.scale.first(forest.prize)),
            cost: Pence::new(forest.cost),
            gained: with.difference(&without).cloned().collect(),
            lost: without.difference(&with).cloned().collect(),
        }))
    }
}

/// The scenario with more money in every programme than anything costs.
fn without_end(scenario: &Scenario) -> Scenario {
    scenario.altered(|rich| {
        for programme in &mut rich.programmes {
            programme.budget = programme.budget.unlimited();
            programme.min_sites = 0;
        }
    })
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
