//! Columns that grow from year to year, each with what nobody can exceed by then.

use crate::write::html::chart::draw::{WIDTH, label, line, picture, rectangle};
use crate::write::html::chart::scale::Scale;
use crate::write::html::markup::Html;

/// What is reached by the end of a year.
pub(in crate::write::html) struct Level {
    /// The year.
    pub label: String,
    /// Reached by the end of the year before.
    pub before: i64,
    /// Reached by its end.
    pub reached: i64,
    /// What is proven that nobody can exceed by its end.
    pub ceiling: Option<i64>,
}

const TOP: f64 = 24.0;
const BOTTOM: f64 = 210.0;
const LEFT: f64 = 52.0;

/// A column a year: what stood before below, what comes in the year above it, the ceiling as a dashed line.
pub(in crate::write::html) fn levels(
    says: &str,
    up: &str,
    rows: &[Level],
    figure: impl Fn(i64) -> String,
) -> Html {
    let largest = rows.iter().map(|row| row.reached.max(row.ceiling.unwrap_or(0))).max();
    let scale = Scale::new(largest.unwrap_or(0), 4, [BOTTOM, TOP]);
    let years = f64::from(u32::try_from(rows.len().max(1)).unwrap_or(u32::MAX));
    let each = (WIDTH - LEFT) / years;
    // Few years would make slabs.
    let wide = (each * 0.62).min(84.0);
    // A label of a year is 50 wide at most.
    let step = if each >= 52.0 { 1 } else { 2 };
    picture(BOTTOM + 24.0, says, |svg| {
        label(svg, "", "start", [0.0, 11.0], up);
        for &tick in &scale.ticks {
            let y = scale.place(tick);
            line(svg, "rule", [LEFT, y, WIDTH, y]);
            label(svg, "", "end", [LEFT - 6.0, y + 4.0], &figure(tick));
        }
        let mut middle = LEFT + each / 2.0;
        for (place, row) in rows.iter().enumerate() {
            let left = middle - wide / 2.0;
            let (base, top) = (scale.place(row.before), scale.place(row.reached));
            rectangle(svg, "past", [left, base, wide, BOTTOM - base]);
            rectangle(svg, "fill-1", [left, top, wide, base - top]);
            if let Some(ceiling) = row.ceiling {
                let y = scale.place(ceiling);
                line(svg, "ceiling", [left - 5.0, y, left + wide + 5.0, y]);
            }
            if place % step == 0 {
                label(svg, "strong", "middle", [middle, BOTTOM + 16.0], &row.label);
            }
            middle += each;
        }
        line(svg, "axis", [LEFT, BOTTOM, WIDTH, BOTTOM]);
    })
}
