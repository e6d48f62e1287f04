//! Frontiers and explanations of small random scenarios against plans that are proven best.

use fibreplan::model::{Budget, Scenario};
use fibreplan::network::{Prepared, prepare};
use fibreplan::observe::Silent;
use fibreplan::random::Random;
use fibreplan::read::{ReadOptions, read_scenario};
use fibreplan::solve::{SolveOptions, solve_prepared};
use fibreplan::status::Status;
use fibreplan::study::frontier::{FrontierOptions, FrontierPoint, frontier};
use fibreplan::study::why_not::{WhyOptions, why_not};
use fibreplan::units::Pence;

use crate::plans::scenario;

fn effort() -> SolveOptions {
    let mut options = SolveOptions::default();
    options.effort.work = Some(8_000_000);
    options
}

fn cases(count: u64) -> impl Iterator<Item = (u64, Scenario, Prepared)> {
    (0..count).map(|case| {
        let mut random = Random::new(case * 13 + 1);
        let scenario = scenario(&mut random, 1 + case % 3, case % 4 == 0);
        let prepared = prepare(&scenario).expect("a network");
        (case, scenario, prepared)
    })
}

fn points(scenario: &Scenario, prepared: &Prepared, nested: bool) -> Vec<FrontierPoint> {
    let mut options = FrontierOptions::default();
    options.points = 5;
    options.nested = nested;
    options.more = vec![Pence::new(100_000)];
    frontier(prepared, scenario, &effort(), &options, &mut Silent).expect("a frontier")
}

/// The scenario with another sum of budgets, in proportion to the pence.
fn at(scenario: &Scenario, budget: Pence) -> Scenario {
    let own: i64 = scenario.programmes.iter().map(|own| own.budget.total().get()).sum();
    let mut other = scenario.clone();
    let mut left = budget.get();
    for programme in &mut other.programmes {
        let share = programme.budget.total().get() * budget.get() / own.max(1);
        left -= share;
        programme.budget = Budget::Total(Pence::new(share));
    }
    for programme in &mut other.programmes {
        let more = left.min(1);
        left -= more;
        programme.budget = Budget::Total(programme.budget.total() + Pence::new(more));
    }
    other
}

#[test]
fn points_of_a_frontier_hold_the_best_plan_between_coverage_and_ceiling() {
    let (mut tried, mut best) = (0, 0);
    for (case, scenario, prepared) in cases(300) {
        let points = points(&scenario, &prepared, false);
        for pair in points.windows(2) {
            assert!(pair[0].budget <= pair[1].budget && pair[0].ceiling <= pair[1].ceiling);
            assert!(pair[0].coverage <= pair[1].coverage, "case {case}: more money covers less");
        }
        for point in &points {
            let richer = at(&scenario, point.budget);
            let outcome = solve_prepared(&prepared, &richer, &effort(), &mut Silent).unwrap();
            let coverage = outcome.coverage().expect("a plan");
            assert_eq!(outcome.status, Status::Optimal, "case {case}");
            assert!(point.coverage.thousandths() <= coverage.achieved, "case {case}");
            assert!(point.ceiling.thousandths() >= coverage.achieved, "case {case}");
            tried += 1;
            best += u32::from(point.coverage.thousandths() == coverage.achieved);
            for more in &point.more {
                assert!(more.gain <= more.at_most, "case {case}");
            }
        }
    }
    assert_eq!(best, tried, "points found best");
}

#[test]
fn seconds_that_are_no_number_allow_no_time() {
    let (_, scenario, prepared) = cases(1).next().expect("a case");
    for seconds in [f64::NAN, -1.0, f64::NEG_INFINITY] {
        let mut effort = effort();
        effort.effort.seconds = Some(seconds);
        assert!(solve_prepared(&prepared, &scenario, &effort, &mut Silent).is_ok());
        let options = FrontierOptions::default();
        assert!(frontier(&prepared, &scenario, &effort, &options, &mut Silent).is_ok());
        let what = WhyOptions::default();
        assert!(why_not(&prepared, &scenario, &effort, &what, &mut Silent).is_ok());
    }
}

#[test]
fn nested_plans_contain_each_other_and_cover_no_more() {
    for (case, scenario, prepared) in cases(300) {
        let free = points(&scenario, &prepared, false);
        let nested = points(&scenario, &prepared, true);
        for (free, nested) in free.iter().zip(&nested) {
            assert!(nested.coverage <= free.ceiling, "case {case}");
        }
        for pair in nested.windows(2) {
            let plan = |place: usize| pair[place].outcome.plan.as_ref().expect("a plan");
            let holds = |id: &String| plan(1).connected.contains(id);
            assert!(plan(0).connected.iter().all(holds), "case {case}");
            let spans = |id: &String| plan(1).spans.iter().any(|span| span.id == *id);
            assert!(plan(0).spans.iter().map(|span| &span.id).all(spans), "case {case}");
        }
    }
}

#[test]
fn what_a_forced_site_loses_is_bracketed_by_proof_and_plan() {
    let (mut tried, mut exact) = (0, 0);
    for (case, scenario, prepared) in cases(900) {
        let mut what = WhyOptions::default();
        what.up_to = 1;
        let explained = why_not(&prepared, &scenario, &effort(), &what, &mut Silent).unwrap();
        let covers = explained.outcome.coverage().expect("a plan").achieved;
        for why in &explained.sites {
            let mut changed = scenario.clone();
            if why.connected {
                let ix = scenario.tables.site_by_id(&why.id).expect("a site");
                let mut buildings = prepared.buildings().iter();
                let own = buildings.find(|own| own.sites.contains(&ix)).expect("a building");
                let ids = own.sites.iter().map(|&ix| scenario.tables.site(ix).id.clone());
                changed.rules.forbidden = ids.collect();
            } else {
                changed.rules.required = vec![why.id.clone()];
            }
            let outcome = solve_prepared(&prepared, &changed, &effort(), &mut Silent).unwrap();
            let Some(other) = outcome.coverage() else {
                assert_eq!(why.forced, None, "case {case} {}", why.id);
                continue;
            };
            let loses = covers - other.achieved;
            if why.connected {
                assert!(why.worth_at_least.thousandths() <= loses.max(0), "case {case} {}", why.id);
                continue;
            }
            assert!(why.loses_at_least.thousandths() <= loses, "case {case} {}", why.id);
            let found = why.forced.as_ref().map(|forced| forced.coverage.thousandths());
            assert!(found.is_none_or(|found| found <= other.achieved), "case {case} {}", why.id);
            tried += 1;
            exact += u32::from(found == Some(other.achieved));
        }
    }
    assert!(tried > 150 && 10 * exact > 8 * tried, "{exact} of {tried} found best");
}

#[test]
fn a_quoted_entry_budget_is_one() {
    let folder = crate::project("data/market-town");
    let scenario = read_scenario(&folder, &ReadOptions::default()).unwrap().scenario;
    let prepared = prepare(&scenario).unwrap();
    let mut what = WhyOptions::default();
    let all = why_not(&prepared, &scenario, &effort(), &what, &mut Silent).unwrap();
    what.bracket = Pence::from_whole_pounds(100);
    let waiting: Vec<String> =
        all.sites.iter().filter(|why| why.entry.is_some()).map(|why| why.id.clone()).collect();
    assert!(!waiting.is_empty());
    for id in waiting {
        what.sites = vec![id.clone()];
        let named = why_not(&prepared, &scenario, &effort(), &what, &mut Silent).unwrap();
        let entry = named.sites[0].entry.expect("an entry budget");
        assert!(entry.at.get() - entry.not_at.get() <= 10_000, "{id}: {entry:?}");
        for (budget, enters) in [(entry.at, true), (entry.not_at, false)] {
            let other = at(&scenario, budget);
            let outcome = solve_prepared(&prepared, &other, &effort(), &mut Silent).unwrap();
            let plan = outcome.plan.expect("a plan");
            assert_eq!(plan.connected.contains(&id), enters, "{id} at GBP {budget}");
        }
    }
}
