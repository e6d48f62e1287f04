//! Small scenarios built in Rust, for the tests of this layer.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::geometry::{Crs, Plane, Point, Position};
use crate::model::{
    CrossingLines, Exchange, InputSpan, Method, NetworkSettings, NetworkSource, Noding, Objective,
    PriceLevel, Programme, RateCard, Rules, Scenario, ScenarioParts, ScheduleRules, Site, Table,
    Tables, Uplift, Waypoint,
};
use crate::units::{Millimetres, Pence, Rate};

pub(super) fn at(x: i64, y: i64) -> Point {
    Point { x, y }
}

pub(super) fn mm(length: u64) -> Millimetres {
    Millimetres::new(length)
}

pub(super) fn site(id: &str, at: Point) -> Site {
    Site {
        id: id.to_owned(),
        name: id.to_owned(),
        kind: "gp_practice".to_owned(),
        position: Position { crs: Crs::BritishGrid, x: 0.0, y: 0.0 },
        at,
        rurality: None,
        rurality_class: None,
        region: None,
        drop: None,
        building_id: None,
        already_connected: false,
        cells: Vec::new(),
        row: 0,
    }
}

pub(super) fn exchange(id: &str, at: Point) -> Exchange {
    Exchange {
        id: id.to_owned(),
        name: id.to_owned(),
        position: Position { crs: Crs::BritishGrid, x: 0.0, y: 0.0 },
        at,
        enable: Pence::ZERO,
        enable_assumed: false,
        ports: None,
        region: None,
        row: 0,
    }
}

pub(super) fn span(id: &str, line: &[Point]) -> InputSpan {
    InputSpan {
        id: id.to_owned(),
        line: line.to_vec(),
        method: "verge".to_owned(),
        length: Plane::BritishGrid.line_length(line),
        cost: None,
        existing: false,
        level: 0,
        premises_passed: 0,
        barrier: false,
        row: 0,
    }
}

/// A scenario on the national grid: sorted tables, two methods, a detour of 1.3, links up to 1 km.
pub(super) fn scenario(
    from: NetworkSource,
    mut sites: Vec<Site>,
    mut exchanges: Vec<Exchange>,
    waypoints: &[Point],
    mut spans: Vec<InputSpan>,
) -> Scenario {
    sites.sort_by(|a, b| a.id.cmp(&b.id));
    exchanges.sort_by(|a, b| a.id.cmp(&b.id));
    spans.sort_by(|a, b| a.id.cmp(&b.id));
    let mut waypoints = waypoints.to_vec();
    waypoints.sort_unstable();
    waypoints.dedup();
    let tables = Tables {
        plane: Plane::BritishGrid,
        sites: Table { rows: sites, ..table() },
        exchanges: Table { rows: exchanges, ..table() },
        waypoints: waypoints.into_iter().map(|at| Waypoint { at, premises_passed: 1 }).collect(),
        spans,
        barriers: Vec::new(),
        crossings: CrossingLines::default(),
        inputs: Vec::new(),
    };
    let method = |rate| Method {
        rate: Rate::from_pounds_per_metre(rate).expect("a plain rate"),
        source: None,
        rent: None,
    };
    Scenario::from(ScenarioParts {
        name: "test".to_owned(),
        title: String::new(),
        years: Vec::new(),
        tables: Arc::new(tables),
        network: NetworkSettings {
            from,
            detour_millionths: 1_300_000,
            max_link: mm(1_000_000),
            method: "verge".to_owned(),
            snap_limit: mm(500_000),
            join: mm(1),
            noding: Noding::Ends,
            same_building: mm(0),
        },
        rate_card: RateCard {
            price_year: "2019".to_owned(),
            drop: Pence::new(150_000),
            lead_in_method: Some("duct".to_owned()),
            uplift: Uplift::default(),
            level: PriceLevel::ONE,
            crossings: BTreeMap::new(),
            methods: BTreeMap::from([
                ("verge".to_owned(), method("25.50")),
                ("duct".to_owned(), method("7.77")),
            ]),
        },
        weights: Vec::new(),
        objective: Objective::Maximise(vec!["sites".to_owned()]),
        programmes: vec![Programme::new("all", Pence::from_whole_pounds(1_000_000))],
        rules: Rules::default(),
        schedule: ScheduleRules::default(),
    })
}

fn table<T>() -> Table<T> {
    Table { file: String::new(), columns: Vec::new(), missing: Vec::new(), rows: Vec::new() }
}
