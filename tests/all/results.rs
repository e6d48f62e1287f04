//! Report lines add up, and result folders appear whole or not at all.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

use fibreplan::error::ErrorKind;
use fibreplan::geometry::Point;
use fibreplan::model::{Exchange, Scenario, Site, Tables};
use fibreplan::plan::{Outcome, Plan, PlanDrop, PlanExchange, PlanSpan, junction_name};
use fibreplan::random::Random;
use fibreplan::report::{BuildStep, CostShares, Forest, GroupLine, Report, build_list};
use fibreplan::units::{Millimetres, Pence, Weight};
use fibreplan::write::{RESULT_FILES, Results, RunFacts, may_replace, replace_folder};

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
            self.plan.exchanges.push(PlanExchange { id, cost, ports_used: 0 });
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
fn random_case(seed: u64) -> (Scenario, Outcome) {
    let (mut scenario, mut outcome) = (town::scenario(), town::outcome());
    let mut tables = (*scenario.tables).clone();
    let site = tables.sites.rows.drain(..).next().unwrap();
    let exchange = tables.exchanges.rows.drain(..).next().unwrap();
    let span = outcome.plan.unwrap().spans[0].clone();
    let mut draft =
        Draft { dice: Random::new(seed), tables, plan: Plan::default(), feeds: Vec::new() };
    let exchanges = 1 + draft.dice.place(3);
    draft.exchanges(exchanges, &exchange);
    for _ in 0..draft.dice.place(12) {
        draft.span(&span);
    }
    for place in 0..draft.feeds.len() {
        if draft.dice.below(3) > 0 {
            draft.building(place, &site);
        }
    }
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

    fn entries(&self) -> Vec<String> {
        names(&self.0)
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
fn results_are_written_as_a_whole_folder_and_replace_earlier_ones() {
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
    results.write(&folder).unwrap();
    fs::write(folder.join("plan.json"), "an earlier plan").unwrap();
    fs::remove_file(folder.join("funding.csv")).unwrap();
    results.write(&folder).unwrap();
    let mut written: Vec<&str> = results.files().iter().map(|(name, _)| *name).collect();
    written.sort_unstable();
    assert_eq!(names(&folder), written);
    assert!(written.iter().all(|name| RESULT_FILES.contains(name)));
    assert_eq!(names(folder.parent().unwrap()), ["town"]);
    assert!(fs::read_to_string(folder.join("plan.json")).unwrap().starts_with('{'));
}

#[test]
fn a_folder_with_anything_else_in_it_is_refused_and_left_alone() {
    for foreign in ["scenario.toml", "notes.txt", "sub folder"] {
        let scratch = Scratch::new("foreign");
        let folder = scratch.0.join("out");
        fs::create_dir(&folder).unwrap();
        fs::write(folder.join("plan.json"), "old").unwrap();
        fs::write(folder.join(foreign), "mine").unwrap();
        let error = replace_folder(&folder, &[("plan.json", b"new".to_vec())], &RESULT_FILES);
        let error = error.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Usage);
        assert_eq!(may_replace(&folder).unwrap_err().to_string(), error.to_string());
        assert!(error.to_string().contains(foreign), "{error}");
        assert_eq!(fs::read_to_string(folder.join("plan.json")).unwrap(), "old");
        assert_eq!(scratch.entries(), ["out"]);
    }
}

#[test]
fn a_failure_half_way_leaves_the_earlier_results_and_nothing_else() {
    let scratch = Scratch::new("failure");
    let folder = scratch.0.join("out");
    fs::create_dir(&folder).unwrap();
    fs::write(folder.join("plan.json"), "old").unwrap();
    let files = [("plan.json", b"new".to_vec()), ("no such folder/sites.csv", b"new".to_vec())];
    let error = replace_folder(&folder, &files, &RESULT_FILES).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Io);
    assert_eq!(fs::read_to_string(folder.join("plan.json")).unwrap(), "old");
    assert_eq!(names(&folder), ["plan.json"]);
    assert_eq!(scratch.entries(), ["out"]);

    let fresh = scratch.0.join("fresh");
    replace_folder(&fresh, &files, &RESULT_FILES).unwrap_err();
    assert_eq!(scratch.entries(), ["out"]);
}

#[test]
fn a_file_in_the_place_of_the_folder_is_an_error_and_stays() {
    let scratch = Scratch::new("file");
    let target = scratch.0.join("out");
    fs::write(&target, "a file").unwrap();
    let error = replace_folder(&target, &[("plan.json", Vec::new())], &RESULT_FILES).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Io);
    assert_eq!(fs::read_to_string(&target).unwrap(), "a file");
    assert_eq!(scratch.entries(), ["out"]);
}

#[test]
fn a_single_file_is_replaced_whole() {
    let scratch = Scratch::new("single");
    let target = scratch.0.join("a/plan.stp");
    fibreplan::write::replace_file(&target, b"one").unwrap();
    fibreplan::write::replace_file(&target, b"two").unwrap();
    assert_eq!(fs::read_to_string(&target).unwrap(), "two");
    let onto_a_folder = fibreplan::write::replace_file(&scratch.0.join("a"), b"three");
    assert_eq!(onto_a_folder.unwrap_err().kind(), ErrorKind::Io);
    assert_eq!(names(&scratch.0.join("a")), ["plan.stp"]);
    assert_eq!(scratch.entries(), ["a"]);
}
