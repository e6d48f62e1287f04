//! Hop limits: at most so many edges from the root to any node.
//!
//! What for: the problems the rest of the engine does not know. In: a rooted problem and the limit. Out:
//! the best tree and a valid bound, as from the search without a limit. Bounds come from dual ascent on
//! the layered graph, trees from its saturated arcs, the proof from branching on terminals.

mod detours;
mod examine;
mod grow;
mod improve;
mod layered;
mod neighbourhood;
mod pair;
mod pool;
mod relaxed;
mod search;
mod starts;
mod state;
mod sweep;
mod sweeping;
#[cfg(test)]
mod tests;
mod tree;

pub(crate) use search::search;
