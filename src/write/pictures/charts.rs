//! Charts: coverage for money, and who spends what.

use crate::write::pictures::legend::Key;
use crate::write::pictures::page::{MARGIN, WIDTH, Words, begin, end};
use crate::write::pictures::scale::{Axis, unit};
use crate::write::pictures::scene::{Anchor, Colour, Mark, PALETTE, Pen, Scene, Type};
use crate::write::text::separated;

/// A budget in pounds, what is achieved for it, and the most that can be.
pub(super) struct CurvePoint {
    pub(super) pounds: f64,
    pub(super) achieved: Option<f64>,
    pub(super) ceiling: Option<f64>,
}

/// What a programme has and spends, in pounds; the parts are those of each year.
pub(super) struct Bar {
    pub(super) name: String,
    pub(super) available: f64,
    pub(super) parts: Vec<f64>,
}

const BAND: Colour = Colour([204, 227, 240]);
const GRID: Pen = Pen::new(Colour([225, 225, 225]), 0.5);
const TALL: f64 = 230.0;

/// A unit after a name: `Budget (£ million)`.
fn titled(name: &str, sign: &str, unit: &str) -> String {
    match (sign, unit) {
        ("", "") => name.to_owned(),
        _ => format!("{name} ({})", format!("{sign} {unit}").trim()),
    }
}

/// The curve of coverage over budgets, with the band in which the best plans lie.
pub(super) fn curve_scene(points: &[CurvePoint], weight: &str, words: &Words) -> Scene {
    let (mut scene, top) = begin(words);
    let most_pounds = points.iter().map(|point| point.pounds).fold(0.0, f64::max);
    let covered = points.iter().flat_map(|point| [point.achieved, point.ceiling]).flatten();
    let most_covered = covered.fold(0.0, f64::max);
    let ((pound, pound_name), (one, one_name)) = (unit(most_pounds), unit(most_covered));
    let across = Axis::holding(most_pounds / pound);
    let up = Axis::holding(most_covered / one);
    let left = MARGIN + 34.0;
    let wide = WIDTH - MARGIN - 8.0 - left;
    let above = top + 14.0;
    let below = above + TALL;
    let weight = capital(weight);
    scene.text(
        &titled(&format!("{weight} covered"), "", one_name),
        [MARGIN, top + 4.0],
        Anchor::Start,
        Type::TEXT,
    );
    for &tick in &up.ticks {
        let y = below - tick / up.end * TALL;
        scene.line(&[[left, y], [left + wide, y]], GRID);
        scene.text(&up.label(tick), [left - 5.0, y + 2.8], Anchor::End, Type::TEXT);
    }
    for &tick in &across.ticks {
        let x = left + tick / across.end * wide;
        scene.line(&[[x, below], [x, below + 3.5]], Pen::new(Colour::INK, 0.7));
        scene.text(&across.label(tick), [x, below + 12.5], Anchor::Middle, Type::TEXT);
    }
    let title = titled("Budget", "£", pound_name);
    scene.text(&title, [left + wide, below + 25.0], Anchor::End, Type::TEXT);
    let place = |pounds: f64, covered: f64| {
        [left + pounds / pound / across.end * wide, below - covered / one / up.end * TALL]
    };
    // Between two budgets the plan for the lesser one can be had, and the ceiling of the greater one holds.
    for pair in points.windows(2) {
        if let (Some(achieved), Some(ceiling)) = (pair[0].achieved, pair[1].ceiling) {
            let low = place(pair[0].pounds, achieved);
            let high = place(pair[1].pounds, ceiling);
            let corners = [low, [high[0], low[1]], high, [low[0], high[1]]];
            scene.area(&corners, Some(BAND), None);
        }
    }
    let of = |value: fn(&CurvePoint) -> Option<f64>| -> Vec<[f64; 2]> {
        points.iter().filter_map(|point| Some(place(point.pounds, value(point)?))).collect()
    };
    let (achieved, ceiling) = (of(|point| point.achieved), of(|point| point.ceiling));
    let bound = Pen { dash: Some([4.0, 2.5]), ..Pen::new(PALETTE[1], 1.3) };
    let found = Pen::new(PALETTE[0], 1.8);
    scene.line(&steps(&ceiling, true), bound);
    scene.line(&steps(&achieved, false), found);
    for at in achieved {
        scene.mark(Mark::Circle, at, 2.6, PALETTE[0], Pen::new(Colour::WHITE, 0.6));
    }
    scene.line(&[[left, below], [left + wide, below]], Pen::new(Colour::INK, 0.8));
    let keys = [
        (Key::Line(found), "achieved by a plan".to_owned()),
        (Key::Line(bound), "no plan can reach more (proven)".to_owned()),
        (Key::Area(BAND), "where the best plans lie".to_owned()),
    ];
    end(scene, &keys, &words.note, below + 27.0)
}

/// The stairs through points: up at once and then along, or along first.
fn steps(points: &[[f64; 2]], up_first: bool) -> Vec<[f64; 2]> {
    let mut stairs: Vec<[f64; 2]> = points.first().copied().into_iter().collect();
    for pair in points.windows(2) {
        let [[x, y], [to_x, to_y]] = [pair[0], pair[1]];
        stairs.push(if up_first { [x, to_y] } else { [to_x, y] });
        stairs.push(pair[1]);
    }
    stairs
}

/// A bar a programme: what it spends, by year where there are years, beside what it has.
pub(super) fn spend_scene(bars: &[Bar], years: &[String], words: &Words) -> Scene {
    let (mut scene, top) = begin(words);
    let spent = |bar: &Bar| bar.parts.iter().sum::<f64>();
    let most = bars.iter().map(|bar| bar.available.max(spent(bar))).fold(0.0, f64::max);
    let (pound, name) = unit(most);
    let axis = Axis::holding(most / pound);
    let widest = bars.iter().map(|bar| scene.width_of(&bar.name, Type::TEXT)).fold(0.0, f64::max);
    let names = widest.min(130.0);
    let left = MARGIN + names + 8.0;
    let figures = 44.0;
    let wide = WIDTH - MARGIN - figures - left;
    let (row, thick) = (24.0, 13.0);
    #[allow(clippy::cast_precision_loss)] // a count of programmes
    let below = top + 4.0 + row * bars.len() as f64;
    let along = |pounds: f64| left + pounds / pound / axis.end * wide;
    for &tick in &axis.ticks {
        let x = left + tick / axis.end * wide;
        scene.line(&[[x, top], [x, below]], GRID);
        scene.text(&axis.label(tick), [x, below + 12.0], Anchor::Middle, Type::TEXT);
    }
    let mut base = top + 4.0;
    for bar in bars {
        let middle = base + row / 2.0;
        let label = scene.cut(&bar.name, names, Type::TEXT);
        scene.text(&label, [left - 7.0, middle + 2.8], Anchor::End, Type::TEXT);
        let corner = |from: f64| [along(from), middle - thick / 2.0];
        scene.rectangle(
            corner(0.0),
            [along(bar.available) - left, thick],
            Some(Colour::WHITE),
            None,
        );
        let mut from = 0.0;
        for (year, part) in bar.parts.iter().enumerate() {
            let colour = PALETTE.get(year).copied().unwrap_or(Colour::GREY);
            scene.rectangle(
                corner(from),
                [along(from + part) - along(from), thick],
                Some(colour),
                None,
            );
            from += part;
        }
        let rim = Pen::new(Colour::INK, 0.8);
        scene.rectangle(corner(0.0), [along(bar.available) - left, thick], None, Some(rim));
        let beyond = along(bar.available.max(from)) + 5.0;
        scene.text(
            &money(from),
            [beyond, middle + 2.8],
            Anchor::Start,
            Type { rim: true, ..Type::TEXT },
        );
        base += row;
    }
    scene.line(&[[left, top], [left, below]], Pen::new(Colour::INK, 0.8));
    scene.text(&titled("Spent", "£", name), [left + wide, below + 24.0], Anchor::End, Type::TEXT);
    let mut keys: Vec<(Key, String)> = Vec::new();
    for (place, year) in years.iter().enumerate() {
        let colour = PALETTE.get(place).copied().unwrap_or(Colour::GREY);
        let words = if year.is_empty() { "spent".to_owned() } else { format!("spent in {year}") };
        keys.push((Key::Area(colour), words));
    }
    keys.push((
        Key::Mark(Mark::Square, Colour::WHITE, Pen::new(Colour::INK, 0.8)),
        "available".to_owned(),
    ));
    end(scene, &keys, &words.note, below + 26.0)
}

/// An amount in a few figures: `£3.99m`, `£85,200`.
fn money(pounds: f64) -> String {
    if pounds >= 999_950.0 {
        return format!("£{:.2}m", pounds / 1e6);
    }
    format!("£{}", separated(&format!("{pounds:.0}")))
}

pub(super) fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
