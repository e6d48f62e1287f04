//! Every fault with its words: each case of `faults.txt` spoils the base scenario in one place and lists
//! every line that reading it then reports.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use fibreplan::error::{Error, ErrorKind};
use fibreplan::read::{ReadOptions, read_plan, read_scenario, read_variants};

use crate::dictionary::codes_in;
use crate::scratch::Scratch;

/// One case: what to spoil and what is then reported.
#[derive(Default)]
pub struct Case {
    pub title: String,
    /// What to do about it, where what is reported does not say so.
    pub cure: String,
    pub network: &'static str,
    /// Settings of the run: name and value.
    pub settings: Vec<(String, String)>,
    /// File, old text, new text; an empty old text replaces the whole file.
    pub edits: Vec<(String, String, String)>,
    pub expected: Vec<String>,
}

impl Case {
    /// The value of a setting.
    pub fn setting(&self, name: &str) -> Option<&str> {
        let own = self.settings.iter().find(|(known, _)| known == name);
        own.map(|(_, value)| value.as_str())
    }

    /// Makes the edits in a folder, or says what it has not to replace.
    pub fn apply(&self, folder: &Path) -> Result<(), String> {
        for (file, old, new) in &self.edits {
            let path = folder.join(file);
            let text = fs::read_to_string(&path).unwrap_or_default();
            if path.exists() && !text.contains(old.as_str()) {
                return Err(format!("{file} has no {old:?} to replace"));
            }
            let text =
                if old.is_empty() { new.clone() } else { text.replacen(old.as_str(), new, 1) };
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(&path, bytes_of(&text)).unwrap();
        }
        Ok(())
    }
}

/// The cases of a file: `## title | cure`, then edits `file ⟪old⟫ ⟪new⟫` and settings `with name = value`, then
/// the lines reported.
pub fn cases(file: &str) -> Vec<Case> {
    let mut cases: Vec<Case> = Vec::new();
    for line in fs::read_to_string(crate::project(file)).unwrap().lines() {
        if let Some(title) = line.strip_prefix("## ") {
            let network = if title.contains("(spans)") { "spans" } else { "waypoints" };
            let (title, cure) = title.split_once(" | ").unwrap_or((title, ""));
            let (title, cure) = (title.to_owned(), cure.to_owned());
            cases.push(Case { title, cure, network, ..Case::default() });
            continue;
        }
        let Some(case) = cases.last_mut() else { continue };
        if let Some(setting) = line.strip_prefix("with ") {
            let (name, value) = setting.split_once(" = ").expect("a name and a value");
            case.settings.push((name.to_owned(), value.to_owned()));
        } else if line.contains(" ⟪") {
            let parts: Vec<&str> = line.split(['⟪', '⟫']).collect();
            let plain = |text: &str| text.replace("\\n", "\n");
            case.edits.push((parts[0].trim().to_owned(), plain(parts[1]), plain(parts[3])));
        } else if !line.trim().is_empty() {
            case.expected.push(line.to_owned());
        }
    }
    cases
}

/// The bytes of a text in which `\\xFF` and the like stand for a byte.
fn bytes_of(text: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    for (place, part) in text.split("\\x").enumerate() {
        let byte = part.get(..2).and_then(|digits| u8::from_str_radix(digits, 16).ok());
        match byte.filter(|_| place > 0) {
            Some(byte) => bytes.extend([&[byte], &part.as_bytes()[2..]].concat()),
            None if place > 0 => bytes.extend([b"\\x", part.as_bytes()].concat()),
            None => bytes.extend(part.as_bytes()),
        }
    }
    bytes
}

/// All lines that reading the base scenario then reports.
pub fn report(case: &Case) -> Vec<String> {
    let scratch = Scratch::base(case.network);
    if let Err(missing) = case.apply(scratch.path()) {
        return vec![missing];
    }
    let plan = scratch.path().join("plan.json");
    if plan.exists() {
        return lines(&read_plan(&plan).unwrap_err());
    }
    let variants = scratch.path().join("variants.toml");
    if variants.exists() {
        return of_variants(scratch.path(), &variants);
    }
    match read_scenario(scratch.path(), &ReadOptions::new()) {
        Ok(reading) => reading.notices.iter().map(ToString::to_string).collect(),
        Err(error) => lines(&error),
    }
}

/// The faults and notices of all variants, or of their file.
fn of_variants(folder: &Path, file: &Path) -> Vec<String> {
    match read_variants(folder, file, &ReadOptions::new()) {
        Ok(reading) => {
            let told = reading.variants.into_iter().flat_map(|own| {
                own.variant.scenario.err().unwrap_or_default().into_iter().chain(own.notices)
            });
            told.map(|fault| fault.to_string()).collect()
        }
        Err(error) => lines(&error),
    }
}

fn lines(error: &Error) -> Vec<String> {
    assert_eq!(error.kind(), ErrorKind::Faults, "{error}");
    error.faults().iter().map(ToString::to_string).collect()
}

#[test]
fn every_case_reports_its_lines_and_no_other() {
    let mut wrong = Vec::new();
    for case in cases(CASES) {
        let reported = report(&case);
        if reported != case.expected {
            wrong.push(format!("## {}\n{}\n", case.title, reported.join("\n")));
        }
    }
    assert!(wrong.is_empty(), "these cases report otherwise:\n\n{}", wrong.join("\n"));
}

const CASES: &str = "tests/all/faults.txt";

/// Codes that no small file can call up; the tests of the model do.
const FROM_RUST_ONLY: [&str; 7] = ["O106", "O108", "O111", "O154", "P127", "R104", "R109"];

/// Codes about road files, which need features and bytes; the tests of roads do.
const OF_ROADS: [&str; 14] = [
    "F114", "F140", "F141", "F142", "F143", "N141", "N142", "N143", "N144", "N145", "N146", "N148",
    "N149", "N205",
];

#[test]
fn every_code_has_a_case() {
    let told: BTreeSet<String> = cases(CASES)
        .iter()
        .flat_map(|case| &case.expected)
        .map(|line| line[..4].to_owned())
        .collect();
    let told: BTreeSet<String> = told
        .into_iter()
        .chain([&FROM_RUST_ONLY[..], &OF_ROADS].concat().into_iter().map(str::to_owned))
        .collect();
    let mut codes = codes_in("src/model");
    codes.append(&mut codes_in("src/read"));
    // Reasons for leaving sites out are no faults.
    codes.retain(|code| !code.starts_with('U'));
    let missing: Vec<&String> = codes.difference(&told).collect();
    assert_eq!(missing, Vec::<&String>::new(), "codes without a case in faults.txt");
}
