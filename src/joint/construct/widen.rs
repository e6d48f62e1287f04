//! The routes of a tree of the engine, which may end where no building is.

use std::collections::BTreeSet;

use crate::engine::Solution;
use crate::joint::forest::Forest;
use crate::joint::problem::JointProblem;

/// The forest of a tree with every building joined that hangs from it by one edge.
pub fn widened(problem: &JointProblem<'_>, solution: &Solution) -> Forest {
    let mut edges: BTreeSet<u32> = solution.edges.iter().copied().collect();
    let ends = edges.iter().flat_map(|&edge| problem.instance.edges[edge as usize].ends);
    let nodes: BTreeSet<u32> = ends.collect();
    for building in problem.buildings().filter(|building| !nodes.contains(building)) {
        let root = problem.instance.root;
        let mut ways = problem.links(building).iter();
        let way = ways.find(|way| nodes.contains(&way.other) && Some(way.other) != root);
        edges.extend(way.map(|way| way.edge));
    }
    Forest::of(problem, &Solution { nodes: Vec::new(), edges: edges.into_iter().collect() })
}

/// The routes of a tree: its forest, widened where what is passed counts.
pub fn routes_of(problem: &JointProblem<'_>, solution: &Solution) -> Forest {
    if problem.passes() { widened(problem, solution) } else { Forest::of(problem, solution) }
}
