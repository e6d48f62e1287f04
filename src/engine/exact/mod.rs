//! The search for the best tree and its proof.

mod branching;
mod examine;
mod found;
mod incumbent;
mod least_loss;
mod lns;
mod neighbourhood;
mod node;
mod ratios;
mod search;
mod settings;
mod smaller;
mod state;
mod strong;
mod styles;

pub(crate) use found::Found;
pub(crate) use incumbent::{Best, Incumbent, is_fathomed, parents_by_name};
pub(crate) use ratios::Ratios;
pub(crate) use search::search;
pub(crate) use settings::SearchSettings;
