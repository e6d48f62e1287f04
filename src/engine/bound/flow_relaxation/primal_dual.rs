//! Iterations of the primal-dual hybrid gradient method.
//!
//! Each moves what is built, shared and sent along the gradient that prices make, then prices along what is
//! then violated, taken twice as far as the move. Steps are the inverse of what stands in a column or row.
//! Everything here is a choice of multipliers, never a proof.

#![allow(clippy::cast_precision_loss)] // choices, not proofs

use super::program::{Arc, FlowProgram, LANES, NO_TERMINAL, SideValues, Values};
use crate::engine::bound::Counts;

/// The prices of money take larger steps: each looks at every arc, and would hardly move.
const MONEY_STEP: f32 = 12.0;
/// A flow stands in its balance at two nodes and in the capacity of its arc.
const FLOW_STEP: f32 = 1.0 / 3.0;
const CAPACITY_STEP: f32 = 0.5;
/// What is shared of an arc stands in so many rows besides that of the limit, roughly.
const SHARED_ROWS: f32 = 3.0;
/// Iterations between two looks at the clock.
const LOOK: usize = 25;

/// Costs in scaled units, steps, and working memory.
struct Scratch {
    cost: Vec<f32>,
    /// Prize of what an arc leads to.
    prize: Vec<f32>,
    charge: f32,
    built_step: Vec<f32>,
    potential_step: Vec<f32>,
    node_step: Vec<f32>,
    money_step: f32,
    side_limits: Vec<f32>,
    side_steps: Vec<f32>,
    /// By arc: what is built, twice as far as the move.
    built: Vec<f32>,
    gradient: Vec<f32>,
    /// By node and terminal: flow in less flow out.
    balance: Vec<f32>,
    /// By node: what is built or shared out less in.
    onward: Vec<f32>,
}

impl FlowProgram<'_> {
    /// So many iterations, unless it is stopped before.
    pub fn iterate(&mut self, iterations: usize, stop: &dyn Fn() -> bool) {
        let mut scratch = Scratch::new(self);
        for iteration in 0..iterations {
            if iteration.is_multiple_of(LOOK) && stop() {
                return;
            }
            self.step(&mut scratch);
        }
    }

    fn step(&mut self, scratch: &mut Scratch) {
        self.move_built(scratch);
        for side in 0..self.sides.len() {
            self.move_side(side, scratch);
        }
        self.move_flows(scratch);
        self.move_leaf_and_money(scratch);
    }

    /// The gradient of what is built, before shares.
    fn gradient(&self, place: usize, arc: &Arc, scratch: &Scratch) -> f32 {
        let FlowProgram { values, names, part, .. } = self;
        let cost = scratch.cost[place];
        let mut gradient = scratch.prize[place] - (values.money + scratch.charge) * cost;
        gradient += values.leaf[arc.tail];
        for (row, side) in self.sides.iter().zip(&values.sides) {
            if row.counts[place] != Counts::Never {
                gradient -= side.money * cost;
            }
            if row.is_shareable[place] {
                gradient += side.excess[place];
            }
        }
        if arc.terminal == NO_TERMINAL {
            let capacity = &values.capacity[place * names.width..][..names.width];
            let mut sums = [0.0; LANES];
            for lanes in capacity.chunks_exact(LANES) {
                for (sum, own) in sums.iter_mut().zip(lanes) {
                    *sum += own;
                }
            }
            gradient + sums.iter().sum::<f32>() - values.leaf[arc.head]
        } else if arc.tail == part.root as usize {
            gradient
        } else {
            gradient - values.potential[arc.tail * names.width + arc.terminal as usize]
        }
    }

    fn move_built(&mut self, scratch: &mut Scratch) {
        for (place, arc) in self.arcs.iter().enumerate() {
            scratch.gradient[place] = self.gradient(place, arc, scratch);
        }
        for (own, price) in self.kept.iter().zip(&self.values.kept) {
            for &place in own.iter().flatten() {
                scratch.gradient[place] += price;
            }
        }
        for (place, arc) in self.arcs.iter().enumerate() {
            let must = arc.terminal != NO_TERMINAL && self.part.required[arc.head];
            let before = self.values.built[place];
            let moved = before + scratch.built_step[place] * scratch.gradient[place];
            let after = moved.clamp(if must { 1.0 } else { 0.0 }, 1.0);
            scratch.built[place] = 2.0 * after - before;
            self.values.built[place] = after;
        }
    }

    /// Moves what is shared, and the prices of one side limit.
    fn move_side(&mut self, side: usize, scratch: &mut Scratch) {
        let root = self.part.root as usize;
        let row = &self.sides[side];
        let SideValues { shared, excess, potential, money } = &mut self.values.sides[side];
        let mut counted = 0.0;
        scratch.onward.fill(0.0);
        for (place, arc) in self.arcs.iter().enumerate() {
            let cost = scratch.cost[place];
            let built = scratch.built[place];
            if row.counts[place] != Counts::Never {
                counted += cost * built;
            }
            if !row.is_shareable[place] {
                continue;
            }
            let counts = row.counts[place] == Counts::Unshared;
            let mut gradient = if counts { *money * cost } else { 0.0 };
            gradient += if arc.tail == root { 0.0 } else { potential[arc.tail] };
            gradient -= if arc.terminal == NO_TERMINAL { potential[arc.head] } else { 0.0 };
            gradient -= excess[place];
            let before = shared[place];
            let after = (before + gradient / (SHARED_ROWS + cost)).clamp(0.0, 1.0);
            let further = 2.0 * after - before;
            shared[place] = after;
            excess[place] = (excess[place] - CAPACITY_STEP * (built - further)).max(0.0);
            if counts {
                counted -= cost * further;
            }
            scratch.onward[arc.tail] += further;
            scratch.onward[arc.head] -= further;
        }
        *money =
            (*money - scratch.side_steps[side] * (scratch.side_limits[side] - counted)).max(0.0);
        for (node, own) in potential.iter_mut().enumerate() {
            *own = (*own - scratch.node_step[node] * scratch.onward[node]).max(0.0);
        }
    }

    fn move_flows(&mut self, scratch: &mut Scratch) {
        let width = self.names.width;
        let root = self.part.root as usize;
        let Values { flow, capacity, potential, .. } = &mut self.values;
        scratch.balance.fill(0.0);
        for (place, arc) in self.arcs.iter().enumerate() {
            let built = scratch.built[place];
            if arc.terminal != NO_TERMINAL {
                scratch.balance[arc.tail * width + arc.terminal as usize] -= built;
                continue;
            }
            let flow = &mut flow[place * width..][..width];
            let capacity = &mut capacity[place * width..][..width];
            let tail = &potential[arc.tail * width..][..width];
            let head = &potential[arc.head * width..][..width];
            let (out, into) = two_rows(&mut scratch.balance, arc.tail, arc.head, width);
            // By place, which the compiler makes the most of.
            for lane in 0..width {
                let before = flow[lane];
                let gradient = head[lane] - tail[lane] - capacity[lane];
                let after = (before + FLOW_STEP * gradient).max(0.0);
                let further = 2.0 * after - before;
                flow[lane] = after;
                capacity[lane] = (capacity[lane] - CAPACITY_STEP * (built - further)).max(0.0);
                out[lane] -= further;
                into[lane] += further;
            }
        }
        for (node, &step) in scratch.potential_step.iter().enumerate() {
            if node == root {
                continue;
            }
            let own = &mut potential[node * width..][..width];
            for (own, balance) in own.iter_mut().zip(&scratch.balance[node * width..][..width]) {
                *own -= step * balance;
            }
        }
    }

    fn move_leaf_and_money(&mut self, scratch: &mut Scratch) {
        let values = &mut self.values;
        scratch.onward.fill(0.0);
        let mut cost = 0.0;
        for (place, arc) in self.arcs.iter().enumerate() {
            let built = scratch.built[place];
            cost += scratch.cost[place] * built;
            scratch.onward[arc.tail] += built;
            scratch.onward[arc.head] -= built;
        }
        for (node, own) in values.leaf.iter_mut().enumerate() {
            *own = (*own - scratch.node_step[node] * scratch.onward[node]).max(0.0);
        }
        let budget = self.budget as f32 / self.scale.cost;
        values.money = (values.money - scratch.money_step * (budget - cost)).max(0.0);
        for (own, price) in self.kept.iter().zip(&mut values.kept) {
            let held: f32 = own.iter().flatten().map(|&place| scratch.built[place]).sum();
            *price = (*price - CAPACITY_STEP * (held - 1.0)).max(0.0);
        }
    }
}

/// The rows of two different nodes.
fn two_rows(rows: &mut [f32], one: usize, other: usize, width: usize) -> (&mut [f32], &mut [f32]) {
    let (low, high) = rows.split_at_mut(one.max(other) * width);
    let (low, high) = (&mut low[one.min(other) * width..][..width], &mut high[..width]);
    if one < other { (low, high) } else { (high, low) }
}

impl Scratch {
    fn new(program: &FlowProgram<'_>) -> Self {
        let FlowProgram { part, arcs, sides, names, scale, .. } = program;
        let nodes = part.nodes();
        let cost: Vec<f32> = arcs.iter().map(|arc| arc.cost as f32 / scale.cost).collect();
        let prize = |arc: &Arc| part.prize[arc.head] as f32 / scale.prize;
        let (mut degree, mut balances) = (vec![0.0_f32; nodes], vec![1.0_f32; nodes]);
        for arc in arcs {
            for end in [arc.tail, arc.head] {
                degree[end] += 1.0;
                balances[end] += if arc.terminal == NO_TERMINAL { 1.0 } else { 0.0 };
            }
        }
        // What never has a price takes no step: the root, and nodes where a path may end.
        let mut node_step: Vec<f32> = degree.iter().map(|degree| 1.0 / degree.max(1.0)).collect();
        node_step[part.root as usize] = 0.0;
        for arc in arcs.iter().filter(|arc| arc.terminal != NO_TERMINAL) {
            node_step[arc.head] = 0.0;
        }
        let column = |(place, arc): (usize, &Arc)| {
            let rows = if arc.terminal == NO_TERMINAL { names.terminals.len() } else { 1 };
            let of_sides: f32 = sides
                .iter()
                .map(
                    |side| {
                        if side.counts[place] == Counts::Never { 1.0 } else { 1.0 + cost[place] }
                    },
                )
                .sum();
            1.0 / (2.0 + rows as f32 + cost[place] + of_sides)
        };
        let total: f32 = cost.iter().sum();
        let side_step = |side: &super::program::SideRow| {
            let row = side.counts.iter().zip(&cost).map(|(counts, cost)| match counts {
                Counts::Always => *cost,
                Counts::Never => 0.0,
                Counts::Unshared => 2.0 * cost,
            });
            MONEY_STEP / row.sum::<f32>().max(1.0)
        };
        Self {
            prize: arcs.iter().map(prize).collect(),
            charge: program.charge as f32 * scale.cost / scale.prize,
            built_step: arcs.iter().enumerate().map(column).collect(),
            potential_step: balances.iter().map(|balances| 1.0 / balances).collect(),
            node_step,
            money_step: MONEY_STEP / total.max(1.0),
            side_limits: sides.iter().map(|side| side.limit as f32 / scale.cost).collect(),
            side_steps: sides.iter().map(side_step).collect(),
            built: vec![0.0; arcs.len()],
            gradient: vec![0.0; arcs.len()],
            balance: vec![0.0; nodes * names.width],
            onward: vec![0.0; nodes],
            cost,
        }
    }
}
