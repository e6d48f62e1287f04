//! Frontiers and explanations of small random scenarios against plans that are proven best.

use fibreplan::effort::Effort;
use fibreplan::internals::random::Random;
use fibreplan::model::{Budget, Scenario};
use fibreplan::network::{Prepared, prepare};
use fibreplan::observe::Silent;
use fibreplan::read::{ReadOptions, read_scenario};
use fibreplan::report::FrontierSummary;
use fibreplan::solve::{SolveOptions, solve_prepared};
use fibreplan::status::Status;
use fibreplan::study::frontier::{FrontierOptions, FrontierPoint, frontier};
use fibreplan::study::why_not::{Entry, WhyNotOptions, why_not};
use fibreplan::units::Pence;
use fibreplan::write::frontier_text;

use crate::plans::scenario;

fn effort() -> SolveOptions {
    Effort::of_work(8_000_000).into()
}

fn why_options() -> WhyNotOptions {
    let mut options = WhyNotOptions::default();
    options.effort = effort().effort;
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
    options.effort = effort().effort;
    options.points = 5;
    options.nested = nested;
    options.more = vec![Pence::new(100_000)];
    frontier(prepared, scenario, &options, &mut Silent).expect("a frontier").points
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
            let found = point.coverage.expect("a plan").thousandths();
            assert!(found <= coverage.achieved.raw(), "case {case}");
            let ceiling = point.ceiling.expect("a ceiling").thousandths();
            assert!(ceiling >= coverage.achieved.raw(), "case {case}");
            assert_eq!(point.status == Status::Optimal, found == ceiling, "case {case}");
            tried += 1;
            best += u32::from(found == coverage.achieved.raw());
            for more in &point.more {
                assert!(more.gain.expect("plans") <= more.at_most.expect("a bound"), "case {case}");
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
        let mut options = FrontierOptions::default();
        options.effort = effort.effort.clone();
        assert!(frontier(&prepared, &scenario, &options, &mut Silent).is_ok());
        let mut what = WhyNotOptions::default();
        what.effort = effort.effort;
        assert!(why_not(&prepared, &scenario, &what, &mut Silent).is_ok());
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
fn a_budget_proven_too_small_is_so_for_nested_plans() {
    let folder = crate::project("data/market-town");
    let scenario = read_scenario(&folder, &ReadOptions::new()).unwrap().scenario;
    let prepared = prepare(&scenario).unwrap();
    for nested in [false, true] {
        let mut options = FrontierOptions::default();
        options.effort = effort().effort;
        (options.points, options.nested) = (3, nested);
        options.from = Some(Pence::new(2_000_000));
        let poorest = &frontier(&prepared, &scenario, &options, &mut Silent).unwrap().points[0];
        assert_eq!((poorest.status, poorest.coverage), (Status::Infeasible, None), "{nested}");
        assert!(poorest.outcome.reasons[0].starts_with("I401: "), "{:?}", poorest.outcome.reasons);
    }
}

#[test]
fn what_a_forced_site_loses_is_bracketed_by_proof_and_plan() {
    let (mut tried, mut exact) = (0, 0);
    for (case, scenario, prepared) in cases(900) {
        let mut what = why_options();
        what.up_to = 1;
        let explained = why_not(&prepared, &scenario, &what, &mut Silent).unwrap();
        let covers = explained.outcome.coverage().expect("a plan").achieved.raw();
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
            let loses = covers - other.achieved.raw();
            if why.connected {
                let worth = why.worth_at_least.expect("a bound").thousandths();
                assert!(worth <= loses.max(0), "case {case} {}", why.id);
                continue;
            }
            let least = why.loses_at_least.expect("a bound").thousandths();
            assert!(least <= loses, "case {case} {}", why.id);
            let found = why.forced.as_ref().map(|forced| forced.coverage.thousandths());
            assert!(
                found.is_none_or(|found| found <= other.achieved.raw()),
                "case {case} {}",
                why.id
            );
            tried += 1;
            exact += u32::from(found == Some(other.achieved.raw()));
        }
    }
    assert!(tried > 150 && 10 * exact > 8 * tried, "{exact} of {tried} found best");
}

fn enters(entry: Option<Entry>) -> bool {
    matches!(entry, Some(Entry::Between { .. }))
}

#[test]
fn a_quoted_entry_budget_is_one() {
    let folder = crate::project("data/market-town");
    let scenario = read_scenario(&folder, &ReadOptions::default()).unwrap().scenario;
    let prepared = prepare(&scenario).unwrap();
    let mut what = why_options();
    let all = why_not(&prepared, &scenario, &what, &mut Silent).unwrap();
    what.bracket = Pence::from_whole_pounds(100);
    let waiting: Vec<String> =
        all.sites.iter().filter(|why| enters(why.entry)).map(|why| why.id.clone()).collect();
    assert!(!waiting.is_empty());
    for id in waiting {
        what.sites = vec![id.clone()];
        let named = why_not(&prepared, &scenario, &what, &mut Silent).unwrap();
        let Some(Entry::Between { not_at, at }) = named.sites[0].entry else {
            panic!("{id} has no entry budget");
        };
        assert!(at.get() - not_at.get() <= 10_000, "{id}: {not_at} to {at}");
        for (budget, enters) in [(at, true), (not_at, false)] {
            let other = self::at(&scenario, budget);
            let outcome = solve_prepared(&prepared, &other, &effort(), &mut Silent).unwrap();
            let plan = outcome.plan.expect("a plan");
            assert_eq!(plan.connected.contains(&id), enters, "{id} at GBP {budget}");
        }
    }
}

/// Every programme asked for as much as the sites of a town need, and next to no time to find it.
fn hasty(points: usize) -> FrontierOptions {
    let mut options = FrontierOptions::default();
    options.effort.work = Some(1);
    options.effort.seconds = Some(0.0);
    options.effort.gap = 0.0;
    options.points = points;
    options
}

#[test]
fn without_a_plan_there_is_no_coverage_and_no_gap() {
    let mut without = 0;
    for (case, mut scenario, prepared) in cases(60) {
        let ids = scenario.tables.sites.rows.iter().map(|site| site.id.clone());
        scenario.rules.required = ids.take(2).collect();
        let found = frontier(&prepared, &scenario, &hasty(4), &mut Silent).expect("a frontier");
        let line = serde_json::to_value(FrontierSummary::of(&scenario, &found)).expect("JSON");
        for (point, told) in found.points.iter().zip(line["points"].as_array().expect("rows")) {
            assert_eq!(told["coverage"].is_null(), point.coverage.is_none(), "case {case}");
            assert_eq!(told["gap"].is_null(), point.gap().is_none(), "case {case}");
        }
        assert!(frontier_text(&found).lines().all(|line| line.chars().count() <= 100));
        for point in found.points {
            assert_eq!(point.coverage.is_some(), point.outcome.plan.is_some(), "case {case}");
            if point.coverage.is_none() {
                without += 1;
                assert!(
                    matches!(point.status, Status::Infeasible | Status::Unknown),
                    "case {case}"
                );
                assert_eq!(point.gap(), None, "case {case}");
                assert!(point.more.iter().all(|more| more.gain.is_none()), "case {case}");
            }
            if let Some(ceiling) = point.ceiling {
                let richer = at(&scenario, point.budget);
                let outcome = solve_prepared(&prepared, &richer, &effort(), &mut Silent).unwrap();
                let best = outcome.coverage().map(|own| own.achieved.raw());
                assert!(best.is_none_or(|best| best <= ceiling.thousandths()), "case {case}");
            }
        }
    }
    assert!(without > 10, "{without} points without a plan");
}

#[test]
fn a_study_of_what_has_no_plan_says_why() {
    let (_, mut scenario, prepared) = cases(1).next().expect("a case");
    scenario.rules.required = vec![scenario.tables.sites.rows[0].id.clone()];
    for programme in &mut scenario.programmes {
        programme.budget = Budget::Total(Pence::new(1));
    }
    let explained = why_not(&prepared, &scenario, &why_options(), &mut Silent).expect("an answer");
    assert_eq!(explained.outcome.status, Status::Infeasible);
    assert!(explained.sites.is_empty() && !explained.outcome.reasons.is_empty());
}
