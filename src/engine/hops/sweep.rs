//! An exact sweep over what is left of a node of the search, vertex by vertex.
//!
//! What for: reduced costs leave a graph that is nearly a tree, with few copies of each node; there
//! dynamic programming over a narrow front proves more than branching. In: both graphs and an ascent.
//! Out: the best improvement, or that there is none; it gives up where the front is too wide.
//!
//! A state says of each node on the front whether it is held, at which layer, and whether it hangs from
//! another already; as layers rise along every arc, no connectivity needs to be known. Of each state the
//! pairs of cost and prize that no other dominates are kept, as long as their reduced costs leave room
//! for an improvement.

use super::layered::{Layered, NO_EDGE, SINK};
use crate::engine::Goal;
use crate::engine::bound::{Ascent, Fixing};
use crate::engine::rooted::Rooted;

/// Nodes on the front at most: as many as eight-bit codes in a state.
const WIDTH: usize = 16;
/// Copies of one node at most, so that codes fit in eight bits.
const COPIES: usize = 120;
/// Partial trees kept at once at most.
const MOST_POINTS: usize = 400_000;
/// Stands for no earlier choice.
const NO_CHOICE: u32 = u32::MAX;
/// Stands for a node not on the front.
const NO_SLOT: usize = usize::MAX;

/// What a sweep found.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) enum Swept {
    /// It took too much work.
    GaveUp,
    /// There is no improvement.
    Nothing,
    /// The edges of the best improvement, by base name.
    Best(Vec<u32>),
}

/// A copy of a node that is left.
struct Copy {
    /// Links by which it may be hung and that are still to come.
    to_come: u32,
    /// The least reduced cost of an arc into it.
    least_in: i64,
}

/// A node of the base that is left.
struct Vertex {
    copies: Vec<Copy>,
    prize: i64,
    required: bool,
    /// What missing it costs beyond the bound.
    missed: i64,
    links: Vec<u32>,
}

/// An arc, as the place of a copy at its tail, the place of one at its head, and its reduced cost.
#[derive(Clone, Copy)]
struct Hook {
    tail: u8,
    head: u8,
    reduced: i64,
}

/// An edge of the base with its arcs that are left, out of its first and out of its second end.
struct Link {
    ends: [u32; 2],
    name: u32,
    cost: i64,
    hooks: [Vec<Hook>; 2],
}

/// One step of the sweep. Slots are the places of a state.
#[derive(Clone, Copy, Debug)]
enum Step {
    Enter {
        vertex: u32,
        slot: usize,
    },
    /// The last link of an end is the last that may hang it.
    Link {
        link: u32,
        slots: [usize; 2],
    },
    Leave {
        slot: usize,
    },
}

/// A partial tree.
#[derive(Clone, Copy)]
struct PartialTree {
    state: u128,
    cost: i64,
    prize: i64,
    reduced: i64,
    choice: u32,
}

/// What is left of a node of the search, as a sweep sees it.
pub(super) struct Sweep<'a> {
    base: &'a Rooted,
    slack: i64,
    vertices: Vec<Vertex>,
    links: Vec<Link>,
    root: u32,
    root_prize: i64,
    /// The links chosen, each with the choice before it.
    choices: Vec<(u32, u32)>,
}

fn code(state: u128, slot: usize) -> u8 {
    ((state >> (8 * slot)) & 0xff) as u8
}

fn with_code(state: u128, slot: usize, code: u8) -> u128 {
    state & !(0xff << (8 * slot)) | u128::from(code) << (8 * slot)
}

/// The code of a held copy; zero stands for a node that is not held.
fn held(copy: u8, hangs: bool) -> u8 {
    1 + 2 * copy + u8::from(hangs)
}

fn hangs(code: u8) -> bool {
    code.is_multiple_of(2)
}

impl<'a> Sweep<'a> {
    /// What reduced costs leave. `None` where a node has too many copies.
    pub fn new(
        base: &'a Rooted,
        layered: &Layered,
        ascent: &Ascent,
        fixing: &Fixing,
        slack: i64,
    ) -> Option<Self> {
        let problem = &layered.problem;
        let mut place = vec![u32::MAX; base.nodes()];
        let mut copy_place = vec![u8::MAX; problem.nodes()];
        let mut vertices: Vec<Vertex> = Vec::new();
        // A required node that is dropped stays as one without copies: there is no improvement.
        let stays =
            |&node: &u32| !fixing.drop_node[node as usize] || problem.required[node as usize];
        for node in problem.all_nodes().filter(stays) {
            let index = node as usize;
            let name = problem.node_name[index] as usize;
            if place[name] == u32::MAX {
                place[name] = u32::try_from(vertices.len()).ok()?;
                vertices.push(Vertex::empty());
            }
            let vertex = &mut vertices[place[name] as usize];
            vertex.required |= problem.required[index] || fixing.require[index];
            if layered.layer[index] == SINK {
                vertex.prize += problem.prize[index];
                vertex.missed = ascent.left[index];
            } else if !fixing.drop_node[index] {
                if vertex.copies.len() == COPIES {
                    return None;
                }
                copy_place[index] = u8::try_from(vertex.copies.len()).ok()?;
                vertex.copies.push(Copy { to_come: 0, least_in: i64::MAX });
            }
        }
        let root = place[base.root as usize];
        let root_prize = problem.prize[problem.root as usize];
        let mut sweep = Self {
            base,
            slack,
            vertices,
            links: Vec::new(),
            root,
            root_prize,
            choices: Vec::new(),
        };
        sweep.add_links(layered, ascent, fixing, &place, &copy_place);
        Some(sweep)
    }

    #[allow(clippy::cast_possible_truncation)] // links are numbered like edges, by u32
    fn add_links(
        &mut self,
        layered: &Layered,
        ascent: &Ascent,
        fixing: &Fixing,
        place: &[u32],
        copy_place: &[u8],
    ) {
        let problem = &layered.problem;
        let mut link_of = vec![u32::MAX; self.base.edges()];
        for node in problem.all_nodes() {
            for at in problem.rows.row(node) {
                let arc = problem.rows.edge(at) as usize;
                let name = problem.edge_name[arc];
                if name == NO_EDGE || fixing.drop_edge[arc] || !layered.enters(node, at) {
                    continue;
                }
                let tail = problem.ends[arc][0];
                let [from, to] =
                    [tail, node].map(|end| place[problem.node_name[end as usize] as usize]);
                if link_of[name as usize] == u32::MAX {
                    link_of[name as usize] = self.links.len() as u32;
                    for end in [from, to] {
                        self.vertices[end as usize].links.push(self.links.len() as u32);
                    }
                    let cost = self.base.cost[name as usize];
                    let hooks = [Vec::new(), Vec::new()];
                    self.links.push(Link { ends: [from, to], name, cost, hooks });
                }
                let link = &mut self.links[link_of[name as usize] as usize];
                let reduced = ascent.reduced[at];
                let [tail, head] = [tail, node].map(|end| copy_place[end as usize]);
                link.hooks[usize::from(link.ends[0] != from)].push(Hook { tail, head, reduced });
                let copy = &mut self.vertices[to as usize].copies[head as usize];
                copy.least_in = copy.least_in.min(reduced);
                copy.to_come += 1;
            }
        }
    }

    /// Sweeps; `work` is counted up, and the sweep gives up beyond `most`.
    pub fn run(&mut self, most: u64, work: &mut u64) -> Swept {
        let Some(steps) = self.steps(work) else { return Swept::GaveUp };
        let mut points =
            vec![PartialTree { state: 0, cost: 0, prize: 0, reduced: 0, choice: NO_CHOICE }];
        for step in steps {
            points = match step {
                Step::Enter { vertex, slot } => self.enter(&points, vertex, slot),
                Step::Link { link, slots } => self.link(points, link, slots),
                Step::Leave { slot } => leave(points, slot),
            };
            // Sorting looks at each point a few times.
            *work += 4 * points.len() as u64;
            if points.len() > MOST_POINTS || *work > most {
                return Swept::GaveUp;
            }
            match step {
                Step::Enter { .. } => {}
                Step::Link { slots, .. } => {
                    for slot in slots {
                        self.drop_dominated(&mut points, slot);
                    }
                }
                Step::Leave { slot } => self.drop_dominated(&mut points, slot),
            }
        }
        self.best(&points)
    }

    /// Ways in which a node may enter the front.
    fn enter(&self, points: &[PartialTree], vertex: u32, slot: usize) -> Vec<PartialTree> {
        let is_root = vertex == self.root;
        let vertex = &self.vertices[vertex as usize];
        let mut entered = Vec::with_capacity(2 * points.len());
        for &point in points {
            if is_root {
                let state = with_code(point.state, slot, held(0, true));
                entered.push(PartialTree { state, prize: point.prize + self.root_prize, ..point });
                continue;
            }
            let reduced = point.reduced.saturating_add(vertex.missed);
            if !vertex.required && reduced <= self.slack {
                entered.push(PartialTree { reduced, ..point });
            }
            for (place, copy) in (0..).zip(&vertex.copies) {
                let reduced = point.reduced.saturating_add(copy.least_in);
                if reduced <= self.slack {
                    let state = with_code(point.state, slot, held(place, false));
                    let prize = point.prize + vertex.prize;
                    entered.push(PartialTree { state, prize, reduced, ..point });
                }
            }
        }
        entered
    }

    /// Each point with and, where it may be, without an edge.
    #[allow(clippy::cast_possible_truncation)] // fewer choices than points of work
    fn link(
        &mut self,
        mut points: Vec<PartialTree>,
        link: u32,
        slots: [usize; 2],
    ) -> Vec<PartialTree> {
        for (side, vertex) in [1, 0].into_iter().zip(self.links[link as usize].ends) {
            for hook in &self.links[link as usize].hooks[side] {
                self.vertices[vertex as usize].copies[hook.head as usize].to_come -= 1;
            }
        }
        let Link { ends, cost, hooks, .. } = &self.links[link as usize];
        for at in 0..points.len() {
            let point = points[at];
            let codes = slots.map(|slot| code(point.state, slot));
            for side in [0, 1] {
                let (tail, head) = (codes[side], codes[1 - side]);
                if tail == 0 || head == 0 || hangs(head) {
                    continue;
                }
                let copies = ((tail - 1) / 2, (head - 1) / 2);
                let hook = hooks[side].iter().find(|hook| (hook.tail, hook.head) == copies);
                let Some(hook) = hook else { continue };
                let copy = &self.vertices[ends[1 - side] as usize].copies[copies.1 as usize];
                let reduced = point.reduced.saturating_add(hook.reduced - copy.least_in);
                let total = point.cost + cost;
                if reduced > self.slack || total > self.base.budget() {
                    continue;
                }
                let choice = self.choices.len() as u32;
                self.choices.push((point.choice, link));
                let state = with_code(point.state, slots[1 - side], held(copies.1, true));
                points.push(PartialTree { state, cost: total, reduced, choice, ..point });
            }
        }
        let lost = |code: u8, vertex: u32| {
            let copies = &self.vertices[vertex as usize].copies;
            !hangs(code) && copies[(code as usize - 1) / 2].to_come == 0
        };
        points.retain(|point| {
            slots.iter().zip(ends).all(|(&slot, &vertex)| !lost(code(point.state, slot), vertex))
        });
        points
    }

    /// Drops what another point dominates whose state is the same but perhaps at `slot`: there, a node
    /// that hangs is as good as one that is not held, or that must still be hung at the same layer.
    fn drop_dominated(&self, points: &mut Vec<PartialTree>, slot: usize) {
        let others = |point: &PartialTree| with_code(point.state, slot, 0);
        let own = |point: &PartialTree| code(point.state, slot);
        let least_loss = self.base.goal == Goal::LeastLoss;
        let key = |point: &PartialTree| {
            let (cost, prize) = (point.cost, point.prize);
            let rank = if least_loss { (cost - prize, 0) } else { (cost, -prize) };
            (others(point), rank, !hangs(own(point)) || own(point) == 0, own(point), point.choice)
        };
        points.sort_unstable_by_key(key);
        let mut group = None;
        let mut most = [i64::MIN; 256];
        points.retain(|point| {
            if group != Some(others(point)) {
                group = Some(others(point));
                most.fill(i64::MIN);
            }
            let own = usize::from(own(point));
            let prize = if least_loss { 0 } else { point.prize };
            let hung = own + own % 2;
            let kept = prize > most[own].max(most[hung]);
            most[own] = most[own].max(prize);
            if own > 0 && own % 2 == 0 {
                most[0] = most[0].max(prize);
            }
            kept
        });
    }

    /// The best of the points at the end of a sweep.
    fn best(&self, points: &[PartialTree]) -> Swept {
        let best = match self.base.goal {
            Goal::MostPrize { .. } => points.iter().max_by_key(|point| (point.prize, -point.cost)),
            Goal::LeastCost { at_least } => {
                points.iter().filter(|point| point.prize >= at_least).min_by_key(|point| point.cost)
            }
            Goal::LeastLoss => points.iter().min_by_key(|point| point.cost - point.prize),
        };
        let Some(best) = best else { return Swept::Nothing };
        let (mut edges, mut choice) = (Vec::new(), best.choice);
        while choice != NO_CHOICE {
            let (before, link) = self.choices[choice as usize];
            edges.push(self.links[link as usize].name);
            choice = before;
        }
        Swept::Best(edges)
    }

    /// An order of the nodes that keeps the front narrow: next goes the one after which the fewest
    /// states are to be expected. `None` when the front gets too wide. O(vertices * links).
    fn steps(&self, work: &mut u64) -> Option<Vec<Step>> {
        let mut front = Front::new(self);
        let mut steps = Vec::new();
        while let Some(vertex) = front.next(work) {
            front.enter(vertex, &mut steps)?;
            for &link in &self.vertices[vertex as usize].links {
                if std::mem::replace(&mut front.linked[link as usize], true) {
                    continue;
                }
                let ends = self.links[link as usize].ends;
                for end in ends {
                    front.enter(end, &mut steps)?;
                }
                steps.push(Step::Link { link, slots: ends.map(|end| front.slot[end as usize]) });
            }
            front.leave(vertex, &mut steps);
        }
        Some(steps)
    }
}

impl Vertex {
    fn empty() -> Self {
        Self { copies: Vec::new(), prize: 0, required: false, missed: 0, links: Vec::new() }
    }

    /// How much it widens the front: about the logarithm of the ways it may stand on it.
    #[allow(clippy::cast_precision_loss)] // a choice, not a proof
    fn width(&self) -> f64 {
        (1.0 + 2.0 * self.copies.len() as f64).ln()
    }
}

/// Drops the points in which a node leaves the front that is held but hangs from nothing.
fn leave(points: Vec<PartialTree>, slot: usize) -> Vec<PartialTree> {
    points
        .into_iter()
        .filter(|point| hangs(code(point.state, slot)))
        .map(|point| PartialTree { state: with_code(point.state, slot, 0), ..point })
        .collect()
}

/// The nodes on the front while an order is made.
struct Front<'a, 'b> {
    sweep: &'a Sweep<'b>,
    slot: Vec<usize>,
    free: Vec<usize>,
    linked: Vec<bool>,
    left: Vec<bool>,
}

impl<'a, 'b> Front<'a, 'b> {
    fn new(sweep: &'a Sweep<'b>) -> Self {
        Self {
            sweep,
            slot: vec![NO_SLOT; sweep.vertices.len()],
            free: (0..WIDTH).rev().collect(),
            linked: vec![false; sweep.links.len()],
            left: vec![false; sweep.vertices.len()],
        }
    }

    fn enter(&mut self, vertex: u32, steps: &mut Vec<Step>) -> Option<()> {
        if self.slot[vertex as usize] == NO_SLOT {
            let slot = self.free.pop()?;
            self.slot[vertex as usize] = slot;
            steps.push(Step::Enter { vertex, slot });
        }
        Some(())
    }

    fn leave(&mut self, vertex: u32, steps: &mut Vec<Step>) {
        let slot = self.slot[vertex as usize];
        self.free.push(slot);
        self.left[vertex as usize] = true;
        steps.push(Step::Leave { slot });
    }

    /// The node whose turn widens the front least.
    fn next(&self, work: &mut u64) -> Option<u32> {
        let mut best: Option<(f64, u32)> = None;
        for (vertex, place) in (0..).zip(0..self.left.len()) {
            if self.left[place] {
                continue;
            }
            let own = &self.sweep.vertices[place];
            *work += 1 + own.links.len() as u64;
            let mut wider = if self.slot[place] == NO_SLOT { 0.01 } else { -own.width() };
            for &link in &own.links {
                for end in self.sweep.links[link as usize].ends {
                    if end != vertex && self.slot[end as usize] == NO_SLOT {
                        wider += self.sweep.vertices[end as usize].width();
                    }
                }
            }
            if best.is_none_or(|(least, _)| wider < least) {
                best = Some((wider, vertex));
            }
        }
        best.map(|(_, vertex)| vertex)
    }
}
