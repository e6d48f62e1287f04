//! The search for the best ratio of prices: a bracket, narrowed by where the pruned trees lie.

use crate::engine::Goal;
use crate::engine::rooted::{Rooted, Tree};

/// A bracket around the best ratio, with the terminals that the trees at its ends hold.
pub(crate) struct Ratios {
    low: Option<(f64, Vec<u32>)>,
    high: Option<(f64, Vec<u32>)>,
    step: f64,
    /// The ratio to try next.
    pub next: f64,
}

impl Ratios {
    /// Begins at a ratio; until there is a bracket, the next is `step` times as large or small.
    pub fn new(first: f64, step: f64) -> Self {
        Self { low: None, high: None, step, next: first }
    }

    /// Notes whether the tree at the ratio just tried holds too much, and sets the next ratio. False
    /// when there is nothing more to learn. `held` names the terminals of that tree, sorted.
    pub fn learn(&mut self, goal: Goal, cost: i64, prize: i64, held: Vec<u32>) -> bool {
        let too_much = match goal {
            Goal::MostPrize { budget } => cost > budget,
            Goal::LeastCost { at_least } => prize >= at_least,
            Goal::LeastLoss => return false,
        };
        let end = Some((self.next, held));
        if too_much {
            self.high = end;
        } else {
            self.low = end;
        }
        self.next = match (&self.low, &self.high) {
            (Some((low, _)), Some((high, _))) => (low * high).sqrt(),
            (Some((low, _)), None) => low * self.step,
            (None, Some((high, _))) => high / self.step,
            (None, None) => self.next,
        };
        self.step *= self.step;
        match (&self.low, &self.high) {
            (Some((low, _)), Some((high, _))) => high / low > 1.005,
            _ => true,
        }
    }

    /// Names of terminals that only one of the trees at the ends of the bracket holds: the budget or
    /// quota lies among them.
    pub fn oscillating(&self) -> Vec<u32> {
        let (Some((_, low)), Some((_, high))) = (&self.low, &self.high) else { return Vec::new() };
        let missing = |one: &[u32], other: &[u32]| -> Vec<u32> {
            one.iter().copied().filter(|name| other.binary_search(name).is_err()).collect()
        };
        let mut oscillating = missing(low, high);
        oscillating.extend(missing(high, low));
        oscillating
    }
}

/// Names of the terminals a tree holds, sorted.
pub(super) fn terminals(problem: &Rooted, tree: &Tree) -> Vec<u32> {
    let mut names: Vec<u32> = tree
        .edges
        .iter()
        .flat_map(|&edge| problem.ends[edge as usize])
        .filter(|&node| problem.prize[node as usize] > 0)
        .map(|node| problem.node_name[node as usize])
        .collect();
    names.sort_unstable();
    names.dedup();
    names
}
