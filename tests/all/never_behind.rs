//! The joint search is never behind a simpler way with as much effort: any order of the programmes, any strategy.

use fibreplan::made_up::County;
use fibreplan::model::{Budget, Scenario};
use fibreplan::network::prepare;
use fibreplan::observe::Silent;
use fibreplan::read::{ReadOptions, read_scenario};
use fibreplan::study::programmes::{ProgrammesOptions, Way, programmes};
use fibreplan::study::strategies::{StrategiesOptions, strategies};
use fibreplan::units::Pence;
use fibreplan::write::Replace;

use crate::scratch::Scratch;

/// The joint plan covers at least as much as every row that keeps all rules; each programme's turn has so much
/// work, the joint plan that of all turns.
fn assert_ahead(scenario: &Scenario, work: u64, case: &str) {
    let prepared = prepare(scenario).unwrap();
    let mut options = ProgrammesOptions::default();
    options.effort.work = Some(work);
    let table = programmes(&prepared, scenario, &options, &mut Silent).unwrap();
    let joint = table.joint_row().unwrap().coverage.unwrap();
    for row in &table.rows {
        let counts = row.violations.is_empty() && row.coverage.is_some();
        if matches!(row.way, Way::InOrder(_)) && counts {
            let covers = row.coverage.unwrap();
            assert!(covers <= joint, "{case}: {:?} covers {covers:?}, not {joint:?}", row.way);
        }
    }
    let mut options = StrategiesOptions::default();
    options.effort.work = Some(work);
    let found = strategies(&prepared, scenario, &options, &mut Silent).unwrap();
    for row in found.rows.iter().filter(|row| row.counts()) {
        assert!(row.coverage <= found.own.coverage, "{case}: {} is ahead", row.name);
    }
}

fn read(folder: &std::path::Path) -> Scenario {
    read_scenario(folder, &ReadOptions::new()).unwrap().scenario
}

#[test]
fn the_joint_plan_is_not_behind_on_shipped_scenarios() {
    for (name, work) in
        [("market-town", 4_000_000), ("market-town-presets", 4_000_000), ("county", 30_000_000)]
    {
        assert_ahead(&read(&crate::project("data").join(name)), work, name);
    }
}

#[test]
fn the_joint_plan_is_not_behind_on_random_counties() {
    for seed in 1..=12 {
        let scratch = Scratch::empty();
        let folder = scratch.path().join("county");
        County { seed, sites: 24, waypoints: 200 }.write(&folder, Replace::Same).unwrap();
        let shipped = read(&folder);
        assert_ahead(&shipped, 2_000_000, &format!("county {seed}"));
        let poorer = with_pounds(&shipped, [60_000, 90_000]);
        assert_ahead(&poorer, 2_000_000, &format!("county {seed} with less"));
    }
}

/// The scenario with other budgets.
fn with_pounds(scenario: &Scenario, pounds: [i64; 2]) -> Scenario {
    let mut other = scenario.clone();
    for (programme, pounds) in other.programmes.iter_mut().zip(pounds) {
        programme.budget = Budget::Total(Pence::from_whole_pounds(pounds));
    }
    other
}
