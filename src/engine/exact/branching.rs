//! On which node to branch.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use crate::engine::bound::{Ascent, Fixing};
use crate::engine::rooted::Rooted;

/// The node to branch on, by name: the largest of the terminals between which the budget or quota
/// lies; without such, a terminal on the brink between in and out, with a large prize; where every
/// terminal is demanded, a node with many saturated arcs. `None` when no node is undecided.
pub(super) fn choose(
    problem: &Rooted,
    ascent: &Ascent,
    fixing: &Fixing,
    oscillating: &[u32],
) -> Option<u32> {
    let undecided = |node: &u32| is_undecided(problem, fixing, *node);
    let score = |node: u32| {
        let worth = i128::from(ascent.price.prize) * i128::from(problem.prize[node as usize]);
        let out = i128::from(ascent.left[node as usize]);
        let inside = i128::from(fixing.from_root[node as usize].min(i64::MAX / 4));
        worth - 4 * (out + inside)
    };
    let open = || problem.all_nodes().filter(undecided);
    let of_oscillating = oscillating
        .iter()
        .filter_map(|&name| problem.node_named(name))
        .filter(undecided)
        .max_by_key(|&node| (problem.prize[node as usize], Reverse(node)));
    of_oscillating
        .or_else(|| {
            open()
                .filter(|&node| problem.prize[node as usize] > 0)
                .max_by_key(|&node| (score(node), Reverse(node)))
        })
        .or_else(|| open().max_by_key(|&node| (saturated(problem, ascent, node), Reverse(node))))
        .map(|node| problem.node_name[node as usize])
}

/// The names of all undecided nodes for least loss: those first whose decision has closed most parts,
/// then those with the most saturated arcs.
pub(super) fn ranked(
    problem: &Rooted,
    ascent: &Ascent,
    fixing: &Fixing,
    closings: &BTreeMap<u32, u32>,
) -> Vec<u32> {
    let mut ranked: Vec<_> = problem
        .all_nodes()
        .filter(|&node| is_undecided(problem, fixing, node))
        .map(|node| {
            let name = problem.node_name[node as usize];
            let closings = closings.get(&name).copied().unwrap_or(0);
            (Reverse((closings, saturated(problem, ascent, node))), name)
        })
        .collect();
    ranked.sort_unstable();
    ranked.into_iter().map(|(_, name)| name).collect()
}

fn is_undecided(problem: &Rooted, fixing: &Fixing, node: u32) -> bool {
    let node = node as usize;
    !problem.required[node] && !fixing.drop_node[node] && !fixing.require[node]
}

/// How many arcs at a node are saturated, in either direction.
fn saturated(problem: &Rooted, ascent: &Ascent, node: u32) -> u32 {
    let rows = &problem.rows;
    let arcs = |place: usize| {
        u32::from(ascent.reduced[place] == 0) + u32::from(ascent.reduced[rows.twin(place)] == 0)
    };
    rows.row(node).map(arcs).sum()
}
