//! Proven bounds: dual ascent under multipliers, and what it allows to fix.

mod ascent;
mod fixing;
mod flow_relaxation;
mod price;
mod sides;

pub use ascent::{Ascent, AscentScratch, AscentSettings, ENDLESS, NOBODY};
pub use fixing::{Fixing, fix, fix_unless};
pub use flow_relaxation::{ArcSet, FlowRelaxation};
pub use price::Price;
pub use sides::{Counts, PricedGraph, Side, SideLimit, SidePrice};
