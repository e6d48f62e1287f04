//! Premises along routes: how many a piece of a span passes, and how many there are to pass.
//!
//! What for: premises near what is built become viable (the hub model). In: the tables. Out: whole numbers,
//! by the one rule that network, plan and check share. It knows no plan.

use crate::model::InputSpan;
use crate::units::Millimetres;

/// Premises along the piece from `from` to `to` of an input span.
///
/// The first `x` millimetres pass their share by length, rounded half up to a whole one, and the piece passes
/// what is between: so pieces add up to the whole however often a span is split. Along fibre that is there
/// already nothing is built, so nothing is passed.
#[must_use]
pub fn premises_of_piece(span: &InputSpan, from: Millimetres, to: Millimetres) -> u32 {
    if span.existing {
        return 0;
    }
    premises_to(span, to).saturating_sub(premises_to(span, from))
}

fn premises_to(span: &InputSpan, x: Millimetres) -> u32 {
    let (x, length) = (u128::from(x.get()), u128::from(span.length.get()));
    if length == 0 {
        return 0;
    }
    let share = (2 * u128::from(span.premises_passed) * x + length) / (2 * length);
    u32::try_from(share).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Random;

    #[test]
    fn pieces_add_up_to_the_whole_however_a_span_is_split() {
        let mut random = Random::new(3);
        for _ in 0..500 {
            let length = 1 + random.below(100_000);
            let span = InputSpan {
                id: "r".to_owned(),
                line: Vec::new(),
                method: "verge".to_owned(),
                length: Millimetres::new(u64::from(length)),
                cost: None,
                existing: false,
                level: 0,
                premises_passed: random.below(5_000),
                barrier: false,
                row: 0,
            };
            let mut stops = vec![0, length];
            stops.extend((0..random.below(6)).map(|_| random.below(length)));
            stops.sort_unstable();
            let mm = |at: u32| Millimetres::new(u64::from(at));
            let pieces =
                stops.windows(2).map(|ends| premises_of_piece(&span, mm(ends[0]), mm(ends[1])));
            assert_eq!(pieces.sum::<u32>(), span.premises_passed);
        }
    }
}
