//! The rows of practices, branch surgeries and hospitals as published, not yet judged.
//!
//! Practices (`epraccur`) and branches (`ebranchs`): NHS Organisation Data Service, 27 columns, no
//! header; 1 code, 2 name, 10 postcode, 11 and 12 open and close date, 13 status, 15 commissioner or
//! parent practice, 26 prescribing setting. Hospitals: NHS.uk, `Hospital.csv`, with a header, separated
//! by `¬`.

use std::path::Path;

use crate::error::{Error, Fault};
use crate::import::account::Account;
use crate::import::published::{Cells, Columns, Published};

/// Columns of the files of the Organisation Data Service.
const ODS_COLUMNS: usize = 27;

/// What file a row comes from, with what only that file says.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Origin {
    Practice {
        setting: String,
    },
    Branch {
        parent: String,
    },
    /// Longitude and latitude as written, and the words for the sector.
    Hospital {
        lon_lat: [String; 2],
        sector: String,
    },
}

impl Origin {
    /// The file's role in accounts.
    pub(super) const fn role(&self) -> &'static str {
        match self {
            Self::Practice { .. } => "practices",
            Self::Branch { .. } => "branches",
            Self::Hospital { .. } => "hospitals",
        }
    }
}

/// A row that may become a site.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Candidate {
    pub(super) file: String,
    pub(super) row: usize,
    pub(super) id: String,
    pub(super) name: String,
    pub(super) postcode: String,
    /// Status as written; `None` where the file has none.
    pub(super) status: Option<String>,
    pub(super) closes: String,
    pub(super) origin: Origin,
    /// Found while reading: too many or few cells.
    pub(super) misread: Option<Fault>,
}

/// The rows of one file, and the file.
#[derive(Debug, Default)]
pub(super) struct Organisations {
    pub(super) rows: Vec<Candidate>,
    pub(super) account: Account,
}

/// Reads the practices.
///
/// # Errors
///
/// As [`Published::open`].
pub(super) fn practices(path: &Path) -> Result<Organisations, Error> {
    ods(path, "practices", |row| {
        let setting = row.get(25).to_owned();
        (Some(row.get(12).to_owned()), Origin::Practice { setting })
    })
}

/// Reads the branch surgeries; a status is read where there is one.
///
/// # Errors
///
/// As [`Published::open`].
pub(super) fn branches(path: &Path) -> Result<Organisations, Error> {
    ods(path, "branches", |row| {
        let status = Some(row.get(12)).filter(|status| !status.is_empty()).map(str::to_owned);
        (status, Origin::Branch { parent: row.get(14).to_owned() })
    })
}

fn ods(
    path: &Path,
    role: &'static str,
    special: impl Fn(&Cells) -> (Option<String>, Origin),
) -> Result<Organisations, Error> {
    let mut table = Published::open(path)?;
    let rows = table.rows()?;
    // Some redistribute the files with a header of their own.
    let headed = rows.first().is_some_and(|row| row.get(0).to_lowercase().contains("code"));
    if let Some(fault) = other_layout(&rows, headed) {
        return Err(Error::from_faults(vec![fault.at(
            &table.file,
            rows.first().map(|row| row.line),
            "",
        )]));
    }
    let candidate = |row: &Cells| {
        let (status, origin) = special(row);
        Candidate {
            file: table.file.clone(),
            row: row.line,
            id: row.get(0).to_owned(),
            name: row.get(1).to_owned(),
            postcode: row.get(9).to_owned(),
            status,
            closes: row.get(11).to_owned(),
            origin,
            misread: misread(row, ODS_COLUMNS),
        }
    };
    let rows = rows.iter().skip(usize::from(headed)).map(candidate).collect();
    Ok(Organisations { rows, account: account(&table, role) })
}

/// The fault of a file all of whose rows have another number of columns: it is of another layout.
fn other_layout(rows: &[Cells], headed: bool) -> Option<Fault> {
    let columns = rows.first()?.cells.len();
    if columns == ODS_COLUMNS || rows.iter().any(|row| row.cells.len() == ODS_COLUMNS) {
        return None;
    }
    let head = if headed { "the file has a header and" } else { "the file has" };
    let cause = format!(
        "{head} {columns} columns, and the layout that is read {ODS_COLUMNS} without a header"
    );
    let remedy =
        "give the file as the Organisation Data Service publishes it, with all its columns";
    Some(Fault::new("F125", cause, remedy))
}

/// Reads the hospitals. An id is the ODS code and, as one code may stand for several, the number at NHS.uk.
///
/// # Errors
///
/// As [`Published::open`], and `Faults` when columns are lacking.
pub(super) fn hospitals(path: &Path) -> Result<Organisations, Error> {
    let mut table = Published::open(path)?;
    let rows = table.rows()?;
    let header = rows.first().cloned().unwrap_or_default();
    let mut columns = Columns::new(&header, &table.file);
    let number = columns.need(&["organisationid"]);
    let code = columns.need(&["organisationcode"]);
    let name = columns.need(&["organisationname"]);
    let postcode = columns.need(&["postcode"]);
    let status = columns.find(&["organisationstatus"]);
    let lon_lat = [columns.need(&["longitude"]), columns.need(&["latitude"])];
    let sector = columns.find(&["sector"]).unwrap_or(usize::MAX);
    if !columns.faults.is_empty() {
        return Err(Error::from_faults(columns.faults));
    }
    let id = |row: &Cells| match [row.get(code), row.get(number)] {
        ["", number] => number.to_owned(),
        [code, ""] => code.to_owned(),
        [code, number] => format!("{code}-{number}"),
    };
    let candidate = |row: &Cells| Candidate {
        file: table.file.clone(),
        row: row.line,
        id: id(row),
        name: row.get(name).to_owned(),
        postcode: row.get(postcode).to_owned(),
        status: status.map(|place| row.get(place).to_owned()),
        closes: String::new(),
        origin: Origin::Hospital {
            lon_lat: lon_lat.map(|place| row.get(place).to_owned()),
            sector: row.get(sector).to_owned(),
        },
        misread: misread(row, header.cells.len()),
    };
    let rows = rows.iter().skip(1).map(candidate).collect();
    Ok(Organisations { rows, account: account(&table, "hospitals") })
}

fn account(table: &Published, role: &'static str) -> Account {
    Account { role, file: table.file.clone(), sha256: table.sha256(), ..Account::default() }
}

fn misread(row: &Cells, columns: usize) -> Option<Fault> {
    let cells = row.cells.len();
    (cells != columns).then(|| {
        let cause = format!("the row has {cells} cells and the layout {columns}");
        Fault::new(
            "F125",
            cause,
            "give the file as published; look for a missing or superfluous separator",
        )
    })
}
