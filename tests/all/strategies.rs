//! The strategies of comparison on whole scenarios: what they plan is paid for and passes the checker.

use std::path::Path;

use fibreplan::made_up::County;
use fibreplan::model::{Budget, Cap, CapScope, Scenario};
use fibreplan::network::prepare;
use fibreplan::read::{ReadOptions, read_scenario};
use fibreplan::solve::{SolveOptions, solve};
use fibreplan::study::strategies::{Strategy, StrategyRow, strategies};
use fibreplan::units::{Pence, Share};
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

fn rows(scenario: &Scenario) -> Vec<StrategyRow> {
    strategies(&prepare(scenario).unwrap(), scenario, &Strategy::ALL).unwrap()
}

/// The rows without the time they took.
fn plans(scenario: &Scenario) -> Vec<(&'static str, fibreplan::plan::Plan)> {
    rows(scenario).into_iter().map(|row| (row.name, row.plan)).collect()
}

fn assert_sound(scenario: &Scenario, case: &str) {
    let mut options = SolveOptions::default();
    options.effort.work = Some(2_000_000);
    let outcome = solve(scenario, &options).unwrap();
    let bound = outcome.objectives[0].bound.unwrap();
    for row in rows(scenario) {
        assert_eq!(row.violations, [], "{case}: {}", row.name);
        assert_eq!(row.cost, row.plan.cost());
        let paid: Pence = row.plan.payments.iter().map(|payment| payment.pence).sum();
        assert_eq!(paid, row.cost, "{case}: {}", row.name);
        assert!(row.coverage.thousandths() <= bound, "{case}: {} above the bound", row.name);
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
        assert_eq!(row.cost, Pence::ZERO, "{}", row.name);
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
        assert!(row.below(&rows[0]).abs() < f64::EPSILON);
    }
    // What is shared from the start is never dearer than what is shared by chance.
    let cost =
        |strategy: Strategy| rows.iter().find(|row| row.name == strategy.name()).unwrap().cost;
    assert!(cost(Strategy::TreeFirst) <= cost(Strategy::RankAndSkip));
}
