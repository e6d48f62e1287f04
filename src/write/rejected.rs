//! `rejected.csv`: the rows set aside, with what is wrong and what to do about it.

use crate::error::Fault;
use crate::read::Rejected;
use crate::text::short;
use crate::write::cells::CsvText;

/// The columns that `rejected.csv` adds to those of the input.
pub const FAULT_COLUMNS: [&str; 7] = [
    "fault_code",
    "fault_field",
    "fault_value",
    "fault_remedy",
    "fault_cause",
    "fault_file",
    "fault_row",
];

/// The bytes of `rejected.csv`: one row for each rejected row, its input columns unchanged and in order, then
/// [`FAULT_COLUMNS`]; several faults of a row stand in one cell, separated by ` | `.
///
/// Rows of several tables share the columns of the same name; columns of a later table follow those of
/// the earlier ones. Input columns that carry one of our names are left out.
#[must_use]
pub fn rejected_csv(rejected: &[Rejected]) -> Vec<u8> {
    let mut columns: Vec<&str> = Vec::new();
    let mut last: Option<&[String]> = None;
    for row in rejected {
        // Rows of one table stand together and share their columns.
        if last == Some(&row.columns) {
            continue;
        }
        last = Some(&row.columns);
        for name in row.columns.iter().map(String::as_str) {
            if !FAULT_COLUMNS.contains(&name) && !columns.contains(&name) {
                columns.push(name);
            }
        }
    }
    let mut text = CsvText::with_header(columns.iter().chain(&FAULT_COLUMNS));
    for row in rejected {
        let cell = |column: &&str| {
            let place = row.columns.iter().position(|name| name == *column);
            place.and_then(|place| row.cells.get(place)).cloned().unwrap_or_default()
        };
        let cells: Vec<String> = columns.iter().map(cell).chain(faults_of(row)).collect();
        text.row(cells);
    }
    text.into_bytes()
}

/// What a fault says in a cell: it controls nothing, and is cut where it repeats much of the file.
fn told(text: &str) -> String {
    short(text, 600).into_owned()
}

fn faults_of(row: &Rejected) -> [String; 7] {
    let all = |part: fn(&Fault) -> String| {
        row.faults.iter().map(|fault| told(&part(fault))).collect::<Vec<String>>().join(" | ")
    };
    [
        all(|fault| fault.code.to_string()),
        all(|fault| fault.place.field.clone()),
        all(|fault| fault.value.clone()),
        all(|fault| fault.remedy.clone()),
        all(|fault| fault.cause.clone()),
        row.file.clone(),
        row.row.to_string(),
    ]
}
