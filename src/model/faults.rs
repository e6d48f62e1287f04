//! What is wrong with the settings of a scenario, and with its tables under those settings.
//!
//! What for: a scenario built or changed in Rust gets the same faults as one read from files. In: a
//! [`Scenario`](crate::model::Scenario). Out: all faults, or all notices; a field is named by its path in
//! `scenario.toml` (`programmes[2].window`, counted from 1). It does not judge single rows:
//! [`TablesDraft::build`] does.
//!
//! [`TablesDraft::build`]: crate::model::TablesDraft::build

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Deref;

use crate::error::{Fault, Subject};
use crate::model::amounts::amount_faults;
use crate::model::clause_faults::clause_faults;
use crate::model::found::Found;
use crate::model::objective::{COST, COVERAGE_YEARS, NET_BENEFIT, PREMISES, SITES};
use crate::model::programme_faults::programme_faults;
use crate::model::schedule_faults::schedule_faults;
use crate::model::suggestion::{nearest, suggestion};
use crate::model::table_facts::TableFacts;
use crate::model::{
    CrossingPrice, NetworkSettings, NetworkSource, Objective, Price, Quantity, ScenarioParts, Site,
    Tables, price_piece,
};
use crate::units::{Millimetres, Number, Pence, Weight};

/// The parts of a scenario, with what is known about its tables.
struct Case<'a> {
    parts: &'a ScenarioParts,
    facts: &'a TableFacts,
}

impl Deref for Case<'_> {
    type Target = ScenarioParts;

    fn deref(&self) -> &ScenarioParts {
        self.parts
    }
}

/// All faults of the parts of a scenario.
pub(super) fn faults_of(parts: &ScenarioParts, facts: &TableFacts) -> Vec<Fault> {
    let scenario = &Case { parts, facts };
    let mut found = Found::default();
    name_faults(scenario, &mut found);
    network_faults(scenario, &mut found);
    rate_card_faults(scenario, &mut found);
    crossing_faults(scenario, &mut found);
    objective_faults(scenario, &mut found);
    weight_faults(scenario, &mut found);
    programme_faults(scenario, &mut found);
    rule_faults(scenario, &mut found);
    schedule_faults(scenario, &mut found);
    table_faults(scenario, &mut found);
    found.0.extend(amount_faults(parts));
    found.0.extend(facts.faults.iter().cloned());
    found.0.extend(clause_value_faults(scenario, &scenario.tables.sites.rows));
    found.0
}

/// A longer name may be too long for a folder, with what is put before and after it.
const LONGEST_NAME: usize = 128;

fn name_faults(scenario: &Case<'_>, found: &mut Found) {
    if let Some(fault) = name_fault(&scenario.name) {
        found.add("name", fault);
    }
    for pair in scenario.years.windows(2) {
        if pair[0].financial != pair[1].financial {
            let fault = Fault::new(
                "P101",
                "calendar and financial years are mixed",
                "use one kind: 2019 or 2019-20",
            );
            found.add("years", fault.value(pair[1].to_string()));
        } else if pair[0].start >= pair[1].start {
            let fault =
                Fault::new("P102", "the years are not in order", "list each year once, in order");
            found.add("years", fault.value(pair[1].to_string()));
        }
    }
}

/// What is wrong with the name of a scenario.
pub(crate) fn name_fault(name: &str) -> Option<Fault> {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if name.len() > LONGEST_NAME {
        let cause = format!("the name is longer than {LONGEST_NAME} letters");
        let fault = Fault::new("F108", cause, "choose a short name; it names the output folder");
        return Some(fault.value(name));
    }
    if name.is_empty() || !name.chars().all(plain) || name.starts_with('-') {
        let fault = Fault::new(
            "F108",
            "the name is not made of a-z, 0-9 and -",
            "choose a short name such as devon-cornwall; it names the output folder",
        );
        return Some(fault.value(name));
    }
    None
}

fn network_faults(scenario: &Case<'_>, found: &mut Found) {
    let NetworkSettings { from, detour_millionths, max_link, method, .. } = &scenario.network;
    if *from == NetworkSource::Spans {
        if scenario.tables.spans.is_empty() {
            let fault = Fault::new(
                "N130",
                "the network has no spans",
                "give it spans, or name another `from`",
            );
            found.add("network.from", fault.about(Subject::Network).value("spans"));
        }
        if !method.is_empty() {
            method_fault(scenario, method, "network.method", found);
        }
        return;
    }
    if !(1_000_000..=100_000_000).contains(detour_millionths) {
        let fault = Fault::new(
            "N131",
            "the detour is not between 1 and 100",
            "state route length over straight length, such as 1.3",
        );
        found.add("network.detour", fault.value(decimal(*detour_millionths, 6)));
    }
    if *max_link == Millimetres::ZERO || *max_link > Millimetres::new(1_000_000_000) {
        let fault = Fault::new(
            "N132",
            "the longest link is not between 0.001 and 1,000,000 m",
            "state the longest straight link that may be made, such as 5000",
        );
        found.add("network.max_link_m", fault.value(max_link.to_string()));
    }
    method_fault(scenario, method, "network.method", found);
}

/// A whole number of `10^-places` as a decimal without needless zeros.
fn decimal(scaled: u64, places: u32) -> String {
    let unit = 10_u64.pow(places);
    let text = format!("{}.{:0width$}", scaled / unit, scaled % unit, width = places as usize);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

fn method_fault(scenario: &Case<'_>, method: &str, path: &str, found: &mut Found) {
    let methods = &scenario.rate_card.methods;
    if !methods.contains_key(method) {
        let remedy = suggestion(method, methods.keys().map(String::as_str));
        let fault = Fault::new("R101", "the rate card has no such method", remedy);
        found.add(path, fault.value(method));
    }
}

fn rate_card_faults(scenario: &Case<'_>, found: &mut Found) {
    let card = &scenario.rate_card;
    if card.methods.is_empty() {
        let remedy = "state at least one: methods.soft_verge = { gbp_per_m = 25.00 }";
        found.add("rate_card.methods", Fault::new("R102", "there are no methods", remedy));
        return;
    }
    match &card.lead_in_method {
        Some(method) => method_fault(scenario, method, "rate_card.lead_in_method", found),
        None if scenario.network.from == NetworkSource::Spans => {
            let fault = Fault::new(
                "R103",
                "nothing prices the lead-in from a building to its span",
                "name one of the methods as lead_in_method",
            );
            found.add("rate_card.lead_in_method", fault);
        }
        None => {}
    }
    let highest = scenario.schedule.price_index.values().max();
    let highest = highest.map_or(1, |level| i128::from(level.millionths().div_ceil(1_000_000)));
    if most_it_could_cost(scenario).saturating_mul(highest.max(1)) > i128::from(i64::MAX / 4) {
        let fault = Fault::new(
            "R104",
            "everything together could cost more than can be counted in pence",
            "look for a rate, cost or length that is far too large",
        );
        found.add("rate_card", fault);
    }
}

/// Most that one crossing can cost, so that all of them can be counted in pence.
const DEAREST_CROSSING: Pence = Pence::from_whole_pounds(100_000_000);

fn crossing_faults(scenario: &Case<'_>, found: &mut Found) {
    let (card, lines) = (&scenario.rate_card, &scenario.tables.crossings);
    for kind in lines.kinds.iter().filter(|kind| !card.crossings.contains_key(*kind)) {
        let remedy = format!(
            "state it, 0 for none: crossings.{kind} = {{ gbp = 15000 }}; or leave such lines out"
        );
        let fault = Fault::new("R107", "nothing says what crossing such a line costs", remedy);
        found.add("rate_card.crossings", fault.value(kind));
    }
    for (kind, CrossingPrice { price, bridged, not_for, .. }) in &card.crossings {
        let path = format!("rate_card.crossings.{kind}");
        let fine = |price: Pence| (Pence::ZERO..=DEAREST_CROSSING).contains(&price);
        for price in [Some(*price), *bridged].into_iter().flatten().filter(|price| !fine(*price)) {
            let fault = Fault::new(
                "R108",
                "the price of a crossing is out of range",
                "state pounds, from 0 to 100,000,000",
            );
            found.add(&path, fault.value(price.to_string()));
        }
        for method in not_for {
            method_fault(scenario, method, &format!("{path}.not_for"), found);
        }
    }
}

/// No two places on one plane are further apart.
const FARTHEST: Millimetres = Millimetres::new(25_000_000_000);

/// An upper limit on the price of everything, in pence; crossings have a limit of their own.
fn most_it_could_cost(scenario: &Case<'_>) -> i128 {
    let (card, tables) = (&scenario.rate_card, &scenario.tables);
    let pence = |amount: crate::units::Pence| i128::from(amount.get());
    let drops = tables.sites.rows.iter().map(|site| pence(site.drop.unwrap_or(card.drop)));
    let exchanges = tables.exchanges.rows.iter().map(|exchange| pence(exchange.enable));
    let facts = scenario.facts;
    let spans = facts.methods.iter().filter_map(|(name, own)| {
        let rate = card.methods.get(name)?.rate.ten_thousandths();
        let length = i128::try_from(own.length_mm).unwrap_or(i128::MAX);
        // Each price is rounded up by less than a penny.
        let laid = i128::from(rate).saturating_mul(length) / 100_000 + i128::from(own.count);
        Some(laid + own.stated_pence)
    });
    let points = tables.sites.rows.len() + tables.exchanges.rows.len() + tables.waypoints.len();
    let link = card.methods.get(&scenario.network.method).map_or(0, |method| {
        let length = scenario.network.link_length(scenario.network.max_link);
        pence(price_piece(Price::PerMetre(method.rate), Millimetres::ZERO, length))
    });
    // A planar graph has fewer than three edges a node.
    let links = 3 * link * i128::try_from(points).unwrap_or(i128::MAX / 8);
    let lead_in = card.lead_in_method.as_ref().and_then(|name| card.methods.get(name));
    let lead_in =
        lead_in.filter(|_| scenario.network.from == NetworkSource::Spans).map_or(0, |method| {
            let length = scenario.network.snap_limit.min(FARTHEST);
            pence(price_piece(Price::PerMetre(method.rate), Millimetres::ZERO, length))
        });
    let joined = i128::try_from(tables.sites.rows.len() + tables.exchanges.rows.len());
    let lead_ins = lead_in * joined.unwrap_or(i128::MAX / 8);
    drops.chain(exchanges).chain(spans).sum::<i128>() + links + lead_ins
}

fn objective_faults(scenario: &Case<'_>, found: &mut Found) {
    match &scenario.objective {
        Objective::Maximise(names) => {
            if names.is_empty() {
                let fault =
                    Fault::new("O101", "nothing is maximised", "name a weight, or \"sites\"");
                found.add("objective.maximise", fault);
            }
            for (place, name) in names.iter().enumerate() {
                weight_name_fault(scenario, name, "objective.maximise", found);
                if names[..place].contains(name) {
                    let fault =
                        Fault::new("O102", "the weight appears twice in the list", "name it once");
                    found.add("objective.maximise", fault.value(name));
                }
            }
        }
        Objective::MinimiseCostFor { weight, .. } => {
            weight_name_fault(scenario, weight, "objective.minimise_cost_for.weight", found);
        }
        Objective::MaximiseNetBenefit { per_unit } => value_faults(scenario, per_unit, found),
    }
}

fn value_faults(scenario: &Case<'_>, per_unit: &BTreeMap<String, Pence>, found: &mut Found) {
    const PATH: &str = "objective.maximise_net_benefit.gbp_per_unit";
    if per_unit.is_empty() {
        let remedy = "name a weight and what a unit of it is worth, such as { patients = 25.00 }";
        found.add(PATH, Fault::new("O101", "nothing is maximised", remedy));
    }
    for (name, &each) in per_unit {
        weight_name_fault(scenario, name, PATH, found);
        if each < Pence::ZERO {
            let remedy = "state zero or more pounds a unit; keep sites out by rules.forbidden";
            let fault =
                Fault::new("O108", "a unit of the weight is worth less than nothing", remedy);
            found.add(&format!("{PATH}.{name}"), fault.value(each.to_string()));
        }
    }
    let own = |name: &String, site| {
        let weighed = scenario.weight(name, site);
        weighed.map_or(0, |weighed| i128::from(weighed.weight.thousandths()))
    };
    let worth = |site| -> i128 {
        per_unit.iter().map(|(name, each)| i128::from(each.get()) * own(name, site)).sum()
    };
    if scenario.tables.sites.rows.iter().map(worth).sum::<i128>() > 1 << 58 {
        let cause = "what all sites are worth adds up to more than can be counted";
        let remedy = "state less; all sites together may be worth some £2,800,000 million";
        found.add(PATH, Fault::new("O106", cause, remedy));
    }
}

fn weight_name_fault(scenario: &Case<'_>, name: &str, path: &str, found: &mut Found) {
    let known = scenario.weights.iter().map(|weight| weight.name.as_str());
    if name == PREMISES {
        premises_faults(scenario, path, found);
    } else if name != SITES && !known.clone().any(|known| known == name) {
        let remedy = format!(
            "state it under [weights.{name}], or use another; {}",
            suggestion(name, known.chain([SITES, PREMISES]))
        );
        let fault = Fault::new("O103", "there is no such weight", remedy);
        found.add(path, fault.value(name));
    }
}

fn premises_faults(scenario: &Case<'_>, path: &str, found: &mut Found) {
    let premises = scenario.facts.premises_in_reach(scenario.network.from);
    let fault = if premises == 0 {
        let remedy =
            "give waypoints a column, or spans a property, premises_passed; or name another weight";
        Fault::new("O109", "nothing in the network has premises to pass", remedy)
    } else if premises > i64::MAX.unsigned_abs() / 4000 {
        let cause = "the premises add up to more than can be counted";
        Fault::new("O106", cause, "count them in a larger unit")
    } else {
        return;
    };
    found.add(path, fault.value(PREMISES));
}

fn weight_faults(scenario: &Case<'_>, found: &mut Found) {
    let columns = &scenario.tables.sites.columns;
    let in_use = weights_in_use(scenario);
    let mut seen = BTreeSet::new();
    for weight in &scenario.weights {
        let path = format!("weights.{}", weight.name);
        let reserved =
            [SITES, PREMISES, COST, NET_BENEFIT, COVERAGE_YEARS].contains(&weight.name.as_str());
        if reserved || !seen.insert(&weight.name) {
            let fault = Fault::new(
                "O104",
                "the name of the weight is taken",
                "choose another; \"sites\" always counts every site as one, \"premises_passed\" the premises \
                 along what is built; \"cost\" and \"net_benefit\" are results",
            );
            found.add(&path, fault.value(&weight.name));
        } else if !columns.contains(&weight.column) {
            let remedy = suggestion(&weight.column, columns.iter().map(String::as_str));
            let fault = Fault::new("O105", "the sites have no such column", remedy);
            let fault = fault.about(Subject::SiteTable).value(&weight.column);
            found.add(&format!("{path}.column"), fault);
        } else if in_use.contains(weight.name.as_str()) {
            site_weight_faults(scenario, &weight.name, &weight.column, found);
        }
    }
}

fn weights_in_use(scenario: &ScenarioParts) -> BTreeSet<&str> {
    let limits = scenario.rules.limits.iter().filter_map(|limit| match &limit.quantity {
        Quantity::Weight(name) => Some(name.as_str()),
        Quantity::Pounds => None,
    });
    scenario.objective_weights().into_iter().chain(limits).collect()
}

/// Sites that could be chosen and whose weight is missing or no number.
fn site_weight_faults(scenario: &Case<'_>, name: &str, column: &str, found: &mut Found) {
    let mut sum = 0_i128;
    for site in could_be_chosen(scenario, &scenario.tables.sites.rows) {
        match site_weight(scenario, name, column, site) {
            Ok(weight) => sum += i128::from(weight.thousandths()),
            Err(fault) => found.0.push(fault),
        }
    }
    if sum > i128::from(i64::MAX / 4) {
        let fault = Fault::new(
            "O106",
            "the weights of all sites add up to more than can be counted",
            "state the weight in a larger unit",
        );
        found.add(&format!("weights.{name}"), fault);
    }
}

/// The sites whose values can matter: those that are neither connected already nor forbidden.
fn could_be_chosen<'a>(
    scenario: &'a ScenarioParts,
    sites: &'a [Site],
) -> impl Iterator<Item = &'a Site> + 'a {
    let forbidden: BTreeSet<&String> = scenario.rules.forbidden.iter().collect();
    sites.iter().filter(move |site| !site.already_connected && !forbidden.contains(&site.id))
}

/// The weight of a site, or the fault of its cell.
#[allow(clippy::result_large_err)] // faults are few and collected at once
fn site_weight(
    scenario: &ScenarioParts,
    name: &str,
    column: &str,
    site: &Site,
) -> Result<Weight, Fault> {
    if let Some(weighed) = scenario.weight(name, site) {
        return Ok(weighed.weight);
    }
    let cell = scenario.tables.site_cell(site, column).unwrap_or("").trim();
    let fault = if scenario.tables.is_missing(cell) {
        Fault::new(
            "S130",
            format!("{} {:?} has no {name}, and no default is stated", site.kind, site.id),
            format!("state weights.{name}.missing_by_kind.{}, or forbid the site", site.kind),
        )
    } else {
        let reason = Weight::from_table(cell).err();
        let reason = reason.map_or_else(String::new, |reason| format!(" ({reason})"));
        Fault::new(
            "S131",
            format!("the weight is not a number of zero or more{reason}"),
            "write a plain number of zero or more, such as 1250",
        )
        .value(cell)
    };
    let file = table_name(&scenario.tables.sites.file, "sites");
    Err(fault.about(Subject::SiteWeight).at(file, Some(site.row), column))
}

/// What is wrong with the cells of sites that weights and clauses look at.
///
/// Rows that have other faults are judged too, so that none hides another.
pub(crate) fn value_faults_of(scenario: &ScenarioParts, sites: &[Site]) -> Vec<Fault> {
    let in_use = weights_in_use(scenario);
    let columns = &scenario.tables.sites.columns;
    let weights = scenario
        .weights
        .iter()
        .filter(|weight| in_use.contains(weight.name.as_str()) && columns.contains(&weight.column));
    let mut found = Vec::new();
    for weight in weights {
        let faults = could_be_chosen(scenario, sites)
            .filter_map(|site| site_weight(scenario, &weight.name, &weight.column, site).err());
        found.extend(faults);
    }
    found.extend(clause_value_faults(scenario, sites));
    found
}

/// Columns of the sites that clauses of programmes and limits compare with numbers.
pub(crate) fn clause_number_columns(scenario: &ScenarioParts) -> BTreeSet<String> {
    let mut columns = BTreeSet::new();
    for programme in &scenario.programmes {
        programme.eligible.add_number_columns(&mut columns);
    }
    for limit in &scenario.rules.limits {
        limit.clause.add_number_columns(&mut columns);
    }
    columns
}

/// Cells that a clause compares with a number, and that are there but hold none: they are not missing.
fn clause_value_faults(scenario: &ScenarioParts, sites: &[Site]) -> Vec<Fault> {
    let in_use = weights_in_use(scenario);
    let mut columns = clause_number_columns(scenario);
    // Those of weights are reported as such.
    for weight in scenario.weights.iter().filter(|weight| in_use.contains(weight.name.as_str())) {
        columns.remove(&weight.column);
    }
    let tables = &scenario.tables;
    let file = table_name(&tables.sites.file, "sites");
    let mut found = Vec::new();
    for site in could_be_chosen(scenario, sites) {
        for column in &columns {
            let cell = tables.site_cell(site, column).unwrap_or_default().trim();
            if tables.is_missing(cell) {
                continue;
            }
            if let Err(reason) = Number::read(cell) {
                let cause =
                    format!("a value that a clause tests cannot be read as a number ({reason})");
                let remedy = "correct it, or list the word under sites.missing";
                let fault = Fault::new("S144", cause, remedy).value(cell);
                let fault = fault.about(Subject::TestedValue);
                found.push(fault.at(file, Some(site.row), column));
            }
        }
    }
    found
}

/// The file of a table for messages, or its word when the rows came from Rust.
pub(crate) fn table_name<'a>(file: &'a str, word: &'a str) -> &'a str {
    if file.is_empty() { word } else { file }
}

fn rule_faults(scenario: &Case<'_>, found: &mut Found) {
    let rules = &scenario.rules;
    let tables = &scenario.tables;
    let forbidden: BTreeSet<&String> = rules.forbidden.iter().collect();
    for id in &rules.required {
        known_site(tables, id, "rules.required", found);
        let connected = tables.site_by_id(id).is_some_and(|ix| tables.site(ix).already_connected);
        if connected {
            let fault = Fault::new(
                "O121",
                "the required site has fibre already and is never bought",
                "leave it out of the list",
            );
            found.add("rules.required", fault.about(Subject::SiteTable).value(id));
        }
        if forbidden.contains(id) {
            let fault = Fault::new(
                "O122",
                "the site is both required and forbidden",
                "choose one of the two",
            );
            found.add("rules.required", fault.value(id));
        }
    }
    for id in &rules.forbidden {
        known_site(tables, id, "rules.forbidden", found);
    }
    for (place, group) in rules.groups.iter().enumerate() {
        let path = format!("rules.groups[{}].ids", place + 1);
        for id in group {
            known_site(tables, id, &path, found);
        }
        let distinct: BTreeSet<&String> = group.iter().collect();
        if distinct.len() < 2 {
            let fault = Fault::new(
                "O123",
                "a group needs two sites or more",
                "name them, or drop the group",
            );
            found.add(&path, fault);
        }
    }
    for (place, limit) in rules.limits.iter().enumerate() {
        let path = format!("rules.limits[{}]", place + 1);
        clause_faults(&limit.clause, tables, &format!("{path}.where"), found);
        if let Quantity::Weight(name) = &limit.quantity {
            if name == PREMISES {
                let fault = Fault::new(
                    "O110",
                    "premises are passed by routes, not by the sites of a clause",
                    "make premises_passed an objective, or limit another weight",
                );
                found.add(&format!("{path}.weight"), fault.value(name));
            } else {
                weight_name_fault(scenario, name, &format!("{path}.weight"), found);
            }
        }
        let reversed = limit.at_least.zip(limit.at_most).is_some_and(|(least, most)| least > most);
        if limit.at_least.is_none() && limit.at_most.is_none() || reversed {
            let fault = Fault::new(
                "O124",
                "the limit allows everything or nothing",
                "state at_least, at_most, or both with at_least the smaller",
            );
            found.add(&path, fault);
        }
    }
    for (path, zero) in [
        ("rules.max_reach_m", rules.max_reach_mm == Some(0)),
        ("rules.max_hops", rules.max_hops == Some(0)),
    ] {
        if zero {
            let fault =
                Fault::new("O125", "the limit lets nothing be built", "leave it out, or raise it");
            found.add(path, fault.value("0"));
        }
    }
}

/// After this many faults no similar names are looked for among all sites.
pub(crate) const MOST_HINTS: usize = 100;

fn known_site(tables: &Tables, id: &str, path: &str, found: &mut Found) {
    if tables.site_by_id(id).is_none() {
        // Where a whole list is of other sites, looking for a near one each time would take forever.
        let asked = if found.0.len() < MOST_HINTS { &tables.sites.rows[..] } else { &[] };
        let ids = asked.iter().map(|site| site.id.as_str());
        let near = nearest(id, ids).map(|near| format!("; did you mean {near}?"));
        let remedy = format!("take it off the list{}", near.unwrap_or_default());
        let fault = Fault::new("O120", "there is no such site", remedy).value(id);
        found.add(path, fault.about(Subject::NamedSite));
    }
}

/// The fault of a span whose method the rate card lacks.
pub(crate) fn unknown_method<'a>(method: &str, known: impl IntoIterator<Item = &'a str>) -> Fault {
    let remedy = suggestion(method, known);
    let fault = Fault::new("N120", "the rate card has no such method", remedy).value(method);
    fault.about(Subject::Method)
}

/// Rows that are sound by themselves, but not beside the settings or each other.
fn table_faults(scenario: &Case<'_>, found: &mut Found) {
    let tables = &scenario.tables;
    let methods = &scenario.rate_card.methods;
    let network = tables.inputs.iter().find(|input| input.role == "network");
    let network = network.map_or("network", |input| input.file.as_str());
    // Where the method of spans that name none is not there, that is reported once.
    let told = &scenario.network.method;
    let unknown = |method: &String| !methods.contains_key(method) && method != told;
    let any_unknown = scenario.facts.methods.keys().any(unknown);
    for span in tables.spans.iter().filter(|span| any_unknown && unknown(&span.method)) {
        let fault = unknown_method(&span.method, methods.keys().map(String::as_str));
        found.0.push(fault.at(network, Some(span.row), "method"));
    }
    let file = table_name(&tables.sites.file, "sites");
    for site in &tables.sites.rows {
        let Some(building) = &site.building_id else { continue };
        let namesake = tables.site_by_id(building).map(|ix| tables.site(ix));
        if namesake.is_some_and(|other| other.building_id.as_ref() != Some(building)) {
            let fault = Fault::new(
                "S150",
                "the building has the id of a site that is not in it",
                "give that site the same building_id, or rename the building",
            );
            found.0.push(fault.value(building).at(file, Some(site.row), "building_id"));
        }
    }
}
