//! Small random scenarios with one to four pots under rates, caps of every scope, shares, minimum outputs
//! and bars, against brute force: plan <= optimum <= bound, and the looser rule bounds the stricter.

use fibreplan::check::check;
use fibreplan::funding::{CaseDrop, CaseItem, FundingCase, ItemKind, Pots, fund};
use fibreplan::geometry::{Crs, Position};
use fibreplan::internals::question::{EdgeItem, Question, question};
use fibreplan::internals::random::Random;
use fibreplan::model::{
    Clause, ExchangeRow, MissingPolicy, NetworkSettings, Programme, RateCard, Scenario, SiteRow,
    TablesDraft, Test, WeightColumn,
};
use fibreplan::network::prepare;
use fibreplan::plan::Payment;
use fibreplan::solve::{SolveOptions, solve};
use fibreplan::status::Status;
use fibreplan::units::{Amount, Pence, Rate, Share};

use crate::{ledger, plans};

/// Whether the pots can pay for a tree, as a flow over its items under all their rules.
fn is_paid(pots: &Pots, question: &Question, tree: &[(u32, usize, u32)]) -> bool {
    let place = |node: u32| tree.iter().position(|entry| entry.0 == node);
    let narrow = |place: usize| u32::try_from(place).unwrap();
    let items = tree.iter().map(|&(_, edge, above)| CaseItem {
        kind: match question.edge_items[edge] {
            EdgeItem::Enable(_) => ItemKind::Exchange,
            EdgeItem::Span(_) | EdgeItem::SecondHalf(_) => ItemKind::Span,
            EdgeItem::Drop(_) => ItemKind::Drop,
        },
        cost: Pence::new(question.instance.edges[edge].cost),
        parent: place(above).map(narrow),
    });
    let drops = tree.iter().enumerate().filter_map(|(item, entry)| {
        let building = question.building(entry.0)?;
        Some(CaseDrop { item: narrow(item), entitlement: &pots.entitlements[building.at()] })
    });
    let case = FundingCase::new(&pots.pots, &pots.bars, items.collect(), drops.collect());
    case.unwrap().is_fundable() == Some(true)
}

/// The most prize of any tree that the pots can pay, by trying every set of edges.
fn optimum(scenario: &Scenario, question: &Question) -> i64 {
    let pots = Pots::of(scenario, &scenario.buildings()).unwrap();
    let edges = question.instance.edges.len();
    let prize = |tree: &[(u32, usize, u32)]| -> i64 {
        tree.iter().map(|entry| question.instance.prizes[entry.0 as usize]).sum()
    };
    let mut best = 0;
    for chosen in 0..1_u32 << edges {
        let edges: Vec<usize> = (0..edges).filter(|edge| chosen >> edge & 1 == 1).collect();
        let tree = plans::rooted(question, &edges);
        let Some(tree) = tree.filter(|tree| prize(tree) > best) else { continue };
        if is_paid(&pots, question, &tree) {
            best = prize(&tree);
        }
    }
    best
}

/// The scenario without the rules that decide who may pay how much.
fn any_user(scenario: &Scenario) -> Scenario {
    let mut loose = scenario.clone();
    for programme in &mut loose.programmes {
        let plain = Programme::new(&programme.id, Pence::ZERO);
        *programme = Programme {
            budget: programme.budget.clone(),
            eligible: programme.eligible.clone(),
            pays_for: programme.pays_for,
            overhead: programme.overhead,
            ..plain
        };
    }
    loose
}

#[test]
fn plans_under_every_rule_lie_between_the_checker_and_the_bound() {
    let mut random = Random::new(91);
    let (mut tried, mut best, mut tighter) = (0, 0, 0);
    for case in 0..6800 {
        let mut scenario = plans::scenario(&mut random, 1 + case % 4, false);
        ledger::with_rules(&mut scenario, &mut random);
        if random.below(4) == 0 {
            scenario.programmes[0].min_share = random.pick(&[Share::from_text("0.5").unwrap()]);
        }
        let prepared = prepare(&scenario).unwrap();
        let question = question(&prepared, &scenario).unwrap();
        if question.instance.edges.len() > 9 {
            continue;
        }
        let strict = optimum(&scenario, &question);
        let loose = plans::optimum(&any_user(&scenario), &question).unwrap().prize;
        assert!(strict <= loose, "case {case}: {strict} above {loose}");
        let mut options = SolveOptions::default();
        options.effort.work = Some(60_000);
        let outcome = solve(&scenario, &options).unwrap();
        let plan = outcome.plan.as_ref().unwrap();
        assert_eq!(check(&scenario, plan), [], "case {case}");
        assert_eq!(fund(&scenario, plan).unwrap().payments, plan.payments, "case {case}");
        let paid: Pence = plan.payments.iter().map(|payment: &Payment| payment.pence).sum();
        assert_eq!(paid, plan.cost(), "case {case}");
        let first = &outcome.objectives[0];
        assert!(
            first.achieved.raw() <= strict,
            "case {case}: {} above {strict}",
            first.achieved.raw()
        );
        assert!(
            strict <= first.bound.map(Amount::raw).unwrap(),
            "case {case}: {strict} above the bound"
        );
        if outcome.status == Status::Optimal {
            assert_eq!(first.achieved.raw(), strict, "case {case} is called optimal");
        }
        tried += 1;
        best += u32::from(first.achieved.raw() == strict);
        tighter += u32::from(strict < loose);
    }
    assert!(tried > 5000 && tighter > 1000, "{tried} cases, {tighter} bound by a rule");
    assert!(best * 100 >= tried * 97, "{best} of {tried} optimal");
}

/// A trunk of about GBP 1,000, then A (weight 100, for p alone) and B (weight 0, for q alone) at its end.
#[test]
fn a_site_without_weight_makes_the_trunk_payable() {
    let at = |x: f64| Position { crs: Crs::BritishGrid, x: 300_000.0 + x, y: 100_000.0 };
    let site = |id: &str, weight: u32| SiteRow {
        building_id: Some(id.to_owned()),
        ..SiteRow::new(id, "school", at(1000.0)).value("patients", weight).value("class", id)
    };
    let draft = TablesDraft::default()
        .exchange(ExchangeRow::new("X", at(0.0), Pence::ZERO))
        .site(site("A", 100))
        .site(site("B", 0));
    let rate = Rate::from_pounds_per_metre("1").unwrap();
    let card =
        RateCard::new("2019-20", Pence::from_whole_pounds(10)).method("verge", rate, "made up");
    let network =
        NetworkSettings { detour_millionths: 1_000_000, ..NetworkSettings::sites("verge") };
    let pot = |id: &str, class: &str, pounds: i64| {
        let test = Test::Is { column: "class".to_owned(), is: vec![class.to_owned()] };
        let eligible = Clause::Test { test, missing: MissingPolicy::Unknown };
        Programme { eligible, ..Programme::new(id, Pence::from_whole_pounds(pounds)) }
    };
    let programmes = vec![pot("p", "A", 10), pot("q", "B", 1015)];
    let mut scenario = Scenario::new("trunk", draft.build().unwrap(), network, card, programmes);
    scenario.weights = vec![WeightColumn {
        name: "patients".to_owned(),
        column: "patients".to_owned(),
        missing: fibreplan::model::MissingWeight::default(),
    }];
    scenario.objective = fibreplan::model::Objective::Maximise(vec!["patients".to_owned()]);
    let outcome = solve(&scenario, &SolveOptions::default()).unwrap();
    assert_eq!(outcome.status, Status::Optimal);
    assert_eq!(outcome.objectives[0].achieved.raw(), 100_000);
    assert_eq!(outcome.plan.unwrap().connected, ["A", "B"]);
}
