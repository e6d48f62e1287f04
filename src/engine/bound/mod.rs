//! Proven bounds: dual ascent under multipliers, and what it allows to fix.

mod ascent;
mod fixing;
mod flow_relaxation;
mod price;
mod sides;

pub(crate) use ascent::{Ascent, AscentScratch, AscentSettings, ENDLESS, NOBODY};
pub(crate) use fixing::{Fixing, fix, fix_unless};
pub(crate) use flow_relaxation::{ArcSet, FlowRelaxation};
pub(crate) use price::Price;
pub(crate) use sides::{Counts, PricedGraph, Side, SideLimit, SidePrice};
