//! A picture as shapes: what is drawn, before it is any file. Lengths are points of a printed page.

use crate::write::pictures::font::{Fonts, Glyph, Segment, Weight};

/// Red, green and blue.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct Colour(pub(super) [u8; 3]);

impl Colour {
    pub(super) const WHITE: Self = Self([255, 255, 255]);
    /// Of text.
    pub(super) const INK: Self = Self([34, 34, 34]);
    /// Of what matters less.
    pub(super) const GREY: Self = Self([95, 95, 95]);
    /// Of lines in the background.
    pub(super) const PALE: Self = Self([214, 214, 214]);
}

/// Colours that all people can tell apart (Okabe and Ito), those that stand out on white first.
pub(super) const PALETTE: [Colour; 6] = [
    Colour([0, 114, 178]),
    Colour([213, 94, 0]),
    Colour([0, 158, 115]),
    Colour([204, 121, 167]),
    Colour([230, 159, 0]),
    Colour([86, 180, 233]),
];

/// How a line is drawn.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Pen {
    pub(super) colour: Colour,
    pub(super) width: f64,
    /// Drawn and left out in turn.
    pub(super) dash: Option<[f64; 2]>,
}

impl Pen {
    pub(super) const fn new(colour: Colour, width: f64) -> Self {
        Self { colour, width, dash: None }
    }
}

/// What a place is marked with.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Mark {
    Circle,
    Square,
    Triangle,
}

/// Where a text stands from its point.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Anchor {
    Start,
    Middle,
    End,
}

/// How a text looks.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Type {
    pub(super) size: f64,
    pub(super) weight: Weight,
    pub(super) colour: Colour,
    /// Whether a white rim sets it off from what lies below.
    pub(super) rim: bool,
}

impl Type {
    pub(super) const TITLE: Self =
        Self { size: 10.5, weight: Weight::SemiBold, colour: Colour::INK, rim: false };
    pub(super) const TEXT: Self =
        Self { size: 8.0, weight: Weight::Regular, colour: Colour::INK, rim: false };
    pub(super) const NOTE: Self =
        Self { size: 7.0, weight: Weight::Regular, colour: Colour::GREY, rim: false };
    pub(super) const LABEL: Self =
        Self { size: 7.5, weight: Weight::SemiBold, colour: Colour::INK, rim: true };
}

/// A thing that is drawn.
pub(super) enum Shape {
    Path { segments: Vec<Segment>, fill: Option<Colour>, pen: Option<Pen> },
    Text { words: String, glyphs: Vec<(Glyph, f64)>, at: [f64; 2], look: Type },
}

/// A picture of a size, in the order in which it is drawn.
pub(super) struct Scene {
    pub(super) width: f64,
    pub(super) height: f64,
    pub(super) title: String,
    pub(super) says: String,
    pub(super) shapes: Vec<Shape>,
    pub(super) fonts: Fonts,
}

impl Scene {
    /// An empty picture; its height is set when it is known.
    pub(super) fn new(width: f64, title: &str, says: &str) -> Self {
        let (title, says) = (title.to_owned(), says.to_owned());
        Self { width, height: 0.0, title, says, shapes: Vec::new(), fonts: Fonts::new() }
    }

    pub(super) fn line(&mut self, points: &[[f64; 2]], pen: Pen) {
        self.shapes.push(Shape::Path {
            segments: outline(points, false),
            fill: None,
            pen: Some(pen),
        });
    }

    /// Many lines of one look, as one shape.
    pub(super) fn lines(&mut self, lines: &[Vec<[f64; 2]>], pen: Pen) {
        let segments: Vec<Segment> = lines.iter().flat_map(|line| outline(line, false)).collect();
        if !segments.is_empty() {
            self.shapes.push(Shape::Path { segments, fill: None, pen: Some(pen) });
        }
    }

    pub(super) fn area(&mut self, points: &[[f64; 2]], fill: Option<Colour>, pen: Option<Pen>) {
        self.shapes.push(Shape::Path { segments: outline(points, true), fill, pen });
    }

    pub(super) fn rectangle(
        &mut self,
        [x, y]: [f64; 2],
        [width, height]: [f64; 2],
        fill: Option<Colour>,
        pen: Option<Pen>,
    ) {
        let corners = [[x, y], [x + width, y], [x + width, y + height], [x, y + height]];
        self.area(&corners, fill, pen);
    }

    pub(super) fn mark(
        &mut self,
        mark: Mark,
        [x, y]: [f64; 2],
        radius: f64,
        fill: Colour,
        pen: Pen,
    ) {
        let segments = match mark {
            Mark::Circle => circle([x, y], radius),
            Mark::Square => {
                let half = radius * 0.86;
                let corner = |a: f64, b: f64| [x + a * half, y + b * half];
                outline(
                    &[corner(-1.0, -1.0), corner(1.0, -1.0), corner(1.0, 1.0), corner(-1.0, 1.0)],
                    true,
                )
            }
            Mark::Triangle => {
                let (wide, tall) = (radius * 1.12, radius * 1.25);
                outline(
                    &[[x, y - tall], [x + wide, y + tall * 0.62], [x - wide, y + tall * 0.62]],
                    true,
                )
            }
        };
        self.shapes.push(Shape::Path { segments, fill: Some(fill), pen: Some(pen) });
    }

    /// Draws a text at its base line; the width that it takes.
    pub(super) fn text(
        &mut self,
        words: &str,
        [x, y]: [f64; 2],
        anchor: Anchor,
        look: Type,
    ) -> f64 {
        let (glyphs, width) = self.fonts.laid_out(words, look.weight);
        let width = width * look.size;
        let x = match anchor {
            Anchor::Start => x,
            Anchor::Middle => x - width / 2.0,
            Anchor::End => x - width,
        };
        self.shapes.push(Shape::Text { words: words.to_owned(), glyphs, at: [x, y], look });
        width
    }

    pub(super) fn width_of(&self, words: &str, look: Type) -> f64 {
        self.fonts.laid_out(words, look.weight).1 * look.size
    }

    /// Draws a text in lines no wider than `room`, from a first base line; the base line after the last.
    pub(super) fn paragraph(
        &mut self,
        words: &str,
        [x, y]: [f64; 2],
        room: f64,
        look: Type,
    ) -> f64 {
        let mut lines = vec![String::new()];
        for word in words.split_whitespace() {
            let last = lines.last().map_or("", String::as_str);
            let longer = if last.is_empty() { word.to_owned() } else { format!("{last} {word}") };
            if !last.is_empty() && self.width_of(&longer, look) > room {
                lines.push(word.to_owned());
            } else if let Some(last) = lines.last_mut() {
                *last = longer;
            }
        }
        let mut base = y;
        for line in lines {
            self.text(&line, [x, base], Anchor::Start, look);
            base += look.size * 1.35;
        }
        base
    }

    /// A text cut with an ellipsis where it is wider than `room`.
    pub(super) fn cut(&self, words: &str, room: f64, look: Type) -> String {
        if self.width_of(words, look) <= room {
            return words.to_owned();
        }
        let mut kept: Vec<char> = words.chars().collect();
        loop {
            kept.pop();
            let shown = kept.iter().collect::<String>().trim_end().to_owned() + "…";
            if kept.is_empty() || self.width_of(&shown, look) <= room {
                return shown;
            }
        }
    }
}

fn outline(points: &[[f64; 2]], closed: bool) -> Vec<Segment> {
    let step = |(place, &at): (usize, &[f64; 2])| {
        if place == 0 { Segment::Move(at) } else { Segment::Line(at) }
    };
    let mut segments: Vec<Segment> = points.iter().enumerate().map(step).collect();
    if closed {
        segments.push(Segment::Close);
    }
    segments
}

fn circle([x, y]: [f64; 2], radius: f64) -> Vec<Segment> {
    // Four arcs, each within a thousandth of its radius.
    let hold = radius * 0.552_285;
    let at = |a: f64, b: f64| [x + a, y + b];
    vec![
        Segment::Move(at(radius, 0.0)),
        Segment::Cubic(at(radius, hold), at(hold, radius), at(0.0, radius)),
        Segment::Cubic(at(-hold, radius), at(-radius, hold), at(-radius, 0.0)),
        Segment::Cubic(at(-radius, -hold), at(-hold, -radius), at(0.0, -radius)),
        Segment::Cubic(at(hold, -radius), at(radius, -hold), at(radius, 0.0)),
        Segment::Close,
    ]
}
