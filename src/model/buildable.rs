//! What may be built at all: one definition for the network, the search and the checker.

use crate::model::InputSpan;
use crate::units::Millimetres;

/// Whether routes may lead over a span of the input: it is no barrier, has a length, and a line.
#[must_use]
pub fn is_usable(span: &InputSpan) -> bool {
    !span.barrier && span.length > Millimetres::ZERO && span.line.len() >= 2
}

/// Whether a plan may hold a span or exchange over which so many connected buildings have their route.
///
/// Nothing is built for what it passes alone, be it for nothing: premises become viable along the way to a
/// building (the hub model), not along a dead end.
#[must_use]
pub const fn may_be_built(connected_buildings: u32) -> bool {
    connected_buildings > 0
}
