//! The direction of the layers: each folder of `src` names only what ARCHITECTURE.md lets it name.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

const BASE: &[&str] =
    &["units", "ids", "text", "error", "files", "flags", "observe", "random", "status", "effort"];

/// Each layer with the layers above it that it may name, besides the base and itself.
const LAYERS: &[(&str, &[&str])] = &[
    ("geometry", &[]),
    ("made_up", &[]),
    ("model", &["geometry"]),
    ("plan", &["geometry", "model"]),
    ("read", &["geometry", "model", "plan"]),
    ("check", &["geometry", "model", "plan"]),
    ("graph", &[]),
    ("network", &["geometry", "model", "plan", "graph"]),
    ("engine", &["graph"]),
    ("funding", &["geometry", "model", "plan", "check", "graph"]),
    ("schedule", &["model", "plan", "funding"]),
    ("joint", &["graph", "engine", "funding"]),
    ("question", &["model", "plan", "graph", "network", "engine", "funding", "joint"]),
    (
        "explain",
        &[
            "geometry", "model", "plan", "check", "network", "engine", "funding", "joint",
            "question",
        ],
    ),
    (
        "solve",
        &[
            "model", "plan", "check", "network", "engine", "funding", "schedule", "joint",
            "question", "explain",
        ],
    ),
    (
        "study",
        &[
            "geometry", "model", "plan", "graph", "check", "network", "engine", "funding",
            "question", "explain", "solve",
        ],
    ),
    (
        "report",
        &[
            "geometry", "model", "plan", "network", "funding", "schedule", "explain", "solve",
            "study",
        ],
    ),
    (
        "write",
        &[
            "geometry", "model", "plan", "read", "network", "engine", "question", "explain",
            "solve", "study", "report",
        ],
    ),
    ("import", &["geometry", "model", "read", "write"]),
];

pub fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    let mut entries: Vec<PathBuf> = fs::read_dir(folder)
        .expect("the folder can be read")
        .map(|entry| entry.expect("the entry can be read").path())
        .collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

/// The top-level modules that a source text names as `crate::NAME`, comments and tests left out.
fn named(text: &str) -> BTreeSet<String> {
    let code = text.split("#[cfg(test)]").next().unwrap_or("");
    let mut names = BTreeSet::new();
    for line in code.lines().filter(|line| !line.trim_start().starts_with("//")) {
        for part in line.split("crate::").skip(1) {
            let word = |c: char| c.is_ascii_alphanumeric() || c == '_';
            names.insert(part.chars().take_while(|&c| word(c)).collect());
        }
    }
    names
}

#[test]
fn each_layer_names_only_those_above_it() {
    let src = crate::project("src");
    let mut files = Vec::new();
    sources(&src, &mut files);
    assert!(files.len() > 20, "the sources were not found");
    let mut breaches = Vec::new();
    for file in &files {
        let inside = file.strip_prefix(&src).unwrap();
        let layer = inside.components().next().unwrap().as_os_str().to_string_lossy().to_string();
        let layer = layer.trim_end_matches(".rs");
        if ["lib", "core", "prelude", "internals"].contains(&layer) {
            continue;
        }
        let allowed: &[&str] = match LAYERS.iter().find(|(name, _)| *name == layer) {
            Some((_, allowed)) => allowed,
            None if BASE.contains(&layer) => &[],
            None => panic!("{layer} is in no layer: add it to ARCHITECTURE.md and to this table"),
        };
        for name in named(&fs::read_to_string(file).unwrap()) {
            let fine =
                name == layer || BASE.contains(&name.as_str()) || allowed.contains(&name.as_str());
            if !fine {
                breaches.push(format!("{} names {name}", inside.display()));
            }
        }
    }
    assert!(breaches.is_empty(), "{}", breaches.join("\n"));
}
