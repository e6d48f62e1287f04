//! The CSV files: sites with their answer, payments, and the build list.

use std::collections::BTreeMap;

use crate::model::{Scenario, Site};
use crate::plan::{Item, LeftOut, Payment, Plan, PlanDrop};
use crate::report::{BuildRow, CostShares, Ledger, build_list, reason};
use crate::units::Pence;
use crate::write::cells::CsvText;
use crate::write::crossings;

/// The columns that `sites.csv` adds to those of the input.
pub const PLAN_COLUMNS: [&str; 8] = [
    "plan_connected",
    "plan_code",
    "plan_reason",
    "plan_building",
    "plan_exchange",
    "plan_route_m",
    "plan_year",
    "plan_paid_gbp",
];

/// The bytes of `sites.csv`: all input columns unchanged and in order, then [`PLAN_COLUMNS`].
///
/// Input columns that carry one of our names (the table came from an earlier plan) are left out, so
/// that no name stands twice. A table built in Rust without columns gets `id`, `name` and `kind`.
/// `plan_paid_gbp` is the site's share of the cost, see [`CostShares`].
#[must_use]
pub fn sites_csv(scenario: &Scenario, plan: &Plan, shares: &CostShares) -> Vec<u8> {
    let table = &scenario.tables.sites;
    let kept: Vec<usize> = (0..table.columns.len())
        .filter(|&place| !PLAN_COLUMNS.contains(&table.columns[place].as_str()))
        .collect();
    let own = ["id", "name", "kind"];
    let header: Vec<&str> = if kept.is_empty() {
        own.to_vec()
    } else {
        kept.iter().map(|&place| table.columns[place].as_str()).collect()
    };
    let answers = Answers::of(scenario, plan, shares);
    let mut text = CsvText::with_header(header.iter().chain(&PLAN_COLUMNS));
    for site in &table.rows {
        let mut row: Vec<String> = if kept.is_empty() {
            vec![site.id.clone(), site.name.clone(), site.kind.clone()]
        } else {
            let cell = |&place: &usize| site.cells.get(place).cloned().unwrap_or_default();
            kept.iter().map(cell).collect()
        };
        row.extend(answers.of_site(site));
        text.row(row);
    }
    text.into_bytes()
}

/// What the plan says of each site, by id.
struct Answers<'a> {
    drops: BTreeMap<&'a str, &'a PlanDrop>,
    connected: std::collections::BTreeSet<&'a str>,
    left_out: BTreeMap<&'a str, &'a LeftOut>,
    buildings: BTreeMap<String, String>,
    shares: &'a CostShares,
}

impl<'a> Answers<'a> {
    fn of(scenario: &Scenario, plan: &'a Plan, shares: &'a CostShares) -> Self {
        let mut drops = BTreeMap::new();
        for drop in &plan.drops {
            drops.extend(drop.sites.iter().map(|site| (site.as_str(), drop)));
        }
        let mut buildings = BTreeMap::new();
        for building in scenario.buildings() {
            for site in building.sites {
                buildings.insert(scenario.tables.site(site).id.clone(), building.id.clone());
            }
        }
        Self {
            drops,
            connected: plan.connected.iter().map(String::as_str).collect(),
            left_out: plan.left_out.iter().map(|left| (left.id.as_str(), left)).collect(),
            buildings,
            shares,
        }
    }

    /// The cells of [`PLAN_COLUMNS`].
    fn of_site(&self, site: &Site) -> [String; 8] {
        let id = site.id.as_str();
        let connected = self.connected.contains(id);
        let drop = self.drops.get(id);
        let none = LeftOut { id: String::new(), code: String::new(), numbers: BTreeMap::new() };
        let fibre = LeftOut { code: "U390".to_owned(), ..none.clone() };
        let left = match self.left_out.get(id) {
            Some(left) => Some(*left),
            None if connected => None,
            None if site.already_connected => Some(&fibre),
            None => Some(&none),
        };
        [
            if connected { "yes" } else { "no" }.to_owned(),
            left.map_or_else(String::new, |left| left.code.clone()),
            left.map_or_else(String::new, reason),
            self.buildings.get(id).cloned().unwrap_or_default(),
            drop.map_or_else(String::new, |drop| drop.exchange.clone()),
            drop.map_or_else(String::new, |drop| drop.route.to_string()),
            drop.and_then(|drop| drop.year).map_or_else(String::new, |year| year.to_string()),
            if connected { self.shares.site(id).to_string() } else { String::new() },
        ]
    }
}

/// The bytes of `funding.csv`: one row a payment, in the order of the plan.
///
/// `share_gbp` is what the programme would pay of the item if each of its users bore the same;
/// `over_twice_share` marks the payments of a programme that pays more than twice that.
#[must_use]
pub fn funding_csv(plan: &Plan, ledger: &Ledger) -> Vec<u8> {
    let mut text = CsvText::with_header([
        "programme",
        "item_kind",
        "item_id",
        "item_cost_gbp",
        "paid_gbp",
        "share_gbp",
        "over_twice_share",
        "building",
        "year",
    ]);
    for payment in &plan.payments {
        text.row(funding_row(payment, ledger));
    }
    text.into_bytes()
}

fn funding_row(payment: &Payment, ledger: &Ledger) -> [String; 9] {
    let (kind, id) = match &payment.item {
        Item::Exchange(id) => ("exchange", id),
        Item::Span(id) => ("span", id),
        Item::Drop(id) => ("drop", id),
    };
    let pounds = |pence: Option<Pence>| pence.map_or_else(String::new, |pence| pence.to_string());
    [
        payment.programme.clone(),
        kind.to_owned(),
        id.clone(),
        pounds(ledger.cost(payment)),
        payment.pence.to_string(),
        pounds(ledger.share(payment)),
        if ledger.is_over_twice(payment) { "yes" } else { "no" }.to_owned(),
        payment.building.clone().unwrap_or_default(),
        payment.year.map_or_else(String::new, |year| year.to_string()),
    ]
}

/// The bytes of `site_funding.csv`: what each connected site brought from each programme.
#[must_use]
pub fn site_funding_csv(ledger: &Ledger) -> Vec<u8> {
    let mut text = CsvText::with_header(["site", "building", "programme", "brought_gbp"]);
    for row in &ledger.brought {
        text.row([&row.site, &row.building, &row.programme, &row.pence.to_string()]);
    }
    text.into_bytes()
}

/// The bytes of `build_list.csv`: see [`build_list`] for the order of the rows.
#[must_use]
pub fn build_list_csv(scenario: &Scenario, plan: &Plan) -> Vec<u8> {
    let mut text = CsvText::with_header([
        "exchange",
        "step",
        "row",
        "id",
        "name",
        "after",
        "from_xy_mm",
        "to_xy_mm",
        "origin",
        "method",
        "length_m",
        "route_m",
        "cost_gbp",
        "rent_gbp_per_year",
        "crossings",
        "crossings_gbp",
        "serves_buildings",
        "serves_sites",
        "serves_coverage",
        "year",
    ]);
    for row in build_list(scenario, plan) {
        text.row(build_cells(row));
    }
    text.into_bytes()
}

fn build_cells(row: BuildRow) -> [String; 20] {
    let [from, to] = row.ends.unwrap_or_default();
    let whole = |number: usize| if number == 0 { String::new() } else { number.to_string() };
    [
        row.exchange,
        whole(row.step),
        row.kind.word().to_owned(),
        row.id,
        row.name,
        row.after,
        from,
        to,
        row.origin.map_or("", |origin| origin.word()).to_owned(),
        row.method,
        row.length.map_or_else(String::new, |length| length.to_string()),
        row.route.map_or_else(String::new, |route| route.to_string()),
        row.cost.to_string(),
        if row.rent == Pence::ZERO { String::new() } else { row.rent.to_string() },
        crossings::cell(&row.crossings),
        if row.crossings.is_empty() { String::new() } else { row.crossings.cost().to_string() },
        whole(row.buildings),
        whole(row.sites),
        if row.sites == 0 { String::new() } else { row.weight.to_string() },
        row.year.map_or_else(String::new, |year| year.to_string()),
    ]
}
