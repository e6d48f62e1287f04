//! From a prepared network to the engine's instance, and what each of its edges stands for.
//!
//! Junctions keep their places; then come the points halfway along spans with premises, where these count;
//! then the buildings, each a leaf on its junction by its drop; the super-root comes last, joined to each
//! exchange by an edge of the exchange's price. So a tree holding the super-root is a forest with one enabled
//! exchange a tree.

mod assemble;
mod funding;
pub(crate) mod objective;
mod rules;
mod scale;
mod stated;
mod stating;
mod task;

pub use assemble::{assemble, assemble_whole, tree_of};
pub(crate) use funding::funding_oracle;
pub use stated::{BuildingTerms, Closed, EdgeItem, Question};
pub(crate) use stating::payers_of;
pub use stating::question;
pub(crate) use task::Task;
