//! Graph algorithms on integers, without domain words: compressed rows, shortest paths, union-find,
//! max-flow.

mod heap;
pub mod max_flow;
mod rows;
mod shortest;

pub use heap::Heap;
pub use rows::Rows;
pub use shortest::{Distances, FAR};
