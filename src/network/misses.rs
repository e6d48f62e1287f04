//! How often spans nearly meet, as data.

use crate::units::Millimetres;

/// Spans named as examples.
pub(super) const NAMED: usize = 3;

/// Places where spans nearly meet.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Unmet {
    /// Ends of spans near the end of another.
    pub ends: Misses,
    /// Ends of spans on or near another between its ends.
    pub sides: Misses,
    /// Points at which spans of one level cross or touch between their ends; the distances are zero.
    pub crossings: Misses,
}

/// How often, and how nearly.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Misses {
    /// How many.
    pub count: usize,
    /// Half of them are no farther off than this.
    pub half: Millimetres,
    /// None is farther off than this.
    pub most: Millimetres,
    /// Places in the table of input spans of the first few, by id.
    pub spans: Vec<u32>,
}

impl Misses {
    /// Of distances, each with the place of a span.
    pub(super) fn of(mut found: Vec<(Millimetres, u32)>) -> Self {
        found.sort_unstable();
        let at = |place: usize| found.get(place).map_or(Millimetres::ZERO, |found| found.0);
        let last = found.len().saturating_sub(1);
        let (half, most) = (at(last / 2), at(last));
        let mut spans: Vec<u32> = found.iter().map(|found| found.1).collect();
        spans.sort_unstable();
        spans.dedup();
        spans.truncate(NAMED);
        Self { count: found.len(), half, most, spans }
    }
}
