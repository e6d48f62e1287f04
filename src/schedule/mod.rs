//! Which first: the order of what a plan builds.
//!
//! In: a forest as numbers (what each item hangs on, its cost, what it brings, its year). Out: an order of its
//! items that can be built. It knows no plan and no scenario.

mod order;

pub use order::{Order, horn_order, order_by_year};
