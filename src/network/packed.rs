//! Numbers, texts and points packed into bytes.
//!
//! What for: a saved network, and the hash of what it was made from. In: values. Out: the same bytes on every
//! machine.

use crate::geometry::Point;

/// Bytes being written: integers in groups of seven bits, least first.
pub(super) struct Output(pub(super) Vec<u8>);

impl Output {
    #[allow(clippy::cast_possible_truncation)] // seven bits at a time
    pub(super) fn number(&mut self, mut number: u64) {
        while number >= 0x80 {
            self.0.push(number as u8 | 0x80);
            number >>= 7;
        }
        self.0.push(number as u8);
    }

    /// Small magnitudes of either sign become small numbers.
    pub(super) fn signed(&mut self, number: i64) {
        self.number(number.unsigned_abs() << 1 | u64::from(number < 0));
    }

    pub(super) fn count(&mut self, count: usize) {
        self.number(count as u64);
    }

    pub(super) fn option(&mut self, number: Option<u64>) {
        self.number(number.map_or(0, |number| number + 1));
    }

    pub(super) fn text(&mut self, text: &str) {
        self.count(text.len());
        self.0.extend(text.as_bytes());
    }

    pub(super) fn point(&mut self, point: Point) {
        self.signed(point.x);
        self.signed(point.y);
    }
}
