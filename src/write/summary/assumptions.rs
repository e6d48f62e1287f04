//! What a plan rests on: what is assumed, and what was noticed about the input.

use crate::error::Fault;
use crate::model::{NetworkSource, Programme, Scenario, Uplift};
use crate::report::Report;
use crate::units::Pence;
use crate::write::crossings;
use crate::write::text::{count, counted, gbp, metres, one_line, weight};

/// By how much all prices have been raised, if they have.
fn uplift(uplift: &Uplift) -> Option<String> {
    (!uplift.is_none()).then(|| {
        let decimal = |millionths: u64| {
            let text = format!("{}.{:06}", millionths / 1_000_000, millionths % 1_000_000);
            text.trim_end_matches('0').trim_end_matches('.').to_owned()
        };
        format!(
            "All prices are raised: times a price index of {}, and a share of {} for optimism.",
            decimal(uplift.price_index_millionths),
            decimal(uplift.optimism_bias_millionths)
        )
    })
}

/// What things cost in each year, where that is stated.
fn price_years(scenario: &Scenario) -> Option<String> {
    let years =
        scenario.years.iter().map(|&year| format!("{} in {year}", scenario.price_level(year)));
    let years: Vec<String> = years.collect();
    (!scenario.schedule.price_index.is_empty())
        .then(|| format!("Prices of each year over those of the rate card: {}.", years.join(", ")))
}

/// What the plan rests on most, before any figure: exchanges that are not real, prices and weights that nobody
/// recorded, lengths that nobody surveyed.
pub(in crate::write) fn key_assumptions(scenario: &Scenario, report: &Report) -> Vec<String> {
    let mut lines = Vec::new();
    lines.extend(synthetic(scenario));
    lines.extend(default_prices(scenario));
    lines.extend(detour(scenario));
    for (kind, assumed, sites) in &report.assumed {
        lines.push(format!(
            "No value of {}: {} of kind {}, {} assumed for each.",
            one_line(&report.weight),
            counted(*sites, "site"),
            one_line(kind),
            weight(*assumed)
        ));
    }
    let methods = scenario.rate_card.methods.iter();
    let bare: Vec<String> = methods
        .filter(|(_, method)| method.source.is_none())
        .map(|(name, _)| one_line(name))
        .collect();
    if !bare.is_empty() {
        lines.push(format!("Rates without a source: {}.", bare.join(", ")));
    }
    if lines.is_empty() {
        lines.push("Nothing but what the tables and the rate card state.".to_owned());
    }
    lines
}

/// Exchanges that stand in for real ones, according to their table.
fn synthetic(scenario: &Scenario) -> Option<String> {
    let says = |text: &str| text.to_lowercase().contains("synthetic");
    let table = &scenario.tables.exchanges;
    let all = says(&table.file);
    let own = table.rows.iter().filter(|row| all || says(&row.name) || says(&row.id)).count();
    (own > 0).then(|| {
        format!(
            "Synthetic, as their table says: {} of {}. They stand in for real ones, whose places and prices may \
             differ.",
            count(own),
            counted(table.rows.len(), "exchange")
        )
    })
}

/// Exchanges and sites without a price of their own.
fn default_prices(scenario: &Scenario) -> Vec<String> {
    let mut lines = Vec::new();
    let exchanges = &scenario.tables.exchanges.rows;
    let assumed: Vec<Pence> =
        exchanges.iter().filter(|row| row.enable_assumed).map(|row| row.enable).collect();
    if let Some(price) = assumed.first() {
        lines.push(format!(
            "Without a price of enabling in the table: {} of {}; {} is assumed for each.",
            count(assumed.len()),
            counted(exchanges.len(), "exchange"),
            gbp(*price)
        ));
    }
    let sites = scenario.tables.sites.rows.iter().filter(|site| !site.already_connected);
    let drops = sites.clone().filter(|site| site.drop.is_none()).count();
    if drops > 0 {
        lines.push(format!(
            "Without a price of a drop in the table: {} of {}; {} is assumed for each building.",
            count(drops),
            counted(sites.count(), "site"),
            gbp(scenario.rate_card.drop)
        ));
    }
    lines
}

/// Prices with their sources, presets, rows that were not used, and every notice in short.
pub(in crate::write) fn assumptions(scenario: &Scenario, notices: &[Fault]) -> Vec<String> {
    let year = one_line(&scenario.rate_card.price_year);
    let mut lines = vec![format!("Amounts are in pounds at {year} prices and exclude VAT.")];
    lines.extend(uplift(&scenario.rate_card.uplift));
    lines.extend(price_years(scenario));
    if scenario.programmes.len() > 1 {
        lines.push(
            "Several programmes may share the price of one exchange, span or drop, each where a site that \
             it may pay for uses it."
                .to_owned(),
        );
    }
    lines.extend(presets(scenario));
    let methods = &scenario.rate_card.methods;
    for (name, method) in methods {
        match &method.source {
            Some(source) => {
                lines.push(format!("Rate of {name}: £{} a metre ({source}).", method.rate));
            }
            None => lines
                .push(format!("Rate of {name}: £{} a metre, given without a source.", method.rate)),
        }
        if let Some(rent) = method.rent {
            lines.push(format!(
                "Of that £{} is the worth of £{} a year for {} years at {} % a year.",
                rent.capitalised(),
                rent.per_year,
                rent.years,
                f64::from(rent.discount.millionths()) / 10_000.0
            ));
        }
    }
    lines.extend(crossings::prices(scenario));
    for input in &scenario.tables.inputs {
        if input.rows_set_aside + input.rows_excluded > 0 {
            lines.push(format!(
                "{}: {} read = {} used + {} set aside as faulty + {} excluded by the scenario.",
                input.file,
                counted(input.rows_read, "row"),
                count(input.rows_used),
                count(input.rows_set_aside),
                count(input.rows_excluded)
            ));
        }
    }
    lines.extend(by_code(notices));
    lines
}

/// One line for each programme whose rules come from a preset, with what no source states.
fn presets(scenario: &Scenario) -> Vec<String> {
    let line = |programme: &Programme| {
        let (name, terms) = (programme.preset.as_ref()?, programme.preset_terms.as_ref()?);
        Some(format!(
            "Programme {} follows the preset {} wherever the scenario does not say otherwise: {} ({}). \
             Assumed: {}.",
            one_line(&programme.id),
            one_line(name),
            terms.says,
            terms.sources.join("; "),
            terms.assumed
        ))
    };
    scenario.programmes.iter().filter_map(line).collect()
}

fn detour(scenario: &Scenario) -> Option<String> {
    let network = &scenario.network;
    let links = matches!(network.from, NetworkSource::Waypoints | NetworkSource::Sites);
    links.then(|| {
        let detour = network.detour_millionths;
        let fraction = format!("{:06}", detour % 1_000_000);
        let fraction = fraction.trim_end_matches('0');
        let point = if fraction.is_empty() { "" } else { "." };
        format!(
            "Routes follow proximity links, not surveyed roads: a link's length is its straight length \
             times {}{point}{fraction}, links longer than {} m are not made.",
            detour / 1_000_000,
            metres(network.max_link).trim_end_matches(".0")
        )
    })
}

/// Notices on the input, one line for each code, with the first as an example.
fn by_code(notices: &[Fault]) -> Vec<String> {
    let mut codes: Vec<_> = notices.iter().map(|notice| notice.code).collect();
    codes.sort_unstable();
    codes.dedup();
    let line = |code| {
        let mut of_code = notices.iter().filter(|notice| notice.code == code);
        let first = of_code.next()?;
        let more = of_code.count();
        let others = if more == 0 { String::new() } else { format!(" (and {more} more)") };
        Some(format!("{first}{others}."))
    };
    codes.into_iter().filter_map(line).collect()
}
