//! `data/FAULTS.md`: every code with an example that calls it up, what is then said, and the cure. The page is
//! made from cases that a test runs, kind by kind, so that it says what the code says.
//!
//! `FIBREPLAN_BLESS=1 cargo test --release --test all fault_page` writes it anew.

mod made;
mod runs;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;

use crate::dictionary::codes_in;
use crate::faults::{Case, cases};

const PAGE: &str = "data/FAULTS.md";

const HEAD: &str = "# Every code, an example and its cure

Made from the tests' own cases by `FIBREPLAN_BLESS=1 cargo test --release --test all fault_page`, and compared with them in every
test run. What the codes are about, in one table: [README.md](README.md), \"Rule codes\". A code stands where it is met first.
Changes are shown as `old` → `new`; a file alone is a new one.
";

/// A kind of case: a part of the page, the file of its cases, and how one is run.
struct Kind {
    heading: &'static str,
    intro: &'static str,
    file: &'static str,
    /// All that is said, code first; nothing where this build lacks the feature that the case needs.
    run: fn(&Case) -> Option<Vec<String>>,
}

const KINDS: [Kind; 9] = [
    Kind {
        heading: "Faults and notices of the input",
        intro: "Each entry changes a small scenario without fault and quotes what is then reported: where, what is wrong; what to \
                do.",
        file: "faults.txt",
        run: |case| Some(crate::faults::report(case)),
    },
    Kind {
        heading: "Road files",
        intro: "OpenStreetMap extracts and GeoPackages. Each entry describes the file and quotes what is then reported.",
        file: "fault_page/roads.txt",
        run: crate::roads::said,
    },
    Kind {
        heading: "Notices of the network",
        intro: "Each entry changes the small scenario on spans and quotes what building its network reports.",
        file: "fault_page/network.txt",
        run: |case| Some(runs::network(case)),
    },
    Kind {
        heading: "Rows of published files",
        intro: "Each entry changes `data/published-samples` and quotes what `import_nhs` says of the rows concerned: excluded, set \
                aside, or used with a remark.",
        file: "fault_page/published.txt",
        run: |case| Some(runs::published(case)),
    },
    Kind {
        heading: "Why sites are left out, or come later",
        intro: "Each entry changes `data/market-town` and quotes what is said of a site in the plan, or by `why_not`.",
        file: "fault_page/outcomes.txt",
        run: |case| Some(runs::planned(case)),
    },
    Kind {
        heading: "Why there is no plan",
        intro: "Each entry changes `data/market-town` and quotes a reason. A mend with its pounds stands beside it where one is known.",
        file: "fault_page/no_plan.txt",
        run: |case| Some(runs::planned(case)),
    },
    Kind {
        heading: "What a plan breaks",
        intro: "Each entry changes the plan of `data/market-town` (or the scenario under it) and quotes what `check_plan` then finds.",
        file: "fault_page/violations.txt",
        run: |case| Some(runs::violations(case)),
    },
    Kind {
        heading: "Files of the Steiner tree layout",
        intro: "Each entry changes `tests/all/base/small.stp`, a problem without fault.",
        file: "fault_page/stp.txt",
        run: |case| Some(runs::stp(case)),
    },
    Kind {
        heading: "What only a program can do",
        intro: "What files cannot state, or only very large ones: each entry describes what a program does.",
        file: "fault_page/made.txt",
        run: |case| Some(made::said(case)),
    },
];

/// What a case shows of a code.
struct Entry {
    how: String,
    says: String,
}

fn cases_of(kind: &Kind) -> Vec<Case> {
    cases(&format!("tests/all/{}", kind.file))
}

/// The change of a case in one line; its title where it changes no file.
fn how(case: &Case) -> String {
    let cut = |text: &str, most: usize| {
        let line = text.replace('\n', " ⏎ ").replace('`', "'");
        let short: String = line.chars().take(most).collect();
        if short.len() < line.len() { format!("{short}…") } else { short }
    };
    // What stands for a part of a file is worth more words than a file of its own.
    let shown = |text: &str| cut(text, 260);
    let edits = case.edits.iter().map(|(file, old, new)| match (old.as_str(), new.as_str()) {
        ("", "") => format!("`{file}`: nothing in it"),
        ("", new) => format!("`{file}`: `{}`", cut(new, 90)),
        (old, "") => format!("`{file}`: without `{}`", shown(old)),
        (old, new) => format!("`{file}`: `{}` → `{}`", shown(old), shown(new)),
    });
    let settings = case.settings.iter().map(|(name, value)| format!("with `{name} = {value}`"));
    let changes: Vec<String> = edits.chain(settings).collect();
    if changes.is_empty() { case.title.replace(" (spans)", "") } else { changes.join("; ") }
}

/// The code that a line begins with.
fn code(line: &str) -> Option<&str> {
    let code = line.get(..4)?;
    let is_code = code.starts_with(|c: char| c.is_ascii_uppercase())
        && code[1..].bytes().all(|byte| byte.is_ascii_digit());
    is_code.then_some(code)
}

/// For each code the case of a kind with the fewest changes.
fn entries(kind: &Kind) -> BTreeMap<String, Entry> {
    let mut simplest: BTreeMap<String, (usize, Entry)> = BTreeMap::new();
    for case in cases_of(kind) {
        for line in &case.expected {
            let Some(code) = code(line) else { continue };
            let changes = case.edits.len() + case.settings.len();
            if simplest.get(code).is_some_and(|(fewest, _)| *fewest <= changes) {
                continue;
            }
            let words = line[code.len()..].trim_start_matches([':', ' ']).replace('|', "\\|");
            let cure =
                if case.cure.is_empty() { String::new() } else { format!("; {}", case.cure) };
            let entry = Entry { how: how(&case), says: format!("{words}{cure}") };
            simplest.insert(code.to_owned(), (changes, entry));
        }
    }
    simplest.into_iter().map(|(code, (_, entry))| (code, entry)).collect()
}

#[test]
fn every_case_says_what_it_lists() {
    let mut wrong = String::new();
    for kind in &KINDS {
        for case in cases_of(kind) {
            let Some(said) = (kind.run)(&case) else { continue };
            let missing = case.expected.iter().any(|line| !said.contains(line));
            if missing {
                writeln!(wrong, "{}: ## {}\n{}\n", kind.file, case.title, said.join("\n")).unwrap();
            }
        }
    }
    assert!(wrong.is_empty(), "these cases say otherwise:\n\n{wrong}");
}

#[test]
fn the_page_of_faults_shows_every_code_there_is() {
    let mut page = HEAD.to_owned();
    let mut shown = BTreeSet::new();
    for kind in &KINDS {
        write!(page, "\n## {}\n\n{}\n\n", kind.heading, kind.intro).unwrap();
        for (code, entry) in entries(kind) {
            if shown.insert(code.clone()) {
                writeln!(page, "- **{code}** {}\n  <br>{}", entry.how, entry.says).unwrap();
            }
        }
    }
    assert_eq!(shown, codes_in("src"), "the codes shown, and the codes there are");
    let path = crate::project(PAGE);
    if std::env::var_os("FIBREPLAN_BLESS").is_some() {
        fs::write(&path, &page).unwrap();
    }
    let written = fs::read_to_string(&path).unwrap_or_default();
    assert!(written == page, "{PAGE} is not what the code says: write it anew, as its head tells");
}
