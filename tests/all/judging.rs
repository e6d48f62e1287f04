//! What `fund` pays, `check` accepts; and each single corruption of a good plan is found.

use fibreplan::check::check;
use fibreplan::funding::{Unfundable, fund};
use fibreplan::geometry::{Point, Position};
use fibreplan::internals::random::Random;
use fibreplan::model::{
    ExchangeRow, NetworkSettings, Programme, RateCard, Scenario, Site, SiteRow, SpanRow,
    TablesDraft, Truth,
};
use fibreplan::plan::{
    ConnectionCosts, Item, LeftOut, LeftOutReason, Origin, Plan, PlanExchange, Violation,
    junction_name, junction_point,
};
use fibreplan::solve::{SolveOptions, solve};
use fibreplan::units::{Millimetres, Pence, Year};

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
    ("a payment names a building that is not eligible", |rng, scenario, plan| {
        let drops = plan.drops.clone();
        let payment = any(rng, &mut plan.payments)?;
        let programme = scenario.programmes.iter().find(|own| own.id == payment.programme)?;
        let is_eligible = |id: &String| {
            let known = scenario.tables.site_by_id(id);
            known.is_some_and(|ix| {
                scenario.eligible(programme, scenario.tables.site(ix)) == Truth::Yes
            })
        };
        let other = drops.iter().find(|drop| !drop.sites.iter().any(is_eligible))?;
        payment.building = Some(other.building.clone());
        Some("V240")
    }),
    ("an exchange is enabled for nobody", |_, scenario, plan| {
        let used = |id: &String| plan.exchanges.iter().any(|used| used.id == *id);
        let idle = scenario.tables.exchanges.rows.iter().find(|row| !used(&row.id))?;
        // On a junction of the plan it would serve what another does.
        let is_apart = |name: &String| {
            let far = |a: i64, b: i64| a.abs_diff(b) > 20;
            junction_point(name).is_some_and(|at| far(at.x, idle.at.x) || far(at.y, idle.at.y))
        };
        let served = plan.exchanges.iter().any(|used| {
            let known = scenario.tables.exchange_by_id(&used.id);
            known.is_none_or(|ix| scenario.tables.exchange(ix).at == idle.at)
        });
        if served || !plan.spans.iter().flat_map(|span| &span.ends).all(is_apart) {
            return None;
        }
        let (id, cost) = (idle.id.clone(), idle.enable);
        plan.exchanges.push(PlanExchange { id, cost, ports_used: 0, year: None });
        Some("V202")
    }),
    ("the buildings of an exchange are taken away", |rng, _, plan| {
        let exchange = any(rng, &mut plan.exchanges)?.id.clone();
        let (gone, kept): (Vec<_>, Vec<_>) =
            plan.drops.clone().into_iter().partition(|drop| drop.exchange == exchange);
        let sites: Vec<String> = gone.into_iter().flat_map(|drop| drop.sites).collect();
        plan.drops = kept;
        plan.connected.retain(|id| !sites.contains(id));
        Some("V202")
    }),
    ("the only building of a plan is taken away from its spans", |_, _, plan| {
        plan.connected.clear();
        plan.drops.clear();
        (!plan.spans.is_empty()).then_some("V201")
    }),
    ("a junction is moved by a centimetre, wherever it is named", |rng, _, plan| {
        let old = any(rng, &mut plan.spans)?.ends[rng.place(2)].clone();
        let at = junction_point(&old)?;
        let moved = Point { x: at.x.checked_add(11)?, y: at.y };
        for span in &mut plan.spans {
            for (place, end) in span.ends.iter_mut().enumerate().filter(|(_, end)| **end == old) {
                *end = junction_name(moved);
                let point =
                    if place == 0 { span.geometry.first_mut() } else { span.geometry.last_mut() };
                *point? = moved;
            }
        }
        Some("V200")
    }),
    ("a span is built in a year that there is not", |rng, _, plan| {
        any(rng, &mut plan.spans)?.year = Some(Year { start: 2031, financial: true });
        Some("V270")
    }),
    ("a payment comes in a year that there is not", |rng, _, plan| {
        any(rng, &mut plan.payments)?.year = Some(Year { start: 2031, financial: false });
        Some("V270")
    }),
    ("a site is said to have fibre", |rng, scenario, plan| {
        let open = scenario
            .tables
            .sites
            .rows
            .iter()
            .filter(|site| !site.already_connected && !plan.connected.contains(&site.id));
        let open: Vec<String> = open.map(|site| site.id.clone()).collect();
        let id = open.get(rng.place(open.len().max(1)))?;
        plan.left_out.push(LeftOut::new(id, LeftOutReason::HasFibre));
        Some("V266")
    }),
    ("of one site it is not said why it is left out", |rng, scenario, plan| {
        let open =
            scenario.tables.sites.rows.iter().filter(|site| !plan.connected.contains(&site.id));
        let mut open: Vec<&Site> = open.collect();
        if open.len() < 2 {
            return None;
        }
        open.remove(rng.place(open.len()));
        let why = |site: &&Site| {
            let reason = match site {
                site if site.already_connected => LeftOutReason::HasFibre,
                site if scenario.forbids(site) => LeftOutReason::Forbidden,
                _ => LeftOutReason::NoPlace,
            };
            LeftOut::new(&site.id, reason)
        };
        plan.left_out = open.iter().map(why).collect();
        Some("V266")
    }),
    ("a cost of connecting is less than the drop", |rng, scenario, plan| {
        let open = scenario.tables.sites.rows.iter().filter(|site| {
            let bare = !site.already_connected && !scenario.forbids(site);
            bare && !plan.connected.contains(&site.id)
        });
        let open: Vec<&Site> = open.collect();
        let site = open.get(rng.place(open.len().max(1)))?;
        let own = Some(Pence::new(-1));
        let costs = ConnectionCosts { own, added: None, worth: None };
        plan.left_out.push(LeftOut::new(&site.id, LeftOutReason::Outvalued(costs)));
        Some("V266")
    }),
];

/// Two schools on one road: both connected in 2019, paid then, with the exchange.
fn scheduled() -> (Scenario, Plan) {
    let place = |east: f64| Position::grid(400_000.0 + east, 300_000.0);
    let tables = TablesDraft::default()
        .site(SiteRow::new("A", "school", place(100.0)))
        .site(SiteRow::new("B", "school", place(200.0)))
        .exchange(ExchangeRow::new("X", place(0.0), Pence::ZERO))
        .span(SpanRow::new("R1", "road", vec![place(0.0), place(100.0)]))
        .span(SpanRow::new("R2", "road", vec![place(100.0), place(200.0)]))
        .build()
        .unwrap();
    let rate = fibreplan::units::Rate::from_whole_pounds_per_metre(1);
    let mut card = RateCard::new("2019", Pence::new(100)).method("road", rate, "made up");
    card.lead_in_method = Some("road".to_owned());
    let mut programme = Programme::new("p", Pence::from_whole_pounds(1_000));
    programme.window = Some((year(2019), year(2020)));
    let network = NetworkSettings::spans();
    let mut scenario = Scenario::new("two-schools", tables, network, card, vec![programme]);
    scenario.years = vec![year(2019), year(2020), year(2021)];
    let mut plan = solve(&scenario, &SolveOptions::default()).unwrap().plan.unwrap();
    plan.exchanges.iter_mut().for_each(|exchange| exchange.year = Some(year(2019)));
    plan.spans.iter_mut().for_each(|span| span.year = Some(year(2019)));
    plan.drops.iter_mut().for_each(|drop| drop.year = Some(year(2019)));
    plan.payments.iter_mut().for_each(|payment| payment.year = Some(year(2019)));
    (scenario, plan)
}

const fn year(start: u16) -> Year {
    Year { start, financial: true }
}

#[test]
fn stated_years_fit_each_other_and_the_scenario() {
    let (scenario, plan) = scheduled();
    assert_eq!((plan.spans.len(), check(&scenario, &plan)), (2, Vec::new()));
    let codes = |plan: &Plan| -> Vec<&str> {
        let mut codes: Vec<&str> = check(&scenario, plan).iter().map(|own| own.code.0).collect();
        codes.dedup();
        codes
    };
    let mut late = plan.clone();
    late.spans[0].year = Some(year(2020));
    assert_eq!(codes(&late), ["V271", "V273"], "both schools use the first span");
    late.payments.iter_mut().for_each(|payment| {
        if payment.item == Item::Span(late.spans[0].id.clone()) {
            payment.year = Some(year(2020));
        }
    });
    assert_eq!(codes(&late), ["V273"]);
    let mut beyond = plan.clone();
    let last = beyond.drops.len() - 1;
    beyond.drops[last].year = Some(year(2021));
    let drop = Item::Drop(beyond.drops[last].building.clone());
    for payment in beyond.payments.iter_mut().filter(|payment| payment.item == drop) {
        payment.year = Some(year(2021));
    }
    assert_eq!(
        codes(&beyond),
        ["V240", "V272"],
        "the programme ends in 2020, and with it its users"
    );
    let mut undated = plan.clone();
    undated.exchanges[0].year = None;
    assert_eq!(codes(&undated), ["V274"], "all else has a year");
    let mut never = plan;
    never.drops[0].year = Some(year(2031));
    assert_eq!(codes(&never), ["V240", "V270", "V271"]);
}

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
        let test = fibreplan::model::Test::Kind(vec!["lighthouse".to_owned()]);
        let missing = fibreplan::model::MissingPolicy::Unknown;
        programme.eligible = fibreplan::model::Clause::Test { test, missing };
        Some("V240")
    }),
    ("the rate falls", |scenario, plan| {
        let payer = &plan.payments.first()?.programme;
        let programme = scenario.programmes.iter_mut().find(|p| p.id == *payer)?;
        programme.intervention_rate = fibreplan::units::Share::from_text("0.000001").unwrap();
        if programme.rate_basis == fibreplan::model::RateBasis::Item {
            // A rate by item is rounded up to a penny.
            let more_than_a_penny = |own: &fibreplan::plan::Payment| own.pence > Pence::new(1);
            let by = &programme.id;
            plan.payments.iter().find(|own| own.programme == *by && more_than_a_penny(own))?;
        }
        Some("V240")
    }),
    ("a sort of item that it paid is not paid for", |scenario, plan| {
        let payer = &plan.payments.first()?.programme;
        let programme = scenario.programmes.iter_mut().find(|p| p.id == *payer)?;
        let pays_for = |drop, span, exchange| fibreplan::model::PaysFor { drop, span, exchange };
        let paid = |sort: fn(&Item) -> bool| {
            plan.payments.iter().any(|own| own.programme == programme.id && sort(&own.item))
        };
        programme.pays_for = if paid(|item| matches!(item, Item::Drop(_))) {
            pays_for(false, true, true)
        } else if paid(|item| matches!(item, Item::Span(_))) {
            pays_for(true, false, true)
        } else {
            pays_for(true, true, false)
        };
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
        let missing = scenario.tables.sites.rows.iter().find(|site| {
            !site.already_connected && !scenario.forbids(site) && !plan.connected.contains(&site.id)
        })?;
        let id = missing.id.clone();
        scenario.rules.required.push(id);
        Some("V250")
    }),
    ("a group is half connected", |scenario, plan| {
        let missing = scenario
            .tables
            .sites
            .rows
            .iter()
            .find(|site| !site.already_connected && !plan.connected.contains(&site.id))?;
        let group = vec![missing.id.clone(), plan.connected[0].clone()];
        scenario.rules.groups.push(group);
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
        scenario.rules.max_hops = Some(1);
        // More spans than buildings and exchanges have one each: some route has two.
        let ends = plan.drops.len() + plan.exchanges.len();
        (plan.exchanges.len() == 1 && plan.spans.len() > ends).then_some("V250")
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
