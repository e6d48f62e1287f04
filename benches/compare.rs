//! Scenarios and strategies compared on the shipped data: the tables first, then how long they take.
//!
//! `cargo bench -p fibreplan-benches --bench compare` prints, under a fixed limit of work, what each policy and each usual way
//! of choosing comes to, then the timings. About a minute.

use std::path::{Path, PathBuf};
use std::time::Duration;

use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use fibreplan::model::{Budget, Scenario, Variant};
use fibreplan::network::{Prepared, prepare};
use fibreplan::observe::Silent;
use fibreplan::read::{ReadOptions, read_scenario, read_variants};
use fibreplan::study::compare::{CompareOptions, Comparison, compare};
use fibreplan::study::strategies::{Strategies, StrategiesOptions, strategies};
use fibreplan::units::Pence;
use fibreplan::write::{comparison_text, difference_text, strategies_text};

const WORK: u64 = 20_000_000;

/// A scenario to be compared with its variants.
struct Case {
    name: &'static str,
    base: Scenario,
    prepared: Prepared,
    variants: Vec<Variant>,
}

fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../data").join(name)
}

/// Every budget at so many per cent.
fn at_per_cent(base: &Scenario, per_cent: i64) -> Variant {
    let mut scenario = base.clone();
    for programme in &mut scenario.programmes {
        let total = programme.budget.total().get();
        programme.budget = Budget::Total(Pence::new(total * per_cent / 100));
    }
    Variant::new(&format!("money-at-{per_cent}"), scenario)
}

fn cases() -> Vec<Case> {
    let case = |name, base: Scenario, variants| {
        let prepared = prepare(&base).expect("the network can be built");
        Case { name, base, prepared, variants }
    };
    let town = read_scenario(&folder("market-town"), &ReadOptions::default());
    let town = town.expect("the town can be read").scenario;
    let budgets = [50, 75, 125, 150].map(|per_cent| at_per_cent(&town, per_cent));
    let file = folder("county").join("variants.toml");
    let county = read_variants(&folder("county"), &file, &ReadOptions::default());
    let county = county.expect("the county can be read");
    let policies = county.variants.into_iter().map(|own| own.variant).collect();
    vec![
        case("market-town", town, budgets.to_vec()),
        case("county", county.base.scenario, policies),
    ]
}

fn compared(case: &Case, threads: usize) -> Comparison {
    let mut options = CompareOptions::default();
    options.effort.work = Some(WORK);
    (options.variants, options.threads) = (case.variants.clone(), threads);
    compare(&case.prepared, &case.base, &options, &mut Silent).expect("compared")
}

/// What is compared: policies, then ways of choosing under the policy of the base.
fn print(case: &Case) {
    let comparison = compared(case, 2);
    println!("\n{}, {WORK} units of work each\n{}", case.name, comparison_text(&comparison));
    for (place, row) in comparison.rows.iter().enumerate().skip(1) {
        if let Some(difference) = comparison.difference(0, place) {
            let effect = comparison.effect(0, place);
            println!("{}", difference_text("base", &row.name, &difference, effect.as_ref()));
        }
    }
    println!("{}", strategies_text(&chosen(case)));
}

/// The strategies, beside a plan of ours that was given no time to improve.
fn chosen(case: &Case) -> Strategies {
    let mut options = StrategiesOptions::default();
    options.effort.work = Some(0);
    strategies(&case.prepared, &case.base, &options, &mut Silent).expect("planned")
}

fn bench(criterion: &mut Criterion) {
    let cases = cases();
    cases.iter().for_each(print);
    println!();
    let mut group = criterion.benchmark_group("compare");
    group.sample_size(10);
    group.warm_up_time(Duration::from_millis(500)).measurement_time(Duration::from_secs(5));
    // A comparison of the county takes too long to be repeated; its table says how long.
    let town = &cases[0];
    for threads in [1, 2] {
        let name = BenchmarkId::new(town.name, format!("{threads}-threads"));
        group.bench_with_input(name, town, |run, town| run.iter(|| compared(town, threads)));
    }
    for case in &cases {
        group.bench_with_input(BenchmarkId::new("strategies", case.name), case, |run, case| {
            run.iter(|| chosen(case));
        });
    }
    group.finish();
}

criterion_group!(benches, bench);
criterion_main!(benches);
