//! Speed of building proximity networks and networks of lines, at three sizes, on made-up points; and how the
//! time of proximity networks, and of loading a saved one, grows up to the postcodes of Great Britain.

use std::hint::black_box;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use fibreplan::geometry::{Plane, Point, Position};
use fibreplan::internals::random::Random;
use fibreplan::model::{
    InputSpan, NetworkSettings, RateCard, Scenario, Site, Table, Tables, Waypoint,
};
use fibreplan::network::{Prepared, prepare};
use fibreplan::units::{Pence, Rate};

const SIZES: [(&str, u32); 3] = [("S", 2_000), ("M", 20_000), ("L", 200_000)];

/// Up to the live postcodes of Great Britain.
const GROWTH: [u32; 4] = [10_000, 100_000, 500_000, 1_742_638];

/// Points on the grid, about a hundred to the square kilometre, the same on every run.
fn points(count: u32) -> Vec<Point> {
    let side = i64::from(count.isqrt()) * 100_000;
    let mut random = Random::new(0x5eed);
    let mut next = || random.between(0, side - 1);
    let mut points: Vec<Point> = (0..count).map(|_| Point { x: next(), y: next() }).collect();
    points.sort_unstable();
    points.dedup();
    points
}

fn sites(points: &[Point]) -> Vec<Site> {
    let mut sites: Vec<Site> = points
        .iter()
        .step_by(100)
        .enumerate()
        .map(|(number, at)| Site {
            id: format!("s{number:06}"),
            name: String::new(),
            kind: "gp_practice".to_owned(),
            position: Position::grid(0.0, 0.0),
            at: Point { x: at.x + 7_000, y: at.y + 5_000 },
            rurality: None,
            rurality_class: None,
            region: None,
            drop: None,
            building_id: None,
            already_connected: false,
            cells: Vec::new(),
            row: number,
        })
        .collect();
    sites.sort_by(|a, b| a.id.cmp(&b.id));
    sites
}

fn table<T>(rows: Vec<T>) -> Table<T> {
    Table { file: String::new(), columns: Vec::new(), missing: Vec::new(), rows }
}

fn scenario(points: &[Point], spans: Vec<InputSpan>) -> Scenario {
    let waypoints = points.iter().map(|&at| Waypoint { at, premises_passed: 1 }).collect();
    let tables = Tables {
        plane: Plane::BritishGrid,
        sites: table(sites(points)),
        exchanges: table(Vec::new()),
        waypoints,
        spans,
        barriers: Vec::new(),
        crossings: fibreplan::model::CrossingLines::default(),
        inputs: Vec::new(),
    };
    let rate = Rate::from_pounds_per_metre("25").expect("a plain rate");
    let mut card = RateCard::new("2019", Pence::new(150_000)).method("verge", rate, "");
    card.lead_in_method = Some("verge".to_owned());
    Scenario::new("bench", tables, NetworkSettings::waypoints("verge"), card, Vec::new())
}

/// The proximity links of the points, as spans.
fn lines(points: &[Point]) -> Vec<InputSpan> {
    let links = prepare(&scenario(points, Vec::new())).expect("a network");
    let junctions = links.junctions();
    links
        .spans()
        .iter()
        .enumerate()
        .map(|(number, span)| {
            let line = span.ends.map(|end| junctions[end.at()]).to_vec();
            InputSpan {
                id: format!("r{number:08}"),
                length: Plane::BritishGrid.line_length(&line),
                line,
                method: "verge".to_owned(),
                cost: None,
                existing: false,
                level: 0,
                premises_passed: 0,
                barrier: false,
                row: number,
            }
        })
        .collect()
}

fn network(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("network");
    group.sample_size(10);
    for (size, count) in SIZES {
        let points = points(count);
        group.throughput(Throughput::Elements(u64::from(count)));
        let proximity = scenario(&points, Vec::new());
        group.bench_with_input(BenchmarkId::new("waypoints", size), &proximity, |bench, input| {
            bench.iter(|| prepare(black_box(input)));
        });
        let mut roads = scenario(&points, lines(&points));
        roads.network = NetworkSettings::spans();
        group.bench_with_input(BenchmarkId::new("spans", size), &roads, |bench, input| {
            bench.iter(|| prepare(black_box(input)));
        });
    }
    group.finish();
}

fn growth(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("growth");
    group.sample_size(10);
    for count in GROWTH {
        group.throughput(Throughput::Elements(u64::from(count)));
        let input = scenario(&points(count), Vec::new());
        group.bench_with_input(BenchmarkId::new("prepare", count), &input, |bench, input| {
            bench.iter(|| prepare(black_box(input)));
        });
        let bytes = prepare(&input).expect("a network").to_bytes();
        group.bench_with_input(BenchmarkId::new("load", count), &bytes, |bench, bytes| {
            bench.iter(|| Prepared::from_bytes(black_box(bytes), &input));
        });
    }
    group.finish();
}

criterion_group!(benches, network, growth);
criterion_main!(benches);
