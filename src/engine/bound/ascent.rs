//! Dual ascent for the rooted prize-collecting Steiner arborescence.
//!
//! What for: a lower bound on `S cost + M missed prizes`, reduced costs, and a graph of saturated arcs
//! in which good trees are found. In: a rooted problem and a [`Price`]. Out: the [`Ascent`]. It finds
//! no tree.
//!
//! Method: Wong (1984), generalised to prizes by Leitner, Ljubic, Luipersbeck and Sinnl (2018). Each
//! terminal raises the dual of the cut around the nodes that reach it over saturated arcs, until it
//! reaches the root or its prize is spent. Three things make it fast: the terminal with the smallest
//! component goes first; one shortest-path search raises by several steps at once; and a terminal
//! whose component holds another active one sleeps until that one's prize is spent, because whatever
//! connects the other connects it too.

use super::Price;
use crate::engine::rooted::Rooted;
use crate::graph::Heap;

/// Stands for the prize of a node that must be held; above every sum the problem allows.
pub const ENDLESS: i64 = i64::MAX / 4;

const UNSEEN: i64 = i64::MAX;

/// How to run an ascent.
#[derive(Clone, Copy)]
pub struct AscentSettings<'a> {
    /// How far a component may grow in one raise, in per cent of its nodes.
    pub growth: usize,
    /// How far one raise may go, at least 1. Small steps share the cost of an arc among the many
    /// terminals that need it, where large ones leave all of it to the first.
    pub step: i64,
    /// Stop after so many looks at arcs; the bound is valid all the same.
    pub scans: u64,
    /// Stop when this says so likewise.
    pub stop: &'a dyn Fn() -> bool,
    /// A tree to be guided by: for each node its parent there, or [`NOBODY`]. In a best pair of tree
    /// and duals the tree enters every raised cut once, so components that it enters more often are
    /// raised last.
    pub guide: Option<&'a [u32]>,
}

impl Default for AscentSettings<'_> {
    fn default() -> Self {
        Self { growth: 100, step: i64::MAX, scans: u64::MAX, stop: &|| false, guide: None }
    }
}

/// The state of a dual ascent; the duals in it are feasible at every moment.
#[derive(Clone, Debug)]
pub struct Ascent {
    /// The multipliers it stands for.
    pub price: Price,
    /// Lower bound on `S cost + M missed` over all trees.
    pub lower: i64,
    /// Reduced cost by place: of the arc from the neighbour to the row's node.
    pub reduced: Vec<i64>,
    /// By node: the part of its prize (times M) not yet spent.
    pub left: Vec<i64>,
    /// Nodes known to be reached from the root over saturated arcs.
    pub reached: Vec<bool>,
    /// False when some required node cannot be reached at any cost.
    pub feasible: bool,
    /// Looks at arcs so far.
    pub scans: u64,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Stage {
    Idle,
    Active,
    Asleep,
}

enum Growth {
    Reached(u32),
    Spent,
    Meets(u32),
    Grown(usize),
    Waits(usize),
    Stuck,
}

/// No node.
pub const NOBODY: u32 = u32::MAX;

/// Looks at arcs between two looks at the clock.
const LOOK: u64 = 20_000;

/// Added to the size of components that are to wait until no others are left.
const LAST: i64 = 1 << 40;

/// Working memory of an ascent, to be used again.
#[derive(Clone, Debug, Default)]
pub struct AscentScratch {
    distance: Vec<i64>,
    next_place: Vec<u32>,
    touched: Vec<u32>,
    settled: Vec<u32>,
    level: Vec<u32>,
    heap: Heap,
    queue: Heap,
    stage: Vec<Stage>,
    first_sleeper: Vec<u32>,
    next_sleeper: Vec<u32>,
    guided: bool,
}

impl Ascent {
    /// The state before any raise.
    pub fn start(problem: &Rooted, price: Price) -> Self {
        let rows = &problem.rows;
        let left = problem
            .all_nodes()
            .map(|node| {
                if node == problem.root {
                    0
                } else if problem.required[node as usize] {
                    ENDLESS
                } else {
                    price.prize * problem.prize[node as usize]
                }
            })
            .collect();
        Self {
            price,
            lower: 0,
            reduced: (0..rows.places())
                .map(|place| price.cost * problem.cost[rows.edge(place) as usize])
                .collect(),
            left,
            reached: vec![false; problem.nodes()],
            feasible: true,
            scans: 0,
        }
    }

    /// A whole ascent from nothing.
    pub fn run(
        problem: &Rooted,
        price: Price,
        settings: AscentSettings<'_>,
        scratch: &mut AscentScratch,
    ) -> Self {
        let mut ascent = Self::start(problem, price);
        ascent.rise(problem, settings, scratch);
        ascent
    }

    /// Raises duals until every terminal reaches the root or has spent its prize, or a limit is met.
    /// Typically a few looks at each arc; at worst O(terminals * arcs * log nodes).
    pub fn rise(
        &mut self,
        problem: &Rooted,
        settings: AscentSettings<'_>,
        scratch: &mut AscentScratch,
    ) {
        scratch.reset(problem.nodes());
        self.mark_reached(problem);
        for node in problem.all_nodes() {
            if self.left[node as usize] > 0 && !self.reached[node as usize] {
                scratch.wake(node, 1);
            }
        }
        let mut look_at = self.scans;
        while let Some((size, terminal)) = scratch.queue.pop() {
            if self.scans >= settings.scans {
                break;
            }
            if self.scans >= look_at {
                look_at = self.scans + LOOK;
                if (settings.stop)() {
                    break;
                }
            }
            if self.reached[terminal as usize] {
                scratch.settle_sleepers(&mut self.reached, terminal);
                continue;
            }
            scratch.guided = size < LAST;
            match self.grow(problem, terminal, settings, scratch) {
                Growth::Reached(from) => {
                    self.mark_path(problem, from, terminal, scratch);
                    scratch.settle_sleepers(&mut self.reached, terminal);
                }
                Growth::Spent => scratch.wake_sleepers(terminal),
                Growth::Meets(other) => scratch.sleep(terminal, other, size),
                Growth::Grown(nodes) => scratch.queue.push(size_key(nodes), terminal),
                Growth::Waits(nodes) => scratch.queue.push(size_key(nodes) + LAST, terminal),
                Growth::Stuck => {
                    self.feasible = false;
                    break;
                }
            }
            scratch.forget();
        }
        self.mark_reached(problem);
    }

    /// Marks what the root reaches over saturated arcs.
    pub fn mark_reached(&mut self, problem: &Rooted) {
        let rows = &problem.rows;
        self.reached.fill(false);
        self.reached[problem.root as usize] = true;
        let mut open = vec![problem.root];
        while let Some(node) = open.pop() {
            for place in rows.row(node) {
                let neighbour = rows.neighbour(place);
                if !self.reached[neighbour as usize] && self.reduced[rows.twin(place)] == 0 {
                    self.reached[neighbour as usize] = true;
                    open.push(neighbour);
                }
            }
        }
    }

    /// Raises the duals of the cuts around one terminal's component, as far as one search goes.
    #[allow(clippy::cast_possible_truncation)] // places are numbered by u32
    fn grow(
        &mut self,
        problem: &Rooted,
        terminal: u32,
        settings: AscentSettings<'_>,
        scratch: &mut AscentScratch,
    ) -> Growth {
        let rows = &problem.rows;
        let limit = self.left[terminal as usize];
        scratch.touch(terminal, 0, NOBODY);
        scratch.level.push(terminal);
        let mut at = 0_i64;
        let mut most_nodes = usize::MAX;
        let (raise, outcome) = 'search: loop {
            let node = if let Some(node) = scratch.level.pop() {
                node
            } else {
                let Some((distance, node)) = scratch.heap.pop() else {
                    break if limit >= ENDLESS / 2 {
                        (0, Growth::Stuck)
                    } else {
                        (limit, Growth::Spent)
                    };
                };
                if distance > scratch.distance[node as usize] {
                    continue;
                }
                if at == 0 {
                    if scratch.guided && settings.guide.is_some_and(|tree| scratch.entered(tree)) {
                        break (0, Growth::Waits(scratch.settled.len()));
                    }
                    most_nodes = scratch.settled.len() * (100 + settings.growth) / 100 + 1;
                }
                if scratch.settled.len() >= most_nodes && distance > at {
                    break (distance, Growth::Grown(scratch.settled.len()));
                }
                at = distance;
                if self.reached[node as usize] {
                    break (at, Growth::Reached(node));
                }
                if scratch.stage[node as usize] == Stage::Active && node != terminal {
                    break (at, Growth::Meets(node));
                }
                node
            };
            scratch.settled.push(node);
            let row = rows.row(node);
            self.scans += row.len() as u64;
            for place in row {
                let neighbour = rows.neighbour(place);
                let through = at + self.reduced[place];
                if through >= scratch.distance[neighbour as usize] {
                    continue;
                }
                scratch.touch(neighbour, through, place as u32);
                if through > at {
                    if through < limit {
                        scratch.heap.push(through, neighbour);
                    }
                    continue;
                }
                if self.reached[neighbour as usize] {
                    break 'search (at, Growth::Reached(neighbour));
                }
                if scratch.stage[neighbour as usize] == Stage::Active && neighbour != terminal {
                    break 'search (at, Growth::Meets(neighbour));
                }
                scratch.level.push(neighbour);
            }
        };
        let (raise, outcome) = if raise > settings.step {
            let begun = |&&node: &&u32| scratch.distance[node as usize] == 0;
            (settings.step, Growth::Grown(scratch.settled.iter().filter(begun).count()))
        } else {
            (raise, outcome)
        };
        self.raise_by(problem, terminal, raise, scratch);
        outcome
    }

    /// Raises, for each level below `raise`, the dual of the cut around the nodes within that level.
    fn raise_by(
        &mut self,
        problem: &Rooted,
        terminal: u32,
        raise: i64,
        scratch: &mut AscentScratch,
    ) {
        if raise == 0 {
            return;
        }
        self.lower += raise;
        self.left[terminal as usize] -= raise;
        let rows = &problem.rows;
        for &node in &scratch.settled {
            let from = scratch.distance[node as usize];
            if from >= raise {
                continue;
            }
            for place in rows.row(node) {
                let to = scratch.distance[rows.neighbour(place) as usize].min(raise);
                if to > from {
                    self.reduced[place] -= to - from;
                }
            }
            self.scans += rows.degree(node) as u64;
        }
    }

    /// Marks the nodes on the saturated path just found from a reached node to the terminal.
    fn mark_path(&mut self, problem: &Rooted, from: u32, terminal: u32, scratch: &AscentScratch) {
        let rows = &problem.rows;
        let mut node = from;
        while node != terminal {
            self.reached[node as usize] = true;
            let place = scratch.next_place[node as usize] as usize;
            node = rows.neighbour(rows.twin(place));
        }
        self.reached[terminal as usize] = true;
    }
}

fn size_key(nodes: usize) -> i64 {
    i64::try_from(nodes).unwrap_or(i64::MAX)
}

impl AscentScratch {
    fn reset(&mut self, nodes: usize) {
        self.distance.clear();
        self.distance.resize(nodes, UNSEEN);
        self.next_place.resize(nodes, NOBODY);
        self.stage.clear();
        self.stage.resize(nodes, Stage::Idle);
        self.first_sleeper.clear();
        self.first_sleeper.resize(nodes, NOBODY);
        self.next_sleeper.clear();
        self.next_sleeper.resize(nodes, NOBODY);
        self.touched.clear();
        self.forget();
        self.queue.clear();
    }

    fn touch(&mut self, node: u32, distance: i64, place: u32) {
        if self.distance[node as usize] == UNSEEN {
            self.touched.push(node);
        }
        self.distance[node as usize] = distance;
        self.next_place[node as usize] = place;
    }

    fn forget(&mut self) {
        for &node in &self.touched {
            self.distance[node as usize] = UNSEEN;
        }
        self.touched.clear();
        self.settled.clear();
        self.level.clear();
        self.heap.clear();
    }

    /// Whether a tree enters the component settled so far more than once.
    fn entered(&self, parents: &[u32]) -> bool {
        let outside = |&&node: &&u32| {
            let parent = parents[node as usize];
            parent != NOBODY && self.distance[parent as usize] != 0
        };
        self.settled.iter().filter(outside).nth(1).is_some()
    }

    fn wake(&mut self, terminal: u32, size: i64) {
        self.stage[terminal as usize] = Stage::Active;
        self.queue.push(size, terminal);
    }

    fn sleep(&mut self, terminal: u32, on: u32, _size: i64) {
        self.stage[terminal as usize] = Stage::Asleep;
        self.next_sleeper[terminal as usize] = self.first_sleeper[on as usize];
        self.first_sleeper[on as usize] = terminal;
    }

    /// The terminal's prize is spent: those that slept on it go on for themselves.
    fn wake_sleepers(&mut self, terminal: u32) {
        self.stage[terminal as usize] = Stage::Idle;
        let mut sleeper = std::mem::replace(&mut self.first_sleeper[terminal as usize], NOBODY);
        while sleeper != NOBODY {
            let next = std::mem::replace(&mut self.next_sleeper[sleeper as usize], NOBODY);
            self.wake(sleeper, size_key(self.settled.len()));
            sleeper = next;
        }
    }

    /// The terminal reaches the root: those that slept on it do so too.
    fn settle_sleepers(&mut self, reached: &mut [bool], terminal: u32) {
        let mut open = vec![terminal];
        while let Some(node) = open.pop() {
            self.stage[node as usize] = Stage::Idle;
            reached[node as usize] = true;
            let mut sleeper = std::mem::replace(&mut self.first_sleeper[node as usize], NOBODY);
            while sleeper != NOBODY {
                open.push(sleeper);
                sleeper = std::mem::replace(&mut self.next_sleeper[sleeper as usize], NOBODY);
            }
        }
    }
}
