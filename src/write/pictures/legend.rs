//! What lines and marks mean, in rows below a picture.

use crate::write::pictures::scene::{Anchor, Colour, Mark, Pen, Scene, Type};

/// What stands before a meaning.
#[derive(Clone, Copy, Debug)]
pub(super) enum Key {
    Line(Pen),
    Area(Colour),
    Mark(Mark, Colour, Pen),
}

const ROW: f64 = 12.5;
const APART: f64 = 14.0;

impl Key {
    /// How much room it takes.
    const fn width(self) -> f64 {
        match self {
            Self::Line(_) => 18.0,
            Self::Area(_) => 14.0,
            Self::Mark(..) => 9.0,
        }
    }
}

/// Draws keys with their meanings, flowing from the left in a width; where they end.
pub(super) fn legend(
    scene: &mut Scene,
    keys: &[(Key, String)],
    [x, y]: [f64; 2],
    room: f64,
) -> f64 {
    let (mut left, mut base) = (x, y);
    for (key, words) in keys {
        let wide = key.width();
        let words = scene.cut(words, room - wide - 4.0, Type::TEXT);
        let width = wide + 4.0 + scene.width_of(&words, Type::TEXT);
        if left > x && left + width > x + room {
            left = x;
            base += ROW;
        }
        let middle = base - 2.8;
        match *key {
            Key::Line(pen) => scene.line(&[[left, middle], [left + wide, middle]], pen),
            Key::Area(colour) => {
                scene.rectangle([left, middle - 4.0], [wide, 8.0], Some(colour), None);
            }
            Key::Mark(mark, fill, pen) => {
                scene.mark(mark, [left + wide / 2.0, middle], 3.2, fill, pen);
            }
        }
        scene.text(&words, [left + wide + 4.0, base], Anchor::Start, Type::TEXT);
        left += width + APART;
    }
    base
}
