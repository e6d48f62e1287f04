//! A road file as its reader hands it over, whatever its format.
//!
//! In: the ways of an extract or a `GeoPackage`. Out: plain data; what is left out is decided after.

use crate::error::Fault;
use crate::geometry::Crs;
use crate::read::roads::cut::Road;

/// A road file as read, before anything is left out.
#[derive(Debug, Default)]
pub(super) struct RoadFile {
    /// Every way that has a class, in the order of their numbers.
    pub roads: Vec<Road>,
    /// Positions that the file gives its nodes apart from the lines, sorted by node.
    pub nodes: Vec<(i64, [f64; 2])>,
    /// Names of the columns of [`Road::cells`].
    pub columns: Vec<String>,
    pub crs: Option<Crs>,
    pub notices: Vec<Fault>,
}
