//! What each rule says of one small forest: whether it keeps the rule, what would mend it, what is closed.

use std::collections::BTreeMap;

use super::*;
use crate::engine::{Goal, Instance};
use crate::funding::{ItemKind, PotSet};

/// Buildings 0, 1 and 2 on the junction 3 of an exchange, under the super-root 4.
fn instance() -> Instance {
    let mut instance = Instance::new(5, Goal::MostPrize { budget: 100 });
    instance.root = Some(4);
    instance.add_edge(4, 3, 10);
    for building in 0..3 {
        instance.add_edge(3, building, 1);
    }
    instance
}

/// What is asked for at each stage, of a forest that holds the buildings 0 and 1.
fn repairs(rules: &Constraints) -> Vec<(Stage, Repair)> {
    let instance = instance();
    let kinds = vec![ItemKind::Exchange, ItemKind::Drop, ItemKind::Drop, ItemKind::Drop];
    let payers: Vec<Option<PotSet>> =
        (0..5).map(|node| (node < 3).then(|| PotSet::of([0]))).collect();
    let problem = JointProblem::new(&instance, kinds, &payers, 4..4);
    let mut forest = Forest::empty(&problem);
    for building in 0..2 {
        let way = |node: u32| Some(if node == 3 { (0, 4) } else { (node + 1, 3) });
        forest.attach(&problem, building, &way);
    }
    let asked = |stage| {
        let rule = rules.each().next()?;
        Some((stage, rule.repair(stage, &problem, &forest)?))
    };
    assert!(!rules.allows(&problem, &forest));
    Stage::ALL.into_iter().filter_map(asked).collect()
}

fn counted(counts: &[(u32, i64)]) -> Vec<Counted> {
    counts.iter().map(|&(building, counts)| Counted { building, counts }).collect()
}

#[test]
fn each_rule_says_what_would_mend_a_forest() {
    let limits = |own: &[(u32, i64)], at_least, at_most| {
        let range = LimitRange { at_least, at_most };
        let limits = vec![Limit::on_weight(own.iter().copied().collect(), range)];
        Constraints { limits, ..Constraints::default() }
    };
    let quota = limits(&[(0, 5), (1, 4), (2, 1)], None, Some(8));
    let some = counted(&[(0, 5), (1, 4)]);
    assert_eq!(repairs(&quota), [(Stage::Excess, Repair::TakeOut(some))]);
    // Of what is lacking no more counts than is lacking.
    let floor = limits(&[(0, 5), (1, 4), (2, 7)], Some(11), None);
    let some = counted(&[(2, 2)]);
    assert_eq!(repairs(&floor), [(Stage::Lack, Repair::Join(some))]);

    let groups = Groups::new(vec![vec![2, 0]]);
    let groups = Constraints { groups, ..Constraints::default() };
    assert_eq!(repairs(&groups), [(Stage::Groups, Repair::Complete(vec![0]))]);

    let ports = vec![Ports { edge: 0, junction: 3, most: 1 }];
    let ports = Constraints { ports, ..Constraints::default() };
    let some = counted(&[(0, 1), (1, 1)]);
    assert_eq!(repairs(&ports), [(Stage::Last, Repair::TakeOut(some))]);

    let edge = |length| RouteEdge { length, is_span: false };
    let routes = Routes::new([10, 5, 6, 7].map(edge).to_vec(), Some(15), None);
    let routes = Constraints { routes: Some(routes), ..Constraints::default() };
    assert_eq!(repairs(&routes), [(Stage::Routes, Repair::Reroute(vec![1]))]);
}

#[test]
fn a_group_stands_and_falls_together() {
    let groups = Groups::new(vec![vec![0, 2]]);
    let rules = Constraints { groups, ..Constraints::default() };
    assert!(rules.close(0, &|leaf| leaf != 2) && !rules.close(1, &|leaf| leaf != 2));
    assert!(rules.demand(0, &|leaf| leaf == 2) && !rules.demand(1, &|leaf| leaf == 2));
}

#[test]
fn limits_that_nothing_meets_say_why() {
    let own: BTreeMap<u32, i64> = [(0, 5), (1, 4)].into();
    let limit = |at_least, at_most| Limit::on_weight(own.clone(), LimitRange { at_least, at_most });
    let (open, required) = (|leaf: u32| leaf == 0, |leaf: u32| leaf == 0);
    let reasons = limit(Some(6), None).reasons(&open, &required);
    assert_eq!(reasons, [Reason::OutOfReach { at_least: 6, most: 5 }]);
    let reasons = limit(None, Some(3)).reasons(&open, &required);
    assert_eq!(reasons, [Reason::Exceeded { at_most: 3, least: 5 }]);
    assert_eq!(limit(Some(5), Some(5)).reasons(&open, &required), []);
}
