//! What is read has bounds, and what files say harms no terminal: refused early, with the limit, and shown
//! escaped.

use std::fmt::Write as _;
use std::fs;
use std::time::{Duration, Instant};

use fibreplan::error::{Error, lines};
use fibreplan::read::{ReadOptions, read_plan, read_scenario, read_variants};
use fibreplan::report::Report;
use fibreplan::solve::{SolveOptions, solve};
use fibreplan::write::summary;

use crate::scratch::Scratch;

fn refused(scratch: &Scratch) -> Error {
    let begun = Instant::now();
    let error = read_scenario(scratch.path(), &ReadOptions::new()).unwrap_err();
    // Far more than it takes, and far less than waiting for a pipe or planning would.
    assert!(begun.elapsed() < Duration::from_mins(1), "{:?}", begun.elapsed());
    error
}

fn change(scratch: &Scratch, file: &str, change: impl Fn(&str) -> String) {
    let path = scratch.path().join(file);
    let text = fs::read_to_string(&path).unwrap();
    fs::write(&path, change(&text)).unwrap();
}

#[test]
#[cfg(unix)]
fn pipes_devices_folders_and_dead_links_are_refused_without_waiting() {
    let scratch = Scratch::base("waypoints");
    let sites = scratch.path().join("sites.csv");
    fs::remove_file(&sites).unwrap();
    std::os::unix::fs::symlink("nowhere.csv", &sites).unwrap();
    assert!(refused(&scratch).to_string().contains("F116 scenario.toml row 7, sites.file"));
    assert!(refused(&scratch).to_string().contains("this is a link to nothing"));
    fs::remove_file(&sites).unwrap();
    let made = std::process::Command::new("mkfifo").arg(&sites).status();
    if made.is_ok_and(|status| status.success()) {
        assert!(refused(&scratch).to_string().contains("this is a pipe or a device, not a file"));
        let error = read_plan(&sites).unwrap_err();
        assert!(error.to_string().contains("F116 sites.csv"), "{error}");
        let scenario = scratch.path().join("scenario.toml");
        fs::remove_file(&scenario).unwrap();
        fs::rename(&sites, &scenario).unwrap();
        assert!(refused(&scratch).to_string().contains("F116 scenario.toml"));
    } else {
        eprintln!("there is no mkfifo: pipes are not tried");
    }
    let scratch = Scratch::base("spans");
    change(&scratch, "scenario.toml", |text| text.replace("\"sites.csv\"", "\"/dev/zero\""));
    assert!(refused(&scratch).to_string().contains("this is a pipe or a device"));
}

#[test]
fn more_programmes_than_can_be_planned_for_are_refused_at_once() {
    for (more, code, words) in [
        (63, "O154", "there are 65 programmes, more than the 64 that can pay"),
        (998, "O154", "there are 1,000 programmes, more than the 64 that can pay"),
        (100_000, "O154", "there are 100,002 programmes, more than the 64 that can pay"),
    ] {
        let scratch = Scratch::base("waypoints");
        change(&scratch, "scenario.toml", |text| {
            let mut text = text.to_owned();
            for number in 0..more {
                let _ = write!(
                    text,
                    "\n[[programmes]]\nid = \"p{number}\"\nbudget_gbp = 1\neligible = {{}}\n"
                );
            }
            text
        });
        let error = refused(&scratch).to_string();
        assert!(error.contains(&format!("{code} scenario.toml")), "{error}");
        assert!(error.contains(words), "{error}");
    }
}

#[test]
fn names_that_are_too_long_for_folders_are_refused_before_anything_is_planned() {
    let long = "a".repeat(300);
    let scratch = Scratch::base("waypoints");
    let variants = scratch.path().join("variants.toml");
    fs::write(&variants, format!("[[variants]]\nname = \"{long}\"\n")).unwrap();
    let error = read_variants(scratch.path(), &variants, &ReadOptions::new()).unwrap_err();
    assert!(error.to_string().contains("F108 variants.toml row 2"), "{error}");
    change(&scratch, "scenario.toml", |text| {
        text.replace("name = \"base\"", &format!("name = \"{long}\""))
    });
    let error = refused(&scratch).to_string();
    assert!(error.contains("F108 scenario.toml row 2, name"), "{error}");
    assert!(
        error.contains("the name is longer than 128 letters") && error.contains("a…\""),
        "{error}"
    );
    assert!(error.len() < 400, "{error}");
}

#[test]
fn cells_and_values_without_end_are_refused_row_by_row() {
    let scratch = Scratch::base("waypoints");
    let long = "x".repeat(2 << 20);
    change(&scratch, "sites.csv", |text| text.replace("Abbey", &long).replace("D1", "Z9"));
    let error = refused(&scratch);
    let codes: Vec<&str> = error.faults().iter().map(|fault| fault.code.0).collect();
    assert_eq!(codes, ["F115", "S140"], "{error}");
    assert!(
        error.to_string().contains("the cell has 2,097,160 bytes, more than the 1 MiB"),
        "{error}"
    );
    let scratch = Scratch::base("spans");
    change(&scratch, "spans.geojson", |text| text.replace("\"R1\"", &format!("\"{long}\"")));
    let error = refused(&scratch);
    assert_eq!(error.faults()[0].code.0, "F115", "{error}");
    let deep = format!("{{\"features\": {}1{}}}", "[".repeat(500), "]".repeat(500));
    fs::write(scratch.path().join("spans.geojson"), deep).unwrap();
    assert!(refused(&scratch).to_string().contains("nested more than 127 deep"));
}

/// Everything that could control a terminal.
const EVIL: &str = "\u{1b}[31mRED\u{1b}]0;pwn\u{7}\u{9b}2J\u{202e}evil\u{2066}\r\u{0}";

fn harmless(text: &str) -> bool {
    !text.chars().any(|letter| letter != '\n' && fibreplan::text::is_hidden(letter))
}

#[test]
#[allow(clippy::format_collect)] // a few letters
fn text_of_files_never_controls_the_terminal() {
    let escaped: String =
        EVIL.chars().map(|letter| format!("\\u{:04x}", u32::from(letter))).collect();
    let scratch = Scratch::base("spans");
    // In names, ids, kinds and titles the scenario is sound; notices and the summary tell them.
    change(&scratch, "sites.csv", |text| {
        text.replace("Bickleigh Surgery", &format!("\"{EVIL}\""))
            .replace("A2", &format!("\"{EVIL}\""))
            .replace("school", &format!("\"prison{EVIL}\""))
    });
    change(&scratch, "scenario.toml", |text| {
        text.replace("A scenario without fault", &escaped)
            .replace("id = \"lffn\"", &format!("id = \"lffn\"\nname = \"{escaped}\""))
            .replace("exclude = []", &format!("exclude = [\"x{escaped}\"]"))
    });
    let reading = read_scenario(scratch.path(), &ReadOptions::new()).unwrap();
    assert!(reading.notices.len() >= 2, "{:?}", reading.notices);
    assert!(lines(&reading.notices).iter().all(|line| harmless(line)));
    let mut options = SolveOptions::default();
    options.effort.gap = 0.5;
    let outcome = solve(&reading.scenario, &options).unwrap();
    let report = Report::of(&reading.scenario, &outcome);
    let text = summary(&reading.scenario, &outcome, &report, &reading.notices);
    assert!(harmless(&text) && text.contains("\\u{1b}"), "{text:?}");
    // In keys, columns and words they are faults, told escaped.
    change(&scratch, "scenario.toml", |text| {
        text.replace("[objective]", &format!("\"{escaped}\" = 1\n[objective]"))
            .replace("\"patients\"", &format!("\"{escaped}\""))
    });
    change(&scratch, "sites.csv", |text| text.replace("kind,", &format!("{EVIL},")));
    change(&scratch, "spans.geojson", |text| text.replace("LineString", &escaped));
    let error = refused(&scratch).to_string();
    assert!(error.lines().count() > 3 && harmless(&error), "{error:?}");
}

#[test]
fn of_millions_of_faulty_rows_no_more_are_kept_than_are_told_of() {
    /// So many faults are told of at most.
    const MOST: usize = 100_000;
    let header = include_str!("base/sites.csv").lines().next().unwrap();
    let row = |id: usize, patients: &str| {
        format!("S{id},A surgery,gp,-3.530,50.720,{patients},urban,E07000041,40,,,active,no\n")
    };
    let table = |row: &dyn Fn(usize) -> String| -> String {
        let rows: String = (0..MOST + MOST / 10).map(row).collect();
        format!("{header}\n{rows}")
    };
    for (what, text, code, told) in [
        ("ids that stand twice", table(&|_| row(7, "50")), "S103", MOST),
        ("weights that are none", table(&|place| row(place, "many")), "S131", MOST + 1),
    ] {
        let scratch = Scratch::base("waypoints");
        fs::write(scratch.path().join("sites.csv"), text).unwrap();
        let error = read_scenario(scratch.path(), &ReadOptions::new()).unwrap_err();
        let of = |code: &str| error.faults().iter().filter(|fault| fault.code.0 == code).count();
        assert_eq!((of(code), of("F115")), (told, 1), "{what}");
        let said = error.to_string();
        assert!(said.contains("F115 sites.csv: more than 100,000 rows are at fault"), "{said}");
        assert!(said.len() < 3_000, "{what}: {said}");
    }
}
