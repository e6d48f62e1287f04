//! The checked tables of a scenario: sites, exchanges, waypoints and spans, each sorted.

use serde::Serialize;

use crate::geometry::{Plane, Point, Position};
use crate::ids::{ExchangeIx, SiteIx};
use crate::model::{Barrier, CrossingLines};
use crate::units::{Millimetres, Pence};

/// Rural or urban, as a class of a published scheme or a plain word.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Ord, PartialOrd, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Rurality {
    /// Urban in the scheme the table uses.
    Urban,
    /// Rural in the scheme the table uses.
    Rural,
}

/// A place to connect.
#[derive(Clone, Debug, PartialEq)]
pub struct Site {
    /// Unique text id (an ODS code, say).
    pub id: String,
    /// Name; the id where none is given.
    pub name: String,
    /// Kind token (`gp_practice`, ...); the list is open.
    pub kind: String,
    /// Position as given.
    pub position: Position,
    /// Position on the working plane.
    pub at: Point,
    /// Rural or urban, where known.
    pub rurality: Option<Rurality>,
    /// The text in the rurality column (`D1`, `rural`), where there is one.
    pub rurality_class: Option<String>,
    /// Area code, where known.
    pub region: Option<String>,
    /// Price of its drop, where it differs from the rate card's.
    pub drop: Option<Pence>,
    /// The building it says it is in, overriding grouping by position.
    pub building_id: Option<String>,
    /// It has fibre already: reported, never bought, no part of the objective.
    pub already_connected: bool,
    /// All cells of its row, in the order of [`Table::columns`].
    pub cells: Vec<String>,
    /// Line of its row in the file, for messages; from Rust, its place in the draft counted from 1.
    pub row: usize,
}

/// An existing point where fibre starts.
#[derive(Clone, Debug, PartialEq)]
pub struct Exchange {
    /// Unique text id.
    pub id: String,
    /// Name; the id where none is given.
    pub name: String,
    /// Position as given.
    pub position: Position,
    /// Position on the working plane.
    pub at: Point,
    /// Price of enabling it; zero where it is enabled already.
    pub enable: Pence,
    /// Whether that is the scenario's default, because the table gives no price.
    pub enable_assumed: bool,
    /// The most buildings it can serve, where limited.
    pub ports: Option<u32>,
    /// Area code, where known.
    pub region: Option<String>,
    /// Line of its row in the file; from Rust, its place in the draft counted from 1.
    pub row: usize,
}

/// A point that routes may pass: a postcode centroid, a pole, a chamber.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Waypoint {
    /// Position on the working plane.
    pub at: Point,
    /// Premises at it, counted once when what is built holds it.
    pub premises_passed: u32,
}

/// A stretch of road, duct or pole line as the user's file gives it.
#[derive(Clone, Debug, PartialEq)]
pub struct InputSpan {
    /// Unique id; made from the geometry where the file gives none.
    pub id: String,
    /// Two or more points of the working plane.
    pub line: Vec<Point>,
    /// Rate-card method.
    pub method: String,
    /// Length, by its property or else along the geometry.
    pub length: Millimetres,
    /// Price of the whole span, overriding the rate.
    pub cost: Option<Pence>,
    /// There is fibre already: costs nothing.
    pub existing: bool,
    /// Level; with crossing noding only equal levels meet.
    pub level: i32,
    /// Premises along it; a part that is built passes its share by length (see `premises_of_piece`).
    pub premises_passed: u32,
    /// It cannot be used.
    pub barrier: bool,
    /// Number of its feature in the file, for messages; from Rust, its place in the draft; from 1.
    pub row: usize,
}

/// Rows sorted by id, with the column names their cells follow.
#[derive(Clone, Debug, PartialEq)]
pub struct Table<T> {
    /// File name as the scenario gives it; empty when the rows came from Rust.
    pub file: String,
    /// Names of the input columns, in the order of the file.
    pub columns: Vec<String>,
    /// Texts that mean "no value", compared without case; an empty cell always does.
    pub missing: Vec<String>,
    /// Rows, sorted.
    pub rows: Vec<T>,
}

impl<T> Default for Table<T> {
    fn default() -> Self {
        Self { file: String::new(), columns: Vec::new(), missing: Vec::new(), rows: Vec::new() }
    }
}

/// One input file: what was read, and its hash.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct InputFile {
    /// `scenario`, `sites`, `exchanges`, `network`, `barriers`, `crossings`.
    pub role: String,
    /// File name as the scenario gives it, without folders.
    pub file: String,
    /// SHA-256 of its bytes, in hexadecimal.
    pub sha256: String,
    /// Rows in the file.
    pub rows_read: usize,
    /// Rows in the table.
    pub rows_used: usize,
    /// Rows set aside as faulty.
    pub rows_set_aside: usize,
    /// Rows left out by `exclude` or `keep`.
    pub rows_excluded: usize,
}

/// The tables of a scenario, shared by all its variants.
#[derive(Clone, Debug, PartialEq)]
pub struct Tables {
    /// The plane all points are on.
    pub plane: Plane,
    /// Sites, sorted by id.
    pub sites: Table<Site>,
    /// Exchanges, sorted by id.
    pub exchanges: Table<Exchange>,
    /// Waypoints, sorted by position, without duplicates.
    pub waypoints: Vec<Waypoint>,
    /// Spans, sorted by id.
    pub spans: Vec<InputSpan>,
    /// What links may not cross, sorted.
    pub barriers: Vec<Barrier>,
    /// Lines that cost something to cross.
    pub crossings: CrossingLines,
    /// The files they came from, scenario first; empty when built in Rust.
    pub inputs: Vec<InputFile>,
}

impl Tables {
    /// The site at an index.
    #[must_use]
    pub fn site(&self, site: SiteIx) -> &Site {
        &self.sites.rows[site.at()]
    }

    /// The exchange at an index.
    #[must_use]
    pub fn exchange(&self, exchange: ExchangeIx) -> &Exchange {
        &self.exchanges.rows[exchange.at()]
    }

    /// The index of the site with an id.
    #[must_use]
    pub fn site_by_id(&self, id: &str) -> Option<SiteIx> {
        let found = self.sites.rows.binary_search_by(|site| site.id.as_str().cmp(id));
        found.ok().map(SiteIx::new)
    }

    /// The index of the exchange with an id.
    #[must_use]
    pub fn exchange_by_id(&self, id: &str) -> Option<ExchangeIx> {
        let found = self.exchanges.rows.binary_search_by(|row| row.id.as_str().cmp(id));
        found.ok().map(ExchangeIx::new)
    }

    /// Whether a cell of the table of sites means "no value".
    #[must_use]
    pub fn is_missing(&self, cell: &str) -> bool {
        let cell = cell.trim();
        cell.is_empty() || self.sites.missing.iter().any(|text| text.eq_ignore_ascii_case(cell))
    }

    /// The text of a site's cell in an input column; `None` when there is no such column.
    #[must_use]
    pub fn site_cell<'a>(&self, site: &'a Site, column: &str) -> Option<&'a str> {
        let place = self.sites.columns.iter().position(|name| name == column)?;
        site.cells.get(place).map(String::as_str)
    }
}
