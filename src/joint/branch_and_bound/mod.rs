//! Branch and bound under the pots themselves.
//!
//! What for: the merged pot bounds every plan, but where money cannot move between programmes that bound
//! can be far off. In: the problem, its funding oracle, a payable forest. Out: the best payable
//! forest found, and a bound that knows what each set of pots alone must pay (see
//! [`SidePrice`](crate::engine::bound::SidePrice)). Money rules beyond that (caps, rates, ports) are left
//! to the oracle: they make the bound weaker, never wrong.
//!
//! Method: bounds by dual ascent, then, where the network is small enough, by the flow relaxation
//! ([`flows`]). Best bound first; a node is a part of the network with some buildings demanded. Reduced costs
//! drop what no better plan holds. Branching is on buildings, then, where every building is decided, on
//! the edges of a tree that holds them: if the pots cannot pay it, each other tree lacks one of them.

mod flows;

use std::cmp::Reverse;
use std::collections::BTreeSet;
use std::rc::Rc;

use super::bound::multipliers::Multipliers;
use super::construct::widen::routes_of;
use super::forest::{Forest, NONE};
use super::funding_oracle::FundingOracle;
use super::problem::JointProblem;
use super::progress::{RunShows, SearchProgress};
use super::repair::funding::repair_funding;
use crate::effort::Effort;
use crate::engine::LARGE;
use crate::engine::bound::{
    ArcSet, Ascent, AscentScratch, AscentSettings, Fixing, FlowRelaxation, PricedGraph, Side,
    SideLimit, SidePrice, fix_unless,
};
use crate::engine::heuristic::{Growing, from_saturated, pruned_saturated};
use crate::engine::node_queue::NodeQueue;
use crate::engine::rooted::{Restriction, Rooted, Tree};
use crate::engine::stop::Watch;
use crate::engine::{Instance, Solution};
use crate::funding::PotSet;
use crate::graph::Rows;

/// What branching came to.
pub struct Branched {
    /// The best payable forest, if any is known.
    pub best: Option<Forest>,
    /// No payable forest is worth more than this.
    pub bound: i64,
    /// Whether nothing is left to look at: the best is optimal, or there is none.
    pub exhausted: bool,
    /// Work units spent.
    pub work: u64,
}

/// Bounds tried at the root and at later nodes.
const ROUNDS: (usize, usize) = (240, 4);
/// Trees of the root from which potentials are measured.
const COPIES: usize = 6;
/// Work units of branching with bounds by ascents before it begins again with flows: what is closed by then was
/// easy, above all where nodes are small and quick.
const BEFORE_FLOWS: u64 = 40_000_000;
/// The engine counts prizes that add up to less.
const MOST_PRIZE: i128 = 1 << 60;
/// Up to this many nodes, every tree met is made payable; beyond that, this many of them are.
const SMALL: usize = 20_000;
const MOST_REPAIRED: u32 = 8;

/// What is known before branching.
pub struct Known<'t> {
    /// The best tree of the merged pot, from which potentials are measured.
    pub merged: &'t Forest,
    /// A set of pots that is likely to fall short; others are noticed on the way.
    pub short: Option<PotSet>,
    /// The best payable forest.
    pub best: Option<Forest>,
    /// No payable forest is worth more than this.
    pub bound: i64,
}

/// In a large graph fixing is tried where the slack, in prizes, is half of one such part of the bound.
const HOPEFUL: i64 = 50;

/// Searches from the best forest known and a bound that holds.
pub fn branch<'t>(
    problem: &'t JointProblem<'t>,
    oracle: &FundingOracle,
    known: Known<'t>,
    effort: &Effort,
    progress: &SearchProgress<'_>,
) -> Branched {
    let Known { merged, short, best, bound } = known;
    let mut hearing = progress.during(RunShows::Nothing);
    let watch = Watch::new(effort, &mut hearing);
    let Some(unit) = token_unit(problem) else {
        return Branched { best, bound, exhausted: false, work: 0 };
    };
    let instance = with_token_prizes(problem, unit);
    let root = instance.root.unwrap_or(0);
    let Some(whole) = Rooted::new(&instance, root) else {
        return Branched { best, bound, exhausted: true, work: 0 };
    };
    let rows = Rows::new(instance.nodes(), instance.edges.iter().map(|edge| edge.ends));
    let costs = instance.edges.iter().map(|edge| edge.cost).collect();
    let mut search = BranchAndBound {
        problem,
        oracle,
        gap: effort.gap,
        seed: effort.seed,
        watch: &watch,
        progress,
        unit,
        graph: PricedGraph { rows, costs },
        sets: Vec::new(),
        measured: Vec::new(),
        sides: Vec::new(),
        scratch: AscentScratch::default(),
        flows: None,
        guided: BTreeSet::new(),
        merged,
        best,
        bound,
        repaired: 0,
        doubtful: None,
    };
    if problem.passes() {
        // What no building uses, nobody pays for: no set of pots, so to say, has no money.
        search.take_in(PotSet::EMPTY);
    }
    if let Some(set) = short {
        search.take_in(set);
    }
    let exhausted = search.run(whole);
    Branched { best: search.best, bound: search.bound, exhausted, work: watch.work() }
}

/// The factor by which prizes are multiplied so that a building without weight can have a token prize of one:
/// it may make a trench payable. One where every building has weight; `None` where the prizes would be more
/// than the engine can count, so that buildings without weight cannot be branched on.
fn token_unit(problem: &JointProblem<'_>) -> Option<i64> {
    let prizes = &problem.instance.prizes;
    if problem.buildings().all(|building| prizes[building as usize] > 0) {
        return Some(1);
    }
    let tokens: i64 = problem.buildings().map(|_| 1).sum();
    let scaled =
        prizes.iter().map(|&prize| i128::from(prize)).sum::<i128>() * i128::from(tokens + 1);
    (scaled + i128::from(tokens) < MOST_PRIZE).then_some(tokens + 1)
}

fn with_token_prizes(problem: &JointProblem<'_>, unit: i64) -> Instance {
    let mut instance = problem.instance.clone();
    if unit > 1 {
        for prize in &mut instance.prizes {
            *prize *= unit;
        }
        for building in problem.buildings() {
            let prize = &mut instance.prizes[building as usize];
            *prize += 1;
        }
    }
    instance
}

/// A node still to be looked at.
struct OpenNode {
    bound: i64,
    part: Rc<Rooted>,
    warm: Rc<Warm>,
    choice: Choice,
    /// Edges, by name, that every tree of the node holds.
    kept: Rc<BTreeSet<u32>>,
}

/// What the bound of a node begins with.
#[derive(Clone)]
enum Warm {
    /// Multipliers of ascents.
    Ascents(Multipliers),
    /// Arcs that no better tree of the node holds; multipliers of flows are remembered elsewhere.
    Flows(ArcSet),
}

#[derive(Clone, Copy)]
enum Choice {
    Demand(u32),
    Bar(u32),
    BarEdge(u32),
    /// Hold the edge, which is among those kept.
    KeepEdge,
}

impl OpenNode {
    /// The part of the problem that is the node; `None` when it holds no tree.
    fn part(&self) -> Option<Rooted> {
        let part = &self.part;
        let node = |name: u32| part.node_named(name);
        let (demanded, barred, edge) = match self.choice {
            Choice::Demand(name) => (Some(node(name)?), None, None),
            Choice::Bar(name) => (None, node(name), None),
            Choice::BarEdge(name) => (None, None, part.edge_named(name)),
            Choice::KeepEdge => (None, None, None),
        };
        part.restrict(&Restriction {
            drop_node: &|node| Some(node) == barred,
            drop_edge: &|other| Some(other) == edge,
            require: &|node| Some(node) == demanded,
        })
    }
}

/// What is left of a node once it has been bounded.
struct BoundedNode {
    part: Rooted,
    bound: i64,
    warm: Warm,
    branching: Branching,
}

/// What to branch on, by name.
enum Branching {
    /// A building that is undecided.
    Building(u32),
    /// An edge.
    Edge(u32),
    /// The edges of a tree, for every building is decided.
    Trees,
}

struct BranchAndBound<'t, 'p, 'l, 'o, 'w, 'h> {
    problem: &'t JointProblem<'t>,
    oracle: &'p FundingOracle,
    /// Relative gap that is close enough.
    gap: f64,
    seed: u64,
    watch: &'w Watch<'h>,
    progress: &'l SearchProgress<'o>,
    unit: i64,
    graph: PricedGraph,
    /// The sets of pots that have side limits, one for each tree that potentials are measured from.
    sets: Vec<(PotSet, SideLimit)>,
    /// Cost and prize of the trees that potentials were measured from, besides merged and best tree.
    measured: Vec<(i64, i64)>,
    sides: Vec<Side>,
    scratch: AscentScratch,
    /// Bounds by flows, where the network is small enough, once ascents did not close it.
    flows: Option<FlowRelaxation>,
    /// Trees that flows guided to, by their edges.
    guided: BTreeSet<Vec<u32>>,
    /// The best tree of the merged pot.
    merged: &'t Forest,
    best: Option<Forest>,
    bound: i64,
    repaired: u32,
    /// Scaled bound of trees of which it cannot be told whether the pots can pay them.
    doubtful: Option<i64>,
}

impl BranchAndBound<'_, '_, '_, '_, '_, '_> {
    /// Looks at nodes until none is left (true) or the limits are reached.
    fn run(&mut self, whole: Rooted) -> bool {
        let charge = self.problem.charge().saturating_mul(self.unit);
        let first = Multipliers::first(&whole, self.best.as_ref(), charge);
        let mut queue = NodeQueue::new();
        let open = self.bound.saturating_mul(self.unit).saturating_add(self.unit - 1);
        let kept = Rc::new(BTreeSet::new());
        let looked = self.examine(whole, first, open, ROUNDS.0);
        let mut root = looked.as_ref().map(|remains| remains.part.clone());
        if let Some(remains) = looked {
            self.bound = self.bound.min(remains.bound.div_euclid(self.unit));
            self.add_children(&mut queue, remains, &kept);
        }
        while let Some(node) = queue.pop() {
            let worst = self.doubtful.map_or(node.bound, |doubtful| doubtful.max(node.bound));
            let worst = worst.div_euclid(self.unit);
            self.bound = self.bound.min(worst.max(self.value()));
            self.progress.proven(self.bound, 0);
            self.progress.progress(self.watch.work());
            if self.over() || self.bound <= self.value() {
                return self.bound <= self.value();
            }
            if self.watch.work() >= BEFORE_FLOWS
                && let Some(root) = root.take()
                && self.begin_with_flows(root, node.bound, &mut queue)
            {
                continue;
            }
            let Some(part) = node.part() else { continue };
            let looked = match Warm::clone(&node.warm) {
                Warm::Ascents(multipliers) => self.examine(part, multipliers, node.bound, ROUNDS.1),
                Warm::Flows(barred) => {
                    self.examine_by_flows(part, barred, &node.kept, node.bound, false)
                }
            };
            if let Some(remains) = looked {
                self.add_children(&mut queue, remains, &node.kept);
            }
        }
        let doubtful =
            self.doubtful.map_or(self.nothing(), |doubtful| doubtful.div_euclid(self.unit));
        self.bound = self.bound.min(self.value().max(doubtful));
        self.doubtful.is_none_or(|doubtful| doubtful < self.target())
    }

    /// Begins again at the root with bounds by flows, where they apply: the nodes open so far are dropped.
    fn begin_with_flows(
        &mut self,
        root: Rooted,
        bound: i64,
        queue: &mut NodeQueue<OpenNode>,
    ) -> bool {
        self.relax_flows(&root);
        let Some(barred) = self.flows.as_ref().map(FlowRelaxation::no_arcs) else { return false };
        queue.clear();
        let kept = Rc::new(BTreeSet::new());
        if let Some(remains) = self.examine_by_flows(root, barred, &kept, bound, true) {
            self.add_children(queue, remains, &kept);
        }
        true
    }

    /// Worth of the best forest; without one, less than any within the budget is worth.
    fn value(&self) -> i64 {
        self.best.as_ref().map_or(self.nothing(), |best| best.worth(self.problem))
    }

    /// Less than any forest within the budget is worth.
    fn nothing(&self) -> i64 {
        -self.problem.charge().saturating_mul(self.problem.budget()) - 1
    }

    /// The least scaled worth of anything better than the best.
    fn target(&self) -> i64 {
        (self.value() + 1).saturating_mul(self.unit)
    }

    fn over(&self) -> bool {
        let close = self.best.as_ref().is_some_and(|best| {
            crate::status::gap(best.worth(self.problem), self.bound) <= self.gap && self.gap > 0.0
        });
        close || self.watch.over()
    }

    /// Bounds a node at several multipliers, dropping what is useless; `None` when nothing in it is
    /// better than the best forest.
    fn examine(
        &mut self,
        mut part: Rooted,
        mut multipliers: Multipliers,
        mut bound: i64,
        rounds: usize,
    ) -> Option<BoundedNode> {
        multipliers.restart();
        part = self.under_rules(part)?;
        let mut undecided = None;
        let mut fixed_at = (part.nodes() > LARGE).then_some(bound / HOPEFUL);
        for round in 0..rounds {
            let price = multipliers.next(&part, self.sides.len());
            let watch = self.watch;
            let settings =
                AscentSettings { stop: &|| watch.is_interrupted(), ..AscentSettings::default() };
            let ascent = price.ascend(&part, &self.sides, settings, &mut self.scratch);
            self.watch.spend(ascent.scans + part.edges() as u64);
            if !ascent.feasible {
                return None;
            }
            let here = price.bound(&part, &self.sides, ascent.lower);
            let gains = here < bound;
            bound = bound.min(here);
            if bound < self.target() {
                return None;
            }
            // In a large graph a tree takes longer than a bound.
            let is_large = part.nodes() > LARGE;
            let (tree, pruned) = if is_large && !gains && round > 0 {
                (None, pruned_saturated(&part, &ascent, self.watch))
            } else {
                from_saturated(&part, &ascent, self.watch)
            };
            if let Some(tree) = tree {
                self.offer(&part, &tree);
            }
            if self.problem.charge() > 0 {
                self.offer(&part, &pruned);
            }
            multipliers.learn(here, pruned.cost <= part.budget());
            let slack = price.slack(&part, &self.sides, ascent.lower, self.target());
            if slack < 0 {
                return None;
            }
            // There fixing is worth its time only once the slack, in prizes, is a good deal less.
            let gain = slack / price.price.prize;
            let fixing = if is_large && fixed_at.is_some_and(|before| gain > before / 2) {
                Fixing::nothing(&part)
            } else {
                fixed_at = Some(gain);
                fix_unless(&part, &ascent, slack, &|| watch.is_interrupted())
            };
            self.watch.spend(fixing.scans);
            let mut last = round + 1 == rounds || multipliers.is_settled() || self.over();
            if multipliers.is_settled() && rounds == ROUNDS.0 && self.measure_anew(&part, &pruned) {
                multipliers.go_on();
                last = false;
            }
            if last {
                undecided = self.undecided(&part, &price, &ascent, &fixing);
            }
            if fixing.newly_required > 0
                || 10 * (fixing.dropped.nodes + fixing.dropped.edges) > part.nodes() + part.edges()
                || last && undecided.is_none()
            {
                part = part.restrict(&Restriction {
                    drop_node: &|node| fixing.drop_node[node as usize],
                    drop_edge: &|edge| fixing.drop_edge[edge as usize],
                    require: &|node| fixing.require[node as usize],
                })?;
            }
            if last {
                break;
            }
        }
        let branching = undecided.map_or(Branching::Trees, Branching::Building);
        Some(BoundedNode { part, bound, warm: Warm::Ascents(multipliers), branching })
    }

    /// The part without buildings whose bundle has lost another, and with those demanded whose bundle
    /// holds another; `None` where no forest of it keeps the rules.
    fn under_rules(&self, part: Rooted) -> Option<Rooted> {
        let rules = self.oracle.constraints();
        if rules.is_empty() {
            return Some(part);
        }
        let open = |leaf: u32| part.node_named(leaf).is_some();
        let held =
            |leaf: u32| part.node_named(leaf).is_some_and(|node| part.required[node as usize]);
        if !rules.are_possible(&open, &held) {
            return None;
        }
        let name = |node: u32| part.node_name[node as usize];
        let lost = |node: u32| rules.close(name(node), &open);
        let bound = |node: u32| rules.demand(name(node), &held);
        let changes =
            part.all_nodes().any(|node| lost(node) || bound(node) && !part.required[node as usize]);
        if !changes {
            return Some(part);
        }
        part.restrict(&Restriction { drop_node: &lost, drop_edge: &|_| false, require: &bound })
    }

    /// A building neither demanded nor fixed, on the brink between in and out, with a large prize.
    fn undecided(
        &self,
        part: &Rooted,
        price: &SidePrice,
        ascent: &Ascent,
        fixing: &Fixing,
    ) -> Option<u32> {
        let open = part.all_nodes().filter(|&node| {
            let node = node as usize;
            let building = self.problem.is_building(part.node_name[node]);
            building && !part.required[node] && !fixing.require[node] && !fixing.drop_node[node]
        });
        let score = |node: u32| {
            let node = node as usize;
            let worth = i128::from(price.price.prize) * i128::from(part.prize[node]);
            let inside = i128::from(fixing.from_root[node].min(i64::MAX / 4));
            worth - 4 * (i128::from(ascent.left[node]) + inside)
        };
        let chosen = open.max_by_key(|&node| (score(node), Reverse(node)));
        chosen.map(|node| part.node_name[node as usize])
    }

    fn add_children(
        &mut self,
        queue: &mut NodeQueue<OpenNode>,
        remains: BoundedNode,
        kept: &Rc<BTreeSet<u32>>,
    ) {
        let BoundedNode { part, bound, warm, branching } = remains;
        let (part, warm) = (Rc::new(part), Rc::new(warm));
        let child = |choice: Choice, kept: Rc<BTreeSet<u32>>| {
            let (part, warm) = (Rc::clone(&part), Rc::clone(&warm));
            OpenNode { bound, part, warm, choice, kept }
        };
        match branching {
            Branching::Building(name) => {
                queue.add(bound, 0, child(Choice::Bar(name), Rc::clone(kept)));
                queue.add(bound, 0, child(Choice::Demand(name), Rc::clone(kept)));
            }
            Branching::Edge(name) => {
                let with = kept.iter().copied().chain([name]).collect();
                queue.add(bound, 0, child(Choice::BarEdge(name), Rc::clone(kept)));
                queue.add(bound, 0, child(Choice::KeepEdge, Rc::new(with)));
            }
            Branching::Trees => self.branch_on_tree(queue, &part, bound, kept, &child),
        }
    }

    /// Where every building is decided: what differs from a tree that holds all of them in one edge or more.
    fn branch_on_tree(
        &mut self,
        queue: &mut NodeQueue<OpenNode>,
        part: &Rooted,
        bound: i64,
        kept: &BTreeSet<u32>,
        child: &dyn Fn(Choice, Rc<BTreeSet<u32>>) -> OpenNode,
    ) {
        let mut growing = Growing::new(part, &[]);
        growing.join_all(&part.required, &|_| true, self.watch);
        let tree = growing.into_tree();
        match self.offer(part, &tree) {
            // With the same buildings all trees have one prize, unless routes pass some as well; and what costs
            // less is worth more where the cost is charged for.
            Some(true) if !self.problem.passes() && self.problem.charge() == 0 => return,
            Some(_) => {}
            None => self.doubtful = self.doubtful.max(Some(bound)),
        }
        let mut kept = BTreeSet::clone(kept);
        for edge in tree.edges {
            let name = part.edge_name[edge as usize];
            if kept.contains(&name) {
                continue;
            }
            queue.add(bound, 0, child(Choice::BarEdge(name), Rc::new(kept.clone())));
            kept.insert(name);
        }
    }

    /// Takes a tree into account, and says whether the pots can pay it as it is.
    fn offer(&mut self, part: &Rooted, tree: &Tree) -> Option<bool> {
        let edges: Vec<u32> =
            tree.edges.iter().map(|&edge| part.edge_name[edge as usize]).collect();
        let solution = Solution { nodes: Vec::new(), edges };
        let forest = Forest::of(self.problem, &solution);
        self.watch.spend(forest.parent.len() as u64 / 8 + 1);
        let judged = self.oracle.judge(self.problem, &forest);
        if judged == Some(true) {
            if forest.worth(self.problem) > self.value() {
                self.take(forest);
            }
            return judged;
        }
        if let Some(set) = self.oracle.tightest(&forest) {
            self.take_in(set);
        }
        let better = forest.worth(self.problem) > self.value() && !self.over();
        if better && (self.problem.instance.nodes() <= SMALL || self.repaired < MOST_REPAIRED) {
            self.repaired += 1;
            self.watch.spend(8 * forest.parent.len() as u64);
            // What it looks at is in the work spent.
            let looked = self.progress.looked();
            let mended = repair_funding(self.problem, self.oracle, &solution, self.progress);
            self.progress.looked_only(looked);
            if let Some(mended) = mended.filter(|own| own.worth(self.problem) > self.value()) {
                self.take(mended);
            }
        }
        judged
    }

    fn take(&mut self, forest: Forest) {
        self.progress.note(Some(forest.worth(self.problem)));
        self.best = Some(forest);
    }

    fn take_in(&mut self, set: PotSet) {
        if self.sets.iter().any(|(known, _)| *known == set) {
            return;
        }
        let Some(limit) = self.oracle.side(self.problem, set) else { return };
        self.sets.push((set, limit));
        self.limit_flows(self.sets.len() - 1);
        for tree in [Some(self.merged.clone()), self.best.clone()].into_iter().flatten() {
            self.measure_from(&tree);
        }
    }

    /// Adds potentials that are measured from the tree of the best multipliers, unless they were measured
    /// from it before, or often enough.
    fn measure_anew(&mut self, part: &Rooted, tree: &Tree) -> bool {
        let known = (tree.cost, tree.prize);
        if self.sets.is_empty() || self.measured.len() >= COPIES || self.measured.contains(&known) {
            return false;
        }
        let edges = tree.edges.iter().map(|&edge| part.edge_name[edge as usize]).collect();
        let forest = routes_of(self.problem, &Solution { nodes: Vec::new(), edges });
        self.measured.push(known);
        self.measure_from(&forest);
        !self.over()
    }

    /// Adds potentials, for each set of pots, that are measured from a tree.
    fn measure_from(&mut self, tree: &Forest) {
        for (_, limit) in &self.sets {
            let SideLimit { limit, exempt, counts } = limit;
            let sources = sources(self.problem, tree, exempt);
            let side = Side::new(*limit, exempt.clone(), counts.clone(), &self.graph, &sources);
            self.sides.push(side);
        }
    }
}

/// What exempt buildings use in the tree of the merged pot, and the root.
fn sources(problem: &JointProblem<'_>, merged: &Forest, exempt: &[bool]) -> Vec<u32> {
    let mut used = vec![problem.instance.root.unwrap_or(0)];
    for &building in merged.held.iter().filter(|&&building| exempt[building as usize]) {
        let mut node = building;
        while node != NONE {
            used.push(node);
            node = merged.parent[node as usize];
        }
    }
    used.sort_unstable();
    used.dedup();
    used
}
