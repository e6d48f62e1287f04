//! Report lines add up, and result folders appear whole or not at all.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

use fibreplan::error::ErrorKind;
use fibreplan::geometry::Point;
use fibreplan::internals::random::Random;
use fibreplan::model::{Exchange, Scenario, Site, Tables};
use fibreplan::plan::{Outcome, Plan, PlanDrop, PlanExchange, PlanSpan, junction_name};
use fibreplan::report::{BuildStep, CostShares, Forest, GroupLine, Report, build_list};
use fibreplan::units::{Millimetres, Pence, Weight};
use fibreplan::write::{FolderKind, MANIFEST, Replace, Results, RunFacts, files_of, may_replace};

use crate::town;

fn text(prefix: &str, number: usize) -> String {
    format!("{prefix}{number:03}")
}

/// A random forest under construction: junctions in a row, each fed by one exchange.
struct Draft {
    dice: Random,
    tables: Tables,
    plan: Plan,
    /// The exchange that feeds each junction; the first junctions are the exchanges themselves.
    feeds: Vec<usize>,
}

fn junction(place: usize) -> Point {
    Point { x: i64::try_from(place).unwrap() * 1000, y: 0 }
}

impl Draft {
    fn exchanges(&mut self, count: usize, template: &Exchange) {
        for place in 0..count {
            let id = text("X", place);
            let row = Exchange { id: id.clone(), at: junction(place), ..template.clone() };
            self.tables.exchanges.rows.push(row);
            let cost = Pence::new(self.dice.between(0, 9_999));
            self.plan.exchanges.push(PlanExchange { id, cost, ports_used: 0, year: None });
            self.feeds.push(place);
        }
    }

    /// A span from some earlier junction to a new one, written either way round.
    fn span(&mut self, template: &PlanSpan) {
        let (before, place) = (self.dice.place(self.feeds.len()), self.feeds.len());
        self.feeds.push(self.feeds[before]);
        let mut ends = [junction_name(junction(before)), junction_name(junction(place))];
        if self.dice.below(2) == 0 {
            ends.reverse();
        }
        self.plan.spans.push(PlanSpan {
            id: text("s", place),
            ends,
            geometry: Vec::new(),
            method: ["footway", "verge"][self.dice.place(2)].to_owned(),
            length: Millimetres::new(u64::from(self.dice.below(5_000))),
            cost: Pence::new(self.dice.between(0, 9_999)),
            ..template.clone()
        });
    }

    /// A building of one to three sites at a junction, mostly connected.
    fn building(&mut self, place: usize, template: &Site) {
        let building = text("b", place);
        let sites: Vec<String> =
            (0..=self.dice.place(3)).map(|part| format!("{building}-{part}")).collect();
        for id in &sites {
            self.tables.sites.rows.push(Site {
                id: id.clone(),
                kind: ["gp_practice", "hospital"][self.dice.place(2)].to_owned(),
                region: (self.dice.below(4) > 0).then(|| text("R", self.dice.place(3))),
                at: junction(place),
                building_id: Some(building.clone()),
                ..template.clone()
            });
        }
        if self.dice.below(4) > 0 {
            self.plan.connected.extend(sites.clone());
            self.plan.drops.push(PlanDrop {
                later: None,
                building,
                sites,
                exchange: text("X", self.feeds[place]),
                route: Millimetres::ZERO,
                cost: Pence::new(self.dice.between(0, 9_999)),
                year: None,
            });
        }
    }
}

/// A random forest with buildings at some of its junctions; the same for the same seed.
pub fn random_case(seed: u64) -> (Scenario, Outcome) {
    let mut dice = Random::new(seed);
    let (exchanges, spans) = (1 + dice.place(3), dice.place(12));
    forest_of(dice, exchanges, spans)
}

/// A random forest of so many exchanges and spans.
pub fn forest_of(dice: Random, exchanges: usize, spans: usize) -> (Scenario, Outcome) {
    let (mut scenario, mut outcome) = (town::scenario(), town::outcome());
    let mut tables = (*scenario.tables).clone();
    let site = tables.sites.rows.drain(..).next().unwrap();
    let exchange = tables.exchanges.rows.drain(..).next().unwrap();
    let span = outcome.plan.unwrap().spans[0].clone();
    let mut draft = Draft { dice, tables, plan: Plan::default(), feeds: Vec::new() };
    draft.exchanges(exchanges, &exchange);
    for _ in 0..spans {
        draft.span(&span);
    }
    for place in 0..draft.feeds.len() {
        if draft.dice.below(3) > 0 {
            draft.building(place, &site);
        }
    }
    draft.tables.sites.rows.sort_by(|one, other| one.id.cmp(&other.id));
    draft.plan.spans.sort_by(|one, other| one.id.cmp(&other.id));
    draft.plan.drops.sort_by(|one, other| one.building.cmp(&other.building));
    draft.plan.connected.sort();
    scenario.tables = Arc::new(draft.tables);
    outcome.cost = draft.plan.cost();
    outcome.plan = Some(draft.plan);
    (scenario, outcome)
}

#[test]
fn cost_shares_and_every_table_add_up_to_the_cost_of_the_plan() {
    for seed in 0..3_000 {
        let (scenario, outcome) = random_case(seed);
        let plan = outcome.plan.as_ref().unwrap();
        let report = Report::of(&scenario, &outcome);
        let shares = &report.shares;
        let buildings: Pence = shares.by_building.values().copied().sum();
        let sites: Pence = shares.by_site.values().copied().sum();
        assert_eq!(buildings + shares.unused, plan.cost(), "seed {seed}");
        assert_eq!(sites, buildings, "seed {seed}");
        assert_eq!(shares.by_site.len(), plan.connected.len(), "seed {seed}");
        for lines in [&report.by_kind, &report.by_region] {
            let cost: Pence = lines.iter().map(|line| line.cost).sum();
            assert_eq!(cost + shares.unused, report.total.cost, "seed {seed}");
            let weight: Weight = lines.iter().map(GroupLine::weight).sum();
            assert_eq!(weight, report.total.weight(), "seed {seed}");
            let sites: usize = lines.iter().map(|line| line.sites).sum();
            assert_eq!(sites, report.total.sites, "seed {seed}");
        }
        let left: usize = report.left_out.iter().map(|line| line.sites).sum();
        assert_eq!(left + report.total.sites, scenario.tables.sites.rows.len(), "seed {seed}");
    }
}

#[test]
fn the_build_list_holds_everything_once_and_in_an_order_that_can_be_built() {
    for seed in 0..3_000 {
        let (scenario, outcome) = random_case(seed);
        let plan = outcome.plan.unwrap();
        let rows = build_list(&scenario, &plan);
        let cost = |kinds: &[BuildStep]| -> Pence {
            rows.iter().filter(|row| kinds.contains(&row.kind)).map(|row| row.cost).sum()
        };
        let items = [BuildStep::Exchange, BuildStep::Span, BuildStep::Drop];
        assert_eq!(cost(&items), plan.cost(), "seed {seed}");
        assert_eq!(cost(&[BuildStep::ExchangeSubtotal]), plan.cost(), "seed {seed}");
        assert_eq!(cost(&[BuildStep::Total]), plan.cost(), "seed {seed}");
        assert_eq!(cost(&[BuildStep::MethodSubtotal]), cost(&[BuildStep::Span]), "seed {seed}");
        let of_kind = |kind| rows.iter().filter(move |row| row.kind == kind);
        assert_eq!(of_kind(BuildStep::Span).count(), plan.spans.len(), "seed {seed}");
        assert_eq!(of_kind(BuildStep::Drop).count(), plan.drops.len(), "seed {seed}");
        let mut built: Vec<&str> = vec![""];
        for row in rows.iter().filter(|row| items.contains(&row.kind)) {
            assert!(built.contains(&row.after.as_str()), "seed {seed}: {row:?}");
            built.push(&row.id);
        }
    }
}

#[test]
fn a_share_is_no_less_than_the_drop_and_does_not_change_when_a_span_is_cut() {
    for seed in 0..1_000 {
        let (scenario, outcome) = random_case(seed);
        let plan = outcome.plan.unwrap();
        let before = CostShares::of(&plan, &Forest::of(&scenario, &plan));
        for drop in &plan.drops {
            assert!(before.by_building[&drop.building] >= drop.cost, "seed {seed}");
        }
        let mut cut = plan;
        let Some(mut first) = cut.spans.pop() else { continue };
        let middle = "5,5".to_owned();
        let mut second = first.clone();
        second.id += "+";
        second.cost = Pence::new(first.cost.get() / 3);
        first.cost -= second.cost;
        second.ends[0].clone_from(&middle);
        first.ends[1] = middle;
        cut.spans.extend([first, second]);
        let after = CostShares::of(&cut, &Forest::of(&scenario, &cut));
        assert_eq!(before, after, "seed {seed}");
    }
}

#[test]
fn the_hand_built_town_is_paid_to_the_penny() {
    let plan = town::outcome().plan.unwrap();
    let paid: Pence = plan.payments.iter().map(|payment| payment.pence).sum();
    assert_eq!(paid, plan.cost());
}

/// A folder of this test's own, removed at the end.
struct Scratch(PathBuf);

impl Scratch {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("fibreplan-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let mut names: Vec<String> =
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn the_map_has_sites_and_exchanges_where_its_lines_end() {
    let outcome = town::outcome();
    let scenario = town::scenario();
    let facts = RunFacts { started: SystemTime::UNIX_EPOCH, threads: 1, seconds: Vec::new() };
    let results = Results {
        scenario: &scenario,
        outcome: &outcome,
        notices: &[],
        set_aside: &[],
        facts: &facts,
    };
    let files = results.files();
    let map = &files.iter().find(|(name, _)| *name == "spans.geojson").unwrap().1;
    let map: serde_json::Value = serde_json::from_slice(map).unwrap();
    let features = map["features"].as_array().unwrap();
    let of_kind = |kind: &str| {
        let own = |feature: &&serde_json::Value| feature["properties"]["kind"] == kind;
        features.iter().filter(own).collect::<Vec<_>>()
    };
    let (spans, exchanges, sites) = (of_kind("span"), of_kind("exchange"), of_kind("site"));
    assert_eq!(spans.len() + exchanges.len() + sites.len(), features.len());
    assert_eq!(sites.len(), scenario.tables.sites.rows.len());
    assert_eq!(exchanges.len(), scenario.tables.exchanges.rows.len());
    let mut ends: Vec<&serde_json::Value> = Vec::new();
    for span in &spans {
        let line = span["geometry"]["coordinates"].as_array().unwrap();
        ends.extend([&line[0], &line[line.len() - 1]]);
    }
    let mut states: Vec<&str> = Vec::new();
    for site in &sites {
        let state = site["properties"]["state"].as_str().unwrap();
        if state == "connected" {
            assert!(ends.contains(&&site["geometry"]["coordinates"]), "{site}");
        }
        if state == "left_out" {
            assert!(site["properties"]["reason"].as_str().is_some_and(|words| !words.is_empty()));
        }
        states.push(state);
    }
    for state in ["connected", "left_out", "has_fibre"] {
        assert!(states.contains(&state), "{states:?}");
    }
    for exchange in exchanges.iter().filter(|own| own["properties"]["state"] == "used") {
        assert!(ends.contains(&&exchange["geometry"]["coordinates"]), "{exchange}");
    }
}

#[test]
fn results_are_written_as_a_whole_folder_and_replace_earlier_ones_of_the_same_scenario() {
    let scratch = Scratch::new("whole");
    let folder = scratch.0.join("deep/er/town");
    let (scenario, outcome) = (town::scenario(), town::outcome());
    let facts = RunFacts { started: SystemTime::now(), threads: 1, seconds: Vec::new() };
    let results = Results {
        scenario: &scenario,
        outcome: &outcome,
        notices: &[],
        set_aside: &[],
        facts: &facts,
    };
    results.write(&folder, Replace::Same).unwrap();
    let manifest = fs::read(folder.join(MANIFEST)).unwrap();
    let later = RunFacts { threads: 2, ..facts.clone() };
    Results { facts: &later, ..results }.write(&folder, Replace::Same).unwrap();
    assert_eq!(fs::read(folder.join(MANIFEST)).unwrap(), manifest, "the same from run to run");
    let mut written: Vec<&str> = results.files().iter().map(|(name, _)| *name).collect();
    assert!(written.iter().all(|name| files_of(FolderKind::Plan).contains(name)));
    written.push(MANIFEST);
    written.sort_unstable();
    assert_eq!(names(&folder), written);
    assert_eq!(names(folder.parent().unwrap()), ["town"]);

    let mut other = scenario.clone();
    other.name = "other".to_owned();
    let error = Results { scenario: &other, ..results }.write(&folder, Replace::Same).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Usage);
    assert!(error.to_string().contains("--replace"), "{error}");
    Results { scenario: &other, ..results }.write(&folder, Replace::Any).unwrap();

    for file in ["summary.txt", "run.json"] {
        let text = fs::read_to_string(folder.join(file)).unwrap();
        fs::write(folder.join(file), text.replace('1', "7")).unwrap();
        let error = may_replace(&folder, "other", Replace::Any).unwrap_err();
        assert!(error.to_string().contains(file), "{error}");
        fs::write(folder.join(file), text).unwrap();
    }
    may_replace(&folder, "other", Replace::Same).unwrap();
}

#[test]
fn results_from_before_manifests_are_refused_with_a_remedy() {
    let scratch = Scratch::new("before");
    let folder = scratch.0.join("out");
    fs::create_dir(&folder).unwrap();
    fs::write(folder.join("plan.json"), "old").unwrap();
    let error = may_replace(&folder, "town", Replace::Any).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Usage);
    assert!(error.to_string().contains("no manifest.json"), "{error}");
    assert_eq!(names(&folder), ["plan.json"]);
}
