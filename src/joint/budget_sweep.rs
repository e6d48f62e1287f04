//! Many budgets over one terrain: each plan begins with that of the budget before.
//!
//! In: a terrain, and for each budget, least first, a purse and the engine's tree. Out: a payable forest for
//! each. A plan for less money is one for more, so that what is found never falls.

use super::construct::insertion::Reach;
use super::forest::Forest;
use super::funding_oracle::Purse;
use super::improve::{Improving, fill, improve, pair_up, work_per_round};
use super::problem::Terrain;
use super::progress::{Listener, Shown};
use super::repair::funding::lean;
use crate::effort::Effort;
use crate::engine::{Demand, Solution};
use crate::observe::Observer;

/// Rounds of improvement at each budget, by building.
const ROUNDS_PER_BUILDING: u64 = 2;

/// Improves a payable forest within an effort.
pub fn polish(
    terrain: &Terrain<'_>,
    purse: &dyn Purse,
    forest: Forest,
    effort: &Effort,
    observer: &mut dyn Observer,
) -> Forest {
    let work_per_round = work_per_round(terrain);
    let rounds = ROUNDS_PER_BUILDING * terrain.buildings().count() as u64;
    let limits = Improving {
        rounds: rounds.min(effort.work.unwrap_or(u64::MAX) / work_per_round),
        work_per_round,
        seed: effort.seed,
        ceiling: i64::MAX,
    };
    let listener = Listener::new(effort.start(), observer, Shown::Nothing);
    improve(terrain, purse, forest, &limits, &listener)
}

/// A sweep over budgets from least to most.
pub struct Sweep {
    best: Option<Forest>,
    nested: bool,
    seed: u64,
}

/// How hard to try at one budget.
pub struct Swept<'a> {
    /// The engine's tree for the merged pot.
    pub tree: Option<&'a Solution>,
    /// Prize that cannot be beaten, and one that is near enough.
    pub ceiling: i64,
    pub enough: i64,
    /// How long to improve.
    pub effort: Effort,
}

impl Sweep {
    /// Begins with no plan. `nested`: each plan keeps all that the one before connects and builds.
    pub fn new(nested: bool, seed: u64) -> Self {
        Self { best: None, nested, seed }
    }

    /// A payable forest for the terrain's budget, which is no less than at the call before.
    pub fn next(
        &mut self,
        terrain: &Terrain<'_>,
        purse: &dyn Purse,
        swept: &Swept<'_>,
        observer: &mut dyn Observer,
    ) -> Option<&Forest> {
        let listener = Listener::new(swept.effort.start(), observer, Shown::Nothing);
        let before = self.best.take().filter(|forest| purse.affords(terrain, forest));
        let mut found = before.clone();
        let mut reach = Reach::new(terrain.instance.nodes());
        if let Some(forest) = &mut found {
            let prize = |leaf: u32| terrain.instance.prizes[leaf as usize];
            fill(terrain, purse, forest, &mut reach, &mut { prize }, &listener);
            pair_up(terrain, purse, forest, &listener);
        }
        if !self.nested || found.is_none() {
            let leaned = swept.tree.and_then(|tree| lean(terrain, purse, tree, &listener));
            found = [found, leaned].into_iter().flatten().max_by_key(|forest| terrain.rank(forest));
        }
        if let Some(forest) = found.take_if(|forest| forest.prize < swept.enough) {
            let kept = before.filter(|_| self.nested);
            found = Some(self.improved(terrain, purse, forest, kept.as_ref(), swept, &listener));
        }
        self.best = found;
        self.best.as_ref()
    }

    /// Takes a better forest for the budget of the last call, found elsewhere.
    pub fn take(&mut self, forest: Forest) {
        if !self.nested && self.best.as_ref().is_none_or(|best| forest.prize > best.prize) {
            self.best = Some(forest);
        }
    }

    fn improved(
        &mut self,
        terrain: &Terrain<'_>,
        purse: &dyn Purse,
        forest: Forest,
        kept: Option<&Forest>,
        swept: &Swept<'_>,
        listener: &Listener<'_>,
    ) -> Forest {
        let work_per_round = work_per_round(terrain);
        let rounds = ROUNDS_PER_BUILDING * terrain.buildings().count() as u64;
        self.seed = self.seed.wrapping_add(1);
        let limits = Improving {
            rounds: rounds.min(swept.effort.work.unwrap_or(u64::MAX) / work_per_round),
            work_per_round,
            seed: self.seed,
            ceiling: swept.ceiling.min(swept.enough),
        };
        let Some(kept) = kept else {
            return improve(terrain, purse, forest, &limits, listener);
        };
        // What the plan before connects stays: it is required of the instance that is searched.
        let mut instance = terrain.instance.clone();
        for &leaf in &kept.held {
            instance.demands[leaf as usize] = Demand::Required;
        }
        let terrain = terrain.over(&instance);
        improve(&terrain, purse, forest, &limits, listener)
    }
}
