//! Barriers from a file, and whether the independent check sees what crosses them.

use std::fs;
use std::sync::Arc;

use fibreplan::check::check;
use fibreplan::geometry::Point;
use fibreplan::internals::random::Random;
use fibreplan::model::Barrier;
use fibreplan::plan::{Origin, junction_point};
use fibreplan::read::{ReadOptions, read_scenario};
use fibreplan::solve::{SolveOptions, solve};

use crate::random_plan::{plan, scenario};
use crate::scratch::Scratch;

#[test]
fn a_plan_over_a_barrier_is_a_violation() {
    let mut tried = [0; 2];
    for seed in 0..4_000 {
        let rng = &mut Random::new(seed);
        let mut scenario = scenario(rng);
        Arc::make_mut(&mut scenario.tables).barriers.clear();
        let Some(plan) = plan(rng, &scenario) else { continue };
        let Some(span) = plan.spans.iter().find(|span| span.origin != Origin::Input) else {
            continue;
        };
        let [p, q] = span.ends.clone().map(|end| junction_point(&end).unwrap());
        // A short fence around the middle, and an area around one end.
        let middle = Point { x: p.x.midpoint(q.x), y: p.y.midpoint(q.y) };
        let (dx, dy) = (p.y - q.y, q.x - p.x);
        let fence = |step: i64| Point { x: middle.x + step * dx, y: middle.y + step * dy };
        let around = |x: i64, y: i64| Point { x: p.x + x, y: p.y + y };
        let area = rng.one_in(2);
        let line = if area {
            let far = 90_000;
            vec![around(-far, -far), around(far, -far), around(0, far), around(-far, -far)]
        } else {
            vec![fence(-1), fence(1)]
        };
        let barrier = Barrier { lines: vec![line], area, row: 0 };
        Arc::make_mut(&mut scenario.tables).barriers.push(barrier);
        let name = format!("span:{}", span.id);
        let found = check(&scenario, &plan);
        assert!(
            found.iter().any(|violation| violation.to_string().contains(&name)),
            "seed {seed}: {name} {found:?}"
        );
        tried[usize::from(span.origin == Origin::LeadIn)] += 1;
    }
    assert!(tried.iter().all(|&tried| tried > 50), "{tried:?}");
}

#[test]
fn a_river_from_a_file_keeps_a_plan_on_its_side() {
    let scratch = Scratch::base("waypoints");
    let path = scratch.path().join("scenario.toml");
    let text = fs::read_to_string(&path).unwrap();
    let barriers = "[network.barriers]\nfile = \"river.geojson\"\n\
                    position = { crs = \"EPSG:27700\" }\n\n[rate_card]";
    let text = text.replace("[rate_card]", barriers).replace("= 5000", "= 20000");
    fs::write(&path, text).unwrap();
    let river = r#"{ "type": "FeatureCollection", "features": [ { "type": "Feature", "properties": {},
        "geometry": { "type": "LineString", "coordinates": [[200000, 97000], [400000, 97000], [400000, 110000], [200000, 110000]] } } ] }"#;
    fs::write(scratch.path().join("river.geojson"), river).unwrap();
    let reading = read_scenario(scratch.path(), &ReadOptions::new()).unwrap();
    let scenario = &reading.scenario;
    assert_eq!(scenario.tables.inputs[4].role, "barriers");
    let mut open = scenario.clone();
    Arc::make_mut(&mut open.tables).barriers.clear();
    let plan_of = |scenario| solve(scenario, &SolveOptions::default()).unwrap().plan.unwrap();
    let (barred, open_plan) = (plan_of(scenario), plan_of(&open));
    assert_eq!(check(scenario, &barred), vec![]);
    assert_ne!(check(scenario, &open_plan), vec![]);
    let beyond = barred.left_out.iter().find(|left| left.code().0 == "U310").unwrap();
    // How far it is from the nearest place that a route leads to, across the river.
    let plane = &scenario.tables.plane;
    let site = scenario.tables.site(scenario.tables.site_by_id(&beyond.id).unwrap());
    let reached =
        barred.spans.iter().flat_map(|span| &span.ends).filter_map(|end| junction_point(end));
    let far = reached.map(|end| plane.length(site.at, end).get()).min().unwrap();
    let told = beyond.reason.numbers()["nearest_reachable_mm"].as_u64().unwrap();
    assert!(told > 0 && told <= far, "{told} {far}");
}
