//! Amounts and orders that no scenario from files has, and that one built or changed in Rust may have.
//!
//! What for: a price below zero would pay for a plan, and tables out of order hide their rows; readers of files refuse
//! the one where it stands, and [`TablesDraft::build`](crate::model::TablesDraft::build) makes the other. In: the
//! parts of a scenario, or its tables alone. Out: faults (R109, O111; of rows the codes that files get).

use crate::error::Fault;
use crate::model::{Objective, ScenarioParts, Tables};
use crate::units::{Pence, Rate, Weight};

/// Prices, weights and limits of the settings that are below zero.
pub(super) fn amount_faults(parts: &ScenarioParts) -> Vec<Fault> {
    let mut found = Vec::new();
    let mut price = |path: String, is_below: bool, value: String| {
        if is_below {
            let fault = Fault::new("R109", "the price is below zero", "state zero or more pounds");
            found.push(fault.value(value).at("", None, &path));
        }
    };
    let card = &parts.rate_card;
    price("rate_card.drop_gbp".to_owned(), card.drop < Pence::ZERO, card.drop.to_string());
    for (name, method) in &card.methods {
        let rent = method.rent.map(|rent| ("rent_gbp_per_m_year", rent.per_year));
        for (key, rate) in [("gbp_per_m", method.rate)].into_iter().chain(rent) {
            let is_below = rate < Rate::from_ten_thousandths(0);
            price(format!("rate_card.methods.{name}.{key}"), is_below, rate.to_string());
        }
    }
    for (path, weight) in weights(parts) {
        if weight < Weight::ZERO {
            let remedy = "state zero or more; keep sites out by rules.forbidden";
            let fault = Fault::new("O111", "the weight is below zero", remedy);
            found.push(fault.value(weight.to_string()).at("", None, &path));
        }
    }
    found
}

/// Every weight that the settings state, by its path.
fn weights(parts: &ScenarioParts) -> Vec<(String, Weight)> {
    let mut all = Vec::new();
    for own in &parts.weights {
        let path = format!("weights.{}.missing", own.name);
        let by_kind = own.missing.by_kind.iter();
        all.extend(by_kind.map(|(kind, &weight)| (format!("{path}_by_kind.{kind}"), weight)));
        all.extend(own.missing.any.map(|weight| (path, weight)));
    }
    if let Objective::MinimiseCostFor { at_least, .. } = &parts.objective {
        all.push(("objective.minimise_cost_for.at_least".to_owned(), *at_least));
    }
    for (place, limit) in parts.rules.limits.iter().enumerate() {
        let path = format!("rules.limits[{}]", place + 1);
        let both = [("at_least", limit.at_least), ("at_most", limit.at_most)];
        let stated = both.into_iter().filter_map(|(key, weight)| Some((key, weight?)));
        all.extend(stated.map(|(key, weight)| (format!("{path}.{key}"), weight)));
    }
    all
}

/// Rows of tables with a price below zero, or that do not stand in the order in which they are looked up.
pub(super) fn row_faults(tables: &Tables) -> Vec<Fault> {
    let network = tables.inputs.iter().find(|input| input.role == "network");
    let network = network.map_or("", |input| input.file.as_str());
    let mut found = Vec::new();
    let mut priced = |(file, word): (&str, &str), code, (row, field), price: Option<Pence>| {
        if let Some(price) = price.filter(|&price| price < Pence::ZERO) {
            let fault = Fault::new(
                code,
                "this is not pounds of 0 or more (negative)",
                "write pounds of 0 or more",
            );
            let file = if file.is_empty() { word } else { file };
            found.push(fault.value(price.to_string()).at(file, Some(row), field));
        }
    };
    let (sites, exchanges) = (&tables.sites, &tables.exchanges);
    for site in &sites.rows {
        priced((&sites.file, "sites"), "S142", (site.row, "drop_gbp"), site.drop);
    }
    for own in &exchanges.rows {
        priced((&exchanges.file, "exchanges"), "X131", (own.row, "enable_gbp"), Some(own.enable));
    }
    for span in &tables.spans {
        priced((network, "network"), "N124", (span.row, "cost_gbp"), span.cost);
    }
    let mut ordered = |code, file: &str, unordered: Option<&str>| {
        if let Some(id) = unordered {
            let cause = "the rows are not sorted by their ids, each of its own";
            let fault = Fault::new(code, cause, "make the tables by TablesDraft::build");
            found.push(fault.value(id).at(file, None, "id"));
        }
    };
    ordered("S103", "sites", unordered(sites.rows.iter().map(|row| row.id.as_str())));
    ordered("X103", "exchanges", unordered(exchanges.rows.iter().map(|row| row.id.as_str())));
    ordered("N103", "network", unordered(tables.spans.iter().map(|span| span.id.as_str())));
    found
}

/// The first id that does not come after the one before it.
fn unordered<'a>(ids: impl Iterator<Item = &'a str> + Clone) -> Option<&'a str> {
    ids.clone().zip(ids.skip(1)).find(|(one, next)| one >= next).map(|(_, next)| next)
}
