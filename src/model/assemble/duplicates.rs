//! Rows that share an id.
//!
//! In: the rows of a table. Out: those that repeat another's id, with the other's number, and the fault of one.

use std::collections::BTreeMap;

use crate::error::Fault;

/// Faults of rows that share an id: every row of the group, save one where all are the same.
pub(super) fn duplicates<R: PartialEq>(
    rows: &[R],
    id: impl Fn(&R) -> &str,
    row: impl Fn(&R) -> usize,
    same: impl Fn(&R, &R) -> bool,
) -> Vec<(usize, usize)> {
    let mut by_id: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (place, draft) in rows.iter().enumerate() {
        if !id(draft).is_empty() {
            by_id.entry(id(draft)).or_default().push(place);
        }
    }
    let mut found = Vec::new();
    for mut group in by_id.into_values().filter(|group| group.len() > 1) {
        group.sort_by_key(|&place| row(&rows[place]));
        let first = group[0];
        let all_same = group.iter().all(|&place| same(&rows[first], &rows[place]));
        for &place in &group {
            let other = if place == first { group[1] } else { first };
            if !(all_same && place == first) {
                found.push((place, row(&rows[other])));
            }
        }
    }
    found
}

/// The fault of an id that another row has too.
pub(super) fn duplicate(code: &'static str, id: &str, other_row: usize) -> Fault {
    Fault::new(
        code,
        format!("the id is in row {other_row} too"),
        "give each row an id of its own, or leave one out",
    )
    .value(id)
}
