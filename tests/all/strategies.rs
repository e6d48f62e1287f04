//! The strategies of comparison on whole scenarios: what they plan is paid for and passes the checker.

use std::path::Path;

use fibreplan::made_up::County;
use fibreplan::model::{Budget, Cap, CapScope, Clause, Limit, Quantity, SITES, Scenario};
use fibreplan::network::prepare;
use fibreplan::observe::Silent;
use fibreplan::read::{ReadOptions, read_scenario};
use fibreplan::solve::{SolveOptions, solve};
use fibreplan::study::strategies::{
    Strategies, StrategiesOptions, Strategy, StrategyRow, strategies,
};
use fibreplan::units::{Amount, Pence, Share, Weight};
use fibreplan::write::Replace;

use crate::scratch::Scratch;

fn read(folder: &Path) -> Scenario {
    read_scenario(folder, &ReadOptions::new()).unwrap().scenario
}

/// A small county.
fn county(seed: u64) -> Scenario {
    let scratch = Scratch::empty();
    let folder = scratch.path().join("county");
    County { seed, sites: 40, waypoints: 300 }.write(&folder, Replace::Same).unwrap();
    read(&folder)
}

fn found(scenario: &Scenario, work: u64) -> Strategies {
    let mut options = StrategiesOptions::default();
    options.effort.work = Some(work);
    strategies(&prepare(scenario).unwrap(), scenario, &options, &mut Silent).unwrap()
}

fn rows(scenario: &Scenario) -> Vec<StrategyRow> {
    found(scenario, 0).rows
}

/// The rows without the time they took.
fn plans(scenario: &Scenario) -> Vec<(&'static str, fibreplan::plan::Plan)> {
    rows(scenario).into_iter().map(|row| (row.name, row.plan.unwrap())).collect()
}

fn assert_sound(scenario: &Scenario, case: &str) {
    let mut options = SolveOptions::default();
    options.effort.work = Some(2_000_000);
    let outcome = solve(scenario, &options).unwrap();
    let bound = outcome.objectives[0].bound.map(Amount::raw).unwrap();
    for row in rows(scenario) {
        assert!(row.counts(), "{case}: {}: {:?} {:?}", row.name, row.unpaid, row.violations);
        let plan = row.plan.as_ref().unwrap();
        let paid: Pence = plan.payments.iter().map(|payment| payment.pence).sum();
        assert_eq!([Some(plan.cost()), Some(paid)], [row.cost; 2], "{case}: {}", row.name);
        let covers = row.coverage.unwrap().thousandths();
        assert!(covers <= bound, "{case}: {} above the bound", row.name);
    }
}

#[test]
fn what_each_strategy_plans_is_paid_for_and_passes_the_checker() {
    for seed in 0..6 {
        assert_sound(&county(seed), &format!("county {seed}"));
    }
    let town = crate::project("data/market-town");
    assert_sound(&read(&town), "market town");
}

/// The lane to Marsh Farm is dearer than any one of its sites is worth, and than either programme alone can pay.
#[test]
fn no_strategy_sees_what_sharing_trenches_and_pots_is_worth_in_the_town() {
    let scenario = read(&crate::project("data/market-town"));
    let found = found(&scenario, 20_000_000);
    let own = found.own.coverage.unwrap();
    assert_eq!(own, Weight::from_text("26350").unwrap());
    for row in &found.rows {
        let covers = row.coverage.unwrap().thousandths();
        assert!(covers * 10 < own.thousandths() * 9, "{} covers {covers}", row.name);
    }
}

#[test]
fn strategies_keep_to_caps_rates_and_ports_as_well() {
    let mut scenario = county(101);
    let rural = &mut scenario.programmes[1];
    rural.cap = Cap { any: Some(Pence::new(1_500_000)), ..Cap::default() };
    rural.cap_scope = CapScope::Site;
    assert_sound(&scenario, "cap by site");
    scenario.programmes[1].cap_scope = CapScope::Programme;
    assert_sound(&scenario, "cap by programme");
    scenario.programmes[0].intervention_rate = Share::from_text("0.6").unwrap();
    assert_sound(&scenario, "item rate");
    let mut tables = (*scenario.tables).clone();
    for exchange in &mut tables.exchanges.rows {
        exchange.ports = Some(2);
    }
    scenario.tables = tables.into();
    assert_sound(&scenario, "ports");
}

#[test]
fn the_same_scenario_gives_the_same_plans() {
    let scenario = county(102);
    assert_eq!(plans(&scenario), plans(&scenario));
}

#[test]
fn without_money_nothing_that_costs_is_built() {
    let mut scenario = county(103);
    for programme in &mut scenario.programmes {
        programme.budget = Budget::Total(Pence::ZERO);
    }
    for row in rows(&scenario) {
        assert_eq!(row.cost, Some(Pence::ZERO), "{}", row.name);
    }
}

#[test]
fn with_money_for_all_every_strategy_connects_all_that_can_be_reached() {
    let mut scenario = county(104);
    for programme in &mut scenario.programmes {
        programme.budget = Budget::Total(Pence::new(100_000_000_000));
    }
    let rows = rows(&scenario);
    for row in &rows {
        assert_eq!(row.coverage, rows[0].coverage, "{}", row.name);
        assert_eq!(row.below(&rows[0]), Some(0.0));
    }
    // What is shared from the start is never dearer than what is shared by chance.
    let cost =
        |strategy: Strategy| rows.iter().find(|row| row.name == strategy.name()).unwrap().cost;
    assert!(cost(Strategy::TreeFirst) <= cost(Strategy::RankAndSkip));
}

#[test]
fn a_strategy_that_breaks_a_rule_does_not_count() {
    let mut scenario = county(105);
    scenario.rules.limits = vec![Limit {
        clause: Clause::everyone(),
        quantity: Quantity::Weight(SITES.to_owned()),
        at_least: None,
        at_most: Some(Weight::from_thousandths(1000)),
    }];
    let found = found(&scenario, 2_000_000);
    assert!(found.own.counts() && found.own.status == Some(found.outcome.status));
    let broken: Vec<&StrategyRow> = found.rows.iter().filter(|row| !row.counts()).collect();
    assert!(!broken.is_empty(), "strategies know no quotas");
    for row in broken {
        assert!(row.violations.iter().any(|own| own.code.0 == "V250"), "{:?}", row.violations);
        assert!(row.coverage > found.own.coverage, "they cover more, by what is not allowed");
        assert_eq!(row.below(&found.own), None);
        assert_ne!(found.best().map(|best| best.name), Some(row.name));
    }
}

#[test]
fn a_question_without_a_plan_still_shows_what_strategies_come_to() {
    let mut scenario = county(106);
    scenario.rules.required = vec![scenario.tables.sites.rows[0].id.clone()];
    for programme in &mut scenario.programmes {
        programme.budget = Budget::Total(Pence::ZERO);
    }
    let found = found(&scenario, 2_000_000);
    assert_eq!((found.own.coverage, found.own.cost, found.own.bound), (None, None, None));
    assert!(!found.own.counts());
    assert_eq!(found.rows.len(), Strategy::ALL.len());
    assert!(found.rows.iter().all(|row| row.below(&found.own).is_none()));
}
