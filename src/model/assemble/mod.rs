//! From drafts of rows to checked, sorted tables; every faulty row is left out and reported.
//!
//! What for: the one place where rows are judged, whoever made them. In: a [`TablesDraft`]. Out: an
//! [`Assembly`]: tables of the rows without fault, one fault or more for each other row. It knows no
//! settings: prices, weights and programmes are judged by [`faults`](crate::model::faults).

mod barriers;
mod crossings;
mod duplicates;
mod place;
mod spans;

use std::collections::BTreeSet;

use crate::error::Fault;
use crate::geometry::{Crs, LonLat, Plane, Point, Position};
use crate::model::assemble::barriers::assemble_barriers;
use crate::model::assemble::crossings::assemble_crossings;
use crate::model::assemble::duplicates::{duplicate, duplicates};
pub(crate) use crate::model::assemble::place::SWAPPED_LINES;
use crate::model::assemble::place::{PositionCodes, place, stands_for, swapped_in_the_isles};
use crate::model::assemble::spans::assemble_spans;
use crate::model::draft::{Assembly, Role, RowFault, add_fault};
use crate::model::{
    Exchange, ExchangeRow, RuralityScheme, Site, SiteRow, Table, TableDraft, Tables, TablesDraft,
    Waypoint, WaypointRow,
};
use crate::units::{Amount, Pence};

/// Kinds of site that reports know; others are accepted with a notice.
pub const KNOWN_KINDS: [&str; 7] =
    ["gp_practice", "branch_surgery", "hospital", "community", "school", "library", "other"];

const SITE_CODES: PositionCodes =
    PositionCodes { none: "S110", outside: "S111", swapped: "S112", of_lines: false };
const EXCHANGE_CODES: PositionCodes =
    PositionCodes { none: "X110", outside: "X111", swapped: "X112", of_lines: false };
const WAYPOINT_CODES: PositionCodes =
    PositionCodes { none: "W110", outside: "W111", swapped: "W112", of_lines: false };

impl TablesDraft {
    /// Judges every row and assembles the tables of those without fault.
    pub(crate) fn assemble(mut self) -> Assembly {
        number_rows(&mut self);
        let plane = working_plane(&self);
        let mut faults = Vec::new();
        let mut notices = Vec::new();
        let (sites, faulty_sites) =
            assemble_sites(self.sites, self.rurality_scheme, &plane, &mut faults);
        let defaults = ExchangeDefaults { enable: self.default_enable, ports: self.default_ports };
        let exchanges = assemble_exchanges(self.exchanges, defaults, &plane, &mut faults);
        let waypoints = assemble_waypoints(&self.waypoints, &plane, &mut faults, &mut notices);
        let spans = assemble_spans(
            self.spans,
            self.default_method.as_deref(),
            &plane,
            &mut faults,
            &mut notices,
        );
        let barriers = assemble_barriers(self.barriers, &plane, &mut faults);
        let crossings = assemble_crossings(self.crossings, &plane, &mut faults);
        faults.sort_by(|a, b| {
            let key = |fault: &RowFault| (fault.role, fault.row, fault.fault.place.field.clone());
            key(a).cmp(&key(b)).then_with(|| a.fault.code.cmp(&b.fault.code))
        });
        let inputs = self.inputs;
        let tables =
            Tables { plane, sites, exchanges, waypoints, spans, barriers, crossings, inputs };
        Assembly { tables, faults, notices, faulty_sites }
    }
}

/// Rows from Rust have no line; their place in the draft, counted from 1, stands in for messages.
fn number_rows(draft: &mut TablesDraft) {
    fn number<R>(rows: &mut [R], row_of: impl Fn(&mut R) -> &mut usize) {
        for (place, row) in rows.iter_mut().enumerate() {
            let number = row_of(row);
            if *number == 0 {
                *number = place + 1;
            }
        }
    }
    number(&mut draft.sites.rows, |row| &mut row.row);
    number(&mut draft.exchanges.rows, |row| &mut row.row);
    number(&mut draft.waypoints.rows, |row| &mut row.row);
    number(&mut draft.spans.rows, |row| &mut row.row);
    number(&mut draft.barriers.rows, |row| &mut row.row);
    number(&mut draft.crossings.rows, |row| &mut row.row);
}

/// The plane for all positions: the national grid if any table uses it, else one about their middle.
///
/// Barriers and lines to cross may say that it is the grid, but do not move the middle, which is that of the
/// longitudes and of the latitudes in order of size, to a tenth of a degree: a few wild positions
/// cannot move it, nor can the order of rows, nor a table that lies elsewhere than the others.
fn working_plane(draft: &TablesDraft) -> Plane {
    let lines = draft.barriers.rows.iter().flat_map(|row| &row.lines);
    let crossings = draft.crossings.rows.iter().map(|row| &row.line);
    if lines.chain(crossings).flatten().any(on_grid) {
        return Plane::BritishGrid;
    }
    let spans = draft.spans.rows.iter().flat_map(|row| row.line.iter().copied());
    let tables = [
        degrees_of(draft.sites.rows.iter().filter_map(|row| row.position)),
        degrees_of(draft.exchanges.rows.iter().filter_map(|row| row.position)),
        degrees_of(draft.waypoints.rows.iter().filter_map(|row| row.position)),
        degrees_of(spans),
    ];
    let Some(tables) = tables.into_iter().collect::<Option<Vec<Degrees>>>() else {
        return Plane::BritishGrid;
    };
    let mut tables: Vec<Degrees> =
        tables.into_iter().filter(|table| !table.longitudes.is_empty()).collect();
    let middles: Vec<LonLat> = tables.iter_mut().map(Degrees::middle).collect();
    let mut pooled = Degrees::default();
    for (table, agrees) in tables.into_iter().zip(agreeing(&middles)) {
        if agrees {
            pooled.longitudes.extend(table.longitudes);
            pooled.latitudes.extend(table.latitudes);
        }
    }
    let LonLat { lon, lat } = pooled.middle();
    let rounded = |degrees: f64| (degrees * 10.0).round() / 10.0;
    Plane::for_tables([Crs::Wgs84], LonLat { lon: rounded(lon), lat: rounded(lat) })
}

fn on_grid(position: &Position) -> bool {
    position.crs == Crs::BritishGrid
}

/// The coordinates of a table in degrees.
#[derive(Default)]
struct Degrees {
    longitudes: Vec<f64>,
    latitudes: Vec<f64>,
}

/// The positions of a table that are some place; `None` when any is on the grid.
fn degrees_of(positions: impl Iterator<Item = Position>) -> Option<Degrees> {
    let mut degrees = Degrees::default();
    for position in positions {
        if on_grid(&position) {
            return None;
        }
        let is_place = position.x.is_finite() && position.y.is_finite();
        if is_place && stands_for(position).is_none() {
            degrees.longitudes.push(position.x);
            degrees.latitudes.push(position.y);
        }
    }
    Some(degrees)
}

impl Degrees {
    /// The middle longitude and the middle latitude in order of size; zero where there are none.
    fn middle(&mut self) -> LonLat {
        let middle = |degrees: &mut Vec<f64>| {
            let half = degrees.len() / 2;
            if degrees.is_empty() {
                return 0.0;
            }
            *degrees.select_nth_unstable_by(half, f64::total_cmp).1
        };
        LonLat { lon: middle(&mut self.longitudes), lat: middle(&mut self.latitudes) }
    }
}

/// Tables whose middles lie no further apart than this, in degrees, are about one country.
const TOGETHER_DEGREES: f64 = 20.0;

/// Which tables lie where most do. Of equally many, those that are not swapped in the British Isles, then those
/// of the first table: one swapped table must not make the others look swapped.
fn agreeing(middles: &[LonLat]) -> Vec<bool> {
    let together = |one: &LonLat, other: &LonLat| {
        (one.lon - other.lon).abs() <= TOGETHER_DEGREES
            && (one.lat - other.lat).abs() <= TOGETHER_DEGREES
    };
    let with =
        |one: &LonLat| -> Vec<bool> { middles.iter().map(|other| together(one, other)).collect() };
    let standing = |group: &Vec<bool>, one: &LonLat| {
        let many = group.iter().filter(|agrees| **agrees).count();
        (many, !swapped_in_the_isles(Position::lon_lat(one.lon, one.lat)))
    };
    // The last of equals is the first table.
    let groups = middles.iter().rev().map(|one| (with(one), one));
    let best = groups.max_by_key(|(group, one)| standing(group, one));
    best.map_or_else(Vec::new, |(group, _)| group)
}

fn assemble_sites(
    draft: TableDraft<SiteRow>,
    scheme: RuralityScheme,
    plane: &Plane,
    faults: &mut Vec<RowFault>,
) -> (Table<Site>, Vec<Site>) {
    let TableDraft { file, columns, missing, rows } = draft;
    let mut bad: BTreeSet<usize> = BTreeSet::new();
    let mut at: Vec<Point> = Vec::with_capacity(rows.len());
    for (index, row) in rows.iter().enumerate() {
        let mut found = site_faults(row, scheme);
        let point = place(row.position, plane, &SITE_CODES);
        at.push(point.as_ref().copied().unwrap_or_default());
        found.extend(point.err().map(|fault| ("position", *fault)));
        for (field, fault) in found {
            bad.insert(index);
            add_fault(faults, RowFault::new(Role::Sites, &file, row.row, field, fault));
        }
    }
    let same = |a: &SiteRow, b: &SiteRow| {
        SiteRow { row: 0, ..a.clone() } == SiteRow { row: 0, ..b.clone() }
    };
    for (index, other) in duplicates(&rows, |row| &row.id, |row| row.row, same) {
        bad.insert(index);
        let fault = duplicate("S103", &rows[index].id, other);
        add_fault(faults, RowFault::new(Role::Sites, &file, rows[index].row, "id", fault));
    }
    let columns = if columns.is_empty() { columns_of(&rows) } else { columns };
    let (mut sites, mut spoilt) = (Vec::with_capacity(rows.len() - bad.len()), Vec::new());
    for (index, (row, at)) in rows.into_iter().zip(at).enumerate() {
        let site = finish_site(row, at, &columns, scheme);
        if bad.contains(&index) { spoilt.push(site) } else { sites.push(site) }
    }
    sites.sort_by(|a: &Site, b: &Site| a.id.cmp(&b.id));
    (Table { file, columns, missing, rows: sites }, spoilt)
}

/// Whether anything is wrong with a site's row by itself, save its position.
pub(crate) fn has_site_faults(row: &SiteRow, scheme: RuralityScheme) -> bool {
    !site_faults(row, scheme).is_empty()
}

/// What is wrong with a site's row by itself, save its position.
fn site_faults(row: &SiteRow, scheme: RuralityScheme) -> Vec<(&'static str, Fault)> {
    let mut found = Vec::new();
    if row.id.is_empty() {
        let fault = Fault::new("S101", "the site has no id", "give each site an id of its own");
        found.push(("id", fault));
    }
    if row.kind.is_empty() {
        let remedy = format!("say what it is: {}", KNOWN_KINDS.join(", "));
        found.push(("kind", Fault::new("S102", "the site has no kind", remedy)));
    }
    let status = row.status.as_deref().unwrap_or("active");
    if status.eq_ignore_ascii_case("closed") || status.eq_ignore_ascii_case("dormant") {
        let fault = Fault::new(
            "S120",
            "the site is not active",
            "leave the row out, by `keep`, `exclude` or --quarantine",
        );
        found.push(("status", fault.value(status)));
    } else if !status.eq_ignore_ascii_case("active") {
        let fault = Fault::new(
            "S121",
            "the status is not known",
            "use active, closed or dormant, or map it under sites.values.status",
        );
        found.push(("status", fault.value(status)));
    }
    if let Some(class) = row.rurality.as_deref().filter(|class| scheme.read(class).is_none()) {
        let classes: Vec<&str> = scheme.classes().iter().map(|(class, _)| *class).collect();
        let fault = Fault::new(
            "S140",
            "the rurality is neither a class of the scheme nor a plain word",
            format!(
                "use rural, urban or one of {}; or name another sites.rurality_scheme",
                classes.join(" ")
            ),
        );
        found.push(("rurality", fault.value(class)));
    }
    found
}

/// Standard columns, then every further column that a row names, for sites from Rust.
fn columns_of(rows: &[SiteRow]) -> Vec<String> {
    let further: BTreeSet<&String> = rows.iter().flat_map(|row| row.values.keys()).collect();
    let standard = STANDARD_COLUMNS.iter().map(|&name| name.to_owned());
    let new = further.into_iter().filter(|name| !STANDARD_COLUMNS.contains(&name.as_str()));
    standard.chain(new.cloned()).collect()
}

const STANDARD_COLUMNS: [&str; 11] = [
    "id",
    "name",
    "kind",
    "crs",
    "x",
    "y",
    "rurality",
    "region",
    "drop_gbp",
    "building_id",
    "already_connected",
];

/// The cell of a standard column for a site from Rust.
fn standard_cell(row: &SiteRow, column: &str) -> String {
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    let position = |axis: fn(Position) -> String| row.position.map(axis).unwrap_or_default();
    match column {
        "id" => row.id.clone(),
        "name" => text(&row.name),
        "kind" => row.kind.clone(),
        "crs" => position(|position| {
            match position.crs {
                Crs::Wgs84 => "EPSG:4326",
                Crs::BritishGrid => "EPSG:27700",
            }
            .to_owned()
        }),
        "x" => position(|position| position.x.to_string()),
        "y" => position(|position| position.y.to_string()),
        "rurality" => text(&row.rurality),
        "region" => text(&row.region),
        "drop_gbp" => row.drop.map(|drop| drop.to_string()).unwrap_or_default(),
        "building_id" => text(&row.building_id),
        "already_connected" => if row.already_connected { "yes" } else { "no" }.to_owned(),
        _ => String::new(),
    }
}

fn finish_site(row: SiteRow, at: Point, columns: &[String], scheme: RuralityScheme) -> Site {
    let cells = if row.cells.is_empty() {
        let cell = |name: &String| {
            row.values.get(name).cloned().unwrap_or_else(|| standard_cell(&row, name))
        };
        columns.iter().map(cell).collect()
    } else {
        row.cells
    };
    Site {
        name: row.name.unwrap_or_else(|| row.id.clone()),
        id: row.id,
        kind: row.kind,
        position: row.position.unwrap_or(Position { crs: Crs::Wgs84, x: 0.0, y: 0.0 }),
        at,
        rurality: row.rurality.as_deref().and_then(|class| scheme.read(class)),
        rurality_class: row.rurality,
        region: row.region,
        drop: row.drop,
        building_id: row.building_id,
        already_connected: row.already_connected,
        cells,
        row: row.row,
    }
}

/// What holds for exchanges whose rows do not say.
#[derive(Clone, Copy)]
struct ExchangeDefaults {
    enable: Option<Pence>,
    ports: Option<u32>,
}

fn assemble_exchanges(
    draft: TableDraft<ExchangeRow>,
    defaults: ExchangeDefaults,
    plane: &Plane,
    faults: &mut Vec<RowFault>,
) -> Table<Exchange> {
    let TableDraft { file, columns, missing, rows } = draft;
    let mut bad: BTreeSet<usize> = BTreeSet::new();
    let mut report = |index: usize, row: usize, field: &str, fault: Fault| {
        bad.insert(index);
        add_fault(faults, RowFault::new(Role::Exchanges, &file, row, field, fault));
    };
    let mut at: Vec<Point> = Vec::with_capacity(rows.len());
    for (index, row) in rows.iter().enumerate() {
        if row.id.is_empty() {
            let fault =
                Fault::new("X101", "the exchange has no id", "give each exchange an id of its own");
            report(index, row.row, "id", fault);
        }
        let point = place(row.position, plane, &EXCHANGE_CODES);
        at.push(point.as_ref().copied().unwrap_or_default());
        if let Err(fault) = point {
            report(index, row.row, "position", *fault);
        }
        if row.enable.or(defaults.enable).is_none() && !row.already_enabled {
            let fault = Fault::new(
                "X130",
                "nothing says what enabling the exchange costs",
                "give it enable_gbp, or state exchanges.default_enable_gbp",
            );
            report(index, row.row, "enable_gbp", fault);
        }
    }
    let same = |a: &ExchangeRow, b: &ExchangeRow| {
        ExchangeRow { row: 0, ..a.clone() } == ExchangeRow { row: 0, ..b.clone() }
    };
    for (index, other) in duplicates(&rows, |row| &row.id, |row| row.row, same) {
        report(index, rows[index].row, "id", duplicate("X103", &rows[index].id, other));
    }
    let finish = |row: ExchangeRow, at: Point| {
        let enable = row.enable.or(defaults.enable).unwrap_or_default();
        let enable_assumed = row.enable.is_none() && !row.already_enabled;
        Exchange {
            name: row.name.unwrap_or_else(|| row.id.clone()),
            id: row.id,
            position: row.position.unwrap_or(Position { crs: Crs::Wgs84, x: 0.0, y: 0.0 }),
            at,
            enable: if row.already_enabled { Pence::ZERO } else { enable },
            enable_assumed,
            ports: row.ports.or(defaults.ports),
            region: row.region,
            row: row.row,
        }
    };
    let mut exchanges: Vec<Exchange> = rows
        .into_iter()
        .zip(at)
        .enumerate()
        .filter(|(index, _)| !bad.contains(index))
        .map(|(_, (row, at))| finish(row, at))
        .collect();
    exchanges.sort_by(|a, b| a.id.cmp(&b.id));
    Table { file, columns, missing, rows: exchanges }
}

/// What is wrong with the positions of waypoints that are not used for other reasons.
pub(crate) fn waypoint_faults(draft: &TableDraft<WaypointRow>, plane: &Plane) -> Vec<RowFault> {
    let mut faults = Vec::new();
    assemble_waypoints(draft, plane, &mut faults, &mut Vec::new());
    faults
}

fn assemble_waypoints(
    draft: &TableDraft<WaypointRow>,
    plane: &Plane,
    faults: &mut Vec<RowFault>,
    notices: &mut Vec<Fault>,
) -> Vec<Waypoint> {
    let mut report = |row: usize, field: &str, fault: Fault| {
        add_fault(faults, RowFault::new(Role::Network, &draft.file, row, field, fault));
    };
    let mut found: Vec<(Point, usize, u32)> = Vec::with_capacity(draft.rows.len());
    for row in &draft.rows {
        match place(row.position, plane, &WAYPOINT_CODES) {
            Ok(at) => found.push((at, row.row, row.premises_passed)),
            Err(fault) => report(row.row, "position", *fault),
        }
    }
    let before = found.len();
    found.sort_unstable();
    let mut waypoints: Vec<Waypoint> = Vec::with_capacity(before);
    for (at, row, premises_passed) in found {
        let Some(kept) = waypoints.last_mut().filter(|kept| kept.at == at) else {
            waypoints.push(Waypoint { at, premises_passed });
            continue;
        };
        if let Some(sum) = kept.premises_passed.checked_add(premises_passed) {
            kept.premises_passed = sum;
        } else {
            let cause = "the waypoints at one position have more premises than can be counted";
            let fault = Fault::new("W120", cause, "count them in a larger unit");
            report(row, "premises_passed", fault.value(premises_passed.to_string()));
        }
    }
    let merged = before - waypoints.len();
    if merged > 0 {
        let [merged, before] = [merged, before].map(Amount::count);
        let cause =
            format!("{merged} of {before} waypoints share a position with another and were merged");
        let file = if draft.file.is_empty() { "network" } else { &draft.file };
        notices.push(
            Fault::notice("W130", cause, "no action is needed; premises passed are added up")
                .at(file, None, "position"),
        );
    }
    waypoints
}
