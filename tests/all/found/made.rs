//! Rows that only the library shows: scenarios built or changed in Rust, studies, the split of money.

use std::sync::Arc;

use fibreplan::error::Error;
use fibreplan::geometry::{Crs, Position};
use fibreplan::model::{
    Clause, ExchangeRow, Limit, Method, Objective, Quantity, Rent, Scenario, SiteRow, Tables,
    TablesDraft, WaypointRow,
};
use fibreplan::network::prepare;
use fibreplan::observe::Silent;
use fibreplan::read::{ReadOptions, read_scenario};
use fibreplan::solve::{SolveOptions, solve};
use fibreplan::study::strategies::{StrategiesOptions, strategies};
use fibreplan::study::why_not::{WhyNotOptions, why_not};
use fibreplan::units::{Millimetres, Pence, Rate, Share, Weight};

use super::Made;

pub const ROWS: &[Made] = &[
    Made {
        item: "F",
        title: "no plan pays for what nobody asked for",
        holds: least_cost_among_equals,
    },
    Made {
        item: "A",
        title: "strategies over 300 sets of payers",
        holds: strategies_over_many_sets,
    },
    Made { item: "1", title: "prices below zero, set in Rust", holds: prices_below_zero },
    Made {
        item: "1",
        title: "weights and limits below zero, set in Rust",
        holds: weights_below_zero,
    },
    Made { item: "1", title: "tables out of order, made in Rust", holds: tables_out_of_order },
    Made { item: "1", title: "a study of a scenario with faults", holds: studies_judge_too },
    Made { item: "A", title: "premises at one place beyond 32 bits", holds: premises_at_one_place },
    Made {
        item: "A",
        title: "lead-ins dearer than can be counted",
        holds: lead_ins_beyond_counting,
    },
];

fn town() -> Scenario {
    let folder = crate::project("data/market-town");
    read_scenario(&folder, &ReadOptions::default()).unwrap().scenario
}

/// The codes with which a changed town is refused.
fn codes(change: impl FnOnce(&mut Scenario)) -> Vec<String> {
    let mut scenario = town();
    change(&mut scenario);
    told(scenario.judged().map(|_| ()))
}

fn told<T>(result: Result<T, Error>) -> Vec<String> {
    let faults = result.err().map(|error| error.faults().to_vec()).unwrap_or_default();
    faults.iter().map(|fault| fault.code.to_string()).collect()
}

fn prices_below_zero() {
    let less = Pence::new(-1);
    assert_eq!(codes(|own| own.rate_card.drop = less), ["R109"]);
    let rate = Rate::from_ten_thousandths(-1);
    let method = Method { rate, source: None, rent: None };
    let card = |own: &mut Scenario, method| {
        own.rate_card.methods.insert("pole".to_owned(), method);
    };
    assert_eq!(codes(|own| card(own, method)), ["R109"]);
    let rent = Rent { per_year: rate, years: 10, discount: Share::ZERO };
    let rented = Method { rate: Rate::from_ten_thousandths(5), source: None, rent: Some(rent) };
    assert_eq!(codes(|own| card(own, rented)), ["R109"]);
    let sites = |own: &mut Tables| own.sites.rows[0].drop = Some(Pence::new(-1));
    for (code, change) in [
        ("S142", sites as fn(&mut Tables)),
        ("X131", |own| own.exchanges.rows[1].enable = Pence::new(-1)),
        ("N124", |own| own.spans[0].cost = Some(Pence::new(-1))),
    ] {
        assert_eq!(codes(|own| change(Arc::make_mut(&mut own.tables))), [code]);
    }
}

fn weights_below_zero() {
    let less = Weight::from_thousandths(-1);
    assert_eq!(codes(|own| own.weights[0].missing.any = Some(less)), ["O111"]);
    let by_kind = |own: &mut Scenario| {
        own.weights[0].missing.by_kind.insert("community".to_owned(), less);
    };
    assert_eq!(codes(by_kind), ["O111"]);
    let limit = |at_least, at_most| Limit {
        clause: Clause::everyone(),
        quantity: Quantity::Pounds,
        at_least,
        at_most,
    };
    assert_eq!(codes(|own| own.rules.limits.push(limit(Some(less), None))), ["O111"]);
    assert_eq!(codes(|own| own.rules.limits.push(limit(None, Some(less)))), ["O111"]);
    let weight = "patients".to_owned();
    let least = Objective::MinimiseCostFor { weight, at_least: less };
    assert_eq!(codes(|own| own.objective = least), ["O111"]);
}

fn tables_out_of_order() {
    assert_eq!(codes(|own| Arc::make_mut(&mut own.tables).exchanges.rows.reverse()), ["X103"]);
    assert_eq!(codes(|own| Arc::make_mut(&mut own.tables).spans.reverse()), ["N103"]);
    let twice = |own: &mut Scenario| {
        let rows = &mut Arc::make_mut(&mut own.tables).sites.rows;
        rows.insert(0, rows[0].clone());
    };
    assert_eq!(codes(twice), ["S103"]);
}

fn studies_judge_too() {
    let sound = town();
    let prepared = prepare(&sound).unwrap();
    let mut own = sound;
    own.rate_card.drop = Pence::new(-1);
    assert_eq!(told(solve(&own, &SolveOptions::default())), ["R109"]);
    assert_eq!(told(why_not(&prepared, &own, &WhyNotOptions::default(), &mut Silent)), ["R109"]);
}

fn at(x: f64, y: f64) -> Position {
    Position { crs: Crs::BritishGrid, x: 300_000.0 + x, y: 100_000.0 + y }
}

fn premises_at_one_place() {
    let waypoint =
        |premises_passed| WaypointRow { position: Some(at(0.0, 0.0)), premises_passed, row: 0 };
    let draft = |second| TablesDraft {
        waypoints: fibreplan::model::TableDraft {
            rows: vec![waypoint(4_000_000_000), waypoint(second)],
            ..Default::default()
        },
        ..TablesDraft::default()
            .site(SiteRow::new("A", "school", at(10.0, 0.0)))
            .exchange(ExchangeRow::new("X", at(-10.0, 0.0), Pence::ZERO))
    };
    assert_eq!(told(draft(300_000_000).build()), ["W120"]);
    let whole = draft(200_000_000).build().unwrap();
    assert_eq!(whole.waypoints[0].premises_passed, 4_200_000_000);
}

/// Raising the price of what an optimal plan builds never finds a cheaper one of the same coverage.
fn least_cost_among_equals() {
    let scenario = town();
    let first = solve(&scenario, &SolveOptions::default()).unwrap();
    let [covered, sites, cost] = [0, 1, 2].map(|place| first.objectives[place].achieved.raw());
    let mut least = scenario;
    let at_least = Weight::from_thousandths(covered);
    least.objective = Objective::MinimiseCostFor { weight: "patients".to_owned(), at_least };
    let cheapest = solve(&least, &SolveOptions::default()).unwrap();
    assert_eq!(cheapest.status, fibreplan::status::Status::Optimal);
    let proven = cheapest.objectives[0].achieved.raw();
    assert!(proven <= cost, "{proven} pence for the same coverage, not {cost}");
    let reached = cheapest.plan.unwrap().connected.len();
    // What the plan costs beyond that buys more sites, the second objective.
    assert!(proven == cost || i64::try_from(reached).unwrap() * 1000 < sites);
}

fn strategies_over_many_sets() {
    let scenario = crate::payer_sets::every_set(1, 300, 100, 10_000);
    let prepared = prepare(&scenario).unwrap();
    let mut options = StrategiesOptions::default();
    options.effort.work = Some(1_000_000);
    let found = strategies(&prepared, &scenario, &options, &mut Silent).unwrap();
    assert_eq!(found.own.coverage, Some(Weight::from_units(300)));
    assert!(found.rows.iter().all(|row| row.coverage <= found.own.coverage));
}

fn lead_ins_beyond_counting() {
    let dear = |own: &mut Scenario| {
        let rate = Rate::from_pounds_per_metre("1000000").unwrap();
        own.network.snap_limit = Millimetres::new(u64::MAX);
        own.rate_card.methods.insert(
            "dear".to_owned(),
            Method {
                rate: Rate::from_ten_thousandths(rate.ten_thousandths() * 100),
                source: None,
                rent: None,
            },
        );
        own.rate_card.lead_in_method = Some("dear".to_owned());
    };
    assert_eq!(codes(dear), ["R104"]);
}
