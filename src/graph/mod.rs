//! Graph algorithms on integers, without domain words: compressed rows, shortest paths, union-find,
//! max-flow.

pub mod max_flow;
#[cfg(test)]
pub(crate) mod test_rng;
