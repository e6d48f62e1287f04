//! Plans that several pots can pay together.
//!
//! What for: the best tree for the merged pot may be one that no split of the money pays (too much of
//! it serves only sites of one programme). In: the merged instance, what the engine found for it, and a
//! [`Purse`] that says what can be paid. Out: the best forest found that can be, and a bound: that of the
//! merged pot, tightened by what each set of pots alone must pay.

mod bending;
mod branch;
mod clock;
mod detours;
mod driver;
mod forest;
mod grow;
mod keep;
mod lean;
mod leaning;
mod listener;
mod multipliers;
mod purse;
mod rulebook;
mod search;
mod sweep;
mod thrift;
mod turns;

pub use driver::{search, search_from};
pub use forest::{Forest, Terrain};
pub use grow::Reach;
pub use keep::{join, part};
pub use lean::lean;
pub use purse::{MOST_POTS, PotsPurse, Purse};
pub use rulebook::Rulebook;
pub use sweep::{Sweep, Swept, polish};
pub use thrift::least_cost;
