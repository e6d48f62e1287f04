//! Random small scenarios of every kind of network, and plans on them, for property tests.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use fibreplan::geometry::{Crs, Plane, Point, Position};
use fibreplan::ids::{BuildingIx, ExchangeIx, JunctionIx, SpanIx};
use fibreplan::internals::random::Random;
use fibreplan::model::{
    Bar, BarScope, Barrier, CapScope, Clause, CrossingLines, CrossingPrice, Exchange, InputSpan,
    Method, MissingPolicy, NetworkSettings, NetworkSource, Noding, Objective, PaysFor, PriceLevel,
    Programme, RateBasis, RateCard, Rules, Scenario, ScenarioParts, Site, Table, Tables, Test,
    Uplift, Waypoint,
};
use fibreplan::network::{Prepared, prepare};
use fibreplan::plan::{Plan, PlanDrop, PlanExchange, PlanSpan};
use fibreplan::units::{Millimetres, Pence, Rate, Share};

fn point(rng: &mut Random) -> Point {
    // A coarse lattice now and then, so that points coincide and lie on circles.
    let step = if rng.one_in(2) { 5_000 } else { 1 };
    let mut coordinate = || rng.between(0, 39_999) / step * step;
    Point { x: coordinate(), y: coordinate() }
}

const KINDS: [&str; 3] = ["gp_practice", "hospital", "school"];
const COLUMNS: [&str; 1] = ["area"];

fn site(rng: &mut Random, number: usize, near: &[Site]) -> Site {
    let at = match near.last() {
        Some(other) if rng.one_in(5) => other.at,
        _ => point(rng),
    };
    let id = format!("s{number}");
    Site {
        name: id.clone(),
        kind: rng.pick(&KINDS).to_owned(),
        position: Position { crs: Crs::BritishGrid, x: 0.0, y: 0.0 },
        at,
        rurality: None,
        rurality_class: None,
        region: Some(rng.pick(&["north", "south"]).to_owned()),
        drop: rng.one_in(3).then(|| Pence::new(rng.between(0, 299))),
        building_id: None,
        already_connected: rng.one_in(12),
        cells: vec![rng.pick(&["a", "b", ""]).to_owned()],
        row: 0,
        id,
    }
}

fn table<T>(rows: Vec<T>, columns: &[&str]) -> Table<T> {
    let columns = columns.iter().map(|&column| column.to_owned()).collect();
    Table { file: String::new(), columns, missing: Vec::new(), rows }
}

fn input_span(rng: &mut Random, number: usize) -> InputSpan {
    let mut line: Vec<Point> = vec![point(rng), point(rng)];
    if rng.one_in(3) {
        line.push(point(rng));
    }
    InputSpan {
        id: format!("r{number}"),
        length: Plane::BritishGrid.line_length(&line),
        line,
        method: rng.pick(&["verge", "duct"]).to_owned(),
        cost: rng.one_in(4).then(|| Pence::new(rng.between(0, 499))),
        existing: rng.one_in(6),
        level: 0,
        premises_passed: 0,
        barrier: rng.one_in(9),
        row: 0,
    }
}

/// A scenario of up to seven sites with one to three programmes of random rules.
pub fn scenario(rng: &mut Random) -> Scenario {
    let from = rng.pick(&[NetworkSource::Spans, NetworkSource::Waypoints, NetworkSource::Sites]);
    let mut sites: Vec<Site> = Vec::new();
    for number in 0..=rng.place(7) {
        let site = site(rng, number, &sites);
        sites.push(site);
    }
    let exchanges = (0..=rng.place(3)).map(|number| Exchange {
        id: format!("x{number}"),
        name: String::new(),
        position: Position { crs: Crs::BritishGrid, x: 0.0, y: 0.0 },
        at: point(rng),
        enable: Pence::new(rng.between(0, 1) * 700),
        enable_assumed: false,
        ports: rng.one_in(4).then(|| 1 + rng.below(3)),
        region: None,
        row: 0,
    });
    let exchanges = table(exchanges.collect(), &[]);
    let mut waypoints: Vec<Point> = (0..rng.place(12)).map(|_| point(rng)).collect();
    waypoints.sort_unstable();
    waypoints.dedup();
    let spans = if from == NetworkSource::Spans {
        (0..4 + rng.place(6)).map(|number| input_span(rng, number)).collect()
    } else {
        Vec::new()
    };
    let tables = Tables {
        plane: Plane::BritishGrid,
        sites: table(sites, &COLUMNS),
        exchanges,
        waypoints: waypoints.into_iter().map(|at| Waypoint { at, premises_passed: 1 }).collect(),
        spans,
        barriers: Vec::new(),
        crossings: CrossingLines::default(),
        inputs: Vec::new(),
    };
    let method = |rate| Method {
        rate: Rate::from_pounds_per_metre(rate).unwrap(),
        source: None,
        rent: None,
    };
    let mut scenario = Scenario::from(ScenarioParts {
        schedule: fibreplan::model::ScheduleRules::default(),
        name: "random".to_owned(),
        title: String::new(),
        years: Vec::new(),
        tables: Arc::new(tables),
        network: NetworkSettings {
            from,
            detour_millionths: 1_300_000,
            max_link: Millimetres::new(20_000 + 20_000 * u64::from(rng.one_in(2))),
            method: "verge".to_owned(),
            snap_limit: Millimetres::new(15_000),
            join: Millimetres::new(1),
            noding: rng.pick(&[Noding::Ends, Noding::Touches, Noding::Crossings]),
            same_building: Millimetres::new(2_000 * u64::from(rng.one_in(4))),
        },
        rate_card: RateCard {
            price_year: "2019".to_owned(),
            drop: Pence::new(150),
            lead_in_method: Some("duct".to_owned()),
            uplift: Uplift::default(),
            level: PriceLevel::ONE,
            crossings: BTreeMap::new(),
            methods: BTreeMap::from([
                ("verge".to_owned(), method("0.255")),
                ("duct".to_owned(), method("0.0777")),
            ]),
        },
        weights: Vec::new(),
        objective: Objective::Maximise(vec!["sites".to_owned()]),
        programmes: Vec::new(),
        rules: Rules::default(),
    });
    let ids: Vec<String> = scenario.tables.sites.rows.iter().map(|site| site.id.clone()).collect();
    scenario.rules.forbidden = ids.into_iter().filter(|_| rng.one_in(12)).collect();
    scenario.programmes = (0..=rng.place(3)).map(|number| programme(rng, number)).collect();
    if scenario.programmes.len() > 1 && rng.one_in(3) {
        let scope = rng.pick(&[BarScope::Item, BarScope::Site]);
        let bar = Bar { programme: "p1".to_owned(), scope };
        scenario.programmes[0].not_with.push(bar);
    }
    if rng.one_in(3) {
        let mut barriers: Vec<Barrier> = (0..=rng.place(2)).map(|_| barrier(rng)).collect();
        barriers.sort_unstable();
        Arc::make_mut(&mut scenario.tables).barriers = barriers;
    }
    if rng.one_in(2) {
        lines_to_cross(rng, &mut scenario);
    }
    scenario
}

/// A few rivers, with prices, and a bridge or two over them.
fn lines_to_cross(rng: &mut Random, scenario: &mut Scenario) {
    let lines: Vec<(&str, i32, Vec<Point>)> = (0..=rng.place(3))
        .map(|_| ("river", 0, vec![point(rng), point(rng), point(rng)]))
        .collect();
    let tables = Arc::make_mut(&mut scenario.tables);
    tables.crossings = CrossingLines::new(&lines);
    for span in &mut tables.spans {
        span.level = i32::from(rng.one_in(8));
    }
    let mut price = CrossingPrice::new(Pence::new(rng.between(0, 300)));
    price.bridged = rng.one_in(2).then(|| Pence::new(70));
    price.together = Millimetres::new(3_000 * u64::from(rng.one_in(3)));
    price.not_for.extend(rng.one_in(4).then(|| "duct".to_owned()));
    scenario.rate_card.crossings.insert("river".to_owned(), price);
}

/// A line, or a triangle.
fn barrier(rng: &mut Random) -> Barrier {
    let mut line = vec![point(rng), point(rng)];
    let area = rng.one_in(2);
    if area {
        line.extend([point(rng), line[0]]);
    }
    Barrier { lines: vec![line], area, row: 0 }
}

fn programme(rng: &mut Random, number: usize) -> Programme {
    let mut programme = Programme::new(
        &format!("p{number}"),
        Pence::new(rng.pick(&[500, 2_000, 5_000, 1_000_000])),
    );
    let kinds: Vec<String> =
        KINDS.iter().filter(|_| !rng.one_in(3)).map(|&kind| kind.to_owned()).collect();
    if !kinds.is_empty() && !rng.one_in(3) {
        let (test, missing) = (Test::Kind(kinds), MissingPolicy::Unknown);
        programme.eligible = Clause::Test { test, missing };
    }
    let share = |text| Share::from_text(text).unwrap();
    if rng.one_in(4) {
        programme.intervention_rate = share(rng.pick(&["0.5", "0.333", "0.9"]));
        programme.rate_basis = rng.pick(&[RateBasis::Item, RateBasis::Programme]);
    }
    if rng.one_in(6) {
        programme.pays_for = PaysFor { drop: rng.one_in(2), span: true, exchange: rng.one_in(2) };
    }
    if rng.one_in(2) {
        programme.cap.any = (!rng.one_in(4)).then(|| Pence::new(rng.pick(&[300, 900, 3_000])));
        if rng.one_in(3) {
            programme.cap.by_kind.insert("school".to_owned(), Pence::new(700));
        }
        let group = CapScope::Group { column: "area".to_owned() };
        let scope = rng.pick(&[CapScope::Site, group, CapScope::Programme]);
        if !programme.cap.is_none() {
            programme.cap_scope = scope;
        }
    }
    if rng.one_in(6) {
        programme.min_share = share(rng.pick(&["0.25", "0.5"]));
    }
    if rng.one_in(6) {
        programme.min_sites = rng.below(3);
    }
    if rng.one_in(6) {
        programme.overhead = share("0.07");
    }
    programme
}

/// For each junction reached from the exchanges that are used: the span back, and where to.
type Back = BTreeMap<JunctionIx, Option<(SpanIx, JunctionIx)>>;

fn routes(prepared: &Prepared, used: &[ExchangeIx]) -> Back {
    let mut back = Back::new();
    let mut queue = VecDeque::new();
    for exchange in used {
        if let Some(junction) = prepared.exchanges()[exchange.at()].junction
            && back.insert(junction, None).is_none()
        {
            queue.push_back(junction);
        }
    }
    while let Some(here) = queue.pop_front() {
        for (place, span) in prepared.spans().iter().enumerate() {
            for (near, far) in [(0, 1), (1, 0)] {
                if span.ends[near] == here && !back.contains_key(&span.ends[far]) {
                    back.insert(span.ends[far], Some((SpanIx::new(place), here)));
                    queue.push_back(span.ends[far]);
                }
            }
        }
    }
    back
}

/// A plan without payments for some of the buildings that can be reached; `None` when none can.
pub fn plan(rng: &mut Random, scenario: &Scenario) -> Option<Plan> {
    let prepared = prepare(scenario).unwrap();
    let exchanges: Vec<ExchangeIx> =
        (0..prepared.exchanges().len()).map(ExchangeIx::new).filter(|_| !rng.one_in(3)).collect();
    let mut at: BTreeMap<JunctionIx, ExchangeIx> = BTreeMap::new();
    for exchange in exchanges {
        if let Some(junction) = prepared.exchanges()[exchange.at()].junction {
            at.entry(junction).or_insert(exchange);
        }
    }
    let used: Vec<ExchangeIx> = at.values().copied().collect();
    let back = routes(&prepared, &used);
    let mut ports: BTreeMap<ExchangeIx, u32> = BTreeMap::new();
    let mut built = std::collections::BTreeSet::new();
    let mut plan = Plan::default();
    for (place, building) in prepared.buildings().iter().enumerate() {
        let sites = building.sites.iter().map(|&site| scenario.tables.site(site));
        let sites: Vec<String> =
            sites.filter(|site| !scenario.forbids(site)).map(|site| site.id.clone()).collect();
        let Some(junction) = building.junction.filter(|_| !sites.is_empty() && !rng.one_in(4))
        else {
            continue;
        };
        if !back.contains_key(&junction) {
            continue;
        }
        let (mut here, mut route, mut path) = (junction, 0, Vec::new());
        while let Some((span, nearer)) = back[&here] {
            route += prepared.span(span).length.get();
            path.push(span);
            here = nearer;
        }
        let exchange = at[&here];
        let row = scenario.tables.exchange(exchange);
        let taken = ports.entry(exchange).or_default();
        if row.ports.is_some_and(|ports| *taken >= ports) {
            continue;
        }
        *taken += 1;
        built.extend(path);
        plan.connected.extend(sites.iter().cloned());
        plan.drops.push(PlanDrop {
            later: None,
            building: building.id.clone(),
            sites,
            exchange: row.id.clone(),
            route: Millimetres::new(route),
            cost: prepared.drop_price(BuildingIx::new(place), &scenario.rate_card),
            year: None,
        });
    }
    plan.connected.sort_unstable();
    for span in built {
        plan.spans.push(PlanSpan {
            id: prepared.span_id(span),
            origin: prepared.origin(span),
            source_id: prepared.source_id(span),
            from: prepared.piece(span).map(|(_, piece)| piece.from),
            to: prepared.piece(span).map(|(_, piece)| piece.to),
            ends: prepared.span(span).ends.map(|end| prepared.junction_name(end)),
            geometry: prepared.geometry(span),
            method: prepared.method(span, &scenario.rate_card).to_owned(),
            length: prepared.span(span).length,
            cost: prepared.price(span, &scenario.rate_card).unwrap(),
            year: None,
        });
    }
    plan.spans.sort_by(|a, b| a.id.cmp(&b.id));
    for (exchange, ports_used) in ports.into_iter().filter(|(_, ports)| *ports > 0) {
        let row = scenario.tables.exchange(exchange);
        plan.exchanges.push(PlanExchange {
            id: row.id.clone(),
            cost: row.enable,
            ports_used,
            year: None,
        });
    }
    (!plan.drops.is_empty()).then_some(plan)
}
