//! What `fund` pays, `check` accepts; and each single corruption of a good plan is found.

use fibreplan::check::check;
use fibreplan::funding::{Unfundable, fund};
use fibreplan::model::Scenario;
use fibreplan::plan::{Item, Origin, Plan, Violation};
use fibreplan::random::Random;
use fibreplan::units::{Millimetres, Pence};

use crate::random_plan::{plan, scenario};

/// A random scenario with a plan that is funded.
fn funded(rng: &mut Random) -> Option<(Scenario, Plan)> {
    let scenario = scenario(rng);
    let plan = plan(rng, &scenario)?;
    match fund(&scenario, &plan) {
        Ok(funding) => Some((scenario, funding.complete(&plan))),
        Err(Unfundable::Broken { cause }) => panic!("{cause}\n{plan:#?}"),
        Err(_) => None,
    }
}

fn lines(violations: &[Violation]) -> String {
    violations.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

#[test]
fn what_is_funded_passes_the_check() {
    let mut rng = Random::new(1);
    let mut count = 0;
    for _ in 0..6_000 {
        if let Some((scenario, plan)) = funded(&mut rng) {
            let found = check(&scenario, &plan);
            assert!(found.is_empty(), "{}\n{plan:#?}\n{:#?}", lines(&found), scenario);
            count += 1;
        }
    }
    assert!(count > 1_000, "{count}");
}

#[test]
fn a_plan_made_by_hand_needs_little_and_is_completed() {
    let mut rng = Random::new(2);
    for _ in 0..2_000 {
        let Some((scenario, plan)) = funded(&mut rng) else { continue };
        let mut by_hand = plan.clone();
        by_hand.drops.clear();
        by_hand.payments.clear();
        for exchange in &mut by_hand.exchanges {
            (exchange.cost, exchange.ports_used) = (Pence::ZERO, 0);
        }
        for span in &mut by_hand.spans {
            (span.cost, span.length) = (Pence::ZERO, Millimetres::ZERO);
            span.method.clear();
            span.geometry.clear();
        }
        let found = check(&scenario, &by_hand);
        let has_cost = plan.cost() > Pence::ZERO;
        assert_eq!(found.len(), usize::from(has_cost), "{}", lines(&found));
        assert!(found.iter().all(|violation| violation.code.0 == "V230"));
        let funding = fund(&scenario, &by_hand).unwrap();
        assert_eq!(funding.payments, plan.payments);
        let completed = funding.complete(&by_hand);
        let found = check(&scenario, &completed);
        assert!(found.is_empty(), "{}", lines(&found));
    }
}

/// Spoils a plan in one way and returns the code that must be reported; `None` where this plan has
/// nothing to spoil so.
type Corruption = fn(&mut Random, &Scenario, &mut Plan) -> Option<&'static str>;

fn any<'a, T>(rng: &mut Random, list: &'a mut [T]) -> Option<&'a mut T> {
    if list.is_empty() {
        return None;
    }
    let place = rng.place(list.len());
    list.get_mut(place)
}

/// One entry a corruption: its name and what it does.
const CORRUPTIONS: &[(&str, Corruption)] = &[
    ("a span is left out", |rng, _, plan| {
        if plan.spans.is_empty() {
            return None;
        }
        let place = rng.place(plan.spans.len());
        plan.spans.remove(place);
        Some("V200")
    }),
    ("a span stands twice", |rng, _, plan| {
        let span = any(rng, &mut plan.spans)?.clone();
        plan.spans.push(span);
        Some("V200")
    }),
    ("a span stands twice under another id", |rng, _, plan| {
        let mut span = any(rng, &mut plan.spans)?.clone();
        span.id.push('2');
        plan.spans.push(span);
        Some("V200")
    }),
    ("an end is moved", |rng, _, plan| {
        any(rng, &mut plan.spans)?.ends[1] = "123456,7".to_owned();
        Some("V200")
    }),
    ("an end is no junction", |rng, _, plan| {
        any(rng, &mut plan.spans)?.ends[0] = "here".to_owned();
        Some("V200")
    }),
    ("the origin is another", |rng, _, plan| {
        let span = any(rng, &mut plan.spans)?;
        span.origin = match span.origin {
            Origin::Input => Origin::LeadIn,
            Origin::Proximity | Origin::LeadIn => Origin::Input,
        };
        Some("V200")
    }),
    ("the source is unknown", |rng, _, plan| {
        any(rng, &mut plan.spans)?.source_id.as_mut()?.push('?');
        Some("V200")
    }),
    ("a piece leaves its span", |rng, _, plan| {
        let to = any(rng, &mut plan.spans)?.to.as_mut()?;
        *to = Millimetres::new(to.get() + 1_000_000);
        Some("V200")
    }),
    ("a length is wrong", |rng, _, plan| {
        let span = any(rng, &mut plan.spans)?;
        span.length = Millimetres::new(span.length.get() + 1);
        Some("V210")
    }),
    ("a price is wrong", |rng, _, plan| {
        any(rng, &mut plan.spans)?.cost += Pence::new(1);
        Some("V210")
    }),
    ("a method is wrong", |rng, _, plan| {
        any(rng, &mut plan.spans)?.method = "balloon".to_owned();
        Some("V210")
    }),
    ("the geometry is wrong", |rng, _, plan| {
        any(rng, &mut plan.spans)?.geometry.last_mut()?.x += 1;
        Some("V210")
    }),
    ("an exchange is left out", |rng, _, plan| {
        let place = rng.place(plan.exchanges.len());
        plan.exchanges.remove(place);
        Some("V200")
    }),
    ("an exchange is unknown", |rng, _, plan| {
        any(rng, &mut plan.exchanges)?.id = "nowhere".to_owned();
        Some("V200")
    }),
    ("an exchange stands twice", |rng, _, plan| {
        let exchange = any(rng, &mut plan.exchanges)?.clone();
        plan.exchanges.push(exchange);
        Some("V200")
    }),
    ("enabling is cheaper", |rng, _, plan| {
        any(rng, &mut plan.exchanges)?.cost += Pence::new(-1);
        Some("V210")
    }),
    ("ports are miscounted", |rng, _, plan| {
        any(rng, &mut plan.exchanges)?.ports_used += 1;
        Some("V260")
    }),
    ("a drop is left out", |rng, _, plan| {
        if plan.drops.len() < 2 {
            return None;
        }
        let place = rng.place(plan.drops.len());
        plan.drops.remove(place);
        Some("V200")
    }),
    ("a drop stands twice", |rng, _, plan| {
        let drop = any(rng, &mut plan.drops)?.clone();
        plan.drops.push(drop);
        Some("V200")
    }),
    ("a drop is cheaper", |rng, _, plan| {
        any(rng, &mut plan.drops)?.cost += Pence::new(-1);
        Some("V210")
    }),
    ("a route is longer", |rng, _, plan| {
        let drop = any(rng, &mut plan.drops)?;
        drop.route = Millimetres::new(drop.route.get() + 1);
        Some("V210")
    }),
    ("a drop names another exchange", |rng, _, plan| {
        any(rng, &mut plan.drops)?.exchange.push('?');
        Some("V200")
    }),
    ("a drop names other sites", |rng, _, plan| {
        any(rng, &mut plan.drops)?.sites.push("s99".to_owned());
        Some("V200")
    }),
    ("a site is left out", |rng, _, plan| {
        let place = rng.place(plan.connected.len());
        plan.connected.remove(place);
        Some("V200")
    }),
    ("a site stands twice", |rng, _, plan| {
        let site = any(rng, &mut plan.connected)?.clone();
        plan.connected.push(site);
        Some("V200")
    }),
    ("an unknown site is connected", |_, _, plan| {
        plan.connected.push("s99".to_owned());
        Some("V200")
    }),
    ("a site with fibre is connected", |_, scenario, plan| {
        let site = scenario.tables.sites.rows.iter().find(|site| site.already_connected)?;
        plan.connected.push(site.id.clone());
        Some("V200")
    }),
    ("a forbidden site is connected", |_, scenario, plan| {
        plan.connected.push(scenario.rules.forbidden.first()?.clone());
        let id = plan.connected.last()?;
        let site = scenario.tables.site(scenario.tables.site_by_id(id)?);
        (!site.already_connected).then_some("V250")
    }),
    ("there are no payments", |_, _, plan| {
        plan.payments.clear();
        (plan.cost() > Pence::ZERO).then_some("V230")
    }),
    ("a payment is left out", |rng, _, plan| {
        if plan.payments.is_empty() {
            return None;
        }
        let place = rng.place(plan.payments.len());
        plan.payments.remove(place);
        Some("V230")
    }),
    ("a payment stands twice", |rng, _, plan| {
        let payment = any(rng, &mut plan.payments)?.clone();
        plan.payments.push(payment);
        Some("V230")
    }),
    ("a payment is a penny more", |rng, _, plan| {
        any(rng, &mut plan.payments)?.pence += Pence::new(1);
        Some("V230")
    }),
    ("a payment of nothing", |rng, _, plan| {
        let mut payment = any(rng, &mut plan.payments)?.clone();
        payment.pence = Pence::ZERO;
        plan.payments.push(payment);
        Some("V230")
    }),
    ("a penny is paid and taken back", |rng, _, plan| {
        let first = any(rng, &mut plan.payments)?;
        first.pence += Pence::new(1);
        let mut back = first.clone();
        back.pence = Pence::new(-1);
        plan.payments.push(back);
        Some("V230")
    }),
    ("a payment for something else", |rng, _, plan| {
        any(rng, &mut plan.payments)?.item = Item::Span("elsewhere".to_owned());
        Some("V230")
    }),
    ("an unknown programme pays", |rng, _, plan| {
        any(rng, &mut plan.payments)?.programme = "friends".to_owned();
        Some("V230")
    }),
    ("an unknown building brings money", |rng, _, plan| {
        any(rng, &mut plan.payments)?.building = Some("s99".to_owned());
        Some("V230")
    }),
    ("a payment names no building", |rng, _, plan| {
        any(rng, &mut plan.payments)?.building.take().map(|_| "V230")
    }),
];

#[test]
fn each_single_corruption_is_found() {
    let mut rng = Random::new(3);
    let mut met = vec![0; CORRUPTIONS.len()];
    for _ in 0..1_500 {
        let Some((scenario, plan)) = funded(&mut rng) else { continue };
        for (place, (name, corrupt)) in CORRUPTIONS.iter().enumerate() {
            let mut spoiled = plan.clone();
            let Some(code) = corrupt(&mut rng, &scenario, &mut spoiled) else { continue };
            let found = check(&scenario, &spoiled);
            let is_found = found.iter().any(|violation| violation.code.0 == code);
            assert!(is_found, "{name}: {}\n{spoiled:#?}\n{scenario:#?}", lines(&found));
            met[place] += 1;
        }
    }
    for ((name, _), met) in CORRUPTIONS.iter().zip(met) {
        assert!(met > 5, "{name} was met {met} times");
    }
}

/// Spoils a scenario so that a plan that kept its rules no longer does.
type Tightening = fn(&mut Scenario, &Plan) -> Option<&'static str>;

const TIGHTENINGS: &[(&str, Tightening)] = &[
    ("a pot has a penny too little", |scenario, plan| {
        let payer = &plan.payments.first()?.programme;
        let own = plan.payments.iter().filter(|payment| payment.programme == *payer);
        let spent: Pence = own.map(|payment| payment.pence).sum();
        let programme = scenario.programmes.iter_mut().find(|p| p.id == *payer)?;
        programme.overhead = fibreplan::units::Share::ZERO;
        programme.budget = fibreplan::model::Budget::Total(spent + Pence::new(-1));
        Some("V220")
    }),
    ("nobody is eligible any more", |scenario, plan| {
        let payer = &plan.payments.first()?.programme;
        let programme = scenario.programmes.iter_mut().find(|p| p.id == *payer)?;
        programme.eligible = fibreplan::model::Clause::Any(Vec::new());
        Some("V240")
    }),
    ("the rate falls", |scenario, plan| {
        let payer = &plan.payments.first()?.programme;
        let programme = scenario.programmes.iter_mut().find(|p| p.id == *payer)?;
        programme.intervention_rate = fibreplan::units::Share::ZERO;
        Some("V240")
    }),
    ("no sort of item is paid for", |scenario, plan| {
        let payer = &plan.payments.first()?.programme;
        let programme = scenario.programmes.iter_mut().find(|p| p.id == *payer)?;
        programme.pays_for =
            fibreplan::model::PaysFor { drop: false, span: false, exchange: false };
        Some("V240")
    }),
    ("more outputs are wanted", |scenario, plan| {
        let payer = &plan.payments.first()?.programme;
        scenario.programmes.iter_mut().find(|p| p.id == *payer)?.min_sites = 100;
        Some("V240")
    }),
    ("more outputs are required", |scenario, plan| {
        let payer = &plan.payments.first()?.programme;
        let programme = scenario.programmes.iter_mut().find(|p| p.id == *payer)?;
        (programme.min_sites, programme.min_sites_required) = (100, true);
        Some("V250")
    }),
    ("all sites together bring a penny too little", |scenario, plan| {
        let payer = &plan.payments.first()?.programme;
        let programme = scenario.programmes.iter_mut().find(|p| p.id == *payer)?;
        programme.cap = fibreplan::model::Cap { any: Some(Pence::ZERO), ..Default::default() };
        programme.cap_scope = fibreplan::model::CapScope::Programme;
        Some("V240")
    }),
    ("what a building brought is above its cap", |scenario, plan| {
        let payment = plan.payments.iter().find(|payment| payment.building.is_some())?;
        let programme = scenario.programmes.iter_mut().find(|p| p.id == payment.programme)?;
        let any = Some(payment.pence + Pence::new(-1));
        programme.cap = fibreplan::model::Cap { any, ..Default::default() };
        (programme.cap_scope != fibreplan::model::CapScope::Programme).then_some("V240")
    }),
    ("two that pay one item are barred from it", |scenario, plan| {
        let same = |a: &fibreplan::plan::Payment, b: &fibreplan::plan::Payment| {
            a.item == b.item && a.programme != b.programme
        };
        let pair = plan.payments.windows(2).find(|pair| same(&pair[0], &pair[1]))?;
        let scope = fibreplan::model::BarScope::Item;
        let bar = fibreplan::model::Bar { programme: pair[1].programme.clone(), scope };
        let programme = scenario.programmes.iter_mut().find(|p| p.id == pair[0].programme)?;
        programme.not_with.push(bar);
        Some("V240")
    }),
    ("a missing site is required", |scenario, plan| {
        let missing = scenario
            .tables
            .sites
            .rows
            .iter()
            .find(|site| !site.already_connected && !plan.connected.contains(&site.id))?;
        scenario.rules.required.push(missing.id.clone());
        Some("V250")
    }),
    ("a group is half connected", |scenario, plan| {
        let missing = scenario
            .tables
            .sites
            .rows
            .iter()
            .find(|site| !site.already_connected && !plan.connected.contains(&site.id))?;
        scenario.rules.groups.push(vec![missing.id.clone(), plan.connected[0].clone()]);
        Some("V250")
    }),
    ("fewer sites are allowed", |scenario, plan| {
        let most = i64::try_from(plan.connected.len()).unwrap() * 1000 - 1;
        scenario.rules.limits.push(fibreplan::model::Limit {
            clause: fibreplan::model::Clause::everyone(),
            quantity: fibreplan::model::Quantity::Weight("sites".to_owned()),
            at_least: None,
            at_most: Some(fibreplan::units::Weight::from_thousandths(most)),
        });
        Some("V250")
    }),
    ("more must be spent on everybody", |scenario, plan| {
        let spent = plan.cost().get() * 10 + 10;
        scenario.rules.limits.push(fibreplan::model::Limit {
            clause: fibreplan::model::Clause::everyone(),
            quantity: fibreplan::model::Quantity::Pounds,
            at_least: Some(fibreplan::units::Weight::from_thousandths(spent)),
            at_most: None,
        });
        Some("V250")
    }),
    ("routes must be shorter", |scenario, plan| {
        let longest = plan.drops.iter().map(|drop| drop.route.get()).max()?;
        scenario.rules.max_reach_mm = Some(longest.checked_sub(1)?);
        Some("V250")
    }),
    ("routes must have fewer spans", |scenario, plan| {
        scenario.rules.max_hops = Some(0);
        plan.drops.iter().any(|drop| drop.route.get() > 0).then_some("V250")
    }),
    ("links must be shorter", |scenario, plan| {
        let link = plan.spans.iter().find(|span| span.origin == Origin::Proximity)?;
        scenario.network.max_link = Millimetres::new(link.length.get() * 10 / 13 - 2);
        Some("V200")
    }),
    ("lead-ins must be shorter", |scenario, plan| {
        let lead_in = plan.spans.iter().find(|span| span.origin == Origin::LeadIn)?;
        scenario.network.snap_limit = Millimetres::new(lead_in.length.get().checked_sub(5)?);
        Some("V200")
    }),
    ("a method is cheaper", |scenario, plan| {
        let span = plan.spans.iter().find(|span| span.cost > Pence::ZERO)?;
        let method = scenario.rate_card.methods.get_mut(&span.method)?;
        method.rate = fibreplan::units::Rate::from_ten_thousandths(0);
        let is_rated = span.origin != Origin::Input;
        is_rated.then_some("V210")
    }),
];

#[test]
fn each_single_tightening_is_found() {
    let mut rng = Random::new(4);
    let mut met = vec![0; TIGHTENINGS.len()];
    for _ in 0..2_000 {
        let Some((scenario, plan)) = funded(&mut rng) else { continue };
        for (place, (name, tighten)) in TIGHTENINGS.iter().enumerate() {
            let mut tightened = scenario.clone();
            let Some(code) = tighten(&mut tightened, &plan) else { continue };
            let found = check(&tightened, &plan);
            let is_found = found.iter().any(|violation| violation.code.0 == code);
            assert!(is_found, "{name}: {}\n{plan:#?}\n{tightened:#?}", lines(&found));
            met[place] += 1;
        }
    }
    for ((name, _), met) in TIGHTENINGS.iter().zip(met) {
        assert!(met > 5, "{name} was met {met} times");
    }
}

#[test]
fn no_plan_makes_the_judge_or_the_treasurer_panic() {
    let mut rng = Random::new(5);
    for _ in 0..1_500 {
        let Some((scenario, mut plan)) = funded(&mut rng) else { continue };
        for _ in 0..=rng.place(6) {
            let (_, corrupt) = CORRUPTIONS[rng.place(CORRUPTIONS.len())];
            if !plan.exchanges.is_empty() && !plan.connected.is_empty() {
                corrupt(&mut rng, &scenario, &mut plan);
            }
        }
        if let Some(span) = any(&mut rng, &mut plan.spans) {
            let far = format!("{},{}", i64::MAX, i64::MIN);
            let place = rng.place(2);
            span.ends[place] = far;
            span.length = Millimetres::new(u64::MAX);
            span.cost = Pence::new(i64::MAX);
        }
        if let Some(payment) = any(&mut rng, &mut plan.payments) {
            payment.pence = Pence::new(i64::MAX);
        }
        assert!(!check(&scenario, &plan).is_empty());
        let _ = fund(&scenario, &plan);
    }
}
