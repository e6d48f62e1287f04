//! How long a county takes: the network alone, and a whole solve under a fixed limit of work.
//!
//! The counties are made up with fixed seeds (S, M, L); M is the one shipped in `data/county`. The
//! limit is in work units, so that two runs do the same. Quality is measured elsewhere: BENCHMARKS.md.

use std::path::{Path, PathBuf};
use std::time::Duration;

use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use fibreplan::made_up::County;
use fibreplan::model::Scenario;
use fibreplan::network::prepare;
use fibreplan::observe::Silent;
use fibreplan::read::{ReadOptions, read_scenario};
use fibreplan::solve::{SolveOptions, solve_prepared};
use fibreplan::study::strategies::{StrategiesOptions, strategies};

const WORK: u64 = 20_000_000;

fn scenarios() -> Vec<(&'static str, Scenario)> {
    let county = |name, sites, waypoints| {
        let folder: PathBuf = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        let county = County { sites, waypoints, ..County::default() };
        // A folder of an earlier release of this bench would be refused.
        let _ = std::fs::remove_dir_all(&folder);
        county.write(&folder, fibreplan::write::Replace::Same).expect("the folder can be written");
        (name, folder)
    };
    let town = Path::new(env!("CARGO_MANIFEST_DIR")).join("../data/market-town");
    let folders = [
        ("market-town", town),
        county("county-S", 60, 900),
        county("county-M", 320, 5_000),
        county("county-L", 1_000, 20_000),
    ];
    let read = |(name, folder): (&'static str, PathBuf)| {
        let reading = read_scenario(&folder, &ReadOptions::default());
        (name, reading.expect("the scenario can be read").scenario)
    };
    folders.into_iter().map(read).collect()
}

fn bench(criterion: &mut Criterion) {
    let scenarios = scenarios();
    let mut networks = criterion.benchmark_group("network");
    networks.sample_size(10);
    for (name, scenario) in &scenarios {
        networks.bench_with_input(BenchmarkId::from_parameter(name), scenario, |run, scenario| {
            run.iter(|| prepare(scenario).expect("the network can be built"));
        });
    }
    networks.finish();

    let mut solves = criterion.benchmark_group("solve");
    solves.sample_size(10).measurement_time(Duration::from_secs(10));
    let mut options = SolveOptions::default();
    options.effort.work = Some(WORK);
    for (name, scenario) in &scenarios {
        let prepared = prepare(scenario).expect("the network can be built");
        solves.bench_with_input(BenchmarkId::from_parameter(name), scenario, |run, scenario| {
            run.iter(|| {
                solve_prepared(&prepared, scenario, &options, &mut Silent).expect("solved")
            });
        });
    }
    solves.finish();

    let mut compared = criterion.benchmark_group("strategies");
    compared.sample_size(10);
    for (name, scenario) in &scenarios {
        let prepared = prepare(scenario).expect("the network can be built");
        compared.bench_with_input(BenchmarkId::from_parameter(name), scenario, |run, scenario| {
            let mut options = StrategiesOptions::default();
            options.effort.work = Some(0);
            run.iter(|| strategies(&prepared, scenario, &options, &mut Silent).expect("planned"));
        });
    }
    compared.finish();
}

criterion_group!(benches, bench);
criterion_main!(benches);
