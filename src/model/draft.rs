//! Drafts of tables: rows as files or Rust code give them, not yet checked.
//!
//! What for: one road from any source to checked [`Tables`], so that a scenario built in Rust gets the same
//! faults as one read from files. In: rows with values that may be missing or wrong. Out: by
//! [`TablesDraft::build`], sorted tables on one working plane, or all faults at once.

use std::collections::BTreeMap;
use std::fmt;

use crate::error::{Error, Fault, Severity};
use crate::geometry::Position;
use crate::model::{InputFile, RuralityScheme, Site, Tables};
use crate::units::{Millimetres, Pence};

/// A site, unchecked.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SiteRow {
    /// Text id; required and unique.
    pub id: String,
    /// Name; the id where none is given.
    pub name: Option<String>,
    /// Kind token; required.
    pub kind: String,
    /// Position; required.
    pub position: Option<Position>,
    /// Class of the draft's rurality scheme, or a plain word.
    pub rurality: Option<String>,
    /// Area code.
    pub region: Option<String>,
    /// Price of its drop, where it differs from the rate card's.
    pub drop: Option<Pence>,
    /// Building it says it is in.
    pub building_id: Option<String>,
    /// `active` where none is given; `closed` and `dormant` are faults.
    pub status: Option<String>,
    /// It has fibre already.
    pub already_connected: bool,
    /// Further values by column: weights, speeds, anything a clause tests.
    pub values: BTreeMap<String, String>,
    /// The cells of its row in a file, in the order of [`TableDraft::columns`]; empty from Rust.
    pub cells: Vec<String>,
    /// Line in the file; 0 from Rust.
    pub row: usize,
}

impl SiteRow {
    /// A site of a kind at a position.
    #[must_use]
    pub fn new(id: &str, kind: &str, position: Position) -> Self {
        Self {
            id: id.to_owned(),
            kind: kind.to_owned(),
            position: Some(position),
            ..Self::default()
        }
    }

    /// The same site with a value in a column, such as its patients.
    #[must_use]
    pub fn value(mut self, column: &str, value: impl fmt::Display) -> Self {
        self.values.insert(column.to_owned(), value.to_string());
        self
    }

    /// The same site with a rurality class or word.
    #[must_use]
    pub fn rurality(mut self, class: &str) -> Self {
        self.rurality = Some(class.to_owned());
        self
    }

    /// The same site in a region.
    #[must_use]
    pub fn region(mut self, region: &str) -> Self {
        self.region = Some(region.to_owned());
        self
    }
}

/// An exchange, unchecked.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ExchangeRow {
    /// Text id; required and unique.
    pub id: String,
    /// Name; the id where none is given.
    pub name: Option<String>,
    /// Position; required.
    pub position: Option<Position>,
    /// Price of enabling it; the draft's default where none is given.
    pub enable: Option<Pence>,
    /// The most buildings it can serve; the draft's default where none is given.
    pub ports: Option<u32>,
    /// Area code.
    pub region: Option<String>,
    /// It is enabled already and costs nothing.
    pub already_enabled: bool,
    /// Line in the file; 0 from Rust.
    pub row: usize,
}

impl ExchangeRow {
    /// An exchange at a position, with the price of enabling it.
    #[must_use]
    pub fn new(id: &str, position: Position, enable: Pence) -> Self {
        Self {
            id: id.to_owned(),
            position: Some(position),
            enable: Some(enable),
            ..Self::default()
        }
    }
}

/// A waypoint, unchecked.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct WaypointRow {
    /// Position; required.
    pub position: Option<Position>,
    /// Premises at it.
    pub premises_passed: u32,
    /// Line in the file; 0 from Rust.
    pub row: usize,
}

/// A span, unchecked.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SpanRow {
    /// Text id, unique when given; made from the geometry otherwise.
    pub id: Option<String>,
    /// Two or more positions.
    pub line: Vec<Position>,
    /// Rate-card method; required.
    pub method: String,
    /// Length, overriding the geometric length.
    pub length: Option<Millimetres>,
    /// Price of the whole span, overriding the rate.
    pub cost: Option<Pence>,
    /// There is fibre already: costs nothing.
    pub existing: bool,
    /// Level; with crossing noding only equal levels meet.
    pub level: i32,
    /// Premises along it.
    pub premises_passed: u32,
    /// It cannot be used.
    pub barrier: bool,
    /// Number of the feature in the file, counted from 1; 0 from Rust.
    pub row: usize,
}

impl SpanRow {
    /// A span along positions, laid by a method.
    #[must_use]
    pub fn new(id: &str, method: &str, line: Vec<Position>) -> Self {
        Self { id: Some(id.to_owned()), line, method: method.to_owned(), ..Self::default() }
    }
}

/// A barrier, unchecked.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct BarrierRow {
    /// Lines of two or more positions; of an area, its outer ring and then its holes.
    pub lines: Vec<Vec<Position>>,
    /// It is an area.
    pub area: bool,
    /// Number of the feature in the file, counted from 1; 0 from Rust.
    pub row: usize,
}

/// A line that costs something to cross, unchecked.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CrossingRow {
    /// What it is, as the rate card names it (`railway`); required.
    pub kind: String,
    /// The level it runs on; a span on another crosses by a bridge or tunnel.
    pub level: i32,
    /// Two or more positions.
    pub line: Vec<Position>,
    /// Number of its feature or way in the file, counted from 1; 0 from Rust.
    pub row: usize,
}

/// Rows of one table, unchecked, with what its file says about them.
#[derive(Clone, Debug, PartialEq)]
pub struct TableDraft<R> {
    /// File name for messages; empty from Rust.
    pub file: String,
    /// Input columns, in the order of the file; empty from Rust.
    pub columns: Vec<String>,
    /// Texts that mean "no value", compared without case; an empty cell always does.
    pub missing: Vec<String>,
    /// Rows, in any order.
    pub rows: Vec<R>,
}

impl<R> Default for TableDraft<R> {
    fn default() -> Self {
        Self { file: String::new(), columns: Vec::new(), missing: Vec::new(), rows: Vec::new() }
    }
}

/// Everything a scenario's tables are made from, unchecked.
///
/// ```
/// use fibreplan::geometry::Position;
/// use fibreplan::model::{ExchangeRow, SiteRow, TablesDraft};
/// use fibreplan::units::Pence;
/// let tables = TablesDraft::default()
///     .site(SiteRow::new("A1", "gp_practice", Position::lon_lat(-3.53, 50.72)).value("patients", 5200))
///     .exchange(ExchangeRow::new("X1", Position::lon_lat(-3.50, 50.70), Pence::from_whole_pounds(20_000)))
///     .build()
///     .unwrap();
/// assert_eq!(tables.sites.rows[0].id, "A1");
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TablesDraft {
    /// Sites.
    pub sites: TableDraft<SiteRow>,
    /// Exchanges.
    pub exchanges: TableDraft<ExchangeRow>,
    /// Waypoints.
    pub waypoints: TableDraft<WaypointRow>,
    /// Spans.
    pub spans: TableDraft<SpanRow>,
    /// Barriers.
    pub barriers: TableDraft<BarrierRow>,
    /// Lines that cost something to cross.
    pub crossings: TableDraft<CrossingRow>,
    /// Price of enabling an exchange that names none.
    pub default_enable: Option<Pence>,
    /// Ports of an exchange that names none; `None` is unlimited.
    pub default_ports: Option<u32>,
    /// Rate-card method of a span that names none; `None` makes it a fault.
    pub default_method: Option<String>,
    /// Scheme of the classes in the rurality column.
    pub rurality_scheme: RuralityScheme,
    /// The files the rows came from; empty from Rust.
    pub inputs: Vec<InputFile>,
}

impl TablesDraft {
    /// The same draft with one more site.
    #[must_use]
    pub fn site(mut self, row: SiteRow) -> Self {
        self.sites.rows.push(row);
        self
    }

    /// The same draft with one more exchange.
    #[must_use]
    pub fn exchange(mut self, row: ExchangeRow) -> Self {
        self.exchanges.rows.push(row);
        self
    }

    /// The same draft with one more waypoint.
    #[must_use]
    pub fn waypoint(mut self, position: Position) -> Self {
        self.waypoints
            .rows
            .push(WaypointRow { position: Some(position), ..WaypointRow::default() });
        self
    }

    /// The same draft with one more barrier.
    #[must_use]
    pub fn barrier(mut self, row: BarrierRow) -> Self {
        self.barriers.rows.push(row);
        self
    }

    /// The same draft with one more line that costs something to cross.
    #[must_use]
    pub fn crossing(mut self, row: CrossingRow) -> Self {
        self.crossings.rows.push(row);
        self
    }

    /// The same draft with one more span.
    #[must_use]
    pub fn span(mut self, row: SpanRow) -> Self {
        self.spans.rows.push(row);
        self
    }

    /// Checks every row and makes the tables: sorted, merged, on one plane.
    ///
    /// # Errors
    ///
    /// All faults of all rows at once.
    pub fn build(self) -> Result<Tables, Error> {
        let assembly = self.assemble();
        if assembly.faults.is_empty() {
            return Ok(assembly.tables);
        }
        let faults = assembly.faults.into_iter().map(|row_fault| row_fault.fault);
        Err(Error::from_faults(faults.collect()))
    }
}

/// Which table a row stands in.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Ord, PartialOrd, Hash)]
#[non_exhaustive]
pub enum Role {
    /// The table of sites.
    Sites,
    /// The table of exchanges.
    Exchanges,
    /// The table of waypoints or spans.
    Network,
    /// The barriers.
    Barriers,
    /// The lines that cost something to cross.
    Crossings,
}

impl Role {
    /// Its word in reports and `plan.json`: `sites`, `exchanges`, `network`, `barriers`, `crossings`.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Sites => "sites",
            Self::Exchanges => "exchanges",
            Self::Network => "network",
            Self::Barriers => "barriers",
            Self::Crossings => "crossings",
        }
    }
}

/// A fault of one row of a table.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct RowFault {
    pub(crate) role: Role,
    /// Line of the row in its file; from Rust, its place in the draft counted from 1.
    pub(crate) row: usize,
    pub(crate) fault: Fault,
}

impl RowFault {
    pub(crate) fn new(role: Role, file: &str, row: usize, field: &str, fault: Fault) -> Self {
        let file = if file.is_empty() { role.word() } else { file };
        debug_assert_eq!(fault.severity, Severity::Fault);
        Self { role, row, fault: fault.at(file, Some(row), field) }
    }
}

/// Most faults of rows that are kept of one table: a file that is wrong throughout takes no memory without end.
pub(crate) const MOST_FAULTS: usize = 100_000;

/// Adds a fault, unless there are more than anybody reads.
pub(crate) fn add_fault(faults: &mut Vec<RowFault>, fault: RowFault) {
    if faults.len() < MOST_FAULTS {
        faults.push(fault);
    }
}

/// Tables of the rows without fault, and the faults of the others.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Assembly {
    pub(crate) tables: Tables,
    pub(crate) faults: Vec<RowFault>,
    pub(crate) notices: Vec<Fault>,
    /// Sites of faulty rows, for what else may be wrong with them.
    pub(crate) faulty_sites: Vec<Site>,
}
