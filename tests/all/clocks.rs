//! Time is looked at everywhere, and whoever asks to stop gets an answer: a plan that the checker accepts and a
//! bound that holds, from whatever stage it was. Nothing here is timed: an observer that is asked at every look
//! at the clock counts them, and asks to stop at one of them.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::time::Duration;

use fibreplan::check::check;
use fibreplan::effort::Effort;
use fibreplan::error::ErrorKind;
use fibreplan::made_up::County;
use fibreplan::model::{Limit, Objective, Quantity, Scenario, Variant};
use fibreplan::network::{Prepared, prepare, prepare_within};
use fibreplan::observe::{Event, Observer, Silent, Stop};
use fibreplan::plan::{LeftOutReason, Outcome};
use fibreplan::read::{
    ReadOptions, read_scenario, read_scenario_within, read_variants, read_variants_within,
};
use fibreplan::solve::{SolveOptions, solve, solve_prepared};
use fibreplan::status::Status;
use fibreplan::study::compare::{CompareOptions, compare};
use fibreplan::study::frontier::{FrontierOptions, frontier};
use fibreplan::study::programmes::{ProgrammesOptions, programmes};
use fibreplan::study::strategies::{StrategiesOptions, strategies};
use fibreplan::study::why_not::{WhyNotOptions, why_not};
use fibreplan::units::{Pence, Weight};
use fibreplan::write::{Replace, frontier_text, programmes_text, strategies_text, why_not_text};

use crate::project;
use crate::scratch::Scratch;

/// Hears every look at the clock, and asks to stop at one of them.
struct Counting {
    looks: u64,
    by_phase: BTreeMap<String, u64>,
    phase: String,
    stop_at: u64,
}

impl Counting {
    fn until(stop_at: u64) -> Self {
        Self { looks: 0, by_phase: BTreeMap::new(), phase: String::new(), stop_at }
    }
}

impl Observer for Counting {
    fn on(&mut self, event: &Event<'_>) -> ControlFlow<Stop> {
        if let Event::Phase { name } = event {
            (*name).clone_into(&mut self.phase);
        } else {
            *self.by_phase.entry(self.phase.clone()).or_default() += 1;
        }
        self.looks += 1;
        if self.looks >= self.stop_at {
            ControlFlow::Break(Stop)
        } else {
            ControlFlow::Continue(())
        }
    }

    fn pulse(&self) -> Duration {
        Duration::ZERO
    }
}

fn town() -> (Scenario, Prepared) {
    let folder = project("data/market-town");
    let scenario = read_scenario(&folder, &ReadOptions::default()).unwrap().scenario;
    let prepared = prepare(&scenario).unwrap();
    (scenario, prepared)
}

/// The town under every objective, and with rules that bind.
fn questions(scenario: &Scenario) -> Vec<(&'static str, Scenario)> {
    let asks = |objective: Objective| altered(scenario, |other| other.objective = objective);
    let names =
        |names: &[&str]| Objective::Maximise(names.iter().map(|&name| name.to_owned()).collect());
    let required: Vec<String> =
        scenario.tables.sites.rows.iter().take(1).map(|site| site.id.clone()).collect();
    let floor = Limit {
        clause: fibreplan::model::Clause::All(Vec::new()),
        quantity: Quantity::Weight("sites".to_owned()),
        at_least: Some(Weight::from_thousandths(3_000)),
        at_most: None,
    };
    vec![
        ("coverage", scenario.clone()),
        ("sites, then patients", asks(names(&["sites", "patients"]))),
        (
            "least cost",
            asks(Objective::MinimiseCostFor {
                weight: "sites".to_owned(),
                at_least: Weight::from_thousandths(4_000),
            }),
        ),
        (
            "net benefit",
            asks(Objective::MaximiseNetBenefit {
                per_unit: [("patients".to_owned(), Pence::new(2_000))].into(),
            }),
        ),
        ("required", altered(scenario, |other| other.rules.required = required)),
        ("a floor", altered(scenario, |other| other.rules.limits.push(floor))),
    ]
}

fn altered(scenario: &Scenario, change: impl FnOnce(&mut Scenario)) -> Scenario {
    let mut other = scenario.clone();
    change(&mut other);
    other
}

fn work(work: u64) -> Effort {
    let mut effort = Effort::default();
    effort.work = Some(work);
    effort
}

fn no_time() -> Effort {
    let mut effort = Effort::default();
    effort.seconds = Some(0.0);
    effort
}

/// An answer that was cut short, beside one that was not.
fn holds(what: &str, scenario: &Scenario, cut: &Outcome, whole: &Outcome) {
    assert_ne!(cut.status, Status::Infeasible, "{what}");
    let plan = cut.plan.as_ref().unwrap_or_else(|| panic!("{what}: no plan, {:?}", cut.reasons));
    assert!(check(scenario, plan).is_empty(), "{what}");
    let (first, best) = (cut.first().unwrap(), whole.first().unwrap());
    let Some(bound) = first.bound else { return };
    // What the other has found is a plan too.
    let (bound, found) = (bound.raw(), best.achieved.raw());
    if matches!(scenario.objective, Objective::MinimiseCostFor { .. }) {
        assert!(bound <= found, "{what}: {bound} above {found}");
    } else {
        assert!(bound >= found, "{what}: {bound} below {found}");
    }
}

#[test]
fn whoever_stops_at_any_look_has_a_plan_and_a_bound() {
    let (scenario, prepared) = town();
    for (what, question) in questions(&scenario) {
        let options = SolveOptions::from(work(3_000_000));
        let mut counting = Counting::until(u64::MAX);
        let whole = solve_prepared(&prepared, &question, &options, &mut counting).unwrap();
        holds(what, &question, &whole, &whole);
        for stage in ["start", "search", "explain"] {
            let looks = counting.by_phase.get(stage).copied().unwrap_or(0);
            let in_list = what == "least cost" && stage == "start";
            assert!(looks > 0 || in_list, "{what}: {stage} never looks at the clock");
        }
        // Early looks one by one, then ever farther apart, to the last.
        let mut stop_at = 1;
        while stop_at <= counting.looks {
            let mut stopping = Counting::until(stop_at);
            let cut = solve_prepared(&prepared, &question, &options, &mut stopping).unwrap();
            // What is required may be out of reach of what can be had at once.
            if cut.plan.is_some() || !matches!(what, "required" | "a floor" | "least cost") {
                holds(&format!("{what}, stopped at {stop_at}"), &question, &cut, &whole);
            }
            stop_at += 1 + stop_at / 4;
        }
    }
}

#[test]
fn a_limit_of_nothing_has_an_answer_for_every_objective() {
    let (scenario, prepared) = town();
    for (what, question) in questions(&scenario) {
        let whole = SolveOptions::from(work(3_000_000));
        let whole = solve_prepared(&prepared, &question, &whole, &mut Silent).unwrap();
        let options = SolveOptions::from(no_time());
        let cut = solve_prepared(&prepared, &question, &options, &mut Silent).unwrap();
        holds(what, &question, &cut, &whole);
        assert_eq!(cut.provenance.options.seconds, Some(0.0));
    }
}

#[test]
fn a_limit_of_nothing_has_an_answer_in_every_study() {
    let (scenario, prepared) = town();
    let mut budgets = FrontierOptions::default();
    (budgets.effort, budgets.points) = (no_time(), 4);
    let found = frontier(&prepared, &scenario, &budgets, &mut Silent).unwrap();
    assert_eq!(found.points.len(), 4);
    assert!(frontier_text(&found).lines().count() >= 4);

    let mut rivals = StrategiesOptions::default();
    rivals.effort = no_time();
    let found = strategies(&prepared, &scenario, &rivals, &mut Silent).unwrap();
    assert!(found.own.counts());
    assert_eq!(found.rows.len() + found.unfinished.len(), rivals.which.len());
    assert!(!strategies_text(&found).is_empty());

    let mut ways = ProgrammesOptions::default();
    (ways.effort, ways.raise) = (no_time(), Some(Pence::from_whole_pounds(1_000)));
    let found = programmes(&prepared, &scenario, &ways, &mut Silent).unwrap();
    let raises = scenario.programmes.len();
    let asked = 3 + if raises == 2 { 2 } else { 0 } + raises;
    assert_eq!(found.rows.len() + found.worths.len() + found.unfinished.len(), asked);
    assert!(found.joint.plan.is_some() && !programmes_text(&scenario, &found).is_empty());

    let mut why = WhyNotOptions::default();
    why.effort = no_time();
    let found = why_not(&prepared, &scenario, &why, &mut Silent).unwrap();
    assert_eq!(found.sites.len(), scenario.tables.sites.rows.len());
    assert!(!why_not_text(&scenario, &found).is_empty());

    let mut variants = CompareOptions::default();
    variants.effort = no_time();
    variants.variants = vec![Variant::new(
        "poorer",
        altered(&scenario, |other| {
            other.programmes.truncate(1);
        }),
    )];
    let found = compare(&prepared, &scenario, &variants, &mut Silent).unwrap();
    assert!(found.rows[0].coverage().is_some());
    assert_eq!(found.rows.len(), 2);
}

#[test]
fn whoever_stops_a_study_has_what_was_found_by_then() {
    let (scenario, prepared) = town();
    for stop_at in [1, 2, 5, 40, 400, 4_000] {
        let stopping = || Counting::until(stop_at);
        let mut budgets = FrontierOptions::default();
        (budgets.effort, budgets.points) = (work(300_000), 3);
        let found = frontier(&prepared, &scenario, &budgets, &mut stopping()).unwrap();
        assert_eq!(found.points.len(), 3);

        let mut rivals = StrategiesOptions::default();
        rivals.effort = work(300_000);
        let found = strategies(&prepared, &scenario, &rivals, &mut stopping()).unwrap();
        assert!(found.own.counts());
        assert_eq!(found.rows.len() + found.unfinished.len(), rivals.which.len());

        let mut ways = ProgrammesOptions::default();
        ways.effort = work(300_000);
        let found = programmes(&prepared, &scenario, &ways, &mut stopping()).unwrap();
        let asked = 3 + if scenario.programmes.len() == 2 { 2 } else { 0 };
        assert_eq!(found.rows.len() + found.unfinished.len(), asked);
        assert!(found.rows.iter().all(|row| row.violations.is_empty()));

        let mut why = WhyNotOptions::default();
        why.effort = work(300_000);
        let found = why_not(&prepared, &scenario, &why, &mut stopping()).unwrap();
        assert_eq!(found.sites.len(), scenario.tables.sites.rows.len());
        for site in found.sites.iter().filter(|site| found.unfinished.sites.contains(&site.id)) {
            // A reason that was not looked into is not made up.
            assert!(site.forced.is_none() && site.entry.is_none());
            assert!(
                site.connected
                    || site.recorded.as_ref().is_some_and(|own| own.code().0 == site.code)
            );
        }
    }
}

#[test]
fn explanations_that_there_is_no_time_for_say_so() {
    let left = fibreplan::plan::LeftOut::new("A", LeftOutReason::NotLookedInto);
    assert_eq!(left.code().0, "U380");
    assert_eq!(fibreplan::report::reason(&left), "time was up before it was looked into");
}

#[test]
fn a_clock_that_has_run_out_before_the_solve_leaves_it_no_more_time() {
    let (scenario, prepared) = town();
    let mut minute = Effort::default();
    minute.seconds = Some(60.0);
    let begun = std::time::Instant::now().checked_sub(Duration::from_secs(61)).unwrap();
    let late = SolveOptions::from(minute.started_at(begun));
    let none = SolveOptions::from(no_time());
    let solved = |options: &SolveOptions| {
        let mut counting = Counting::until(u64::MAX);
        let outcome = solve_prepared(&prepared, &scenario, options, &mut counting).unwrap();
        let bound = outcome.first().and_then(|first| first.bound);
        (outcome.plan, bound)
    };
    let (late, none) = (solved(&late), solved(&none));
    assert!(late.0.is_some());
    assert_eq!(late.0.map(|plan| plan.connected), none.0.map(|plan| plan.connected));
}

#[test]
fn where_time_is_up_before_a_large_plan_is_looked_for_nothing_is_claimed() {
    let scratch = Scratch::empty();
    let folder = scratch.path().join("county");
    County { seed: 3, sites: 30, waypoints: 130_000 }.write(&folder, Replace::Same).unwrap();
    let scenario = read_scenario(&folder, &ReadOptions::default()).unwrap().scenario;
    let prepared = prepare(&scenario).unwrap();
    let least = altered(&scenario, |other| {
        other.objective = Objective::MinimiseCostFor {
            weight: "patients".to_owned(),
            at_least: Weight::from_thousandths(1_000),
        };
    });
    for question in [scenario, least] {
        let mut options = SolveOptions::default();
        options.effort.seconds = Some(0.0);
        let outcome = solve_prepared(&prepared, &question, &options, &mut Silent).unwrap();
        assert_eq!((outcome.status, outcome.plan.is_some()), (Status::Unknown, false));
        assert!(outcome.first().is_none(), "{:?}", outcome.objectives);
        let reasons = outcome.reasons.join("; ");
        assert!(reasons.contains("I404: time was up"), "{reasons}");
    }
}

#[test]
fn reading_and_preparing_end_without_an_answer_where_there_is_no_time_for_one() {
    let (folder, options) = (project("data/market-town"), ReadOptions::new());
    let none = Effort::default();
    let mut at_once = Effort::default();
    at_once.seconds = Some(0.0);
    let error = read_scenario_within(&folder, &options, &at_once, &mut Silent).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Interrupted);
    assert!(error.to_string().starts_with("I404: time was up"), "{error}");
    let whole = read_scenario(&folder, &options).unwrap();
    let error = prepare_within(&whole.scenario, &at_once, &mut Silent).unwrap_err();
    assert!(error.to_string().starts_with("I404: time was up"), "{error}");
    // Whoever asks to stop is heard between any two stages; whoever does not gets the same as without limits.
    let mut looks = Counting::until(u64::MAX);
    let read = read_scenario_within(&folder, &options, &none, &mut looks).unwrap();
    assert_eq!(read, whole);
    assert!(looks.looks >= 5, "{}", looks.looks);
    for stop_at in 1..=looks.looks {
        let stops = &mut Counting::until(stop_at);
        let error = read_scenario_within(&folder, &options, &none, stops).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Interrupted, "{error}");
    }
    let mut looks = Counting::until(u64::MAX);
    let prepared = prepare_within(&whole.scenario, &none, &mut looks).unwrap();
    assert_eq!(prepared, prepare(&whole.scenario).unwrap());
    assert!(looks.looks >= 4, "{}", looks.looks);
    for stop_at in 1..=looks.looks {
        let stops = &mut Counting::until(stop_at);
        let error = prepare_within(&whole.scenario, &none, stops).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Interrupted, "{error}");
        assert!(error.to_string().starts_with("stopped before"), "{error}");
    }
}

#[test]
fn the_clock_is_looked_at_inside_long_tables_too() {
    let scratch = Scratch::empty();
    let folder = scratch.path().join("county");
    County { seed: 3, sites: 30, waypoints: 20_000 }.write(&folder, Replace::Same).unwrap();
    let (options, none) = (ReadOptions::new(), Effort::default());
    let town = looks_of_reading(&project("data/market-town"), u64::MAX).unwrap();
    let county = looks_of_reading(&folder, u64::MAX).unwrap();
    assert!(county >= town + 4, "{county} looks beside {town}");
    // One of these is in the middle of the waypoints.
    for stop_at in town - 3..=county {
        assert_eq!(looks_of_reading(&folder, stop_at).unwrap_err(), ErrorKind::Interrupted);
    }
    let variants = folder.join("variants.toml");
    let text = "[[variants]]\nname = \"dear\"\nset = { rate_card.drop_gbp = 3000 }\n";
    std::fs::write(&variants, text).unwrap();
    let whole = read_variants(&folder, &variants, &options).unwrap();
    let looks = &mut Counting::until(u64::MAX);
    let read = read_variants_within(&folder, &variants, &options, &none, looks).unwrap();
    assert!(read == whole && looks.looks > county, "{}", looks.looks);
    for stop_at in [1, county, looks.looks] {
        let stops = &mut Counting::until(stop_at);
        let error = read_variants_within(&folder, &variants, &options, &none, stops).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Interrupted, "{error}");
    }
}

/// How often the clock is looked at while a scenario is read.
fn looks_of_reading(folder: &std::path::Path, stop_at: u64) -> Result<u64, ErrorKind> {
    let looks = &mut Counting::until(stop_at);
    let read = read_scenario_within(folder, &ReadOptions::new(), &Effort::default(), looks);
    read.map(|_| looks.looks).map_err(|error| error.kind())
}

#[test]
fn solving_from_the_start_ends_without_an_answer_only_where_time_was_well_over() {
    let scenario =
        read_scenario(&project("data/market-town"), &ReadOptions::new()).unwrap().scenario;
    let outcome = solve(&scenario, &SolveOptions::from(no_time())).unwrap();
    assert!(outcome.plan.is_some());
    let long_ago = std::time::Instant::now().checked_sub(Duration::from_secs(9)).unwrap();
    let over = SolveOptions::from(no_time().started_at(long_ago));
    assert_eq!(solve(&scenario, &over).unwrap_err().kind(), ErrorKind::Interrupted);
}

#[test]
fn a_limit_on_work_ends_every_stage_with_the_same_plan_each_time() {
    let scratch = Scratch::empty();
    let folder = scratch.path().join("county");
    County { seed: 5, sites: 200, waypoints: 20_000 }.write(&folder, Replace::Same).unwrap();
    let scenario = read_scenario(&folder, &ReadOptions::default()).unwrap().scenario;
    let prepared = prepare(&scenario).unwrap();
    let solved = |work: u64| {
        let options = SolveOptions::from(Effort::of_work(work));
        solve_prepared(&prepared, &scenario, &options, &mut Silent).unwrap()
    };
    for work in [0, 1_000_000] {
        let (one, two) = (solved(work), solved(work));
        assert_eq!(one.plan, two.plan);
        assert_eq!(check(&scenario, &one.plan.unwrap()), []);
    }
}
