//! Tables of a page that need no script to be read; the script lets them be sorted, searched and saved.

use crate::units::{Millimetres, Pence, Weight};
use crate::write::html::markup::Html;
use crate::write::text::{amount, count, metres, weight};

/// A cell: what people read, and the plain number to sort by and to save where it is one.
#[derive(Clone, Debug)]
pub(super) struct Cell {
    shown: String,
    /// `None` for texts, an empty text for a number that is missing.
    number: Option<String>,
    /// The id of a site that the cell leads to.
    site: Option<String>,
}

impl Cell {
    pub(super) fn text(text: &str) -> Self {
        Self { shown: text.to_owned(), number: None, site: None }
    }

    /// A text that leads to a site on the map.
    pub(super) fn site(id: &str, name: &str) -> Self {
        Self { site: Some(id.to_owned()), ..Self::text(name) }
    }

    fn number(shown: String, plain: String) -> Self {
        Self { shown, number: Some(plain), site: None }
    }

    pub(super) fn count(number: usize) -> Self {
        Self::number(count(number), number.to_string())
    }

    pub(super) fn money(pence: Pence) -> Self {
        Self::number(amount(pence), pence.to_string())
    }

    pub(super) fn weight(own: Weight) -> Self {
        Self::number(weight(own), own.to_string())
    }

    pub(super) fn metres(own: Millimetres) -> Self {
        Self::number(metres(own), own.to_string())
    }

    /// A share in per cent, already in words.
    pub(super) fn share(shown: String, share: f64) -> Self {
        Self::number(shown, format!("{:.4}", 100.0 * share))
    }

    /// A share in per mille, already in words.
    pub(super) fn per_mille(shown: String, per_mille: usize) -> Self {
        Self::number(shown, format!("{}.{}", per_mille / 10, per_mille % 10))
    }

    /// A number that is not known, or does not apply.
    pub(super) fn none() -> Self {
        Self::number("–".to_owned(), String::new())
    }

    pub(super) fn maybe<T>(value: Option<T>, cell: impl FnOnce(T) -> Self) -> Self {
        value.map_or_else(Self::none, cell)
    }
}

/// The most rows that a table shows without scrolling.
const LONG: usize = 18;

/// The most letters of a text that is never broken over lines, such as a financial year.
const BRIEF: usize = 9;

/// A table under construction.
pub(super) struct Table<'a> {
    /// The name of the file it is saved as.
    pub name: &'static str,
    pub caption: &'a str,
    /// Headings, each with whether its column holds numbers.
    pub heads: Vec<(String, bool)>,
    pub rows: Vec<Vec<Cell>>,
    /// The last row, which stays last; may be empty.
    pub foot: Vec<Cell>,
}

impl Table<'_> {
    /// The table, in a frame that scrolls sideways where it must.
    pub(super) fn write(&self, html: &mut Html) {
        // A long table scrolls in a frame of its own; paper shows all of it.
        let class = if self.rows.len() > LONG { "scroll tall" } else { "scroll" };
        let frame =
            [("class", class), ("tabindex", "0"), ("role", "region"), ("aria-label", self.caption)];
        html.within("div", &frame, |frame| {
            frame.within("table", &[("data-name", self.name)], |table| {
                table.element("caption", &[], self.caption);
                table.within("thead", &[], |head| {
                    head.within("tr", &[], |row| {
                        for (heading, number) in &self.heads {
                            let class: &[_] = if *number { &[("class", "number")] } else { &[] };
                            let attributes = [&[("scope", "col")], class].concat();
                            row.element("th", &attributes, heading);
                        }
                    });
                });
                table.within("tbody", &[], |body| {
                    self.rows.iter().for_each(|cells| write_row(body, cells));
                });
                if !self.foot.is_empty() {
                    table.within("tfoot", &[], |foot| write_row(foot, &self.foot));
                }
            });
        });
    }
}

fn write_row(html: &mut Html, cells: &[Cell]) {
    html.within("tr", &[], |row| {
        for (place, cell) in cells.iter().enumerate() {
            let mut attributes = Vec::new();
            if let Some(number) = &cell.number {
                attributes.extend([("class", "number"), ("data-v", number.as_str())]);
                attributes.push(("data-raw", number.as_str()));
            } else if cell.shown.chars().count() <= BRIEF {
                attributes.push(("class", "brief"));
            }
            let name = if place == 0 { "th" } else { "td" };
            if place == 0 {
                attributes.push(("scope", "row"));
            }
            row.within(name, &attributes, |inside| match &cell.site {
                Some(id) => {
                    let button =
                        [("type", "button"), ("class", "link"), ("data-find", id.as_str())];
                    inside.element("button", &button, &cell.shown);
                }
                None => {
                    inside.text(&cell.shown);
                }
            });
        }
    });
}

/// Headings: those that hold numbers begin with `#`.
pub(super) fn heads<S: AsRef<str>>(names: impl IntoIterator<Item = S>) -> Vec<(String, bool)> {
    let head = |name: S| match name.as_ref().strip_prefix('#') {
        Some(rest) => (rest.to_owned(), true),
        None => (name.as_ref().to_owned(), false),
    };
    names.into_iter().map(head).collect()
}
