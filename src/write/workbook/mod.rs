//! The workbook: the tables of a plan and what it rests on, as sheets of one `.xlsx` file.
//!
//! In: a scenario, its outcome and the report on it. Out: bytes that are the same for the same answer. Sheets
//! that have a CSV file hold the same cells; texts are written as texts and never as formulas or links.

mod columns;
mod sheet;
mod sheets;

use std::path::Path;

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook, XlsxError};

use crate::error::{Error, ErrorKind, Fault};
use crate::files::{Replace, SealedFile, seal_place};
use crate::model::Scenario;
use crate::plan::{Outcome, Plan};
use crate::report::Report;
use sheet::{MOST_ROWS, Styles, fill, too_large};
use sheets::sheets;

/// A workbook as a file that is to be written.
#[must_use]
pub fn workbook_file(file: &Path, replace: Replace) -> SealedFile<'_> {
    SealedFile { file, noun: "workbook", start: b"PK\x03\x04", replace }
}

/// The bytes of the workbook: sheets `sites`, `build list`, `funding`, `programmes`, `years` (where payments have
/// years) and `assumptions`. `notices` are those of reading.
///
/// # Errors
///
/// [`ErrorKind::Usage`] when a table has more rows or columns than a sheet can hold.
pub fn workbook(
    scenario: &Scenario,
    outcome: &Outcome,
    report: &Report,
    notices: &[Fault],
) -> Result<Vec<u8>, Error> {
    let empty = Plan::default();
    let plan = outcome.plan.as_ref().unwrap_or(&empty);
    let sheets = sheets(scenario, outcome, plan, report, notices);
    for sheet in &sheets {
        too_large(sheet, MOST_ROWS)?;
    }
    let bytes = assembled(scenario, &sheets).map_err(|error| {
        Error::new(ErrorKind::Internal, format!("the workbook cannot be made: {error}"))
    })?;
    Ok(with_comment(bytes))
}

fn assembled(scenario: &Scenario, sheets: &[sheet::Sheet]) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    // The same answer makes the same bytes, so it bears no date of its own.
    let never = ExcelDateTime::from_ymd(1980, 1, 1)?;
    let title = if scenario.title.is_empty() { &scenario.name } else { &scenario.title };
    let properties = DocProperties::new()
        .set_title(sheet::safe(title))
        .set_comment("Written by fibreplan")
        .set_creation_datetime(&never);
    book.set_properties(&properties);
    let styles = Styles::new();
    for sheet in sheets {
        fill(book.add_worksheet(), sheet, &styles)?;
    }
    book.save_to_buffer()
}

/// The archive with the place of a seal as its comment, which readers pass over and other programs drop.
fn with_comment(mut archive: Vec<u8>) -> Vec<u8> {
    let comment = seal_place();
    let Ok(length) = u16::try_from(comment.len()) else { return archive };
    // An archive without a comment ends with the length of the comment, nought.
    if archive.ends_with(&[0, 0]) {
        archive.truncate(archive.len() - 2);
        archive.extend(length.to_le_bytes());
        archive.extend(comment.as_bytes());
    }
    archive
}
