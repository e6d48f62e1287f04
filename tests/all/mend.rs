//! Where there is no plan: the reason, and a mend that is enough, tried out by planning again.

use std::collections::BTreeSet;

use fibreplan::check::check;
use fibreplan::geometry::{Crs, Position};
use fibreplan::internals::question::question;
use fibreplan::internals::random::Random;
use fibreplan::model::{
    Budget, Cap, Clause, ExchangeRow, Limit, MissingPolicy, NetworkSettings, PaysFor, Programme,
    Quantity, RateCard, Scenario, SiteRow, SpanRow, TablesDraft, Test,
};
use fibreplan::network::prepare;
use fibreplan::plan::{Outcome, Raise};
use fibreplan::solve::{SolveOptions, solve};
use fibreplan::status::Status;
use fibreplan::units::{Pence, Rate, Share, Weight};

use crate::plans;

fn plan(scenario: &Scenario) -> Outcome {
    let mut options = SolveOptions::default();
    options.effort.work = Some(400_000);
    solve(scenario, &options).unwrap()
}

/// The scenario with the raises of an outcome, all but `short` pence of the first.
fn raised(scenario: &Scenario, raises: &[Raise], short: i64) -> Scenario {
    let mut richer = scenario.clone();
    for (place, raise) in raises.iter().enumerate() {
        let programme =
            richer.programmes.iter_mut().find(|programme| programme.id == raise.programme);
        let programme = programme.unwrap();
        let less = Pence::new(if place == 0 { short } else { 0 });
        programme.budget = Budget::Total(programme.budget.total() + raise.pence - less);
    }
    richer
}

fn class(value: &str) -> Clause {
    let test = Test::Is { column: "class".to_owned(), is: vec![value.to_owned()] };
    Clause::Test { test, missing: MissingPolicy::Unknown }
}

fn at(x: f64) -> Position {
    Position { crs: Crs::BritishGrid, x: 300_000.0 + x, y: 100_000.0 }
}

/// An exchange, A 100 m along the road (GBP 100), B another 100 m on; drops of GBP 10. A is of class a and
/// B of b; so are the programmes. Both sites are required.
fn road(a: i64, b: i64) -> Scenario {
    let draft = TablesDraft::default()
        .exchange(ExchangeRow::new("X", at(0.0), Pence::ZERO))
        .site(SiteRow::new("A", "school", at(100.0)).value("class", "a"))
        .site(SiteRow::new("B", "school", at(200.0)).value("class", "b"));
    let rate = Rate::from_pounds_per_metre("1").unwrap();
    let card =
        RateCard::new("2019-20", Pence::from_whole_pounds(10)).method("verge", rate, "made up");
    let network =
        NetworkSettings { detour_millionths: 1_000_000, ..NetworkSettings::sites("verge") };
    let pot = |id: &str, pounds: i64| Programme {
        eligible: class(id),
        ..Programme::new(id, Pence::from_whole_pounds(pounds))
    };
    let programmes = vec![pot("a", a), pot("b", b)];
    let mut scenario = Scenario::new("road", draft.build().unwrap(), network, card, programmes);
    scenario.rules.required = vec!["A".to_owned(), "B".to_owned()];
    scenario
}

/// The code at the head of each reason.
fn codes(outcome: &Outcome) -> Vec<&str> {
    outcome.reasons.iter().map(|reason| reason.split(':').next().unwrap()).collect()
}

fn raise(programme: &str, pence: i64) -> Raise {
    Raise { programme: programme.to_owned(), pence: Pence::new(pence) }
}

/// What the road with both drops costs: the grid's scale makes it a little more or less than GBP 220.
fn whole_cost() -> i64 {
    plan(&road(1000, 1000)).cost.get()
}

#[test]
fn the_missing_pounds_are_named_to_the_penny() {
    let short = whole_cost() - 20_000;
    let scenario = road(50, 150);
    let outcome = plan(&scenario);
    assert_eq!(outcome.status, Status::Infeasible);
    assert_eq!(codes(&outcome), ["I401", "Mend"]);
    assert!(outcome.reasons[1].ends_with("; no less will do"), "{:?}", outcome.reasons);
    assert_eq!(outcome.mend.iter().map(|raise| raise.pence.get()).sum::<i64>(), short);
    assert!(plan(&raised(&scenario, &outcome.mend, 0)).plan.is_some());
    assert_eq!(plan(&raised(&scenario, &outcome.mend, 1)).status, Status::Infeasible);
}

#[test]
fn money_that_only_one_programme_may_bring_is_asked_of_it() {
    // There is money enough in all, but nobody else may pay the stretch beyond A and the drop of B.
    let scenario = road(1000, 60);
    let outcome = plan(&scenario);
    assert_eq!(outcome.status, Status::Infeasible);
    assert_eq!(codes(&outcome), ["I403", "Mend"]);
    assert_eq!(outcome.mend.len(), 1);
    assert_eq!(outcome.mend[0].programme, "b");
    let after = plan(&raised(&scenario, &outcome.mend, 0));
    assert_eq!(after.status, Status::Optimal);
    assert!(plan(&raised(&scenario, &outcome.mend, 1)).plan.is_none());
}

#[test]
fn overhead_is_part_of_the_raise() {
    let mut scenario = road(1000, 60);
    scenario.programmes[1].overhead = Share::from_text("0.5").unwrap();
    let outcome = plan(&scenario);
    assert!(plan(&raised(&scenario, &outcome.mend, 0)).plan.is_some(), "{:?}", outcome.reasons);
    assert!(plan(&raised(&scenario, &outcome.mend, 2)).plan.is_none());
}

#[test]
fn drops_alone_can_prove_it() {
    let scenario = road(1000, 4);
    let outcome = plan(&scenario);
    assert_eq!(outcome.status, Status::Infeasible);
    assert_eq!(codes(&outcome), ["I416", "Mend"]);
    assert!(plan(&raised(&scenario, &outcome.mend, 0)).plan.is_some());
}

#[test]
fn several_programmes_may_have_to_bring_more() {
    let mut scenario = road(0, 0);
    scenario.programmes[1].pays_for = PaysFor { span: false, ..PaysFor::default() };
    scenario.programmes[0].eligible = Clause::everyone();
    scenario.programmes[0].pays_for = PaysFor { drop: false, ..PaysFor::default() };
    scenario.rules.required = vec!["B".to_owned()];
    let outcome = plan(&scenario);
    assert_eq!(outcome.status, Status::Infeasible);
    assert_eq!(outcome.mend.len(), 2, "{:?}", outcome.reasons);
    assert_eq!(outcome.mend[1], raise("b", 1000));
    assert!(plan(&raised(&scenario, &outcome.mend, 0)).plan.is_some());
}

#[test]
fn rules_that_no_money_mends_are_named() {
    let reason = |scenario: &Scenario| {
        let outcome = plan(scenario);
        assert_eq!(outcome.plan, None);
        assert_eq!(outcome.mend, []);
        (outcome.status, codes(&outcome).join(" "))
    };
    let proven = |code: &str| (Status::Infeasible, code.to_owned());
    let mut nobody = road(1000, 1000);
    nobody.programmes[1].eligible = class("c");
    assert_eq!(reason(&nobody), proven("I412"));

    let mut no_spans = road(1000, 1000);
    for programme in &mut no_spans.programmes {
        programme.pays_for.span = false;
    }
    assert_eq!(reason(&no_spans), proven("I413 I413"));

    let mut ports = road(1000, 1000);
    let mut tables = (*ports.tables).clone();
    tables.exchanges.rows[0].ports = Some(1);
    ports.tables = tables.into();
    assert_eq!(reason(&ports), proven("I414"));

    let mut outputs = road(1000, 1000);
    outputs.programmes[1].min_sites = 2;
    outputs.programmes[1].min_sites_required = true;
    assert_eq!(reason(&outputs), proven("I415"));

    let mut capped = road(1000, 1000);
    capped.programmes[1].cap = Cap { any: Some(Pence::from_whole_pounds(50)), ..Cap::default() };
    assert_eq!(reason(&capped), proven("I403 Mend"));
    assert!(plan(&capped).reasons[1].contains("none by money alone"));
}

#[test]
fn a_site_too_far_from_every_span_is_named_with_its_distance() {
    let draft = TablesDraft::default()
        .exchange(ExchangeRow::new("X", at(0.0), Pence::ZERO))
        .site(SiteRow::new("A", "school", at(2000.0)))
        .span(SpanRow::new("S", "verge", vec![at(0.0), at(100.0)]));
    let rate = Rate::from_pounds_per_metre("1").unwrap();
    let mut card =
        RateCard::new("2019-20", Pence::from_whole_pounds(10)).method("verge", rate, "made up");
    card.lead_in_method = Some("verge".to_owned());
    let programmes = vec![Programme::new("a", Pence::from_whole_pounds(9999))];
    let tables = draft.build().unwrap();
    let mut scenario = Scenario::new("far", tables, NetworkSettings::spans(), card, programmes);
    scenario.rules.required = vec!["A".to_owned()];
    let outcome = plan(&scenario);
    assert_eq!((outcome.status, codes(&outcome)), (Status::Infeasible, vec!["I411"]));
    assert!(outcome.reasons[0].contains("1900."), "{:?}", outcome.reasons);
}

#[test]
fn required_outputs_are_priced_like_required_sites() {
    let mut scenario = road(1000, 1);
    scenario.rules.required.clear();
    scenario.programmes[1].min_sites = 1;
    scenario.programmes[1].min_sites_required = true;
    let outcome = plan(&scenario);
    assert!(outcome.plan.is_none(), "{:?}", outcome.status);
    assert_eq!(outcome.mend.len(), 1, "{:?}", outcome.reasons);
    let after = plan(&raised(&scenario, &outcome.mend, 0));
    assert!(after.plan.is_some_and(|plan| plan.connected.contains(&"B".to_owned())));
}

#[test]
fn infeasible_is_only_said_where_brute_force_finds_no_plan() {
    let mut random = Random::new(5);
    let (mut infeasible, mut unknown, mut mended, mut missed) = (0, 0, 0, 0);
    for case in 0..2500 {
        let mut scenario = plans::scenario(&mut random, 1 + case % 3, false);
        let ids: Vec<String> =
            scenario.tables.sites.rows.iter().map(|site| site.id.clone()).collect();
        let required: BTreeSet<String> =
            (0..=random.below(2)).map(|_| ids[random.place(ids.len())].clone()).collect();
        scenario.rules.required = required.into_iter().collect();
        let prepared = prepare(&scenario).unwrap();
        let question = question(&prepared, &scenario).unwrap();
        if question.instance.edges.len() > 12 {
            continue;
        }
        let best = plans::optimum(&scenario, &question);
        let outcome = plan(&scenario);
        match (&outcome.plan, best) {
            (Some(plan), Some(_)) => assert_eq!(check(&scenario, plan), [], "case {case}"),
            (Some(_), None) => panic!("case {case}: a plan where there is none"),
            (None, Some(_)) => {
                assert_ne!(
                    outcome.status,
                    Status::Infeasible,
                    "case {case}: {:?}",
                    outcome.reasons
                );
                missed += 1;
            }
            (None, None) => {
                assert!(!outcome.reasons.is_empty(), "case {case}");
                infeasible += u32::from(outcome.status == Status::Infeasible);
                unknown += u32::from(outcome.status == Status::Unknown);
            }
        }
        if !outcome.mend.is_empty() {
            let after = raised(&scenario, &outcome.mend, 0);
            assert!(plan(&after).plan.is_some(), "case {case}: {:?}", outcome.reasons);
            mended += 1;
        }
        let no_less = outcome.reasons.iter().any(|reason| reason.ends_with("no less will do"));
        if no_less {
            let before = raised(&scenario, &outcome.mend, 1);
            assert_eq!(plans::optimum(&before, &question), None, "case {case}");
        }
    }
    assert!(infeasible > 300 && mended > 150, "{infeasible} {unknown} {mended} {missed}");
    assert!(missed * 100 < infeasible, "{missed} plans missed, {infeasible} {unknown} {mended}");
}

#[test]
fn a_floor_that_no_plan_reaches_is_the_one_reason() {
    // Nothing is required, but both sites are asked for, and nobody may pay for the drop of B.
    for (a, b) in [(1000, 0), (0, 1000)] {
        let mut scenario = road(a, b);
        scenario.rules.required.clear();
        scenario.rules.limits.push(Limit {
            clause: Clause::All(Vec::new()),
            quantity: Quantity::Weight("sites".to_owned()),
            at_least: Some(Weight::from_thousandths(2_000)),
            at_most: None,
        });
        let outcome = plan(&scenario);
        assert_eq!(outcome.status, Status::Infeasible);
        let proven: Vec<&str> =
            codes(&outcome).into_iter().filter(|code| code.starts_with('I')).collect();
        assert_eq!(proven, ["I421"], "{:?}", outcome.reasons);
    }
}
