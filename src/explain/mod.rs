//! Why a site is left out, why there is no plan, and the smallest change that would mend it.
//!
//! In: a scenario, its question, and what the search found. Out: reasons with their numbers, and ways in. It
//! chooses nothing that a plan is made of, save where the least-cost tree of what is required turns out
//! payable after all.

mod inquiry;
mod left_out;
pub(crate) mod mend;
mod no_plan;

pub use inquiry::{Answer, ForcedPlan, WayIn, building_of, inquire};
pub(crate) use left_out::left_out;
pub(crate) use no_plan::in_words;
