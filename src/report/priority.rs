//! Which first: everything that a plan builds in order of priority, and what it comes to building by building.

use std::collections::BTreeMap;

use crate::model::{Scenario, premises_in_reach};
use crate::plan::{PassedSoFar, Plan};
use crate::report::Forest;
use crate::report::pennies::cost_per_unit;
use crate::schedule::order_by_year;
use crate::units::{Pence, Weight, Year};

/// A thing that a plan builds, by its place in the plan.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Ord, PartialOrd, Hash)]
pub enum Built {
    /// Place in [`Plan::exchanges`].
    Exchange(usize),
    /// Place in [`Plan::spans`].
    Span(usize),
    /// Place in [`Plan::drops`].
    Drop(usize),
}

/// One step of building.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct PriorityStep {
    /// What is built.
    pub built: Built,
    /// The rank of the first building that uses it; `None` where no building does.
    pub rank: Option<usize>,
}

/// A building, and what it takes to connect it once those before it are.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct RankedBuilding {
    /// Place of its drop in [`Plan::drops`].
    pub drop: usize,
    /// Number of the block in which it is built, from 1.
    pub block: usize,
    /// Number of the step that connects it, from 1.
    pub step: usize,
    /// Cost of its drop, and of the spans and the exchange that it uses and none before it does.
    pub cost: Pence,
    /// The same of all buildings so far.
    pub cost_so_far: Pence,
    /// Its coverage under the first weight of the objective that sites carry.
    pub weight: Weight,
    /// Coverage of all buildings so far.
    pub weight_so_far: Weight,
    /// Premises that what these use passes.
    pub premises_so_far: Weight,
}

impl RankedBuilding {
    /// Its cost per unit of its coverage, half up; `None` without coverage.
    #[must_use]
    pub fn cost_per_unit(&self) -> Option<Pence> {
        cost_per_unit(self.cost, self.weight)
    }
}

/// All that a plan builds in order of priority: the most coverage for each pound, as early as it can be built.
///
/// What has an earlier year comes first; within a year, and in a plan without years, it is Horn's order
/// ([`order_by_year`]), in which everything stands after what feeds it, and ties go by id.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Priority {
    /// Everything that is built, once.
    pub steps: Vec<PriorityStep>,
    /// The buildings that exchanges reach, by rank from 1.
    pub buildings: Vec<RankedBuilding>,
    /// Cost of what no building uses.
    pub unused: Pence,
    /// Whether the data has premises to pass.
    pub counts_premises: bool,
}

impl Priority {
    /// The order of a plan whose forest is given: `O(n log n)` in its spans and drops.
    #[must_use]
    pub fn of(scenario: &Scenario, plan: &Plan, forest: &Forest) -> Self {
        let nodes = Nodes::of(plan, forest);
        let order = order_by_year(&nodes.parent, &nodes.cost, &nodes.weight, &nodes.year);
        let mut priority =
            Self { counts_premises: premises_in_reach(scenario) > 0, ..Self::default() };
        let mut passed = PassedSoFar::new(scenario);
        let mut first: Vec<Option<usize>> = vec![None; nodes.parent.len()];
        let mut so_far = (Pence::ZERO, Weight::ZERO);
        for (step, (&node, &block)) in (1..).zip(order.items.iter().zip(&order.blocks)) {
            let node = node as usize;
            let Built::Drop(drop) = nodes.built(node) else { continue };
            if nodes.parent[node].is_none() {
                continue;
            }
            let rank = priority.buildings.len() + 1;
            let mut cost = Pence::ZERO;
            let mut next = Some(node);
            while let Some(used) = next.filter(|&used| first[used].is_none()) {
                first[used] = Some(rank);
                cost += Pence::new(nodes.cost[used]);
                match nodes.built(used) {
                    Built::Exchange(place) => passed.add_exchange(&plan.exchanges[place]),
                    Built::Span(place) => passed.add_span(&plan.spans[place]),
                    Built::Drop(_) => {}
                }
                next = nodes.parent[used].map(|above| above as usize);
            }
            let weight = Weight::from_thousandths(nodes.weight[node]);
            so_far.0 += cost;
            so_far.1 += weight;
            priority.buildings.push(RankedBuilding {
                drop,
                block: block as usize + 1,
                step,
                cost,
                cost_so_far: so_far.0,
                weight,
                weight_so_far: so_far.1,
                premises_so_far: passed.premises(),
            });
        }
        priority.unused = plan.cost() - so_far.0;
        let steps = order.items.iter().map(|&node| PriorityStep {
            built: nodes.built(node as usize),
            rank: first[node as usize],
        });
        priority.steps = steps.collect();
        priority
    }

    /// The rank of each connected site, by id.
    #[must_use]
    pub fn ranks<'a>(&self, plan: &'a Plan) -> BTreeMap<&'a str, usize> {
        let ranked = (1..).zip(&self.buildings);
        let sites = ranked.flat_map(|(rank, building)| {
            plan.drops[building.drop].sites.iter().map(move |site| (site.as_str(), rank))
        });
        sites.collect()
    }

    /// How many of the first buildings it takes for half of the coverage; `None` where there is no coverage.
    #[must_use]
    pub fn half(&self) -> Option<usize> {
        let all = self.buildings.last()?.weight_so_far.thousandths();
        let half = |building: &RankedBuilding| {
            2 * i128::from(building.weight_so_far.thousandths()) >= i128::from(all)
        };
        (all > 0).then(|| self.buildings.iter().position(half).map(|place| place + 1))?
    }
}

/// What a plan builds as numbers: exchanges, then spans, then drops, each in the order of the plan.
struct Nodes {
    spans_from: usize,
    drops_from: usize,
    parent: Vec<Option<u32>>,
    cost: Vec<i64>,
    weight: Vec<i64>,
    year: Vec<Option<Year>>,
}

impl Nodes {
    fn of(plan: &Plan, forest: &Forest) -> Self {
        let spans_from = plan.exchanges.len();
        let drops_from = spans_from + plan.spans.len();
        let count = drops_from + plan.drops.len();
        let exchanges = plan.exchanges.iter().map(|own| (own.cost, None));
        let spans = plan.spans.iter().map(|own| (own.cost, own.year));
        let drops = plan.drops.iter().map(|own| (own.cost, own.year));
        let (cost, year) =
            exchanges.chain(spans).chain(drops).map(|(cost, year)| (cost.get(), year)).unzip();
        let mut nodes = Self {
            spans_from,
            drops_from,
            parent: vec![None; count],
            cost,
            weight: vec![0; count],
            year,
        };
        let above = |root: usize, last: Option<usize>| {
            let place = last
                .map_or(forest.roots[root].exchange, |last| spans_from + forest.spans[last].span);
            // A place that 32 bits cannot number stands in no plan that fits into memory.
            u32::try_from(place).ok()
        };
        for own in &forest.spans {
            nodes.parent[spans_from + own.span] = above(own.root, own.before);
        }
        for own in &forest.drops {
            nodes.parent[drops_from + own.drop] = above(own.root, own.last);
            nodes.weight[drops_from + own.drop] = own.weight.thousandths();
        }
        nodes
    }

    fn built(&self, node: usize) -> Built {
        match node {
            _ if node < self.spans_from => Built::Exchange(node),
            _ if node < self.drops_from => Built::Span(node - self.spans_from),
            _ => Built::Drop(node - self.drops_from),
        }
    }
}
