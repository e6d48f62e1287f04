//! The CSV files: sites with their answer, payments, and the build list.

use std::collections::BTreeMap;

use rayon::prelude::*;

use crate::geometry::{Plane, Point};
use crate::model::{Scenario, Site};
use crate::plan::{Item, LeftOut, LeftOutReason, Plan, PlanDrop};
use crate::report::{
    BuildRow, CostShares, Forest, Ledger, LedgerLine, Priority, build_list_of, meaning, reason,
};
use crate::units::Pence;
use crate::write::cells::CsvText;
use crate::write::crossings;
use crate::write::grid_table::GridTable;
use crate::write::plan_json::SIDE_BY_SIDE;

/// The columns that `sites.csv` adds to those of the input.
pub const PLAN_COLUMNS: [&str; 9] = [
    "plan_connected",
    "plan_code",
    "plan_reason",
    "plan_building",
    "plan_exchange",
    "plan_route_m",
    "plan_rank",
    "plan_year",
    "plan_cost_share_gbp",
];

/// The bytes of `sites.csv`: all input columns unchanged and in order, then [`PLAN_COLUMNS`].
///
/// Input columns that carry one of our names (the table came from an earlier plan) are left out, so
/// that no name stands twice. A table built in Rust without columns gets `id`, `name` and `kind`.
/// `plan_cost_share_gbp` is the site's share of the cost, see [`CostShares`], `plan_rank` the place of its building
/// in order of priority, see [`Priority`].
#[must_use]
pub fn sites_csv(
    scenario: &Scenario,
    plan: &Plan,
    shares: &CostShares,
    priority: &Priority,
) -> Vec<u8> {
    sites_table(scenario, plan, shares, priority).csv()
}

/// Header and rows of `sites.csv`.
pub(super) fn sites_table(
    scenario: &Scenario,
    plan: &Plan,
    shares: &CostShares,
    priority: &Priority,
) -> GridTable {
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
    let answers = Answers::of(scenario, plan, shares, priority);
    let mut rows = GridTable::new(header.iter().chain(&PLAN_COLUMNS));
    for site in &table.rows {
        let mut row: Vec<String> = if kept.is_empty() {
            vec![site.id.clone(), site.name.clone(), site.kind.clone()]
        } else {
            let cell = |&place: &usize| site.cells.get(place).cloned().unwrap_or_default();
            kept.iter().map(cell).collect()
        };
        row.extend(answers.of_site(site));
        rows.rows.push(row);
    }
    rows
}

/// What the plan says of each site, by id.
struct Answers<'a> {
    drops: BTreeMap<&'a str, &'a PlanDrop>,
    connected: std::collections::BTreeSet<&'a str>,
    left_out: BTreeMap<&'a str, &'a LeftOut>,
    buildings: BTreeMap<String, String>,
    shares: &'a CostShares,
    ranks: BTreeMap<&'a str, usize>,
}

impl<'a> Answers<'a> {
    fn of(
        scenario: &Scenario,
        plan: &'a Plan,
        shares: &'a CostShares,
        priority: &Priority,
    ) -> Self {
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
            ranks: priority.ranks(plan),
        }
    }

    /// The cells of [`PLAN_COLUMNS`].
    fn of_site(&self, site: &Site) -> [String; 9] {
        let id = site.id.as_str();
        let connected = self.connected.contains(id);
        let drop = self.drops.get(id);
        let fibre = LeftOut::new(id, LeftOutReason::HasFibre);
        let known = self.left_out.get(id).copied();
        let left = known.or((!connected && site.already_connected).then_some(&fibre));
        let unexplained = || if connected { "" } else { meaning("") }.to_owned();
        let later = drop.and_then(|drop| drop.later).map(|later| later.code().to_string());
        let code = left.map(|left| left.code().to_string()).or_else(|| later.clone());
        let why = later.map(|code| meaning(&code).to_owned());
        [
            match (connected, site.already_connected) {
                (true, _) => "yes",
                (false, true) => "has_fibre",
                (false, false) => "no",
            }
            .to_owned(),
            code.unwrap_or_default(),
            left.map(reason).or(why).unwrap_or_else(unexplained),
            self.buildings.get(id).cloned().unwrap_or_default(),
            drop.map_or_else(String::new, |drop| drop.exchange.clone()),
            drop.map_or_else(String::new, |drop| drop.route.to_string()),
            self.ranks.get(id).map_or_else(String::new, ToString::to_string),
            drop.and_then(|drop| drop.year).map_or_else(String::new, |year| year.to_string()),
            if connected { self.shares.site(id).to_string() } else { String::new() },
        ]
    }
}

/// The bytes of `funding.csv`: one row for each payment, in the order of the plan; then one of nothing paid for each
/// programme that bears a share of an item and pays nothing of it.
///
/// `share_gbp` is what the programme would pay of the item if each of its users bore the same; over the rows of
/// an item it adds up to the item's cost. `over_twice_share` marks the payments of a programme that pays more
/// than twice that.
#[must_use]
pub fn funding_csv(plan: &Plan, ledger: &Ledger) -> Vec<u8> {
    funding_table(plan, ledger).csv()
}

/// Header and rows of `funding.csv`.
pub(super) fn funding_table(plan: &Plan, ledger: &Ledger) -> GridTable {
    let mut table = GridTable::new([
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
    let lines = ledger.lines(plan).into_iter();
    table.rows = lines.map(|line| funding_row(&line, ledger).to_vec()).collect();
    table
}

fn funding_row(line: &LedgerLine<'_>, ledger: &Ledger) -> [String; 9] {
    let (kind, id) = match line.item {
        Item::Exchange(id) => ("exchange", id),
        Item::Span(id) => ("span", id),
        Item::Drop(id) => ("drop", id),
    };
    let pounds = |pence: Option<Pence>| pence.map_or_else(String::new, |pence| pence.to_string());
    let payment = line.payment;
    let over = payment.is_some_and(|payment| ledger.is_over_twice(payment));
    let building = payment.and_then(|payment| payment.building.clone());
    let year = payment.and_then(|payment| payment.year);
    [
        line.programme.to_owned(),
        kind.to_owned(),
        id.clone(),
        pounds(line.cost),
        payment.map_or(Pence::ZERO, |payment| payment.pence).to_string(),
        pounds(line.share),
        if over { "yes" } else { "no" }.to_owned(),
        building.unwrap_or_default(),
        year.map_or_else(String::new, |year| year.to_string()),
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

/// The columns of `build_list.csv` before the positions.
const BEFORE: [&str; 7] = ["exchange", "step", "rank", "row", "id", "name", "after"];

/// Where a row begins and ends, in degrees.
const DEGREES: [&str; 4] = ["from_lon", "from_lat", "to_lon", "to_lat"];

/// The same in metres on the British National Grid, where the scenario works on it.
const GRID: [&str; 4] = ["from_easting", "from_northing", "to_easting", "to_northing"];

/// The columns after the positions.
const BEHIND: [&str; 12] = [
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
];

/// The bytes of `build_list.csv`: see [`build_list`](crate::report::build_list) for the order of the rows. Positions are longitude and
/// latitude, and easting and northing where the scenario works on the grid.
#[must_use]
pub fn build_list_csv(
    scenario: &Scenario,
    plan: &Plan,
    forest: &Forest,
    priority: &Priority,
) -> Vec<u8> {
    let plane = &scenario.tables.plane;
    let text = CsvText::with_header(build_list_header(plane));
    // Parts of a long list are written side by side.
    let part = |rows: &[BuildRow]| {
        let mut text = CsvText::default();
        for row in rows {
            text.row(build_list_row(plane, row));
        }
        text.into_bytes()
    };
    let rows = build_list_of(scenario, plan, forest, priority);
    let parts: Vec<Vec<u8>> = rows.par_chunks(SIDE_BY_SIDE).map(part).collect();
    let mut bytes = text.into_bytes();
    for part in &parts {
        bytes.extend_from_slice(part);
    }
    bytes
}

/// Header and rows of `build_list.csv`.
#[cfg(feature = "xlsx")]
pub(super) fn build_list_table(
    scenario: &Scenario,
    plan: &Plan,
    forest: &Forest,
    priority: &Priority,
) -> GridTable {
    let plane = &scenario.tables.plane;
    let mut table = GridTable::new(build_list_header(plane));
    let rows = build_list_of(scenario, plan, forest, priority);
    table.rows = rows.iter().map(|row| build_list_row(plane, row)).collect();
    table
}

fn build_list_header(plane: &Plane) -> impl Iterator<Item = &'static str> {
    let grid: &[&str] = if *plane == Plane::BritishGrid { &GRID } else { &[] };
    BEFORE.iter().chain(&DEGREES).chain(grid).chain(&BEHIND).copied()
}

fn build_list_row(plane: &Plane, row: &BuildRow) -> Vec<String> {
    let ends = [row.from, row.to];
    let mut cells = before(row).to_vec();
    cells.extend(ends.iter().flat_map(|&end| degrees(plane, end)));
    if *plane == Plane::BritishGrid {
        cells.extend(ends.iter().flat_map(|&end| on_grid(end)));
    }
    cells.extend(behind(row));
    cells
}

/// Longitude and latitude with seven decimals, a centimetre.
fn degrees(plane: &Plane, at: Option<Point>) -> [String; 2] {
    at.map(|at| plane.lon_lat(at))
        .map(|at| [at.lon, at.lat].map(|degrees| format!("{degrees:.7}")))
        .unwrap_or_default()
}

/// Easting and northing in metres.
fn on_grid(at: Option<Point>) -> [String; 2] {
    let metres = |millimetres: i64| {
        let size = millimetres.unsigned_abs();
        let sign = if millimetres < 0 { "-" } else { "" };
        format!("{sign}{}.{:03}", size / 1000, size % 1000)
    };
    at.map(|at| [at.x, at.y].map(metres)).unwrap_or_default()
}

fn whole(number: usize) -> String {
    if number == 0 { String::new() } else { number.to_string() }
}

fn before(row: &BuildRow) -> [String; 7] {
    [
        row.exchange.clone(),
        whole(row.step),
        whole(row.rank),
        row.kind.word().to_owned(),
        row.id.clone(),
        row.name.clone(),
        row.after.clone(),
    ]
}

fn behind(row: &BuildRow) -> [String; 12] {
    [
        row.origin.map_or("", |origin| origin.word()).to_owned(),
        row.method.clone(),
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
