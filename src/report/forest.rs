//! A plan as a forest: from each exchange outward over the built spans to the buildings.

use std::collections::{BTreeMap, VecDeque};

use crate::geometry::Point;
use crate::model::Scenario;
use crate::plan::{Junctions, Plan};
use crate::units::{Millimetres, Weight};

/// A built span at its place in the forest.
#[derive(Clone, Debug, PartialEq)]
pub struct BuiltSpan {
    /// Place in [`Plan::spans`].
    pub span: usize,
    /// Place in [`Forest::roots`] of the exchange that feeds it.
    pub root: usize,
    /// Place in [`Forest::spans`] of the span before it; `None` at the exchange.
    pub before: Option<usize>,
    /// The junction on the exchange's side.
    pub near: String,
    /// The junction on the far side.
    pub far: String,
    /// Length of the route from the exchange to the far junction.
    pub reach: Millimetres,
    /// Buildings whose route uses it.
    pub buildings: usize,
    /// Sites in these buildings.
    pub sites: usize,
    /// Their coverage under the first weight of the objective.
    pub weight: Weight,
}

/// An exchange at the head of its tree.
#[derive(Clone, Debug, PartialEq)]
pub struct Root {
    /// Place in [`Plan::exchanges`].
    pub exchange: usize,
    /// Buildings it serves.
    pub buildings: usize,
    /// Sites in these buildings.
    pub sites: usize,
    /// Their coverage under the first weight of the objective.
    pub weight: Weight,
}

/// A drop and where it hangs.
#[derive(Clone, Debug, PartialEq)]
pub struct ServedDrop {
    /// Place in [`Plan::drops`].
    pub drop: usize,
    /// Place in [`Forest::roots`].
    pub root: usize,
    /// Place in [`Forest::spans`] of the last span of its route; `None` at the exchange itself.
    pub last: Option<usize>,
    /// Its sites' coverage under the first weight of the objective.
    pub weight: Weight,
}

/// The spans and drops of a plan, branch by branch.
///
/// A span stands after the span that feeds it; at a fork the branch with the most sites comes first,
/// then the lower id. Whatever stands outside every tree is listed apart, so that nothing is lost.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Forest {
    /// Exchanges, in the order of the plan.
    pub roots: Vec<Root>,
    /// Spans, exchange by exchange, from the exchange outward.
    pub spans: Vec<BuiltSpan>,
    /// Drops, in the order of the plan.
    pub drops: Vec<ServedDrop>,
    /// Places in [`Plan::spans`] outside every tree.
    pub loose_spans: Vec<usize>,
    /// Places in [`Plan::drops`] outside every tree.
    pub loose_drops: Vec<usize>,
}

/// How a junction is reached: the place of its root, and of the last span on the way.
type Way = (usize, Option<usize>);

impl Forest {
    /// The forest of a plan, walked once from its exchanges: `O(n log n)` in its spans and drops.
    #[must_use]
    pub fn of(scenario: &Scenario, plan: &Plan) -> Self {
        let exchanges = plan.exchanges.iter().filter_map(|own| exchange_at(scenario, &own.id));
        let junctions = Junctions::of(plan, exchanges);
        let (mut walk, ways) = Self::walk(scenario, plan, &junctions);
        walk.hang_drops(scenario, plan, |at| ways[junctions.at(at)?]);
        walk.add_up(plan);
        walk.branch_by_branch(plan)
    }

    /// Reaches every junction once, tree by tree and ring by ring; spans in the order they are reached.
    /// By junction comes the tree that reaches it, with the last span on the way.
    fn walk(scenario: &Scenario, plan: &Plan, junctions: &Junctions) -> (Self, Vec<Option<Way>>) {
        let mut forest = Self::default();
        let mut ways = vec![None; junctions.points().len()];
        for exchange in 0..plan.exchanges.len() {
            let (buildings, sites, weight) = (0, 0, Weight::ZERO);
            forest.roots.push(Root { exchange, buildings, sites, weight });
            let start = exchange_at(scenario, &plan.exchanges[exchange].id);
            let start = start.and_then(|start| junctions.at(start));
            if let Some(start) = start.filter(|&start| ways[start].is_none()) {
                ways[start] = Some((exchange, None));
                forest.walk_tree(plan, junctions, start, &mut ways);
            }
        }
        let mut reached = vec![false; plan.spans.len()];
        for built in &forest.spans {
            reached[built.span] = true;
        }
        forest.loose_spans = (0..plan.spans.len()).filter(|&span| !reached[span]).collect();
        (forest, ways)
    }

    /// Adds the tree of the last root, which stands at `start`.
    fn walk_tree(
        &mut self,
        plan: &Plan,
        junctions: &Junctions,
        start: usize,
        ways: &mut [Option<Way>],
    ) {
        let root = self.roots.len() - 1;
        let mut queue = VecDeque::from([(None, start, Millimetres::ZERO)]);
        while let Some((before, near, so_far)) = queue.pop_front() {
            for &span in junctions.spans(near) {
                let Some([one, other]) = junctions.ends(span) else { continue };
                let far = if one == near { other } else { one };
                if ways[far].is_some() {
                    continue;
                }
                let [here, there] = [usize::from(one != near), usize::from(one == near)];
                let reach = so_far + plan.spans[span].length;
                ways[far] = Some((root, Some(self.spans.len())));
                queue.push_back((Some(self.spans.len()), far, reach));
                self.spans.push(BuiltSpan {
                    span,
                    root,
                    before,
                    near: plan.spans[span].ends[here].clone(),
                    far: plan.spans[span].ends[there].clone(),
                    reach,
                    buildings: 0,
                    sites: 0,
                    weight: Weight::ZERO,
                });
            }
        }
    }

    /// Hangs the drops where the trees reach their buildings, which a way says for a place.
    fn hang_drops(&mut self, scenario: &Scenario, plan: &Plan, way: impl Fn(Point) -> Option<Way>) {
        let buildings: BTreeMap<String, Point> =
            scenario.buildings().into_iter().map(|building| (building.id, building.at)).collect();
        for (place, drop) in plan.drops.iter().enumerate() {
            match buildings.get(&drop.building).and_then(|&at| way(at)) {
                Some((root, last)) => {
                    let weight = coverage_of(scenario, &drop.sites);
                    self.drops.push(ServedDrop { drop: place, root, last, weight });
                }
                None => self.loose_drops.push(place),
            }
        }
    }

    /// Adds each drop to the spans of its route, from the far ends inward.
    fn add_up(&mut self, plan: &Plan) {
        for served in &self.drops {
            let sites = plan.drops[served.drop].sites.len();
            let root = &mut self.roots[served.root];
            root.buildings += 1;
            root.sites += sites;
            root.weight += served.weight;
            if let Some(last) = served.last {
                let span = &mut self.spans[last];
                span.buildings += 1;
                span.sites += sites;
                span.weight += served.weight;
            }
        }
        // A span stands after the one before it, so going backwards meets children first.
        for place in (0..self.spans.len()).rev() {
            let (buildings, sites, weight) = {
                let span = &self.spans[place];
                (span.buildings, span.sites, span.weight)
            };
            if let Some(before) = self.spans[place].before {
                let span = &mut self.spans[before];
                span.buildings += buildings;
                span.sites += sites;
                span.weight += weight;
            }
        }
    }

    /// Reorders the spans branch by branch instead of ring by ring.
    fn branch_by_branch(self, plan: &Plan) -> Self {
        let mut after: Vec<Vec<usize>> = vec![Vec::new(); self.spans.len()];
        let mut heads: Vec<Vec<usize>> = vec![Vec::new(); self.roots.len()];
        for (place, span) in self.spans.iter().enumerate() {
            match span.before {
                Some(before) => after[before].push(place),
                None => heads[span.root].push(place),
            }
        }
        // Last on the stack is first in the list: fewest sites first, then the higher id.
        let by_rank = |&a: &usize, &b: &usize| {
            let (a, b) = (&self.spans[a], &self.spans[b]);
            let ids = plan.spans[b.span].id.cmp(&plan.spans[a.span].id);
            a.sites.cmp(&b.sites).then(ids)
        };
        for children in after.iter_mut().chain(&mut heads) {
            children.sort_by(by_rank);
        }
        let mut order = Vec::with_capacity(self.spans.len());
        for head in &heads {
            let mut stack = head.clone();
            while let Some(place) = stack.pop() {
                order.push(place);
                stack.extend(&after[place]);
            }
        }
        let mut place_of = vec![0; order.len()];
        for (new, &old) in order.iter().enumerate() {
            place_of[old] = new;
        }
        let spans = order
            .iter()
            .map(|&old| {
                let span = self.spans[old].clone();
                BuiltSpan { before: span.before.map(|before| place_of[before]), ..span }
            })
            .collect();
        let mut drops = self.drops;
        for drop in &mut drops {
            drop.last = drop.last.map(|last| place_of[last]);
        }
        Self { spans, drops, ..self }
    }
}

fn exchange_at(scenario: &Scenario, id: &str) -> Option<Point> {
    let tables = &scenario.tables;
    tables.exchange_by_id(id).map(|exchange| tables.exchange(exchange).at)
}

/// Coverage of sites under the first weight of the objective.
fn coverage_of(scenario: &Scenario, sites: &[String]) -> Weight {
    let name = scenario.site_weight();
    let tables = &scenario.tables;
    let known = sites.iter().filter_map(|id| tables.site_by_id(id));
    known
        .filter_map(|site| scenario.weight(name, tables.site(site)))
        .map(|weighed| weighed.weight)
        .sum()
}
