//! Parts of an amount in whole pence that add up to the amount.
//!
//! In: parts in fixed point, with the small errors that sums of rounded quotients have. Out: whole pence by
//! largest remainder. Remainders as near as the errors allow count as equal, and the lower id goes first: so
//! half a penny is half a penny, however many spans it was added up from. And what a unit of coverage costs.

use crate::units::{Pence, Weight};

/// A penny in fixed point. A quotient loses less than 2^-40 of a penny.
pub(super) const PENNY: i128 = 1 << 40;

/// What the errors of a sum may come to: that of a million quotients.
const ERROR: i128 = 1 << 20;

/// The parts in whole pence; they add up to `total`, which the exact parts must add up to apart from their
/// errors.
pub(super) fn whole_pence(exact: &[i128], ids: &[&str], total: i64) -> Vec<i64> {
    // A part that is a whole number of pence but for its error is that number.
    let raised: Vec<i128> = exact.iter().map(|part| part + ERROR).collect();
    let whole = |part: &i128| i64::try_from(part.div_euclid(PENNY)).unwrap_or(i64::MAX);
    let mut pence: Vec<i64> = raised.iter().map(whole).collect();
    let missing = total - pence.iter().sum::<i64>();
    debug_assert!(missing >= 0, "{missing} pence too many");
    let order = by_remainder(&raised, ids);
    debug_assert!(usize::try_from(missing).is_ok_and(|missing| missing <= order.len()));
    for &place in order.iter().take(usize::try_from(missing).unwrap_or(0)) {
        pence[place] += 1;
    }
    pence
}

/// Places from the largest remainder to the smallest, those that are equal from the lower id to the higher.
fn by_remainder(raised: &[i128], ids: &[&str]) -> Vec<usize> {
    let remainder = |place: &usize| raised[*place].rem_euclid(PENNY);
    let mut order: Vec<usize> = (0..raised.len()).collect();
    order.sort_by_key(|place| std::cmp::Reverse(remainder(place)));
    let mut from = 0;
    while from < order.len() {
        let least = remainder(&order[from]) - 2 * ERROR;
        let equal = order[from..].partition_point(|place| remainder(place) >= least);
        order[from..from + equal].sort_by_key(|&place| ids[place]);
        from += equal;
    }
    order
}

/// Pence per whole unit of weight, half up.
pub(super) fn cost_per_unit(cost: Pence, weight: Weight) -> Option<Pence> {
    let weight = i128::from(weight.thousandths());
    (weight > 0).then(|| {
        let exact = 2 * i128::from(cost.get()) * 1000 + weight;
        Pence::new(i64::try_from(exact.div_euclid(2 * weight)).unwrap_or(i64::MAX))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_remainders_go_to_the_lower_id_whatever_their_errors() {
        let half = PENNY / 2;
        for errors in [[0, 3], [3, 0], [0, 0], [1000, 1]] {
            let exact = [7 * PENNY + half - errors[0], 4 * PENNY + half - errors[1]];
            assert_eq!(whole_pence(&exact, &["B2", "B1"], 12), [7, 5]);
            assert_eq!(whole_pence(&exact, &["B1", "B2"], 12), [8, 4]);
        }
    }

    #[test]
    fn whole_parts_stay_whole_and_larger_remainders_go_first() {
        assert_eq!(whole_pence(&[5 * PENNY - 9, 3 * PENNY - 1], &["a", "b"], 8), [5, 3]);
        let thirds = [PENNY / 3, PENNY / 3 - 1, PENNY / 3];
        assert_eq!(whole_pence(&thirds, &["c", "b", "a"], 1), [0, 0, 1]);
        assert_eq!(whole_pence(&[PENNY / 4, 3 * PENNY / 4], &["a", "b"], 1), [0, 1]);
        assert_eq!(whole_pence(&[], &[], 0), Vec::<i64>::new());
    }

    #[test]
    fn cost_per_unit_rounds_half_up_and_needs_coverage() {
        let weight = Weight::from_thousandths;
        assert_eq!(cost_per_unit(Pence::new(5), weight(2000)), Some(Pence::new(3)));
        assert_eq!(cost_per_unit(Pence::new(100), weight(3000)), Some(Pence::new(33)));
        assert_eq!(cost_per_unit(Pence::new(100), Weight::ZERO), None);
    }
}
