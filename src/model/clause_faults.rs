//! What is wrong with a clause: tests that nothing, or everything, could meet.

use crate::error::{Fault, Subject};
use crate::model::found::Found;
use crate::model::rurality::any_class;
use crate::model::suggestion;
use crate::model::{Clause, Tables, Test};
use crate::units::scaled_decimal;

/// Adds the faults of a clause whose tests are of the columns of the sites.
pub(crate) fn clause_faults(clause: &Clause, tables: &Tables, path: &str, found: &mut Found) {
    let columns: Vec<&str> = tables.sites.columns.iter().map(String::as_str).collect();
    judge_clause(clause, &columns, path, found);
}

/// The same, for the columns of any table.
pub(crate) fn judge_clause(clause: &Clause, columns: &[&str], path: &str, found: &mut Found) {
    match clause {
        Clause::All(clauses) | Clause::Any(clauses) => {
            for clause in clauses {
                judge_clause(clause, columns, path, found);
            }
            if matches!(clause, Clause::Any(_)) && clauses.is_empty() {
                let fault = Fault::new(
                    "P111",
                    "`any` of nothing lets nobody in",
                    "list a clause, or drop it",
                );
                found.add(path, fault);
            }
        }
        Clause::Not(clause) => judge_clause(clause, columns, path, found),
        Clause::Test { test, .. } => judge_test(test, columns, path, found),
    }
}

fn judge_test(test: &Test, columns: &[&str], path: &str, found: &mut Found) {
    match test {
        Test::Kind(list) | Test::Region(list) | Test::Ids(list) => empty_list(list, path, found),
        Test::Rurality(classes) => {
            empty_list(classes, path, found);
            for class in classes.iter().filter(|class| any_class(class).is_none()) {
                let fault = Fault::new(
                    "P112",
                    "no rurality scheme has this class",
                    "use rural, urban, or a class such as D1, 3 or E",
                );
                found.add(path, fault.value(class));
            }
        }
        Test::Is { column, is } => {
            empty_list(is, path, found);
            known_column(column, columns, path, found);
        }
        Test::Number { column, below, at_least } => {
            known_column(column, columns, path, found);
            limits(below.as_deref(), at_least.as_deref(), path, found);
        }
    }
}

fn empty_list(list: &[String], path: &str, found: &mut Found) {
    if list.is_empty() {
        let fault =
            Fault::new("P111", "an empty list lets nobody in", "list values, or drop the test");
        found.add(path, fault);
    }
}

fn known_column(column: &str, columns: &[&str], path: &str, found: &mut Found) {
    if !columns.contains(&column) {
        let remedy = suggestion(column, columns.iter().copied());
        let fault = Fault::new("P110", "the table has no such column", remedy);
        found.add(path, fault.about(Subject::SiteTable).value(column));
    }
}

fn limits(below: Option<&str>, at_least: Option<&str>, path: &str, found: &mut Found) {
    let read = |limit: Option<&str>| limit.map(|text| (text.to_owned(), scaled_decimal(text, 9)));
    let both = [read(below), read(at_least)];
    for (text, value) in both.iter().flatten() {
        if let Err(error) = value {
            let fault = Fault::new(
                "P113",
                format!("the limit is not a number ({error})"),
                "write a plain number, such as 30",
            );
            found.add(path, fault.value(text));
        }
    }
    match both {
        [None, None] => {
            let fault = Fault::new(
                "P114",
                "the test of a column has none of below, at_least and is",
                "say which values are in",
            );
            found.add(path, fault);
        }
        [Some((text, Ok(below))), Some((_, Ok(at_least)))] if below <= at_least => {
            let fault = Fault::new(
                "P115",
                "no number is below this and at least the other limit",
                "exchange the two limits",
            );
            found.add(path, fault.value(text));
        }
        _ => {}
    }
}
