//! What was found and proven of an `.stp` problem, in the file's own unit.

use serde::Serialize;
use serde_json::Value;

use crate::engine::Outcome;
use crate::engine::stp::StpProblem;
use crate::status::{Status, gap};

/// The answer to a problem of other solvers in brief.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct StpAnswer {
    /// Its name.
    pub name: String,
    /// Its kind: `SPG`, `PCSPG`, `RPCST` or `STPRBH`.
    pub problem: String,
    /// How far it is proven.
    pub status: Status,
    /// Value of the tree found; `null` where none was.
    pub objective: Option<Value>,
    /// Proven bound on it.
    pub bound: Value,
    /// Relative gap between the two.
    pub gap: Option<f64>,
    /// Seconds it took.
    pub seconds: f64,
    /// Nodes of the problem.
    pub nodes: usize,
    /// Nodes after reductions.
    pub reduced_nodes: usize,
    /// Edges after reductions.
    pub reduced_edges: usize,
    /// Nodes of the search tree.
    pub branch_nodes: u64,
}

impl StpAnswer {
    /// The outcome of a problem after so many seconds.
    #[must_use]
    pub fn of(problem: &StpProblem, outcome: &Outcome, seconds: f64) -> Self {
        // The text is the exact decimal of a number, so it is JSON.
        let value = |value: i64| {
            serde_json::from_str(&problem.objective_text(value)).unwrap_or(Value::Null)
        };
        Self {
            name: problem.name.clone(),
            problem: problem.kind.to_string(),
            status: outcome.status,
            objective: outcome.objective.map(value),
            bound: value(outcome.bound),
            gap: outcome.objective.map(|found| gap(found, outcome.bound)),
            seconds: (seconds * 1000.0).round() / 1000.0,
            nodes: problem.instance.nodes(),
            reduced_nodes: outcome.reduced.nodes,
            reduced_edges: outcome.reduced.edges,
            branch_nodes: outcome.branch_nodes,
        }
    }
}

/// The edges of a tree as a file, in the node numbers of the problem.
#[derive(Serialize)]
struct EdgeList {
    edges: Vec<[u32; 2]>,
}

/// The bytes of the list of edges that an outcome's tree holds: `{"edges":[[u, v], ...]}`; `None` without one.
#[must_use]
pub fn edges_json(problem: &StpProblem, outcome: &Outcome) -> Option<Vec<u8>> {
    let ends = |&edge: &u32| problem.instance.edges[edge as usize].ends.map(|end| end + 1);
    let edges = outcome.solution.as_ref()?.edges.iter().map(ends).collect();
    // A struct with one list of numbers is always JSON.
    let text = serde_json::to_string(&EdgeList { edges }).unwrap_or_default();
    Some((text + "\n").into_bytes())
}
