//! What links and lead-ins may not cross.
//!
//! Lines and areas on the working plane, as data: [`Barrier`].

use crate::geometry::Point;

/// A line that no proximity link and no lead-in may cross or touch, or an area that none may enter.
#[derive(Clone, Debug, Eq, PartialEq, Ord, PartialOrd)]
pub struct Barrier {
    /// Its lines; of an area, its closed rings, of which a point inside has an odd number around it.
    pub lines: Vec<Vec<Point>>,
    /// It is an area.
    pub area: bool,
    /// Number of its feature in the file, for messages; from Rust, its place in the draft; from 1.
    pub row: usize,
}

impl Barrier {
    /// Its segments, with both their ends.
    pub fn segments(&self) -> impl Iterator<Item = [Point; 2]> {
        self.lines.iter().flat_map(|line| line.windows(2).map(|ends| [ends[0], ends[1]]))
    }
}
