//! The picture of a schedule: how much is covered by the end of each year, and where each year builds.

use crate::write::pictures::legend::Key;
use crate::write::pictures::page::{MARGIN, WIDTH, Words, begin, end};
use crate::write::pictures::scale::{Axis, unit};
use crate::write::pictures::scene::{Anchor, Colour, PALETTE, Pen, Scene, Type};
use crate::write::text::separated;

/// A year: what is covered by its end.
pub(super) struct YearColumn {
    pub(super) name: String,
    /// By the end of the year before.
    pub(super) before: f64,
    pub(super) reached: f64,
    /// No schedule covers more by its end.
    pub(super) ceiling: Option<f64>,
}

/// An exchange, or what is left of them: sites connected from it in each year.
pub(super) struct AreaRow {
    pub(super) name: String,
    pub(super) sites: Vec<usize>,
}

const GRID: Pen = Pen::new(Colour([225, 225, 225]), 0.5);
const PAST: Colour = Colour([204, 227, 240]);
const TALL: f64 = 150.0;
const ROW: f64 = 15.0;

/// Columns of years above a table of where each year builds, year below year.
pub(super) fn schedule_scene(
    years: &[YearColumn],
    areas: &[AreaRow],
    weight: &str,
    words: &Words,
) -> Scene {
    let (mut scene, top) = begin(words);
    let names = areas.iter().map(|own| scene.width_of(&own.name, Type::TEXT)).fold(34.0, f64::max);
    let left = MARGIN + names.min(130.0) + 8.0;
    let across = Across { left, each: (WIDTH - MARGIN - left) / float(years.len().max(1)) };
    let below = columns(&mut scene, years, weight, &across, top);
    let base = rows(&mut scene, areas, &across, below);
    let rim = Pen::new(Colour::INK, 0.8);
    scene.line(&[[left, below], [WIDTH - MARGIN, below]], rim);
    let bound = Pen { dash: Some([4.0, 2.5]), ..Pen::new(PALETTE[1], 1.3) };
    let mut keys = vec![
        (Key::Area(PALETTE[0]), "connected in the year".to_owned()),
        (Key::Area(PAST), "in years before".to_owned()),
    ];
    if years.iter().any(|year| year.ceiling.is_some()) {
        keys.push((Key::Line(bound), "no schedule can cover more by then (proven)".to_owned()));
    }
    end(scene, &keys, &words.note, base)
}

/// Where the years stand.
struct Across {
    left: f64,
    each: f64,
}

impl Across {
    fn middle(&self, year: usize) -> f64 {
        self.left + self.each * (float(year) + 0.5)
    }
}

/// The columns; where their foot is.
fn columns(
    scene: &mut Scene,
    years: &[YearColumn],
    weight: &str,
    across: &Across,
    top: f64,
) -> f64 {
    let most = years.iter().map(|year| year.reached.max(year.ceiling.unwrap_or(0.0)));
    let most = most.fold(0.0, f64::max);
    let (one, name) = unit(most);
    let up = Axis::holding(most / one);
    let above = top + 14.0;
    let below = above + TALL;
    let title = if name.is_empty() { weight.to_owned() } else { format!("{weight} ({name})") };
    scene.text(&title, [MARGIN, top + 4.0], Anchor::Start, Type::TEXT);
    let height = |covered: f64| below - covered / one / up.end * TALL;
    for &tick in &up.ticks {
        let y = below - tick / up.end * TALL;
        scene.line(&[[across.left, y], [WIDTH - MARGIN, y]], GRID);
        scene.text(&up.label(tick), [across.left - 5.0, y + 2.8], Anchor::End, Type::TEXT);
    }
    let wide = (across.each * 0.6).min(80.0);
    for (place, year) in years.iter().enumerate() {
        let middle = across.middle(place);
        let corner = |covered: f64| [middle - wide / 2.0, height(covered)];
        let (before, reached) = (height(year.before), height(year.reached));
        scene.rectangle(corner(year.before), [wide, below - before], Some(PAST), None);
        scene.rectangle(corner(year.reached), [wide, before - reached], Some(PALETTE[0]), None);
        if let Some(ceiling) = year.ceiling {
            let y = height(ceiling);
            let pen = Pen { dash: Some([4.0, 2.5]), ..Pen::new(PALETTE[1], 1.3) };
            scene.line(&[[middle - wide / 2.0 - 4.0, y], [middle + wide / 2.0 + 4.0, y]], pen);
        }
        let covered = separated(&format!("{:.0}", year.reached));
        let label = Type { rim: true, ..Type::LABEL };
        let white = height(year.reached).min(year.ceiling.map_or(f64::MAX, height)) - 3.5;
        scene.text(&covered, [middle, white], Anchor::Middle, label);
        scene.text(&year.name, [middle, below + 12.0], Anchor::Middle, Type::TEXT);
    }
    below
}

/// The table of exchanges, each cell as dark as its sites are many; where it ends.
fn rows(scene: &mut Scene, areas: &[AreaRow], across: &Across, below: f64) -> f64 {
    let most = areas.iter().flat_map(|own| &own.sites).copied().max().unwrap_or(0);
    let title = Type { colour: Colour::GREY, ..Type::TEXT };
    let mut base = below + 32.0;
    scene.text("Sites connected, by exchange", [MARGIN, base], Anchor::Start, title);
    base += 5.0;
    for area in areas {
        let middle = base + ROW / 2.0;
        let name = scene.cut(&area.name, across.left - MARGIN - 8.0, Type::TEXT);
        scene.text(&name, [across.left - 7.0, middle + 2.8], Anchor::End, Type::TEXT);
        for (year, &sites) in area.sites.iter().enumerate() {
            let corner = [across.middle(year) - across.each / 2.0 + 1.0, base + 1.0];
            let size = [across.each - 2.0, ROW - 2.0];
            let depth = if most == 0 { 0.0 } else { float(sites) / float(most) };
            scene.rectangle(corner, size, Some(shade(depth)), None);
            if sites > 0 {
                let colour = if depth > 0.45 { Colour::WHITE } else { Colour::INK };
                let look = Type { colour, ..Type::TEXT };
                let at = [across.middle(year), middle + 2.8];
                scene.text(&separated(&sites.to_string()), at, Anchor::Middle, look);
            }
        }
        base += ROW;
    }
    base + 4.0
}

/// From nearly white to the first colour of the palette.
fn shade(depth: f64) -> Colour {
    let Colour(dark) = PALETTE[0];
    let pale = [244.0, 246.0, 248.0];
    let part = |place: usize| {
        let value = pale[place] + (f64::from(dark[place]) - pale[place]) * depth.sqrt();
        // Between two colours of a byte each.
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        let byte = value.round().clamp(0.0, 255.0) as u8;
        byte
    };
    Colour([part(0), part(1), part(2)])
}

#[allow(clippy::cast_precision_loss)] // a few thousand sites or a dozen years
fn float(count: usize) -> f64 {
    count as f64
}
