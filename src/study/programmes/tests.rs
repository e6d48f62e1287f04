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
fn a_ratio_is_of_rows_that_count() {
    let row = |units: i64| ProgrammesRow {
        coverage: Some(Weight::from_thousandths(units * 1000)),
        plans: vec![Plan::default()],
        ..ProgrammesRow::without_plan(Way::Joint)
    };
    assert_eq!(row(3).ratio(&row(4)), Some(0.75));
    assert_eq!(row(0).ratio(&row(0)), Some(1.0));
    assert_eq!(row(1).ratio(&row(0)), None);
    let mut broken = row(3);
    broken.violations = vec![Violation::new("V220", "plan", "more than the pot holds")];
    assert_eq!(broken.ratio(&row(4)), None);
    assert_eq!(row(3).ratio(&ProgrammesRow::without_plan(Way::Joint)), None);
}
