//! Bounds from a linear relaxation: one flow for each terminal, side limits with free potentials.
//!
//! What for: where money cannot move between pots, potentials measured from a few trees leave a wide gap;
//! here every node has its own. In: parts of one rooted problem whose terminals are leaves, and its side
//! limits. Out: a valid bound in whole numbers, what it fixes, and a fractional tree to branch on and to
//! guide heuristics. It knows neither pots nor who pays.
//!
//! Method: the multi-commodity flow formulation of the Steiner arborescence (Wong 1984), where a flow of the
//! amount `y_b` leads to each terminal `b` and no flow exceeds what is built of an arc. Added are the leaf
//! rule (what enters a node without terminal leaves it again) and, for each side limit, how much of an arc is
//! used by exempt terminals, which leads on likewise. It is solved to moderate accuracy by the primal-dual
//! hybrid gradient method (Chambolle, Pock 2011) with diagonal steps (Pock, Chambolle 2011) in single
//! precision, from where the last part of the problem left off. What that gives are multipliers, good or bad;
//! rounded to whole numbers they give a bound by weak duality, computed exactly (see [`dual_bound`]).

mod arc_set;
mod ascent_bound;
mod dual_bound;
mod memory;
mod primal_dual;
mod program;
#[cfg(test)]
mod tests;
mod whole_prices;

pub use arc_set::ArcSet;
pub use program::FlowProgram;

use std::collections::BTreeSet;

use super::SideLimit;
use crate::engine::Goal;
use crate::engine::rooted::Rooted;
#[cfg(test)]
use dual_bound::DualBound;
use memory::Memory;
use program::{Scale, Terms};

/// Flows on arcs that are worth the effort: arcs times terminals of the first part.
const MOST_FLOWS: usize = 1_500_000;
/// Terminals and side limits for which sums surely fit.
const MOST_TERMINALS: usize = 512;
const MOST_SIDES: usize = 8;

/// The relaxation of one problem, with what was learnt from the parts looked at so far.
pub struct FlowRelaxation {
    terms: Terms,
    memory: Memory,
    /// What to begin with again where prices ran away.
    backup: Option<Memory>,
}

impl FlowRelaxation {
    /// The relaxation of parts of a first one whose terminals, leaves with a prize, are given by name, in order;
    /// `None` where it is no such problem, or too large.
    pub fn new(part: &Rooted, terminals: Vec<u32>, charge: i64) -> Option<Self> {
        let is_leaf = |&name: &u32| {
            part.node_named(name)
                .is_none_or(|node| node != part.root && part.rows.degree(node) == 1)
        };
        let mut required = part.all_nodes().filter(|&node| part.required[node as usize]);
        let Goal::MostPrize { budget } = part.goal else { return None };
        let costs = part.cost.iter().map(|&cost| i128::from(cost)).sum();
        let fits = terminals.len() <= MOST_TERMINALS
            && 2 * part.edges() * terminals.len() <= MOST_FLOWS
            && terminals.iter().all(is_leaf)
            && whole_prices::fits(part.open_prize(), costs, charge)
            && required.all(|node| {
                node == part.root || terminals.binary_search(&part.node_name[node as usize]).is_ok()
            });
        let memory = fits.then(|| Memory::new(part.size(), terminals.len()))?;
        let scale = Scale::of(part, budget, terminals.len());
        let (nodes, edges) = (part.node_name.clone(), part.edge_name.clone());
        let terms = Terms { terminals, nodes, edges, sides: Vec::new(), charge, scale };
        Some(Self { terms, memory, backup: None })
    }

    /// No arc of the first part.
    pub fn no_arcs(&self) -> ArcSet {
        ArcSet::new(self.terms.edges.len())
    }

    /// Takes in a side limit, unless there are too many.
    pub fn add_side(&mut self, side: SideLimit) {
        if self.terms.sides.len() < MOST_SIDES {
            self.terms.sides.push(side);
            self.memory.add_side();
        }
    }

    /// The linear program of a part in which some arcs are barred and some edges, by name, must be held;
    /// `None` where no tree of it does so.
    pub fn program<'a>(
        &self,
        part: &'a Rooted,
        barred: &ArcSet,
        kept: &BTreeSet<u32>,
    ) -> Option<FlowProgram<'a>> {
        let mut program = FlowProgram::new(&self.terms, part, barred, kept)?;
        self.memory.recall(&mut program);
        Some(program)
    }

    /// The same, at the better of what was remembered last and what was kept.
    pub fn program_anew<'a>(
        &self,
        part: &'a Rooted,
        barred: &ArcSet,
        kept: &BTreeSet<u32>,
    ) -> Option<FlowProgram<'a>> {
        let mut program = self.program(part, barred, kept)?;
        let Some(backup) = self.backup.as_ref().filter(|backup| backup.suits(&self.memory)) else {
            return Some(program);
        };
        let last = program.bound()?.bound();
        backup.recall(&mut program);
        if program.bound()?.bound() > last {
            self.memory.recall(&mut program);
        }
        Some(program)
    }

    /// Keeps what is remembered now, to be returned to.
    pub fn keep(&mut self) {
        self.backup = Some(self.memory.clone());
    }

    /// Forgets what came since the last keeping.
    pub fn restart(&mut self) {
        if let Some(backup) = self.backup.as_ref().filter(|backup| backup.suits(&self.memory)) {
            self.memory.clone_from(backup);
        }
    }

    /// Remembers where a program got to.
    pub fn remember(&mut self, program: &FlowProgram<'_>) {
        self.memory.remember(program);
    }
}
