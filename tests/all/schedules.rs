//! Plans with years: against every schedule of small scenarios, and cases with known answers.

use fibreplan::check::check;
use fibreplan::engine::Solution;
use fibreplan::funding::fund;
use fibreplan::geometry::{Crs, Position};
use fibreplan::internals::question::{assemble, question};
use fibreplan::internals::random::Random;
use fibreplan::model::{
    Budget, CapScope, CarryOver, Clause, Earliness, ExchangeRow, Existing, ItemSort, Limit,
    MissingPolicy, MissingWeight, NetworkSettings, Objective, PaidBefore, PriceLevel, Programme,
    Quantity, RateCard, Scenario, ScheduleRules, SiteRow, SpanRow, Standing, TablesDraft, Test,
    WeightColumn, YearAmount, YearFloor, YearLimit,
};
use fibreplan::network::{Prepared, prepare};
use fibreplan::plan::{Item, Outcome, Payment, Plan};
use fibreplan::read::{ReadOptions, read_scenario};
use fibreplan::report::plan_until;
use fibreplan::solve::{SolveOptions, solve, solve_prepared};
use fibreplan::status::Status;
use fibreplan::units::{Pence, Rate, Share, Weight, Year};

use crate::plans;

fn year(place: u16) -> Year {
    Year { start: 2019 + place, financial: true }
}

fn options(work: u64) -> SolveOptions {
    let mut options = SolveOptions::default();
    options.effort.work = Some(work);
    options
}

/// Gives a scenario some years, and what goes with them.
fn with_years(random: &mut Random, scenario: &Scenario) -> Scenario {
    let mut dated = scenario.clone();
    let years: u16 = random.pick(&[1, 1, 1, 2, 2, 2, 2, 3]);
    dated.years = (0..years).map(year).collect();
    for programme in &mut dated.programmes {
        let total = programme.budget.total().get();
        if programme.cap_scope != CapScope::Programme && !programme.cap.is_none()
            || random.one_in(5)
        {
            if years > 1 && random.one_in(2) {
                let first = random.pick(&(0..years).collect::<Vec<u16>>());
                programme.window = Some((year(first), year(years - 1)));
            }
            continue;
        }
        let mut left = total;
        let mut by_year = std::collections::BTreeMap::new();
        for place in 0..years {
            let own = if place + 1 == years { left } else { random.between(0, left) };
            by_year.insert(year(place), Pence::new(own));
            left -= own;
        }
        let share = Share::from_text("0.4").unwrap();
        let most = Pence::new(random.between(0, 300_000));
        let terms =
            [CarryOver::None, CarryOver::All, CarryOver::Share(share), CarryOver::AtMost(most)];
        programme.budget = Budget::ByYear { by_year, carry_over: random.pick(&terms) };
    }
    dated.schedule.nested = random.one_in(3);
    if random.one_in(4) {
        dated.schedule.earliest = Some(Earliness::Discount(Share::from_text("0.25").unwrap()));
    }
    if random.one_in(3) {
        let site = dated.tables.sites.rows[0].id.clone();
        dated.schedule.not_before.insert(site, year(years - 1));
    }
    if random.one_in(4) {
        let site = dated.tables.sites.rows[1].id.clone();
        dated.schedule.by.insert(site, year(0));
    }
    if random.one_in(3) {
        let amounts = [
            YearAmount::Buildings(1),
            YearAmount::Metres(fibreplan::units::Millimetres::new(300_000)),
            YearAmount::Pounds(Pence::new(400_000)),
        ];
        let at_most = random.pick(&amounts);
        let limited = random.one_in(2).then_some(year(0));
        dated.schedule.limits.push(YearLimit {
            year: limited,
            clause: Clause::everyone(),
            at_most,
        });
    }
    if random.one_in(3) {
        for place in 0..years {
            let level = PriceLevel::from_millionths(random.pick(&[900_000, 1_030_000, 1_250_000]));
            dated.schedule.price_index.insert(year(place), level);
        }
    }
    dated
}

/// What the best of all schedules reach.
#[derive(Default)]
struct Best {
    /// By year: the most that any schedule has connected by its end.
    by_year: Vec<i64>,
    /// The most at the end, and with it the most over all years.
    lexicographic: (i64, i64),
    /// The most over all years, each as it counts.
    over_all: i128,
    /// The least that any costs.
    least: Option<Pence>,
}

fn coverage(scenario: &Scenario, plan: &Plan) -> Vec<i64> {
    let by = |now: &Year| {
        let drops = plan.drops.iter().filter(|drop| drop.year.unwrap() <= *now);
        let sites = drops.flat_map(|drop| &drop.sites);
        sites
            .map(|id| {
                let site = scenario.tables.site(scenario.tables.site_by_id(id).unwrap());
                scenario.weight("patients", site).unwrap().weight.thousandths()
            })
            .sum()
    };
    scenario.years.iter().map(by).collect()
}

/// Every forest with every choice of years that keeps the rules and can be paid.
fn best_of_all(scenario: &Scenario, prepared: &Prepared) -> Option<Best> {
    let undated = {
        let mut other = scenario.clone();
        for programme in &mut other.programmes {
            programme.budget = Budget::Total(programme.budget.total());
            programme.window = None;
        }
        other.schedule = ScheduleRules::default();
        other.years.clear();
        other
    };
    let question = question(prepared, &undated).unwrap();
    let edges = question.instance.edges.len();
    if edges > 7 {
        return None;
    }
    let years = scenario.years.len();
    let mut best = Best { by_year: vec![0; years], ..Best::default() };
    let weights = scenario.year_weights();
    for chosen in 0..1_u32 << edges {
        let edges: Vec<u32> = (0..).take(edges).filter(|edge| chosen >> edge & 1 == 1).collect();
        let places: Vec<usize> = edges.iter().map(|&edge| edge as usize).collect();
        let Some(above) = plans::rooted(&question, &places) else { continue };
        let ends = above.iter().all(|&(node, _, _)| {
            question.building(node).is_some() || above.iter().any(|&(_, _, parent)| parent == node)
        });
        if !ends {
            continue;
        }
        let solution = Solution { nodes: Vec::new(), edges };
        let plan = assemble(prepared, &undated, &question, &solution).unwrap();
        let items = plan.exchanges.len() + plan.spans.len() + plan.drops.len();
        let mut place = vec![0_usize; items];
        loop {
            let dated = dated(scenario, &plan, &place);
            let covers = coverage(scenario, &dated);
            let over_all = |covers: &[i64]| -> i128 {
                covers.iter().zip(&weights).map(|(&own, &w)| i128::from(own) * i128::from(w)).sum()
            };
            let lexicographic = (covers[years - 1], covers.iter().sum());
            let is_cheaper = best.least.is_none_or(|least| dated.cost() < least);
            let is_better = is_cheaper
                || lexicographic > best.lexicographic
                || over_all(&covers) > best.over_all
                || covers.iter().zip(&best.by_year).any(|(own, best)| own > best);
            if is_better && is_valid(scenario, &dated) {
                let cost = dated.cost();
                best.least = Some(best.least.map_or(cost, |least| least.min(cost)));
                best.lexicographic = best.lexicographic.max(lexicographic);
                best.over_all = best.over_all.max(over_all(&covers));
                best.by_year
                    .iter_mut()
                    .zip(&covers)
                    .for_each(|(best, &own)| *best = own.max(*best));
            }
            let Some(next) = place.iter().position(|&own| own + 1 < years) else { break };
            place[..next].fill(0);
            place[next] += 1;
        }
    }
    Some(best)
}

fn dated(scenario: &Scenario, plan: &Plan, places: &[usize]) -> Plan {
    let mut dated = plan.clone();
    let mut places = places.iter().map(|&place| Some(scenario.years[place]));
    dated.exchanges.iter_mut().for_each(|own| own.year = places.next().flatten());
    dated.spans.iter_mut().for_each(|own| own.year = places.next().flatten());
    dated.drops.iter_mut().for_each(|own| own.year = places.next().flatten());
    let price = |sort, id: &str, cost: &mut Pence, year| {
        *cost = scenario.item_price(sort, id, year, *cost);
    };
    for own in &mut dated.exchanges {
        price(ItemSort::Exchange, &own.id, &mut own.cost, own.year);
    }
    for own in &mut dated.spans {
        price(ItemSort::Span, &own.id, &mut own.cost, own.year);
    }
    for own in &mut dated.drops {
        price(ItemSort::Drop, &own.building, &mut own.cost, own.year);
    }
    dated
}

/// Whether the programmes can pay for a plan with years, and it keeps every rule.
fn is_valid(scenario: &Scenario, plan: &Plan) -> bool {
    let Ok(funding) = fund(scenario, plan) else { return false };
    check(scenario, &funding.complete(plan)).is_empty()
}

fn coverage_years(outcome: &Outcome) -> (i64, i64) {
    let own = outcome.objectives.iter().find(|own| own.name == "coverage_years").unwrap();
    (own.achieved.raw(), own.bound.unwrap().raw())
}

#[test]
fn no_schedule_is_above_the_bounds_and_most_plans_are_the_best() {
    let mut random = Random::new(14);
    let (mut asked, mut best_found, mut planned) = (0, 0, 0);
    let mut rounds = 0;
    while asked < 1_000 {
        rounds += 1;
        assert!(rounds < 30_000, "only {asked} of the scenarios are small enough");
        let pots = 1 + rounds % 3;
        let base = plans::scenario(&mut random, pots, random_rules(rounds));
        let scenario = with_years(&mut random, &base);
        if !scenario.has_schedule() || scenario.judged().is_err() {
            continue;
        }
        let prepared = prepare(&scenario).unwrap();
        let Some(best) = best_of_all(&scenario, &prepared) else { continue };
        asked += 1;
        let outcome = solve_prepared(
            &prepared,
            &scenario,
            &options(40_000_000),
            &mut fibreplan::observe::Silent,
        )
        .unwrap();
        let case = format!("case {rounds}: {:?}", scenario.programmes);
        let Some(plan) = &outcome.plan else {
            assert_ne!(outcome.status, Status::Infeasible, "{case}");
            continue;
        };
        planned += 1;
        assert_eq!(check(&scenario, plan), [], "{case}");
        let covers = coverage(&scenario, plan);
        for (place, own) in outcome.years.iter().enumerate() {
            assert_eq!(own.coverage.thousandths(), covers[place], "{case}");
            assert!(own.bound.thousandths() >= best.by_year[place], "{case}, year {place}");
        }
        let (achieved, bound) = coverage_years(&outcome);
        assert!(i128::from(bound) * 1_000_000 >= best.over_all, "{case}");
        let end = *covers.last().unwrap();
        let own = outcome.objectives.iter().find(|own| own.name == "patients").unwrap();
        if let Some(bound) = own.bound {
            assert!(bound.raw() >= best.lexicographic.0, "{case}");
        }
        if scenario.schedule.earliest.is_some() {
            assert!(i128::from(achieved) * 1_000_000 <= best.over_all, "{case}");
            best_found += usize::from(i128::from(achieved + 1) * 1_000_000 > best.over_all);
        } else {
            let own = (end, covers.iter().sum());
            assert!(own <= best.lexicographic, "{case}");
            best_found += usize::from(own == best.lexicographic);
        }
        if outcome.status == Status::Optimal && scenario.schedule.earliest.is_none() {
            assert_eq!(end, best.lexicographic.0, "{case}");
        }
    }
    println!("{best_found} best of {planned} plans, of {asked} scenarios");
    assert!(planned * 10 >= asked * 9, "{planned} of {asked} have a plan");
    assert!(best_found * 10 >= planned * 9, "{best_found} of {planned} are the best");
}

/// Gives a scenario with years a target at the least cost, and perhaps a floor by its first year.
fn with_target(random: &mut Random, dated: &Scenario, best: &Best) -> Scenario {
    let (end, first) = (best.lexicographic.0, best.by_year[0]);
    let mut asked = dated.clone();
    let at_least = Weight::from_thousandths(end * random.between(1, 4) / 4);
    asked.objective = Objective::MinimiseCostFor { weight: "patients".to_owned(), at_least };
    asked.schedule.earliest = None;
    if random.one_in(2) && first > 0 {
        let by = asked.years[0];
        let at_least = Some(Weight::from_thousandths(first * random.between(1, 2) / 2));
        let quantity = Quantity::Weight("patients".to_owned());
        let limit = Limit { clause: Clause::everyone(), quantity, at_least, at_most: None };
        asked.schedule.floors.push(YearFloor { by, share: None, limit });
    }
    asked
}

#[test]
fn least_cost_for_targets_by_year_is_within_the_bound_and_mostly_the_least() {
    let mut random = Random::new(4);
    let (mut asked, mut best_found, mut planned, mut rounds) = (0, 0, 0, 0);
    while asked < 150 {
        rounds += 1;
        assert!(rounds < 30_000, "only {asked} of the scenarios are small enough");
        let base = plans::scenario(&mut random, 1 + rounds % 3, false);
        let dated = with_years(&mut random, &base);
        if !dated.has_schedule() || dated.judged().is_err() {
            continue;
        }
        let prepared = prepare(&dated).unwrap();
        let Some(most) = best_of_all(&dated, &prepared) else { continue };
        let scenario = with_target(&mut random, &dated, &most);
        if scenario.judged().is_err() {
            continue;
        }
        let Some(best) = best_of_all(&scenario, &prepared) else { continue };
        asked += 1;
        let silent = &mut fibreplan::observe::Silent;
        let outcome = solve_prepared(&prepared, &scenario, &options(40_000_000), silent).unwrap();
        let case = format!("round {rounds}: {:?} {:?}", scenario.objective, scenario.programmes);
        let Some(plan) = &outcome.plan else {
            assert!(outcome.status != Status::Infeasible || best.least.is_none(), "{case}");
            continue;
        };
        planned += 1;
        assert_eq!(check(&scenario, plan), [], "{case}");
        let cost = &outcome.objectives[0];
        let least = best.least.expect("there is a plan");
        assert_eq!(
            (cost.name.as_str(), cost.achieved.raw()),
            ("cost", plan.cost().get()),
            "{case}"
        );
        assert!(plan.cost() >= least, "{case}");
        assert!(cost.bound.is_none_or(|bound| bound.raw() <= least.get()), "{case}");
        best_found += usize::from(plan.cost() == least);
    }
    println!("{best_found} at the least cost of {planned} plans, of {asked} scenarios");
    assert!(planned * 10 >= asked * 9, "{planned} of {asked} have a plan");
    assert!(best_found * 10 >= planned * 9, "{best_found} of {planned} are the best");
}

/// What a plan has built by the end of its first year, as what stands.
fn standing(scenario: &Scenario, plan: &Plan) -> Existing {
    let first = scenario.years[0];
    let part = plan_until(plan, first);
    let mut existing = Existing::nothing(first);
    let of = |cost| Standing { year: first, cost };
    existing.exchanges = part.exchanges.iter().map(|own| (own.id.clone(), of(own.cost))).collect();
    existing.spans = part.spans.iter().map(|own| (own.id.clone(), of(own.cost))).collect();
    existing.drops = part.drops.iter().map(|own| (own.building.clone(), of(own.cost))).collect();
    existing.payments = part.payments.iter().map(paid_before).collect();
    existing
}

fn paid_before(payment: &Payment) -> PaidBefore {
    let (sort, id) = match &payment.item {
        Item::Exchange(id) => (ItemSort::Exchange, id),
        Item::Span(id) => (ItemSort::Span, id),
        Item::Drop(id) => (ItemSort::Drop, id),
    };
    PaidBefore { sort, id: id.clone(), programme: payment.programme.clone(), pence: payment.pence }
}

#[test]
fn what_stands_stays_and_the_rest_is_within_the_bounds() {
    let mut random = Random::new(41);
    let (mut asked, mut best_found, mut rounds) = (0, 0, 0);
    while asked < 120 {
        rounds += 1;
        assert!(rounds < 30_000, "only {asked} of the scenarios are small enough");
        let base = plans::scenario(&mut random, 1 + rounds % 3, false);
        let scenario = with_years(&mut random, &base);
        if scenario.years.len() < 2 || !scenario.has_schedule() || scenario.judged().is_err() {
            continue;
        }
        let prepared = prepare(&scenario).unwrap();
        let silent = &mut fibreplan::observe::Silent;
        let outcome = solve_prepared(&prepared, &scenario, &options(10_000_000), silent).unwrap();
        let Some(plan) = &outcome.plan else { continue };
        // Trunks that lead to nobody yet are no forest of the search by hand.
        let part = check(&scenario, &plan_until(plan, scenario.years[0]));
        if part.iter().any(|own| ["V200", "V201"].contains(&own.code.0)) {
            continue;
        }
        let existing = standing(&scenario, plan);
        if existing.drops.is_empty() {
            continue;
        }
        let mut next = scenario.clone();
        next.schedule.existing = Some(existing);
        // What is to come is not as it was planned.
        for programme in &mut next.programmes {
            if let Budget::ByYear { by_year, .. } = &mut programme.budget {
                let late = by_year.values_mut().last().unwrap();
                *late = Pence::new(random.between(0, 2 * late.get() + 100_000));
            }
        }
        if next.judged().is_err() {
            continue;
        }
        let Some(best) = best_of_all(&next, &prepared) else { continue };
        let case = format!("round {rounds}: {:?}", next.programmes);
        let outcome = solve_prepared(&prepared, &next, &options(40_000_000), silent).unwrap();
        let Some(again) = &outcome.plan else { panic!("what stands is a plan: {case}") };
        asked += 1;
        assert_eq!(check(&next, again), [], "{case}");
        assert_eq!(
            plan_until(again, next.years[0]).payments,
            plan_until(plan, next.years[0]).payments
        );
        let covers = coverage(&next, again);
        assert_eq!(covers[0], outcome.years[0].bound.thousandths(), "{case}");
        for (place, own) in outcome.years.iter().enumerate() {
            assert!(own.bound.thousandths() >= best.by_year[place], "{case}, year {place}");
        }
        let (achieved, bound) = coverage_years(&outcome);
        assert!(i128::from(bound) * 1_000_000 >= best.over_all, "{case}");
        if next.schedule.earliest.is_some() {
            assert!(i128::from(achieved) * 1_000_000 <= best.over_all, "{case}");
            best_found += usize::from(i128::from(achieved + 1) * 1_000_000 > best.over_all);
        } else {
            let own = (*covers.last().unwrap(), covers.iter().sum());
            assert!(own <= best.lexicographic, "{case}");
            best_found += usize::from(own == best.lexicographic);
        }
    }
    println!("{best_found} best of {asked}");
    assert!(best_found * 10 >= asked * 9, "{best_found} of {asked} are the best");
}

fn random_rules(round: u64) -> bool {
    round.is_multiple_of(2)
}

fn at(x: f64, y: f64) -> Position {
    Position { crs: Crs::BritishGrid, x: 300_000.0 + x, y: 100_000.0 + y }
}

fn among(ids: &[&str]) -> Clause {
    let ids = ids.iter().map(|&id| id.to_owned()).collect();
    Clause::Test { test: Test::Ids(ids), missing: MissingPolicy::Unknown }
}

/// A pot of so many pounds in each year.
fn pot(id: &str, pounds: &[i64], carry_over: CarryOver, eligible: Clause) -> Programme {
    let years = (0..).map(year);
    let by_year = years.zip(pounds.iter().map(|&own| Pence::from_whole_pounds(own))).collect();
    let budget = Budget::ByYear { by_year, carry_over };
    Programme { budget, eligible, ..Programme::new(id, Pence::ZERO) }
}

/// A network of spans at a pound a metre from the exchange at the middle; sites by id, place and patients.
fn network(
    spans: &[([f64; 2], [f64; 2])],
    sites: &[(&str, [f64; 2], i64)],
    pots: Vec<Programme>,
) -> Scenario {
    let mut draft =
        TablesDraft::default().exchange(ExchangeRow::new("X", at(0.0, 0.0), Pence::ZERO));
    for (place, (from, to)) in spans.iter().enumerate() {
        let line = vec![at(from[0], from[1]), at(to[0], to[1])];
        draft = draft.span(SpanRow::new(&format!("R{place}"), "verge", line));
    }
    for (id, [x, y], patients) in sites {
        draft = draft.site(SiteRow::new(id, "gp_practice", at(*x, *y)).value("patients", patients));
    }
    let rate = Rate::from_pounds_per_metre("1").unwrap();
    let mut card = RateCard::new("2019-20", Pence::ZERO).method("verge", rate, "made up");
    card.lead_in_method = Some("verge".to_owned());
    let years = pots.iter().map(|own| match &own.budget {
        Budget::ByYear { by_year, .. } => by_year.len(),
        Budget::Total(_) => 1,
    });
    let years = years.max().unwrap_or(1);
    let mut scenario =
        Scenario::new("case", draft.build().unwrap(), NetworkSettings::spans(), card, pots);
    scenario.years = (0..).take(years).map(year).collect();
    scenario.weights = vec![WeightColumn {
        name: "patients".to_owned(),
        column: "patients".to_owned(),
        missing: MissingWeight::default(),
    }];
    scenario.objective = Objective::Maximise(vec!["patients".to_owned()]);
    scenario
}

fn over_all(scenario: &Scenario) -> Option<i64> {
    let outcome = solve(scenario, &options(200_000_000)).unwrap();
    let plan = outcome.plan.as_ref()?;
    assert_eq!(check(scenario, plan), []);
    let (achieved, bound) = coverage_years(&outcome);
    assert!(achieved <= bound);
    assert_eq!(
        Weight::from_thousandths(achieved),
        coverage(scenario, plan).iter().map(|&own| Weight::from_thousandths(own)).sum()
    );
    Some(achieved / 1000)
}

/// FUNDING case 11: cost and weight 6/7, 5/5, 5/5, ten a year: the best first is the worse schedule.
#[test]
fn two_that_fill_the_first_year_come_before_the_one_with_the_best_ratio() {
    let spans = [([0.0, 0.0], [6.0, 0.0]), ([0.0, 0.0], [0.0, 5.0]), ([0.0, 0.0], [0.0, -5.0])];
    let sites = [("A", [6.0, 0.0], 7), ("B", [0.0, 5.0], 5), ("C", [0.0, -5.0], 5)];
    let scenario =
        network(&spans, &sites, vec![pot("p", &[10, 10], CarryOver::All, Clause::everyone())]);
    assert_eq!(over_all(&scenario), Some(27));
}

/// FUNDING case 13: a span of 5, a drop of 3, 5 a year that do not move on.
#[test]
fn a_span_is_built_ahead_where_money_lapses_and_not_where_each_year_is_a_plan() {
    let spans = [([0.0, 0.0], [5.0, 0.0]), ([5.0, 0.0], [8.0, 0.0])];
    let sites = [("A", [8.0, 0.0], 4)];
    let mut scenario =
        network(&spans, &sites, vec![pot("p", &[5, 5], CarryOver::None, Clause::everyone())]);
    assert_eq!(over_all(&scenario), Some(4));
    scenario.schedule.nested = true;
    assert!(matches!(over_all(&scenario), None | Some(0)));
}

#[test]
fn a_trunk_that_stands_before_its_exchange_is_used() {
    let spans = [([0.0, 0.0], [5.0, 0.0]), ([5.0, 0.0], [8.0, 0.0])];
    let sites = [("A", [8.0, 0.0], 4)];
    let mut scenario =
        network(&spans, &sites, vec![pot("p", &[5, 5], CarryOver::None, Clause::everyone())]);
    scenario.schedule.exchange_ready.insert("X".to_owned(), year(1));
    let plan = solve(&scenario, &options(200_000_000)).unwrap().plan.unwrap();
    let existing = standing(&scenario, &plan);
    assert_eq!((existing.exchanges.len(), existing.spans.len()), (0, 1));
    scenario.schedule.existing = Some(existing);
    let again = solve(&scenario, &options(200_000_000)).unwrap();
    assert_eq!(check(&scenario, again.plan.as_ref().unwrap()), []);
    assert_eq!(again.plan.unwrap().payments, plan.payments);
    // Where there is no money for the rest, it stands alone.
    if let Budget::ByYear { by_year, .. } = &mut scenario.programmes[0].budget {
        by_year.insert(year(1), Pence::ZERO);
    }
    let alone = solve(&scenario, &options(200_000_000)).unwrap().plan.unwrap();
    assert_eq!(check(&scenario, &alone), []);
    assert_eq!((alone.spans.len(), alone.connected.len(), alone.payments.len()), (1, 0, 1));
}

/// FUNDING case 14: a trunk that a later user's programme pays for.
#[test]
fn a_later_user_pays_for_a_trunk_unless_each_year_is_a_plan() {
    let spans =
        [([0.0, 0.0], [10.0, 0.0]), ([10.0, 0.0], [10.0, 1.0]), ([10.0, 0.0], [10.0, -1.0])];
    let sites = [("A", [10.0, 1.0], 5), ("B", [10.0, -1.0], 5)];
    let case = |carry_over, nested| {
        let pots = vec![
            pot("a", &[1, 1], carry_over, among(&["A"])),
            pot("b", &[10, 1], carry_over, among(&["B"])),
        ];
        let mut scenario = network(&spans, &sites, pots);
        scenario.schedule.nested = nested;
        over_all(&scenario).unwrap_or(0)
    };
    assert_eq!(case(CarryOver::None, false), 15);
    assert_eq!(case(CarryOver::All, false), 15);
    assert_eq!(case(CarryOver::All, true), 10);
    assert_eq!(case(CarryOver::None, true), 0);
}

/// A site that is never connected does not make its building one that a limit counts, in the bound neither.
#[test]
fn a_forbidden_site_does_not_count_its_building() {
    let spans = [([0.0, 0.0], [6.0, 0.0])];
    let sites = [("A", [6.0, 0.0], 7), ("B", [6.0, 0.0], 5)];
    let mut scenario =
        network(&spans, &sites, vec![pot("p", &[10, 10], CarryOver::All, Clause::everyone())]);
    scenario.rules.forbidden = vec!["A".to_owned()];
    let at_most = YearAmount::Buildings(0);
    scenario.schedule.limits = vec![YearLimit { year: None, clause: among(&["A"]), at_most }];
    assert_eq!(over_all(&scenario), Some(10));
}

/// Same bytes whatever the number of threads.
#[test]
fn years_do_not_depend_on_threads() {
    let folder = crate::project("data").join("market-town-years");
    let reading = read_scenario(&folder, &ReadOptions::default()).unwrap();
    let plan = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| solve(&reading.scenario, &options(60_000_000)).unwrap().plan.unwrap())
    };
    let one = plan(1);
    assert_eq!(one, plan(2));
    assert_eq!(one, plan(3));
    assert!(one.drops.iter().any(|drop| drop.later.is_some()));
}
