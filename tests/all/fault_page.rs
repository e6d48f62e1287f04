//! `data/FAULTS.md`: every code with an example that calls it up, what is then said, and the cure. The page is
//! made from the cases that the tests run, so that it says what the code says.
//!
//! `FIBREPLAN_BLESS=1 cargo test --release --test all fault_page` writes it anew.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;

use fibreplan::read::{ReadOptions, read_scenario};
use fibreplan::report::reason;
use fibreplan::solve::{SolveOptions, solve};

use crate::dictionary::codes_in;
use crate::faults::{Case, cases};
use crate::scratch::Scratch;

const PAGE: &str = "data/FAULTS.md";

const HEAD: &str = "# Every code, an example and its cure

Made from the tests' own cases by `FIBREPLAN_BLESS=1 cargo test --release --test all fault_page`, and compared with them in every
test run. What the codes are about, in one table: [README.md](README.md), \"Rule codes\".
";

const OF_READING: &str = "
## Faults and notices of the input

Each entry changes a small scenario without fault in the way shown (`old` → `new`; a file alone is a new one) and quotes what is
then reported: where, what is wrong; what to do.

";

const OF_SITES: &str = "
## Why sites are left out

Each entry changes `data/market-town` in the way shown and quotes what is said of a site in the plan.

";

const OF_OTHERS: &str = "
## Codes that take more than a small file

Faults of road files and of whole networks, reasons why there is no plan, violations that `check_plan` finds in a plan, and what
`.stp` files have wrong: the tests named here call them up.

";

/// Codes that no test names. Some are called up and known by their words; the rest still wait for a case.
const BY_WORDS_ONLY: [&str; 26] = [
    "E521", "E523", "E527", "E529", "E536", "I402", "I404", "I405", "I417", "I418", "I420", "I422",
    "I423", "N154", "N161", "S203", "S207", "S221", "S223", "S224", "S225", "S228", "S229", "S231",
    "U332", "U340",
];

/// What a test shows of a code.
struct Entry {
    how: String,
    says: String,
}

/// The change of a case in one line.
fn how(case: &Case) -> String {
    let shown = |text: &str| {
        let line = text.replace('\n', " ⏎ ").replace('`', "'");
        let short: String = line.chars().take(90).collect();
        if short.len() < line.len() { format!("{short}…") } else { short }
    };
    let edits = case.edits.iter().map(|(file, old, new)| match (old.as_str(), new.as_str()) {
        ("", new) => format!("`{file}`: `{}`", shown(new)),
        (old, "") => format!("`{file}`: without `{}`", shown(old)),
        (old, new) => format!("`{file}`: `{}` → `{}`", shown(old), shown(new)),
    });
    let edits: Vec<String> = edits.collect();
    if edits.is_empty() { "as it is".to_owned() } else { edits.join("; ") }
}

/// For each code the case with the fewest changes.
fn of_reading() -> BTreeMap<String, Entry> {
    let mut simplest: BTreeMap<String, (usize, Entry)> = BTreeMap::new();
    for case in cases("tests/all/faults.txt") {
        for line in &case.expected {
            let entry = || {
                let says = line[5..].replace('|', "\\|");
                (case.edits.len(), Entry { how: how(&case), says })
            };
            let known = simplest.entry(line[..4].to_owned()).or_insert_with(entry);
            if case.edits.len() < known.0 {
                *known = entry();
            }
        }
    }
    simplest.into_iter().map(|(code, (_, entry))| (code, entry)).collect()
}

/// Plans the town as a case changes it.
fn of_sites() -> BTreeMap<String, Entry> {
    let town = crate::project("data/market-town");
    let mut entries = BTreeMap::new();
    for case in cases("tests/all/outcomes.txt") {
        let (_, cure) = case.title.split_once(" | ").expect("a cure");
        let scratch = Scratch::empty();
        for entry in fs::read_dir(&town).unwrap() {
            let from = entry.unwrap().path();
            fs::copy(&from, scratch.path().join(from.file_name().unwrap())).unwrap();
        }
        case.apply(scratch.path()).unwrap_or_else(|missing| panic!("{}: {missing}", case.title));
        let scenario = read_scenario(scratch.path(), &ReadOptions::new())
            .unwrap_or_else(|error| panic!("{}: {error}", case.title))
            .scenario;
        let mut options = SolveOptions::default();
        options.effort.work = Some(20_000_000);
        let plan = solve(&scenario, &options).unwrap().plan.expect("a plan");
        for line in &case.expected {
            let (code, site) = line.split_once(' ').expect("a code and a site");
            let left = plan.left_out.iter().find(|left| left.id == site);
            let left = left.unwrap_or_else(|| panic!("{}: {site} is connected", case.title));
            assert_eq!(left.code().0, code, "{}: {site}", case.title);
            let says = format!("{site}: {}; {cure}", reason(left));
            entries.insert(code.to_owned(), Entry { how: how(&case), says });
        }
    }
    entries
}

/// The files of tests that name a code.
fn tests_of(code: &str, sources: &[(String, String)]) -> Vec<String> {
    let quoted = |text: &str| {
        text.match_indices(code).any(|(at, _)| {
            let after = text[at + code.len()..].chars().next();
            let before = text[..at].chars().next_back();
            !after.is_some_and(|c| c.is_ascii_digit()) && !before.is_some_and(char::is_alphanumeric)
        })
    };
    let named = sources.iter().filter(|(_, text)| quoted(text));
    named.map(|(name, _)| format!("`{name}`")).collect()
}

/// The tests: whole files under `tests/all`, and what stands behind `mod tests` in the library.
fn sources() -> Vec<(String, String)> {
    let mut found = Vec::new();
    for folder in ["src", "tests/all"] {
        for path in crate::dictionary::sources(&crate::project(folder)) {
            let text = fs::read_to_string(&path).unwrap();
            let name = path.strip_prefix(crate::project(".")).unwrap_or(&path);
            let name = name.to_string_lossy().trim_start_matches("./").to_owned();
            let is_test = folder == "tests/all" || name.ends_with("tests.rs");
            let tests = text.split_once("mod tests {").map(|(_, tests)| tests.to_owned());
            if let Some(text) = if is_test { Some(text) } else { tests }
                && name != "tests/all/fault_page.rs"
            {
                found.push((name, text));
            }
        }
    }
    found.sort();
    found
}

#[test]
fn the_page_of_faults_shows_every_code_there_is() {
    let (reading, sites, sources) = (of_reading(), of_sites(), sources());
    let mut page = format!("{HEAD}{OF_READING}");
    let list = |page: &mut String, entries: &BTreeMap<String, Entry>| {
        for (code, entry) in entries {
            writeln!(page, "- **{code}** {}\n  <br>{}", entry.how, entry.says).unwrap();
        }
    };
    list(&mut page, &reading);
    page += OF_SITES;
    list(&mut page, &sites);
    page += OF_OTHERS;
    let mut unshown = BTreeSet::new();
    for code in codes_in("src") {
        if reading.contains_key(&code) || sites.contains_key(&code) {
            continue;
        }
        let tests = tests_of(&code, &sources);
        if tests.is_empty() {
            unshown.insert(code.clone());
        }
        let few = if tests.is_empty() {
            "by its words only, if at all".to_owned()
        } else {
            tests[..tests.len().min(3)].join(", ")
        };
        writeln!(page, "- **{code}** {few}").unwrap();
    }
    let known: BTreeSet<String> = BY_WORDS_ONLY.into_iter().map(str::to_owned).collect();
    assert_eq!(unshown, known, "codes that no test names");
    let path = crate::project(PAGE);
    if std::env::var_os("FIBREPLAN_BLESS").is_some() {
        fs::write(&path, &page).unwrap();
    }
    let written = fs::read_to_string(&path).unwrap_or_default();
    assert!(written == page, "{PAGE} is not what the code says: write it anew, as its head tells");
}
