//! A hand-built scenario and outcome that hold one of everything the result files show.

use std::collections::BTreeMap;
use std::sync::Arc;

use fibreplan::error::Fault;
use fibreplan::geometry::{Crs, Plane, Point, Position};
use fibreplan::model::{
    Budget, CarryOver, Clause, CrossingLines, Exchange, InputFile, Method, MissingPolicy,
    MissingWeight, NetworkSettings, NetworkSource, Noding, Objective, Price, PriceLevel, Programme,
    RateCard, Role, Rules, Rurality, Scenario, ScenarioParts, Site, Table, Tables, Test, Uplift,
    WeightColumn, price_piece,
};
use fibreplan::plan::{
    ConnectionCosts, InputRecord, Item, LaterReason, LeftOut, LeftOutReason, NetworkSize,
    ObjectiveResult, Origin, Outcome, Parts, Payment, Plan, PlanDrop, PlanExchange, PlanSpan,
    ProgrammeResult, Provenance, RunOptions, YearResult, junction_name,
};
use fibreplan::read::Rejected;
use fibreplan::status::Status;
use fibreplan::units::{Millimetres, Pence, Rate, Weight, Year};

/// A point so many metres east and north of a corner of the national grid.
pub fn point(east: i64, north: i64) -> Point {
    Point { x: (292_000 + east) * 1000, y: (92_000 + north) * 1000 }
}

fn position(at: Point) -> Position {
    let metres = |mm: i64| f64::from(i32::try_from(mm / 1000).unwrap());
    Position { crs: Crs::BritishGrid, x: metres(at.x), y: metres(at.y) }
}

/// A site from the cells of its row: id, name, kind, east, north, patients, class, area, note.
fn site(row: usize, cells: [&str; 9], at: Point, already_connected: bool) -> Site {
    let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    Site {
        id: cells[0].to_owned(),
        name: cells[1].to_owned(),
        kind: cells[2].to_owned(),
        position: position(at),
        at,
        rurality: match cells[6].chars().next() {
            Some('A'..='C') => Some(Rurality::Urban),
            Some('D'..='F') => Some(Rurality::Rural),
            _ => None,
        },
        rurality_class: some(cells[6]),
        region: some(cells[7]),
        drop: None,
        building_id: None,
        already_connected,
        cells: cells.iter().map(|&cell| cell.to_owned()).collect(),
        row,
    }
}

/// Seven sites: two in one building, one with fibre already, one out of money, one without a region.
fn sites() -> Vec<Site> {
    let gp = "gp_practice";
    vec![
        site(
            2,
            ["A1", "Abbey Road Surgery", gp, "293000", "92000", "5200", "E1", "E07", "x"],
            point(1000, 0),
            false,
        ),
        site(
            3,
            [
                "A2",
                "Tŷ Gwyn, \"Y Felin\"",
                "branch_surgery",
                "293000",
                "92000",
                "nan",
                "E1",
                "E07",
                "-4.25",
            ],
            point(1000, 0),
            false,
        ),
        site(
            4,
            ["B1", "=HYPERLINK(\"x\")", "hospital", "294000", "92500", "12000", "C1", "E06", "@b"],
            point(2000, 500),
            false,
        ),
        site(
            5,
            ["C1", "-Cottage", "community", "295000", "92000", "310.5", "D1", "E07", "+44 (0)"],
            point(3000, 0),
            false,
        ),
        site(
            6,
            ["D1", "Dartmoor", gp, "299000", "99000", "800", "F1", "E07", ""],
            point(7000, 7000),
            false,
        ),
        site(
            7,
            ["E1", "Library\nannexe", "library", "292100", "92100", "40", "C1", "E06", ""],
            point(100, 100),
            true,
        ),
        site(8, ["F1", "Ferry", gp, "297000", "92200", "", "", "", "-"], point(5000, 200), false),
    ]
}

fn exchange(id: &str, at: Point, enable: i64) -> Exchange {
    Exchange {
        id: id.to_owned(),
        name: id.to_owned(),
        position: position(at),
        at,
        enable: Pence::new(enable),
        enable_assumed: id == "X1",
        ports: None,
        region: None,
        row: 2,
    }
}

fn input(role: &str, file: &str, digit: char, rows: [usize; 4]) -> InputFile {
    InputFile {
        role: role.to_owned(),
        file: file.to_owned(),
        sha256: digit.to_string().repeat(64),
        rows_read: rows[0],
        rows_used: rows[1],
        rows_set_aside: rows[2],
        rows_excluded: rows[3],
    }
}

fn rural() -> Clause {
    Clause::Test { test: Test::Rurality(vec!["rural".to_owned()]), missing: MissingPolicy::Unknown }
}

/// A site and an exchange set aside, the site with two faults.
pub fn set_aside() -> Vec<Rejected> {
    let texts = |texts: &[&str]| texts.iter().map(|&text| text.to_owned()).collect();
    vec![
        Rejected {
            role: Role::Sites,
            file: "sites.csv".to_owned(),
            row: 10,
            columns: scenario().tables.sites.columns.clone(),
            cells: texts(&["A1", "@Abbey", "gp_practice", "", "92000", "-5", "E1", "E07", ""]),
            faults: vec![
                Fault::new("S103", "the id appears twice", "give each site an id of its own")
                    .at("sites.csv", Some(10), "id")
                    .value("A1"),
                Fault::new("S110", "there is no position", "give easting and northing").at(
                    "sites.csv",
                    Some(10),
                    "easting, northing",
                ),
            ],
        },
        Rejected {
            role: Role::Exchanges,
            file: "exchanges.csv".to_owned(),
            row: 4,
            columns: texts(&["id", "enable_gbp"]),
            cells: texts(&["X9", "-1"]),
            faults: vec![
                Fault::new("X120", "the price is negative", "give 0 or more")
                    .at("exchanges.csv", Some(4), "enable_gbp")
                    .value("-1"),
            ],
        },
    ]
}

/// The question.
pub fn scenario() -> Scenario {
    let columns = ["id", "name", "kind", "easting", "northing", "patients", "ruc", "area", "note"];
    let tables = Tables {
        plane: Plane::BritishGrid,
        sites: Table {
            file: "sites.csv".to_owned(),
            columns: columns.iter().map(|&column| column.to_owned()).collect(),
            missing: vec!["nan".to_owned()],
            rows: sites(),
        },
        exchanges: Table {
            rows: vec![exchange("X1", point(0, 0), 2_000_000), exchange("X2", point(5000, 0), 0)],
            file: "exchanges.csv".to_owned(),
            columns: Vec::new(),
            missing: Vec::new(),
        },
        waypoints: Vec::new(),
        spans: Vec::new(),
        barriers: Vec::new(),
        crossings: CrossingLines::default(),
        inputs: vec![
            input("scenario", "scenario.toml", '1', [0, 0, 0, 0]),
            input("sites", "sites.csv", '2', [9, 7, 1, 1]),
            input("exchanges", "exchanges.csv", '3', [2, 2, 0, 0]),
        ],
    };
    let methods = [("footway", "40", None), ("verge", "25", Some("quotation of a made-up firm"))];
    let defaults = [("branch_surgery", 1000), ("gp_practice", 1500)];
    Scenario::from(ScenarioParts {
        schedule: fibreplan::model::ScheduleRules::default(),
        name: "town".to_owned(),
        title: "A made-up town — Tŷ".to_owned(),
        years: vec![year(2019), year(2020)],
        tables: Arc::new(tables),
        network: NetworkSettings {
            from: NetworkSource::Sites,
            detour_millionths: 1_300_000,
            max_link: Millimetres::new(5_000_000),
            method: "verge".to_owned(),
            snap_limit: Millimetres::new(500_000),
            join: Millimetres::new(1),
            noding: Noding::Ends,
            same_building: Millimetres::ZERO,
        },
        rate_card: RateCard {
            price_year: "2019-20".to_owned(),
            drop: Pence::new(150_000),
            lead_in_method: None,
            uplift: Uplift::default(),
            level: PriceLevel::ONE,
            crossings: BTreeMap::new(),
            methods: methods
                .into_iter()
                .map(|(name, rate, source)| {
                    let rate = Rate::from_pounds_per_metre(rate).unwrap();
                    (
                        name.to_owned(),
                        Method { rate, source: source.map(str::to_owned), rent: None },
                    )
                })
                .collect(),
        },
        weights: vec![WeightColumn {
            name: "patients".to_owned(),
            column: "patients".to_owned(),
            missing: MissingWeight {
                any: None,
                by_kind: defaults
                    .into_iter()
                    .map(|(kind, units)| (kind.to_owned(), Weight::from_thousandths(units * 1000)))
                    .collect(),
            },
        }],
        objective: Objective::Maximise(vec!["patients".to_owned()]),
        programmes: vec![
            Programme {
                budget: Budget::ByYear {
                    by_year: [(year(2019), 5_000_000), (year(2020), 7_000_000)]
                        .map(|(year, pence)| (year, Pence::new(pence)))
                        .into(),
                    carry_over: CarryOver::AtMost(Pence::new(1_000_000)),
                },
                ..Programme::new("lffn", Pence::ZERO)
            },
            Programme {
                name: "Rural gigabit".to_owned(),
                eligible: rural(),
                ..Programme::new("rgc", Pence::new(9_500_000))
            },
        ],
        rules: Rules::default(),
    })
}

/// A financial year.
const fn year(start: u16) -> Year {
    Year { start, financial: true }
}

fn span(id: &str, method: &str, rate: &str, line: &[Point], built: u16) -> PlanSpan {
    let straight: Vec<_> =
        line.windows(2).map(|two| Plane::BritishGrid.length(two[0], two[1])).collect();
    let length = scenario().network.link_length(straight.into_iter().sum());
    let price = Price::PerMetre(Rate::from_pounds_per_metre(rate).unwrap());
    PlanSpan {
        id: id.to_owned(),
        origin: Origin::Proximity,
        source_id: None,
        from: None,
        to: None,
        ends: [junction_name(line[0]), junction_name(*line.last().unwrap())],
        geometry: line.to_vec(),
        method: method.to_owned(),
        length,
        cost: price_piece(price, Millimetres::ZERO, length),
        year: Some(year(built)),
    }
}

fn drop(building: &str, sites: &[&str], exchange: &str, route: u64, built: u16) -> PlanDrop {
    PlanDrop {
        later: (built > 2019).then_some(LaterReason::Money),
        building: building.to_owned(),
        sites: sites.iter().map(|&site| site.to_owned()).collect(),
        exchange: exchange.to_owned(),
        route: Millimetres::new(route),
        cost: Pence::new(150_000),
        year: Some(year(built)),
    }
}

/// From X1 a trunk to building A, a fork beyond it to B (through a bend) and to C; from X2 a spur to F.
/// One span is a piece of an input span and one a lead-in, so that every origin occurs.
fn plan() -> Plan {
    let input = PlanSpan {
        origin: Origin::Input,
        source_id: Some("road:7".to_owned()),
        from: Some(Millimetres::new(12_500)),
        to: Some(Millimetres::new(1_312_500)),
        ..span("s1", "verge", "25", &[point(0, 0), point(1000, 0)], 2019)
    };
    let lead_in = PlanSpan {
        origin: Origin::LeadIn,
        source_id: Some("building:F1".to_owned()),
        ..span("s4", "verge", "25", &[point(5000, 200), point(5000, 0)], 2020)
    };
    let spans = vec![
        input,
        span("s2", "footway", "40", &[point(1000, 0), point(1500, 500), point(2000, 500)], 2020),
        span("s3", "verge", "25", &[point(3000, 0), point(1000, 0)], 2020),
        lead_in,
    ];
    let route = |places: &[usize]| places.iter().map(|&place| spans[place].length.get()).sum();
    let drops = vec![
        drop("A1", &["A1", "A2"], "X1", route(&[0]), 2019),
        drop("B1", &["B1"], "X1", route(&[0, 1]), 2020),
        drop("C1", &["C1"], "X1", route(&[0, 2]), 2020),
        drop("F1", &["F1"], "X2", route(&[3]), 2020),
    ];
    let mut plan = Plan {
        exchanges: vec![
            PlanExchange {
                id: "X1".to_owned(),
                cost: Pence::new(2_000_000),
                ports_used: 3,
                year: Some(year(2019)),
            },
            PlanExchange {
                id: "X2".to_owned(),
                cost: Pence::ZERO,
                ports_used: 1,
                year: Some(year(2020)),
            },
        ],
        spans,
        drops,
        connected: ["A1", "A2", "B1", "C1", "F1"].map(str::to_owned).to_vec(),
        left_out: vec![
            LeftOut::new(
                "D1",
                LeftOutReason::PotBinds(ConnectionCosts {
                    own: Some(Pence::new(23_456_700)),
                    ..ConnectionCosts::default()
                }),
            ),
            LeftOut::new("E1", LeftOutReason::HasFibre),
        ],
        payments: Vec::new(),
    };
    plan.payments = payments(&plan);
    plan
}

/// LFFN pays half of what A and B share and all that only urban or unknown sites use; RGC the rest.
fn payments(plan: &Plan) -> Vec<Payment> {
    let year_of = |item: &Item| match item {
        Item::Exchange(id) => plan.exchanges.iter().find(|own| own.id == *id)?.year,
        Item::Span(id) => plan.spans.iter().find(|own| own.id == *id)?.year,
        Item::Drop(id) => plan.drops.iter().find(|own| own.building == *id)?.year,
    };
    let pay = |item: &Item, programme: &str, pence: Pence, building: Option<&str>| Payment {
        item: item.clone(),
        programme: programme.to_owned(),
        building: building.map(str::to_owned),
        pence,
        year: year_of(item),
    };
    let mut payments = Vec::new();
    let mut shared = |item: Item, cost: Pence| {
        let half = Pence::new(cost.get() / 2);
        payments.push(pay(&item, "lffn", half, None));
        payments.push(pay(&item, "rgc", cost - half, Some("A1")));
    };
    shared(Item::Exchange("X1".to_owned()), plan.exchanges[0].cost);
    shared(Item::Span("s1".to_owned()), plan.spans[0].cost);
    for (place, programme) in [(1, "lffn"), (2, "rgc"), (3, "lffn")] {
        let span = &plan.spans[place];
        payments.push(pay(&Item::Span(span.id.clone()), programme, span.cost, None));
    }
    for (place, programme) in [(0, "rgc"), (1, "lffn"), (2, "rgc"), (3, "lffn")] {
        let drop = &plan.drops[place];
        payments.push(pay(&Item::Drop(drop.building.clone()), programme, drop.cost, None));
    }
    payments
}

/// The answer.
pub fn outcome() -> Outcome {
    let scenario = scenario();
    let plan = plan();
    let spent = |id: &str| -> Pence {
        let payments = plan.payments.iter().filter(|payment| payment.programme == id);
        payments.map(|payment| payment.pence).sum()
    };
    let programme = |place: usize, eligible_sites| ProgrammeResult {
        id: scenario.programmes[place].id.clone(),
        available: scenario.programmes[place].available(),
        spent: spent(&scenario.programmes[place].id),
        eligible_sites,
    };
    let by_programme = vec![programme(0, 5), programme(1, 3)];
    let parts = Parts {
        recorded: Weight::from_thousandths(17_510_500),
        assumed: Weight::from_thousandths(2_500_000),
    };
    let objective = |name: &str, achieved, bound: Option<i64>, parts, status| ObjectiveResult {
        status,
        ..ObjectiveResult::unproven(name, achieved, parts).bounded(bound)
    };
    let inputs = scenario.tables.inputs.iter().map(|file| InputRecord {
        role: file.role.clone(),
        file: file.file.clone(),
        sha256: file.sha256.clone(),
        rows_read: file.rows_read,
        rows_used: file.rows_used,
        rows_set_aside: file.rows_set_aside,
        rows_excluded: file.rows_excluded,
    });
    let provenance = Provenance {
        fibreplan: "0.0.0-test".to_owned(),
        scenario: scenario.name.clone(),
        scenario_sha256: "0".repeat(64),
        inputs: inputs.collect(),
        options: RunOptions { gap: 0.05, work: Some(100_000), seconds: None, seed: 7 },
    };
    let mut outcome = Outcome::new(Status::GapReached, provenance);
    outcome.cost = plan.cost();
    outcome.objectives = vec![
        objective("patients", 20_010_500, Some(20_810_500), parts, Status::GapReached),
        objective(
            "coverage_years",
            26_210_500,
            Some(28_000_000),
            Parts::default(),
            Status::LimitReached,
        ),
        objective("cost", plan.cost().get(), None, Parts::default(), Status::Unknown),
    ];
    outcome.by_programme = by_programme;
    outcome.years = [(2019, 6_200_000, 7_189_500), (2020, 20_010_500, 20_810_500)]
        .map(|(start, coverage, bound)| YearResult {
            year: year(start),
            coverage: Weight::from_thousandths(coverage),
            bound: Weight::from_thousandths(bound),
        })
        .to_vec();
    outcome.plan = Some(plan);
    outcome.seconds = vec![("network", 0.25), ("search", 1.5)];
    outcome.network_size = NetworkSize { junctions: 42, spans: 57 };
    outcome
}
