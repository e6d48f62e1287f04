//! What tests and benches look into, and nobody else should: it changes without notice.

pub use crate::engine::{oracle, verify};

/// A scenario as the search sees it.
pub mod question {
    pub use crate::question::{EdgeItem, Question, assemble, question};
}

/// Numbers that look random, the same from the same seed.
pub mod random {
    pub use crate::random::Random;
}
