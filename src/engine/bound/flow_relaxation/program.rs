//! The linear program of one part of a problem, in rows and columns by place.

use std::collections::BTreeSet;

use super::arc_set::ArcSet;
use crate::engine::Goal;
use crate::engine::bound::{Counts, SideLimit};
use crate::engine::rooted::Rooted;

/// No terminal.
pub(super) const NO_TERMINAL: u32 = u32::MAX;
/// Flows are handled so many at a time.
pub(super) const LANES: usize = 8;
/// What the budget comes to in scaled costs.
const SCALED_BUDGET: f32 = 10.0;

/// What all parts have in common.
pub(super) struct Terms {
    /// Terminals by name, in order.
    pub terminals: Vec<u32>,
    /// Nodes and edges of the first part by name, in order; what is remembered stands at their places.
    pub nodes: Vec<u32>,
    pub edges: Vec<u32>,
    pub sides: Vec<SideLimit>,
    /// How much prize a unit of cost takes off.
    pub charge: i64,
    pub scale: Scale,
}

/// What one of the scaled costs and prizes, with which the method works best, is in those of the problem.
#[derive(Clone, Copy)]
pub(super) struct Scale {
    pub cost: f32,
    pub prize: f32,
}

impl Scale {
    /// So that a mean prize is one and the budget ten.
    #[allow(clippy::cast_precision_loss)] // a choice, not a proof
    pub fn of(part: &Rooted, budget: i64, terminals: usize) -> Self {
        let open = part.open_prize().max(1) as f32;
        Self { cost: budget.max(1) as f32 / SCALED_BUDGET, prize: open / terminals.max(1) as f32 }
    }
}

/// The program: maximise the prizes of terminals and nodes reached.
pub struct FlowProgram<'a> {
    pub(super) part: &'a Rooted,
    pub(super) names: Names,
    pub(super) arcs: Vec<Arc>,
    pub(super) sides: Vec<SideRow>,
    /// For each kept edge, the arcs that stand for it.
    pub(super) kept: Vec<[Option<usize>; 2]>,
    pub(super) charge: i64,
    pub(super) budget: i64,
    pub(super) scale: Scale,
    pub(super) values: Values,
}

/// What the places of a program stand for in the first part.
pub(super) struct Names {
    /// Terminals of the part, by their place among all.
    pub terminals: Vec<usize>,
    /// Terminals, rounded up to whole lanes.
    pub width: usize,
    pub arcs: Vec<usize>,
    pub nodes: Vec<usize>,
    pub kept: Vec<usize>,
}

/// A directed edge of the part; none leads to the root or out of a terminal.
pub(super) struct Arc {
    pub tail: usize,
    pub head: usize,
    pub edge: u32,
    pub cost: i64,
    /// The place of the terminal it leads to, or [`NO_TERMINAL`].
    pub terminal: u32,
}

/// A side limit.
pub(super) struct SideRow {
    pub limit: i64,
    pub counts: Vec<Counts>,
    /// Whether exempt terminals may use the arc.
    pub is_shareable: Vec<bool>,
}

/// Where the primal-dual method stands.
#[derive(Clone)]
pub struct Values {
    /// By arc: how much of it is built.
    pub built: Vec<f32>,
    /// By arc and terminal: flow, and the price of what is built for it.
    pub flow: Vec<f32>,
    pub capacity: Vec<f32>,
    /// By node and terminal: price of the balance of flow.
    pub potential: Vec<f32>,
    /// By node: price of the leaf rule.
    pub leaf: Vec<f32>,
    /// By kept edge: price of holding it.
    pub kept: Vec<f32>,
    /// Price of the budget.
    pub money: f32,
    pub sides: Vec<SideValues>,
}

/// The same for a side limit.
#[derive(Clone)]
pub struct SideValues {
    /// By arc: how much of it exempt terminals use.
    pub shared: Vec<f32>,
    /// By arc: price of that being no more than is built.
    pub excess: Vec<f32>,
    /// By node: price of what is used leading on.
    pub potential: Vec<f32>,
    /// Price of the limit.
    pub money: f32,
}

impl<'a> FlowProgram<'a> {
    pub(super) fn new(
        terms: &Terms,
        part: &'a Rooted,
        barred: &ArcSet,
        kept: &BTreeSet<u32>,
    ) -> Option<Self> {
        let Goal::MostPrize { budget } = part.goal else { return None };
        let mut terminal_at = vec![NO_TERMINAL; part.nodes()];
        let mut terminals = Vec::new();
        for (place, &name) in terms.terminals.iter().enumerate() {
            if let Some(node) = part.node_named(name) {
                terminal_at[node as usize] = u32::try_from(terminals.len()).ok()?;
                terminals.push(place);
            }
        }
        let is_terminal = |node: u32| terminal_at[node as usize] != NO_TERMINAL;
        let (mut arcs, mut arc_names) = (Vec::new(), Vec::new());
        for (edge, &[u, v]) in (0_u32..).zip(&part.ends) {
            let place = terms.edges.binary_search(&part.edge_name[edge as usize]).ok()?;
            for (direction, tail, head) in [(0, u, v), (1, v, u)] {
                let name = 2 * place + direction;
                if head == part.root || is_terminal(tail) || barred.holds(name) {
                    continue;
                }
                arcs.push(Arc {
                    tail: tail as usize,
                    head: head as usize,
                    edge,
                    cost: part.cost[edge as usize],
                    terminal: terminal_at[head as usize],
                });
                arc_names.push(name);
            }
        }
        let sides = terms.sides.iter().map(|side| {
            let name = |arc: &Arc| part.edge_name[arc.edge as usize] as usize;
            let is_exempt = |node: usize| side.exempt[part.node_name[node] as usize];
            SideRow {
                limit: side.limit,
                counts: arcs.iter().map(|arc| side.counts[name(arc)]).collect(),
                is_shareable: arcs
                    .iter()
                    .map(|arc| arc.terminal == NO_TERMINAL || is_exempt(arc.head))
                    .collect(),
            }
        });
        let sides: Vec<SideRow> = sides.collect();
        let mut kept_arcs = Vec::new();
        for &name in kept {
            let edge = part.edge_named(name)?;
            let mut own = (0..arcs.len()).filter(|&arc| arcs[arc].edge == edge);
            kept_arcs.push([Some(own.next()?), own.next()]);
        }
        let names = Names {
            width: terminals.len().div_ceil(LANES) * LANES,
            terminals,
            arcs: arc_names,
            nodes: places_of(&part.node_name, &terms.nodes)?,
            kept: places_of(kept, &terms.edges)?,
        };
        let values = Values::new(&names, sides.len());
        let Terms { charge, scale, .. } = *terms;
        Some(Self { part, names, arcs, sides, kept: kept_arcs, charge, budget, scale, values })
    }

    /// The arcs, each a place in what [`DualBound`](super::DualBound) tells of arcs.
    pub fn arcs(&self) -> usize {
        self.arcs.len()
    }

    /// The place of an arc in the first part, as an [`ArcSet`] holds it.
    pub fn arc_name(&self, arc: usize) -> usize {
        self.names.arcs[arc]
    }

    /// By edge of the part: whether it is an arc that is not barred, in either direction.
    pub fn edges_outside(&self, barred: &ArcSet) -> Vec<bool> {
        let mut left = vec![false; self.part.edges()];
        for (arc, &name) in self.arcs.iter().zip(&self.names.arcs) {
            left[arc.edge as usize] |= !barred.holds(name);
        }
        left
    }

    /// How many flows there are: what an iteration has to look at.
    pub fn flows(&self) -> usize {
        self.arcs.len() * self.names.width
    }

    /// Where the method stands, for [`FlowProgram::bound_along`].
    pub fn values(&self) -> Values {
        self.values.clone()
    }

    /// By edge of the part: how much of it is built, in either direction.
    pub fn built(&self) -> Vec<f32> {
        let mut built = vec![0.0; self.part.edges()];
        for (arc, &own) in self.arcs.iter().zip(&self.values.built) {
            built[arc.edge as usize] += own;
        }
        built
    }

    /// What a unit of cost is worth in units of prize at the present price of money, roughly.
    pub fn worth_of_cost(&self) -> f32 {
        self.values.money / self.scale.cost * self.scale.prize
    }
}

/// The places of names in a list of names in order.
fn places_of<'a>(names: impl IntoIterator<Item = &'a u32>, among: &[u32]) -> Option<Vec<usize>> {
    names.into_iter().map(|name| among.binary_search(name).ok()).collect()
}

impl Values {
    /// The prices that lead from earlier ones to these, so many times over.
    pub(super) fn direction(&self, before: &Self, times: f32) -> Self {
        let mut values = self.clone();
        let away = |own: &mut [f32], before: &[f32], least: f32| {
            for (own, before) in own.iter_mut().zip(before) {
                *own = ((*own - before) * times).max(least);
            }
        };
        away(&mut values.potential, &before.potential, f32::MIN);
        away(&mut values.leaf, &before.leaf, 0.0);
        values.money = ((values.money - before.money) * times).max(0.0);
        for (own, before) in values.sides.iter_mut().zip(&before.sides) {
            away(&mut own.potential, &before.potential, 0.0);
            own.money = ((own.money - before.money) * times).max(0.0);
        }
        values
    }

    fn new(names: &Names, sides: usize) -> Self {
        let (arcs, nodes) = (names.arcs.len(), names.nodes.len());
        let side = || SideValues {
            shared: vec![0.0; arcs],
            excess: vec![0.0; arcs],
            potential: vec![0.0; nodes],
            money: 0.0,
        };
        Self {
            built: vec![0.0; arcs],
            flow: vec![0.0; arcs * names.width],
            capacity: vec![0.0; arcs * names.width],
            potential: vec![0.0; nodes * names.width],
            leaf: vec![0.0; nodes],
            kept: vec![0.0; names.kept.len()],
            money: 0.0,
            sides: (0..sides).map(|_| side()).collect(),
        }
    }
}
