//! The order of priority: it can be built, adds up, bends one way, and stands alike in all files.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::time::{Instant, SystemTime};

use fibreplan::internals::random::Random;
use fibreplan::model::Scenario;
use fibreplan::plan::Outcome;
use fibreplan::read::{ReadOptions, read_plan, read_scenario};
use fibreplan::report::{BuildRow, BuildStep, Built, Forest, Priority, Report, build_list_of};
use fibreplan::solve::{SolveOptions, solve};
use fibreplan::units::{Pence, Weight, Year};
use fibreplan::write::{Results, RunFacts};

use crate::scratch::Scratch;

const ITEMS: [BuildStep; 3] = [BuildStep::Exchange, BuildStep::Span, BuildStep::Drop];

/// The steps of the build list, each after what feeds it.
fn steps(scenario: &Scenario, outcome: &Outcome, report: &Report, case: &str) -> Vec<BuildRow> {
    let plan = outcome.plan.as_ref().unwrap();
    let mut rows = build_list_of(scenario, plan, &report.forest, &report.priority);
    let behind = rows.iter().position(|row| !ITEMS.contains(&row.kind)).unwrap();
    assert!(rows[behind..].iter().all(|row| row.step == 0 && row.rank == 0), "{case}");
    assert_eq!(rows.last().unwrap().kind, BuildStep::Total, "{case}");
    rows.truncate(behind);
    let mut built = BTreeSet::new();
    for (place, row) in rows.iter().enumerate() {
        assert_eq!(row.step, place + 1, "{case}");
        let fed = match row.kind {
            BuildStep::Exchange => true,
            _ if row.after.is_empty() => built.contains(&(BuildStep::Exchange, &row.exchange)),
            _ => built.contains(&(BuildStep::Span, &row.after)),
        };
        assert!(fed, "{case}: {row:?}");
        assert!(built.insert((row.kind, &row.id)), "{case}: {row:?} twice");
    }
    let all = plan.exchanges.len() + plan.spans.len() + plan.drops.len();
    assert_eq!((rows.len(), report.priority.steps.len()), (all, all), "{case}");
    rows
}

/// The order adds up, building by building and step by step.
fn hold(scenario: &Scenario, outcome: &Outcome, case: &str) {
    let plan = outcome.plan.as_ref().unwrap();
    let report = Report::of(scenario, outcome);
    let Priority { steps: order, buildings, unused, .. } = &report.priority;
    let rows = steps(scenario, outcome, &report, case);
    let mut by_rank: BTreeMap<usize, Pence> = BTreeMap::new();
    for row in &rows {
        *by_rank.entry(row.rank).or_default() += row.cost;
    }
    assert_eq!(by_rank.remove(&0).unwrap_or_default(), *unused, "{case}");
    let mut so_far = (Pence::ZERO, Weight::ZERO);
    for (rank, building) in (1..).zip(buildings) {
        assert_eq!(by_rank[&rank], building.cost, "{case}");
        so_far = (so_far.0 + building.cost, so_far.1 + building.weight);
        assert_eq!(so_far, (building.cost_so_far, building.weight_so_far), "{case}");
        assert_eq!(order[building.step - 1].built, Built::Drop(building.drop), "{case}");
        assert_eq!(order[building.step - 1].rank, Some(rank), "{case}");
    }
    assert_eq!(so_far, (plan.cost() - *unused, report.total.weight()), "{case}");
    assert_eq!(buildings.len(), plan.drops.len(), "{case}");
    if let (Some(last), Pence::ZERO) = (buildings.last(), *unused) {
        let passed = report.premises_passed.unwrap_or_default();
        assert_eq!(last.premises_so_far, passed, "{case}");
    }
}

/// A random forest whose spans are of no year.
fn without_years(seed: u64) -> (Scenario, Outcome) {
    let (scenario, mut outcome) = crate::results::random_case(seed);
    clear_years(&mut outcome);
    (scenario, outcome)
}

fn clear_years(outcome: &mut Outcome) {
    for span in &mut outcome.plan.as_mut().unwrap().spans {
        span.year = None;
    }
}

/// Cost and weight of each block.
fn blocks(priority: &Priority) -> Vec<[i128; 2]> {
    let mut sums: BTreeMap<usize, [i128; 2]> = BTreeMap::new();
    for building in &priority.buildings {
        let [cost, weight] = sums.entry(building.block).or_default();
        *cost += i128::from(building.cost.get());
        *weight += i128::from(building.weight.thousandths());
    }
    sums.into_values().collect()
}

fn assert_bends_one_way(priority: &Priority, case: &str) {
    for pair in blocks(priority).windows(2) {
        let [[cost, weight], [later_cost, later_weight]] = pair else { unreachable!() };
        assert!(weight * later_cost >= later_weight * cost, "{case}: {pair:?}");
    }
}

#[test]
fn the_order_of_random_forests_adds_up_and_bends_one_way() {
    for seed in 0..3_000 {
        let (scenario, outcome) = without_years(seed);
        let case = format!("seed {seed}");
        hold(&scenario, &outcome, &case);
        assert_bends_one_way(&Report::of(&scenario, &outcome).priority, &case);
    }
}

#[test]
fn an_earlier_year_comes_first() {
    for seed in 0..1_000 {
        let (scenario, mut outcome) = without_years(seed);
        let plan = outcome.plan.as_mut().unwrap();
        for (place, drop) in plan.drops.iter_mut().enumerate() {
            let start = [2020, 2019, 2021][(place * 7 + drop.sites.len()) % 3];
            drop.year = Some(Year { start, financial: true });
        }
        let case = format!("seed {seed}");
        hold(&scenario, &outcome, &case);
        let report = Report::of(&scenario, &outcome);
        let rows = steps(&scenario, &outcome, &report, &case);
        let years = rows.iter().filter_map(|row| row.year);
        assert!(years.is_sorted(), "{case}");
    }
}

#[test]
fn a_plan_of_a_hundred_thousand_spans_is_ordered_at_once() {
    let (scenario, mut outcome) = crate::results::forest_of(Random::new(5), 900, 100_000);
    clear_years(&mut outcome);
    let plan = outcome.plan.as_ref().unwrap();
    let forest = Forest::of(&scenario, plan);
    let begun = Instant::now();
    let priority = Priority::of(&scenario, plan, &forest);
    let took = begun.elapsed();
    println!("{took:?}");
    assert!(took.as_secs() < 2, "{took:?}");
    assert_eq!(priority.buildings.len(), plan.drops.len());
    assert_bends_one_way(&priority, "many spans");
}

/// Name and bytes of all files but `run.json`.
fn files(scenario: &Scenario, outcome: &Outcome) -> BTreeMap<&'static str, Vec<u8>> {
    let facts = RunFacts { started: SystemTime::UNIX_EPOCH, threads: 1, seconds: Vec::new() };
    let results = Results { scenario, outcome, notices: &[], set_aside: &[], facts: &facts };
    results.files().into_iter().filter(|(name, _)| *name != "run.json").collect()
}

fn table(bytes: &[u8]) -> Vec<BTreeMap<String, String>> {
    csv::Reader::from_reader(bytes).deserialize().map(|row| row.unwrap()).collect()
}

/// The order in the files is one and the same, and adds up to the plan.
fn hold_files(scenario: &Scenario, outcome: &Outcome, case: &str) {
    let plan = outcome.plan.as_ref().unwrap();
    let files = files(scenario, outcome);
    let priority = table(&files["priority.csv"]);
    let last = priority.last().unwrap();
    let total = Report::of(scenario, outcome).total;
    assert_eq!(last["cumulative_cost_gbp"], plan.cost().to_string(), "{case}");
    assert_eq!(last["cumulative_coverage"], total.weight().to_string(), "{case}");
    assert_eq!(last["cumulative_share"], "1.0000", "{case}");
    let mut ranks = BTreeMap::new();
    for (place, row) in priority.iter().enumerate() {
        assert_eq!(row["rank"], (place + 1).to_string(), "{case}");
        ranks.insert(row["building"].clone(), row["rank"].clone());
    }
    assert_eq!(ranks.len(), plan.drops.len(), "{case}");
    for site in table(&files["sites.csv"]) {
        let connected = site["plan_connected"] == "yes";
        let rank = if connected { ranks[&site["plan_building"]].as_str() } else { "" };
        assert_eq!(site["plan_rank"], rank, "{case}: {site:?}");
    }
    let steps = table(&files["build_list.csv"]);
    for row in steps.iter().filter(|row| row["row"] == "drop") {
        assert_eq!(row["rank"], ranks[&row["id"]], "{case}");
        let place: usize = row["rank"].parse().unwrap();
        assert_eq!(priority[place - 1]["step"], row["step"], "{case}");
    }
    // A plan that is read back is written the same.
    let scratch = Scratch::empty();
    let path = scratch.path().join("plan.json");
    fs::write(&path, &files["plan.json"]).unwrap();
    let mut again = outcome.clone();
    again.plan = Some(read_plan(&path).unwrap().plan);
    assert!(self::files(scenario, &again) == files, "{case}");
}

#[test]
fn shipped_scenarios_are_ordered_alike_in_all_files() {
    let mut options = ReadOptions::new();
    let mut names = vec!["market-town", "market-town-presets", "county"];
    if cfg!(all(feature = "osm", feature = "gpkg")) {
        names.push("hamlet");
    }
    if let Some(data) = crate::real_data::real_data("the order of Devon and Cornwall") {
        options = options.data_dir(data);
        names.push("devon-cornwall");
    }
    for name in names {
        let folder = crate::project("data").join(name);
        let own = if name == "devon-cornwall" { &options } else { &ReadOptions::new() };
        let scenario = read_scenario(&folder, own).unwrap().scenario;
        let mut options = SolveOptions::default();
        options.effort.work = Some(1_000_000);
        let outcome = solve(&scenario, &options).unwrap();
        hold(&scenario, &outcome, name);
        assert_bends_one_way(&Report::of(&scenario, &outcome).priority, name);
        hold_files(&scenario, &outcome, name);
    }
}
