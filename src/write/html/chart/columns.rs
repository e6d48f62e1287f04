//! Columns side by side: how many of each class.

use crate::write::html::chart::draw::{WIDTH, label, line, picture, rectangle};
use crate::write::html::chart::scale::Scale;
use crate::write::html::markup::Html;
use crate::write::text::count;

/// One column.
pub(in crate::write::html) struct ColumnBar {
    /// Where its class begins, in short.
    pub label: String,
    /// Its height.
    pub height: usize,
}

const TOP: f64 = 22.0;
const BOTTOM: f64 = 200.0;
const LEFT: f64 = 44.0;

/// Columns, each with its height above it and the beginning of its class at its left edge; the end of the last
/// class stands at its right edge.
pub(in crate::write::html) fn columns(
    says: &str,
    [across, up]: [&str; 2],
    rows: &[ColumnBar],
    end: &str,
) -> Html {
    let whole = |number: usize| i64::try_from(number).unwrap_or(i64::MAX);
    let largest = rows.iter().map(|row| row.height).max().unwrap_or(0);
    let scale = Scale::new(whole(largest), 4, [BOTTOM, TOP]);
    let each =
        (WIDTH - LEFT - 18.0) / f64::from(u32::try_from(rows.len().max(1)).unwrap_or(u32::MAX));
    picture(BOTTOM + 40.0, says, |svg| {
        label(svg, "", "start", [0.0, 11.0], up);
        for &figure in &scale.ticks {
            let y = scale.place(figure);
            line(svg, "rule", [LEFT, y, WIDTH, y]);
            let text = count(usize::try_from(figure).unwrap_or(0));
            label(svg, "", "end", [LEFT - 6.0, y + 4.0], &text);
        }
        let mut x = LEFT;
        // Labels are 46 wide at most.
        let step = if each >= 46.0 { 1 } else { 2 };
        for (place, row) in rows.iter().enumerate() {
            let y = scale.place(whole(row.height));
            rectangle(svg, "fill-1", [x + 1.5, y, each - 3.0, BOTTOM - y]);
            if row.height > 0 {
                label(svg, "strong", "middle", [x + each / 2.0, y - 4.0], &count(row.height));
            }
            if place % step == 0 {
                label(svg, "", "middle", [x, BOTTOM + 16.0], &row.label);
            }
            x += each;
        }
        if rows.len().is_multiple_of(step) {
            label(svg, "", "middle", [x, BOTTOM + 16.0], end);
        }
        line(svg, "axis", [LEFT, BOTTOM, WIDTH, BOTTOM]);
        label(svg, "", "end", [WIDTH, BOTTOM + 34.0], across);
    })
}
