//! Whether a file is so full of faults that the rest of it need not be read.
//!
//! In: the rows of a table as they are read. Out: when as many of them are surely at fault as are ever told of, so
//! that a file of millions of faulty rows is not held whole before it is refused. It judges only what a row alone
//! says, or its id beside those before it; whatever is at fault is found and told later.

use std::collections::HashSet;
use std::collections::hash_map::RandomState;
use std::hash::BuildHasher;

use crate::error::Fault;
use crate::geometry::{Crs, Plane, Position};
use crate::model::MOST_FAULTS;
use crate::units::Amount;

/// Counts the rows of a table that are surely at fault.
#[derive(Default)]
pub(crate) struct Hopeless {
    /// Hashes of the ids so far: enough to count by.
    ids: HashSet<u64>,
    hasher: RandomState,
    rows: usize,
    faulty: usize,
}

impl Hopeless {
    /// Counts a row by its id and position, and by what else is wrong with it.
    pub(crate) fn take(&mut self, id: &str, position: Option<Position>, otherwise: bool) {
        let is_told_twice = !id.is_empty() && !self.ids.insert(self.hasher.hash_one(id));
        self.rows += 1;
        self.faulty += usize::from(is_told_twice || otherwise || is_off_the_grid(position));
    }

    /// Whether so many are at fault, and more than half of all, that no more are looked at.
    pub(crate) fn is_it(&self) -> bool {
        self.faulty > MOST_FAULTS && self.faulty > self.rows / 2
    }
}

/// What a position on the grid is judged by whatever else there is.
fn is_off_the_grid(position: Option<Position>) -> bool {
    position
        .is_some_and(|own| own.crs == Crs::BritishGrid && Plane::BritishGrid.point(own).is_err())
}

/// That no more rows of a file are looked at.
pub(crate) fn too_many_faults(file: &str) -> Fault {
    let most = Amount::count(MOST_FAULTS);
    let cause = format!("more than {most} rows are at fault; no more are looked at");
    let remedy = "look at the first of them: a column may be the wrong one, or the file";
    Fault::new("F115", cause, remedy).at(file, None, "")
}
