//! Branch and bound over dual ascent bounds, with a tree sought at every node.
//!
//! In: a rooted problem. Out: the best tree found and a valid bound, at whatever moment the search is
//! stopped. Each node of the search demands or bars some nodes of the graph; its bound comes from a
//! few dual ascents under different multipliers, its trees from their saturated arcs. The node of
//! worst bound is looked at first.

use std::cmp::Ordering;
use std::collections::BinaryHeap;
use std::rc::Rc;

use super::Incumbent;
use super::examine::{COARSE, Examined, Remains, Start, Styles};
use super::smaller::Smaller;
use super::wide::Wide;
use crate::engine::Goal;
use crate::engine::bound::{AscentScratch, Price};
use crate::engine::heuristic::{Oriented, cut_to_size, from_nothing, refine};
use crate::engine::rooted::{Restriction, Rooted};
use crate::engine::stop::Watch;

/// What a search found and proved.
#[derive(Clone, Debug)]
pub(crate) struct Found {
    /// The best tree, by name.
    pub incumbent: Incumbent,
    /// No tree is better than this; `None` when there is no tree at all.
    pub bound: Option<i64>,
    /// The bound before branching.
    pub root_bound: Option<i64>,
    /// Nodes and edges after the first node's fixing.
    pub reduced: (usize, usize),
    /// Nodes of the search looked at.
    pub branch_nodes: u64,
    /// Where the root is artificial: a node that every improvement holds, once one is known. The search
    /// ends there, because a root that is real serves better.
    pub ground: Option<u32>,
}

impl Found {
    /// Nothing found beyond what was known, and nothing to be found.
    pub fn nothing(incumbent: Incumbent) -> Self {
        Self {
            bound: incumbent.value(),
            root_bound: incumbent.value(),
            incumbent,
            reduced: (0, 0),
            branch_nodes: 0,
            ground: None,
        }
    }
}

/// A node of the search that is still to be looked at: a problem and one more decision.
#[derive(Clone, Debug)]
struct Open {
    /// How good its bound still looks: larger is looked at first.
    hope: i64,
    start: Rc<Start>,
    problem: Rc<Rooted>,
    name: u32,
    held: bool,
    number: u64,
}

impl Open {
    fn rank(&self) -> (i64, u64) {
        (self.hope, self.number)
    }
}

impl Ord for Open {
    fn cmp(&self, other: &Self) -> Ordering {
        self.rank().cmp(&other.rank())
    }
}

impl PartialOrd for Open {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Open {
    fn eq(&self, other: &Self) -> bool {
        self.rank() == other.rank()
    }
}

impl Eq for Open {}

/// The nodes still to be looked at, worst bound first.
#[derive(Default)]
struct Queue {
    heap: BinaryHeap<Open>,
    numbered: u64,
}

impl Queue {
    fn add(&mut self, node: Open) {
        self.heap.push(node);
    }

    fn pop(&mut self) -> Option<Open> {
        self.heap.pop()
    }

    fn peek(&self) -> Option<&Open> {
        self.heap.peek()
    }

    fn clear(&mut self) {
        self.heap.clear();
    }
}

/// How a search is to be done.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Plan {
    /// Units of cost for one unit of prize to begin with; without one, a first tree is grown to tell.
    pub ratio: Option<f64>,
    /// Prices tried at the root and at later nodes.
    pub rounds: (usize, usize),
    /// How far components grow in one raise when a node is bounded for good, in per cent: at the root
    /// and at later nodes.
    pub growth: (usize, usize),
    /// Into how many steps the raise of an edge of average cost is divided then; zero: into none.
    pub steps: (i64, i64),
    /// The seed of large neighbourhoods, where they are to be searched.
    pub neighbourhoods: Option<u64>,
}

impl Plan {
    /// The plan for a whole problem.
    pub fn whole(goal: Goal, seed: u64) -> Self {
        let rounds = if goal == Goal::LeastLoss { (2, 1) } else { (12, 3) };
        let growth = (5, 10);
        let steps = if goal == Goal::LeastLoss { (12, 12) } else { (4, 0) };
        Self { ratio: None, rounds, growth, steps, neighbourhoods: Some(seed) }
    }

    /// The plan for a problem whose root is artificial.
    pub fn lone(self) -> Self {
        Self { ratio: Some(1.0), neighbourhoods: None, ..self }
    }

    /// The plan for the problem that a price makes, where a good tree counts more than its bound.
    fn guide(neighbourhoods: Option<u64>) -> Self {
        Self { ratio: None, neighbourhoods, ..Self::part(Goal::LeastLoss, 1.0) }
    }

    /// The plan for a neighbourhood.
    pub fn part(goal: Goal, ratio: f64) -> Self {
        let rounds = if goal == Goal::LeastLoss { (1, 1) } else { (5, 2) };
        let (growth, steps) = ((COARSE, COARSE), (0, 0));
        Self { ratio: Some(ratio), rounds, growth, steps, neighbourhoods: None }
    }
}

pub(super) struct Search<'w, 'o> {
    pub(super) watch: &'w Watch<'o>,
    pub(super) plan: Plan,
    pub(super) incumbent: Incumbent,
    pub(super) scratch: AscentScratch,
    pub(super) styles: Styles,
}

/// Searches a rooted problem from an incumbent, or from nothing. `guide` names the edges, sorted, of a
/// tree that may be good at the plan's price.
pub(crate) fn search(
    problem: Rooted,
    incumbent: Incumbent,
    guide: Vec<u32>,
    plan: Plan,
    watch: &Watch<'_>,
) -> Found {
    let mut search = Search {
        watch,
        plan,
        incumbent,
        scratch: AscentScratch::default(),
        styles: Styles::default(),
    };
    search.whole(problem, guide)
}

impl Search<'_, '_> {
    fn whole(&mut self, problem: Rooted, guide: Vec<u32>) -> Found {
        let mut found = Found {
            incumbent: Incumbent::default(),
            bound: None,
            root_bound: None,
            reduced: (problem.nodes(), problem.edges()),
            branch_nodes: 1,
            ground: None,
        };
        let begun = self.watch.work();
        let mut wide = self.plan.neighbourhoods.map(|seed| Wide::new(problem.clone(), seed));
        let first = match self.plan.ratio {
            Some(ratio) => Price::of_ratio(&problem, ratio),
            None => self.first_tree(&problem),
        };
        let start = Start { bound: trivial_bound(&problem), price: first, guide };
        let mut looked = self.examine(problem, start, self.plan.rounds.0);
        if let Some(wide) = &mut wide {
            looked = self.improve_root(wide, looked, begun);
        }
        match looked {
            Examined::Closed => {
                found.bound = self.incumbent.value();
                found.root_bound = found.bound;
            }
            Examined::Open(remains) => {
                found.root_bound = Some(remains.start.bound);
                found.reduced = (remains.problem.nodes(), remains.problem.edges());
                found.ground = ground(&remains.problem);
                found.bound = if found.ground.is_some() || self.watch.over() {
                    found.root_bound
                } else if self.plan.neighbourhoods.is_some()
                    && let Some(smaller) = Smaller::of(&remains.problem, self.watch)
                {
                    self.search_smaller(&remains, &smaller, &mut found)
                } else {
                    self.branch(*remains, wide.as_mut(), &mut found.branch_nodes)
                };
            }
        }
        found.incumbent = std::mem::take(&mut self.incumbent);
        found
    }

    /// Alternates between trees and bounds at the root while both gain. `begun` is the work done
    /// before this search.
    fn improve_root(&mut self, wide: &mut Wide, mut looked: Examined, begun: u64) -> Examined {
        let work = 2 * (self.watch.work() - begun);
        let mut futile = None;
        for _ in 0..6 {
            let Examined::Open(mut remains) = looked else { break };
            let before = self.incumbent.value();
            let mut gained = false;
            // At a price at which that was of no use it would be of no use again.
            if futile != Some(remains.start.price) && !self.done(remains.start.bound) {
                gained = self.improve_guide(&mut remains, work);
                futile = (!gained).then_some(remains.start.price);
            }
            if hopeless(&self.incumbent, remains.problem.goal, remains.start.bound) {
                return Examined::Closed;
            }
            let Remains { problem, start, .. } = remains.as_ref();
            if !self.done(start.bound) {
                let share = (self.watch.work() - begun) / 2;
                self.search_neighbourhoods(wide, problem, start.bound, start.price.ratio(), share);
            }
            if self.incumbent.value() == before && !gained {
                return Examined::Open(remains);
            }
            let Remains { problem, start, .. } = *remains;
            looked = self.examine(problem, start, self.plan.rounds.0.div_ceil(2));
        }
        looked
    }

    /// Improves the tree that guides ascents, by a search of the problem its price makes, and keeps the
    /// bound that this proves; says whether it got better by a tenth of what it lacked.
    fn improve_guide(&mut self, remains: &mut Remains, work: u64) -> bool {
        let Remains { problem, start, .. } = remains;
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
        let plan = Plan::guide(self.plan.neighbourhoods);
        let until = self.watch.narrow(work);
        let quiet = self.watch.mute(true);
        let found = search(priced, incumbent, Vec::new(), plan, self.watch);
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

    /// Whether a bound is close enough to the incumbent, or the watch says to stop.
    pub(super) fn done(&mut self, bound: i64) -> bool {
        self.incumbent.value().is_some_and(|value| self.watch.close_enough(value, bound))
            || self.watch.over()
    }

    /// A first tree, and the price to begin with.
    #[allow(clippy::cast_precision_loss)] // a choice, not a proof
    fn first_tree(&mut self, problem: &Rooted) -> Price {
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
        root: Remains,
        mut wide: Option<&mut Wide>,
        branch_nodes: &mut u64,
    ) -> Option<i64> {
        let goal = root.problem.goal;
        let (mut branching, mut improving) = (0, 0);
        let mut queue = Queue::default();
        let whole = Rc::new(root.problem.clone());
        self.add_children(&mut queue, goal, root);
        while let Some(node) = queue.pop() {
            let mut worst = node.start.bound;
            if hopeless(&self.incumbent, goal, worst) {
                queue.clear();
                break;
            }
            if self.done(worst) {
                queue.add(node);
                break;
            }
            *branch_nodes += 1;
            let begun = self.watch.work();
            let Some(part) = decide(&node.problem, node.name, node.held) else { continue };
            let looked = self.examine(part, Start::clone(&node.start), self.plan.rounds.1);
            if let Examined::Open(remains) = looked {
                self.add_children(&mut queue, goal, *remains);
            }
            if let Some(node) = queue.peek() {
                worst = node.start.bound;
            }
            branching += self.watch.work() - begun;
            if wide.is_some() || whole.lone {
                self.watch.progress(self.incumbent.value(), worst);
            }
            let Some(wide) = &mut wide else { continue };
            if improving + wide.effort < branching {
                let (ratio, work) = (node.start.price.ratio(), 4 * wide.effort);
                improving += self.search_neighbourhoods(wide, &whole, worst, ratio, work);
            }
        }
        match (queue.peek().map(|node| node.start.bound), self.incumbent.value()) {
            (Some(bound), Some(value)) if goal.beats(value, bound) => Some(value),
            (Some(bound), _) => Some(bound),
            (None, value) => value,
        }
    }

    fn add_children(&mut self, queue: &mut Queue, goal: Goal, remains: Remains) {
        let Remains { problem, start, branch } = remains;
        let Some(name) = branch else {
            self.close_by_spanning(&problem);
            return;
        };
        let (problem, start) = (Rc::new(problem), Rc::new(start));
        let hope = if matches!(goal, Goal::MostPrize { .. }) { start.bound } else { -start.bound };
        for held in [false, true] {
            let number = queue.numbered;
            queue.numbered += 1;
            let (problem, start) = (Rc::clone(&problem), Rc::clone(&start));
            queue.add(Open { hope, start, problem, name, held, number });
        }
    }

    /// Every node is demanded: the best tree is a least spanning tree.
    fn close_by_spanning(&mut self, problem: &Rooted) {
        let single = if problem.lone { with_one_branch(problem) } else { None };
        if problem.lone && single.is_none() {
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

/// A required node of a problem whose root is artificial.
fn ground(problem: &Rooted) -> Option<u32> {
    let real = |&node: &u32| problem.required[node as usize] && node != problem.root;
    let node = problem.all_nodes().filter(|_| problem.lone).find(real)?;
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

/// The bound that holds without any work.
fn trivial_bound(problem: &Rooted) -> i64 {
    match problem.goal {
        Goal::MostPrize { .. } => problem.open_prize(),
        Goal::LeastCost { .. } => 0,
        Goal::LeastLoss => problem.missed,
    }
}

/// Whether nothing under this bound beats the incumbent.
pub(crate) fn hopeless(incumbent: &Incumbent, goal: Goal, bound: i64) -> bool {
    incumbent.value().is_some_and(|value| !goal.beats(bound, value))
}

/// The part of a problem in which a node is held or is not.
fn decide(problem: &Rooted, name: u32, held: bool) -> Option<Rooted> {
    let chosen = problem.node_named(name);
    if chosen.is_none() && held {
        return None;
    }
    problem.restrict(&Restriction {
        drop_node: &|node| !held && Some(node) == chosen,
        drop_edge: &|_| false,
        require: &|node| held && Some(node) == chosen,
    })
}
