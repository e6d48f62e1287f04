//! The bound that prices give, in whole numbers.
//!
//! Method: prices are rounded to whole parts of a unit of prize; any prices will do. A flow of the amount of
//! a terminal `b` costs its potential there at most what its arcs rise by, `y_b pi_b <= sum x_a
//! max(0, pi_w - pi_u)` over arcs `a = (u, w)`; the leaf rule gives `sum x_a (nu_u - nu_w) >= 0`; and of what
//! exempt terminals use, `sum z_a (mu_u - mu_w) >= 0` with `0 <= z_a <= x_a`. Added to the prizes with the
//! budget and the side limits at their prices, that leaves `sum x_a g_a` and constants. A tree enters each
//! node over one arc at most, so it is worth no more than the constants and the largest gain `g_a` into each
//! node that gains, or that must be held. What the largest gain exceeds that of an arc by is what the bound
//! loses where a tree holds the arc: so arcs and terminals are fixed.

use super::program::{FlowProgram, Values};
use super::whole_prices::WholePrices;

/// A bound, and what it loses by each decision.
pub struct DualBound {
    /// In parts of a unit of prize.
    total: i128,
    parts: i128,
    /// By arc: loss where a tree holds it.
    loss_with: Vec<i64>,
    /// By node of the part: loss where it is not held.
    loss_without: Vec<i64>,
}

impl DualBound {
    /// No tree of the part has more prize, less what its cost takes off, than this.
    pub fn bound(&self) -> i64 {
        // What 64 bits cannot count is no bound.
        i64::try_from(self.total.div_euclid(self.parts)).unwrap_or(i64::MAX)
    }

    /// How much may be lost where a tree is worth `target` or more; negative: there is none.
    fn slack(&self, target: i64) -> i128 {
        self.total - self.parts * i128::from(target)
    }

    /// Whether no tree that is worth `target` or more holds an arc.
    pub fn is_barred(&self, arc: usize, target: i64) -> bool {
        i128::from(self.loss_with[arc]) > self.slack(target)
    }

    /// Whether each tree that is worth `target` or more holds a node of the part.
    pub fn is_demanded(&self, node: u32, target: i64) -> bool {
        i128::from(self.loss_without[node as usize]) > self.slack(target)
    }
}

/// Times by which all prices are raised, one after the other.
const RAISED: [i64; 3] = [4, 4, 4];

/// So many times as far as prices went in a round.
const FURTHER: f32 = 8.0;

/// Nothing enters a node.
const NONE: i64 = i64::MIN;

/// Gains of arcs at some prices of money, and the largest into each node.
struct Gains {
    of: Vec<i64>,
    best: Vec<i64>,
}

impl FlowProgram<'_> {
    /// The bound at the present prices, with the prices of money set as best they can be for the others;
    /// `None` where the part holds no tree.
    pub fn bound(&self) -> Option<DualBound> {
        let mut prices = WholePrices::of(self);
        let mut gains = Gains { of: vec![0; self.arcs.len()], best: vec![NONE; self.part.nodes()] };
        let mut total = self.total(&prices, &mut gains)?;
        let mut step = 0.03;
        for _ in 0..6 {
            for place in 0..=self.sides.len() {
                for factor in [1.0 + step, 1.0 / (1.0 + step)] {
                    while let Some(other) = prices.with_money(place, factor)
                        && let Some(lower) =
                            self.total(&other, &mut gains).filter(|&own| own < total)
                    {
                        (prices, total) = (other, lower);
                    }
                }
            }
            step /= 2.0;
        }
        // Where a part holds no tree, or next to none, higher prices say so soonest.
        for times in RAISED {
            if let Some(other) = prices.raised(times)
                && let Some(raised) = self.total(&other, &mut gains)
                && raised * i128::from(prices.parts) < total * i128::from(other.parts)
            {
                (prices, total) = (other, raised);
            }
        }
        let total = self.total(&prices, &mut gains)?;
        let terminal = |node: usize| self.part.required[node];
        let loss_without =
            |(node, &best): (usize, &i64)| if terminal(node) { 0 } else { best.max(0) };
        let mut loss_with: Vec<i64> =
            (0..self.arcs.len()).map(|arc| self.loss_with(arc, &gains)).collect();
        for own in &self.kept {
            // One of the two is counted already.
            let counted = own.iter().flatten().map(|&arc| loss_with[arc]).min()?;
            for &arc in own.iter().flatten() {
                loss_with[arc] -= counted;
            }
        }
        Some(DualBound {
            total,
            parts: i128::from(prices.parts),
            loss_with,
            loss_without: gains.best.iter().enumerate().map(loss_without).collect(),
        })
    }

    /// The bound at where prices have been going since they had other values: where a part holds no tree they run
    /// away, and their direction shows it (Applegate and others 2024).
    pub fn bound_along(&mut self, before: &Values) -> Option<DualBound> {
        let direction = self.values.direction(before, FURTHER);
        let values = std::mem::replace(&mut self.values, direction);
        let proven = self.bound();
        self.values = values;
        proven
    }

    /// What the bound loses where a tree holds an arc.
    fn loss_with(&self, arc: usize, gains: &Gains) -> i64 {
        let head = self.arcs[arc].head;
        let best = gains.best[head];
        let best = if self.part.required[head] { best } else { best.max(0) };
        best - gains.of[arc]
    }

    /// The bound at some prices, in their parts; `None` where something required cannot be reached.
    fn total(&self, prices: &WholePrices, gains: &mut Gains) -> Option<i128> {
        gains.best.fill(NONE);
        for (place, arc) in self.arcs.iter().enumerate() {
            let gain = prices.gain(self, place);
            gains.of[place] = gain;
            let best = &mut gains.best[arc.head];
            *best = gain.max(*best);
        }
        let mut total = i128::from(prices.money) * i128::from(self.budget);
        for (price, side) in prices.sides.iter().zip(&self.sides) {
            total += i128::from(price.money) * i128::from(side.limit);
        }
        for node in self.part.all_nodes().filter(|&node| node != self.part.root) {
            let best = gains.best[node as usize];
            if !self.part.required[node as usize] {
                total += i128::from(best.max(0));
            } else if best == NONE {
                return None;
            } else {
                total += i128::from(best);
            }
        }
        // Each kept edge is held in one direction; different ones enter different nodes.
        for own in &self.kept {
            let losses = own.iter().flatten().map(|&arc| self.loss_with(arc, gains));
            total -= i128::from(losses.min()?);
        }
        Some(total)
    }
}
