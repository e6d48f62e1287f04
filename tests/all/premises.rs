//! Premises passed: counted once along what is built, planned for with a proof, against brute force.

use std::collections::BTreeMap;
use std::sync::Arc;

use fibreplan::check::{check, check_totals};
use fibreplan::engine::Solution;
use fibreplan::funding::fund;
use fibreplan::ids::{JunctionIx, SpanIx};
use fibreplan::internals::question::{Question, assemble, question};
use fibreplan::internals::random::Random;
use fibreplan::made_up::County;
use fibreplan::model::{Budget, Objective, PREMISES, Quantity, Rules, Scenario, Waypoint};
use fibreplan::network::{Prepared, prepare};
use fibreplan::observe::Silent;
use fibreplan::plan::{Origin, Outcome, PlanSpan, premises_passed};
use fibreplan::read::{ReadOptions, read_scenario};
use fibreplan::report::Report;
use fibreplan::solve::{SolveOptions, solve};
use fibreplan::status::Status;
use fibreplan::study::frontier::{FrontierOptions, frontier};
use fibreplan::study::programmes::{ProgrammesOptions, programmes};
use fibreplan::study::strategies::{StrategiesOptions, strategies};
use fibreplan::study::why_not::{WhyNotOptions, why_not};
use fibreplan::units::{Amount, Millimetres, Pence, Weight};
use fibreplan::write::Replace;
use fibreplan::write::summary;

use crate::plans::{rooted, scenario};
use crate::random_plan;
use crate::rules::add_rules;
use crate::scratch::Scratch;

/// What a plan covers, by weight of the objective, and what it costs.
type Worth = (Vec<i64>, i64);

/// Premises on about half of the waypoints and spans, dozens here and there. Waypoints stand at sites and
/// exchanges, too, and now and then there is more money.
fn add_premises(random: &mut Random, scenario: &mut Scenario) {
    if random.one_in(2) {
        for programme in &mut scenario.programmes {
            let Budget::Total(money) = programme.budget.clone() else { continue };
            programme.budget = Budget::Total(money + money + money);
        }
    }
    let tables = Arc::make_mut(&mut scenario.tables);
    let sites = tables.sites.rows.iter().map(|site| site.at);
    let exchanges = tables.exchanges.rows.iter().map(|exchange| exchange.at);
    let places = sites.chain(exchanges).map(|at| Waypoint { at, premises_passed: 0 });
    tables.waypoints.extend(places);
    tables.waypoints.sort_by_key(|waypoint| waypoint.at);
    tables.waypoints.dedup_by_key(|waypoint| waypoint.at);
    let mut some = || random.pick(&[0, 0, 1, 2, 3, 12]);
    tables.waypoints.iter_mut().for_each(|waypoint| waypoint.premises_passed = some());
    tables.spans.iter_mut().for_each(|span| span.premises_passed = some());
}

/// Premises that a tree passes, by the network's own junctions and spans.
fn passed_by(prepared: &Prepared, question: &Question, above: &[(u32, usize, u32)]) -> i64 {
    let junctions = prepared.junctions().len();
    let held = above.iter().map(|entry| entry.0 as usize).filter(|&node| node < junctions);
    let at = held.map(|node| prepared.premises_at(JunctionIx::new(node)));
    let spans = above.iter().filter_map(|&(_, edge, _)| question.span(u32::try_from(edge).ok()?));
    let along = spans.map(|span| prepared.premises_along(span));
    i64::from(at.chain(along).sum::<u32>()) * 1000
}

/// The best of all plans that the checker passes, by trying every set of edges of the question that counts
/// sites; `None` when there is none.
fn best_of(
    scenario: &Scenario,
    prepared: &Prepared,
    plain: &Question,
    beats: impl Fn(&Worth, &Worth) -> bool,
) -> Option<Worth> {
    let instance = &plain.instance;
    let names = scenario.objective_weights();
    let mut best: Option<Worth> = None;
    for chosen in 0..1_u32 << instance.edges.len() {
        let edges: Vec<u32> =
            (0..).take(instance.edges.len()).filter(|e| chosen >> e & 1 == 1).collect();
        let places: Vec<usize> = edges.iter().map(|&edge| edge as usize).collect();
        let Some(above) = rooted(plain, &places) else { continue };
        let ends = above.iter().all(|&(node, _, _)| {
            plain.building(node).is_some() || above.iter().any(|&(_, _, parent)| parent == node)
        });
        if !ends {
            continue;
        }
        let sites = above.iter().filter_map(|&(node, _, _)| plain.building(node));
        let sites = sites.flat_map(|building| &prepared.buildings()[building.at()].sites);
        let sites: Vec<_> = sites.map(|&site| scenario.tables.site(site)).collect();
        let weigh = |name: &&str| match *name {
            PREMISES => passed_by(prepared, plain, &above),
            name => {
                let open = sites.iter().filter(|site| !scenario.forbids(site));
                let weights = open.filter_map(|site| scenario.weight(name, site));
                weights.map(|own| own.weight.thousandths()).sum()
            }
        };
        let cost = edges.iter().map(|&edge| instance.edges[edge as usize].cost).sum();
        let worth: Worth = (names.iter().map(weigh).collect(), cost);
        if best.as_ref().is_some_and(|best| !beats(&worth, best)) {
            continue;
        }
        let solution = Solution { nodes: Vec::new(), edges };
        let built = assemble(prepared, scenario, plain, &solution).expect("a plan");
        if let Ok(funding) = fund(scenario, &built)
            && check(scenario, &funding.complete(&built)).is_empty()
        {
            best = Some(worth);
        }
    }
    best
}

/// Random scenarios with premises, small enough for brute force; the question counts sites.
fn cases(
    count: u64,
    salt: u64,
    objective: impl Fn(&mut Random) -> Objective,
) -> impl Iterator<Item = (u64, Scenario, Prepared, Question)> {
    (0..count).filter_map(move |case| {
        let mut random = Random::new(case * 91 + salt);
        let mut scenario = match case % 3 {
            0 => random_plan::scenario(&mut random),
            _ => scenario(&mut random, 1 + case % 4 / 2, case % 5 == 0),
        };
        if case % 4 == 1 {
            add_rules(&mut random, &mut scenario);
            // Floors and quotas count sites.
            let of_sites = |quantity: &Quantity| *quantity != Quantity::Weight(PREMISES.to_owned());
            assert!(scenario.rules.limits.iter().all(|limit| of_sites(&limit.quantity)));
            // Nothing is both required and forbidden: that would be a fault.
            let Rules { required, forbidden, .. } = &mut scenario.rules;
            forbidden.retain(|id| !required.contains(id));
        }
        add_premises(&mut random, &mut scenario);
        // Rules and objectives may name what these tables have not: that is a fault, and no case.
        scenario.judged().ok()?;
        let prepared = prepare(&scenario).expect("a network");
        let plain = question(&prepared, &scenario).expect("a question");
        scenario.objective = objective(&mut random);
        scenario.judged().ok()?;
        let small = (2..=12).contains(&plain.instance.edges.len());
        small.then_some((case, scenario, prepared, plain))
    })
}

fn plan(scenario: &Scenario) -> Outcome {
    let mut options = SolveOptions::default();
    options.effort.work = Some(8_000_000);
    let outcome = solve(scenario, &options).expect("an outcome");
    if let Some(plan) = &outcome.plan {
        assert_eq!(check(scenario, plan), vec![]);
        assert_eq!(check_totals(scenario, &outcome), vec![]);
    }
    outcome
}

fn maximise(names: &[&str]) -> Objective {
    Objective::Maximise(names.iter().map(|&name| name.to_owned()).collect())
}

#[test]
fn most_premises_are_found_and_proven() {
    let (mut tried, mut infeasible, mut some) = (0, 0, 0);
    for (case, scenario, prepared, plain) in cases(6000, 3, |_| maximise(&[PREMISES])) {
        let optimum = best_of(&scenario, &prepared, &plain, |one, other| one.0 > other.0);
        let outcome = plan(&scenario);
        tried += 1;
        let Some((covers, _)) = optimum else {
            assert_eq!((&outcome.plan, outcome.status), (&None, Status::Infeasible), "case {case}");
            infeasible += 1;
            continue;
        };
        some += usize::from(covers[0] > 0);
        let first = &outcome.objectives[0];
        assert!(first.achieved.raw() <= covers[0], "case {case}");
        assert!(first.bound.map(Amount::raw) >= Some(covers[0]), "case {case}");
        assert_eq!(
            (first.achieved.raw(), first.bound.map(Amount::raw)),
            (covers[0], Some(covers[0])),
            "case {case}"
        );
        assert_eq!(outcome.status, Status::Optimal, "case {case}");
    }
    assert!(tried > 2000 && some > 700 && infeasible > 50, "{tried}, {some}, {infeasible}");
}

#[test]
fn premises_in_a_list_are_met_in_their_order() {
    let (mut tried, mut proven) = (0, 0);
    let list = |random: &mut Random| {
        let other = random.pick(&["sites", "patients"]);
        maximise(&if random.one_in(2) { [PREMISES, other] } else { [other, PREMISES] })
    };
    for (case, scenario, prepared, plain) in cases(3000, 7, list) {
        let optimum = best_of(&scenario, &prepared, &plain, |one, other| one.0 > other.0);
        let outcome = plan(&scenario);
        let Some((covers, _)) = optimum else {
            assert_eq!(outcome.status, Status::Infeasible, "case {case}");
            continue;
        };
        let mut settled = true;
        for (result, &covers) in outcome.objectives.iter().zip(&covers) {
            assert!(!settled || result.achieved.raw() <= covers, "case {case}");
            assert!(!settled || result.bound.map(Amount::raw) >= Some(covers), "case {case}");
            settled &= result.status == Status::Optimal;
            assert!(!settled || result.achieved.raw() == covers, "case {case}");
        }
        tried += 1;
        proven += usize::from(settled);
        assert!(settled, "case {case}: {:?} {covers:?}", outcome.objectives);
    }
    assert!(tried > 900, "{tried} cases, {proven} proven");
}

#[test]
fn a_target_of_premises_is_met_at_the_least_cost() {
    let (mut tried, mut infeasible) = (0, 0);
    let target = |random: &mut Random| {
        let at_least = Weight::from_units(random.below(20));
        Objective::MinimiseCostFor { weight: PREMISES.to_owned(), at_least }
    };
    for (case, scenario, prepared, plain) in cases(3000, 11, target) {
        let optimum = best_of(&scenario, &prepared, &plain, |one, other| one.1 < other.1);
        let outcome = plan(&scenario);
        tried += 1;
        let Some((_, cost)) = optimum else {
            assert_eq!((&outcome.plan, outcome.status), (&None, Status::Infeasible), "case {case}");
            infeasible += 1;
            continue;
        };
        assert_eq!((outcome.cost.get(), outcome.status), (cost, Status::Optimal), "case {case}");
    }
    assert!(tried > 900 && infeasible > 100, "{tried} cases, {infeasible} infeasible");
}

#[test]
fn premises_worth_money_are_planned_for_net_of_cost() {
    let (mut tried, mut infeasible, mut some) = (0, 0, 0);
    let net = |random: &mut Random| {
        let pounds =
            |random: &mut Random, each: i64| Pence::from_whole_pounds(random.between(0, 4) * each);
        let mut per_unit = BTreeMap::from([(PREMISES.to_owned(), pounds(random, 150))]);
        per_unit.insert(random.pick(&["sites", "patients"]).to_owned(), pounds(random, 500));
        Objective::MaximiseNetBenefit { per_unit }
    };
    for (case, scenario, prepared, plain) in cases(4000, 17, net) {
        let worth = |(covers, cost): &Worth| {
            scenario.objective.net_benefit(covers, Pence::new(*cost)).expect("a worth").get()
        };
        let beats = |one: &Worth, other: &Worth| worth(one) > worth(other);
        let optimum = best_of(&scenario, &prepared, &plain, beats);
        let outcome = plan(&scenario);
        tried += 1;
        let Some(best) = optimum else {
            assert_eq!((&outcome.plan, outcome.status), (&None, Status::Infeasible), "case {case}");
            infeasible += 1;
            continue;
        };
        some += usize::from(worth(&best) > 0);
        let first = &outcome.objectives[0];
        let best = worth(&best);
        assert_eq!(
            (first.achieved.raw(), first.bound.map(Amount::raw)),
            (best, Some(best)),
            "case {case}"
        );
        assert_eq!(outcome.status, Status::Optimal, "case {case}");
    }
    assert!(tried > 1500 && some > 300 && infeasible > 30, "{tried}, {some}, {infeasible}");
}

fn shipped(name: &str) -> Scenario {
    let folder = crate::project("data").join(name);
    read_scenario(&folder, &ReadOptions::new()).expect("a scenario").scenario
}

fn county(seed: u64) -> Scenario {
    let scratch = Scratch::empty();
    let folder = scratch.path().join("county");
    County { seed, sites: 40, waypoints: 300 }.write(&folder, Replace::Same).expect("a county");
    let mut scenario = read_scenario(&folder, &ReadOptions::new()).expect("a scenario").scenario;
    scenario.objective = maximise(&[PREMISES]);
    scenario
}

fn effort(work: u64) -> SolveOptions {
    let mut options = SolveOptions::default();
    options.effort.work = Some(work);
    options
}

#[test]
fn where_no_objective_counts_premises_the_question_knows_none() {
    for name in ["county", "market-town"] {
        let scenario = shipped(name);
        let mut bare = scenario.clone();
        let tables = Arc::make_mut(&mut bare.tables);
        tables.waypoints.iter_mut().for_each(|waypoint| waypoint.premises_passed = 0);
        tables.spans.iter_mut().for_each(|span| span.premises_passed = 0);
        let asked = |scenario: &Scenario| {
            let prepared = prepare(scenario).expect("a network");
            question(&prepared, scenario).expect("a question")
        };
        let (one, other) = (asked(&scenario), asked(&bare));
        assert_eq!(one.edge_items, other.edge_items, "{name}");
        assert_eq!(format!("{:?}", one.instance), format!("{:?}", other.instance), "{name}");
        assert_eq!(one.halfway, 0);
    }
}

#[test]
fn the_halves_of_a_span_add_up_to_it_and_are_one_item() {
    let mut scenario = shipped("market-town");
    let plain = {
        let prepared = prepare(&scenario).expect("a network");
        question(&prepared, &scenario).expect("a question")
    };
    scenario.objective = maximise(&[PREMISES]);
    let prepared = prepare(&scenario).expect("a network");
    let halved = question(&prepared, &scenario).expect("a question");
    let sum = |question: &Question| {
        let mut costs: BTreeMap<Option<SpanIx>, i64> = BTreeMap::new();
        for (edge, place) in question.instance.edges.iter().zip(0..) {
            *costs.entry(question.span(place)).or_default() += edge.cost;
        }
        costs
    };
    assert_eq!(sum(&halved), sum(&plain));
    assert!(halved.halfway > 10);
    assert_eq!(halved.instance.edges.len(), plain.instance.edges.len() + halved.halfway);
    let all: i64 = halved.instance.prizes.iter().sum();
    let pieces = (0..prepared.spans().len()).map(SpanIx::new);
    assert_eq!(
        all,
        pieces.map(|span| i64::from(prepared.premises_along(span)) * 1000).sum::<i64>()
    );
    let whole: u32 = scenario.tables.spans.iter().map(|span| span.premises_passed).sum();
    let built = scenario.tables.spans.iter().filter(|span| span.existing || span.barrier);
    let lost: u32 = built.map(|span| span.premises_passed).sum();
    assert_eq!(all, i64::from(whole - lost) * 1000);
}

#[test]
fn the_checker_counts_premises_from_the_plan_alone() {
    let mut scenario = shipped("market-town");
    scenario.objective = maximise(&["patients", PREMISES]);
    let mut outcome = plan(&scenario);
    let achieved = outcome.objectives[1].achieved.raw();
    assert!(achieved > 0 && outcome.objectives[1].name == PREMISES);
    let built = outcome.plan.clone().expect("a plan");
    assert_eq!(premises_passed(&scenario, &built).thousandths(), achieved);
    // A span cut in two passes no less and no more.
    let mut cut = built.clone();
    let long = |span: &PlanSpan| span.source_id.is_some() && span.origin == Origin::Input;
    let place = cut.spans.iter().position(long).expect("a span of the input");
    let mut rest = cut.spans[place].clone();
    let from = rest.from.unwrap_or_default().get();
    let middle = Some(Millimetres::new(from + rest.length.get() / 3));
    cut.spans[place].to = middle;
    rest.from = middle;
    cut.spans.push(rest);
    assert_eq!(premises_passed(&scenario, &cut).thousandths(), achieved);
    let more = outcome.objectives[1].achieved.raw() / 1000 + 1;
    outcome.objectives[1].achieved = fibreplan::units::Amount::Count(more);
    let codes: Vec<String> =
        check_totals(&scenario, &outcome).iter().map(|own| own.code.to_string()).collect();
    assert!(
        !codes.is_empty() && codes.iter().all(|code| code == "V261" || code == "V264"),
        "{codes:?}"
    );
}

#[test]
fn strategies_count_what_their_plans_pass() {
    let scenario = county(401);
    let prepared = prepare(&scenario).expect("a network");
    let bound = plan(&scenario).objectives[0].bound.map(Amount::raw).expect("a bound");
    let mut options = StrategiesOptions::default();
    options.effort.work = Some(0);
    let found = strategies(&prepared, &scenario, &options, &mut Silent).expect("plans");
    for row in found.rows {
        assert!(row.counts(), "{}: {:?}", row.name, row.violations);
        let passed = premises_passed(&scenario, row.plan.as_ref().expect("a plan"));
        assert_eq!(Some(passed), row.coverage, "{}", row.name);
        assert!(passed > Weight::ZERO && passed.thousandths() <= bound, "{}", row.name);
    }
}

#[test]
fn frontiers_explanations_and_programmes_know_premises() {
    let scenario = county(402);
    let prepared = prepare(&scenario).expect("a network");
    let mut options = FrontierOptions::default();
    options.points = 4;
    options.effort = effort(20_000_000).effort;
    let found = frontier(&prepared, &scenario, &options, &mut Silent).expect("a frontier");
    let points = found.points;
    for point in &points {
        assert!(point.coverage.is_some() && point.coverage <= point.ceiling);
        let built = point.outcome.plan.as_ref().expect("a plan");
        assert_eq!(Some(premises_passed(&scenario, built)), point.coverage);
    }
    assert!(points.windows(2).all(|pair| pair[0].coverage <= pair[1].coverage));
    let mut what = WhyNotOptions::default();
    what.effort = effort(20_000_000).effort;
    what.up_to = 1;
    let why = why_not(&prepared, &scenario, &what, &mut Silent);
    let why = why.expect("an explanation");
    let covers = why.outcome.objectives[0].achieved.raw();
    let forced = why.sites.iter().filter_map(|site| Some((site, site.forced.as_ref()?)));
    for (site, forced) in forced {
        let loses = site.loses_at_least.expect("a bound").thousandths();
        assert!(forced.coverage.thousandths() <= covers - loses || loses == 0, "{}", site.id);
    }
    let mut options = ProgrammesOptions::default();
    options.effort = effort(3_000_000).effort;
    let table = programmes(&prepared, &scenario, &options, &mut Silent).expect("plans");
    for row in &table.rows {
        assert_eq!(row.violations, [], "{:?}", row.way);
        if let [plan] = &row.plans[..] {
            assert_eq!(Some(premises_passed(&scenario, plan)), row.coverage, "{:?}", row.way);
        }
    }
}

#[test]
fn the_summary_says_what_is_passed_whatever_is_asked_for() {
    let scenario = shipped("market-town");
    let outcome = plan(&scenario);
    let report = Report::of(&scenario, &outcome);
    let passed = premises_passed(&scenario, outcome.plan.as_ref().expect("a plan"));
    assert!(passed > Weight::ZERO);
    assert_eq!(report.premises_passed, Some(passed));
    let text = summary(&scenario, &outcome, &report, &[]);
    assert!(
        text.split_whitespace()
            .collect::<Vec<_>>()
            .join(" ")
            .contains(&format!("passes {passed} premises"))
    );
    let mut hub = scenario;
    hub.objective = maximise(&[PREMISES]);
    let outcome = plan(&hub);
    let text = summary(&hub, &outcome, &Report::of(&hub, &outcome), &[]);
    assert!(text.contains("- The plan passes "), "{text}");
}
