//! Pictures say what the plan is, need nothing from elsewhere, and have the same bytes again.

use std::io::Read as _;

use fibreplan::error::ErrorKind;
use fibreplan::prelude::{
    FrontierOptions, ReadOptions, Silent, SolveOptions, frontier, prepare, read_scenario, solve,
};
use fibreplan::report::Report;
use fibreplan::text::is_hidden;
use fibreplan::write::{
    FolderKind, Picture, Replace, files_of, frontier_picture, may_write_pictures, plan_pictures,
    write_pictures,
};

use crate::scratch::Scratch;
use crate::{hostile, town};

/// Holds that a picture is drawn, carries no code, and calls for nothing.
fn hold(picture: &Picture) {
    let svg = &picture.svg;
    assert!(svg.starts_with("<svg xmlns=") && svg.ends_with("</svg>\n"), "{}", picture.name);
    for foreign in [
        "<script",
        "<style",
        "<image",
        "<text",
        "font-family",
        "url(",
        "href=\"http",
        "onload",
        "NaN",
        "inf",
    ] {
        assert!(!svg.contains(foreign), "{} holds {foreign}", picture.name);
    }
    assert!(!svg.contains(|letter| letter != '\n' && is_hidden(letter)), "{}", picture.name);
    // Every element that is opened is closed.
    let count = |part: &str| svg.matches(part).count();
    assert_eq!(count("<g "), count("</g>"));
    assert_eq!(count("<"), count(">"));
    assert_eq!(svg.matches('"').count() % 2, 0);
    let (width, _, dots) = decoded(&picture.png);
    assert_eq!(width, 2008, "170 mm at 300 dots an inch");
    let dark = dots.chunks(4).filter(|dot| dot.iter().take(3).all(|&part| part < 100)).count();
    assert!(dark > 500, "{} is nearly blank: {dark}", picture.name);
}

/// A whole number with its thousands apart.
fn separated(number: &str) -> String {
    let groups: Vec<&[u8]> = number.as_bytes().rchunks(3).rev().collect();
    String::from_utf8(groups.join(&b',')).unwrap()
}

/// Width, height and the filtered bytes of a PNG file.
fn decoded(png: &[u8]) -> (u32, u32, Vec<u8>) {
    assert_eq!(&png[..8], b"\x89PNG\r\n\x1a\n");
    let number = |at: usize| u32::from_be_bytes(png[at..at + 4].try_into().unwrap());
    let (mut at, mut packed, mut kinds) = (8, Vec::new(), Vec::new());
    while at < png.len() {
        let length = usize::try_from(number(at)).unwrap();
        let (kind, data) = (&png[at + 4..at + 8], &png[at + 8..at + 8 + length]);
        let mut sum = flate2::Crc::new();
        sum.update(&png[at + 4..at + 8 + length]);
        assert_eq!(sum.sum(), number(at + 8 + length));
        if kind == b"IDAT" {
            packed.extend(data);
        }
        kinds.push(kind.to_vec());
        at += length + 12;
    }
    assert!(kinds.contains(&b"pHYs".to_vec()));
    let mut bytes = Vec::new();
    flate2::read::ZlibDecoder::new(&packed[..]).read_to_end(&mut bytes).unwrap();
    (number(16), number(20), bytes)
}

#[test]
fn a_plan_is_drawn_and_drawn_the_same_again() {
    let (scenario, outcome) = (town::scenario(), town::outcome());
    let report = Report::of(&scenario, &outcome);
    let pictures = plan_pictures(&scenario, &outcome, &report).unwrap();
    let names: Vec<&str> = pictures.iter().map(|own| own.name).collect();
    assert_eq!(names, ["map", "spend", "schedule"]);
    for (first, again) in pictures.iter().zip(plan_pictures(&scenario, &outcome, &report).unwrap())
    {
        hold(first);
        assert_eq!((&first.svg, &first.png), (&again.svg, &again.png));
    }
    let plan = outcome.plan.as_ref().unwrap();
    let map = &pictures[0].svg;
    for said in [
        format!("aria-label=\"site connected ({})\"", plan.connected.len()),
        format!("aria-label=\"exchange used ({})\"", plan.exchanges.len()),
        " km\"".to_owned(),
    ] {
        assert!(map.contains(&said), "{said}");
    }
    assert!(pictures[1].svg.contains("spent in 2020-21"));
}

#[test]
fn the_years_of_a_plan_are_drawn() {
    let folder = crate::project("data/market-town-years");
    let scenario = &read_scenario(&folder, &ReadOptions::default()).unwrap().scenario;
    let mut options = SolveOptions::default();
    options.effort.work = Some(3_000_000);
    let outcome = solve(scenario, &options).unwrap();
    let report = Report::of(scenario, &outcome);
    let pictures = plan_pictures(scenario, &outcome, &report).unwrap();
    let names: Vec<&str> = pictures.iter().map(|own| own.name).collect();
    assert_eq!(names, ["map", "spend", "schedule"]);
    hold(&pictures[2]);
    for line in &report.years {
        let covered = separated(&line.coverage_so_far.to_string());
        for said in [line.year.to_string(), covered] {
            let label = format!("aria-label=\"{said}\"");
            assert!(pictures[2].svg.contains(&label), "{label}");
        }
    }
    assert!(pictures[2].svg.contains("no schedule can cover more by then (proven)"));
}

#[test]
fn a_frontier_is_drawn() {
    let reading =
        read_scenario(&crate::project("data/market-town"), &ReadOptions::default()).unwrap();
    let scenario = &reading.scenario;
    let prepared = prepare(scenario).unwrap();
    let mut options = FrontierOptions::default();
    options.points = 4;
    let found = frontier(&prepared, scenario, &options, &mut Silent).unwrap();
    let picture = frontier_picture(scenario, &found).unwrap();
    hold(&picture);
    for said in ["Patients covered", "Budget (£", "no plan can reach more (proven)"] {
        assert!(picture.svg.contains(said), "{said}");
    }
}

#[test]
fn hostile_text_and_empty_plans_are_drawn_harmlessly() {
    let scratch = Scratch::empty();
    hostile::scenario(scratch.path());
    let mut options = ReadOptions::default();
    options.quarantine = true;
    let scenario = &read_scenario(scratch.path(), &options).unwrap().scenario;
    let mut outcome = solve(scenario, &SolveOptions::default()).unwrap();
    for picture in plan_pictures(scenario, &outcome, &Report::of(scenario, &outcome)).unwrap() {
        hold(&picture);
    }
    outcome.plan = None;
    let report = Report::of(scenario, &outcome);
    let pictures = plan_pictures(scenario, &outcome, &report).unwrap();
    assert_eq!(pictures.len(), 1);
    hold(&pictures[0]);
}

#[test]
fn a_folder_of_pictures_is_replaced_only_as_it_was_written() {
    let scratch = Scratch::empty();
    let (scenario, outcome) = (town::scenario(), town::outcome());
    let pictures = plan_pictures(&scenario, &outcome, &Report::of(&scenario, &outcome)).unwrap();
    let folder = scratch.path().join("pictures");
    write_pictures(&folder, "town", Replace::Same, &pictures).unwrap();
    write_pictures(&folder, "town", Replace::Same, &pictures).unwrap();
    let names = files_of(FolderKind::Pictures);
    for entry in std::fs::read_dir(&folder).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        assert!(name == "manifest.json" || names.contains(&name.as_str()), "{name}");
    }
    std::fs::write(folder.join("map.svg"), "mine").unwrap();
    let refused = may_write_pictures(&folder, "town", Replace::Any).unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::Usage);
}
