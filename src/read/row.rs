//! Typed reading of one row, whatever file it stands in.

use std::collections::BTreeMap;

use crate::error::{Fault, Subject};
use crate::geometry::{Crs, Position};
use crate::model::{Role, RowFault, number_notice};
use crate::read::clauses::theirs;
use crate::read::csv_table::{Sieve, read_number};
use crate::read::files::InputText;
use crate::read::sources::{Source, is_missing};
use crate::units::{Number, QuantityError, Tabled};

/// The rows of one table that could not be read, by our names of fields.
pub(crate) type RowFaults = Vec<RowFault>;

/// One row: how to look up a cell by our name, and where its faults go.
pub(crate) struct Row<'a, F> {
    pub(crate) source: &'a Source,
    pub(crate) role: Role,
    pub(crate) file: &'a str,
    pub(crate) number: usize,
    pub(crate) cell: F,
    pub(crate) faults: &'a mut RowFaults,
    /// One comma in a number may be a decimal comma: the cells of the file are not separated by commas.
    pub(crate) commas_may_be_decimal: bool,
    /// What was done to read its numbers.
    pub(crate) remarks: Vec<NumberRemark>,
}

/// That a number was rounded, or had separators or a pound sign taken off.
pub(crate) struct NumberRemark {
    ours: String,
    rounded: bool,
    value: String,
}

/// The remarks on the numbers of a file, counted by column.
#[derive(Default)]
pub(crate) struct NumberRemarks(BTreeMap<(String, bool), (usize, usize, String)>);

impl NumberRemarks {
    /// Counts the remarks on a row.
    pub(crate) fn take(&mut self, remarks: Vec<NumberRemark>, row: usize) {
        for NumberRemark { ours, rounded, value } in remarks {
            self.0.entry((ours, rounded)).or_insert((0, row, value)).0 += 1;
        }
    }

    /// One notice a column.
    pub(crate) fn notices(self, file: &str, source: &Source) -> Vec<Fault> {
        let notice = |((ours, rounded), (count, row, value)): ((String, bool), _)| {
            let field = match ours.as_str() {
                "position" => format!("{}, {}", source.position.x, source.position.y),
                _ => theirs(&ours, &source.columns),
            };
            number_notice(rounded, count, row).value(value).at(file, None, &field)
        };
        self.0.into_iter().map(notice).collect()
    }
}

impl<'a, F: Fn(&str) -> Option<&'a str>> Row<'a, F> {
    /// A row of a file, without faults so far.
    pub(crate) fn new(
        source: &'a Source,
        role: Role,
        file: &'a str,
        number: usize,
        cell: F,
        faults: &'a mut RowFaults,
    ) -> Self {
        let remarks = Vec::new();
        Self { source, role, file, number, cell, faults, commas_may_be_decimal: false, remarks }
    }

    /// A row of a table of cells.
    pub(crate) fn of_table(
        source: &'a Source,
        role: Role,
        input: &'a InputText,
        number: usize,
        cell: F,
        faults: &'a mut RowFaults,
    ) -> Self {
        let commas_may_be_decimal = input.layout.separator == b';';
        let row = Self::new(source, role, &input.file, number, cell, faults);
        Self { commas_may_be_decimal, ..row }
    }

    /// Where one comma may be a decimal comma: faults of numbers in other columns that have one.
    pub(crate) fn ambiguous<'c>(&mut self, cells: impl Iterator<Item = (&'c str, &'c str)>) {
        if !self.commas_may_be_decimal {
            return;
        }
        for (column, cell) in cells {
            if Number::read(cell).is_ok_and(|number| number.one_comma) {
                let cause = "the comma may part thousands or decimals";
                let remedy = "write plain digits with a decimal point";
                self.fault(column, Fault::new("S131", cause, remedy).value(cell));
            }
        }
    }

    /// The faults of numbers that the scenario's `keep` clause tests and cannot read.
    pub(crate) fn take_unreadable(&mut self, sieve: &mut Sieve<'_>) {
        for (column, value, reason) in sieve.unreadable.drain(..) {
            let of_row = self.faults.iter().rev().take_while(|fault| fault.row == self.number);
            let field = |fault: &RowFault| theirs(&fault.fault.place.field, &self.source.columns);
            if of_row.into_iter().any(|fault| field(fault) == column) {
                continue;
            }
            let cause = format!("a value that `keep` tests cannot be read as a number ({reason})");
            let remedy = "correct it, or list the word under `missing`";
            let fault = Fault::new("F129", cause, remedy).value(value);
            self.faults.push(RowFault::new(self.role, self.file, self.number, &column, fault));
        }
    }

    pub(crate) fn fault(&mut self, field: &str, fault: Fault) {
        self.faults.push(RowFault::new(self.role, self.file, self.number, field, fault));
    }

    /// The text under our name of a column: trimmed, with their word turned into ours; `None` when the
    /// column or the value is missing.
    pub(crate) fn text(&self, ours: &str) -> Option<&'a str> {
        let text = (self.cell)(ours)?.trim();
        let turned = self.source.ours(ours, text);
        (!turned.is_empty()).then_some(turned)
    }

    pub(crate) fn owned(&self, ours: &str) -> Option<String> {
        self.text(ours).map(str::to_owned)
    }

    /// A quantity in a column, `None` with a fault when it cannot be read.
    pub(crate) fn quantity<T>(
        &mut self,
        ours: &str,
        code: &'static str,
        wanted: &str,
        read: impl FnOnce(&str) -> Result<Tabled<T>, QuantityError>,
    ) -> Option<T> {
        let text = self.text(ours)?;
        let read = read_number(text, self.commas_may_be_decimal).and_then(|_| read(text));
        match read {
            Ok(Tabled { value, rounded, dressed }) => {
                self.remark(ours, rounded, dressed, text);
                Some(value)
            }
            Err(error) => {
                let cause = format!("this is not {wanted} ({error})");
                let remedy = format!("write {wanted}, as plain digits");
                self.fault(ours, Fault::new(code, cause, remedy).value(text));
                None
            }
        }
    }

    fn remark(&mut self, ours: &str, rounded: bool, dressed: bool, value: &str) {
        for (done, rounded) in [(rounded, true), (dressed, false)] {
            if done {
                let (ours, value) = (ours.to_owned(), value.to_owned());
                self.remarks.push(NumberRemark { ours, rounded, value });
            }
        }
    }

    /// A yes/no value; `false` when missing.
    pub(crate) fn flag(&mut self, ours: &str, code: &'static str) -> bool {
        let Some(text) = self.text(ours) else { return false };
        match text.to_lowercase().as_str() {
            "yes" | "y" | "true" | "1" => true,
            "no" | "n" | "false" | "0" => false,
            _ => {
                let fault = Fault::new(code, "this is neither yes nor no", "write yes or no");
                self.fault(ours, fault.value(text));
                false
            }
        }
    }

    /// A position from the texts of two columns; `None` when one is missing or, with a fault, no
    /// number.
    pub(crate) fn position(
        &mut self,
        x: Option<&str>,
        y: Option<&str>,
        code: &'static str,
    ) -> Option<Position> {
        let mut coordinate = |text: Option<&str>| {
            let text = text?.trim();
            if is_missing(text, &self.source.missing) {
                return None;
            }
            match coordinate(text, self.source.position.crs, self.commas_may_be_decimal) {
                Ok((value, dressed)) => {
                    self.remark("position", false, dressed, text);
                    Some(value)
                }
                Err(reason) => {
                    let reason = match reason {
                        QuantityError::NotANumber => String::new(),
                        reason => format!(" ({reason})"),
                    };
                    let cause = format!("the coordinate is not a number{reason}");
                    let remedy = "write plain digits with a decimal point";
                    let fault = Fault::new(code, cause, remedy).value(text);
                    self.fault("position", fault.about(Subject::Coordinate));
                    None
                }
            }
        };
        let (x, y) = (coordinate(x), coordinate(y));
        x.zip(y).map(|(x, y)| Position { crs: self.source.position.crs, x, y })
    }
}

/// A coordinate, and whether its thousands were parted; degrees have no thousands.
fn coordinate(text: &str, crs: Crs, decimal_commas: bool) -> Result<(f64, bool), QuantityError> {
    let plain = |byte: u8| byte.is_ascii_digit() || matches!(byte, b'.' | b'-' | b'+');
    if text.bytes().all(plain)
        && let Ok(value) = text.parse::<f64>()
    {
        // Nearly all are plain, and there may be millions.
        return Ok((value, false));
    }
    let number = Number::read(text)?;
    if number.pounds {
        return Err(QuantityError::PoundSign);
    }
    if number.dressed && (crs == Crs::Wgs84 || decimal_commas && number.one_comma) {
        return Err(QuantityError::Comma);
    }
    Ok((number.to_f64(), number.dressed))
}
