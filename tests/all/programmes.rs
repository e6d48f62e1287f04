//! Programmes apart, in order, jointly and merged: every plan is checked, and the order of what they
//! cover is as it must be.

use std::sync::Arc;

use fibreplan::check::check;
use fibreplan::funding::fund;
use fibreplan::geometry::{Crs, Position};
use fibreplan::internals::random::Random;
use fibreplan::made_up::County;
use fibreplan::model::{
    Bar, BarScope, Budget, Cap, CapScope, Clause, ExchangeRow, MissingPolicy, NetworkSettings,
    Programme, RateCard, Scenario, SiteRow, TablesDraft, Test,
};
use fibreplan::network::prepare;
use fibreplan::observe::Silent;
use fibreplan::read::{ReadOptions, read_scenario};
use fibreplan::status::Status;
use fibreplan::study::programmes::{Programmes, ProgrammesOptions, ProgrammesRow, Way, programmes};
use fibreplan::units::{Pence, Rate, Share, Weight};
use fibreplan::write::Replace;

use crate::plans;
use crate::scratch::Scratch;

fn options(work: u64) -> ProgrammesOptions {
    let mut options = ProgrammesOptions::default();
    options.effort.work = Some(work);
    options
}

fn table(scenario: &Scenario, work: u64) -> Programmes {
    programmes(&prepare(scenario).unwrap(), scenario, &options(work), &mut Silent).unwrap()
}

fn row<'t>(table: &'t Programmes, way: &Way) -> &'t ProgrammesRow {
    table.rows.iter().find(|row| row.way == *way).unwrap()
}

/// What holds of every table, whatever the search found.
fn assert_sound(scenario: &Scenario, table: &Programmes, case: &str) {
    let ceiling = row(table, &Way::Merged).bound.unwrap();
    for row in &table.rows {
        assert_eq!(row.violations, [], "{case}: {:?}", row.way);
        let paid: Pence =
            row.plans.iter().flat_map(|plan| &plan.payments).map(|payment| payment.pence).sum();
        assert_eq!(Some(paid), row.cost, "{case}: {:?}", row.way);
        assert!(row.coverage.unwrap() <= ceiling, "{case}: {:?} above the ceiling", row.way);
        if row.way != Way::Merged {
            assert_eq!(row.spent.iter().copied().sum::<Pence>(), paid);
            for (spent, programme) in row.spent.iter().zip(&scenario.programmes) {
                assert!(*spent <= programme.available(), "{case}: {:?}", row.way);
            }
        }
        // A plan of all programmes is one of the joint question, but for what it requires.
        let bound = table.joint_row().and_then(|joint| joint.bound);
        let is_joint = scenario.rules.required.is_empty() && matches!(row.way, Way::InOrder(_));
        if let Some(bound) = bound.filter(|_| is_joint) {
            assert!(row.coverage.unwrap() <= bound, "{case}: {:?} above the joint bound", row.way);
            assert_eq!(check(scenario, &row.plans[0]), [], "{case}");
            assert!(fund(scenario, &row.plans[0]).is_ok(), "{case}");
        }
    }
}

/// Coverage of the best plan of each programme alone is part of every plan in which it comes first.
fn assert_first_come_first_served(table: &Programmes, case: &str) {
    let apart = row(table, &Way::Apart);
    for row in &table.rows {
        let Way::InOrder(order) = &row.way else { continue };
        let first = &apart.plans[order[0]];
        for id in &first.connected {
            assert!(row.plans[0].connected.contains(id), "{case}: {id} in {order:?}");
        }
        for payment in &first.payments {
            assert!(row.plans[0].payments.contains(payment), "{case}: {payment:?}");
        }
    }
}

fn rural() -> Clause {
    let test = Test::Rurality(vec!["rural".to_owned()]);
    Clause::Test { test, missing: MissingPolicy::Unknown }
}

/// A trench of GBP 1,000, then a site of each programme at its end, drops GBP 100.
fn one_trench(town: i64, country: i64) -> Scenario {
    let at =
        |x: f64, y: f64| Position { crs: Crs::BritishGrid, x: 300_000.0 + x, y: 100_000.0 + y };
    let urban = {
        let test = Test::Rurality(vec!["urban".to_owned()]);
        Clause::Test { test, missing: MissingPolicy::Unknown }
    };
    let draft = TablesDraft::default()
        .exchange(ExchangeRow::new("X", at(0.0, 0.0), Pence::ZERO))
        .site(SiteRow::new("T", "school", at(1000.0, 0.0)).rurality("urban"))
        .site(
            SiteRow {
                building_id: Some("C".to_owned()),
                ..SiteRow::new("C", "school", at(1000.0, 0.0))
            }
            .rurality("rural"),
        );
    let rate = Rate::from_pounds_per_metre("1").unwrap();
    let card =
        RateCard::new("2019-20", Pence::from_whole_pounds(100)).method("verge", rate, "made up");
    let network =
        NetworkSettings { detour_millionths: 1_000_000, ..NetworkSettings::sites("verge") };
    let programmes = vec![
        Programme { eligible: urban, ..Programme::new("town", Pence::from_whole_pounds(town)) },
        Programme {
            eligible: rural(),
            ..Programme::new("country", Pence::from_whole_pounds(country))
        },
    ];
    Scenario::new("one-trench", draft.build().unwrap(), network, card, programmes)
}

fn sites(table: &Programmes) -> Vec<usize> {
    table.rows.iter().map(|row| row.sites.unwrap()).collect()
}

#[test]
fn who_shares_a_trench_and_who_rides_on_it() {
    // Rows: apart, town first, country first, jointly, merged.
    let shared = table(&one_trench(700, 700), 1_000_000);
    assert_eq!(sites(&shared), [0, 0, 0, 2, 2], "only together can they dig");
    let rides = table(&one_trench(1200, 150), 1_000_000);
    assert_eq!(sites(&rides), [1, 2, 1, 2, 2], "the country rides once the town has dug");
    let twice = table(&one_trench(1200, 1200), 1_000_000);
    assert_eq!(sites(&twice), [2, 2, 2, 2, 2]);
    assert_eq!(
        twice.rows[0].cost.unwrap().get() - twice.rows[1].cost.unwrap().get(),
        twice.rows[3].cost.unwrap().get() - 20_000
    );
    for (table, scenario) in [(&shared, one_trench(700, 700)), (&rides, one_trench(1200, 150))] {
        assert_sound(&scenario, table, "one trench");
        assert_first_come_first_served(table, "one trench");
    }
}

#[test]
fn more_money_is_worth_what_a_new_plan_shows() {
    let scenario = one_trench(700, 450);
    let prepared = prepare(&scenario).unwrap();
    let mut options = options(1_000_000);
    options.raise = Some(Pence::from_whole_pounds(100));
    let worths = programmes(&prepared, &scenario, &options, &mut Silent).unwrap().worths;
    // GBP 1,200 and a few pence are needed: 50 short, which either may bring.
    let gains: Vec<Option<Weight>> = worths.iter().map(|worth| worth.gain).collect();
    assert_eq!(gains, [Some(Weight::from_thousandths(2000)); 2]);
    assert!(worths.iter().all(|worth| worth.at_most == worth.gain));
    assert!((worths[0].per_pound().unwrap() - 0.02).abs() < 1e-9);
}

#[test]
fn every_plan_of_random_scenarios_is_checked_and_below_the_bounds() {
    let mut random = Random::new(77);
    for case in 0..150 {
        let scenario = plans::scenario(&mut random, 2 + case % 2, false);
        let table = table(&scenario, 100_000);
        assert_eq!(table.rows.len(), if case % 2 == 0 { 5 } else { 9 });
        assert_sound(&scenario, &table, &format!("case {case}"));
        assert_first_come_first_served(&table, &format!("case {case}"));
    }
}

fn county(seed: u64) -> Scenario {
    let scratch = Scratch::empty();
    let folder = scratch.path().join("county");
    County { seed, sites: 40, waypoints: 300 }.write(&folder, Replace::Same).unwrap();
    read_scenario(&folder, &ReadOptions::new()).unwrap().scenario
}

#[test]
fn counties_keep_caps_rates_bars_and_ports_in_every_order() {
    let mut scenario = county(201);
    let third = Programme::new("council", Pence::from_whole_pounds(60_000));
    scenario.programmes.push(third);
    scenario.programmes[2].intervention_rate = Share::from_text("0.5").unwrap();
    assert_sound(&scenario, &table(&scenario, 3_000_000), "three programmes");
    scenario.programmes[1].cap = Cap { any: Some(Pence::new(1_500_000)), ..Cap::default() };
    assert_sound(&scenario, &table(&scenario, 1_000_000), "cap by site");
    scenario.programmes[1].cap_scope = CapScope::Programme;
    assert_sound(&scenario, &table(&scenario, 1_000_000), "cap by programme");
    scenario.programmes.truncate(2);
    scenario.programmes[0].not_with =
        vec![Bar { programme: "rgc".to_owned(), scope: BarScope::Item }];
    assert_sound(&scenario, &table(&scenario, 1_000_000), "bar by item");
    let mut tables = (*scenario.tables).clone();
    for exchange in &mut tables.exchanges.rows {
        exchange.ports = Some(2);
    }
    scenario.tables = Arc::new(tables);
    let limited = table(&scenario, 1_000_000);
    assert_sound(&scenario, &limited, "ports");
    assert_first_come_first_served(&limited, "ports");
}

#[test]
fn three_programmes_by_name_are_planned_in_all_six_orders() {
    let town = crate::project("data/market-town-presets");
    let scenario = read_scenario(&town, &ReadOptions::new()).unwrap().scenario;
    let table = table(&scenario, 4_000_000);
    assert_eq!(table.rows.len(), 9);
    assert_sound(&scenario, &table, "three by name");
    let joint = table.joint_row().unwrap();
    let council = &scenario.programmes[2];
    assert!(joint.spent[2] <= council.intervention_rate.of_rounded_down(joint.cost.unwrap()));
    assert!(
        table.rows.iter().all(|row| row.way == Way::Merged || row.ratio(joint).unwrap() <= 1.0)
    );
}

#[test]
fn the_market_town_requires_its_hospital_of_the_joint_plan_only() {
    let town = crate::project("data/market-town");
    let scenario = read_scenario(&town, &ReadOptions::new()).unwrap().scenario;
    let table = table(&scenario, 20_000_000);
    assert_sound(&scenario, &table, "market town");
    let joint = table.joint_row().unwrap();
    assert!(joint.plans[0].connected.contains(&"MT003".to_owned()));
    assert!(row(&table, &Way::Apart).coverage <= joint.coverage);
}

#[test]
fn a_joint_question_without_a_plan_is_a_row_that_says_so() {
    let mut scenario = one_trench(700, 700);
    scenario.rules.required = vec!["T".to_owned(), "C".to_owned()];
    for programme in &mut scenario.programmes {
        programme.budget = Budget::Total(Pence::from_whole_pounds(10));
    }
    let table = table(&scenario, 1_000_000);
    let joint = table.joint_row().unwrap();
    assert_eq!(joint.status, Some(Status::Infeasible));
    assert_eq!((joint.coverage, joint.cost, joint.sites, joint.bound), (None, None, None, None));
    assert!(!joint.reasons.is_empty() && !joint.counts());
    assert!(table.rows.iter().all(|row| row.ratio(joint).is_none()));
}
