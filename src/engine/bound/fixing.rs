//! Fixing by reduced costs: what no improvement can hold, and what every improvement must hold.
//!
//! In: an ascent and the slack an improvement leaves (see [`Price::slack`](super::Price::slack)). Out:
//! nodes and edges to drop, nodes to require. A path from the root over a node or arc to a terminal
//! costs at least its reduced length more than the bound; so does missing a terminal whose prize is
//! not spent. Non-terminals that lead to no terminal never help, and the way on to a terminal never leads
//! over the root again.

use super::Ascent;
use crate::engine::Size;
use crate::engine::rooted::Rooted;
use crate::graph::{Distances, FAR};

/// What reduced costs prove about all improvements.
#[derive(Clone, Debug, Default)]
pub struct Fixing {
    /// By node: no improvement holds it.
    pub drop_node: Vec<bool>,
    /// By edge: no improvement holds it.
    pub drop_edge: Vec<bool>,
    /// By node: every improvement holds it.
    pub require: Vec<bool>,
    /// How much is dropped.
    pub dropped: Size,
    /// How many nodes become required that were not.
    pub newly_required: usize,
    /// Reduced distance of each node from the root.
    pub from_root: Vec<i64>,
    /// Looks at arcs.
    pub scans: u64,
}

/// Finds what is fixed. O(arcs log nodes).
pub fn fix(problem: &Rooted, ascent: &Ascent, slack: i64) -> Fixing {
    fix_unless(problem, ascent, slack, &|| false)
}

/// The same unless it is to stop, which is asked every now and then: then nothing is fixed.
pub fn fix_unless(
    problem: &Rooted,
    ascent: &Ascent,
    slack: i64,
    stops: &dyn Fn() -> bool,
) -> Fixing {
    let rows = &problem.rows;
    let mut to_terminal = Distances::new(problem.nodes());
    let ends = |&node: &u32| node != problem.root && problem.is_terminal(node);
    for node in problem.all_nodes().filter(ends) {
        to_terminal.add_source(node);
    }
    let cost =
        |place: usize| (rows.neighbour(place) != problem.root).then_some(ascent.reduced[place]);
    let Some(mut scans) = to_terminal.run_unless(rows, slack, stops, cost) else {
        return Fixing::nothing(problem);
    };
    let mut from_root = Distances::new(problem.nodes());
    from_root.add_source(problem.root);
    let cost = |place: usize| Some(ascent.reduced[rows.twin(place)]);
    match from_root.run_unless(rows, slack, stops, cost) {
        Some(looked) => scans += looked,
        None => return Fixing::nothing(problem),
    }
    let add = |one: i64, other: i64| if other == FAR { FAR } else { one.saturating_add(other) };
    let drop_node: Vec<bool> = problem
        .all_nodes()
        .map(|node| node != problem.root && add(from_root.of(node), to_terminal.of(node)) > slack)
        .collect();
    let mut drop_edge = vec![true; problem.edges()];
    for node in problem.all_nodes().filter(|&node| !drop_node[node as usize]) {
        for place in rows.row(node) {
            let before = from_root.of(rows.neighbour(place));
            let through = add(add(ascent.reduced[place], before), to_terminal.of(node));
            if through <= slack {
                drop_edge[rows.edge(place) as usize] = false;
            }
        }
    }
    let require: Vec<bool> =
        problem.all_nodes().map(|node| ascent.left[node as usize] > slack).collect();
    let newly_required = problem
        .all_nodes()
        .filter(|&node| require[node as usize] && !problem.required[node as usize])
        .count();
    let count = |flags: &[bool]| flags.iter().filter(|&&flag| flag).count();
    Fixing {
        dropped: Size { nodes: count(&drop_node), edges: count(&drop_edge) },
        newly_required,
        from_root: problem.all_nodes().map(|node| from_root.of(node)).collect(),
        drop_node,
        drop_edge,
        require,
        scans,
    }
}

impl Fixing {
    /// Nothing is fixed.
    pub fn nothing(problem: &Rooted) -> Self {
        let (nodes, edges) = (problem.nodes(), problem.edges());
        Self {
            drop_node: vec![false; nodes],
            drop_edge: vec![false; edges],
            require: vec![false; nodes],
            from_root: vec![0; nodes],
            ..Self::default()
        }
    }
}
