//! Charts as inline SVG: read without a script, coloured by the styles of the page, each beside a table of the
//! same figures.
//!
//! What is drawn here is little (bars, columns, curves), so there is no library for it: one would add seconds to
//! the build, and colours of its own that do not follow light and dark.

mod bars;
mod columns;
mod curves;
mod draw;
mod levels;
mod scale;

pub(super) use bars::{Bar, bars};
pub(super) use columns::{ColumnBar, columns};
pub(super) use curves::{Curves, curves};
pub(super) use levels::{Level, levels};
