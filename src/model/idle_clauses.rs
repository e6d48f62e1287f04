//! Clauses that let nobody in as the sites are: most often a value is misspelt.
//!
//! In: a scenario without faults. Out: notices, for a scenario may well ask for what its sites lack.

use std::collections::BTreeSet;

use crate::error::Fault;
use crate::model::faults::MOST_HINTS;
use crate::model::found::Found;
use crate::model::suggestion;
use crate::model::{Clause, KNOWN_KINDS, MissingPolicy, Scenario, Tables, Test, Truth};

/// Adds the notices of programmes and limits.
pub(crate) fn idle_clauses(scenario: &Scenario, found: &mut Found) {
    let tables = &scenario.tables;
    if tables.sites.rows.is_empty() {
        return;
    }
    for (place, programme) in scenario.programmes.iter().enumerate() {
        let path = format!("programmes[{}].eligible", place + 1);
        let before = found.0.len();
        parts(&programme.eligible, tables, &path, found);
        if found.0.len() == before && !is_met(&programme.eligible, tables) {
            let cause = "no site is eligible, so the programme pays for nothing";
            let remedy = "widen the clause, or leave the programme out";
            found.add(&path, Fault::notice("P119", cause, remedy).value(&programme.id));
        }
        let path = format!("programmes[{}].cap_gbp", place + 1);
        unknown_kinds(programme.cap.by_kind.keys(), tables, &path, found);
    }
    for (place, limit) in scenario.rules.limits.iter().enumerate() {
        parts(&limit.clause, tables, &format!("rules.limits[{}].where", place + 1), found);
    }
}

/// Whether any site meets a clause.
fn is_met(clause: &Clause, tables: &Tables) -> bool {
    tables.sites.rows.iter().any(|site| clause.judge(tables, site) == Truth::Yes)
}

fn parts(clause: &Clause, tables: &Tables, path: &str, found: &mut Found) {
    match clause {
        Clause::All(clauses) | Clause::Any(clauses) => {
            for clause in clauses {
                parts(clause, tables, path, found);
            }
        }
        Clause::Not(clause) => parts(clause, tables, path, found),
        Clause::Test { test, .. } => idle_values(test, tables, path, found),
    }
}

/// The values of a test that no site has: each id, each kind that is in no list of kinds, and the first of
/// other lists where no site has any of them, for a list may well name more than there is.
fn idle_values(test: &Test, tables: &Tables, path: &str, found: &mut Found) {
    let sites = tables.sites.rows.iter();
    let (values, known): (&[String], BTreeSet<&str>) = match test {
        Test::Ids(ids) => {
            for id in ids.iter().filter(|id| tables.site_by_id(id).is_none()) {
                let hints = if found.0.len() < MOST_HINTS { usize::MAX } else { 0 };
                let known = tables.sites.rows.iter().map(|site| site.id.as_str());
                idle("no site has this id", id, known.take(hints), path, found);
            }
            return;
        }
        Test::Kind(kinds) => {
            let before = found.0.len();
            unknown_kinds(kinds, tables, path, found);
            if found.0.len() > before {
                return;
            }
            (kinds, sites.map(|site| site.kind.as_str()).collect())
        }
        Test::Region(regions) => {
            (regions, sites.filter_map(|site| site.region.as_deref()).collect())
        }
        Test::Is { column, is } => {
            let cells = sites.filter_map(|site| tables.site_cell(site, column));
            (is, cells.filter(|cell| !tables.is_missing(cell)).collect())
        }
        Test::Rurality(_) | Test::Number { .. } => return,
    };
    let alone = Clause::Test { test: test.clone(), missing: MissingPolicy::Unknown };
    if let Some(first) = values.first().filter(|_| !is_met(&alone, tables)) {
        let cause = match values.len() {
            1 => "no site has this value".to_owned(),
            count => format!("no site has any of these {count} values"),
        };
        idle(&cause, first, known.into_iter(), path, found);
    }
}

fn unknown_kinds<'a>(
    kinds: impl IntoIterator<Item = &'a String>,
    tables: &Tables,
    path: &str,
    found: &mut Found,
) {
    let here: BTreeSet<&str> = tables.sites.rows.iter().map(|site| site.kind.as_str()).collect();
    let known = || here.iter().copied().chain(KNOWN_KINDS);
    for kind in kinds {
        if !known().any(|known| known == kind) {
            let all: BTreeSet<&str> = known().collect();
            idle("no site is of this kind", kind, all.into_iter(), path, found);
        }
    }
}

fn idle<'a>(
    cause: &str,
    value: &str,
    known: impl Iterator<Item = &'a str>,
    path: &str,
    found: &mut Found,
) {
    let remedy = format!("check whether it is spelt as in the sites; {}", suggestion(value, known));
    found.add(path, Fault::notice("P118", cause, remedy).value(value));
}
