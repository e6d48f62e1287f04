//! Eligibility clauses from tables of a scenario.

use std::collections::BTreeMap;

use crate::error::Fault;
use crate::model::{Clause, MissingPolicy, Test};
use crate::read::document::Node;
use crate::read::section::Section;

/// Our column names and the names a file has for them.
pub(crate) type ColumnNames = BTreeMap<String, String>;

/// The file's name of a column that the scenario names by ours or by theirs.
pub(crate) fn theirs(column: &str, names: &ColumnNames) -> String {
    names.get(column).map_or(column, String::as_str).to_owned()
}

/// The clause in the table `key` of a section; without it, everybody.
///
/// All keys of the table must hold; `{}` is everybody. Faulty parts are left out, with their faults.
pub(crate) fn clause_at(section: &Section<'_>, key: &str, names: &ColumnNames) -> Clause {
    match section.checked(key, "eligible") {
        Some(table) => clause(&table, names),
        None => Clause::everyone(),
    }
}

fn clause(table: &Section<'_>, names: &ColumnNames) -> Clause {
    let missing = match table.word("missing", &[("eligible", MissingPolicy::Eligible)]) {
        Some(policy) => policy,
        None => MissingPolicy::Unknown,
    };
    let mut parts: Vec<Clause> = Vec::new();
    let lists: [(&str, ListTest); 4] = [
        ("kind", Test::Kind),
        ("rurality", Test::Rurality),
        ("region", Test::Region),
        ("ids", Test::Ids),
    ];
    for (key, test) in lists {
        if let Some(list) = one_or_more(table, key) {
            parts.push(Clause::Test { test: test(list), missing });
        }
    }
    if let Some(test) = column_test(table, names) {
        parts.push(Clause::Test { test, missing });
    }
    for (key, combine) in [("all", Clause::All as fn(Vec<Clause>) -> Clause), ("any", Clause::Any)]
    {
        if table.has(key) {
            let inner = table.sections(key).into_iter().map(|inner| {
                inner.check_keys("eligible");
                clause(&inner, names)
            });
            parts.push(combine(inner.collect()));
        }
    }
    if table.has("not") {
        parts.push(Clause::Not(Box::new(clause_at(table, "not", names))));
    }
    match parts.len() {
        1 => parts.swap_remove(0),
        _ => Clause::All(parts),
    }
}

/// Makes a test of a list of accepted texts.
type ListTest = fn(Vec<String>) -> Test;

/// The test of `column` by `below` and `at_least`, or by `is`.
fn column_test(table: &Section<'_>, names: &ColumnNames) -> Option<Test> {
    let limits = ["below", "at_least", "is"];
    if !table.has("column") {
        for key in limits.into_iter().filter(|key| table.has(key)) {
            let fault = Fault::new("P116", "the test names no column", "add column = \"...\"");
            table.fault(key, fault);
        }
        return None;
    }
    let column = theirs(table.text("column")?, names);
    if let Some(is) = one_or_more(table, "is") {
        for key in ["below", "at_least"].into_iter().filter(|key| table.has(key)) {
            let fault = Fault::new(
                "P117",
                "one test has both a list and a limit",
                "put the two tests in `all`",
            );
            table.fault(key, fault);
        }
        return Some(Test::Is { column, is });
    }
    let limit = |key: &str| table.number(key).map(str::to_owned);
    Some(Test::Number { column, below: limit("below"), at_least: limit("at_least") })
}

/// A list of texts, or one text that stands for a list of one; numbers count as their text.
fn one_or_more(table: &Section<'_>, key: &str) -> Option<Vec<String>> {
    match table.any(key)? {
        Node::Text(text) | Node::Number(text) => Some(vec![text.clone()]),
        Node::List(list) if list.iter().all(|entry| matches!(entry.node, Node::Number(_))) => {
            Some(list.iter().map(|entry| entry.node.shown()).collect())
        }
        _ => table.texts(key),
    }
}
