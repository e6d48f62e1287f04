//! What tests and benches look into, and nobody else should: it changes without notice.

#[cfg(feature = "oracle")]
pub use crate::engine::flow_model;
pub use crate::engine::verify;
pub use crate::{explain, graph, question, random};
