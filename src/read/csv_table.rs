//! CSV files: headers, rows with their lines, and the cells our columns stand in.

use std::collections::BTreeSet;
use std::ops::ControlFlow;

use csv::StringRecord;

use crate::error::{Fault, Subject};
use crate::geometry::{Crs, Plane, Point, Position};
use crate::model::{
    Clause, CrossingLines, MOST_FAULTS, Role, RowFault, Site, Table, Tables, Truth, judge_clause,
    suggestion,
};
use crate::read::files::InputText;
use crate::read::layout::{Layout, OpenQuote};
use crate::read::limits::{MOST_CELL, MOST_COLUMNS, MOST_ROW, MOST_ROWS, too_long, too_many};
use crate::read::sources::Source;
use crate::units::{Number, QuantityError};

/// The header of a file and where our columns stand in it.
pub(crate) struct Header {
    /// Names of the columns, trimmed, in the order of the file.
    pub(crate) names: Vec<String>,
    ours: Vec<(&'static str, usize)>,
    x: usize,
    y: usize,
    /// A quote that swallows rows; what one that is never closed swallows is no row.
    open_quote: Option<OpenQuote>,
}

impl Header {
    /// The cell under our name of a column.
    pub(crate) fn cell<'r>(&self, record: &'r StringRecord, ours: &str) -> Option<&'r str> {
        let (_, place) = self.ours.iter().find(|(name, _)| *name == ours)?;
        record.get(*place)
    }

    /// The cells of the two coordinates.
    pub(crate) fn coordinates<'r>(
        &self,
        record: &'r StringRecord,
    ) -> (Option<&'r str>, Option<&'r str>) {
        (record.get(self.x), record.get(self.y))
    }
}

/// Reads the header of a file and finds our columns in it; `None`, with faults, when one is lacking.
pub(crate) fn header(
    input: &InputText,
    source: &Source,
    columns: &'static [&'static str],
    required: &[&str],
    faults: &mut Vec<Fault>,
) -> Option<Header> {
    let layout = input.layout;
    let (line, open_quote) = (layout.first_line(), layout.open_quote(input.body()));
    if let Some(OpenQuote { opened, closed }) = open_quote {
        // The rows before it are judged all the same.
        let cause = match closed {
            None => "a quote is opened here and never closed: what follows is one cell".to_owned(),
            Some(line) => format!(
                "a quote is opened here and closed within a cell on line {line}: what lies between is one cell"
            ),
        };
        let fault = Fault::new("F117", cause, "close the quote, or double it where it is meant")
            .about(Subject::Unread);
        faults.push(fault.at(&input.file, Some(opened), ""));
    }
    let before = faults.len();
    let mut add = |field: &str, fault: Fault| faults.push(fault.at(&input.file, Some(line), field));
    let names = layout.header(input.body());
    if names.iter().all(String::is_empty) {
        add("", Fault::new("F121", "the file has no header", "begin it with column names"));
        return None;
    }
    if names.len() > MOST_COLUMNS {
        add("", too_many("columns", names.len(), MOST_COLUMNS));
        return None;
    }
    if let [only] = names.as_slice()
        && let Some(separator) =
            [',', ';', '\t', '|', '¬'].into_iter().find(|&other| only.contains(other))
    {
        let read = char::from(layout.separator);
        let cause = format!("the cells are separated by {separator:?}, not by {read:?}");
        let remedy = "name the separator (`delimiter`), or save the file as CSV with commas";
        add("", Fault::new("F128", cause, remedy));
        return None;
    }
    if let Some(line) = later_header(input, source, &names, columns, required) {
        let cause = format!("the column names stand on line {line}, not on the first");
        add("", Fault::new("F121", cause, "take out the lines above them"));
        return None;
    }
    let mut find = |field: &str, theirs: &str, needed: bool| {
        let mut places = names.iter().enumerate().filter(|(_, name)| *name == theirs);
        let found = places.next().map(|(place, _)| place);
        if found.is_none() && needed {
            let near = suggestion(theirs, names.iter().map(String::as_str));
            let remedy = format!("map it under `{field}`; {near}");
            add(theirs, Fault::new("F122", "the file has no such column", remedy).value(theirs));
        }
        if found.is_some() && places.next().is_some() {
            let fault = Fault::new(
                "F123",
                "the column appears twice in the header",
                "rename one of the two",
            );
            add(theirs, fault.value(theirs));
        }
        found
    };
    let (x, y) = (&source.position.x, &source.position.y);
    let coordinates = (find("position", x, true), find("position", y, true));
    let mut ours = Vec::new();
    for &name in columns {
        let mapped = source.columns.get(name).map(String::as_str);
        let needed = mapped.is_some() || required.contains(&name);
        let place = find("columns", mapped.unwrap_or(name), needed);
        ours.extend(place.map(|place| (name, place)));
    }
    if faults.len() > before {
        return None;
    }
    let (x, y) = (coordinates.0?, coordinates.1?);
    Some(Header { names, ours, x, y, open_quote })
}

/// So many lines are looked at for a header that does not stand on the first.
const TITLES: usize = 30;

/// The line on which all columns that are needed stand, where the first has none of them: titles and notes often
/// stand above a table.
fn later_header(
    input: &InputText,
    source: &Source,
    names: &[String],
    columns: &[&str],
    required: &[&str],
) -> Option<usize> {
    let theirs = |ours: &&str| source.columns.get(*ours).map_or(*ours, String::as_str).to_owned();
    let needed = columns
        .iter()
        .filter(|ours| required.contains(ours) || source.columns.contains_key(**ours));
    let needed: Vec<String> = [source.position.x.clone(), source.position.y.clone()]
        .into_iter()
        .chain(needed.map(theirs))
        .collect();
    if needed.iter().any(|needed| names.contains(needed)) {
        return None;
    }
    let holds = |line: &str| {
        let cells: BTreeSet<&str> =
            line.split([',', ';', '\t', '|']).map(|cell| cell.trim().trim_matches('"')).collect();
        needed.iter().all(|needed| cells.contains(needed.as_str()))
    };
    let lines = input.body().lines().take(TITLES);
    lines.enumerate().find(|(_, line)| holds(line)).map(|(place, _)| place + 1)
}

/// The columns a `keep` clause tests must be there.
pub(crate) fn keep_faults(source: &Source, columns: &[String], path: &str) -> Vec<Fault> {
    let mut found = crate::model::Found::default();
    if let Some(keep) = &source.keep {
        let columns: Vec<&str> = columns.iter().map(String::as_str).collect();
        judge_clause(keep, &columns, path, &mut found);
    }
    found.0
}

/// Rows read between two looks at the clock.
const PATIENCE: usize = 4096;

/// Calls `each` with every record and its line, until that breaks off or it is to stop; a record with more or fewer
/// cells than the header is a fault. Returns the number of records.
pub(crate) fn for_each_record(
    input: &InputText,
    role: Role,
    header: &Header,
    faults: &mut Vec<RowFault>,
    stops: &dyn Fn() -> bool,
    mut each: impl FnMut(&StringRecord, usize, &mut Vec<RowFault>) -> ControlFlow<()>,
) -> usize {
    let mut rows = 0_usize;
    let mut records = input.layout.records(input.body()).peekable();
    while let Some((record, line)) = records.next() {
        let endless = header.open_quote.is_some_and(|open| open.closed.is_none());
        if endless && records.peek().is_none() {
            break;
        }
        if faults.len() >= MOST_FAULTS {
            // That there are more is told of the file as a whole.
            break;
        }
        rows += 1;
        if rows.is_multiple_of(PATIENCE) && stops() {
            break;
        }
        if rows > MOST_ROWS {
            let fault = too_many("rows", rows, MOST_ROWS);
            faults.push(RowFault::new(role, &input.file, line, "", fault));
            break;
        }
        match whole_record(&record, line, header) {
            Ok(()) => {
                if each(&record, line, faults).is_break() {
                    break;
                }
            }
            Err(fault) => faults.push(RowFault::new(role, &input.file, line, "", *fault)),
        }
    }
    rows
}

/// Whether a record has as many cells as the header, none of them too long.
fn whole_record(record: &StringRecord, line: usize, header: &Header) -> Result<(), Box<Fault>> {
    if record.as_slice().len() > MOST_ROW {
        return Err(Box::new(too_long("row", record.as_slice().len(), MOST_ROW)));
    }
    if let Some(long) = record.iter().find(|cell| cell.len() > MOST_CELL) {
        return Err(Box::new(too_long("cell", long.len(), MOST_CELL)));
    }
    if record.len() == header.names.len() {
        return Ok(());
    }
    let cells = format!("the row has {} cells and the header {}", record.len(), header.names.len());
    let broken = record.iter().find(|cell| cell.contains('\n'));
    let fault = if let Some(cell) = broken {
        let end = line + cell.matches('\n').count();
        let cause = format!("{cells}; a quote opened in it is closed on line {end} only");
        Fault::new("F117", cause, "close the quote, or double it where it is meant")
    } else {
        let remedy = "look for a missing or superfluous comma, or put the cell in quotes";
        Fault::new("F125", cells, remedy)
    };
    Err(Box::new(fault.about(Subject::Unread)))
}

/// The names of the cells of a file, as they stand.
pub(crate) fn columns_of(input: &InputText) -> Vec<String> {
    let mut reader = input.layout.reader(input.body());
    let names = reader.headers().map(|names| names.iter().map(str::to_owned).collect());
    names.unwrap_or_default()
}

/// The cells of some rows, by line.
pub(crate) fn cells_of(input: &InputText, lines: &BTreeSet<usize>) -> Vec<(usize, Vec<String>)> {
    let wanted = input.layout.records(input.body()).filter(|(_, line)| lines.contains(line));
    wanted.map(|(record, line)| (line, record.iter().map(str::to_owned).collect())).collect()
}

/// The number in a cell, unless its one comma may be a decimal comma.
pub(crate) fn read_number(
    cell: &str,
    commas_may_be_decimal: bool,
) -> Result<Number, QuantityError> {
    let number = Number::read(cell)?;
    if commas_may_be_decimal && number.one_comma { Err(QuantityError::Comma) } else { Ok(number) }
}

/// Judges `keep` and `exclude` for rows that are not yet in any table.
pub(crate) struct Sieve<'s> {
    source: &'s Source,
    tables: Tables,
    /// Excluded ids that were met.
    pub(crate) met: BTreeSet<String>,
    /// Rows left out.
    pub(crate) excluded: usize,
    /// Columns that `keep` compares with numbers.
    numbers: BTreeSet<String>,
    /// One comma in a number may be a decimal comma.
    commas_may_be_decimal: bool,
    /// Of the row judged last: column and value of what `keep` could not read, and why.
    pub(crate) unreadable: Vec<(String, String, QuantityError)>,
}

impl<'s> Sieve<'s> {
    pub(crate) fn new(source: &'s Source, columns: &[String]) -> Self {
        let sites = Table {
            columns: columns.to_vec(),
            missing: source.missing.clone(),
            ..Table::default()
        };
        let tables = Tables {
            plane: Plane::BritishGrid,
            sites,
            exchanges: Table::default(),
            waypoints: Vec::new(),
            spans: Vec::new(),
            barriers: Vec::new(),
            crossings: CrossingLines::default(),
            inputs: Vec::new(),
        };
        let mut numbers = BTreeSet::new();
        if let Some(keep) = &source.keep {
            keep.add_number_columns(&mut numbers);
        }
        let (met, unreadable) = (BTreeSet::new(), Vec::new());
        let commas_may_be_decimal = false;
        Self { source, tables, met, excluded: 0, numbers, commas_may_be_decimal, unreadable }
    }

    /// The same for a file in which one comma in a number may be a decimal comma.
    pub(crate) fn of_layout(self, layout: Layout) -> Self {
        Self { commas_may_be_decimal: layout.separator == b';', ..self }
    }

    /// Whether a row is left out; only what surely meets `keep` is kept. A row that `keep` cannot judge since a
    /// number in it is unreadable is not left out: it is at fault, as [`unreadable`](Self::unreadable) says.
    pub(crate) fn leaves_out(&mut self, id: &str, row: impl FnOnce() -> Site) -> bool {
        self.unreadable.clear();
        let by_id = self.source.exclude.contains(id);
        if by_id {
            self.met.insert(id.to_owned());
        }
        let source = self.source;
        let out = by_id || source.keep.as_ref().is_some_and(|keep| self.fails(keep, &row()));
        self.excluded += usize::from(out);
        out
    }

    fn fails(&mut self, keep: &Clause, row: &Site) -> bool {
        let truth = keep.judge(&self.tables, row);
        if self.commas_may_be_decimal || matches!(truth, Truth::Unknown(_)) {
            for column in &self.numbers {
                let cell = self.tables.site_cell(row, column).unwrap_or_default().trim();
                let read = read_number(cell, self.commas_may_be_decimal);
                if let (false, Err(reason)) = (self.tables.is_missing(cell), read) {
                    self.unreadable.push((column.clone(), cell.to_owned(), reason));
                }
            }
        }
        truth != Truth::Yes && self.unreadable.is_empty()
    }

    /// What the scenario leaves out, as notices.
    pub(crate) fn notices(&self, file: &str) -> Vec<Fault> {
        let mut notices = Vec::new();
        for id in self.source.exclude.difference(&self.met) {
            let notice =
                Fault::notice("F126", "no row has this id to exclude", "drop it, or correct it");
            notices.push(notice.value(id).at(file, None, "exclude"));
        }
        notices
    }
}

/// A site with nothing but what clauses look at.
pub(crate) fn bare_site(id: &str, kind: &str, region: Option<String>, cells: Vec<String>) -> Site {
    Site {
        id: id.to_owned(),
        name: String::new(),
        kind: kind.to_owned(),
        position: Position { crs: Crs::BritishGrid, x: 0.0, y: 0.0 },
        at: Point::default(),
        rurality: None,
        rurality_class: None,
        region,
        drop: None,
        building_id: None,
        already_connected: false,
        cells,
        row: 0,
    }
}
