//! Bars along the page: of what there is, what is used.

use crate::write::html::chart::draw::{WIDTH, label, line, picture, rectangle};
use crate::write::html::chart::scale::Scale;
use crate::write::html::markup::Html;

/// One bar.
pub(in crate::write::html) struct Bar {
    /// What it is of.
    pub label: String,
    /// The figures in words.
    pub says: String,
    /// How long its track is: all there is.
    pub track: i64,
    /// Its parts from the left, each with the number of its tone, from 1.
    pub parts: Vec<(i64, usize)>,
}

const ROW: f64 = 46.0;

/// Bars below each other, with a scale shared by all.
pub(in crate::write::html) fn bars(says: &str, rows: &[Bar], tick: impl Fn(i64) -> String) -> Html {
    let total = |row: &Bar| row.parts.iter().map(|part| part.0).sum::<i64>();
    let largest = rows.iter().map(|row| row.track.max(total(row))).max().unwrap_or(0);
    let scale = Scale::new(largest, 4, [1.0, WIDTH - 26.0]);
    // There are a few dozen rows at most.
    let count = f64::from(u32::try_from(rows.len()).unwrap_or(u32::MAX));
    let bottom = ROW * count + 4.0;
    picture(bottom + 20.0, says, |svg| {
        for &figure in &scale.ticks {
            let x = scale.place(figure);
            line(svg, "axis", [x, bottom - 4.0, x, bottom]);
            let anchor = if figure == 0 { "start" } else { "middle" };
            label(svg, "", anchor, [x, bottom + 15.0], &tick(figure));
        }
        let mut top = 0.0;
        for row in rows {
            label(svg, "strong", "start", [1.0, top + 14.0], &row.label);
            label(svg, "", "end", [WIDTH - 1.0, top + 14.0], &row.says);
            let x = scale.place(0);
            if row.track > 0 {
                rectangle(svg, "track", [x, top + 20.0, scale.place(row.track) - x, 18.0]);
            }
            let mut from = 0;
            for &(size, tone) in &row.parts {
                let (left, right) = (scale.place(from), scale.place(from + size));
                let class = format!("fill-{}", (tone - 1) % 8 + 1);
                rectangle(svg, &class, [left, top + 20.0, right - left, 18.0]);
                from += size;
            }
            top += ROW;
        }
        line(svg, "axis", [1.0, bottom, WIDTH - 1.0, bottom]);
    })
}
