//! Programmes from a scenario, each apart, so that faults of one hide none of another.

use std::collections::BTreeMap;

use crate::error::Fault;
use crate::model::{
    Bar, BarScope, Budget, Cap, CapScope, CarryOver, PaysFor, Programme, RateBasis,
    too_many_programmes,
};
use crate::read::clauses::{ColumnNames, clause_at, theirs};
use crate::read::document::Node;
use crate::read::presets::{Preset, presets};
use crate::read::section::{Section, shown};
use crate::units::{Pence, Share, Year};

/// Reads every `[[programmes]]`. A programme without a readable budget has none, and its fault.
///
/// A programme with a preset is read as if the preset's keys stood in it, except those it states itself.
pub(crate) fn programmes(whole: &Section<'_>, names: &ColumnNames) -> Vec<Programme> {
    if !whole.has("programmes") {
        whole.missing(
            "programmes",
            "state one or more: [[programmes]] with id, budget_gbp, eligible",
        );
    }
    let known = presets().unwrap_or_default();
    let read = |section: &Section<'_>| {
        section.check_keys("programmes[]");
        match preset(section, &known) {
            Some(preset) => {
                let merged = preset.under(section.tree());
                let preset_terms = Some(preset.terms());
                Programme { preset_terms, ..programme(&section.with(&merged), names) }
            }
            None => programme(section, names),
        }
    };
    if let Some(fault) = too_many_programmes(whole.list("programmes").unwrap_or_default().len()) {
        whole.fault("programmes", fault);
        return Vec::new();
    }
    whole.sections("programmes").iter().map(read).collect()
}

/// The preset that a programme names; a name that is not known is a fault.
fn preset<'p>(section: &Section<'_>, known: &'p [Preset]) -> Option<&'p Preset> {
    let name = section.text("preset")?;
    let found = known.iter().find(|preset| preset.name == name);
    if found.is_none() {
        let names: Vec<&str> = known.iter().map(|preset| preset.name.as_str()).collect();
        let remedy = format!("there are: {}", names.join(", "));
        section.fault("preset", Fault::new("F106", "the word is not known", remedy).value(name));
    }
    found
}

fn programme(section: &Section<'_>, names: &ColumnNames) -> Programme {
    let id = section.need_text("id", "give it a short one, such as lffn").unwrap_or_default();
    if !section.has("eligible") && !section.has("preset") {
        section.missing("eligible", "say who is eligible; eligible = {} is everybody");
    }
    let share = |key: &str, default: Share| section.share(key).unwrap_or(default);
    Programme {
        name: shown(section.text("name").unwrap_or(id)),
        budget: budget(section).unwrap_or(Budget::Total(Pence::ZERO)),
        eligible: clause_at(section, "eligible", names),
        pays_for: pays_for(section).unwrap_or_default(),
        cap: cap(section),
        cap_scope: cap_scope(section, names),
        intervention_rate: share("intervention_rate", Share::ONE),
        rate_basis: section
            .word("rate_basis", &[("item", RateBasis::Item), ("programme", RateBasis::Programme)])
            .unwrap_or_default(),
        min_share: share("min_share", Share::ZERO),
        overhead: share("overhead", Share::ZERO),
        not_with: not_with(section),
        window: window(section),
        min_sites: section.count("min_sites").unwrap_or(0),
        min_sites_required: section.flag("min_sites_required").unwrap_or(false),
        preset: section.text("preset").map(str::to_owned),
        ..Programme::new(id, Pence::ZERO)
    }
}

fn budget(section: &Section<'_>) -> Option<Budget> {
    let carry_over = carry_over(section);
    match (section.has("budget_gbp"), section.has("budget_by_year_gbp")) {
        (true, false) => {
            if carry_over.is_some() {
                let fault = Fault::new(
                    "P131",
                    "without budget_by_year_gbp nothing can be carried over",
                    "drop the key, or state the budget by year",
                );
                section.fault("carry_over", fault);
            }
            section.money("budget_gbp").map(Budget::Total)
        }
        (false, true) => {
            let table = section.section("budget_by_year_gbp")?;
            let mut by_year = BTreeMap::new();
            for name in table.names() {
                let year = year(&table, name, name);
                by_year.extend(year.zip(table.money(name)));
            }
            Some(Budget::ByYear { by_year, carry_over: carry_over.unwrap_or_default() })
        }
        (both, _) => {
            let cause = if both { "the budget is stated twice" } else { "there is no budget" };
            let remedy = "state either budget_gbp or budget_by_year_gbp";
            section.fault("budget_gbp", Fault::new("P130", cause, remedy));
            None
        }
    }
}

/// `true`, `false`, a share of the year's own budget, or a table with the most that moves on.
fn carry_over(section: &Section<'_>) -> Option<CarryOver> {
    match section.any("carry_over")? {
        Node::Flag(all) => Some(if *all { CarryOver::All } else { CarryOver::None }),
        Node::Number(_) => section.share("carry_over").map(CarryOver::Share),
        Node::Table(_) => {
            let table = section.checked("carry_over", "programmes[].carry_over")?;
            let most = table.need_money("at_most_gbp", "state the most that moves on")?;
            Some(CarryOver::AtMost(most))
        }
        other => {
            section.wrong("carry_over", other, "true, false, a share or { at_most_gbp = ... }");
            None
        }
    }
}

/// A year of a text, with a fault at `key` when it is none.
pub(crate) fn year(section: &Section<'_>, key: &str, text: &str) -> Option<Year> {
    let year = Year::from_text(text);
    if year.is_none() {
        let fault = Fault::new(
            "P105",
            "this is not a year",
            "write a financial year as \"2019-20\" or a calendar year as \"2019\"",
        );
        section.fault(key, fault.value(text));
    }
    year
}

fn pays_for(section: &Section<'_>) -> Option<PaysFor> {
    let mut pays_for = PaysFor { drop: false, span: false, exchange: false };
    for word in section.texts("pays_for")? {
        match word.as_str() {
            "drop" => pays_for.drop = true,
            "span" => pays_for.span = true,
            "exchange" => pays_for.exchange = true,
            other => section.unknown_word("pays_for", other, ["drop", "span", "exchange"]),
        }
    }
    Some(pays_for)
}

/// One cap for all kinds, or a table of caps by kind.
fn cap(section: &Section<'_>) -> Cap {
    if let Some(Node::Table(_)) = section.any("cap_gbp") {
        let Some(table) = section.section("cap_gbp") else { return Cap::default() };
        let cap = |kind: &str| Some((kind.to_owned(), table.money(kind)?));
        return Cap { any: None, by_kind: table.names().filter_map(cap).collect() };
    }
    Cap { any: section.money("cap_gbp"), by_kind: BTreeMap::new() }
}

fn cap_scope(section: &Section<'_>, names: &ColumnNames) -> CapScope {
    let words =
        [("site", CapWord::Site), ("group", CapWord::Group), ("programme", CapWord::Programme)];
    let scope = section.word("cap_scope", &words).unwrap_or(CapWord::Site);
    let column = section.text("group_column");
    match (scope, column) {
        (CapWord::Group, Some(column)) => CapScope::Group { column: theirs(column, names) },
        (CapWord::Group, None) => {
            let fault =
                Fault::new("P132", "nothing says which sites are one group", "name a group_column");
            section.fault("group_column", fault);
            CapScope::Site
        }
        (_, Some(column)) => {
            let fault = Fault::new(
                "P133",
                "a group column has no effect under this cap scope",
                "write cap_scope = \"group\", or drop the key",
            );
            section.fault("group_column", fault.value(column));
            CapScope::Site
        }
        (CapWord::Site, None) => CapScope::Site,
        (CapWord::Programme, None) => CapScope::Programme,
    }
}

#[derive(Clone, Copy)]
enum CapWord {
    Site,
    Group,
    Programme,
}

/// Ids of programmes barred from the same item, or tables that say from what.
fn not_with(section: &Section<'_>) -> Vec<Bar> {
    let list = section.list("not_with").unwrap_or_default();
    if list.iter().all(|entry| matches!(entry.node, Node::Text(_))) {
        let bar = |programme: String| Bar { programme, scope: BarScope::Item };
        return section.texts("not_with").unwrap_or_default().into_iter().map(bar).collect();
    }
    let words = [("item", BarScope::Item), ("site", BarScope::Site)];
    let bar = |table: Section<'_>| {
        table.check_keys("programmes[].not_with[]");
        let scope = table.word("scope", &words).unwrap_or_default();
        let programme = table.need_text("programme", "name the other programme")?.to_owned();
        Some(Bar { programme, scope })
    };
    section.sections("not_with").into_iter().filter_map(bar).collect()
}

fn window(section: &Section<'_>) -> Option<(Year, Year)> {
    let texts = section.texts("window")?;
    let [first, last] = texts.as_slice() else {
        let fault = Fault::new(
            "P134",
            "a window is two years, the first and the last",
            "write window = [\"2019-20\", \"2020-21\"]",
        );
        section.fault("window", fault);
        return None;
    };
    let years = (year(section, "window", first), year(section, "window", last));
    years.0.zip(years.1)
}
