//! Typed reading of one row, whatever file it stands in.

use crate::error::Fault;
use crate::geometry::Position;
use crate::model::{Role, RowFault};
use crate::read::sources::Source;
use crate::units::QuantityError;

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
}

/// Whether a text means "no value" under the scenario's list; an empty one always does.
pub(crate) fn is_missing(text: &str, missing: &[String]) -> bool {
    text.is_empty() || missing.iter().any(|word| word.trim().eq_ignore_ascii_case(text))
}

impl<'a, F: Fn(&str) -> Option<&'a str>> Row<'a, F> {
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
        read: impl FnOnce(&str) -> Result<T, QuantityError>,
    ) -> Option<T> {
        let text = self.text(ours)?;
        match read(text) {
            Ok(value) => Some(value),
            Err(error) => {
                let cause = format!("this is not {wanted} ({error})");
                let remedy = format!("write {wanted}, as plain digits");
                self.fault(ours, Fault::new(code, cause, remedy).value(text));
                None
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
            let number = text.parse::<f64>().ok().filter(|number| number.is_finite());
            if number.is_none() {
                let fault = Fault::new(
                    code,
                    "the coordinate is not a number",
                    "write plain digits with a decimal point",
                );
                let fault = fault.value(text);
                let place = (self.role, self.file, self.number);
                self.faults.push(RowFault::new(place.0, place.1, place.2, "position", fault));
            }
            number
        };
        let (x, y) = (coordinate(x), coordinate(y));
        x.zip(y).map(|(x, y)| Position { crs: self.source.position.crs, x, y })
    }
}
