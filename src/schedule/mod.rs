//! Which first: the order of what a plan builds, and the year of each part.
//!
//! In: a forest as numbers (what each item hangs on, its cost, what it brings), the money of years and what a
//! year can build. Out: an order of its items that can be built, and a year for each. It knows no search: which
//! forest is built is decided elsewhere.

mod apply;
mod fill;
mod improve;
mod later;
mod order;
mod problem;
mod thin;

pub(crate) use apply::dated;
pub(crate) use fill::{Ahead, fill};
pub(crate) use improve::best_years;
pub(crate) use later::later;
pub use order::{Order, horn_order, order_by_year};
pub(crate) use problem::{Problem, Schedule, Score};
pub(crate) use thin::thinned;
