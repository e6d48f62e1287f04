//! The search for the best tree and its proof.

mod incumbent;
mod neighbourhood;
mod search;

pub(crate) use incumbent::Incumbent;
pub(crate) use search::{Found, Plan, Ratios, search};
