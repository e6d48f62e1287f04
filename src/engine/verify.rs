//! The engine's independent judge: is this tree an answer, and what is it worth?
//!
//! What for: every outcome is verified before it is returned, and by tests and examples after. In: the
//! original [`Instance`] and a [`Solution`] or [`Outcome`]. Out: the objective recomputed from the
//! instance, or the first [`Flaw`]. It shares no code with the search and trusts no sum made there.

use std::collections::VecDeque;

use thiserror::Error;

use super::Outcome;
use super::instance::{Demand, Goal, Instance, Solution};
use crate::status::Status;

/// Why a solution is not an answer, or an outcome claims what does not hold.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Error)]
#[non_exhaustive]
pub enum Flaw {
    /// Nodes or edges are not in strictly rising order.
    #[error("nodes or edges are not sorted, or one stands twice")]
    NotSorted,
    /// A node that the instance does not have.
    #[error("node {0} does not exist")]
    UnknownNode(u32),
    /// An edge that the instance does not have.
    #[error("edge {0} does not exist")]
    UnknownEdge(u32),
    /// An edge whose end is not a node of the solution.
    #[error("edge {0} ends at a node that is not held")]
    LooseEnd(u32),
    /// No nodes, where at least one is needed.
    #[error("the tree is empty")]
    Empty,
    /// More edges than a tree of so many nodes has.
    #[error("the edges close a cycle")]
    Cycle,
    /// A node that no path joins to the others.
    #[error("node {0} is not joined to the tree")]
    Disconnected(u32),
    /// The root is not held.
    #[error("the root is not held")]
    RootMissing,
    /// A required node is not held.
    #[error("required node {0} is not held")]
    RequiredMissing(u32),
    /// A forbidden node is held.
    #[error("forbidden node {0} is held")]
    ForbiddenHeld(u32),
    /// A node lies further from the root than allowed.
    #[error("node {node} is {hops} edges from the root")]
    TooManyHops {
        /// The node.
        node: u32,
        /// Its distance.
        hops: u32,
    },
    /// The tree costs more than the budget.
    #[error("the cost is {cost}, above the budget of {budget}")]
    OverBudget {
        /// What it costs.
        cost: i128,
        /// What it may cost.
        budget: i64,
    },
    /// The tree collects less than the quota.
    #[error("the prize is {prize}, below the quota of {quota}")]
    BelowQuota {
        /// What it collects.
        prize: i128,
        /// What it must collect.
        quota: i64,
    },
    /// The objective claimed is not the one recomputed.
    #[error("the objective is {found}, not {claimed} as claimed")]
    WrongObjective {
        /// What the outcome says.
        claimed: i64,
        /// What the instance says.
        found: i128,
    },
    /// The solution is better than the bound allows, so the bound is wrong.
    #[error("the bound {bound} excludes the solution found, {objective}")]
    WrongBound {
        /// The bound claimed.
        bound: i64,
        /// The objective of the solution.
        objective: i64,
    },
    /// The status claims more than objective and bound prove.
    #[error("the status does not follow from the objective and the bound")]
    WrongStatus,
}

/// Recomputes the objective of a solution from the instance, after checking that it is an answer.
///
/// Linear in the instance.
///
/// # Errors
///
/// The first flaw found.
pub fn verify(instance: &Instance, solution: &Solution) -> Result<i128, Flaw> {
    let held = held_nodes(instance, solution)?;
    check_demands(instance, &held)?;
    check_tree(instance, solution, &held)?;
    let cost: i128 =
        solution.edges.iter().map(|&edge| i128::from(instance.edges[edge as usize].cost)).sum();
    let mut collected = 0_i128;
    let mut missed = 0_i128;
    for (&prize, &held) in instance.prizes.iter().zip(&held) {
        *(if held { &mut collected } else { &mut missed }) += i128::from(prize);
    }
    match instance.goal {
        Goal::MostPrize { budget } if cost > i128::from(budget) => {
            Err(Flaw::OverBudget { cost, budget })
        }
        Goal::MostPrize { .. } => Ok(collected),
        Goal::LeastCost { at_least } if collected < i128::from(at_least) => {
            Err(Flaw::BelowQuota { prize: collected, quota: at_least })
        }
        Goal::LeastCost { .. } => Ok(cost),
        Goal::LeastLoss => Ok(cost + missed),
    }
}

/// Checks an outcome: its solution, its objective, that its bound does not exclude the solution, and
/// that its status follows from both.
///
/// That the bound is valid for *every* solution cannot be seen from the outcome; tests compare it with
/// the oracles. Linear in the instance.
///
/// # Errors
///
/// The first flaw found.
pub fn verify_outcome(instance: &Instance, outcome: &Outcome) -> Result<(), Flaw> {
    let (Some(solution), Some(claimed)) = (&outcome.solution, outcome.objective) else {
        let open = matches!(outcome.status, Status::Infeasible | Status::Unknown);
        let neither = outcome.solution.is_none() && outcome.objective.is_none();
        return if open && neither { Ok(()) } else { Err(Flaw::WrongStatus) };
    };
    let found = verify(instance, solution)?;
    if found != i128::from(claimed) {
        return Err(Flaw::WrongObjective { claimed, found });
    }
    let excluded = match instance.goal {
        Goal::MostPrize { .. } => outcome.bound < claimed,
        Goal::LeastCost { .. } | Goal::LeastLoss => outcome.bound > claimed,
    };
    if excluded {
        return Err(Flaw::WrongBound { bound: outcome.bound, objective: claimed });
    }
    match outcome.status {
        Status::Optimal if outcome.bound != claimed => Err(Flaw::WrongStatus),
        Status::Infeasible | Status::Unknown => Err(Flaw::WrongStatus),
        _ => Ok(()),
    }
}

fn held_nodes(instance: &Instance, solution: &Solution) -> Result<Vec<bool>, Flaw> {
    let rising = |places: &[u32]| places.windows(2).all(|pair| pair[0] < pair[1]);
    if !rising(&solution.nodes) || !rising(&solution.edges) {
        return Err(Flaw::NotSorted);
    }
    let mut held = vec![false; instance.prizes.len()];
    for &node in &solution.nodes {
        *held.get_mut(node as usize).ok_or(Flaw::UnknownNode(node))? = true;
    }
    for &place in &solution.edges {
        let edge = instance.edges.get(place as usize).ok_or(Flaw::UnknownEdge(place))?;
        if !edge.ends.iter().all(|&end| held[end as usize]) {
            return Err(Flaw::LooseEnd(place));
        }
    }
    Ok(held)
}

fn check_demands(instance: &Instance, held: &[bool]) -> Result<(), Flaw> {
    for ((node, &demand), &held) in (0..).zip(&instance.demands).zip(held) {
        match demand {
            Demand::Required if !held => return Err(Flaw::RequiredMissing(node)),
            Demand::Forbidden if held => return Err(Flaw::ForbiddenHeld(node)),
            _ => {}
        }
    }
    match instance.root {
        Some(root) if !held[root as usize] => Err(Flaw::RootMissing),
        None if !held.contains(&true) && instance.demands.contains(&Demand::Required) => {
            Err(Flaw::Empty)
        }
        _ => Ok(()),
    }
}

/// Walks the tree breadth first from the root (or any node), counting hops.
fn check_tree(instance: &Instance, solution: &Solution, held: &[bool]) -> Result<(), Flaw> {
    let Some(start) = instance.root.or_else(|| solution.nodes.first().copied()) else {
        return Ok(());
    };
    if solution.edges.len() >= solution.nodes.len() {
        return Err(Flaw::Cycle);
    }
    let mut neighbours = vec![Vec::new(); held.len()];
    for &place in &solution.edges {
        let [u, v] = instance.edges[place as usize].ends;
        neighbours[u as usize].push(v);
        neighbours[v as usize].push(u);
    }
    let mut hops = vec![None; held.len()];
    hops[start as usize] = Some(0_u32);
    let mut queue = VecDeque::from([(start, 0_u32)]);
    while let Some((node, so_far)) = queue.pop_front() {
        if instance.max_hops.is_some_and(|most| so_far > most) {
            return Err(Flaw::TooManyHops { node, hops: so_far });
        }
        for &next in &neighbours[node as usize] {
            if hops[next as usize].is_none() {
                hops[next as usize] = Some(so_far + 1);
                queue.push_back((next, so_far + 1));
            }
        }
    }
    // All nodes reached with one edge fewer than nodes: no cycle either.
    match solution.nodes.iter().find(|&&node| hops[node as usize].is_none()) {
        Some(&node) => Err(Flaw::Disconnected(node)),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::Size;

    /// A square 0-1-2-3 with a diagonal 0-2.
    fn square(goal: Goal) -> Instance {
        let mut instance = Instance::new(4, goal);
        for (u, v, cost) in [(0, 1, 1), (1, 2, 2), (2, 3, 4), (3, 0, 8), (0, 2, 16)] {
            instance.add_edge(u, v, cost);
        }
        instance.prizes = vec![0, 10, 20, 40];
        instance.root = Some(0);
        instance
    }

    fn tree(nodes: &[u32], edges: &[u32]) -> Solution {
        Solution { nodes: nodes.to_vec(), edges: edges.to_vec() }
    }

    #[test]
    fn objectives_are_recomputed_for_each_goal() {
        let path = tree(&[0, 1, 2], &[0, 1]);
        assert_eq!(verify(&square(Goal::MostPrize { budget: 3 }), &path), Ok(30));
        assert_eq!(verify(&square(Goal::LeastCost { at_least: 30 }), &path), Ok(3));
        assert_eq!(verify(&square(Goal::LeastLoss), &path), Ok(43));
        assert_eq!(verify(&square(Goal::LeastLoss), &tree(&[0], &[])), Ok(70));
    }

    #[test]
    fn each_flaw_is_named() {
        let instance = square(Goal::LeastLoss);
        let flaw =
            |nodes: &[u32], edges: &[u32]| verify(&instance, &tree(nodes, edges)).unwrap_err();
        assert_eq!(flaw(&[1, 0], &[0]), Flaw::NotSorted);
        assert_eq!(flaw(&[0, 9], &[]), Flaw::UnknownNode(9));
        assert_eq!(flaw(&[0, 1], &[7]), Flaw::UnknownEdge(7));
        assert_eq!(flaw(&[0], &[0]), Flaw::LooseEnd(0));
        assert_eq!(flaw(&[0, 1, 2], &[0, 1, 4]), Flaw::Cycle);
        assert_eq!(flaw(&[0, 1], &[]), Flaw::Disconnected(1));
        assert_eq!(flaw(&[0, 1, 2, 3], &[0, 1, 4]), Flaw::Disconnected(3));
        assert_eq!(flaw(&[1, 2], &[1]), Flaw::RootMissing);
    }

    #[test]
    fn limits_and_demands_are_kept() {
        let path = tree(&[0, 1, 2], &[0, 1]);
        let mut instance = square(Goal::MostPrize { budget: 2 });
        assert_eq!(verify(&instance, &path), Err(Flaw::OverBudget { cost: 3, budget: 2 }));
        instance.goal = Goal::LeastCost { at_least: 31 };
        assert_eq!(verify(&instance, &path), Err(Flaw::BelowQuota { prize: 30, quota: 31 }));
        instance.goal = Goal::LeastLoss;
        instance.max_hops = Some(1);
        assert_eq!(verify(&instance, &path), Err(Flaw::TooManyHops { node: 2, hops: 2 }));
        instance.max_hops = Some(2);
        instance.demands[3] = Demand::Required;
        assert_eq!(verify(&instance, &path), Err(Flaw::RequiredMissing(3)));
        instance.demands[3] = Demand::Forbidden;
        assert_eq!(verify(&instance, &path), Ok(43));
        instance.demands[2] = Demand::Forbidden;
        assert_eq!(verify(&instance, &path), Err(Flaw::ForbiddenHeld(2)));
    }

    #[test]
    fn an_outcome_may_claim_no_more_than_it_proves() {
        let instance = square(Goal::MostPrize { budget: 3 });
        let mut outcome = Outcome {
            status: Status::Optimal,
            solution: Some(tree(&[0, 1, 2], &[0, 1])),
            objective: Some(30),
            bound: 30,
            root_bound: 35,
            reduced: Size { nodes: 4, edges: 5 },
            branch_nodes: 1,
            work: 1,
        };
        assert_eq!(verify_outcome(&instance, &outcome), Ok(()));
        outcome.bound = 31;
        assert_eq!(verify_outcome(&instance, &outcome), Err(Flaw::WrongStatus));
        outcome.bound = 29;
        let wrong = Flaw::WrongBound { bound: 29, objective: 30 };
        assert_eq!(verify_outcome(&instance, &outcome), Err(wrong));
        outcome.objective = Some(31);
        let wrong = Flaw::WrongObjective { claimed: 31, found: 30 };
        assert_eq!(verify_outcome(&instance, &outcome), Err(wrong));
        outcome.solution = None;
        assert_eq!(verify_outcome(&instance, &outcome), Err(Flaw::WrongStatus));
        outcome.objective = None;
        outcome.status = Status::Infeasible;
        assert_eq!(verify_outcome(&instance, &outcome), Ok(()));
    }
}
