//! Railways, rivers and major roads to cross: from a file into plans, reports and variants; and whether the
//! independent check sees a surcharge left out.

use std::fs;

use fibreplan::check::check;
use fibreplan::internals::random::Random;
use fibreplan::plan::{Outcome, Plan};
use fibreplan::read::{ReadOptions, Reading, read_scenario, read_variants};
use fibreplan::report::{BuildStep, Crossings, SpanCrossings, build_list};
use fibreplan::solve::{SolveOptions, solve};
use fibreplan::units::Pence;
use fibreplan::write::{Results, RunFacts};

use crate::random_plan::{plan, scenario};
use crate::scratch::Scratch;

#[test]
fn a_plan_that_leaves_a_surcharge_out_is_a_violation() {
    let mut tried = 0;
    for seed in 0..3_000 {
        let rng = &mut Random::new(seed);
        let scenario = scenario(rng);
        let Some(mut plan) = plan(rng, &scenario) else { continue };
        let crossings = SpanCrossings::new(&scenario);
        let cost =
            |plan: &Plan| plan.spans.iter().map(|span| crossings.of_span(span).cost()).collect();
        let costs: Vec<Pence> = cost(&plan);
        let Some(place) = costs.iter().position(|cost| *cost > Pence::ZERO) else { continue };
        let of_prices = |plan: &Plan| {
            check(&scenario, plan)
                .into_iter()
                .any(|violation| violation.to_string().starts_with("V210"))
        };
        assert!(!of_prices(&plan), "seed {seed}");
        plan.spans[place].cost -= costs[place];
        let name = format!("span:{}", plan.spans[place].id);
        let found = check(&scenario, &plan);
        assert!(
            found.iter().any(|violation| {
                let text = violation.to_string();
                text.starts_with("V210") && text.contains(&name)
            }),
            "seed {seed}: {name} {found:?}"
        );
        tried += 1;
    }
    assert!(tried > 100, "{tried}");
}

/// The base scenario with a railway across the road that leads north, and a river beside it that the
/// scenario's words call by another name.
fn with_lines(network: &str) -> Scratch {
    let scratch = Scratch::base(network);
    let path = scratch.path().join("scenario.toml");
    let text = fs::read_to_string(&path).unwrap();
    let section = "[network.crossings]\nfile = \"lines.geojson\"\n\
                   position = { crs = \"EPSG:4326\" }\ncolumns = { kind = \"what\" }\n\
                   values.kind = { Stream = \"river\" }\n\n[rate_card]";
    let prices = "crossings.railway = { gbp = 15000, source = \"made up\" }\n\
                  crossings.river = { gbp = 2500.50, bridged_gbp = 100, source = \"made up\" }\n\
                  methods.verge";
    let text = text.replace("[rate_card]", section).replace("methods.verge", prices);
    fs::write(&path, text).unwrap();
    let lines = r#"{ "type": "FeatureCollection", "features": [
        { "type": "Feature", "properties": { "what": "railway" },
          "geometry": { "type": "LineString", "coordinates": [[-3.6, 50.76], [-3.4, 50.76]] } },
        { "type": "Feature", "properties": { "what": "Stream", "level": 0 },
          "geometry": { "type": "MultiLineString", "coordinates": [[[-3.6, 50.83], [-3.51, 50.83]], [[-3.51, 50.83], [-3.4, 50.83]]] } } ] }"#;
    fs::write(scratch.path().join("lines.geojson"), lines).unwrap();
    scratch
}

fn read(scratch: &Scratch) -> Reading {
    read_scenario(scratch.path(), &ReadOptions::new()).unwrap()
}

fn solved(reading: &Reading) -> Outcome {
    solve(&reading.scenario, &SolveOptions::default()).unwrap()
}

#[test]
fn lines_from_a_file_are_paid_reported_and_changed_by_a_variant() {
    let scratch = with_lines("spans");
    let reading = read(&scratch);
    let scenario = &reading.scenario;
    assert_eq!(reading.notices, []);
    let input = scenario.tables.inputs.last().unwrap();
    assert_eq!((input.role.as_str(), input.rows_read, input.rows_used), ("crossings", 2, 2));
    assert_eq!(scenario.tables.crossings.kinds, ["railway", "river"]);
    let outcome = solved(&reading);
    let plan = outcome.plan.as_ref().unwrap();
    assert_eq!(check(scenario, plan), vec![]);
    let built = SpanCrossings::new(scenario).of_plan(plan);
    let expected = [("railway", (1, 1_500_000)), ("river", (1, 250_050))];
    let expected =
        expected.map(|(kind, (count, cost))| (kind.to_owned(), (count, Pence::new(cost))));
    assert_eq!(built, Crossings(expected.into()));

    let rows = build_list(scenario, plan);
    let of = |kind: BuildStep| {
        let rows = rows.iter().filter(|row| row.kind == kind);
        rows.fold(Crossings::default(), |sum, row| sum.and(&row.crossings))
    };
    for kind in
        [BuildStep::Span, BuildStep::MethodSubtotal, BuildStep::ExchangeSubtotal, BuildStep::Total]
    {
        assert_eq!(of(kind), built, "{kind:?}");
    }
    let facts =
        RunFacts { started: std::time::SystemTime::UNIX_EPOCH, threads: 1, seconds: vec![] };
    let results =
        Results { scenario, outcome: &outcome, notices: &[], set_aside: &[], facts: &facts };
    let text = |name: &str| {
        let files = results.files();
        let (_, bytes) = files.into_iter().find(|(file, _)| *file == name).unwrap();
        String::from_utf8(bytes).unwrap()
    };
    assert!(
        text("spans.geojson").contains(r#""crossings":{"railway":1},"crossings_gbp":15000.00"#)
    );
    assert!(text("build_list.csv").contains(",railway 1; river 1,17500.50,"));
    let summary = text("summary.txt");
    assert!(summary.contains("railway         1  15,000.00"), "{summary}");
    assert!(
        summary
            .contains("- Crossing of a river: £2,500.50, by a bridge or tunnel £100.00 (made up).")
    );

    let variants = scratch.path().join("variants.toml");
    let text = "[[variants]]\nname = \"dear\"\nset.rate_card.crossings.railway.gbp = 16000.25\n\
                [[variants]]\nname = \"raised\"\nset.rate_card.optimism_bias = 0.1\n\
                [[variants]]\nname = \"unpriced\"\nunset = [\"rate_card.crossings.river\"]\n";
    fs::write(&variants, text).unwrap();
    let reading = read_variants(scratch.path(), &variants, &ReadOptions::new()).unwrap();
    let [dear, raised, unpriced] = &reading.variants[..] else { panic!("three variants") };
    let network = fibreplan::network::prepare(scenario).unwrap();
    let dear = dear.variant.scenario.as_ref().unwrap();
    assert!(network.fits(dear));
    let cost = |scenario| solve(scenario, &SolveOptions::default()).unwrap().plan.unwrap().cost();
    assert_eq!(cost(dear) - plan.cost(), Pence::new(100_025));
    let raised = raised.variant.scenario.as_ref().unwrap();
    assert_eq!(raised.rate_card.crossings["railway"].price, Pence::new(1_650_000));
    assert_eq!(raised.rate_card.crossings["river"].bridged, Some(Pence::new(11_000)));
    let told: Vec<String> =
        unpriced.variant.scenario.as_ref().unwrap_err().iter().map(ToString::to_string).collect();
    assert_eq!(told.len(), 1);
    assert!(told[0].contains("R107") && told[0].contains("\"river\""), "{told:?}");
}

#[test]
fn which_way_lines_are_drawn_and_in_what_order_changes_nothing() {
    let scratch = with_lines("waypoints");
    let outcome = solved(&read(&scratch));
    let path = scratch.path().join("lines.geojson");
    let mut lines: serde_json::Value =
        serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
    let features = lines["features"].as_array_mut().unwrap();
    features.reverse();
    for feature in features {
        feature["geometry"]["coordinates"].as_array_mut().unwrap().reverse();
        if let Some(parts) = feature["geometry"]["coordinates"][0][0].as_array() {
            assert_eq!(parts.len(), 2);
        }
    }
    fs::write(&path, lines.to_string()).unwrap();
    let turned = read(&scratch);
    assert_eq!(solved(&turned).plan, outcome.plan);
    let first = with_lines("waypoints");
    let first = read(&first);
    assert_eq!(
        fibreplan::model::fingerprint(&turned.scenario),
        fibreplan::model::fingerprint(&first.scenario)
    );
}
