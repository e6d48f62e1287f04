//! Presets: one line of a scenario stands for the published rules of a programme.

use std::fs;

use fibreplan::model::{BarScope, CapScope, Programme, RateBasis, Scenario, Truth};
use fibreplan::read::{ReadOptions, presets, read_scenario};
use fibreplan::units::{Pence, Share};

use crate::scratch::Scratch;

/// Sites of every sort: id, kind, rurality, speed.
const SITES: [(&str, &str, &str, &str); 9] = [
    ("gp_rural_slow", "gp_practice", "E1", "12"),
    ("gp_rural_fair", "gp_practice", "D1", "30"),
    ("gp_rural_fast", "gp_practice", "F2", "100"),
    ("gp_town_slow", "gp_practice", "C2", "8"),
    ("gp_no_speed", "gp_practice", "E2", ""),
    ("gp_no_class", "gp_practice", "", "9"),
    ("shop_rural", "business", "D2", "29.9"),
    ("home_rural", "home", "D2", "40"),
    ("home_town", "home", "A1", "40"),
];

/// The base scenario with these sites and one programme of the given keys.
fn read(keys: &str) -> Scenario {
    let scratch = Scratch::base("waypoints");
    let header = "id,name,kind,lon,lat,patients,rurality,area,download_mbps\n";
    let mut sites = header.to_owned();
    for (place, (id, kind, class, speed)) in SITES.iter().enumerate() {
        let row = format!("{id},{id},{kind},-3.5{place},50.72,10,{class},E07,{speed}\n");
        sites.push_str(&row);
    }
    fs::write(scratch.path().join("sites.csv"), sites).unwrap();
    let path = scratch.path().join("scenario.toml");
    let text = fs::read_to_string(&path).unwrap();
    let (head, _) = text.split_once("[[programmes]]").unwrap();
    let text = format!("{head}[[programmes]]\nid = \"p\"\nbudget_gbp = 1000\n{keys}\n");
    fs::write(&path, text).unwrap();
    read_scenario(scratch.path(), &ReadOptions::new()).unwrap().scenario
}

fn programme(keys: &str) -> Programme {
    read(keys).programmes.swap_remove(0)
}

/// Ids of the sites that are eligible for the programme.
fn eligible(keys: &str) -> Vec<String> {
    let scenario = read(keys);
    let sites = scenario.tables.sites.rows.iter();
    let eligible =
        sites.filter(|site| scenario.eligible(&scenario.programmes[0], site) == Truth::Yes);
    let mut ids: Vec<String> = eligible.map(|site| site.id.clone()).collect();
    ids.sort_unstable();
    ids
}

#[test]
fn each_preset_lets_in_whom_its_rules_name() {
    let cases: [(&str, &[&str]); 7] = [
        ("council_match", &SITES.map(|site| site.0)),
        ("gigabit_voucher_2018", &["home_rural", "home_town", "shop_rural"]),
        ("gigabit_voucher_2019", &["shop_rural"]),
        ("gigabit_voucher_2020", &["home_rural", "shop_rural"]),
        ("lffn", &SITES.map(|site| site.0)[..6]),
        ("rgc_2019", &["gp_rural_slow"]),
        ("rgc_2020", &["gp_rural_fair", "gp_rural_slow"]),
    ];
    let names: Vec<String> = presets().unwrap().into_iter().map(|preset| preset.name).collect();
    assert_eq!(names, cases.map(|case| case.0), "every preset has a case");
    for (name, expected) in cases {
        let mut expected: Vec<&str> = expected.to_vec();
        expected.sort_unstable();
        assert_eq!(eligible(&format!("preset = {name:?}")), expected, "{name}");
    }
}

#[test]
fn caps_rates_and_what_is_paid_for_come_from_the_preset() {
    let voucher = programme("preset = \"gigabit_voucher_2019\"");
    assert_eq!(voucher.cap.of("business"), Some(Pence::from_whole_pounds(3500)));
    assert_eq!(voucher.cap.of("home"), Some(Pence::from_whole_pounds(1500)));
    assert_eq!(voucher.cap_scope, CapScope::Site);
    assert_eq!(voucher.min_sites, 2);
    assert!(voucher.pays_for.span && !voucher.pays_for.exchange);
    assert_eq!(voucher.preset.as_deref(), Some("gigabit_voucher_2019"));
    let council = programme("preset = \"council_match\"");
    assert_eq!(council.intervention_rate, Share::from_text("0.5").unwrap());
    assert_eq!(council.rate_basis, RateBasis::Programme);
    assert_eq!(council.name, "Council match funding");
    let grant = programme("preset = \"lffn\"");
    assert!(grant.cap.is_none() && grant.pays_for.exchange);
}

#[test]
fn what_the_scenario_states_takes_the_place_of_the_preset() {
    let own = programme(
        "preset = \"gigabit_voucher_2019\"\nname = \"Ours\"\nmin_sites = 0\ncap_gbp = 6000\n\
         eligible = {}\nnot_with = [{ programme = \"q\", scope = \"site\" }]\n\
         [[programmes]]\nid = \"q\"\nbudget_gbp = 1\neligible = {}",
    );
    assert_eq!((own.name.as_str(), own.min_sites), ("Ours", 0));
    assert_eq!(own.cap.of("home"), Some(Pence::from_whole_pounds(6000)));
    assert_eq!(own.not_with[0].scope, BarScope::Site);
    assert!(!own.pays_for.exchange, "what is not stated stays");
    assert_eq!(eligible("preset = \"rgc_2019\"\neligible = {}").len(), SITES.len());
}

#[test]
fn a_scenario_reads_the_same_with_the_keys_written_out() {
    let mut preset = programme("preset = \"rgc_2019\"");
    let written = programme(
        "name = \"Rural Gigabit Connectivity (2019 rule)\"\neligible = { rurality = [\"rural\"], \
         column = \"download_mbps\", below = 30, not = { kind = [\"business\", \"home\"] } }",
    );
    preset.preset = None;
    assert!(preset.preset_terms.take().is_some_and(|terms| !terms.sources.is_empty()));
    assert_eq!(preset, written);
}

#[test]
fn every_preset_is_documented_with_its_sources() {
    let page = include_str!("../../data/PROGRAMMES.md");
    // Lines are wrapped, so words are compared without their spacing.
    let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let page = words(page);
    for preset in presets().unwrap() {
        assert!(page.contains(&format!("`{}`", preset.name)), "{}", preset.name);
        for source in &preset.sources {
            assert!(page.contains(&words(source)), "{}: {source}", preset.name);
        }
        assert!(page.contains(&words(&preset.assumed)), "{}: {}", preset.name, preset.assumed);
    }
}
