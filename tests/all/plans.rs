//! Whole plans of small random scenarios against brute force: plan <= optimum <= bound, and the
//! checker agrees, with one, two and three pots.

use std::sync::Arc;

use fibreplan::check::check;
use fibreplan::engine::{Goal, Solution};
use fibreplan::funding::fund;
use fibreplan::geometry::{Crs, Position};
use fibreplan::internals::question::{EdgeItem, Question, assemble, question};
use fibreplan::internals::random::Random;
use fibreplan::model::{
    Bar, BarScope, CapScope, Clause, ExchangeRow, MissingPolicy, NetworkSettings, NetworkSource,
    Noding, Objective, PriceLevel, Programme, RateBasis, RateCard, Rules, Scenario, ScenarioParts,
    SiteRow, TablesDraft, Test, Uplift, WeightColumn,
};
use fibreplan::network::{Prepared, prepare};
use fibreplan::solve::{SolveOptions, solve};
use fibreplan::status::Status;
use fibreplan::units::{Amount, Millimetres, Pence, Rate, Share};

fn grid(random: &mut Random) -> Position {
    let metres = |step: u32| f64::from(step * 100);
    let (x, y) = (random.below(5), random.below(5));
    Position { crs: Crs::BritishGrid, x: 300_000.0 + metres(x), y: 100_000.0 + metres(y) }
}

fn among(column: &str, values: &[&str]) -> Clause {
    let is = values.iter().map(|&value| value.to_owned()).collect();
    let test = Test::Is { column: column.to_owned(), is };
    Clause::Test { test, missing: MissingPolicy::Unknown }
}

/// A scenario of up to four buildings, two exchanges and some waypoints, with so many programmes.
pub fn scenario(random: &mut Random, pots: u64, rules: bool) -> Scenario {
    let mut draft = TablesDraft::default();
    for site in 0..2 + random.below(3) {
        let weight = random.pick(&[0, 1, 2, 5, 7]);
        let class = random.pick(&["a", "b", "c", ""]);
        let row = SiteRow::new(&format!("S{site}"), "gp_practice", grid(random));
        draft = draft.site(row.value("patients", weight).value("class", class));
    }
    for exchange in 0..=random.below(2) {
        let enable = Pence::new(random.between(0, 2) * 100_000);
        let row = ExchangeRow::new(&format!("X{exchange}"), grid(random), enable);
        draft = draft.exchange(row);
    }
    if random.below(2) == 0 {
        draft = draft.waypoint(grid(random));
    }
    let programmes = (0..pots).map(|pot| {
        let budget = random.between(0, 79) * 10_000;
        let mut programme = Programme::new(&format!("p{pot}"), Pence::new(budget));
        let classes: [&[&str]; 4] = [&["a"], &["b"], &["a", "b"], &["b", "c"]];
        if random.below(3) > 0 {
            let pick = random.place(4);
            programme.eligible = among("class", classes[pick]);
        }
        programme.pays_for.exchange = random.below(4) > 0;
        if rules {
            add_rules(random, &mut programme, pot);
        }
        programme
    });
    Scenario::from(ScenarioParts {
        schedule: fibreplan::model::ScheduleRules::default(),
        name: "tiny".to_owned(),
        title: String::new(),
        years: Vec::new(),
        programmes: programmes.collect(),
        tables: Arc::new(draft.build().expect("the draft has no faults")),
        network: NetworkSettings {
            from: NetworkSource::Waypoints,
            detour_millionths: 1_300_000,
            max_link: Millimetres::new(350_000),
            method: "verge".to_owned(),
            snap_limit: Millimetres::new(500_000),
            join: Millimetres::new(1),
            noding: Noding::Ends,
            same_building: Millimetres::ZERO,
        },
        rate_card: RateCard {
            price_year: "2019-20".to_owned(),
            drop: Pence::new(random.between(0, 2) * 50_000),
            lead_in_method: None,
            uplift: Uplift::default(),
            level: PriceLevel::ONE,
            crossings: std::collections::BTreeMap::new(),
            methods: [("verge".to_owned(), method("12.3456"))].into(),
        },
        weights: vec![WeightColumn {
            name: "patients".to_owned(),
            column: "patients".to_owned(),
            missing: fibreplan::model::MissingWeight::default(),
        }],
        objective: Objective::Maximise(vec!["patients".to_owned()]),
        rules: Rules::default(),
    })
}

/// Caps of every scope, rates, shares, outputs and bars, one or two at a time.
fn add_rules(random: &mut Random, programme: &mut Programme, pot: u64) {
    for _ in 0..=random.below(2) {
        match random.below(8) {
            0 | 1 => {
                programme.cap.any = Some(Pence::new(random.pick(&[100_000, 250_000, 400_000])));
                let column = "class".to_owned();
                let scopes = [CapScope::Site, CapScope::Group { column }, CapScope::Programme];
                programme.cap_scope = random.pick(&scopes);
            }
            2 | 3 => {
                programme.intervention_rate = share(random.pick(&["0.5", "0.75", "0.9"]));
                programme.rate_basis = random.pick(&[RateBasis::Item, RateBasis::Programme]);
            }
            4 => programme.min_share = share(random.pick(&["0.5", "0.75"])),
            5 => programme.min_sites = 1 + random.below(2),
            6 => programme.overhead = share("0.05"),
            _ if pot > 0 => {
                let scope = random.pick(&[BarScope::Item, BarScope::Site]);
                programme.not_with.push(Bar { programme: "p0".to_owned(), scope });
            }
            _ => {}
        }
    }
}

fn share(text: &str) -> Share {
    Share::from_text(text).expect("a share")
}

fn method(rate: &str) -> fibreplan::model::Method {
    let rate = Rate::from_pounds_per_metre(rate).expect("a rate");
    fibreplan::model::Method { rate, source: None, rent: None }
}

/// Whether pots of so much money can pay for items of so much cost and such payers: every set of pots
/// holds at least what only it may pay.
fn payable(money: &[i64], items: &[(u64, i64)]) -> bool {
    (0..1_u64 << money.len()).all(|set| {
        let only: i64 =
            items.iter().filter(|(payers, _)| payers & !set == 0).map(|(_, cost)| cost).sum();
        let pots = money.iter().enumerate().filter(|(pot, _)| set >> pot & 1 == 1);
        only <= pots.map(|(_, money)| money).sum()
    })
}

/// The most prize there is, and the least cost of a tree that has it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Optimum {
    pub prize: i64,
    pub cost: i64,
}

impl Optimum {
    /// Whether a tree is better than the best known, if any.
    fn beats(self, other: Option<Self>) -> bool {
        let rank = |own: Self| (own.prize, -own.cost);
        other.is_none_or(|other| rank(self) > rank(other))
    }
}

/// The most prize of any payable tree under the set condition that holds what is required, by trying every
/// set of edges; `None` when there are too many, or no such tree.
pub fn optimum(scenario: &Scenario, question: &Question) -> Option<Optimum> {
    let instance = &question.instance;
    if instance.edges.len() > 14 {
        return None;
    }
    let money: Vec<i64> = scenario.programmes.iter().map(|p| p.available().get()).collect();
    let pays = |pick: fn(&Programme) -> bool| {
        let may = scenario.programmes.iter().enumerate().filter(|(_, p)| pick(p));
        may.fold(0_u64, |set, (place, _)| set | 1 << place)
    };
    let (spans, exchanges) = (pays(|p| p.pays_for.span), pays(|p| p.pays_for.exchange));
    let mut best = None;
    for chosen in 0..1_u32 << instance.edges.len() {
        let edges: Vec<usize> =
            (0..instance.edges.len()).filter(|edge| chosen >> edge & 1 == 1).collect();
        let Some(above) = rooted(question, &edges) else { continue };
        let mut below = vec![0_u64; instance.nodes()];
        let mut prize = 0;
        for &(node, _, _) in above.iter().rev() {
            if let Some(building) = question.building(node) {
                below[node as usize] |= question.building_terms[building.at()].payers.bits();
                prize += instance.prizes[node as usize];
            }
            let (_, _, parent) = *above.iter().find(|entry| entry.0 == node).expect("listed");
            below[parent as usize] |= below[node as usize];
        }
        let held = |node: usize| above.iter().any(|entry| entry.0 as usize == node);
        let mut required = (0..instance.nodes())
            .filter(|&node| instance.demands[node] == fibreplan::engine::Demand::Required);
        if required.any(|node| !held(node)) {
            continue;
        }
        let items: Vec<(u64, i64)> = above
            .iter()
            .map(|&(node, edge, _)| {
                let allowed = match question.edge_items[edge] {
                    EdgeItem::Drop(_) => u64::MAX,
                    EdgeItem::Span(_) | EdgeItem::SecondHalf(_) => spans,
                    EdgeItem::Enable(_) => exchanges,
                };
                (below[node as usize] & allowed, instance.edges[edge].cost)
            })
            .filter(|&(_, cost)| cost > 0)
            .collect();
        let found = Optimum { prize, cost: items.iter().map(|(_, cost)| cost).sum() };
        if found.beats(best) && ends_in_buildings(question, &above) && payable(&money, &items) {
            best = Some(found);
        }
    }
    best
}

/// The most prize of any tree that can be funded, rules and all, by trying every set of edges; `None` when
/// there are too many.
fn optimum_under_rules(
    scenario: &Scenario,
    prepared: &Prepared,
    question: &Question,
) -> Option<Optimum> {
    let instance = &question.instance;
    if instance.edges.len() > 12 {
        return None;
    }
    let mut best = Optimum { prize: 0, cost: 0 };
    for chosen in 0..1_u32 << instance.edges.len() {
        let edges: Vec<u32> =
            (0..).take(instance.edges.len()).filter(|e| chosen >> e & 1 == 1).collect();
        let places: Vec<usize> = edges.iter().map(|&edge| edge as usize).collect();
        let Some(above) = rooted(question, &places) else { continue };
        let prize = above.iter().map(|&(node, _, _)| instance.prizes[node as usize]).sum();
        let cost = places.iter().map(|&edge| instance.edges[edge].cost).sum();
        let found = Optimum { prize, cost };
        if !found.beats(Some(best)) || !ends_in_buildings(question, &above) {
            continue;
        }
        let solution = Solution { nodes: Vec::new(), edges };
        let plan = assemble(prepared, scenario, question, &solution).expect("a plan");
        if fund(scenario, &plan).is_ok() {
            best = found;
        }
    }
    Some(best)
}

fn ends_in_buildings(question: &Question, above: &[(u32, usize, u32)]) -> bool {
    above.iter().all(|&(node, _, _)| {
        question.building(node).is_some() || above.iter().any(|&(_, _, parent)| parent == node)
    })
}

/// Nodes of a tree of edges that holds the root, each as `(node, edge above, node above)` after the
/// node above it; `None` when the edges are no such tree.
pub fn rooted(question: &Question, edges: &[usize]) -> Option<Vec<(u32, usize, u32)>> {
    let mut order: Vec<(u32, usize, u32)> = Vec::new();
    let mut left: Vec<usize> = edges.to_vec();
    let mut held = vec![question.root()];
    while !left.is_empty() {
        let found = left.iter().position(|&edge| {
            question.instance.edges[edge].ends.iter().any(|end| held.contains(end))
        })?;
        let edge = left.remove(found);
        let [u, v] = question.instance.edges[edge].ends;
        let (from, to) = if held.contains(&u) { (u, v) } else { (v, u) };
        if held.contains(&to) {
            return None;
        }
        order.push((to, edge, from));
        held.push(to);
    }
    Some(order)
}

/// What came of many random scenarios.
#[derive(Debug, Default)]
struct Tally {
    tried: u32,
    /// Plans that cover most.
    best: u32,
    /// Plans that are proven to.
    proven: u32,
    /// Plans that are proven to cost least of those that cover as much.
    cheapest: u32,
}

fn compare(pots: u64, cases: u64, rules: bool) -> Tally {
    let mut tally = Tally::default();
    for case in 0..cases {
        let mut random = Random::new(case * 31 + pots);
        let scenario = scenario(&mut random, pots, rules);
        let prepared = prepare(&scenario).expect("a network");
        let question = question(&prepared, &scenario).expect("a question");
        let optimum = if rules {
            optimum_under_rules(&scenario, &prepared, &question)
        } else {
            optimum(&scenario, &question)
        };
        let Some(Optimum { prize: optimum, cost: least }) = optimum else { continue };
        let mut options = SolveOptions::default();
        options.effort.work = Some(8_000_000);
        let outcome = solve(&scenario, &options).expect("an outcome");
        let plan = outcome.plan.as_ref().expect("the empty plan at least");
        assert_eq!(check(&scenario, plan), vec![], "case {case}");
        assert_eq!(fund(&scenario, plan).expect("payable").payments, plan.payments, "case {case}");
        let first = &outcome.objectives[0];
        let bound = first.bound.map(Amount::raw).expect("a bound");
        assert!(
            first.achieved.raw() <= optimum,
            "case {case}: {} above {optimum}",
            first.achieved.raw()
        );
        assert!(optimum <= bound, "case {case}: optimum {optimum} above bound {bound}");
        if outcome.status == Status::Optimal {
            assert_eq!(first.achieved.raw(), optimum, "case {case} is called optimal");
            tally.proven += 1;
            let cost = outcome.objectives.last().expect("the cost");
            let bound = cost.bound.map(Amount::raw);
            let bound = bound.unwrap_or_else(|| panic!("case {case}: {:?}", outcome.objectives));
            assert!(bound <= least && least <= outcome.cost.get(), "case {case}: {cost:?} {least}");
            if cost.status == Status::Optimal {
                assert_eq!(outcome.cost.get(), least, "case {case} is called cheapest");
                tally.cheapest += 1;
            }
        }
        let Goal::MostPrize { budget } = question.instance.goal else { panic!("another goal") };
        assert!(outcome.cost.get() <= budget);
        tally.tried += 1;
        tally.best += u32::from(first.achieved.raw() == optimum);
    }
    tally
}

fn all_proven(pots: u64, rules: bool, at_least: u32) {
    let tally = compare(pots, 1500, rules);
    let Tally { tried, best, proven, cheapest } = tally;
    assert!(tried > at_least, "{tried} cases");
    assert_eq!((best, proven, cheapest), (tried, tried, tried), "with {pots} pots");
}

#[test]
fn plans_with_one_to_four_pots_are_optimal_and_proven() {
    (1..=4).for_each(|pots| all_proven(pots, false, 800));
}

#[test]
fn plans_under_caps_rates_and_other_rules_are_optimal_and_proven() {
    (1..=4).for_each(|pots| all_proven(pots, true, 500));
}
