//! Who may pay for a building: many distinct sets of programmes, the empty set, and more than can be counted.

use std::collections::BTreeMap;

use fibreplan::check::check;
use fibreplan::error::ErrorKind;
use fibreplan::geometry::{Crs, Position};
use fibreplan::model::{
    Clause, ExchangeRow, MissingPolicy, NetworkSettings, Objective, Programme, RateCard, Scenario,
    SiteRow, TablesDraft, Test,
};
use fibreplan::plan::Outcome;
use fibreplan::solve::{SolveOptions, solve};
use fibreplan::status::Status;
use fibreplan::units::{Pence, Rate, Weight};

fn at(x: f64, y: f64) -> Position {
    Position { crs: Crs::BritishGrid, x: 300_000.0 + x, y: 100_000.0 + y }
}

fn among(ids: Vec<String>) -> Clause {
    Clause::Test { test: Test::Ids(ids), missing: MissingPolicy::Unknown }
}

fn plan(scenario: &Scenario) -> Outcome {
    let outcome = solve(scenario, &SolveOptions::default()).unwrap();
    if let Some(plan) = &outcome.plan {
        assert_eq!(check(scenario, plan), vec![]);
    }
    outcome
}

/// The sites `first` to `last` on a grid, the first of them beside the only exchange; programme `p` may pay for site `n` where bit `p`
/// of `n` is set, so that every site has a set of payers of its own.
pub fn every_set(first: usize, last: usize, drop_pounds: i64, pot_pounds: i64) -> Scenario {
    let id = |number: usize| format!("S{number:04}");
    #[allow(clippy::cast_precision_loss)] // small numbers
    let place = |number: usize| at((number % 20) as f64 * 40.0, (number / 20) as f64 * 40.0);
    let mut draft =
        TablesDraft::default().exchange(ExchangeRow::new("X", at(-40.0, 0.0), Pence::ZERO));
    for number in first..=last {
        draft = draft.site(SiteRow::new(&id(number), "school", place(number)));
    }
    let rate = Rate::from_pounds_per_metre("0.01").unwrap();
    let drop = Pence::from_whole_pounds(drop_pounds);
    let card = RateCard::new("2019-20", drop).method("verge", rate, "made up");
    let programmes = (0..9).filter_map(|bit| {
        let own: Vec<String> =
            (first..=last).filter(|number| number >> bit & 1 == 1).map(id).collect();
        // A programme for nobody is a fault.
        (!own.is_empty()).then(|| Programme {
            eligible: among(own),
            ..Programme::new(&format!("p{bit}"), Pence::from_whole_pounds(pot_pounds))
        })
    });
    let network = NetworkSettings::sites("verge");
    Scenario::new("every-set", draft.build().unwrap(), network, card, programmes.collect())
}

#[test]
fn buildings_of_every_set_of_payers_are_planned() {
    for last in [254, 255, 256, 300] {
        let outcome = plan(&every_set(1, last, 100, 10_000));
        assert_eq!(outcome.status, Status::Optimal, "{last} sets");
        assert_eq!(outcome.plan.unwrap().connected.len(), last);
    }
}

#[test]
fn a_building_of_the_last_of_many_sets_can_be_required() {
    let mut scenario = every_set(1, 300, 100, 2_000);
    scenario.rules.required = (280..=300).map(|number| format!("S{number:04}")).collect();
    let mut options = SolveOptions::default();
    options.effort.work = Some(20_000_000);
    let outcome = solve(&scenario, &options).unwrap();
    let plan = outcome.plan.expect("a plan");
    assert_eq!(check(&scenario, &plan), vec![]);
    assert!(scenario.rules.required.iter().all(|id| plan.connected.contains(id)));
}

#[test]
fn many_sets_are_planned_at_the_least_cost() {
    let mut scenario = every_set(1, 300, 100, 10_000);
    let at_least = Weight::from_thousandths(300_000);
    scenario.objective = Objective::MinimiseCostFor { weight: "sites".to_owned(), at_least };
    let mut options = SolveOptions::default();
    options.effort.work = Some(20_000_000);
    let outcome = solve(&scenario, &options).unwrap();
    assert_eq!(outcome.plan.expect("a plan").connected.len(), 300);
}

#[test]
fn whoever_can_ride_free_is_not_said_to_have_no_payer() {
    // Drops cost nothing, and nobody may pay for site 0: it rides where others have built.
    let free = plan(&every_set(0, 8, 0, 1_000));
    assert_eq!(free.plan.unwrap().connected.len(), 9);
    // Where the pots have no money for any route, it is the money that is wanted.
    let poor = plan(&every_set(0, 8, 0, 0));
    let left = poor.plan.expect("a plan of what is free").left_out;
    let reason = |id: &str| left.iter().find(|left| left.id == id).map(|left| left.code().0);
    assert_ne!(reason("S0000"), Some("U301"), "{left:?}");
    // A drop that costs something needs a payer.
    let dear = plan(&every_set(0, 8, 100, 1_000));
    let left = dear.plan.unwrap().left_out;
    assert_eq!(left.iter().map(|left| left.code().0).collect::<Vec<_>>(), ["U301"]);
}

#[test]
fn more_programmes_than_can_be_counted_are_refused() {
    for count in [13, 64, 65, 1000] {
        let mut scenario = every_set(1, 4, 100, 1_000);
        let pot = |place: usize| Programme::new(&format!("q{place}"), Pence::from_whole_pounds(10));
        scenario.programmes = (0..count).map(pot).collect();
        let error = solve(&scenario, &SolveOptions::default()).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Faults, "{count} programmes: {error}");
    }
}

#[test]
fn worths_that_cannot_be_counted_are_refused_and_never_cut() {
    let mut scenario = every_set(1, 4, 100, 1_000);
    let per_unit = BTreeMap::from([("sites".to_owned(), Pence::new(1 << 57))]);
    scenario.objective = Objective::MaximiseNetBenefit { per_unit };
    let error = solve(&scenario, &SolveOptions::default()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Faults, "{error}");
    assert!(error.faults().iter().any(|fault| fault.code.to_string() == "O106"), "{error}");
}
