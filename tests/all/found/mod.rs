//! A table of everything that was once found wrong, each with siblings of its kind.
//!
//! Most rows are data: `*.txt` here, one file a group. A row is `## item | title | folder`, edits to the files of
//! that folder (as in `faults.txt`), and steps: `$ command arguments`, then what must come of it (`exit 3`, `says words`
//! and `never words` of what it printed, `file name: words` and `without name: words` of what lies there, `kept name`,
//! `gone name`), or `change name: old => new` before the next command. `@` stands for the folder. What only the library shows, and what takes bytes, signals or large files, are the rows of `made`.

mod made;
mod streams;

use std::collections::BTreeMap;
use std::fs;
use std::panic::catch_unwind;
use std::path::Path;

use crate::commands::example;
use crate::faults::{Case, cases};
use crate::scratch::Scratch;

/// Everything that was found, by its letter or number.
const ITEMS: [&str; 25] = [
    "A", "B", "C", "D", "E", "F", "G", "H", "I", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10",
    "11", "12", "13", "14", "15", "16",
];

/// The fault itself and two siblings.
const ROWS_AT_LEAST: usize = 3;

/// So much of what a command printed is shown where a row does not hold.
const SHOWN: usize = 1_500;

const GROUPS: [&str; 4] = ["wrong_or_lost", "words", "accepted", "said_well"];

/// A row that is code: it panics where it does not hold.
pub struct Made {
    pub item: &'static str,
    pub title: &'static str,
    pub holds: fn(),
}

/// The parts of a row's title.
fn title_of(case: &Case) -> [&str; 3] {
    let (title, folder) = case
        .cure
        .split_once(" | ")
        .unwrap_or_else(|| panic!("{}: item | title | folder", case.title));
    [&case.title, title, folder]
}

/// A folder as a row begins with: a shipped scenario, the base scenario by its network, or nothing.
fn folder_of(name: &str) -> Scratch {
    if matches!(name, "waypoints" | "spans") {
        return Scratch::base(name);
    }
    let scratch = Scratch::empty();
    if name != "nothing" {
        for entry in fs::read_dir(crate::project("data").join(name)).unwrap() {
            let from = entry.unwrap().path();
            fs::copy(&from, scratch.path().join(from.file_name().unwrap())).unwrap();
        }
    }
    scratch
}

/// What came of a command.
struct Done {
    command: String,
    code: Option<i32>,
    said: String,
}

fn run(line: &str, folder: &Path) -> Option<Done> {
    let place = folder.to_str().unwrap();
    let mut words = line.split(' ');
    let mut command = example(words.next().unwrap_or_default())?;
    let done = command.args(words.map(|word| word.replace('@', place))).output().unwrap();
    let said = [done.stdout, done.stderr].map(|bytes| String::from_utf8(bytes).unwrap());
    Some(Done { command: line.to_owned(), code: done.status.code(), said: said.join("\n") })
}

/// What is wrong with one line of expectation.
fn judge(line: &str, done: &Done, folder: &Path) -> Option<String> {
    let (verb, rest) = line.split_once(' ')?;
    let (command, said) = (&done.command, &done.said);
    let text = |file: &str| fs::read_to_string(folder.join(file)).unwrap_or_default();
    let is_there = |file: &str| folder.join(file).symlink_metadata().is_ok();
    let holds = match verb {
        "exit" => done.code.map(|code| code.to_string()).as_deref() == Some(rest),
        "says" => said.contains(rest),
        "never" => !said.contains(rest),
        "kept" => is_there(rest),
        "gone" => !is_there(rest),
        "file" => rest.split_once(": ").is_some_and(|(file, words)| text(file).contains(words)),
        "without" => rest
            .split_once(": ")
            .is_some_and(|(file, words)| is_there(file) && !text(file).contains(words)),
        _ => false,
    };
    let code = done.code;
    let said: String = said.chars().take(SHOWN).collect();
    (!holds).then(|| {
        format!("{line:?} does not hold of `{command}`, which ended with {code:?}:\n{said}")
    })
}

/// Changes a file between two commands, or says what it has not to replace.
fn change(line: &str, folder: &Path) -> Option<String> {
    let (file, (old, new)) =
        line.split_once(": ").and_then(|(file, rest)| Some((file, rest.split_once(" => ")?)))?;
    let path = folder.join(file);
    let text = fs::read_to_string(&path).unwrap_or_default();
    fs::write(&path, text.replacen(old, new, 1)).unwrap();
    (!text.contains(old)).then(|| format!("{file} has no {old:?} to change"))
}

/// What is wrong with a row; nothing where a command is not built.
fn wrong(case: &Case) -> Vec<String> {
    let scratch = folder_of(title_of(case)[2]);
    if let Err(missing) = case.apply(scratch.path()) {
        return vec![missing];
    }
    let (mut found, mut done, mut judged) = (Vec::new(), None, 0);
    for line in &case.expected {
        if let Some(command) = line.strip_prefix("$ ") {
            done = run(command, scratch.path());
            if done.is_none() {
                return found;
            }
        } else if let Some(line) = line.strip_prefix("change ") {
            found.extend(change(line, scratch.path()));
        } else if let Some(done) = &done {
            judged += usize::from(!line.starts_with("exit "));
            found.extend(judge(line, done, scratch.path()));
        }
    }
    if judged == 0 {
        found.push("it asserts nothing but an exit code".to_owned());
    }
    found
}

#[test]
fn what_was_found_and_its_siblings_stay_mended() {
    let mut rows: BTreeMap<String, usize> = BTreeMap::new();
    let mut failed = Vec::new();
    for group in GROUPS {
        for case in cases(&format!("tests/all/found/{group}.txt")) {
            *rows.entry(title_of(&case)[0].to_owned()).or_default() += 1;
            failed
                .extend(wrong(&case).into_iter().map(|why| format!("## {}\n{why}\n", case.title)));
        }
    }
    for row in made::ROWS.iter().chain(streams::ROWS) {
        *rows.entry(row.item.to_owned()).or_default() += 1;
        if catch_unwind(row.holds).is_err() {
            failed.push(format!("## {} | {}\nit panicked, as told above\n", row.item, row.title));
        }
    }
    let few: Vec<&str> = ITEMS
        .into_iter()
        .filter(|&item| rows.get(item).is_none_or(|&n| n < ROWS_AT_LEAST))
        .collect();
    assert!(failed.is_empty(), "these rows do not hold:\n\n{}", failed.join("\n"));
    assert_eq!(few, Vec::<&str>::new(), "fewer than {ROWS_AT_LEAST} rows");
    assert_eq!(rows.len(), ITEMS.len(), "{rows:?}");
}
