//! Words of the summary: names, shares and the singular of a noun.

use crate::model::Scenario;
use crate::write::text::one_line;

/// An id with the name behind it, where that says more.
pub(super) fn with_name(id: &str, name: &str) -> String {
    let id = one_line(id);
    if name.is_empty() || name == id { id } else { format!("{id} {}", one_line(name)) }
}

/// The id of a site with its name.
pub(super) fn named(scenario: &Scenario, id: &str) -> String {
    let tables = &scenario.tables;
    let name = tables.site_by_id(id).map_or("", |site| tables.site(site).name.as_str());
    with_name(id, name)
}

pub(in crate::write) fn singular(noun: &str) -> String {
    let noun = one_line(noun);
    match noun.strip_suffix('s') {
        Some(stem) if !stem.is_empty() && !stem.ends_with('s') => stem.to_owned(),
        _ => noun,
    }
}

pub(in crate::write) fn per_cent(per_mille: usize) -> String {
    format!("{}.{} %", per_mille / 10, per_mille % 10)
}
