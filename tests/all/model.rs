//! Scenarios built wholly in Rust meet the same faults as those read from files.

use fibreplan::check::check;
use fibreplan::error::{Error, Fault};
use fibreplan::funding::{Unfundable, fund};
use fibreplan::geometry::Position;
use fibreplan::internals::question::question;
use fibreplan::model::{
    Budget, Cap, ExchangeRow, NetworkSettings, Objective, Programme, RateCard, Scenario, SiteRow,
    SpanRow, TablesDraft, WeightColumn, faults, fingerprint,
};
use fibreplan::network::prepare;
use fibreplan::observe::Silent;
use fibreplan::plan::Plan;
use fibreplan::solve::{SolveOptions, SweepOptions, solve, solve_prepared, sweep};
use fibreplan::study::frontier::{FrontierOptions, frontier};
use fibreplan::study::strategies::{StrategiesOptions, strategies};
use fibreplan::units::{Pence, Rate, Weight};

const CATHEDRAL: Position = Position::lon_lat(-3.53, 50.72);

fn draft() -> TablesDraft {
    let exchange = ExchangeRow::new("X1", CATHEDRAL, Pence::from_whole_pounds(20_000));
    TablesDraft::default()
        .site(
            SiteRow::new("A1", "gp_practice", Position::lon_lat(-3.50, 50.70))
                .value("patients", 5200),
        )
        .site(SiteRow::new("A2", "school", Position::lon_lat(-3.51, 50.75)).rurality("D1"))
        .exchange(exchange)
}

fn scenario(draft: TablesDraft) -> Scenario {
    let card = RateCard::new("2019-20", Pence::from_whole_pounds(1500)).method(
        "verge",
        Rate::from_whole_pounds_per_metre(25),
        "made up",
    );
    let programmes = vec![Programme::new("lffn", Pence::from_whole_pounds(1_000_000))];
    Scenario::new(
        "in-rust",
        draft.build().unwrap(),
        NetworkSettings::sites("verge"),
        card,
        programmes,
    )
}

fn codes(faults: &[Fault]) -> Vec<&str> {
    faults.iter().map(|fault| fault.code.0).collect()
}

fn lines(error: &Error) -> Vec<String> {
    error.faults().iter().map(ToString::to_string).collect()
}

#[test]
fn a_sound_scenario_has_no_fault() {
    assert_eq!(faults(&scenario(draft())), []);
}

#[test]
fn rows_from_rust_are_named_by_their_place() {
    let twice = SiteRow::new("A1", "library", Position::lon_lat(50.7, -3.5));
    let nowhere = ExchangeRow { id: "X2".to_owned(), ..ExchangeRow::default() };
    let span = SpanRow::new("R1", "verge", vec![CATHEDRAL]);
    let error = draft().site(twice).exchange(nowhere).span(span).build().unwrap_err();
    let remedy =
        "exchange x and y in `position`: x is the longitude or easting, y the latitude or northing";
    assert_eq!(
        lines(&error),
        [
            "S103 sites row 1, id \"A1\": the id is in row 3 too; give each row an id of its own, or leave one out".to_owned(),
            "S103 sites row 3, id \"A1\": the id is in row 1 too; give each row an id of its own, or leave one out".to_owned(),
            format!("S112 sites row 3, position \"50.7, -3.5\": the coordinates look swapped; {remedy}"),
            "X130 exchanges row 2, enable_gbp: nothing says what enabling the exchange costs; give it enable_gbp, or state exchanges.default_enable_gbp".to_owned(),
            "X110 exchanges row 2, position: there is no position; give it coordinates, or leave the row out".to_owned(),
            "N110 network row 1, geometry: the span has fewer than two positions; give it a line, or leave it out".to_owned(),
        ]
    );
}

#[test]
fn the_table_that_lies_elsewhere_than_the_others_is_at_fault() {
    let place = |swapped: bool, north: f64| {
        let [lon, lat] = [2.35, 48.85 + north];
        if swapped { Position::lon_lat(lat, lon) } else { Position::lon_lat(lon, lat) }
    };
    for (swapped, code) in [("sites", "S112"), ("exchanges", "X112"), ("spans", "N112")] {
        let mut draft = TablesDraft::default();
        for number in 0..3 {
            let north = f64::from(number) / 100.0;
            let id = number.to_string();
            draft = draft.site(SiteRow::new(&id, "school", place(swapped == "sites", north)));
            let at = place(swapped == "exchanges", north);
            draft = draft.exchange(ExchangeRow::new(&id, at, Pence::ZERO));
            for other in 0..9 {
                let end = place(swapped == "spans", f64::from(other) / 50.0);
                let line = vec![place(swapped == "spans", north), end];
                draft = draft.span(SpanRow::new(&format!("{id}-{other}"), "verge", line));
            }
        }
        let error = draft.build().unwrap_err();
        let told = codes(error.faults());
        assert!(told.iter().all(|told| *told == code), "{swapped}: {error}");
        assert!(told.len() >= 3, "{swapped}: {error}");
    }
}

type Spoil = fn(&mut Scenario);

#[test]
fn a_variant_changed_in_code_is_judged_again() {
    let mut variant = scenario(draft());
    variant.objective = Objective::Maximise(vec!["patients".to_owned()]);
    assert_eq!(codes(&faults(&variant)), ["O103"]);
    variant.weights = vec![WeightColumn {
        name: "patients".to_owned(),
        column: "patients".to_owned(),
        missing: fibreplan::model::MissingWeight::default(),
    }];
    assert_eq!(codes(&faults(&variant)), ["S130"], "the school has no patients");
    variant.rules.forbidden = vec!["A2".to_owned()];
    assert_eq!(faults(&variant), [], "a forbidden site needs no weight");
    variant.programmes[0].budget = Budget::Total(Pence::new(-1));
    variant.programmes[0].cap = Cap { any: Some(Pence::new(-1)), ..Cap::default() };
    assert_eq!(codes(&faults(&variant)), ["P123", "P127"]);
    variant.network.detour_millionths = 999_999;
    "nowhere".clone_into(&mut variant.network.method);
    assert_eq!(codes(&faults(&variant)), ["N131", "R101", "P123", "P127"]);
}

/// A sound scenario with a weight, and ways to spoil it, each with the codes of its faults.
fn spoilt() -> Vec<(Scenario, &'static [&'static str])> {
    let mut sound = scenario(draft().site(
        SiteRow::new("A3", "school", Position::lon_lat(-3.52, 50.71)).value("patients", "many"),
    ));
    let zero = fibreplan::model::MissingWeight { any: Some(Weight::ZERO), ..Default::default() };
    let weight = |name: &str| WeightColumn {
        name: name.to_owned(),
        column: "patients".to_owned(),
        missing: zero.clone(),
    };
    sound.rules.forbidden = vec!["A3".to_owned()];
    sound.weights = vec![weight("patients")];
    sound.objective = Objective::Maximise(vec!["patients".to_owned()]);
    assert!(sound.judged().is_ok());
    let ways: [(Spoil, &[&str]); 8] = [
        (|own| own.objective = Objective::Maximise(vec!["patience".to_owned()]), &["O103"]),
        (|own| own.rules.forbidden.clear(), &["S131"]),
        (|own| own.network.detour_millionths = 0, &["N131"]),
        (|own| own.programmes.clear(), &["P120"]),
        (|own| own.programmes[0].budget = Budget::Total(Pence::new(-1)), &["P123"]),
        (|own| own.rules.required = vec!["B7".to_owned()], &["O120"]),
        (|own| own.rate_card.methods.clear(), &["R101", "R102"]),
        (
            |own| {
                own.objective = Objective::Maximise(Vec::new());
                own.network.detour_millionths = 1;
                own.programmes.clear();
            },
            &["N131", "O101", "P120"],
        ),
    ];
    let spoil = |(way, codes): &(Spoil, &'static [&'static str])| {
        let mut other = sound.clone();
        way(&mut other);
        (other, *codes)
    };
    ways.iter().map(spoil).collect()
}

#[test]
fn nothing_is_done_with_a_scenario_that_has_faults() {
    let options = SolveOptions::default();
    let sound = scenario(draft());
    let prepared = prepare(&sound).unwrap();
    for (own, expected) in spoilt() {
        let refused = |error: Error| {
            let mut found = codes(error.faults());
            found.sort_unstable();
            assert_eq!(found, expected);
        };
        refused(own.judged().map(|_| ()).unwrap_err());
        refused(prepare(&own).unwrap_err());
        refused(solve(&own, &options).unwrap_err());
        refused(solve_prepared(&prepared, &own, &options, &mut Silent).unwrap_err());
        refused(question(&prepared, &own).map(|_| ()).unwrap_err());
        let how = SweepOptions::default();
        let both = [sound.clone(), own.clone()];
        refused(sweep(&prepared, &both, &options, how, &mut Silent).unwrap_err());
        let every = frontier(&prepared, &own, &FrontierOptions::default(), &mut Silent);
        refused(every.map(|_| ()).unwrap_err());
        refused(
            strategies(&prepared, &own, &StrategiesOptions::default(), &mut Silent)
                .map(|_| ())
                .unwrap_err(),
        );
        let unpaid = fund(&own, &Plan::default()).unwrap_err();
        assert!(matches!(unpaid, Unfundable::Faulty { faults } if faults.len() == expected.len()));
        let found = check(&own, &Plan::default());
        assert!(found.iter().all(|violation| violation.code.0 == "V290"), "{found:?}");
        assert_eq!(found.len(), expected.len());
    }
}

#[test]
fn a_change_is_judged_anew_and_a_clone_is_not() {
    let mut own = scenario(draft());
    assert!(own.judged().is_ok());
    let copy = own.clone();
    own.programmes[0].budget = Budget::Total(Pence::new(-1));
    assert_eq!(codes(own.judged().unwrap_err().faults()), ["P123"]);
    assert!(copy.judged().is_ok());
    own.programmes[0].budget = Budget::Total(Pence::new(1));
    assert!(own.judged().is_ok());
    assert_ne!(own, copy);
    // Tables may change under a scenario too, and what was known of them is then found again.
    let tables = std::sync::Arc::make_mut(&mut own.tables);
    tables.sites.rows[0].building_id = Some("A2".to_owned());
    assert_eq!(codes(own.judged().unwrap_err().faults()), ["S150"]);
}

#[test]
fn methods_of_spans_are_judged_whatever_was_known_of_the_tables() {
    let span =
        |method: &str| SpanRow::new("R1", method, vec![CATHEDRAL, Position::lon_lat(-3.5, 50.7)]);
    let mut own = scenario(draft().span(span("verge")));
    own.network = NetworkSettings::spans();
    own.rate_card.lead_in_method = Some("verge".to_owned());
    assert!(own.judged().is_ok());
    own.rate_card = own.rate_card.clone().method("duct", Rate::from_whole_pounds_per_metre(5), "");
    own.rate_card.methods.remove("verge");
    own.rate_card.lead_in_method = Some("duct".to_owned());
    assert_eq!(codes(own.judged().unwrap_err().faults()), ["N120"]);
    let tables = draft().span(span("duct")).build().unwrap();
    own.tables = std::sync::Arc::new(tables);
    assert!(own.judged().is_ok());
}

#[test]
fn sums_that_cannot_be_counted_are_refused_beforehand() {
    let mut many = draft();
    for number in 0..2500 {
        let row = SiteRow::new(&format!("B{number}"), "school", CATHEDRAL);
        many = many.site(row.value("pupils", 999_999_999_999_u64));
    }
    let mut scenario = scenario(many);
    scenario.weights = vec![WeightColumn {
        name: "pupils".to_owned(),
        column: "pupils".to_owned(),
        missing: fibreplan::model::MissingWeight { any: Some(Weight::ZERO), ..Default::default() },
    }];
    scenario.objective = Objective::Maximise(vec!["pupils".to_owned()]);
    scenario.network.detour_millionths = 100_000_000;
    scenario.network.max_link = fibreplan::units::Millimetres::new(1_000_000_000);
    let rate = Rate::from_pounds_per_metre("1000000").unwrap();
    let card = scenario.rate_card.clone();
    scenario.rate_card = card.method("verge", rate, "absurd");
    assert_eq!(codes(&faults(&scenario)), ["R104", "O106"]);
    let worth = |pence: i64| [("sites".to_owned(), Pence::new(pence))].into();
    scenario.objective = Objective::MaximiseNetBenefit { per_unit: worth(1 << 50) };
    assert_eq!(codes(&faults(&scenario)), ["R104", "O106"]);
    scenario.objective = Objective::MaximiseNetBenefit { per_unit: worth(-1) };
    assert_eq!(codes(&faults(&scenario)), ["R104", "O108"]);
}

#[test]
fn the_fingerprint_follows_the_question_and_nothing_else() {
    let base = scenario(draft());
    let mut titled = base.clone();
    "Another title".clone_into(&mut titled.title);
    assert_eq!(fingerprint(&base), fingerprint(&titled));
    let mut reversed = draft();
    reversed.sites.rows.reverse();
    assert_eq!(fingerprint(&base), fingerprint(&scenario(reversed)));
    let mut richer = base.clone();
    richer.programmes[0].budget = Budget::Total(Pence::from_whole_pounds(1_000_001));
    assert_ne!(fingerprint(&base), fingerprint(&richer));
    let moved = scenario(draft().site(SiteRow::new("A3", "school", CATHEDRAL)));
    assert_ne!(fingerprint(&base), fingerprint(&moved));
}

#[test]
fn spans_without_id_are_named_by_their_geometry() {
    let unnamed = |line: Vec<Position>| SpanRow { id: None, ..SpanRow::new("", "verge", line) };
    let (a, b) = (CATHEDRAL, Position::lon_lat(-3.52, 50.73));
    let ids = |rows: [SpanRow; 3]| -> Vec<String> {
        let draft = rows.into_iter().fold(draft(), TablesDraft::span);
        draft.build().unwrap().spans.into_iter().map(|span| span.id).collect()
    };
    let there = unnamed(vec![a, b]);
    let back = unnamed(vec![b, a]);
    let dear = SpanRow { cost: Some(Pence::new(5)), ..unnamed(vec![a, b]) };
    let first = ids([there.clone(), back.clone(), dear.clone()]);
    assert_eq!(first, ids([dear, there, back]), "the order of rows changes nothing");
    assert_eq!(first[0].len(), 17);
    assert_eq!(first[1], format!("{}-2", first[0]));
    assert_eq!(first[2], format!("{}-3", first[0]));
}

#[test]
fn the_exact_grid_of_one_table_carries_the_whole_scenario() {
    let tables = draft().waypoint(Position::grid(292_000.0, 93_000.0)).build().unwrap();
    assert_eq!(tables.plane, fibreplan::geometry::Plane::BritishGrid);
    assert_eq!(tables.waypoints[0].at.x, 292_000_000);
}
