//! Variants from files of overrides, their comparison, and differences that add up.

use std::collections::BTreeSet;
use std::fs;
use std::sync::Arc;
use std::time::SystemTime;

use fibreplan::error::{Error, ErrorKind};
use fibreplan::internals::random::Random;
use fibreplan::model::{Objective, Scenario, Variant, fingerprint};
use fibreplan::network::prepare;
use fibreplan::observe::Silent;
use fibreplan::plan::{Outcome, Plan};
use fibreplan::read::{ReadOptions, VariantsReading, read_scenario, read_variants};
use fibreplan::status::Status;
use fibreplan::study::compare::{
    Change, CompareOptions, CompareRow, Comparison, Difference, Tally, Verdict, compare,
};
use fibreplan::units::{Pence, Rate, Weight};
use fibreplan::write::{
    ComparisonResults, FolderKind, Replace, RunFacts, comparison_text, files_of,
};
use proptest::prelude::*;

use crate::damage::{apply, damage};
use crate::reading::shipped;
use crate::scratch::Scratch;
use crate::{plans, town};

fn options(work: u64, variants: Vec<Variant>, threads: usize) -> CompareOptions {
    let mut options = CompareOptions::default();
    (options.variants, options.threads) = (variants, threads);
    options.effort.work = Some(work);
    options
}

/// The base scenario with a file of variants.
fn read(variants: &str) -> Result<VariantsReading, Error> {
    let scratch = Scratch::base("waypoints");
    let file = scratch.path().join("variants.toml");
    fs::write(&file, variants).unwrap();
    read_variants(scratch.path(), &file, &ReadOptions::new())
}

fn scenarios(reading: &VariantsReading) -> Vec<&Scenario> {
    reading.variants.iter().map(|own| own.variant.scenario.as_ref().unwrap()).collect()
}

/// A scenario as it reads with one text of its file in place of another.
fn edited(edits: &[(&str, &str)]) -> Scenario {
    let scratch = Scratch::base("waypoints");
    let file = scratch.path().join("scenario.toml");
    let mut text = fs::read_to_string(&file).unwrap();
    for (old, new) in edits {
        assert!(text.contains(old), "{old}");
        text = text.replacen(old, new, 1);
    }
    fs::write(&file, text).unwrap();
    read_scenario(scratch.path(), &ReadOptions::new()).unwrap().scenario
}

type Same = (&'static str, &'static [(&'static str, &'static str)]);

/// Overrides, and the edits of `scenario.toml` that say the same.
const SAME: [Same; 10] = [
    ("", &[]),
    ("set.rate_card.drop_gbp = 9", &[("drop_gbp = 1500", "drop_gbp = 9")]),
    ("set.programmes.rgc.budget_gbp = 5", &[("budget_gbp = 3000000", "budget_gbp = 5")]),
    (
        "set.programmes.rgc.eligible.kind = [\"hospital\"]",
        &[("rurality = [\"rural\"]", "rurality = [\"rural\"], kind = [\"hospital\"]")],
    ),
    (
        "unset = [\"programmes.rgc.eligible\"]\nset.programmes.rgc.eligible.kind = [\"hospital\"]",
        &[("rurality = [\"rural\"]", "kind = [\"hospital\"]")],
    ),
    (
        "unset = [\"objective.maximise\", \"rules\"]\n\
         set.objective.minimise_cost_for = { weight = \"sites\", at_least = 2 }",
        &[
            (
                "maximise = [\"patients\"]",
                "minimise_cost_for = { weight = \"sites\", at_least = 2 }",
            ),
            ("required = [\"A1\"]\n", ""),
        ],
    ),
    (
        "unset = [\"programmes.lffn\"]\n\
         add_programmes = [{ id = \"own\", budget_gbp = 7, eligible = {} }]",
        &[
            ("id = \"lffn\"\nbudget_gbp = 4000000\neligible = {}\n\n[[programmes]]\n", ""),
            ("[rules]", "[[programmes]]\nid = \"own\"\nbudget_gbp = 7\neligible = {}\n[rules]"),
        ],
    ),
    (
        "set.programmes = [{ id = \"own\", budget_gbp = 7, eligible = {} }]",
        &[
            ("id = \"lffn\"\nbudget_gbp = 4000000", "id = \"own\"\nbudget_gbp = 7"),
            (
                "[[programmes]]\nid = \"rgc\"\nbudget_gbp = 3000000\n\
                 eligible = { rurality = [\"rural\"] }\n",
                "",
            ),
        ],
    ),
    (
        "set.rate_card.optimism_bias = 0.2",
        &[("drop_gbp = 1500", "drop_gbp = 1500\noptimism_bias = 0.2")],
    ),
    ("set.sites.exclude = [\"S1\"]", &[("exclude = []", "exclude = [\"S1\"]")]),
];

#[test]
fn a_variant_is_the_scenario_as_if_its_overrides_stood_in_it() {
    let variant = |(place, (overrides, _)): (usize, &Same)| {
        format!("[[variants]]\nname = \"v{place}\"\n{overrides}\n")
    };
    let text: Vec<String> = SAME.iter().enumerate().map(variant).collect();
    let reading = read(&text.concat()).unwrap();
    let base = &reading.base.scenario;
    for (scenario, (overrides, edits)) in scenarios(&reading).into_iter().zip(SAME) {
        assert_eq!(fingerprint(scenario), fingerprint(&edited(edits)), "{overrides}");
        let shared = Arc::ptr_eq(&scenario.tables, &base.tables);
        let anew = overrides.contains("sites.exclude") || overrides.contains("optimism_bias");
        assert_eq!(shared, !anew, "{overrides}");
    }
    assert_eq!(scenarios(&reading)[0].name, "base-v0");
    assert_eq!(reading.variants[0].variant.title, "A scenario without fault: v0");
}

#[test]
fn faults_of_one_variant_stop_no_other() {
    let text = "[[variants]]\nname = \"bad\"\nset.rate_card.drop_gbp = -1\n\
                [[variants]]\nname = \"good\"\nset.rate_card.drop_gbp = 1\n\
                [[variants]]\nname = \"out-of-reach\"\nset.programmes.lffn.budget_gbp = 0\n\
                set.programmes.rgc.budget_gbp = 0\n";
    let reading = read(text).unwrap();
    let base = &reading.base.scenario;
    let variants: Vec<Variant> = reading.variants.into_iter().map(|own| own.variant).collect();
    let prepared = prepare(base).unwrap();
    let comparison =
        compare(&prepared, base, &options(1_000_000, variants, 2), &mut Silent).unwrap();
    let status: Vec<Option<Status>> = comparison.rows.iter().map(CompareRow::status).collect();
    let [optimal, infeasible] = [Status::Optimal, Status::Infeasible].map(Some);
    assert_eq!(status, [optimal, None, optimal, infeasible]);
    assert!(comparison.rows[1].reasons[0].contains("bad.set.rate_card.drop_gbp"));
    assert!(comparison.rows[3].reasons[0].starts_with("I4"));
    assert!(comparison.difference(0, 1).is_none() && comparison.difference(2, 3).is_none());
    let text = comparison_text(&comparison);
    assert!(text.contains("Faulty") && text.contains("Infeasible"), "{text}");
}

#[test]
fn quarantined_rows_come_back_under_a_variant_that_mends_them() {
    let scratch = Scratch::base("waypoints");
    let sites = scratch.path().join("sites.csv");
    let text = fs::read_to_string(&sites).unwrap();
    let like: Vec<&str> = text.lines().nth(2).unwrap().split(',').collect();
    let row = |id: &str| {
        let mut cells: Vec<String> = like.iter().map(|&cell| cell.to_owned()).collect();
        let header: Vec<&str> = text.lines().next().unwrap().split(',').collect();
        cells[header.iter().position(|&name| name == "id").unwrap()] = id.to_owned();
        cells[header.iter().position(|&name| name == "kind").unwrap()] = "library".to_owned();
        cells[header.iter().position(|&name| name == "patients").unwrap()] = String::new();
        cells.join(",")
    };
    fs::write(&sites, format!("{}\n{}\n", text.trim_end(), row("NEW"))).unwrap();
    let file = scratch.path().join("variants.toml");
    let variants = "[[variants]]\nname = \"as-is\"\n\
                    [[variants]]\nname = \"mended\"\nset.weights.patients.missing = 3\n";
    fs::write(&file, variants).unwrap();
    let options = ReadOptions::new().quarantine(true);
    let reading = read_variants(scratch.path(), &file, &options).unwrap();
    let found = |scenario: &Scenario| scenario.tables.site_by_id("NEW").is_some();
    assert!(!found(&reading.base.scenario));
    let [as_is, mended] = scenarios(&reading)[..] else { panic!("two variants") };
    assert!(!found(as_is) && Arc::ptr_eq(&as_is.tables, &reading.base.scenario.tables));
    assert!(found(mended));
    assert_eq!(reading.variants[1].set_aside, []);
}

#[test]
fn the_shipped_variants_have_no_faults() {
    let folder = shipped("county");
    let reading =
        read_variants(&folder, &folder.join("variants.toml"), &ReadOptions::new()).unwrap();
    assert_eq!(reading.variants.len(), 8);
    for own in &reading.variants {
        assert!(own.variant.scenario.is_ok(), "{:?}", own.variant);
        assert_eq!(own.notices, reading.base.notices);
    }
}

#[test]
fn no_file_of_variants_is_wrong_use() {
    let folder = shipped("county");
    let error = read_variants(&folder, &folder.join("no.toml"), &ReadOptions::new()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Usage);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn a_damaged_file_of_variants_never_panics(changes in damage()) {
        let mut bytes = fs::read(shipped("county").join("variants.toml")).unwrap();
        apply(&mut bytes, &changes);
        let scratch = Scratch::base("waypoints");
        let file = scratch.path().join("variants.toml");
        fs::write(&file, bytes).unwrap();
        match read_variants(scratch.path(), &file, &ReadOptions::new()) {
            Ok(reading) => for own in reading.variants {
                prop_assert!(own.variant.scenario.err().is_none_or(|faults| !faults.is_empty()));
            },
            Err(error) => prop_assert!(!error.faults().is_empty(), "{error}"),
        }
    }
}

/// A scenario with one thing changed.
fn changed(scenario: &Scenario, random: &mut Random) -> Scenario {
    let mut other = scenario.clone();
    match random.below(6) {
        0 => {
            for programme in &mut other.programmes {
                let budget = Pence::new(random.between(0, 79) * 10_000);
                programme.budget = fibreplan::model::Budget::Total(budget);
            }
        }
        1 => {
            for method in other.rate_card.methods.values_mut() {
                method.rate = Rate::from_pounds_per_metre("9.8765").unwrap();
            }
        }
        2 => other.network.detour_millionths = 1_100_000,
        3 => other.rules.forbidden = vec![other.tables.sites.rows[0].id.clone()],
        4 => other.objective = Objective::Maximise(vec!["sites".to_owned()]),
        _ => {
            other.programmes.truncate(1);
            other.rate_card.drop = Pence::new(123);
        }
    }
    other
}

/// What is summed anew from the plans must be what the difference says.
fn assert_adds_up(from: (&Scenario, &Plan), to: (&Scenario, &Plan), case: &str) {
    let difference = Difference::between(from, to);
    assert!(difference.adds_up(), "{case}: {difference:?}");
    assert_eq!(difference.cost, [from.1.cost(), to.1.cost()], "{case}");
    let [old, new]: [BTreeSet<&String>; 2] =
        [from, to].map(|(_, plan)| plan.connected.iter().collect());
    let ids = |change| -> BTreeSet<&String> {
        difference.sites_of(change).map(|site| &site.id).collect()
    };
    assert_eq!(ids(Change::Gained), new.difference(&old).copied().collect(), "{case}");
    assert_eq!(ids(Change::Lost), old.difference(&new).copied().collect(), "{case}");
    let more: i64 = [(Change::Gained, 1), (Change::Lost, -1), (Change::Kept, 1)]
        .map(|(change, sign)| sign * difference.weight_of(change).thousandths())
        .iter()
        .sum();
    let [before, after] = difference.coverage.map(Weight::thousandths);
    assert_eq!(more, after - before, "{case}");
    let lists = [&difference.exchanges, &difference.spans, &difference.drops];
    let cost = |change| lists.map(|items| Tally::of(items, change).cost).into_iter().sum::<Pence>();
    assert_eq!(
        cost(Change::Gained) - cost(Change::Lost) + difference.dearer(),
        to.1.cost() - from.1.cost(),
        "{case}"
    );
    let back = Difference::between(to, from);
    let spans = |one: &Difference, change| Tally::of(&one.spans, change);
    assert_eq!(spans(&difference, Change::Gained), spans(&back, Change::Lost), "{case}");
    assert_eq!(spans(&difference, Change::Lost), spans(&back, Change::Gained), "{case}");
}

#[test]
fn differences_add_up_on_random_scenarios() {
    let (mut compared, mut undecided) = (0, 0);
    for seed in 0..150 {
        let mut random = Random::new(seed);
        let base = plans::scenario(&mut random, 1 + seed % 3, seed % 2 == 0);
        let variants: Vec<Variant> = (0..4)
            .map(|place| Variant::new(&format!("v{place}"), changed(&base, &mut random)))
            .collect();
        let prepared = prepare(&base).unwrap();
        let comparison =
            compare(&prepared, &base, &options(1_000_000, variants, 1), &mut Silent).unwrap();
        for (place, row) in comparison.rows.iter().enumerate() {
            assert!(row.outcome.is_some(), "seed {seed}: {:?}", row.reasons);
            for to in 0..comparison.rows.len() {
                let Some(difference) = comparison.difference(place, to) else { continue };
                let effect = comparison.effect(place, to);
                let first = |row: usize| {
                    let outcome = comparison.rows[row].outcome.as_ref().unwrap();
                    outcome.objectives[0].name.clone()
                };
                assert_eq!(effect.is_some(), first(place) == first(to), "seed {seed}");
                let [from, to] = [place, to].map(|place| {
                    let row = &comparison.rows[place];
                    (row.scenario.as_ref().unwrap(), row.outcome.as_ref().unwrap())
                });
                let plans = [from, to]
                    .map(|(scenario, outcome)| (scenario, outcome.plan.as_ref().unwrap()));
                assert_adds_up(plans[0], plans[1], &format!("seed {seed}"));
                // The figures are those of the outcomes.
                assert_eq!(
                    difference.coverage[0].thousandths(),
                    from.1.coverage().unwrap().achieved.raw()
                );
                compared += 1;
                let Some(effect) = effect else { continue };
                let gap = |own: &Outcome| own.objectives[0].gap != Some(0.0);
                let decided = effect.at_least == effect.at_most;
                assert_eq!(!decided, gap(from.1) || gap(to.1), "seed {seed}");
                let found = effect.at_least.is_none_or(|least| least <= effect.found);
                assert!(found && effect.at_most.is_none_or(|most| effect.found <= most));
                undecided += usize::from(effect.verdict == Verdict::Undecided);
            }
        }
    }
    assert!(compared > 1000 && undecided < compared, "{compared} pairs, {undecided} undecided");
}

#[test]
fn a_site_that_counts_otherwise_is_part_of_the_difference() {
    let (base, plan) = (town::scenario(), town::outcome().plan.unwrap());
    let mut other = base.clone();
    let half = Weight::from_thousandths(500_000);
    other.weights[0].missing.by_kind.insert("branch_surgery".to_owned(), half);
    assert_adds_up((&base, &plan), (&other, &plan), "town");
    let difference = Difference::between((&base, &plan), (&other, &plan));
    assert_eq!(difference.weight_of(Change::Kept), Weight::from_thousandths(-500_000));
    assert_eq!(difference.sites.len(), 1);
    assert_eq!((difference.spans.len(), difference.dearer()), (0, Pence::ZERO));
}

fn county(threads: usize) -> (VariantsReading, Comparison) {
    let folder = shipped("market-town");
    let scratch = Scratch::empty();
    let file = scratch.path().join("variants.toml");
    let variants = "[[variants]]\nname = \"dearer\"\nset.rate_card.drop_gbp = 9000\n\
                    [[variants]]\nname = \"sites\"\nset.objective.maximise = [\"sites\"]\n\
                    [[variants]]\nname = \"crossings\"\nset.network.noding = \"crossings\"\n\
                    [[variants]]\nname = \"faulty\"\nset.objective.maximise = [\"site\"]\n";
    fs::write(&file, variants).unwrap();
    let reading = read_variants(&folder, &file, &ReadOptions::new()).unwrap();
    let base = &reading.base.scenario;
    let variants: Vec<Variant> = reading.variants.iter().map(|own| own.variant.clone()).collect();
    let prepared = prepare(base).unwrap();
    let comparison =
        compare(&prepared, base, &options(2_000_000, variants, threads), &mut Silent).unwrap();
    (reading, comparison)
}

/// All files but those that say how long it took.
fn files(comparison: &Comparison) -> Vec<(String, Vec<u8>)> {
    let facts = RunFacts { started: SystemTime::UNIX_EPOCH, threads: 1, seconds: Vec::new() };
    let results = ComparisonResults { comparison, remarks: &[], facts: &facts };
    let mut files = results.files();
    files.retain(|(name, _)| !name.ends_with("run.json"));
    files
}

#[test]
fn threads_change_no_byte() {
    let one = files(&county(1).1);
    let names: Vec<&str> = one.iter().map(|(name, _)| name.as_str()).collect();
    for wanted in ["comparison.csv", "base/plan.json", "crossings/sites.csv"] {
        assert!(names.contains(&wanted), "{names:?}");
    }
    assert!(!names.iter().any(|name| name.starts_with("faulty")));
    for threads in [2, 3] {
        assert_eq!(files(&county(threads).1), one);
    }
}

#[test]
fn a_comparison_is_written_whole_and_replaces_nothing_foreign() {
    let (_, comparison) = county(1);
    let facts = RunFacts { started: SystemTime::UNIX_EPOCH, threads: 1, seconds: Vec::new() };
    let results = ComparisonResults { comparison: &comparison, remarks: &[], facts: &facts };
    let scratch = Scratch::empty();
    let out = scratch.path().join("out");
    for _ in 0..2 {
        results.write(&out, Replace::Same).unwrap();
        for file in files_of(FolderKind::Comparison) {
            assert!(out.join(file).is_file());
        }
        assert!(out.join("dearer/plan.json").is_file());
    }
    fs::write(out.join("dearer/notes.txt"), "mine").unwrap();
    let before = fs::read(out.join("base/plan.json")).unwrap();
    assert_eq!(results.write(&out, Replace::Any).unwrap_err().kind(), ErrorKind::Usage);
    let name = &comparison.rows[0].scenario.as_ref().unwrap().name;
    let may = |names| ComparisonResults::may_replace(&out, name, names, Replace::Same);
    assert_eq!(may(&["dearer"]).unwrap_err().kind(), ErrorKind::Usage);
    fs::remove_file(out.join("dearer/notes.txt")).unwrap();
    may(&["dearer"]).unwrap();
    let long = "v".repeat(300);
    assert_eq!(may(&[&long]).unwrap_err().kind(), ErrorKind::Io);
    assert_eq!(fs::read(out.join("base/plan.json")).unwrap(), before);
    assert_eq!(fs::read_dir(scratch.path()).unwrap().count(), 1, "nothing is left beside it");
}
