//! One sheet: a table with a frozen head, filters, widths and formats.

use std::borrow::Cow;

use rust_xlsxwriter::{Format, FormatAlign, FormatBorder, Worksheet, XlsxError};

use crate::error::{Error, ErrorKind};
use crate::text;
use crate::write::cells::safe_cell;
use crate::write::grid_table::GridTable;
use crate::write::text::count;
use crate::write::workbook::columns::{Sort, number};

/// The most rows of a sheet, its head included.
pub(super) const MOST_ROWS: usize = 1_048_576;

/// The most columns of a sheet.
const MOST_COLUMNS: usize = 16_384;

/// The most a cell holds, in units of UTF-16.
const MOST_CELL: usize = 32_767;

/// The rows whose cells make the width of a column.
const LOOKED_AT: usize = 2_000;

/// A table and the sort of each column.
pub(super) struct Sheet {
    pub(super) name: &'static str,
    pub(super) table: GridTable,
    pub(super) sorts: Vec<Sort>,
}

/// The fault of a table that no sheet can hold.
pub(super) fn too_large(sheet: &Sheet, most_rows: usize) -> Result<(), Error> {
    let (rows, columns) = (sheet.table.rows.len() + 1, sheet.table.header.len());
    let large = if rows > most_rows {
        format!("{} rows, and a sheet holds {}", count(rows), count(most_rows))
    } else if columns > MOST_COLUMNS {
        format!("{} columns, and a sheet holds {}", count(columns), count(MOST_COLUMNS))
    } else {
        return Ok(());
    };
    let name = sheet.name;
    let message = format!(
        "the sheet \"{name}\" of the workbook would have {large}: use the CSV files, or the GeoPackage"
    );
    Err(Error::new(ErrorKind::Usage, message))
}

/// The formats of a workbook.
pub(super) struct Styles {
    head: Format,
    text: Format,
    /// Of a text that looks like a formula: it stays a text when somebody edits it.
    quoted: Format,
    prose: Format,
    pounds: Format,
    metres: Format,
    number: Format,
    degrees: Format,
    grid: Format,
    plain: Format,
}

impl Styles {
    pub(super) fn new() -> Self {
        let top = Format::new().set_align(FormatAlign::Top);
        let numbers = |form: &str| top.clone().set_num_format(form);
        Self {
            head: Format::new()
                .set_bold()
                .set_background_color("#DCE6F1")
                .set_border_bottom(FormatBorder::Thin)
                .set_text_wrap()
                .set_align(FormatAlign::VerticalCenter),
            quoted: top.clone().set_quote_prefix(),
            prose: top.clone().set_text_wrap(),
            pounds: numbers("£#,##0.00;[Red]-£#,##0.00"),
            metres: numbers("#,##0.0"),
            number: numbers("#,##0.###"),
            degrees: numbers("0.0000000"),
            grid: numbers("0.000"),
            plain: numbers("General"),
            text: top,
        }
    }

    fn of(&self, sort: Sort) -> &Format {
        match sort {
            Sort::Text => &self.text,
            Sort::Prose => &self.prose,
            Sort::Pounds => &self.pounds,
            Sort::Metres => &self.metres,
            Sort::Number => &self.number,
            Sort::Degrees => &self.degrees,
            Sort::Grid => &self.grid,
            Sort::Plain => &self.plain,
        }
    }
}

/// A text as a cell holds it: what could control a screen is shown escaped, and it is no longer than a cell.
pub(super) fn safe(cell: &str) -> Cow<'_, str> {
    let shown = text::cell(cell);
    let mut units = 0;
    for (at, letter) in shown.char_indices() {
        units += letter.len_utf16();
        if units > MOST_CELL {
            // One unit before the limit is left for the ellipsis, whatever stood there.
            let cut: String = shown[..at].chars().collect();
            let kept = cut.chars().count().saturating_sub(2);
            return Cow::Owned(cut.chars().take(kept).chain(['…']).collect());
        }
    }
    shown
}

/// Writes a table into a sheet.
pub(super) fn fill(to: &mut Worksheet, sheet: &Sheet, styles: &Styles) -> Result<(), XlsxError> {
    let Sheet { name, table, sorts } = sheet;
    to.set_name(*name)?;
    for (column, title) in (0_u16..).zip(&table.header) {
        to.write_string_with_format(0, column, safe(title), &styles.head)?;
    }
    for (row, cells) in (1_u32..).zip(&table.rows) {
        for ((column, cell), &sort) in (0_u16..).zip(cells).zip(sorts) {
            write(to, (row, column), cell, sort, styles)?;
        }
    }
    for ((column, title), &sort) in (0_u16..).zip(&table.header).zip(sorts) {
        let cells =
            table.rows.iter().take(LOOKED_AT).filter_map(|row| row.get(usize::from(column)));
        to.set_column_width(column, width(title, cells, sort))?;
    }
    to.set_freeze_panes(1, 0)?;
    let last = (u32::try_from(table.rows.len()), u16::try_from(table.header.len()));
    if let (Ok(rows), Ok(columns @ 1..)) = last {
        to.autofilter(0, 0, rows, columns - 1)?;
    }
    to.set_landscape().set_paper_size(9).set_print_fit_to_pages(1, 0).set_repeat_rows(0, 0)?;
    Ok(())
}

fn write(
    to: &mut Worksheet,
    (row, column): (u32, u16),
    cell: &str,
    sort: Sort,
    styles: &Styles,
) -> Result<(), XlsxError> {
    if cell.is_empty() {
        return Ok(());
    }
    if !matches!(sort, Sort::Text | Sort::Prose)
        && let Some(number) = number(cell)
    {
        to.write_number_with_format(row, column, number, styles.of(sort))?;
        return Ok(());
    }
    // Where a table of texts would get an apostrophe, the cell is marked as quoted.
    let is_formula = safe_cell(cell).starts_with('\'') && !cell.starts_with('\'');
    let format = match sort {
        _ if is_formula => &styles.quoted,
        Sort::Prose => &styles.prose,
        _ => &styles.text,
    };
    to.write_string_with_format(row, column, safe(cell), format)?;
    Ok(())
}

/// The width of a column in characters: enough for most cells and for its title.
fn width<'a>(title: &str, cells: impl Iterator<Item = &'a String>, sort: Sort) -> u16 {
    let longest = |text: &str| text.lines().map(|line| line.chars().count()).max().unwrap_or(0);
    let widest = cells.map(|cell| longest(cell)).max().unwrap_or(0);
    let (least, most) = match sort {
        Sort::Prose => (40, 90),
        Sort::Text | Sort::Plain => (8, 40),
        _ => (12, 24),
    };
    // The button of the filter needs room too; a long title is broken.
    let wanted = (widest + 3).max(longest(title).min(24) + 4).clamp(least, most);
    u16::try_from(wanted).unwrap_or(most_width())
}

const fn most_width() -> u16 {
    90
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sheet_that_is_too_large_is_a_clear_fault() {
        let mut table = GridTable::new(["id"]);
        table.rows = vec![vec!["A".to_owned()]; 10];
        let sheet = Sheet { name: "sites", table, sorts: vec![Sort::Text] };
        assert!(too_large(&sheet, 11).is_ok());
        let fault = too_large(&sheet, 10).unwrap_err();
        assert_eq!(fault.kind(), ErrorKind::Usage);
        assert!(
            fault.to_string().contains("\"sites\" of the workbook would have 11 rows"),
            "{fault}"
        );
        let wide = GridTable::new(vec!["x"; MOST_COLUMNS + 1]);
        assert!(too_large(&Sheet { table: wide, ..sheet }, MOST_ROWS).is_err());
    }

    #[test]
    fn long_texts_fit_a_cell_and_none_controls_anything() {
        let units = |text: &str| text.encode_utf16().count();
        for long in ["x".repeat(40_000), "🏥".repeat(20_000), "é\0".repeat(9_000)] {
            let cut = safe(&long);
            assert!(units(&cut) <= MOST_CELL && cut.ends_with('…'));
        }
        assert_eq!(units(&safe(&"x".repeat(MOST_CELL))), MOST_CELL);
        assert_eq!(safe("\0\u{202e}<b>\n"), "\\u{0}\\u{202e}<b>\n");
    }
}
