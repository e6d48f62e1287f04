//! The map: spans by who pays, sites by state, exchanges, and a scale bar.

use std::collections::BTreeMap;

use crate::write::pictures::legend::Key;
use crate::write::pictures::page::{MARGIN, WIDTH, Words, begin, end};
use crate::write::pictures::scale::round_below;
use crate::write::pictures::scene::{Anchor, Colour, Mark, PALETTE, Pen, Scene, Type};
use crate::write::text::count;

/// A line of the map in metres, and how many sites hang on it.
pub(super) struct MapLine {
    pub(super) points: Vec<[f64; 2]>,
    /// Place among the meanings.
    pub(super) group: usize,
    pub(super) sites: usize,
}

/// What a site is.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum State {
    Connected,
    LeftOut,
    HasFibre,
}

/// An exchange: where, whether it is used, its name, and how many sites it serves.
pub(super) struct MapExchange {
    pub(super) at: [f64; 2],
    pub(super) used: bool,
    pub(super) name: String,
    pub(super) sites: usize,
}

/// All that is on a map; eastward and northward in metres.
pub(super) struct Map {
    /// Lines that could be built and are not.
    pub(super) unbuilt: Vec<Vec<[f64; 2]>>,
    pub(super) lines: Vec<MapLine>,
    /// What the lines of each group mean, those of most length first.
    pub(super) groups: Vec<String>,
    pub(super) sites: Vec<([f64; 2], State)>,
    pub(super) exchanges: Vec<MapExchange>,
}

/// The least and the greatest height of the map itself.
const HEIGHTS: [f64; 2] = [190.0, 430.0];

/// The height of the strip below it that holds the scale.
const STRIP: f64 = 19.0;

/// Exchanges are named where no more are used: among many, a few names would mean nothing.
const NAMED: usize = 24;

/// From metres to places on the page.
struct View {
    corner: [f64; 2],
    low: [f64; 2],
    high: f64,
    scale: f64,
}

impl View {
    fn of(map: &Map, top: f64) -> (Self, [f64; 2]) {
        let mut sides = [f64::INFINITY, f64::INFINITY, f64::NEG_INFINITY, f64::NEG_INFINITY];
        let lines = map.lines.iter().flat_map(|line| &line.points);
        let places = map.sites.iter().map(|site| &site.0);
        let exchanges = map.exchanges.iter().map(|own| &own.at);
        for [x, y] in lines.chain(places).chain(exchanges).copied() {
            sides = [sides[0].min(x), sides[1].min(y), sides[2].max(x), sides[3].max(y)];
        }
        if sides.iter().any(|side| !side.is_finite()) {
            sides = [0.0, 0.0, 1_000.0, 1_000.0];
        }
        // A kilometre at least, so that a single place has surroundings.
        let wide = (sides[2] - sides[0]).max(1_000.0);
        let tall = (sides[3] - sides[1]).max(1_000.0);
        let room = WIDTH - 2.0 * MARGIN;
        let inner = 14.0;
        let scale = ((room - 2.0 * inner) / wide).min((HEIGHTS[1] - 2.0 * inner) / tall);
        let height = (tall * scale + 2.0 * inner).clamp(HEIGHTS[0], HEIGHTS[1]);
        let middle = [f64::midpoint(sides[0], sides[2]), f64::midpoint(sides[1], sides[3])];
        let half = [room / 2.0 / scale, height / 2.0 / scale];
        let low = [middle[0] - half[0], middle[1] - half[1]];
        (Self { corner: [MARGIN, top], low, high: middle[1] + half[1], scale }, [room, height])
    }

    fn place(&self, [x, y]: [f64; 2]) -> [f64; 2] {
        [
            self.corner[0] + (x - self.low[0]) * self.scale,
            self.corner[1] + (self.high - y) * self.scale,
        ]
    }

    fn line(&self, points: &[[f64; 2]]) -> Vec<[f64; 2]> {
        let mut placed: Vec<[f64; 2]> = Vec::with_capacity(points.len());
        let last = points.len().saturating_sub(1);
        for (number, &point) in points.iter().enumerate() {
            let at = self.place(point);
            // What is nearer than a fifth of a point cannot be seen.
            let far = |before: &[f64; 2]| (before[0] - at[0]).hypot(before[1] - at[1]) > 0.2;
            if number == last || placed.last().is_none_or(far) {
                placed.push(at);
            }
        }
        placed
    }
}

/// The picture of a map.
pub(super) fn map_scene(map: &Map, words: &Words) -> Scene {
    let (mut scene, top) = begin(words);
    let (view, [wide, tall]) = View::of(map, top);
    scene.rectangle([MARGIN, top], [wide, tall], Some(Colour([250, 250, 250])), None);
    let inside =
        |[x, y]: [f64; 2]| (MARGIN..=MARGIN + wide).contains(&x) && (top..=top + tall).contains(&y);
    let unbuilt = map.unbuilt.iter().flat_map(|line| {
        let line = view.line(line);
        line.split(|&at| !inside(at))
            .filter(|run| run.len() > 1)
            .map(<[_]>::to_vec)
            .collect::<Vec<_>>()
    });
    scene.lines(&unbuilt.collect::<Vec<_>>(), Pen::new(Colour::PALE, 0.5));
    // The rarer kinds of lines on top; those of one look are one shape.
    for group in 0..map.groups.len() {
        let mut broad: BTreeMap<u8, Vec<Vec<[f64; 2]>>> = BTreeMap::new();
        for line in map.lines.iter().filter(|line| line.group == group) {
            broad.entry(breadth(line.sites)).or_default().push(view.line(&line.points));
        }
        for (breadth, lines) in broad {
            scene.lines(&lines, Pen { width: f64::from(breadth) / 10.0, ..pen(group) });
        }
    }
    let mut exchanges: Vec<&MapExchange> = map.exchanges.iter().collect();
    exchanges.sort_by_key(|own| (own.used, own.sites));
    for own in &exchanges {
        exchange(&mut scene, view.place(own.at), own.used, map.exchanges.len());
    }
    for (at, state) in map.sites.iter().filter(|site| site.1 == State::LeftOut) {
        site(&mut scene, view.place(*at), *state, map.sites.len());
    }
    for (at, state) in map.sites.iter().filter(|site| site.1 != State::LeftOut) {
        site(&mut scene, view.place(*at), *state, map.sites.len());
    }
    name_exchanges(&mut scene, &view, map, [wide, tall]);
    scale_bar(&mut scene, &view, [MARGIN + 1.0, top + tall + STRIP - 2.0], wide);
    scene.rectangle(
        [MARGIN, top],
        [wide, tall],
        None,
        Some(Pen::new(Colour([170, 170, 170]), 0.6)),
    );
    let keys = keys(map);
    end(scene, &keys, &words.note, top + tall + STRIP)
}

/// Lines that carry more are broader: tenths of a point, by how often the number of sites doubles.
fn breadth(sites: usize) -> u8 {
    match sites {
        0 | 1 => 10,
        2 | 3 => 13,
        4..=7 => 16,
        8..=15 => 19,
        16..=31 => 22,
        _ => 26,
    }
}

fn pen(group: usize) -> Pen {
    let colour = PALETTE.get(group).copied().unwrap_or(Colour::GREY);
    Pen::new(colour, 1.6)
}

fn look(state: State) -> (Mark, Colour, Pen) {
    match state {
        State::Connected => (Mark::Circle, Colour::INK, Pen::new(Colour::WHITE, 0.5)),
        State::LeftOut => (Mark::Circle, Colour::WHITE, Pen::new(Colour::GREY, 0.8)),
        State::HasFibre => (Mark::Square, Colour([140, 140, 140]), Pen::new(Colour::WHITE, 0.5)),
    }
}

fn site(scene: &mut Scene, at: [f64; 2], state: State, all: usize) {
    let (mark, fill, pen) = look(state);
    let radius = match all {
        0..=80 => 3.0,
        81..=300 => 2.4,
        301..=1_000 => 1.9,
        _ => 1.4,
    };
    scene.mark(mark, at, radius, fill, pen);
}

fn exchange_look(used: bool) -> (Mark, Colour, Pen) {
    let gold = Colour([240, 228, 66]);
    if used {
        (Mark::Triangle, gold, Pen::new(Colour::INK, 0.9))
    } else {
        (Mark::Triangle, Colour::WHITE, Pen::new(Colour([150, 150, 150]), 0.7))
    }
}

fn exchange(scene: &mut Scene, at: [f64; 2], used: bool, all: usize) {
    let (mark, fill, pen) = exchange_look(used);
    let radius = match all {
        0..=30 => 4.6,
        31..=150 => 3.6,
        _ => 2.9,
    };
    let pen = Pen { width: pen.width * radius / 4.6, ..pen };
    scene.mark(mark, at, if used { radius } else { radius * 0.7 }, fill, pen);
}

/// Names used exchanges, those with most sites first, where no name lies on another.
fn name_exchanges(scene: &mut Scene, view: &View, map: &Map, [wide, tall]: [f64; 2]) {
    let mut used: Vec<&MapExchange> = map.exchanges.iter().filter(|own| own.used).collect();
    if used.len() > NAMED {
        return;
    }
    used.sort_by(|a, b| b.sites.cmp(&a.sites).then_with(|| a.name.cmp(&b.name)));
    let around = |[x, y]: [f64; 2], by: f64| [x - by, y - by, x + by, y + by];
    // No name lies on a mark or on another name, and on a line only where there is no other room.
    let exchanges = used.iter().map(|own| around(view.place(own.at), 5.0));
    let sites = map.sites.iter().map(|site| around(view.place(site.0), 3.0));
    let mut taken: Vec<[f64; 4]> = exchanges.chain(sites).collect();
    let lines: Vec<[f64; 4]> = map
        .lines
        .iter()
        .flat_map(|line| along(&view.line(&line.points)))
        .map(|at| around(at, 1.5))
        .collect();
    let frame = [view.corner[0], view.corner[1], view.corner[0] + wide, view.corner[1] + tall];
    for own in used {
        let look = Type::LABEL;
        let words = scene.cut(&own.name, 110.0, look);
        let width = scene.width_of(&words, look);
        let [x, y] = view.place(own.at);
        let starts = [
            [x + 7.0, y + 2.7],
            [x - 7.0 - width, y + 2.7],
            [x - width / 2.0, y - 8.5],
            [x - width / 2.0, y + 13.5],
            [x + 6.0, y - 6.0],
            [x + 6.0, y + 13.5],
            [x - 6.0 - width, y - 6.0],
            [x - 6.0 - width, y + 13.5],
        ];
        let room =
            |[from, base]: [f64; 2]| [from - 1.0, base - 6.5, from + width + 1.0, base + 2.0];
        let free = |start: &[f64; 2]| {
            let own = room(*start);
            let inside =
                own[0] > frame[0] && own[1] > frame[1] && own[2] < frame[2] && own[3] < frame[3];
            inside && taken.iter().all(|other| apart(&own, other))
        };
        let clear = |start: &&[f64; 2]| lines.iter().all(|other| apart(&room(**start), other));
        let fit: Vec<[f64; 2]> = starts.into_iter().filter(free).collect();
        if let Some(&start) = fit.iter().find(clear).or(fit.first()) {
            taken.push(room(start));
            scene.text(&words, start, Anchor::Start, look);
        }
    }
}

/// Places along a line, some three points apart.
fn along(line: &[[f64; 2]]) -> Vec<[f64; 2]> {
    let mut places = Vec::new();
    for pair in line.windows(2) {
        let [[x, y], [to_x, to_y]] = [pair[0], pair[1]];
        let length = (to_x - x).hypot(to_y - y);
        let mut done = 0.0;
        while done < length {
            let part = done / length;
            places.push([x + (to_x - x) * part, y + (to_y - y) * part]);
            done += 3.0;
        }
    }
    places
}

fn apart(a: &[f64; 4], b: &[f64; 4]) -> bool {
    a[2] < b[0] || b[2] < a[0] || a[3] < b[1] || b[3] < a[1]
}

fn scale_bar(scene: &mut Scene, view: &View, [x, y]: [f64; 2], wide: f64) {
    let metres = round_below(wide / 4.0 / view.scale);
    let length = metres * view.scale;
    let words =
        if metres >= 1_000.0 { format!("{} km", metres / 1_000.0) } else { format!("{metres} m") };
    let bar = [[x, y - 3.0], [x, y], [x + length, y], [x + length, y - 3.0]];
    scene.line(&bar, Pen::new(Colour::INK, 1.0));
    scene.text(&words, [x + length / 2.0, y - 4.5], Anchor::Middle, Type::TEXT);
    // North is up.
    let at = [x + length + 13.0, y];
    scene.area(
        &[[at[0], at[1] - 11.0], [at[0] + 3.2, at[1] - 4.0], [at[0] - 3.2, at[1] - 4.0]],
        Some(Colour::INK),
        None,
    );
    scene.text("N", [at[0], at[1] + 2.6], Anchor::Middle, Type { size: 7.0, ..Type::TEXT });
}

fn keys(map: &Map) -> Vec<(Key, String)> {
    let mut keys: Vec<(Key, String)> = Vec::new();
    for (group, meaning) in map.groups.iter().enumerate() {
        keys.push((Key::Line(Pen { width: 2.0, ..pen(group) }), meaning.clone()));
    }
    if !map.unbuilt.is_empty() {
        keys.push((Key::Line(Pen::new(Colour::PALE, 1.2)), "possible route, not built".to_owned()));
    }
    for (state, words) in [
        (State::Connected, "site connected"),
        (State::LeftOut, "site left out"),
        (State::HasFibre, "site with fibre before"),
    ] {
        let number = map.sites.iter().filter(|site| site.1 == state).count();
        if number > 0 {
            let (mark, fill, pen) = look(state);
            keys.push((Key::Mark(mark, fill, pen), format!("{words} ({})", count(number))));
        }
    }
    for (used, words) in [(true, "exchange used"), (false, "exchange not used")] {
        let number = map.exchanges.iter().filter(|own| own.used == used).count();
        if number > 0 {
            let (mark, fill, pen) = exchange_look(used);
            keys.push((Key::Mark(mark, fill, pen), format!("{words} ({})", count(number))));
        }
    }
    keys
}
