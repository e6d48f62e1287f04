//! Small OpenStreetMap extracts.

use std::fs;

use fibreplan::check::check;
use fibreplan::network::prepare;
use fibreplan::read::{ReadOptions, read_scenario};
use fibreplan::solve::{SolveOptions, solve};

use super::pbf::{Way, asking, extract, located};
use super::{read, scenario_with, told};
use crate::reading::shipped;

const NETWORK: &str = "file = \"town.osm.pbf\"\nsnap_limit_m = 100000";

/// A street with a bridge over it whose node 12 lies exactly on the street's node 2, where a side street
/// begins; a footway, a loop, and a way that leaves the extract.
fn nodes() -> Vec<(i64, i64, i64)> {
    let at = |id, x: i64, y: i64| (id, -35_300_000 + x * 10_000, 507_200_000 + y * 10_000);
    vec![
        at(1, 0, 0),
        at(2, 10, 0),
        at(3, 20, 0),
        at(4, 10, 10),
        at(5, 30, 5),
        at(6, 30, -5),
        at(11, 10, -10),
        at(12, 10, 0),
        at(13, 10, 20),
    ]
}

const WAYS: &[Way] = &[
    (100, &[1, 2, 3], &[("highway", "residential")]),
    (101, &[2, 4], &[("highway", "service"), ("surface", "Gravel")]),
    (102, &[11, 12, 13], &[("highway", "primary"), ("bridge", "yes"), ("layer", "1")]),
    (103, &[12, 5], &[("highway", "tertiary")]),
    (104, &[3, 5, 6, 3], &[("highway", "unclassified")]),
    (105, &[1, 999, 4, 13], &[("highway", "residential")]),
    (106, &[1, 4], &[("highway", "footway")]),
    (107, &[1, 13], &[("highway", "motorway")]),
    (108, &[1, 13], &[("building", "yes")]),
];

/// The shipped hamlet is these very nodes and ways; `FIBREPLAN_BLESS=1` writes it.
#[test]
fn the_hamlet_is_the_one_written_here_and_is_planned() {
    let folder = shipped("hamlet");
    let bytes = extract(&nodes(), WAYS);
    if std::env::var_os("FIBREPLAN_BLESS").is_some_and(|value| value == "1") {
        fs::write(folder.join("hamlet.osm.pbf"), &bytes).unwrap();
    }
    assert_eq!(fs::read(folder.join("hamlet.osm.pbf")).unwrap(), bytes);
    let scenario = read_scenario(&folder, &ReadOptions::new()).unwrap().scenario;
    let plan = solve(&scenario, &SolveOptions::default()).unwrap().plan.unwrap();
    assert_eq!(check(&scenario, &plan), vec![]);
    assert_eq!(plan.connected, ["H1", "H2", "H3", "H4"]);
    let left: Vec<(&str, &str)> =
        plan.left_out.iter().map(|out| (out.id.as_str(), out.code().0)).collect();
    assert_eq!(left, [("H5", "U312")]);
}

fn town(network: &str) -> crate::scratch::Scratch {
    let scratch = scenario_with(network, &[("town.osm.pbf", extract(&nodes(), WAYS))]);
    let path = scratch.path().join("scenario.toml");
    let text = fs::read_to_string(&path).unwrap();
    let more = "methods.soft_verge = { gbp_per_m = 10, source = \"made up\" }\nmethods.verge";
    fs::write(path, text.replace("methods.verge", more)).unwrap();
    scratch
}

const PRICES: &str = "crossings.railway = { gbp = 1000, source = \"made up\" }\n\
                      crossings.river = { gbp = 200, bridged_gbp = 30, source = \"made up\" }\n\
                      crossings.major_road = { gbp = 0 }";

/// The town that a title of `fault_page/roads.txt` describes.
pub fn described(title: &str) -> Option<crate::scratch::Scratch> {
    let bytes = extract(&nodes(), WAYS);
    let with = |bytes: &[u8]| {
        let scratch = town(NETWORK);
        fs::write(scratch.path().join("town.osm.pbf"), bytes).unwrap();
        scratch
    };
    Some(match title {
        "an OpenStreetMap extract that is cut short" => with(&bytes[..bytes.len() - 1]),
        "an OpenStreetMap extract that holds every version of everything" => {
            with(&asking("HistoricalInformation", &nodes(), WAYS))
        }
        "an OpenStreetMap extract with a way that leaves it, a motorway, a footway, and a bridge with a node on that of a street" => {
            with(&bytes)
        }
        "an OpenStreetMap extract with a service road, and a rate card without `soft_verge`" => {
            scenario_with(NETWORK, &[("town.osm.pbf", bytes)])
        }
        "an OpenStreetMap extract with a railway and rivers, named under `network.crossings`" => {
            crossed_town("", PRICES)
        }
        _ => return None,
    })
}

#[test]
fn ways_become_spans_that_meet_at_shared_nodes_only() {
    let reading = read(&town(NETWORK)).unwrap();
    let spans = &reading.scenario.tables.spans;
    let laid: Vec<(&str, &str)> =
        spans.iter().map(|span| (span.id.as_str(), span.method.as_str())).collect();
    let roads = [
        ("w100/1", "carriageway"),
        ("w100/2", "carriageway"),
        ("w101", "soft_verge"),
        ("w102/1", "carriageway"),
        ("w102/2", "carriageway"),
        ("w103", "carriageway"),
        ("w104/1", "carriageway"),
        ("w104/2", "carriageway"),
        ("w105", "carriageway"),
    ];
    assert_eq!(laid, roads);
    let notices: Vec<String> = reading.notices.iter().map(ToString::to_string).collect();
    assert_eq!(
        notices,
        [
            "N144 town.osm.pbf: 1 node of 1 way is not in the extract; no action is needed at the edge of \
             an extract; what lies between is used",
            "N142 town.osm.pbf class \"motorway 1\": 1 way is left out by the table of ways; no action is \
             needed; network.ways can give them a method",
            "N143 town.osm.pbf class \"footway 1\": 1 way is named by no line of the table of ways and \
             not used; no action is needed; network.ways can give them a method",
            "N145 town.osm.pbf: 1 node lies exactly on another and is moved by millimetres, so that they \
             do not connect; no action is needed",
        ]
    );
    let input = &reading.scenario.tables.inputs[3];
    assert_eq!((input.rows_read, input.rows_used, input.rows_excluded), (8, 6, 2));
    // The bridge meets the street by way of 103, not at the point where it crosses it.
    let find = |id: &str| spans.iter().find(|span| span.id == id).unwrap();
    let (street, bridge) = (find("w100/1").line[1], find("w102/1").line[1]);
    assert_ne!(street, bridge);
    assert!((street.x - bridge.x).abs() <= 1 && (street.y - bridge.y).abs() <= 5);
    assert_eq!(find("w101").line[0], street);
    assert_eq!(find("w103").line[0], bridge);
    let counts = prepare(&reading.scenario).unwrap().line_counts();
    // 1, 2, 3, 4, 5, 11, 12, 13; the loop 3-5-3 is two parallel spans.
    assert_eq!((counts.junctions, counts.spans, counts.components), (8, 9, 1));
    assert_eq!((counts.self_loops, counts.parallel), (0, 1));
}

#[test]
fn the_table_of_ways_is_the_users() {
    let ways = "\nways = [{ form = [\"bridge\"], method = \"verge\" }, { class = [\"FOOTWAY\"], \
                method = \"verge\" }, { class = [\"residential\", \"service\"], leave_out = true }]";
    let reading = read(&town(&format!("{NETWORK}{ways}"))).unwrap();
    let spans = &reading.scenario.tables.spans;
    let laid: Vec<(&str, &str)> =
        spans.iter().map(|span| (span.id.as_str(), span.method.as_str())).collect();
    let roads = [
        ("w102/1", "verge"),
        ("w102/2", "verge"),
        ("w103", "carriageway"),
        ("w104/1", "carriageway"),
        ("w104/2", "carriageway"),
        ("w106", "verge"),
    ];
    assert_eq!(laid, roads);
    let left_out = reading.notices.iter().find(|notice| notice.code.0 == "N142").unwrap();
    assert_eq!(left_out.value, "residential 2, motorway 1, service 1");
}

#[test]
fn rows_can_be_excluded_by_id_and_kept_by_tag() {
    let choice = "\nexclude = [\"w100\"]\nkeep = { column = \"layer\", is = [\"1\"], missing = \"eligible\" }";
    let reading = read(&town(&format!("{NETWORK}{choice}"))).unwrap();
    assert!(reading.scenario.tables.spans.iter().all(|span| !span.id.starts_with("w100")));
    let choice = "\nkeep = { column = \"layer\", is = [\"1\"] }";
    let reading = read(&town(&format!("{NETWORK}{choice}"))).unwrap();
    assert_eq!(reading.scenario.tables.spans.len(), 1);
    let other_tag = "\ncolumns = { class = \"building\" }\nways = [{ method = \"verge\" }]";
    let reading = read(&town(&format!("{NETWORK}{other_tag}"))).unwrap();
    assert_eq!(reading.scenario.tables.spans[0].id, "w108");
}

#[test]
fn methods_and_systems_that_are_not_there_are_told_once() {
    let scratch = scenario_with(NETWORK, &[("town.osm.pbf", extract(&nodes(), WAYS))]);
    assert_eq!(
        told(read(&scratch)),
        [
            "N141 town.osm.pbf method \"soft_verge\": 1 way needs a method that the rate card lacks; add \
          methods.soft_verge to the rate card, or map them otherwise in network.ways"
        ]
    );
    let grid = format!("{NETWORK}\nposition = {{ crs = \"EPSG:27700\" }}\nnoding = \"touches\"");
    let told = told(read(&town(&grid)));
    assert_eq!(
        told[..1],
        [
            "N148 scenario.toml row 23, network.position.crs: the file is in EPSG:4326 by its own account, \
          in EPSG:27700 by the scenario's; write crs = \"EPSG:4326\", or correct the file if it is wrong"
        ]
    );
}

#[test]
fn positions_on_ways_make_the_same_spans_as_positions_of_nodes() {
    let plain = read(&town(NETWORK)).unwrap();
    let scratch = town(NETWORK);
    fs::write(scratch.path().join("town.osm.pbf"), located(&nodes(), WAYS)).unwrap();
    let on_ways = read(&scratch).unwrap();
    assert_eq!(on_ways.scenario.tables.spans, plain.scenario.tables.spans);
    assert_eq!(on_ways.notices, plain.notices);
}

#[test]
fn what_a_file_asks_of_its_reader_is_told_with_the_way_to_convert_it() {
    for (feature, expected) in [
        (
            "HistoricalInformation",
            "F143 town.osm.pbf required_features \"HistoricalInformation\": the file holds every version of \
             everything, not the map of one day; make an extract of one day: osmium time-filter FILE -o \
             NEW.osm.pbf",
        ),
        (
            "Indexed",
            "F143 town.osm.pbf required_features \"Indexed\": the file needs more of its reader than nodes, \
             ways and tags; convert it to a plain extract: osmium cat FILE -o NEW.osm.pbf",
        ),
    ] {
        let scratch = town(NETWORK);
        fs::write(scratch.path().join("town.osm.pbf"), asking(feature, &nodes(), WAYS)).unwrap();
        assert_eq!(told(read(&scratch)), [expected]);
    }
}

#[test]
fn damage_is_a_fault_and_never_a_panic() {
    let bytes = extract(&nodes(), WAYS);
    let header = bytes.windows(7).position(|window| window == b"OSMData").unwrap() - 6;
    for cut in header..bytes.len() {
        let scratch = town(NETWORK);
        fs::write(scratch.path().join("town.osm.pbf"), &bytes[..cut]).unwrap();
        let told = told(read(&scratch));
        // Cut between two blocks it reads as an extract without ways.
        let empty = cut < header + 4;
        let code = if empty { "N130" } else { "F140" };
        assert!(told[0].starts_with(code), "{cut}: {told:?}");
    }
    for place in 0..bytes.len() {
        let mut damaged = bytes.clone();
        damaged[place] ^= 0x55;
        let scratch = town(NETWORK);
        fs::write(scratch.path().join("town.osm.pbf"), &damaged).unwrap();
        if let Err(error) = read(&scratch) {
            assert!(!error.faults().is_empty(), "{place}: {error}");
        }
    }
}

#[test]
fn the_order_of_ways_and_nodes_changes_nothing() {
    let first = read(&town(NETWORK)).unwrap();
    let (mut nodes, mut ways) = (nodes(), WAYS.to_vec());
    nodes.reverse();
    ways.reverse();
    let scratch = town(NETWORK);
    fs::write(scratch.path().join("town.osm.pbf"), extract(&nodes, &ways)).unwrap();
    let again = read(&scratch).unwrap();
    assert_eq!(first.scenario.tables.spans, again.scenario.tables.spans);
    assert_eq!(first.notices, again.notices);
}

/// Beside the town: a railway across two of its streets, a river under its bridge and a side street's end, a stream in a
/// culvert, and a tramway that costs nothing to cross.
fn crossed_town(table: &str, prices: &str) -> crate::scratch::Scratch {
    let at = |id, x: i64, y: i64| (id, -35_300_000 + x * 10_000, 507_200_000 + y * 10_000);
    let more = [
        at(21, 15, -10),
        at(22, 15, 10),
        at(31, 0, 15),
        at(32, 30, 15),
        at(33, 0, 5),
        at(34, 25, 5),
    ];
    let lines: [Way; 4] = [
        (200, &[21, 22], &[("railway", "rail")]),
        (201, &[31, 32], &[("waterway", "river")]),
        (202, &[34, 33], &[("waterway", "canal"), ("tunnel", "culvert")]),
        (203, &[21, 22], &[("railway", "tram")]),
    ];
    let bytes = extract(&[nodes(), more.to_vec()].concat(), &[WAYS, &lines].concat());
    let network = format!("{NETWORK}\n[network.crossings]\nfile = \"town.osm.pbf\"\n{table}");
    let scratch = scenario_with(&network, &[("town.osm.pbf", bytes)]);
    let path = scratch.path().join("scenario.toml");
    let text = fs::read_to_string(&path).unwrap();
    let more = format!(
        "{prices}\nmethods.soft_verge = {{ gbp_per_m = 10, source = \"made up\" }}\nmethods.verge"
    );
    fs::write(path, text.replace("methods.verge", &more)).unwrap();
    scratch
}

#[test]
fn railways_and_rivers_of_an_extract_are_crossed_on_their_levels() {
    let scratch = crossed_town("", PRICES);
    let reading = read(&scratch).unwrap();
    let told: Vec<String> = reading.notices.iter().map(ToString::to_string).collect();
    assert!(told.iter().any(|line| line.starts_with(
        "N205 town.osm.pbf kind \"major_road 1, railway 1, river 2\": these ways cost something to cross"
    )), "{told:?}");
    let input = reading.scenario.tables.inputs.last().unwrap();
    assert_eq!((input.role.as_str(), input.rows_read, input.rows_used), ("crossings", 4, 4));
    let prepared = prepare(&reading.scenario).unwrap();
    let counts: Vec<(String, usize)> = prepared.crossing_counts().into_iter().collect();
    assert_eq!(counts, [("railway".to_owned(), 2), ("river".to_owned(), 4)]);
    let card = &reading.scenario.rate_card;
    let spans = (0..prepared.spans().len()).map(fibreplan::ids::SpanIx::new);
    let paid = spans.map(|span| {
        let paid: i64 = prepared.surcharges(span, card).iter().map(|one| one.price.get()).sum();
        (prepared.span_id(span), paid / 100)
    });
    let paid: Vec<(String, i64)> = paid.filter(|(_, paid)| *paid > 0).collect();
    // The culvert lies below the side street and both lie below the bridge; the river is forded by way 105.
    let expected =
        [("w100/2", 1_000), ("w101", 30), ("w102/2", 60), ("w103", 1_000), ("w105", 200)];
    assert_eq!(paid, expected.map(|(id, paid)| (id.to_owned(), paid)));

    // The table of the scenario comes first: trams count, and canals do not.
    let table = "lines = [{ tag = \"railway\", is = [\"TRAM\"], kind = \"tramway\" }, \
                 { tag = \"waterway\", is = [\"canal\"], leave_out = true }]";
    let scratch = crossed_town(table, &format!("{PRICES}\ncrossings.tramway = {{ gbp = 0 }}"));
    let tables = &read(&scratch).unwrap().scenario.tables.clone();
    assert_eq!(tables.crossings.kinds, ["major_road", "railway", "river", "tramway"]);
    let input = tables.inputs.last().unwrap();
    assert_eq!((input.rows_read, input.rows_used, input.rows_excluded), (5, 4, 1));
    let unpriced = told_of(&crossed_town("", ""));
    assert!(
        unpriced.iter().all(|line| line.starts_with("R107")) && unpriced.len() == 3,
        "{unpriced:?}"
    );
}

fn told_of(scratch: &crate::scratch::Scratch) -> Vec<String> {
    told(read(scratch))
}

#[test]
fn nothing_is_joined_to_a_bridge_however_near() {
    let scratch = town(NETWORK);
    let path = scratch.path().join("sites.csv");
    // Beside the bridge, a little off the street below it.
    let text = fs::read_to_string(&path).unwrap().replace("-3.530,50.720", "-3.5199,50.717");
    fs::write(path, text).unwrap();
    let scenario = read(&scratch).unwrap().scenario;
    let bridge = scenario.tables.spans.iter().find(|span| span.id == "w102/1").unwrap();
    assert_eq!(bridge.level, 1);
    let prepared = prepare(&scenario).unwrap();
    assert!(!(0..prepared.spans().len()).any(|span| {
        prepared.span_id(fibreplan::ids::SpanIx::new(span)).starts_with("w102/1[")
    }));
    let plan = solve(&scenario, &SolveOptions::default()).unwrap().plan.unwrap();
    assert_eq!(check(&scenario, &plan), vec![]);
    // On the ground the same way is the nearest.
    let mut grounded = scenario.clone();
    let tables = std::sync::Arc::make_mut(&mut grounded.tables);
    tables.spans.iter_mut().for_each(|span| span.level = 0);
    let grounded = solve(&grounded, &SolveOptions::default()).unwrap().plan.unwrap();
    let found = check(&scenario, &grounded);
    assert!(
        found.iter().any(|one| one.to_string().contains("does not lead to the nearest point")),
        "{found:?}"
    );
}
