//! Rules beyond money in the optimisation: groups, floors, quotas, routes and ports, against brute force.

use std::sync::Arc;

use fibreplan::check::{check, check_totals};
use fibreplan::engine::Solution;
use fibreplan::funding::fund;
use fibreplan::internals::question::{Question, assemble, question};
use fibreplan::internals::random::Random;
use fibreplan::model::{Clause, Limit, MissingPolicy, Objective, Quantity, Scenario, Test};
use fibreplan::network::{Prepared, prepare};
use fibreplan::plan::Outcome;
use fibreplan::solve::{SolveOptions, solve};
use fibreplan::status::Status;
use fibreplan::units::{Amount, Pence, Weight};

use crate::plans::{rooted, scenario};

fn among(column: &str, value: &str) -> Clause {
    let test = Test::Is { column: column.to_owned(), is: vec![value.to_owned()] };
    Clause::Test { test, missing: MissingPolicy::Unknown }
}

fn limit(random: &mut Random) -> Limit {
    let clause = if random.one_in(3) { Clause::All(Vec::new()) } else { among("class", "a") };
    let (quantity, step) = match random.below(4) {
        0 => (Quantity::Weight("sites".to_owned()), 1_000),
        1 => (Quantity::Pounds, 900_000),
        _ => (Quantity::Weight("patients".to_owned()), 2_000),
    };
    let amount = |random: &mut Random| Weight::from_thousandths(random.between(0, 3) * step);
    let at_least = random.one_in(2).then(|| amount(random));
    let at_most = (at_least.is_none() || random.one_in(4)).then(|| amount(random));
    let at_most = at_most.map(|most| at_least.map_or(most, |least| most.max(least)));
    Limit { clause, quantity, at_least, at_most }
}

/// Some rules, one or two at a time.
pub fn add_rules(random: &mut Random, scenario: &mut Scenario) {
    let ids: Vec<String> = scenario.tables.sites.rows.iter().map(|site| site.id.clone()).collect();
    let any = |random: &mut Random| ids[random.place(ids.len())].clone();
    for _ in 0..=random.below(2) {
        match random.below(7) {
            0 => {
                let group = [any(random), any(random)];
                if group[0] != group[1] {
                    scenario.rules.groups.push(group.to_vec());
                }
            }
            1 | 2 => scenario.rules.limits.push(limit(random)),
            3 => scenario.rules.max_reach_mm = Some(random.pick(&[150_000, 280_000, 420_000])),
            4 => scenario.rules.max_hops = Some(1 + random.below(3)),
            5 => {
                let tables = Arc::make_mut(&mut scenario.tables);
                for exchange in &mut tables.exchanges.rows {
                    exchange.ports = Some(1 + random.below(2));
                }
            }
            _ => scenario.rules.required = vec![any(random)],
        }
    }
}

/// What a plan covers, by weight of the objective, and what it costs.
type Worth = (Vec<i64>, i64);

/// The best of all plans that the checker passes, by trying every set of edges; `None` when there is none.
fn best_of(
    scenario: &Scenario,
    prepared: &Prepared,
    question: &Question,
    beats: impl Fn(&Worth, &Worth) -> bool,
) -> Option<Worth> {
    let instance = &question.instance;
    let mut best: Option<Worth> = None;
    for chosen in 0..1_u32 << instance.edges.len() {
        let edges: Vec<u32> =
            (0..).take(instance.edges.len()).filter(|e| chosen >> e & 1 == 1).collect();
        let places: Vec<usize> = edges.iter().map(|&edge| edge as usize).collect();
        let Some(above) = rooted(question, &places) else { continue };
        let mut covers = vec![0; scenario.objective_weights().len()];
        for building in above.iter().filter_map(|&(node, _, _)| question.building(node)) {
            for (sum, own) in covers.iter_mut().zip(&question.building_terms[building.at()].brings)
            {
                *sum += own;
            }
        }
        let cost = edges.iter().map(|&edge| instance.edges[edge as usize].cost).sum();
        let worth = (covers, cost);
        let ends = above.iter().all(|&(node, _, _)| {
            question.building(node).is_some() || above.iter().any(|&(_, _, parent)| parent == node)
        });
        if best.as_ref().is_some_and(|best| !beats(&worth, best)) || !ends {
            continue;
        }
        let solution = Solution { nodes: Vec::new(), edges };
        let plan = assemble(prepared, scenario, question, &solution).expect("a plan");
        if let Ok(funding) = fund(scenario, &plan)
            && check(scenario, &funding.complete(&plan)).is_empty()
        {
            best = Some(worth);
        }
    }
    best
}

/// Random scenarios with rules, small enough for brute force.
fn cases(count: u64, salt: u64) -> impl Iterator<Item = (u64, Scenario, Prepared, Question)> {
    (0..count).filter_map(move |case| {
        let mut random = Random::new(case * 77 + salt);
        let mut scenario = scenario(&mut random, 1 + case % 3, case % 5 == 0);
        if salt != LIST || case % 2 == 0 {
            add_rules(&mut random, &mut scenario);
        }
        match salt {
            LIST => {
                let mut list = vec!["sites".to_owned(), "patients".to_owned()];
                list.rotate_left(random.place(2));
                scenario.objective = Objective::Maximise(list);
            }
            TARGET => {
                let weight = random.pick(&["sites", "patients"]).to_owned();
                let at_least = Weight::from_thousandths(random.between(0, 4) * 1_000);
                scenario.objective = Objective::MinimiseCostFor { weight, at_least };
            }
            NET => {
                let worth =
                    |random: &mut Random, most| Pence::new(random.between(0, most) * 20_011);
                let sites = ("sites".to_owned(), worth(&mut random, 20));
                let patients = ("patients".to_owned(), worth(&mut random, 12));
                let per_unit = [sites, patients].into_iter().skip(random.place(2)).collect();
                scenario.objective = Objective::MaximiseNetBenefit { per_unit };
            }
            _ => {}
        }
        let prepared = prepare(&scenario).expect("a network");
        let question = question(&prepared, &scenario).expect("a question");
        (question.instance.edges.len() <= 11).then_some((case, scenario, prepared, question))
    })
}

const MOST: u64 = 5;
const LIST: u64 = 9;
const TARGET: u64 = 13;
const NET: u64 = 17;

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

#[test]
fn plans_under_rules_are_optimal_and_proven() {
    let (mut tried, mut infeasible) = (0, 0);
    for (case, scenario, prepared, question) in cases(3000, MOST) {
        let optimum = best_of(&scenario, &prepared, &question, |one, other| one.0 > other.0);
        let outcome = plan(&scenario);
        tried += 1;
        let Some((covers, _)) = optimum else {
            assert_eq!((&outcome.plan, outcome.status), (&None, Status::Infeasible), "case {case}");
            infeasible += 1;
            continue;
        };
        assert_eq!(outcome.status, Status::Optimal, "case {case}");
        let first = &outcome.objectives[0];
        assert_eq!(
            (first.achieved.raw(), first.bound.map(Amount::raw)),
            (covers[0], Some(covers[0])),
            "case {case}"
        );
    }
    assert!(tried > 1500 && infeasible > 100, "{tried} cases, {infeasible} infeasible");
}

#[test]
fn lists_of_objectives_are_met_in_their_order() {
    let mut tried = 0;
    for (case, scenario, prepared, question) in cases(1000, LIST) {
        let optimum = best_of(&scenario, &prepared, &question, |one, other| one.0 > other.0);
        let outcome = plan(&scenario);
        let Some((covers, _)) = optimum else {
            assert_eq!(outcome.status, Status::Infeasible, "case {case}");
            continue;
        };
        let achieved = |place: usize| {
            let result = &outcome.objectives[place];
            (result.achieved.raw(), result.bound.map(Amount::raw), result.status)
        };
        for (place, &covers) in covers.iter().enumerate() {
            assert_eq!(achieved(place), (covers, Some(covers), Status::Optimal), "case {case}");
        }
        tried += 1;
    }
    assert!(tried > 500, "{tried} cases");
}

#[test]
fn targets_are_met_at_the_least_cost() {
    let (mut tried, mut infeasible) = (0, 0);
    for (case, scenario, prepared, question) in cases(2000, TARGET) {
        let optimum = best_of(&scenario, &prepared, &question, |one, other| one.1 < other.1);
        let outcome = plan(&scenario);
        tried += 1;
        let Some((_, cost)) = optimum else {
            assert_eq!((&outcome.plan, outcome.status), (&None, Status::Infeasible), "case {case}");
            infeasible += 1;
            continue;
        };
        assert_eq!((outcome.cost.get(), outcome.status), (cost, Status::Optimal), "case {case}");
        let first = &outcome.objectives[0];
        assert_eq!(
            (first.name.as_str(), first.bound.map(Amount::raw)),
            ("cost", Some(cost)),
            "case {case}"
        );
    }
    assert!(tried > 1000 && infeasible > 100, "{tried} cases, {infeasible} infeasible");
}

#[test]
fn net_benefit_is_the_most_there_is_and_proven() {
    let (mut tried, mut infeasible, mut losses, mut unworthy) = (0, 0, 0, 0);
    for (case, scenario, prepared, question) in cases(3000, NET) {
        let net = |worth: &Worth| scenario.objective.net_benefit(&worth.0, Pence::new(worth.1));
        let optimum = best_of(&scenario, &prepared, &question, |one, other| net(one) > net(other));
        let outcome = plan(&scenario);
        tried += 1;
        let Some(best) = optimum else {
            assert_eq!((&outcome.plan, outcome.status), (&None, Status::Infeasible), "case {case}");
            infeasible += 1;
            continue;
        };
        let best = net(&best).map(Pence::get);
        let first = &outcome.objectives[0];
        assert_eq!(
            (first.name.as_str(), outcome.status),
            ("net_benefit", Status::Optimal),
            "case {case}"
        );
        assert_eq!(
            (Some(first.achieved.raw()), first.bound.map(Amount::raw)),
            (best, best),
            "case {case}"
        );
        losses += u32::from(first.achieved.raw() < 0);
        for left in outcome.plan.iter().flat_map(|plan| &plan.left_out) {
            let pence =
                |name: &str| left.reason.numbers().get(name).and_then(serde_json::Value::as_i64);
            if left.code().0 == "U361" {
                assert!(pence("worth_pence") <= pence("added_cost_pence"), "case {case}");
                unworthy += 1;
            }
        }
    }
    assert!(tried > 1500 && infeasible > 100 && losses > 10, "{tried}, {infeasible}, {losses}");
    assert!(unworthy > 100, "{unworthy} sites are not worth their cost");
}

/// The numbers in `at_least of rules.limits[K] lowered from A to B of ...`: K and B.
fn lowered(reason: &str) -> Option<(usize, Weight)> {
    let rest = reason.strip_prefix("Mend: at_least of rules.limits[")?;
    let (place, rest) = rest.split_once("] lowered from ")?;
    let (_, rest) = rest.split_once(" to ")?;
    let (amount, _) = rest.split_once(" of ")?;
    Some((place.parse().ok()?, Weight::from_text(amount).ok()?))
}

#[test]
fn mends_of_rules_are_enough_and_what_is_proven_impossible_is() {
    let (mut mended, mut proven) = (0, 0);
    for (case, scenario, _, _) in cases(2000, MOST) {
        let outcome = plan(&scenario);
        for reason in &outcome.reasons {
            let mut eased = scenario.clone();
            if let Some((place, amount)) = lowered(reason) {
                eased.rules.limits[place - 1].at_least = Some(amount);
                assert!(plan(&eased).plan.is_some(), "case {case}: {reason}");
                mended += 1;
            } else if reason.starts_with("Mend: without rules.groups[1]") {
                eased.rules.groups.remove(0);
                assert!(plan(&eased).plan.is_some(), "case {case}: {reason}");
                mended += 1;
            } else if reason.starts_with("I421") {
                assert_eq!(outcome.status, Status::Infeasible, "case {case}");
                proven += 1;
            }
        }
    }
    assert!(mended > 30 && proven > 30, "{mended} mended, {proven} proven");
}
