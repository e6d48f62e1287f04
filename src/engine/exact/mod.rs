//! The search for the best tree and its proof.

mod branching;
mod examine;
mod found;
mod incumbent;
mod lns;
mod neighbourhood;
mod ratios;
mod search;
mod settings;
mod smaller;

pub(crate) use found::Found;
pub(crate) use incumbent::{Best, Incumbent, parents_by_name};
pub(crate) use ratios::Ratios;
pub(crate) use search::{is_fathomed, search};
pub(crate) use settings::SearchSettings;
