//! Branch and bound on the layered graph.
//!
//! In: a rooted problem and the most hops. Out: the best tree found and a valid bound, at whatever
//! moment the search is stopped. Terminals are branched on first, then copies of nodes; the node of
//! worst bound is looked at first.

use std::rc::Rc;

use super::examine::{BranchOn, Examined, Rounds};
use super::grow::{from_nothing, is_answer};
use super::layered::{Layered, NO_EDGE, SINK};
use super::neighbourhood::Lns;
use super::pair::{Pair, Verdicts};
use super::pool::Pool;
use super::starts::Starts;
use super::state::{HopSearch, Sweeping};
use super::tree::HopTree;
use crate::engine::Goal;
use crate::engine::bound::{AscentScratch, Price};
use crate::engine::exact::{Found, Incumbent};
use crate::engine::node_queue::NodeQueue;
use crate::engine::rooted::Rooted;
use crate::engine::stop::Watch;

/// Open nodes keep their own graph while all of them together have no more arcs than this.
const MOST_KEPT_ARCS: usize = 8_000_000;

/// A choice: what was branched on is held or not.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
struct Decision {
    on: BranchOn,
    held: bool,
}

/// An open node of the search.
struct OpenNode {
    bound: i64,
    price: Price,
    decisions: Vec<Decision>,
    /// The graph in which the decisions after the first `decided` are still to be made.
    graph: Option<Rc<Pair>>,
    decided: usize,
}

/// Searches a rooted problem with a hop limit.
pub(crate) fn search(base: &Rooted, hops: u32, seed: u64, watch: &Watch<'_>) -> Found {
    let mut search = HopSearch {
        base,
        hops,
        watch,
        incumbent: Incumbent::default(),
        scratch: AscentScratch::default(),
        starts: Starts::default(),
        sweeping: Sweeping::default(),
        pool: Pool::default(),
        partners: Vec::new(),
    };
    let mut found = Found {
        incumbent: Incumbent::default(),
        bound: None,
        root_bound: None,
        reduced: base.size(),
        branch_nodes: 1,
        forced_real_node: None,
    };
    if let Some(pair) = Pair::new(base, hops) {
        search.whole(pair, seed, &mut found);
    }
    found.incumbent = search.incumbent;
    found
}

impl HopSearch<'_, '_, '_> {
    fn whole(&mut self, pair: Pair, seed: u64, found: &mut Found) {
        let first = self.first_tree(&pair.layered);
        let trivial = pair.flat.trivial_bound();
        let rounds = if self.base.goal == Goal::LeastLoss { 2 } else { 12 };
        let mut lns = Lns::new(seed);
        let mut looked = self.examine(pair, first, trivial, Rounds::root(rounds));
        if let Examined::Open { pair, bound, price, .. } = &mut looked
            && !self.done(*bound)
        {
            match self.relax(pair, *bound, *price) {
                Some(relaxed) => *bound = relaxed,
                None => looked = Examined::Closed,
            }
        }
        for _ in 0..6 {
            let Examined::Open { pair, bound, price, .. } = &looked else { break };
            let before = self.incumbent.value();
            let share = self.watch.work() / 2;
            self.search_neighbourhoods(&mut lns, pair, *bound, *price, share);
            if self.incumbent.value() == before || self.done(*bound) {
                break;
            }
            let Examined::Open { pair, bound, price, .. } = looked else { break };
            looked = self.examine(*pair, price, bound, Rounds::root(rounds / 2));
        }
        match looked {
            Examined::Closed => {
                found.bound = self.incumbent.value();
                found.root_bound = found.bound;
            }
            Examined::Open { pair, bound, price, branch } => {
                found.root_bound = Some(bound);
                found.reduced = pair.flat.size();
                self.branch(*pair, bound, price, branch, Some(&mut lns), found);
            }
        }
    }

    /// A first tree, and the price to begin with.
    #[allow(clippy::cast_precision_loss)] // a choice, not a proof
    fn first_tree(&mut self, layered: &Layered) -> Price {
        let mut scans = 0;
        let tree = from_nothing(self.limited(), layered, &mut scans);
        self.watch.spend(scans);
        if let Some(tree) = &tree {
            self.incumbent.offer(self.base, tree);
        }
        if self.base.goal == Goal::LeastLoss {
            return Price::PLAIN;
        }
        let (cost, prize) = tree.map_or_else(
            || (self.base.cost.iter().sum::<i64>(), self.base.open_prize()),
            |tree| (tree.cost, tree.prize),
        );
        Price::of_ratio(self.base, 1.5 * cost.max(1) as f64 / prize.max(1) as f64)
    }

    /// Branches until everything is closed or the watch says to stop; large neighbourhoods get a share
    /// of the work where they are to be searched.
    pub(super) fn branch(
        &mut self,
        pair: Pair,
        bound: i64,
        price: Price,
        branch: Option<BranchOn>,
        mut lns: Option<&mut Lns>,
        found: &mut Found,
    ) {
        let mut queue = Queue { goal: self.base.goal, open: NodeQueue::new(), kept_arcs: 0 };
        let root = Rc::new(pair);
        match branch {
            Some(_) if self.sweep(&root, price, lns.is_some()) => {}
            Some(on) => queue.push_pair(&root, 0, &[], bound, price, on),
            None => self.close_exactly(&root.layered),
        }
        let mut branched = 0;
        while let Some(worst) = queue.worst() {
            if self.is_fathomed(worst) {
                queue.open.clear();
                break;
            }
            if self.done(worst) {
                break;
            }
            let Some(node) = queue.pop() else { break };
            if let Some(lns) = &mut lns
                && branched > lns.after
            {
                let work = branched / 3;
                self.search_neighbourhoods(lns, &root, node.bound, price, work);
                lns.after = branched + self.watch.work() / 8;
            }
            let before = self.watch.work();
            found.branch_nodes += 1;
            let (graph, from) = match &node.graph {
                Some(graph) => (graph, node.decided),
                None => (&root, 0),
            };
            let Some(part) = decide(graph, &node.decisions[from..]) else { continue };
            let rounds = if self.base.goal == Goal::LeastLoss { 1 } else { 3 };
            let looked = self.examine(part, node.price, node.bound, Rounds::later(rounds));
            branched += self.watch.work() - before;
            if let Examined::Open { pair, bound, price, branch } = looked {
                let graph = Rc::new(*pair);
                match branch {
                    Some(_) if self.sweep(&graph, price, false) => {}
                    Some(on) => {
                        let decided = node.decisions.len();
                        queue.push_pair(&graph, decided, &node.decisions, bound, price, on);
                    }
                    None => self.close_exactly(&graph.layered),
                }
            }
            if lns.is_some() {
                let worst = queue.worst().unwrap_or(node.bound);
                self.watch.progress(self.incumbent.value(), worst);
            }
        }
        found.bound = match (queue.worst(), self.incumbent.value()) {
            (Some(bound), Some(value)) if self.base.beats(value, bound) => Some(value),
            (Some(bound), _) => Some(bound),
            (None, value) => value,
        };
    }

    /// Every copy left is demanded and no node has two: the cheapest arc into each makes the best tree.
    fn close_exactly(&mut self, layered: &Layered) {
        let problem = &layered.problem;
        let mut cheapest: Vec<Option<(i64, u32)>> = vec![None; problem.nodes()];
        for (arc, &[_, to]) in problem.ends.iter().enumerate() {
            let name = problem.edge_name[arc];
            if name != NO_EDGE {
                let entry = &mut cheapest[to as usize];
                let this = (problem.cost[arc], name);
                *entry = Some(entry.map_or(this, |best| best.min(this)));
            }
        }
        let edges: Vec<u32> = cheapest.into_iter().flatten().map(|(_, name)| name).collect();
        let tree = HopTree::of_edges(self.base, &edges);
        let found = tree.tree(self.base);
        if is_answer(self.base, &tree, &found) {
            self.incumbent.offer(self.base, &found);
        }
    }
}

/// Open nodes, worst bound first.
struct Queue {
    goal: Goal,
    open: NodeQueue<OpenNode>,
    kept_arcs: usize,
}

impl Queue {
    fn push_pair(
        &mut self,
        graph: &Rc<Pair>,
        decided: usize,
        decisions: &[Decision],
        bound: i64,
        price: Price,
        on: BranchOn,
    ) {
        let promise = self.goal.promise(bound);
        for held in [false, true] {
            let mut decisions = decisions.to_vec();
            decisions.push(Decision { on, held });
            let arcs = graph.layered.problem.edges();
            let keep = self.kept_arcs + arcs <= MOST_KEPT_ARCS;
            self.kept_arcs += if keep { arcs } else { 0 };
            let graph = keep.then(|| Rc::clone(graph));
            let depth = decisions.len();
            let node = OpenNode { bound, price, decisions, graph, decided };
            self.open.add(promise, depth, node);
        }
    }

    /// The worst bound of an open node.
    fn worst(&self) -> Option<i64> {
        self.open.first().map(|node| node.bound)
    }

    fn pop(&mut self) -> Option<OpenNode> {
        let node = self.open.pop()?;
        if let Some(graph) = &node.graph {
            self.kept_arcs -= graph.layered.problem.edges();
        }
        Some(node)
    }
}

/// The graphs after some decisions; `None` when they leave no tree.
fn decide(pair: &Pair, decisions: &[Decision]) -> Option<Pair> {
    let layered = &pair.layered;
    let problem = &layered.problem;
    let mut verdicts = Verdicts::none(layered);
    for decision in decisions {
        let mut met = false;
        for node in problem.all_nodes() {
            if problem.node_name[node as usize] != decision.on.name {
                continue;
            }
            let layer = layered.layer[node as usize];
            let (require, drop) =
                (&mut verdicts.require[node as usize], &mut verdicts.drop_node[node as usize]);
            match (decision.held, decision.on.layer) {
                (true, SINK) => *require |= layer == SINK,
                (false, SINK) => *drop = true,
                (true, at) if layer == at => *require = true,
                (true, _) => *drop |= layer != SINK,
                (false, at) => *drop |= layer == at,
            }
            met |= layer == decision.on.layer;
        }
        if decision.held && !met {
            return None;
        }
    }
    pair.restrict_layered(&verdicts)
}
