//! Who pays for what adds up: items, pots and sites to the penny, under every sort of rule; and shares
//! that a programme pays more than twice of are marked.

use std::collections::BTreeMap;
use std::sync::Arc;

use fibreplan::check::check;
use fibreplan::funding::fund;
use fibreplan::geometry::{Crs, Point, Position};
use fibreplan::internals::random::Random;
use fibreplan::model::{
    Bar, BarScope, Budget, Cap, CapScope, Clause, Exchange, ExchangeRow, MissingPolicy,
    NetworkSettings, Programme, RateBasis, RateCard, Scenario, Site, SiteRow, TablesDraft, Test,
};
use fibreplan::plan::{Item, Outcome, Plan, PlanDrop, PlanExchange, PlanSpan, junction_name};
use fibreplan::report::Report;
use fibreplan::solve::{SolveOptions, solve};
use fibreplan::units::{Millimetres, Pence, Rate, Share};
use fibreplan::write::funding_csv;

use crate::plans;

fn plan(scenario: &Scenario) -> Option<Outcome> {
    let mut options = SolveOptions::default();
    options.effort.work = Some(200_000);
    let outcome = solve(scenario, &options).unwrap();
    outcome.plan.is_some().then_some(outcome)
}

/// Gives the programmes some of the rules that decide who may pay how much.
pub fn with_rules(scenario: &mut Scenario, random: &mut Random) {
    let shares = ["0.5", "0.75", "1"].map(|text| Share::from_text(text).unwrap());
    for programme in &mut scenario.programmes {
        if random.below(2) == 0 {
            programme.cap.any = Some(Pence::new(random.between(0, 40) * 10_007));
            programme.cap_scope = match random.below(3) {
                0 => CapScope::Site,
                1 => CapScope::Programme,
                _ => CapScope::Group { column: "class".to_owned() },
            };
        }
        programme.intervention_rate = random.pick(&shares);
        programme.rate_basis = random.pick(&[RateBasis::Item, RateBasis::Programme]);
        programme.min_sites = random.below(3);
    }
    if scenario.programmes.len() > 1 && random.below(3) == 0 {
        let scope = random.pick(&[BarScope::Item, BarScope::Site]);
        let programme = scenario.programmes[1].id.clone();
        scenario.programmes[0].not_with.push(Bar { programme, scope });
    }
}

/// Sums by item, by pot and by site, from the plan alone.
fn assert_adds_up(scenario: &Scenario, outcome: &Outcome, case: &str) {
    let plan = outcome.plan.as_ref().unwrap();
    let mut by_item: BTreeMap<Item, Pence> = BTreeMap::new();
    let mut by_pot: BTreeMap<&str, Pence> = BTreeMap::new();
    for payment in &plan.payments {
        *by_item.entry(payment.item.clone()).or_default() += payment.pence;
        *by_pot.entry(&payment.programme).or_default() += payment.pence;
    }
    let costs = plan.exchanges.iter().map(|row| (Item::Exchange(row.id.clone()), row.cost));
    let costs = costs.chain(plan.spans.iter().map(|row| (Item::Span(row.id.clone()), row.cost)));
    let drops = plan.drops.iter().map(|row| (Item::Drop(row.building.clone()), row.cost));
    for (item, cost) in costs.chain(drops) {
        assert_eq!(by_item.remove(&item).unwrap_or_default(), cost, "{case}: {item}");
    }
    assert!(by_item.is_empty(), "{case}: payments for what is not built");

    let report = Report::of(scenario, outcome);
    let audit = &report.ledger.audit;
    assert!(audit.adds_up(), "{case}: {audit:?}");
    for line in &report.by_programme {
        let paid = by_pot.get(line.id.as_str()).copied().unwrap_or_default();
        assert_eq!(line.spent, paid, "{case}: {}", line.id);
        assert_eq!(line.spent + line.left(), line.available, "{case}: {}", line.id);
        let own = report.ledger.brought.iter().filter(|row| row.programme == line.id);
        assert_eq!(own.map(|row| row.pence).sum::<Pence>(), paid, "{case}: {}", line.id);
    }
    for row in &report.ledger.brought {
        assert!(row.pence > Pence::ZERO && plan.connected.contains(&row.site), "{case}: {row:?}");
    }
}

#[test]
fn items_pots_and_sites_add_up_to_the_penny() {
    let mut random = Random::new(41);
    let mut paying = 0;
    for case in 0..600 {
        let mut scenario = plans::scenario(&mut random, 1 + case % 4, false);
        if case % 3 > 0 {
            with_rules(&mut scenario, &mut random);
        }
        let Some(outcome) = plan(&scenario) else { continue };
        assert_adds_up(&scenario, &outcome, &format!("case {case}"));
        paying += usize::from(!outcome.plan.unwrap().payments.is_empty());
    }
    assert!(paying > 200, "{paying} plans with payments");
}

/// Nine town sites and a country one at the end of the same trench; pots for all and for the country.
fn long_trench(everybody: i64, country: i64) -> Scenario {
    let at = |x: f64| Position { crs: Crs::BritishGrid, x: 300_000.0 + x, y: 100_000.0 };
    let mut draft = TablesDraft::default().exchange(ExchangeRow::new("X", at(0.0), Pence::ZERO));
    for place in 0..10_u32 {
        let class = if place < 9 { "C1" } else { "D1" };
        let site = SiteRow::new(&format!("S{place}"), "gp_practice", at(1000.0));
        draft =
            draft.site(SiteRow { building_id: Some(format!("B{place}")), ..site }.rurality(class));
    }
    let test = Test::Rurality(vec!["rural".to_owned()]);
    let rural = Clause::Test { test, missing: MissingPolicy::Unknown };
    let programmes = vec![
        Programme::new("all", Pence::new(everybody)),
        Programme { eligible: rural, ..Programme::new("rural", Pence::new(country)) },
    ];
    let rate = Rate::from_pounds_per_metre("1").unwrap();
    let card = RateCard::new("2019-20", Pence::ZERO).method("verge", rate, "made up");
    let network =
        NetworkSettings { detour_millionths: 1_000_000, ..NetworkSettings::sites("verge") };
    Scenario::new("trench", draft.build().unwrap(), network, card, programmes)
}

#[test]
fn a_programme_that_pays_far_beyond_its_sites_share_is_marked() {
    // The trench costs about GBP 1,000; the country site's share of it is a tenth, shared by two payers.
    for (everybody, marked) in [(200_000, false), (95_000, false), (85_000, true)] {
        let scenario = long_trench(everybody, 200_000);
        let outcome = plan(&scenario).unwrap();
        let plan: &Plan = outcome.plan.as_ref().unwrap();
        assert_eq!(plan.connected.len(), 10);
        assert_eq!(check(&scenario, plan), []);
        let report = Report::of(&scenario, &outcome);
        let flagged: Vec<&str> = plan
            .payments
            .iter()
            .filter(|payment| report.ledger.is_over_twice(payment))
            .map(|payment| payment.programme.as_str())
            .collect();
        assert_eq!(flagged, if marked { vec!["rural"] } else { vec![] }, "{everybody}");
        assert_eq!(report.by_programme[1].over_twice, usize::from(marked));
        let rural = plan.payments.iter().find(|payment| payment.programme == "rural").unwrap();
        let twentieth = Pence::new((plan.cost().get() + 10) / 20);
        assert_eq!(report.ledger.share(rural), Some(twentieth));
        // The country site brought all that the country's pot paid.
        let brought = report.ledger.brought.iter().filter(|row| row.programme == "rural");
        let brought: Vec<_> = brought.map(|row| (row.site.as_str(), row.pence)).collect();
        assert_eq!(brought, [("S9", rural.pence)]);
    }
}

/// `share_gbp` by item in pence, and the cost of each.
fn shares_by_item(csv: &[u8]) -> BTreeMap<(String, String), [i64; 3]> {
    let mut reader = csv::Reader::from_reader(csv);
    let header: Vec<String> = reader.headers().unwrap().iter().map(str::to_owned).collect();
    let mut sums: BTreeMap<(String, String), [i64; 3]> = BTreeMap::new();
    for row in reader.records().map(Result::unwrap) {
        let cell = |name: &str| &row[header.iter().position(|own| own == name).unwrap()];
        let pence = |name: &str| Pence::from_pounds(cell(name)).unwrap().get();
        let key = (cell("item_kind").to_owned(), cell("item_id").to_owned());
        let sum = sums.entry(key).or_default();
        sum[0] = pence("item_cost_gbp");
        sum[1] += pence("paid_gbp");
        sum[2] += pence("share_gbp");
    }
    sums
}

#[test]
fn shares_of_an_item_add_up_to_its_cost_to_the_penny() {
    let mut random = Random::new(43);
    let mut split = 0;
    for case in 0..300 {
        let mut scenario = plans::scenario(&mut random, 1 + case % 4, false);
        if case % 2 > 0 {
            with_rules(&mut scenario, &mut random);
        }
        let Some(outcome) = plan(&scenario) else { continue };
        let ledger = Report::of(&scenario, &outcome).ledger;
        let sums = shares_by_item(&funding_csv(outcome.plan.as_ref().unwrap(), &ledger));
        for (item, [cost, paid, share]) in &sums {
            assert_eq!((paid, share), (cost, cost), "case {case}: {item:?}");
        }
        split += sums.len();
    }
    assert!(split > 300, "{split} items");
}

#[test]
fn half_a_penny_goes_to_the_lower_id_however_it_was_added_up() {
    // Six buildings at the end of spans of one and two pence: a sixth and two sixths each. Two others at
    // the end of a span of one penny: a half each. Four pence for eight equal halves.
    for others in ["YZ", "BC"] {
        let mut six = String::from("ABCDEFYZ");
        six.retain(|letter| !others.contains(letter));
        let (scenario, outcome) = halves(&six, others);
        let shares = Report::of(&scenario, &outcome).shares;
        let pence: Vec<i64> = shares.by_building.values().map(|pence| pence.get()).collect();
        assert_eq!(pence, [1, 1, 1, 1, 0, 0, 0, 0], "{six} {others}");
    }
}

/// Buildings named by letters at the ends of two trenches.
fn halves(six: &str, two: &str) -> (Scenario, Outcome) {
    let at = |x: i64| Point { x: x * 1000, y: 0 };
    let mut scenario = crate::town::scenario();
    let mut tables = (*scenario.tables).clone();
    let (site, exchange) = (tables.sites.rows[0].clone(), tables.exchanges.rows[0].clone());
    let hangs = |letters: &str, x: i64| -> Vec<(String, i64)> {
        letters.chars().map(|letter| (letter.to_string(), x)).collect()
    };
    let mut buildings = [hangs(six, 2), hangs(two, 11)].concat();
    buildings.sort();
    let row = |(id, x): &(String, i64)| Site {
        id: id.clone(),
        at: at(*x),
        building_id: Some(id.clone()),
        already_connected: false,
        ..site.clone()
    };
    tables.sites.rows = buildings.iter().map(row).collect();
    let starts = [("X1", 0), ("X2", 10)];
    let row = |(id, x): (&str, i64)| Exchange { id: id.to_owned(), at: at(x), ..exchange.clone() };
    tables.exchanges.rows = starts.map(row).to_vec();
    scenario.tables = Arc::new(tables);
    let mut outcome = crate::town::outcome();
    let span = outcome.plan.as_ref().unwrap().spans[0].clone();
    let piece = |(x, pence): (i64, i64)| PlanSpan {
        id: format!("s{x}"),
        ends: [junction_name(at(x)), junction_name(at(x + 1))],
        geometry: Vec::new(),
        cost: Pence::new(pence),
        ..span.clone()
    };
    let drop = |(id, x): &(String, i64)| PlanDrop {
        later: None,
        building: id.clone(),
        sites: vec![id.clone()],
        exchange: starts[usize::from(*x > 9)].0.to_owned(),
        route: Millimetres::ZERO,
        cost: Pence::ZERO,
        year: None,
    };
    let used = |(id, _): (&str, i64)| PlanExchange {
        id: id.to_owned(),
        cost: Pence::ZERO,
        ports_used: 0,
        year: None,
    };
    let plan = Plan {
        exchanges: starts.map(used).to_vec(),
        spans: [(0, 1), (1, 2), (10, 1)].map(piece).to_vec(),
        drops: buildings.iter().map(drop).collect(),
        connected: buildings.iter().map(|(id, _)| id.clone()).collect(),
        ..Plan::default()
    };
    outcome.cost = plan.cost();
    outcome.plan = Some(plan);
    (scenario, outcome)
}

#[test]
fn what_does_not_add_up_is_shown() {
    let scenario = long_trench(200_000, 200_000);
    let mut outcome = plan(&scenario).unwrap();
    outcome.plan.as_mut().unwrap().payments[0].pence += Pence::new(1);
    let audit = Report::of(&scenario, &outcome).ledger.audit;
    assert!(!audit.adds_up());
    assert_eq!(audit.differences.len(), 1);
    assert_eq!(audit.differences[0].1, Pence::new(1));
}

#[test]
fn a_cap_by_site_says_whose_money_it_is() {
    let mut scenario = long_trench(200_000, 200_000);
    scenario.programmes[0].cap = Cap { any: Some(Pence::new(30_000)), ..Cap::default() };
    scenario.programmes[1].budget = Budget::Total(Pence::ZERO);
    let outcome = plan(&scenario).unwrap();
    let plan = outcome.plan.as_ref().unwrap();
    assert!(plan.payments.iter().all(|payment| payment.building.is_some()));
    let ledger = Report::of(&scenario, &outcome).ledger;
    assert!(ledger.brought.iter().all(|row| row.pence <= Pence::new(30_000)));
    assert!(ledger.audit.adds_up());
    let again = fund(&scenario, plan).unwrap();
    assert_eq!(again.payments, plan.payments);
}
