//! Bounds under side limits: cost that only some terminals may cause.
//!
//! What for: a budget may be tighter for edges that no exempt terminal uses. In: a rooted problem with a
//! budget, its [`Side`] limits and multipliers. Out: a dual ascent on directed prices, and the bound that
//! follows from it. It knows neither pots nor who pays.
//!
//! Method: each side limit is relaxed with a multiplier `L`. Whether an exempt terminal uses an edge
//! depends on the tree; it is relaxed with potentials `mu >= 0`, zero at the root: the arc `(u, w)`
//! costs `min(L c, mu_w - mu_u)` for the side, and holding an exempt terminal `s` gives `mu_s` back. A
//! tree whose arcs used by exempt terminals are split into paths that end in such terminals shows that
//! no tree is charged more than `L` times what counts. Here the potential of a node is its distance from
//! what exempt terminals use in a good tree, times a slope; the slopes of all sides together are at most
//! the multiplier of the cost itself, so no arc has a negative price.

use super::{Ascent, AscentScratch, AscentSettings, Price};
use crate::engine::Goal;
use crate::engine::rooted::Rooted;
use crate::graph::{Distances, FAR, Rows};

/// When the cost of an edge counts towards a side limit.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Counts {
    /// Whoever uses it.
    Always,
    /// Whoever uses it, it does not.
    Never,
    /// Unless an exempt terminal uses it.
    Unshared,
}

/// A limit on cost that counts.
#[derive(Clone, Debug)]
pub struct SideLimit {
    /// The most that may count.
    pub limit: i64,
    /// By node of the first problem: whether it is an exempt terminal.
    pub exempt: Vec<bool>,
    /// By edge of the first problem.
    pub counts: Vec<Counts>,
}

/// The graph of the first problem with the cost of each edge.
#[derive(Clone, Debug)]
pub struct PricedGraph {
    /// Adjacency.
    pub rows: Rows,
    /// Cost of each edge.
    pub costs: Vec<i64>,
}

/// The cost that counts is at most `limit`.
#[derive(Clone, Debug)]
pub struct Side {
    /// Limit on the cost that counts.
    pub limit: i64,
    /// By node of the first problem: whether it is an exempt terminal.
    pub exempt: Vec<bool>,
    /// By edge of the first problem.
    pub counts: Vec<Counts>,
    /// By node of the first problem: its distance from what exempt terminals use in a good tree, over
    /// edges that count unless shared; the others are no distance.
    pub distance: Vec<i64>,
}

impl Side {
    /// A side limit whose potentials grow with the distance from `sources`, which hold the root.
    /// O(edges log nodes).
    pub fn new(
        limit: i64,
        exempt: Vec<bool>,
        counts: Vec<Counts>,
        graph: &PricedGraph,
        sources: &[u32],
    ) -> Self {
        let PricedGraph { rows, costs } = graph;
        let mut distances = Distances::new(rows.nodes());
        for &node in sources {
            distances.add_source(node);
        }
        distances.run(rows, FAR - 1, |place| {
            let edge = rows.edge(place) as usize;
            Some(if counts[edge] == Counts::Unshared { costs[edge] } else { 0 })
        });
        let distance = (0_u32..).take(rows.nodes()).map(|node| distances.of(node)).collect();
        Self { limit, exempt, counts, distance }
    }
}

/// Multipliers of cost, prize and each side limit.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct SidePrice {
    /// Of cost and prize.
    pub price: Price,
    /// Of each side limit.
    pub sides: Vec<i64>,
    /// What the potential of each side grows by for each unit of cost.
    slopes: Vec<i64>,
    /// How much prize a unit of cost takes off; the multiplier of cost pays for that too.
    charge: i64,
}

/// Scaled sums stay below this.
const ROOM: i64 = 1 << 58;

impl SidePrice {
    /// Multipliers near to `ratio` units of cost for one unit of prize and `shares` of the multiplier of
    /// cost for each side, in whole numbers that leave room for every sum.
    #[allow(clippy::cast_possible_truncation, clippy::cast_precision_loss, clippy::cast_sign_loss)]
    // a choice, not a proof
    pub fn new(problem: &Rooted, ratio: f64, shares: &[f64]) -> Self {
        let budget = if let Goal::MostPrize { budget } = problem.goal { budget } else { 0 };
        let terminals = problem.all_nodes().filter(|&node| problem.is_terminal(node)).count();
        let costs = problem.cost.iter().sum::<i64>() as f64;
        let sum =
            costs * (1.0 + shares.iter().sum::<f64>()) + (terminals as f64 + 1.0) * budget as f64;
        let prizes = problem.open_prize().max(1) as f64;
        let most = (ROOM as f64 / sum.max(1.0)).min(ROOM as f64 / (prizes * ratio)).max(1.0);
        let cost = most.log2().floor().exp2().min(1e12) as i64;
        let prize =
            ((ratio * cost as f64).round() as i64).clamp(1, (ROOM as f64 / prizes).max(1.0) as i64);
        let sides: Vec<i64> =
            shares.iter().map(|share| (share * cost as f64).round() as i64).collect();
        // The slopes of all sides together stay within the multiplier of cost.
        let total = sides.iter().sum::<i64>().max(cost);
        let slope = |&side: &i64| {
            let slope = i128::from(side) * i128::from(cost) / i128::from(total);
            i64::try_from(slope).unwrap_or(0).min(side)
        };
        let slopes = sides.iter().map(slope).collect();
        Self { price: Price { cost, prize }, sides, slopes, charge: 0 }
    }

    /// The same multipliers where each unit of cost takes off so much prize. That of cost is no less than
    /// what it takes off: for a tree within the budget `B`, `M (prize - charge cost)` is at most
    /// `M prize - S cost + (S - M charge) B`.
    #[must_use]
    pub fn charged(mut self, charge: i64) -> Self {
        let Price { cost, prize } = &mut self.price;
        if charge > 0 {
            *cost = (*cost).max(charge);
            *prize = (*prize).min(*cost / charge);
        }
        Self { charge, ..self }
    }

    /// The potential of a node of the first problem, for one side.
    fn potential(&self, side: usize, sides: &[Side], name: u32) -> i64 {
        let distance = sides[side].distance[name as usize];
        if self.slopes[side] == 0 || distance == FAR { 0 } else { self.slopes[side] * distance }
    }

    /// What holding a terminal gives back.
    fn back(&self, sides: &[Side], name: u32) -> i64 {
        (0..self.sides.len())
            .filter(|&side| sides[side].exempt[name as usize])
            .map(|side| self.potential(side, sides, name))
            .sum()
    }

    /// A dual ascent on the prices of arcs and terminals under these multipliers. O(edges) besides the
    /// ascent itself.
    pub fn ascend(
        &self,
        problem: &Rooted,
        sides: &[Side],
        settings: AscentSettings,
        scratch: &mut AscentScratch,
    ) -> Ascent {
        let mut ascent = Ascent::start(problem, self.price);
        let rows = &problem.rows;
        for node in problem.all_nodes() {
            let to = problem.node_name[node as usize];
            if !problem.required[node as usize] {
                ascent.left[node as usize] += self.back(sides, to);
            }
            for place in rows.row(node) {
                let from = problem.node_name[rows.neighbour(place) as usize];
                let edge = rows.edge(place);
                let name = problem.edge_name[edge as usize] as usize;
                let cost = problem.cost[edge as usize];
                for side in 0..self.sides.len() {
                    let whole = self.sides[side] * cost;
                    let rise = self.potential(side, sides, to) - self.potential(side, sides, from);
                    ascent.reduced[place] += match sides[side].counts[name] {
                        Counts::Always => whole,
                        Counts::Never => 0,
                        Counts::Unshared => whole.min(rise),
                    };
                }
                debug_assert!(ascent.reduced[place] >= 0, "an arc has a negative price");
            }
        }
        ascent.rise(problem, settings, scratch);
        ascent
    }

    /// Twice the multipliers' side of the bound: what money and prizes come to, less `lower`.
    fn surplus(&self, problem: &Rooted, sides: &[Side], lower: i64) -> i128 {
        let Goal::MostPrize { budget } = problem.goal else { return 0 };
        let limits: i128 = (self.sides.iter().zip(sides))
            .map(|(&multiplier, side)| i128::from(multiplier) * i128::from(side.limit))
            .sum();
        let back: i128 =
            problem.node_name.iter().map(|&name| i128::from(self.back(sides, name))).sum();
        let money =
            i128::from(self.price.cost) - i128::from(self.price.prize) * i128::from(self.charge);
        money * i128::from(budget) + limits + back - i128::from(lower)
    }

    /// No tree within budget and side limits has more prize, less what its cost takes off, than this.
    pub fn bound(&self, problem: &Rooted, sides: &[Side], lower: i64) -> i64 {
        let open = i128::from(problem.open_prize());
        let spare = self.surplus(problem, sides, lower).div_euclid(i128::from(self.price.prize));
        i64::try_from((open + spare).min(open)).unwrap_or(i64::MIN)
    }

    /// How much reduced cost a tree of such a value of `target` or more can bear; negative: there is none.
    pub fn slack(&self, problem: &Rooted, sides: &[Side], lower: i64, target: i64) -> i64 {
        let more = i128::from(problem.open_prize()) - i128::from(target);
        let slack = self.surplus(problem, sides, lower) + i128::from(self.price.prize) * more;
        i64::try_from(slack).unwrap_or(if slack > 0 { i64::MAX - 1 } else { -1 })
    }
}
