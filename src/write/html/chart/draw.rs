//! The few shapes that charts are made of.

use crate::write::html::markup::Html;

/// The width of every chart, in units of its own.
pub(super) const WIDTH: f64 = 440.0;

/// A picture of a height with what it says to those who cannot see it.
pub(super) fn picture(height: f64, says: &str, inside: impl FnOnce(&mut Html)) -> Html {
    let mut html = Html::default();
    let size = format!("0 0 {WIDTH} {height}");
    html.within("svg", &[("viewBox", &size), ("role", "img"), ("aria-label", says)], inside);
    html
}

/// A coordinate.
pub(super) fn at(value: f64) -> String {
    let text = format!("{value:.1}");
    text.strip_suffix(".0").map_or(text.clone(), str::to_owned)
}

/// A label at a place: `start`, `middle` or `end` of it stands there.
pub(super) fn label(html: &mut Html, class: &str, anchor: &str, [x, y]: [f64; 2], text: &str) {
    html.element(
        "text",
        &[("class", class), ("text-anchor", anchor), ("x", &at(x)), ("y", &at(y))],
        text,
    );
}

pub(super) fn rectangle(html: &mut Html, class: &str, [x, y, width, height]: [f64; 4]) {
    html.within(
        "rect",
        &[
            ("class", class),
            ("x", &at(x)),
            ("y", &at(y)),
            ("width", &at(width.max(0.0))),
            ("height", &at(height.max(0.0))),
        ],
        |_| {},
    );
}

pub(super) fn line(html: &mut Html, class: &str, [x1, y1, x2, y2]: [f64; 4]) {
    html.within(
        "line",
        &[("class", class), ("x1", &at(x1)), ("y1", &at(y1)), ("x2", &at(x2)), ("y2", &at(y2))],
        |_| {},
    );
}

pub(super) fn path(html: &mut Html, class: &str, points: &[[f64; 2]], closed: bool) {
    let mut d = String::new();
    for (place, [x, y]) in points.iter().enumerate() {
        d.push(if place == 0 { 'M' } else { 'L' });
        d.push_str(&at(*x));
        d.push(' ');
        d.push_str(&at(*y));
    }
    if closed {
        d.push('Z');
    }
    html.within("path", &[("class", class), ("d", &d)], |_| {});
}
