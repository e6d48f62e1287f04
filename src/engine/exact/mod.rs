//! The search for the best tree and its proof.

mod branching;
mod examine;
mod incumbent;
mod neighbourhood;
mod ratios;
mod search;
mod smaller;
mod wide;

pub(crate) use incumbent::{Best, Incumbent, parents_by_name};
pub(crate) use ratios::Ratios;
pub(crate) use search::{Found, Plan, hopeless, search};
