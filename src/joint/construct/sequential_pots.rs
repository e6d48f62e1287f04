//! One pot after the other: each plans for its own buildings, over what the ones before have built.
//!
//! What for: a start that no pot need be relieved in, since each pays for what it planned; good where a
//! narrow pot's trenches carry the buildings of a wide one. In: an order of pots. Out: the trees of all
//! pots as one, which the pots can mostly pay.

use crate::engine::{Goal, Instance, Solution};
use crate::joint::funding_oracle::FundingOracle;
use crate::joint::problem::JointProblem;

/// What the pots so far have built.
#[derive(Clone)]
pub struct SequentialPots<'a> {
    problem: &'a JointProblem<'a>,
    built: Vec<bool>,
}

impl<'a> SequentialPots<'a> {
    /// Begins with nothing built.
    pub fn new(problem: &'a JointProblem<'a>) -> Self {
        Self { problem, built: vec![false; problem.instance.edges.len()] }
    }

    /// The instance of a pot whose turn it is: most prize of the buildings it may pay for, for its own
    /// money; what is built costs nothing, what it may not pay for is closed to it.
    pub fn instance_for(&self, oracle: &FundingOracle, pot: usize) -> Instance {
        let mut instance = self.problem.instance.clone();
        let money = oracle.money(pot);
        instance.goal = Goal::MostPrize { budget: money };
        for (place, edge) in instance.edges.iter_mut().enumerate() {
            if self.built[place] {
                edge.cost = 0;
            } else if edge.cost > 0 && !oracle.pays(pot, self.problem.kinds[place]) {
                edge.cost = edge.cost.max(money.saturating_add(1));
            }
        }
        for building in self.problem.buildings() {
            let place = building as usize;
            if !self.problem.payers(building).holds(pot) {
                instance.prizes[place] = 0;
            }
            // Whoever is required may have to wait for another pot's turn.
            if instance.demands[place] == crate::engine::Demand::Required {
                instance.demands[place] = crate::engine::Demand::Optional;
            }
        }
        instance
    }

    /// Takes in what a turn builds.
    pub fn build(&mut self, solution: &Solution) {
        for &edge in &solution.edges {
            self.built[edge as usize] = true;
        }
    }

    /// Everything built.
    pub fn tree(&self) -> Solution {
        let edges = self.built.iter().zip(0_u32..).filter(|(built, _)| **built);
        Solution { nodes: Vec::new(), edges: edges.map(|(_, edge)| edge).collect() }
    }
}

/// Up to this many pots take turns in every order.
const MOST_ORDERED: usize = 3;

/// The orders in which pots take turns, those that begin alike next to each other: for few pots all of them,
/// else the narrowest first, the given order, and both the other way round.
pub fn orders(problem: &JointProblem<'_>, pots: usize) -> Vec<Vec<usize>> {
    let narrowest = narrowest_first(problem, pots);
    if pots > MOST_ORDERED {
        let given: Vec<usize> = (0..pots).collect();
        let reversed = |order: &[usize]| order.iter().rev().copied().collect();
        let mut orders = vec![reversed(&narrowest), reversed(&given), given, narrowest];
        orders.reverse();
        let mut known = Vec::new();
        orders.retain(|order| {
            !known.contains(order) && {
                known.push(order.clone());
                true
            }
        });
        return orders;
    }
    let mut orders = vec![Vec::new()];
    for _ in 0..pots {
        let longer = |order: Vec<usize>| {
            let free = narrowest.iter().copied().filter(|pot| !order.contains(pot));
            free.map(|pot| [order.as_slice(), &[pot]].concat()).collect::<Vec<_>>()
        };
        orders = orders.into_iter().flat_map(longer).collect();
    }
    orders
}

/// How many turns some orders have in all, where those that begin alike share them.
pub fn turns(orders: &[Vec<usize>]) -> u32 {
    let mut last: &[usize] = &[];
    let mut turns = 0;
    for order in orders {
        turns += (alike(order, last)..order.len()).map(|_| 1).sum::<u32>();
        last = order;
    }
    turns
}

/// How many pots two orders have in common at the start.
pub fn alike(one: &[usize], other: &[usize]) -> usize {
    one.iter().zip(other).take_while(|(one, other)| one == other).count()
}

/// The pots, the one that fewest buildings may turn to first.
fn narrowest_first(problem: &JointProblem<'_>, pots: usize) -> Vec<usize> {
    let mut order: Vec<usize> = (0..pots).collect();
    let open = |pot: usize| {
        problem.buildings().filter(|&building| problem.payers(building).holds(pot)).count()
    };
    order.sort_by_key(|&pot| open(pot));
    order
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn orders_that_begin_alike_share_turns() {
        let orders = [vec![0, 1, 2], vec![0, 2, 1], vec![1, 0, 2], vec![1, 2, 0], vec![2, 0, 1]];
        assert_eq!(turns(&orders), 3 + 2 + 3 + 2 + 3);
        assert_eq!(alike(&[0, 1, 2], &[0, 2, 1]), 1);
        assert_eq!(turns(&[]), 0);
    }
}
