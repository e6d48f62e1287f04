//! Graph algorithms on integers, without domain words: compressed rows, shortest paths, union-find,
//! max-flow.
