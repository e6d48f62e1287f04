//! Branch and bound over dual ascent bounds, with a tree sought at every node.
//!
//! In: a rooted problem. Out: the best tree found and a valid bound, at whatever moment the search is
//! stopped. Each node of the search demands or bars some nodes of the graph; its bound comes from a
//! few dual ascents under different multipliers, its trees from their saturated arcs. The node of
//! worst bound is looked at first.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::Incumbent;
use super::examine::decide;
use super::found::Found;
use super::incumbent::is_fathomed;
use super::lns::Lns;
use super::node::{BoundedNode, Examined, Start};
use super::settings::SearchSettings;
use super::smaller::Smaller;
use super::state::Search;
use super::styles::Styles;
use crate::engine::Goal;
use crate::engine::bound::{AscentScratch, Price};
use crate::engine::heuristic::{Oriented, cut_to_size, from_nothing, refine};
use crate::engine::instance::LARGE;
use crate::engine::node_queue::NodeQueue;
use crate::engine::rooted::{Restriction, Rooted};
use crate::engine::stop::Watch;
use crate::graph::Distances;
use crate::random::Random;

/// A node of the search that is still to be looked at: a problem and one more decision.
#[derive(Clone, Debug)]
struct OpenNode {
    start: Rc<Start>,
    problem: Rc<Rooted>,
    name: u32,
    held: bool,
}

/// Searches a rooted problem from an incumbent, or from nothing. `guide` names the edges, sorted, of a
/// tree that may be good at the price of the settings.
pub(crate) fn search(
    problem: Rooted,
    incumbent: Incumbent,
    guide: Vec<u32>,
    settings: SearchSettings,
    watch: &Watch<'_>,
) -> Found {
    let mut search = Search {
        watch,
        settings,
        incumbent,
        scratch: AscentScratch::default(),
        styles: Styles::default(),
        examined: 0,
        small_steps: false,
        closings: BTreeMap::new(),
        random: Random::new(settings.neighbourhoods.unwrap_or(0)),
        solve_part: search,
    };
    search.whole(problem, guide)
}

impl Search<'_, '_> {
    fn whole(&mut self, problem: Rooted, guide: Vec<u32>) -> Found {
        let mut found = Found {
            incumbent: Incumbent::default(),
            bound: None,
            root_bound: None,
            reduced: problem.size(),
            branch_nodes: 1,
            forced_real_node: None,
        };
        let begun = self.watch.work();
        let mut lns = self.settings.neighbourhoods.map(|seed| Lns::new(problem.clone(), seed));
        let first = match self.settings.ratio {
            Some(ratio) => Price::of_ratio(&problem, ratio),
            None => self.first_tree(&problem),
        };
        let start = Start { bound: problem.trivial_bound(), price: first, guide };
        let mut looked = self.examine(problem, start, self.settings.rounds.root);
        if let Some(lns) = &mut lns {
            looked = self.improve_root(lns, looked, begun);
        }
        match looked {
            Examined::Closed => {
                found.bound = self.incumbent.value();
                found.root_bound = found.bound;
            }
            Examined::Open(bounded) => {
                found.root_bound = Some(bounded.start.bound);
                found.reduced = bounded.problem.size();
                found.forced_real_node = forced_real_node(&bounded.problem);
                found.bound = if found.forced_real_node.is_some() || self.watch.over() {
                    found.root_bound
                } else if self.settings.neighbourhoods.is_some()
                    && let Some(smaller) = Smaller::of(&bounded.problem, self.watch)
                {
                    self.search_smaller(&bounded, &smaller, &mut found)
                } else {
                    self.branch(*bounded, lns.as_mut(), &mut found.branch_nodes)
                };
            }
        }
        found.incumbent = std::mem::take(&mut self.incumbent);
        found
    }

    /// Alternates between trees and bounds at the root while both gain. `begun` is the work done
    /// before this search.
    fn improve_root(&mut self, lns: &mut Lns, mut looked: Examined, begun: u64) -> Examined {
        let work = 2 * (self.watch.work() - begun);
        let mut futile = None;
        for _ in 0..6 {
            let Examined::Open(mut bounded) = looked else { break };
            let before = self.incumbent.value();
            let mut gained = false;
            // At a price at which that was of no use it would be of no use again.
            if futile != Some(bounded.start.price) && !self.done(bounded.start.bound) {
                gained = self.improve_guide(&mut bounded, work);
                futile = (!gained).then_some(bounded.start.price);
            }
            if is_fathomed(&self.incumbent, bounded.problem.goal, bounded.start.bound) {
                return Examined::Closed;
            }
            let BoundedNode { problem, start, .. } = bounded.as_ref();
            if !self.done(start.bound) {
                let share = (self.watch.work() - begun) / 2;
                self.search_neighbourhoods(lns, problem, start.bound, start.price.ratio(), share);
            }
            if self.incumbent.value() == before && !gained {
                return Examined::Open(bounded);
            }
            let BoundedNode { problem, start, .. } = *bounded;
            looked = self.examine(problem, start, self.settings.rounds.root.div_ceil(2));
        }
        looked
    }

    /// Improves the tree that guides ascents, by a search of the problem its price makes, and keeps the
    /// bound that this proves; says whether it got better by a tenth of what it lacked.
    fn improve_guide(&mut self, bounded: &mut BoundedNode, work: u64) -> bool {
        let BoundedNode { problem, start, .. } = bounded;
        if problem.goal == Goal::LeastLoss {
            return false;
        }
        let priced = problem.priced(start.price);
        let mut incumbent = Incumbent::default();
        let edges: Vec<u32> =
            start.guide.iter().filter_map(|&name| priced.edge_named(name)).collect();
        let tree = Oriented::new(&priced, &edges).pruned(&priced, Price::PLAIN);
        incumbent.offer(&priced, &tree);
        let before = priced.value(&tree);
        let settings = SearchSettings::guide(self.settings.neighbourhoods);
        let until = self.watch.narrow(work);
        let quiet = self.watch.mute(true);
        let found = search(priced, incumbent, Vec::new(), settings, self.watch);
        self.watch.mute(quiet);
        self.watch.widen(until);
        if let Some(lower) = found.bound {
            let bound = start.price.bound(problem, lower);
            if problem.beats(start.bound, bound) {
                start.bound = bound;
            }
        }
        let Some(best) = found.incumbent.best else { return false };
        let lacked = before - found.bound.unwrap_or(best.value);
        start.guide = best.edges;
        let edges: Vec<u32> =
            start.guide.iter().filter_map(|&name| problem.edge_named(name)).collect();
        if let Some(tree) = cut_to_size(problem, start.price, &edges, self.watch) {
            self.incumbent.offer(problem, &tree);
        }
        before - best.value > lacked / 10
    }

    /// A first tree, and the price to begin with.
    #[allow(clippy::cast_precision_loss)] // a choice, not a proof
    fn first_tree(&mut self, problem: &Rooted) -> Price {
        if let (Goal::MostPrize { budget }, true) = (problem.goal, problem.nodes() > LARGE) {
            return Price::of_ratio(problem, dearest_way(problem, budget));
        }
        let tree = from_nothing(problem, self.watch);
        if let Some(tree) = &tree {
            self.incumbent.offer(problem, tree);
        }
        if problem.goal == Goal::LeastLoss {
            return Price::PLAIN;
        }
        let (cost, prize) = tree.map_or_else(
            || (problem.cost.iter().sum::<i64>(), problem.open_prize()),
            |tree| (tree.cost, tree.prize),
        );
        Price::of_ratio(problem, 1.5 * cost.max(1) as f64 / prize.max(1) as f64)
    }

    /// Branches until nothing is open or the watch says to stop; returns the bound then proven.
    fn branch(
        &mut self,
        root: BoundedNode,
        mut lns: Option<&mut Lns>,
        branch_nodes: &mut u64,
    ) -> Option<i64> {
        let goal = root.problem.goal;
        let (mut branching, mut improving) = (0, 0);
        let mut queue = NodeQueue::new();
        let whole = Rc::new(root.problem.clone());
        self.add_children(&mut queue, goal, root);
        while let Some(mut worst) = queue.first().map(|node| node.start.bound) {
            if is_fathomed(&self.incumbent, goal, worst) {
                queue.clear();
                break;
            }
            if self.done(worst) {
                break;
            }
            let Some(node) = queue.pop() else { break };
            *branch_nodes += 1;
            let begun = self.watch.work();
            let Some(part) = decide(&node.problem, node.name, node.held) else { continue };
            let looked = self.examine(part, Start::clone(&node.start), self.settings.rounds.later);
            match looked {
                Examined::Open(bounded) => self.add_children(&mut queue, goal, *bounded),
                Examined::Closed => *self.closings.entry(node.name).or_default() += 1,
            }
            if let Some(node) = queue.first() {
                worst = node.start.bound;
            }
            branching += self.watch.work() - begun;
            if lns.is_some() || whole.has_artificial_root {
                self.watch.progress(self.incumbent.value(), worst);
            }
            let Some(lns) = &mut lns else { continue };
            // For least loss each node brings trees of its own.
            let share = if goal == Goal::LeastLoss { 3 } else { 1 };
            if share * (improving + lns.effort) < branching {
                let (ratio, work) = (node.start.price.ratio(), 4 * lns.effort);
                improving += self.search_neighbourhoods(lns, &whole, worst, ratio, work);
            }
        }
        match (queue.first().map(|node| node.start.bound), self.incumbent.value()) {
            (Some(bound), Some(value)) if goal.beats(value, bound) => Some(value),
            (Some(bound), _) => Some(bound),
            (None, value) => value,
        }
    }

    fn add_children(&mut self, queue: &mut NodeQueue<OpenNode>, goal: Goal, bounded: BoundedNode) {
        let BoundedNode { problem, start, branch } = bounded;
        let Some(name) = branch else {
            self.close_by_spanning(&problem);
            return;
        };
        let (problem, start) = (Rc::new(problem), Rc::new(start));
        let promise = goal.promise(start.bound);
        for held in [false, true] {
            let (problem, start) = (Rc::clone(&problem), Rc::clone(&start));
            queue.add(promise, 0, OpenNode { start, problem, name, held });
        }
    }

    /// Every node is demanded: the best tree is a least spanning tree.
    fn close_by_spanning(&mut self, problem: &Rooted) {
        let single = if problem.has_artificial_root { with_one_branch(problem) } else { None };
        if problem.has_artificial_root && single.is_none() {
            return;
        }
        let problem = single.as_ref().unwrap_or(problem);
        if let Some(tree) = from_nothing(problem, self.watch)
            .and_then(|tree| refine(problem, &tree.edges, self.watch))
        {
            self.incumbent.offer(problem, &tree);
        }
    }
}

/// Cost for prize of the dearest terminal within the budget, if each had a way of its own and the cheapest
/// for their prizes came first. O(edges log nodes).
#[allow(clippy::cast_precision_loss)] // a choice, not a proof
fn dearest_way(problem: &Rooted, budget: i64) -> f64 {
    let mut distances = Distances::new(problem.nodes());
    distances.add_source(problem.root);
    distances
        .run(&problem.rows, budget, |place| Some(problem.cost[problem.rows.edge(place) as usize]));
    let mut ways: Vec<(i64, i64)> = problem
        .all_nodes()
        .map(|node| (distances.of(node), problem.prize[node as usize]))
        .filter(|&(cost, prize)| prize > 0 && cost <= budget)
        .collect();
    let ratio = |&(cost, prize): &(i64, i64)| cost as f64 / prize as f64;
    ways.sort_by(|one, other| ratio(one).total_cmp(&ratio(other)));
    let mut spent = 0_i64;
    let within = |&&(cost, _): &&(i64, i64)| {
        spent = spent.saturating_add(cost);
        spent <= budget
    };
    ways.iter().take_while(within).last().map_or(1.0, ratio).max(1e-9)
}

/// A required node of a problem whose root is artificial.
fn forced_real_node(problem: &Rooted) -> Option<u32> {
    let real = |&node: &u32| problem.required[node as usize] && node != problem.root;
    let node = problem.all_nodes().filter(|_| problem.has_artificial_root).find(real)?;
    Some(problem.node_name[node as usize])
}

/// The problem with only one of the edges at its artificial root: which one makes no difference to a
/// tree that holds all nodes. `None` when they hang together over no other edges.
fn with_one_branch(problem: &Rooted) -> Option<Rooted> {
    let rows = &problem.rows;
    let kept = rows.row(problem.root).next().map(|place| rows.edge(place));
    let at_root = |edge: u32| problem.ends[edge as usize].contains(&problem.root);
    problem.restrict(&Restriction {
        drop_node: &|_| false,
        drop_edge: &|edge| at_root(edge) && Some(edge) != kept,
        require: &|_| false,
    })
}
