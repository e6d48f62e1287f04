//! Proven bounds: dual ascent under multipliers, and what it allows to fix.

mod ascent;
mod fixing;
mod price;

pub(crate) use ascent::{Ascent, AscentScratch, ENDLESS, Effort, NOBODY};
pub(crate) use fixing::{Fixing, fix};
pub(crate) use price::Price;
