//! The graph that reductions change: nodes and edges vanish, merge and join in constant time.
//!
//! What for: every test deletes, contracts and joins through [`Work`], which keeps offset, budget and
//! history right. In: an [`Instance`] or an earlier [`Reduced`]. Out: a smaller [`Reduced`]. It decides
//! nothing: whether a change keeps the optimum is the caller's argument.

use super::history::{Aside, History, NONE, Reduced};
use crate::engine::{Demand, Edge, Goal, Instance};

/// A mutable multigraph without loops and without parallel edges.
///
/// Edge `e` is seen from its ends as the halves `2e` and `2e + 1`, which hang in the list of the node
/// they leave. Node and edge numbers are those of the instance it was made from.
#[derive(Clone, Debug)]
pub struct Work {
    pub(super) goal: Goal,
    pub(super) max_hops: Option<u32>,
    pub(super) root: Option<u32>,
    pub(super) prizes: Vec<i64>,
    demands: Vec<Demand>,
    alive: Vec<bool>,
    fixed: usize,
    first: Vec<u32>,
    degree: Vec<u32>,
    /// The node each half leaves; `NONE` for a deleted edge.
    from: Vec<u32>,
    next: Vec<u32>,
    before: Vec<u32>,
    cost: Vec<i64>,
    offset: i64,
    impossible: bool,
    /// Sum of the living prizes, to value a single node.
    total_prize: i64,
    merged_into: Vec<u32>,
    history: History,
    /// Nodes whose surroundings changed, each once.
    touched: Vec<u32>,
    is_touched: Vec<bool>,
    /// Scratch: the half by which a node is next to the node under contraction.
    mark: Vec<u32>,
}

impl Work {
    /// The instance itself, without loops, forbidden nodes and all but the cheapest of parallel edges
    /// (valid for every goal and hop limit). `O(n + m)`.
    ///
    /// # Panics
    ///
    /// If there are 2^31 edges or more.
    #[must_use]
    pub fn new(instance: &Instance) -> Self {
        let count = |len: usize| u32::try_from(len).expect("fewer than 2^31 edges");
        let history = History {
            originals: count(instance.edges.len()),
            joins: Vec::new(),
            edge_part: (0..count(instance.edges.len())).collect(),
            node_part: vec![NONE; instance.nodes()],
            home: (0..count(instance.nodes())).collect(),
            image: (0..count(instance.nodes())).collect(),
            aside: None,
        };
        Self::build(instance, history, 0)
    }

    /// Goes on where an earlier reduction ended; the way back leads to its original.
    #[cfg(test)]
    pub fn resume(reduced: Reduced) -> Self {
        let Reduced { instance, offset, history } = reduced;
        Self::build(&instance, history, offset)
    }

    fn build(instance: &Instance, history: History, offset: i64) -> Self {
        let (nodes, edges) = (instance.nodes(), instance.edges.len());
        let mut work = Self {
            goal: instance.goal,
            max_hops: instance.max_hops,
            root: instance.root,
            prizes: instance.prizes.clone(),
            demands: instance.demands.clone(),
            alive: vec![true; nodes],
            fixed: 0,
            first: vec![NONE; nodes],
            degree: vec![0; nodes],
            from: instance.edges.iter().flat_map(|edge| edge.ends).collect(),
            next: vec![NONE; 2 * edges],
            before: vec![NONE; 2 * edges],
            cost: instance.edges.iter().map(|edge| edge.cost).collect(),
            offset,
            impossible: false,
            total_prize: instance.prizes.iter().sum(),
            merged_into: (0..).take(nodes).collect(),
            history,
            touched: Vec::new(),
            is_touched: vec![false; nodes],
            mark: vec![NONE; nodes],
        };
        for edge in (0..).take(edges) {
            work.hang(2 * edge);
            work.hang(2 * edge + 1);
        }
        work.settle(instance);
        work
    }

    /// Roots the tree at a required node, deletes forbidden nodes, loops and dearer parallel edges.
    fn settle(&mut self, instance: &Instance) {
        let required = |&node: &u32| instance.demands[node as usize] == Demand::Required;
        self.root = self.root.or_else(|| self.node_numbers().find(required));
        self.fixed = self.node_numbers().filter(|&node| self.is_fixed(node)).count();
        for node in self.node_numbers() {
            if instance.demands[node as usize] == Demand::Forbidden {
                self.delete_node(node);
            }
        }
        for node in self.node_numbers() {
            self.merge_parallels(node);
        }
    }

    /// Deletes loops at `node` and all but the cheapest edge to each neighbour; ties keep the first.
    fn merge_parallels(&mut self, node: u32) {
        let mut half = self.first[node as usize];
        while half != NONE {
            let after = self.next[half as usize];
            let to = self.to(half);
            let rival = self.mark[to as usize];
            if to == node {
                // A loop hangs twice in this list; the second half must not be visited any more.
                let after = if after == half ^ 1 { self.next[after as usize] } else { after };
                self.delete_edge(half / 2);
                half = after;
                continue;
            }
            if rival == NONE {
                self.mark[to as usize] = half;
            } else if self.edge_cost(half / 2) < self.edge_cost(rival / 2) {
                self.delete_edge(rival / 2);
                self.mark[to as usize] = half;
            } else {
                self.delete_edge(half / 2);
            }
            half = after;
        }
        self.clear_marks(node);
    }

    fn clear_marks(&mut self, node: u32) {
        let mut half = self.first[node as usize];
        while half != NONE {
            let to = self.to(half);
            self.mark[to as usize] = NONE;
            half = self.next[half as usize];
        }
    }

    /// The numbers of all nodes, living or not.
    pub(super) fn node_numbers(&self) -> std::ops::Range<u32> {
        0..u32::try_from(self.prizes.len()).expect("node numbers fit")
    }

    /// The numbers of all edges, living or not.
    pub(super) fn edge_numbers(&self) -> std::ops::Range<u32> {
        0..u32::try_from(self.cost.len()).expect("edge numbers fit")
    }

    /// Whether the node is still there.
    #[must_use]
    pub fn is_alive(&self, node: u32) -> bool {
        self.alive[node as usize]
    }

    /// Whether the edge is still there.
    #[must_use]
    pub fn has_edge(&self, edge: u32) -> bool {
        self.from[2 * edge as usize] != NONE
    }

    /// Whether every answer holds the node: it is the root or required.
    #[must_use]
    pub fn is_fixed(&self, node: u32) -> bool {
        self.root == Some(node) || self.demands[node as usize] == Demand::Required
    }

    /// Number of fixed nodes.
    #[must_use]
    pub fn fixed_nodes(&self) -> usize {
        self.fixed
    }

    /// Number of living edges at the node.
    pub(super) fn degree(&self, node: u32) -> u32 {
        self.degree[node as usize]
    }

    /// Cost of an edge.
    pub(super) fn edge_cost(&self, edge: u32) -> i64 {
        self.cost[edge as usize]
    }

    /// Ends of a living edge.
    pub(super) fn ends(&self, edge: u32) -> [u32; 2] {
        [self.from[2 * edge as usize], self.from[2 * edge as usize + 1]]
    }

    /// Whether the edge still runs between the two nodes at this cost.
    pub(super) fn joins(&self, edge: u32, u: u32, v: u32, cost: i64) -> bool {
        let ends = self.ends(edge);
        (ends == [u, v] || ends == [v, u]) && self.edge_cost(edge) == cost
    }

    /// First half in the node's list, or `NONE`.
    pub(super) fn first_half(&self, node: u32) -> u32 {
        self.first[node as usize]
    }

    /// Next half in the same list, or `NONE`.
    pub(super) fn next_half(&self, half: u32) -> u32 {
        self.next[half as usize]
    }

    /// The node a half leads to.
    pub(super) fn to(&self, half: u32) -> u32 {
        self.from[(half ^ 1) as usize]
    }

    /// Edge number, neighbour and cost of every edge at the node.
    pub(super) fn around(&self, node: u32) -> impl Iterator<Item = (u32, u32, i64)> + '_ {
        let mut half = self.first[node as usize];
        std::iter::from_fn(move || {
            (half != NONE).then(|| {
                let seen = (half / 2, self.to(half), self.cost[half as usize / 2]);
                half = self.next[half as usize];
                seen
            })
        })
    }

    /// Whether no answer exists; further changes are pointless then.
    #[must_use]
    pub fn is_impossible(&self) -> bool {
        self.impossible
    }

    /// Says that no answer exists.
    pub(super) fn declare_impossible(&mut self) {
        self.impossible = true;
    }

    /// Takes the next node whose surroundings changed.
    pub(super) fn next_touched(&mut self) -> Option<u32> {
        let node = self.touched.pop()?;
        self.is_touched[node as usize] = false;
        Some(node)
    }

    /// Has the node looked at (again).
    pub(super) fn touch(&mut self, node: u32) {
        if !std::mem::replace(&mut self.is_touched[node as usize], true) {
            self.touched.push(node);
        }
    }

    /// Number of living nodes. `O(n)`.
    pub(super) fn living_nodes(&self) -> usize {
        self.alive.iter().filter(|&&alive| alive).count()
    }

    /// Number of living edges. `O(m)`.
    pub(super) fn living_edges(&self) -> usize {
        self.edge_numbers().filter(|&edge| self.has_edge(edge)).count()
    }

    /// Number of living nodes and edges together. `O(n + m)`.
    #[must_use]
    pub fn size(&self) -> usize {
        self.living_nodes() + self.living_edges()
    }

    fn hang(&mut self, half: u32) {
        let node = self.from[half as usize] as usize;
        let after = self.first[node];
        self.next[half as usize] = after;
        self.before[half as usize] = NONE;
        if after != NONE {
            self.before[after as usize] = half;
        }
        self.first[node] = half;
        self.degree[node] += 1;
    }

    fn unhang(&mut self, half: u32) {
        let node = self.from[half as usize];
        let (before, after) = (self.before[half as usize], self.next[half as usize]);
        if before == NONE {
            self.first[node as usize] = after;
        } else {
            self.next[before as usize] = after;
        }
        if after != NONE {
            self.before[after as usize] = before;
        }
        self.degree[node as usize] -= 1;
        self.touch(node);
    }

    /// Deletes an edge.
    pub fn delete_edge(&mut self, edge: u32) {
        for half in [2 * edge, 2 * edge + 1] {
            self.unhang(half);
        }
        for half in [2 * edge, 2 * edge + 1] {
            self.from[half as usize] = NONE;
        }
    }

    /// Deletes a node with its edges: no answer worth keeping holds it. A prize is lost with it; if the
    /// node is fixed, no answer exists.
    pub fn delete_node(&mut self, node: u32) {
        if self.is_fixed(node) {
            self.impossible = true;
            return;
        }
        if self.goal == Goal::LeastLoss {
            self.offset += self.prizes[node as usize];
        }
        self.vanish(node);
        self.merged_into[node as usize] = NONE;
    }

    fn vanish(&mut self, node: u32) {
        while self.first[node as usize] != NONE {
            self.delete_edge(self.first[node as usize] / 2);
        }
        self.total_prize -= self.prizes[node as usize];
        self.prizes[node as usize] = 0;
        self.alive[node as usize] = false;
    }

    /// Every answer worth keeping holds the node.
    pub fn require(&mut self, node: u32) {
        if !self.is_fixed(node) {
            self.demands[node as usize] = Demand::Required;
            self.fixed += 1;
            if self.root.is_none() {
                self.root = Some(node);
            }
            self.touch(node);
        }
    }

    /// Merges the ends of an edge, to be held together or not at all, and pays for the edge: at once if
    /// the merged node is fixed, otherwise (least loss only) out of its prize. Returns the merged node.
    ///
    /// The caller knows: some best answer (or one as good) holds the edge whenever it holds either end;
    /// unless an end is fixed or the edge is free, the goal is least loss and the prizes cover the cost.
    /// The trees of one end alone are set aside. `O(degree)` of the two ends.
    pub fn contract(&mut self, edge: u32) -> u32 {
        let [u, v] = self.ends(edge);
        let swap = self.degree(u) < self.degree(v);
        let (keep, gone) = if swap { (v, u) } else { (u, v) };
        let fixed = [keep, gone].map(|node| self.is_fixed(node));
        let cost = self.edge_cost(edge);
        if self.root.is_none() {
            self.set_aside(keep);
            self.set_aside(gone);
        }
        let part = self.history.edge_part[edge as usize];
        let inside = [keep, gone].map(|node| self.history.node_part[node as usize]);
        let inside = inside.into_iter().fold(part, |all, part| self.join_parts(all, part));
        self.history.node_part[keep as usize] = inside;
        self.delete_edge(edge);
        self.take_over(keep, gone);
        let gained = self.prizes[gone as usize];
        self.vanish(gone);
        self.merged_into[gone as usize] = keep;
        self.prizes[keep as usize] += gained;
        self.total_prize += gained;
        if fixed[1] {
            if self.root == Some(gone) {
                self.root = Some(keep);
            }
            self.demands[keep as usize] = Demand::Required;
            self.fixed -= usize::from(fixed[0]);
        }
        self.pay(keep, cost);
        self.touch(keep);
        keep
    }

    fn pay(&mut self, node: u32, cost: i64) {
        if self.is_fixed(node) {
            match &mut self.goal {
                Goal::MostPrize { budget } => {
                    *budget -= cost;
                    self.impossible |= *budget < 0;
                }
                Goal::LeastCost { .. } | Goal::LeastLoss => self.offset += cost,
            }
        } else if cost > 0 {
            debug_assert_eq!(self.goal, Goal::LeastLoss);
            debug_assert!(self.prizes[node as usize] >= cost);
            self.prizes[node as usize] -= cost;
            self.total_prize -= cost;
            self.offset += cost;
        }
    }

    /// Hangs the edges of `gone` on `keep`; of edges to the same neighbour the cheaper stays.
    fn take_over(&mut self, keep: u32, gone: u32) {
        let mut half = self.first[keep as usize];
        while half != NONE {
            let to = self.to(half);
            self.mark[to as usize] = half;
            half = self.next[half as usize];
        }
        let mut half = self.first[gone as usize];
        while half != NONE {
            let after = self.next[half as usize];
            let to = self.to(half);
            let rival = self.mark[to as usize];
            self.touch(to);
            if rival != NONE && self.edge_cost(rival / 2) <= self.edge_cost(half / 2) {
                self.delete_edge(half / 2);
            } else {
                if rival != NONE {
                    self.delete_edge(rival / 2);
                }
                self.mark[to as usize] = NONE;
                self.move_half(half, keep);
            }
            half = after;
        }
        self.clear_marks(keep);
    }

    fn move_half(&mut self, half: u32, node: u32) {
        self.unhang(half);
        self.from[half as usize] = node;
        self.hang(half);
    }

    fn join_parts(&mut self, left: u32, right: u32) -> u32 {
        if left == NONE || right == NONE {
            return left.min(right);
        }
        self.history.joins.push([left, right]);
        let last = u32::try_from(self.history.joins.len() - 1).expect("part numbers fit");
        self.history.originals + last
    }

    /// Replaces a node of degree two by one edge between its neighbours; a prize is taken off its cost.
    ///
    /// The caller knows: some best answer holds both its edges or not the node, unless it is the node
    /// alone (which is set aside); a prize is only there for least loss and no more than either cost.
    pub(super) fn bridge_over(&mut self, node: u32) {
        let prize = self.prizes[node as usize];
        if prize > 0 {
            debug_assert_eq!(self.goal, Goal::LeastLoss);
            self.set_aside(node);
        }
        let one = self.first[node as usize];
        let two = self.next[one as usize];
        let (left, right) = (self.to(one), self.to(two));
        let cost = self.edge_cost(one / 2) + self.edge_cost(two / 2) - prize;
        let part = self.along(one / 2, two / 2, node);
        self.delete_edge(two / 2);
        match self.edge_between(left, right) {
            Some(rival) if self.edge_cost(rival) <= cost => self.delete_edge(one / 2),
            rival => {
                if let Some(rival) = rival {
                    self.delete_edge(rival);
                }
                self.move_half(one, right);
                self.cost[one as usize / 2] = cost;
                self.history.edge_part[one as usize / 2] = part;
            }
        }
        self.touch(left);
        self.touch(right);
        self.offset += prize;
        self.vanish(node);
        self.merged_into[node as usize] = NONE;
    }

    /// Replaces a node by one edge for each pair of its edges; a prize is taken off each.
    ///
    /// The caller knows: some best answer holds none or one of the pairs and no other edge of the node,
    /// or is the node alone (which is set aside); a prize as for [`Self::bridge_over`]. There are no more
    /// pairs than edges, and no edge is named by a pair after its place has been taken: places are taken
    /// only once all parts are made.
    pub(super) fn pass_over(&mut self, node: u32, pairs: &[[u32; 2]]) {
        let prize = self.prizes[node as usize];
        self.set_aside(node);
        let other_end = |work: &Self, edge: u32| {
            let [u, v] = work.ends(edge);
            if u == node { v } else { u }
        };
        let mut joined = Vec::with_capacity(pairs.len());
        for &[one, two] in pairs {
            let cost = self.edge_cost(one) + self.edge_cost(two) - prize;
            let ends = [other_end(self, one), other_end(self, two)];
            joined.push((ends, cost, self.along(one, two, node)));
        }
        let mut free: Vec<u32> = self.around(node).map(|(edge, _, _)| edge).collect();
        self.offset += prize;
        self.vanish(node);
        self.merged_into[node as usize] = NONE;
        for ([u, v], cost, part) in joined {
            match self.edge_between(u, v) {
                Some(rival) if self.edge_cost(rival) <= cost => continue,
                Some(rival) => self.delete_edge(rival),
                None => {}
            }
            let edge = free.pop().expect("no more pairs than edges");
            self.place_edge(edge, [u, v], cost, part);
        }
    }

    /// Reuses the place of a deleted edge.
    fn place_edge(&mut self, edge: u32, ends: [u32; 2], cost: i64, part: u32) {
        for (half, end) in [2 * edge, 2 * edge + 1].into_iter().zip(ends) {
            self.from[half as usize] = end;
            self.hang(half);
            self.touch(end);
        }
        self.cost[edge as usize] = cost;
        self.history.edge_part[edge as usize] = part;
    }

    /// The part of two edges with the node between them.
    fn along(&mut self, one: u32, two: u32, node: u32) -> u32 {
        let ends = [one, two].map(|edge| self.history.edge_part[edge as usize]);
        let part = self.join_parts(ends[0], ends[1]);
        self.join_parts(part, self.history.node_part[node as usize])
    }

    /// The edge between two nodes. `O(min degree)`.
    pub(super) fn edge_between(&self, u: u32, v: u32) -> Option<u32> {
        let (from, to) = if self.degree(u) <= self.degree(v) { (u, v) } else { (v, u) };
        self.around(from).find(|&(_, other, _)| other == to).map(|(edge, _, _)| edge)
    }

    /// Remembers the tree of one node alone, which a change is about to lose. Only in least loss
    /// without a root can it be better than every larger tree.
    pub(super) fn set_aside(&mut self, node: u32) {
        if self.root.is_some() || self.goal != Goal::LeastLoss {
            return;
        }
        let value = self.offset + self.total_prize - self.prizes[node as usize];
        if self.history.aside.is_some_and(|aside| aside.value <= value) {
            return;
        }
        let home = self.history.home[node as usize];
        let part = self.history.node_part[node as usize];
        self.history.aside = Some(Aside { value, home, part });
    }

    /// The reduced instance and the way back; `None` if no answer exists. `O(n + m)`.
    #[must_use]
    pub fn finish(mut self) -> Option<Reduced> {
        if self.impossible || self.misses_quota() {
            return None;
        }
        let mut number = vec![NONE; self.prizes.len()];
        let living: Vec<u32> = self.node_numbers().filter(|&node| self.is_alive(node)).collect();
        for (new, &node) in (0..).zip(&living) {
            number[node as usize] = new;
        }
        let kept: Vec<u32> = self.edge_numbers().filter(|&edge| self.has_edge(edge)).collect();
        let renumber = |ends: [u32; 2]| ends.map(|end| number[end as usize]);
        let edge =
            |&edge: &u32| Edge { ends: renumber(self.ends(edge)), cost: self.edge_cost(edge) };
        let instance = Instance {
            edges: kept.iter().map(edge).collect(),
            prizes: living.iter().map(|&node| self.prizes[node as usize]).collect(),
            demands: living.iter().map(|&node| self.demands[node as usize]).collect(),
            root: self.root.map(|root| number[root as usize]),
            goal: self.goal,
            max_hops: self.max_hops,
        };
        let image = self.images(&number);
        let history = History {
            edge_part: pick(&self.history.edge_part, &kept),
            node_part: pick(&self.history.node_part, &living),
            home: pick(&self.history.home, &living),
            image,
            ..self.history
        };
        Some(Reduced { instance, offset: self.offset, history })
    }

    fn misses_quota(&self) -> bool {
        matches!(self.goal, Goal::LeastCost { at_least } if self.total_prize < at_least)
    }

    /// Where every original node is now, given the new numbers of the living nodes.
    fn images(&mut self, number: &[u32]) -> Vec<u32> {
        let images = std::mem::take(&mut self.history.image);
        let mut now = |image: u32| {
            let node = self.survivor(image);
            if node == NONE { NONE } else { number[node as usize] }
        };
        images.into_iter().map(&mut now).collect()
    }

    /// The living node that a node has been merged into, or `NONE`.
    fn survivor(&mut self, mut node: u32) -> u32 {
        while node != NONE && self.merged_into[node as usize] != node {
            let after = self.merged_into[node as usize];
            if after != NONE {
                self.merged_into[node as usize] = self.merged_into[after as usize];
            }
            node = after;
        }
        node
    }
}

fn pick(values: &[u32], places: &[u32]) -> Vec<u32> {
    places.iter().map(|&place| values[place as usize]).collect()
}
