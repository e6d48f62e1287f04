//! Curves over money: what is reached, and what is proven that nobody can exceed.

use crate::write::html::chart::draw::{WIDTH, at, label, line, path, picture};
use crate::write::html::chart::scale::Scale;
use crate::write::html::markup::Html;

/// What a chart of curves shows; figures across and up, in order.
pub(in crate::write::html) struct Curves<'a> {
    /// What the chart says to those who cannot see it.
    pub says: &'a str,
    /// What is counted across, and up.
    pub axes: [&'a str; 2],
    /// What is reached.
    pub reached: &'a [[i64; 2]],
    /// The proven ceiling; may be empty.
    pub ceiling: &'a [[i64; 2]],
    /// Whether every point of what is reached has a dot.
    pub dots: bool,
    /// A figure across that is marked, and what is said of it.
    pub here: Option<(i64, &'a str)>,
}

const TOP: f64 = 24.0;
const BOTTOM: f64 = 230.0;
const LEFT: f64 = 52.0;

/// The curves with their axes; the words of a figure across and up are given.
pub(in crate::write::html) fn curves(
    chart: &Curves<'_>,
    across: impl Fn(i64) -> String,
    up: impl Fn(i64) -> String,
) -> Html {
    let points = || chart.reached.iter().chain(chart.ceiling);
    let widest = points().map(|point| point[0]).chain(chart.here.map(|here| here.0)).max();
    let xs = Scale::close(widest.unwrap_or(0), 5, [LEFT, WIDTH - 14.0]);
    let ys = Scale::new(points().map(|point| point[1]).max().unwrap_or(0), 5, [BOTTOM, TOP]);
    let placed = |points: &[[i64; 2]]| -> Vec<[f64; 2]> {
        points.iter().map(|&[x, y]| [xs.place(x), ys.place(y)]).collect()
    };
    let (reached, ceiling) = (placed(chart.reached), placed(chart.ceiling));
    picture(BOTTOM + 38.0, chart.says, |svg| {
        label(svg, "", "start", [0.0, 11.0], chart.axes[1]);
        for &figure in &ys.ticks {
            let y = ys.place(figure);
            line(svg, "rule", [LEFT, y, WIDTH, y]);
            label(svg, "", "end", [LEFT - 6.0, y + 4.0], &up(figure));
        }
        for &figure in &xs.ticks {
            let x = xs.place(figure);
            line(svg, "axis", [x, BOTTOM, x, BOTTOM + 4.0]);
            label(svg, "", "middle", [x, BOTTOM + 17.0], &across(figure));
        }
        if !ceiling.is_empty() {
            // The band lies where both are known.
            let known = |points: &[[i64; 2]], x: i64| points.iter().any(|point| point[0] == x);
            let both = |own: &[[i64; 2]], other: &[[i64; 2]]| -> Vec<[i64; 2]> {
                own.iter().copied().filter(|point| known(other, point[0])).collect()
            };
            let mut band = placed(&both(chart.reached, chart.ceiling));
            band.extend(placed(&both(chart.ceiling, chart.reached)).into_iter().rev());
            path(svg, "band", &band, true);
            path(svg, "ceiling", &ceiling, false);
        }
        path(svg, "curve", &reached, false);
        if chart.dots {
            for [x, y] in &reached {
                svg.within(
                    "circle",
                    &[("class", "dot"), ("cx", &at(*x)), ("cy", &at(*y)), ("r", "3")],
                    |_| {},
                );
            }
        }
        line(svg, "axis", [LEFT, BOTTOM, WIDTH, BOTTOM]);
        if let Some((figure, words)) = chart.here {
            let x = xs.place(figure);
            line(svg, "here", [x, TOP - 6.0, x, BOTTOM]);
            let right = x > WIDTH / 2.0;
            let (anchor, x) = if right { ("end", x - 5.0) } else { ("start", x + 5.0) };
            label(svg, "strong", anchor, [x, BOTTOM - 8.0], words);
        }
        label(svg, "", "end", [WIDTH, BOTTOM + 34.0], chart.axes[0]);
    })
}
