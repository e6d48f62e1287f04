//! Letters as outlines, so that a picture looks the same wherever it is opened.
//!
//! The typeface is a part of Inter (SIL Open Font Licence, in `fonts/`): Latin letters, figures and signs. What it
//! lacks is shown as a box.

use ttf_parser::{Face, GlyphId, OutlineBuilder};

/// How heavy letters are.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Ord, PartialOrd)]
pub(super) enum Weight {
    Regular,
    SemiBold,
}

/// A part of an outline; coordinates as in pictures, y downward.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Segment {
    Move([f64; 2]),
    Line([f64; 2]),
    Cubic([f64; 2], [f64; 2], [f64; 2]),
    Close,
}

/// A letter of one weight.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Ord, PartialOrd)]
pub(super) struct Glyph {
    pub(super) weight: Weight,
    id: u16,
}

/// Both weights of the typeface.
pub(super) struct Fonts {
    regular: Option<Face<'static>>,
    semi_bold: Option<Face<'static>>,
}

impl Fonts {
    pub(super) fn new() -> Self {
        let face = |bytes: &'static [u8]| Face::parse(bytes, 0).ok();
        Self {
            regular: face(include_bytes!("fonts/Inter-Regular.ttf")),
            semi_bold: face(include_bytes!("fonts/Inter-SemiBold.ttf")),
        }
    }

    fn face(&self, weight: Weight) -> Option<&Face<'static>> {
        match weight {
            Weight::Regular => self.regular.as_ref(),
            Weight::SemiBold => self.semi_bold.as_ref(),
        }
    }

    /// The letters of a text, each with its place along the line, and the width of all, for letters of size 1.
    pub(super) fn laid_out(&self, text: &str, weight: Weight) -> (Vec<(Glyph, f64)>, f64) {
        let mut along = 0.0;
        let mut glyphs = Vec::new();
        for letter in text.chars() {
            let Some(face) = self.face(weight) else { continue };
            let id = face.glyph_index(letter).unwrap_or(GlyphId(0));
            glyphs.push((Glyph { weight, id: id.0 }, along));
            let advance = face.glyph_hor_advance(id).unwrap_or(0);
            along += f64::from(advance) / f64::from(face.units_per_em());
        }
        (glyphs, along)
    }

    /// The outline of a letter of size 1.
    pub(super) fn outline(&self, glyph: Glyph) -> Vec<Segment> {
        let Some(face) = self.face(glyph.weight) else { return Vec::new() };
        let mut outline = Outline {
            scale: 1.0 / f64::from(face.units_per_em()),
            at: [0.0; 2],
            segments: Vec::new(),
        };
        face.outline_glyph(GlyphId(glyph.id), &mut outline);
        outline.segments
    }
}

struct Outline {
    scale: f64,
    at: [f64; 2],
    segments: Vec<Segment>,
}

impl Outline {
    fn point(&self, x: f32, y: f32) -> [f64; 2] {
        [f64::from(x) * self.scale, -f64::from(y) * self.scale]
    }
}

impl OutlineBuilder for Outline {
    fn move_to(&mut self, x: f32, y: f32) {
        self.at = self.point(x, y);
        self.segments.push(Segment::Move(self.at));
    }

    fn line_to(&mut self, x: f32, y: f32) {
        self.at = self.point(x, y);
        self.segments.push(Segment::Line(self.at));
    }

    fn quad_to(&mut self, x1: f32, y1: f32, x: f32, y: f32) {
        let (from, by, to) = (self.at, self.point(x1, y1), self.point(x, y));
        let near =
            |end: [f64; 2]| [0, 1].map(|axis| end[axis] + (by[axis] - end[axis]) * 2.0 / 3.0);
        self.at = to;
        self.segments.push(Segment::Cubic(near(from), near(to), to));
    }

    fn curve_to(&mut self, x1: f32, y1: f32, x2: f32, y2: f32, x: f32, y: f32) {
        let [one, two, to] = [self.point(x1, y1), self.point(x2, y2), self.point(x, y)];
        self.at = to;
        self.segments.push(Segment::Cubic(one, two, to));
    }

    fn close(&mut self) {
        self.segments.push(Segment::Close);
    }
}
