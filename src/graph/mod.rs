//! Graph algorithms on integers, without domain words: compressed rows, shortest paths, union-find,
//! max-flow.

mod heap;
pub mod max_flow;
mod rows;
mod shortest;
#[cfg(test)]
pub(crate) mod test_rng;

pub use heap::Heap;
pub use rows::Rows;
pub use shortest::{Distances, FAR};
