//! Orders, and ratios of coverage.

use super::*;

#[test]
fn few_programmes_are_planned_in_every_order() {
    assert_eq!(orders(1), Vec::<Vec<usize>>::new());
    assert_eq!(orders(2), [[0, 1], [1, 0]]);
    let three = orders(3);
    assert_eq!(three.len(), 6);
    assert_eq!(three[0], [0, 1, 2]);
    assert!(three.iter().all(|order| order.iter().sum::<usize>() == 3));
    assert_eq!(orders(4), [[0, 1, 2, 3], [3, 2, 1, 0]]);
}

#[test]
fn a_ratio_to_nothing_is_one_only_for_nothing() {
    let row = |units: i64| ProgrammesRow {
        way: Way::Joint,
        coverage: Weight::from_thousandths(units * 1000),
        cost: Pence::ZERO,
        sites: 0,
        spent: Vec::new(),
        bound: None,
        plans: Vec::new(),
        violations: Vec::new(),
    };
    assert!((row(3).ratio(&row(4)) - 0.75).abs() < f64::EPSILON);
    assert!((row(0).ratio(&row(0)) - 1.0).abs() < f64::EPSILON);
    assert!(row(1).ratio(&row(0)).is_infinite());
}
